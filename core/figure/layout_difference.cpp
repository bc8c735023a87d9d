#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/figure/axis.h"
#include "core/figure/compared_maps.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/text_layout.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 183;  // mm, two columns of a journal
constexpr double kLargestCell = 4.5;
constexpr double kTallest = 120;
constexpr double kLeastMarked = 1.2;  // mm of cell
constexpr std::size_t kLongestName = 40;

class DifferenceFigure : private ComparedMaps {
 public:
  explicit DifferenceFigure(Scene& scene) : ComparedMaps(scene) {}

  Status draw() {
    if (Status status = choose(); !status) return status;
    if (Status status = read(); !status) return status;
    if (Status status = place(); !status) return status;
    if (Status status = drawAll(); !status) return status;
    tell();
    return {};
  }

 private:
  Status place() {
    const double em = scene_.em();
    const bool isMatrix = !isMap(sides_[0].stage);
    transposed_ = !isMatrix && scene_.evaluation.experiment.view.queryColumns;
    axes_ = pageAxes(difference_->first(), part_, transposed_);
    const double asked = scene_.spec.widthMm > 0 ? scene_.spec.widthMm : kUsualWidth;
    const double longest = std::min(22.0, 0.14 * asked);
    const auto rows = static_cast<double>(axes_.down.count);
    const auto cols = static_cast<double>(axes_.across.count);
    operator_ = 3 * em;
    cellH_ = 3;
    const double tallest = std::min(kTallest, scene_.stackLimit);
    for (int pass = 0; pass < 3; ++pass) {
      rowLabels_ = axisLabels(scene_, axes_.down.axis, axes_.down.count, cellH_,
                              pass < 2 ? longest : rowLabels_.widest, axes_.down.first);
      auto lanes = bracketLanes(scene_, axes_.down, cellH_);
      if (!lanes) return lanes.error();
      rowBrackets_ = std::move(*lanes);
      if (pass == 2) break;
      left_ = scene_.margin() + 1.65 * scene_.line() + rowBrackets_.depth + rowLabels_.widest + 0.5 * em;
      const double room = (asked - scene_.margin() - left_ - 2 * operator_) / 3;
      if (Status status = checkRoom(room, asked); !status) return status;
      cellW_ = room / cols;
      if (scene_.spec.widthMm <= 0) cellW_ = std::min(cellW_, kLargestCell);
      cellH_ = isMatrix ? std::max(cellW_, std::min(1.0, 80 / rows)) : cellW_;
      cellH_ = std::min(cellH_, tallest / rows);
      if (!isMatrix) cellW_ = cellH_;
    }
    mapW_ = cellW_ * cols;
    mapH_ = cellH_ * rows;
    scene_.stack = mapH_;
    if (Status status = checkRoom(std::min(mapW_, mapH_ * 4), asked); !status) return status;
    colLabels_ =
        columnLabels(scene_, axes_.across.axis, axes_.across.count, cellW_, longest, axes_.across.first);
    auto lanes = bracketLanes(scene_, axes_.across, cellW_);
    if (!lanes) return lanes.error();
    colBrackets_ = std::move(*lanes);
    right_ = left_ + 3 * mapW_ + 2 * operator_;
    right_ =
        scene_.spec.widthMm > 0 ? scene_.spec.widthMm - scene_.margin() : std::max(right_, left_ + 60 * em);
    pooling_ = printedPooling(difference_->first(), part_, transposed_, mapW_, mapH_, scene_.spec.dpi);
    return checkNumbers(scene_, pooling_, cellW_, cellH_);
  }

  double panelX(int n) const { return left_ + n * (mapW_ + operator_); }

  // In at most `width` mm.
  Text fitted(const Side& side, double size, int weight, double width) const {
    if (side.isMarkup) return mathText(scene_, side.name, size, weight, scene_.colours.t1);
    Text text{{words(scene_, side.name, size, weight)}};
    for (std::size_t keep = kLongestName; keep > 1 && measure(text).width > width; --keep)
      text.pieces[0].text = shortLabel(side.name, keep);
    return text;
  }

  // "H0 − H2" where both names are short, else "first − second".
  Text differenceName(double width) const {
    Text text;
    for (const Side& side : sides_) {
      Side brief = side;
      brief.name = briefName(side);
      Text name = fitted(brief, 1, 600, 1e9);
      if (!text.pieces.empty()) {
        TextPiece minus = words(scene_, "−", 1, 600);
        minus.gapMm = name.pieces.front().gapMm = 0.35 * scene_.em();
        text.pieces.push_back(minus);
      }
      text.pieces.insert(text.pieces.end(), name.pieces.begin(), name.pieces.end());
    }
    if (measure(text).width <= width) return text;
    text = {{words(scene_, "first − second", 1, 600)}};
    for (const char* name : {"difference", "diff."}) {
      if (measure(text).width > width) text = {{words(scene_, name, 1, 600)}};
    }
    return measure(text).width <= width ? text : Text{{words(scene_, "Δ", 1, 600)}};
  }

  Status drawAll() {
    const double em = scene_.em();
    const double width = right_ - left_;
    double y = scene_.margin();
    const bool own = scene_.spec.title.empty();
    const double title = drawTitle(scene_, left_, y, width, own ? titleText() : scene_.spec.title,
                                   own ? commonText() : "", "");
    y += title + (title > 0 ? 0.6 * em : 0);
    const double top = y;
    const double mapTop = y + 1.35 * scene_.line();
    const double captionRoom = mapW_ + operator_ - 0.8 * em;
    SeenLooks seen;
    const MapLook both = makeLook(bothRange_, *map_, scene_.theme());
    const MapLook signedLook = makeLook(range_, *differenceMap_, scene_.theme());
    for (int n = 0; n < 3; ++n) {
      const Rect area{panelX(n), mapTop, mapW_, mapH_};
      const bool isDifference = n == 2;
      const double room = isDifference ? right_ - area.x : captionRoom;
      Text letter;
      addLetter(scene_, n, letter);
      const double rest = room - (letter.pieces.empty() ? 0 : measure(letter).width + 0.7 * em);
      Text caption =
          isDifference ? differenceName(rest) : fitted(sides_[static_cast<std::size_t>(n)], 1, 600, rest);
      addLetter(scene_, n, caption);
      scene_.drawing.text({area.x, mapTop - 0.45 * em}, caption, Anchor::start, false);
      auto pixels = isDifference
                        ? readPixels(*difference_, part_, transposed_, pooling_, scene_.pool, scene_.cancel)
                        : readPixels(n == 0 ? difference_->first() : difference_->second(), part_,
                                     transposed_, pooling_, scene_.pool, scene_.cancel);
      if (!pixels) return pixels.error();
      const bool isWeight = !isDifference && sides_[static_cast<std::size_t>(n)].stage == Stage::weights;
      const char* const names[] = {"first", "second", "difference"};
      seen.add(drawMap(scene_, *pixels, area, isDifference ? signedLook : both, isWeight, true, names[n]));
      drawHighlights(scene_, area, part_, transposed_);
      drawColumnLabels(scene_, colLabels_, area.x, area.bottom() + 0.5 * em, cellW_, true);
      drawColumnBrackets(scene_, colBrackets_, area.x, area.bottom() + 0.8 * em + colLabels_.widest, true);
      if (isDifference) markLargest(area);
    }
    const char* const operators[] = {"−", "="};
    for (int n = 0; n < 2; ++n) {
      const TextPiece piece = words(scene_, operators[n], 1.4);
      scene_.drawing.text({panelX(n) + mapW_ + operator_ / 2, mapTop + mapH_ / 2 + halfHeight(piece.sizePt)},
                          {{piece}}, Anchor::middle, false);
    }
    drawRowLabels(scene_, rowLabels_, left_ - 0.5 * em, mapTop, cellH_);
    drawRowBrackets(scene_, rowBrackets_, left_ - 0.8 * em - rowLabels_.widest, mapTop);
    y = mapTop + mapH_ + 0.5 * em + colLabels_.widest + colBrackets_.depth +
        (colLabels_.cells.empty() ? 0 : 0.4 * em);
    drawLevelTitle(scene_, axisTitle(scene_, axes_.across.axis), left_, panelX(2) + mapW_, right_,
                   y + 0.8 * scene_.line());
    y += scene_.line() + 0.8 * em;
    // The list stands between the two bars where it has the room.
    const double keyTop = y;
    const bool between =
        scene_.spec.showBar && lists() && panelX(1) + listWidth() + 1.5 * em <= panelX(2) && mapW_ >= 16 * em;
    y += drawKeys(seen, y, between);
    addNotes();
    if (between) {
      y = std::max(y, keyTop + drawList(panelX(1), panelX(2) - 1.5 * em, keyTop));
      y += 0.4 * em;
    } else {
      y += 0.4 * em;
      y += drawList(left_, right_, y);
    }
    y += drawNotes(scene_, left_, y, width);
    const Text rowTitle = axisTitle(scene_, axes_.down.axis);
    const double bottom = std::max(y, top + measure(rowTitle).width);
    drawUprightTitle(scene_, rowTitle, scene_.margin(), mapTop + mapH_ / 2, top, bottom);
    scene_.drawing.width = right_ + scene_.margin();
    scene_.drawing.height = bottom + scene_.margin();
    return {};
  }

  std::string titleText() const {
    if (byStage_) return "Difference of two stages";
    std::string name(info(sides_[0].stage).title);
    return "Difference: " + lowered(name.substr(0, 1)) + name.substr(1);
  }
  // What both have in common.
  std::string commonText() const {
    std::string text;
    if (!byHead_ && info(sides_[0].stage).perHead) text = nameOf(*sides_[0].evaluation, sides_[0].head);
    return text;
  }

  // The bar of both under the first two maps, the difference's under its own.
  double drawKeys(const SeenLooks& seen, double y, bool between) {
    const double em = scene_.em();
    double taken = 0;
    if (scene_.spec.showBar) {
      ColourBar both{bothRange_, map_, barLabel(shownAs_), ruleText(bothRange_), left_, 0, false};
      ColourBar own{range_, differenceMap_, "difference", ruleText(range_), 0, 0, false};
      own.left = std::max(panelX(2), std::min(right_ - 17 * em, left_ + (right_ - left_) * 0.6));
      own.left = std::min(own.left, panelX(2));
      own.left = std::max(own.left, left_ + 14 * em);
      // On a narrow page one under the other.
      const bool stacked = !between && right_ - own.left < 9 * em;
      if (stacked) own.left = left_;
      const double bothRoom = between ? mapW_ : stacked ? right_ - left_ : own.left - left_ - 2 * em;
      both.width = std::min(24 * em, bothRoom - (between || stacked ? 0 : 0.4 * em));
      own.width = std::min(24 * em, right_ - own.left);
      fitRule(scene_, both, bothRoom);
      fitRule(scene_, own, right_ - own.left);
      drawBar(scene_, both, y);
      if (stacked) taken = barHeight(scene_) + 0.4 * em;
      drawBar(scene_, own, y + taken);
      taken += barHeight(scene_);
      taken += drawSides(own, y + taken);
      const double legendLeft = left_ + std::max(both.width, barLabelWidth(scene_, both)) + 2.2 * em;
      if (!between && !stacked && legendWidth(scene_, seen) > 0 &&
          legendLeft + legendWidth(scene_, seen) <= own.left - em) {
        drawLegend(scene_, seen, legendLeft, y + 1.3 * scene_.line() - 0.18 * em, own.left - legendLeft);
        return taken;
      }
    }
    if (legendWidth(scene_, seen) <= 0) return taken;
    if (taken > 0) taken += 0.4 * em;
    return taken + drawLegend(scene_, seen, left_, y + taken, right_ - left_);
  }

