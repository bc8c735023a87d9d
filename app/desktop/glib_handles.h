#pragma once
#include <functional>
#include <memory>
#include <string>

#include <gio/gio.h>

namespace headlight {

struct GlibRelease {
  void operator()(GCancellable* p) const { g_object_unref(p); }
  void operator()(GDBusConnection* p) const { g_object_unref(p); }
  void operator()(GSubprocess* p) const { g_object_unref(p); }
  void operator()(GVariant* p) const { g_variant_unref(p); }
  void operator()(GBytes* p) const { g_bytes_unref(p); }
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(char* p) const { g_free(p); }
};
template <class T>
using GlibPtr = std::unique_ptr<T, GlibRelease>;

/// The session bus when its address is known, else null: none is ever started for us. Blocks; `cancel` ends
/// that.
GlibPtr<GDBusConnection> sessionBus(GCancellable* cancel);

/// Calls a method and waits for the answer; null on any error. Takes `arguments` over.
GlibPtr<GVariant> callBus(GDBusConnection* bus, const char* name, const char* path, const char* interface,
                          const char* method, GVariant* arguments, const char* replyType, int timeoutMs,
                          GCancellable* cancel);

/// A GMainContext of one thread with its loop. Made, run and destroyed on that thread; quit from any.
class GlibLoop {
 public:
  GlibLoop();
  ~GlibLoop();
  GlibLoop(const GlibLoop&) = delete;
  GlibLoop& operator=(const GlibLoop&) = delete;
  /// Makes signals that this thread subscribes to arrive in run(), from here to the end of the object.
  void run() { g_main_loop_run(loop_); }
  /// Ends run(), also one that begins later.
  void quit();
  /// Ends run() after a time.
  void quitAfter(unsigned milliseconds);

 private:
  GMainContext* context_;
  GMainLoop* loop_;
};

inline constexpr const char* kPortalName = "org.freedesktop.portal.Desktop";
inline constexpr const char* kPortalPath = "/org/freedesktop/portal/desktop";

}  // namespace headlight
