#include "app/cli/upstream.h"

#include <cmath>

#include "core/base/hash.h"
#include "core/base/shape.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

/// The error of a file, said of the option that named it.
Error ofOption(Error error) {
  error.where = "--upstream, " + error.where;
  return error;
}

void warnOfNonFinite(const Matrix& upstream, const std::string& address, const Prepared& prepared,
                     std::vector<std::string>& warnings) {
  std::int64_t count = 0;
  std::int64_t first = 0;
  for (std::int64_t n = upstream.rows() * upstream.cols(); n-- > 0;) {
    if (std::isfinite(upstream.data()[n])) continue;
    ++count;
    first = n;
  }
  if (count == 0) return;
  std::vector<std::int64_t> place{first / upstream.cols(), first % upstream.cols()};
  if (prepared.batches > 0) place.insert(place.begin(), prepared.plan.batch);
  warnings.push_back("--upstream, " + address + " holds " + std::to_string(count) +
                     (count == 1 ? " value that is" : " values that are") +
                     " NaN or infinite, the first at " + shapeText(place));
}

}  // namespace

Result<Caused<Matrix>> readUpstream(const std::string& address, const Prepared& prepared,
                                    std::vector<std::string>& warnings) {
  const Inputs& in = prepared.plan.inputs;
  const TensorAddress parsed = parseTensorAddress(address);
  const Result<TensorFile> file = TensorFile::open(parsed.file);
  if (!file) return ofOption(file.error());
  const Result<TensorInfo> info = file->find(parsed.tensor);
  if (!info) return ofOption(info.error());
  const std::int64_t rows = in.sizes.queries;
  const std::int64_t cols = in.wO ? in.wO->weight.cols() : in.sizes.heads * in.sizes.dV;
  std::vector<std::int64_t> wanted{rows, cols};
  if (prepared.batches > 0) wanted.insert(wanted.begin(), prepared.batches);
  if (info->shape != wanted) {
    return Error{ErrorCode::invalid,
                 info->name + " has shape " + shapeText(info->shape) + ", accepted is " + shapeText(wanted) +
                     (in.wO ? ", the shape of output" : ", the shape of concat"),
                 "--upstream, " + address,
                 {}};
  }
  const std::int64_t first = prepared.batches > 0 ? prepared.plan.batch * rows * cols : 0;
  const Result<Tensor> part = file->readSlice(info->name, first, rows * cols, Precision::float32);
  if (!part) return ofOption(part.error());
  Matrix upstream(rows, cols);
  std::copy(part->floats.begin(), part->floats.end(), upstream.data());
  warnOfNonFinite(upstream, address, prepared, warnings);
  KeyHash hash;
  hash.add("upstream").add(address).add(static_cast<std::uint64_t>(first + 1));
  return Caused<Matrix>{hash.key(), std::make_shared<const Matrix>(std::move(upstream))};
}

}  // namespace headlight
