#include <algorithm>
#include <cmath>
#include <span>

#include "app/panels/rail_pen.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr const char* kPopup = "rail.help";

struct HelpState {
  std::string group;
};

/// A name and its sentence; kinds of a list stand further in.
struct HelpRow {
  std::string_view name;  ///< math markup
  std::string_view words;
  bool further = false;
  std::span<const std::string_view> values{};  ///< words of the file, which are no markup
};

const KindFamily* familyOf(std::string_view id) {
  if (id == "mask") return &maskFamily();
  if (id == "score.bias") return &biasFamily();
  if (id == "normalizer.kind") return &normalizerFamily();
  if (id == "position.kind") return &positionFamily();
  return nullptr;
}

std::vector<HelpRow> rowsOf(std::string_view group) {
  std::vector<HelpRow> rows;
  for (const ParameterInfo& info : parameters()) {
    if (group.empty() ? info.group == "View" : info.group != group) continue;
    rows.push_back({info.label, info.help, false, info.key.words});
    const KindFamily* family = familyOf(info.id);
    if (family == nullptr) continue;
    for (const KindSpec* kind : family->kinds) rows.push_back({kind->label, kind->help, true});
  }
  return rows;
}

/// Lines of a sentence in markup. Returns the base line after the last.
float sentence(Ui& ui, float x, float baseline, float width, const HelpRow& row) {
  for (const std::string& line : wrapped(ui, Role::body, width, row.words)) {
    const bool isValue = std::any_of(row.values.begin(), row.values.end(), [&line](std::string_view value) {
      return line.find(value) != std::string::npos;
    });
    if (isValue) {
      text(ui, Role::body, x, baseline, ui.c.t2, line);
    } else {
      math(ui, Role::body, x, baseline, ui.c.t2, line);
    }
    baseline += ui.u(18);
  }
  return baseline;
}

}  // namespace

void openRailHelp(Panel& p, std::string_view group) {
  p.state.part<HelpState>().group = group;
  p.ui.openPopup(kPopup);
}

void drawRailHelp(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs(kPopup)) return;
  const std::string& group = p.state.part<HelpState>().group;
  const std::vector<HelpRow> rows = rowsOf(group);
  const float width = std::min(ui.u(660), p.layout.window.width() - ui.u(48));
  const float pad = ui.u(20);
  const float nameWidth = ui.u(132);
  const float wordsWidth = width - 2 * pad - nameWidth - ui.u(12);
  float content = 0;
  for (const HelpRow& row : rows) {
    content += ui.u(18) * static_cast<float>(wrapped(ui, Role::body, wordsWidth, row.words).size()) + ui.u(8);
  }
  const float most = p.layout.window.height() - ui.u(160);
  const float list = std::min(content + ui.u(8), most);
  const float height = list + ui.u(64);
  const Popup popup(ui, kPopup,
                    Box::at(std::round((p.layout.window.width() - width) / 2),
                            std::round((p.layout.window.height() - height) / 2), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  const bool mistakes = group == "Mistakes";
  text(ui, Role::title, at.x + pad, at.y + ui.u(34), ui.c.t1,
       mistakes        ? "Deliberately wrong"
       : group.empty() ? "All controls"
                       : group);
  const float closeWidth = buttonWidth(ui, "Close", "Esc");
  if (button(ui, "rail.help/close",
             Box::at(at.x + width - closeWidth - ui.u(16), at.y + ui.u(14), closeWidth, ui.u(28)), "Close",
             "Esc"))
    ui.closePopup();
  const Region region(ui, "rail help",
                      Box::at(at.x + ui.u(1), at.y + ui.u(52), width - ui.u(2), list + ui.u(8)), ui.c.s1, 0,
                      content > list);
  const float x = at.x + pad;
  float y = region.top() + ui.u(18);
  for (const HelpRow& row : rows) {
    const float inset = row.further ? ui.u(12) : 0;
    const Role role = row.further ? Role::body : Role::strong;
    if (mathWidth(ui, role, row.name) <= nameWidth - inset) {
      math(ui, role, x + inset, y, ui.c.t1, row.name);
    } else {
      text(ui, role, x + inset, y, ui.c.t1, shortened(ui, role, row.name, nameWidth - inset));
    }
    y = sentence(ui, x + nameWidth + ui.u(12), y, wordsWidth, row) + ui.u(8);
  }
  region.contentEnds(y);
}

}  // namespace headlight
