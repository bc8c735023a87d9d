#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/attention/run.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/experiment/experiment.h"
#include "core/text/tokens.h"

namespace headlight {

/// Where the numbers come from: shown on the origin chip, in figures and by `describe`.
struct Origin {
  std::string chip;       ///< "constructed heads: drawn by hand, not learned"
  bool untrained = true;  ///< the pattern carries no learned meaning
};

/// A tensor file that the numbers came from; `stamp` changes when the file is written again.
struct FileRecord {
  std::string path;  ///< as the experiment spells it
  std::uint64_t bytes = 0;
  std::string sha256;  ///< empty until it is needed
  std::uint64_t stamp = 0;
};

/// The experiment with its tokens split and its files read: ready to be computed.
struct Prepared {
  AttentionPlan plan;
  int batches = 0;                     ///< elements of the batch; 0: there is no batch axis
  int layers = 0;                      ///< of the file; 0: it has no axis of layers
  int layer = 0;                       ///< the one that is computed
  std::vector<Token> queryTokens;      ///< [Tq]
  std::vector<Token> keyTokens;        ///< [Tk], the source's extra keys "[bias]" and "[zero]" at the end
  std::vector<std::string> headNames;  ///< [H], empty where a head has none
  Origin origin;
  std::vector<std::string> warnings;
  std::vector<FileRecord> files;
  std::string folder;                       ///< where relative files were sought
  std::vector<std::string> dataWarnings;    ///< those of the warnings that come from reading the numbers
  std::vector<std::string> tensorWarnings;  ///< as above, of the tensors that masks and biases name
  std::uint64_t tensorsKey = 0;             ///< of what those come from
};

/// Splits, generates and reads. `folder` is where relative tensor files are looked for. `previous` may be
/// null: what its plan already holds under the same key is shared instead of made again.
/// With a pool, what is generated is generated side by side.
Result<Prepared> prepare(const Experiment& experiment, const std::string& folder,
                         const Prepared* previous = nullptr, ThreadPool* pool = nullptr);

}  // namespace headlight
