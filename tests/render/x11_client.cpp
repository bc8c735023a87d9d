#include "tests/render/x11_client.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <poll.h>

namespace headlight::test {

struct X11Client::State {
  ::Display* display = XOpenDisplay(nullptr);
  Window window = 0;
  Atom place = 0;

  Atom atom(const char* name) const { return XInternAtom(display, name, False); }

  void ask(const char* target) const {
    XConvertSelection(display, atom("CLIPBOARD"), atom(target), place, window, CurrentTime);
  }

  bool next(XEvent& event) const {
    while (XPending(display) == 0) {
      pollfd wait{ConnectionNumber(display), POLLIN, 0};
      if (poll(&wait, 1, 5000) <= 0) return false;
    }
    XNextEvent(display, &event);
    return true;
  }

  std::string take(Atom& type) const {
    int bits = 0;
    unsigned long count = 0;
    unsigned long left = 0;
    unsigned char* data = nullptr;
    XGetWindowProperty(display, window, place, 0, 1L << 24, True, AnyPropertyType, &type, &bits, &count,
                       &left, &data);
    if (data == nullptr) return "";
    // Xlib hands out 32 bits as longs.
    const std::size_t each = bits == 32 ? sizeof(long) : static_cast<std::size_t>(bits) / 8;
    std::string bytes(reinterpret_cast<const char*>(data), count * each);
    XFree(data);
    return bytes;
  }

  /// What comes piece by piece, up to a piece of no bytes.
  std::optional<std::string> takePieces() const {
    std::string bytes;
    XEvent event;
    while (next(event)) {
      const bool isNew = event.type == PropertyNotify && event.xproperty.atom == place &&
                         event.xproperty.state == PropertyNewValue;
      if (!isNew) continue;
      Atom type = 0;
      const std::string piece = take(type);
      if (piece.empty()) return bytes;
      bytes += piece;
    }
    return std::nullopt;
  }
};

X11Client::X11Client() : state_(std::make_unique<State>()) {
  ::Display* display = state_->display;
  state_->window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
  XSelectInput(display, state_->window, PropertyChangeMask);
  state_->place = state_->atom("PASTED");
}

X11Client::~X11Client() {
  XCloseDisplay(state_->display);
}

std::optional<std::string> X11Client::paste(const char* target) {
  state_->ask(target);
  XEvent event;
  do {
    if (!state_->next(event)) return std::nullopt;
  } while (event.type != SelectionNotify);
  if (event.xselection.property == None) return std::nullopt;
  Atom type = 0;
  std::string bytes = state_->take(type);
  if (type == state_->atom("INCR")) return state_->takePieces();
  return bytes;
}

void X11Client::own() {
  XSetSelectionOwner(state_->display, state_->atom("CLIPBOARD"), state_->window, CurrentTime);
  XSync(state_->display, False);
}

void X11Client::askAndLeave(const char* target) {
  state_->ask(target);
  XDestroyWindow(state_->display, state_->window);
  XSync(state_->display, False);
}

}  // namespace headlight::test
