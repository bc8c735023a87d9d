#include <algorithm>
#include <cmath>

#include "app/panels/lesson_parts.h"
#include "core/base/number.h"
#include "core/lesson/panel_point.h"

namespace headlight {
namespace {

class LessonPlot {
 public:
  explicit LessonPlot(Ui& ui) : ui_(ui) {}

  float draw(const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box,
             const std::optional<PlottedAnswer>& answer) {
    if (rows.empty()) return box.y0;
    const bool several = panel.columns.size() > 1;
    Axes axes;
    axes.logarithmic = panel.logarithmic;
    const float bottom = std::min(box.y1, box.y0 + ui_.u(440));
    axes.box = {box.x0 + ui_.u(52), box.y0 + ui_.u(14), box.x1 - ui_.u(several ? 110 : 56),
                bottom - ui_.u(30)};
    double low = 1e300;
    double high = -1e300;
    const auto span = [&](double value) {
      if (!std::isfinite(value) || (panel.logarithmic && value <= 0)) return;
      low = std::min(low, axes.place(value));
      high = std::max(high, axes.place(value));
    };
    for (const PanelRow& row : rows) {
      for (const double value : row.numbers) span(value);
    }
    if (answer) span(answer->y);
    if (low > high)
      return paragraph(ui_, Role::body, box.x0, box.y0 + ui_.u(16), box.width(), ui_.u(19), ui_.c.t1,
                       "No finite numbers.");
    if (!panel.logarithmic) low = std::min(low, 0.0);
    axes.y0 = panel.logarithmic ? std::floor(low + 0.01) : low;
    axes.y1 = panel.logarithmic ? std::ceil(high - 0.01) : high * 1.05;
    if (axes.y1 - axes.y0 < 1e-9) axes.y1 = axes.y0 + 1;
    axes.x0 = axes.place(rows.front().value);
    axes.x1 = axes.place(rows.back().value);
    for (const double mark : yTicks(axes)) {
      const float y = axes.y(mark);
      horizontal(axes.box.x0, axes.box.x1, y, ui_.c.line, ui_.u(1));
      numText(ui_, axes.box.x0 - ui_.u(10), centredBaseline(ui_, Role::numMicro, y, y), ui_.c.t2,
              measuredText(mark), Role::numMicro);
    }
    const float under = axes.box.y1 + ui_.u(22);
    float lastEnd = -1e9f;
    for (const PanelRow& row : rows) {
      const bool lit = answer && std::abs(answer->x - row.value) < 1e-9;
      const Role role = lit ? Role::numStrong : Role::numMicro;
      const std::string words = measuredText(row.value);
      const float width = textWidth(ui_, role, words);
      const float x = axes.x(row.value) - width / 2;
      if (x < lastEnd + ui_.u(6)) continue;
      text(ui_, role, std::round(x), under, lit ? ui_.c.t1 : ui_.c.t2, words);
      lastEnd = x + width;
    }
    const std::string name = panelParameter(panel);
    if (lastEnd + ui_.u(10) + mathWidth(ui_, Role::micro, name) <= box.x1)
      math(ui_, Role::micro, lastEnd + ui_.u(10), under, ui_.c.t2, name);
    for (std::size_t c = 0; c < panel.columns.size(); ++c) curve(panel, rows, axes, c, several);
    if (answer) diamond(axes, *answer);
    return under + ui_.u(8);
  }

 private:
  struct Axes {
    Box box;
    bool logarithmic = false;
    double x0 = 0, x1 = 1, y0 = 0, y1 = 1;

    double place(double value) const { return logarithmic ? std::log2(std::max(value, 1e-12)) : value; }
    float x(double value) const {
      const double share = x1 > x0 ? (place(value) - x0) / (x1 - x0) : 0.5;
      return std::round(box.x0 + static_cast<float>(share) * box.width());
    }
    float y(double value) const {
      const double share = y1 > y0 ? (place(value) - y0) / (y1 - y0) : 0.5;
      return std::round(box.y1 - static_cast<float>(share) * box.height());
    }
  };

