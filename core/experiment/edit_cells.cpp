#include "core/experiment/edit_cells.h"

#include <algorithm>
#include <utility>

#include "core/base/number.h"
#include "core/experiment/edit.h"

namespace headlight {
namespace {

using Pair = std::pair<std::int64_t, std::int64_t>;

/// A pair [query, key] as the file lists it; nothing where it is none.
std::optional<Pair> pairOf(const Value& cell) {
  if (!cell.isList() || cell.list().size() != 2) return std::nullopt;
  const List& pair = cell.list();
  if (!pair[0].isInteger() || !pair[1].isInteger()) return std::nullopt;
  return Pair{pair[0].integer(), pair[1].integer()};
}

const List* droppedIn(const Kinded& mask) {
  static const List kNone;
  if (mask.kind != "cells") return nullptr;
  const Value* drop = mask.find("drop");
  return drop != nullptr && drop->isList() ? &drop->list() : &kNone;
}

bool lies(const Pair& pair, const CellBlock& block) {
  return pair.first >= block.query0 && pair.first < block.query1 && pair.second >= block.key0 &&
         pair.second < block.key1;
}

Error tooMany(std::int64_t count) {
  return {ErrorCode::invalid,
          "found " + grouped(count) + " cells to be dropped one by one, accepted are at most " +
              grouped(kMostDropped),
          "mask",
          "Zoom in and paint less, or add a mask that says it in one line: causal, window, prefix or block"};
}

}  // namespace

std::optional<double> editedValue(const Experiment& experiment, std::string_view stage,
                                  const std::vector<std::int64_t>& at) {
  // Of two edits of a cell the later one counts.
  for (auto edit = experiment.edits.rbegin(); edit != experiment.edits.rend(); ++edit) {
    if (edit->stage == stage && edit->at == at) return edit->value;
  }
  return std::nullopt;
}

Result<Experiment> withCell(const Experiment& experiment, const std::string& stage,
                            const std::vector<std::int64_t>& at, std::optional<double> value) {
  List edits;
  bool set = false;
  const auto add = [&edits](const CellEdit& edit, double now) {
    edits.emplace_back(
        Object{{"stage", edit.stage}, {"at", List(edit.at.begin(), edit.at.end())}, {"value", now}});
  };
  for (const CellEdit& edit : experiment.edits) {
    const bool same = edit.stage == stage && edit.at == at;
    if (same && (set || !value)) continue;
    add(edit, same ? *value : edit.value);
    set = set || same;
  }
  if (value && !set) add({stage, at, *value}, *value);
  // `edit` drops what lies outside, as it must where a text grows shorter; here it was asked for.
  Result<Experiment> edited = edit(experiment, "edits", Value(std::move(edits)));
  if (!edited || !value || editedValue(*edited, stage, at)) return edited;
  return Error{ErrorCode::invalid, "there is no such cell of " + stage, "edits", ""};
}

bool isDroppedByHand(const Experiment& experiment, std::int64_t query, std::int64_t key) {
  for (const Kinded& mask : experiment.mask) {
    const List* list = droppedIn(mask);
    if (list == nullptr) continue;
    const bool there = std::any_of(list->begin(), list->end(), [&](const Value& cell) {
      const auto pair = pairOf(cell);
      return pair && *pair == Pair{query, key};
    });
    if (there) return true;
  }
  return false;
}

Result<Experiment> withBlock(const Experiment& experiment, const CellBlock& block, bool drop) {
  if (drop && block.cells() > kMostDropped) return tooMany(block.cells());
  List masks;
  bool listed = false;
  const auto fresh = [&block](std::vector<Pair>& pairs) {
    for (std::int64_t i = block.query0; i < block.query1; ++i) {
      for (std::int64_t j = block.key0; j < block.key1; ++j) pairs.emplace_back(i, j);
    }
  };
  const auto add = [&masks](std::vector<Pair> pairs) {
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    List list;
    list.reserve(pairs.size());
    for (const auto& [query, key] : pairs) list.emplace_back(List{Value(query), Value(key)});
    if (!list.empty()) masks.emplace_back(Object{{"kind", Value("cells")}, {"drop", Value(std::move(list))}});
    return static_cast<std::int64_t>(pairs.size());
  };
  for (const Kinded& mask : experiment.mask) {
    const List* list = droppedIn(mask);
    if (list == nullptr || (drop && listed)) {
      Object entry{{"kind", Value(mask.kind)}};
      entry.insert(entry.end(), mask.keys.begin(), mask.keys.end());
      masks.emplace_back(std::move(entry));
      continue;
    }
    std::vector<Pair> pairs;
    for (const Value& cell : *list) {
      const auto pair = pairOf(cell);
      if (pair && !lies(*pair, block)) pairs.push_back(*pair);
    }
    if (drop) fresh(pairs);
    listed = true;
    if (const std::int64_t count = add(std::move(pairs)); drop && count > kMostDropped) return tooMany(count);
  }
  if (drop && !listed) {
    std::vector<Pair> pairs;
    fresh(pairs);
    add(std::move(pairs));
  }
  return edit(experiment, "mask", Value(std::move(masks)));
}

}  // namespace headlight
