#include "app/panels/matrix_page.h"

#include <array>
#include <cmath>

#include "app/panels/cell_edit_tool.h"
#include "app/panels/edited_tensor.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/experiment/edit_cells.h"

namespace headlight {
namespace {

/// Which matrix is open and where one is in it.
struct MatrixPage {
  std::string open;              ///< "w_q", empty: none
  Stage since = Stage::weights;  ///< the stage that was shown: another one closes the page
  double row = 0;                ///< first in sight, with its share
  double col = 0;
  Cell chosen;
  float bound = 0;  ///< ± of the colours
  std::uint64_t boundOf = 0;
};

struct Named {
  std::string_view id;
  std::string_view label;    ///< math markup
  std::string_view formula;  ///< math markup
  std::string_view bias;
};
constexpr std::array kMatrices{
    Named{"w_q", "W_Q", "Q = X W_Q + b_Q", "b_q"},
    Named{"w_k", "W_K", "K = X W_K + b_K", "b_k"},
    Named{"w_v", "W_V", "V = X W_V + b_V", "b_v"},
    Named{"w_o", "W_O", "Y = concat W_O + b_O", "b_o"},
};

const Named& named(std::string_view id) {
  for (const Named& one : kMatrices) {
    if (one.id == id) return one;
  }
  return kMatrices.front();
}

const Caused<Linear>& linearOf(const Run& run, std::string_view id) {
  const Inputs& inputs = run.inputs;
  return id == "w_q" ? inputs.wQ : id == "w_k" ? inputs.wK : id == "w_v" ? inputs.wV : inputs.wO;
}

/// The largest |number| of up to 2^16 of them, which is what the colours span.
float boundOf(const Matrix& matrix) {
  constexpr std::int64_t kLooked = 1 << 16;
  const std::int64_t step = std::max<std::int64_t>(1, matrix.rows() * matrix.cols() / kLooked);
  float bound = 0;
  for (std::int64_t n = 0; n < matrix.rows() * matrix.cols(); n += step) {
    const float x = std::fabs(matrix(n / matrix.cols(), n % matrix.cols()));
    if (std::isfinite(x)) bound = std::max(bound, x);
  }
  return bound > 0 ? bound : 1;
}

/// Where the heads begin along the columns of W_Q, W_K, W_V and the rows of W_O.
std::int64_t headWidth(const Sizes& sizes, std::string_view id) {
  return id == "w_q" || id == "w_k" ? sizes.dK : sizes.dV;
}

/// The grid of numbers and what is done with it.
class MatrixGrid {
 public:
  MatrixGrid(Panel& p, MatrixPage& page, const Linear& linear, const Box& box)
      : p_(p), ui_(p.ui), page_(page), linear_(linear), box_(box) {
    cellWidth_ = ui_.u(56);
    cellHeight_ = ui_.u(22);
    const std::string last = std::to_string(std::max<std::int64_t>(rows() - 1, 0));
    grid_ = {box.x0 + textWidth(ui_, Role::numMicro, last) + ui_.u(12), box.y0 + ui_.u(40), box.x1, box.y1};
    grid_.x1 = grid_.x0 + std::floor(grid_.width() / cellWidth_) * cellWidth_;
    grid_.y1 = grid_.y0 + std::floor(grid_.height() / cellHeight_) * cellHeight_;
    across_ = static_cast<std::int64_t>(std::max(1.0f, grid_.width() / cellWidth_));
    down_ = static_cast<std::int64_t>(std::max(1.0f, grid_.height() / cellHeight_));
    // What the matrix does not fill is no place to press.
    grid_.x1 = std::min(grid_.x1, grid_.x0 + static_cast<float>(cols()) * cellWidth_);
    grid_.y1 = std::min(grid_.y1, grid_.y0 + static_cast<float>(rows()) * cellHeight_);
  }

  void draw() {
    clamp();
    interact();
    clamp();
    numbers();
    labels();
    scrollMarks();
  }

