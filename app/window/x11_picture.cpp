#include "app/window/x11_picture.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <poll.h>
#include <unistd.h>

#undef Status  // Xlib's name for int

namespace headlight {
namespace {

constexpr std::size_t kPiece = 256 * 1024;  ///< bytes that are handed over in one property
constexpr int kPatience = 10;               ///< seconds until a paste that stands still is given up
constexpr auto kAnswer = std::chrono::milliseconds(500);

/// Whoever asked may be gone by the time it is answered, which is no reason to end the program.
int passOver(::Display*, XErrorEvent*) {
  return 0;
}

/// A paste that takes its bytes piece by piece.
struct Transfer {
  Window requestor = 0;
  Atom property = 0;
  std::string bytes;
  std::size_t sent = 0;
  std::chrono::steady_clock::time_point since;
};

struct Offer {
  std::string png;
  std::promise<bool> owned;
};

}  // namespace

struct X11Picture::State {
  ::Display* display = nullptr;  // of the thread, once it runs
  Window window = 0;
  Atom clipboard = 0, targets = 0, timestamp = 0, png = 0, incr = 0;
  int wake[2] = {-1, -1};
  std::thread thread;
  std::mutex mutex;
  std::optional<Offer> offered;  // under mutex
  bool ending = false;           // under mutex

  std::string held;  // the thread's, as all below
  Time since = 0;
  std::list<Transfer> transfers;

  ~State() {
    if (thread.joinable()) {
      {
        const std::lock_guard lock(mutex);
        ending = true;
      }
      poke();
      thread.join();
    }
    if (display != nullptr) XCloseDisplay(display);
    for (const int end : wake) {
      if (end >= 0) close(end);
    }
  }

  void poke() const {
    const char byte = 0;
    const auto written = write(wake[1], &byte, 1);
    (void)written;  // a full pipe wakes as well
  }

  bool open() {
    if (pipe(wake) != 0) return false;
    if (std::getenv("DISPLAY") == nullptr) return false;
    // A busy server may turn a connection down.
    for (int tries = 0; tries < 3 && display == nullptr; ++tries) {
      if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      display = XOpenDisplay(nullptr);
    }
    if (display == nullptr) return false;
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
    XSelectInput(display, window, PropertyChangeMask);
    const auto atom = [this](const char* name) { return XInternAtom(display, name, False); };
    clipboard = atom("CLIPBOARD");
    targets = atom("TARGETS");
    timestamp = atom("TIMESTAMP");
    png = atom("image/png");
    incr = atom("INCR");
    XFlush(display);
    thread = std::thread([this] { work(); });
    return true;
  }

  void work() {
    pollfd waits[2] = {{ConnectionNumber(display), POLLIN, 0}, {wake[0], POLLIN, 0}};
    for (;;) {
      while (XPending(display) > 0) {
        XEvent event;
        XNextEvent(display, &event);
        XSetErrorHandler(passOver);
        handle(event);
        XSync(display, False);
      }
      poll(waits, 2, transfers.empty() ? -1 : 1000);
      if ((waits[0].revents & (POLLERR | POLLHUP)) != 0) return;
      if ((waits[1].revents & POLLIN) != 0) {
        char bytes[16];
        const auto got = read(wake[0], bytes, sizeof bytes);
        (void)got;
        if (!take()) return;
      }
      const auto late = std::chrono::steady_clock::now() - std::chrono::seconds(kPatience);
      transfers.remove_if([late](const Transfer& one) { return one.since < late; });
    }
  }

  /// Takes over what was offered; false when it is time to end.
  bool take() {
    std::optional<Offer> next;
    {
      const std::lock_guard lock(mutex);
      if (ending) return false;
      next = std::exchange(offered, std::nullopt);
    }
    if (!next) return true;
    held = std::move(next->png);
    since = serverTime();
    XSetSelectionOwner(display, clipboard, window, since);
    const bool owned = XGetSelectionOwner(display, clipboard) == window;
    if (!owned) held.clear();
    next->owned.set_value(owned);
    return true;
  }

  /// The server's clock, which an owner must name (ICCCM 2.1).
  Time serverTime() {
    const unsigned char nothing = 0;
    XChangeProperty(display, window, timestamp, XA_INTEGER, 8, PropModeAppend, &nothing, 0);
    XEvent event;
    XWindowEvent(display, window, PropertyChangeMask, &event);
    return event.xproperty.time;
  }

