#include "app/panels/heads_tab.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/states.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kMapSlots = std::uint64_t{1} << 20;

std::string countWord(int n) {
  constexpr std::array kWords{"No",    "One",   "Two",  "Three", "Four",   "Five",  "Six",
                              "Seven", "Eight", "Nine", "Ten",   "Eleven", "Twelve"};
  return n < static_cast<int>(kWords.size()) ? kWords[static_cast<std::size_t>(n)] : grouped(n);
}

class HeadsTab {
 public:
  explicit HeadsTab(Panel& p) : p_(p), ui_(p.ui), view_(p.state.part<HeadsView>()) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const Region region(ui_, "heads", stage, ui_.c.s0, kOrderStage, false);
    scene_.evaluation = p_.session.evaluation();
    float top = stage.y0 + drawBanner(p_, stage);
    top += drawMistake(p_, {stage.x0, top, stage.x1, stage.y1});
    if (!scene_.evaluation) return drawBusyBar(p_);
    const Run& run = *scene_.evaluation->run;
    if (!run.has(Stage::weights)) {
      textIn(ui_, Role::body, stage.inset(ui_.u(40), 0), Align::centre, ui_.c.t2,
             absence(run, Stage::weights));
      return drawBusyBar(p_);
    }
    keys();
    arrange();
    top = header(top);
    {
      const Region list(ui_, "heads list", {stage.x0, top, stage.x1, stage.y1}, ui_.c.s0, kOrderStage, true);
      float y = maps(list.top());
      rule(y);
      y = drawHeadLengths(p_, scene_, y + ui_.m(8, 14));
      rule(y);
      y = drawHeadSum(p_, scene_, y + ui_.m(8, 14));
      list.contentEnds(y + ui_.u(12));
    }
    drawBusyBar(p_);
  }

 private:
  void rule(float y) { horizontal(scene_.left, scene_.right, std::round(y), ui_.c.line, ui_.u(1)); }

  void keys() {
    // A click that opened the tab leaves Enter to the head.
    if (ui_.focus.is("tab.heads") && !ui_.focus.ring()) ui_.focus.clear();
    if (compat::typing() || !ui_.open.empty()) return;
    if (ui_.take(kKeyRight)) stepHeads(p_, 1);
    if (ui_.take(kKeyLeft)) stepHeads(p_, -1);
    if (ui_.take(kKeyHome)) stepHeads(p_, -kFar);
    if (ui_.take(kKeyEnd)) stepHeads(p_, kFar);
    if (ui_.take(kKeyPageDown)) turnPage(1);
    if (ui_.take(kKeyPageUp)) turnPage(-1);
  }

  void turnPage(int by) { page_ = by; }

  /// Which heads are in sight, and how wide.
  void arrange() {
    const Box& stage = p_.layout.stage;
    const Run& run = *scene_.evaluation->run;
    scene_.order = headsInOrder(p_, view_.tabOrder);
    scene_.selected = shownHead(p_);
    scene_.queries = run.sizes.queries;
    const float pad = ui_.m(20, 28);
    scene_.left = stage.x0 + pad;
    scene_.right = stage.x1 - pad;
    scene_.columnsLeft = scene_.left + ui_.m(64, 96);
    scene_.gap = ui_.m(10, 13);
    const float room = scene_.right - scene_.columnsLeft;
    const auto heads = static_cast<int>(scene_.order.size());
    const float least = ui_.m(66, 118);
    const int fit = static_cast<int>((room + scene_.gap) / (least + scene_.gap));
    scene_.columns = std::clamp(fit, 1, heads);
    const auto count = static_cast<float>(scene_.columns);
    const float wide = std::floor((room + scene_.gap) / count - scene_.gap);
    scene_.columnWidth = std::min(wide, ui_.m(150, 260));

    const auto place = std::find(scene_.order.begin(), scene_.order.end(), scene_.selected);
    const int last = heads - scene_.columns;
    if (view_.shownHead != scene_.selected && place != scene_.order.end()) {
      // A newly chosen head comes into sight.
      const auto at = static_cast<int>(place - scene_.order.begin());
      view_.firstColumn = std::clamp(view_.firstColumn, at - scene_.columns + 1, at);
    }
    view_.shownHead = scene_.selected;
    view_.firstColumn = std::clamp(view_.firstColumn + page_ * scene_.columns, 0, last);
    scene_.first = view_.firstColumn;

    const auto pin = p_.session.pinned();
    const bool ofQuery = info(p_.session.view().stage).rows == Axis::query;
    scene_.pinned = pin && ofQuery && pin->row < scene_.queries;
    scene_.row = scene_.pinned ? pin->row : std::clamp<std::int64_t>(view_.row, 0, scene_.queries - 1);
    view_.row = scene_.row;
  }

  /// Title, order, pages. Returns the y after it.
  float header(float top) {
    const Role role = ui_.large ? Role::titleLarge : Role::title;
    const float baseline = top + ui_.m(28, 34);
    const auto heads = static_cast<int>(scene_.order.size());
    const bool sum = scene_.evaluation->run->has(Stage::output);
    std::string title = countWord(heads) + (heads == 1 ? " head" : " heads");
    if (sum) title += ", one output";
    const float orderLeft = orderSwitch(baseline - ui_.fonts->face(role).capital / 2);
    const float end = text(ui_, role, scene_.left, baseline, ui_.c.t1,
                           shortened(ui_, role, title, orderLeft - ui_.u(16) - scene_.left));

    const bool pages = scene_.columns < heads;
    const std::string caption = captionWords();
    const float captionWidth = textWidth(ui_, Role::body, caption);
    const bool beside = end + ui_.u(14) + captionWidth <= orderLeft - ui_.u(16);
    if (beside) text(ui_, Role::body, end + ui_.u(14), baseline, ui_.c.t2, caption);
    if (beside && !pages) return baseline + ui_.m(12, 16);

    const float centre = std::round(baseline + ui_.m(19, 23));
    float right = scene_.right;
    if (pages) {
      const std::string words = std::to_string(scene_.first + 1) + "–" +
                                std::to_string(scene_.first + scene_.columns) + " of " + grouped(heads);
      const int by = pager(ui_, "heads/page", words, scene_.right, centre, scene_.first > 0,
                           scene_.first + scene_.columns < heads, &right);
      if (by != 0) {
        view_.firstColumn = std::clamp(view_.firstColumn + by * scene_.columns, 0, heads - scene_.columns);
        ui_.stayAwake(0.05);
      }
    }
    if (!beside) {
      textIn(ui_, Role::body, {scene_.left, centre - ui_.u(8), right - ui_.u(12), centre + ui_.u(8)},
             Align::left, ui_.c.t2, caption);
    }
    return centre + ui_.u(14);
  }

  std::string captionWords() {
    if (busyBlockDue(p_)) return "computing, " + fixed(p_.session.progress() * 100, 0) + " %";
    if (!p_.session.view().sharedRange) return "each map on its own scale: colours not comparable";
    const std::string span = scaleSpan(p_, Stage::weights, std::max(0, scene_.selected));
    if (scene_.order.size() == 1) return span.empty() ? "" : "colours span " + span;
    return "one colour scale for all maps" + (span.empty() ? "" : ", " + span);
  }

  /// Returns where it begins.
  float orderSwitch(float middle) {
    if (scene_.order.size() < 2) return scene_.right;
    std::array<std::string, kTabOrders.size()> words;
    std::array<std::string_view, kTabOrders.size()> shown;
    std::array<std::string_view, kTabOrders.size()> ids;
    int chosen = 0;
    float width = ui_.u(4);
    for (std::size_t i = 0; i < kTabOrders.size(); ++i) {
      words[i] = orderWords(p_, kTabOrders[i]);
      shown[i] = words[i];
      ids[i] = orderId(kTabOrders[i]);
      if (kTabOrders[i] == view_.tabOrder) chosen = static_cast<int>(i);
      width += textWidth(ui_, Role::strong, words[i]) + ui_.m(16, 28);
    }
    const float left = std::round(scene_.right - width);
    const Box box{left, std::round(middle - ui_.u(14)), scene_.right, std::round(middle + ui_.u(14))};
    const int pressed = segmented(ui_, "heads.order", box, shown, chosen, ids);
    if (pressed >= 0) view_.tabOrder = kTabOrders[static_cast<std::size_t>(pressed)];
    const float wordsWidth = textWidth(ui_, Role::body, "order by");
    const float x = left - ui_.u(10) - wordsWidth;
    text(ui_, Role::body, x, centredBaseline(ui_, Role::body, box.y0, box.y1), ui_.c.t2, "order by");
    return x;
  }

  /// Names, maps and their numbers. Returns the y after them.
  float maps(float y) {
    const float mapTop = y + ui_.u(20);
    float mapBottom = mapTop;
    std::optional<Cell> under;
    for (int column = 0; column < scene_.columns; ++column) {
      mapBottom = std::max(mapBottom, map(column, y, mapTop, &under));
    }
    follow(under);
    const float middle = (mapTop + mapBottom) / 2;
    const float labelRight = scene_.columnsLeft - ui_.u(8);
    math(ui_, Role::body, scene_.left, middle - ui_.u(3), ui_.c.t2, "weights A");
    const auto field = shownField(p_, Stage::weights, 0);
    if (field) {
      const std::string size = grouped(field->rows) + "×" + grouped(field->cols);
      textIn(ui_, Role::numMicro, {scene_.left, middle + ui_.u(3), labelRight, middle + ui_.u(19)},
             Align::left, ui_.c.t2, size);
    }
    return numbers(mapBottom + ui_.m(6, 10));
  }

  float map(int column, float y, float mapTop, std::optional<Cell>* under) {
    const int head = scene_.head(column);
    const float x = scene_.x(column);
    const auto field = shownField(p_, Stage::weights, head);
    if (!field) return mapTop;
    const float side = scene_.columnWidth;
    const bool turned = p_.session.view().queryColumns;
    const Thumb thumb = thumbOf(field->rows, field->cols, side, std::min(side, ui_.m(150, 240)),
                                static_cast<int>(side), turned);
    const Box map = Box::at(x, mapTop, thumb.width, thumb.height);
    const bool chosen = head == scene_.selected;
    const std::string id = "head." + headName(head);
    const Press press = pressable(ui_, id, {x, y, x + side, map.y1}, true, false);
    const ImU32 ink = chosen || press.hovered ? ui_.c.t1 : ui_.c.t2;
    const float baseline = y + ui_.u(13);
    const float end =
        text(ui_, chosen ? Role::labelStrong : Role::label, x, baseline, ui_.c.t1, headName(head));
    if (p_.session.silenced(head)) {
      silencedMark(ui_, end + ui_.u(6), baseline, x + side);
    } else {
      std::string title = headTitle(p_, head);
      if (title.empty()) title = headTag(p_, head);
      const Role role = chosen ? Role::labelStrong : Role::label;
      text(ui_, role, end + ui_.u(6), baseline, ink, shortened(ui_, role, title, x + side - end - ui_.u(6)));
    }
    drawMap(p_, kMapSlots + static_cast<std::uint64_t>(head), *field, thumb.geometry, map.min(), thumb.sx,
            thumb.sy);
    markRow(thumb, map);
    if (chosen) {
      const float away = ui_.u(3);
      frame(map.inset(-away, -away), ui_.c.acc, ui_.u(2));
    } else if (press.hovered) {
      frame(map.inset(-ui_.u(2), -ui_.u(2)), ui_.c.edge, ui_.u(1));
    }
    if (press.hovered && map.contains(ImGui::GetIO().MousePos)) *under = cellAt(thumb, map, *field);
    if (press.pressed) {
      p_.session.selectHead(head);
      view_.shownHead = head;  // it is in sight: nothing moves
    }
    return map.y1;
  }

  /// The row that is written out, between two lines; the pinned or hovered cell.
  void markRow(const Thumb& thumb, const Box& map) {
    const Box row = thumbPart(thumb, map, scene_.row, -1);
    const float line = std::max(1.0f, ui_.u(1));
    frame(row.inset(-2 * line, -2 * line), ui_.c.s0, line);
    frame(row.inset(-line, -line), ui_.c.q, line);
    const auto pin = p_.session.pinned();
    const auto hovered = p_.session.hovered();
    if (hovered && isMap(p_.session.view().stage)) {
      markCell(ui_, thumb, map, *hovered, line);
    } else if (pin && scene_.pinned && isMap(p_.session.view().stage)) {
      markCell(ui_, thumb, map, *pin, line);
    }
  }

  Cell cellAt(const Thumb& thumb, const Box& map, const ShownField& field) const {
    const ImVec2 at = ImGui::GetIO().MousePos;
    const auto w = static_cast<float>(thumb.geometry.texelPx * thumb.sx);
    const auto h = static_cast<float>(thumb.geometry.texelPx * thumb.sy);
    auto across = static_cast<std::int64_t>((at.x - map.x0) / w) << thumb.geometry.level;
    auto down = static_cast<std::int64_t>((at.y - map.y0) / h) << thumb.geometry.level;
    if (thumb.geometry.transposed) std::swap(across, down);
    return {std::clamp<std::int64_t>(down, 0, field.rows - 1),
            std::clamp<std::int64_t>(across, 0, field.cols - 1)};
  }

  /// The cell under the pointer lights up in the strip and in all maps.
  void follow(std::optional<Cell> under) {
    if (!isMap(p_.session.view().stage)) under.reset();
    if (under != p_.session.hovered()) {
      p_.session.hover(under);
      ui_.stayAwake(0.05);
    }
  }

  float numbers(float y) {
    const auto readings = p_.session.headReadings();
    const auto keys = p_.session.effectiveKeys();
    struct Line {
      std::string_view name;
      double (*value)(const HeadProfile&);
    };
    constexpr std::array<Line, 3> kLines{
        {{"eff. keys", [](const HeadProfile& profile) { return profile.effectiveKeys; }},
         {"distance", [](const HeadProfile& profile) { return profile.distance; }},
         {"strongest", [](const HeadProfile& profile) { return profile.strongest; }}}};
    const float pitch = ui_.m(16, 18);
    for (std::size_t n = 0; n < kLines.size(); ++n) {
      const float baseline = y + pitch * static_cast<float>(n) + ui_.u(12);
      const std::string_view name = n == 0 && ui_.large ? "effective keys" : kLines[n].name;
      textIn(ui_, Role::body, {scene_.left, baseline - ui_.u(10), scene_.columnsLeft - ui_.u(2), baseline},
             Align::left, ui_.c.t2,
             textWidth(ui_, Role::body, name) <= scene_.columnsLeft - scene_.left ? name : kLines[n].name);
      for (int column = 0; column < scene_.columns; ++column) {
        const auto head = static_cast<std::size_t>(scene_.head(column));
        const bool chosen = scene_.head(column) == scene_.selected;
        const float right = scene_.x(column) + scene_.columnWidth;
        std::optional<double> value;
        if (readings && head < readings->size()) value = kLines[n].value((*readings)[head].profile);
        if (!value && n == 0 && keys && head < keys->size()) value = (*keys)[head];
        if (value) {
          num(ui_, right, baseline, *value, 2, chosen ? ui_.c.t1 : ui_.c.t2,
              chosen ? Role::numStrong : Role::num);
        } else {
          numText(ui_, right, baseline, ui_.c.t2, "…");
        }
      }
    }
    return y + pitch * static_cast<float>(kLines.size()) + ui_.m(10, 14);
  }

  static constexpr int kFar = 1 << 20;

  Panel& p_;
  Ui& ui_;
  HeadsView& view_;
  HeadsScene scene_;
  int page_ = 0;
};

}  // namespace

