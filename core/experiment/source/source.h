#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/attention/inputs.h"
#include "core/base/kinds.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/experiment/image_patches.h"
#include "core/experiment/inputs.h"
#include "core/experiment/report.h"

namespace headlight {

/// A value that can be made when it is needed, named by what causes it: equal keys, equal values.
template <class T>
struct Recipe {
  std::uint64_t key = 0;
  std::function<Result<T>()> make;
  explicit operator bool() const { return static_cast<bool>(make); }
};

/// What a source may look at.
struct SourceRequest {
  const Experiment& experiment;
  std::string folder;                        ///< relative files are sought here
  std::optional<std::vector<Token>> tokens;  ///< nothing given: the source decides how many there are
  std::optional<std::vector<Token>> memory;
  const Prepared* previous = nullptr;      ///< files that did not change are not hashed again
  int batch = 0;                           ///< which element of a batch is read
  std::optional<ImagePatches> image = {};  ///< what X is made of instead of the tokens' text
  std::optional<ImagePatches> memoryImage = {};
};

/// What a source gives: sizes at once, numbers as recipes.
struct SourceOutput {
  Sizes sizes;
  bool cross = false;  ///< keys and values come from another sequence
  Recipe<Matrix> x;
  Recipe<Matrix> memory;
  Recipe<Matrix> memoryValue;
  Recipe<Linear> wQ;
  Recipe<Linear> wK;
  Recipe<Linear> wV;
  Recipe<Linear> wO;
  Recipe<Heads> q;
  Recipe<Heads> k;
  Recipe<Heads> v;
  Recipe<Heads> extraK;
  Recipe<Heads> extraV;
  Recipe<GivenMaps> maps;
  int batches = 0;                          ///< that the source's matrices hold; 0: they have no batch axis
  int layers = 0;                           ///< as above, of layers
  int layer = 0;                            ///< the one that is given
  std::vector<std::string> extraKeyLabels;  ///< [extraKeys] "[bias]", "[zero]"
  std::vector<std::string> headNames;
  Origin origin;
  std::vector<FileRecord> files;
  std::vector<std::string> warnings;
};

/// A row of the table of sources: a new source is one file with its KindSpec and functions, and one line in
/// source_table.cpp.
struct SourceKind {
  KindSpec spec;
  /// Its matrices decide the sizes: what `shape` leaves out comes from there.
  bool decidesShape;
  /// Gives X and projections; false when it gives q, k and v themselves.
  bool projects;
  /// Its matrices decide how many tokens there are, so that `tokens` may be left out; null for never.
  bool (*decidesTokens)(const Kinded& source);
  /// Looks into keys that their types do not describe fully; may be null.
  void (*check)(const Kinded& source, const Place& place, Report& report);
  /// Sizes as far as the document tells them, reading no file: nothing when a file decides. `queries` and
  /// `keys` are the given numbers of tokens, 0 for none.
  std::optional<Sizes> (*sizes)(const Experiment& experiment, std::int64_t queries, std::int64_t keys,
                                Report& report);
  Result<SourceOutput> (*read)(const SourceRequest& request);
  /// The keys that name a tensor, as "file" or "file:tensor".
  std::span<const std::string_view> fileKeys = {};
};
std::span<const SourceKind* const> sourceKinds();
const SourceKind* sourceKind(std::string_view kind);
/// Whether its numbers, and with them its sizes, come from files of arrays.
bool readsArrays(const Kinded& source);

/// The sizes that `shape` says for generated numbers: d_model 64, heads 4, the rest derived. Reports what
/// does not divide.
std::optional<Sizes> generatedSizes(const Experiment& experiment, std::int64_t queries, std::int64_t keys,
                                    Report& report);
/// `seed` of a source.
std::uint64_t seedOf(const Kinded& source);
/// Keys that several sources have.
KeySpec seedKey();
KeySpec generatorKey();

}  // namespace headlight
