#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <gio/gio.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/desktop/appearance.h"
#include "app/desktop/dialog_program.h"
#include "tests/desktop/environment.h"

namespace headlight {
namespace {

using namespace std::chrono_literals;

constexpr const char* kInterfaces = R"(<node>
  <interface name="org.freedesktop.portal.Settings">
    <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
    <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
  </interface>
  <interface name="org.freedesktop.portal.FileChooser">
    <method name="OpenFile">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
</node>)";

/// A portal on a bus of its own, which answers as the test says.
class FakePortal {
 public:
  FakePortal() {
    ::signal(SIGPIPE, SIG_IGN);
    bus_ = g_test_dbus_new(G_TEST_DBUS_NONE);
    g_test_dbus_up(bus_);
    thread_ = std::thread([this] { serve(); });
    while (!ready_) std::this_thread::sleep_for(1ms);
  }
  ~FakePortal() {
    g_main_context_invoke(
        context_,
        [](gpointer loop) -> gboolean {
          g_main_loop_quit(static_cast<GMainLoop*>(loop));
          return G_SOURCE_REMOVE;
        },
        loop_);
    thread_.join();
    g_test_dbus_stop(bus_);
    g_object_unref(bus_);
  }

  std::atomic<guint32> colourScheme{1};
  std::atomic<guint32> response{0};
  std::string uri = "file:///home/ann/two%20words.npz";
  std::atomic<bool> answers{true};
  std::atomic<bool> asked{false};

  void announce(guint32 scheme) {
    colourScheme = scheme;
    g_dbus_connection_emit_signal(
        connection_, nullptr, kPath, "org.freedesktop.portal.Settings", "SettingChanged",
        g_variant_new("(ssv)", "org.freedesktop.appearance", "color-scheme", g_variant_new_uint32(scheme)),
        nullptr);
    g_dbus_connection_flush_sync(connection_, nullptr, nullptr);
  }

 private:
  static constexpr const char* kPath = "/org/freedesktop/portal/desktop";

  void serve() {
    context_ = g_main_context_new();
    g_main_context_push_thread_default(context_);
    loop_ = g_main_loop_new(context_, FALSE);
    connection_ = g_dbus_connection_new_for_address_sync(
        g_test_dbus_get_bus_address(bus_),
        static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
        nullptr, nullptr, nullptr);
    GDBusNodeInfo* node = g_dbus_node_info_new_for_xml(kInterfaces, nullptr);
    static const GDBusInterfaceVTable table{onCall, onProperty, nullptr, {}};
    for (int i = 0; node->interfaces[i] != nullptr; ++i) {
      g_dbus_connection_register_object(connection_, kPath, node->interfaces[i], &table, this, nullptr,
                                        nullptr);
    }
    GVariant* owned = g_dbus_connection_call_sync(
        connection_, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
        g_variant_new("(su)", "org.freedesktop.portal.Desktop", guint32{0}), nullptr, G_DBUS_CALL_FLAGS_NONE,
        -1, nullptr, nullptr);
    if (owned != nullptr) g_variant_unref(owned);
    ready_ = true;
    g_main_loop_run(loop_);
    g_dbus_connection_close_sync(connection_, nullptr, nullptr);
    g_object_unref(connection_);
    g_dbus_node_info_unref(node);
    g_main_context_pop_thread_default(context_);
    g_main_loop_unref(loop_);
    g_main_context_unref(context_);
  }

  static GVariant* onProperty(GDBusConnection*, const gchar*, const gchar*, const gchar*, const gchar*,
                              GError**, gpointer) {
    return g_variant_new_uint32(4);
  }

  static void onCall(GDBusConnection* connection, const gchar* sender, const gchar*, const gchar*,
                     const gchar* method, GVariant* parameters, GDBusMethodInvocation* invocation,
                     gpointer user) {
    auto* portal = static_cast<FakePortal*>(user);
    if (std::string(method) == "ReadAll") {
      GVariantBuilder all;
      g_variant_builder_init(&all, G_VARIANT_TYPE("a{sa{sv}}"));
      GVariantBuilder ours;
      g_variant_builder_init(&ours, G_VARIANT_TYPE("a{sv}"));
      g_variant_builder_add(&ours, "{sv}", "color-scheme", g_variant_new_uint32(portal->colourScheme));
      g_variant_builder_add(&ours, "{sv}", "contrast", g_variant_new_string("of another type"));
      g_variant_builder_add(&ours, "{sv}", "reduced-motion", g_variant_new_uint32(1));
      g_variant_builder_add(&all, "{sa{sv}}", "org.freedesktop.appearance", &ours);
      g_dbus_method_invocation_return_value(invocation, g_variant_new("(a{sa{sv}})", &all));
      return;
    }
    portal->asked = true;
    GVariant* options = g_variant_get_child_value(parameters, 2);
    const char* token = "";
    g_variant_lookup(options, "handle_token", "&s", &token);
    std::string name = sender + 1;
    for (char& c : name) c = c == '.' ? '_' : c;
    std::string handle = kPath;
    handle += "/request/";
    handle += name;
    handle += '/';
    handle += token;
    g_variant_unref(options);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(o)", handle.c_str()));
    if (!portal->answers) return;
    GVariantBuilder results;
    g_variant_builder_init(&results, G_VARIANT_TYPE("a{sv}"));
    const char* uris[] = {portal->uri.c_str(), nullptr};
    g_variant_builder_add(&results, "{sv}", "uris", g_variant_new_strv(uris, -1));
    g_dbus_connection_emit_signal(connection, sender, handle.c_str(), "org.freedesktop.portal.Request",
                                  "Response", g_variant_new("(ua{sv})", portal->response.load(), &results),
                                  nullptr);
  }

