#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

constexpr std::int64_t kLeastKeys = 2;

/// Which keys of the key axis carry each text.
using Places = std::map<std::string, std::vector<std::int64_t>>;

Places placesOf(const std::vector<Token>& tokens) {
  Places places;
  for (std::size_t j = 0; j < tokens.size(); ++j)
    places[tokens[j].text].push_back(static_cast<std::int64_t>(j));
  return places;
}

/// The keys of that place for query i. Same token: all of its keys, where there is one beside its own.
std::vector<std::int64_t> keysAt(const std::string& place, std::int64_t i, const std::vector<Token>& queries,
                                 const Places& places) {
  if (place == "previous") return {i - 1};
  if (place == "next") return {i + 1};
  if (place == "first") return {0};
  if (place == "neighbours") return {i - 1, i + 1};
  if (place == "itself") return {i};
  const auto found = places.find(queries[static_cast<std::size_t>(i)].text);
  if (found == places.end()) return {};
  const bool elsewhere = found->second.size() > 1 || found->second.front() != i;
  return elsewhere ? found->second : std::vector<std::int64_t>{};
}

struct PlaceSum {
  double sum = 0;
  std::int64_t rows = 0;
};

// Over rows that keep at least two keys, one of that place among them.
Result<PlaceSum> placeSum(const QuantityInput& input) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  const MaskPlan& mask = *input.run().mask;
  const std::string& place = input.key("place").string();
  const std::vector<Token>& queries = input.state->prepared->queryTokens;
  const Places places = placesOf(input.state->prepared->keyTokens);
  PlaceSum all;
  for (std::int64_t i = 0; i < field->rows(); ++i) {
    if (mask.kept(input.head(), i) < kLeastKeys) continue;
    bool any = false;
    for (const std::int64_t j : keysAt(place, i, queries, places)) {
      if (j < 0 || j >= field->cols() || !mask.keeps(input.head(), i, j)) continue;
      all.sum += static_cast<double>(field->cell(i, j));
      any = true;
    }
    all.rows += any ? 1 : 0;
  }
  return all;
}

Result<double> placeWeight(const QuantityInput& input) {
  const auto all = placeSum(input);
  if (!all) return all.error();
  return all->rows == 0 ? std::numeric_limits<double>::quiet_NaN()
                        : all->sum / static_cast<double>(all->rows);
}

Result<double> placeRows(const QuantityInput& input) {
  const auto all = placeSum(input);
  if (!all) return all.error();
  return static_cast<double>(all->rows);
}

// max |W_V^h W_O^h − 1| over all cells [d_model, d_model].
Result<double> copyError(const QuantityInput& input) {
  const Run& run = input.run();
  const auto head = indexOf(input, "head", run.sizes.heads);
  if (!head) return head.error();
  if (!run.inputs.wV || !run.inputs.wO) return badQuantity("the source gives no W_V and W_O");
  const Matrix& values = run.inputs.wV->weight;
  const Matrix& output = run.inputs.wO->weight;
  const std::int64_t width = run.sizes.dV;
  const std::int64_t column = run.sizes.kvHeadOf(input.head()) * width;
  double largest = 0;
  for (std::int64_t i = 0; i < values.rows(); ++i) {
    for (std::int64_t j = 0; j < output.cols(); ++j) {
      double sum = i == j ? -1 : 0;
      for (std::int64_t d = 0; d < width; ++d)
        sum += static_cast<double>(values(i, column + d)) * static_cast<double>(output(*head * width + d, j));
      largest = std::abs(sum) <= largest ? largest : std::abs(sum);  // NaN stays
    }
  }
  return largest;
}

// Cosine of what a head writes at a query and the input of a key.
Result<double> copyCosine(const QuantityInput& input) {
  const auto written = fieldOf(input, Stage::contribution);
  if (!written) return written.error();
  const auto inputs = fieldOf(input.state, input.run().has(Stage::memory) ? Stage::memory : Stage::input, 0);
  if (!inputs) return inputs.error();
  const auto row = rowOf(input, *written, "query");
  if (!row) return row.error();
  const auto key = rowOf(input, *inputs, "key");
  if (!key) return key.error();
  if (row->size() != key->size()) return badQuantity("the input is not as wide as the output");
  double product = 0;
  double a = 0;
  double b = 0;
  for (std::size_t d = 0; d < row->size(); ++d) {
    const double x = (*row)[d];
    const double y = (*key)[d];
    product += x * y;
    a += x * x;
    b += y * y;
  }
  return product / std::sqrt(a * b);
}

}  // namespace

std::vector<QuantityInfo> placeQuantities() {
  const KeySpec place{"place",
                      KeyType::word,
                      "previous",
                      false,
                      0,
                      0,
                      {"previous", "next", "neighbours", "itself", "first", "same_token"},
                      "which keys: of same_token all that carry the query's text, its own among them"};
  return {
      {{"place_weight",
        "mean weight on a place",
        "Σ of A_ij on its keys, mean over the rows that keep at least two keys, one of them there; of "
        "same_token over the tokens that stand more than once",
        {headKey(), place}},
       1,
       false,
       placeWeight},
      {{"place_rows", "rows of that mean", "how many rows place_weight is the mean of", {headKey(), place}},
       1,
       false,
       placeRows},
      {{"copy_error",
        "distance of W_V · W_O from the identity",
        "max |W_V^h W_O^h − 1| over its cells, 0 for a head that copies",
        {headKey()}},
       1,
       false,
       copyError},
      {{"copy_cosine",
        "likeness of what a head writes and a token's input",
        "cosine of z_h W_O^h at the query and of row `key` of X",
        {headKey(), indexKey("query", "the query"), indexKey("key", "the key")}},
       1,
       false,
       copyCosine},
  };
}

}  // namespace headlight
