#include <algorithm>

#include <gtest/gtest.h>

#include "plans.h"

namespace headlight::test {
namespace {

class MemoryTensor : public GivenTensor {
 public:
  MemoryTensor(std::vector<std::int64_t> shape, std::vector<float> numbers)
      : shape_(std::move(shape)), numbers_(std::move(numbers)) {}
  const std::vector<std::int64_t>& shape() const override { return shape_; }
  bool read(std::int64_t first, std::int64_t count, float* out) const override {
    std::copy_n(numbers_.begin() + first, count, out);
    return true;
  }

 private:
  std::vector<std::int64_t> shape_;
  std::vector<float> numbers_;
};

std::vector<float> normals(Numbers& numbers, std::int64_t count, float deviation) {
  std::vector<float> made;
  for (std::int64_t n = 0; n < count; ++n) made.push_back(numbers.normal(deviation));
  return made;
}

List bits(Numbers& numbers, std::int64_t count, double share) {
  List list;
  for (std::int64_t n = 0; n < count; ++n) list.emplace_back(numbers.chance(share) ? 1 : 0);
  return list;
}

/// Makes the entries of one plan.
class Entries {
 public:
  Entries(Numbers& numbers, AttentionPlan& plan)
      : n_(numbers), plan_(plan), s_(plan.inputs.sizes), tensors_(std::make_shared<MemoryTensors>()) {
    plan.tensors = tensors_;
    if (!n_.chance(0.2)) return;
    plan.batches = 3;
    plan.batch = static_cast<int>(n_.whole(0, 2));
  }

  void masks() {
    const auto kinds = maskKinds();
    for (int count = static_cast<int>(n_.whole(0, 2)); count > 0; --count) {
      const auto pick = static_cast<std::size_t>(n_.whole(0, static_cast<std::int64_t>(kinds.size()) - 1));
      Kinded entry = mask(std::string(kinds[pick].spec.kind));
      fillMask(entry);
      // What does not fit the sizes, as ids over two sequences, is left out.
      plan_.masks.push_back(entry);
      if (!MaskPlan::compile(plan_.masks, maskContext(plan_)).ok()) plan_.masks.pop_back();
    }
  }

  void biases() {
    const auto kinds = biasKinds();
    for (int count = n_.chance(0.35) ? static_cast<int>(n_.whole(1, 2)) : 0; count > 0; --count) {
      const auto pick = static_cast<std::size_t>(n_.whole(0, static_cast<std::int64_t>(kinds.size()) - 1));
      Kinded entry{std::string(kinds[pick].spec.kind), {}};
      fillBias(entry);
      plan_.biases.push_back(entry);
      if (!BiasPlan::compile(plan_.biases, {}, maskContext(plan_)).ok()) plan_.biases.pop_back();
    }
  }

  void normalizer() {
    const auto kinds = normalizerKinds();
    const auto pick = static_cast<std::size_t>(n_.whole(0, static_cast<std::int64_t>(kinds.size()) - 1));
    plan_.normalizer = {n_.chance(0.4) ? "softmax" : std::string(kinds[pick].spec.kind), {}};
    if (plan_.normalizer.kind == "sink") {
      List logits;
      for (int h = 0; h < s_.heads; ++h) logits.emplace_back(static_cast<double>(n_.normal()));
      plan_.normalizer.set("logits", std::move(logits));
    }
    if (plan_.normalizer.kind == "sigmoid" && n_.chance(0.5)) plan_.normalizer.set("bias", 0.25);
  }

