#include "core/experiment/change.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/experiment/decode.h"
#include "core/experiment/parameters.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

using Steps = std::vector<std::string>;

void collectPaths(const Value& value, const std::string& path, std::vector<std::string>& paths) {
  if (!path.empty()) paths.push_back(path);
  if (value.isObject()) {
    for (const auto& [name, member] : value.object()) {
      collectPaths(member, path.empty() ? name : std::string(path).append(".").append(name), paths);
    }
  }
  constexpr std::size_t kFew = 16;
  if (value.isList() && value.list().size() <= kFew) {
    for (std::size_t i = 0; i < value.list().size(); ++i) {
      collectPaths(value.list()[i], path + "." + std::to_string(i), paths);
    }
  }
}

Error unknownPath(const Value& tree, std::string_view path, const Steps& steps, std::size_t at,
                  const std::vector<std::string_view>& names) {
  std::vector<std::string> candidates;
  for (const ParameterInfo& row : parameters()) candidates.emplace_back(row.id);
  collectPaths(tree, "", candidates);
  std::string prefix;
  for (std::size_t i = 0; i < at; ++i) prefix += steps[i] + ".";
  std::vector<std::string> words;
  for (const std::string_view name : names) {
    words.emplace_back(name);
    candidates.push_back(prefix + std::string(name));
  }
  return Error{ErrorCode::usage,
               "found no \"" + steps[at] + "\"" +
                   (at == 0 ? "" : " in " + prefix.substr(0, prefix.size() - 1)) + ", accepted is " +
                   orList(words),
               std::string(path), didYouMean(path, candidates, "")};
}

/// The object that a bare kind or a bare head's name stands for.
void unfold(Value& value, std::span<const std::string> steps) {
  if (!value.isString()) return;
  if (familyAt(steps)) value = Object{{"kind", value.string()}};
  if (steps.size() == 3 && steps[0] == "source" && steps[1] == "heads")
    value = Object{{"name", value.string()}};
}

/// The kind that stands there now, if any.
std::string kindOf(const Value* value) {
  if (!value) return "";
  const Value* kind = value->isString() ? value : value->find("kind");
  return kind && kind->isString() ? kind->string() : "";
}

/// A new kind: the keys of the old one go, those that every kind has stay.
void changeKind(Value& entry, const KindFamily& family, const Value& kind) {
  if (kind.isString() && kindOf(&entry) == kind.string()) return;
  Value fresh = Object{{"kind", kind}};
  for (const KeySpec& key : family.common) {
    if (const Value* old = entry.find(key.name)) fresh.set(key.name, *old);
  }
  entry = std::move(fresh);
}

bool isTokenForm(const std::string& step) {
  return step == "text" || step == "list" || step == "count" || step == "file" || step == "batch" ||
         step == "grid";
}

/// Whether tokens stand there: a sequence, or an element of a batch.
bool areTokens(std::span<const std::string> steps) {
  if (steps.empty() || (steps[0] != "tokens" && steps[0] != "memory")) return false;
  return steps.size() == 1 || (steps.size() == 3 && steps[1] == "batch");
}

Status place(Value& tree, std::string_view path, const Steps& steps, const Value& value) {
  Value* here = &tree;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::span<const std::string> before(steps.data(), i);
    const std::string& step = steps[i];
    const bool last = i + 1 == steps.size();
    unfold(*here, before);
    if (here->isList()) {
      const auto index = listIndex(step, here->list().size());
      if (index < 0) {
        return Error{
            ErrorCode::usage,
            "found \"" + step + "\", accepted is an index from 0 to " + std::to_string(here->list().size()),
            std::string(path), ""};
      }
      const auto at = static_cast<std::size_t>(index);
      if (at == here->list().size()) here->list().emplace_back();
      here = &here->list()[at];
    } else if (here->isObject() || here->isNull()) {
      const auto names = memberNames(tree, before);
      const bool known = !names || std::find(names->begin(), names->end(), step) != names->end();
      if (!known && !here->find(step)) return unknownPath(tree, path, steps, i, *names);
      const KindFamily* family = familyAt(before);
      if (last && family && step == "kind") {
        changeKind(*here, *family, value);
        return {};
      }
      if (areTokens(before) && isTokenForm(step) && !here->find(step)) {
        // Another form of tokens takes the place of the one that was there.
        *here = Value(Object{});
      }
      if (!here->find(step)) here->set(step, Value());
      here = here->find(step);
    } else {
      return unknownPath(tree, path, steps, i, {});
    }
    if (!last) continue;
    const KindFamily* family = familyAt(steps);
    if (family && value.isString()) {
      unfold(*here, steps);
      changeKind(*here, *family, value);
    } else {
      *here = value;
    }
  }
  return {};
}

/// Bare kinds stand for lists of one, and `none` for no mask or bias at all.
void unfoldList(Value* list) {
  if (!list || list->isList() || list->isNull()) return;
  *list = list->isString() && list->string() == "none" ? Value(List{}) : Value(List{*list});
}

/// What the old source's matrices decided, or the new one's will decide, is left out.
void followSource(Value& tree, const Value& before) {
  Report quiet;
  const Place nowhere;
  const Value* source = tree.find("source");
  if (!source || source->isNull()) return;
  const auto now = decodeKind(*source, sourceFamily(), nowhere, quiet);
  const auto was = decodeKind(before, sourceFamily(), nowhere, quiet);
  if (!now || !was) return;
  const SourceKind* kind = sourceKind(now->kind);
  if (now->kind != was->kind && kind->decidesShape) {
    Value* shape = tree.find("shape");
    for (const char* key : {"d_model", "d_k", "d_v"}) {
      if (shape) shape->set(key, Value());
    }
    for (const char* key : {"heads", "kv_heads"}) {
      if (shape && !kind->projects) shape->set(key, Value());
    }
  }
  // The opening sentence that nobody asked for makes room for the labels of a matrix.
  Value* tokens = tree.find("tokens");
  const Value opening = *encodeTree(Experiment(), true).find("tokens");
  if (tokens && *tokens == opening && defaultTokens(*now).kind == TokenSpec::Kind::indices &&
      defaultTokens(*was).kind != TokenSpec::Kind::indices) {
    *tokens = Value();
  }
}

}  // namespace

Status changeTree(Value& tree, std::string_view path, const Value& value) {
  const auto steps = parsePath(path);
  if (!steps) return steps.error();
  const Value before = tree.find("source") ? *tree.find("source") : Value();
  if (Status placed = place(tree, path, *steps, value); !placed) return placed;
  if (steps->front() == "mask") unfoldList(tree.find("mask"));
  if (Value* score = tree.find("score"); score && steps->front() == "score") unfoldList(score->find("bias"));
  if (steps->front() == "source") followSource(tree, before);
  return {};
}

}  // namespace headlight
