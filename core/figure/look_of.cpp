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

// The fields whose numbers a range spans: of all heads where they share it, else of the one.
Result<std::vector<Field>> headFields(const Scene& scene, Stage stage, int head) {
  const bool all = scene.evaluation.experiment.view.sharedRange && info(stage).perHead;
  std::vector<Field> fields;
  for (int h = all ? 0 : head; h <= (all ? scene.run().sizes.heads - 1 : head); ++h) {
    auto field = Field::make(scene.evaluation.run, stage, h);
    if (!field) return field.error();
    // Query heads that share keys and values have one field.
    if (fields.empty() || fields.back().key() != field->key()) fields.push_back(std::move(*field));
  }
  return fields;
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
  return &defaultColormap(isSigned, scene.spec.dark());
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
  } else if (!view.range.empty() && viewSpeaksOf(scene, stage)) {
    return RangeChoice{view.range, view.customRange, stage};
  }
  return rangeChoice("", {0, 1}, stage, scene.run().sizes.keys, scene.run().has(Stage::dot));
}

Result<Range> rangeFor(Scene& scene, Stage stage, int head, bool forced) {
  if (scene.spec.sharedRange && (forced || stage == Stage::weights)) return *scene.spec.sharedRange;
  const auto choice = rangeOf(scene, stage, forced);
  if (!choice) return choice.error();
  const ViewSpec& view = scene.evaluation.experiment.view;
  const std::vector<std::int64_t> none;
  const bool leaves = !view.leaveOut.empty() && (forced || stage == view.stage);
  if (!leaves && !needsStatistics(choice->mode, stage)) return rangeOver(scene, stage, *choice, {});
  const auto counted = headFields(scene, choice->counted, head);
  if (!counted) return counted.error();
  const auto statistics = statisticsOf(scene, *counted, leaves ? view.leaveOut : none);
  if (!statistics) return statistics.error();
  Range range = rangeOver(scene, stage, *choice, *statistics);
  if (choice->byDefault && choice->mode == "robust") {
    range.rule = choice->counted == Stage::dot ? "96 % of QK^T" : "96 % of scores";
    if (counted->size() > 1) range.rule += ", all heads";
  }
  if (!leaves && choice->counted == stage) return range;
  // What does not count for the range is drawn all the same, and may lie beyond it.
  const auto drawn = headFields(scene, stage, head);
  if (!drawn) return drawn.error();
  const auto all = statisticsOf(scene, *drawn);
  if (!all) return all.error();
  markBeyond(range, pointersTo(*all));
  return range;
}

bool needsStatistics(std::string_view mode, Stage stage) {
  return mode != "unit" || stage != Stage::weights;
}

Result<std::vector<FieldStatistics>> statisticsOf(Scene& scene, std::span<const Field> fields,
                                                  std::span<const std::int64_t> leaveOut) {
  std::vector<FieldStatistics> all;
  all.reserve(fields.size());
  for (const Field& field : fields) {
    all.push_back(field.statistics(scene.pool, scene.cancel, leaveOut));
    if (scene.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  }
  return all;
}

Range rangeOver(const Scene& scene, Stage stage, const RangeChoice& choice,
                std::span<const FieldStatistics> all) {
  return resolveRange(choice.mode, stage, scene.run().sizes.keys, pointersTo(all), choice.custom);
}

std::string ruleText(const Range& range) {
  if (!range.rule.ends_with("maximum") && !range.rule.ends_with("difference")) return range.rule;
  const int decimals = range.high >= 100    ? 0
                       : range.high >= 10   ? 1
                       : range.high >= 1    ? 2
                       : range.high >= 0.01 ? 3
                                            : 6;
  return range.rule + " " + fixed(range.high, decimals);
}

}  // namespace headlight
