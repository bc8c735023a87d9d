#include "app/panels/stage.h"

#include <cmath>

#include "app/panels/gallery.h"
#include "app/panels/label_drag.h"
#include "app/panels/map_tools.h"
#include "app/panels/minimap.h"
#include "app/panels/pages.h"
#include "app/panels/rail.h"
#include "app/panels/stage_parts.h"
#include "app/panels/stage_views.h"
#include "app/panels/states.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/describe/formula.h"

namespace headlight {
namespace {

constexpr double kFade = 0.12;

class StagePanel {
 public:
  explicit StagePanel(Panel& p) : p_(p), ui_(p.ui) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const Region region(ui_, "stage", stage, ui_.c.s0, kOrderStage, false);
    scene_.evaluation = p_.session.evaluation();
    float banner = drawBanner(p_, stage);
    banner += drawMistake(p_, {stage.x0, stage.y0 + banner, stage.x1, stage.y1});
    if (!scene_.evaluation) return drawBusyBar(p_);
    const Stage stageNow = p_.session.view().stage;
    const auto field = shownField(p_, stageNow, shownHead(p_));
    split(banner);
    if (!field) {
      textIn(ui_, Role::body, scene_.content, Align::centre, ui_.c.t2,
             absence(*scene_.evaluation->run, stageNow));
    } else {
      scene_.field = *field;
      scene_.turned = p_.session.view().queryColumns && isMap(stageNow);
      scene_.rows = scene_.turned ? field->cols : field->rows;
      scene_.cols = scene_.turned ? field->rows : field->cols;
      scene_.rowAxis = scene_.turned ? info(stageNow).cols : info(stageNow).rows;
      scene_.colAxis = scene_.turned ? info(stageNow).rows : info(stageNow).cols;
      header(banner);
      scene_.columnTop = aboveMap();
      if (!drawStageView(p_, scene_, scene_.columnTop)) mapAndMargins();
    }
    if (!scene_.gallery.empty()) {
      if (busyBlockDue(p_)) {
        drawBusyBlock(p_, scene_.gallery);
      } else {
        drawGallery(p_, scene_.gallery);
      }
    }
    drawBusyBar(p_);
  }

 private:
  void mapAndMargins() {
    place();
    interact();
    map();
    drawAxes(p_, scene_);
    dragLabels(p_, scene_);
    drawMargins(p_, scene_);
    drawMinimap(p_, scene_);
    if (p_.state.received) drawReceived(p_, scene_, scene_.barTop - ui_.u(42));
    drawColourBar(p_, scene_);
  }

  void split(float banner) {
    Box box = p_.layout.stage;
    box.y0 += banner;
    const float pad = ui_.m(20, 28);
    scene_.content = {box.x0 + pad, box.y0, box.x1 - pad, box.y1};
    if (!p_.layout.galleryFolded) {
      const float width = ui_.m(189, 333);
      scene_.gallery = {box.x1 - ui_.m(16, 28) - width, box.y0, box.x1 - ui_.m(6, 16), box.y1};
      scene_.gallery.x1 = scene_.gallery.x0 + width;
      scene_.content.x1 = scene_.gallery.x0 - ui_.m(13, 36);
    }
  }

