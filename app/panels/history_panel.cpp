#include "app/panels/history_panel.h"

#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr const char* kPopup = "history";
constexpr std::size_t kShown = 14;

/// How far the list is scrolled: index of the first row in sight.
struct HistoryState {
  double first = 0;
  std::size_t followed = static_cast<std::size_t>(-1);  ///< the place that the list was last scrolled to
};

void marker(const Ui& ui, const Box& row, bool here, bool done) {
  const float x = row.x0 + ui.u(13);
  const float y = std::round(row.centreY());
  const float radius = ui.u(4);
  if (here) {
    fill({row.x0, row.y0 + ui.u(4), row.x0 + ui.u(3), row.y1 - ui.u(4)}, ui.c.acc);
    canvas()->AddCircleFilled({x, y}, radius, ui.c.acc, 24);
  } else if (done) {
    canvas()->AddCircleFilled({x, y}, radius - ui.u(1), ui.c.t2, 24);
  } else {
    canvas()->AddCircle({x, y}, radius - ui.u(1), ui.c.edge, 24, std::max(1.0f, ui.u(1)));
  }
}

}  // namespace

void openHistory(Panel& p) {
  p.state.part<HistoryState>() = {};
  p.ui.openPopup(kPopup);
}

void drawHistory(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs(kPopup)) return;
  auto& state = p.state.part<HistoryState>();
  const std::vector<std::string> steps = p.session.steps();
  const std::size_t done = p.session.stepsDone();
  const std::size_t count = steps.size() + 1;  // the document as it was opened is one
  const float rowHeight = ui.u(26);
  const float width = ui.u(340);
  const float room = p.layout.window.height() - p.layout.top.y1 - ui.u(120);
  const auto fits = static_cast<std::size_t>(std::max(3.0f, std::floor(room / rowHeight)));
  const std::size_t shown = std::min({count, kShown, fits});
  const float height = ui.u(44) + rowHeight * static_cast<float>(shown) + ui.u(30);
  const Popup popup(ui, kPopup,
                    Box::at(p.layout.window.x1 - width - ui.u(16), p.layout.top.y1 + ui.u(6), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  const Box inner{at.x + ui.u(8), at.y + ui.u(40), at.x + width - ui.u(8), at.y + height};
  text(ui, Role::title, at.x + ui.u(16), at.y + ui.u(27), ui.c.t1, "History");
  const float closeWidth = buttonWidth(ui, "Close", "Esc");
  if (button(ui, "history/close",
             Box::at(at.x + width - ui.u(12) - closeWidth, at.y + ui.u(9), closeWidth, ui.u(26)), "Close",
             "Esc"))
    ui.closePopup();

  std::size_t go = done;
  if (!compat::typing()) {
    if (ui.take(kKeyUp) && done > 0) go = done - 1;
    if (ui.take(kKeyDown) && done < steps.size()) go = done + 1;
    if (ui.take(kKeyHome)) go = 0;
    if (ui.take(kKeyEnd)) go = steps.size();
  }
  const double last = static_cast<double>(count - shown);
  if (state.followed != done) {
    // Where one is stands in the middle of the list.
    state.first = static_cast<double>(done) - std::floor(static_cast<double>(shown) / 2);
    state.followed = done;
  }
  const Box list{inner.x0, inner.y0, inner.x1, inner.y0 + rowHeight * static_cast<float>(shown)};
  if (list.contains(ImGui::GetIO().MousePos))
    state.first -= 2 * static_cast<double>(ImGui::GetIO().MouseWheel);
  state.first = std::clamp(std::round(state.first), 0.0, last);
  const auto first = static_cast<std::size_t>(state.first);
  float y = list.y0;
  for (std::size_t place = first; place < first + shown; ++place) {
    const Box row = Box::at(list.x0, y, list.width(), rowHeight);
    const bool here = place == done;
    const std::string id = "history." + std::to_string(place);
    const Press press = pressable(ui, id, row);
    if (here) fill(row, ui.c.s3, ui.u(3));
    if (press.hovered && !here) fill(row, ui.c.s2, ui.u(3));
    marker(ui, row, here, place < done);
    const std::string name = place == 0 ? "as it was opened" : steps[place - 1];
    const std::string number = grouped(static_cast<std::int64_t>(place));
    const float numberX = row.x1 - ui.u(8);
    const float numberWidth = textWidth(ui, Role::numMicro, number);
    textIn(ui, here ? Role::strong : Role::body,
           {row.x0 + ui.u(26), row.y0, numberX - numberWidth - ui.u(8), row.y1}, Align::left,
           place <= done ? ui.c.t1 : ui.c.t2, name);
    numText(ui, numberX, centredBaseline(ui, Role::numMicro, row.y0, row.y1), ui.c.t2, number,
            Role::numMicro);
    focusRing(ui, id, row, ui.u(3));
    if (press.pressed) go = place;
    y += rowHeight;
  }
  const std::size_t ahead = steps.size() - done;
  textIn(ui, Role::micro, {at.x + ui.u(16), list.y1 + ui.u(4), list.x1, list.y1 + ui.u(26)}, Align::left,
         ui.c.t2,
         ahead == 0 ? "↑ ↓ walk the steps, a press goes there"
                    : countText(static_cast<std::int64_t>(ahead), "step", "steps") +
                          " undone: a press does " + (ahead == 1 ? "it" : "them") + " again");
  if (go != done) p.session.goToStep(go);
}

}  // namespace headlight
