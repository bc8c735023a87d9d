#include "app/panels/gallery.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/panels/commands.h"
#include "app/panels/heads_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

/// What a number of one cell is worth.
constexpr std::string_view kCaution[] = {"One sentence is one observation.",
                                         "Try one where the answer changes."};

std::string rangeWords(Panel& p, Stage stage, int head) {
  if (!p.session.view().sharedRange) return "own scales: not comparable";
  const std::string span = scaleSpan(p, stage, head);
  return span.empty() ? "one scale" : "one scale, " + span;
}

void step(Panel& p, int by, int heads) {
  const int now = shownHead(p);
  const int next = now == kMeanHead ? (by > 0 ? 0 : heads - 1) : now + by;
  p.session.selectHead(next < 0 || next >= heads ? kMeanHead : next);
}

class Gallery {
 public:
  Gallery(Panel& p, const Box& box) : p_(p), ui_(p.ui), box_(box), view_(p.state.part<HeadsView>()) {}

  void draw() {
    const auto evaluation = p_.session.evaluation();
    if (!evaluation) return;
    const Stage stage = comparedStage(p_);
    const int heads = evaluation->run->sizes.heads;
    values_ = pinnedValues(p_);
    keys_ = p_.session.effectiveKeys();
    order_ = headsInOrder(p_, view_.galleryOrder);
    const float top = header(stage, heads);

    // The scroll bar stands in the margin at the right.
    const Box list{box_.x0 - ui_.u(4), top, p_.layout.stage.x1 - ui_.u(2), box_.y1};
    const Region region(ui_, "gallery", list, ui_.c.s0, kOrderGallery, true);
    ui_.registry.addControl("gallery", list, ui_.layer);
    const bool focused = ui_.focus.add("gallery", ui_.layer, kOrderGallery, true);
    const float gap = ui_.m(13, 24);
    const float side = std::floor((box_.width() - gap) / 2);
    side_ = fitted(side, list.height(), heads);
    list_ = list;
    float y = region.top();
    float rowHeight = 0;
    for (int n = 0; n < heads; ++n) {
      const float x = box_.x0 + static_cast<float>(n % 2) * (side + gap);
      rowHeight = std::max(rowHeight, thumbnail(stage, order_[static_cast<std::size_t>(n)], x, y, side));
      if (n % 2 == 1 || n == heads - 1) y += std::exchange(rowHeight, 0.0f) + ui_.m(5, 12);
    }
    // The mean takes the free place, or a map of its own below where there is room, else a line.
    if (heads > 1) {
      const float tall = tallest_;
      const bool beside = heads % 2 == 1;
      if (beside) {
        thumbnail(stage, kMeanHead, box_.x0 + side + gap, y - tallest_ - ui_.m(5, 12), side);
      } else if (list.y0 + (y - region.top()) + tall <= list.y1) {
        y += thumbnail(stage, kMeanHead, box_.x0, y, side);
      } else {
        y += meanLine(box_.x0, y);
      }
    }
    if (heads > 1 && !values_.empty() && !warnsFirst()) y = caution(y + ui_.u(18));
    region.contentEnds(y);
    keys(focused, heads);
  }

 private:
  static constexpr float kName = 18;     ///< height of the line above a map
  static constexpr float kNumbers = 15;  ///< of the line below it
  static constexpr float kArrow = 13;    ///< width of the sign that a list opens

  /// How tall a map may be: less than wide where all heads are then in sight at once.
  float fitted(float side, float height, int heads) const {
    const int pairs = (heads + 1) / 2;
    const auto rows = static_cast<float>(pairs);
    const float mean = heads > 1 && heads % 2 == 0 ? ui_.u(24) : 0;
    const float room =
        std::floor((height - mean - ui_.u(2)) / rows - ui_.u(kName) - ui_.u(kNumbers) - ui_.m(5, 12));
    return room < side && room >= 0.6f * side ? room : side;
  }

  /// Returns its height.
  float meanLine(float x, float y) {
    const Box line = Box::at(x - ui_.u(4), y, box_.width() + ui_.u(4), ui_.u(24));
    const Press press = pressable(ui_, "head.mean", line, true, false);
    const bool chosen = shownHead(p_) == kMeanHead;
    if (chosen || press.hovered) fill(line, ui_.c.s3, ui_.u(3));
    if (chosen) fill({line.x0, line.y0 + ui_.u(4), line.x0 + ui_.u(2), line.y1 - ui_.u(4)}, ui_.c.acc);
    textIn(ui_, chosen ? Role::labelStrong : Role::label, line.inset(ui_.u(8), 0), Align::left,
           chosen || press.hovered ? ui_.c.t1 : ui_.c.t2, "mean of all heads");
    if (press.pressed) {
      p_.session.selectHead(kMeanHead);
      ui_.focus.set("gallery", false);
    }
    return line.height();
  }

  /// Title, scale, order, and what a pinned cell's numbers are worth. Returns where the list begins.
  float header(Stage stage, int heads) {
    const float baseline = box_.y0 + ui_.u(28);
    const float left = text(ui_, Role::strong, box_.x0, baseline, ui_.c.t1, "Heads") + ui_.u(7);
    const std::string scale = rangeWords(p_, stage, std::max(0, shownHead(p_)));
    const std::string order = heads < 2 ? "" : orderNow();
    const std::string brief = scale.substr(0, scale.find_first_of(",:"));
    // What the scale spans is on the colour bar too: it gives way to what the heads are ordered by.
    const float room =
        box_.x1 - left - ui_.u(6) - (heads < 2 ? 0 : textWidth(ui_, Role::micro, order) + ui_.u(kArrow));
    const bool whole = textWidth(ui_, Role::micro, scale) <= room;
    const float least = heads < 2 ? 0 : ui_.u(24);
    const float right = scaleSwitch(whole ? scale : brief, baseline, left + least) - ui_.u(6);
    const float y = box_.y0 + ui_.u(34);
    if (heads < 2) return y;
    orderList(order, left, right, baseline);
    return warnsFirst() ? caution(y + ui_.u(10)) - ui_.u(2) : y;
  }

  /// Heads in the order of a cell invite to conclude from it.
  bool warnsFirst() const { return !values_.empty() && view_.galleryOrder == HeadOrder::cell; }

  float caution(float baseline) {
    for (const std::string_view sentence : kCaution)
      baseline = paragraph(ui_, Role::micro, box_.x0, baseline, box_.width(), ui_.u(14), ui_.c.t2, sentence);
    return baseline;
  }

  /// What the scale spans, between `left` and the edge. Returns where it begins.
  float scaleSwitch(const std::string& words, float baseline, float left) {
    const std::string shown = shortened(ui_, Role::micro, words, box_.x1 - left);
    const float width = textWidth(ui_, Role::micro, shown);
    const Box box{box_.x1 - width, baseline - ui_.u(16), box_.x1, baseline + ui_.u(8)};
    const Press press = pressable(ui_, "view.range_scope", box);
    text(ui_, Role::micro, box.x0, baseline, press.hovered ? ui_.c.t1 : ui_.c.t2, shown);
    focusRing(ui_, "view.range_scope", box, ui_.u(2));
    ui_.tip("view.range_scope", box, press.hovered,
            p_.session.view().sharedRange ? "Give each head its own scale" : "One scale for all heads");
    if (press.pressed) {
      ViewSpec view = p_.session.view();
      view.sharedRange = !view.sharedRange;
      p_.session.setView(view);
    }
    return box.x0;
  }

  HeadOrder applied() const {
    return orderApplies(p_, view_.galleryOrder) ? view_.galleryOrder : HeadOrder::number;
  }
  std::string orderNow() const {
    const HeadOrder now = applied();
    return "by " + (now == HeadOrder::effectiveKeys && !ui_.large ? "eff. keys" : orderWords(p_, now));
  }

  /// What the heads are ordered by, as far as there is room; its list opens below.
  void orderList(const std::string& orderedBy, float left, float right, float baseline) {
    const HeadOrder now = applied();
    const float arrow = ui_.u(kArrow);
    const std::string words = shortened(ui_, Role::micro, orderedBy, std::max(0.0f, right - left - arrow));
    const float width = std::max(ui_.u(24), textWidth(ui_, Role::micro, words) + arrow);
    const Box box{left, baseline - ui_.u(16), left + width, baseline + ui_.u(8)};
    const Press press = pressable(ui_, "heads.sort", box);
    const bool open = ui_.popupIs("heads.sort");
    text(ui_, Role::micro, left, baseline, press.hovered || open ? ui_.c.t1 : ui_.c.t2, words);
    icon(ui_, Icon::chevron, box.x1 - ui_.u(6), baseline - ui_.u(4), press.hovered ? ui_.c.t1 : ui_.c.t2);
    focusRing(ui_, "heads.sort", box, ui_.u(3));
    ui_.tip("heads.sort", box, press.hovered, "Sort by " + orderWords(p_, now));
    if (press.pressed) ui_.openPopup("heads.sort");
    if (!ui_.popupIs("heads.sort")) return;
    const float row = ui_.u(26);
    const Popup popup(ui_, "heads.sort",
                      Box::at(box.x0, box.y1 + ui_.u(2), ui_.u(180),
                              row * static_cast<float>(kGalleryOrders.size()) + ui_.u(8)));
    if (!popup) return;
    const ImVec2 at = ImGui::GetWindowPos();
    float top = at.y + ui_.u(4);
    for (const HeadOrder order : kGalleryOrders) {
      const bool applies = orderApplies(p_, order);
      const std::string id = "heads.sort=" + std::string(orderId(order));
      const Box line = Box::at(at.x + ui_.u(4), top, ImGui::GetWindowSize().x - ui_.u(8), row);
      if (listRow(ui_, id, line, orderWords(p_, order), applies ? "" : "pin one", order == now, applies)) {
        view_.galleryOrder = order;
        ui_.closePopup();
      }
      top += row;
    }
  }

  /// Returns its height.
  float thumbnail(Stage stage, int head, float x, float y, float side) {
    const auto field = shownField(p_, stage, head);
    if (!field) return 0;
    const bool turned = p_.session.view().queryColumns && isMap(stage);
    const Thumb thumb = thumbOf(field->rows, field->cols, side, side_, static_cast<int>(side), turned);
    const float top = y + ui_.u(kName);
    const float own = p_.session.view().sharedRange ? 0 : ui_.u(14);
    const Box cell = Box::at(x, y, side, ui_.u(kName) + thumb.height + ui_.u(kNumbers) + own);
    tallest_ = cell.height();
    const std::string id = "head." + headName(head);
    const Press press = pressable(ui_, id, cell, true, false);
    if (cell.y1 < list_.y0 || cell.y0 > list_.y1) return cell.height();
    const bool chosen = shownHead(p_) == head;
    const Box map = Box::at(x, top, thumb.width, thumb.height);
    name(head, {x, y, x + side, top}, chosen, press.hovered);
    drawMap(p_, 1000 + static_cast<std::uint64_t>(head + 1), *field, thumb.geometry, map.min(), thumb.sx,
            thumb.sy);
    marks(stage, thumb, map);
    if (chosen) {
      const float away = ui_.u(1) + ui_.u(2);
      frame(map.inset(-away, -away), ui_.c.acc, ui_.u(2));
    } else if (press.hovered) {
      frame(map.inset(-ui_.u(2), -ui_.u(2)), ui_.c.edge, ui_.u(1));
    }
    const float baseline = map.y1 + ui_.u(13);
    numbers(stage, head, x, x + side, baseline);
    if (own > 0) {
      if (const auto range = p_.session.range(stage, head)) {
        text(ui_, Role::numMicro, x, baseline + own, ui_.c.t2, "max " + fixed(range->high, 3));
      }
    }
    if (press.pressed) {
      // Shift: beside the chosen one, to be compared.
      const bool compares = ImGui::GetIO().KeyShift && head >= 0;
      if (!compares || !runCommand(p_, "compare.head." + std::to_string(head))) p_.session.selectHead(head);
      ui_.focus.set("gallery", false);
    }
    ui_.tip(id, map, press.hovered, tipOf(head));
    return cell.height();
  }

  void name(int head, const Box& line, bool chosen, bool hovered) {
    const float baseline = line.y0 + ui_.u(12);
    const float end = text(ui_, chosen ? Role::labelStrong : Role::label, line.x0, baseline,
                           chosen || hovered ? ui_.c.t1 : ui_.c.t2, headName(head));
    if (head >= 0 && p_.session.silenced(head)) {
      silencedMark(ui_, end + ui_.u(5), baseline, line.x1);
      return;
    }
    // A head without a name is called by its pattern.
    std::string title = headTitle(p_, head);
    if (title.empty()) title = headTag(p_, head);
    const Role role = chosen ? Role::labelStrong : Role::micro;
    text(ui_, role, end + ui_.u(6), baseline, chosen || hovered ? ui_.c.t1 : ui_.c.t2,
         shortened(ui_, role, title, line.x1 - end - ui_.u(6)));
  }

  /// The pinned cells, and the one under the pointer, on every map.
  void marks(Stage stage, const Thumb& thumb, const Box& map) {
    const Stage shown = p_.session.view().stage;
    if (stage != shown && !isMap(shown)) return;
    const float line = std::max(1.0f, ui_.u(1));
    for (const Cell& cell : p_.session.pins()) markCell(ui_, thumb, map, cell, line);
    const auto hovered = p_.session.hovered();
    if (!hovered || p_.session.pinned() == hovered) return;
    frame(thumbPart(thumb, map, hovered->row, hovered->col).inset(-line, -line), ui_.c.t1, line);
  }

  /// Effective keys, the pattern where there is room, and the pinned cell's number.
  void numbers(Stage stage, int head, float x, float right, float baseline) {
    const auto h = static_cast<std::size_t>(std::max(head, 0));
    if (head >= 0 && h < values_.size()) {
      const bool weight = stage == Stage::weights;
      const std::string value = std::isnan(values_[h]) ? "masked"
                                : weight               ? fixed(values_[h], 3)
                                                       : fixed(values_[h], 2);
      numText(ui_, right, baseline, ui_.c.t1, value);
      right -= textWidth(ui_, Role::num, value) + ui_.u(4);
    }
    if (head < 0 || !keys_ || h >= keys_->size()) return;
    const std::string keys = fixed((*keys_)[h], 1);
    float end = text(ui_, Role::numMicro, x, baseline, ui_.c.t2, keys);
    const float gap = ui_.u(4);
    for (const std::string_view words : {"effective keys", "eff. keys", "keys"}) {
      if (end + gap + textWidth(ui_, Role::micro, words) > right) continue;
      end = text(ui_, Role::micro, end + gap, baseline, ui_.c.t2, words);
      break;
    }
    const std::string tag = headTitle(p_, head).empty() ? "" : headTag(p_, head);
    const float room = right - end - ui_.u(8);
    if (!tag.empty() && textWidth(ui_, Role::micro, tag) <= room)
      text(ui_, Role::micro, right - textWidth(ui_, Role::micro, tag), baseline, ui_.c.t1, tag);
  }

  std::string tipOf(int head) {
    std::string words = headName(p_, head);
    const std::string title = headTitle(p_, head);
    if (!title.empty()) words += " · " + title;
    if (head < 0) return words;
    const auto h = static_cast<std::size_t>(head);
    if (keys_ && h < keys_->size()) words += " · " + fixed((*keys_)[h], 2) + " effective keys";
    const auto readings = p_.session.headReadings();
    if (readings && h < readings->size()) {
      for (const PatternTag& tag : (*readings)[h].tags)
        words += " · " + std::string(tag.name) + " " + fixed(tag.share, 2);
    }
    if (p_.session.silenced(head)) words += " · silenced";
    return words;
  }

  void keys(bool focused, int heads) {
    if (!focused || compat::typing()) return;
    // Places in the order shown; behind the last stands the mean.
    const auto found = std::find(order_.begin(), order_.end(), shownHead(p_));
    const auto now = static_cast<int>(found - order_.begin());
    const auto choose = [&](int place) {
      const int places = heads + (heads > 1 ? 1 : 0);
      const int at = (place % places + places) % places;
      p_.session.selectHead(at == heads ? kMeanHead : order_[static_cast<std::size_t>(at)]);
    };
    if (ui_.take(kKeyRight)) choose(now + 1);
    if (ui_.take(kKeyLeft)) choose(now - 1);
    if (ui_.take(kKeyDown) && now + 2 <= heads) choose(now + 2);
    if (ui_.take(kKeyUp) && now >= 2) choose(now - 2);
    focusRing(ui_, "gallery", box_.inset(-ui_.u(2), ui_.u(8)), ui_.u(3));
  }

  Panel& p_;
  Ui& ui_;
  Box box_;
  Box list_;
  HeadsView& view_;
  std::vector<int> order_;
  std::vector<double> values_;  ///< of the pinned cells, [H] or empty
  std::shared_ptr<const std::vector<double>> keys_;
  float side_ = 0;     ///< how tall a map may be
  float tallest_ = 0;  ///< of the last map drawn, with its name
};

}  // namespace

void drawGallery(Panel& p, const Box& box) {
  Gallery(p, box).draw();
}

float drawHeadStepper(Panel& p, const Box& box) {
  Ui& ui = p.ui;
  const auto evaluation = p.session.evaluation();
  if (!evaluation || !info(p.session.view().stage).perHead) return box.x1;
  const int heads = evaluation->run->sizes.heads;
  const int head = shownHead(p);
  if (heads < 2 && head != kMeanHead) return box.x1;
  std::string words = headName(p, head) + " of " + std::to_string(heads);
  const std::string name = headTitle(p, head);
  if (head == kMeanHead) {
    words += " heads";
  } else if (p.session.silenced(head)) {
    words += " · silenced";
  } else if (!name.empty()) {
    words += " · " + name;
  }
  words = shortened(ui, Role::bodyMedium, words, box.width() - ui.u(56));
  ui.region = kOrderGallery;
  float left = box.x1;
  const int by = pager(ui, "head", words, box.x1, box.centreY(), true, true, &left, Role::bodyMedium);
  ui.region = kOrderStage;
  if (by != 0) step(p, by, heads);
  return left;
}

}  // namespace headlight