  void header(float banner) {
    const StageInfo& stage = info(scene_.field.stage);
    const Role role = ui_.large ? Role::titleLarge : Role::title;
    const float top = p_.layout.stage.y0 + banner;
    const float baseline = top + ui_.u(28);
    float right = scene_.content.x1;
    if (p_.layout.galleryFolded) {
      const float width = std::min(ui_.u(260), scene_.content.width() * 0.45f);
      right = drawHeadStepper(p_, {right - width, top + ui_.u(10), right, top + ui_.u(36)}) - ui_.u(12);
    }
    if (const float width = viewSwitchWidth(p_, scene_.field.stage); width > 0 && switchInHeader()) {
      drawViewSwitch(p_, scene_.field.stage, {right - width, top + ui_.u(10), right, top + ui_.u(36)});
      right -= width + ui_.u(12);
    }
    float x = text(ui_, role, scene_.content.x0, baseline, ui_.c.t1,
                   shortened(ui_, role, stage.title, right - scene_.content.x0));
    // The origin in full or as far as its colon; the formula, which the strip shows too, gives way to it.
    const float gap = ui_.u(14);
    const std::string formula = stageFormula(*scene_.evaluation, scene_.field.stage);
    const float formulaTakes = formula.empty() ? 0 : gap + mathWidth(ui_, Role::body, formula);
    const std::string& whole = scene_.evaluation->prepared->origin.chip;
    const std::string brief = whole.substr(0, whole.find(':'));
    const float room = right - x;
    const bool fits = formulaTakes + originTakes(brief) <= room;
    const bool alone = formulaTakes <= room && originTakes(brief) > room;
    if (!formula.empty() && (fits || alone)) x = math(ui_, Role::body, x + gap, baseline, ui_.c.t2, formula);
    if (alone) return;
    for (const std::string& words : {whole, brief}) {
      if (words.empty() || x + originTakes(words) > right) continue;
      originChip(x + gap, baseline, words);
      break;
    }
  }

  /// The ways to look at the map stand beside the title where that leaves room for the origin.
  bool switchInHeader() const {
    if (ui_.large || p_.layout.galleryFolded) return ui_.large;
    const Origin& origin = scene_.evaluation->prepared->origin;
    const float title = textWidth(ui_, Role::title, info(scene_.field.stage).title);
    // What was learned says by whom.
    const std::string words = origin.untrained ? origin.chip.substr(0, origin.chip.find(':')) : origin.chip;
    return title + originTakes(words) + ui_.u(12) + viewSwitchWidth(p_, scene_.field.stage) <=
           scene_.content.width();
  }

  float originTakes(const std::string& words) const {
    return words.empty() ? 0 : ui_.u(14) + textWidth(ui_, Role::micro, words) + ui_.u(16);
  }

  void originChip(float x, float baseline, const std::string& words) {
    const float middle = baseline - ui_.fonts->face(Role::title).capital / 2;
    const Box box =
        Box::at(x, std::round(middle - ui_.u(10)), textWidth(ui_, Role::micro, words) + ui_.u(16), ui_.u(20));
    fill(box, ui_.c.s2, ui_.u(4));
    frame(box, ui_.c.line, ui_.u(1), ui_.u(4));
    textIn(ui_, Role::micro, box.inset(ui_.u(8), 0), Align::left, ui_.c.t2, words);
    const std::string& whole = scene_.evaluation->prepared->origin.chip;
    if (words != whole) ui_.tip("origin", box, ImGui::IsMouseHoveringRect(box.min(), box.max()), whole);
  }

  bool hasParts() const {
    const Stage stage = scene_.field.stage;
    return (stage == Stage::output || stage == Stage::contribution) &&
           scene_.evaluation->run->has(Stage::contribution);
  }

  /// Whether something stands between the title and the column labels. A map that may be pooled keeps the
  /// place for its badge at every zoom.
  bool hasSecondLine() const {
    const bool pools = static_cast<float>(scene_.rows) > 0.4f * scene_.content.height() ||
                       static_cast<float>(scene_.cols) > 0.4f * scene_.content.width();
    const bool switches = !switchInHeader() && viewSwitchWidth(p_, scene_.field.stage) > 0;
    return hasParts() || pools || switches || (p_.layout.galleryFolded && busyBlockDue(p_));
  }

