#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/attention/field.h"
#include "core/figure/scene.h"
#include "core/picture/colormap.h"

namespace headlight {

/// What stands before a panel of layout pipeline: an arrow with words over it, or a bare sign.
struct PipelineOperator {
  std::string markup;
  bool arrow = false;
  bool idle = false;  ///< a step that does nothing here
};

/// A stage of layout pipeline.
struct PipelinePanel {
  Stage stage;
  PipelineOperator before;
  Field field;
  FigureCrop part{};  ///< that is drawn
  std::size_t bar = 0;
  double width = 0;
};

/// Panels that share a range and a bar.
struct PipelineGroup {
  Stage stage;
  std::string label;
  std::vector<std::size_t> panels{};
  const Colormap* map = nullptr;
  Range range{};
};

/// Panels first … end − 1: those that stand in one line.
struct PipelineStrip {
  std::size_t first = 0;
  std::size_t end = 0;
};

/// "÷ √16", "× 0.1" or "no scale": what makes scaled scores of products.
PipelineOperator scaleOperator(const Scene& scene);
/// What it takes between two panels, mm.
double operatorWidth(const Scene& scene, const PipelineOperator& op);
/// Between x and x + width, about `middle`.
void drawOperator(Scene& scene, const PipelineOperator& op, double x, double width, double middle);

/// Maps are square; V and head out keep their own proportions, but are never wider than a map nor a mere
/// line.
double panelWidth(const Scene& scene, const PipelinePanel& panel, double cell, std::int64_t keys);
/// What a part of the maps is of V, which has a row a key, and of head out, which has a row a query.
FigureCrop partOfStep(const Field& field, const FigureCrop& maps);
/// What stands over the n-th panel.
Text panelName(const Scene& scene, Stage stage, std::size_t n);
/// A frame around a panel.
void framePanel(Scene& scene, const Rect& area, Rgb colour);

/// The colours of a group: scores and weights have those that they have alone, values and output one scale.
Status findRange(Scene& scene, PipelineGroup& group, const std::vector<PipelinePanel>& panels, int head);
/// How panels may be set in one, two or three lines: scores over weights and values, and scores in two.
std::vector<std::vector<PipelineStrip>> stripsOf(const std::vector<PipelinePanel>& panels);

}  // namespace headlight
