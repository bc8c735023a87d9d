#include <utility>

#include "app/session/state.h"
#include "core/base/number.h"

namespace headlight {

FigureOrder Session::State::order(const FigureSpec& spec, const std::string& folder) const {
  return {current(), numbers.evaluation(), spec, folder};
}

std::string Session::State::figureFolder() const {
  return settings.lastFolder.empty() ? seams.folders.home : settings.lastFolder;
}

FigureDesk& Session::lookAtFigure(const FigureSpec& spec, double dpi) {
  State& s = *state_;
  if (!s.figures) s.figures = std::make_unique<FigureDesk>(s.seams.threads, s.seams.seconds, s.home);
  // While numbers are on their way the page stays as it is: they would be made twice.
  const auto evaluation = s.numbers.evaluation();
  if (!evaluation || s.numbers.busy()) return *s.figures;
  State::LookedAt now{spec, s.history.now().view, evaluation, s.revision, s.figureFolder()};
  const bool redraw = s.lookedAt != now;
  if (!redraw && dpi == s.lookedAtDpi) return *s.figures;
  s.lookedAt = std::move(now);
  s.lookedAtDpi = dpi;
  s.figures->draw(s.order(spec, s.figureFolder()), dpi, redraw);
  return *s.figures;
}

void Session::copyFigure(const FigureSpec& spec) {
  State* s = state_.get();
  const auto draw = [s, what = s->order(spec, s->figureFolder())](ThreadPool& pool,
                                                                  const Cancel& cancel) -> Worker::Home {
    FigureOrder order = what;
    order.spec.format = FigureFormat::png;
    const auto figure = drawOrder(order, pool, cancel);
    auto png = figure ? writeOrder(**figure) : Result<FigureResult>(figure.error());
    if (!png) return [s, why = png.error().what] { s->notice = "The figure was not copied: " + why; };
    const std::string size = fixed(png->widthMm, 0) + " × " + fixed(png->heightMm, 0) + " mm at " +
                             shortest(order.spec.dpi) + " dpi";
    return [s, png = std::move(png->bytes), size, name = order.document.name + "-figure"] {
      s->offerPicture("the figure", name, png, size);
    };
  };
  s->files.append(draw, [s] { s->notice = "The figure was not copied: memory does not suffice"; });
}

}  // namespace headlight
