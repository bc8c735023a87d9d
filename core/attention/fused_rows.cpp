#include "core/attention/fused_rows.h"

#include <algorithm>

#include "core/attention/mask/runs.h"

namespace headlight {
namespace {

constexpr std::int64_t kGroup = 4;  // Panels of a register tile.

struct Chunk {
  std::int64_t begin = 0;  ///< first key
  std::int64_t end = 0;
  std::int64_t firstPanel = 0;  ///< of the chunk that any row keeps
  std::int64_t panels() const { return (end - begin + kPanelWidth - 1) / kPanelWidth; }
};

/// True when every row keeps all keys of the chunk and the chunk is whole panels.
bool keepsAll(const FusedInput& input, const Chunk& chunk) {
  if ((chunk.end - chunk.begin) % kPanelWidth != 0) return false;
  return std::all_of(input.kept.begin(), input.kept.end(), [&](std::span<const KeyRun> runs) {
    const KeyRun* run = runBehind(runs, chunk.begin);
    return run != runs.data() + runs.size() && run->begin <= chunk.begin && run->end >= chunk.end;
  });
}

/// Sets the bits of keys [begin, end) of the chunk.
void setBits(std::uint16_t* words, std::int64_t begin, std::int64_t end) {
  std::int64_t panel = begin / kPanelWidth;
  const std::int64_t last = (end - 1) / kPanelWidth;
  const auto from = static_cast<std::uint32_t>(0xFFFF << (begin % kPanelWidth));
  const auto to = static_cast<std::uint32_t>(0xFFFF >> (kPanelWidth - 1 - (end - 1) % kPanelWidth));
  if (panel == last) {
    words[panel] = static_cast<std::uint16_t>(words[panel] | (from & to));
    return;
  }
  words[panel] = static_cast<std::uint16_t>(words[panel] | from);
  for (++panel; panel < last; ++panel) words[panel] = 0xFFFF;
  words[last] = static_cast<std::uint16_t>(words[last] | to);
}

/// The kept bits of all rows and, by tile, the panels that are needed.
void findKept(const FusedInput& input, const Chunk& chunk, FusedBlock& block) {
  const std::int64_t panels = chunk.panels();
  const auto rows = static_cast<std::int64_t>(input.kept.size());
  block.keptWords.resize(static_cast<std::size_t>(rows * panels));
  block.tileWords.resize(static_cast<std::size_t>(panels));
  for (std::int64_t first = 0; first < rows; first += kTileRows) {
    std::fill(block.tileWords.begin() + chunk.firstPanel, block.tileWords.end(), std::uint16_t{0});
    for (std::int64_t r = first; r < std::min<std::int64_t>(first + kTileRows, rows); ++r) {
      std::uint16_t* words = block.keptWords.data() + r * panels;
      std::fill(words + chunk.firstPanel, words + panels, std::uint16_t{0});
      forEachInside(input.kept[static_cast<std::size_t>(r)], chunk.begin, chunk.end,
                    [&](std::int64_t begin, std::int64_t end) {
                      setBits(words, begin - chunk.begin, end - chunk.begin);
                    });
      for (std::int64_t p = chunk.firstPanel; p < panels; ++p) {
        std::uint16_t& word = block.tileWords[static_cast<std::size_t>(p)];
        word = static_cast<std::uint16_t>(word | words[p]);
      }
    }
    std::vector<PanelRun>& runs = block.tileRuns[static_cast<std::size_t>(first / kTileRows)];
    for (auto p = static_cast<std::int32_t>(chunk.firstPanel); p < panels; ++p) {
      if (block.tileWords[static_cast<std::size_t>(p)] == 0) continue;
      if (!runs.empty() && runs.back().end == p) {
        ++runs.back().end;
      } else {
        runs.push_back({p, p + 1});
      }
    }
  }
}

/// The panels of [begin, end) that the runs hold, from the first to the last of them.
PanelRun inside(const std::vector<PanelRun>& runs, std::int32_t begin, std::int32_t end) {
  PanelRun hull{end, begin};
  for (const PanelRun& run : runs) {
    if (run.end <= begin || run.begin >= end) continue;
    hull.begin = std::min(hull.begin, std::max(run.begin, begin));
    hull.end = std::max(hull.end, std::min(run.end, end));
  }
  return hull;
}

/// q · k × scale where a tile needs it. Four panels of keys at a time stay in the level-1 cache while all
/// tiles pass over them.
void scoreTiles(const FusedInput& input, const Chunk& chunk, FusedBlock& block) {
  const std::int64_t rows = static_cast<std::int64_t>(input.kept.size());
  const std::int64_t panelSize = input.depth * kPanelWidth;
  const auto panels = static_cast<std::int32_t>(chunk.panels());
  const float* keys = input.keys + chunk.begin / kPanelWidth * panelSize;
  const auto firstGroup = static_cast<std::int32_t>(chunk.firstPanel / kGroup * kGroup);
  for (std::int32_t group = firstGroup; group < panels; group += kGroup) {
    const std::int32_t groupEnd = std::min<std::int32_t>(group + kGroup, panels);
    for (std::size_t tile = 0; tile < block.tileRuns.size();) {
      const PanelRun run = inside(block.tileRuns[tile], group, groupEnd);
      const std::size_t first = tile++;
      if (run.begin >= run.end) continue;
      while (tile < block.tileRuns.size()) {
        const PanelRun next = inside(block.tileRuns[tile], group, groupEnd);
        if (next.begin != run.begin || next.end != run.end) break;
        ++tile;
      }
      const std::int64_t r0 = static_cast<std::int64_t>(first) * kTileRows;
      const std::int64_t r1 = std::min(static_cast<std::int64_t>(tile) * kTileRows, rows);
      multiply(input.queries + r0 * input.depth, input.depth, r1 - r0,
               {keys + run.begin * panelSize, panelSize, kPanelWidth}, run.end - run.begin, input.depth,
               input.scale, Into::empty, block.scores.data() + r0 * block.stride + run.begin * kPanelWidth,
               block.stride);
    }
  }
}

void softmaxTiles(const FusedInput& input, const Chunk& chunk, bool full, std::int64_t index,
                  FusedBlock& block) {
  const auto rows = static_cast<std::int64_t>(input.kept.size());
  for (std::int64_t r = 0; r < rows; ++r) {
    float* scores = block.scores.data() + r * block.stride;
    const std::vector<PanelRun>& runs = block.runsOf(r);
    if (input.bias) {
      for (const PanelRun& run : runs) {
        const std::int64_t begin = chunk.begin + run.begin * kPanelWidth;
        const std::int64_t end = std::min(chunk.begin + run.end * kPanelWidth, chunk.end);
        input.bias(r, begin, end - begin, scores + run.begin * kPanelWidth);
      }
    }
    SoftmaxRow& row = block.rows[static_cast<std::size_t>(r)];
    const std::uint16_t* kept = full ? nullptr : block.keptWords.data() + r * chunk.panels();
    PixelRow pixels;
    if (input.panelsPerPixel > 0) {
      // All pixels of the chunk, also those behind the last key that any row keeps.
      const std::int64_t count = block.chunkPixels;
      const std::int64_t at = (index * rows + r) * count;
      pixels = {block.pixelSums.data() + at, block.pixelLargest.data() + at, input.panelsPerPixel};
      std::fill_n(pixels.sums, count, 0.0f);
      std::fill_n(pixels.largest, count, 0.0f);
    }
    softmaxChunk(scores, runs.data(), static_cast<std::int64_t>(runs.size()), kept, input.temperature, row,
                 input.panelsPerPixel > 0 ? &pixels : nullptr);
    if (input.panelsPerPixel > 0) {
      block.chunkReferences[static_cast<std::size_t>(r * block.chunks + index)] = row.reference;
    }
  }
}

void mixTiles(const FusedInput& input, const Chunk& chunk, FusedBlock& block) {
  const auto rows = static_cast<std::int64_t>(input.kept.size());
  const std::int64_t width = input.valueWidth;
  for (std::int64_t r0 = 0; r0 < rows; r0 += kTileRows) {
    const std::int64_t count = std::min<std::int64_t>(kTileRows, rows - r0);
    float* mixed = block.mixed.data() + r0 * width;
    for (std::int64_t r = 0; r < count; ++r) {
      const float factor = block.rows[static_cast<std::size_t>(r0 + r)].factor;
      if (chunk.begin > 0 && factor != 1) scalePanels(mixed + r * width, width / kPanelWidth, factor);
    }
    for (const PanelRun& run : block.runsOf(r0)) {
      const std::int64_t begin = run.begin * kPanelWidth;
      const std::int64_t end =
          std::min(run.end * kPanelWidth, static_cast<std::int32_t>(chunk.end - chunk.begin));
      multiply(block.scores.data() + r0 * block.stride + begin, block.stride, count,
               {input.values + (chunk.begin + begin) * width, kPanelWidth, width}, width / kPanelWidth,
               end - begin, 1, Into::sum, mixed, width);
    }
  }
}

}  // namespace

void fusedRows(const FusedInput& input, FusedBlock& block) {
  const std::size_t rows = input.kept.size();
  const std::int64_t step = chunkKeys(input.keyCount);
  const std::int64_t widest = std::min(step, (input.keyCount + kPanelWidth - 1) / kPanelWidth * kPanelWidth);
  // Sixteen floats more, against rows that share a cache set.
  block.stride = widest + kPanelWidth;
  block.scores.resize(std::max(block.scores.size(), rows * static_cast<std::size_t>(block.stride)));
  block.rows.assign(rows, SoftmaxRow::empty(input.reference));
  block.tileRuns.resize((rows + kTileRows - 1) / kTileRows);
  if (input.values != nullptr) block.mixed.assign(rows * static_cast<std::size_t>(input.valueWidth), 0.0f);
  if (input.panelsPerPixel > 0) {
    const std::int64_t cells = input.panelsPerPixel * kPanelWidth;
    block.chunks = (input.keyCount + step - 1) / step;
    block.chunkPixels = step / cells;
    const std::size_t size = rows * static_cast<std::size_t>(block.chunks * block.chunkPixels);
    block.pixelSums.resize(std::max(block.pixelSums.size(), size));
    block.pixelLargest.resize(block.pixelSums.size());
    block.chunkReferences.resize(rows * static_cast<std::size_t>(block.chunks));
  }
  std::int64_t first = input.keyCount;
  std::int64_t last = 0;
  for (const auto& runs : input.kept) {
    if (runs.empty()) continue;
    first = std::min(first, runs.front().begin);
    last = std::max(last, runs.back().end);
  }
  block.firstChunk = first / step;
  block.endChunk = std::max(block.firstChunk, (last + step - 1) / step);
  for (std::int64_t begin = first / step * step; begin < last; begin += step) {
    const Chunk chunk{begin, std::min(begin + step, std::min(last, input.keyCount)),
                      std::max<std::int64_t>(0, (first - begin) / kPanelWidth)};
    block.firstKey = begin;
    const bool full = keepsAll(input, chunk);
    for (auto& runs : block.tileRuns) {
      runs.clear();
      if (full) runs.push_back({0, static_cast<std::int32_t>(chunk.panels())});
    }
    if (!full) findKept(input, chunk, block);
    scoreTiles(input, chunk, block);
    softmaxTiles(input, chunk, full, begin / step, block);
    if (input.values != nullptr) mixTiles(input, chunk, block);
    if (input.eachChunk) input.eachChunk();
  }
}

}  // namespace headlight
