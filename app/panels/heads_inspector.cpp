#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/heads_tab.h"
#include "app/panels/inspector.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::uint64_t kAlike = std::uint64_t{6} << 20;

/// Likeness as the maps are coloured: the same bright, disjoint dark.
std::shared_ptr<const MapLook> likenessLook(Panel& p) {
  static const Colormap reversed = [] {
    Colormap map = defaultColormap(false, true);
    std::reverse(map.colours.begin(), map.colours.end());
    return map;
  }();
  PanelState::Look& look = p.state.looks[kAlike];
  if (look.look && look.theme == p.ui.theme && look.scale == p.ui.scale) return look.look;
  Range range;
  range.low = 0;
  range.high = 1;
  look = {range,      &reversed,
          p.ui.theme, p.ui.scale,
          false,      std::make_shared<const MapLook>(makeLook(range, reversed, p.ui.theme, p.ui.scale))};
  return look.look;
}

class HeadsInspector {
 public:
  HeadsInspector(Panel& p, const std::shared_ptr<const Evaluation>& evaluation, float x, float width)
      : p_(p), ui_(p.ui), evaluation_(evaluation), head_(shownHead(p)), x_(x), width_(width) {}

  float draw(float y) {
    y = title(y);
    const auto readings = p_.session.headReadings();
    const HeadReading* reading = nullptr;
    if (readings && head_ >= 0 && head_ < static_cast<int>(readings->size()))
      reading = &(*readings)[static_cast<std::size_t>(head_)];
    if (head_ != kMeanHead) {
      if (reading) y = pattern(*reading, y);
      rule(y + ui_.u(10));
      y = destinations(reading, y + ui_.u(10));
    }
    if (heads() > 1) {
      rule(y + ui_.u(10));
      y = alike(y + ui_.u(10));
    }
    if (head_ != kMeanHead) {
      rule(y + ui_.u(12));
      y = buttons(y + ui_.u(24));
    }
    return y + ui_.u(16);
  }

 private:
  int heads() const { return evaluation_->run->sizes.heads; }
  void rule(float y) { horizontal(x_, x_ + width_, std::round(y), ui_.c.line, ui_.u(1)); }

  float title(float y) {
    float baseline = y + ui_.u(26);
    float right = x_ + width_;
    if (heads() > 1) {
      // The chevrons walk in the tab's order.
      const int by = pager(ui_, "heads/step", "", right, baseline - ui_.u(4), true, true, &right);
      if (by != 0) stepHeads(p_, by);
    }
    const bool mean = head_ == kMeanHead;
    const std::string place =
        mean ? "Mean of all heads" : "Head " + std::to_string(head_) + " of " + grouped(heads());
    text(ui_, Role::body, x_, baseline, ui_.c.t2, shortened(ui_, Role::body, place, right - x_));
    if (mean) {
      return paragraph(ui_, Role::body, x_, baseline + ui_.u(28), width_, ui_.u(19), ui_.c.t1,
                       "Choose a head with a click on its map, with ← and →, or with a number key.");
    }
    baseline += ui_.m(30, 34);
    std::string name = headTitle(p_, head_);
    const bool named = !name.empty();
    if (!named) name = headName(p_, head_);
    text(ui_, Role::lesson, x_, baseline, ui_.c.t1, shortened(ui_, Role::lesson, name, width_));
    if (named && evaluation_->experiment.source.kind == "patterns") {
      baseline += ui_.u(20);
      textIn(ui_, Role::micro, {x_, baseline - ui_.u(10), x_ + width_, baseline}, Align::left, ui_.c.t2,
             "name of the pattern that it was constructed for");
    }
    if (p_.session.silenced(head_)) {
      baseline += ui_.u(22);
      const float end = silencedMark(ui_, x_, baseline, x_ + width_);
      textIn(ui_, Role::micro, {end + ui_.u(6), baseline - ui_.u(10), x_ + width_, baseline}, Align::left,
             ui_.c.t2, "its output is 0, its weights stay");
    }
    return baseline + ui_.u(4);
  }

