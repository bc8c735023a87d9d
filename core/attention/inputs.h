#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/position/rotary.h"
#include "core/attention/stage.h"
#include "core/attention/tensor_source.h"
#include "core/base/matrix.h"

namespace headlight {

/// The sizes that all shapes follow from.
struct Sizes {
  std::int64_t queries = 0;  ///< Tq
  std::int64_t keys = 0;     ///< Tk, the length of the key axis: in self-attention Tq + extraKeys
  int heads = 0;             ///< H
  int kvHeads = 0;           ///< Hkv; query head h uses key-value head h ÷ (H ÷ Hkv), whole part
  std::int64_t dModel = 0;
  std::int64_t dK = 0;
  std::int64_t dV = 0;  ///< 0 when there are no values: stages end at `weights`
  /// The last keys of the axis, which no token has: bias_k, then the zero key (attention.md A.2). No mask,
  /// bias or rotation touches them.
  std::int64_t extraKeys = 0;

  std::int64_t tokenKeys() const { return keys - extraKeys; }

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

/// Heads that several owners read: what is given and stays as it is, is never copied.
class SharedHeads {
 public:
  SharedHeads() = default;
  explicit SharedHeads(std::shared_ptr<const Heads> heads) : heads_(std::move(heads)) {}
  explicit SharedHeads(Heads heads) : heads_(std::make_shared<const Heads>(std::move(heads))) {}

  const Heads& all() const { return *heads_; }
  std::size_t size() const { return heads_->size(); }
  bool empty() const { return heads_->empty(); }
  const Matrix& operator[](std::size_t head) const { return (*heads_)[head]; }
  const Matrix& front() const { return heads_->front(); }
  Heads::const_iterator begin() const { return heads_->begin(); }
  Heads::const_iterator end() const { return heads_->end(); }

 private:
  std::shared_ptr<const Heads> heads_ = std::make_shared<const Heads>();
};

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

/// Maps made elsewhere: head h's row i begins at element first + h · headStride + i · Tk.
struct GivenMaps {
  Stage enters = Stage::weights;  ///< weights, to which nothing is applied, or scaled
  std::shared_ptr<const GivenTensor> tensor;
  std::int64_t first = 0;
  std::int64_t headStride = 0;
};

/// What the mathematics starts from: `x` and the projections, or q and k (and v) themselves, or maps (and v).
struct Inputs {
  Sizes sizes;
  Caused<Matrix> x;            ///< [Tq, d_model], the position already added
  Caused<Matrix> memory;       ///< [Tk, width of the keys' inputs] for cross-attention
  Caused<Matrix> memoryValue;  ///< [Tk, …] where the values are made of another sequence than the keys
  Caused<Linear> wQ;           ///< [d_model, H·d_k]
  Caused<Linear> wK;           ///< [d_model, Hkv·d_k]
  Caused<Linear> wV;           ///< [d_model, Hkv·d_v]
  Caused<Linear> wO;           ///< [H·d_v, d_model]
  Caused<Heads> q;             ///< given: [H][Tq, d_k]
  Caused<Heads> k;             ///< given: [Hkv][Tk, d_k]
  Caused<Heads> v;             ///< given: [Hkv][Tk, d_v]
  Caused<Heads> extraK;        ///< [Hkv][extraKeys, d_k], appended after projection and rotation
  Caused<Heads> extraV;        ///< [Hkv][extraKeys, d_v]
  Caused<GivenMaps> maps;
  std::optional<Rotary> rotary;  ///< turns q and k, projected or given
  std::vector<HeadEdit> edits;
  std::vector<bool> paddedKeys;  ///< which keys are [PAD]; empty when none is
};

}  // namespace headlight
