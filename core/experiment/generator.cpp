#include "core/experiment/generator.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/random.h"

namespace headlight {
namespace {

float scaledNormal(std::uint64_t seed, Generated matrix, std::uint64_t a, std::uint64_t b, std::uint64_t c,
                   double scale) {
  const std::uint64_t bits = randomBits(seed, {static_cast<std::uint64_t>(matrix), a, b, c});
  return static_cast<float>(normalFromBits(bits) * scale);
}

}  // namespace

std::string_view generatorText(const Token& token) {
  return token.text.empty() ? token.label : token.text;
}

Matrix generateEmbedding(std::uint64_t seed, std::span<const Token> tokens, std::int64_t dModel) {
  Matrix x(static_cast<std::int64_t>(tokens.size()), dModel);
  std::unordered_map<std::string_view, std::int64_t> firstRow;
  for (std::int64_t i = 0; i < x.rows(); ++i) {
    const std::string_view text = generatorText(tokens[static_cast<std::size_t>(i)]);
    const auto [known, isNew] = firstRow.emplace(text, i);
    if (!isNew) {
      std::copy_n(x.row(known->second), dModel, x.row(i));
      continue;
    }
    const std::uint64_t address = textAddress(text);
    for (std::int64_t column = 0; column < dModel; ++column) {
      x(i, column) =
          scaledNormal(seed, Generated::embedding, address, static_cast<std::uint64_t>(column), 0, 1.0);
    }
  }
  return x;
}

void generateHead(std::uint64_t seed, Generated matrix, int head, double scale, std::int64_t width,
                  Matrix& weight, std::int64_t firstColumn) {
  for (std::int64_t row = 0; row < weight.rows(); ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      weight(row, firstColumn + column) =
          scaledNormal(seed, matrix, static_cast<std::uint64_t>(head), static_cast<std::uint64_t>(row),
                       static_cast<std::uint64_t>(column), scale);
    }
  }
}

Matrix generateProjection(std::uint64_t seed, Generated matrix, std::int64_t dModel, int heads,
                          std::int64_t width) {
  Matrix weight(dModel, heads * width);
  const double scale = 1.0 / std::sqrt(static_cast<double>(dModel));
  for (int head = 0; head < heads; ++head)
    generateHead(seed, matrix, head, scale, width, weight, head * width);
  return weight;
}

Matrix generateOutput(std::uint64_t seed, int heads, std::int64_t dV, std::int64_t dModel) {
  Matrix weight(heads * dV, dModel);
  const double scale = 1.0 / std::sqrt(static_cast<double>(heads) * static_cast<double>(dV));
  for (std::int64_t row = 0; row < weight.rows(); ++row) {
    for (std::int64_t column = 0; column < dModel; ++column) {
      weight(row, column) =
          scaledNormal(seed, Generated::wO, static_cast<std::uint64_t>(row / dV),
                       static_cast<std::uint64_t>(row % dV), static_cast<std::uint64_t>(column), scale);
    }
  }
  return weight;
}

}  // namespace headlight
