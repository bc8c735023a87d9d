#include "core/base/block_cache.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <new>

namespace headlight {
namespace {

constexpr std::align_val_t kAlign{kBlockAlignment};

// Under the address sanitizer every block is fresh, so that it sees what is used after it was given back.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kCaches = false;
#elif defined(__has_feature)
constexpr bool kCaches = !__has_feature(address_sanitizer);
#else
constexpr bool kCaches = true;
#endif

bool isCached(std::size_t bytes) {
  return kCaches && bytes >= kLeastCached && bytes <= kLargestCached;
}

struct Block {
  void* memory = nullptr;
  std::size_t bytes = 0;
};

/// The blocks that wait, the oldest first.
struct Waiting {
  std::mutex mutex;
  std::array<Block, 256> blocks;
  std::size_t count = 0;
  std::size_t bytes = 0;

  void erase(std::size_t at) {
    bytes -= blocks[at].bytes;
    std::copy(blocks.begin() + static_cast<std::ptrdiff_t>(at) + 1,
              blocks.begin() + static_cast<std::ptrdiff_t>(count),
              blocks.begin() + static_cast<std::ptrdiff_t>(at));
    --count;
  }
};

/// Lives for ever: matrices may be freed while the program ends.
Waiting& waiting() {
  static Waiting& blocks = *new Waiting;
  return blocks;
}

}  // namespace

void* takeBlock(std::size_t bytes) {
  if (isCached(bytes)) {
    Waiting& all = waiting();
    const std::lock_guard lock(all.mutex);
    for (std::size_t n = all.count; n-- > 0;) {
      if (all.blocks[n].bytes != bytes) continue;
      void* memory = all.blocks[n].memory;
      all.erase(n);
      return memory;
    }
  }
  return ::operator new(bytes, kAlign);
}

void giveBlock(void* block, std::size_t bytes) noexcept {
  if (!isCached(bytes)) return ::operator delete(block, kAlign);
  Waiting& all = waiting();
  const std::lock_guard lock(all.mutex);
  while (all.count > 0 && (all.bytes + bytes > kMostCached || all.count == all.blocks.size())) {
    ::operator delete(all.blocks[0].memory, kAlign);
    all.erase(0);
  }
  all.blocks[all.count++] = {block, bytes};
  all.bytes += bytes;
}

}  // namespace headlight
