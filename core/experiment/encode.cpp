#include <algorithm>

#include "core/base/random.h"
#include "core/experiment/decode.h"
#include "core/experiment/json.h"
#include "core/experiment/schema.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

Value size(const std::optional<std::int64_t>& value) {
  return value ? Value(*value) : Value();
}

Value encodeKind(const Kinded& entry, const KindFamily& family, bool complete) {
  const KindSpec* spec = family.find(entry.kind);
  return spec ? encodeKind(entry, *spec, complete) : Value(entry.kind);
}

Value encodeKinds(const std::vector<Kinded>& entries, const KindFamily& family, bool complete) {
  List list;
  for (const Kinded& entry : entries) list.push_back(encodeKind(entry, family, complete));
  return list;
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

/// Whether the file had members of that section which are not known.
bool hasUnknownMembers(const Experiment& experiment, std::string_view section) {
  const std::string begin = std::string(section) + ".";
  return std::any_of(experiment.unknown.begin(), experiment.unknown.end(),
                     [&](const Member& member) { return member.first.starts_with(begin); });
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
  root.emplace_back("score", Object{{"scale", e.scale},
                                    {"softcap", e.softcap ? Value(*e.softcap) : Value()},
                                    {"bias", encodeKinds(e.biases, biasFamily(), complete)}});
  root.emplace_back("mask", encodeKinds(e.mask, maskFamily(), complete));
  if (!e.edits.empty() || complete) root.emplace_back("edits", encodeEdits(e.edits));
  Value normalizer = encodeKind(e.normalizer, normalizerFamily(), complete);
  if (normalizer.isObject()) {
    normalizer.set("temperature", e.temperature);
    normalizer.set("empty_row", emptyRowWord(e.emptyRow));
  }
  root.emplace_back("normalizer", std::move(normalizer));
  root.emplace_back("ablate", Object{{"heads", List(e.ablatedHeads.begin(), e.ablatedHeads.end())}});
  Value mistake = encodeMistake(e, complete);
  if (mistake.isNull() && hasUnknownMembers(e, "mistake")) mistake = Object{};
  if (!mistake.isNull()) root.emplace_back("mistake", std::move(mistake));
  if (e.notes || complete) root.emplace_back("notes", e.notes ? Value(*e.notes) : Value());
  root.emplace_back("view", encodeView(e.view, complete));
  if (!e.files.empty() || complete) root.emplace_back("files", encodeFiles(e.files));
  Value tree(std::move(root));
  for (const Member& unknown : e.unknown) putBack(tree, unknown);
  return tree;
}

Value encode(const Experiment& experiment) {
  return encodeTree(experiment, false);
}

}  // namespace headlight
