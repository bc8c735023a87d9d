#include <atomic>
#include <cstdint>

#include "app/desktop/dialog_program.h"

namespace headlight {
namespace {

constexpr const char* kChooser = "org.freedesktop.portal.FileChooser";
constexpr const char* kRequest = "org.freedesktop.portal.Request";
constexpr int kTimeoutMs = 5000;

/// What the portal's Response signal brings home to the waiting thread.
struct Answer {
  GlibLoop* loop = nullptr;
  std::optional<std::string> path;
};

void onResponse(GDBusConnection*, const gchar*, const gchar*, const gchar*, const gchar*,
                GVariant* parameters, gpointer user) {
  auto* answer = static_cast<Answer*>(user);
  answer->loop->quit();
  if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ua{sv})"))) return;
  guint32 response = 2;
  GVariant* results = nullptr;
  g_variant_get(parameters, "(u@a{sv})", &response, &results);
  const GlibPtr<GVariant> owned(results);
  if (response != 0) return;
  const GlibPtr<GVariant> uris(g_variant_lookup_value(results, "uris", G_VARIANT_TYPE_STRING_ARRAY));
  if (!uris || g_variant_n_children(uris.get()) == 0) return;
  const GlibPtr<GVariant> first(g_variant_get_child_value(uris.get(), 0));
  const GlibPtr<char> path(g_filename_from_uri(g_variant_get_string(first.get(), nullptr), nullptr, nullptr));
  if (path) answer->path = path.get();
}

/// The portal's Request object has this path when it is given `token`, so its signal can be awaited before
/// the call.
std::string requestPath(GDBusConnection* bus, const std::string& token) {
  std::string path = kPortalPath;
  path += "/request/";
  const char* sender = g_dbus_connection_get_unique_name(bus);
  for (const char* c = sender == nullptr ? "" : sender + 1; *c != '\0'; ++c) path += *c == '.' ? '_' : *c;
  path += '/';
  path += token;
  return path;
}

GVariant* options(const DialogRequest& request, const std::string& token) {
  GVariantBuilder builder;
  g_variant_builder_init(&builder, G_VARIANT_TYPE("a{sv}"));
  g_variant_builder_add(&builder, "{sv}", "handle_token", g_variant_new_string(token.c_str()));
  if (!request.filters.empty()) {
    GVariantBuilder filters;
    g_variant_builder_init(&filters, G_VARIANT_TYPE("a(sa(us))"));
    for (const FileFilter& filter : request.filters) {
      GVariantBuilder patterns;
      g_variant_builder_init(&patterns, G_VARIANT_TYPE("a(us)"));
      for (const std::string& pattern : filter.patterns) {
        g_variant_builder_add(&patterns, "(us)", guint32{0}, pattern.c_str());
      }
      g_variant_builder_add(&filters, "(sa(us))", filter.label.c_str(), &patterns);
    }
    g_variant_builder_add(&builder, "{sv}", "filters", g_variant_builder_end(&filters));
  }
  if (!request.folder.empty()) {
    g_variant_builder_add(&builder, "{sv}", "current_folder",
                          g_variant_new_bytestring(request.folder.c_str()));
  }
  if (request.save && g_utf8_validate(request.name.c_str(), -1, nullptr)) {
    g_variant_builder_add(&builder, "{sv}", "current_name", g_variant_new_string(request.name.c_str()));
  }
  return g_variant_builder_end(&builder);
}

}  // namespace

bool portalHasDialogs(GCancellable* cancel) {
  const auto bus = sessionBus(cancel);
  if (!bus) return false;
  return callBus(bus.get(), kPortalName, kPortalPath, "org.freedesktop.DBus.Properties", "Get",
                 g_variant_new("(ss)", kChooser, "version"), "(v)", kTimeoutMs, cancel) != nullptr;
}

std::optional<std::string> askPortal(const DialogRequest& request, GCancellable* cancel, bool& failed) {
  static std::atomic<std::uint64_t> asked{0};
  failed = true;
  GlibLoop loop;
  const auto bus = sessionBus(cancel);
  if (!bus) return std::nullopt;
  const std::string token = "headlight" + std::to_string(++asked);
  const std::string path = requestPath(bus.get(), token);
  Answer answer{&loop, std::nullopt};
  const guint signal =
      g_dbus_connection_signal_subscribe(bus.get(), kPortalName, kRequest, "Response", path.c_str(), nullptr,
                                         G_DBUS_SIGNAL_FLAGS_NONE, onResponse, &answer, nullptr);
  const auto reply =
      callBus(bus.get(), kPortalName, kPortalPath, kChooser, request.save ? "SaveFile" : "OpenFile",
              g_variant_new("(ss@a{sv})", "", request.title.c_str(), options(request, token)), "(o)",
              kTimeoutMs, cancel);
  if (reply) {
    failed = false;
    const gulong watch = g_cancellable_connect(
        cancel, G_CALLBACK(+[](GCancellable*, gpointer user) { static_cast<GlibLoop*>(user)->quit(); }),
        &loop, nullptr);
    loop.run();
    g_cancellable_disconnect(cancel, watch);
    if (g_cancellable_is_cancelled(cancel)) {
      callBus(bus.get(), kPortalName, path.c_str(), kRequest, "Close", nullptr, "()", 200, nullptr);
    }
  }
  g_dbus_connection_signal_unsubscribe(bus.get(), signal);
  return answer.path;
}

}  // namespace headlight