  /// The badge of a pooled map, or what belongs to the stage alone.
  void secondLine(float top) {
    Box line{scene_.content.x0, top, scene_.content.x1, top + ui_.u(20)};
    float x = line.x0;
    if (const float width = viewSwitchWidth(p_, scene_.field.stage); width > 0 && !switchInHeader()) {
      drawViewSwitch(p_, scene_.field.stage, {line.x1 - width, top - ui_.u(3), line.x1, top + ui_.u(23)});
      line.x1 -= width + ui_.u(12);
    }
    if (hasParts()) {
      contributionSwitch(x, line);
    } else if (p_.state.map.level() > 0 && stageView(p_, scene_.field.stage) == StageView::map) {
      badge(x, line);
    } else if (p_.layout.galleryFolded && busyBlockDue(p_)) {
      const std::string busy = "computing, " + fixed(p_.session.progress() * 100, 0) + " %";
      const float width = ui_.u(90);
      if (x + textWidth(ui_, Role::micro, busy) + width < line.x1) {
        x = text(ui_, Role::micro, x, centredBaseline(ui_, Role::micro, line.y0, line.y1), ui_.c.t1, busy) +
            ui_.u(8);
        if (button(ui_, "work/cancel", Box::at(x, line.y0 - ui_.u(2), width, ui_.u(24)), "Cancel", "Esc"))
          p_.session.cancelWork();
      }
    }
  }

  void contributionSwitch(float x, const Box& line) {
    constexpr std::string_view kWords[] = {"all heads", "this head's part"};
    constexpr std::string_view kIds[] = {"output", "contribution"};
    const float width = ui_.u(190);
    if (x + width > line.x1) x = line.x1 - width;
    const int chosen = scene_.field.stage == Stage::output ? 0 : 1;
    const int pressed =
        segmented(ui_, "view.stage", Box::at(x, line.y0 - ui_.u(3), width, ui_.u(26)), kWords, chosen, kIds);
    if (pressed >= 0) p_.session.selectStage(pressed == 0 ? Stage::output : Stage::contribution);
  }

  void badge(float x, const Box& line) {
    const std::int64_t share = std::int64_t{1} << p_.state.map.level();
    const std::string side = grouped(share);
    const bool isSigned = info(scene_.field.stage).isSigned;
    const std::string what = p_.state.poolMean ? "mean" : isSigned ? "extreme" : "max";
    const std::string words = "each pixel = " + what + " of " + side + " × " + side + " cells";
    const float width = ui_.u(110);
    if (x + textWidth(ui_, Role::micro, words) + width > line.x1) x = line.x0;
    const float end =
        text(ui_, Role::micro, x, centredBaseline(ui_, Role::micro, line.y0, line.y1), ui_.c.t1, words);
    constexpr std::string_view kIds[] = {"max", "mean"};
    const std::string_view shown[] = {isSigned ? "extreme" : "max", "mean"};
    const int pressed = segmented(ui_, "pool", Box::at(end + ui_.u(8), line.y0 - ui_.u(2), width, ui_.u(24)),
                                  shown, p_.state.poolMean ? 1 : 0, kIds);
    if (pressed >= 0) p_.state.poolMean = pressed == 1;
  }

  bool hasEmptyRows() const {
    const auto& plan = scene_.evaluation->run->mask.value;
    return plan && plan->emptyRows(std::max(scene_.field.head, 0)) > 0 && isMap(scene_.field.stage) &&
           scene_.field.stage >= Stage::masked;
  }

  /// What stands between the title and the map. Returns the y below.
  float aboveMap() {
    float y = scene_.content.y0 + ui_.u(42);
    if (hasSecondLine()) {
      secondLine(y);
      y += ui_.u(28);
    }
    if (hasEmptyRows()) {
      emptyRows(y);
      y += ui_.u(34);
    }
    return y + drawStageNotes(p_, scene_, y);
  }

