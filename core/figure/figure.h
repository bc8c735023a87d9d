#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/experiment/evaluate.h"
#include "core/picture/range.h"

namespace headlight {

enum class FigureFormat : std::uint8_t { png, svg, pdf };
std::optional<FigureFormat> figureFormat(std::string_view extension);

/// What a figure shows. What is not given comes from the experiment's `view`.
struct FigureSpec {
  std::string layout = "single";  ///< a word of figureLayouts()
  FigureFormat format = FigureFormat::png;
  std::optional<Stage> stage;
  std::vector<int> heads;  ///< kMeanHead among them is the mean; empty: the view's head (layout heads: all)
  double widthMm = 0;      ///< 0: the layout's own choice
  double dpi = 300;        ///< of PNG, and of images inside PDF and SVG
  double fontPt = 7;
  std::string colormap;
  std::string range;                 ///< a mode, or "lo,hi"
  std::optional<Range> sharedRange;  ///< set by a batch that shares one range
  std::string title;
  bool dark = false;
  bool embed = true;  ///< carry the experiment (PNG, SVG)
};

struct FigureResult {
  std::string bytes;
  double widthMm = 0;
  double heightMm = 0;
  std::string altText;
  std::vector<std::string> warnings;
};

/// The table of layouts: single, heads, pipeline.
struct FigureLayoutInfo {
  std::string_view id;
  std::string_view help;
};
std::span<const FigureLayoutInfo> figureLayouts();

/// Draws the figure into bytes. Same experiment and spec, same bytes. Errors: the stage is absent, a head
/// does not exist, a size out of bounds.
Result<FigureResult> renderFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                                  const Cancel& cancel = {});

}  // namespace headlight
