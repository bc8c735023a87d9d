#pragma once
#include <cstddef>

namespace headlight::testing_files {

/// Counts what this thread asks of operator new while it lives.
class AllocationCount {
 public:
  AllocationCount();
  ~AllocationCount();
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

  std::size_t largest() const;  ///< bytes of the largest single request
  std::size_t total() const;    ///< bytes of all of them
};

}  // namespace headlight::testing_files
