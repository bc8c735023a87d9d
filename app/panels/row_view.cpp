#include <algorithm>
#include <cmath>

#include "app/panels/inspector.h"
#include "app/panels/row_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLookSlot = 51;

/// What bars are measured by: the range of the map's colours, which all rows share, or the row's own numbers.
/// Of many keys the own, until it is chosen: no weight of them is near 1.
struct RowScale {
  std::optional<bool> own;
};
constexpr std::int64_t kFewKeys = 16;

/// The last row that was ready, so that the next one does not begin with an empty page.
struct RowShown {
  std::shared_ptr<const RowValues> row;
  std::uint64_t field = 0;
};

class RowView {
 public:
  RowView(Panel& p, StageScene& scene, const Box& box)
      : p_(p),
        ui_(p.ui),
        scene_(scene),
        box_(box),
        plot_{p, p.ui, scene, box, info(scene.field.stage).isSigned} {}

  void draw() {
    const std::int64_t row = shownRow(p_, scene_.field);
    RowShown& shown = p_.state.part<RowShown>();
    if (auto ready = p_.session.row(scene_.field.stage, scene_.field.head, row)) {
      shown = {std::move(ready), scene_.field.key};
    }
    const bool fits = shown.row && shown.field == scene_.field.key && shown.row->row == row;
    const float top = heading(row, fits ? shown.row.get() : nullptr);
    const auto range = p_.session.range(scene_.field.stage, scene_.field.head);
    plot_.look = shownLook(p_, scene_.field.stage, scene_.field.head, kLookSlot);
    if (!fits || !range || !plot_.look) return;
    plot_.row = shown.row.get();
    plot_.range = ownScale() ? rowRange(*plot_.row, plot_.isSigned) : *range;
    plot_.decimals = rowDecimals(*plot_.row);
    const Box plot{box_.x0, top, box_.x1, box_.y1};
    if (fitsRowList(plot_, plot.height())) {
      drawRowList(plot_, plot);
    } else {
      drawRowChart(plot_, plot);
    }
  }

 private:
  bool ownScale() const { return p_.state.part<RowScale>().own.value_or(scene_.field.cols > kFewKeys); }

  /// Which query it is, what its row adds up to, and how scores become weights in it. Returns the y below.
  float heading(std::int64_t row, const RowValues* values) {
    const float height = ui_.u(26);
    float x = box_.x0;
    x = drawRowStep(p_, scene_.field, row, -1, x, box_.y0, "The query before  ↑") + ui_.u(4);
    const std::string index = std::to_string(row);
    x = tokenChip(ui_, x, box_.y0 + ui_.u(1), ui_.c.q, "Q", queryLabel(p_, row), index, ui_.u(150)) +
        ui_.u(4);
    x = drawRowStep(p_, scene_.field, row, 1, x, box_.y0, "The query after  ↓") + ui_.u(10);
    if (!values) return box_.y0 + height + ui_.u(34);
    const std::string sum = rowSumWords(scene_, *values);
    textIn(ui_, Role::body, {x, box_.y0, box_.x1, box_.y0 + height}, Align::right, ui_.c.t1, sum);
    const float baseline = box_.y0 + height + ui_.u(16);
    const std::string how = rowMakingWords(scene_, *values);
    float cut = scaleSwitch(box_.y0 + height + ui_.u(1));
    if (const std::string badge = badgeWords(); !badge.empty()) {
      const float width = textWidth(ui_, Role::micro, badge);
      if (cut - width - ui_.u(12) >= box_.x0 + std::min(mathWidth(ui_, Role::micro, how), ui_.u(90))) {
        text(ui_, Role::micro, cut - width, baseline, ui_.c.t1, badge);
        cut -= width + ui_.u(12);
      }
    }
    if (mathWidth(ui_, Role::micro, how) <= cut - box_.x0) {
      math(ui_, Role::micro, box_.x0, baseline, ui_.c.t2, how);
    } else {
      textIn(ui_, Role::micro, {box_.x0, baseline - ui_.u(9), cut, baseline}, Align::left, ui_.c.t2,
             mathPlain(how));
    }
    return box_.y0 + height + ui_.u(34);
  }

  /// Returns the x before it.
  float scaleSwitch(float top) {
    constexpr std::string_view kWords[] = {"map's scale", "own"};
    constexpr std::string_view kIds[] = {"map", "own"};
    const float width = ui_.u(136);
    const int pressed = segmented(ui_, "row.scale", Box::at(box_.x1 - width, top, width, ui_.u(24)), kWords,
                                  ownScale() ? 1 : 0, kIds);
    if (pressed >= 0) p_.state.part<RowScale>().own = pressed == 1;
    return box_.x1 - width - ui_.u(12);
  }

  /// Bars that stand for several keys each.
  std::string badgeWords() const {
    const int level = rowChartLevel(plot_);
    if (level == 0) return "";
    return "each bar = " + std::string(plot_.isSigned ? "extreme" : "max") + " of " +
           grouped(std::int64_t{1} << level) + " keys";
  }

  Panel& p_;
  Ui& ui_;
  StageScene& scene_;
  Box box_;
  RowPlot plot_;
};

}  // namespace

void drawRowView(Panel& p, StageScene& scene, const Box& box) {
  RowView(p, scene, box).draw();
}

}  // namespace headlight