  static std::vector<double> yTicks(const Axes& axes) {
    std::vector<double> marks;
    if (axes.logarithmic) {
      const double span = axes.y1 - axes.y0;
      const double step = std::max(1.0, std::ceil(span / 6));
      for (int k = 0; k <= 8; ++k) {
        const double power = std::ceil(axes.y0 - 1e-9) + step * k;
        if (power <= axes.y1 + 1e-9) marks.push_back(std::exp2(power));
      }
      return marks;
    }
    Range range;
    range.low = axes.y0;
    range.high = axes.y1;
    for (const Tick& tick : ticks(range, 6)) marks.push_back(tick.value);
    return marks;
  }

  void curve(const LessonPanel& panel, const std::vector<PanelRow>& rows, const Axes& axes, std::size_t c,
             bool several) {
    const ImU32 line = ui_.c.edge;
    std::vector<ImVec2> points;
    for (const PanelRow& row : rows) {
      const double value = row.numbers[c];
      if (!std::isfinite(value) || (panel.logarithmic && value <= 0)) continue;
      points.push_back({axes.x(row.value), axes.y(value)});
    }
    for (std::size_t n = 1; n < points.size(); ++n)
      canvas()->AddLine(points[n - 1], points[n], line, std::max(1.0f, ui_.scale * 1.5f));
    for (const ImVec2 point : points) mark(point, c);
    if (!several || points.empty()) return;
    const float room = ui_.u(100);
    const std::string& label = panel.columns[c].label;
    const float y = labelPlace(points.back().y);
    const float baseline = centredBaseline(ui_, Role::micro, y, y);
    if (mathWidth(ui_, Role::micro, label) <= room) {
      math(ui_, Role::micro, points.back().x + ui_.u(12), baseline, ui_.c.t1, label);
    } else {
      text(ui_, Role::micro, points.back().x + ui_.u(12), baseline, ui_.c.t1,
           shortened(ui_, Role::micro, label, room));
    }
    placed_.push_back(y);
  }

  /// Curves differ by their marks: discs and squares, filled and open.
  void mark(ImVec2 at, std::size_t curve) {
    const float r = ui_.u(5);
    const float line = std::max(1.0f, ui_.scale * 2);
    const bool isOpen = curve % 2 == 1;
    if (curve % 4 < 2) {
      canvas()->AddCircleFilled(at, r + ui_.u(1), ui_.c.s0, 24);
      if (isOpen) {
        canvas()->AddCircle(at, r - 1, ui_.c.t1, 24, line);
      } else {
        canvas()->AddCircleFilled(at, r, ui_.c.t1, 24);
      }
      return;
    }
    const Box square{at.x - r, at.y - r, at.x + r, at.y + r};
    fill(square.inset(-ui_.u(1), -ui_.u(1)), ui_.c.s0);
    fill(square, ui_.c.t1);
    if (isOpen) fill(square.inset(line, line), ui_.c.s0);
  }

  /// The nearest free line for the words at a curve's end.
  float labelPlace(float y) const {
    const float apart = ui_.u(14);
    const auto isFree = [&](float at) {
      return std::none_of(placed_.begin(), placed_.end(),
                          [&](float other) { return std::abs(other - at) < apart; });
    };
    for (int n = 0; n < 16; ++n) {
      const float off = apart * static_cast<float>(n);
      if (isFree(y + off)) return y + off;
      if (isFree(y - off)) return y - off;
    }
    return y;
  }

  /// Where the learner expected it: open, in the accent, with words.
  void diamond(const Axes& axes, const PlottedAnswer& answer) {
    const ImVec2 at{axes.x(answer.x), axes.y(answer.y)};
    const float r = ui_.u(7);
    const ImVec2 corners[] = {{at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}};
    canvas()->AddPolyline(corners, 4, ui_.c.acc, ImDrawFlags_Closed, std::max(1.0f, ui_.scale * 2));
    const std::string words = "your prediction " + measuredText(answer.y);
    const float width = textWidth(ui_, Role::microStrong, words);
    float x = at.x - r - ui_.u(6) - width;
    if (x < axes.box.x0) x = at.x + r + ui_.u(6);
    const float baseline = centredBaseline(ui_, Role::microStrong, at.y, at.y);
    text(ui_, Role::microStrong, x, baseline, ui_.c.acc, words);
  }

  Ui& ui_;
  std::vector<float> placed_;  ///< base lines of the curves' words
};

}  // namespace

float drawLessonPlot(Ui& ui, const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box,
                     const std::optional<PlottedAnswer>& answer) {
  return LessonPlot(ui).draw(panel, rows, box, answer);
}

}  // namespace headlight
