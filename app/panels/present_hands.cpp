#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/present_tools.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr std::size_t kMostDigits = 4;
constexpr float kLine = 36;  ///< numbers are hit as easily as any control here
constexpr float kHead = 28;

std::string letterOf(std::size_t answer) {
  return {static_cast<char>('A' + static_cast<int>(answer))};
}

}  // namespace

bool Hands::counted() const {
  return std::any_of(typed.begin(), typed.end(), [](const std::string& one) { return !one.empty(); });
}

int Hands::count(std::size_t answer) const {
  int value = 0;
  const std::string& digits = typed[answer];
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

int Hands::total() const {
  int sum = 0;
  for (std::size_t i = 0; i < kAnswers; ++i) sum += count(i);
  return sum;
}

float Hands::share(std::size_t answer) const {
  int most = 1;
  for (std::size_t i = 0; i < kAnswers; ++i) most = std::max(most, count(i));
  return static_cast<float>(count(answer)) / static_cast<float>(most);
}

void startHands(Panel& p) {
  Hands& hands = p.state.part<Presentation>().hands;
  hands.entering = !hands.entering;
  hands.at = 0;
  hands.step = handsStep(p);
}

bool handsKey(Hands& hands, Chord chord) {
  int key = chord.key;
  if (key >= kKeyKeypad0 && key <= kKeyKeypad9) key = key - kKeyKeypad0 + kKey0;
  if (chord.modifiers == kShift && key == kKeyTab) key = kKeyUp;
  if (chord.modifiers != kNoModifier && key != kKeyUp) return false;
  constexpr int kKeyN = 78;
  std::string& digits = hands.typed[hands.at];
  const bool last = hands.at + 1 == Hands::kAnswers;
  if (key >= kKey0 && key <= kKey0 + 9) {
    if (digits == "0") digits.clear();
    if (digits.size() < kMostDigits) digits += static_cast<char>('0' + key - kKey0);
  } else if (key == kKeyBackspace) {
    if (!digits.empty()) digits.pop_back();
  } else if (key == kKeyDelete) {
    hands.typed = {};
    hands.at = 0;
  } else if (key == kKeyEscape || key == kKeyN || ((key == kKeyEnter || key == kKeyKeypadEnter) && last)) {
    hands.entering = false;
  } else if (key == kKeyTab || key == kKeyDown || key == kKeyEnter || key == kKeyKeypadEnter) {
    hands.at = (hands.at + 1) % Hands::kAnswers;
  } else if (key == kKeyUp) {
    hands.at = (hands.at + Hands::kAnswers - 1) % Hands::kAnswers;
  } else if (key != kKeyLeft && key != kKeyRight) {
    hands.entering = false;  // whatever it means is done
    return false;
  }
  return true;
}

void drawHand(Panel& p, std::size_t answer, const Box& line) {
  Ui& ui = p.ui;
  Hands& hands = p.state.part<Presentation>().hands;
  const bool here = hands.entering && hands.at == answer;
  const float fieldWidth = textWidth(ui, Role::stageNum, "0000") + atLines(p, 14);
  const Box field{line.x1 - fieldWidth, line.centreY() - atLines(p, 14), line.x1,
                  line.centreY() + atLines(p, 14)};
  const Box track{line.x0, line.centreY() - atLines(p, 9), field.x0 - atLines(p, 10),
                  line.centreY() + atLines(p, 9)};
  fill(track, ui.c.s1);
  frame(track, ui.c.edge, atLines(p, 1));
  // Grey: what people think is no measured number.
  fill({track.x0, track.y0, track.x0 + std::round(track.width() * hands.share(answer)), track.y1}, ui.c.t2);
  if (hands.entering) {
    fill(field, here ? ui.c.accbg : ui.c.s2, atLines(p, 3));
    frame(field, here ? ui.c.acc : ui.c.edge, atLines(p, here ? 2 : 1), atLines(p, 3));
    const std::string id = "hands." + letterOf(answer);
    if (pressable(ui, id, field, true, false).pressed) hands.at = answer;
  }
  if (!hands.typed[answer].empty()) {
    numText(ui, field.x1 - atLines(p, 7), centredBaseline(ui, Role::stageNum, field.y0, field.y1), ui.c.t1,
            std::to_string(hands.count(answer)), Role::stageNum);
  }
}

float handsHeight(const Panel& p) {
  return atLines(p, kHead + 2 * kLine);
}

float drawHands(Panel& p, const Box& box) {
  Ui& ui = p.ui;
  const Hands& hands = p.state.part<Presentation>().hands;
  const std::string words =
      hands.counted() ? "show of hands, " + std::to_string(hands.total()) + " in all" : "show of hands";
  const float head = atLines(p, kHead);
  textIn(ui, Role::body, {box.x0, box.y0, box.x1, box.y0 + head - atLines(p, 4)}, Align::left, ui.c.t2,
         words);
  const bool high = box.height() >= atLines(p, kHead + static_cast<float>(Hands::kAnswers) * kLine);
  const std::size_t columns = high ? 1 : 2;
  const std::size_t rows = Hands::kAnswers / columns;
  const float gap = atLines(p, 24);
  const float width = (box.width() - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float pitch = atLines(p, kLine);
  for (std::size_t i = 0; i < Hands::kAnswers; ++i) {
    const std::size_t column = i / rows;
    const Box line = Box::at(box.x0 + static_cast<float>(column) * (width + gap),
                             box.y0 + head + static_cast<float>(i % rows) * pitch, width, pitch);
    const float letter = atLines(p, 26);
    textIn(ui, Role::stageStrong, {line.x0, line.y0, line.x0 + letter, line.y1}, Align::left, ui.c.t1,
           letterOf(i));
    drawHand(p, i, {line.x0 + letter, line.y0, line.x1, line.y1});
  }
  return box.y0 + head + static_cast<float>(rows) * pitch;
}

}  // namespace headlight
