#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancel.h"
#include "core/experiment/evaluate.h"
#include "core/figure/drawn_panel.h"
#include "core/files/atomic_save.h"

namespace headlight {

/// The numbers of a figure in a file beside it. CSV, NPY and TeX hold one panel a file, JSON all of them.
/// Rows are always queries (or the stage's own rows), however the page lies.
enum class SidecarKind : std::uint8_t { csv, npy, tex, json };
struct SidecarInfo {
  SidecarKind kind;
  std::string_view word;  ///< of `--sidecar`, and the ending of the file
};
std::span<const SidecarInfo> sidecars();
std::optional<SidecarKind> sidecarKind(std::string_view word);

/// How large it will be: exact for NPY, else an estimate that is seldom exceeded.
double sidecarBytes(const DrawnPanel& panel, SidecarKind kind);

/// Comma-separated values (RFC 4180): a header row of the columns' tokens, in each row the row's token first.
/// Numbers are the shortest that read back the same; a masked cell is empty, which the corner says.
Status writeSidecarCsv(ByteSink& sink, const Evaluation& evaluation, const DrawnPanel& panel,
                       const Cancel& cancel = {});
/// float32 [rows, columns] as `compute` writes them: a masked weight is 0, a masked score −∞.
Status writeSidecarNpy(ByteSink& sink, const DrawnPanel& panel, const Cancel& cancel = {});

/// What a figure says of itself in the JSON beside it.
struct SidecarText {
  std::string title;
  std::string layout;
  std::string origin;
};
/// Axes with their tokens, range, colormap and cells of every panel, a row of cells a line; a masked cell is
/// null, what is not finite "inf", "-inf" or "nan".
Status writeSidecarJson(ByteSink& sink, const Evaluation& evaluation, const SidecarText& text,
                        std::span<const DrawnPanel> panels, const Cancel& cancel = {});

/// Up to this many cells a side a map is typeset cell by cell; TeX's memory does not hold many more, and a
/// larger one is an image of its cells beside the file.
inline constexpr std::int64_t kMostTexCells = 64;
inline bool texNeedsImage(const DrawnPanel& panel) {
  return panel.rows() > kMostTexCells || panel.cols() > kMostTexCells;
}
struct TexOptions {
  double widthMm = 66;    ///< of the map
  double pageMm = 0;      ///< of all, labels and bar about: the map takes what they leave; 0: widthMm says it
  bool dark = false;      ///< colours of masked cells
  std::string imageName;  ///< the file of the cells, as TeX is to find it; for maps that need one
  std::string title;
};
/// A pgfplots picture with the figure's colours, range, ticks and labels, of ASCII characters alone. It
/// compiles by itself, and can be \input where pgfplots and its patterns are loaded. Characters that pdfTeX
/// has no letters for stand as U+4E2D there, and as themselves in XeTeX and LuaTeX.
Status writeSidecarTex(ByteSink& sink, const Evaluation& evaluation, const DrawnPanel& panel,
                       const TexOptions& options, const Cancel& cancel = {});
/// The cells as a PNG in the orientation of the page, a pixel each up to 2,048 a side; above that a pixel is
/// the extreme of what it covers. Error: cancelled.
Result<std::string> sidecarTexImage(const DrawnPanel& panel, bool dark, const Cancel& cancel = {});

/// A label as TeX sets it in text: what are commands to TeX stands as itself.
std::string texLabel(std::string_view label);

/// Calls `take` for blocks of whole rows of the panel from top to bottom, of bounded memory: the first row
/// (of the panel), values and classes [rows, cols]. Errors: of `take`, (cancelled).
Status readPanelRows(const DrawnPanel& panel, const Cancel& cancel,
                     const std::function<Status(std::int64_t first, std::span<const float> values,
                                                std::span<const std::uint8_t> classes)>& take);
/// The tokens along an axis, or nothing where it counts dimensions.
const std::vector<Token>* tokensAlong(const Evaluation& evaluation, Axis axis);
/// The name of the place `at` of an axis: the token's label, else the number.
std::string placeName(const Evaluation& evaluation, Axis axis, std::int64_t at);
/// "query", "key", "dimension".
std::string_view axisWord(Axis axis);

}  // namespace headlight
