#include "app/cli/interrupt.h"

#include <csignal>

namespace headlight {
namespace {

/// Never destroyed: a signal may come at any time.
const Cancel& interruptCancel() {
  static const auto* const kCancel = new Cancel(Cancel::make());
  return *kCancel;
}

void onInterrupt(int) {
  interruptCancel().request();
}

}  // namespace

Cancel listenForInterrupt() {
  interruptCancel();
  struct sigaction stop {};
  stop.sa_handler = onInterrupt;
  stop.sa_flags = static_cast<int>(SA_RESETHAND);  // without SA_RESTART: a read of stdin ends as well
  sigemptyset(&stop.sa_mask);
  sigaction(SIGINT, &stop, nullptr);
  sigaction(SIGTERM, &stop, nullptr);
  // nohup has it ignored, and means that.
  struct sigaction before {};
  if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
    sigaction(SIGHUP, &stop, nullptr);
  }
  return interruptCancel();
}

}  // namespace headlight