 private:
  void fillMask(Kinded& e) {
    const std::int64_t tokens = s_.tokenKeys();
    const std::string& kind = e.kind;
    if ((kind == "causal" || kind == "window") && n_.chance(0.5)) e.set("align", "bottom_right");
    if (kind == "causal") e.set("offset", n_.whole(-2, 2));
    if (kind == "window") {
      if (n_.chance(0.7)) e.set("left", n_.whole(0, 5));
      if (n_.chance(0.7)) e.set("right", n_.whole(0, 3));
    }
    if (kind == "padding") e.set("keep", bits(n_, tokens, 0.8));
    if (kind == "dilated") {
      e.set("reach", n_.whole(0, 4));
      e.set("step", n_.whole(1, 3));
    }
    if (kind == "prefix") e.set("length", n_.whole(0, tokens));
    if (kind == "documents") {
      List ids;
      for (std::int64_t j = 0; j < tokens; ++j) ids.emplace_back(n_.whole(0, 2));
      e.set("ids", std::move(ids));
    }
    if (kind == "chunked") e.set("size", n_.whole(1, 9));
    if (kind == "strided") e.set("stride", n_.whole(1, 5));
    if (kind == "fixed") {
      e.set("stride", n_.whole(3, 6));
      e.set("summary", n_.whole(1, 3));
    }
    if (kind == "block") {
      const std::int64_t size = n_.whole(1, 9);
      e.set("size", size);
      List layout;
      for (std::int64_t r = 0; r < (s_.queries + size - 1) / size; ++r) {
        layout.emplace_back(bits(n_, (tokens + size - 1) / size, 0.6));
      }
      e.set("layout", std::move(layout));
    }
    if (kind == "sinks") {
      e.set("count", n_.whole(0, 3));
      e.set("window", n_.whole(1, 6));
    }
    if (kind == "longformer") {
      e.set("window", 2 * n_.whole(1, 4));
      e.set("global", List{Value(std::int64_t{0})});
    }
    if (kind == "bigbird") {
      e.set("block", n_.whole(1, 4));
      e.set("random", n_.whole(0, 2));
      e.set("seed", n_.whole(0, 99));
    }
    if (kind == "cells") {
      List drop;
      for (int count = 0; count < 5; ++count) {
        drop.emplace_back(List{Value(n_.whole(0, s_.queries - 1)), Value(n_.whole(0, tokens - 1))});
      }
      e.set("drop", std::move(drop));
    }
    if (kind == "tensor") fillTensorMask(e);
  }

  void fillTensorMask(Kinded& e) {
    const auto meaning = n_.whole(0, 2);
    e.set("meaning", meaning == 0 ? "keep" : meaning == 1 ? "drop" : "additive");
    const std::vector<std::int64_t> shape = shapeFor(e);
    std::vector<float> cells;
    for (std::int64_t left = sizeOf(shape); left > 0; --left) {
      const bool dropped = n_.chance(0.25);
      cells.push_back(meaning == 2 ? (dropped ? -std::numeric_limits<float>::infinity() : n_.normal())
                                   : (dropped == (meaning == 1) ? 1.0f : 0.0f));
    }
    name(e, "tensor", shape, std::move(cells));
  }

  /// One of the shapes that a mask or bias may have; `axes` is set where it says so.
  std::vector<std::int64_t> shapeFor(Kinded& e) {
    const std::int64_t tokens = s_.tokenKeys();
    const std::int64_t batches = std::max(plan_.batches, 1);
    switch (n_.whole(0, 4)) {
      case 0:
        return {tokens};
      case 1:
        return {s_.queries, tokens};
      case 2:
        return {s_.heads, s_.queries, tokens};
      case 3:
        e.set("axes", "nqk");
        return {batches * s_.heads, s_.queries, tokens};
      default:
        return {batches, 1, s_.queries, tokens};
    }
  }

  static std::int64_t sizeOf(const std::vector<std::int64_t>& shape) {
    std::int64_t size = 1;
    for (const std::int64_t length : shape) size *= length;
    return size;
  }

  void name(Kinded& e, std::string_view key, std::vector<std::int64_t> shape, std::vector<float> numbers) {
    const std::string address = "memory:" + std::to_string(count_++);
    tensors_->add(address, std::move(shape), std::move(numbers));
    e.set(key, address);
  }

  void fillBias(Kinded& e) {
    if (e.kind == "constant") {
      e.set("value", static_cast<double>(n_.normal()));
      if (n_.chance(0.5)) e.set("query", n_.whole(0, s_.queries - 1));
    }
    if (e.kind == "t5") {
      e.set("buckets", 8);
      e.set("max_distance", 20);
      e.set("bidirectional", n_.chance(0.5));
      name(e, "table", {8, s_.heads}, normals(n_, std::int64_t{8} * s_.heads, 1));
    }
    if (e.kind == "tensor") {
      const std::vector<std::int64_t> shape = shapeFor(e);
      name(e, "tensor", shape, normals(n_, sizeOf(shape), 1));
    }
  }

