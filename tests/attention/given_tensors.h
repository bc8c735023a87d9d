#pragma once
#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/tensor_source.h"

namespace headlight::test {

/// Tensors in memory that masks and biases open as if they lay in files.
class GivenTensors : public TensorSource {
 public:
  void add(const std::string& address, std::vector<std::int64_t> shape, std::vector<float> numbers) {
    tensors_[address] = std::make_shared<Given>(std::move(shape), std::move(numbers));
  }
  /// From now on nothing of it can be read.
  void cut(const std::string& address) { tensors_.at(address)->isCut = true; }

  Result<std::shared_ptr<const GivenTensor>> open(const std::string& address,
                                                  const std::string& path) const override {
    const auto found = tensors_.find(address);
    if (found == tensors_.end()) return Error{ErrorCode::unreadable, "there is no " + address, path, ""};
    return std::shared_ptr<const GivenTensor>(found->second);
  }
  std::uint64_t stamp(const std::string& address) const override {
    const auto found = tensors_.find(address);
    return found == tensors_.end() ? 0 : reinterpret_cast<std::uintptr_t>(found->second.get());
  }

 private:
  struct Given : GivenTensor {
    Given(std::vector<std::int64_t> s, std::vector<float> n) : lengths(std::move(s)), numbers(std::move(n)) {}
    const std::vector<std::int64_t>& shape() const override { return lengths; }
    bool read(std::int64_t first, std::int64_t count, float* out) const override {
      if (isCut) {
        std::fill(out, out + count, std::numeric_limits<float>::quiet_NaN());
        return false;
      }
      for (std::int64_t n = 0; n < count; ++n) out[n] = numbers.at(static_cast<std::size_t>(first + n));
      return true;
    }
    std::vector<std::int64_t> lengths;
    std::vector<float> numbers;
    bool isCut = false;
  };
  std::map<std::string, std::shared_ptr<Given>> tensors_;
};

}  // namespace headlight::test
