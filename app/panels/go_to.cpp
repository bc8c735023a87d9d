#include "app/panels/go_to.h"

#include <algorithm>
#include <cmath>

#include "app/panels/map_image.h"
#include "app/panels/token_scan.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr std::string_view kPopup = "go_to";
constexpr int kShown = 6;
constexpr float kCloseUp = 24;  ///< px of a cell that was too small to be seen

struct GoTo {
  std::string words;
  TokenScan row;
  TokenScan col;
  int chosen = 0;       ///< of the tokens beneath
  int rows = 0;         ///< of them in the last frame: how tall the popup is
  bool goesOn = false;  ///< the caret is to stand behind what was put in
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') + 1 - first));
}

/// The two words, divided by the first comma that is not one itself.
struct Parts {
  std::string row;
  std::string col;
  bool second = false;  ///< the column is being typed
};
Parts partsOf(const std::string& words) {
  const std::size_t comma = words.find(',', 1);
  if (words.empty() || comma == std::string::npos) return {trimmed(words), "", false};
  return {trimmed(words.substr(0, comma)), trimmed(words.substr(comma + 1)), true};
}

std::string nameOf(const Panel& p, Axis axis, std::int64_t index) {
  std::string number = std::to_string(index);
  if (axis != Axis::query && axis != Axis::key) return number;
  const std::string label = axis == Axis::query ? queryLabel(p, index) : keyLabel(p, index);
  return label == number ? number : number + " " + label;
}

class GoToPopup {
 public:
  GoToPopup(Panel& p, GoTo& state) : p_(p), ui_(p.ui), state_(state), stage_(info(p.session.view().stage)) {}

  void draw(ImVec2 at, float width) {
    const bool down = ui_.take(kKeyDown);
    const bool up = ui_.take(kKeyUp);
    if (ui_.take(kKeyEscape)) ui_.closePopup();
    const Box field = Box::at(at.x + ui_.u(10), at.y + ui_.u(10), width - ui_.u(20), ui_.u(32));
    const std::string hint = "Go to " + std::string(axisName(stage_.rows)) + ", " +
                             std::string(axisName(stage_.cols)) + ": 7, animal";
    const FieldEvent event = lineField(ui_, "go_to/field", field, state_.words, hint);
    if (event.changed) state_.chosen = 0;
    if (state_.goesOn && compat::caretToEnd()) state_.goesOn = false;
    const Parts parts = partsOf(state_.words);
    state_.row.step(p_, stage_.rows, parts.row);
    state_.col.step(p_, stage_.cols, parts.col);
    const TokenScan& scan = parts.second ? state_.col : state_.row;
    const Axis axis = parts.second ? stage_.cols : stage_.rows;
    const auto candidates = candidatesOf(scan);
    const int last = static_cast<int>(candidates.size()) - 1;
    state_.chosen = std::clamp(state_.chosen + (down ? 1 : 0) - (up ? 1 : 0), 0, std::max(0, last));

    float y = field.y1 + ui_.u(6);
    textIn(ui_, Role::body, {field.x0 + ui_.u(8), y, field.x1, y + ui_.u(24)}, Align::left, ui_.c.t2,
           meaning(parts, candidates));
    y += ui_.u(28);
    std::optional<std::int64_t> taken;
    if (const int rows = std::min(last + 1, kShown); state_.rows != rows) {
      state_.rows = rows;
      ui_.stayAwake(0.05);
    }
    for (int i = 0; i <= std::min(last, kShown - 1); ++i) {
      const std::int64_t index = candidates[static_cast<std::size_t>(i)];
      const Box row = Box::at(field.x0, y, field.width(), ui_.u(24));
      if (i == state_.chosen) {
        fill(row, ui_.c.s3, ui_.u(3));
        fill({row.x0, row.y0 + ui_.u(4), row.x0 + ui_.u(2), row.y1 - ui_.u(4)}, ui_.c.acc);
      }
      if (listRow(ui_, "go_to/" + std::to_string(i), row, nameOf(p_, axis, index), axisName(axis), false))
        taken = index;
      y += ui_.u(24);
    }
    if (event.entered && last >= 0) taken = candidates[static_cast<std::size_t>(state_.chosen)];
    if (taken) accept(parts, *taken);
  }

