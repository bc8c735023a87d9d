#pragma once
#include <string>
#include <vector>

#include "app/desktop/folder_listing.h"
#include "app/panels/panel_state.h"

namespace headlight {

/// The window's own file dialog, where the desktop has none: what it shows and what was typed.
struct FileBrowser {
  bool asked = false;
  std::string folder;   ///< wanted; `shown` follows when it has been read
  FolderListing shown;  ///< stays until the next one is there
  bool again = false;   ///< the folder is read anew
  std::string typed;    ///< a filter, a name, or a path
  int chosen = -1;      ///< row of the filtered list
  bool allFiles = false;
  std::string replacing;  ///< the path that is there already, while it is asked whether to write over it
  std::string pressed;    ///< the file that was clicked last
  bool reveal = false;    ///< the chosen row is to be brought into sight
};

/// A row of the list as it is filtered now.
std::vector<const FolderEntry*> browserRows(const FileBrowser& browser, const DialogRequest& request);
/// "/home/ann/data/" and "q.n" of "data/q.n" typed in /home/ann: where a typed path leads, and the part of a
/// name at its end.
struct TypedPath {
  std::string folder;  ///< without its last slash but for the root
  std::string name;
  bool isPath = false;  ///< it has a slash, or begins at home
};
TypedPath readTyped(const std::string& typed, const std::string& folder, const std::string& home);

}  // namespace headlight