  void place() {
    const float mapTop = scene_.columnTop + columnZone(p_, scene_);
    const float gutter = rowZone(p_, scene_);
    scene_.labelRight = scene_.content.x0 + gutter;
    scene_.marginWidth = marginsWidth(p_, scene_);
    const float below = ui_.u(16) + colourBarHeight(p_, scene_) + (p_.state.received ? ui_.u(34) : 0);
    Box usable{scene_.labelRight + ui_.u(14), mapTop, scene_.content.x1, scene_.content.y1 - below};
    Box beside = usable;
    beside.x1 -= scene_.marginWidth;
    stackMargins(usable, beside);
    // Levels halve the map: the numbers beside it are not worth half of it.
    if (MapView::fittingLevel(beside, scene_.rows, scene_.cols) >
        std::max(1, MapView::fittingLevel(usable, scene_.rows, scene_.cols))) {
      scene_.marginWidth = 0;
    }
    usable.x1 -= scene_.marginWidth;
    usable.x1 = std::max(usable.x1, usable.x0 + ui_.u(40));
    usable.y1 = std::max(usable.y1, usable.y0 + ui_.u(40));
    // Room for the small map above the margins, kept at every zoom, where it costs the large one nothing.
    Box lower = usable;
    lower.y0 = std::max(usable.y0, scene_.columnTop + minimapZone(p_));
    if (isMap(scene_.field.stage) && MapView::fittingZoom(lower, scene_.rows, scene_.cols) ==
                                         MapView::fittingZoom(usable, scene_.rows, scene_.cols)) {
      const auto longest = static_cast<float>(std::max(scene_.rows, scene_.cols));
      if (longest > 0.4f * scene_.content.height()) usable = lower;
    }
    const std::array<std::int64_t, 2> size{scene_.rows, scene_.cols};
    if (p_.state.mapSize != size) {
      p_.state.mapSize = size;
      p_.state.map.fit();
    }
    const bool square = isMap(scene_.field.stage);
    const auto request = p_.session.takeViewRequest();
    if (request == ViewRequest::fit) p_.state.map.fit();
    p_.state.map.place(usable, scene_.rows, scene_.cols, static_cast<int>(ui_.u(64)),
                       square ? 0 : static_cast<int>(ui_.u(30)), minimapAside(p_, scene_.marginWidth));
    if (request) zoomAsked(*request);
    const Box& box = p_.state.map.box();
    scene_.marginLeft = box.x1;
    scene_.barTop = box.y1 + ui_.u(16) + (p_.state.received ? ui_.u(34) : 0);
  }

  /// Σ stands above the effective keys where that leaves more to the cells and rows have room for both.
  void stackMargins(const Box& usable, Box& beside) {
    const float width = marginsWidth(p_, scene_, true);
    if (width <= 0) return;
    Box stacked = usable;
    stacked.x1 -= width;
    const int largest = static_cast<int>(ui_.u(64));
    const int zoom = std::min(MapView::fittingZoom(stacked, scene_.rows, scene_.cols), largest);
    if (static_cast<float>(zoom) < stackedRow(ui_) ||
        zoom <= std::min(MapView::fittingZoom(beside, scene_.rows, scene_.cols), largest)) {
      return;
    }
    scene_.marginStacked = true;
    scene_.marginWidth = width;
    beside = stacked;
  }

  void zoomAsked(ViewRequest request) {
    MapView& map = p_.state.map;
    const Box& box = map.box();
    switch (request) {
      case ViewRequest::fit:
        break;
      case ViewRequest::oneToOne:
        map.oneToOne();
        break;
      case ViewRequest::zoomIn:
        map.zoom(1, box.centreX(), box.centreY());
        break;
      case ViewRequest::zoomOut:
        map.zoom(-1, box.centreX(), box.centreY());
        break;
    }
  }

  void emptyRows(float top) {
    const auto& plan = scene_.evaluation->run->mask.value;
    const Box line{scene_.content.x0, top, scene_.content.x1, top + ui_.u(28)};
    const float width = ui_.u(172);
    const std::int64_t count = plan->emptyRows(std::max(scene_.field.head, 0));
    const std::string words = grouped(count) + " of " + grouped(plan->queries()) +
                              (count == 1 ? " rows has no keys" : " rows have no keys") +
                              "; left out of averages";
    icon(ui_, Icon::warning, line.x0 + ui_.u(8), line.centreY(), ui_.c.warn);
    textIn(ui_, Role::micro, {line.x0 + ui_.u(22), line.y0, line.x1 - width - ui_.u(10), line.y1},
           Align::left, ui_.c.t1, words);
    drawEmptyRowSwitch(p_, {line.x1 - width, line.y0, line.x1, line.y1}, "map/normalizer.empty_row");
  }

