#include "app/panels/patch_view.h"

#include <algorithm>
#include <cmath>

#include "app/panels/inspector.h"
#include "app/panels/row_parts.h"
#include "app/panels/tabs.h"
#include "app/session/patch_desk.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/analysis/row_values.h"
#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/image_document.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLookSlot = 53;
constexpr std::uint64_t kImages = std::uint64_t{0x70617463} << 32;  // keys of the renderer's pictures
/// How much of the image the numbers cover.
constexpr int kCover = 150;

struct PatchViewState {
  bool alone = false;     ///< without the numbers over it
  bool mapScale = false;  ///< colours span what the map's do, else the row's own numbers
  std::shared_ptr<const RowValues> row;
  std::uint64_t field = 0;
};

class PatchView {
 public:
  PatchView(Panel& p, StageScene& scene, const Box& box, const PatchKeys& patches)
      : p_(p), ui_(p.ui), scene_(scene), box_(box), patches_(patches) {}

  void draw() {
    const std::int64_t row = shownRow(p_, scene_.field);
    PatchViewState& state = p_.state.part<PatchViewState>();
    if (auto ready = p_.session.row(scene_.field.stage, scene_.field.head, row))
      state = {state.alone, state.mapScale, std::move(ready), scene_.field.key};
    const bool fits = state.row && state.field == scene_.field.key && state.row->row == row;
    row_ = fits ? state.row.get() : nullptr;
    query_ = row;
    range_ = p_.session.range(scene_.field.stage, scene_.field.head);
    if (range_ && row_ && !state.mapScale) range_ = rowRange(*row_, info(scene_.field.stage).isSigned);
    look_ = range_ ? shownLook(p_, scene_.field.stage, scene_.field.head, kLookSlot, range_) : nullptr;
    const float bottom = box_.y1 - ui_.u(34);
    const float top = box_.y0 + ui_.u(64);
    const Box room{box_.x0, top, box_.x1, std::max(bottom, top + ui_.u(40))};
    image_ = p_.session.patchDesk().show(*patches_.spec, scene_.evaluation->prepared->folder,
                                         static_cast<int>(room.width()), static_cast<int>(room.height()),
                                         static_cast<std::uint64_t>(p_.session.documentNumber()));
    place(room);
    heading();
    secondLine();
    picture();
    if (row_ && range_ && look_ && !state.alone) scale(at_.y1 + ui_.u(12));
  }

 private:
  /// Where the picture stands: as large as fits, at the left.
  void place(const Box& room) {
    if (!image_) {
      at_ = room;
      return;
    }
    const float factor = std::min(room.width() / static_cast<float>(image_->width),
                                  room.height() / static_cast<float>(image_->height));
    at_ = Box::at(room.x0, room.y0, std::floor(static_cast<float>(image_->width) * factor),
                  std::floor(static_cast<float>(image_->height) * factor));
  }

  Box patchBox(std::int64_t patch) const {
    const std::int64_t line = patch / patches_.columns;
    const auto row = static_cast<float>(line);
    const auto column = static_cast<float>(patch % patches_.columns);
    const float wide = at_.width() / static_cast<float>(patches_.columns);
    const float high = at_.height() / static_cast<float>(patches_.rows);
    return {std::round(at_.x0 + wide * column), std::round(at_.y0 + high * row),
            std::round(at_.x0 + wide * (column + 1)), std::round(at_.y0 + high * (row + 1))};
  }

  std::string valueWords(std::int64_t key) const {
    const RowValues::Level& cells = row_->cells();
    if (cells.isMasked(static_cast<std::size_t>(key)))
      return scene_.field.stage == Stage::masked ? "−∞" : "masked";
    return fixed(static_cast<double>(cells.values[static_cast<std::size_t>(key)]), rowDecimals(*row_));
  }

  /// Which query it is and what its row adds up to.
  void heading() {
    const float height = ui_.u(26);
    float x = box_.x0;
    x = drawRowStep(p_, scene_.field, query_, -1, x, box_.y0, "The query before");
    x = tokenChip(ui_, x + ui_.u(4), box_.y0 + ui_.u(1), ui_.c.q, "Q", queryLabel(p_, query_),
                  std::to_string(query_), ui_.u(150)) +
        ui_.u(4);
    x = drawRowStep(p_, scene_.field, query_, 1, x, box_.y0, "The query after");
    if (row_) {
      textIn(ui_, Role::body, {x + ui_.u(10), box_.y0, box_.x1, box_.y0 + height}, Align::right, ui_.c.t1,
             rowSumWords(scene_, *row_));
    }
  }

