#include "app/panels/text_panel.h"

#include "app/panels/inspector.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/describe/selection_words.h"

namespace headlight {
namespace {

struct TextPanel {
  bool open = false;
  std::shared_ptr<const std::string> words;  ///< of the last selection that was ready
  bool current = false;                      ///< they are of the one that is selected
  bool copyDue = false;                      ///< as soon as they are
};

void look(Panel& p, TextPanel& panel) {
  auto now = p.session.description(p.session.view().stage, shownHead(p), p.session.pinned());
  panel.current = now != nullptr;
  if (now) panel.words = std::move(now);
}

/// The words with those that only the window knows.
std::string wholeText(Panel& p, const TextPanel& panel) {
  std::string text = panel.words ? *panel.words : "";
  if (const auto range = p.session.range(p.session.view().stage, shownHead(p)))
    text += rangeSentence(*range) + "\n";
  return text;
}

}  // namespace

bool textPanelOpen(PanelState& state) {
  return state.part<TextPanel>().open;
}

void openTextPanel(Panel& p, bool open) {
  p.state.part<TextPanel>().open = open;
  if (open) p.state.folds.inspector = false;
}

void copyDescription(Panel& p) {
  TextPanel& panel = p.state.part<TextPanel>();
  look(p, panel);
  panel.copyDue = !panel.current;
  if (panel.current) p.session.copyText(wholeText(p, panel));
}

bool drawTextPanel(Panel& p) {
  TextPanel& panel = p.state.part<TextPanel>();
  if (panel.copyDue) copyDescription(p);
  if (!panel.open || p.layout.inspectorFolded) return false;
  Ui& ui = p.ui;
  const InspectorRegion region(p);
  const float x = region.x();
  const float width = region.width();
  float y = region.top();
  look(p, panel);
  text(ui, Role::body, x, y + ui.u(25), ui.c.t2, "In words");
  const Box close = Box::at(x + width - ui.u(24), y + ui.u(9), ui.u(24), ui.u(24));
  if (iconButton(ui, "text/close", close, Icon::cross, "Back to the numbers  Ctrl D")) panel.open = false;
  y += ui.u(42);
  if (!panel.words) {
    text(ui, Role::body, x, y + ui.u(12), ui.c.t2, "computing");
    region.contentEnds(y + ui.u(24));
    return true;
  }
  const std::string words = wholeText(p, panel);
  bool first = true;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find('\n', at), words.size());
    const std::string_view line = std::string_view(words).substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    y = paragraph(ui, first ? Role::strong : Role::body, x, y + ui.u(12), width, ui.u(19), ui.c.t1, line) -
        ui.u(4);
    first = false;
  }
  if (!p.session.pinned()) {
    y = paragraph(ui, Role::micro, x, y + ui.u(14), width, ui.u(16), ui.c.t2,
                  "Pin a cell to have it described as well.");
  }
  if (button(ui, "text/copy", Box::at(x, y + ui.u(10), ui.u(86), ui.u(28)), "Copy", {}, ButtonKind::plain,
             panel.current, "still computing"))
    copyDescription(p);
  region.contentEnds(y + ui.u(52));
  return true;
}

}  // namespace headlight
