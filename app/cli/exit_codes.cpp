#include "app/cli/exit_codes.h"

namespace headlight {

int exitCode(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return kExitUsage;
    case ErrorCode::invalid:
    case ErrorCode::unreadable:
      return kExitInput;
    case ErrorCode::exists:
    case ErrorCode::unwritable:
      return kExitOutput;
    case ErrorCode::different:
      return kExitDifferent;
    case ErrorCode::cancelled:
      return kExitInterrupted;
    case ErrorCode::failed:
      break;
  }
  return kExitFailed;
}

}  // namespace headlight
