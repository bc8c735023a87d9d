#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

// Row by row, both states: `read` gets the two rows.
Status readBoth(
    const QuantityInput& input,
    const std::function<void(std::int64_t, std::span<const float>, std::span<const float>)>& read) {
  const Stage stage = *stageById(input.key("stage").string());
  const bool all = input.key("head").isNull();
  const int first = all ? 0 : input.head();
  const int heads = input.run().sizes.heads;
  const int count = !info(stage).perHead                     ? 1
                    : stage == Stage::k || stage == Stage::v ? input.run().sizes.kvHeads
                                                             : heads;
  const int last = all ? count - 1 : first;
  for (int head = first; head <= last; ++head) {
    const auto one = fieldOf(input.state, stage, head);
    if (!one) return one.error();
    const auto other = fieldOf(input.other, stage, head);
    if (!other) return other.error();
    if (one->rows() != other->rows() || one->cols() != other->cols()) {
      return badQuantity("found " + std::to_string(one->rows()) + " × " + std::to_string(one->cols()) +
                         " and " + std::to_string(other->rows()) + " × " + std::to_string(other->cols()) +
                         " numbers, accepted are two states of one shape");
    }
    std::vector<float> a(static_cast<std::size_t>(one->cols()));
    std::vector<float> b(a.size());
    const std::int64_t begin = input.integer("first");
    const std::int64_t end =
        input.key("end").isNull() ? one->rows() : std::min(one->rows(), input.integer("end"));
    for (std::int64_t i = begin; i < end; ++i) {
      one->row(i, a.data());
      other->row(i, b.data());
      read(i, a, b);
    }
  }
  return {};
}

bool sameBits(float a, float b) {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  return x == y;
}

Result<double> largestChange(const QuantityInput& input) {
  double largest = 0;
  const Status status =
      readBoth(input, [&](std::int64_t, std::span<const float> a, std::span<const float> b) {
        for (std::size_t j = 0; j < a.size(); ++j) {
          if (sameBits(a[j], b[j])) continue;
          const double change = std::abs(static_cast<double>(a[j]) - b[j]);
          largest = change <= largest ? largest : change;  // NaN stays
        }
      });
  if (!status) return status.error();
  return largest;
}

Result<double> rowsChanged(const QuantityInput& input) {
  double rows = 0;
  const Status status =
      readBoth(input, [&](std::int64_t, std::span<const float> a, std::span<const float> b) {
        bool same = true;
        for (std::size_t j = 0; j < a.size(); ++j) same = same && sameBits(a[j], b[j]);
        rows += same ? 0 : 1;
      });
  if (!status) return status.error();
  return rows;
}

Result<double> totalVariation(const QuantityInput& input) {
  double sum = 0;
  double rows = 0;
  const Status status =
      readBoth(input, [&](std::int64_t, std::span<const float> a, std::span<const float> b) {
        for (std::size_t j = 0; j < a.size(); ++j) sum += 0.5 * std::abs(static_cast<double>(a[j]) - b[j]);
        rows += 1;
      });
  if (!status) return status.error();
  if (rows == 0) return badQuantity("there is no row to compare");
  return sum / rows;
}

// Row i beside the row of the same token in the other state.
Result<double> permutedChange(const QuantityInput& input) {
  const auto one = fieldOf(input.state, *stageById(input.key("stage").string()),
                           input.key("head").isNull() ? 0 : input.head());
  if (!one) return one.error();
  const auto other = fieldOf(input.other, one->stage(), one->head());
  if (!other) return other.error();
  std::map<std::string, std::int64_t> places;
  const auto& tokens = input.other->prepared->queryTokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!places.emplace(tokens[i].text, static_cast<std::int64_t>(i)).second) {
      return badQuantity("the token " + tokens[i].text +
                         " stands twice, accepted are tokens of which each is there once");
    }
  }
  if (one->rows() != other->rows() || one->cols() != other->cols() ||
      (info(one->stage()).cols == Axis::key && isMap(one->stage()))) {
    return badQuantity("accepted are two states of one shape, of a stage whose columns are not tokens");
  }
  std::vector<float> a(static_cast<std::size_t>(one->cols()));
  std::vector<float> b(a.size());
  double largest = 0;
  for (std::int64_t i = 0; i < one->rows(); ++i) {
    const auto place = places.find(input.state->prepared->queryTokens[static_cast<std::size_t>(i)].text);
    if (place == places.end()) return badQuantity("the two states do not have the same tokens");
    one->row(i, a.data());
    other->row(place->second, b.data());
    for (std::size_t j = 0; j < a.size(); ++j) {
      const double change = std::abs(static_cast<double>(a[j]) - b[j]);
      largest = change <= largest ? largest : change;
    }
  }
  return largest;
}

}  // namespace

std::vector<QuantityInfo> changeQuantities() {
  const std::vector<KeySpec> block{stageKey("output"), anyIndexKey("head", "the head; null is all"),
                                   indexKey("first", "the first row that counts"),
                                   anyIndexKey("end", "the row before which it ends; null is the last row")};
  return {
      {{"largest_change", "largest change of a number", "max |a − b| over the rows, of all heads", block},
       2,
       false,
       largestChange},
      {{"rows_changed", "rows that changed", "rows in which a bit differs", block}, 2, false, rowsChanged},
      {{"total_variation", "total variation", "½ Σ_j |a_j − b_j|, mean over the rows", block},
       2,
       false,
       totalVariation},
      {{"permuted_change",
        "change but for the order of tokens",
        "max |a − b| of rows with the same token",
        {stageKey("output"), anyIndexKey("head", "the head; null is the first")}},
       2,
       false,
       permutedChange},
  };
}

}  // namespace headlight
