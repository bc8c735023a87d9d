#include <algorithm>
#include <cmath>

#include "app/panels/inspector.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::size_t kMostColumns = 4;

/// The first pin's steps are folded away below the columns.
struct FoldedPin {
  bool folded = false;
};

/// Pinned cells side by side: a column each, a line for every step that any of them has.
class PinColumns {
 public:
  PinColumns(Panel& p, float x, float width) : p_(p), ui_(p.ui), x_(x), width_(width) {
    first_ = *p.session.pinned();
    cells_ = p.session.pins();
    more_ = cells_.size() > kMostColumns ? cells_.size() - kMostColumns : 0;
    cells_.resize(std::min(cells_.size(), kMostColumns));
    // In the order of the map, whichever of them is shown in full.
    std::sort(cells_.begin(), cells_.end(),
              [](const Cell& a, const Cell& b) { return a.row != b.row ? a.row < b.row : a.col < b.col; });
    const Stage stage = p.session.explainedStage();
    made_.reserve(cells_.size());
    for (const Cell& cell : cells_)
      made_.push_back(p.session.explanation(stage, p.session.view().head, cell));
    const auto count = static_cast<float>(cells_.size());
    column_ = std::floor(std::min(ui_.u(92), (width - ui_.u(58)) / count));
  }

  float draw(float y) {
    heads(y);
    y += ui_.u(94);
    for (const Line& line : lines()) y = row(line, y);
    if (more_ > 0) {
      text(ui_, Role::micro, x_, y + ui_.u(14), ui_.c.t2,
           "and " + std::to_string(more_) + " more pinned " + (more_ == 1 ? "cell" : "cells"));
      y += ui_.u(18);
    }
    return y + ui_.u(8);
  }

 private:
  struct Line {
    Stage stage;
    std::string title;
    std::vector<std::string> values;
  };

  float left(std::size_t n) const { return x_ + width_ - column_ * static_cast<float>(cells_.size() - n); }

  /// Releases a pin, the others keep theirs.
  void release(std::size_t n) { p_.session.togglePin(cells_[n]); }
  /// Shows one in full, the first of the pins; of the one that is shown folds the steps.
  void expand(std::size_t n) {
    const std::vector<Cell> pins = p_.session.pins();
    const Cell chosen = cells_[n];
    bool& folded = p_.state.part<FoldedPin>().folded;
    folded = chosen == first_ && !folded;
    if (chosen == first_) return;
    p_.session.pin(chosen);
    for (const Cell& other : pins) {
      if (!(other == chosen)) p_.session.togglePin(other);
    }
  }

  void heads(float y) {
    for (std::size_t n = 0; n < cells_.size(); ++n) {
      const Cell cell = cells_[n];
      const Box box{left(n) + ui_.u(2), y, left(n) + column_ - ui_.u(2), y + ui_.u(90)};
      const Box press{box.x0, box.y0 + ui_.u(26), box.x1, box.y1};
      const std::string id = "pin." + std::to_string(n);
      const bool here = cell == first_;
      const Press pressed = pressable(ui_, id, press);
      if (here || pressed.hovered) fill(box, here ? ui_.c.s3 : ui_.c.s2, ui_.u(3));
      if (here) fill({box.x0, box.y0, box.x1, box.y0 + ui_.u(3)}, ui_.c.acc);
      const Box cross{box.x1 - ui_.u(24), box.y0 + ui_.u(3), box.x1, box.y0 + ui_.u(27)};
      const StageInfo& stage = info(p_.session.explainedStage());
      const bool keyRows = stage.rows == Axis::key;
      const float left = box.x0 + ui_.u(5);
      const float right = box.x1 - ui_.u(5);
      const std::string place = std::to_string(cell.row) + "," + std::to_string(cell.col);
      if (left + textWidth(ui_, Role::numMicro, place) <= cross.x0)
        textIn(ui_, Role::numMicro, {left, cross.y0, cross.x0, cross.y1}, Align::left, ui_.c.t2, place);
      name(keyRows ? keyLabel(p_, cell.row) : queryLabel(p_, cell.row), cell.row, keyRows ? ui_.c.k : ui_.c.q,
           {left, box.y0 + ui_.u(28), right, box.y0 + ui_.u(44)});
      const Box second{left, box.y0 + ui_.u(44), right, box.y0 + ui_.u(60)};
      if (isMap(stage.stage)) {
        name(keyLabel(p_, cell.col), cell.col, ui_.c.k, second);
      } else {
        textIn(ui_, Role::micro, second, Align::left, ui_.c.t2, "dim " + std::to_string(cell.col));
      }
      const Box hero{box.x0, box.y0 + ui_.u(62), right, box.y1 - ui_.u(2)};
      const Role role = cells_.size() == 2 ? Role::title : Role::numStrong;
      textIn(ui_, role, hero, Align::right, ui_.c.t1, made_[n] ? resultText(shownValue(p_, *made_[n])) : "…");
      if (iconButton(ui_, id + "/release", cross, Icon::cross, "Release this cell")) release(n);
      focusRing(ui_, id, press, ui_.u(3));
      ui_.tip(id, press, pressed.hovered,
              here && !p_.state.part<FoldedPin>().folded ? "Hide its steps" : "Show its steps");
      if (pressed.pressed) expand(n);
    }
    text(ui_, Role::micro, x_, y + ui_.u(80), ui_.c.t2, "in " + headName(p_, p_.session.view().head));
  }

