#include "core/experiment/memory_limit.h"

#include <string>
#include <vector>

#include "core/attention/normalize/normalize.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::int64_t kNumbersOfARow = sizeof(RowNumbers) / 4;

struct Part {
  std::string name;
  double bytes;  ///< in double, which no product of our sizes leaves
};

}  // namespace

Status checkMemory(const Sizes& sizes, bool projects, bool cross) {
  std::vector<Part> parts;
  double sum = 0;
  const auto add = [&](const std::string& name, std::int64_t rows, std::int64_t cols, double copies = 1) {
    const double bytes = 4.0 * static_cast<double>(rows) * static_cast<double>(cols) * copies;
    if (bytes > 0)
      parts.push_back({name + " [" + std::to_string(rows) + ", " + std::to_string(cols) + "]", bytes});
    sum += bytes;
  };
  const std::int64_t q = std::int64_t{sizes.heads} * sizes.dK;
  const std::int64_t k = std::int64_t{sizes.kvHeads} * sizes.dK;
  const std::int64_t v = std::int64_t{sizes.kvHeads} * sizes.dV;
  const std::int64_t o = std::int64_t{sizes.heads} * sizes.dV;
  if (projects) {
    add("X", sizes.queries, sizes.dModel);
    if (cross) add("memory", sizes.keys, sizes.dModel);
    add("W_Q", sizes.dModel, q);
    add("W_K", sizes.dModel, k);
    add("W_V", sizes.dModel, v);
  }
  add("W_O", o, sizes.dModel);
  add("Q", sizes.queries, q);
  add("K", sizes.keys, k, 2);  // once more in the order of the kernel
  add("V", sizes.keys, v);
  add("head outputs", sizes.queries, o);
  add("output", sizes.queries, sizes.dModel);
  add("row statistics", sizes.queries, std::int64_t{sizes.heads} * kNumbersOfARow);
  if (sum <= kMostMatrixBytes) return {};
  const Part* largest = &parts.front();
  for (const Part& part : parts) {
    if (part.bytes > largest->bytes) largest = &part;
  }
  return Error{ErrorCode::invalid,
               "the matrices would take " + bytesText(sum) + ", accepted are at most " +
                   bytesText(kMostMatrixBytes) + "; " + largest->name + " alone takes " +
                   bytesText(largest->bytes),
               "shape", "Choose fewer tokens, fewer heads or smaller widths"};
}

}  // namespace headlight
