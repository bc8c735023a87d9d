#include "app/desktop/glib_handles.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace headlight {
namespace {

gboolean quitLoop(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_REMOVE;
}

/// Without one of these GIO would start a bus of its own.
bool busAddressKnown() {
  if (const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS"); address != nullptr && *address != '\0') {
    return true;
  }
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  std::error_code ignored;
  return runtime != nullptr && *runtime == '/' &&
         std::filesystem::exists(std::string(runtime) + "/bus", ignored);
}

}  // namespace

GlibPtr<GDBusConnection> sessionBus(GCancellable* cancel) {
  if (!busAddressKnown()) return nullptr;
  GError* error = nullptr;
  GlibPtr<GDBusConnection> bus(g_bus_get_sync(G_BUS_TYPE_SESSION, cancel, &error));
  const GlibPtr<GError> failed(error);
  // The desktop's session may end before us: that must not end the program.
  if (bus) g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
  return bus;
}

GlibPtr<GVariant> callBus(GDBusConnection* bus, const char* name, const char* path, const char* interface,
                          const char* method, GVariant* arguments, const char* replyType, int timeoutMs,
                          GCancellable* cancel) {
  GError* error = nullptr;
  GlibPtr<GVariant> reply(g_dbus_connection_call_sync(bus, name, path, interface, method, arguments,
                                                      G_VARIANT_TYPE(replyType), G_DBUS_CALL_FLAGS_NONE,
                                                      timeoutMs, cancel, &error));
  const GlibPtr<GError> failed(error);
  return reply;
}

GlibLoop::GlibLoop() : context_(g_main_context_new()), loop_(g_main_loop_new(context_, FALSE)) {
  g_main_context_push_thread_default(context_);
}

GlibLoop::~GlibLoop() {
  g_main_context_pop_thread_default(context_);
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

void GlibLoop::quit() {
  quitAfter(0);
}

void GlibLoop::quitAfter(unsigned milliseconds) {
  // A source, not g_main_loop_quit: that is lost on a loop which does not run yet.
  GSource* source = milliseconds == 0 ? g_idle_source_new() : g_timeout_source_new(milliseconds);
  g_source_set_callback(source, quitLoop, g_main_loop_ref(loop_),
                        [](gpointer loop) { g_main_loop_unref(static_cast<GMainLoop*>(loop)); });
  g_source_attach(source, context_);
  g_source_unref(source);
}

}  // namespace headlight
