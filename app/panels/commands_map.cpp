#include <algorithm>

#include "app/panels/commands.h"
#include "app/panels/find_token.h"
#include "app/panels/go_to.h"
#include "app/panels/range_editor.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyF = 70;
constexpr int kKeyG = 71;
constexpr int kKeyM = 77;

void toggleScope(Panel& p) {
  ViewSpec next = p.session.view();
  next.sharedRange = !next.sharedRange;
  p.session.setView(next);
}

void toggleFirstKey(Panel& p) {
  const auto& out = p.session.view().leaveOut;
  const std::int64_t first[] = {0};
  leaveOutKeys(p, first, std::find(out.begin(), out.end(), 0) == out.end());
}

}  // namespace

void addMapCommands(const Panel& p, std::vector<Command>& list) {
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const Stage stage = p.session.view().stage;
  const auto add = [&list](std::string id, std::string label, const char* group, const char* chord,
                           bool enabled, std::function<void(Panel&)> run, Chord keys = {}) {
    list.push_back({std::move(id), std::move(label), group, chord, enabled, std::move(run), keys});
  };
  add("map.go_to", "Go to cell…", "Go", "Ctrl G", canGoTo(p), openGoTo, {kKeyG, kCtrl});
  add("map.find", "Find token…", "Go", "Ctrl F", canFindToken(p), openFindToken, {kKeyF, kCtrl});
  add("map.pooling", p.state.poolMean ? "Pool cells by their maximum" : "Pool cells by their mean", "View",
      "M", hasNumbers, [](Panel& q) { q.state.poolMean = !q.state.poolMean; }, {kKeyM});
  if (!hasNumbers) return;
  for (const RangeMode& mode : allRangeModes(stage)) {
    add("range." + std::string(mode.id), "Range: " + std::string(mode.words), "Range", "", true,
        [word = mode.word](Panel& q) { setRangeMode(q, word); });
  }
  add("range.scope", p.session.view().sharedRange ? "Range of each head" : "One range for all heads", "Range",
      "", true, toggleScope);
  add("range.leave_first", "Leave the first key out of the scale, or not", "Range", "", hasKeyAxis(stage),
      toggleFirstKey);
  add("range.reset", "Range and colours as they were", "Range", "", rangeTouched(p), resetRange);
}

}  // namespace headlight
