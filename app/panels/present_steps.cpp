#include <algorithm>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/stage_parts.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/describe/formula.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

constexpr float kSumTolerance = 2e-3f;

std::shared_ptr<const Explanation> explained(Panel& p) {
  const auto cell = p.session.pinned();
  const auto field = shownField(p, p.session.view().stage, shownHead(p));
  if (!cell || !field || cell->row >= field->rows || cell->col >= field->cols) return nullptr;
  const Stage stage = p.session.explainedStage();
  if (auto now = p.session.explanation(stage, shownHead(p), *cell)) {
    p.state.explanation = now;
    return now;
  }
  const auto& before = p.state.explanation;
  const bool same = before && before->stage == stage && before->head == shownHead(p);
  return same ? before : nullptr;
}

/// The lines that lead to a number; what a value then does with it is the next stage's affair.
std::vector<const ExplainStep*> linesOf(const Explanation& e, const Evaluation& evaluation) {
  std::vector<const ExplainStep*> lines;
  for (const ExplainStep& step : e.steps) {
    const bool isOff = step.stage == Stage::masked && evaluation.experiment.mask.empty();
    if (step.hasResult && step.strips.empty() && !isOff) lines.push_back(&step);
  }
  return lines;
}

/// The line of the stage that is shown: of several the last.
int lineHere(const std::vector<const ExplainStep*>& lines, Stage stage) {
  int here = -1;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i]->stage == stage) here = static_cast<int>(i);
  }
  return here;
}

float valueHere(const Explanation& e, Stage stage) {
  float value = e.value;
  if (stage == e.stage) return value;
  for (const ExplainStep& step : e.steps) {
    if (step.stage == stage && step.hasResult) value = step.result;
  }
  return value;
}

std::string perCent(double share) {
  const double hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.5) return "< 1 %";
  return fixed(hundredths, 0) + " %";
}

/// "÷ Σe" with what it is divided by, where that is one number of the row.
std::string titleOf(const Explanation& e, const ExplainStep& step, const Sizes& sizes) {
  if (step.stage == Stage::dot) return "q · k";
  if (step.title == "÷ √d_k") return "÷ √" + std::to_string(sizes.dK);
  if (step.title == "÷ Σe" && std::isfinite(e.numbers.sum))
    return "÷ Σe " + fixed(static_cast<double>(e.numbers.sum), 3);
  return step.title;
}

class PresentSteps {
 public:
  PresentSteps(Panel& p, const PresentLayout& layout)
      : p_(p), ui_(p.ui), box_(layout.panel), stage_(p.session.view().stage) {}

  void draw() {
    const auto evaluation = p_.session.evaluation();
    if (!evaluation) {
      textIn(ui_, Role::title, {box_.x0, box_.y0, box_.x1, box_.y0 + v(40)}, Align::left, ui_.c.t1,
             "Computing");
      return;
    }
    const auto explanation = explained(p_);
    if (!explanation) return untold(*evaluation);
    head(*explanation);
    const float y = lines(*explanation, box_.y0 + v(152));
    below(*explanation, y);
  }

 private:
  float v(float px) const { return atLines(p_, px); }

  /// A word in its hue. Returns the x after it.
  float chip(float x, ImU32 hue, const std::string& word, float room) {
    const std::string shown = shortened(ui_, Role::title, word, room - v(28));
    const Box box = Box::at(x, box_.y0, textWidth(ui_, Role::title, shown) + v(28), v(42));
    fill(box, hue, v(5));
    textIn(ui_, Role::title, box, Align::centre, ui_.c.s1, shown);
    return box.x1;
  }

