#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/kinds.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/experiment/inputs.h"
#include "core/experiment/report.h"

namespace headlight {

/// The key of a source that records its files: [{"path", "bytes", "sha256"}], so that another copy can be
/// told from the one that was meant.
KeySpec filesKey();
void checkFileRecords(const Kinded& source, const Place& place, Report& report);

/// What the file is now; its hash is known only when the experiment records one to compare with. Error:
/// missing or unreadable, with the recorded size and hash.
Result<FileRecord> recordOf(const Kinded& source, const std::string& path, const std::string& folder,
                            const Prepared* previous);
/// A sentence for each file that is not the recorded one.
std::vector<std::string> changedFiles(const Kinded& source, const std::vector<FileRecord>& files);

/// The experiment as it is saved into `target`: paths of files relative to that folder (from `folder`, where
/// they were relative to), each tensor file with its size and SHA-256. A file that cannot be read keeps the
/// record that it had.
Experiment forSaving(const Experiment& experiment, const std::string& folder, const std::string& target);

}  // namespace headlight
