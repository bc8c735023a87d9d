#include "core/figure/figure_caption.h"

#include <algorithm>

#include "core/describe/caption.h"

namespace headlight {
namespace {

CaptionSubject::Kind captionKind(const std::string& layout) {
  using Kind = CaptionSubject::Kind;
  if (layout == "heads") return Kind::heads;
  if (layout == "pipeline") return Kind::pipeline;
  if (layout == "difference") return Kind::difference;
  if (figureLayout(layout).oneRow) return Kind::row;
  return layout == "lines" ? Kind::lines : Kind::map;
}

}  // namespace

std::string figureCaption(const Evaluation& evaluation, const FigureSpec& spec, const DrawnFigure& drawn) {
  const ViewSpec& view = evaluation.experiment.view;
  CaptionSubject subject;
  subject.kind = captionKind(spec.layout);
  subject.stage = spec.stage.value_or(view.stage);
  if (spec.layout == "pipeline") subject.stage = Stage::weights;
  subject.heads = spec.heads;
  if (subject.heads.empty() && spec.layout != "heads") subject.heads = {view.head};
  subject.minusStage = spec.minusStage;
  subject.minusName = spec.minusName;
  subject.query = spec.query ? spec.query : view.pin ? std::optional((*view.pin)[0]) : std::nullopt;
  subject.title = spec.title;
  const bool oneRange = std::all_of(drawn.panels.begin(), drawn.panels.end(), [&](const DrawnPanel& panel) {
    return panel.range == drawn.panels.back().range;
  });
  const bool coloured = spec.layout == "difference" || oneRange;
  if (!drawn.panels.empty() && coloured) subject.range = drawn.panels.back().range;
  return caption(evaluation, subject);
}

}  // namespace headlight
