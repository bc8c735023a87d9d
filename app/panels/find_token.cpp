#include "app/panels/find_token.h"

#include <algorithm>
#include <cmath>

#include "app/panels/map_image.h"
#include "app/panels/token_scan.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::string_view kPopup = "find";

struct FindToken {
  std::string words;
  TokenScan rows;
  TokenScan cols;
  std::size_t current = 0;
  bool walked = false;  ///< the search stands on one
};

/// Where the search can stand: a token on one axis, or on both where they hold the same tokens.
struct Place {
  std::optional<std::int64_t> row;
  std::optional<std::int64_t> col;
};

bool axesAreAlike(const Panel& p) {
  const Stage stage = p.session.view().stage;
  return info(stage).rows == Axis::query && info(stage).cols == Axis::key &&
         !p.session.evaluation()->experiment.memory;
}

std::size_t countOf(const Panel& p, const FindToken& find) {
  if (axesAreAlike(p)) return find.cols.found().size();
  return find.rows.found().size() + find.cols.found().size();
}

Place placeOf(Panel& p, const FindToken& find) {
  const auto& rows = find.rows.found();
  const auto& cols = find.cols.found();
  if (axesAreAlike(p)) {
    if (find.current >= cols.size()) return {};
    const std::int64_t at = cols[find.current];
    return {at < axisLength(p, Axis::query) ? std::optional(at) : std::nullopt, at};
  }
  if (find.current < rows.size()) return {rows[find.current], std::nullopt};
  const std::size_t col = find.current - rows.size();
  return col < cols.size() ? Place{std::nullopt, cols[col]} : Place{};
}

void reveal(Panel& p, const Place& place) {
  MapView& map = p.state.map;
  const bool turned = p.session.view().queryColumns && isMap(p.session.view().stage);
  std::int64_t row = place.row.value_or(turned ? map.firstCol() : map.firstRow());
  std::int64_t col = place.col.value_or(turned ? map.firstRow() : map.firstCol());
  if (turned) std::swap(row, col);
  map.reveal(row, col);
}

void walk(Panel& p, FindToken& find, int by) {
  const std::size_t count = countOf(p, find);
  if (count == 0) return;
  if (find.walked) find.current = (find.current + (by > 0 ? 1 : count - 1)) % count;
  find.walked = true;
  reveal(p, placeOf(p, find));
  p.ui.stayAwake(0.05);
}

std::string countWords(const Panel& p, const FindToken& find) {
  if (find.words.empty()) return "";
  const auto count = static_cast<std::int64_t>(countOf(p, find));
  const std::string so = find.rows.done() && find.cols.done() ? "" : "…";
  if (count == 0) return so.empty() ? "none" : so;
  const std::string all = grouped(count) + so;
  return find.walked ? grouped(static_cast<std::int64_t>(find.current) + 1) + " of " + all : all + " found";
}

void search(Panel& p, FindToken& find) {
  const StageInfo& stage = info(p.session.view().stage);
  find.rows.step(p, stage.rows, find.words);
  find.cols.step(p, stage.cols, find.words);
  const std::size_t count = countOf(p, find);
  if (find.current >= count) {
    find.current = 0;
    find.walked = false;
  }
  // The first one is shown as soon as it is there.
  if (count > 0 && !find.walked) walk(p, find, 1);
}

}  // namespace

bool canFindToken(const Panel& p) {
  const Stage stage = p.session.view().stage;
  return p.session.evaluation() != nullptr && p.state.tab == "explore" &&
         (tokensOf(p, info(stage).rows) != nullptr || tokensOf(p, info(stage).cols) != nullptr);
}

void openFindToken(Panel& p) {
  p.state.part<FindToken>().walked = false;
  p.ui.openPopup(kPopup);
}

const std::vector<std::int64_t>* foundOn(Panel& p, Axis axis) {
  if (!p.ui.popupIs(kPopup)) return nullptr;
  const FindToken& find = p.state.part<FindToken>();
  const StageInfo& stage = info(p.session.view().stage);
  if (find.words.empty()) return nullptr;
  return stage.rows == axis ? &find.rows.found() : stage.cols == axis ? &find.cols.found() : nullptr;
}

std::optional<std::int64_t> foundNow(Panel& p, Axis axis) {
  if (foundOn(p, axis) == nullptr) return std::nullopt;
  const FindToken& find = p.state.part<FindToken>();
  if (!find.walked) return std::nullopt;
  const Place place = placeOf(p, find);
  return info(p.session.view().stage).rows == axis ? place.row : place.col;
}

void drawFindToken(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs(kPopup)) return;
  FindToken& find = p.state.part<FindToken>();
  const Box& stage = p.layout.stage;
  const float width = std::min(ui.u(352), stage.width() - ui.u(16));
  const Popup popup(ui, kPopup, Box::at(stage.x1 - width - ui.u(8), stage.y0 + ui.u(4), width, ui.u(48)));
  if (!popup) return;
  if (!p.session.evaluation()) return ui.closePopup();
  const bool next = ui.take(kKeyDown);
  const bool before = ui.take(kKeyUp);
  if (ui.take(kKeyEscape)) ui.closePopup();
  const ImVec2 at = ImGui::GetWindowPos();
  const Box line = Box::at(at.x + ui.u(8), at.y + ui.u(8), width - ui.u(16), ui.u(32));
  const float side = ui.u(28);
  const Box later = Box::at(line.x1 - side, line.y0 + ui.u(2), side, side);
  const Box earlier = later.moved(-side - ui.u(2), 0);
  const Box count{earlier.x0 - ui.u(92), line.y0, earlier.x0 - ui.u(8), line.y1};
  const FieldEvent event = lineField(ui, "find/field", {line.x0, line.y0, count.x0 - ui.u(4), line.y1},
                                     find.words, "Find a token");
  if (event.changed) {
    find.current = 0;
    find.walked = false;
  }
  search(p, find);
  textIn(ui, Role::micro, count, Align::right, countOf(p, find) > 0 || find.words.empty() ? ui.c.t2 : ui.c.t1,
         countWords(p, find));
  const bool any = countOf(p, find) > 0;
  const auto step = [&](std::string_view id, const Box& box, std::string_view sign, std::string_view words) {
    const Press press = pressable(ui, id, box, any);
    if (any && (press.hovered || press.held)) fill(box, ui.c.s3, ui.u(4));
    textIn(ui, Role::body, box, Align::centre, any ? ui.c.t1 : ui.c.t3, sign);
    focusRing(ui, id, box, ui.u(4));
    ui.tip(id, box, press.hovered, words);
    return press.pressed;
  };
  const bool back = step("find/previous", earlier, "↑", "Previous, Shift Enter");
  const bool on = step("find/next", later, "↓", "Next, Enter");
  if (event.entered) {
    walk(p, find, ImGui::GetIO().KeyShift ? -1 : 1);
    ui.entered.clear();  // the field keeps the keyboard
    ui.stayAwake(0.05);
  }
  if (next || on) walk(p, find, 1);
  if (before || back) walk(p, find, -1);
}

}  // namespace headlight