  /// Only what is certain; else it says so.
  float pattern(const HeadReading& reading, float y) {
    float baseline = y + ui_.u(18);
    if (reading.tags.empty()) {
      text(ui_, Role::micro, x_, baseline, ui_.c.t2, "its map shows none of the known patterns");
      return baseline + ui_.u(4);
    }
    float x = x_;
    for (const PatternTag& tag : reading.tags) {
      const std::string name(tag.name);
      const std::string share = fixed(tag.share, 2);
      const float width = textWidth(ui_, Role::labelStrong, name) + ui_.u(6) +
                          textWidth(ui_, Role::numMicro, share) + ui_.u(16);
      if (x > x_ && x + width > x_ + width_) break;
      const Box pill = Box::at(x, baseline - ui_.u(14), width, ui_.u(20));
      fill(pill, ui_.c.s2, ui_.u(4));
      frame(pill, ui_.c.edge, ui_.u(1), ui_.u(4));
      const float end = text(ui_, Role::labelStrong, x + ui_.u(8),
                             centredBaseline(ui_, Role::labelStrong, pill.y0, pill.y1), ui_.c.t1, name);
      text(ui_, Role::numMicro, end + ui_.u(6), centredBaseline(ui_, Role::numMicro, pill.y0, pill.y1),
           ui_.c.t2, share);
      x = pill.x1 + ui_.u(8);
    }
    baseline += ui_.u(12);
    const auto kinds = patternKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const PatternKind& one) {
      return one.name == reading.tags.front().name;
    });
    if (kind != kinds.end()) {
      baseline = paragraph(ui_, Role::micro, x_, baseline + ui_.u(8), width_, ui_.u(15), ui_.c.t2,
                           "measured: " + std::string(kind->what)) -
                 ui_.u(10);
    }
    return baseline;
  }

  float destinations(const HeadReading* reading, float y) {
    float baseline = y + ui_.u(20);
    sectionHead(ui_, x_, baseline, "Where its weight goes");
    const std::string_view unit = "mean share";
    text(ui_, Role::micro, x_ + width_ - textWidth(ui_, Role::micro, unit), baseline, ui_.c.t2, unit);
    const float pitch = ui_.m(18, 20);
    if (!reading) {
      text(ui_, Role::micro, x_, baseline + pitch, ui_.c.t2, "computing");
      return baseline + pitch * 8;
    }
    const float barLeft = x_ + std::round(width_ * 0.44f);
    const float numberWidth = textWidth(ui_, Role::num, "0.000") + ui_.u(10);
    for (const WeightDestination& to : reading->destinations) {
      baseline += pitch;
      textIn(ui_, Role::body, {x_, baseline - ui_.u(10), barLeft - ui_.u(8), baseline}, Align::left, ui_.c.t1,
             to.label);
      const float top = std::round(baseline - ui_.u(7));
      const Box track{barLeft, top, x_ + width_ - numberWidth, top + ui_.m(4, 5)};
      fill(track, ui_.c.s3);
      const auto share = static_cast<float>(std::clamp(to.share, 0.0, 1.0));
      fill({track.x0, track.y0, track.x0 + std::round(track.width() * share), track.y1}, ui_.c.t2);
      num(ui_, x_ + width_, baseline, to.share, 3, ui_.c.t1);
    }
    baseline += pitch;
    std::string note = "rows may overlap, they need not add to 1";
    const HeadProfile& profile = reading->profile;
    if (profile.sampled) note = "from " + grouped(profile.rowsRead) + " evenly spaced queries; " + note;
    return paragraph(ui_, Role::micro, x_, baseline, width_, ui_.u(15), ui_.c.t2, note) - ui_.u(9);
  }

  float alike(float y) {
    float baseline = y + ui_.u(20);
    sectionHead(ui_, x_, baseline, "Which heads are alike");
    baseline = paragraph(ui_, Role::micro, x_, baseline + ui_.u(17), width_, ui_.u(15), ui_.c.t2,
                         "distance √JS (base 2), mean over queries: 0 same, 1 disjoint");
    const float top = baseline - ui_.u(4);
    const auto made = p_.session.alikeHeads();
    if (!made || made->distances.heads != heads()) {
      text(ui_, Role::micro, x_, top + ui_.u(16), ui_.c.t2, "computing");
      return top + std::min(width_, ui_.m(26, 29) * static_cast<float>(heads() + 1)) + ui_.u(20);
    }
    float bottom = top;
    if (made->tile) bottom = matrix(*made, top);
    return nearest(*made, bottom + ui_.u(18));
  }

  float matrix(const AlikeHeads& made, float top) {
    const int count = heads();
    const float labels = textWidth(ui_, Role::numMicro, std::to_string(count - 1)) + ui_.u(6);
    const auto cell = static_cast<int>(
        std::clamp(std::floor((width_ - labels) / static_cast<float>(count)), 1.0f, ui_.m(26, 29)));
    const auto side = static_cast<float>(cell);
    const float down = ui_.u(16);
    const Box box =
        Box::at(x_ + labels, top + down, side * static_cast<float>(count), side * static_cast<float>(count));
    const Press press = pressable(ui_, "heads/alike", box);
    const auto look = likenessLook(p_);
    drawTile(p_, kAlike, made.tile, look, box.min(), cell);
    const float apart = std::max(ui_.u(16), labels + ui_.u(2));
    const auto step = static_cast<int>(labelStep(cell, static_cast<double>(apart)));
    for (int h = 0; h < count; ++h) {
      const bool here = h == head_;
      if (h % step != 0 && !here) continue;
      // The chosen one's number takes the place of its neighbours'.
      if (!here && head_ >= 0 && std::abs(h - head_) * cell < static_cast<int>(apart)) continue;
      const auto at = static_cast<float>(h) * side;
      const Role role = here ? Role::labelStrong : Role::numMicro;
      const std::string name = std::to_string(h);
      const float centre = box.x0 + at + side / 2;
      text(ui_, role, centre - textWidth(ui_, role, name) / 2, box.y0 - ui_.u(4), here ? ui_.c.t1 : ui_.c.t2,
           name);
      const float middle = box.y0 + at + side / 2;
      text(ui_, role, box.x0 - ui_.u(5) - textWidth(ui_, role, name),
           centredBaseline(ui_, role, middle, middle), here ? ui_.c.t1 : ui_.c.t2, name);
    }
    if (side >= textWidth(ui_, Role::numMicro, ".00") + ui_.u(3)) numbers(made, box, side, *look);
    if (head_ >= 0) {
      const float at = box.y0 + static_cast<float>(head_) * side;
      frame({box.x0 - ui_.u(2), at - ui_.u(1), box.x1 + ui_.u(1), at + side + ui_.u(1)}, ui_.c.acc, ui_.u(2));
    }
    picked(made, box, side, press);
    focusRing(ui_, "heads/alike", box, 0);
    return box.y1;
  }

  void numbers(const AlikeHeads& made, const Box& box, float side, const MapLook& look) {
    for (int a = 0; a < heads(); ++a) {
      for (int b = 0; b < heads(); ++b) {
        const float distance = made.distances.at(a, b);
        if (a == b || !std::isfinite(distance)) continue;
        const Box cell = Box::at(box.x0 + static_cast<float>(b) * side, box.y0 + static_cast<float>(a) * side,
                                 side - 1, side - 1);
        const Rgb ground = flatColour(look, distance, CellClass::value);
        textIn(ui_, Role::numMicro, cell, Align::centre, toColour(textOn(ground)),
               cellText(static_cast<double>(distance), true));
      }
    }
  }

  /// A click chooses the head of the row; the pair under the pointer is told.
  void picked(const AlikeHeads& made, const Box& box, float side, const Press& press) {
    const ImVec2 at = ImGui::GetIO().MousePos;
    const auto a = static_cast<int>(std::floor((at.y - box.y0) / side));
    const auto b = static_cast<int>(std::floor((at.x - box.x0) / side));
    const bool inside = press.hovered && a >= 0 && b >= 0 && a < heads() && b < heads();
    if (inside) {
      pair_ = a == b ? ""
                     : headName(a) + " and " + headName(b) + ": " +
                           fixed(static_cast<double>(made.distances.at(a, b)), 2);
    }
    if (!press.pressed) return;
    if (inside) {
      p_.session.selectHead(a);
    } else {
      stepHeads(p_, 1);
    }
  }

  float nearest(const AlikeHeads& made, float baseline) {
    std::string words = pair_;
    if (words.empty() && head_ >= 0) {
      const auto h = static_cast<std::size_t>(head_);
      const int near = made.distances.nearest[h];
      const int far = made.distances.farthest[h];
      const auto told = [&](int other) {
        return headName(other) + " (" + fixed(static_cast<double>(made.distances.at(head_, other)), 2) + ")";
      };
      words = near < 0 ? "no row of " + headName(head_) + " can be compared"
                       : "nearest to " + headName(head_) + ": " + told(near) + "; farthest: " + told(far);
    }
    if (made.distances.sampled || made.distances.keysTogether > 1) {
      words += words.empty() ? "" : "; ";
      words += "from " + grouped(made.distances.rowsRead) + " evenly spaced queries";
      if (made.distances.keysTogether > 1)
        words += ", " + grouped(made.distances.keysTogether) + " keys together";
    }
    return paragraph(ui_, Role::micro, x_, baseline, width_, ui_.u(16), ui_.c.t2, words) - ui_.u(8);
  }

  float buttons(float y) {
    const bool silent = p_.session.silenced(head_);
    const std::string_view silence = silent ? "Hear head again" : "Silence head";
    const bool able = p_.session.canSilence(head_);
    const float height = ui_.u(30);
    const float gap = ui_.u(8);
    const float half = std::floor((width_ - gap) / 2);
    const float need = std::max(buttonWidth(ui_, "Open in Explore", "Enter"), buttonWidth(ui_, silence, "X"));
    const bool beside = need <= half;
    const Box open = Box::at(x_, y, beside ? half : width_, height);
    const Box other = beside ? open.moved(half + gap, 0) : open.moved(0, height + gap);
    if (button(ui_, "heads.explore", open, "Open in Explore", "Enter")) runCommand(p_, "heads.explore");
    const std::string why = able ? "" : absence(*evaluation_->run, Stage::headOutput);
    if (button(ui_, "ablate.heads", other, silence, "X", ButtonKind::plain, able, why))
      p_.session.toggleSilence(head_);
    if (able || why.empty()) return other.y1;
    return paragraph(ui_, Role::micro, x_, other.y1 + ui_.u(16), width_, ui_.u(15), ui_.c.t2,
                     "It cannot be silenced: " + why + ".");
  }

  Panel& p_;
  Ui& ui_;
  const std::shared_ptr<const Evaluation>& evaluation_;
  int head_;
  float x_;
  float width_;
  std::string pair_;  ///< what the pointer rests on in the matrix
};

}  // namespace

void drawHeadsInspector(Panel& p) {
  if (p.layout.inspectorFolded) return;
  const InspectorRegion region(p, "heads inspector");
  const auto evaluation = p.session.evaluation();
  if (!evaluation || !evaluation->run->has(Stage::weights)) return;
  region.contentEnds(HeadsInspector(p, evaluation, region.x(), region.width()).draw(region.top()));
}

}  // namespace headlight
