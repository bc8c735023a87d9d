#include "app/panels/figure_tab.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/figure_room.h"
#include "app/panels/states.h"
#include "app/session/figure_desk.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/figure/figure.h"

namespace headlight {
namespace {

constexpr std::uint64_t kPagePictures = std::uint64_t{0x66696775} << 32;
constexpr std::array kZooms{0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0};
/// No texture is larger.
constexpr double kMostSide = 8000;

std::string millimetres(double length) {
  return fixed(length, std::abs(length - std::round(length)) < 0.05 ? 0 : 1);
}

class FigureStage {
 public:
  explicit FigureStage(Panel& p) : p_(p), ui_(p.ui), room_(p.state.part<FigureRoom>()) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const Region region(ui_, "figure", stage, ui_.c.s0, kOrderStage, false);
    const Box head{stage.x0, stage.y0, stage.x1, stage.y0 + ui_.u(48)};
    const Box foot{stage.x0, stage.y1 - ui_.u(44), stage.x1, stage.y1};
    table_ = {stage.x0, head.y1, stage.x1, foot.y0};
    const bool hasNumbers = p_.session.evaluation() != nullptr;
    header(head, hasNumbers);
    if (!hasNumbers) {
      fill(table_, ui_.c.s3);
      textIn(ui_, Role::body, table_.inset(ui_.u(20), 0), Align::centre, ui_.c.t2,
             "The page stands here once there are numbers");
      drawBusyBar(p_);
      return;
    }
    requests();
    const FigureDesk& desk = p_.session.lookAtFigure(figureSpec(p_), dpi());
    room_.page = desk.page();
    place();
    {
      const Region table(ui_, "figure table", table_, ui_.c.s3, kOrderStage, false);
      if (room_.page) page(*room_.page);
      if (desk.error() && desk.current()) error(*desk.error());
    }
    footer(foot, desk);
    if (!desk.current() || desk.measuring()) ui_.stayAwake(0.05);
    drawBusyBar(p_);
  }

 private:
  void header(const Box& box, bool hasNumbers) {
    const float margin = ui_.m(20, 28);
    const float top = box.y0 + ui_.u(10);
    float right = box.x1 - margin;
    const auto place = [&](std::string_view label) {
      const float width = buttonWidth(ui_, label);
      right -= width + ui_.u(8);
      return Box::at(right + ui_.u(8), top, width, ui_.u(28));
    };
    const char* why = "there are no numbers to draw";
    const Box save = place("Save…");
    const Box copy = place("Copy");
    const Box seen = place("As seen");
    if (button(ui_, "figure.as_seen", seen, "As seen", {}, ButtonKind::plain, hasNumbers, why))
      runCommand(p_, "figure.as_seen");
    ui_.tip("figure.as_seen/tip", seen, ImGui::IsMouseHoveringRect(seen.min(), seen.max()),
            "Stage, head, colours, visible part and theme of the Explore tab");
    if (button(ui_, "figure.copy", copy, "Copy", {}, ButtonKind::plain, hasNumbers, why))
      runCommand(p_, "figure.copy");
    if (button(ui_, "figure.save", save, "Save…", {}, ButtonKind::primary, hasNumbers, why))
      runCommand(p_, "figure.save");
    const Role role = ui_.large ? Role::titleLarge : Role::title;
    const float baseline = box.y0 + ui_.u(30);
    const float x = text(ui_, role, box.x0 + margin, baseline, ui_.c.t1, "Figure") + ui_.u(14);
    for (const FigureLayoutInfo& layout : figureLayouts()) {
      if (layout.id != room_.spec.layout || x + mathWidth(ui_, Role::body, layout.help) > right) continue;
      math(ui_, Role::body, x, baseline, ui_.c.t2, layout.help);
    }
  }

  void requests() {
    if (const auto request = p_.session.takeViewRequest()) {
      if (*request == ViewRequest::fit) fit();
      if (*request == ViewRequest::oneToOne) trueSize();
      if (*request == ViewRequest::zoomIn) zoomBy(1);
      if (*request == ViewRequest::zoomOut) zoomBy(-1);
    }
  }

  void fit() {
    room_.fitted = true;
    room_.pan = {0, 0};
  }
  void trueSize() {
    room_.fitted = false;
    room_.zoom = 1;
    room_.pan = {0, 0};
  }
  void zoomBy(int steps) {
    const double now = zoom();
    room_.fitted = false;
    room_.zoom = now;
    if (steps > 0) {
      const auto next =
          std::find_if(kZooms.begin(), kZooms.end(), [now](double zoom) { return zoom > now + 0.005; });
      if (next != kZooms.end()) room_.zoom = *next;
    } else {
      const auto next =
          std::find_if(kZooms.rbegin(), kZooms.rend(), [now](double zoom) { return zoom < now - 0.005; });
      if (next != kZooms.rend()) room_.zoom = *next;
    }
    // About the middle of the table.
    const auto factor = static_cast<float>(room_.zoom / now);
    const float x = table_.width() / 2 - margin();
    const float y = table_.height() / 2 - margin() / 2;
    room_.pan = {(room_.pan.x - x) * factor + x, (room_.pan.y - y) * factor + y};
  }

