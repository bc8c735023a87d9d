#include "core/figure/compared_maps.h"

#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/describe/words.h"
#include "core/figure/look_of.h"
#include "core/figure/overlays.h"

namespace headlight {
namespace {

constexpr int kListed = 5;  // largest differences

Error usage(std::string what, std::string hint = "") {
  return Error{ErrorCode::usage, std::move(what), "", std::move(hint)};
}

}  // namespace

std::string ComparedMaps::nameOf(const Evaluation& evaluation, int head) {
  return head == kMeanHead ? "mean of heads" : headName(evaluation, head);
}

Status ComparedMaps::choose() {
  const FigureSpec& spec = scene_.spec;
  const ViewSpec& view = scene_.evaluation.experiment.view;
  if (spec.heads.size() > 2)
    return usage("layout difference takes one head from another, found " + std::to_string(spec.heads.size()) +
                 " heads");
  if (!spec.minus && !spec.minusStage && spec.heads.size() < 2)
    return usage("layout difference takes one map from another, found one",
                 "Give two heads, a second stage or a second experiment");
  Side& a = sides_[0];
  Side& b = sides_[1];
  a = {&scene_.evaluation, spec.stage.value_or(view.stage), spec.heads.empty() ? view.head : spec.heads[0],
       "", false};
  b = a;
  if (spec.minus) b.evaluation = spec.minus.get();
  b.stage = spec.minusStage.value_or(a.stage);
  if (spec.heads.size() == 2) b.head = spec.heads[1];
  if (spec.heads.size() == 2 && !(info(a.stage).perHead && info(b.stage).perHead))
    return usage("the stage " + std::string(info(info(a.stage).perHead ? b.stage : a.stage).id) +
                 " has no heads to take from one another");
  byExperiment_ = a.evaluation != b.evaluation;
  byStage_ = a.stage != b.stage;
  byHead_ = a.head != b.head || (!byExperiment_ && !byStage_);
  for (Side& side : sides_) {
    const bool isFirst = &side == &a;
    if (byExperiment_) {
      const std::string& title = side.evaluation->experiment.title;
      side.name = isFirst || spec.minusName.empty() ? title : spec.minusName;
      if (side.name.empty()) side.name = isFirst ? "first" : "second";
    }
    if (byStage_) {
      side.isMarkup = side.name.empty();
      side.name += (side.name.empty() ? "" : ", ") + std::string(info(side.stage).label);
    }
    if (byHead_ && !side.isMarkup)
      side.name += (side.name.empty() ? "" : ", ") + nameOf(*side.evaluation, side.head);
    if (byHead_ && side.isMarkup) side.name += " of H" + std::to_string(side.head);
  }
  return {};
}

Status ComparedMaps::read() {
  std::vector<Field> fields;
  for (const Side& side : sides_) {
    auto field = Field::make(side.evaluation->run, side.stage, side.head);
    if (!field) {
      Error error = field.error();
      if (byExperiment_) error.what = side.name + ": " + error.what;
      return error;
    }
    fields.push_back(std::move(*field));
  }
  auto made = FieldDifference::make(fields[0], fields[1]);
  if (!made) {
    return usage(nameWithShape(sides_[0], fields[0]) + ", " + nameWithShape(sides_[1], fields[1]) +
                     ": only maps of one shape have a difference",
                 "");
  }
  difference_.emplace(std::move(*made));
  const auto part = partOf(scene_, fields[0]);
  if (!part) return part.error();
  part_ = *part;
  if (Status status = checkHighlights(scene_, fields[0]); !status) return status;
  if (Status status = findRanges(); !status) return status;
  const FieldStatistics statistics = difference_->statistics(scene_.pool, scene_.cancel);
  range_ = differenceRange(statistics);
  largest_ = difference_->largest(kListed, scene_.pool, scene_.cancel);
  if (scene_.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  const Colormap* named = colormap(scene_.spec.colormap);
  if (!named || !named->diverging) named = colormap(scene_.evaluation.experiment.view.colormap);
  differenceMap_ = named && named->diverging ? named : &defaultColormap(true, scene_.spec.dark());
  return {};
}

std::string ComparedMaps::nameWithShape(const Side& side, const Field& field) {
  return (side.name.empty() ? "the first" : side.name) + " is [" + grouped(field.rows()) + ", " +
         grouped(field.cols()) + "]";
}

Status ComparedMaps::findRanges() {
  const Stage first = sides_[0].stage;
  const Stage second = sides_[1].stage;
  shownAs_ = comparedRangeStage(first, second);
  const auto map = colormapOf(scene_, shownAs_, !byStage_);
  if (!map) return map.error();
  map_ = *map;
  const ViewSpec& view = scene_.evaluation.experiment.view;
  const auto choice = rangeOf(scene_, first, true);
  if (!choice) return choice.error();
  const bool twoHeads = !byExperiment_ && !byStage_;
  if (scene_.spec.sharedRange || (twoHeads && view.sharedRange)) {
    auto range = rangeFor(scene_, first, sides_[0].head, true);
    if (!range) return range.error();
    bothRange_ = std::move(*range);
    return {};
  }
  const std::vector<Field> fields{difference_->first(), difference_->second()};
  const auto all = statisticsOf(scene_, fields);
  if (!all) return all.error();
  const FieldStatistics* const pointers[] = {&(*all)[0], &(*all)[1]};
  const std::int64_t keys = scene_.run().sizes.keys;
  const std::string_view chosen = choice->byDefault ? std::string_view() : std::string_view(choice->mode);
  bothRange_ =
      resolveRange(comparedRangeMode(chosen, first, second, keys), shownAs_, keys, pointers, choice->custom);
  return {};
}

std::string ComparedMaps::briefName(const Side& side) const {
  const bool twoHeads = byHead_ && !byExperiment_ && !byStage_ && side.head != kMeanHead;
  return twoHeads ? "H" + std::to_string(side.head) : side.name;
}

std::string ComparedMaps::cellName(const CellDifference& cell) const {
  const TokenNames names = TokenNames::of(scene_.evaluation);
  const Stage stage = sides_[0].stage;
  const auto row = static_cast<std::size_t>(cell.row);
  if (isMap(stage)) {
    const bool isWeight = stage == Stage::weights && !byStage_;
    if (isWeight) return names.queries[row] + " attends to " + names.key(cell.row, cell.col);
    return names.queries[row] + " · " + names.keys[static_cast<std::size_t>(cell.col)];
  }
  const auto& tokens = info(stage).rows == Axis::key ? names.keys : names.queries;
  return (row < tokens.size() ? tokens[row] : std::to_string(cell.row)) + ", dimension " +
         std::to_string(cell.col);
}

std::string ComparedMaps::sumText(const CellDifference& cell) const {
  const double size =
      std::max({std::abs(static_cast<double>(cell.first)), std::abs(static_cast<double>(cell.second)), 1e-9});
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 ? 3 : 5;
  const std::string second = fixed(static_cast<double>(cell.second), decimals);
  return fixed(static_cast<double>(cell.first), decimals) + " − " +
         (cell.second < 0 ? "(" + second + ")" : second) + " = " + (cell.difference > 0 ? "+" : "") +
         fixed(static_cast<double>(cell.difference), decimals);
}

}  // namespace headlight
