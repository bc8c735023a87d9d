#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/tensor_writer.h"

namespace headlight {

/// Writes an .npz (stored, not compressed). Same calls and SOURCE_DATE_EPOCH, same bytes. Members and files
/// may exceed 4 GiB.
class NpzWriter : public TensorWriter {
 public:
  explicit NpzWriter(ByteSink& sink);

 protected:
  /// `name` is without ".npy". Error (failed): it is empty or longer than 65531 bytes.
  Status beginTensor(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width,
                     std::uint64_t bytes) override;
  Status putData(std::string_view bytes) override;
  Status endTensor() override;
  /// Writes the directory.
  Status finishFile() override;

 private:
  struct Member {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
  };

  std::uint32_t dosTime_ = 0;
  std::vector<Member> members_;
};

}  // namespace headlight
