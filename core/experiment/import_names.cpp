#include "core/experiment/import_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/words.h"

namespace headlight {
namespace {

struct Row {
  std::string_view word;
  ImportRole role;
  bool scores = false;
  bool paddingMask = false;
};

// As PyTorch, Hugging Face, TransformerLens and papers call them, and Headlight itself.
constexpr Row kNames[] = {
    {"q", ImportRole::q},
    {"query", ImportRole::q},
    {"queries", ImportRole::q},
    {"query_states", ImportRole::q},
    {"hook_q", ImportRole::q},
    {"hook_rot_q", ImportRole::q},
    {"k", ImportRole::k},
    {"key", ImportRole::k},
    {"keys", ImportRole::k},
    {"key_states", ImportRole::k},
    {"hook_k", ImportRole::k},
    {"hook_rot_k", ImportRole::k},
    {"v", ImportRole::v},
    {"value", ImportRole::v},
    {"values", ImportRole::v},
    {"value_states", ImportRole::v},
    {"hook_v", ImportRole::v},
    {"w_o", ImportRole::wO},
    {"wo", ImportRole::wO},
    {"b_o", ImportRole::bO},
    {"bo", ImportRole::bO},
    {"weights", ImportRole::maps},
    {"a", ImportRole::maps},
    {"attn", ImportRole::maps},
    {"attention", ImportRole::maps},
    {"attentions", ImportRole::maps},
    {"attn_weights", ImportRole::maps},
    {"attention_weights", ImportRole::maps},
    {"attention_probs", ImportRole::maps},
    {"attn_probs", ImportRole::maps},
    {"probs", ImportRole::maps},
    {"pattern", ImportRole::maps},
    {"patterns", ImportRole::maps},
    {"hook_pattern", ImportRole::maps},
    {"map", ImportRole::maps},
    {"maps", ImportRole::maps},
    {"scores", ImportRole::maps, true},
    {"attn_scores", ImportRole::maps, true},
    {"hook_attn_scores", ImportRole::maps, true},
    {"attention_scores", ImportRole::maps, true},
    {"logits", ImportRole::maps, true},
    {"scaled", ImportRole::maps, true},
    {"mask", ImportRole::mask},
    {"attn_mask", ImportRole::mask},
    {"src_mask", ImportRole::mask},
    {"tgt_mask", ImportRole::mask},
    {"bias_mask", ImportRole::mask},
    {"attention_mask", ImportRole::mask, false, true},
    {"padding_mask", ImportRole::mask, false, true},
    {"key_padding_mask", ImportRole::mask, false, true},
    {"src_key_padding_mask", ImportRole::mask, false, true},
    {"x", ImportRole::x},
    {"input", ImportRole::x},
    {"inputs", ImportRole::x},
    {"hidden_states", ImportRole::x},
    {"embeddings", ImportRole::x},
    {"memory", ImportRole::memory},
    {"context", ImportRole::memory},
    {"encoder_hidden_states", ImportRole::memory},
};

const Row* rowOf(std::string_view word) {
  const auto found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const Row& row) { return row.word == word; });
  return found == std::end(kNames) ? nullptr : &*found;
}

/// The words of a name that stand for something at its end, "attn_mask" before "mask".
const Row* rowAtEnd(std::string_view part) {
  for (std::size_t at = part.find_first_of("_- "); at != std::string_view::npos;
       at = part.find_first_of("_- ", at + 1)) {
    const std::string_view before = part.substr(0, at);
    // w_q and q_proj_weight are matrices of the layer, not what it made.
    if (before == "w" || before == "b" || before.ends_with("weight") || before.ends_with("bias")) continue;
    if (const Row* row = rowOf(part.substr(at + 1))) return row;
  }
  return nullptr;
}

}  // namespace

ImportName readImportName(std::string_view name) {
  const std::size_t dot = name.find_last_of("./");
  const std::size_t begin = dot == std::string_view::npos ? 0 : dot + 1;
  ImportName read;
  read.group = name.substr(0, begin);
  const std::string part = lowered(name.substr(begin));
  const Row* row = rowOf(part);
  read.exact = row != nullptr;
  if (row == nullptr) row = rowAtEnd(part);
  if (row == nullptr) return read;
  read.role = row->role;
  read.scores = row->scores;
  read.paddingMask = row->paddingMask;
  read.tokensBeforeHeads =
      part.starts_with("hook_") &&
      (row->role == ImportRole::q || row->role == ImportRole::k || row->role == ImportRole::v);
  return read;
}

}  // namespace headlight
