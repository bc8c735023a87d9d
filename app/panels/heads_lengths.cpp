#include <algorithm>
#include <cmath>

#include "app/panels/heads_tab.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// Rows of the table that stand there at once; of longer sequences it is turned page by page.
constexpr std::int64_t kMostRows = 12;

/// Title and what a full bar is; the pages at the right. Returns the y after it.
float head(Panel& p, const HeadsScene& scene, std::int64_t rows, const ContributionLengths* lengths,
           float y) {
  Ui& ui = p.ui;
  HeadsView& view = p.state.part<HeadsView>();
  const float baseline = y + ui.u(12);
  float right = scene.right;
  if (rows < scene.queries) {
    const std::string words = std::to_string(view.firstRow) + "–" + std::to_string(view.firstRow + rows - 1) +
                              " of " + grouped(scene.queries);
    const int by = pager(ui, "heads/rows/page", words, scene.right, baseline - ui.u(4), view.firstRow > 0,
                         view.firstRow + rows < scene.queries, &right);
    if (by != 0) {
      view.firstRow = std::clamp<std::int64_t>(view.firstRow + by * rows, 0, scene.queries - rows);
      ui.stayAwake(0.05);
    }
  }
  const std::string title = "How much each head writes";
  sectionHead(ui, scene.left, baseline, title);
  const float x = scene.left + textWidth(ui, Role::labelStrong, title) + ui.u(14);
  std::string words = "length of z_h W_O^h for every query";
  if (lengths != nullptr) words += "; full bar = " + fixed(static_cast<double>(lengths->largest), 2);
  if (x + mathWidth(ui, Role::micro, words) <= right - ui.u(8))
    math(ui, Role::micro, x, baseline, ui.c.t2, words);
  return baseline + ui.m(6, 8);
}

void lengthRow(Panel& p, const HeadsScene& scene, const ContributionLengths& lengths, std::int64_t query,
               const Box& line) {
  Ui& ui = p.ui;
  const bool here = query == scene.row;
  const Role role = here ? Role::strong : Role::body;
  textIn(ui, role, {scene.left + ui.u(8), line.y0, scene.columnsLeft - ui.u(6), line.y1}, Align::left,
         here ? ui.c.t1 : ui.c.t2, queryLabel(p, query));
  const float numberWidth =
      textWidth(ui, Role::numStrong, fixed(static_cast<double>(lengths.largest), 2)) + ui.u(2);
  const float tall = std::max(2.0f, ui.m(4, 5));
  const float largest = std::max(lengths.largest, 1e-30f);
  for (int column = 0; column < scene.columns; ++column) {
    const float length = lengths.at(scene.head(column), query);
    const float x = scene.x(column);
    const float right = x + scene.columnWidth;
    const float top = std::round(line.centreY() - tall / 2);
    const Box track{x, top, right - numberWidth - ui.u(2), top + tall};
    const bool chosen = scene.head(column) == scene.selected;
    if (track.width() >= ui.u(12)) {
      fill(track, ui.c.s3);
      const float share = std::isfinite(length) ? std::min(1.0f, length / largest) : 0.0f;
      fill({track.x0, track.y0, track.x0 + std::round(track.width() * share), track.y1},
           here ? ui.c.v : ui.c.edge);
    }
    num(ui, right, centredBaseline(ui, Role::num, line.y0, line.y1), static_cast<double>(length), 2,
        here || chosen ? ui.c.t1 : ui.c.t2, here ? Role::numStrong : Role::num);
  }
}

}  // namespace

float drawHeadLengths(Panel& p, const HeadsScene& scene, float y) {
  Ui& ui = p.ui;
  HeadsView& view = p.state.part<HeadsView>();
  const Run& run = *scene.evaluation->run;
  if (!run.has(Stage::contribution)) {
    sectionHead(ui, scene.left, y + ui.u(12), "How much each head writes");
    return paragraph(ui, Role::body, scene.left, y + ui.u(34), scene.right - scene.left, ui.u(18), ui.c.t2,
                     "Nothing to be measured here: " + absence(run, Stage::contribution) + ".");
  }
  const std::int64_t rows = std::min(kMostRows, scene.queries);
  if (view.followedRow != scene.row) {
    // A newly pinned row comes into sight.
    view.followedRow = scene.row;
    if (scene.row < view.firstRow || scene.row >= view.firstRow + rows) view.firstRow = scene.row - rows / 2;
  }
  view.firstRow = std::clamp<std::int64_t>(view.firstRow, 0, scene.queries - rows);
  // The table may reach over the border of two blocks.
  const auto first = p.session.contributionLengths(view.firstRow);
  const auto last = p.session.contributionLengths(view.firstRow + rows - 1);
  y = head(p, scene, rows, first.get(), y);
  const float pitch = ui.m(16, 20);
  const Box table{scene.left, y, scene.columnsRight(), y + pitch * static_cast<float>(rows)};
  const Press press = pressable(ui, "heads/rows", table);
  const float pointer = ImGui::GetIO().MousePos.y - table.y0;
  const auto under = static_cast<std::int64_t>(std::floor(pointer / pitch));
  for (std::int64_t n = 0; n < rows; ++n) {
    const std::int64_t query = view.firstRow + n;
    const float top = std::round(table.y0 + pitch * static_cast<float>(n));
    const Box line{table.x0, top, table.x1, top + pitch};
    if (query == scene.row) {
      fill(line, ui.c.s2);
      fill({line.x0, line.y0, line.x0 + ui.u(3), line.y1}, ui.c.q);
    } else if (press.hovered && n == under) {
      fill(line, ui.c.s1);
    }
    const auto& block = first && query < first->firstQuery + first->queries ? first : last;
    if (block) lengthRow(p, scene, *block, query, line);
  }
  if (!first) text(ui, Role::micro, scene.columnsLeft, table.y0 + pitch, ui.c.t2, "computing");
  focusRing(ui, "heads/rows", table, ui.u(2));
  if (press.pressed) {
    // By the keyboard there is no row under the pointer: the next one.
    const bool clicked = press.hovered && under >= 0 && under < rows;
    pickHeadsRow(p, clicked ? view.firstRow + under : (scene.row + 1) % scene.queries);
  }
  return table.y1 + ui.m(8, 14);
}

}  // namespace headlight
