#include "app/panels/cell_edit_tool.h"

#include <cmath>

#include "app/panels/edited_tensor.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/edit_cells.h"

namespace headlight {
namespace {

/// The cell whose number is being typed.
struct CellField {
  std::string stage;
  std::vector<std::int64_t> at;
  Box beside;
  std::string text;
  std::string refused;
};

constexpr std::size_t kListed = 6;
constexpr const char* kPopup = "cell";

/// The cell of the shown stage as `edits` names it.
std::vector<std::int64_t> indicesOf(const Panel& p, Stage stage, Cell cell) {
  const auto evaluation = p.session.evaluation();
  const int head = std::max(p.session.view().head, 0);
  switch (stage) {
    case Stage::q:
      return {head, cell.row, cell.col};
    case Stage::k:
    case Stage::v:
      return {evaluation->run->sizes.kvHeadOf(head), cell.row, cell.col};
    default:
      return {cell.row, cell.col};
  }
}

Box boxOf(const Panel& p, const StageScene& s, Cell cell) {
  const MapView& map = p.state.map;
  const Cell shown = s.toShown(cell);
  return Box{map.x(shown.col), map.y(shown.row), map.x(shown.col + 1), map.y(shown.row + 1)}.clippedTo(
      map.box());
}

bool useCellEdit(Panel& p, const StageScene& s, const MapPointer& pointer) {
  if (!whyNotEdited(p, s.field.stage).empty()) return false;
  const bool byPointer = pointer.press.pressed && pointer.inside &&
                         ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
                         !ImGui::IsMouseDragging(ImGuiMouseButton_Left, p.ui.u(3)) &&
                         ImGui::GetIO().MouseDragMaxDistanceSqr[0] < p.ui.u(3) * p.ui.u(3);
  if (byPointer) {
    p.session.pin(pointer.cell);
    openPinnedCell(p, s, pointer.cell);
    return true;
  }
  const bool byKey = pointer.press.pressed && !ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  if (!byKey || !p.session.pinned()) return false;
  openPinnedCell(p, s, *p.session.pinned());
  return true;
}

std::string cellEditWords(const Panel&, const StageScene& s) {
  return "click a cell of " + std::string(info(s.field.stage).label) + " (or arrows, Enter), type its number";
}

std::string cellEditWarning(const Panel& p, const StageScene& s) {
  return whyNotEdited(p, s.field.stage);
}

void setCell(Panel& p, CellField& field, std::optional<double> value) {
  const auto before = tensorValue(p, field.stage, field.at);
  auto next = withCell(p.session.experiment(), field.stage, field.at, value);
  std::string name = cellName(p, field.stage, field.at);
  if (!value) {
    name = "reset " + name;
  } else if (before) {
    name += " " + fixed(static_cast<double>(*before), 3) + " → " + withTrueMinus(shortest(*value));
  }
  const Status done = next ? p.session.apply(std::move(*next), name) : next.error();
  if (done) {
    p.ui.closePopup();
  } else {
    field.refused = done.error().what;
  }
}

/// The name of a cell. Those of weights are math markup, the others may hold any token.
void drawName(Ui& ui, Role role, const Box& box, ImU32 colour, std::string_view stage,
              const std::string& name) {
  const bool isWeight = stage.size() == 3 && stage[1] == '_';
  if (isWeight && mathWidth(ui, role, name) <= box.width()) {
    math(ui, role, box.x0, centredBaseline(ui, role, box.y0, box.y1), colour, name);
  } else {
    textIn(ui, role, box, Align::left, colour, name);
  }
}

/// Takes one of the edits back.
void resetOne(Panel& p, const CellEdit& edit) {
  auto next = withCell(p.session.experiment(), edit.stage, edit.at, std::nullopt);
  if (next) static_cast<void>(p.session.apply(std::move(*next), "reset " + cellName(p, edit.stage, edit.at)));
}

}  // namespace

MapTool cellEditTool() {
  return {"edit", "Setting cells", useCellEdit, nullptr, cellEditWords, cellEditWarning};
}

void openCell(Panel& p, std::string stage, std::vector<std::int64_t> at, const Box& beside) {
  auto& field = p.state.part<CellField>();
  const auto value = tensorValue(p, stage, at);
  field = {std::move(stage), std::move(at), beside, value ? shortest(*value) : "", ""};
  p.ui.openPopup(kPopup);
}

void openPinnedCell(Panel& p, const StageScene& s, Cell cell) {
  openCell(p, std::string(editedStage(s.field.stage)), indicesOf(p, s.field.stage, cell), boxOf(p, s, cell));
}

bool openCellByDoubleClick(Panel& p, const StageScene& s, const MapPointer& pointer) {
  if (!pointer.inside || !ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) return false;
  if (!whyNotEdited(p, s.field.stage).empty()) return false;
  openPinnedCell(p, s, pointer.cell);
  return true;
}

void drawCellField(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs(kPopup)) return;
  auto& field = p.state.part<CellField>();
  const bool edited = editedValue(p.session.experiment(), field.stage, field.at).has_value();
  const float width = ui.u(264);
  const float pad = ui.u(14);
  const auto lines = wrapped(ui, Role::micro, width - 2 * pad, field.refused);
  const float below = field.refused.empty() ? 0 : ui.u(15) * static_cast<float>(lines.size()) + ui.u(6);
  const Popup popup(ui, kPopup,
                    Box::at(field.beside.x1 + ui.u(8), field.beside.y0 - ui.u(8), width, ui.u(118) + below));
  if (!popup) return;
  if (ui.take(kKeyEscape)) ui.closePopup();
  const ImVec2 at = ImGui::GetWindowPos();
  const float x = at.x + pad;
  float y = at.y + ui.u(26);
  drawName(ui, Role::strong, {x, y - ui.u(16), x + width - 2 * pad, y + ui.u(4)}, ui.c.t1, field.stage,
           cellName(p, field.stage, field.at));
  y += ui.u(10);
  const FieldEvent event =
      lineField(ui, "cell/field", Box::at(x, y, width - 2 * pad, ui.u(30)), field.text, "a number");
  if (event.changed) field.refused.clear();
  y += ui.u(34);
  if (!field.refused.empty()) {
    paragraph(ui, Role::micro, x, y + ui.u(11), width - 2 * pad, ui.u(15), ui.c.err, field.refused);
    y += below;
  }
  y += ui.u(6);
  const Box set = Box::at(x + width - 2 * pad - ui.u(84), y, ui.u(84), ui.u(28));
  const bool pressed = button(ui, "cell/set", set, "Set", "Enter", ButtonKind::primary);
  const bool reset = button(ui, "cell/reset", Box::at(x, y, ui.u(118), ui.u(28)), "Reset the cell", "",
                            ButtonKind::plain, edited, "it was not set by hand");
  if (reset) return setCell(p, field, std::nullopt);
  if (!pressed && !event.entered) return;
  const auto number = parseNumber(field.text);
  if (!number || !std::isfinite(*number)) {
    field.refused = "Found " + quoted(field.text) + ", accepted is a number";
    return;
  }
  setCell(p, field, *number);
}

