#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/files/npz_writer.h"
#include "tests/ui/driver.h"

namespace headlight::test {

/// Writes an npz of float32 tensors into the driver's folder; returns its path.
inline std::string writeTensors(
    const Driver& d, const std::string& name,
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& tensors) {
  StringSink sink;
  NpzWriter writer(sink);
  for (const auto& [tensor, shape] : tensors) {
    Tensor made;
    made.shape = shape;
    const bool isMask = tensor == "mask";
    const std::int64_t size = made.size();
    made.floats.reserve(static_cast<std::size_t>(size));
    for (std::int64_t i = 0; i < size; ++i) {
      const auto wave = static_cast<float>((i * i + 3 * i) % 23) / 8 - 1;
      made.floats.push_back(isMask ? static_cast<float>(i % 2) : wave);
    }
    EXPECT_TRUE(writer.add(tensor, made));
  }
  EXPECT_TRUE(writer.finish());
  return d.write(name, sink.text());
}

/// q, k and v of one shape in qkv.npz.
inline std::string writeQkv(const Driver& d, const std::vector<std::int64_t>& shape) {
  return writeTensors(d, "qkv.npz", {{"q", shape}, {"k", shape}, {"v", shape}});
}

}  // namespace headlight::test
