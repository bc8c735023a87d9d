#include <cmath>

#include "app/panels/compare_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

/// Counts of the values over the bar's range, as bars of their square root.
void histogramBars(const Ui& ui, const std::vector<const FieldStatistics*>& fields, const Range& range,
                   const Box& box) {
  const float pitch = std::max(3.0f, ui.u(4));
  const int bins = std::max(8, static_cast<int>(box.width() / pitch));
  const std::vector<double> counts = histogram(fields, range, bins);
  double most = 0;
  for (const double count : counts) most = std::max(most, count);
  if (most <= 0) return;
  const float step = box.width() / static_cast<float>(bins);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] <= 0) continue;
    const auto share = static_cast<float>(std::sqrt(counts[i] / most));
    const float tall = std::max(1.0f, std::round(share * box.height()));
    const float x = std::round(box.x0 + static_cast<float>(i) * step);
    fill({x, box.y1 - tall, x + std::max(1.0f, std::floor(step) - 1), box.y1}, ui.c.edge);
  }
}

void bar(Ui& ui, const Colormap& map, const Range& range, const std::vector<const FieldStatistics*>& fields,
         const Box& box) {
  const Box strip = Box::at(box.x0, box.y0 + ui.u(14), box.width(), ui.u(8));
  if (!fields.empty()) histogramBars(ui, fields, range, {box.x0, box.y0, box.x1, strip.y0 - ui.u(1)});
  const int width = std::max(1, static_cast<int>(strip.width()));
  for (int x = 0; x < width; ++x) {
    const float at = strip.x0 + static_cast<float>(x);
    const auto index = static_cast<std::size_t>(std::clamp(x * 256 / width, 0, 255));
    fill({at, strip.y0, at + 1, strip.y1}, toColour(map.colours[index]));
  }
  float lastEnd = -1e9f;
  for (const Tick& tick : ticks(range, std::max(2, static_cast<int>(strip.width() / ui.u(46))))) {
    const float x = std::round(strip.x0 + static_cast<float>(tick.at) * (strip.width() - 1));
    vertical(x, strip.y1, strip.y1 + ui.u(4), ui.c.edge, ui.u(1));
    const float w = textWidth(ui, Role::numMicro, tick.text);
    const float tx = std::round(x - w / 2);
    if (tx < lastEnd + ui.u(4)) continue;
    text(ui, Role::numMicro, tx, strip.y1 + ui.u(16), ui.c.t2, tick.text);
    lastEnd = tx + w;
  }
}

std::vector<std::string_view> labelsOf(const std::vector<Token>& tokens) {
  std::vector<std::string_view> labels;
  labels.reserve(tokens.size());
  for (const Token& token : tokens) labels.push_back(token.label);
  return labels;
}

/// Whether the labels of rows and columns are right for both maps.
bool sameTokens(Panel& p, const Compare& compare) {
  CompareView& kept = p.state.part<CompareView>();
  const std::array<std::shared_ptr<const Evaluation>, 2> now{compare.evaluation(kMapA),
                                                             compare.evaluation(kMapB)};
  if (now[0] && now[1] && kept.tokensOf[0].lock() == now[0] && kept.tokensOf[1].lock() == now[1])
    return kept.sameTokens;
  kept.tokensOf = {now[0], now[1]};
  kept.sameTokens = now[0] == now[1] || !now[0] || !now[1] ||
                    (labelsOf(now[0]->prepared->queryTokens) == labelsOf(now[1]->prepared->queryTokens) &&
                     labelsOf(now[0]->prepared->keyTokens) == labelsOf(now[1]->prepared->keyTokens));
  return kept.sameTokens;
}

/// What became of cells that a mask drops in A or B.
std::string maskWords(const CompareScene& scene, const FieldStatistics* a, const FieldStatistics* b,
                      const FieldStatistics* difference) {
  if (!a || !b || !difference || (a->masked == 0 && b->masked == 0)) return "";
  if (a->masked == b->masked && a->masked == difference->masked) return "masked in both";
  const Stage stage = scene.stage.field.stage;
  const bool countsAsZero =
      stage == Stage::weights || stage == Stage::valueWeighted || stage == Stage::gradScores;
  return countsAsZero ? "masked in one: counts as 0" : "masked in one: no difference";
}

/// What stands under the maps, or at the right of the upper two: the two bars and what they do not say.
class CompareBars {
 public:
  CompareBars(Panel& p, const CompareScene& scene)
      : p_(p),
        ui_(p.ui),
        scene_(scene),
        a_(scene.compare->statistics(kMapA)),
        b_(scene.compare->statistics(kMapB)),
        difference_(scene.compare->differenceStatistics()) {}

  void below() {
    const Box& a = p_.state.map.box();
    const float right = scene_.stage.content.x1;
    const float left = a.x0 + scene_.pitch * 2;
    const float room = std::min(scene_.pitch - ui_.m(18, 30), right - left);
    const float width = std::round(std::clamp(room, ui_.u(90), ui_.m(180, 260)));
    const float labelTop = scene_.barTop + ui_.u(11);
    const auto label = [&](float x0, float x1, std::string_view words) {
      textIn(ui_, Role::micro, {x0, labelTop, x1, labelTop + ui_.u(14)}, Align::right, ui_.c.t2, words);
    };
    if (scene_.range) {
      bothBar(Box::at(a.x0, scene_.barTop, width, ui_.u(22)));
      label(scene_.stage.content.x0, scene_.stage.labelRight, kBoth);
    }
    if (scene_.differenceRange) {
      differenceBar(Box::at(left, scene_.barTop, width, ui_.u(22)));
      label(left - scene_.pitch, left - ui_.u(14), kDifference);
    }
    if (!sameTokens(p_, *scene_.compare)) {
      paragraph(ui_, Role::micro, a.x0 + scene_.dx(kMapB), scene_.barTop + ui_.u(12),
                scene_.pitch - ui_.u(60), ui_.u(14), ui_.c.t2, kOtherWords);
    }
    const float y = scene_.barTop + ui_.u(14 + 8 + 30);
    legend(a.x0, y, left - ui_.u(14));
    textIn(ui_, Role::micro, {left, y - ui_.u(7), right, y + ui_.u(7)}, Align::left, ui_.c.t2, words());
  }

