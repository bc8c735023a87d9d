#include "app/session/open_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/experiment/inputs.h"
#include "core/experiment/json.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

std::string endingOf(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

/// Arrays q, k, v as a document. They are read once here: a file that gives no numbers is not opened.
Result<Opened> openArrays(const std::string& path) {
  Opened opened;
  Experiment& experiment = opened.document.experiment;
  experiment.title = fs::path(path).stem().string();
  experiment.tokens = TokenSpec{};
  experiment.tokens.kind = TokenSpec::Kind::indices;
  experiment.source = Kinded{"qkv", {}};
  experiment.source.set("file", fs::path(path).filename().string());
  experiment.shape = ShapeSpec{};
  opened.document.folder = folderOf(path);
  auto prepared = prepare(experiment, opened.document.folder);
  if (!prepared) return prepared.error();
  opened.warnings = std::move(prepared->warnings);
  return opened;
}

std::string seenFrom(const std::string& file, const std::string& from, const std::string& to) {
  if (file.empty() || from.empty()) return file;
  const fs::path absolute = (fs::absolute(from) / file).lexically_normal();
  const std::string seen = absolute.lexically_relative(fs::absolute(to).lexically_normal()).string();
  return seen.empty() ? file : seen;
}

void rebase(TokenSpec& tokens, const std::string& from, const std::string& to) {
  if (tokens.kind == TokenSpec::Kind::file) tokens.file = seenFrom(tokens.file, from, to);
}

}  // namespace

std::string nameOf(const std::string& path) {
  std::string name = fs::path(path).filename().string();
  for (const std::string_view ending :
       {".headlight.json", ".json", ".headlight.png", ".headlight.svg", ".png", ".svg", ".npz"}) {
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return name;
}

std::string folderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Result<Opened> openDocument(const std::string& path) {
  const std::string ending = endingOf(path);
  Opened opened;
  if (ending == ".npz") {
    auto arrays = openArrays(path);
    if (!arrays) return arrays;
    opened = std::move(*arrays);
  } else {
    auto decoded = readExperiment(path);
    if (!decoded) return decoded.error();
    opened.document.experiment = std::move(decoded->experiment);
    opened.warnings = std::move(decoded->warnings);
    const bool isFigure = ending == ".png" || ending == ".svg" || ending == ".pdf";
    if (!isFigure) opened.document.path = path;
  }
  opened.document.folder = folderOf(path);
  opened.document.name = nameOf(path);
  return opened;
}

Experiment movedTo(const std::string& folder, const Document& document) {
  auto recorded = forSaving(document.experiment, document.folder, folder);
  if (recorded) return std::move(*recorded);
  // A file is missing: that must not keep the rest from being saved.
  Experiment moved = document.experiment;
  const std::string& from = document.folder;
  rebase(moved.tokens, from, folder);
  if (moved.memory) rebase(*moved.memory, from, folder);
  if (moved.source.kind == "qkv") {
    constexpr std::array<std::string_view, 6> kFileKeys{"file", "q", "k", "v", "w_o", "b_o"};
    for (Member& member : moved.source.keys) {
      const bool isFile = std::find(kFileKeys.begin(), kFileKeys.end(), member.first) != kFileKeys.end();
      if (isFile && member.second.isString()) member.second = seenFrom(member.second.string(), from, folder);
    }
  }
  return moved;
}

}  // namespace headlight
