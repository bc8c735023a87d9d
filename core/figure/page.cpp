#include "core/figure/page.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr int kMostPasses = 8;
constexpr double kLeastStack = 6;          // mm
constexpr double kNearEnough = 1.5;        // mm of the height that may stay unused
constexpr std::size_t kMostCutNamed = 24;  // of shortened labels in the alternative text

std::string ordinal(std::int64_t n) {
  const std::int64_t last = n % 10;
  const bool teen = n % 100 >= 11 && n % 100 <= 13;
  return grouped(n) + (teen || last > 3 || last == 0 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd");
}

std::string cellOf(Axis axis) {
  return axis == Axis::query ? "query" : axis == Axis::key ? "key" : "dimension";
}

void sayThinned(Scene& scene) {
  if (scene.thinned.empty()) return;
  std::vector<std::string> parts;
  for (const ThinnedAxis& axis : scene.thinned) {
    std::string part = "every " + ordinal(axis.step) + " " + cellOf(axis.axis);
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(std::move(part));
  }
  scene.warnings.push_back("labels at " + listText(parts) + ": all would be smaller than " +
                           shortest(std::round(scene.leastPt() * 100) / 100) + " pt");
}

void sayCut(Scene& scene) {
  if (scene.cut.empty()) return;
  std::vector<std::string> named;
  for (const CutLabel& label : scene.cut) {
    if (named.size() == kMostCutNamed) break;
    named.push_back(cellOf(label.axis) + " " + grouped(label.cell) + " is " + quoted(label.full));
  }
  const std::size_t more = scene.cut.size() - named.size();
  if (more > 0) named.push_back(countText(static_cast<std::int64_t>(more), "more", "more"));
  scene.altText += " Labels shortened in the figure: " + listText(named) + ".";
}

Scene makeScene(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                const Cancel& cancel) {
  Scene scene{evaluation, spec, pool, cancel, palette(spec.dark() ? Theme::dark : Theme::light)};
  scene.drawing.paper = scene.colours.s1;
  scene.drawing.transparent = spec.ground == FigureGround::transparent;
  return scene;
}

DrawnFigure finished(Scene& scene) {
  sayThinned(scene);
  sayCut(scene);
  Drawing& page = scene.drawing;
  if (scene.spec.exactHeight && scene.spec.heightMm > 0) {
    const Rect used = page.bounds();
    page.moveBy((page.width - used.width) / 2 - used.x, (scene.spec.heightMm - used.height) / 2 - used.y);
    page.height = scene.spec.heightMm;
  }
  return DrawnFigure{std::move(scene.drawing), std::move(scene.title), std::move(scene.altText),
                     std::move(scene.warnings), std::move(scene.panels)};
}

}  // namespace

Result<DrawnFigure> drawPage(const FigureLayout& layout, const Evaluation& evaluation, const FigureSpec& spec,
                             ThreadPool& pool, const Cancel& cancel) {
  const double most = spec.heightMm;
  std::optional<Scene> best;
  double limit = std::numeric_limits<double>::infinity();
  double lowest = std::numeric_limits<double>::infinity();  // page that was still too high
  for (int pass = 0; pass < kMostPasses; ++pass) {
    Scene scene = makeScene(evaluation, spec, pool, cancel);
    scene.stackLimit = limit;
    const Status status = layout.draw(scene);
    if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
    if (!status) {
      if (pass == 0) return status.error();
      break;
    }
    const double height = scene.drawing.height;
    const double stack = scene.stack;
    if (most <= 0) return finished(scene);
    if (height <= most + 1e-6) {
      const bool settled = pass == 0 || height > most - kNearEnough || (best && stack <= best->stack);
      if (!best || stack > best->stack) best.emplace(std::move(scene));
      if (settled) break;
      limit = stack + (most - height);
      continue;
    }
    lowest = std::min(lowest, height);
    if (!(stack > 0)) break;
    // With lower maps the layout had more room than with these: somewhere between lies the largest that fits.
    // A layout that is bounded may leave out what stands below its maps: even low ones are tried once.
    limit = best ? (best->stack + stack) / 2
                 : std::max(stack - (height - most) - 1e-6, pass == 0 ? std::min(kLeastStack, stack) : 0.0);
    if (!(limit > 0) || (best && limit - best->stack < kNearEnough)) break;
  }
  if (best) return finished(*best);
  return Error{ErrorCode::usage,
               "the figure would be " + fixed(lowest, 0) + " mm high, at most " +
                   shortest(std::round(most * 10) / 10) +
                   " mm are allowed, and its maps have no room to be smaller",
               "", "Choose a wider figure, fewer heads, or leave out labels, title or notes"};
}

}  // namespace headlight
