#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// All files that the experiment reads, packed to be carried inside a figure (data_pack.h); empty when it
/// reads none. `folder` is where its paths start; the pack names them as seen from `target`, as forSaving
/// does. Errors: (unreadable) a file is missing; (usage) together they have more than kMostPackedBytes.
Result<std::string> packFiles(const Experiment& experiment, const std::string& folder,
                              const std::string& target);

/// The folder where the paths of an experiment start that came out of a figure with the files `data`: the
/// figure's own where each of them is there unchanged, else one below `cacheFolder`, into which they are
/// written. Nothing is written elsewhere, whatever the pack's paths say. Errors: (invalid) a damaged pack;
/// (unwritable) the cache.
Result<std::string> folderOfCarried(std::string_view data, const std::string& figureFolder,
                                    const std::string& cacheFolder);

/// What stays of the files that figures brought along.
struct CarriedKept {
  std::uint64_t bytes = std::uint64_t{256} << 20;  ///< together, the last used first
  int days = 60;                                   ///< since their figure was opened last
};
/// Removes from `cacheFolder` what was unpacked for figures and is over those bounds. A figure opened in the
/// last day, perhaps by another window, keeps its files, and so does one whose folder is, or lies around, one
/// of `used`. What cannot be removed stays.
void clearCarried(const std::string& cacheFolder, std::span<const std::string> used,
                  const CarriedKept& kept = {});

}  // namespace headlight
