#include "core/figure/figure.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/experiment/json.h"
#include "core/figure/cairo_canvas.h"
#include "core/figure/layouts.h"
#include "core/figure/svg_canvas.h"
#include "core/files/embedded.h"

namespace headlight {
namespace {

constexpr FigureLayout kLayouts[] = {
    {{"single", "one map with its tokens on both axes"}, drawSingle},
    {{"heads", "all heads in a grid, on one colour scale"}, drawHeads},
    {{"pipeline", "QK^T, scaled, masked, weights, V and head out in one row"}, drawPipeline},
};

constexpr double kMostPixels = 1e8;

Status within(double value, double low, double high, const std::string& what) {
  if (value >= low && value <= high) return {};
  return Error{ErrorCode::usage,
               "found " + what + " " + shortest(std::round(value * 100) / 100) + ", accepted is " +
                   shortest(low) + " to " + shortest(high),
               "", ""};
}

Status checkSizes(const FigureSpec& spec) {
  if (spec.widthMm != 0) {
    if (Status status = within(spec.widthMm, 40, 2000, "width in mm"); !status) return status;
  }
  if (Status status = within(spec.dpi, 36, 2400, "dpi"); !status) return status;
  return within(spec.fontPt, 3, 36, "font size in pt");
}

Result<std::string> write(const DrawnFigure& figure, const Evaluation& evaluation, const FigureSpec& spec) {
  const std::string& named = evaluation.experiment.title;
  const FigureMetadata metadata{named.empty() ? figure.title : named + ": " + figure.title, figure.altText};
  const std::string json = spec.embed ? toText(evaluation.experiment) : "";
  switch (spec.format) {
    case FigureFormat::svg:
      return paintSvg(figure.drawing, metadata, spec.embed ? svgMetadata(json) : "");
    case FigureFormat::pdf:
      return paintPdf(figure.drawing, spec.dpi, metadata);
    case FigureFormat::png:
      break;
  }
  const double scale = spec.dpi / 25.4;
  if (figure.drawing.width * scale * figure.drawing.height * scale > kMostPixels) {
    return Error{ErrorCode::usage,
                 "a page of " + fixed(figure.drawing.width, 0) + " × " + fixed(figure.drawing.height, 0) +
                     " mm at " + shortest(spec.dpi) + " dpi has more than 100 million pixels",
                 "", "Choose a smaller width or dpi, or SVG or PDF"};
  }
  auto png = paintPng(figure.drawing, spec.dpi, metadata);
  if (png && spec.embed) return withEmbeddedPng(*png, json);
  return png;
}

}  // namespace

std::optional<FigureFormat> figureFormat(std::string_view extension) {
  if (extension == "png") return FigureFormat::png;
  if (extension == "svg") return FigureFormat::svg;
  if (extension == "pdf") return FigureFormat::pdf;
  return std::nullopt;
}

std::span<const FigureLayoutInfo> figureLayouts() {
  static const std::vector<FigureLayoutInfo> infos = [] {
    std::vector<FigureLayoutInfo> all;
    for (const FigureLayout& layout : kLayouts) all.push_back(layout.info);
    return all;
  }();
  return infos;
}

Result<int> oneHead(const Scene& scene) {
  if (scene.spec.heads.size() > 1) {
    return Error{
        ErrorCode::usage,
        "layout " + scene.spec.layout + " shows one head, found " + std::to_string(scene.spec.heads.size()),
        "", "Layout heads shows several"};
  }
  return scene.spec.heads.empty() ? scene.evaluation.experiment.view.head : scene.spec.heads[0];
}

Status checkRoom(double mapMm, double pageMm) {
  if (mapMm >= 4) return {};
  return Error{ErrorCode::usage,
               "a width of " + shortest(pageMm) + " mm leaves the maps no room beside their labels", "",
               "Choose a larger width"};
}

std::string poolingNote(Pooling pooling, bool isSigned, bool transposed) {
  if (transposed) std::swap(pooling.rows, pooling.cols);
  return "each pixel = " + std::string(isSigned ? "largest magnitude" : "max") + " of " +
         grouped(std::int64_t{1} << pooling.rows) + " × " + grouped(std::int64_t{1} << pooling.cols) +
         " cells";
}

Result<DrawnFigure> drawFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                               const Cancel& cancel) {
  const auto layout = std::find_if(std::begin(kLayouts), std::end(kLayouts),
                                   [&](const FigureLayout& l) { return l.info.id == spec.layout; });
  if (layout == std::end(kLayouts)) {
    std::string accepted;
    for (const FigureLayout& l : kLayouts)
      accepted += (accepted.empty() ? "" : ", ") + std::string(l.info.id);
    return Error{ErrorCode::usage, "found layout \"" + spec.layout + "\", accepted are " + accepted, "", ""};
  }
  if (const Status status = checkSizes(spec); !status) return status.error();
  Scene scene{evaluation, spec, pool, cancel, palette(spec.dark ? Theme::dark : Theme::light)};
  scene.drawing.paper = scene.colours.s1;
  if (const Status status = layout->draw(scene); !status) return status.error();
  if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  return DrawnFigure{std::move(scene.drawing), std::move(scene.title), std::move(scene.altText),
                     std::move(scene.warnings)};
}

Result<FigureResult> renderFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                                  const Cancel& cancel) {
  try {
    auto figure = drawFigure(evaluation, spec, pool, cancel);
    if (!figure) return figure.error();
    auto bytes = write(*figure, evaluation, spec);
    if (!bytes) return bytes.error();
    return FigureResult{std::move(*bytes), figure->drawing.width, figure->drawing.height,
                        std::move(figure->altText), std::move(figure->warnings)};
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "the figure does not fit in memory", "", "Choose a smaller width or dpi"};
  } catch (const std::exception& e) {
    return Error{ErrorCode::failed, std::string("the figure was not drawn: ") + e.what(), "", ""};
  }
}

}  // namespace headlight
