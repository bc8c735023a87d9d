#include "core/experiment/generator.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/random.h"

namespace headlight {
namespace {

RandomAddress addressOf(std::uint64_t seed, Generated matrix) {
  return RandomAddress(seed).then(static_cast<std::uint64_t>(matrix));
}

float scaledNormal(const RandomAddress& at, double scale) {
  return static_cast<float>(normalFromBits(at.bits()) * scale);
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
    const RandomAddress token = addressOf(seed, Generated::embedding).then(textAddress(text));
    for (std::int64_t column = 0; column < dModel; ++column) {
      x(i, column) = scaledNormal(token.then(static_cast<std::uint64_t>(column)).then(0), 1.0);
    }
  }
  return x;
}

void generateHead(std::uint64_t seed, Generated matrix, int head, double scale, std::int64_t width,
                  Matrix& weight, std::int64_t firstColumn) {
  const RandomAddress ofHead = addressOf(seed, matrix).then(static_cast<std::uint64_t>(head));
  for (std::int64_t row = 0; row < weight.rows(); ++row) {
    const RandomAddress ofRow = ofHead.then(static_cast<std::uint64_t>(row));
    float* out = weight.row(row) + firstColumn;
    for (std::int64_t column = 0; column < width; ++column) {
      out[column] = scaledNormal(ofRow.then(static_cast<std::uint64_t>(column)), scale);
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
    const RandomAddress ofRow = addressOf(seed, Generated::wO)
                                    .then(static_cast<std::uint64_t>(row / dV))
                                    .then(static_cast<std::uint64_t>(row % dV));
    float* out = weight.row(row);
    for (std::int64_t column = 0; column < dModel; ++column) {
      out[column] = scaledNormal(ofRow.then(static_cast<std::uint64_t>(column)), scale);
    }
  }
  return weight;
}

void addGeneratedPositions(std::uint64_t seed, Matrix& x) {
  for (std::int64_t row = 0; row < x.rows(); ++row) {
    const RandomAddress ofRow =
        addressOf(seed, Generated::position).then(0).then(static_cast<std::uint64_t>(row));
    for (std::int64_t column = 0; column < x.cols(); ++column)
      x(row, column) += scaledNormal(ofRow.then(static_cast<std::uint64_t>(column)), 1.0);
  }
}

}  // namespace headlight
