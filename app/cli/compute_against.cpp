#include "app/cli/compute_against.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/cli/text_table.h"
#include "core/base/number.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t length : shape) text += (text.size() > 1 ? "," : "") + std::to_string(length);
  return text + "]";
}

/// Equal infinities, and NaN beside NaN, differ by nothing.
double difference(double here, double there) {
  if (here == there || (std::isnan(here) && std::isnan(there))) return 0;
  const double apart = std::fabs(here - there);
  return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

std::vector<std::int64_t> placeOf(std::int64_t index, const StageArray& array) {
  std::vector<std::int64_t> place(array.shape.size());
  for (std::size_t axis = place.size(); axis-- > 0;) {
    place[axis] = index % array.shape[axis];
    index /= array.shape[axis];
  }
  return place;
}

/// The dump's numbers, a piece at a time; what cannot be read in parts is read whole once.
class DumpTensor {
 public:
  DumpTensor(const TensorFile& file, std::string name) : file_(file), name_(std::move(name)) {}

  Status read(std::int64_t first, std::int64_t count, std::vector<double>& values) {
    const bool parts = file_.sliceable(name_);
    if (!parts && whole_.doubles.empty()) {
      Result<Tensor> tensor = file_.read(name_, Precision::float64);
      if (!tensor) return tensor.error();
      whole_ = std::move(*tensor);
    }
    if (!parts) {
      values.assign(whole_.doubles.begin() + first, whole_.doubles.begin() + first + count);
      return {};
    }
    Result<Tensor> piece = file_.readSlice(name_, first, count, Precision::float64);
    if (!piece) return piece.error();
    values = std::move(piece->doubles);
    return {};
  }

 private:
  const TensorFile& file_;
  std::string name_;
  Tensor whole_;
};

Result<StageDifference> compareTensor(const StageArray& array, const TensorFile& file, ThreadPool& pool,
                                      const Cancel& cancel) {
  StageDifference found;
  found.name = array.name;
  DumpTensor dump(file, array.name);
  std::vector<double> there;
  const Status status =
      readPieces(array, pool, cancel, [&](std::int64_t firstRow, std::span<const double> here) -> Status {
        const std::int64_t first = firstRow * array.rowLength();
        if (Status read = dump.read(first, static_cast<std::int64_t>(here.size()), there); !read) return read;
        for (std::size_t n = 0; n < here.size(); ++n) {
          const double apart = difference(here[n], there[n]);
          if (apart <= found.largest) continue;
          found.largest = apart;
          found.place = placeOf(first + static_cast<std::int64_t>(n), array);
          found.here = here[n];
          found.there = there[n];
        }
        return {};
      });
  if (!status) return status.error();
  return found;
}

}  // namespace

Result<std::vector<StageDifference>> compareWithDump(const std::vector<StageArray>& arrays,
                                                     const std::string& dump, bool named, ThreadPool& pool,
                                                     const Cancel& cancel,
                                                     std::vector<std::string>& warnings) {
  const Result<TensorFile> file = TensorFile::open(dump);
  if (!file) return file.error();
  std::vector<StageDifference> differences;
  std::vector<std::string> names;
  for (const TensorInfo& tensor : file->tensors()) {
    names.push_back(tensor.name);
    const bool known =
        std::any_of(arrays.begin(), arrays.end(), [&](const StageArray& a) { return a.name == tensor.name; });
    if (!known) warnings.push_back(dump + " holds \"" + tensor.name + "\", which is not compared");
  }
  for (const StageArray& array : arrays) {
    const auto info = std::find_if(file->tensors().begin(), file->tensors().end(),
                                   [&](const TensorInfo& tensor) { return tensor.name == array.name; });
    if (info == file->tensors().end()) {
      if (!named) continue;
      return Error{ErrorCode::invalid, "holds no tensor " + array.name, dump, {}};
    }
    if (info->shape != array.shape) {
      return Error{
          ErrorCode::invalid,
          array.name + " has shape " + shapeText(info->shape) + ", here it is " + shapeText(array.shape),
          dump, "--head, --rows and --cols choose a part"};
    }
    Result<StageDifference> found = compareTensor(array, *file, pool, cancel);
    if (!found) return found.error();
    differences.push_back(std::move(*found));
  }
  if (differences.empty()) {
    std::string list;
    for (const StageArray& array : arrays) list += (list.empty() ? "" : ", ") + array.name;
    return Error{ErrorCode::invalid, "holds none of the tensors to compare, accepted are " + list, dump, {}};
  }
  return differences;
}

std::string differenceTable(const std::vector<StageDifference>& differences, double tolerance) {
  TextTable table({"tensor", "largest difference", "at", "here", "there", ""});
  for (const StageDifference& one : differences) {
    const bool equal = one.place.empty();
    table.add({one.name, shortest(static_cast<float>(one.largest)), equal ? "" : shapeText(one.place),
               equal ? "" : shortest(one.here), equal ? "" : shortest(one.there),
               one.largest <= tolerance ? "ok" : "above " + shortest(tolerance)});
  }
  return table.text();
}

Value differenceJson(const std::vector<StageDifference>& differences) {
  List list;
  for (const StageDifference& one : differences) {
    Value entry{Object{}};
    entry.set("tensor", one.name);
    entry.set("largest", one.largest);
    List place;
    for (const std::int64_t index : one.place) place.push_back(index);
    entry.set("at", std::move(place));
    entry.set("here", one.here);
    entry.set("there", one.there);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace headlight
