#include "app/panels/compare.h"

#include <algorithm>
#include <cmath>

#include "app/panels/compare_parts.h"
#include "app/panels/states.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::string_view kControls[] = {"stage", "compare/b", "compare/difference"};

class ComparePanel {
 public:
  explicit ComparePanel(Panel& p) : p_(p), ui_(p.ui) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const Region region(ui_, "stage", stage, ui_.c.s0, kOrderStage, false);
    scene_.compare = p_.session.compared();
    scene_.stage.evaluation = p_.session.evaluation();
    float top = drawBanner(p_, stage);
    top += drawMistake(p_, {stage.x0, stage.y0 + top, stage.x1, stage.y1});
    const float pad = ui_.m(20, 28);
    scene_.stage.content = {stage.x0 + pad, stage.y0 + top, stage.x1 - pad, stage.y1};
    header();
    const Compare& compare = *scene_.compare;
    const auto field = shownField(p_, p_.session.view().stage, shownHead(p_));
    if (!compare.obstacle().empty()) {
      instead(compare.obstacle() + ".");
    } else if (!compare.difference() || !field) {
      instead("Computing the other map");
    } else {
      scene_.stage.field = *field;
      maps();
    }
    drawBusyBar(p_);
  }

 private:
  void header() {
    const Box& content = scene_.stage.content;
    const Role role = ui_.large ? Role::titleLarge : Role::title;
    const float baseline = content.y0 + ui_.u(28);
    const float leave = buttonWidth(ui_, "Leave", "Esc");
    const Box button_{content.x1 - leave, content.y0 + ui_.u(9), content.x1, content.y0 + ui_.u(37)};
    if (button(ui_, "compare/leave", button_, "Leave", "Esc")) p_.session.leaveComparison();
    const float width = std::min(ui_.u(230), content.width() * 0.42f);
    const Box choice{button_.x0 - ui_.u(8) - width, button_.y0, button_.x0 - ui_.u(8), button_.y1};
    const float right = drawCompareChoice(p_, choice) - ui_.u(10);
    const std::string_view with = "compared with";
    const float withWidth = textWidth(ui_, Role::body, with);
    const StageInfo& stage = info(p_.session.view().stage);
    const float titleWidth = textWidth(ui_, role, stage.title);
    const bool fits = titleWidth + ui_.u(14) + withWidth <= right - content.x0;
    const float room = right - content.x0 - (fits ? withWidth + ui_.u(14) : 0);
    text(ui_, role, content.x0, baseline, ui_.c.t1, shortened(ui_, role, stage.title, room));
    if (fits) text(ui_, Role::body, right - withWidth, baseline, ui_.c.t2, with);
  }

  /// Where there are no maps: why.
  void instead(const std::string& words) {
    Box box = scene_.stage.content;
    box.y0 += ui_.u(60);
    const float width = std::min(box.width(), ui_.u(460));
    const float x = std::round(box.centreX() - width / 2);
    std::string sentence = words;
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
      sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    const float y = box.y0 + std::round(box.height() * 0.3f);
    const float end = paragraph(ui_, Role::body, x, y, width, ui_.u(20), ui_.c.t1, sentence);
    if (!scene_.compare->obstacle().empty()) {
      paragraph(ui_, Role::micro, x, end + ui_.u(4), width, ui_.u(16), ui_.c.t2,
                "Choose something else to compare with, above, or leave with Esc.");
    }
  }

  void maps() {
    StageScene& s = scene_.stage;
    const Stage stage = s.field.stage;
    s.turned = p_.session.view().queryColumns && isMap(stage);
    s.rows = s.turned ? s.field.cols : s.field.rows;
    s.cols = s.turned ? s.field.rows : s.field.cols;
    s.rowAxis = s.turned ? info(stage).cols : info(stage).rows;
    s.colAxis = s.turned ? info(stage).rows : info(stage).cols;
    scene_.range = scene_.compare->range(p_.session.view());
    scene_.differenceRange = scene_.compare->differenceRange();
    placeCompare(p_, scene_);
    interact();
    scene_.flipped = ImGui::GetIO().KeyShift && !compat::typing() && ui_.layer == 0;
    for (int place = kMapA; place <= kMapDifference; ++place) {
      drawComparedMap(p_, scene_, place);
      title(place);
    }
    drawCompareBars(p_, scene_);
    drawLargest(p_, scene_);
    badge();
  }

  void interact() {
    MapView& view = p_.state.map;
    const ImGuiIO& io = ImGui::GetIO();
    std::optional<Cell> under;
    bool dragging = false;
    for (int which = kMapA; which <= kMapDifference; ++which) {
      const ViewAt at(view, scene_.dx(which), scene_.dy(which));
      const Box box = view.box();
      const Press press = pressable(ui_, kControls[which], box);
      if (press.hovered) compat::keepWheel();
      p_.state.mouseInMap = p_.state.mouseInMap || press.hovered || press.held;
      const bool inside = press.hovered && box.contains(io.MousePos);
      const auto cell = [&] {
        return scene_.stage.fromShown({view.rowAt(io.MousePos.y), view.colAt(io.MousePos.x)});
      };
      if (press.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.u(3))) {
        view.pan(io.MouseDelta.x, io.MouseDelta.y);
        dragging = true;
      }
      if (press.hovered && io.MouseWheel != 0) {
        view.zoom(io.MouseWheel > 0 ? 1 : -1, io.MousePos.x, io.MousePos.y);
        ui_.stayAwake(0.05);
      }
      if (inside && !dragging) under = cell();
      const bool released = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
      const bool still = io.MouseDragMaxDistanceSqr[0] < ui_.u(3) * ui_.u(3);
      if (press.pressed && released && inside && still) {
        if (io.KeyCtrl) {
          p_.session.togglePin(cell());
        } else {
          p_.session.pin(cell());
        }
      } else if (press.pressed && !released && !p_.session.pinned()) {
        p_.session.pin(scene_.stage.fromShown({view.firstRow(), view.firstCol()}));
      }
      if (press.secondary && p_.session.pinned()) p_.session.pin(std::nullopt);
      focusRing(ui_, kControls[which], box.inset(-ui_.u(2), -ui_.u(2)), 0);
    }
    if (under || p_.session.hovered()) p_.session.hover(under);
    const auto inMap = [this](std::optional<Cell> cell) -> std::optional<Cell> {
      const ShownField& field = scene_.stage.field;
      if (!cell || cell->row >= field.rows || cell->col >= field.cols) return std::nullopt;
      return scene_.stage.toShown(*cell);
    };
    scene_.stage.pinned = inMap(p_.session.pinned());
    scene_.stage.hovered = inMap(p_.session.hovered());
  }

  void title(int place) {
    const int which = scene_.shownAt(place);
    const float x = p_.state.map.box().x0 + scene_.dx(place);
    const float drop = scene_.dy(place);
    const float baseline = drop > 0 ? p_.state.map.box().y0 + drop - ui_.u(14) : scene_.titleTop + ui_.u(17);
    const float width = std::min(scene_.pitch - ui_.u(8), scene_.stage.content.x1 - x);
    if (which == kMapDifference) {
      const std::string words = scene_.computing || p_.session.busy() ? "A − B, computing" : "A − B";
      text(ui_, Role::strong, x, baseline, ui_.c.t1, shortened(ui_, Role::strong, words, width));
      return;
    }
    compareName(p_, *scene_.compare, which, x, baseline, width, Role::strong);
  }

  /// Of pooled maps: what a pixel stands for.
  void badge() {
    if (p_.state.map.level() == 0 || !scene_.pools()) return;
    const float top = scene_.stage.content.y0 + ui_.u(44);
    const Box line{scene_.stage.content.x0, top, scene_.stage.content.x1, top + ui_.u(20)};
    const std::string side = grouped(std::int64_t{1} << p_.state.map.level());
    const bool isSigned = info(scene_.stage.field.stage).isSigned;
    const std::string what = p_.state.poolMean ? "mean" : isSigned ? "extreme" : "max";
    std::string words = "each pixel = " + what + " of " + side + " × " + side + " cells";
    const bool sampled = scene_.compare->difference()->tileIsSampled(p_.state.map.level());
    if (!p_.state.poolMean) words += sampled ? "; A − B of some rows" : "; of A − B the one farthest from 0";
    const float width = ui_.u(110);
    words = shortened(ui_, Role::micro, words, line.width() - width - ui_.u(12));
    const float end =
        text(ui_, Role::micro, line.x0, centredBaseline(ui_, Role::micro, line.y0, line.y1), ui_.c.t1, words);
    constexpr std::string_view kIds[] = {"max", "mean"};
    const std::string_view shown[] = {isSigned ? "extreme" : "max", "mean"};
    const int pressed = segmented(ui_, "pool", Box::at(end + ui_.u(8), line.y0 - ui_.u(2), width, ui_.u(24)),
                                  shown, p_.state.poolMean ? 1 : 0, kIds);
    if (pressed >= 0) p_.state.poolMean = pressed == 1;
  }

  Panel& p_;
  Ui& ui_;
  CompareScene scene_;
};

}  // namespace

