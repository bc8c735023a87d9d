#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/lesson_parts.h"

namespace headlight {

/// A panel of a lesson that is drawn from numbers of a stage, and what its rows or maps share.
struct LessonStagePanel {
  Panel& p;
  Ui& ui;
  const LessonPanel& panel;
  const std::vector<PanelMap>& maps;
  std::size_t number = 0;  ///< of the step's panels
  Range range{};           ///< of all variants
  std::shared_ptr<const MapLook> look{};

  LessonStagePanel(Panel& of, const LessonPanel& shown, const std::vector<PanelMap>& measured,
                   std::size_t place);
  /// Names what the renderer keeps of a variant.
  std::uint64_t slot(std::size_t variant) const;
};

/// The variants side by side in a box, each with its label and effective keys above; their own boxes.
std::vector<Box> lessonColumns(const LessonStagePanel& all, const Box& box);
/// Names of the keys below, as many as there is room for.
void lessonKeyNames(Ui& ui, const PanelMap& map, const Box& area);
/// What the colours span, the looks that are there and what else is to be said of them; returns the y below.
float lessonScaleBar(const LessonStagePanel& all, const std::string& words, const Box& box);

/// One query's row as bars over its keys, a plot a variant; returns the y below.
float drawLessonBars(const LessonStagePanel& all, const Box& box);
/// The maps beside each other; `room` keeps what the renderer draws.
float drawLessonMaps(const LessonStagePanel& all, LessonRoom& room, const Box& box);
/// Rows of measured numbers, the ones of `lit` values marked. Without a parameter a name and a number a line.
float drawLessonTable(Ui& ui, const LessonPanel& panel, const std::vector<PanelRow>& rows,
                      const std::vector<double>& lit, const Box& box);

}  // namespace headlight
