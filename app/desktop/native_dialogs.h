#pragma once
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/dialogs.h"

namespace headlight {

/// What may be asked, in this order.
struct NativeDialogMeans {
  bool portal = true;  ///< xdg-desktop-portal's FileChooser
  std::vector<std::string> programs{"zenity",
                                    "kdialog"};  ///< names, or absolute paths, told apart by their name
};

/// The desktop's own file dialogs. Which there are is found out on another thread: until then, and where
/// there is none, available() is false. One dialog at a time; asking while one is open answers with nothing.
std::unique_ptr<FileDialogs> makeNativeDialogs(const NativeDialogMeans& means = {});

}  // namespace headlight
