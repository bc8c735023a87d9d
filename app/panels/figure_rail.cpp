#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/figure_pen.h"
#include "app/panels/figure_tab.h"
#include "app/panels/rail.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/experiment/source/source.h"
#include "core/figure/figure.h"
#include "core/figure/presets.h"

namespace headlight {
namespace {

std::string millimetres(double mm) {
  return shortest(std::round(mm * 10) / 10);
}

void layoutSection(FigurePen& pen, const Box& region) {
  FigureRoom& room = pen.room;
  pen.head("Page", region, true);
  std::vector<ImportOption> layouts;
  for (const FigureLayoutInfo& layout : figureLayouts())
    layouts.push_back({std::string(layout.id), std::string(layout.id), ""});
  if (const auto picked = pen.list("layout", "figure.layout", room.spec.layout, layouts, room.spec.layout))
    room.spec.layout = *picked;
  std::vector<ImportOption> presets{{"", "no preset", ""}};
  std::string shown = "no preset";
  for (const FigurePreset& preset : figurePresets()) {
    presets.push_back(
        {std::string(preset.id), std::string(preset.label), millimetres(preset.widthMm) + " mm"});
    if (preset.id == room.preset) shown = preset.label;
  }
  if (const auto picked = pen.list("", "figure.preset", shown, presets, room.preset))
    takePreset(pen.p, *picked);
  if (const FigurePreset* preset = figurePreset(room.preset)) {
    const std::string source(preset->source);
    const Box line = Box::at(pen.x, pen.y, pen.width, pen.ui.u(18));
    textIn(pen.ui, Role::micro, line, Align::left, pen.ui.c.t2, source.substr(0, source.find(':')));
    pen.ui.tip("figure.preset/source", line, ImGui::IsMouseHoveringRect(line.min(), line.max()), source);
    pen.y = line.y1 + pen.ui.u(2);
  }
  const std::string changes = presetChanges(room);
  if (changes.empty()) return;
  pen.note((room.preset.empty() ? "Set by hand: " : "Changed since: ") + changes, pen.ui.c.t1);
  const std::string_view back = room.preset.empty() ? "Set back" : "Back to the preset";
  if (button(pen.ui, "figure.preset/reset",
             Box::at(pen.x, pen.y + pen.ui.u(4), buttonWidth(pen.ui, back), pen.ui.u(26)), back))
    takePreset(pen.p, room.preset);
  pen.gap(34);
}

void sizeSection(FigurePen& pen, const Box& region) {
  FigureSpec& spec = pen.room.spec;
  const FigureSpec from = presetSpec(pen.room);
  pen.head("Size", region);
  pen.number("width, mm", "figure.width", spec.widthMm, 0, 2000, 1, 1, from.widthMm);
  if (spec.widthMm > 0 && spec.widthMm < 40) spec.widthMm = spec.widthMm < 20 ? 0 : 40;
  if (spec.widthMm == 0) pen.note("0: as wide as the layout asks for", pen.ui.c.t2);
  pen.number(spec.exactHeight ? "height, mm" : "height at most, mm", "figure.height", spec.heightMm, 0, 2000,
             1, 1, from.heightMm);
  pen.flag("exactly so high", "figure.exact", spec.exactHeight, spec.heightMm > 0, "it has no height yet");
  pen.number("dots per inch", "figure.dpi", spec.dpi, 36, 2400, 10, 1, from.dpi);
}

void typeSection(FigurePen& pen, const Box& region) {
  FigureSpec& spec = pen.room.spec;
  const FigureSpec from = presetSpec(pen.room);
  pen.head("Letters and ground", region);
  pen.number("size, pt", "figure.font_size", spec.fontPt, 3, 36, 0.5, 1, from.fontPt);
  pen.number("at least, pt", "figure.least_size", spec.leastFontPt, 3, 36, 0.5, 1, from.leastFontPt);
  constexpr std::string_view kFonts[] = {"sans", "serif"};
  if (const int pressed = pen.words("", "figure.font", kFonts, static_cast<int>(spec.font), kFonts);
      pressed >= 0)
    spec.font = static_cast<FigureFont>(pressed);
  constexpr std::string_view kGrounds[] = {"light", "dark", "transparent"};
  if (const int pressed = pen.words("", "figure.ground", kGrounds, static_cast<int>(spec.ground), kGrounds);
      pressed >= 0)
    spec.ground = static_cast<FigureGround>(pressed);
}

void besideRow(FigurePen& pen) {
  Ui& ui = pen.ui;
  textIn(ui, Role::body, Box::at(pen.x, pen.y, pen.width, ui.u(22)), Align::left, ui.c.t2,
         "numbers in files beside it");
  pen.gap(26);
  const auto all = sidecars();
  const float gap = ui.u(6);
  const auto count = static_cast<float>(all.size());
  const float each = std::floor((pen.width - gap * (count - 1)) / count);
  float x = pen.x;
  auto& chosen = pen.room.beside;
  for (const SidecarInfo& row : all) {
    const Box box = Box::at(x, pen.y, each, ui.u(26));
    const std::string id = "figure.beside." + std::string(row.word);
    const auto at = std::find(chosen.begin(), chosen.end(), row.kind);
    const bool on = at != chosen.end();
    const Press press = pressable(ui, id, box);
    fill(box, on || press.hovered ? ui.c.s3 : ui.c.s2, ui.u(4));
    frame(box, on ? ui.c.edge : ui.c.line, ui.u(1), ui.u(4));
    textIn(ui, on ? Role::strong : Role::body, box.inset(ui.u(2), 0), Align::centre, on ? ui.c.t1 : ui.c.t2,
           row.word);
    focusRing(ui, id, box, ui.u(4));
    if (press.pressed) {
      if (on) {
        chosen.erase(at);
      } else {
        chosen.push_back(row.kind);
      }
    }
    x += each + gap;
  }
  pen.gap(32);
}

void fileSection(FigurePen& pen, const Box& region) {
  FigureSpec& spec = pen.room.spec;
  pen.head("File", region);
  constexpr std::string_view kFormats[] = {"PNG", "SVG", "PDF"};
  constexpr std::string_view kEndings[] = {"png", "svg", "pdf"};
  if (const int pressed = pen.words("", "figure.format", kFormats, static_cast<int>(spec.format), kEndings);
      pressed >= 0)
    spec.format = static_cast<FigureFormat>(pressed);
  pen.flag("letters as outlines", "figure.outline", spec.outline, spec.format != FigureFormat::png,
           "a PNG has pixels alone");
  pen.flag("carries the experiment", "figure.embed", spec.embed, !spec.strip, "the file tells nothing");
  pen.flag("and its tensor files", "figure.embed_data", spec.embedData,
           spec.embed && !spec.strip && readsArrays(pen.p.session.experiment().source),
           "it reads no files, or carries no experiment");
  pen.flag("tells nothing of its origin", "figure.strip", spec.strip);
  pen.gap(4);
  besideRow(pen);
}

}  // namespace

void drawFigureRail(Panel& p) {
  if (p.layout.railFolded && !p.layout.railOver) {
    constexpr std::array<std::string_view, 4> kNames{"Page", "Size", "Letters", "File"};
    drawFoldedRail(p, kNames);
  } else {
    Ui& ui = p.ui;
    const Region region(ui, "figure rail", p.layout.rail, ui.c.s1, kOrderRail, true);
    FigurePen pen(p, p.layout.rail.x0 + ui.u(16), p.layout.rail.width() - ui.u(33), region.top());
    layoutSection(pen, p.layout.rail);
    sizeSection(pen, p.layout.rail);
    typeSection(pen, p.layout.rail);
    fileSection(pen, p.layout.rail);
    region.contentEnds(pen.y + ui.u(16));
  }
  vertical(p.layout.rail.x1 - p.ui.u(1), p.layout.rail.y0, p.layout.rail.y1, p.ui.c.line, p.ui.u(1));
}

}  // namespace headlight
