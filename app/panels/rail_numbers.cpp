#include <cmath>

#include "app/panels/cell_edit_tool.h"
#include "app/panels/matrix_page.h"
#include "app/panels/parameter_control.h"
#include "app/panels/rail.h"
#include "app/panels/rail_pen.h"
#include "app/session/actions.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/experiment/position/position.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

/// Given q and k can be turned; there is no X to which anything could be added.
void positions(RailPen& pen) {
  const Kinded& now = pen.now().position;
  const SourceKind* source = sourceKind(pen.now().source.kind);
  std::vector<std::pair<std::string, std::string>> offered;
  for (const PositionKind* kind : positionKinds()) {
    if (kind->add && source && !source->projects) continue;
    offered.emplace_back(kind->spec.kind, kind->spec.label);
  }
  pen.labelled("positions", "position.kind", now.kind, offered);
  pen.kindKeys(positionFamily().find(now.kind), now, "position");
}

/// Which layer of the file the source names, or may name where it is not known how many there are: else the
/// input says which is looked at.
void layer(RailPen& pen) {
  const Kinded& source = pen.now().source;
  const KindSpec* kind = sourceFamily().find(source.kind);
  if (kind == nullptr || kind->key("layer") == nullptr) return;
  const Value* layout = source.find("layout");
  const Value* given = source.find("layer");
  const bool layered = layout != nullptr && layout->isString() && layout->string().starts_with('l');
  const auto evaluation = pen.p.session.evaluation();
  const bool known = evaluation && evaluation->prepared->layers > 0;
  if (given == nullptr && (known || !layered)) return;
  Ui& ui = pen.ui;
  const std::int64_t now = given != nullptr && given->isInteger() ? given->integer() : 0;
  const Box row = Box::at(pen.x, pen.y, pen.width, ui.u(28));
  const Box field{row.x1 - ui.u(102), row.y0, row.x1, row.y1};
  textIn(ui, Role::body, {row.x0, row.y0, field.x0 - ui.u(8), row.y1}, Align::left, ui.c.t2,
         "layer L" + std::to_string(now));
  constexpr std::int64_t kMostLayers = 1023;
  applyNumber(pen.p, "source.layer", stepper(ui, "source.layer", field, now, 0, kMostLayers), true, Value(0));
  pen.y = fieldErrorBelow(pen.p, "source.layer", pen.x, row.y1, pen.width) + ui.u(8);
  // A file that was opened tells how many it has by refusing one more.
  const Error* error = pen.p.session.evaluationError();
  if (error != nullptr && error->where.find("layer") != std::string::npos) {
    pen.y = paragraph(ui, Role::micro, pen.x, pen.y + ui.u(8), pen.width, ui.u(15), ui.c.err, error->what);
  }
}

void title(RailPen& pen) {
  Ui& ui = pen.ui;
  const Box row = Box::at(pen.x, pen.y, pen.width, ui.u(28));
  const Box name{row.x0, row.y0, row.x0 + ui.u(40), row.y1};
  textIn(ui, Role::body, name, Align::left, ui.c.t2, "title");
  pen.tip("title", name);
  std::string words = pen.now().title;
  const std::string before = words;
  const FieldEvent event = lineField(ui, "title", {name.x1 + ui.u(4), row.y0, row.x1, row.y1}, words, "none");
  if (event.changed && words != before) pen.p.session.change("title", Value(words), Phase::live);
  if (event.done) pen.p.session.commit();
  pen.y = row.y1 + ui.u(10);
}

}  // namespace

void drawNumbersSection(RailPen& pen) {
  Ui& ui = pen.ui;
  Panel& p = pen.p;
  pen.head("Numbers", "Numbers");
  const Experiment& e = pen.now();
  if (const auto evaluation = p.session.evaluation()) {
    const std::string chip = evaluation->prepared->origin.chip;
    pen.y = paragraph(ui, Role::body, pen.x, pen.y + ui.u(8), pen.width, ui.u(18), ui.c.t2, chip) - ui.u(2);
  }
  const KindSpec* kind = sourceFamily().find(e.source.kind);
  if (!pen.fromFile()) {
    pen.labelled("source", "source.kind", e.source.kind,
                 kindsOf(sourceFamily(), {"qkv", "maps", "mha", "model", "values"}, e.source.kind));
    positions(pen);
    if (kind != nullptr && kind->key("sharpness") != nullptr)
      pen.number("source.sharpness", "sharpness", valueOf(e.source, *kind, "sharpness").number());
    if (kind != nullptr && kind->key("seed") != nullptr) {
      pen.y = keyControl(p, "source.seed", *kind->key("seed"), valueOf(e.source, *kind, "seed"), pen.x, pen.y,
                         pen.width) +
              ui.u(12);
    }
  } else {
    layer(pen);
    if (!pen.givesMaps()) positions(pen);
  }
  const float half = std::round((pen.width - ui.u(8)) / 2);
  const bool seeded = !pen.fromFile();
  if (button(ui, "source.seed/resample", Box::at(pen.x, pen.y, half, ui.u(28)), "Resample", "",
             ButtonKind::plain, seeded, "the numbers come from a file")) {
    resample(p);
  }
  if (button(ui, "matrix/open", Box::at(pen.x + half + ui.u(8), pen.y, half, ui.u(28)), "Weights…", "",
             ButtonKind::plain, hasMatrices(p), "the source gives no weight matrices")) {
    openAnyMatrix(p);
  }
  pen.y += ui.u(36);
  pen.y = drawEditList(p, pen.x, pen.y, pen.width) - ui.u(8);
}

void drawDocumentSection(RailPen& pen) {
  Ui& ui = pen.ui;
  pen.head("Document", "Document");
  title(pen);
  if (button(ui, "document.open", Box::at(pen.x, pen.y, pen.width, ui.u(28)), "Open…"))
    action("document.open")->run(pen.p.session);
  pen.y += ui.u(28);
}

}  // namespace headlight
