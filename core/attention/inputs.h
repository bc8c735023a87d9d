#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/attention/stage.h"
#include "core/base/matrix.h"

namespace headlight {

/// The sizes that all shapes follow from.
struct Sizes {
  std::int64_t queries = 0;  ///< Tq
  std::int64_t keys = 0;     ///< Tk, = Tq in self-attention
  int heads = 0;             ///< H
  int kvHeads = 0;           ///< Hkv; query head h uses key-value head h ÷ (H ÷ Hkv), whole part
  std::int64_t dModel = 0;
  std::int64_t dK = 0;
  std::int64_t dV = 0;  ///< 0 when there are no values: stages end at `weights`

  int kvHeadOf(int head) const { return head / (heads / kvHeads); }
  bool operator==(const Sizes&) const = default;
};

/// y = x W + b: weight [in, out], bias [out] or empty.
struct Linear {
  Matrix weight;
  AlignedFloats bias;
};

/// A matrix per head: [H][T, d].
using Heads = std::vector<Matrix>;

/// A shared value with the key of what caused it: equal keys, equal numbers. Null when the source has none.
template <class T>
struct Caused {
  std::uint64_t key = 0;
  std::shared_ptr<const T> value;

  explicit operator bool() const { return value != nullptr; }
  const T& operator*() const { return *value; }
  const T* operator->() const { return value.get(); }
};

/// A cell of q, k or v that was set by hand: [head, row, column].
struct HeadEdit {
  Stage stage = Stage::q;
  int head = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;
  float value = 0;
  bool operator==(const HeadEdit&) const = default;
};

/// What the mathematics starts from. Either `x` and the projections are given, or q and k (and v) themselves.
struct Inputs {
  Sizes sizes;
  Caused<Matrix> x;       ///< [Tq, d_model], the position already added
  Caused<Matrix> memory;  ///< [Tk, d_model] for cross-attention
  Caused<Linear> wQ;      ///< [d_model, H·d_k]
  Caused<Linear> wK;      ///< [d_model, Hkv·d_k]
  Caused<Linear> wV;      ///< [d_model, Hkv·d_v]
  Caused<Linear> wO;      ///< [H·d_v, d_model]
  Caused<Heads> q;        ///< given: [H][Tq, d_k]
  Caused<Heads> k;        ///< given: [Hkv][Tk, d_k]
  Caused<Heads> v;        ///< given: [Hkv][Tk, d_v]
  std::vector<HeadEdit> edits;
  std::vector<bool> paddedKeys;  ///< which keys are [PAD]; empty when none is
};

}  // namespace headlight