void pickHeadsRow(Panel& p, std::int64_t row) {
  p.state.part<HeadsView>().row = row;
  const Stage stage = p.session.view().stage;
  const auto field = shownField(p, stage, shownHead(p));
  if (!field || info(stage).rows != Axis::query) return;
  const auto pin = p.session.pinned();
  const std::int64_t col = pin ? pin->col : isMap(stage) ? row : 0;
  p.session.pin(Cell{row, std::clamp<std::int64_t>(col, 0, field->cols - 1)});
}

void stepHeads(Panel& p, int by) {
  const std::vector<int> order = headsInOrder(p, p.state.part<HeadsView>().tabOrder);
  if (order.empty()) return;
  const auto place = std::find(order.begin(), order.end(), shownHead(p));
  const auto last = static_cast<std::ptrdiff_t>(order.size()) - 1;
  // From the mean of all heads to the first or the last.
  const std::ptrdiff_t from = place == order.end() ? (by > 0 ? -1 : last + 1) : place - order.begin();
  const std::ptrdiff_t next = std::clamp<std::ptrdiff_t>(from + by, 0, last);
  p.session.selectHead(order[static_cast<std::size_t>(next)]);
}

void drawHeadsTab(Panel& p) {
  HeadsTab(p).draw();
}

}  // namespace headlight
