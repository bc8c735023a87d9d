#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/experiment/evaluate.h"
#include "core/figure/figure_spec.h"

namespace headlight {

struct FigureResult {
  std::string bytes;
  double widthMm = 0;
  double heightMm = 0;
  std::string altText;
  std::vector<std::string> warnings;
};

/// The table of layouts, and what each can be asked for.
struct FigureLayoutInfo {
  std::string_view id;
  std::string_view help;
  bool query = false;   ///< shows what one query attends to
  bool oneRow = false;  ///< its cells are those of one query
  bool heads = false;   ///< puts several heads on the page
  bool parts = true;    ///< crop, and brackets over tokens
};
std::span<const FigureLayoutInfo> figureLayouts();
/// The layout of an id; of one that there is not, the first.
const FigureLayoutInfo& figureLayout(std::string_view id);

/// Draws the figure into bytes. Same experiment and spec, same bytes. Errors: the stage is absent, a head
/// does not exist, a size out of bounds.
Result<FigureResult> renderFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                                  const Cancel& cancel = {});

}  // namespace headlight