  /// One below the other, ending with the map beside them where they are not taller.
  void inColumn() {
    const Box& box = scene_.bars;
    const float line = ui_.u(14);
    const float each = ui_.u(62);
    const bool same = sameTokens(p_, *scene_.compare);
    const std::string said = words() + (same ? "" : "; " + std::string(kOtherWords));
    const auto lines = wrapped(ui_, Role::micro, box.width(), said).size();
    const float bars = (scene_.range ? each : 0) + (scene_.differenceRange ? each : 0);
    const float tall = bars + line * static_cast<float>(lines) + ui_.u(8) + legendHeight(box.width());
    const float width = std::min(box.width(), ui_.m(180, 260));
    float y = std::max(box.y0, std::min(scene_.barTop, box.y1 - tall));
    const auto label = [&](std::string_view of) {
      text(ui_, Role::micro, box.x0, y + ui_.u(9), ui_.c.t2, of);
    };
    if (scene_.range) {
      label(kBoth);
      bothBar(Box::at(box.x0, y + line, width, ui_.u(22)));
      y += each;
    }
    if (scene_.differenceRange) {
      label(kDifference);
      differenceBar(Box::at(box.x0, y + line, width, ui_.u(22)));
      y += each;
    }
    y = paragraph(ui_, Role::micro, box.x0, y + ui_.u(6), box.width(), line, ui_.c.t2, said);
    legend(box.x0, y + ui_.u(4), box.x1);
  }

 private:
  static constexpr std::string_view kBoth = "A and B";
  static constexpr std::string_view kDifference = "A − B";
  static constexpr std::string_view kOtherWords = "other words in the other: labels are of what is shown";

  struct Item {
    CellClass kind;
    float value;
    std::string_view words;
  };
  std::vector<Item> items() const {
    const auto any = [this](std::int64_t FieldStatistics::*count) {
      return (a_ && (*a_).*count > 0) || (b_ && (*b_).*count > 0);
    };
    std::vector<Item> found;
    if (any(&FieldStatistics::masked)) found.push_back({CellClass::masked, 0, "masked"});
    if (any(&FieldStatistics::zeros)) found.push_back({CellClass::value, 0, "exactly 0"});
    if (any(&FieldStatistics::nan)) found.push_back({CellClass::value, std::nanf(""), "NaN"});
    return found;
  }
  /// What a legend's item takes, with what keeps it from the next.
  float widthOf(const Item& item) const { return textWidth(ui_, Role::micro, item.words) + ui_.u(36); }

  /// The looks that are there, in as many lines as they take.
  void legend(float left, float y, float right) {
    float x = left;
    for (const Item& item : items()) {
      if (x > left && x + widthOf(item) > right) {
        x = left;
        y += ui_.u(18);
      }
      x = legendItem(p_, item.kind, item.value, x, y, item.words);
    }
  }
  float legendHeight(float width) const {
    float x = 0;
    float tall = 0;
    for (const Item& item : items()) {
      if (tall == 0 || x + widthOf(item) > width) {
        x = 0;
        tall += ui_.u(18);
      }
      x += widthOf(item);
    }
    return tall;
  }

  void bothBar(const Box& box) {
    std::vector<const FieldStatistics*> fields;
    if (a_) fields.push_back(a_.get());
    if (b_) fields.push_back(b_.get());
    bar(ui_, shownColormap(p_, scene_.colouredAs(kMapA)), *scene_.range, fields, box);
  }
  void differenceBar(const Box& box) {
    std::vector<const FieldStatistics*> fields;
    if (difference_) fields.push_back(difference_.get());
    bar(ui_, shownColormap(p_, Stage::scaled), *scene_.differenceRange, fields, box);
  }

  /// Which hue means what, or what masks do.
  std::string words() const {
    std::string words = maskWords(scene_, a_.get(), b_.get(), difference_.get());
    const bool redIsPlus = shownColormap(p_, Stage::scaled).id != "rdbu";
    if (words.empty() || words == "masked in both")
      words = redIsPlus ? "blue: B larger, red: A larger" : "red: B larger, blue: A larger";
    const bool dots = p_.state.map.cellPx() >= 12 && p_.state.map.level() == 0;
    if (dots && difference_ && difference_->zeros > 0) words += ", dot: equal";
    return words;
  }

  Panel& p_;
  Ui& ui_;
  const CompareScene& scene_;
  std::shared_ptr<const FieldStatistics> a_;
  std::shared_ptr<const FieldStatistics> b_;
  std::shared_ptr<const FieldStatistics> difference_;
};

}  // namespace

float compareBarsHeight(const Ui& ui) {
  return ui.u(12 + 14 + 8 + 20 + 20);
}

void drawCompareBars(Panel& p, const CompareScene& scene) {
  CompareBars bars(p, scene);
  if (scene.bars.empty()) {
    bars.below();
  } else {
    bars.inColumn();
  }
}

}  // namespace headlight
