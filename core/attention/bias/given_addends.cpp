#include "core/attention/bias/given_addends.h"

#include <algorithm>
#include <limits>

namespace headlight {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

}  // namespace

void GivenAddends::add(int head, std::int64_t query, std::int64_t begin, std::int64_t end,
                       float* scores) const {
  if (!rows_) return;
  constexpr std::int64_t kPiece = 512;
  float numbers[kPiece];
  for (std::int64_t first = begin; first < end; first += kPiece) {
    const std::int64_t count = std::min(kPiece, end - first);
    rows_->read(head, query, first, count, numbers);
    float* piece = scores + (first - begin);
    if (infinities_ == Infinities::masked) {
      for (std::int64_t n = 0; n < count; ++n) piece[n] += numbers[n] == kMinusInfinity ? 0.0f : numbers[n];
    } else {
      for (std::int64_t n = 0; n < count; ++n) piece[n] += numbers[n];
    }
  }
}

double GivenAddends::at(int head, std::int64_t query, std::int64_t key) const {
  if (!rows_) return 0;
  float number = 0;
  rows_->read(head, query, key, 1, &number);
  return number == kMinusInfinity && infinities_ == Infinities::masked ? 0.0 : static_cast<double>(number);
}

std::string GivenAddends::reason(int head, std::int64_t query, std::int64_t key) const {
  return rows_ ? rows_->address() + " at " + rows_->place(head, query, key) : "";
}

}  // namespace headlight
