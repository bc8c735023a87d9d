#include "app/panels/settings_panel.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/slider.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr double kStep = 0.05;

/// Of the theme: what the desktop says or how strong it is.
std::string_view themeNote(std::string_view word) {
  if (word == "system") return "dark, light and contrast";
  return word.rfind("projector", 0) == 0 ? "contrast 7 : 1 and more" : "";
}

float drawThemes(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  sectionHead(ui, x, y, "Theme");
  y += ui.u(8);
  for (const std::string_view word : themeWords()) {
    const Box row = Box::at(x - ui.u(6), y, width + ui.u(12), ui.u(26));
    const bool chosen = p.session.settings().theme == word;
    if (listRow(ui, "settings.theme=" + std::string(word), row, themeLabel(word), themeNote(word), chosen))
      p.session.setTheme(std::string(word));
    y += ui.u(26);
  }
  return y;
}

float drawScale(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const double setting = p.session.settings().uiScale;
  const double now = setting > 0 ? setting : static_cast<double>(ui.scale);
  sectionHead(ui, x, y, "Interface");
  y += ui.u(12);
  const Box row = Box::at(x, y, width, ui.u(28));
  textIn(ui, Role::body, {row.x0, row.y0, row.x0 + ui.u(90), row.y1}, Align::left, ui.c.t2, "scale, %");
  const Box larger = Box::at(row.x1 - ui.u(28), row.y0, ui.u(28), ui.u(28));
  const Box field = Box::at(larger.x0 - ui.u(62), row.y0 + ui.u(4), ui.u(54), ui.u(20));
  const Box smaller = Box::at(field.x0 - ui.u(36), row.y0, ui.u(28), ui.u(28));
  if (button(ui, "settings.smaller", smaller, "−", "", ButtonKind::plain, now > 0.75 + 1e-9,
             "75 % is the smallest"))
    setInterfaceScale(p, now - kStep);
  if (button(ui, "settings.larger", larger, "+", "", ButtonKind::plain, now < 3 - 1e-9,
             "300 % is the largest"))
    setInterfaceScale(p, now + kStep);
  const NumberEvent typed = numberField(ui, "settings.scale", field, std::round(now * 100), 0);
  if (typed.kind == NumberEvent::Kind::set) setInterfaceScale(p, typed.value / 100);
  if (typed.kind == NumberEvent::Kind::reset) setInterfaceScale(p, 0);
  y = row.y1 + ui.u(6);
  const Box monitor = Box::at(x, y, width, ui.u(26));
  textIn(ui, Role::body, {monitor.x0, monitor.y0, monitor.x1 - ui.u(40), monitor.y1}, Align::left, ui.c.t2,
         "as the monitor asks");
  if (toggle(ui, "settings.monitor", {monitor.x1 - ui.u(28), monitor.y0, monitor.x1, monitor.y1},
             setting == 0))
    setInterfaceScale(p, setting == 0 ? now : 0);
  y = monitor.y1;
  if (now > static_cast<double>(ui.scale) + 0.01) {
    textIn(ui, Role::micro, Box::at(x, y, width, ui.u(18)), Align::left, ui.c.t1,
           "The window holds " + fixed(static_cast<double>(ui.scale) * 100, 0) + " % and no more");
    y += ui.u(18);
  }
  return y;
}

float drawMotion(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  Settings& settings = p.session.settings();
  const Box row = Box::at(x, y, width, ui.u(26));
  textIn(ui, Role::body, {row.x0, row.y0, row.x1 - ui.u(40), row.y1}, Align::left, ui.c.t2, "reduced motion");
  if (toggle(ui, "settings.motion", {row.x1 - ui.u(28), row.y0, row.x1, row.y1}, settings.reducedMotion)) {
    settings.reducedMotion = !settings.reducedMotion;
    p.session.saveSettingsSoon();
  }
  y = row.y1;
  if (p.session.reducedMotion() && !settings.reducedMotion) {
    textIn(ui, Role::micro, Box::at(x, y, width, ui.u(18)), Align::left, ui.c.t1,
           "On, because the desktop asks for it");
    y += ui.u(18);
  }
  return y;
}

}  // namespace

std::string_view themeLabel(std::string_view word) {
  if (word == "system") return "As the desktop";
  if (word == "dark") return "Dark";
  if (word == "light") return "Light";
  return word == "projector-dark" ? "Projector, dark" : "Projector, light";
}

void setInterfaceScale(Panel& p, double scale) {
  const double stepped = std::round(scale / kStep) * kStep;
  p.session.settings().uiScale = scale == 0 ? 0 : std::clamp(std::round(stepped * 100) / 100, 0.75, 3.0);
  p.session.saveSettingsSoon();
  p.ui.stayAwake(0.1);
}

void openSettings(Panel& p) {
  p.ui.openPopup("settings");
}

void drawSettings(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("settings")) return;
  const float width = ui.u(360);
  const float height = ui.u(372);
  const Popup popup(ui, "settings",
                    Box::at(std::round((p.layout.window.width() - width) / 2),
                            std::round((p.layout.window.height() - height) / 2), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  const float x = at.x + ui.u(20);
  const float inner = width - ui.u(40);
  text(ui, Role::title, x, at.y + ui.u(34), ui.c.t1, "Settings");
  const float closeWidth = ui.u(92);
  if (button(ui, "settings/close",
             Box::at(at.x + width - closeWidth - ui.u(16), at.y + ui.u(14), closeWidth, ui.u(28)), "Close",
             "Esc")) {
    ui.closePopup();
  }
  float y = drawThemes(p, x, at.y + ui.u(70), inner);
  y = drawScale(p, x, y + ui.u(30), inner);
  drawMotion(p, x, y + ui.u(6), inner);
}

}  // namespace headlight
