#include "app/session/state.h"

namespace headlight {

HomeDesk& Session::homeDesk() {
  State& s = *state_;
  if (!s.homeDesk) s.homeDesk = std::make_unique<HomeDesk>(s.home, s.seams.folders.cache);
  return *s.homeDesk;
}

int Session::documentNumber() const {
  return state_->documentNumber;
}

void Session::wakeIn(double seconds) {
  state_->files.wakeIn(seconds);
}

}  // namespace headlight
