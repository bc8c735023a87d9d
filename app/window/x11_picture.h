#pragma once
#include <memory>
#include <string>

#include "core/base/result.h"

namespace headlight {

/// Holds a picture for whoever pastes on an X display: it owns the selection CLIPBOARD through a window and a
/// connection of its own, on a thread of its own, until another program takes it over or this object goes.
class X11Picture {
 public:
  /// Errors: there is no X display to be had.
  static Result<std::unique_ptr<X11Picture>> open();
  ~X11Picture();
  X11Picture(const X11Picture&) = delete;
  X11Picture& operator=(const X11Picture&) = delete;

  /// Offers the bytes of a PNG as image/png, of any length: long ones go out in pieces (ICCCM 2.7.2, INCR).
  /// Errors: the display does not let us have its clipboard.
  Status offer(std::string png);

 private:
  X11Picture();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight
