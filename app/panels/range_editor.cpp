#include "app/panels/range_editor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/slider.h"
#include "core/base/number.h"
#include "core/text/special.h"

namespace headlight {
namespace {

constexpr RangeMode kShared{"", "shared", "shared", "One scale for all scores"};
constexpr RangeMode kUnit{"unit", "unit", "0–1", "0 to 1"};
constexpr RangeMode kMaximum{"zero_max", "zero_max", "0–max", "0 to the maximum"};
constexpr RangeMode kTimes{"times_uniform", "times_uniform", "× n", "Multiples of uniform"};
constexpr RangeMode kLog{"log", "log", "log", "Logarithmic"};
constexpr RangeMode kRobust{"robust", "robust", "2–98 %", "2 to 98 % of the values"};
constexpr RangeMode kSymmetric{"symmetric", "symmetric", "± max", "± the largest magnitude"};
constexpr RangeMode kCustom{"custom", "custom", "own ends", "From and to"};

constexpr std::array kOfWeights{kUnit, kMaximum, kTimes, kLog};
constexpr std::array kOfSigned{kSymmetric, kRobust};
constexpr std::array kOfScores{kShared, kSymmetric, kRobust};
constexpr std::array kAll{kUnit, kMaximum, kTimes, kLog, kRobust, kSymmetric, kCustom};

bool sharesScores(Stage stage) {
  return rangeStage(stage, true) == Stage::dot;
}

/// Beyond this nobody chooses keys one by one.
constexpr std::size_t kMostChosen = 4096;

/// What is remembered between frames.
struct RangePopup {
  std::string keys;   ///< as typed
  std::string shown;  ///< what the view held when `keys` was taken from it
  bool refused = false;
  std::weak_ptr<const Evaluation> specialOf;
  std::vector<std::int64_t> special;
};

const std::vector<Token>& keyTokens(const Panel& p) {
  return p.session.evaluation()->prepared->keyTokens;
}

const std::vector<std::int64_t>& specialKeys(Panel& p) {
  RangePopup& popup = p.state.part<RangePopup>();
  if (popup.specialOf.lock() == p.session.evaluation()) return popup.special;
  popup.specialOf = p.session.evaluation();
  popup.special.clear();
  const std::vector<Token>& tokens = keyTokens(p);
  for (std::size_t j = 0; j < tokens.size() && popup.special.size() < kMostChosen; ++j) {
    if (isSpecialToken(tokens[j].label)) popup.special.push_back(static_cast<std::int64_t>(j));
  }
  return popup.special;
}

bool allOut(const Panel& p, std::span<const std::int64_t> keys) {
  const auto& out = p.session.view().leaveOut;
  return !keys.empty() && std::all_of(keys.begin(), keys.end(), [&](std::int64_t key) {
    return std::find(out.begin(), out.end(), key) != out.end();
  });
}

/// Decimals that tell two hundredths of the span apart.
int decimalsFor(const Range& range) {
  const double span = range.high - range.low;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(std::max(span, 1e-12)))), 0, 8);
}

}  // namespace

std::span<const RangeMode> briefRangeModes(Stage stage) {
  if (sharesScores(stage)) return kOfScores;
  if (info(stage).isSigned) return kOfSigned;
  return kOfWeights;
}

std::vector<RangeMode> allRangeModes(Stage stage) {
  std::vector<RangeMode> all;
  all.reserve(kAll.size() + 1);
  if (sharesScores(stage)) all.push_back(kShared);
  all.insert(all.end(), kAll.begin(), kAll.end());
  return all;
}

std::string_view rangeModeNow(const Panel& p, Stage stage) {
  const ViewSpec& view = p.session.view();
  if (!view.range.empty() || sharesScores(stage)) return view.range;
  return defaultRangeMode(stage, p.session.evaluation()->run->sizes.keys);
}

void setRangeMode(Panel& p, std::string_view word) {
  ViewSpec next = p.session.view();
  if (word == "custom" && next.range != "custom") {
    // From where the colours are now.
    const auto range = p.session.range(next.stage, next.head);
    if (range) next.customRange = {range->low, range->high};
  }
  next.range = word;
  p.session.setView(next);
}

