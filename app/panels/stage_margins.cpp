#include <algorithm>
#include <cmath>

#include "app/panels/lesson_parts.h"
#include "app/panels/stage_parts.h"
#include "app/session/product.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {

namespace {

/// Whether the rows are not made to sum to 1: what they leave is told, a claim about their sum is not.
bool leavesSome(const StageScene& s) {
  const Run& run = *s.evaluation->run;
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  return !given && run.rules.normalizer && !run.rules.normalizer->sumsToOne() && !run.rules.mistake.plainSum;
}

/// Where the numbers of a row end, in px from the map's right side.
struct MarginColumns {
  float sum = 0;
  float notSpent = 0;  ///< 0: there is no such column
  float bar = 0;       ///< left end; 0 as above
  float keys = 0;
};
MarginColumns columnsOf(const Panel& p, const StageScene& s, bool stacked) {
  const Ui& ui = p.ui;
  MarginColumns columns;
  const std::string widest = grouped(s.cols) + ".8 of " + grouped(s.cols);
  const float keys =
      std::max(textWidth(ui, Role::microStrong, widest), textWidth(ui, Role::micro, "effective"));
  if (stacked) {
    columns.sum = columns.keys = ui.u(8) + keys;
    return columns;
  }
  float x = ui.u(12) + textWidth(ui, Role::numMicro, "1.000");
  columns.sum = x;
  if (leavesSome(s)) {
    x += ui.u(12) + std::max(textWidth(ui, Role::numMicro, "−0.000"), textWidth(ui, Role::micro, "spent"));
    columns.notSpent = x;
  }
  if (ui.large) {
    columns.bar = x + ui.u(16);
    x += ui.u(46);
  }
  columns.keys = x + ui.u(9) + keys;
  return columns;
}

void marginHeads(const Panel& p, const StageScene& s, const MarginColumns& columns) {
  Ui& ui = p.ui;
  const float line = p.state.map.box().y0 - ui.u(10);
  const auto head = [&](float right, float baseline, std::string_view words) {
    text(ui, Role::micro, s.marginLeft + right - textWidth(ui, Role::micro, words), baseline, ui.c.t2, words);
  };
  head(columns.sum, s.marginStacked ? line - ui.u(28) : line, "Σ");
  if (columns.notSpent > 0) {
    head(columns.notSpent, line - ui.u(14), "not");
    head(columns.notSpent, line, "spent");
  }
  head(columns.keys, line - ui.u(14), "effective");
  head(columns.keys, line, "keys");
}

}  // namespace

float marginsWidth(const Panel& p, const StageScene& s, bool stacked) {
  if (!s.rowNumbers() || s.turned || (stacked && leavesSome(s))) return 0;
  // Sums beside the rows would answer what a lesson asks.
  const LessonDesk* desk = p.state.tab == "lessons" ? openLessonDesk(p) : nullptr;
  if (desk != nullptr && asksStill(*desk)) return 0;
  return columnsOf(p, s, stacked).keys;
}

float stackedRow(const Ui& ui) {
  return ui.u(28);
}

