#include "plans.h"

#include <cstring>

#include <gtest/gtest.h>

namespace headlight::test {

Matrix matrix(std::initializer_list<std::initializer_list<float>> rows) {
  Matrix m(static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.begin()->size()));
  std::int64_t i = 0;
  for (const auto& row : rows) {
    std::copy(row.begin(), row.end(), m.row(i++));
  }
  return m;
}

Matrix normalMatrix(Numbers& numbers, std::int64_t rows, std::int64_t cols, float deviation) {
  Matrix m(rows, cols);
  for (std::int64_t n = 0; n < m.size(); ++n) m.data()[n] = numbers.normal(deviation);
  return m;
}

Caused<Heads> given(std::vector<Matrix> matrices, std::uint64_t key) {
  return {key, std::make_shared<Heads>(std::move(matrices))};
}

Caused<Heads> heads(Numbers& numbers, int count, std::int64_t rows, std::int64_t cols, float deviation) {
  Heads made;
  for (int h = 0; h < count; ++h) made.push_back(normalMatrix(numbers, rows, cols, deviation));
  return given(std::move(made), numbers.key());
}

Kinded mask(std::string kind, Object keys) {
  return {std::move(kind), std::move(keys)};
}

AttentionPlan givenPlan(Matrix q, Matrix k, Matrix v, double scale) {
  AttentionPlan plan;
  plan.inputs.sizes = {.queries = q.rows(),
                       .keys = k.rows(),
                       .heads = 1,
                       .kvHeads = 1,
                       .dModel = v.cols(),
                       .dK = q.cols(),
                       .dV = v.cols()};
  plan.inputs.q = given({std::move(q)}, 11);
  plan.inputs.k = given({std::move(k)}, 12);
  plan.inputs.v = given({std::move(v)}, 13);
  plan.scale = scale;
  plan.normalizer = {"softmax", {}};
  return plan;
}

AttentionPlan drawnPlan(Numbers& numbers, std::int64_t queries, std::int64_t keys, std::int64_t depth,
                        std::int64_t width, double scale) {
  // One after the other: arguments may be made in any order, and each compiler has its own.
  Matrix v = normalMatrix(numbers, keys, width);
  Matrix k = normalMatrix(numbers, keys, depth);
  Matrix q = normalMatrix(numbers, queries, depth);
  return givenPlan(std::move(q), std::move(k), std::move(v), scale);
}

AttentionPlan goldenPlan(std::vector<Kinded> masks) {
  AttentionPlan plan = givenPlan(matrix({{1, 0, 2, 0}, {0, 1, 0, -1}, {1, 1, 1, 1}}),
                                 matrix({{1, 0, 0, 1}, {0, 2, 0, 0}, {1, 0, 1, 0}, {0, 0, 0, 2}}),
                                 matrix({{1, 0}, {0, 1}, {2, -1}, {-1, 3}}), 0.5);
  plan.masks = std::move(masks);
  return plan;
}

namespace {

Caused<Linear> linear(Numbers& numbers, std::int64_t in, std::int64_t out) {
  auto made = std::make_shared<Linear>();
  made->weight = normalMatrix(numbers, in, out, 1.0f / std::sqrt(static_cast<float>(in)));
  if (numbers.chance(0.7)) {
    for (std::int64_t n = 0; n < out; ++n) made->bias.push_back(numbers.normal(0.3f));
  }
  return {numbers.key(), made};
}

std::vector<Kinded> randomMasks(Numbers& numbers, const Sizes& s) {
  std::vector<Kinded> masks;
  const auto align = [&](Kinded& entry) {
    if (numbers.chance(0.5)) entry.set("align", "bottom_right");
  };
  if (numbers.chance(0.5)) {
    align(masks.emplace_back(mask("causal")));
    masks.back().set("offset", numbers.whole(-2, 2));
  }
  if (numbers.chance(0.4)) {
    align(masks.emplace_back(mask("window")));
    if (numbers.chance(0.7)) masks.back().set("left", numbers.whole(0, 5));
    if (numbers.chance(0.7)) masks.back().set("right", numbers.whole(-1, 3));
  }
  if (numbers.chance(0.4)) {
    List keep;
    for (std::int64_t j = 0; j < s.keys; ++j) keep.emplace_back(numbers.chance(0.8) ? 1 : 0);
    masks.emplace_back(mask("padding")).set("keep", std::move(keep));
  }
  return masks;
}

}  // namespace

