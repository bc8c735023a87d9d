#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/attention/inputs.h"
#include "core/experiment/experiment.h"
#include "core/experiment/report.h"
#include "core/text/tokens.h"

namespace headlight {

/// The sequences of a document; nothing where a file tells them.
struct KnownTokens {
  std::optional<std::vector<Token>> tokens;
  std::optional<std::vector<Token>> memory;

  std::int64_t queries() const;  ///< 0: not known
  std::int64_t keys(const Experiment& experiment) const;
};
/// Splits what stands in the document itself; nothing, with the errors reported, where that cannot be.
std::optional<KnownTokens> knownTokens(const Experiment& experiment, Report& report);

/// Whether the parts of a document fit each other: sizes that divide, lists as long as the sequence, indices
/// that exist. What only a file can tell is left to `prepare`.
void checkFit(const Experiment& experiment, Report& report);
void checkFit(const Experiment& experiment, const KnownTokens& known, Report& report);

/// The part of it that needs the sizes; lengths that are 0 are not known. `paddedKeys` may be empty.
void checkFit(const Experiment& experiment, const Sizes& sizes, bool cross,
              const std::vector<bool>& paddedKeys, Report& report);

/// The axes along which a cell of this tensor is named: [in, out] of weights, [head, row, column] of q, k, v.
/// Nothing when the source has no such tensor.
std::optional<std::vector<std::int64_t>> editedShape(std::string_view stage, const Sizes& sizes, bool cross,
                                                     const Kinded& source);

}  // namespace headlight