 private:
  std::int64_t rows() const { return linear_.weight.rows(); }
  std::int64_t cols() const { return linear_.weight.cols(); }
  std::int64_t firstRow() const { return static_cast<std::int64_t>(page_.row); }
  std::int64_t firstCol() const { return static_cast<std::int64_t>(page_.col); }
  bool byRows() const { return page_.open == "w_o"; }

  void clamp() {
    const auto most = [](std::int64_t all, std::int64_t seen) {
      return static_cast<double>(std::max<std::int64_t>(0, all - seen));
    };
    page_.row = std::clamp(page_.row, 0.0, most(rows(), down_));
    page_.col = std::clamp(page_.col, 0.0, most(cols(), across_));
    page_.chosen.row = std::clamp<std::int64_t>(page_.chosen.row, 0, rows() - 1);
    page_.chosen.col = std::clamp<std::int64_t>(page_.chosen.col, 0, cols() - 1);
  }

  Box cell(std::int64_t row, std::int64_t col) const {
    return Box::at(grid_.x0 + static_cast<float>(col - firstCol()) * cellWidth_,
                   grid_.y0 + static_cast<float>(row - firstRow()) * cellHeight_, cellWidth_, cellHeight_);
  }

  void type(Cell at) {
    page_.chosen = at;
    openCell(p_, page_.open, {at.row, at.col}, cell(at.row, at.col));
  }

  void reveal() {
    const auto into = [](double& first, std::int64_t at, std::int64_t seen) {
      const auto place = static_cast<double>(at);
      first = std::clamp(first, place - static_cast<double>(seen) + 1, place);
    };
    into(page_.row, page_.chosen.row, down_);
    into(page_.col, page_.chosen.col, across_);
  }

  void interact() {
    const Press press = pressable(ui_, "matrix", grid_);
    const ImGuiIO& io = ImGui::GetIO();
    if (press.hovered) compat::keepWheel();
    if (press.hovered && io.MouseWheel != 0) {
      constexpr double kNotch = 3;
      (io.KeyShift ? page_.col : page_.row) -= kNotch * static_cast<double>(io.MouseWheel);
    }
    if (press.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.u(3))) {
      page_.row -= static_cast<double>(io.MouseDelta.y / cellHeight_);
      page_.col -= static_cast<double>(io.MouseDelta.x / cellWidth_);
    }
    const bool moved = io.MouseDragMaxDistanceSqr[0] >= ui_.u(3) * ui_.u(3);
    const bool released = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    if (press.pressed && released && !moved && grid_.contains(io.MousePos)) {
      type({firstRow() + static_cast<std::int64_t>((io.MousePos.y - grid_.y0) / cellHeight_),
            firstCol() + static_cast<std::int64_t>((io.MousePos.x - grid_.x0) / cellWidth_)});
    } else if (press.pressed && !released) {
      type(page_.chosen);
    }
    if (press.secondary && editedAt(page_.chosen)) {
      const std::vector<std::int64_t> at{page_.chosen.row, page_.chosen.col};
      auto next = withCell(p_.session.experiment(), page_.open, at, std::nullopt);
      if (next) {
        static_cast<void>(p_.session.apply(std::move(*next), "reset " + cellName(p_, page_.open, at)));
      }
    }
    if (!press.focused || compat::typing()) return;
    const Cell before = page_.chosen;
    if (ui_.take(kKeyRight)) ++page_.chosen.col;
    if (ui_.take(kKeyLeft)) --page_.chosen.col;
    if (ui_.take(kKeyDown)) ++page_.chosen.row;
    if (ui_.take(kKeyUp)) --page_.chosen.row;
    if (ui_.take(kKeyPageDown)) page_.chosen.row += down_;
    if (ui_.take(kKeyPageUp)) page_.chosen.row -= down_;
    if (ui_.take(kKeyHome)) page_.chosen.col = 0;
    if (ui_.take(kKeyEnd)) page_.chosen.col = cols() - 1;
    clamp();
    if (!(before == page_.chosen)) reveal();
  }

  bool editedAt(Cell at) const {
    return editedValue(p_.session.experiment(), page_.open, {at.row, at.col}).has_value();
  }