void setRangeEnd(Panel& p, const Range& now, Stage stage, bool high, double value) {
  ViewSpec next = p.session.view();
  const double least = std::max(1e-9, 1e-4 * (now.high - now.low));
  if (info(stage).isSigned) {
    const double size = std::max(std::abs(value), least);
    next.customRange = {-size, size};
  } else if (high) {
    next.customRange = {now.low, std::max(value, now.low + least)};
  } else {
    next.customRange = {std::min(value, now.high - least), now.high};
  }
  next.range = "custom";
  p.session.setView(next);
}

void resetRange(Panel& p) {
  ViewSpec next = p.session.view();
  next.range.clear();
  next.customRange = {0, 1};
  next.leaveOut.clear();
  next.sharedRange = true;
  next.colormap.clear();
  p.session.setView(next);
}

bool rangeTouched(const Panel& p) {
  const ViewSpec& view = p.session.view();
  return !view.range.empty() || !view.leaveOut.empty() || !view.sharedRange || !view.colormap.empty();
}

bool hasKeyAxis(Stage stage) {
  return info(stage).rows == Axis::key || info(stage).cols == Axis::key;
}

std::string keysText(const std::vector<std::int64_t>& keys) {
  std::vector<std::int64_t> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i + 1;
    while (end < sorted.size() && sorted[end] == sorted[end - 1] + 1) ++end;
    if (!text.empty()) text += ", ";
    text += std::to_string(sorted[i]);
    if (end - i > 1) text += (end - i > 2 ? "–" : ", ") + std::to_string(sorted[end - 1]);
    i = end;
  }
  return text;
}

std::string leftOutWords(const Panel& p, Stage stage) {
  const auto& out = p.session.view().leaveOut;
  if (out.empty() || !hasKeyAxis(stage)) return "";
  if (out.size() == 1) return "key " + std::to_string(out.front()) + " left out";
  const std::string keys = keysText(out);
  if (keys.size() <= 16) return "keys " + keys + " left out";
  return grouped(static_cast<std::int64_t>(out.size())) + " keys left out";
}

void leaveOutKeys(Panel& p, std::span<const std::int64_t> keys, bool out) {
  ViewSpec next = p.session.view();
  std::erase_if(next.leaveOut,
                [&](std::int64_t key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); });
  if (out) next.leaveOut.insert(next.leaveOut.end(), keys.begin(), keys.end());
  std::sort(next.leaveOut.begin(), next.leaveOut.end());
  p.session.setView(next);
}