bool compareWanted(const Panel& p) {
  return p.session.comparison().has_value() && p.session.evaluation() != nullptr;
}

void drawCompare(Panel& p) {
  ComparePanel(p).draw();
}

float compareName(Panel& p, const Compare& compare, int which, float x, float baseline, float width,
                  Role role) {
  Ui& ui = p.ui;
  const ComparedMap& map = compare.map(which);
  const float side = ui.u(18);
  const float capital = ui.fonts->face(role).capital;
  const Box letter = Box::at(x, std::round(baseline - capital / 2 - side / 2), side, side);
  fill(letter, ui.c.s3, ui.u(3));
  textIn(ui, Role::microStrong, letter, Align::centre, ui.c.t1, which == kMapA ? "A" : "B");
  float at = letter.x1 + ui.u(7);
  const float right = x + width;
  if (!map.markup.empty() && at + mathWidth(ui, role, map.markup) <= right) {
    at = math(ui, role, at, baseline, ui.c.t1, map.markup);
    if (!map.words.empty()) at += ui.u(5);
  }
  const std::string words = shortened(ui, role, map.words, std::max(0.0f, right - at));
  return words.empty() ? at : text(ui, role, at, baseline, ui.c.t1, words);
}

int decimalsFor(float largest) {
  if (!(largest > 0) || !std::isfinite(largest)) return 3;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(largest))), 3, 6);
}

std::string signedText(double value, int decimals) {
  const std::string number = fixed(value, decimals);
  const bool isZero = number.find_first_of("123456789") == std::string::npos && std::isfinite(value);
  std::string words(value > 0 && !isZero ? "+" : "");
  words += number;
  return words;
}

std::optional<std::pair<float, CellClass>> comparedCell(Compare& compare, int which, Cell cell) {
  const std::int64_t r = cell.row / kTileSize;
  const std::int64_t c = cell.col / kTileSize;
  const auto tile = which == kMapDifference ? compare.differenceTile(0, r, c) : compare.tile(which, 0, r, c);
  if (!tile) return std::nullopt;
  const auto at = static_cast<std::size_t>((cell.row % kTileSize) * tile->cols + cell.col % kTileSize);
  if (at >= tile->extreme.size()) return std::nullopt;
  return std::pair(tile->extreme[at], static_cast<CellClass>(tile->classes[at]));
}

}  // namespace headlight
