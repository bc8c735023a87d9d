#include "app/session/figure_desk.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/open_file.h"
#include "app/session/ordered_figure.h"
#include "core/base/words.h"
#include "core/experiment/carried_files.h"
#include "core/figure/cairo_canvas.h"
#include "core/figure/figure_caption.h"
#include "core/figure/map_drawing.h"
#include "core/picture/palette.h"

namespace headlight {
namespace {

/// A change waits so long for the next one before the file's size is found.
constexpr double kSizePause = 0.12;
/// A page under way for longer than this is given up for a newer one.
constexpr double kPatience = 0.25;
/// What a page may be painted with before it is made smaller.
constexpr double kMostPainted = 24e6;
constexpr int kMostFolds = 4;

/// How many times finer than the screen a page is painted: an image of more cells than the screen has px is
/// averaged, as print does to the eye, so that no cell is left out.
int foldOf(const OrderedFigure& figure, double dpi) {
  const auto& panels = figure.drawn.panels;
  const bool image = std::any_of(panels.begin(), panels.end(), [](const DrawnPanel& panel) {
    return panel.rows() > kMostVectorCells || panel.cols() > kMostVectorCells;
  });
  if (!image) return 1;
  const double pixels = figure.drawn.drawing.width * figure.drawn.drawing.height * dpi * dpi / (25.4 * 25.4);
  int fold = std::clamp(static_cast<int>(std::ceil(figure.spec.dpi / dpi)), 1, kMostFolds);
  while (fold > 1 && pixels * fold * fold > kMostPainted) --fold;
  return fold;
}

/// The mean of fold × fold pixels, opaque where they are.
Picture folded(const Picture& fine, int fold) {
  if (fold <= 1) return fine;
  const auto step = static_cast<std::size_t>(fold);
  Picture picture{std::max(1, fine.width / fold), std::max(1, fine.height / fold), {}};
  const auto width = static_cast<std::size_t>(picture.width);
  const auto height = static_cast<std::size_t>(picture.height);
  const auto fineWidth = static_cast<std::size_t>(fine.width);
  picture.rgba.resize(width * height * 4);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      std::uint32_t alpha = 0;
      std::uint32_t sum[3] = {0, 0, 0};
      for (std::size_t v = 0; v < step; ++v) {
        const std::uint8_t* from = fine.rgba.data() + ((y * step + v) * fineWidth + x * step) * 4;
        for (std::size_t u = 0; u < step; ++u, from += 4) {
          alpha += from[3];
          for (std::size_t channel = 0; channel < 3; ++channel)
            sum[channel] += std::uint32_t{from[channel]} * from[3];
        }
      }
      std::uint8_t* to = picture.rgba.data() + (y * width + x) * 4;
      for (std::size_t channel = 0; channel < 3; ++channel)
        to[channel] = static_cast<std::uint8_t>(alpha == 0 ? 0 : (sum[channel] + alpha / 2) / alpha);
      to[3] = static_cast<std::uint8_t>(alpha / (step * step));
    }
  }
  return picture;
}

/// What has no paper lies on squares of two greys, `side` px each.
void layOnSquares(Picture& picture, int side) {
  const Palette& colours = palette(Theme::light);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const Rgb under = ((x / side + y / side) & 1) == 0 ? colours.s1 : colours.s2;
      std::uint8_t* at =
          picture.rgba.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                                 static_cast<std::size_t>(x)) *
                                    4;
      const std::uint8_t ground[3] = {under.r, under.g, under.b};
      for (std::size_t channel = 0; channel < 3; ++channel) {
        at[channel] =
            static_cast<std::uint8_t>((at[channel] * at[3] + ground[channel] * (255 - at[3])) / 255);
      }
      at[3] = 255;
    }
  }
}

Result<Picture> pageAt(const OrderedFigure& figure, double dpi) {
  const int fold = foldOf(figure, dpi);
  auto fine = paintPicture(figure.drawn.drawing, dpi * fold);
  if (!fine) return fine.error();
  Picture picture = folded(*fine, fold);
  constexpr double kSquareMm = 2;
  if (figure.drawn.drawing.transparent)
    layOnSquares(picture, std::max(2, static_cast<int>(std::lround(kSquareMm * dpi / 25.4))));
  return picture;
}

}  // namespace