  // Which end of the difference's bar is whose.
  double drawSides(const ColourBar& bar, double y) {
    const double half = bar.width / 2 - 0.5 * scene_.em();
    // By their names where those fit.
    for (const bool named : {true, false}) {
      const Text second = sideText("← more in ", 1, "", named);
      const Text first = sideText("more in ", 0, " →", named);
      if (std::max(measure(first).width, measure(second).width) > half) continue;
      const double baseline = y + 0.6 * scene_.line();
      scene_.drawing.text({bar.left, baseline}, second, Anchor::start, false);
      scene_.drawing.text({bar.left + bar.width, baseline}, first, Anchor::end, false);
      return 0.9 * scene_.line();
    }
    return 0;
  }

  Text sideText(const std::string& before, std::size_t n, const std::string& after, bool named) const {
    const Side& side = sides_[n];
    if (!named) return {{faint(scene_, before + (n == 0 ? "first" : "second") + after, 0.86)}};
    const std::string name = briefName(side);
    if (side.isMarkup) return mathText(scene_, before + name + after, 0.86, 400, scene_.colours.t2);
    return {{faint(scene_, before + name + after, 0.86)}};
  }

  void markLargest(const Rect& area) {
    if (pooling_.any() || std::min(cellW_, cellH_) < kLeastMarked || !lists()) return;
    std::vector<Segment> sides;
    for (const CellDifference& cell : largest_.cells) {
      if (cell.row < part_.rowFirst || cell.row >= part_.rowEnd || cell.col < part_.colFirst ||
          cell.col >= part_.colEnd)
        continue;
      const std::int64_t r = transposed_ ? cell.col - part_.colFirst : cell.row - part_.rowFirst;
      const std::int64_t c = transposed_ ? cell.row - part_.rowFirst : cell.col - part_.colFirst;
      const double d = 0.1;
      const Rect a{area.x + static_cast<double>(c) * cellW_ + d, area.y + static_cast<double>(r) * cellH_ + d,
                   cellW_ - 2 * d, cellH_ - 2 * d};
      sides.push_back({{a.x - d, a.y}, {a.right() + d, a.y}});
      sides.push_back({{a.right(), a.y}, {a.right(), a.bottom()}});
      sides.push_back({{a.right() + d, a.bottom()}, {a.x - d, a.bottom()}});
      sides.push_back({{a.x, a.bottom()}, {a.x, a.y}});
    }
    if (!sides.empty()) scene_.drawing.lines(sides, 2 * 0.1, scene_.colours.t1);
  }

  // The largest differences, a line each, their sums aligned at the right of the longest name.
  double listWidth() const {
    double names = 0;
    double sums = 0;
    for (const CellDifference& cell : largest_.cells) {
      names = std::max(names, measure({{faint(scene_, cellName(cell), 0.86)}}).width);
      sums = std::max(sums, measure({{digits(scene_, sumText(cell), 0.82)}}).width);
    }
    return std::max(names + 1.2 * scene_.em() + sums, 12 * scene_.em());
  }

  // Where the page bounds the maps they come first: the list stands in the alternative text.
  bool lists() const { return scene_.spec.showNotes && !std::isfinite(scene_.stackLimit); }

  double drawList(double left, double right, double y) {
    if (!lists()) return 0;
    const double line = scene_.sized(0.86) / scene_.pt() * scene_.line() * 1.06;
    double at = y;
    const auto say = [&](const std::string& text) {
      scene_.drawing.text({left, at + 0.8 * line}, {{words(scene_, text, 0.86, 600)}}, Anchor::start, false);
      at += line;
    };
    if (largest_.cells.empty()) {
      say("No cell differs");
      return at - y + 0.3 * scene_.em();
    }
    const bool several = largest_.cells.size() > 1;
    say(several ? "Largest differences" : "Largest difference");
    const double end = std::min(right, left + listWidth());
    for (const CellDifference& cell : largest_.cells) {
      const TextPiece sum = digits(scene_, sumText(cell), 0.82);
      const double room = end - left - measure({{sum}}).width - 0.8 * scene_.em();
      TextPiece name = faint(scene_, cellName(cell), 0.86);
      const std::string full = name.text;
      for (std::size_t keep = 60; keep > 1 && measure({{name}}).width > room; --keep)
        name.text = shortLabel(full, keep);
      scene_.drawing.text({left, at + 0.8 * line}, {{name}}, Anchor::start, false);
      scene_.drawing.text({end, at + 0.8 * line}, {{sum}}, Anchor::end, false);
      at += line;
    }
    return at - y + 0.3 * scene_.em();
  }

