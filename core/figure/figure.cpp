#include "core/figure/figure.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/experiment/carried_files.h"
#include "core/experiment/json.h"
#include "core/figure/cairo_canvas.h"
#include "core/figure/layouts.h"
#include "core/figure/page.h"
#include "core/figure/svg_canvas.h"
#include "core/files/embedded.h"

namespace headlight {
namespace {

constexpr FigureLayout kLayouts[] = {
    {{.id = "single", .help = "one map with its tokens on both axes"}, drawSingle},
    {{.id = "heads", .help = "all heads in a grid, on one colour scale", .heads = true}, drawHeads},
    {{.id = "pipeline", .help = "QK^T, scaled, masked, weights, V and head out in one row"}, drawPipeline},
    {{.id = "difference", .help = "one map minus another: of heads, stages or experiments"}, drawDifference},
    {{.id = "row",
      .help = "one query's weights as bars over the keys",
      .query = true,
      .oneRow = true,
      .heads = true},
     drawRow},
    {{.id = "lines", .help = "lines from queries to the keys that they attend to most", .query = true},
     drawLines},
    {{.id = "picture",
      .help = "the image whose patches are tokens, one query's weights over it",
      .query = true,
      .oneRow = true,
      .heads = true,
      .parts = false},
     drawPicture},
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

FigureMetadata metadataOf(const DrawnFigure& figure, const Evaluation& evaluation, const FigureSpec& spec) {
  FigureMetadata metadata;
  metadata.nothing = spec.strip;
  if (spec.strip) return metadata;
  const std::string& named = evaluation.experiment.title;
  metadata.title = named.empty() ? figure.title : named + ": " + figure.title;
  metadata.description = figure.altText;
  metadata.creator = std::string("Headlight ") + HEADLIGHT_VERSION;
  return metadata;
}

/// What the figure carries; nothing where it is not to.
Result<Carried> carriedBy(const Evaluation& evaluation, const FigureSpec& spec) {
  if (spec.strip || !spec.embed) return Carried{};
  Carried carried{toText(evaluation.experiment), ""};
  if (!spec.embedData) return carried;
  if (spec.data) {
    carried.data = *spec.data;
    return carried;
  }
  auto data = packFiles(evaluation.experiment, evaluation.folder, evaluation.folder);
  if (!data) return data.error();
  carried.data = std::move(*data);
  return carried;
}

Result<std::string> inFormat(const DrawnFigure& figure, const Evaluation& evaluation,
                             const FigureSpec& spec) {
  const FigureMetadata metadata = metadataOf(figure, evaluation, spec);
  const auto carried = carriedBy(evaluation, spec);
  if (!carried) return carried.error();
  const bool carries = !carried->experiment.empty();
  if (spec.format == FigureFormat::svg) {
    SvgOptions options;
    if (carries) options.carried = svgMetadata(carried->experiment, carried->data);
    options.outline = spec.outline;
    options.emojiDpi = spec.dpi;
    return paintSvg(figure.drawing, metadata, options);
  }
  if (spec.format == FigureFormat::pdf) {
    auto pdf = paintPdf(figure.drawing, spec.dpi, spec.outline, metadata);
    if (!pdf || spec.strip) return pdf;
    return withPdfAdditions(
        *pdf, {carried->experiment, carried->data, metadata.title, metadata.description, metadata.creator});
  }
  const double scale = spec.dpi / 25.4;
  if (figure.drawing.width * scale * figure.drawing.height * scale > kMostPixels) {
    return Error{ErrorCode::usage,
                 "a page of " + fixed(figure.drawing.width, 0) + " × " + fixed(figure.drawing.height, 0) +
                     " mm at " + shortest(spec.dpi) + " dpi has more than 100 million pixels",
                 "", "Choose a smaller width or dpi, or SVG or PDF"};
  }
  auto png = paintPng(figure.drawing, spec.dpi, metadata);
  if (png && carries) return withEmbeddedPng(*png, carried->experiment, carried->data);
  return png;
}

/// What the drawing libraries throw, as an Error.
template <class Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "the figure does not fit in memory", "", "Choose a smaller width or dpi"};
  } catch (const std::exception& e) {
    return Error{ErrorCode::failed, std::string("the figure was not drawn: ") + e.what(), "", ""};
  }
}

}  // namespace

std::optional<FigureFormat> figureFormat(std::string_view extension) {
  if (extension == "png") return FigureFormat::png;
  if (extension == "svg") return FigureFormat::svg;
  if (extension == "pdf") return FigureFormat::pdf;
  return std::nullopt;
}

std::string_view formatWord(FigureFormat format) {
  switch (format) {
    case FigureFormat::svg:
      return "svg";
    case FigureFormat::pdf:
      return "pdf";
    case FigureFormat::png:
      break;
  }
  return "png";
}

std::span<const FigureLayoutInfo> figureLayouts() {
  static const std::vector<FigureLayoutInfo> infos = [] {
    std::vector<FigureLayoutInfo> all;
    for (const FigureLayout& layout : kLayouts) all.push_back(layout.info);
    return all;
  }();
  return infos;
}

const FigureLayoutInfo& figureLayout(std::string_view id) {
  const auto infos = figureLayouts();
  const auto found = std::find_if(infos.begin(), infos.end(),
                                  [&](const FigureLayoutInfo& layout) { return layout.id == id; });
  return found == infos.end() ? infos.front() : *found;
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
               "a width of " + shortest(std::round(pageMm * 10) / 10) +
                   " mm leaves the maps no room beside their labels",
               "", "Choose a larger width"};
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
  return guarded([&] { return drawPage(*layout, evaluation, spec, pool, cancel); });
}

Result<std::string> writeFigure(const DrawnFigure& figure, const Evaluation& evaluation,
                                const FigureSpec& spec) {
  return guarded([&] { return inFormat(figure, evaluation, spec); });
}

Result<FigureResult> renderFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                                  const Cancel& cancel) {
  auto figure = drawFigure(evaluation, spec, pool, cancel);
  if (!figure) return figure.error();
  auto bytes = writeFigure(*figure, evaluation, spec);
  if (!bytes) return bytes.error();
  return FigureResult{std::move(*bytes), figure->drawing.width, figure->drawing.height,
                      std::move(figure->altText), std::move(figure->warnings)};
}

}  // namespace headlight