AttentionPlan randomPlan(std::uint32_t seed) {
  Numbers numbers(seed);
  AttentionPlan plan;
  Sizes& s = plan.inputs.sizes;
  s.kvHeads = static_cast<int>(numbers.whole(1, 3));
  s.heads = s.kvHeads * static_cast<int>(numbers.whole(1, 3));
  s.queries = numbers.whole(1, 40);
  const bool cross = numbers.chance(0.4);
  s.keys = cross ? numbers.whole(1, 60) : s.queries;
  s.dModel = numbers.whole(1, 40);
  s.dK = numbers.whole(1, 70);
  s.dV = numbers.chance(0.9) ? numbers.whole(1, 40) : 0;
  const auto x = [&](std::int64_t rows) {
    return Caused<Matrix>{numbers.key(), std::make_shared<Matrix>(normalMatrix(numbers, rows, s.dModel))};
  };
  if (numbers.chance(0.6)) {
    plan.inputs.x = x(s.queries);
    if (cross) plan.inputs.memory = x(s.keys);
    plan.inputs.wQ = linear(numbers, s.dModel, s.heads * s.dK);
    plan.inputs.wK = linear(numbers, s.dModel, s.kvHeads * s.dK);
    if (s.dV > 0) plan.inputs.wV = linear(numbers, s.dModel, s.kvHeads * s.dV);
  } else {
    plan.inputs.q = heads(numbers, s.heads, s.queries, s.dK);
    plan.inputs.k = heads(numbers, s.kvHeads, s.keys, s.dK);
    if (s.dV > 0) plan.inputs.v = heads(numbers, s.kvHeads, s.keys, s.dV);
  }
  if (s.dV > 0 && numbers.chance(0.8)) plan.inputs.wO = linear(numbers, s.heads * s.dV, s.dModel);
  if (numbers.chance(0.3)) {
    plan.inputs.edits.push_back(
        {Stage::k, 0, numbers.whole(0, s.keys - 1), numbers.whole(0, s.dK - 1), 1.5f});
  }
  plan.scale = numbers.chance(0.8) ? 1.0 / std::sqrt(static_cast<double>(s.dK)) : 0.3;
  plan.masks = randomMasks(numbers, s);
  plan.normalizer = {"softmax", {}};
  plan.temperature = numbers.chance(0.5) ? 1.0 : 0.25 + 0.5 * static_cast<double>(numbers.whole(0, 6));
  plan.emptyRow = static_cast<EmptyRow>(numbers.whole(0, 2));
  if (numbers.chance(0.3)) plan.ablatedHeads.push_back(static_cast<int>(numbers.whole(0, s.heads - 1)));
  return plan;
}

std::shared_ptr<const Run> run(const AttentionPlan& plan, const Run* previous) {
  ThreadPool pool(1);
  auto made = attend(plan, previous, pool);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

Field field(const std::shared_ptr<const Run>& run, Stage stage, int head) {
  auto made = Field::make(run, stage, head);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

std::vector<float> cells(const Field& field) {
  std::vector<float> values(static_cast<std::size_t>(field.rows() * field.cols()));
  field.block(0, field.rows(), 0, field.cols(), values.data(), nullptr, field.cols());
  return values;
}

std::vector<float> cells(const std::shared_ptr<const Run>& run, Stage stage, int head) {
  return cells(field(run, stage, head));
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

}  // namespace headlight::test