void drawEditedCells(Panel& p, const StageScene& s) {
  const std::string_view stage = editedStage(s.field.stage);
  if (stage.empty() || !s.evaluation) return;
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float thin = std::max(1.0f, ui.u(1));
  for (const CellEdit& edit : s.evaluation->experiment.edits) {
    if (edit.stage != stage || edit.at.size() < 2) continue;
    const Cell cell{edit.at[edit.at.size() - 2], edit.at.back()};
    if (edit.at != indicesOf(p, s.field.stage, cell)) continue;
    const Box box = boxOf(p, s, cell);
    if (box.width() < 3 * thin || box.height() < 3 * thin) continue;
    // A notch at the corner and a frame, outside of what the number's colour tells.
    frame(box.inset(-thin, -thin), IM_COL32_BLACK, thin);
    frame(box, IM_COL32_WHITE, thin);
    if (map.cellPx() < static_cast<int>(ui.u(12))) continue;
    const float notch = ui.u(6);
    canvas()->AddTriangleFilled({box.x1 - notch, box.y0}, {box.x1, box.y0}, {box.x1, box.y0 + notch},
                                IM_COL32_WHITE);
  }
}

void resetEdits(Panel& p) {
  const std::size_t count = p.session.experiment().edits.size();
  Experiment next = p.session.experiment();
  next.edits.clear();
  static_cast<void>(p.session.apply(
      std::move(next),
      "reset " + countText(static_cast<std::int64_t>(count), "cell", "cells") + " set by hand"));
}

float drawEditList(Panel& p, float x, float y, float width) {
  const std::vector<CellEdit> edits = p.session.experiment().edits;
  if (edits.empty()) return y;
  Ui& ui = p.ui;
  const auto count = static_cast<std::int64_t>(edits.size());
  const Box line = Box::at(x, y, width, ui.u(24));
  const float resetWidth = buttonWidth(ui, "Reset");
  textIn(ui, Role::body, {line.x0, line.y0, line.x1 - resetWidth - ui.u(8), line.y1}, Align::left, ui.c.t1,
         countText(count, "cell", "cells") + " set by hand");
  if (button(ui, "edits/reset", {line.x1 - resetWidth, line.y0, line.x1, line.y1}, "Reset")) resetEdits(p);
  y = line.y1 + ui.u(2);
  // The newest first; the others are reset from their own maps.
  const std::size_t shown = std::min(edits.size(), kListed);
  for (std::size_t i = 0; i < shown; ++i) {
    const CellEdit& edit = edits[edits.size() - 1 - i];
    const std::string id = "edits." + std::to_string(edits.size() - 1 - i);
    const Box row = Box::at(x, y, width, ui.u(24));
    const Box cross = Box::at(row.x1 - ui.u(24), row.y0, ui.u(24), ui.u(24));
    const std::string value = withTrueMinus(shortest(edit.value));
    const float valueX = cross.x0 - ui.u(6);
    const float valueWidth = textWidth(ui, Role::num, value);
    drawName(ui, Role::micro, {row.x0, row.y0, valueX - valueWidth - ui.u(10), row.y1}, ui.c.t2, edit.stage,
             cellName(p, edit.stage, edit.at));
    numText(ui, valueX, centredBaseline(ui, Role::num, row.y0, row.y1), ui.c.t1, value);
    if (iconButton(ui, id + "/remove", cross, Icon::cross, "Reset this cell")) resetOne(p, edit);
    y = row.y1;
  }
  if (edits.size() > shown) {
    text(ui, Role::micro, x, y + ui.u(14), ui.c.t2,
         "and " + grouped(count - static_cast<std::int64_t>(shown)) + " more");
    y += ui.u(20);
  }
  return y + ui.u(6);
}

}  // namespace headlight
