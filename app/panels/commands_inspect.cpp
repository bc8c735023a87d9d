#include "app/panels/commands.h"
#include "app/panels/map_image.h"
#include "app/panels/stage_views.h"
#include "app/panels/text_panel.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyD = 68;
constexpr const char* kViewWords[] = {"map", "row", "lines", "picture"};

void stepRow(Panel& p, int by) {
  const auto field = shownField(p, p.session.view().stage, shownHead(p));
  if (field) showRow(p, *field, shownRow(p, *field) + by);
}

}  // namespace

void addInspectCommands(const Panel& p, std::vector<Command>& list) {
  const Stage stage = p.session.view().stage;
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const StageView now = stageView(p, stage);
  list.push_back(
      {"view.next",
       hasStageView(p, StageView::picture, stage) ? "Map, row, lines or picture" : "Map, row or lines",
       "View",
       "V",
       hasNumbers && isMap(stage),
       [](Panel& q) { nextStageView(q, q.session.view().stage); },
       {kKeyV}});
  for (const StageView view : {StageView::map, StageView::row, StageView::lines, StageView::picture}) {
    const std::string word = kViewWords[static_cast<std::size_t>(view)];
    list.push_back({"view." + word, "Show the " + word, "Stage", "",
                    hasNumbers && hasStageView(p, view, stage),
                    [view](Panel& q) { q.state.part<StageViewState>().chosen = view; }});
  }
  const bool explained = hasNumbers && p.session.focusCell().has_value();
  list.push_back({"copy.latex", "Copy how the number is made as LaTeX", "Edit", "", explained,
                  [](Panel& q) { q.session.copyExplanation(CopyFormat::latex); }});
  list.push_back({"copy.csv", "Copy how the number is made as CSV", "Edit", "", explained,
                  [](Panel& q) { q.session.copyExplanation(CopyFormat::csv); }});
  list.push_back({"view.describe",
                  textPanelOpen(p.state) ? "Numbers instead of words" : "Describe the selection in words",
                  "View",
                  "Ctrl D",
                  hasNumbers,
                  [](Panel& q) { openTextPanel(q, !textPanelOpen(q.state)); },
                  {kKeyD, kCtrl}});
  list.push_back(
      {"copy.description", "Copy the selection in words", "Edit", "", hasNumbers, copyDescription});
  const bool steps = now == StageView::row && !p.session.pinned();
  list.push_back(
      {"row.previous", "The query before", "Stage", "↑", steps, [](Panel& q) { stepRow(q, -1); }, {kKeyUp}});
  list.push_back(
      {"row.next", "The query after", "Stage", "↓", steps, [](Panel& q) { stepRow(q, 1); }, {kKeyDown}});
}

}  // namespace headlight