  void head(const Explanation& e) {
    const StageInfo& stage = info(e.stage);
    const bool map = isMap(e.stage);
    const bool keyRows = stage.rows == Axis::key;
    const std::string verb = map ? "attends to" : "dimension " + std::to_string(e.col);
    const float verbWidth = textWidth(ui_, Role::stage, verb);
    const float room = map ? (box_.width() - verbWidth - v(28)) / 2 : box_.width() - verbWidth - v(28);
    const ImU32 hue = !keyRows ? ui_.c.q : e.stage == Stage::v ? ui_.c.v : ui_.c.k;
    // A short word leaves its room to the other.
    const std::string second = map ? keyLabel(p_, e.col, 40) : "";
    const float needed = map ? textWidth(ui_, Role::title, second) + v(28) : 0;
    const float spare = std::max(0.0f, room - needed);
    float x = chip(box_.x0, hue, keyRows ? keyLabel(p_, e.row, 40) : queryLabel(p_, e.row, 40), room + spare);
    x = text(ui_, Role::stage, x + v(14), centredBaseline(ui_, Role::stage, box_.y0, box_.y0 + v(42)),
             ui_.c.t1, verb);
    if (map) chip(x + v(14), ui_.c.k, second, box_.x1 - x - v(14));

    const float value = valueHere(e, stage_);
    const bool share = stage_ == Stage::weights && std::isfinite(value) &&
                       std::abs(e.numbers.weightSum - 1) < kSumTolerance &&
                       !p_.session.evaluation()->experiment.mistake.overQueries;
    const float baseline = box_.y0 + v(116);
    const std::string side = stage.perHead ? headWords(e.head) : "";
    const float sideWidth = side.empty() ? 0 : textWidth(ui_, Role::body, side) + v(16);
    std::string number = share ? perCent(static_cast<double>(value)) : fixed(static_cast<double>(value), 3);
    for (int decimals = 2; decimals >= 0 && textWidth(ui_, Role::poster, number) > box_.width() - sideWidth;
         --decimals)
      number = fixed(static_cast<double>(value), decimals);
    text(ui_, Role::poster, box_.x0 - v(3), baseline, ui_.c.t1, number);
    if (!side.empty()) numText(ui_, box_.x1, baseline, ui_.c.t2, side, Role::body);
    horizontal(box_.x0, box_.x1, box_.y0 + v(140), ui_.c.edge, v(1));
  }

  std::string headWords(int head) const {
    const int heads = p_.session.evaluation()->run->sizes.heads;
    return head == kMeanHead ? "mean of " + std::to_string(heads) + " heads"
                             : headName(head) + " of " + std::to_string(heads);
  }

  float lines(const Explanation& e, float y) {
    const std::vector<const ExplainStep*> all = linesOf(e, *p_.session.evaluation());
    const int here = lineHere(all, stage_);
    // As high as in the pictures, as low as all of them need.
    const bool hands = p_.state.part<Presentation>().hands.shown();
    const float room = box_.y1 - (hands ? v(26 + 68) + handsHeight(p_) : v(e.keys.empty() ? 90 : 186)) - y;
    const auto count = static_cast<float>(std::max<std::size_t>(all.size(), 1));
    const float pitch = std::round(std::clamp(room / count, v(30), v(48)));
    if (here >= 0) {
      const float top =
          std::round(p_.state.part<Presentation>().stepTop.to(ui_, y + pitch * static_cast<float>(here)));
      const float inset = std::min(v(4), pitch * 0.08f);
      fill({box_.x0 - v(14), top + inset, box_.x1 + v(14), top + pitch - inset},
           isDark(ui_.theme) ? ui_.c.s3 : ui_.c.accbg, v(6));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      line(e, *all[i], static_cast<int>(i), static_cast<int>(i) == here, {box_.x0, y, box_.x1, y + pitch});
      y += pitch;
    }
    return y;
  }

