#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/figure/drawing.h"

namespace headlight {

/// A sheet of paper, upright, in millimetres.
struct PaperSize {
  std::string_view id;
  double width = 0;
  double height = 0;
};
/// The table of papers: a4 (ISO 216), letter (ANSI/ASME Y14.1).
std::span<const PaperSize> paperSizes();
/// By id, or null.
const PaperSize* paperSize(std::string_view id);

/// How a stretch of text on paper is set. Black and greys: what is printed without colours loses nothing.
struct PaperStyle {
  double sizePt = 10.5;
  int weight = 400;
  Rgb colour{0x15, 0x18, 0x1E};
  FontFace face = FontFace::words;
  bool math = true;  ///< d_k has its k lowered
  std::string_view tag = "P";

  double lineMm() const { return 1.4 * sizePt * kMmPerPoint; }
};
PaperStyle paperTitle();
PaperStyle paperHeading();
PaperStyle paperBody();
PaperStyle paperStrong();
PaperStyle paperSmall();  ///< grey, for what stands at the edge
PaperStyle paperNumbers();

inline constexpr Rgb kPaperRule{0x8C, 0x93, 0x9F};

/// A text as it is drawn: one line, or broken into lines that are no wider than `width` mm, inside a word
/// where it alone is wider.
Text paperText(const std::string& text, const PaperStyle& style);
std::vector<Text> paperLines(const std::string& text, const PaperStyle& style, double width);

/// Pages of a document that is printed.
struct PaperPages {
  std::string title;
  std::string description;  ///< what the document is, for who cannot see it
  std::vector<Drawing> pages;
  std::vector<std::string> figures;  ///< alternative texts of the figures, in their order
};
/// As one PDF with tagged texts and figures. Same pages, same bytes. Errors: failed, when it cannot be drawn.
Result<std::string> pagesPdf(const PaperPages& pages);

/// Sets texts below each other on pages with a head and a foot.
class PaperWriter {
 public:
  /// `head` and `foot` stand on every page at the left; `named`: with a line for the reader's name.
  PaperWriter(const PaperSize& paper, std::string head, std::string foot, bool named);

  /// Whether pages from here on have the line for a name.
  void setNamed(bool named) { named_ = named; }
  void beginPage();
  /// Begins a page where less than that is left of this one.
  void need(double height);

  double left() const { return left_; }
  double width() const { return width_; }
  double y() const { return y_; }
  double room() const { return bottom_ - y_; }
  double bottom() const { return bottom_; }
  void skip(double height) { y_ += height; }
  void moveTo(double y) { y_ = y; }
  Drawing& page() { return document_.pages.back(); }

  /// A paragraph of the whole width less `indent`, which goes on on the next page where this one is full.
  void paragraph(const std::string& text, const PaperStyle& style, double indent = 0);
  double heightOf(const std::string& text, const PaperStyle& style, double indent = 0) const;
  /// A line of text whose top is at y.
  void line(double x, double top, const Text& text, const PaperStyle& style, Anchor anchor = Anchor::start);
  void rule(double x, double y, double width, double thickness = 0.2);
  /// Empty ruled lines to write on, down to `bottom`, as many as fit.
  void writingLines(double bottom);
  /// What was drawn elsewhere, its upper left corner at (x, y).
  void place(Drawing drawing, const std::string& alternative, double x, double y);

  /// The pages with their numbers.
  PaperPages finish();

 private:
  PaperSize paper_;
  std::string head_;
  std::string foot_;
  bool named_;
  double left_ = 0;
  double width_ = 0;
  double bottom_ = 0;
  double y_ = 0;
  PaperPages document_;
};

}  // namespace headlight
