#include <algorithm>
#include <cmath>
#include <map>

#include "app/panels/inspector.h"
#include "app/panels/stage_views.h"
#include "app/session/product.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/slider.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLookSlot = 52;
constexpr int kSegments = 28;

struct LinesState {
  LineRule rule;
  double firstQuery = 0;  ///< first token in sight, with its fraction
  double firstKey = 0;
  std::optional<Cell> revealed;  ///< the pin that was brought into sight
  std::uint64_t sizes = 0;       ///< rows and columns that the places belong to
};

using Line = AttentionLine;

class LinesView {
 public:
  LinesView(Panel& p, StageScene& scene, const Box& box)
      : p_(p), ui_(p.ui), scene_(scene), box_(box), state_(p.state.part<LinesState>()) {}

  void draw() {
    const float below = controls();
    place(below);
    collect();
    told(below);
    interact();
    titles();
    lines();
    labels();
    focusRing(ui_, "stage", box_.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

 private:
  std::int64_t queries() const { return scene_.field.rows; }
  std::int64_t keys() const { return scene_.field.cols; }

  /// How many and how strong; returns the y below.
  float controls() {
    const float gap = ui_.u(24);
    const float width = std::min(std::round((box_.width() - gap) / 2), ui_.u(240));
    SliderSpec most;
    most.id = "lines/most";
    most.label = "lines a query";
    most.value = state_.rule.most;
    most.minimum = 1;
    most.maximum = kStrongestKeys;
    const NumberEvent chosen = slider(ui_, Box::at(box_.x0, box_.y0, width, ui_.u(44)), most);
    if (chosen.kind == NumberEvent::Kind::reset)
      state_.rule.most = LineRule().most;
    else if (chosen.kind != NumberEvent::Kind::none && chosen.kind != NumberEvent::Kind::end)
      state_.rule.most = std::clamp(static_cast<int>(std::lround(chosen.value)), 1, kStrongestKeys);
    const auto statistics = p_.session.statistics(scene_.field.stage, scene_.field.head);
    const double top = statistics ? std::max(1e-6, static_cast<double>(statistics->maximum)) : 1.0;
    SliderSpec least;
    least.id = "lines/least";
    least.label = "of at least";
    least.value = std::min(state_.rule.least, top);
    least.maximum = top;
    least.step = top / 200;
    least.decimals = top >= 0.1 ? 3 : 5;
    const NumberEvent floor = slider(ui_, Box::at(box_.x0 + width + gap, box_.y0, width, ui_.u(44)), least);
    if (floor.kind == NumberEvent::Kind::reset)
      state_.rule.least = LineRule().least;
    else if (floor.kind != NumberEvent::Kind::none && floor.kind != NumberEvent::Kind::end)
      state_.rule.least = std::max(0.0, floor.value);
    return box_.y0 + ui_.u(46);
  }

  /// Where tokens and lines are, and which of them are in sight.
  void place(float top) {
    const float capital = ui_.fonts->face(Role::strong).capital;
    area_ = {box_.x0, top + ui_.u(46), box_.x1, box_.y1};
    area_.y1 = std::max(area_.y1, area_.y0 + ui_.u(20));
    const auto longest = static_cast<float>(std::max(queries(), keys()));
    pitch_ =
        std::clamp(std::floor(area_.height() / longest), std::max(ui_.u(17), capital + ui_.u(4)), ui_.u(30));
    inSight_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(area_.height() / pitch_));
    float widest = ui_.u(40);
    const auto measure = [&](auto label, std::int64_t count) {
      for (std::int64_t i = 0; i < std::min<std::int64_t>(count, 256); ++i)
        widest = std::max(widest, textWidth(ui_, Role::strong, label(i)));
    };
    measure([&](std::int64_t i) { return queryLabel(p_, i); }, queries());
    measure([&](std::int64_t j) { return keyLabel(p_, j); }, keys());
    const float index = textWidth(ui_, Role::numMicro, std::to_string(std::max(queries(), keys()) - 1));
    word_ = std::min(widest, box_.width() * 0.24f);
    label_ = word_ + ui_.u(8) + index;
    left_ = area_.x0 + label_ + ui_.u(14);
    right_ = area_.x1 - label_ - ui_.u(14);
    const std::uint64_t sizes =
        (static_cast<std::uint64_t>(queries()) << 32) ^ static_cast<std::uint64_t>(keys());
    if (state_.sizes != sizes) {
      state_.sizes = sizes;
      state_.firstQuery = state_.firstKey = 0;
      state_.revealed.reset();
    }
    reveal();
    clampPlaces();
  }

  double lastFirst(std::int64_t count) const {
    return std::max(0.0, static_cast<double>(count) - static_cast<double>(area_.height() / pitch_));
  }
  void clampPlaces() {
    state_.firstQuery = std::clamp(state_.firstQuery, 0.0, lastFirst(queries()));
    state_.firstKey = std::clamp(state_.firstKey, 0.0, lastFirst(keys()));
  }

  /// A pin that is new comes into sight.
  void reveal() {
    const auto pinned = p_.session.pinned();
    if (pinned == state_.revealed) return;
    state_.revealed = pinned;
    if (!pinned) return;
    const auto into = [&](double& first, std::int64_t at) {
      const auto here = static_cast<double>(at);
      const auto sight = static_cast<double>(inSight_);
      if (here < first || here + 1 > first + sight) first = here - sight / 2;
    };
    into(state_.firstQuery, pinned->row);
    into(state_.firstKey, pinned->col);
  }

  float queryY(std::int64_t i) const {
    return area_.y0 + static_cast<float>((static_cast<double>(i) - state_.firstQuery + 0.5) *
                                         static_cast<double>(pitch_));
  }
  float keyY(std::int64_t j) const {
    return area_.y0 +
           static_cast<float>((static_cast<double>(j) - state_.firstKey + 0.5) * static_cast<double>(pitch_));
  }
  bool seen(float y) const { return y > area_.y0 - 1 && y < area_.y1 + 1; }
  std::int64_t firstSeen(double first, std::int64_t count) const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(first)), 0,
                                    std::max<std::int64_t>(count - 1, 0));
  }
  std::int64_t endSeen(double first, std::int64_t count) const {
    return std::min(
        count, static_cast<std::int64_t>(std::ceil(first + static_cast<double>(area_.height() / pitch_))));
  }

  /// The lines of the queries in sight, weak ones first, and what part of the weight they are.
  void collect() {
    const std::int64_t begin = firstSeen(state_.firstQuery, queries());
    const std::int64_t end = endSeen(state_.firstQuery, queries());
    for (std::int64_t i = begin; i < end; ++i) {
      const auto block = p_.session.strongest(scene_.field.stage, scene_.field.head, i / kStrongestRows);
      const auto at = static_cast<std::size_t>(i % kStrongestRows);
      if (!block || at >= block->rows.size()) {
        ready_ = false;
        continue;
      }
      found_.add(i, block->rows[at], state_.rule);
    }
    leaving_ = std::count_if(found_.lines.begin(), found_.lines.end(),
                             [&](const Line& line) { return !seen(keyY(line.key)); });
    found_.sort();
  }

  void told(float top) {
    const float baseline = top + ui_.u(14);
    if (!ready_ && found_.lines.empty()) {
      text(ui_, Role::micro, box_.x0, baseline, ui_.c.t2, "computing");
      return;
    }
    std::string words = countText(static_cast<std::int64_t>(found_.lines.size()), "line shows", "lines show");
    words += " " + fixed(found_.total > 0 ? 100 * found_.shown / found_.total : 0, 0) + " % of the " +
             (scene_.field.stage == Stage::weights ? "weight" : "sum");
    if (queries() > inSight_)
      words += " of queries " + std::to_string(firstSeen(state_.firstQuery, queries())) + " to " +
               std::to_string(endSeen(state_.firstQuery, queries()) - 1);
    if (leaving_ > 0) words += "; " + countText(leaving_, "leads", "lead") + " to keys out of sight";
    textIn(ui_, Role::micro, {box_.x0, baseline - ui_.u(9), box_.x1, baseline}, Align::left, ui_.c.t2, words);
  }

  void titles() {
    const float baseline = area_.y0 - ui_.u(10);
    numText(ui_, area_.x0 + label_, baseline, ui_.c.q, "query", Role::labelStrong);
    text(ui_, Role::labelStrong, area_.x1 - label_, baseline, ui_.c.k, "key");
    const float middle = (left_ + right_) / 2;
    const std::string_view verb = "attends to";
    const float width = textWidth(ui_, Role::micro, verb);
    if (right_ - left_ > width + ui_.u(60)) {
      text(ui_, Role::micro, middle - width / 2, baseline, ui_.c.t2, verb);
      const float y = baseline - ui_.u(4);
      arrow(ui_, middle + width / 2 + ui_.u(6), middle + width / 2 + ui_.u(22), y, ui_.c.t2);
    }
  }

  /// Where a line is at the share t of its way.
  static float blend(float t) { return t * t * (3 - 2 * t); }
  float shareAt(float x) const {
    const float across = std::clamp((x - left_) / std::max(1.0f, right_ - left_), 0.0f, 1.0f);
    float low = 0;
    float high = 1;
    for (int step = 0; step < 20; ++step) {
      const float t = (low + high) / 2;
      const float at = 3 * (1 - t) * (1 - t) * t * kBend + 3 * (1 - t) * t * t * (1 - kBend) + t * t * t;
      (at < across ? low : high) = t;
    }
    return (low + high) / 2;
  }

  void interact() {
    const Press press = pressable(ui_, "stage", area_);
    if (press.hovered) compat::keepWheel();
    const ImGuiIO& io = ImGui::GetIO();
    const bool inside = press.hovered && area_.contains(io.MousePos);
    const bool dragging = press.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui_.u(3));
    const bool left = io.MousePos.x < left_;
    const bool right = io.MousePos.x > right_;
    const auto scroll = [&](double tokens) {
      if (!right) state_.firstQuery += tokens;
      if (!left) state_.firstKey += tokens;
      clampPlaces();
    };
    if (press.hovered && io.MouseWheel != 0) scroll(-3.0 * static_cast<double>(io.MouseWheel));
    if (dragging) scroll(-static_cast<double>(io.MouseDelta.y / pitch_));
    p_.state.mouseInMap = inside;
    if (inside && !dragging) point(io.MousePos, left, right);
    const std::optional<Cell> meant = inside ? meant_ : std::nullopt;
    if (meant) {
      p_.session.hover(meant);
    } else if (p_.session.hovered()) {
      p_.session.hover(std::nullopt);
    }
    const bool clicked = press.pressed && inside && ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
                         io.MouseDragMaxDistanceSqr[0] < ui_.u(3) * ui_.u(3);
    if (clicked && meant) {
      if (io.KeyCtrl) {
        p_.session.togglePin(*meant);
      } else {
        p_.session.pin(meant);
      }
      if (overQuery_ < 0 && overKey_ < 0) state_.revealed = p_.session.pinned();  // it is in sight already
    } else if (press.pressed && !ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !p_.session.pinned() &&
               !found_.lines.empty()) {
      p_.session.pin(Cell{found_.lines.back().query, found_.lines.back().key});
    }
    if (press.secondary && p_.session.pinned()) p_.session.pin(std::nullopt);
  }

  /// The token or the line under the pointer, and the pair that it stands for: of a token its strongest.
  void point(ImVec2 mouse, bool left, bool right) {
    if (left || right) {
      const double first = left ? state_.firstQuery : state_.firstKey;
      const auto at =
          static_cast<std::int64_t>(std::floor(first + static_cast<double>((mouse.y - area_.y0) / pitch_)));
      if (at < 0 || at >= (left ? queries() : keys())) return;
      (left ? overQuery_ : overKey_) = at;
      for (const Line& line : found_.lines) {
        if ((left ? line.query : line.key) == at) meant_ = Cell{line.query, line.key};
      }
      return;
    }
    const float t = blend(shareAt(mouse.x));
    float nearest = ui_.u(6);
    for (const Line& line : found_.lines) {
      if (!seen(keyY(line.key))) continue;
      const float y = queryY(line.query) + (keyY(line.key) - queryY(line.query)) * t;
      const float away = std::abs(y - mouse.y);
      if (away > nearest) continue;
      nearest = away;
      meant_ = Cell{line.query, line.key};
    }
  }

  bool alone(const Line& line) const {
    if (overQuery_ >= 0) return line.query == overQuery_;
    return overKey_ < 0 || line.key == overKey_;
  }

  void curve(const Line& line, float width, ImU32 colour) const {
    const float y0 = queryY(line.query);
    const float y1 = keyY(line.key);
    if (!seen(y1)) {
      // Only which way it goes: the rest would lie over everything else.
      const float way = y1 < y0 ? -1.0f : 1.0f;
      canvas()->AddBezierCubic({left_, y0}, {left_ + ui_.u(14), y0}, {left_ + ui_.u(24), y0 + way * ui_.u(2)},
                               {left_ + ui_.u(30), y0 + way * std::min(pitch_ / 2, ui_.u(8))}, colour, width,
                               8);
      return;
    }
    const float bend = (right_ - left_) * kBend;
    canvas()->AddBezierCubic({left_, y0}, {left_ + bend, y0}, {right_ - bend, y1}, {right_, y1}, colour,
                             width, kSegments);
  }

  void lines() {
    const auto range = p_.session.range(scene_.field.stage, scene_.field.head);
    const auto look = shownLook(p_, scene_.field.stage, scene_.field.head, kLookSlot);
    if (!range || !look) return;
    const auto widthOf = [&](float weight) {
      return std::max(1.2f * ui_.scale, 6.5f * ui_.scale * placeIn(*range, static_cast<double>(weight)));
    };
    const auto colourOf = [&](float weight) {
      return toColour(look->colours[static_cast<std::size_t>(colourIndex(*look, weight))]);
    };
    canvas()->PushClipRect({left_ - ui_.u(4), area_.y0 - ui_.u(4)}, {right_ + ui_.u(4), area_.y1 + ui_.u(2)},
                           true);
    const bool dark = isDark(ui_.theme);
    const float casing = 2 * std::max(1.0f, 0.8f * ui_.scale);
    for (const Line& line : found_.lines) {
      if (!alone(line)) continue;
      const float width = widthOf(line.weight);
      // The casing keeps light colours apart from a light page, and dark ones from a dark one.
      curve(line, width + casing, dark ? ui_.c.s3 : ui_.c.edge);
      curve(line, width, colourOf(line.weight));
    }
    const auto outlined = [&](std::optional<Cell> cell, bool pinned) {
      if (!cell) return;
      for (const Line& line : found_.lines) {
        if (line.query != cell->row || line.key != cell->col || !alone(line)) continue;
        const float width = std::max(widthOf(line.weight), 2 * ui_.scale);
        if (pinned) curve(line, width + ui_.u(6), IM_COL32_BLACK);
        curve(line, width + ui_.u(4), pinned ? IM_COL32_WHITE : ui_.c.t1);
        curve(line, width, colourOf(line.weight));
      }
    };
    const bool overLine = overQuery_ < 0 && overKey_ < 0;
    outlined(p_.session.pinned(), true);
    pinnedLine(colourOf);
    if (overLine && meant_) outlined(meant_, false);
    canvas()->PopClipRect();
    numbers(overLine);
  }

  /// The pinned pair, when it is none of the lines: its weight is known from its explanation.
  template <class Colour>
  void pinnedLine(Colour colourOf) {
    const auto pinned = p_.session.pinned();
    if (!pinned || pinned->row >= queries() || pinned->col >= keys()) return;
    if (!seen(queryY(pinned->row)) || !seen(keyY(pinned->col))) return;
    const auto made = p_.session.explanation(scene_.field.stage, scene_.field.head, *pinned);
    if (!made || made->masked) return;
    const Line line{pinned->row, pinned->col, made->value};
    const bool known = std::any_of(found_.lines.begin(), found_.lines.end(), [&](const Line& other) {
      return other.query == line.query && other.key == line.key;
    });
    if (known || !alone(line)) return;
    pinnedAlone_ = line;
    const float width = 1.6f * ui_.scale;
    curve(line, width + ui_.u(4), IM_COL32_BLACK);
    curve(line, width + ui_.u(2), IM_COL32_WHITE);
    curve(line, width, colourOf(line.weight));
  }

  /// The weights of the lines that stand alone, at the far end; else of the pinned and the hovered one.
  void numbers(bool overLine) {
    std::map<std::int64_t, float> atKeys;
    std::map<std::int64_t, float> atQueries;
    const auto pinned = p_.session.pinned();
    for (const Line& line : found_.lines) {
      const Cell cell{line.query, line.key};
      if (overQuery_ >= 0 && line.query == overQuery_) atKeys[line.key] = line.weight;
      if (overKey_ >= 0 && line.key == overKey_) atQueries[line.query] = line.weight;
      if (overLine && (meant_ ? *meant_ == cell : pinned && *pinned == cell)) atKeys[line.key] = line.weight;
    }
    if (pinnedAlone_ && overLine && !meant_) atKeys[pinnedAlone_->key] = pinnedAlone_->weight;
    const auto put = [&](float weight, float x, bool right, float y) {
      if (!seen(y)) return;
      const std::string words = resultText(weight);
      const float width = textWidth(ui_, Role::num, words);
      const float x0 = right ? x - width - ui_.u(8) : x;
      fill({x0, y - ui_.u(8), x0 + width + ui_.u(8), y + ui_.u(8)}, ui_.c.s0, ui_.u(3));
      text(ui_, Role::num, x0 + ui_.u(4), centredBaseline(ui_, Role::num, y, y), ui_.c.t1, words);
    };
    for (const auto& [key, weight] : atKeys) put(weight, right_, true, keyY(key));
    for (const auto& [query, weight] : atQueries) put(weight, left_, false, queryY(query));
  }

  void labels() {
    const auto pinned = p_.session.pinned();
    const auto hovered = p_.session.hovered();
    canvas()->PushClipRect({area_.x0 - ui_.u(8), area_.y0 - ui_.u(2)},
                           {area_.x1 + ui_.u(8), area_.y1 + ui_.u(2)}, true);
    for (std::int64_t i = firstSeen(state_.firstQuery, queries()); i < endSeen(state_.firstQuery, queries());
         ++i) {
      const bool lit = (hovered && hovered->row == i) || overQuery_ == i;
      label(i, queryLabel(p_, i), queryY(i), true, pinned && pinned->row == i, lit);
    }
    for (std::int64_t j = firstSeen(state_.firstKey, keys()); j < endSeen(state_.firstKey, keys()); ++j) {
      const bool lit = (hovered && hovered->col == j) || overKey_ == j;
      label(j, keyLabel(p_, j), keyY(j), false, pinned && pinned->col == j, lit);
    }
    canvas()->PopClipRect();
  }

  void label(std::int64_t at, const std::string& token, float y, bool query, bool pinned, bool lit) {
    // One that is cut by the edge would be half a word.
    const float half = std::round(std::min(pitch_ / 2, ui_.u(11)));
    if (y - half < area_.y0 - 1 || y + half > area_.y1 + 1) return;
    const Role role = pinned || lit ? Role::strong : Role::body;
    const std::string index = std::to_string(at);
    const std::string word = token == index ? "" : shortened(ui_, role, token, word_);
    const float wordWidth = word.empty() ? 0 : textWidth(ui_, role, word);
    const float indexWidth = textWidth(ui_, Role::numMicro, index);
    const float width = wordWidth + indexWidth + (word.empty() ? 0 : ui_.u(8));
    const float x0 = query ? area_.x0 + label_ - width : area_.x1 - label_;
    if (pinned) {
      const float pad = ui_.u(6);
      fill({x0 - pad, y - half, x0 + width + pad, y + half}, query ? ui_.c.q : ui_.c.k, ui_.u(4));
    }
    const ImU32 ink = pinned ? ui_.c.s1 : ui_.c.t1;
    const ImU32 indexInk = pinned ? ui_.c.s1 : lit ? ui_.c.t1 : ui_.c.t2;
    const float indexX = query ? x0 : x0 + width - indexWidth;
    const float wordX = query ? x0 + width - wordWidth : x0;
    text(ui_, Role::numMicro, indexX, centredBaseline(ui_, Role::numMicro, y, y), indexInk, index);
    if (!word.empty()) text(ui_, role, wordX, centredBaseline(ui_, role, y, y), ink, word);
  }

  static constexpr float kBend = 0.45F;
  Panel& p_;
  Ui& ui_;
  StageScene& scene_;
  Box box_;
  LinesState& state_;
  Box area_;
  float pitch_ = 1;
  std::int64_t inSight_ = 1;
  float word_ = 0;   ///< widest word of a label
  float label_ = 0;  ///< width of a label with its index
  float left_ = 0;   ///< where lines begin and end
  float right_ = 0;
  AttentionLines found_;
  std::int64_t leaving_ = 0;
  bool ready_ = true;
  std::int64_t overQuery_ = -1;
  std::int64_t overKey_ = -1;
  std::optional<Cell> meant_;  ///< the pair under the pointer
  std::optional<Line> pinnedAlone_;
};

}  // namespace

void drawLinesView(Panel& p, StageScene& scene, const Box& box) {
  LinesView(p, scene, box).draw();
}

}  // namespace headlight
