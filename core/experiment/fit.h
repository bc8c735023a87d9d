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
  std::optional<std::vector<Token>> tokens;  ///< of a batch the chosen element, padded
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

/// What the parts of a document are made for.
struct FitContext {
  Sizes sizes;  ///< lengths that are 0 are not known
  bool cross = false;
  std::vector<bool> paddedKeys = {};  ///< may be empty
  int batches = 0;                    ///< 0: there is no batch axis
};
/// The part of it that needs the sizes.
void checkFit(const Experiment& experiment, const FitContext& context, Report& report);

/// The number of elements that `tokens`, `memory` and the source's own matrices agree on, 0 for no batch at
/// all; nothing, with the error reported, where they do not, or where `view.batch` is none of them.
/// `ofSource` is what the source's matrices hold, nothing while their file is not read.
std::optional<int> checkBatch(const Experiment& experiment, std::optional<int> ofSource, Report& report);
/// Whether `view.layer` is one of so many, where a source has that axis (0: it has none); reported where it
/// is not.
bool checkLayer(const Experiment& experiment, int layers, Report& report);
/// What a source that reads no file holds: no batch; nothing for the others.
std::optional<int> knownSourceBatches(const Experiment& experiment);

/// The axes along which a cell of this tensor is named: [in, out] of weights, [head, row, column] of q, k, v.
/// Nothing when the source has no such tensor.
std::optional<std::vector<std::int64_t>> editedShape(std::string_view stage, const Sizes& sizes, bool cross,
                                                     const Kinded& source);

}  // namespace headlight
