#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/files/tensor_file.h"

namespace headlight {

/// What the first and the last row of a tensor's first matrix say, without a look at the others.
struct RowSample {
  bool sumsToOne = false;     ///< both: nothing below 0, Σ = 1 ± 2e-3
  bool zerosAndOnes = false;  ///< nothing else
  bool hasNegatives = false;
  bool addsAndDrops = false;   ///< zeros, and −∞ or at most −1e4: a mask that is added
  bool keepsCausally = false;  ///< 1 at the first key alone, then at every key
  bool dropsCausally = false;  ///< 0 at the first key alone, then at every key
};

/// A tensor that may be taken for something.
struct ImportTensor {
  std::string address;  ///< "file:tensor", or "file" where that holds one; relative to the folder
  TensorInfo info;
  std::optional<RowSample> sample;
};

/// A file that may name the tokens.
struct ImportTokens {
  std::string file;  ///< relative to the folder
  std::int64_t count = 0;
};

/// What files of tensors hold, by their headers.
struct ImportFound {
  std::string folder;              ///< of the first file
  std::string title;               ///< "dump" of "dump.npz"
  std::vector<std::string> files;  ///< relative to the folder
  std::vector<ImportTensor> tensors;
  std::vector<ImportTokens> tokens;  ///< lists of text beside the tensors
  std::vector<std::string> notes;    ///< members that are no arrays
};

/// Reads the headers, and of each tensor at most two rows: a file of many gigabytes costs as little as a
/// small one. Errors: as TensorFile::open; (invalid) no tensor at all; (cancelled).
Result<ImportFound> lookInto(std::span<const std::string> paths, const Cancel& cancel = {});
/// One more file of tokens, as it was chosen. Errors: as reading it.
Result<ImportTokens> lookIntoTokens(const ImportFound& found, const std::string& path);
/// Whether a file's ending is one of tensors.
bool holdsTensors(const std::string& path);

}  // namespace headlight
