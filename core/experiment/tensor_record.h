#pragma once
#include <functional>
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
/// The same of a list beside the source: what masks, biases and images are read from.
void checkFileRecords(const Value& files, const Place& place, Report& report);
/// The list, which has been checked.
std::vector<SavedFile> savedFiles(const Value& files);
Value encodeFiles(const std::vector<SavedFile>& files);

/// What the file is now; its hash is known only when the experiment records one to compare with. Error:
/// missing or unreadable, with the recorded size and hash.
Result<FileRecord> recordOf(const Kinded& source, const std::string& path, const std::string& folder,
                            const Prepared* previous);
/// A sentence for each file that is not the recorded one.
std::vector<std::string> changedFiles(const Experiment& experiment, const std::vector<FileRecord>& files);

/// A file that a mask, a bias or an image of the document names, with the JSON path that does.
struct NamedFile {
  std::string path;  ///< as the experiment spells it
  std::string where;
};
std::vector<NamedFile> namedFiles(const Experiment& experiment);
/// What each of them is now, once a file. Errors: as recordOf, at the JSON path.
Result<std::vector<FileRecord>> recordsOfNamed(const Experiment& experiment, const std::string& folder,
                                               const Prepared* previous);

/// Gives every path of the document that names a file to `take`, to be changed: its source's, those above,
/// its tokens'. One that is named twice comes twice.
void eachFile(Experiment& experiment, const std::function<void(std::string& path)>& take);
/// What is recorded of all of them: the source's own, and the document's.
std::vector<SavedFile> recordedFiles(const Experiment& experiment);
/// The document with every mention of a file led elsewhere, its records with it.
Experiment withFileAt(Experiment experiment, const std::string& from, const std::string& to);

/// Every file that the experiment reads (its source's, those above, its tokens'), once, as it spells them.
std::vector<std::string> filesOf(const Experiment& experiment);
/// The path, which starts at `folder`, as seen from the folder `target`; never one that names the user or
/// host.
std::string relativePath(const std::string& path, const std::string& folder, const std::string& target);

/// The experiment as it is saved into `target`: paths of files relative to that folder (from `folder`, where
/// they were relative to), each tensor file with its size and SHA-256. A file that cannot be read keeps the
/// record that it had.
Experiment forSaving(const Experiment& experiment, const std::string& folder, const std::string& target);

}  // namespace headlight
