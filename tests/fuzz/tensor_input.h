#pragma once
#include <cstdint>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "core/files/tensor_file.h"

namespace headlight::fuzz {

/// Reads everything that a file of these bytes offers. The bytes stand in memory under a path that ends in
/// `extension`, because formats are told by it.
inline void readTensors(const std::uint8_t* data, std::size_t size, const char* extension) {
  const int memory = memfd_create("fuzz", 0);
  if (memory < 0) return;
  std::size_t written = 0;
  while (written < size) {
    const ssize_t more = write(memory, data + written, size - written);
    if (more <= 0) break;
    written += static_cast<std::size_t>(more);
  }
  static int counter = 0;
  const std::string link =
      "/tmp/headlight-fuzz-" + std::to_string(getpid()) + "-" + std::to_string(counter++) + extension;
  const std::string target = "/proc/self/fd/" + std::to_string(memory);
  if (symlink(target.c_str(), link.c_str()) == 0) {
    ReadLimits limits;
    limits.tensorBytes = 1 << 24;
    if (auto file = TensorFile::open(link, limits)) {
      for (const TensorInfo& info : file->tensors()) {
        if (auto tensor = file->read(info.name, Precision::float32)) {
          if (tensor->size() > 2)
            (void)file->readSlice(info.name, 1, tensor->size() - 2, Precision::stored).ok();
        }
        (void)file->summarize(info.name).ok();
      }
    }
    unlink(link.c_str());
  }
  close(memory);
}

}  // namespace headlight::fuzz