void drawMargins(Panel& p, const StageScene& s) {
  const HeadStatistics* numbers = s.rowNumbers();
  if (!numbers || s.turned || s.marginWidth <= 0) return;
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const MarginColumns columns = columnsOf(p, s, s.marginStacked);
  const float sumRight = s.marginLeft + columns.sum;
  const float keysRight = s.marginLeft + columns.keys;
  marginHeads(p, s, columns);

  const double rowPx = map.pxPerCell();
  const std::int64_t step =
      labelStep(rowPx, static_cast<double>(s.marginStacked ? stackedRow(ui) : ui.u(15)));
  for (std::int64_t i = map.firstRow() / step * step; i < map.endRow(); i += step) {
    if (i < map.firstRow()) continue;
    const float y0 = std::max(map.y(i), map.box().y0);
    const float y1 = std::min(map.y(i + 1), map.box().y1);
    if (rowPx >= 1 && static_cast<double>(y1 - y0) < std::min(rowPx, 8.0)) continue;
    const RowNumbers& row = numbers->rows[static_cast<std::size_t>(i)];
    const bool marked = (s.pinned && s.pinned->row == i) || (s.hovered && s.hovered->row == i);
    const ImU32 colour = marked ? ui.c.t1 : ui.c.t2;
    // A row cut by the map's edge has room for one line, the effective keys.
    const bool both = !s.marginStacked || y1 - y0 >= ui.u(24);
    const float apart = s.marginStacked && both ? ui.u(6) : 0;
    const float baseline = centredBaseline(ui, Role::numMicro, y0 - apart, y1 - apart);
    const bool empty = row.keptKeys == 0;
    if (!both) {
      // Σ has no place.
    } else if (empty) {
      icon(ui, Icon::warning, s.marginLeft + ui.u(13), (y0 + y1) / 2 - apart, ui.c.warn);
      const double sum = s.evaluation->run->rules.emptyRow == EmptyRow::uniform ? 1.0 : 0.0;
      const bool nan = s.evaluation->run->rules.emptyRow == EmptyRow::nan;
      numText(ui, sumRight, baseline, ui.c.warn, nan ? "NaN" : fixed(sum, 0), Role::numMicro);
    } else {
      const double sum = static_cast<double>(row.weightSum);
      num(ui, sumRight, baseline, sum, 3, colour, Role::numMicro);
      if (columns.notSpent > 0)
        num(ui, s.marginLeft + columns.notSpent, baseline, 1 - sum, 3, colour, Role::numMicro);
    }
    const std::string of = " of " + grouped(row.keptKeys);
    const std::string keys = empty ? "no keys" : fixed(static_cast<double>(row.effectiveKeys), 1) + of;
    const Role role = marked ? Role::microStrong : Role::micro;
    text(ui, role, keysRight - textWidth(ui, role, keys), centredBaseline(ui, role, y0 + apart, y1 + apart),
         empty ? ui.c.warn : colour, keys);
    if (columns.bar > 0 && !empty && row.keptKeys > 0) {
      const float x0 = s.marginLeft + columns.bar;
      const Box track = Box::at(x0, std::round((y0 + y1) / 2) - ui.u(2), ui.u(34), ui.u(4));
      fill(track, ui.c.s3);
      const float share = std::clamp(row.effectiveKeys / static_cast<float>(row.keptKeys), 0.0f, 1.0f);
      fill({track.x0, track.y0, track.x0 + std::max(1.0f, std::round(share * track.width())), track.y1},
           marked ? ui.c.t1 : ui.c.edge);
    }
  }
}

void drawReceived(Panel& p, const StageScene& s, float top) {
  if (s.field.stage != Stage::weights || s.turned || s.field.head < 0) return;
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const Box label{s.content.x0, top, s.labelRight, top + ui.u(24)};
  textIn(ui, Role::micro, label, Align::right, ui.c.t2, "received");
  const auto received = p.session.received(s.field.head);
  if (!received || static_cast<std::int64_t>(received->means.size()) != s.cols) return;
  if (received->sampled) {
    textIn(ui, Role::micro, {label.x0, label.y1, label.x1, label.y1 + ui.u(12)}, Align::right, ui.c.t2,
           "sampled");
  }
  const std::vector<double>& mean = received->means;
  const double largest = std::max(received->largestMean, 1e-12);
  const float height = ui.u(12);
  const float base = top + ui.u(14);
  const auto cell = static_cast<float>(map.cellPx());
  const std::int64_t step =
      labelStep(map.pxPerCell(), static_cast<double>(textWidth(ui, Role::numMicro, ".00") + ui.u(4)));
  // One bar a pixel at the most: the tallest of the keys that share it.
  const std::int64_t together = std::int64_t{1} << map.level();
  for (std::int64_t j = map.firstCol() / together * together; j < map.endCol(); j += together) {
    const auto from = mean.begin() + j;
    const double value = *std::max_element(from, from + std::min(together, s.cols - j));
    const float x0 = std::max(map.x(j), map.box().x0);
    const float x1 = std::min(map.x(j) + std::max(1.0f, cell - (cell >= 8 ? 1 : 0)), map.box().x1);
    const bool marked = s.pinned && s.pinned->col >= j && s.pinned->col < j + together;
    const float tall =
        std::isfinite(value) ? std::max(1.0f, std::round(static_cast<float>(value / largest) * height)) : 1;
    const float inset = cell >= 16 ? std::round(cell * 0.22f) : 0;
    fill({x0 + inset, base - tall, x1 - inset, base}, marked ? ui.c.k : ui.c.edge);
    const std::string words = cellText(value, true);
    if (j % step == 0 && x1 - x0 >= textWidth(ui, Role::numMicro, words)) {
      textIn(ui, Role::numMicro, {x0, base + ui.u(2), x1, base + ui.u(14)}, Align::centre,
             marked ? ui.c.t1 : ui.c.t2, words);
    }
  }
}

}  // namespace headlight
