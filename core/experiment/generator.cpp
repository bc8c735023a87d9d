#include "core/experiment/generator.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/random.h"
#include "core/experiment/generated_block.h"

namespace headlight {
namespace {

RandomAddress addressOf(std::uint64_t seed, Generated matrix) {
  return RandomAddress(seed).then(static_cast<std::uint64_t>(matrix));
}

float scaledNormal(const RandomAddress& at, double scale) {
  return static_cast<float>(normalFromBits(at.bits()) * scale);
}

std::shared_ptr<const GeneratedBlock> blockOf(std::uint64_t seed, Generated matrix, int head,
                                              std::int64_t rows, std::int64_t columns) {
  return generatedBlock({seed, static_cast<std::uint64_t>(matrix), static_cast<std::uint64_t>(head)}, rows,
                        columns);
}

void scaleInto(const double* numbers, std::int64_t count, double scale, float* out) {
  for (std::int64_t n = 0; n < count; ++n) out[n] = static_cast<float>(numbers[n] * scale);
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
  const auto block = blockOf(seed, matrix, head, weight.rows(), width);
  for (std::int64_t row = 0; row < weight.rows(); ++row)
    scaleInto(block->row(row), width, scale, weight.row(row) + firstColumn);
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
  for (int head = 0; head < heads; ++head) {
    const auto block = blockOf(seed, Generated::wO, head, dV, dModel);
    for (std::int64_t row = 0; row < dV; ++row)
      scaleInto(block->row(row), dModel, scale, weight.row(head * dV + row));
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
