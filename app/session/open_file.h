#pragma once
#include <string>
#include <vector>

#include "app/session/autosave.h"
#include "core/base/result.h"

namespace headlight {

/// What a file gave, ready to become the document of the window.
struct Opened {
  Document document;
  std::vector<std::string> warnings;
};

/// An experiment file, a figure that carries one, a scenario code in the place of a path, an .npz with q and
/// k (and v), or a .png whose patches become tokens. Only an experiment file becomes the place where the
/// document is saved again. Files that the figure carries are unpacked below `cacheFolder` where they are not
/// beside it. Errors: as the readers, and what the arrays cannot be.
Result<Opened> openDocument(const std::string& path, const std::string& cacheFolder);

/// A built-in example by its name ("who-is-meant"). What it reads from files is unpacked below `cacheFolder`
/// first.
Result<Opened> openExampleDocument(const std::string& name, const std::string& cacheFolder);

/// The document's experiment as it is written into `folder`: its files are named as seen from there, with
/// their sizes and hashes where they can be read.
Experiment movedTo(const std::string& folder, const Document& document);

/// The experiment of a scenario code. Errors: as fromScenarioCode.
Result<Opened> openCodeDocument(const std::string& code);

/// How what is opened is called in messages: the file's name, "Scenario code".
std::string shownName(const std::string& path);
/// "who-is-meant" of "/home/ann/who-is-meant.headlight.json".
std::string nameOf(const std::string& path);
/// "who-is-meant.headlight.json" of the same.
std::string fileNameOf(const std::string& path);
/// The ending in small letters, without its dot: "json".
std::string endingOf(const std::string& path);
/// The folder of a path, "." when it names none.
std::string folderOf(const std::string& path);

}  // namespace headlight