  void addNotes() {
    if (largest_.sampled) scene_.notes.push_back("largest differences among evenly spaced rows");
    if (pooling_.any()) {
      const bool isSigned = info(sides_[0].stage).isSigned;
      scene_.notes.push_back(poolingNote(pooling_, isSigned, transposed_) +
                             (isSigned ? "" : "; of the difference largest magnitude"));
    }
    if (const std::string part = partNote(difference_->first(), part_); !part.empty())
      scene_.notes.push_back(part);
    if (!byExperiment_) return;
    const Prepared& a = *sides_[0].evaluation->prepared;
    const Prepared& b = *sides_[1].evaluation->prepared;
    const auto same = [](const std::vector<Token>& x, const std::vector<Token>& y) {
      return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                        [](const Token& s, const Token& t) { return s.label == t.label; });
    };
    if (!same(a.queryTokens, b.queryTokens) || !same(a.keyTokens, b.keyTokens))
      scene_.notes.push_back("the tokens are those of " + sides_[0].name + "; " + sides_[1].name +
                             " has others");
    if (b.origin.chip != a.origin.chip) scene_.notes.push_back(sides_[1].name + ": " + b.origin.chip);
    const std::string wrong = mistakeText(sides_[1].evaluation->experiment);
    if (!wrong.empty() && wrong != mistakeText(scene_.evaluation.experiment))
      scene_.notes.push_back(sides_[1].name + ": " + wrong);
  }

  void tell() {
    const Evaluation& evaluation = scene_.evaluation;
    const Field& field = difference_->first();
    std::string text = "Three heatmaps of " + lowered(std::string(info(sides_[0].stage).title).substr(0, 1)) +
                       std::string(info(sides_[0].stage).title).substr(1) + ": " + sides_[0].name + ", " +
                       sides_[1].name + ", and the first minus the second; ";
    text += isMap(field.stage()) ? countText(field.rows(), "query", "queries") + " in rows, " +
                                       countText(field.cols(), "key", "keys") + " in columns, " +
                                       maskNames(evaluation.experiment.mask) + "."
                                 : grouped(field.rows()) + " rows, " + grouped(field.cols()) + " columns.";
    std::vector<std::string> told;
    for (const CellDifference& cell : largest_.cells) {
      if (told.size() == 3) break;
      told.push_back(cellName(cell) + ", " + sumText(cell));
    }
    if (told.empty()) text += " No cell differs.";
    for (std::size_t n = 0; n < told.size(); ++n)
      text += (n == 0 ? " Largest differences: " : "; ") + told[n] + (n + 1 == told.size() ? "." : "");
    text += " Numbers: " + evaluation.prepared->origin.chip + ".";
    const std::string wrong = mistakeText(evaluation.experiment);
    scene_.altText = wrong.empty() ? text : text + " " + wrong;
    scene_.panels.push_back(panelOf(difference_->first(), bothRange_, *map_, transposed_));
    scene_.panels.push_back(panelOf(difference_->second(), bothRange_, *map_, transposed_));
    scene_.panels.push_back(panelOf(*difference_, range_, *differenceMap_, transposed_));
    for (DrawnPanel& panel : scene_.panels) panel.part = part_;
  }

  bool transposed_ = false;
  PageAxes axes_;
  AxisLabels rowLabels_;
  AxisLabels colLabels_;
  BracketLanes rowBrackets_;
  BracketLanes colBrackets_;
  Pooling pooling_;
  double operator_ = 0;  ///< width between two maps
  double left_ = 0;
  double right_ = 0;
  double cellW_ = 0;
  double cellH_ = 0;
  double mapW_ = 0;
  double mapH_ = 0;
};

}  // namespace

Status drawDifference(Scene& scene) {
  return DifferenceFigure(scene).draw();
}

}  // namespace headlight
