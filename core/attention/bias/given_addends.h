#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/attention/bias/bias.h"
#include "core/attention/mask/given_rows.h"

namespace headlight {

/// What −∞ among the numbers of a file means: it is added like any other, or its cell is masked and nothing
/// is added.
enum class Infinities { added, masked };

/// The numbers of a file, added to the scores; +∞ and NaN as they are. Adds nothing where no file was read.
class GivenAddends : public Bias {
 public:
  GivenAddends(std::optional<GivenRows> rows, Infinities infinities)
      : rows_(std::move(rows)), infinities_(infinities) {}

  void add(int head, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const override;
  double at(int head, std::int64_t query, std::int64_t key) const override;
  std::string reason(int head, std::int64_t query, std::int64_t key) const override;

 private:
  std::optional<GivenRows> rows_;
  Infinities infinities_;
};

}  // namespace headlight
