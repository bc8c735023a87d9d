#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/experiment/source/given_files.h"
#include "core/files/tensor_file.h"

namespace headlight {

/// Rows of a tensor [out, in] or [out] of a state dict.
struct MhaRows {
  FilePart part;
  std::int64_t first = 0;  ///< row
};

/// One torch.nn.MultiheadAttention in a state dict: y = xWᵀ + b with weights [out, in] (attention.md A.2).
struct MhaBlock {
  std::int64_t width = 0;           ///< E, of queries and output
  std::int64_t keyWidth = 0;        ///< kdim
  std::int64_t valueWidth = 0;      ///< vdim
  MhaRows q;                        ///< [E, E]
  MhaRows k;                        ///< [E, kdim]
  MhaRows v;                        ///< [E, vdim]
  FilePart out;                     ///< [E, E]
  std::optional<FilePart> inBias;   ///< [3E]: of q, k, v
  std::optional<FilePart> outBias;  ///< [E]
  std::optional<FilePart> biasK;    ///< [1, 1, E], an extra key, projected already
  std::optional<FilePart> biasV;
};

/// The block at `prefix`, with or without its last dot, or the only one of the file. A block is
/// in_proj_weight [3E, E], or q_proj_weight, k_proj_weight and v_proj_weight, beside out_proj.weight [E, E].
/// `address` is the file's, for reading. Errors (invalid): none or several of them, naming their prefixes; a
/// tensor that is missing; shapes that do not fit each other, naming both tensors.
Result<MhaBlock> findMha(GivenFiles& files, const std::string& address,
                         const std::optional<std::string>& prefix);

}  // namespace headlight