  Numbers& n_;
  AttentionPlan& plan_;
  const Sizes& s_;
  std::shared_ptr<MemoryTensors> tensors_;
  int count_ = 0;
};

Caused<Linear> linear(Numbers& numbers, std::int64_t in, std::int64_t out) {
  auto made = std::make_shared<Linear>();
  made->weight = normalMatrix(numbers, in, out, 1.0f / std::sqrt(static_cast<float>(in)));
  if (numbers.chance(0.7)) {
    for (std::int64_t n = 0; n < out; ++n) made->bias.push_back(numbers.normal(0.3f));
  }
  return {numbers.key(), made};
}

Caused<Matrix> inputs(Numbers& numbers, std::int64_t rows, std::int64_t cols) {
  return {numbers.key(), std::make_shared<Matrix>(normalMatrix(numbers, rows, cols))};
}

void fromInputs(Numbers& numbers, Inputs& in, bool cross) {
  const Sizes& s = in.sizes;
  in.x = inputs(numbers, s.queries, s.dModel);
  std::int64_t keyWidth = s.dModel;
  std::int64_t valueWidth = s.dModel;
  if (cross) {
    keyWidth = valueWidth = numbers.chance(0.5) ? s.dModel : numbers.whole(1, 20);
    in.memory = inputs(numbers, s.tokenKeys(), keyWidth);
    if (numbers.chance(0.3)) {
      valueWidth = numbers.whole(1, 20);
      in.memoryValue = inputs(numbers, s.tokenKeys(), valueWidth);
    }
  }
  in.wQ = linear(numbers, s.dModel, s.heads * s.dK);
  in.wK = linear(numbers, keyWidth, s.kvHeads * s.dK);
  if (s.dV > 0) in.wV = linear(numbers, valueWidth, s.kvHeads * s.dV);
}

void fromMaps(Numbers& numbers, Inputs& in) {
  const Sizes& s = in.sizes;
  auto maps = std::make_shared<GivenMaps>();
  maps->enters = numbers.chance(0.6) ? Stage::scaled : Stage::weights;
  // Three numbers stand before them, as those of another layer would.
  maps->first = 3;
  maps->headStride = s.queries * s.keys;
  std::vector<float> cells = normals(numbers, 3 + s.heads * maps->headStride, 1.5f);
  if (maps->enters == Stage::weights) {
    for (float& cell : cells) cell = std::abs(cell) / static_cast<float>(s.keys);
  }
  const auto size = static_cast<std::int64_t>(cells.size());
  maps->tensor = givenTensor({size}, std::move(cells));
  in.maps = {numbers.key(), maps};
  if (s.dV > 0) in.v = heads(numbers, s.kvHeads, s.keys, s.dV);
}

void edit(Numbers& numbers, Inputs& in) {
  const Sizes& s = in.sizes;
  if (!in.maps) {
    in.edits.push_back({Stage::q, 0, numbers.whole(0, s.queries - 1), numbers.whole(0, s.dK - 1), -1.25f});
    in.edits.push_back({Stage::k, 0, numbers.whole(0, s.keys - 1), numbers.whole(0, s.dK - 1), 1.5f});
  }
  if (s.dV == 0) return;
  in.edits.push_back({Stage::v, 0, numbers.whole(0, s.keys - 1), numbers.whole(0, s.dV - 1), 0.75f});
}

void mistake(Numbers& numbers, AttentionPlan& plan) {
  const std::int64_t pick = numbers.whole(0, 5);
  if (pick != 5) plan.normalizer = {"softmax", {}};
  switch (pick) {
    case 0:
      plan.mistake.overQueries = true;
      break;
    case 1:
      plan.mistake.maskAs = Mistake::MaskAs::zeroScore;
      break;
    case 2:
      plan.mistake.maskAs = Mistake::MaskAs::zeroWeight;
      break;
    case 3:
      // Sums of scores away from 0.
      plan.mistake.plainSum = true;
      plan.biases.push_back({"constant", {{"value", 8.0}}});
      break;
    case 4:
      plan.mistake.keepsMaximum = true;
      break;
    default:
      plan.mistake.meanMerge = true;
  }
}

}  // namespace

void MemoryTensors::add(const std::string& address, std::vector<std::int64_t> shape,
                        std::vector<float> numbers) {
  tensors_[address] = givenTensor(std::move(shape), std::move(numbers));
}

Result<std::shared_ptr<const GivenTensor>> MemoryTensors::open(const std::string& address,
                                                               const std::string& path) const {
  const auto found = tensors_.find(address);
  if (found != tensors_.end()) return found->second;
  return Error{ErrorCode::invalid, "there is no " + address, path, ""};
}

std::uint64_t MemoryTensors::stamp(const std::string& address) const {
  return tensors_.count(address) == 0 ? 0 : std::hash<std::string>()(address) | 1u;
}

std::shared_ptr<const GivenTensor> givenTensor(std::vector<std::int64_t> shape, std::vector<float> numbers) {
  return std::make_shared<MemoryTensor>(std::move(shape), std::move(numbers));
}

AttentionPlan variedPlan(std::uint32_t seed) {
  Numbers numbers(seed + 77000);
  AttentionPlan plan;
  Inputs& in = plan.inputs;
  Sizes& s = in.sizes;
  s.kvHeads = static_cast<int>(numbers.whole(1, 3));
  s.heads = s.kvHeads * static_cast<int>(numbers.whole(1, 3));
  const bool large = numbers.chance(0.1);
  s.queries = large ? numbers.whole(90, 150) : numbers.whole(1, 40);
  const bool cross = numbers.chance(0.4);
  s.keys = cross ? (large ? numbers.whole(90, 300) : numbers.whole(1, 60)) : s.queries;
  s.dModel = numbers.whole(1, 40);
  s.dK = numbers.whole(1, 40);
  s.dV = numbers.chance(0.93) ? numbers.whole(1, 40) : 0;
  const std::int64_t source = numbers.whole(0, 9);
  const bool maps = source == 9;
  if (!maps && numbers.chance(0.3)) {
    s.extraKeys = numbers.whole(1, 2);
    s.keys += s.extraKeys;
    in.extraK = heads(numbers, s.kvHeads, s.extraKeys, s.dK);
    if (s.dV > 0) in.extraV = heads(numbers, s.kvHeads, s.extraKeys, s.dV);
  }
  if (maps) {
    fromMaps(numbers, in);
  } else if (source < 5) {
    fromInputs(numbers, in, cross);
  } else {
    in.q = heads(numbers, s.heads, s.queries, s.dK);
    in.k = heads(numbers, s.kvHeads, s.tokenKeys(), s.dK);
    if (s.dV > 0) in.v = heads(numbers, s.kvHeads, s.tokenKeys(), s.dV);
  }
  if (!maps && numbers.chance(0.3)) {
    Rotary rotary{numbers.chance(0.5) ? 10000.0 : 100.0, numbers.chance(0.5), numbers.chance(0.5) ? 1.0 : 0.5,
                  numbers.whole(0, 200)};
    if (rotatedWidth(rotary, s.dK).ok()) in.rotary = rotary;
  }
  if (s.dV > 0 && numbers.chance(0.7)) in.wO = linear(numbers, s.heads * s.dV, s.dModel);
  if (numbers.chance(0.3)) edit(numbers, in);
  plan.scale = numbers.chance(0.8) ? 1.0 / std::sqrt(static_cast<double>(s.dK)) : 0.3;
  plan.temperature = numbers.chance(0.5) ? 1.0 : 0.25 + 0.5 * static_cast<double>(numbers.whole(0, 6));
  plan.emptyRow = static_cast<EmptyRow>(numbers.whole(0, 2));
  plan.normalizer = {"softmax", {}};
  if (!maps || in.maps->enters == Stage::scaled) {
    if (numbers.chance(0.25)) plan.softcap = 0.5 + static_cast<double>(numbers.whole(0, 3));
    Entries entries(numbers, plan);
    entries.normalizer();
    entries.masks();
    entries.biases();
    if (numbers.chance(0.2)) mistake(numbers, plan);
  }
  if (numbers.chance(0.3)) plan.ablatedHeads.push_back(static_cast<int>(numbers.whole(0, s.heads - 1)));
  if (s.dV > 0 && numbers.chance(0.5)) {
    plan.upstream = inputs(numbers, s.queries, in.wO ? s.dModel : s.heads * s.dV);
  }
  return plan;
}

std::shared_ptr<const Run> runWithGradients(const AttentionPlan& plan, int threads) {
  ThreadPool pool(threads);
  AttendOptions options;
  options.gradients = true;
  auto made = attend(plan, nullptr, pool, options);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

}  // namespace headlight::test