  void handle(const XEvent& event) {
    if (event.type == SelectionClear) {
      // It may tell of a loss that was made good since.
      if (XGetSelectionOwner(display, clipboard) != window) held.clear();
    } else if (event.type == SelectionRequest) {
      answer(event.xselectionrequest);
    } else if (event.type == DestroyNotify) {
      forget(event.xdestroywindow.window, None);
    } else if (event.type == PropertyNotify && event.xproperty.state == PropertyDelete) {
      const auto at = std::find_if(transfers.begin(), transfers.end(), [&event](const Transfer& one) {
        return one.requestor == event.xproperty.window && one.property == event.xproperty.atom;
      });
      if (at == transfers.end()) return;
      send(*at);
      if (at->sent > at->bytes.size()) transfers.erase(at);
    }
  }

  void put(Window requestor, Atom property, Atom type, int bits, const void* data, std::size_t count) {
    XChangeProperty(display, requestor, property, type, bits, PropModeReplace,
                    static_cast<const unsigned char*>(data), static_cast<int>(count));
  }

  /// The next piece; one of no bytes says that there is no more.
  void send(Transfer& transfer) {
    const std::size_t count = std::min(kPiece, transfer.bytes.size() - transfer.sent);
    put(transfer.requestor, transfer.property, png, 8, transfer.bytes.data() + transfer.sent, count);
    transfer.sent += count;
    if (count == 0) {
      XSelectInput(display, transfer.requestor, NoEventMask);
      ++transfer.sent;
    }
    transfer.since = std::chrono::steady_clock::now();
  }

  void forget(Window requestor, Atom property) {
    transfers.remove_if([=](const Transfer& one) {
      return one.requestor == requestor && (property == None || one.property == property);
    });
  }

  void answer(const XSelectionRequestEvent& request) {
    // Old clients name no property and mean one called as the target (ICCCM 2.2).
    const Atom property = request.property == None ? request.target : request.property;
    bool given = !held.empty() && request.selection == clipboard;
    if (!given) {
      // what was offered is gone
    } else if (request.target == targets) {
      const Atom all[] = {targets, timestamp, png};
      put(request.requestor, property, XA_ATOM, 32, all, std::size(all));
    } else if (request.target == timestamp) {
      put(request.requestor, property, XA_INTEGER, 32, &since, 1);
    } else if (request.target != png) {
      given = false;
    } else if (held.size() <= kPiece) {
      put(request.requestor, property, png, 8, held.data(), held.size());
    } else {
      // The number of a window that is gone may be another's by now.
      forget(request.requestor, property);
      XSelectInput(display, request.requestor, PropertyChangeMask | StructureNotifyMask);
      const long atLeast = static_cast<long>(held.size());
      put(request.requestor, property, incr, 32, &atLeast, 1);
      transfers.push_back({request.requestor, property, held, 0, std::chrono::steady_clock::now()});
    }
    XEvent reply{};
    reply.xselection.type = SelectionNotify;
    reply.xselection.requestor = request.requestor;
    reply.xselection.selection = request.selection;
    reply.xselection.target = request.target;
    reply.xselection.property = given ? property : None;
    reply.xselection.time = request.time;
    XSendEvent(display, request.requestor, False, NoEventMask, &reply);
  }
};

X11Picture::X11Picture() : state_(std::make_unique<State>()) {}
X11Picture::~X11Picture() = default;

Result<std::unique_ptr<X11Picture>> X11Picture::open() {
  std::unique_ptr<X11Picture> made(new X11Picture);
  if (made->state_->open()) return made;
  return Error{ErrorCode::failed, "pictures are handed on through X11, which this display has not", {}, {}};
}

Status X11Picture::offer(std::string png) {
  Offer next;
  next.png = std::move(png);
  std::future<bool> owned = next.owned.get_future();
  {
    const std::lock_guard lock(state_->mutex);
    state_->offered = std::move(next);
  }
  state_->poke();
  const bool answered = owned.wait_for(kAnswer) == std::future_status::ready;
  if (answered && owned.get()) return {};
  return Error{ErrorCode::failed, "the display does not hand over its clipboard", {}, {}};
}

}  // namespace headlight
