#include "app/session/open_file.h"

#include <filesystem>
#include <string_view>
#include <utility>

#include "core/base/words.h"
#include "core/experiment/carried_files.h"
#include "core/experiment/image_document.h"
#include "core/experiment/inputs.h"
#include "core/experiment/json.h"
#include "core/experiment/scenario_code.h"
#include "core/experiment/tensor_record.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

/// Arrays q, k, v as a document. They are read once here: a file that gives no numbers is not opened.
Result<Opened> openArrays(const std::string& path) {
  Opened opened;
  Experiment& experiment = opened.document.experiment;
  experiment.title = fs::path(path).stem().string();
  experiment.tokens = TokenSpec{};
  experiment.tokens.kind = TokenSpec::Kind::indices;
  experiment.source = Kinded{"qkv", {}};
  experiment.source.set("file", fileNameOf(path));
  experiment.shape = ShapeSpec{};
  opened.document.folder = folderOf(path);
  auto prepared = prepare(experiment, opened.document.folder);
  if (!prepared) return prepared.error();
  opened.warnings = std::move(prepared->warnings);
  return opened;
}

/// A picture as a document of its patches.
Result<Opened> openImage(const std::string& path) {
  auto made = imageDocument(fileNameOf(path), folderOf(path));
  if (!made) return made.error();
  Opened opened;
  opened.document.experiment = std::move(made->experiment);
  opened.document.folder = folderOf(path);
  opened.warnings.push_back("it carries no experiment, so its " + made->words + " are the tokens");
  return opened;
}

/// Whether it is a picture that no figure of Headlight is. What cannot be read is none.
bool holdsPlainImage(const std::string& path) {
  constexpr std::uint64_t kLargestImage = std::uint64_t{256} << 20;
  const auto bytes = readFile(path, kLargestImage);
  return bytes && isPlainImage(*bytes);
}

}  // namespace

std::string nameOf(const std::string& path) {
  std::string name = fs::path(path).filename().string();
  for (const std::string_view ending : {".headlight.json", ".json", ".headlight.png", ".headlight.svg",
                                        ".headlight.pdf", ".png", ".svg", ".pdf", ".npz"}) {
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return name;
}

std::string fileNameOf(const std::string& path) {
  return fs::path(path).filename().string();
}

std::string endingOf(const std::string& path) {
  const std::string ending = lowered(fs::path(path).extension().string());
  return ending.empty() ? "" : ending.substr(1);
}

std::string folderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string shownName(const std::string& path) {
  return isScenarioCode(path) ? "Scenario code" : fileNameOf(path);
}

Result<Opened> openCodeDocument(const std::string& code) {
  auto experiment = fromScenarioCode(code);
  if (!experiment) return experiment.error();
  Opened opened;
  opened.document.name = "from a code";
  opened.document.experiment = std::move(*experiment);
  return opened;
}

Result<Opened> openDocument(const std::string& path, const std::string& cacheFolder) {
  if (isScenarioCode(path)) return openCodeDocument(path);
  const std::string ending = endingOf(path);
  Opened opened;
  opened.document.folder = folderOf(path);
  if (ending == "npz") {
    auto arrays = openArrays(path);
    if (!arrays) return arrays;
    opened = std::move(*arrays);
  } else if (ending == "png" && holdsPlainImage(path)) {
    auto image = openImage(path);
    if (!image) return image;
    opened = std::move(*image);
  } else {
    auto decoded = readExperiment(path);
    if (!decoded) return decoded.error();
    opened.document.experiment = std::move(decoded->experiment);
    opened.warnings = std::move(decoded->warnings);
    const bool isFigure = ending == "png" || ending == "svg" || ending == "pdf";
    if (!isFigure) opened.document.path = path;
    if (!decoded->data.empty()) {
      auto folder = folderOfCarried(decoded->data, opened.document.folder, cacheFolder);
      if (folder) {
        opened.document.folder = std::move(*folder);
      } else {
        opened.warnings.push_back("The files that the figure carries are not used: " + folder.error().text());
      }
    }
  }
  opened.document.name = nameOf(path);
  return opened;
}

Experiment movedTo(const std::string& folder, const Document& document) {
  Experiment moved = forSaving(document.experiment, document.folder, folder);
  // The experiment that it is compared with is named from there as well.
  Value* file = moved.view.compare.find("file");
  if (file && file->isString() && fs::path(file->string()).is_relative()) {
    std::error_code failure;
    const fs::path there =
        fs::absolute(fs::path(document.folder) / file->string(), failure).lexically_normal();
    const fs::path near = there.lexically_relative(fs::absolute(folder, failure).lexically_normal());
    if (!failure && !near.empty()) *file = Value(near.string());
  }
  return moved;
}

}  // namespace headlight
