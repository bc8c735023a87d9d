#pragma once
#include <cstdint>

namespace headlight {

/// What a row has collected of the chunks of keys before; e_j = e^{(s_j − reference) ÷ τ}.
struct SoftmaxRow {
  float reference;  ///< the largest kept score, or what was there at first if that is larger
  float largest;    ///< kept score
  float smallest;   ///< kept score
  float factor;     ///< what was collected with the reference before this chunk has to be multiplied by it
  double sum;       ///< Σ e_j
  double weighted;  ///< Σ e_j (s_j − reference) ÷ τ, for the entropy

  /// Of a row that has met no key; `reference` may be −∞.
  static SoftmaxRow empty(float reference);
};

/// Panels [begin, end) of a chunk.
struct PanelRun {
  std::int32_t begin;
  std::int32_t end;
};

/// Sums and largest of the e_j over pixels of `panels` panels each, one after the other from the chunk's
/// first panel on. Pixels without a panel in the runs are left 0.
struct PixelRow {
  float* sums = nullptr;
  float* largest = nullptr;
  std::int64_t panels = 0;
};

/// One row, one chunk of its keys: turns the scores of the panels of the runs into e_j, with 0 for keys that
/// are not kept, whatever their score is.
///
/// `kept` has a bit a key in a word a panel, from the chunk's first panel on; null: all are kept. Sums run
/// over the chunk in one fixed order, in float within short blocks and in double over the blocks. A NaN or +∞
/// among the kept scores makes `sum` NaN. `pixels` may be null.
void softmaxChunk(float* scores, const PanelRun* runs, std::int64_t runCount, const std::uint16_t* kept,
                  float temperature, SoftmaxRow& row, const PixelRow* pixels = nullptr);

/// Adds one row's pixels × factor to those of the rows before: sums to sums, the largest to the largest.
void addPixels(const float* sums, const float* largest, std::int64_t count, float factor, float* allSums,
               float* allLargest);

/// numbers × factor, `count` whole panels of them.
void scalePanels(float* numbers, std::int64_t panels, float factor);

/// out = numbers ÷ divisor, `count` numbers.
void divideRow(const float* numbers, std::int64_t count, float divisor, float* out);

/// weights = numbers ÷ divisor for the panels of the runs; `weights` is written past the caches where its
/// address allows. Places behind `count` are not written.
void dividePanels(const float* numbers, const PanelRun* runs, std::int64_t runCount, float divisor,
                  std::int64_t count, float* weights);

}  // namespace headlight