  GTestDBus* bus_ = nullptr;
  GMainContext* context_ = nullptr;
  GMainLoop* loop_ = nullptr;
  GDBusConnection* connection_ = nullptr;
  std::atomic<bool> ready_{false};
  std::thread thread_;
};

bool noBusProgram() {
  return std::system("command -v dbus-daemon >/dev/null 2>&1") != 0;
}

template <class F>
bool becomes(F&& holds) {
  for (int i = 0; i < 2000 && !holds(); ++i) std::this_thread::sleep_for(5ms);
  return holds();
}

TEST(Portal, SaysWhichThemeTheDesktopHasAndWhenItChanges) {
  if (noBusProgram()) GTEST_SKIP() << "needs dbus-daemon";
  FakePortal portal;
  std::atomic<int> changes{0};
  AppearanceWatch watch([&] { ++changes; });
  ASSERT_TRUE(becomes([&] { return watch.now().dark.has_value(); }));
  EXPECT_EQ(watch.now().dark, true);
  EXPECT_TRUE(watch.now().reducedMotion);
  EXPECT_FALSE(watch.now().moreContrast);
  EXPECT_EQ(changes, 1);
  portal.announce(2);
  EXPECT_TRUE(becomes([&] { return watch.now().dark == false; }));
  portal.announce(0);
  EXPECT_TRUE(becomes([&] { return !watch.now().dark.has_value(); }));
  EXPECT_TRUE(watch.now().reducedMotion);
  EXPECT_EQ(changes, 3);
}

TEST(Portal, OffersFileDialogs) {
  if (noBusProgram()) GTEST_SKIP() << "needs dbus-daemon";
  FakePortal portal;
  const GlibPtr<GCancellable> cancel(g_cancellable_new());
  ASSERT_TRUE(portalHasDialogs(cancel.get()));
  DialogRequest request;
  request.title = "Open";
  request.folder = "/home/ann";
  request.filters = {{"Arrays", {"*.npz"}}};
  bool failed = true;
  EXPECT_EQ(askPortal(request, cancel.get(), failed), "/home/ann/two words.npz");
  EXPECT_FALSE(failed);
  portal.response = 1;  // closed by the user
  EXPECT_EQ(askPortal(request, cancel.get(), failed), std::nullopt);
  EXPECT_FALSE(failed);
  portal.response = 0;
  portal.uri = "https://example.org/elsewhere";
  EXPECT_EQ(askPortal(request, cancel.get(), failed), std::nullopt);
  request.save = true;  // this portal cannot save
  EXPECT_EQ(askPortal(request, cancel.get(), failed), std::nullopt);
  EXPECT_TRUE(failed);
}

TEST(Portal, WaitingEndsWhenCancelled) {
  if (noBusProgram()) GTEST_SKIP() << "needs dbus-daemon";
  FakePortal portal;
  portal.answers = false;
  const GlibPtr<GCancellable> cancel(g_cancellable_new());
  std::thread other([&] {
    ASSERT_TRUE(becomes([&] { return portal.asked.load(); }));
    std::this_thread::sleep_for(50ms);
    g_cancellable_cancel(cancel.get());
  });
  bool failed = true;
  EXPECT_EQ(askPortal({}, cancel.get(), failed), std::nullopt);
  other.join();
}

TEST(Portal, SilenceWithoutABus) {
  const test::Environment address("DBUS_SESSION_BUS_ADDRESS", nullptr);
  const test::Environment runtime("XDG_RUNTIME_DIR", nullptr);
  const GlibPtr<GCancellable> cancel(g_cancellable_new());
  EXPECT_FALSE(portalHasDialogs(cancel.get()));
  bool failed = false;
  EXPECT_EQ(askPortal({}, cancel.get(), failed), std::nullopt);
  EXPECT_TRUE(failed);
  std::atomic<int> changes{0};
  {
    const AppearanceWatch watch([&] { ++changes; });
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(watch.now(), Appearance{});
  }
  EXPECT_EQ(changes, 0);
}

TEST(Portal, ABusThatDoesNotAnswerIsSilenceToo) {
  const test::Environment address("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
  const GlibPtr<GCancellable> cancel(g_cancellable_new());
  EXPECT_FALSE(portalHasDialogs(cancel.get()));
  const AppearanceWatch watch([] {});
  EXPECT_EQ(watch.now(), Appearance{});
}

}  // namespace
}  // namespace headlight