  void secondLine() {
    constexpr std::string_view kWords[] = {"numbers over it", "picture"};
    constexpr std::string_view kIds[] = {"over", "alone"};
    PatchViewState& state = p_.state.part<PatchViewState>();
    const float top = box_.y0 + ui_.u(33);
    const float width = std::min(ui_.u(180), box_.width());
    const int pressed = segmented(ui_, "patch.over", Box::at(box_.x1 - width, top, width, ui_.u(24)), kWords,
                                  state.alone ? 1 : 0, kIds);
    if (pressed >= 0) state.alone = pressed == 1;
    std::string words = grouped(patches_.columns) + " × " + grouped(patches_.rows) + " patches";
    if (image_)
      words += " of " + patchSizeText(image_->width, image_->height, {patches_.rows, patches_.columns});
    if (patches_.first > 0 && row_) words = "[CLS] " + valueWords(0) + "  ·  " + words;
    textIn(ui_, Role::micro, {box_.x0, top, box_.x1 - width - ui_.u(10), top + ui_.u(24)}, Align::left,
           ui_.c.t2, words);
  }

  void picture() {
    if (!image_) {
      const auto& error = p_.session.patchDesk().error();
      if (error) {
        paragraph(ui_, Role::body, at_.x0, at_.y0 + ui_.u(20), at_.width(), ui_.u(18), ui_.c.t1,
                  error->text());
      }
      return;
    }
    point();
    const TextureId texture = p_.maps.picture(kImages + image_->number, [this] { return image_->picture; });
    if (texture) canvas()->AddImage(compat::texture(texture), at_.min(), at_.max());
    if (row_ && look_ && !p_.state.part<PatchViewState>().alone) cover();
    grid();
    frame(at_, ui_.c.line, ui_.u(1));
    marks();
    focusRing(ui_, "stage", at_.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

  /// A pixel for each patch, stretched over it.
  void cover() {
    const RowValues::Level& cells = row_->cells();
    const std::uint64_t key = KeyHash()
                                  .add(std::string_view("patches"))
                                  .add(scene_.field.key)
                                  .add(static_cast<std::uint64_t>(row_->row))
                                  .add(look_->key())
                                  .add(row_->sum)
                                  .key();
    const TextureId texture = p_.maps.picture(key, [&] {
      auto picture = std::make_shared<Picture>();
      picture->width = static_cast<int>(patches_.columns);
      picture->height = static_cast<int>(patches_.rows);
      picture->rgba.reserve(static_cast<std::size_t>(patches_.count()) * 4);
      for (std::int64_t n = 0; n < patches_.count(); ++n) {
        const auto at = static_cast<std::size_t>(patches_.first + n);
        const bool masked = cells.isMasked(static_cast<std::size_t>(patches_.first + n));
        const Rgb colour = flatColour(*look_, cells.values[at], static_cast<CellClass>(cells.classes[at]));
        const auto alpha = static_cast<std::uint8_t>(masked ? 255 : kCover);
        picture->rgba.insert(picture->rgba.end(), {colour.r, colour.g, colour.b, alpha});
      }
      return std::shared_ptr<const Picture>(std::move(picture));
    });
    if (texture) canvas()->AddImage(compat::texture(texture), at_.min(), at_.max());
    hatch(cells);
  }

  /// Masked patches side by side in one stroke.
  void hatch(const RowValues::Level& cells) {
    if (row_->kept == scene_.field.cols) return;
    for (std::int64_t row = 0; row < patches_.rows; ++row) {
      const std::int64_t begin = patches_.first + row * patches_.columns;
      for (std::int64_t column = 0; column < patches_.columns;) {
        std::int64_t end = column;
        while (end < patches_.columns && cells.isMasked(static_cast<std::size_t>(begin + end))) ++end;
        if (end > column) {
          Box box = patchBox(row * patches_.columns + column);
          box.x1 = patchBox(row * patches_.columns + end - 1).x1;
          drawHatched(ui_, box);
        }
        column = std::max(end, column + 1);
      }
    }
  }

  void grid() {
    const float wide = at_.width() / static_cast<float>(patches_.columns);
    const float high = at_.height() / static_cast<float>(patches_.rows);
    if (std::min(wide, high) < ui_.u(6)) return;
    const ImU32 colour = withAlpha(ui_.c.s0, 0.55f);
    for (std::int64_t c = 1; c < patches_.columns; ++c)
      vertical(std::round(at_.x0 + wide * static_cast<float>(c)), at_.y0, at_.y1, colour, ui_.u(1));
    for (std::int64_t r = 1; r < patches_.rows; ++r)
      horizontal(at_.x0, at_.x1, std::round(at_.y0 + high * static_cast<float>(r)), colour, ui_.u(1));
  }

  /// The chosen query, the pinned and the pointed-at key, and the number of that one.
  void marks() {
    const auto outline = [&](std::int64_t patch, ImU32 colour, float thickness) {
      const Box box = patchBox(patch);
      frame(box.inset(-thickness, -thickness), ui_.c.s0, thickness + 2 * ui_.u(1));
      frame(box.inset(-thickness / 2, -thickness / 2), colour, thickness);
    };
    const auto pinned = p_.session.pinned();
    if (pinned && patches_.holds(pinned->col) && (!patches_.areQueriesToo || pinned->col != query_))
      outline(pinned->col - patches_.first, ui_.c.k, ui_.u(2));
    if (patches_.areQueriesToo && patches_.holds(query_))
      outline(query_ - patches_.first, ui_.c.acc, ui_.u(3));
    const auto hovered = p_.session.hovered();
    if (!hovered || !row_ || hovered->row != query_ || !patches_.holds(hovered->col)) return;
    const Box patch = patchBox(hovered->col - patches_.first);
    frame(patch, ui_.c.k, ui_.u(1));
    const std::string words = keyLabel(p_, hovered->col) + "  " + valueWords(hovered->col);
    const float width = textWidth(ui_, Role::numStrong, words) + ui_.u(16);
    const float height = ui_.u(24);
    const float y =
        patch.y0 - height - ui_.u(6) >= at_.y0 ? patch.y0 - height - ui_.u(6) : patch.y1 + ui_.u(6);
    const float x =
        std::clamp(std::round(patch.centreX() - width / 2), at_.x0, std::max(at_.x0, at_.x1 - width));
    const Box label = Box::at(x, y, width, height);
    fill(label, ui_.c.s1, ui_.u(4));
    frame(label, ui_.c.edge, ui_.u(1), ui_.u(4));
    textIn(ui_, Role::numStrong, label, Align::centre, ui_.c.t1, words);
  }

  void point() {
    Session& session = p_.session;
    const Press press = pressable(ui_, "stage", at_);
    const ImGuiIO& io = ImGui::GetIO();
    const bool inside = press.hovered && at_.contains(io.MousePos);
    p_.state.mouseInMap = inside;
    const auto along = [](float at, float from, float length, std::int64_t parts) {
      return std::clamp<std::int64_t>(
          static_cast<std::int64_t>((at - from) / length * static_cast<float>(parts)), 0, parts - 1);
    };
    const std::int64_t key = patches_.first +
                             along(io.MousePos.y, at_.y0, at_.height(), patches_.rows) * patches_.columns +
                             along(io.MousePos.x, at_.x0, at_.width(), patches_.columns);
    if (inside) {
      session.hover(Cell{query_, key});
    } else if (session.hovered()) {
      session.hover(std::nullopt);
    }
    if (press.pressed && inside && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
      // With Ctrl, and where queries are no patches, the click is on a key.
      const bool asQuery = patches_.areQueriesToo && !io.KeyCtrl;
      session.pin(asQuery ? Cell{key, key} : Cell{query_, key});
    } else if (press.pressed && !session.pinned()) {
      session.pin(Cell{query_, patches_.areQueriesToo ? query_ : patches_.first});
    }
    if (press.secondary && session.pinned()) session.pin(std::nullopt);
  }

  /// The colours and what they span.
  void scale(float top) {
    constexpr std::string_view kWords[] = {"map's scale", "own"};
    constexpr std::string_view kIds[] = {"map", "own"};
    PatchViewState& state = p_.state.part<PatchViewState>();
    const float room = ui_.u(136);
    const int pressed =
        segmented(ui_, "patch.scale", Box::at(box_.x1 - room, top - ui_.u(2), room, ui_.u(24)), kWords,
                  state.mapScale ? 0 : 1, kIds);
    if (pressed >= 0) state.mapScale = pressed == 0;
    const float width = std::min(ui_.u(220), box_.width() - room - ui_.u(30));
    const Box bar = Box::at(box_.x0, top, width, ui_.u(8));
    constexpr int kSteps = 64;
    for (int n = 0; n < kSteps; ++n) {
      const auto colour = static_cast<std::size_t>(n * 255 / (kSteps - 1));
      const auto edge = [&](int step) {
        return std::round(bar.x0 + width * static_cast<float>(step) / static_cast<float>(kSteps));
      };
      fill({edge(n), bar.y0, edge(n + 1), bar.y1}, toColour(look_->colours[colour]));
    }
    frame(bar, ui_.c.line, ui_.u(1));
    float end = -1e9f;
    for (const Tick& tick : ticks(*range_, std::max(2, static_cast<int>(width / ui_.u(70))))) {
      const float x = std::round(bar.x0 + static_cast<float>(tick.at) * width);
      const float half = textWidth(ui_, Role::numMicro, tick.text) / 2;
      const float from = std::max(std::round(x - half), box_.x0);
      if (from < end + ui_.u(4)) continue;
      text(ui_, Role::numMicro, from, bar.y1 + ui_.u(13), ui_.c.t2, tick.text);
      end = from + 2 * half;
    }
  }

  Panel& p_;
  Ui& ui_;
  StageScene& scene_;
  Box box_;
  PatchKeys patches_;
  Box at_;
  std::shared_ptr<const PatchPicture> image_;
  const RowValues* row_ = nullptr;
  std::int64_t query_ = 0;
  std::optional<Range> range_;
  std::shared_ptr<const MapLook> look_;
};

}  // namespace

std::optional<PatchKeys> patchKeys(const Panel& p) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return std::nullopt;
  const Experiment& e = evaluation->experiment;
  const TokenSpec& spec = e.memory ? *e.memory : e.tokens;
  if (spec.kind != TokenSpec::Kind::grid || spec.image.empty()) return std::nullopt;
  PatchKeys keys{spec.grid[0], spec.grid[1], spec.classToken ? 1 : 0, !e.memory, &spec};
  const std::int64_t most = evaluation->run->sizes.keys;
  if (keys.count() > kMostPatchesDrawn || keys.first + keys.count() > most) return std::nullopt;
  if (keys.areQueriesToo && evaluation->run->sizes.queries < keys.first + keys.count())
    keys.areQueriesToo = false;
  return keys;
}

void drawPatchView(Panel& p, StageScene& scene, const Box& box) {
  if (const auto patches = patchKeys(p)) PatchView(p, scene, box, *patches).draw();
}

bool movePatch(Panel& p, std::int64_t rows, std::int64_t columns) {
  const Stage stage = p.session.view().stage;
  if (stageView(p, stage) != StageView::picture) return false;
  if (!p.session.pinned() && p.state.tab != tabs().front().id) return false;
  const auto patches = patchKeys(p);
  const auto field = shownField(p, stage, shownHead(p));
  if (!patches || !patches->areQueriesToo || !field) return false;
  const std::int64_t now = shownRow(p, *field);
  std::int64_t next = patches->first;
  if (patches->holds(now)) {
    const std::int64_t patch = now - patches->first;
    const std::int64_t row = std::clamp<std::int64_t>(patch / patches->columns + rows, 0, patches->rows - 1);
    const std::int64_t column =
        std::clamp<std::int64_t>(patch % patches->columns + columns, 0, patches->columns - 1);
    next = patches->first + row * patches->columns + column;
  }
  p.session.hover(std::nullopt);
  p.session.pin(Cell{next, next});
  return true;
}

}  // namespace headlight
