#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/value.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// Text ⇄ Value. Errors: not JSON (byte offset), invalid UTF-8, a duplicate key (JSON path), nesting over 64,
/// a number that does not fit.
Result<Value> parseJson(std::string_view text);

/// Value ⇄ Experiment, the one way in: files, `--set` and the window all pass here.
struct Decoded {
  Experiment experiment;
  std::vector<std::string> warnings;  ///< unknown keys, dropped links
  std::string data{};                 ///< the files that a figure carried with it (carried_files.h)
};
/// All problems, each with its JSON path; `decode` gives the first.
Result<Decoded> decode(const Value& root);
std::vector<Error> problems(const Value& root);
/// Complete, in the order of the contract; defaults are written out where they are part of the meaning.
Value encode(const Experiment& experiment);

/// The file's text: UTF-8, LF, two spaces, fixed key order, one matrix row a line.
std::string toText(const Experiment& experiment);
Result<Decoded> fromText(std::string_view text);

/// Reads an experiment file, or the experiment carried inside a PNG, SVG or PDF figure.
Result<Decoded> readExperiment(const std::string& path);

}  // namespace headlight
