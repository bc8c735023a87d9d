#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace headlight {

/// Generated numbers before they are scaled, N(0, 1), float64, row-major: those of one head of one matrix.
struct GeneratedBlock {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> numbers;  ///< [rows, columns]

  const double* row(std::int64_t i) const { return numbers.data() + i * columns; }
};

/// What names a block. The value of `matrix` is a Generated's.
struct GeneratedName {
  std::uint64_t seed = 0;
  std::uint64_t matrix = 0;
  std::uint64_t head = 0;
  bool operator==(const GeneratedName&) const = default;
};

/// The block of at least so many rows and columns. Blocks are kept while someone drags a slider: a number
/// depends on the name, its row and its column alone, so that a larger block generates only what is new and a
/// smaller one nothing. Those that were not asked for longest go first, and at most kGeneratedBytes are kept.
/// May be called from several threads.
std::shared_ptr<const GeneratedBlock> generatedBlock(const GeneratedName& name, std::int64_t rows,
                                                     std::int64_t columns);

inline constexpr std::size_t kGeneratedBytes = std::size_t{64} << 20;
/// How much is kept now.
std::size_t generatedBytesKept();

}  // namespace headlight
