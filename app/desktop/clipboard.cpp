#include "app/desktop/dialogs.h"

namespace headlight {

Status Clipboard::setPicture(const std::string&) {
  return Error{ErrorCode::failed, "this clipboard takes text alone", {}, {}};
}

}  // namespace headlight
