#include "core/experiment/generated_block.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

#include "core/attention/kernels/normal_numbers.h"
#include "core/base/random.h"

namespace headlight {
namespace {

using Block = std::shared_ptr<const GeneratedBlock>;

std::size_t bytesOf(std::int64_t rows, std::int64_t columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * sizeof(double);
}

Block generate(const GeneratedName& name, std::int64_t rows, std::int64_t columns, const Block& known) {
  auto block = std::make_shared<GeneratedBlock>();
  block->rows = rows;
  block->columns = columns;
  block->numbers.resize(static_cast<std::size_t>(rows * columns));
  const RandomAddress ofHead = RandomAddress(name.seed).then(name.matrix).then(name.head);
  for (std::int64_t i = 0; i < rows; ++i) {
    double* out = block->numbers.data() + i * columns;
    std::int64_t first = 0;
    if (known && i < known->rows) {
      first = std::min(known->columns, columns);
      std::copy_n(known->row(i), first, out);
    }
    const RandomAddress ofRow = ofHead.then(static_cast<std::uint64_t>(i));
    normalNumbersAt(ofRow, static_cast<std::uint64_t>(first), columns - first, out + first);
  }
  return block;
}

/// What is kept, the block asked for last at the front.
class Kept {
 public:
  Block find(const GeneratedName& name) {
    const std::lock_guard lock(mutex_);
    const auto place = placeOf(name);
    if (place == blocks_.end()) return nullptr;
    blocks_.splice(blocks_.begin(), blocks_, place);
    return blocks_.front().block;
  }

  void keep(const GeneratedName& name, Block block) {
    const std::lock_guard lock(mutex_);
    if (const auto place = placeOf(name); place != blocks_.end()) {
      bytes_ -= bytesOf(place->block->rows, place->block->columns);
      blocks_.erase(place);
    }
    bytes_ += bytesOf(block->rows, block->columns);
    blocks_.push_front({name, std::move(block)});
    while (bytes_ > kGeneratedBytes) {
      bytes_ -= bytesOf(blocks_.back().block->rows, blocks_.back().block->columns);
      blocks_.pop_back();
    }
  }

  std::size_t bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    GeneratedName name;
    Block block;
  };
  std::list<Entry>::iterator placeOf(const GeneratedName& name) {
    return std::find_if(blocks_.begin(), blocks_.end(),
                        [&](const Entry& entry) { return entry.name == name; });
  }

  std::mutex mutex_;
  std::list<Entry> blocks_;
  std::size_t bytes_ = 0;
};

Kept& kept() {
  static Kept all;
  return all;
}

}  // namespace

Block generatedBlock(const GeneratedName& name, std::int64_t rows, std::int64_t columns) {
  // Larger ones would only push out the rest.
  if (bytesOf(rows, columns) > kGeneratedBytes) return generate(name, rows, columns, nullptr);
  Block known = kept().find(name);
  if (known && known->rows >= rows && known->columns >= columns) return known;
  std::int64_t height = known ? std::max(rows, known->rows) : rows;
  std::int64_t width = known ? std::max(columns, known->columns) : columns;
  if (bytesOf(height, width) > kGeneratedBytes) height = rows, width = columns;
  Block block = generate(name, height, width, known);
  kept().keep(name, block);
  return block;
}

std::size_t generatedBytesKept() {
  return kept().bytes();
}

}  // namespace headlight