  void interact() {
    MapView& view = p_.state.map;
    const Box box = view.box();
    const Press press = pressable(ui_, "stage", box);
    if (press.hovered) compat::keepWheel();
    const ImGuiIO& io = ImGui::GetIO();
    p_.state.mouseInMap = press.hovered || press.held;
    const auto cellUnder = [&] {
      return scene_.fromShown({view.rowAt(io.MousePos.y), view.colAt(io.MousePos.x)});
    };
    const bool inside = press.hovered && box.contains(io.MousePos);
    const bool taken = useMapTool(p_, scene_, {press, inside, cellUnder()});
    const bool dragging = !taken && press.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.u(3));
    if (dragging) view.pan(io.MouseDelta.x, io.MouseDelta.y);
    if (press.hovered && io.MouseWheel != 0) {
      view.zoom(io.MouseWheel > 0 ? 1 : -1, io.MousePos.x, io.MousePos.y);
      ui_.stayAwake(0.05);
    }
    if (inside && !dragging) {
      p_.session.hover(cellUnder());
      hovering_ = true;
    } else if (p_.session.hovered() && !ui_.focus.is("stage")) {
      p_.session.hover(std::nullopt);
    } else if (!inside && p_.session.hovered()) {
      p_.session.hover(std::nullopt);
    }
    const bool clicked = press.pressed && inside &&
                         !ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.u(3)) &&
                         ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    const float travelled = io.MouseDragMaxDistanceSqr[0];
    if (!taken && clicked && travelled < ui_.u(3) * ui_.u(3)) {
      if (io.KeyCtrl) {
        p_.session.togglePin(cellUnder());
      } else {
        p_.session.pin(cellUnder());
      }
    } else if (!taken && press.pressed && !ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
               !p_.session.pinned()) {
      p_.session.pin(scene_.fromShown({view.firstRow(), view.firstCol()}));
    }
    if (!taken && press.secondary && p_.session.pinned()) p_.session.pin(std::nullopt);
    const auto inMap = [this](std::optional<Cell> cell) -> std::optional<Cell> {
      if (!cell || cell->row >= scene_.field.rows || cell->col >= scene_.field.cols) return std::nullopt;
      return scene_.toShown(*cell);
    };
    scene_.pinned = inMap(p_.session.pinned());
    scene_.hovered = inMap(p_.session.hovered());
    focusRing(ui_, "stage", box.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

  void map() {
    const MapView& view = p_.state.map;
    const auto image = mapImage(p_, scene_.field, view.geometry(scene_.turned), 1);
    if (drawFadingMap(p_, p_.state.fade, scene_.field, image, 1, kFade)) {
      drawCellNumbers(p_, scene_);
      drawEmptyRows(p_, scene_);
    } else {
      frame(view.box(), ui_.c.line, ui_.u(1));
    }
    drawCrosshair(p_, scene_);
    drawMapTool(p_, scene_);
  }

  Panel& p_;
  Ui& ui_;
  StageScene scene_;
  bool hovering_ = false;
};

}  // namespace

bool movePin(Panel& p, std::int64_t rows, std::int64_t cols) {
  const auto pinned = p.session.pinned();
  if (!pinned) return false;
  const auto field = shownField(p, p.session.view().stage, shownHead(p));
  if (!field) return false;
  const bool turned = p.session.view().queryColumns && isMap(field->stage);
  if (turned) std::swap(rows, cols);
  Cell cell{std::clamp<std::int64_t>(pinned->row + rows, 0, field->rows - 1),
            std::clamp<std::int64_t>(pinned->col + cols, 0, field->cols - 1)};
  p.session.pin(cell);
  if (turned) {
    p.state.map.reveal(cell.col, cell.row);
  } else {
    p.state.map.reveal(cell.row, cell.col);
  }
  return true;
}

void drawStage(Panel& p) {
  if (drawStagePage(p, false)) return;
  StagePanel(p).draw();
}

}  // namespace headlight
