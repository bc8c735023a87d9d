#include "app/panels/dialogs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "app/panels/figure_room.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "app/widgets/slider.h"

namespace headlight {
namespace {

constexpr std::string_view kFormats[] = {"PNG", "SVG", "PDF"};
constexpr std::string_view kEndings[] = {"png", "svg", "pdf"};

Box centred(const Panel& p, float width, float height) {
  const Box& window = p.layout.window;
  return Box::at(std::round((window.width() - width) / 2), std::round((window.height() - height) * 0.4f),
                 width, height);
}

std::string suggestedPath(Panel& p, int format) {
  const Settings& settings = p.session.settings();
  const std::string folder =
      settings.lastFolder.empty() ? p.session.seams().folders.home : settings.lastFolder;
  const std::string name = p.session.documentName() + "-" + std::string(info(p.session.view().stage).id) +
                           "." + std::string(kEndings[format]);
  return (std::filesystem::path(folder) / name).string();
}

std::string withEnding(const std::string& path, int format) {
  return std::filesystem::path(path).replace_extension(std::string(kEndings[format])).string();
}

/// Whether the file is there is asked on another thread: a folder may lie on a slow network.
void askWhetherThere(ExportForm& form) {
  const std::string path = form.path;
  form.asked = path;
  form.there = std::async(std::launch::async, [path] {
    std::error_code error;
    return std::filesystem::exists(path, error);
  });
}

void exportNow(Panel& p) {
  p.session.exportFigure(figureSpec(p), p.state.figure.path, p.state.part<FigureRoom>().beside);
  p.ui.closePopup();
}

}  // namespace

void openExport(Panel& p) {
  ExportForm& form = p.state.figure;
  form.path = suggestedPath(p, static_cast<int>(p.state.part<FigureRoom>().spec.format));
  form.replaces = false;
  p.ui.openPopup("export");
}

void drawExportDialog(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("export")) return;
  ExportForm& form = p.state.figure;
  FigureRoom& room = p.state.part<FigureRoom>();
  const float width = ui.u(460);
  const Popup popup(ui, "export", centred(p, width, ui.u(318)));
  if (!popup) return;
  if (ui.take(kKeyEscape)) ui.closePopup();
  const ImVec2 at = ImGui::GetWindowPos();
  const float x = at.x + ui.u(20);
  const float inner = width - ui.u(40);
  float y = at.y + ui.u(34);
  text(ui, Role::title, x, y, ui.c.t1, "Export figure");
  const StageInfo& stage = info(p.session.view().stage);
  const std::string what = std::string(stage.title) + (stage.perHead ? ", " + headName(shownHead(p)) : "");
  textIn(ui, Role::micro, {x + ui.u(130), y - ui.u(12), x + inner, y + ui.u(2)}, Align::right, ui.c.t2, what);
  y += ui.u(18);
  const auto row = [&](std::string_view label, float height) {
    const Box box = Box::at(x, y, inner, height);
    textIn(ui, Role::body, {box.x0, box.y0, box.x0 + ui.u(90), box.y1}, Align::left, ui.c.t2, label);
    y += height + ui.u(10);
    return Box{box.x0 + ui.u(100), box.y0, box.x1, box.y1};
  };

  std::vector<std::string_view> layouts;
  for (const FigureLayoutInfo& layout : figureLayouts()) layouts.push_back(layout.id);
  const auto layout =
      static_cast<int>(std::find(layouts.begin(), layouts.end(), room.spec.layout) - layouts.begin());
  if (const int pressed = segmented(ui, "export.layout", row("layout", ui.u(28)), layouts, layout, layouts);
      pressed >= 0) {
    room.spec.layout = layouts[static_cast<std::size_t>(pressed)];
  }
  if (const int pressed = segmented(ui, "export.format", row("format", ui.u(28)), kFormats,
                                    static_cast<int>(room.spec.format), kEndings);
      pressed >= 0) {
    room.spec.format = static_cast<FigureFormat>(pressed);
    form.path = withEnding(form.path, pressed);
    form.replaces = false;
  }
  constexpr std::string_view kWhich[] = {"this head", "all heads"};
  constexpr std::string_view kWhichIds[] = {"this", "all"};
  if (const int pressed = segmented(ui, "export.heads", row("heads", ui.u(28)), kWhich,
                                    room.heads == "all" ? 1 : 0, kWhichIds);
      pressed >= 0) {
    room.heads = pressed == 1 ? "all" : "";
  }
  const Box widthRow = row("width, mm", ui.u(24));
  const NumberEvent typed =
      numberField(ui, "export.width", Box::at(widthRow.x0, widthRow.y0 + ui.u(2), ui.u(54), ui.u(20)),
                  room.spec.widthMm, 0);
  if (typed.kind == NumberEvent::Kind::set) room.spec.widthMm = std::clamp(typed.value, 0.0, 1000.0);
  if (typed.kind == NumberEvent::Kind::reset) room.spec.widthMm = 0;
  text(ui, Role::micro, widthRow.x0 + ui.u(64), centredBaseline(ui, Role::micro, widthRow.y0, widthRow.y1),
       ui.c.t2, room.spec.widthMm == 0 ? "0: as wide as the layout asks for" : "millimetres");
  const Box darkRow = row("dark page", ui.u(24));
  if (toggle(ui, "export.dark", {darkRow.x0, darkRow.y0, darkRow.x0 + ui.u(28), darkRow.y1},
             room.spec.dark()))
    room.spec.ground = room.spec.dark() ? FigureGround::light : FigureGround::dark;
  const Box pathRow = row("file", ui.u(30));
  if (lineField(ui, "export.path", pathRow, form.path, "path of the figure").changed) form.replaces = false;

  if (form.there.valid() && form.there.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    form.replaces = form.there.get() && form.asked == form.path;
    if (!form.replaces && form.asked == form.path) exportNow(p);
  }
  if (form.there.valid()) ui.stayAwake(0.1);
  y += ui.u(4);
  const float half = ui.u(130);
  const Box yes = Box::at(x + inner - half, y, half, ui.u(30));
  if (form.replaces) {
    icon(ui, Icon::warning, x + ui.u(8), yes.centreY(), ui.c.warn);
    textIn(ui, Role::micro, {x + ui.u(22), yes.y0, yes.x0 - ui.u(112), yes.y1}, Align::left, ui.c.t1,
           "This file exists");
  } else if (button(ui, "export.more", Box::at(x, y, ui.u(112), ui.u(30)), "All settings")) {
    p.state.tab = "figure";
    ui.closePopup();
  }
  if (button(ui, "export.cancel", Box::at(yes.x0 - ui.u(104), y, ui.u(94), ui.u(30)), "Cancel", "Esc"))
    ui.closePopup();
  if (button(ui, "export.run", yes, form.replaces ? "Replace it" : "Export", "", ButtonKind::primary,
             !form.path.empty(), "it needs a path")) {
    if (form.replaces) {
      exportNow(p);
    } else if (!form.there.valid()) {
      askWhetherThere(form);
      ui.stayAwake(0.1);
    }
  }
}

}  // namespace headlight