  /// A token in its hue, its place where it has room for that too.
  void name(const std::string& token, std::int64_t index, ImU32 hue, const Box& box) {
    const std::string number = std::to_string(index);
    const std::string word = token.empty() ? number : shortened(ui_, Role::microStrong, token, box.width());
    const float end = text(ui_, Role::microStrong, box.x0,
                           centredBaseline(ui_, Role::microStrong, box.y0, box.y1), hue, word) +
                      ui_.u(4);
    if (token == number || token.empty() || end + textWidth(ui_, Role::numMicro, number) > box.x1) return;
    text(ui_, Role::numMicro, end, centredBaseline(ui_, Role::numMicro, box.y0, box.y1), ui_.c.t2, number);
  }

  /// Every step with a result, where several have it beside each other; then rank, share and gradient.
  std::vector<Line> lines() const {
    std::vector<Line> all;
    const auto put = [&](std::size_t n, std::size_t from, Stage stage, const std::string& title,
                         std::string value) {
      for (std::size_t at = from; at < all.size(); ++at) {
        if (all[at].stage != stage || all[at].title != title || !all[at].values[n].empty()) continue;
        all[at].values[n] = std::move(value);
        return at + 1;
      }
      Line line{stage, title, std::vector<std::string>(cells_.size())};
      line.values[n] = std::move(value);
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(from), std::move(line));
      return from + 1;
    };
    for (std::size_t n = 0; n < made_.size(); ++n) {
      if (!made_[n]) continue;
      std::size_t from = 0;
      for (const ExplainStep& step : made_[n]->steps) {
        if (step.hasResult)
          from = put(n, from, step.stage, step.stage == Stage::dot ? "q · k" : step.title,
                     resultText(step.result));
      }
    }
    for (std::size_t n = 0; n < made_.size(); ++n) {
      if (!made_[n]) continue;
      for (const ExplainFact& fact : made_[n]->facts) {
        const auto value = static_cast<double>(fact.value);
        switch (fact.kind) {
          case ExplainFact::Kind::rank:
            put(n, 0, Stage::output, "rank", fixed(value, 0));
            break;
          case ExplainFact::Kind::share:
            put(n, 0, Stage::output, "share", fixed(100 * value, 1) + " %");
            break;
          case ExplainFact::Kind::gradient:
            put(n, 0, Stage::output, "gradient", resultText(fact.value));
            break;
        }
      }
    }
    return ordered(std::move(all));
  }

  /// The facts were put at the top one by one: they follow the steps.
  static std::vector<Line> ordered(std::vector<Line> all) {
    const auto place = [](const Line& line) {
      if (line.title == "rank") return 1;
      if (line.title == "share") return 2;
      return line.title == "gradient" ? 3 : 0;
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Line& a, const Line& b) { return place(a) < place(b); });
    return all;
  }

  float row(const Line& line, float y) {
    const float height = ui_.m(20, 22);
    horizontal(x_, x_ + width_, y, ui_.c.line, ui_.u(1));
    const float room = left(0) - x_ - ui_.u(4);
    const std::string title = mathWidth(ui_, Role::micro, line.title) <= room
                                  ? line.title
                                  : shortened(ui_, Role::micro, line.title, room);
    math(ui_, Role::micro, x_, centredBaseline(ui_, Role::micro, y, y + height), ui_.c.t2, title);
    for (std::size_t n = 0; n < line.values.size(); ++n) {
      const std::string& value = line.values[n];
      if (value.empty()) continue;
      const bool wide = textWidth(ui_, Role::num, value) > column_ - ui_.u(8);
      const Role role = wide ? Role::numMicro : Role::num;
      textIn(ui_, role, {left(n), y, left(n) + column_ - ui_.u(7), y + height}, Align::right, ui_.c.t1,
             value);
    }
    return y + height;
  }

  Panel& p_;
  Ui& ui_;
  float x_;
  float width_;
  float column_ = 0;
  Cell first_;
  std::vector<Cell> cells_;
  std::size_t more_ = 0;
  std::vector<std::shared_ptr<const Explanation>> made_;
};

}  // namespace

bool pinFolded(PanelState& state) {
  return state.part<FoldedPin>().folded;
}

float drawPinColumns(Panel& p, float x, float y, float width) {
  return PinColumns(p, x, width).draw(y);
}

}  // namespace headlight