  void numbers() {
    const auto evaluation = p_.session.evaluation();
    const std::uint64_t key = linearOf(*evaluation->run, page_.open).key;
    if (page_.boundOf != key) {
      page_.boundOf = key;
      page_.bound = boundOf(linear_.weight);
    }
    Range range;
    range.low = -page_.bound;
    range.high = page_.bound;
    const MapLook look = makeLook(range, defaultColormap(true, isDark(ui_.theme)), ui_.theme, ui_.scale);
    canvas()->PushClipRect(grid_.min(), grid_.max(), true);
    for (std::int64_t i = firstRow(); i < std::min(rows(), firstRow() + down_); ++i) {
      for (std::int64_t j = firstCol(); j < std::min(cols(), firstCol() + across_); ++j) {
        const float value = linear_.weight(i, j);
        const Box box = cell(i, j);
        const Rgb ground = flatColour(look, value, CellClass::value);
        fill({box.x0, box.y0, box.x1 - 1, box.y1 - 1}, toColour(ground));
        const std::string words = fixed(static_cast<double>(value), 2);
        textIn(ui_, Role::num, {box.x0, box.y0, box.x1 - ui_.u(8), box.y1}, Align::right,
               toColour(textOn(ground)), words);
      }
    }
    canvas()->PopClipRect();
    for (const CellEdit& edit : evaluation->experiment.edits) {
      if (edit.stage != page_.open) continue;
      const Box box = cell(edit.at[0], edit.at[1]);
      if (!inSight(edit.at[0], edit.at[1])) continue;
      const float notch = ui_.u(6);
      canvas()->AddTriangleFilled({box.x1 - 1 - notch, box.y0}, {box.x1 - 1, box.y0},
                                  {box.x1 - 1, box.y0 + notch}, IM_COL32_WHITE);
    }
    separators();
    if (inSight(page_.chosen.row, page_.chosen.col)) {
      const Box box = cell(page_.chosen.row, page_.chosen.col);
      frame({box.x0 - 1, box.y0 - 1, box.x1, box.y1}, ui_.c.acc, ui_.u(2));
    }
    focusRing(ui_, "matrix", grid_.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

  bool inSight(std::int64_t row, std::int64_t col) const {
    return row >= firstRow() && row < firstRow() + down_ && col >= firstCol() && col < firstCol() + across_;
  }

  /// Between the heads.
  void separators() {
    const std::int64_t width = headWidth(p_.session.evaluation()->run->sizes, page_.open);
    if (width <= 0) return;
    const std::int64_t from = byRows() ? firstRow() : firstCol();
    const std::int64_t until = byRows() ? std::min(rows(), from + down_) : std::min(cols(), from + across_);
    for (std::int64_t at = (from / width + 1) * width; at < until; at += width) {
      const Box box = byRows() ? cell(at, firstCol()) : cell(firstRow(), at);
      if (byRows()) {
        horizontal(grid_.x0, grid_.x1, box.y0 - ui_.u(1), ui_.c.t1, ui_.u(2));
      } else {
        vertical(box.x0 - ui_.u(1), grid_.y0, grid_.y1, ui_.c.t1, ui_.u(2));
      }
    }
  }

  void labels() {
    for (std::int64_t i = firstRow(); i < std::min(rows(), firstRow() + down_); ++i) {
      const Box box = cell(i, firstCol());
      numText(ui_, grid_.x0 - ui_.u(8), centredBaseline(ui_, Role::numMicro, box.y0, box.y1),
              i == page_.chosen.row ? ui_.c.t1 : ui_.c.t2, std::to_string(i), Role::numMicro);
    }
    const std::int64_t width = headWidth(p_.session.evaluation()->run->sizes, page_.open);
    for (std::int64_t j = firstCol(); j < std::min(cols(), firstCol() + across_); ++j) {
      const Box box = cell(firstRow(), j);
      numText(ui_, box.x1 - ui_.u(8), grid_.y0 - ui_.u(8), j == page_.chosen.col ? ui_.c.t1 : ui_.c.t2,
              std::to_string(j), Role::numMicro);
      const bool begins = !byRows() && width > 0 && (j % width == 0 || j == firstCol());
      if (!begins) continue;
      const std::int64_t left = width - j % width;
      const float room = std::min(static_cast<float>(left) * cellWidth_, grid_.x1 - box.x0) - ui_.u(6);
      textIn(ui_, Role::micro, {box.x0, box_.y0, box.x0 + room, box_.y0 + ui_.u(16)}, Align::left, ui_.c.t2,
             headName(static_cast<int>(j / width)));
    }
    if (!byRows() || width <= 0) return;
    const std::int64_t head = firstRow() / width;
    textIn(ui_, Role::micro, {grid_.x0, box_.y0, grid_.x1, box_.y0 + ui_.u(16)}, Align::left, ui_.c.t2,
           "rows of " + headName(static_cast<int>(head)) + " first; a line lies between the heads");
  }

  /// Which part of the matrix is in sight, as bars beside it.
  void scrollMarks() const {
    const float thick = ui_.u(3);
    if (rows() > down_) {
      const float length = grid_.height() * static_cast<float>(down_) / static_cast<float>(rows());
      const float from =
          grid_.y0 + grid_.height() * static_cast<float>(page_.row) / static_cast<float>(rows());
      fill({grid_.x1 + ui_.u(4), from, grid_.x1 + ui_.u(4) + thick, from + std::max(length, ui_.u(8))},
           ui_.c.edge, thick / 2);
    }
    if (cols() > across_) {
      const float length = grid_.width() * static_cast<float>(across_) / static_cast<float>(cols());
      const float from =
          grid_.x0 + grid_.width() * static_cast<float>(page_.col) / static_cast<float>(cols());
      fill({from, grid_.y1 + ui_.u(4), from + std::max(length, ui_.u(8)), grid_.y1 + ui_.u(4) + thick},
           ui_.c.edge, thick / 2);
    }
  }

  Panel& p_;
  Ui& ui_;
  MatrixPage& page_;
  const Linear& linear_;
  Box box_;
  Box grid_;
  float cellWidth_ = 1;
  float cellHeight_ = 1;
  std::int64_t across_ = 1;
  std::int64_t down_ = 1;
};

/// The bias of the matrix as a line: each number opens the field.
void biasLine(Panel& p, const MatrixPage& page, const Named& matrix, const Box& line) {
  Ui& ui = p.ui;
  const auto shape = weightShape(p, matrix.bias);
  if (!shape) return;
  const std::string label = "b_" + std::string(matrix.label.substr(2));
  const float x =
      math(ui, Role::body, line.x0, centredBaseline(ui, Role::body, line.y0, line.y1), ui.c.t2, label) +
      ui.u(10);
  const float width = ui.u(56);
  const auto first = static_cast<std::int64_t>(page.col);
  for (std::int64_t j = first; j < shape->second; ++j) {
    const Box box =
        Box::at(x + static_cast<float>(j - first) * width, line.y0, width - ui.u(4), line.height());
    if (box.x1 > line.x1) break;
    const std::string id = "matrix.bias." + std::to_string(j - first);
    const Press press = pressable(ui, id, box);
    if (press.hovered) fill(box, ui.c.s3, ui.u(3));
    frame(box, ui.c.line, ui.u(1), ui.u(3));
    const bool edited = editedValue(p.session.experiment(), matrix.bias, {j}).has_value();
    numText(ui, box.x1 - ui.u(6), centredBaseline(ui, Role::num, box.y0, box.y1), edited ? ui.c.t1 : ui.c.t2,
            fixed(static_cast<double>(tensorValue(p, matrix.bias, {j}).value_or(0)), 2));
    focusRing(ui, id, box, ui.u(3));
    if (press.pressed) openCell(p, std::string(matrix.bias), {j}, box);
  }
}

}  // namespace

void openMatrix(Panel& p, std::string_view name) {
  auto& page = p.state.part<MatrixPage>();
  page = {};
  page.open = name;
  page.since = p.session.view().stage;
  p.ui.focus.set("matrix", false);
}

void openAnyMatrix(Panel& p) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return;
  for (const Named& one : kMatrices) {
    if (!linearOf(*evaluation->run, one.id)) continue;
    openMatrix(p, one.id);
    return;
  }
}

bool hasMatrices(const Panel& p) {
  const auto evaluation = p.session.evaluation();
  return evaluation && (evaluation->run->inputs.wQ || evaluation->run->inputs.wO);
}

bool matrixWanted(const Panel& p) {
  auto& page = p.state.part<MatrixPage>();
  if (page.open.empty()) return false;
  const auto evaluation = p.session.evaluation();
  // Another stage was chosen, or the source has no such matrix any more.
  if (p.session.view().stage != page.since || !evaluation || !linearOf(*evaluation->run, page.open))
    page.open.clear();
  return !page.open.empty();
}

void drawMatrix(Panel& p) {
  Ui& ui = p.ui;
  auto& page = p.state.part<MatrixPage>();
  const Box& stage = p.layout.stage;
  const Region region(ui, "matrix page", stage, ui.c.s0, kOrderStage, false);
  const auto evaluation = p.session.evaluation();
  const Named& matrix = named(page.open);
  const std::shared_ptr<const Linear> linear = linearOf(*evaluation->run, page.open).value;
  const float pad = ui.m(20, 28);
  const Box content{stage.x0 + pad, stage.y0, stage.x1 - pad, stage.y1 - ui.u(16)};
  const Role role = ui.large ? Role::titleLarge : Role::title;
  const float baseline = content.y0 + ui.u(28);
  const float closeWidth = buttonWidth(ui, "Back to the map", "Esc");
  const Box close = Box::at(content.x1 - closeWidth, content.y0 + ui.u(9), closeWidth, ui.u(28));
  float x = math(ui, role, content.x0, baseline, ui.c.t1, matrix.label) + ui.u(14);
  const std::string shape = grouped(linear->weight.rows()) + " × " + grouped(linear->weight.cols());
  x = text(ui, Role::num, x, baseline, ui.c.t2, shape) + ui.u(14);
  if (x + mathWidth(ui, Role::body, matrix.formula) < close.x0 - ui.u(10))
    math(ui, Role::body, x, baseline, ui.c.t2, matrix.formula);

  float y = content.y0 + ui.u(46);
  std::vector<std::string_view> names;
  std::vector<std::string_view> ids;
  int chosen = 0;
  for (const Named& one : kMatrices) {
    if (!linearOf(*evaluation->run, one.id)) continue;
    if (one.id == page.open) chosen = static_cast<int>(ids.size());
    names.push_back(one.id == "w_q"   ? "queries"
                    : one.id == "w_k" ? "keys"
                    : one.id == "w_v" ? "values"
                                      : "output");
    ids.push_back(one.id);
  }
  const float switchWidth = ui.u(68) * static_cast<float>(names.size());
  const int pressed =
      segmented(ui, "matrix.which", Box::at(content.x0, y, switchWidth, ui.u(28)), names, chosen, ids);
  const Box hint{content.x0 + switchWidth + ui.u(14), y, content.x1, y + ui.u(28)};
  std::string_view words = "Press a number to type another. Wheel and drag scroll, with Shift sideways.";
  if (textWidth(ui, Role::micro, words) > hint.width()) words = "Press a number to type another.";
  textIn(ui, Role::micro, hint, Align::left, ui.c.t2, words);
  y += ui.u(38);
  biasLine(p, page, matrix, {content.x0, y, content.x1, y + ui.u(24)});
  y += ui.u(32);
  MatrixGrid(p, page, *linear, {content.x0, y, content.x1 - ui.u(10), content.y1 - ui.u(8)}).draw();
  if (pressed >= 0) openMatrix(p, ids[static_cast<std::size_t>(pressed)]);
  const bool escape = ui.open.empty() && !p.layout.railOver && !compat::typing() && ui.take(kKeyEscape);
  if (button(ui, "matrix/close", close, "Back to the map", "Esc") || escape) page.open.clear();
}

}  // namespace headlight
