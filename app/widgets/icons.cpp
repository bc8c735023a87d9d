#include "app/widgets/icons.h"

#include <cmath>
#include <span>

#include "app/widgets/draw.h"

namespace headlight {
namespace {

/// Draws in units of the 16 px box, the centre at (0, 0).
class Pen {
 public:
  Pen(const Ui& ui, float x, float y, ImU32 colour)
      : list_(canvas()),
        x_(std::floor(x) + 0.5f),
        y_(std::floor(y) + 0.5f),
        scale_(ui.scale),
        colour_(colour) {}

  ImVec2 at(float x, float y) const { return {x_ + x * scale_, y_ + y * scale_}; }
  float width() const { return std::max(1.0f, 1.4f * scale_); }
  void line(std::initializer_list<ImVec2> points, bool closed = false) const {
    ImVec2 placed[8];
    int count = 0;
    for (const ImVec2 p : points) placed[count++] = at(p.x, p.y);
    list_->AddPolyline(placed, count, colour_, closed ? ImDrawFlags_Closed : 0, width());
  }
  void arc(float x, float y, float radius, float from, float to) const {
    list_->PathArcTo(at(x, y), radius * scale_, from, to, 24);
    list_->PathStroke(colour_, 0, width());
  }
  void circle(float x, float y, float radius) const {
    list_->AddCircle(at(x, y), radius * scale_, colour_, 24, width());
  }
  void disc(float x, float y, float radius) const {
    list_->AddCircleFilled(at(x, y), radius * scale_, colour_, 24);
  }
  void bar(float x0, float y, float x1) const {
    const ImVec2 a = at(x0, y);
    const float top = std::round(a.y - width() / 2);
    list_->AddRectFilled({std::round(a.x), top},
                         {std::round(at(x1, y).x), top + std::max(1.0f, std::round(width()))}, colour_);
  }
  void triangle(ImVec2 a, ImVec2 b, ImVec2 c) const {
    list_->AddTriangleFilled(at(a.x, a.y), at(b.x, b.y), at(c.x, c.y), colour_);
  }
  void box(float x0, float y0, float x1, float y1, float radius) const {
    list_->AddRectFilled(at(x0, y0), at(x1, y1), colour_, radius * scale_);
  }

 private:
  ImDrawList* list_;
  float x_;
  float y_;
  float scale_;
  ImU32 colour_;
};

constexpr float kPi = 3.14159265f;

void turnBack(const Pen& pen, float side) {
  pen.line({{side * -3.0f, -6.0f}, {side * -6.5f, -2.5f}, {side * -3.0f, 1.0f}});
  pen.line({{side * -6.0f, -2.5f}, {side * 2.5f, -2.5f}});
  if (side > 0) {
    pen.arc(2.5f, 1.25f, 3.75f, -kPi / 2, kPi / 2);
  } else {
    pen.arc(-2.5f, 1.25f, 3.75f, kPi * 1.5f, kPi / 2);
  }
  pen.line({{side * 2.5f, 5.0f}, {side * -2.0f, 5.0f}});
}

}  // namespace

void icon(const Ui& ui, Icon which, float x, float y, ImU32 colour) {
  const Pen pen(ui, x, y, colour);
  switch (which) {
    case Icon::menu:
      for (const float row : {-5.0f, 0.0f, 5.0f}) pen.bar(-7, row, 7);
      break;
    case Icon::undo:
      turnBack(pen, 1);
      break;
    case Icon::redo:
      turnBack(pen, -1);
      break;
    case Icon::search:
      pen.circle(-1, -1, 4.5f);
      pen.line({{2.4f, 2.4f}, {6.0f, 6.0f}});
      break;
    case Icon::chevron:
      pen.line({{-4, -2}, {0, 2}, {4, -2}});
      break;
    case Icon::pin:
      pen.disc(0, -3.5f, 3.6f);
      pen.line({{0, 0}, {0, 7}});
      break;
    case Icon::lock:
      pen.arc(0, -2, 3.0f, kPi, 2 * kPi);
      pen.line({{-3, -2}, {-3, 0}});
      pen.line({{3, -2}, {3, 0}});
      pen.box(-5, -0.5f, 5, 6.5f, 1.5f);
      break;
    case Icon::check:
      pen.line({{-4.5f, 0.5f}, {-1.5f, 3.5f}, {4.5f, -3.5f}});
      break;
    case Icon::cross:
      pen.line({{-3.5f, -3.5f}, {3.5f, 3.5f}});
      pen.line({{-3.5f, 3.5f}, {3.5f, -3.5f}});
      break;
    case Icon::warning: {
      pen.triangle({0, -6.5f}, {7, 6}, {-7, 6});
      const Pen ground(ui, x, y, ui.c.s1);
      ground.line({{0, -2.2f}, {0, 1.8f}});
      ground.disc(0, 4, 0.9f);
      break;
    }
    case Icon::eye:
      pen.arc(0, 4.5f, 7.5f, -kPi * 0.82f, -kPi * 0.18f);
      pen.arc(0, -4.5f, 7.5f, kPi * 0.18f, kPi * 0.82f);
      pen.disc(0, 0, 2.2f);
      break;
    case Icon::play:
      pen.triangle({-4, -5.5f}, {6, 0}, {-4, 5.5f});
      break;
  }
}

void mark(const Ui& ui, float x, float y) {
  ImDrawList* list = canvas();
  const float s = ui.scale;
  const ImU32 cone = mixed(ui.c.s1, ui.c.acc, isDark(ui.theme) ? 0.5f : 0.35f);
  list->AddQuadFilled({x + 7 * s, y - 4 * s}, {x + 17 * s, y - 7 * s}, {x + 17 * s, y + 7 * s},
                      {x + 7 * s, y + 4 * s}, cone);
  list->AddRectFilled({x, y - 5 * s}, {x + 6 * s, y + 5 * s}, ui.c.t1, 3 * s);
}

}  // namespace headlight
