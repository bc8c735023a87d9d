// Every test of this program allocates through these, so that a test can see how much it was.
#include "tests/files/allocations.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

struct Counts {
  bool on = false;
  std::size_t largest = 0;
  std::size_t total = 0;
};
thread_local Counts counts;

}  // namespace

void* operator new(std::size_t bytes) {
  if (counts.on) {
    counts.largest = std::max(counts.largest, bytes);
    counts.total += bytes;
  }
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
