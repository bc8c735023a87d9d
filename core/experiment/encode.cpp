#include <algorithm>

#include "core/base/random.h"
#include "core/experiment/decode.h"
#include "core/experiment/json.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

Value encodeTokens(const TokenSpec& spec) {
  switch (spec.kind) {
    case TokenSpec::Kind::text:
      return Object{{"text", spec.text}, {"split", spec.split}};
    case TokenSpec::Kind::list:
      return Object{{"list", List(spec.list.begin(), spec.list.end())}};
    case TokenSpec::Kind::count:
      return Object{{"count", spec.count}};
    case TokenSpec::Kind::file:
      return Object{{"file", spec.file}};
    case TokenSpec::Kind::indices:
      return Value();
  }
  return Value();
}

Value size(const std::optional<std::int64_t>& value) {
  return value ? Value(*value) : Value();
}

Value encodeKind(const Kinded& entry, const KindFamily& family, bool complete) {
  const KindSpec* spec = family.find(entry.kind);
  return spec ? encodeKind(entry, *spec, complete) : Value(entry.kind);
}

std::string_view emptyRowWord(EmptyRow policy) {
  if (policy == EmptyRow::nan) return "nan";
  return policy == EmptyRow::uniform ? "uniform" : "zeros";
}

Value encodeEdits(const std::vector<CellEdit>& edits) {
  List list;
  for (const CellEdit& edit : edits) {
    list.emplace_back(
        Object{{"stage", edit.stage}, {"at", List(edit.at.begin(), edit.at.end())}, {"value", edit.value}});
  }
  return list;
}

/// Puts a member back at its path. What stood around it may be gone; then it is gone too.
void putBack(Value& root, const Member& unknown) {
  const auto steps = parsePath(unknown.first);
  if (!steps || steps->empty()) return;
  Value* here = &root;
  for (std::size_t i = 0; i + 1 < steps->size(); ++i) {
    const std::string& step = (*steps)[i];
    if (here->isList()) {
      const auto index = listIndex(step, here->list().size());
      if (index < 0 || static_cast<std::size_t>(index) == here->list().size()) return;
      here = &here->list()[static_cast<std::size_t>(index)];
    } else {
      here = here->find(step);
      if (!here) return;
    }
  }
  if (here->isObject() && !here->find(steps->back())) here->set(steps->back(), unknown.second);
}

}  // namespace

Value encodeTree(const Experiment& e, bool complete) {
  Object root{{"type", kExperimentType}, {"version", kExperimentVersion}, {"title", e.title}};
  if (e.tokens.kind != TokenSpec::Kind::indices || complete)
    root.emplace_back("tokens", encodeTokens(e.tokens));
  root.emplace_back("memory", e.memory ? encodeTokens(*e.memory) : Value());
  root.emplace_back("source", encodeKind(e.source, sourceFamily(), complete));
  root.emplace_back("shape", Object{{"d_model", size(e.shape.dModel)},
                                    {"heads", size(e.shape.heads)},
                                    {"kv_heads", size(e.shape.kvHeads)},
                                    {"d_k", size(e.shape.dK)},
                                    {"d_v", size(e.shape.dV)}});
  root.emplace_back("position", encodeKind(e.position, positionFamily(), complete));
  root.emplace_back("score", Object{{"scale", e.scale}, {"softcap", Value()}, {"bias", List{}}});
  List masks;
  for (const Kinded& mask : e.mask) masks.push_back(encodeKind(mask, maskFamily(), complete));
  root.emplace_back("mask", std::move(masks));
  if (!e.edits.empty() || complete) root.emplace_back("edits", encodeEdits(e.edits));
  Value normalizer = encodeKind(e.normalizer, normalizerFamily(), complete);
  if (normalizer.isObject()) {
    normalizer.set("temperature", e.temperature);
    normalizer.set("empty_row", emptyRowWord(e.emptyRow));
  }
  root.emplace_back("normalizer", std::move(normalizer));
  root.emplace_back("ablate", Object{{"heads", List(e.ablatedHeads.begin(), e.ablatedHeads.end())}});
  if (complete) root.emplace_back("mistake", Value());
  if (e.notes || complete) root.emplace_back("notes", e.notes ? Value(*e.notes) : Value());
  root.emplace_back("view", encodeView(e.view, complete));
  Value tree(std::move(root));
  for (const Member& unknown : e.unknown) putBack(tree, unknown);
  return tree;
}

Value encode(const Experiment& experiment) {
  return encodeTree(experiment, false);
}

}  // namespace headlight