Result<std::shared_ptr<const OrderedFigure>> drawOrder(const FigureOrder& order, ThreadPool& pool,
                                                       const Cancel& cancel) {
  const Experiment& experiment = order.document.experiment;
  AttendOptions options;
  options.cancel = cancel;
  options.gradients = isGradient(order.spec.stage.value_or(experiment.view.stage)) ||
                      (order.spec.minusStage && isGradient(*order.spec.minusStage));
  auto evaluation = evaluate(experiment, order.document.folder, order.newest.get(), pool, options);
  if (!evaluation) return evaluation.error();
  OrderedFigure figure{**evaluation, order.spec, {}};
  figure.evaluation.experiment = movedTo(order.folder, order.document);
  if (figure.spec.embedData && figure.spec.embed && !figure.spec.strip) {
    auto packed = packFiles(experiment, order.document.folder, order.folder);
    if (!packed) return packed.error();
    figure.spec.data = std::make_shared<const std::string>(std::move(*packed));
  }
  auto drawn = drawFigure(figure.evaluation, figure.spec, pool, cancel);
  if (!drawn) return drawn.error();
  figure.drawn = std::move(*drawn);
  return std::make_shared<const OrderedFigure>(std::move(figure));
}

Result<FigureResult> writeOrder(const OrderedFigure& figure) {
  auto bytes = writeFigure(figure.drawn, figure.evaluation, figure.spec);
  if (!bytes) return bytes.error();
  const Drawing& page = figure.drawn.drawing;
  return FigureResult{std::move(*bytes), page.width, page.height, figure.drawn.altText,
                      figure.drawn.warnings};
}

FigureDesk::FigureDesk(int threads, std::function<double()> seconds, const std::shared_ptr<HomeQueue>& home)
    : seconds_(std::move(seconds)), pages_(threads, home), sizes_(1, home) {}

void FigureDesk::draw(FigureOrder order, double dpi, bool redraw) {
  const std::uint64_t number = ++asked_;
  sizeDue_.reset();
  bytes_.reset();
  if (pages_.slotSeconds().value_or(0) > kPatience) pages_.cancelSlot(false);
  const auto kept = redraw || error_ ? nullptr : figure_;
  pages_.replace(
      [this, number, order = std::move(order), dpi, kept](ThreadPool& pool,
                                                          const Cancel& cancel) -> Worker::Home {
        std::shared_ptr<const OrderedFigure> figure = kept;
        if (!figure) {
          auto made = drawOrder(order, pool, cancel);
          if (!made) return [this, number, error = made.error()] { failed(number, error); };
          figure = std::move(*made);
        }
        auto picture = pageAt(*figure, dpi);
        if (!picture) return [this, number, error = picture.error()] { failed(number, error); };
        FigurePage page;
        page.number = number;
        page.picture = std::make_shared<const Picture>(std::move(*picture));
        page.dpi = dpi;
        page.widthMm = figure->drawn.drawing.width;
        page.heightMm = figure->drawn.drawing.height;
        page.altText = figure->drawn.altText;
        page.caption = figureCaption(figure->evaluation, figure->spec, figure->drawn);
        page.warnings = figure->drawn.warnings;
        return [this, number, figure, page = std::move(page)]() mutable {
          arrived(number, std::move(figure), std::move(page));
        };
      },
      [this, number] {
        failed(number, Error{ErrorCode::failed, "there is not enough memory for the figure", "",
                             "Choose a smaller width or zoom out"});
      });
}

void FigureDesk::arrived(std::uint64_t number, std::shared_ptr<const OrderedFigure> figure, FigurePage page) {
  if (number <= arrived_) return;
  arrived_ = number;
  figure_ = std::move(figure);
  page_ = std::make_shared<const FigurePage>(std::move(page));
  error_.reset();
  if (!current()) return;
  sizeDue_ = seconds_() + kSizePause;
  pages_.wakeIn(kSizePause);
}

void FigureDesk::failed(std::uint64_t number, const Error& error) {
  if (number <= arrived_ || (error.code == ErrorCode::cancelled && number != asked_)) return;
  arrived_ = number;
  error_ = error;
}

void FigureDesk::frame() {
  if (!sizeDue_ || sizing_ || seconds_() < *sizeDue_) return;
  sizing_ = true;
  const auto done = [this, number = asked_](std::optional<std::uint64_t> bytes,
                                            const std::optional<Error>& error) {
    sizing_ = false;
    if (number != asked_) return;
    sizeDue_.reset();
    bytes_ = bytes;
    if (error) error_ = error;
  };
  sizes_.append(
      [figure = figure_, done](ThreadPool&, const Cancel&) -> Worker::Home {
        const auto written = writeOrder(*figure);
        if (!written) return [done, error = written.error()] { done(std::nullopt, error); };
        return [done, size = written->bytes.size()] { done(size, std::nullopt); };
      },
      [done] { done(std::nullopt, std::nullopt); });
}

}  // namespace headlight
