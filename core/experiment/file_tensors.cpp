#include "core/experiment/file_tensors.h"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/sequence.h"
#include "core/files/read_file.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

/// Asked for within the shape; what is not there is NaN.
bool none(std::int64_t count, float* out) {
  std::fill_n(out, std::max<std::int64_t>(count, 0), std::numeric_limits<float>::quiet_NaN());
  return false;
}

bool inside(std::int64_t first, std::int64_t count, std::int64_t size) {
  return first >= 0 && count >= 0 && first <= size && count <= size - first;
}

class WholeTensor : public GivenTensor {
 public:
  WholeTensor(std::vector<std::int64_t> shape, std::vector<float> values)
      : shape_(std::move(shape)), values_(std::move(values)) {}

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  bool read(std::int64_t first, std::int64_t count, float* out) const override {
    if (!inside(first, count, static_cast<std::int64_t>(values_.size()))) return none(count, out);
    std::copy_n(values_.data() + first, count, out);
    return true;
  }

 private:
  std::vector<std::int64_t> shape_;
  std::vector<float> values_;
};

class PartsOfTensor : public GivenTensor {
 public:
  PartsOfTensor(TensorFile file, TensorInfo info) : file_(std::move(file)), info_(std::move(info)) {}

  const std::vector<std::int64_t>& shape() const override { return info_.shape; }
  bool read(std::int64_t first, std::int64_t count, float* out) const override {
    if (!inside(first, count, info_.size())) return none(count, out);
    const Result<Tensor> part = file_.readSlice(info_.name, first, count, Precision::float32);
    if (!part) return none(count, out);
    std::copy_n(part->floats.data(), count, out);
    return true;
  }

 private:
  TensorFile file_;
  TensorInfo info_;
};

class FileTensors : public TensorSource {
 public:
  explicit FileTensors(std::string folder) : folder_(std::move(folder)) {}

  Result<std::shared_ptr<const GivenTensor>> open(const std::string& address,
                                                  const std::string& path) const override {
    const TensorAddress parsed = parseTensorAddress(address);
    const std::string full = inFolder(folder_, parsed.file);
    const std::scoped_lock lock(mutex_);
    const Result<InputFile> now = InputFile::open(full);
    if (!now) return now.error().inside(path);
    auto known = files_.find(full);
    if (known == files_.end() || known->second.stamp != now->stamp()) {
      Result<TensorFile> opened = TensorFile::open(full);
      if (!opened) return opened.error().inside(path);
      known = files_.insert_or_assign(full, Opened{now->stamp(), std::move(*opened), {}}).first;
    }
    Opened& file = known->second;
    const Result<TensorInfo> info = file.file.find(parsed.tensor);
    if (!info) return info.error().inside(path);
    auto tensor = file.tensors.find(info->name);
    if (tensor == file.tensors.end()) {
      auto made = givenTensor(file.file, *info);
      if (!made) return made.error().inside(path);
      tensor = file.tensors.emplace(info->name, std::move(*made)).first;
    }
    return tensor->second;
  }

  std::uint64_t stamp(const std::string& address) const override {
    const TensorAddress parsed = parseTensorAddress(address);
    const std::string full = inFolder(folder_, parsed.file);
    const Result<InputFile> file = InputFile::open(full);
    if (!file) return 0;
    KeyHash hash;
    hash.add("file").add(full).add(file->stamp()).add(parsed.tensor);
    return hash.key();
  }

 private:
  struct Opened {
    std::uint64_t stamp = 0;
    TensorFile file;
    std::map<std::string, std::shared_ptr<const GivenTensor>> tensors;
  };

  std::string folder_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Opened> files_;
};

}  // namespace

Result<std::shared_ptr<const GivenTensor>> givenTensor(const TensorFile& file, const TensorInfo& info) {
  const double bytes = sizeof(float) * static_cast<double>(info.size());
  const bool inParts = file.sliceable(info.name);
  if (inParts && bytes > kKeptBytes) {
    return std::shared_ptr<const GivenTensor>(std::make_shared<PartsOfTensor>(file, info));
  }
  if (bytes > kMostWholeBytes) {
    return Error{ErrorCode::invalid,
                 "\"" + info.name + "\" is compressed, text or column-major and takes " + bytesText(bytes) +
                     " in memory, accepted are at most " + bytesText(kMostWholeBytes),
                 file.path(), "Save it uncompressed and in C order: then it is read in parts"};
  }
  Result<Tensor> whole = file.read(info.name, Precision::float32);
  if (!whole) return whole.error();
  return std::shared_ptr<const GivenTensor>(
      std::make_shared<WholeTensor>(info.shape, std::move(whole->floats)));
}

std::shared_ptr<const TensorSource> fileTensors(std::string folder) {
  return std::make_shared<FileTensors>(std::move(folder));
}

}  // namespace headlight
