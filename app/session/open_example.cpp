#include <filesystem>
#include <string_view>
#include <system_error>

#include "app/desktop/folders.h"
#include "app/session/open_file.h"
#include "core/experiment/examples.h"
#include "core/experiment/json.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

bool readsFiles(const Experiment& experiment) {
  const auto isFile = [](const TokenSpec& tokens) { return tokens.kind == TokenSpec::Kind::file; };
  return readsArrays(experiment.source) || isFile(experiment.tokens) ||
         (experiment.memory && isFile(*experiment.memory));
}

/// The examples' files on disk, written when they are missing or of another size.
Result<std::string> unpackedExamples(const std::string& cacheFolder) {
  const std::string folder = cacheFolder + "/examples-" + HEADLIGHT_VERSION;
  for (const Asset& asset : exampleFiles()) {
    const std::string path = folder + "/" + std::string(asset.name);
    std::error_code missing;
    if (std::filesystem::file_size(path, missing) == asset.bytes.size() && !missing) continue;
    if (Status written = writeOwnFile(path, asset.bytes); !written) return written.error();
  }
  return folder;
}

}  // namespace

Result<Opened> openExampleDocument(const std::string& name, const std::string& cacheFolder) {
  const auto text = exampleText(name);
  if (!text) {
    std::string known;
    for (const std::string& one : exampleNames()) known += (known.empty() ? "" : ", ") + one;
    return Error{ErrorCode::usage, "there is no example \"" + name + "\", there are " + known, "", ""};
  }
  auto decoded = fromText(*text);
  if (!decoded) return decoded.error();
  Opened opened;
  opened.document.experiment = std::move(decoded->experiment);
  opened.document.name = name;
  opened.warnings = std::move(decoded->warnings);
  if (readsFiles(opened.document.experiment)) {
    auto folder = unpackedExamples(cacheFolder);
    if (!folder) return folder.error();
    opened.document.folder = std::move(*folder);
  }
  return opened;
}

}  // namespace headlight