  float margin() const { return ui_.m(20, 32); }
  float labelHeight() const { return ui_.u(26); }

  double zoom() const {
    if (!room_.page) return room_.fitted ? 1 : room_.zoom;
    const double inch = trueDpi(p_) / 25.4;
    const double wide = room_.page->widthMm * inch;
    const double high = room_.page->heightMm * inch;
    double zoom = room_.zoom;
    if (room_.fitted) {
      const auto width = static_cast<double>(table_.width() - 2 * margin());
      const auto height = static_cast<double>(table_.height() - margin() - labelHeight());
      zoom = std::clamp(std::min(width / wide, height / high), kZooms.front(), kZooms.back());
    }
    return std::min(zoom, kMostSide / std::max(wide, high));
  }
  double dpi() const { return std::round(trueDpi(p_) * zoom() * 100) / 100; }

  /// Where the page lies; one that is larger than the table is moved about on it.
  void place() {
    if (!room_.page) return;
    const FigurePage& page = *room_.page;
    float width = static_cast<float>(std::round(page.widthMm * dpi() / 25.4));
    float height = static_cast<float>(std::round(page.heightMm * dpi() / 25.4));
    if (page.dpi == dpi()) {
      width = static_cast<float>(page.picture->width);
      height = static_cast<float>(page.picture->height);
    }
    const float excessX = std::max(0.0f, width + 2 * margin() - table_.width());
    const float excessY = std::max(0.0f, height + margin() + labelHeight() - table_.height());
    room_.pan.x = std::clamp(room_.pan.x, -excessX, 0.0f);
    room_.pan.y = std::clamp(room_.pan.y, -excessY, 0.0f);
    const float left = excessX > 0 ? table_.x0 + margin() + room_.pan.x : table_.centreX() - width / 2;
    const float under = (table_.height() - height - margin() / 2 - labelHeight()) / 2;
    const float top = excessY > 0 ? table_.y0 + margin() / 2 + room_.pan.y : table_.y0 + margin() / 2 + under;
    sheet_ = Box::at(std::round(left), std::round(top), width, height);
  }

  void page(const FigurePage& page) {
    // A sheet on the table: its edge, and what little shade it throws.
    const float hair = ui_.u(1);
    fill({sheet_.x0 + ui_.u(2), sheet_.y1, sheet_.x1 + ui_.u(2), sheet_.y1 + ui_.u(2)},
         withAlpha(ui_.c.edge, 0.35f));
    fill({sheet_.x1, sheet_.y0 + ui_.u(2), sheet_.x1 + ui_.u(2), sheet_.y1}, withAlpha(ui_.c.edge, 0.35f));
    const Theme theme = room_.spec.dark() ? Theme::dark : Theme::light;
    fill(sheet_, tokens(theme).s1);
    const TextureId texture = p_.maps.picture(kPagePictures + page.number, [&] { return page.picture; });
    if (texture) canvas()->AddImage(compat::texture(texture), sheet_.min(), sheet_.max());
    frame(sheet_.inset(-hair, -hair), ui_.c.line, hair);
    const float baseline = sheet_.y1 + ui_.u(18);
    const std::string size = sizeWords(page);
    const float width = textWidth(ui_, Role::micro, size);
    if (sizeUnderPage() && width < table_.width()) {
      const float x = std::clamp(sheet_.centreX() - width / 2, table_.x0, table_.x1 - width);
      text(ui_, Role::micro, std::round(x), baseline, ui_.c.t2, size);
    }
    interact();
  }

  static std::string sizeWords(const FigurePage& page) {
    return millimetres(page.widthMm) + " × " + millimetres(page.heightMm) + " mm";
  }
  bool sizeUnderPage() const { return sheet_.y1 + labelHeight() <= table_.y1 + 1 && sheet_.y1 > table_.y0; }

  void interact() {
    const Box seen = sheet_.clippedTo(table_);
    if (seen.width() < ui_.u(24) || seen.height() < ui_.u(24)) return;
    const Press press = pressable(ui_, "figure.page", seen);
    focusRing(ui_, "figure.page", seen.inset(ui_.u(4), ui_.u(4)), 0);
    const ImGuiIO& io = ImGui::GetIO();
    if (press.held && (std::abs(io.MouseDelta.x) > 0 || std::abs(io.MouseDelta.y) > 0)) {
      room_.pan.x += io.MouseDelta.x;
      room_.pan.y += io.MouseDelta.y;
      room_.moved = true;
    }
    if (press.pressed && !room_.moved) {
      if (room_.fitted) {
        trueSize();
      } else {
        fit();
      }
    }
    if (!press.held) room_.moved = false;
    if (press.hovered && io.MouseWheel != 0) {
      if (io.KeyCtrl) {
        zoomBy(io.MouseWheel > 0 ? 1 : -1);
      } else if (io.KeyShift) {
        room_.pan.x += io.MouseWheel * ui_.u(48);
      } else {
        room_.pan.y += io.MouseWheel * ui_.u(48);
      }
    }
    if (!press.focused || !ui_.focus.ring()) return;
    const float step = ui_.u(48);
    if (ui_.take(kKeyLeft)) room_.pan.x += step;
    if (ui_.take(kKeyRight)) room_.pan.x -= step;
    if (ui_.take(kKeyUp)) room_.pan.y += step;
    if (ui_.take(kKeyDown)) room_.pan.y -= step;
  }

  void error(const Error& error) {
    std::string words = error.what;
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
      words[0] = static_cast<char>(words[0] - 'a' + 'A');
    if (!error.hint.empty()) words += ". " + error.hint;
    const float width = table_.width() - 2 * margin();
    const auto lines = wrapped(ui_, Role::body, width - ui_.u(48), words);
    const float height = ui_.u(19) * static_cast<float>(lines.size()) + ui_.u(16);
    const Box box = Box::at(table_.x0 + margin(), table_.y0 + ui_.u(12), width, height);
    fill(box, ui_.c.errbg, ui_.u(6));
    frame(box, ui_.c.err, ui_.u(1), ui_.u(6));
    icon(ui_, Icon::warning, box.x0 + ui_.u(18), box.y0 + ui_.u(17), ui_.c.err);
    paragraph(ui_, Role::body, box.x0 + ui_.u(36), box.y0 + ui_.u(22), width - ui_.u(48), ui_.u(19), ui_.c.t1,
              words);
  }

  void footer(const Box& box, const FigureDesk& desk) {
    horizontal(box.x0, box.x1, box.y0, ui_.c.line, ui_.u(1));
    const float side = ui_.u(28);
    const float top = std::round(box.centreY() - side / 2);
    float x = box.x1 - ui_.m(20, 28);
    const float wide = buttonWidth(ui_, "True size");
    const Box actual = Box::at(x - wide, top, wide, side);
    const float fitWidth = buttonWidth(ui_, "Fit");
    const Box fitted = Box::at(actual.x0 - ui_.u(6) - fitWidth, top, fitWidth, side);
    const Box larger = Box::at(fitted.x0 - ui_.u(14) - side, top, side, side);
    const Box number{larger.x0 - ui_.u(52), top, larger.x0, top + side};
    const Box smaller = Box::at(number.x0 - side, top, side, side);
    if (button(ui_, "figure.zoom_out", smaller, "−", {}, ButtonKind::plain, zoom() > kZooms.front() + 0.005,
               "it is as small as it can be"))
      zoomBy(-1);
    textIn(ui_, Role::num, number, Align::centre, ui_.c.t1, fixed(zoom() * 100, 0) + " %");
    if (button(ui_, "figure.zoom_in", larger, "+", {}, ButtonKind::plain, zoom() < kZooms.back() - 0.005,
               "it is as large as it can be"))
      zoomBy(1);
    if (button(ui_, "figure.fit", fitted, "Fit")) fit();
    if (button(ui_, "figure.true_size", actual, "True size")) trueSize();

    x = box.x0 + ui_.m(20, 28);
    const float baseline = centredBaseline(ui_, Role::strong, box.y0, box.y1);
    constexpr std::string_view kFormats[] = {"PNG", "SVG", "PDF"};
    x = text(ui_, Role::strong, x, baseline, ui_.c.t1,
             kFormats[static_cast<std::size_t>(room_.spec.format)]) +
        ui_.u(8);
    const bool failed = desk.error() && desk.current();
    const std::string size = failed         ? "cannot be made"
                             : desk.bytes() ? bytesText(static_cast<double>(*desk.bytes()))
                                            : "computing";
    x = text(ui_, Role::body, x, baseline, failed || !desk.bytes() ? ui_.c.t2 : ui_.c.t1, size) + ui_.u(10);
    const Box rest{x, box.y0, smaller.x0 - ui_.u(14), box.y1};
    if (desk.bytes() && rest.width() > ui_.u(90))
      textIn(ui_, Role::micro, rest, Align::left, ui_.c.t2, detail());
  }

  /// What the size comes with.
  std::string detail() const {
    const FigureSpec& spec = room_.spec;
    if (!room_.page) return "";
    const std::string size = sizeUnderPage() ? "" : sizeWords(*room_.page) + " · ";
    if (spec.format != FigureFormat::png)
      return size + (spec.outline ? "letters as outlines" : "letters as text");
    const auto pixels = [&](double mm) { return grouped(std::llround(mm * spec.dpi / 25.4)); };
    return size + pixels(room_.page->widthMm) + " × " + pixels(room_.page->heightMm) + " px";
  }

  Panel& p_;
  Ui& ui_;
  FigureRoom& room_;
  Box table_;
  Box sheet_;
};

}  // namespace

void drawFigureTab(Panel& p) {
  FigureStage(p).draw();
}

}  // namespace headlight
