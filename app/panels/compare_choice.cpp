#include <algorithm>
#include <cmath>

#include "app/panels/compare.h"
#include "app/panels/compare_parts.h"
#include "app/session/open_file.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

using With = Comparison::With;

/// More heads than these are reached with ‹ › and from the gallery.
constexpr int kMostHeadRows = 12;

struct Choice {
  std::string id;
  std::string words;
  std::string right;
  bool chosen = false;
  bool enabled = true;
  std::optional<Comparison> with;  ///< nothing: one of the deck, or a file is asked for
  int deckAt = -1;
};

Comparison withHead(int head) {
  Comparison with;
  with.head = head;
  return with;
}

Comparison withStage(Stage stage) {
  Comparison with;
  with.with = With::stage;
  with.stage = stage;
  return with;
}

void addHeads(const Panel& p, const Comparison& now, std::vector<Choice>& list) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation || !info(p.session.view().stage).perHead) return;
  const int heads = static_cast<int>(evaluation->run->sizes.heads);
  if (heads < 2) return;
  const int around = now.with == With::head ? std::max(now.head, 0) : 0;
  const int first = std::clamp(around - kMostHeadRows / 2, 0, std::max(0, heads - kMostHeadRows));
  const int end = std::min(heads, first + kMostHeadRows);
  for (int head = first; head < end; ++head) {
    const Comparison with = withHead(head);
    list.push_back({"compare/with.head." + std::to_string(head), comparisonWords(p, with),
                    head == p.session.view().head ? "shown" : "", now == with, true, with});
  }
  const Comparison mean = withHead(kMeanHead);
  list.push_back({"compare/with.mean", "mean of heads", "", now == mean, true, mean});
}

void addStages(Panel& p, const Comparison& now, std::vector<Choice>& list) {
  const auto evaluation = p.session.evaluation();
  const auto shown = shownField(p, p.session.view().stage, shownHead(p));
  if (!evaluation || !shown) return;
  for (int s = 0; s < kStageCount; ++s) {
    const auto stage = static_cast<Stage>(s);
    if (stage == shown->stage || isGradient(stage) || !evaluation->run->has(stage)) continue;
    if (stage == Stage::biased && !evaluation->run->rules.modifies()) continue;
    const auto field = shownField(p, stage, shownHead(p));
    if (!field || field->rows != shown->rows || field->cols != shown->cols) continue;
    if (info(stage).perHead != info(shown->stage).perHead) continue;
    const Comparison with = withStage(stage);
    list.push_back({"compare/with.stage." + std::string(info(stage).id), std::string(info(stage).title),
                    "stage", now == with, true, with});
  }
}

std::vector<Choice> choices(Panel& p, const Comparison& now) {
  std::vector<Choice> list;
  addHeads(p, now, list);
  addStages(p, now, list);
  Comparison snapshot;
  snapshot.with = With::snapshot;
  list.push_back(
      {"compare/with.snapshot", "snapshot A", "Shift A", now == snapshot, p.session.hasSnapshot(), snapshot});
  Comparison before;
  before.with = With::before;
  list.push_back({"compare/with.before", "before the last change", p.session.undoName(),
                  now.with == With::before, p.session.canUndo(), before});
  constexpr std::size_t kMostDeckRows = 8;
  const std::vector<std::string> deck = p.session.deck();
  for (std::size_t i = 0; i < std::min(deck.size(), kMostDeckRows); ++i) {
    if (static_cast<int>(i) == p.session.deckAt()) continue;
    list.push_back({"compare/with.deck." + std::to_string(i), deck[i], "deck", false, true, std::nullopt,
                    static_cast<int>(i)});
  }
  list.push_back(
      {"compare/with.file", "another experiment…", "", now.with == With::file, true, std::nullopt});
  return list;
}

void stepButton(Panel& p, std::string_view id, const Box& box, int by, int heads, int head) {
  Ui& ui = p.ui;
  const Press press = pressable(ui, id, box);
  if (press.hovered) fill(box, ui.c.s3, ui.u(4));
  const float s = ui.scale;
  const auto direction = static_cast<float>(by);
  const ImVec2 points[] = {{box.centreX() - direction * 2 * s, box.centreY() - 4 * s},
                           {box.centreX() + direction * 2 * s, box.centreY()},
                           {box.centreX() - direction * 2 * s, box.centreY() + 4 * s}};
  canvas()->AddPolyline(points, 3, ui.c.t1, 0, std::max(1.0f, 1.4f * s));
  focusRing(ui, id, box, ui.u(4));
  ui.tip(id, box, press.hovered, by > 0 ? "The next head" : "The head before");
  if (press.pressed) p.session.compare(withHead((head + by + heads) % heads));
}

