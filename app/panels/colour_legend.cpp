#include "app/panels/colour_legend.h"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/range_editor.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// A look with its name, or words alone.
struct Item {
  std::string words;
  bool look = true;
  CellClass kind = CellClass::value;
  float value = 0;
};

/// What the colours say of the sign, true only while 0 has the colour in the middle.
std::string signWords(const Panel& p, const StageScene& s, const std::optional<Range>& range) {
  const Colormap& map = shownColormap(p, s.field.stage);
  if (!map.diverging || !range) return "";
  if (range->low != -range->high) {
    const double middle = range->low + (range->high - range->low) / 2;
    return "neutral at " + withTrueMinus(shortest(static_cast<float>(middle)));
  }
  return map.id == "rdbu" ? "blue = positive" : "blue −, red +";
}

std::vector<Item> items(Panel& p, const StageScene& s, const std::optional<Range>& range) {
  std::vector<Item> all;
  if (const std::string words = signWords(p, s, range); !words.empty()) all.push_back({words, false});
  if (const auto statistics = p.session.statistics(s.field.stage, s.field.head)) {
    if (statistics->masked > 0) all.push_back({"masked", true, CellClass::masked});
    if (statistics->zeros > 0) all.push_back({"exactly 0"});
    if (statistics->nan > 0) all.push_back({"NaN", true, CellClass::value, std::nanf("")});
    if (statistics->positiveInfinite > 0) all.push_back({"+∞", true, CellClass::value, kInfinity});
    if (statistics->negativeInfinite > 0) all.push_back({"−∞", true, CellClass::value, -kInfinity});
    if (statistics->sampled) all.push_back({"sampled", false});
  }
  if (const std::string words = leftOutWords(p, s.field.stage); !words.empty()) all.push_back({words, false});
  return all;
}

float widthOf(const Ui& ui, const Item& item) {
  return textWidth(ui, Role::micro, item.words) + (item.look ? ui.u(18) : 0);
}

float gap(const Ui& ui) {
  return ui.u(14);
}

/// Where the items stand: the index of the first of each line.
std::vector<std::size_t> lines(const Ui& ui, const std::vector<Item>& all, float width) {
  std::vector<std::size_t> starts;
  float x = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float takes = widthOf(ui, all[i]);
    if (i == 0 || x + takes > width) {
      starts.push_back(i);
      x = 0;
    }
    x += takes + gap(ui);
  }
  return starts;
}

void stripes(const Ui& ui, const Box& box, ImU32 colour, float step, float thickness, bool falling) {
  canvas()->PushClipRect(box.min(), box.max(), true);
  const int count = static_cast<int>(std::ceil(2 * box.width() / step));
  for (int i = 0; i < count; ++i) {
    const float d = static_cast<float>(i) * step - box.width();
    const float from = falling ? box.y0 : box.y1;
    const float to = falling ? box.y1 : box.y0;
    canvas()->AddLine({box.x0 + d, from}, {box.x0 + d + box.width(), to}, colour, thickness);
  }
  canvas()->PopClipRect();
  (void)ui;
}

void cross(const Ui& ui, const Box& box) {
  const float arm = box.width() * 0.28f;
  const ImVec2 c{box.centreX(), box.centreY()};
  const float stroke = std::max(1.0f, 1.4f * ui.scale);
  canvas()->AddLine({c.x - arm, c.y - arm}, {c.x + arm, c.y + arm}, IM_COL32_BLACK, stroke);
  canvas()->AddLine({c.x - arm, c.y + arm}, {c.x + arm, c.y - arm}, IM_COL32_BLACK, stroke);
}

}  // namespace

float legendItem(Panel& p, CellClass kind, float value, float x, float y, std::string_view words) {
  Ui& ui = p.ui;
  const float side = ui.u(12);
  const Box box = Box::at(x, std::round(y - side / 2), side, side);
  const float line = std::max(1.0f, ui.scale);
  const Colormap& map = shownColormap(p, p.session.view().stage);
  if (kind == CellClass::masked) {
    fill(box, ui.c.mask);
    stripes(ui, box, ui.c.hatch, ui.u(4), line, false);
  } else if (std::isnan(value)) {
    fill(box, ui.c.nan);
    cross(ui, box);
  } else if (std::isinf(value)) {
    const bool high = value > 0;
    fill(box, high ? toColour(map.colours.back()) : ui.c.mask);
    stripes(ui, box, high ? toColour(textOn(map.colours.back())) : ui.c.hatch, ui.u(4),
            high ? 2 * line : line, true);
  } else {
    const auto zero = static_cast<std::size_t>(map.diverging ? 128 : 0);
    fill(box, toColour(map.colours[zero]));
    canvas()->AddCircleFilled({box.centreX(), box.centreY()}, std::max(1.0f, 1.3f * ui.scale), ui.c.hatch,
                              10);
  }
  frame(box, ui.c.edge, ui.u(1));
  return text(ui, Role::micro, box.x1 + ui.u(6), centredBaseline(ui, Role::micro, y, y), ui.c.t2, words) +
         gap(ui);
}

float legendLineHeight(const Ui& ui) {
  return ui.u(18);
}

int legendLines(Panel& p, const StageScene& s, float width) {
  const auto range = p.session.range(s.field.stage, s.field.head);
  return static_cast<int>(lines(p.ui, items(p, s, range), width).size());
}

float legendTakes(Panel& p, const StageScene& s) {
  float takes = 0;
  for (const Item& item : items(p, s, p.session.range(s.field.stage, s.field.head)))
    takes += widthOf(p.ui, item) + (takes > 0 ? gap(p.ui) : 0);
  return takes;
}

void drawLegend(Panel& p, const StageScene& s, const Range& range, float left, float y, float width) {
  Ui& ui = p.ui;
  const std::vector<Item> all = items(p, s, range);
  const std::vector<std::size_t> starts = lines(ui, all, width);
  for (std::size_t line = 0; line < starts.size(); ++line) {
    const std::size_t end = line + 1 < starts.size() ? starts[line + 1] : all.size();
    float x = left;
    for (std::size_t i = starts[line]; i < end; ++i) {
      const Item& item = all[i];
      if (item.look) {
        x = legendItem(p, item.kind, item.value, x, y, item.words);
        continue;
      }
      x = text(ui, Role::micro, x, centredBaseline(ui, Role::micro, y, y), ui.c.t2,
               shortened(ui, Role::micro, item.words, width)) +
          gap(ui);
    }
    y += legendLineHeight(ui);
  }
}

}  // namespace headlight
