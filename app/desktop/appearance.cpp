#include "app/desktop/appearance.h"

#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "app/desktop/glib_handles.h"

namespace headlight {
namespace {

constexpr const char* kNamespace = "org.freedesktop.appearance";
constexpr const char* kInterface = "org.freedesktop.portal.Settings";
constexpr int kTimeoutMs = 3000;

/// Puts one key of the namespace into `appearance`; unknown keys and types are passed over.
void take(Appearance& appearance, std::string_view key, GVariant* value) {
  if (!g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32)) return;
  const guint32 number = g_variant_get_uint32(value);
  if (key == "color-scheme") {
    appearance.dark = number == 1 ? std::optional(true) : number == 2 ? std::optional(false) : std::nullopt;
  } else if (key == "contrast") {
    appearance.moreContrast = number == 1;
  } else if (key == "reduced-motion") {
    appearance.reducedMotion = number == 1;
  }
}

}  // namespace

struct AppearanceWatch::State {
  std::function<void()> changed;
  GlibPtr<GCancellable> cancel{g_cancellable_new()};
  mutable std::mutex mutex;
  Appearance now;            // under mutex
  GlibLoop* loop = nullptr;  // under mutex
  std::thread thread;

  void publish(const Appearance& next) {
    {
      const std::lock_guard lock(mutex);
      if (now == next) return;
      now = next;
    }
    if (changed) changed();
  }

  Appearance copy() const {
    const std::lock_guard lock(mutex);
    return now;
  }

  static void onSignal(GDBusConnection*, const gchar*, const gchar*, const gchar*, const gchar*,
                       GVariant* parameters, gpointer user) {
    if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ssv)"))) return;
    const char* space = nullptr;
    const char* key = nullptr;
    GVariant* value = nullptr;
    g_variant_get(parameters, "(&s&sv)", &space, &key, &value);
    const GlibPtr<GVariant> owned(value);
    if (std::string_view(space) != kNamespace) return;
    auto* state = static_cast<State*>(user);
    Appearance next = state->copy();
    take(next, key, value);
    state->publish(next);
  }

  void readAll(GDBusConnection* bus) {
    const char* spaces[] = {kNamespace, nullptr};
    const auto reply = callBus(bus, kPortalName, kPortalPath, kInterface, "ReadAll",
                               g_variant_new("(^as)", spaces), "(a{sa{sv}})", kTimeoutMs, cancel.get());
    if (!reply) return;
    const GlibPtr<GVariant> all(g_variant_get_child_value(reply.get(), 0));
    const GlibPtr<GVariant> ours(g_variant_lookup_value(all.get(), kNamespace, G_VARIANT_TYPE("a{sv}")));
    if (!ours) return;
    Appearance next;
    GVariantIter iterator;
    g_variant_iter_init(&iterator, ours.get());
    const char* key = nullptr;
    GVariant* value = nullptr;
    while (g_variant_iter_next(&iterator, "{&sv}", &key, &value)) {
      const GlibPtr<GVariant> owned(value);
      take(next, key, value);
    }
    publish(next);
  }

  void work() {
    GlibLoop own;
    {
      const std::lock_guard lock(mutex);
      if (g_cancellable_is_cancelled(cancel.get())) return;
      loop = &own;
    }
    if (const auto bus = sessionBus(cancel.get())) {
      const guint signal = g_dbus_connection_signal_subscribe(
          bus.get(), kPortalName, kInterface, "SettingChanged", kPortalPath, kNamespace,
          G_DBUS_SIGNAL_FLAGS_NONE, onSignal, this, nullptr);
      readAll(bus.get());
      own.run();
      g_dbus_connection_signal_unsubscribe(bus.get(), signal);
    }
    const std::lock_guard lock(mutex);
    loop = nullptr;
  }
};

AppearanceWatch::AppearanceWatch(std::function<void()> changed) : state_(std::make_unique<State>()) {
  state_->changed = std::move(changed);
  state_->thread = std::thread([state = state_.get()] { state->work(); });
}

AppearanceWatch::~AppearanceWatch() {
  {
    const std::lock_guard lock(state_->mutex);
    g_cancellable_cancel(state_->cancel.get());
    if (state_->loop != nullptr) state_->loop->quit();
  }
  state_->thread.join();
}

Appearance AppearanceWatch::now() const {
  return state_->copy();
}

}  // namespace headlight
