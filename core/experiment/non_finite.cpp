#include "core/experiment/non_finite.h"

#include <algorithm>
#include <cmath>

#include "core/attention/kernels/all_finite.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

struct NonFinite {
  std::int64_t count = 0;
  std::int64_t head = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;

  void look(const Matrix& matrix, std::int64_t ofHead = 0) {
    for (std::int64_t i = 0; i < matrix.rows(); ++i) {
      if (allFinite(matrix.row(i), matrix.cols())) continue;
      for (std::int64_t j = 0; j < matrix.cols(); ++j) {
        if (std::isfinite(matrix(i, j))) continue;
        if (count == 0) {
          head = ofHead;
          row = i;
          column = j;
        }
        ++count;
      }
    }
  }
};

std::string sentence(std::string_view name, std::int64_t count, const std::string& place) {
  return std::string(name) + " holds " + std::to_string(count) +
         (count == 1 ? " value that is NaN or infinite, at "
                     : " values that are NaN or infinite, the first at ") +
         place;
}

void warn(const NonFinite& found, std::string_view name, bool perHead, std::vector<std::string>& warnings) {
  if (found.count == 0) return;
  const std::string place = "[" + (perHead ? std::to_string(found.head) + ", " : "") +
                            std::to_string(found.row) + ", " + std::to_string(found.column) + "]";
  warnings.push_back(sentence(name, found.count, place));
}

/// Calls visit(path, address, isMask) for the tensors whose numbers are added to scores.
template <class Visit>
void forEachAdded(const AttentionPlan& plan, const Visit& visit) {
  const auto look = [&](const std::vector<Kinded>& entries, const std::string& list, bool masks) {
    for (std::size_t n = 0; n < entries.size(); ++n) {
      const Value* meaning = entries[n].find("meaning");
      if (masks && (meaning == nullptr || !(*meaning == Value("additive")))) continue;
      for (const char* key : {"tensor", "table"}) {
        const Value* address = entries[n].find(key);
        if (address == nullptr || !address->isString()) continue;
        visit(list + "[" + std::to_string(n) + "]." + key, address->string(), masks);
      }
    }
  };
  look(plan.biases, "score.bias", false);
  look(plan.masks, "mask", true);
}

std::string placeIn(const std::vector<std::int64_t>& shape, std::int64_t index) {
  std::string place;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    place.insert(0, std::to_string(index % shape[axis]) + (place.empty() ? "" : ", "));
    index /= shape[axis];
  }
  return "[" + place + "]";
}

}  // namespace

std::uint64_t namedTensorsKey(const AttentionPlan& plan) {
  KeyHash hash;
  forEachAdded(plan, [&](const std::string& path, const std::string& address, bool) {
    hash.add(path).add(address).add(plan.tensors ? plan.tensors->stamp(address) : std::uint64_t{0});
  });
  return hash.key();
}

std::vector<std::string> nonFiniteTensorWarnings(const AttentionPlan& plan) {
  constexpr std::int64_t kPiece = 65536;
  std::vector<std::string> warnings;
  if (!plan.tensors) return warnings;
  forEachAdded(plan, [&](const std::string& path, const std::string& address, bool isMask) {
    const auto tensor = plan.tensors->open(address, path);
    if (!tensor) return;
    const std::vector<std::int64_t>& shape = (*tensor)->shape();
    std::int64_t size = 1;
    for (const std::int64_t length : shape) size *= length;
    std::vector<float> piece;
    std::int64_t count = 0;
    std::int64_t first = 0;
    for (std::int64_t at = 0; at < size; at += kPiece) {
      piece.resize(static_cast<std::size_t>(std::min(kPiece, size - at)));
      if (!(*tensor)->read(at, static_cast<std::int64_t>(piece.size()), piece.data())) return;
      for (std::size_t n = 0; n < piece.size(); ++n) {
        if (std::isfinite(piece[n]) || (isMask && std::isinf(piece[n]) && piece[n] < 0)) continue;
        if (count++ == 0) first = at + static_cast<std::int64_t>(n);
      }
    }
    if (count > 0) warnings.push_back(sentence(address + " (" + path + ")", count, placeIn(shape, first)));
  });
  return warnings;
}

namespace {

/// What one sentence is about: a matrix, or those of all heads, or a bias.
struct Looked {
  std::string name;
  const Matrix* matrix = nullptr;
  const Heads* heads = nullptr;
  const AlignedFloats* bias = nullptr;
  NonFinite found;

  void look() {
    if (matrix != nullptr) found.look(*matrix);
    for (std::size_t h = 0; heads != nullptr && h < heads->size(); ++h)
      found.look((*heads)[h], static_cast<std::int64_t>(h));
  }
  void warn(std::vector<std::string>& warnings) const {
    if (bias == nullptr) return headlight::warn(found, name, heads != nullptr, warnings);
    const auto bad = [](float value) { return !std::isfinite(value); };
    const auto first = std::find_if(bias->begin(), bias->end(), bad);
    if (first == bias->end()) return;
    warnings.push_back(sentence(name, std::count_if(first, bias->end(), bad),
                                "[" + std::to_string(first - bias->begin()) + "]"));
  }
};

}  // namespace

std::vector<std::string> nonFiniteWarnings(const Inputs& inputs, ThreadPool* pool) {
  std::vector<Looked> all;
  double work = 0;
  // A number that is read from far takes the time of several operations.
  const auto count = [&](const Matrix& m) { work += 8 * static_cast<double>(m.size()); };
  const auto matrix = [&](std::string name, const Matrix* m) {
    if (m == nullptr) return;
    count(*m);
    all.push_back({std::move(name), m, nullptr, nullptr, {}});
  };
  const auto heads = [&](std::string name, const Caused<Heads>& h) {
    if (!h) return;
    for (const Matrix& m : *h) count(m);
    all.push_back({std::move(name), nullptr, h.value.get(), nullptr, {}});
  };
  matrix("input", inputs.x.value.get());
  matrix("memory", inputs.memory.value.get());
  matrix("memory_value", inputs.memoryValue.value.get());
  for (const auto& [name, linear] : {std::pair{"q", &inputs.wQ}, std::pair{"k", &inputs.wK},
                                     std::pair{"v", &inputs.wV}, std::pair{"o", &inputs.wO}}) {
    if (!*linear) continue;
    matrix(std::string("w_") + name, &(*linear)->weight);
    all.push_back({std::string("b_") + name, nullptr, nullptr, &(*linear)->bias, {}});
  }
  heads("q", inputs.q);
  heads("k", inputs.k);
  heads("v", inputs.v);
  heads("bias_k", inputs.extraK);
  heads("bias_v", inputs.extraV);
  const auto items = static_cast<std::int64_t>(all.size());
  const auto look = [&](std::int64_t index) { all[static_cast<std::size_t>(index)].look(); };
  if (pool != nullptr && work >= kSmallWork) {
    pool->run(items, look);
  } else {
    for (std::int64_t index = 0; index < items; ++index) look(index);
  }
  std::vector<std::string> warnings;
  for (const Looked& one : all) one.warn(warnings);
  return warnings;
}

}  // namespace headlight
