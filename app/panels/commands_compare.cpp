#include "app/panels/commands.h"
#include "app/panels/compare.h"
#include "app/panels/compare_parts.h"
#include "app/session/compare.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kMostHeadCommands = 64;

void show(Panel& p, const Comparison& with) {
  p.state.tab = "explore";
  p.session.compare(with);
}

void compareOrLeave(Panel& p) {
  if (p.session.comparison()) return p.session.leaveComparison();
  p.state.tab = "explore";
  p.session.compareAgain();
}

/// The list of everything that can be compared with.
void choose(Panel& p) {
  if (!p.session.comparison()) compareOrLeave(p);
  p.state.tab = "explore";
  if (p.session.comparison()) p.ui.openPopup("compare/with");
}

void showWith(Panel& p, Comparison::With what) {
  Comparison with;
  with.with = what;
  show(p, with);
}

}  // namespace

void addCompareCommands(const Panel& p, std::vector<Command>& list) {
  using With = Comparison::With;
  const auto evaluation = p.session.evaluation();
  const bool hasNumbers = evaluation != nullptr;
  const bool compares = p.session.comparison().has_value();
  list.push_back({"compare.toggle",
                  compares ? "Leave the comparison" : "Compare",
                  "View",
                  "C",
                  hasNumbers,
                  compareOrLeave,
                  {kKeyC}});
  list.push_back({"compare.choose", "Compare with…", "View", "", hasNumbers, choose});
  list.push_back({"compare.before", "Compare with before the last change", "View", "",
                  hasNumbers && p.session.canUndo(), [](Panel& q) { showWith(q, With::before); }});
  list.push_back({"compare.file", "Compare with another experiment…", "View", "", hasNumbers,
                  [](Panel& q) { q.session.askCompare(); }});
  list.push_back({"snapshot.take",
                  "Take snapshot A",
                  "View",
                  "Shift A",
                  hasNumbers,
                  [](Panel& q) { q.session.takeSnapshot(); },
                  {kKeyA, kShift}});
  list.push_back({"snapshot.flip",
                  p.session.showsSnapshot() ? "Back from snapshot A" : "Show snapshot A",
                  "View",
                  "A",
                  p.session.hasSnapshot(),
                  [](Panel& q) { q.session.flipSnapshot(); },
                  {kKeyA}});
  list.push_back({"compare.snapshot", "Compare with snapshot A", "View", "",
                  hasNumbers && p.session.hasSnapshot(), [](Panel& q) { showWith(q, With::snapshot); }});
  if (!hasNumbers) return;
  const int heads = static_cast<int>(evaluation->run->sizes.heads);
  for (int head = 0; head < std::min(heads, kMostHeadCommands) && heads > 1; ++head) {
    Comparison with;
    with.head = head;
    list.push_back({"compare.head." + std::to_string(head), "Compare with " + comparisonWords(p, with),
                    "Compare", head < 10 ? "Shift " + std::to_string(head) : "", true,
                    [with](Panel& q) { show(q, with); }, head < 10 ? Chord{kKey0 + head, kShift} : Chord{}});
  }
  for (const Stage stage :
       {Stage::dot, Stage::scaled, Stage::biased, Stage::masked, Stage::weights, Stage::valueWeighted}) {
    if (!evaluation->run->has(stage) || !isMap(p.session.view().stage)) continue;
    Comparison with;
    with.with = With::stage;
    with.stage = stage;
    list.push_back({"compare.stage." + std::string(info(stage).id),
                    "Compare with " + std::string(info(stage).title), "Compare", "",
                    stage != p.session.view().stage, [with](Panel& q) { show(q, with); }});
  }
}

}  // namespace headlight
