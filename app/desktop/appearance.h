#pragma once
#include <functional>
#include <memory>
#include <optional>

namespace headlight {

/// What the desktop asks of its programs (xdg-desktop-portal, namespace org.freedesktop.appearance).
struct Appearance {
  std::optional<bool> dark;  ///< nothing: no preference, or no portal
  bool moreContrast = false;
  bool reducedMotion = false;
  bool operator==(const Appearance&) const = default;
};

/// Asks the portal once and listens for changes, on a thread of its own. Without a bus or a portal it stays
/// silent.
class AppearanceWatch {
 public:
  /// `changed` is called on that thread whenever now() has become another.
  explicit AppearanceWatch(std::function<void()> changed);
  ~AppearanceWatch();
  AppearanceWatch(const AppearanceWatch&) = delete;
  AppearanceWatch& operator=(const AppearanceWatch&) = delete;

  Appearance now() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight
