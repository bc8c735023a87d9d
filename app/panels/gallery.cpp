#include "app/panels/gallery.h"

#include <cmath>
#include <utility>

#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"

namespace headlight {
namespace {

std::string nameOf(const Panel& p, int head) {
  const auto evaluation = p.session.evaluation();
  if (head == kMeanHead) return "of heads";
  const auto& names = evaluation->prepared->headNames;
  return head < static_cast<int>(names.size()) ? names[static_cast<std::size_t>(head)] : "";
}

/// The stage whose heads are compared: the shown one, else the weights.
Stage comparedStage(const Panel& p) {
  const Stage stage = p.session.view().stage;
  return info(stage).perHead ? stage : Stage::weights;
}

std::string rangeWords(Panel& p, Stage stage, int head) {
  if (!p.session.view().sharedRange) return "own scales: not comparable";
  const auto range = p.session.range(stage, head);
  if (!range) return "one scale";
  const auto brief = [](double x) {
    std::string words = fixed(x, std::abs(x) >= 10 ? 0 : 2);
    while (words.find('.') != std::string::npos && (words.back() == '0' || words.back() == '.'))
      words.pop_back();
    return words;
  };
  if (range->low == -range->high) return "one scale, ±" + brief(range->high);
  return "one scale, " + brief(range->low) + "–" + brief(range->high);
}

void step(Panel& p, int by, int heads) {
  const int now = shownHead(p);
  const int next = now == kMeanHead ? (by > 0 ? 0 : heads - 1) : now + by;
  p.session.selectHead(next < 0 || next >= heads ? kMeanHead : next);
}

class Gallery {
 public:
  Gallery(Panel& p, const Box& box) : p_(p), ui_(p.ui), box_(box) {}

  void draw() {
    const auto evaluation = p_.session.evaluation();
    if (!evaluation) return;
    const Stage stage = comparedStage(p_);
    const int heads = evaluation->run->sizes.heads;
    header(stage);

    // The scroll bar stands in the margin at the right.
    const Box list{box_.x0 - ui_.u(4), box_.y0 + ui_.u(34), p_.layout.stage.x1 - ui_.u(2), box_.y1};
    const Region region(ui_, "gallery", list, ui_.c.s0, kOrderGallery, true);
    ui_.registry.addControl("gallery", list, ui_.layer);
    const bool focused = ui_.focus.add("gallery", ui_.layer, kOrderGallery, true);
    const float gap = ui_.m(13, 24);
    const float side = std::floor((box_.width() - gap) / 2);
    side_ = fitted(side, list.height(), heads);
    float y = region.top();
    float rowHeight = 0;
    for (int head = 0; head < heads; ++head) {
      const float x = box_.x0 + static_cast<float>(head % 2) * (side + gap);
      rowHeight = std::max(rowHeight, thumbnail(stage, head, x, y, side));
      if (head % 2 == 1 || head == heads - 1) y += std::exchange(rowHeight, 0.0f) + ui_.m(5, 14);
    }
    // The mean takes the free place, or a map of its own below where there is room, else a line.
    if (heads > 1) {
      const float tall = tallest_;
      const bool beside = heads % 2 == 1;
      if (beside) {
        thumbnail(stage, kMeanHead, box_.x0 + side + gap, y - tallest_ - ui_.m(5, 14), side);
      } else if (list.y0 + (y - region.top()) + tall <= list.y1) {
        y += thumbnail(stage, kMeanHead, box_.x0, y, side);
      } else {
        y += meanLine(box_.x0, y);
      }
    }
    region.contentEnds(y);
    keys(focused, heads);
  }

 private:
  static constexpr float kName = 18;  ///< height of the line above a map

  /// How tall a map may be: less than wide where all heads are then in sight at once.
  float fitted(float side, float height, int heads) const {
    const int pairs = (heads + 1) / 2;
    const auto rows = static_cast<float>(pairs);
    const float mean = heads > 1 && heads % 2 == 0 ? ui_.u(24) : 0;
    const float room = std::floor((height - mean - ui_.u(2)) / rows - ui_.u(kName) - ui_.m(5, 14));
    return room < side && room >= 0.75f * side ? room : side;
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

  void header(Stage stage) {
    const float baseline = box_.y0 + ui_.u(28);
    text(ui_, Role::strong, box_.x0, baseline, ui_.c.t1, "Heads");
    const std::string words = rangeWords(p_, stage, std::max(0, shownHead(p_)));
    const float room = box_.width() - textWidth(ui_, Role::strong, "Heads") - ui_.u(10);
    const std::string shown = shortened(ui_, Role::micro, words, room);
    const float width = textWidth(ui_, Role::micro, shown);
    const Box box{box_.x1 - width, baseline - ui_.u(14), box_.x1, baseline + ui_.u(6)};
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
  }

  /// Returns its height.
  float thumbnail(Stage stage, int head, float x, float y, float side) {
    const auto field = shownField(p_, stage, head);
    if (!field) return 0;
    const bool turned = p_.session.view().queryColumns && isMap(stage);
    const Thumb thumb = thumbOf(field->rows, field->cols, side, side_, static_cast<int>(side), turned);
    const float top = y + ui_.u(kName);
    const float own = p_.session.view().sharedRange ? 0 : ui_.u(14);
    const Box cell = Box::at(x, y, side, ui_.u(kName) + thumb.height + own);
    tallest_ = cell.height();
    const bool chosen = shownHead(p_) == head;
    const std::string id = "head." + headName(head);
    if (cell.y1 < box_.y0 || cell.y0 > box_.y1) {
      pressable(ui_, id, cell, true, false);
      return cell.height();
    }
    const Press press = pressable(ui_, id, cell, true, false);
    const std::string number = headName(head);
    const float baseline = y + ui_.u(12);
    const float end = text(ui_, chosen ? Role::labelStrong : Role::label, x, baseline,
                           chosen || press.hovered ? ui_.c.t1 : ui_.c.t2, number);
    const std::string name =
        shortened(ui_, chosen ? Role::labelStrong : Role::micro, nameOf(p_, head), x + side - end - ui_.u(6));
    text(ui_, chosen ? Role::labelStrong : Role::micro, end + ui_.u(6), baseline,
         chosen || press.hovered ? ui_.c.t1 : ui_.c.t2, name);
    const Box map = Box::at(x, top, thumb.width, thumb.height);
    drawMap(p_, 1000 + static_cast<std::uint64_t>(head + 1), *field, thumb.geometry, map.min(), thumb.sx,
            thumb.sy);
    if (chosen) {
      const float away = ui_.u(1) + ui_.u(2);
      frame(map.inset(-away, -away), ui_.c.acc, ui_.u(2));
    } else if (press.hovered) {
      frame(map.inset(-ui_.u(2), -ui_.u(2)), ui_.c.edge, ui_.u(1));
    }
    if (own > 0) {
      if (const auto range = p_.session.range(stage, head)) {
        text(ui_, Role::numMicro, x, map.y1 + ui_.u(13), ui_.c.t2, "max " + fixed(range->high, 3));
      }
    }
    if (press.pressed) {
      p_.session.selectHead(head);
      ui_.focus.set("gallery", false);
    }
    ui_.tip(id, map, press.hovered, number + (nameOf(p_, head).empty() ? "" : " · " + nameOf(p_, head)));
    return cell.height();
  }

  void keys(bool focused, int heads) {
    if (!focused || compat::typing()) return;
    if (ui_.take(kKeyRight)) step(p_, 1, heads);
    if (ui_.take(kKeyLeft)) step(p_, -1, heads);
    const int now = shownHead(p_) == kMeanHead ? heads : shownHead(p_);
    if (ui_.take(kKeyDown) && now + 2 <= heads) p_.session.selectHead(now + 2 == heads ? kMeanHead : now + 2);
    if (ui_.take(kKeyUp) && now >= 2) p_.session.selectHead(now - 2);
    focusRing(ui_, "gallery", box_.inset(-ui_.u(2), ui_.u(8)), ui_.u(3));
  }

  Panel& p_;
  Ui& ui_;
  Box box_;
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
  std::string words = headName(head) + " of " + std::to_string(heads);
  const std::string name = nameOf(p, head);
  if (head == kMeanHead) {
    words += " heads";
  } else if (!name.empty()) {
    words += " · " + name;
  }
  const float side = ui.u(24);
  words = shortened(ui, Role::bodyMedium, words, box.width() - 2 * side - ui.u(8));
  const float width = textWidth(ui, Role::bodyMedium, words);
  const Box next{box.x1 - side, box.centreY() - side / 2, box.x1, box.centreY() + side / 2};
  const Box before = next.moved(-side - width - ui.u(8), 0);
  const auto arrowButton = [&](std::string_view id, const Box& at, float direction, int by) {
    const Press press = pressable(ui, id, at);
    if (press.hovered) fill(at, ui.c.s3, ui.u(4));
    const float s = ui.scale;
    const ImVec2 points[] = {{at.centreX() - direction * 2 * s, at.centreY() - 4 * s},
                             {at.centreX() + direction * 2 * s, at.centreY()},
                             {at.centreX() - direction * 2 * s, at.centreY() + 4 * s}};
    canvas()->AddPolyline(points, 3, ui.c.t1, 0, std::max(1.0f, 1.4f * s));
    focusRing(ui, id, at, ui.u(4));
    if (press.pressed) step(p, by, heads);
  };
  ui.region = kOrderGallery;
  arrowButton("head/previous", before, -1, -1);
  arrowButton("head/next", next, 1, 1);
  ui.region = kOrderStage;
  textIn(ui, Role::bodyMedium, {before.x1 + ui.u(4), box.y0, next.x0 - ui.u(3), box.y1}, Align::left, ui.c.t1,
         words);
  return before.x0;
}

}  // namespace headlight
