#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace headlight {

struct FileFilter {
  std::string label;                  ///< "Experiments and figures"
  std::vector<std::string> patterns;  ///< "*.headlight.json"
};
struct DialogRequest {
  bool save = false;
  std::string title;
  std::string folder;
  std::string name;  ///< suggested, for save
  std::vector<FileFilter> filters;
};

/// Native file dialogs, asked off the interface thread. A seam: tests answer by hand.
class FileDialogs {
 public:
  virtual ~FileDialogs() = default;
  /// True when a native dialog can be shown; else the window uses its own path field.
  virtual bool available() const = 0;
  /// Calls back on any thread with the path, or nothing when closed.
  virtual void ask(const DialogRequest& request, std::function<void(std::optional<std::string>)> answer) = 0;
};

/// The clipboard, a seam as well.
class Clipboard {
 public:
  virtual ~Clipboard() = default;
  virtual void setText(const std::string& text) = 0;
  virtual std::string text() = 0;
  /// Offers a picture, the bytes of a PNG, to whoever pastes. Errors: why this display takes none.
  virtual Status setPicture(const std::string& png);
};

}  // namespace headlight
