#include "core/experiment/generator.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "core/attention/kernels/normal_numbers.h"
#include "core/base/random.h"
#include "core/experiment/generated_block.h"

namespace headlight {
namespace {

RandomAddress addressOf(std::uint64_t seed, Generated matrix) {
  return RandomAddress(seed).then(static_cast<std::uint64_t>(matrix));
}

/// Rows of numbers, each of an address.
class Normals {
 public:
  explicit Normals(std::int64_t count)
      : bits_(static_cast<std::size_t>(count)), numbers_(static_cast<std::size_t>(count)) {}

  /// Number j has the address that `of` gives for j; [count].
  template <class Address>
  const std::vector<double>& row(const Address& of) {
    for (std::size_t j = 0; j < bits_.size(); ++j) bits_[j] = of(static_cast<std::uint64_t>(j)).bits();
    normalNumbers(bits_.data(), static_cast<std::int64_t>(bits_.size()), numbers_.data());
    return numbers_;
  }

 private:
  std::vector<std::uint64_t> bits_;
  std::vector<double> numbers_;
};

std::shared_ptr<const GeneratedBlock> blockOf(std::uint64_t seed, Generated matrix, int head,
                                              std::int64_t rows, std::int64_t columns) {
  return generatedBlock({seed, static_cast<std::uint64_t>(matrix), static_cast<std::uint64_t>(head)}, rows,
                        columns);
}

/// Whether all four matrices of this size stay where blocks are kept: of larger ones each would push out the
/// one before.
bool keeps(const Matrix& weight) {
  const auto numbers = static_cast<std::size_t>(weight.rows()) * static_cast<std::size_t>(weight.cols());
  return numbers <= kGeneratedBytes / sizeof(double) / 4;
}

}  // namespace

std::string_view generatorText(const Token& token) {
  return token.text.empty() ? token.label : token.text;
}

Matrix generateEmbedding(std::uint64_t seed, std::span<const Token> tokens, std::int64_t dModel) {
  Matrix x(static_cast<std::int64_t>(tokens.size()), dModel);
  Normals normals(dModel);
  std::unordered_map<std::string_view, std::int64_t> firstRow;
  for (std::int64_t i = 0; i < x.rows(); ++i) {
    const std::string_view text = generatorText(tokens[static_cast<std::size_t>(i)]);
    const auto [known, isNew] = firstRow.emplace(text, i);
    if (!isNew) {
      std::copy_n(x.row(known->second), dModel, x.row(i));
      continue;
    }
    const RandomAddress token = addressOf(seed, Generated::embedding).then(textAddress(text));
    const auto& numbers = normals.row([&](std::uint64_t column) { return token.then(column).then(0); });
    scaledFloats(numbers.data(), dModel, 1.0, x.row(i));
  }
  return x;
}

void generateHead(std::uint64_t seed, Generated matrix, int head, double scale, std::int64_t width,
                  Matrix& weight, std::int64_t firstColumn) {
  if (keeps(weight)) {
    const auto block = blockOf(seed, matrix, head, weight.rows(), width);
    for (std::int64_t row = 0; row < weight.rows(); ++row)
      scaledFloats(block->row(row), width, scale, weight.row(row) + firstColumn);
    return;
  }
  const RandomAddress ofHead = addressOf(seed, matrix).then(static_cast<std::uint64_t>(head));
  std::vector<double> numbers(static_cast<std::size_t>(width));
  for (std::int64_t row = 0; row < weight.rows(); ++row) {
    normalNumbersAt(ofHead.then(static_cast<std::uint64_t>(row)), 0, width, numbers.data());
    scaledFloats(numbers.data(), width, scale, weight.row(row) + firstColumn);
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
  std::vector<double> numbers(static_cast<std::size_t>(dModel));
  for (int head = 0; head < heads; ++head) {
    const auto block = keeps(weight) ? blockOf(seed, Generated::wO, head, dV, dModel) : nullptr;
    const RandomAddress ofHead = addressOf(seed, Generated::wO).then(static_cast<std::uint64_t>(head));
    for (std::int64_t row = 0; row < dV; ++row) {
      if (!block) normalNumbersAt(ofHead.then(static_cast<std::uint64_t>(row)), 0, dModel, numbers.data());
      scaledFloats(block ? block->row(row) : numbers.data(), dModel, scale, weight.row(head * dV + row));
    }
  }
  return weight;
}

void addGeneratedPositions(std::uint64_t seed, Matrix& x) {
  Normals normals(x.cols());
  for (std::int64_t row = 0; row < x.rows(); ++row) {
    const RandomAddress ofRow =
        addressOf(seed, Generated::position).then(0).then(static_cast<std::uint64_t>(row));
    const auto& numbers = normals.row([&](std::uint64_t column) { return ofRow.then(column); });
    for (std::int64_t column = 0; column < x.cols(); ++column)
      x(row, column) += static_cast<float>(numbers[static_cast<std::size_t>(column)]);
  }
}

}  // namespace headlight
