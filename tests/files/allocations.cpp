// Every test of this program allocates through these, so that a test can see how much it was.
#include "tests/files/allocations.h"

#include <algorithm>
#include <cstdlib>
#include <new>

// Clang's thread sanitizer brings operators of its own, which tell what they are asked for.
#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define HEADLIGHT_OPERATORS_TAKEN
#endif
#endif

namespace {

struct Counts {
  bool on = false;
  std::size_t largest = 0;
  std::size_t total = 0;
};
thread_local Counts counts;

void count(std::size_t bytes) {
  if (!counts.on) return;
  counts.largest = std::max(counts.largest, bytes);
  counts.total += bytes;
}

}  // namespace

#ifdef HEADLIGHT_OPERATORS_TAKEN

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*, std::size_t),
                                                         void (*freed)(const volatile void*));
namespace {

const int kInstalled = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t bytes) { count(bytes); }, [](const volatile void*) {});

}  // namespace

#else

void* operator new(std::size_t bytes) {
  count(bytes);
  if (void* memory = std::malloc(std::max<std::size_t>(bytes, 1))) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t bytes) {
  return operator new(bytes);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

#endif

namespace headlight::testing_files {

AllocationCount::AllocationCount() {
  counts = Counts{true, 0, 0};
}
AllocationCount::~AllocationCount() {
  counts.on = false;
}
std::size_t AllocationCount::largest() const {
  return counts.largest;
}
std::size_t AllocationCount::total() const {
  return counts.total;
}

}  // namespace headlight::testing_files