  void line(const Explanation& e, const ExplainStep& step, int index, bool here, const Box& row) {
    const float radius = std::min(v(13), row.height() / 2 - v(1));
    const ImVec2 centre{row.x0 + v(13), row.centreY()};
    canvas()->AddCircleFilled(centre, radius, here ? ui_.c.acc : ui_.c.s3, 32);
    textIn(ui_, Role::microStrong, {centre.x - radius, row.y0, centre.x + radius, row.y1}, Align::centre,
           here ? ui_.c.accfg : ui_.c.t1, std::to_string(index + 1));
    const Role role = here ? Role::stageStrong : Role::stage;
    const Role numbers = here ? Role::stageNumStrong : Role::stageNum;
    const bool masked = e.masked && step.stage == Stage::masked;
    const std::string result = masked ? "masked" : fixed(static_cast<double>(step.result), 3);
    const float resultWidth = textWidth(ui_, numbers, result);
    numText(ui_, row.x1, centredBaseline(ui_, numbers, row.y0, row.y1), ui_.c.t1, result, numbers);
    const float x = row.x0 + v(40);
    const std::string title = titleOf(e, step, p_.session.evaluation()->run->sizes);
    const float room = row.x1 - resultWidth - v(16) - x;
    if (mathWidth(ui_, role, title) <= room) {
      const float baseline = centredBaseline(ui_, role, row.y0, row.y1);
      const float after = math(ui_, role, x, baseline, ui_.c.t1, title);
      reason(step, masked, after + v(14), row.x1 - resultWidth - v(16), row);
    } else {
      textIn(ui_, role, {x, row.y0, x + room, row.y1}, Align::left, ui_.c.t1, title);
    }
  }

  /// Why a cell is masked, beside its step.
  void reason(const ExplainStep& step, bool masked, float x, float right, const Box& row) {
    if (!masked || step.detail.empty()) return;
    const std::size_t colon = step.detail.find(": ");
    const std::string why = colon == std::string::npos ? step.detail : step.detail.substr(colon + 2);
    if (textWidth(ui_, Role::micro, why) <= right - x)
      textIn(ui_, Role::micro, {x, row.y0, right, row.y1}, Align::left, ui_.c.t2, why);
  }

  /// The whole row, or the scale of the map alone.
  void below(const Explanation& e, float y) {
    const std::vector<const ExplainStep*> all = linesOf(e, *p_.session.evaluation());
    if (e.keys.empty() && all.size() == 1) {
      y = paragraph(ui_, Role::body, box_.x0 + v(40), y + v(20), box_.width() - v(40), v(26), ui_.c.t2,
                    all.front()->detail);
    }
    y += v(12);
    horizontal(box_.x0, box_.x1, y, ui_.c.edge, v(1));
    y += v(14);
    if (p_.state.part<Presentation>().hands.shown()) {
      // In the place of the row, beside the number that was asked for.
      y = drawHands(p_, {box_.x0, y, box_.x1, std::max(y, box_.y1 - v(44))});
    } else if (!e.keys.empty()) {
      y = row(e, y);
    }
    drawPresentBar(p_, box_.x0, y + v(22), box_.width());
  }

  float row(const Explanation& e, float y) {
    const std::string word = shortened(ui_, Role::body, queryLabel(p_, e.row, 40), v(150));
    const auto sum = static_cast<double>(e.numbers.weightSum);
    const bool whole = std::abs(e.numbers.weightSum - 1) < kSumTolerance;
    std::string words = "the row of “" + word + "” adds up to " + (whole ? "1" : fixed(sum, 3));
    if (e.rowEmpty) words = "the row of “" + word + "” has no keys";
    textIn(ui_, Role::body, {box_.x0, y, box_.x1, y + v(24)}, Align::left, ui_.c.t2, words);
    const Box bar{box_.x0, y + v(32), box_.x1, y + v(66)};
    fill(bar, ui_.c.s3);
    const auto look = shownLook(p_, Stage::weights, e.head, 50);
    const double longest = std::max(1.0, sum);
    double at = 0;
    for (const ExplainKey& key : e.keys) {
      const auto weight = static_cast<double>(key.weight);
      if (!(weight > 0) || !std::isfinite(weight)) continue;
      const float x0 = std::round(bar.x0 + bar.width() * static_cast<float>(std::min(1.0, at)));
      at += weight / longest;
      const float x1 = std::round(bar.x0 + bar.width() * static_cast<float>(std::min(1.0, at)));
      if (x1 - x0 < v(3)) break;
      const Rgb ground =
          look ? look->colours[static_cast<std::size_t>(colourIndex(*look, key.weight))] : Rgb{128, 128, 128};
      const Box part{x0, bar.y0, x1 - v(1), bar.y1};
      fill(part, toColour(ground));
      const std::string name = keyLabel(p_, key.key, 40);
      const Role role = Role::microStrong;
      if (textWidth(ui_, role, name) <= part.width() - v(14))
        textIn(ui_, role, part.inset(v(8), 0), x0 == bar.x0 ? Align::left : Align::centre,
               toColour(textOn(ground)), name);
    }
    return bar.y1;
  }

  /// Nothing is pinned: what the map is.
  void untold(const Evaluation& evaluation) {
    const StageInfo& stage = info(stage_);
    float y = box_.y0 + v(30);
    y = paragraph(ui_, Role::title, box_.x0, y, box_.width(), v(32), ui_.c.t1, stage.title) + v(6);
    if (const std::string formula = stageFormula(evaluation, stage_);
        !formula.empty() && mathWidth(ui_, Role::stage, formula) <= box_.width()) {
      math(ui_, Role::stage, box_.x0, y, ui_.c.t1, formula);
      y += v(36);
    }
    if (stage.perHead) {
      text(ui_, Role::body, box_.x0, y, ui_.c.t2, headWords(shownHead(p_)));
      y += v(36);
    }
    horizontal(box_.x0, box_.x1, y, ui_.c.edge, v(1));
    y = drawPresentBar(p_, box_.x0, y + v(26), box_.width()) + v(30);
    y = paragraph(ui_, Role::body, box_.x0, y, box_.width(), v(28), ui_.c.t2,
                  "Arrows pin a cell and move it.");
    if (p_.state.part<Presentation>().hands.shown()) drawHands(p_, {box_.x0, y, box_.x1, box_.y1});
  }

  Panel& p_;
  Ui& ui_;
  const Box box_;
  Stage stage_;
};

/// "0", "−14.04".
std::string endWords(double value) {
  if (value == std::round(value) && std::abs(value) < 1e6) return fixed(value, 0);
  return fixed(value, std::abs(value) < 0.1 ? 3 : 2);
}

}  // namespace

float drawPresentBar(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const Stage stage = p.session.view().stage;
  const auto range = p.session.range(stage, shownHead(p));
  if (!range) return y;
  const Colormap& map = shownColormap(p, stage);
  const std::string low = endWords(range->low);
  const std::string high = endWords(range->high);
  const float gap = atLines(p, 9);
  const float thick = atLines(p, 12);
  const float x0 = x + textWidth(ui, Role::numMicro, low) + gap;
  const float x1 = x + width - textWidth(ui, Role::numMicro, high) - gap;
  text(ui, Role::numMicro, x, centredBaseline(ui, Role::numMicro, y, y + thick), ui.c.t1, low);
  numText(ui, x + width, centredBaseline(ui, Role::numMicro, y, y + thick), ui.c.t1, high, Role::numMicro);
  constexpr int kParts = 256;
  for (int i = 0; i < kParts; ++i) {
    const auto at = [&](int part) {
      return std::round(x0 + (x1 - x0) * static_cast<float>(part) / static_cast<float>(kParts));
    };
    fill({at(i), y, at(i + 1), y + thick}, toColour(map.colours[static_cast<std::size_t>(i)]));
  }
  y += thick;
  const auto statistics = p.session.statistics(stage, shownHead(p));
  if (!statistics) return y;
  float lx = x;
  const float middle = y + atLines(p, 22);
  if (statistics->masked > 0) lx = legendItem(p, CellClass::masked, 0, lx, middle, "masked");
  if (statistics->nan > 0) lx = legendItem(p, CellClass::value, std::nanf(""), lx, middle, "NaN");
  if (info(stage).isSigned) {
    const std::string_view words = map.id == "rdbu" ? "blue = positive" : "blue −, red +";
    text(ui, Role::micro, lx, centredBaseline(ui, Role::micro, middle, middle), ui.c.t2, words);
  }
  return middle + atLines(p, 12);
}

void drawPresentSteps(Panel& p, const PresentLayout& layout) {
  PresentSteps(p, layout).draw();
}

}  // namespace headlight