 private:
  /// What was meant first, then where else the words stand.
  static std::vector<std::int64_t> candidatesOf(const TokenScan& scan) {
    std::vector<std::int64_t> all;
    if (const auto best = scan.best()) all.push_back(*best);
    for (const std::int64_t index : scan.found()) {
      if (static_cast<int>(all.size()) == kShown) break;
      if (all.front() != index) all.push_back(index);
    }
    return all;
  }

  std::string meaning(const Parts& parts, const std::vector<std::int64_t>& candidates) const {
    if (parts.row.empty()) return "A number or a token, then a comma and the other";
    std::int64_t row = -1;
    if (parts.second) {
      row = state_.row.best().value_or(-1);
    } else if (!candidates.empty()) {
      row = candidates[chosen()];
    }
    const std::string rows(axisName(stage_.rows));
    if (row < 0) return state_.row.done() ? "There is no such " + rows : "…";
    std::string words = rows + " " + nameOf(p_, stage_.rows, row);
    if (!parts.second) return words + ", Enter for the " + std::string(axisName(stage_.cols));
    if (parts.col.empty()) return words + " → …";
    const std::string cols(axisName(stage_.cols));
    if (candidates.empty()) return state_.col.done() ? "There is no such " + cols : words + " → …";
    return words + " → " + cols + " " + nameOf(p_, stage_.cols, candidates[chosen()]);
  }

  std::size_t chosen() const { return static_cast<std::size_t>(state_.chosen); }

  void accept(const Parts& parts, std::int64_t index) {
    state_.chosen = 0;
    if (!parts.second) {
      state_.words = std::to_string(index) + ", ";
      ui_.focus.set("go_to/field", true);
      ui_.entered.clear();  // the field keeps the keyboard
      state_.goesOn = true;
      ui_.stayAwake(0.05);
      return;
    }
    const auto row = state_.row.best();
    if (!row) return;
    p_.session.pin(Cell{*row, index});
    MapView& map = p_.state.map;
    const bool turned = p_.session.view().queryColumns && isMap(stage_.stage);
    const Cell shown = turned ? Cell{index, *row} : Cell{*row, index};
    if (map.level() > 0) {
      map.closeUp(shown.row, shown.col, static_cast<int>(ui_.u(kCloseUp)));
    } else {
      map.reveal(shown.row, shown.col);
    }
    ui_.closePopup();
    ui_.focus.set("stage", true);
    ui_.stayAwake(0.05);
  }

  Panel& p_;
  Ui& ui_;
  GoTo& state_;
  const StageInfo& stage_;
};

}  // namespace

bool canGoTo(const Panel& p) {
  return p.session.evaluation() != nullptr && p.state.tab == "explore";
}

void openGoTo(Panel& p) {
  GoTo& state = p.state.part<GoTo>();
  state.words.clear();
  state.chosen = 0;
  state.goesOn = false;
  state.rows = 0;
  p.ui.openPopup(kPopup);
}

void drawGoTo(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs(kPopup)) return;
  const float width = ui.u(420);
  const float height = ui.u(48 + 28 + 10) + ui.u(24) * static_cast<float>(p.state.part<GoTo>().rows);
  const Popup popup(
      ui, kPopup,
      Box::at(std::round((p.layout.window.width() - width) / 2), p.layout.top.y1 + ui.u(24), width, height));
  if (!popup) return;
  if (!p.session.evaluation()) return ui.closePopup();
  GoToPopup(p, p.state.part<GoTo>()).draw(ImGui::GetWindowPos(), width);
}

}  // namespace headlight
