#include "app/panels/status_line.h"

#include <cmath>
#include <cstdio>

#include "app/panels/lesson_tab.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

std::string timeWords(double seconds) {
  const double ms = seconds * 1000;
  if (ms < 1000) return fixed(ms, ms < 10 ? 2 : 0) + " ms";
  return fixed(seconds, 2) + " s";
}

std::string errorWords(double error) {
  if (error == 0) return "exactly";
  char words[32];
  std::snprintf(words, sizeof words, "%.0e", error);
  std::string text(words);
  // "1e-07" → "1e−7"
  if (const auto at = text.find("e-0"); at != std::string::npos) text.replace(at, 3, "e−");
  if (const auto at = text.find("e-"); at != std::string::npos) text.replace(at, 2, "e−");
  return "max error " + text;
}

/// Whether every row that keeps a key is made to sum to 1, and how well was measured.
bool rowsSumToOne(const Run& run) {
  const Rules& rules = run.rules;
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  return run.statistics && !given && rules.normalizer && rules.normalizer->sumsToOne() &&
         !rules.mistake.overQueries && rules.mistake.maskAs != Mistake::MaskAs::zeroWeight;
}

/// The cell under the pointer while another one is pinned.
std::string hoverWords(Panel& p) {
  const auto hovered = p.session.hovered();
  const auto pinned = p.session.pinned();
  if (!hovered || !pinned || *hovered == *pinned) return "";
  const Stage stage = p.session.view().stage;
  const auto field = shownField(p, stage, shownHead(p));
  if (!field || hovered->row >= field->rows || hovered->col >= field->cols) return "";
  const auto tile = p.session.tile(stage, field->head, 0, hovered->row / kTileSize, hovered->col / kTileSize);
  if (!tile) return "";
  const auto at =
      static_cast<std::size_t>((hovered->row % kTileSize) * tile->cols + hovered->col % kTileSize);
  if (at >= tile->extreme.size()) return "";
  const bool masked = static_cast<CellClass>(tile->classes[at]) == CellClass::masked;
  const std::string value = masked ? "masked" : fixed(static_cast<double>(tile->extreme[at]), 3);
  const bool map = isMap(stage);
  const bool keyRows = info(stage).rows == Axis::key;
  const std::string row = keyRows ? keyLabel(p, hovered->row, 16) : queryLabel(p, hovered->row, 16);
  return row + " " + std::to_string(hovered->row) + " → " + (map ? keyLabel(p, hovered->col, 16) + " " : "") +
         std::to_string(hovered->col) + "  " + value;
}

}  // namespace

void drawStatusLine(Panel& p, float wantedScale) {
  Ui& ui = p.ui;
  const Box& bar = p.layout.status;
  const Region region(ui, "status", bar, ui.c.s1, kOrderStatus, false);
  horizontal(bar.x0, bar.x1, bar.y0, ui.c.line, ui.u(1));
  const Box line{bar.x0 + ui.u(16), bar.y0 + ui.u(1), bar.x1 - ui.u(16), bar.y1};
  const float baseline = centredBaseline(ui, Role::micro, line.y0, line.y1);
  const float gap = ui.u(20);

  // From the right: keys, scale, row sums.
  float right = line.x1;
  const auto fromRight = [&](const std::string& words, ImU32 colour) {
    const float width = textWidth(ui, Role::micro, words);
    text(ui, Role::micro, right - width, baseline, colour, words);
    right -= width + gap;
  };
  const float keysWidth = textWidth(ui, Role::micro, "? for keys");
  const Box keys{right - keysWidth, line.y0, right, line.y1};
  const Press press = pressable(ui, "help.keys", keys);
  if (press.pressed) p.session.toggleHelp();
  fromRight("? for keys", press.hovered ? ui.c.t1 : ui.c.t2);
  focusRing(ui, "help.keys", keys, ui.u(2));
  if (wantedScale > ui.scale + 0.01f) {
    fromRight("UI " + fixed(static_cast<double>(ui.scale) * 100, 0) + " %, all that the window holds",
              ui.c.t1);
  }
  const auto evaluation = p.session.evaluation();
  const std::vector<std::string> ofLesson = lessonStatusWords(p);
  if (!ofLesson.empty()) {
    fromRight("Page Down next step", ui.c.t2);
  } else if (evaluation && rowsSumToOne(*evaluation->run)) {
    fromRight("rows sum to 1 (" + errorWords(evaluation->run->statistics->rowSumError) + ")", ui.c.t2);
  }

  float x = line.x0;
  const auto add = [&](const std::string& words, ImU32 colour) {
    if (words.empty() || x + textWidth(ui, Role::micro, words) > right) return false;
    x = text(ui, Role::micro, x, baseline, colour, words) + gap;
    return true;
  };
  if (!ofLesson.empty()) {
    if (lessonStepDone(p)) {
      icon(ui, Icon::check, x + ui.u(4), (line.y0 + line.y1) / 2, ui.c.t1);
      x += ui.u(14);
    }
    for (const std::string& words : ofLesson) {
      if (right - x > ui.u(60)) add(shortened(ui, Role::micro, words, right - x), ui.c.t1);
    }
    if (const std::string& notice = p.session.notice(); !notice.empty() && right - x > ui.u(60))
      add(shortened(ui, Role::micro, notice, right - x), ui.c.t2);
    return;
  }
  if (!evaluation) {
    add(p.session.busy() ? "computing" : "no numbers", ui.c.t2);
    return;
  }
  const Run& run = *evaluation->run;
  if (p.session.busy() && p.session.busySeconds() > 0.1) {
    const std::string what = p.session.preliminary() ? "statistics " : "computing ";
    add(what + fixed(p.session.progress() * 100, 0) + " %", ui.c.t1);
  } else {
    icon(ui, Icon::check, x + ui.u(4), (line.y0 + line.y1) / 2, ui.c.t1);
    x += ui.u(14);
    add(timeWords(run.seconds), ui.c.t1);
  }
  if (run.mask && run.mask->emptyRows(0) > 0) {
    const std::int64_t count = run.mask->emptyRows(0);
    icon(ui, Icon::warning, x + ui.u(6), (line.y0 + line.y1) / 2, ui.c.warn);
    x += ui.u(16);
    add(grouped(count) + (count == 1 ? " row without keys" : " rows without keys"), ui.c.t1);
  }
  if (const Error* error = p.session.evaluationError()) {
    icon(ui, Icon::warning, x + ui.u(6), (line.y0 + line.y1) / 2, ui.c.err);
    x += ui.u(16);
    const std::string words = shortened(ui, Role::micro, error->what, std::max(ui.u(40), right - x));
    add(words, ui.c.err);
  }
  if (const std::string hover = hoverWords(p); !hover.empty()) add(hover, ui.c.t1);
  const Sizes& s = run.sizes;
  add(std::to_string(s.heads) + (s.heads == 1 ? " head × " : " heads × ") + grouped(s.queries) + " × " +
          grouped(s.keys) + " = " + grouped(s.heads * s.queries * s.keys) + " cells",
      ui.c.t2);
  if (run.mask && !run.mask->keepsAll())
    add(grouped(s.heads * s.queries * s.keys - run.mask->keptCells()) + " masked", ui.c.t2);
  add("float32", ui.c.t2);
  if (const std::string& notice = p.session.notice(); !notice.empty()) {
    const float room = right - x;
    if (room > ui.u(60)) add(shortened(ui, Role::micro, notice, room), ui.c.t1);
  }
}

}  // namespace headlight