std::optional<std::vector<std::int64_t>> readKeys(const Panel& p, std::string_view text) {
  const std::vector<Token>& tokens = keyTokens(p);
  const auto count = static_cast<std::int64_t>(tokens.size());
  std::vector<std::int64_t> keys;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string word(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t first = word.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    word = word.substr(first, word.find_last_not_of(' ') + 1 - first);
    std::size_t dash = word.find("–");
    const std::size_t dashBytes = dash == std::string::npos ? 1 : 3;
    if (dash == std::string::npos) dash = word.find('-');
    const auto from = parseInteger(dash == std::string::npos ? word : word.substr(0, dash));
    const auto to = dash == std::string::npos ? from : parseInteger(word.substr(dash + dashBytes));
    const std::size_t before = keys.size();
    if (from && to && *from >= 0 && *to >= *from && *to < count) {
      for (std::int64_t key = *from; key <= *to && keys.size() < kMostChosen; ++key) keys.push_back(key);
    } else {
      for (std::int64_t key = 0; key < count && keys.size() < kMostChosen; ++key) {
        if (tokens[static_cast<std::size_t>(key)].label == word) keys.push_back(key);
      }
    }
    if (keys.size() == before) return std::nullopt;
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void colourRamp(const Colormap& map, const Box& box) {
  const auto width = static_cast<int>(box.width());
  for (int x = 0; x < width; ++x) {
    const auto index = static_cast<std::size_t>(std::clamp(x * 256 / std::max(1, width), 0, 255));
    const float at = box.x0 + static_cast<float>(x);
    fill({at, box.y0, at + 1, box.y1}, toColour(map.colours[index]));
  }
}

double placeOn(const Range& range, double value) {
  if (!range.logarithmic) return (value - range.low) / (range.high - range.low);
  return value <= 0 ? 0.0 : std::log(value / range.low) / std::log(range.high / range.low);
}

namespace {

class MorePopup {
 public:
  MorePopup(Panel& p, const StageScene& s, const Range& range) : p_(p), ui_(p.ui), s_(s), range_(range) {}

  static Box place(const Ui& ui, const StageScene& s, const Box& button) {
    const float rows = static_cast<float>(allRangeModes(s.field.stage).size());
    const float height = ui.u(130) + rows * ui.u(24);
    return Box::at(button.x1 - ui.u(476), button.y0 - height - ui.u(6), ui.u(476), height);
  }

  void draw(ImVec2 at) {
    const float y = at.y + ui_.u(12);
    ranges(at.x + ui_.u(12), y, ui_.u(218));
    vertical(at.x + ui_.u(240), y, y + ui_.u(104) + rowsHeight(), ui_.c.line, ui_.u(1));
    colours(at.x + ui_.u(252), y, ui_.u(212));
  }

 private:
  float rowsHeight() const { return ui_.u(24) * static_cast<float>(allRangeModes(s_.field.stage).size()); }

  void ranges(float x, float y, float width) {
    sectionHead(ui_, x + ui_.u(8), y + ui_.u(14), "Range");
    y += ui_.u(22);
    const std::string_view now = rangeModeNow(p_, s_.field.stage);
    for (const RangeMode& mode : allRangeModes(s_.field.stage)) {
      const Box row = Box::at(x, y, width, ui_.u(24));
      if (listRow(ui_, "range/mode=" + std::string(mode.id), row, mode.words, "", mode.word == now))
        setRangeMode(p_, mode.word);
      y += ui_.u(24);
    }
    y += ui_.u(4);
    ends(x + ui_.u(26), y, width - ui_.u(26));
    y += ui_.u(34);
    constexpr std::string_view kWords[] = {"all heads alike", "each head"};
    constexpr std::string_view kIds[] = {"shared", "head"};
    const bool shared = p_.session.view().sharedRange;
    const int pressed =
        segmented(ui_, "range/scope", Box::at(x, y, width, ui_.u(26)), kWords, shared ? 0 : 1, kIds);
    if (pressed < 0) return;
    ViewSpec next = p_.session.view();
    next.sharedRange = pressed == 0;
    p_.session.setView(next);
  }

  void ends(float x, float y, float width) {
    const float field = ui_.u(76);
    const int decimals = decimalsFor(range_);
    const auto one = [&](std::string_view id, float at, double value, bool high) {
      const NumberEvent event =
          numberField(ui_, id, Box::at(at, y + ui_.u(2), field, ui_.u(22)), value, decimals);
      if (event.kind == NumberEvent::Kind::reset) setRangeMode(p_, "");
      if (event.kind != NumberEvent::Kind::set) return;
      ViewSpec next = p_.session.view();
      next.customRange = high ? std::array{range_.low, event.value} : std::array{event.value, range_.high};
      if (next.customRange[0] > next.customRange[1]) std::swap(next.customRange[0], next.customRange[1]);
      next.range = "custom";
      p_.session.setView(next);
    };
    one("range/from", x, range_.low, false);
    const float to = x + width - field;
    textIn(ui_, Role::micro, {x + field, y, to, y + ui_.u(26)}, Align::centre, ui_.c.t2, "to");
    one("range/to", to, range_.high, true);
  }

  void colours(float x, float y, float width) {
    sectionHead(ui_, x + ui_.u(8), y + ui_.u(14), "Colours");
    y += ui_.u(22);
    const bool isSigned = info(s_.field.stage).isSigned;
    const Colormap& now = shownColormap(p_, s_.field.stage);
    for (const Colormap& map : colormaps()) {
      if (map.diverging != isSigned) continue;
      const Box row = Box::at(x, y, width, ui_.u(24));
      if (listRow(ui_, "range/colours=" + std::string(map.id), row, map.label, "", map.id == now.id)) {
        ViewSpec next = p_.session.view();
        next.colormap = map.id;
        p_.session.setView(next);
      }
      colourRamp(map, {row.x1 - ui_.u(84), row.y0 + ui_.u(7), row.x1 - ui_.u(8), row.y1 - ui_.u(7)});
      y += ui_.u(24);
    }
    y += ui_.u(14);
    leftOut(x, y, width);
    const float bottom = ui_.u(26);
    const Box reset =
        Box::at(x + width - ui_.u(90),
                ImGui::GetWindowPos().y + ImGui::GetWindowHeight() - ui_.u(12) - bottom, ui_.u(90), bottom);
    if (button(ui_, "range/reset_all", reset, "Reset", "", ButtonKind::plain, rangeTouched(p_),
               "nothing was changed"))
      resetRange(p_);
  }

  void leftOut(float x, float y, float width) {
    sectionHead(ui_, x + ui_.u(8), y + ui_.u(14), "Left out of the scale");
    y += ui_.u(22);
    if (!hasKeyAxis(s_.field.stage)) {
      textIn(ui_, Role::micro, Box::at(x + ui_.u(8), y, width, ui_.u(20)), Align::left, ui_.c.t2,
             "This stage has no keys");
      return;
    }
    const std::int64_t first[] = {0};
    keysRow("range/leave=first", x, y, width, "first key", first);
    y += ui_.u(24);
    const auto& special = specialKeys(p_);
    keysRow("range/leave=special", x, y, width,
            special.empty() ? "no special tokens"
                            : "special tokens (" + grouped(static_cast<std::int64_t>(special.size())) + ")",
            special);
    y += ui_.u(28);
    RangePopup& popup = p_.state.part<RangePopup>();
    if (const std::string held = keysText(p_.session.view().leaveOut); popup.shown != held) {
      popup.shown = popup.keys = held;
      popup.refused = false;
    }
    const Box field = Box::at(x, y, width, ui_.u(26));
    const FieldEvent event = lineField(ui_, "range/leave/keys", field, popup.keys, "keys, as 0, 3–5, [SEP]");
    if (event.changed) popup.refused = false;
    if (event.done) {
      const auto keys = readKeys(p_, popup.keys);
      popup.refused = !keys;
      if (keys) {
        ViewSpec next = p_.session.view();
        next.leaveOut = *keys;
        p_.session.setView(next);
      }
    }
    if (!popup.refused) return;
    frame(field, ui_.c.err, ui_.u(1), ui_.u(3));
    textIn(ui_, Role::micro, {x, field.y1 + ui_.u(4), x + width - ui_.u(98), field.y1 + ui_.u(20)},
           Align::left, ui_.c.err, "There is no such key");
  }

  void keysRow(std::string_view id, float x, float y, float width, std::string_view words,
               std::span<const std::int64_t> keys) {
    const bool on = allOut(p_, keys);
    const Box row = Box::at(x + ui_.u(8), y, width - ui_.u(8), ui_.u(24));
    textIn(ui_, Role::body, row, Align::left, keys.empty() ? ui_.c.t3 : ui_.c.t1, words);
    if (toggle(ui_, id, {row.x1 - ui_.u(36), row.y0, row.x1 - ui_.u(8), row.y1}, on, !keys.empty()))
      leaveOutKeys(p_, keys, !on);
  }

  Panel& p_;
  Ui& ui_;
  const StageScene& s_;
  const Range& range_;
};

}  // namespace

void drawRangeMore(Panel& p, const StageScene& s, const Range& range, const Box& box) {
  Ui& ui = p.ui;
  dropDown(ui, "range/more", box, "");
  ui.tip("range/more", box, ImGui::IsMouseHoveringRect(box.min(), box.max()) && !ui.popupIs("range/more"),
         "All ranges, colours, and keys left out of the scale");
  if (!ui.popupIs("range/more")) return;
  const Popup popup(ui, "range/more", MorePopup::place(ui, s, box));
  if (!popup) return;
  MorePopup(p, s, range).draw(ImGui::GetWindowPos());
}

}  // namespace headlight
