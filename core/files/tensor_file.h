#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/matrix.h"
#include "core/base/result.h"

namespace headlight {

/// One array of a file, as its header tells. `dtype` is numpy's name, "float32", "int64", "bool", …, or
/// PyTorch's for what numpy has not: "bfloat16", "float8_e4m3fn", "float8_e5m2".
struct TensorInfo {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t byteOffset = 0;  ///< where in the file its bytes begin (compressed ones too)

  std::int64_t size() const;
};

/// As what numbers are handed out. `stored`: float64 for what float32 cannot hold (float64, 32- and 64-bit
/// integers).
enum class Precision { float32, float64, stored };

/// The values of a tensor in short. Minimum and maximum are of the finite ones and NaN when there is none.
struct ValueSummary {
  std::int64_t count = 0;
  std::int64_t nans = 0;
  std::int64_t positiveInfinities = 0;
  std::int64_t negativeInfinities = 0;
  double minimum = 0;
  double maximum = 0;

  std::int64_t nonFinite() const { return nans + positiveInfinities + negativeInfinities; }
};

/// What a file of tensors may cost.
struct ReadLimits {
  std::uint64_t tensorBytes = std::uint64_t{16} << 30;  ///< of one tensor in memory
};

struct TensorListing;

/// The one door to files of numbers (.npy, .npz, .safetensors, .csv). It keeps the path and what the headers
/// say; the bytes of a tensor are read, never mapped, when they are asked for. Copies share; reading from
/// several threads is safe.
class TensorFile {
 public:
  /// Reads the headers (of a .csv the whole text, without keeping it). Errors: (unreadable) as
  /// InputFile::open; (invalid) everything attention.md D.1 to D.3 refuse, with the byte offset, what was
  /// found and is accepted; pickled files (.pt, .pth, .ckpt, .bin), saying how to save them otherwise.
  static Result<TensorFile> open(const std::string& path, const ReadLimits& limits = {});

  const std::string& path() const { return path_; }
  std::span<const TensorInfo> tensors() const { return infos_; }
  /// What was noticed and left out: members that are no arrays, bytes after an array.
  std::span<const std::string> notes() const;
  /// What the file's writer says of it (`__metadata__` of a .safetensors): text by key.
  const std::map<std::string, std::string>& metadata() const;
  /// The tensor of that name; "" means the only one. Errors (invalid): none or several of them, naming what
  /// there is; or why that array cannot be read.
  Result<TensorInfo> find(std::string_view name) const;
  /// Whether parts of it can be read at the cost of the part: neither compressed nor text nor Fortran order.
  bool sliceable(std::string_view name) const;

  /// The whole tensor in C order, whatever the order in the file.
  Result<Tensor> read(std::string_view name, Precision precision) const;
  /// Elements first … first + count − 1 in C order, as a tensor of shape [count], at the cost of opening the
  /// file and one read of their bytes. The checksum of a zip member of up to 64 MiB is proven once, by
  /// reading it through before its first part; that of a larger one only by read and summarize, so that the
  /// first rows of a map of gigabytes come at once. What is not sliceable is read from its beginning each
  /// time.
  Result<Tensor> readSlice(std::string_view name, std::int64_t first, std::int64_t count,
                           Precision precision) const;
  /// Reads it through in bounded memory. Errors: as read; (cancelled).
  Result<ValueSummary> summarize(std::string_view name, const Cancel& cancel = {}) const;

 private:
  TensorFile() = default;
  Result<std::size_t> indexOf(std::string_view name) const;

  std::string path_;
  std::uint64_t stamp_ = 0;
  ReadLimits limits_;
  std::vector<TensorInfo> infos_;
  std::shared_ptr<const TensorListing> listing_;
  std::shared_ptr<std::vector<std::atomic<bool>>> proven_;  ///< per tensor: its checksum was right
};

/// "dump.npz:layers.0.q" → the file and the tensor ("" when none is named). Colons elsewhere in the path are
/// kept when the file has one of the known endings.
struct TensorAddress {
  std::string file;
  std::string tensor;
  bool operator==(const TensorAddress&) const = default;
};
TensorAddress parseTensorAddress(std::string_view address);

}  // namespace headlight