/// The open list, below its field.
void openList(Panel& p, const Box& field, const Comparison& now) {
  Ui& ui = p.ui;
  if (!ui.popupIs("compare/with")) return;
  const std::vector<Choice> list = choices(p, now);
  const float rowHeight = ui.u(24);
  const float width = std::max(field.width(), ui.u(320));
  const float height = rowHeight * static_cast<float>(list.size()) + ui.u(8);
  const Popup popup(ui, "compare/with", Box::at(field.x1 - width, field.y1 + ui.u(2), width, height));
  if (!popup) return;
  const float left = ImGui::GetWindowPos().x + ui.u(4);
  float y = ImGui::GetWindowPos().y + ui.u(4);
  for (const Choice& choice : list) {
    const Box place = Box::at(left, y, width - ui.u(8), rowHeight);
    const std::string right = shortened(ui, Role::micro, choice.right, ui.u(120));
    if (listRow(ui, choice.id, place, choice.words, right, choice.chosen, choice.enabled)) {
      if (choice.with) {
        p.session.compare(*choice.with);
      } else if (choice.deckAt >= 0) {
        p.session.compareDeck(choice.deckAt);
      } else {
        p.session.askCompare();
      }
      ui.closePopup();
    }
    y += rowHeight;
  }
}

}  // namespace

std::string comparisonWords(const Panel& p, const Comparison& with) {
  switch (with.with) {
    case With::head: {
      if (with.head == kMeanHead) return "mean of heads";
      std::string words = "H" + std::to_string(with.head);
      const auto evaluation = p.session.evaluation();
      const auto at = static_cast<std::size_t>(std::max(with.head, 0));
      if (evaluation && at < evaluation->prepared->headNames.size() &&
          !evaluation->prepared->headNames[at].empty())
        words += " " + evaluation->prepared->headNames[at];
      return words;
    }
    case With::stage:
      return std::string(info(with.stage).title);
    case With::file:
      return fileNameOf(with.file);
    case With::snapshot:
      return "snapshot A";
    case With::before:
      return "before the change";
  }
  return "";
}

float drawCompareChoice(Panel& p, const Box& box) {
  Ui& ui = p.ui;
  const auto now = p.session.comparison();
  const auto evaluation = p.session.evaluation();
  if (!now || !evaluation) return box.x1;
  const int heads = static_cast<int>(evaluation->run->sizes.heads);
  Box field = box;
  if (now->with == With::head && heads > 2 && now->head >= 0 && now->head < heads) {
    const float side = ui.u(24);
    const Box next{box.x1 - side, box.centreY() - side / 2, box.x1, box.centreY() + side / 2};
    const Box before{box.x0, next.y0, box.x0 + side, next.y1};
    stepButton(p, "compare/previous", before, -1, heads, now->head);
    stepButton(p, "compare/next", next, 1, heads, now->head);
    field.x0 = before.x1 + ui.u(4);
    field.x1 = next.x0 - ui.u(4);
  }
  dropDown(ui, "compare/with", field, comparisonWords(p, *now));
  openList(p, field, *now);
  return box.x0;
}

void drawSnapshotBar(Panel& p, float left, float right) {
  if (!p.session.hasSnapshot()) return;
  Ui& ui = p.ui;
  const Box& bar = p.layout.top;
  const float middle = std::round((bar.y0 + bar.y1 - ui.u(1)) / 2);
  const bool shown = p.session.showsSnapshot();
  const std::string_view words = shown ? "A shown" : "A saved";
  const std::string_view flip = shown ? "Back" : "Show";
  const float height = ui.u(24);
  const float flipWidth = textWidth(ui, Role::bodyMedium, "Show") + ui.u(18);
  const float compareWidth = textWidth(ui, Role::bodyMedium, "Compare") + ui.u(18);
  const float wordsWidth =
      std::max(textWidth(ui, Role::micro, "A shown"), textWidth(ui, Role::micro, "A saved"));
  const float buttons = flipWidth + ui.u(4) + compareWidth;
  const float room = right - left;
  if (room < buttons) return;
  float x = right - buttons;
  const bool named = room >= buttons + wordsWidth + ui.u(10);
  if (named) {
    text(ui, Role::micro, x - wordsWidth - ui.u(10), centredBaseline(ui, Role::micro, middle, middle),
         shown ? ui.c.t1 : ui.c.t2, words);
  }
  const Box flipBox = Box::at(x, middle - height / 2, flipWidth, height);
  if (button(ui, "snapshot.show", flipBox, flip)) p.session.flipSnapshot();
  ui.tip("snapshot.show", flipBox, ImGui::IsMouseHoveringRect(flipBox.min(), flipBox.max()),
         shown ? "Back from snapshot A · A" : "Show snapshot A in place · A");
  const Box compareBox = Box::at(flipBox.x1 + ui.u(4), flipBox.y0, compareWidth, height);
  const auto now = p.session.comparison();
  const bool compares = now && now->with == With::snapshot;
  Comparison with;
  with.with = With::snapshot;
  if (button(ui, "snapshot.compare", compareBox, compares ? "Leave" : "Compare")) {
    if (compares) {
      p.session.leaveComparison();
    } else {
      p.session.compare(with);
    }
  }
  ui.tip("snapshot.compare", compareBox, ImGui::IsMouseHoveringRect(compareBox.min(), compareBox.max()),
         compares ? "Leave the comparison" : "Snapshot A beside what is shown now");
}

}  // namespace headlight
