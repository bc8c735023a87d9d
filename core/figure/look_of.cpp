#include "core/figure/look_of.h"

#include <algorithm>
#include <cmath>

#include "core/base/kinds.h"
#include "core/base/number.h"

namespace headlight {
namespace {

Error usage(std::string what) {
  return Error{ErrorCode::usage, std::move(what), "", ""};
}

// What the view says of its own stage is meant for stages drawn the same way.
bool viewSpeaksOf(const Scene& scene, Stage stage) {
  return info(scene.evaluation.experiment.view.stage).isSigned == info(stage).isSigned;
}

}  // namespace

Result<const Colormap*> colormapOf(const Scene& scene, Stage stage, bool forced) {
  const bool isSigned = info(stage).isSigned;
  if (!scene.spec.colormap.empty()) {
    const Colormap* named = colormap(scene.spec.colormap);
    if (!named) {
      std::string accepted;
      for (const Colormap& map : colormaps())
        accepted += (accepted.empty() ? "" : ", ") + std::string(map.id);
      return usage("found colormap \"" + scene.spec.colormap + "\", accepted are " + accepted);
    }
    if (forced || named->diverging == isSigned) return named;
  }
  const Colormap* viewed = colormap(scene.evaluation.experiment.view.colormap);
  if (viewed && viewed->diverging == isSigned && viewSpeaksOf(scene, stage)) return viewed;
  return &defaultColormap(isSigned, scene.spec.dark);
}

Result<RangeChoice> rangeOf(const Scene& scene, Stage stage, bool forced) {
  RangeChoice choice;
  choice.counted = stage;
  const ViewSpec& view = scene.evaluation.experiment.view;
  if (!scene.spec.range.empty()) {
    const auto modes = rangeModes();
    if (std::find(modes.begin(), modes.end(), scene.spec.range) != modes.end()) {
      choice.mode = scene.spec.range;
    } else {
      const std::size_t comma = scene.spec.range.find(',');
      const auto low = parseNumber(scene.spec.range.substr(0, comma));
      const auto high =
          comma == std::string::npos ? std::nullopt : parseNumber(scene.spec.range.substr(comma + 1));
      if (!low || !high || !std::isfinite(*low) || !std::isfinite(*high) || !(*low < *high)) {
        std::string accepted;
        for (std::string_view mode : modes) accepted += std::string(mode) + ", ";
        return usage("found range \"" + scene.spec.range + "\", accepted are " + accepted +
                     "or two rising numbers lo,hi");
      }
      choice.mode = "custom";
      choice.custom = {*low, *high};
    }
    const bool suits = info(stage).isSigned == info(scene.spec.stage.value_or(view.stage)).isSigned;
    if (forced || suits) return choice;
    choice = {};
  } else if (!view.range.empty() && viewSpeaksOf(scene, stage)) {
    return RangeChoice{view.range, view.customRange, stage};
  }
  choice.mode = std::string(defaultRangeMode(stage, scene.run().sizes.keys));
  choice.counted = rangeStage(stage, scene.run().has(Stage::dot));
  return choice;
}

bool needsStatistics(std::string_view mode, Stage stage) {
  return mode != "unit" || stage != Stage::weights;
}

Result<std::vector<FieldStatistics>> statisticsOf(Scene& scene, std::span<const Field> fields) {
  std::vector<FieldStatistics> all;
  for (const Field& field : fields) {
    all.push_back(field.statistics(scene.pool, scene.cancel));
    if (scene.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  }
  return all;
}

Range rangeOver(const Scene& scene, Stage stage, const RangeChoice& choice,
                std::span<const FieldStatistics> all) {
  std::vector<const FieldStatistics*> pointers;
  for (const FieldStatistics& s : all) pointers.push_back(&s);
  return resolveRange(choice.mode, stage, scene.run().sizes.keys, pointers, choice.custom);
}

std::string ruleText(const Range& range) {
  if (!range.rule.ends_with("maximum")) return range.rule;
  const int decimals = range.high >= 100    ? 0
                       : range.high >= 10   ? 1
                       : range.high >= 1    ? 2
                       : range.high >= 0.01 ? 3
                                            : 6;
  return range.rule + " " + fixed(range.high, decimals);
}

}  // namespace headlight
