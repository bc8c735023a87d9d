#include "core/experiment/non_finite.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

struct NonFinite {
  std::int64_t count = 0;
  std::int64_t head = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;

  void look(const Matrix& matrix, std::int64_t ofHead = 0) {
    for (std::int64_t i = 0; i < matrix.rows(); ++i) {
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

}  // namespace

std::vector<std::string> nonFiniteWarnings(const Inputs& inputs) {
  std::vector<std::string> warnings;
  const auto matrix = [&](std::string_view name, const Matrix* m) {
    NonFinite found;
    if (m) found.look(*m, 0);
    warn(found, name, false, warnings);
  };
  const auto bias = [&](const std::string& name, const AlignedFloats& values) {
    const auto bad = [](float value) { return !std::isfinite(value); };
    const auto first = std::find_if(values.begin(), values.end(), bad);
    if (first == values.end()) return;
    warnings.push_back(sentence(name, std::count_if(first, values.end(), bad),
                                "[" + std::to_string(first - values.begin()) + "]"));
  };
  const auto heads = [&](std::string_view name, const Caused<Heads>& all) {
    NonFinite found;
    for (std::size_t h = 0; all && h < all->size(); ++h) found.look((*all)[h], static_cast<std::int64_t>(h));
    warn(found, name, true, warnings);
  };
  matrix("input", inputs.x.value.get());
  matrix("memory", inputs.memory.value.get());
  matrix("memory_value", inputs.memoryValue.value.get());
  for (const auto& [name, linear] : {std::pair{"q", &inputs.wQ}, std::pair{"k", &inputs.wK},
                                     std::pair{"v", &inputs.wV}, std::pair{"o", &inputs.wO}}) {
    if (!*linear) continue;
    matrix(std::string("w_") + name, &(*linear)->weight);
    bias(std::string("b_") + name, (*linear)->bias);
  }
  heads("q", inputs.q);
  heads("k", inputs.k);
  heads("v", inputs.v);
  heads("bias_k", inputs.extraK);
  heads("bias_v", inputs.extraV);
  return warnings;
}

}  // namespace headlight
