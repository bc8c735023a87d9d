#pragma once
#include <cstdint>

namespace headlight {

/// How T5 sorts distances into buckets.
struct T5Buckets {
  std::int64_t count = 32;
  std::int64_t maxDistance = 128;
  bool bidirectional = true;

  /// Distances below it have a bucket of their own.
  std::int64_t exact() const { return (bidirectional ? count / 2 : count) / 2; }
  /// The bucket, from 0 to count − 1, of r = key − query (Raffel et al. 2020, section 2.1; logarithms and
  /// quotients in float32, as in the Hugging Face code). exact() is at least 1 and below maxDistance.
  std::int64_t of(std::int64_t r) const;
};

}  // namespace headlight
