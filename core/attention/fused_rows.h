#pragma once
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "core/attention/kernels/multiply.h"
#include "core/attention/kernels/softmax_chunk.h"
#include "core/attention/mask/mask.h"
#include "core/base/matrix.h"

namespace headlight {

/// Rows of up to so many keys are softmaxed as a whole; longer ones chunk by chunk, by the running maximum
/// (Milakov and Gimelshein 2018).
inline constexpr std::int64_t kWholeRow = 2048;
inline constexpr std::int64_t kLongRowChunk = 1024;
/// The keys whose scores are held at a time.
constexpr std::int64_t chunkKeys(std::int64_t keys) {
  return keys <= kWholeRow ? kWholeRow : kLongRowChunk;
}

/// What a block of rows of one head reads.
struct FusedInput {
  const float* queries = nullptr;  ///< the first row's, [rows, depth]
  const float* keys = nullptr;     ///< packed, [panels][depth][kPanelWidth]
  std::int64_t depth = 0;
  std::int64_t keyCount = 0;
  const float* values = nullptr;  ///< finite, [keyCount, valueWidth]; null: nothing is mixed
  std::int64_t valueWidth = 0;    ///< a multiple of kPanelWidth
  float scale = 1;
  float temperature = 1;
  float reference = -std::numeric_limits<float>::infinity();  ///< SoftmaxRow::empty
  /// Changes the scores of keys [firstKey, firstKey + count) of row `row` of the block. May be empty.
  std::function<void(std::int64_t row, std::int64_t firstKey, std::int64_t count, float* scores)> bias;
  std::span<const std::span<const KeyRun>> kept;  ///< of each row
  std::int64_t panelsPerPixel = 0;                ///< of the overview; 0: there is none
  /// Called for every chunk while its e_j stand in the block; may be empty.
  std::function<void()> eachChunk;
};

/// What fusedRows fills, by each row's reference. The memory is used again by the next block.
struct FusedBlock {
  std::vector<SoftmaxRow> rows;
  AlignedFloats mixed;  ///< [rows, valueWidth]: Σ e_j v_j

  /// The e_j of the chunk at hand, [rows, stride] from key `firstKey` on; 0 where a row does not keep a key.
  AlignedFloats scores;
  std::int64_t stride = 0;
  std::int64_t firstKey = 0;
  /// Of the rows of a register tile: the panels of the chunk that any of them keeps. e_j stand in them alone.
  std::vector<std::vector<PanelRun>> tileRuns;

  std::int64_t firstChunk = 0;  ///< chunks [firstChunk, endChunk) hold all that is kept
  std::int64_t endChunk = 0;
  std::int64_t chunks = 0;        ///< of a row of keys
  std::int64_t chunkPixels = 0;   ///< of a row of pixels in a chunk
  AlignedFloats pixelSums;        ///< [chunks, rows, chunkPixels]: Σ e_j by the reference of the chunk
  AlignedFloats pixelLargest;     ///< likewise
  AlignedFloats chunkReferences;  ///< [rows, chunks]

  const std::vector<PanelRun>& runsOf(std::int64_t row) const {
    return tileRuns[static_cast<std::size_t>(row / kTileRows)];
  }

  // Kept bits [rows, panels of a chunk] and what the panels of a tile have in common.
  std::vector<std::uint16_t> keptWords;
  std::vector<std::uint16_t> tileWords;
};

/// Scores, bias, mask, exponentials, sums and weighted values of rows [0, kept.size()) in one go. Tiles of
/// rows × panels that no row keeps cost nothing, those that all keep are not tested. A row's bits depend on
/// nothing but its own kept scores and their values.
void fusedRows(const FusedInput& input, FusedBlock& block);

}  // namespace headlight
