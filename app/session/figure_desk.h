#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/autosave.h"
#include "app/session/home_queue.h"
#include "app/session/worker.h"
#include "core/figure/figure.h"
#include "core/figure/sidecar.h"
#include "core/files/atomic_save.h"
#include "core/picture/picture.h"

namespace headlight {

/// A figure to be made of a document as it stands.
struct FigureOrder {
  Document document;
  std::shared_ptr<const Evaluation> newest;  ///< what is still right in it is shared; may be null
  FigureSpec spec;
  std::string folder;  ///< of its file: what it carries names other files as seen from there
};
/// The figure before it is written in its format (ordered_figure.h).
struct OrderedFigure;
/// Errors: as renderFigure, evaluate and packFiles.
Result<std::shared_ptr<const OrderedFigure>> drawOrder(const FigureOrder& order, ThreadPool& pool,
                                                       const Cancel& cancel);
/// Errors: as writeFigure.
Result<FigureResult> writeOrder(const OrderedFigure& figure);
/// The numbers of the figure in files beside `path`, named after it and their panels. Errors: (exists),
/// (unwritable), (usage) the layout has no cells.
Status saveSidecars(const OrderedFigure& figure, const std::string& path,
                    const std::vector<SidecarKind>& kinds, Overwrite overwrite, const Cancel& cancel);

/// A page as a screen shows it.
struct FigurePage {
  std::uint64_t number = 0;  ///< of the picture: no two pages have the same
  std::shared_ptr<const Picture> picture;
  double dpi = 96;  ///< of the picture
  double widthMm = 0;
  double heightMm = 0;
  std::string altText;
  std::string caption;
  std::vector<std::string> warnings;
};

/// Draws the figure that is looked at, as often as it changes, and then tells how large its file would be:
/// both on threads of its own. The page before stays until the new one is there.
class FigureDesk {
 public:
  FigureDesk(int threads, std::function<double()> seconds, const std::shared_ptr<HomeQueue>& home);

  /// Asks for a page of `dpi`; `redraw` false: only the resolution changed.
  void draw(FigureOrder order, double dpi, bool redraw);
  /// Once a frame: the size is found when nothing was asked for during a moment.
  void frame();

  const std::shared_ptr<const FigurePage>& page() const { return page_; }
  /// Why there is no page of what was asked for last.
  const std::optional<Error>& error() const { return error_; }
  /// Page or error are of what was asked for last.
  bool current() const { return arrived_ == asked_; }
  /// Of the file as it would be written now; nothing while that is not known.
  std::optional<std::uint64_t> bytes() const { return current() ? bytes_ : std::nullopt; }
  /// The size is still being found.
  bool measuring() const { return current() && sizeDue_.has_value(); }
  bool idle() const { return pages_.idle() && sizes_.idle(); }

 private:
  void arrived(std::uint64_t number, std::shared_ptr<const OrderedFigure> figure, FigurePage page);
  void failed(std::uint64_t number, const Error& error);

  std::function<double()> seconds_;
  std::uint64_t asked_ = 0;
  std::uint64_t arrived_ = 0;
  std::shared_ptr<const FigurePage> page_;
  std::shared_ptr<const OrderedFigure> figure_;  ///< of the page
  std::optional<Error> error_;
  std::optional<std::uint64_t> bytes_;
  std::optional<double> sizeDue_;  ///< when it is to be found, if it is not known
  bool sizing_ = false;
  Worker pages_;  // these two end first: their jobs touch what is above
  Worker sizes_;
};

}  // namespace headlight
