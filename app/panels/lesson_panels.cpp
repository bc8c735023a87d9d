#include <algorithm>
#include <cmath>

#include "app/panels/lesson_panel_parts.h"

namespace headlight {
namespace {

class LessonPanels {
 public:
  LessonPanels(Panel& p, LessonDesk& desk)
      : p_(p), ui_(p.ui), desk_(desk), room_(lessonRoom(p, desk)), found_(desk.panels()) {
    if (found_ && room_.tilesOf != found_->number) {
      room_.tiles.clear();
      room_.tilesOf = found_->number;
    }
  }

  void draw(const Box& stage) {
    const Region region(ui_, "lesson panels", stage, ui_.c.s0, kOrderStage, true);
    const float pad = ui_.m(28, 36);
    const float left = stage.x0 + pad;
    const float right = stage.x1 - pad;
    float y = region.top() + ui_.u(12);
    const auto& panels = desk_.step().panels;
    if (!found_ || found_->panels.size() != panels.size()) {
      text(ui_, Role::body, left, y + ui_.u(24), ui_.c.t2, "Measuring");
      ui_.stayAwake(0.05);
      return;
    }
    const float bottom = stage.y1 - ui_.u(12);
    for (std::size_t n = 0; n < panels.size();) {
      const std::size_t rest = lines(n, right - left);
      const float height = std::max(ui_.u(200), (bottom - y) / static_cast<float>(rest) - ui_.u(8));
      const std::size_t together = onOneLine(n, right - left);
      if (together > 1 && panels[n].kind == LessonPanel::Kind::plot) {
        const float table = ui_.u(256);
        const float a = one(n, {left, y, right - table - ui_.u(36), y + height});
        const float b = one(n + 1, {right - table, y, right, y + height});
        y = std::max(a, b);
      } else {
        const float gap = ui_.u(32);
        const auto count = static_cast<float>(together);
        const float each = (right - left - gap * (count - 1)) / count;
        float end = y;
        for (std::size_t k = 0; k < together; ++k) {
          const float x = std::round(left + (each + gap) * static_cast<float>(k));
          end = std::max(end, one(n + k, {x, y, std::round(x + each), y + height}));
        }
        y = end;
      }
      n += together;
      y += ui_.u(12);
      if (n < panels.size()) horizontal(stage.x0, stage.x1, y, ui_.c.line, ui_.u(1));
      y += ui_.u(8);
    }
    region.contentEnds(y);
  }

 private:
  /// How many panels from this one on share a line: a plot and a narrow table, or maps of one variant.
  std::size_t onOneLine(std::size_t n, float width) const {
    const auto& panels = desk_.step().panels;
    if (panels[n].kind == LessonPanel::Kind::plot) {
      const bool narrow = n + 1 < panels.size() && panels[n + 1].kind == LessonPanel::Kind::table &&
                          panels[n + 1].columns.size() <= 3;
      return narrow && width >= ui_.u(720) ? 2 : 1;
    }
    const auto isAlone = [&](std::size_t k) {
      return panels[k].kind == LessonPanel::Kind::map && panels[k].variants.size() == 1;
    };
    const auto most = static_cast<std::size_t>(std::max(1.0f, width / ui_.u(240)));
    std::size_t count = isAlone(n) ? 1 : 0;
    while (count > 0 && n + count < panels.size() && isAlone(n + count) && count < most) ++count;
    return std::max<std::size_t>(1, count);
  }
  std::size_t lines(std::size_t from, float width) const {
    std::size_t count = 0;
    for (std::size_t n = from; n < desk_.step().panels.size(); n += onOneLine(n, width)) ++count;
    return count;
  }

  float one(std::size_t n, const Box& box) {
    const LessonPanel& panel = desk_.step().panels[n];
    const MeasuredPanel& found = found_->panels[n];
    const float baseline = box.y0 + ui_.u(22);
    const std::string title = shortened(ui_, Role::strong, panel.title, box.width());
    const float end = mathWidth(ui_, Role::strong, panel.title) <= box.width()
                          ? math(ui_, Role::strong, box.x0, baseline, ui_.c.t1, panel.title)
                          : text(ui_, Role::strong, box.x0, baseline, ui_.c.t1, title);
    const std::string words = subtitle(panel);
    if (end + ui_.u(14) + mathWidth(ui_, Role::micro, words) <= box.x1)
      math(ui_, Role::micro, end + ui_.u(14), baseline, ui_.c.t2, words);
    const Box body{box.x0, box.y0 + ui_.u(34), box.x1, box.y1};
    if (!found.fault.empty()) {
      return paragraph(ui_, Role::body, body.x0, body.y0 + ui_.u(16), body.width(), ui_.u(19), ui_.c.t1,
                       "Not measured: " + found.fault + ".");
    }
    if (panel.kind == LessonPanel::Kind::table) return drawLessonTable(ui_, panel, found.rows, lit(), body);
    if (panel.kind == LessonPanel::Kind::plot)
      return drawLessonPlot(ui_, panel, found.rows, body, plottedAnswer(desk_, panel, found.rows));
    const LessonStagePanel all(p_, panel, found.maps, n);
    return panel.kind == LessonPanel::Kind::row ? drawLessonBars(all, body)
                                                : drawLessonMaps(all, room_, body);
  }

  static std::string subtitle(const LessonPanel& panel) {
    if (panel.kind == LessonPanel::Kind::plot) {
      std::string words = panel.columns.size() == 1 ? panel.columns[0].label : "";
      if (panel.logarithmic) words += std::string(words.empty() ? "" : "; ") + "both axes logarithmic";
      return words;
    }
    if (!panel.ofStage()) return "";
    std::string words(info(panel.stage).label);
    if (panel.kind == LessonPanel::Kind::row) words += ", query " + std::to_string(panel.query);
    return words;
  }

  /// The values of a parameter that predictions on panels of this step spoke of.
  std::vector<double> lit() {
    std::vector<double> values;
    const auto& panels = desk_.step().panels;
    for (std::size_t n = 0; n < panels.size(); ++n) {
      if (panels[n].ofStage() || found_->panels[n].rows.empty()) continue;
      if (const auto answer = plottedAnswer(desk_, panels[n], found_->panels[n].rows))
        values.push_back(answer->x);
    }
    return values;
  }

  Panel& p_;
  Ui& ui_;
  LessonDesk& desk_;
  LessonRoom& room_;
  std::shared_ptr<const MeasuredPanels> found_;
};

}  // namespace

void drawLessonPanels(Panel& p, LessonDesk& desk, const Box& box) {
  LessonPanels(p, desk).draw(box);
}

}  // namespace headlight
