#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/number.h"
#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/pipeline_panel.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 250;  // mm, when the width is ours to choose
constexpr double kTallestMap = 90;
constexpr double kBarGap = 2.4;    // em: the numbers at the ends of two bars stay apart
constexpr double kStripGap = 1.3;  // em

class PipelineFigure {
 public:
  PipelineFigure(Scene& scene, int head) : scene_(scene), head_(head) {}

  Status draw() {
    if (Status status = read(); !status) return status;
    if (Status status = place(); !status) return status;
    if (Status status = drawAll(); !status) return status;
    tell();
    return {};
  }

 private:
  Status add(Stage stage, PipelineOperator before) {
    if (!scene_.run().has(stage)) return {};
    auto field = Field::make(scene_.evaluation.run, stage, head_);
    if (!field) return field.error();
    if (panels_.empty()) before = {};
    panels_.push_back({stage, std::move(before), std::move(*field)});
    return {};
  }

  Status read() {
    const Run& run = scene_.run();
    Status status = add(Stage::dot, {});
    if (status) status = add(Stage::scaled, scaleOperator(scene_));
    if (status && run.rules.modifies())
      status = add(Stage::biased, {biasStep(scene_.evaluation), true, false});
    const bool masks = !scene_.evaluation.experiment.mask.empty();
    if (status) status = add(Stage::masked, {maskStep(scene_.evaluation), true, !masks});
    if (status) status = add(Stage::weights, {normalizerStep(scene_.evaluation), true, false});
    values_ = run.has(Stage::v) && run.has(Stage::headOutput) && run.outputs;
    if (status && values_) status = add(Stage::v, {"×", false, false});
    if (status && values_) status = add(Stage::headOutput, {"=", false, false});
    if (!status) return status;
    if (panels_.empty())
      return Error{ErrorCode::invalid, "none of the stages of the pipeline is in this run", "", ""};
    if (scene_.evaluation.experiment.view.queryColumns)
      scene_.warnings.emplace_back(
          "the pipeline is drawn with queries as rows, so that A × V reads as written");
    if (Status marks = readPart(); !marks) return marks;
    return readRanges();
  }

  Status readPart() {
    // The first is a map: weights at least come before V.
    const Field& field = panels_.front().field;
    const auto part = partOf(scene_, field);
    if (!part) return part.error();
    if (Status fits = checkHighlights(scene_, field); !fits) return fits;
    part_ = *part;
    ofPart_ = partNote(field, part_);
    if (!ofPart_.empty()) scene_.notes.push_back(ofPart_);
    for (PipelinePanel& panel : panels_) panel.part = partOfStep(panel.field, part_);
    const Sizes& sizes = scene_.run().sizes;
    down_ = {Axis::query, sizes.queries, part_.rowFirst, part_.rows()};
    across_ = {Axis::key, sizes.keys, part_.colFirst, part_.cols()};
    // V's rows are named by the queries' labels where both are the same tokens.
    cross_ = static_cast<bool>(scene_.run().inputs.memory) || sizes.queries != sizes.keys ||
             down_.first != across_.first || down_.count != across_.count;
    return {};
  }

  // One range for the scores, one for the weights, one for values and output.
  Status readRanges() {
    for (std::size_t n = 0; n < panels_.size(); ++n) {
      const Stage stage = panels_[n].stage;
      const std::string label = stage == Stage::weights ? "weight" : isMap(stage) ? "score" : "value";
      if (groups_.empty() || groups_.back().label != label) groups_.push_back({stage, label});
      groups_.back().panels.push_back(n);
      panels_[n].bar = groups_.size() - 1;
    }
    for (PipelineGroup& group : groups_) {
      if (Status found = findRange(scene_, group, panels_, head_); !found) return found;
    }
    return {};
  }

  // In one line where they have the room, else in more.
  Status place() {
    Status first;
    for (std::vector<PipelineStrip>& way : stripsOf(panels_)) {
      strips_ = std::move(way);
      Status status = size();
      if (status) return status;
      if (first) first = std::move(status);
    }
    return first;
  }

  /// What stands between and behind the panels of a line, mm.
  double operatorsOf(const PipelineStrip& strip) const {
    double width = 0;
    for (std::size_t n = strip.first + 1; n <= strip.end && n < panels_.size(); ++n)
      width += operatorWidth(scene_, panels_[n].before);
    for (std::size_t n = strip.first; n < strip.end; ++n)
      width += panels_[n].stage == Stage::v ? keyLabelRoom_ : 0;
    return width;
  }

  /// Sizes: all maps have the same cells; V and head out are as wide as a map at most.
  Status size() {
    const double em = scene_.em();
    const double asked = scene_.spec.widthMm > 0 ? scene_.spec.widthMm : kUsualWidth;
    const double longest = std::min(22.0, 0.12 * asked);
    const double largest = 1.18 * em * 1.02;  // every label fits
    const auto lines = static_cast<double>(strips_.size());
    const auto longestSide = static_cast<double>(std::max(down_.count, across_.count));
    cell_ = largest;
    keyLabelRoom_ = 0;
    for (int pass = 0; pass < 3; ++pass) {
      if (Status status = label(longest, longest); !status) return status;
      if (cross_ && values_) keyLabelRoom_ = keyRows_.widest + 0.5 * em;
      left_ = scene_.margin() + 1.65 * scene_.line() + rowBrackets_.depth + rowLabels_.widest + 0.5 * em;
      double room = asked - scene_.margin() - left_;
      for (const PipelineStrip& strip : strips_) {
        const double each = (room - operatorsOf(strip)) / static_cast<double>(strip.end - strip.first);
        if (Status fits = checkRoom(each, asked); !fits) return fits;
      }
      // The widest cells with which all panels fit side by side.
      const auto fit = [&](double cell) {
        return std::all_of(strips_.begin(), strips_.end(), [&](const PipelineStrip& strip) {
          double all = operatorsOf(strip);
          for (std::size_t n = strip.first; n < strip.end; ++n)
            all += panelWidth(scene_, panels_[n], cell, across_.count);
          return all <= room;
        });
      };
      double narrow = 0;
      double wide = std::min(scene_.spec.widthMm > 0 ? room : largest,
                             std::min(kTallestMap, scene_.stackLimit / lines) / longestSide);
      for (int halving = 0; halving < 60; ++halving) {
        const double middle = halving == 0 ? wide : (narrow + wide) / 2;
        const bool fits = fit(middle);
        (fits ? narrow : wide) = middle;
        if (halving == 0 && fits) break;
      }
      cell_ = narrow;
    }
    // In the room that was left for them.
    if (Status status = label(rowLabels_.widest, keyRows_.widest); !status) return status;
    colLabels_ = columnLabels(scene_, Axis::key, across_.count, cell_, longest, across_.first);
    auto lanes = bracketLanes(scene_, across_, cell_);
    if (!lanes) return lanes.error();
    colBrackets_ = std::move(*lanes);
    scene_.stack = 0;
    double content = 0;
    for (const PipelineStrip& strip : strips_) {
      double width = operatorsOf(strip);
      for (std::size_t n = strip.first; n < strip.end; ++n) {
        panels_[n].width = panelWidth(scene_, panels_[n], cell_, across_.count);
        width += panels_[n].width;
      }
      content = std::max(content, width);
      scene_.stack += tallest(strip);
    }
    right_ = scene_.spec.widthMm > 0 ? scene_.spec.widthMm - scene_.margin()
                                     : std::max(left_ + content, left_ + 60 * em);
    return namesFit() ? Status() : checkRoom(0, asked);
  }

  Status label(double longestQuery, double longestKey) {
    rowLabels_ = axisLabels(scene_, Axis::query, down_.count, cell_, longestQuery, down_.first);
    auto lanes = bracketLanes(scene_, down_, cell_);
    if (!lanes) return lanes.error();
    rowBrackets_ = std::move(*lanes);
    if (cross_ && values_)
      keyRows_ = axisLabels(scene_, Axis::key, across_.count, cell_, longestKey, across_.first);
    return {};
  }

  double heightOf(const PipelinePanel& panel) const { return cell_ * static_cast<double>(panel.part.rows()); }
  double tallest(const PipelineStrip& strip) const {
    double height = 0;
    for (std::size_t n = strip.first; n < strip.end; ++n) height = std::max(height, heightOf(panels_[n]));
    return height;
  }

  // Whether the names over the panels, which may be wider than these, stand apart and on the page.
  bool namesFit() const {
    for (const PipelineStrip& strip : strips_) {
      double x = left_;
      double taken = 0;
      for (std::size_t n = strip.first; n < strip.end; ++n) {
        const PipelinePanel& panel = panels_[n];
        if (n > strip.first) x += operatorWidth(scene_, panel.before);
        if (panel.stage == Stage::v) x += keyLabelRoom_;
        const double half = measure(panelName(scene_, panel.stage, n)).width / 2;
        const double centre = x + panel.width / 2;
        if (centre - half < taken || centre + half > right_ + 0.7 * scene_.margin()) return false;
        taken = centre + half + 0.5 * scene_.em();
        x += panel.width;
      }
    }
    return true;
  }

  Status drawAll() {
    const double em = scene_.em();
    double y = scene_.margin();
    const bool own = scene_.spec.title.empty();
    const std::string named = headTitle(scene_, Stage::weights, head_);
    const double title =
        drawTitle(scene_, left_, y, right_ - left_, own ? "From scores to output" : scene_.spec.title,
                  own ? named : "", own ? pipelineFormula(scene_.evaluation) : "");
    y += title + (title > 0 ? 0.7 * em : 0);
    for (const PipelineStrip& strip : strips_) {
      const double top = y;
      if (Status status = drawStrip(strip, y); !status) return status;
      const bool last = strip.end == panels_.size();
      if (last) {
        y += 0.5 * em;
        y += drawNotes(scene_, left_, y, right_ - left_);
      }
      const Text rowTitle = axisTitle(scene_, Axis::query);
      const double bottom = std::max(y, top + measure(rowTitle).width);
      const double middle = top + nameRoom() + cell_ * static_cast<double>(down_.count) / 2;
      drawUprightTitle(scene_, rowTitle, scene_.margin(), middle, top, bottom);
      y = bottom + (last ? 0 : kStripGap * em);
    }
    scene_.drawing.width = right_ + scene_.margin();
    scene_.drawing.height = y + scene_.margin();
    return {};
  }

  double nameRoom() const { return 2.35 * scene_.line(); }

  /// What has to be known of a line's panels for what stands under them.
  struct Spread {
    double mapsRight = 0;
    double valuesLeft = 0;
    double valuesRight = 0;
    std::vector<double> barLeft;
    std::vector<double> barRight;
  };

  /// Moves y to under the line's bars.
  Status drawStrip(const PipelineStrip& strip, double& y) {
    const double em = scene_.em();
    const double mapTop = y + nameRoom();
    const double mapHeight = cell_ * static_cast<double>(down_.count);
    Spread spread{left_, 0, 0, std::vector<double>(groups_.size(), -1), std::vector<double>(groups_.size())};
    double x = left_;
    for (std::size_t n = strip.first; n < strip.end; ++n) {
      if (n > strip.first) x = drawBefore(panels_[n], x, mapTop + mapHeight / 2);
      if (Status status = drawPanel(n, x, mapTop, spread); !status) return status;
    }
    if (strip.end < panels_.size()) drawBefore(panels_[strip.end], x, mapTop + mapHeight / 2);
    drawRowLabels(scene_, rowLabels_, left_ - 0.5 * em, mapTop, cell_);
    drawRowBrackets(scene_, rowBrackets_, left_ - 0.8 * em - rowLabels_.widest, mapTop);

    const double high = tallest(strip);
    const double depth = colBrackets_.depth + (colBrackets_.depth > 0 ? 0.3 * em : 0);
    const double below = mapTop + mapHeight + 0.5 * em + colLabels_.widest + depth;
    y = std::max(below + 0.4 * em, mapTop + high + 0.6 * em);
    const Text keyTitle = axisTitle(scene_, Axis::key);
    drawLevelTitle(scene_, keyTitle, left_, spread.mapsRight, right_, y + 0.8 * scene_.line());
    if (spread.valuesRight > 0) {
      const Text title{{faint(scene_, "dimension of the values", 0.93)}};
      const double keyEnd = std::max(spread.mapsRight, left_ + measure(keyTitle).width) + 0.5 * em;
      const double begin = std::min(spread.valuesLeft, right_ - measure(title).width);
      double under = mapTop + high + 0.5 * em;
      // Under the other where both would stand in one place.
      if (begin < keyEnd && std::abs(under - y) < scene_.line()) {
        y += scene_.line();
        under = y;
      }
      drawLevelTitle(scene_, title, spread.valuesLeft, spread.valuesRight, right_,
                     under + 0.8 * scene_.line());
    }
    y += scene_.line() + 0.9 * em;
    drawBars(strip, spread, y);
    return {};
  }

  double drawBefore(const PipelinePanel& panel, double x, double middle) {
    const double width = operatorWidth(scene_, panel.before);
    drawOperator(scene_, panel.before, x, width, middle);
    return x + width;
  }

  Status drawPanel(std::size_t n, double& x, double mapTop, Spread& spread) {
    const PipelinePanel& panel = panels_[n];
    const double em = scene_.em();
    if (panel.stage == Stage::v && keyLabelRoom_ > 0) {
      x += keyLabelRoom_;
      drawRowLabels(scene_, keyRows_, x - 0.5 * em, mapTop, cell_);
    }
    const Rect area{x, mapTop, panel.width, heightOf(panel)};
    const Pooling pooling =
        printedPooling(panel.field, panel.part, false, area.width, area.height, scene_.spec.dpi);
    if (pooling.any()) {
      const std::string of = isMap(panel.stage) ? "maps: " : "V and head out: ";
      const std::string note = of + poolingNote(pooling, true);
      if (scene_.notes.empty() || scene_.notes.back() != note) scene_.notes.push_back(note);
    }
    if (isMap(panel.stage)) {
      if (Status fits = checkNumbers(scene_, pooling, cell_, cell_); !fits) return fits;
    }
    auto pixels = readPixels(panel.field, panel.part, false, pooling, scene_.pool, scene_.cancel);
    if (!pixels) return pixels.error();
    const PipelineGroup& group = groups_[panel.bar];
    seen_.add(drawMap(scene_, *pixels, area, makeLook(group.range, *group.map, scene_.theme()),
                      panel.stage == Stage::weights, isMap(panel.stage), std::string(info(panel.stage).id)));
    if (isMap(panel.stage)) drawHighlights(scene_, area, panel.part, false);
    scene_.panels.push_back(panelOf(panel.field, group.range, *group.map));
    scene_.panels.back().part = panel.part;
    if (panel.stage == Stage::v) framePanel(scene_, area, scene_.colours.v);
    drawName(n, area);
    if (isMap(panel.stage)) {
      drawColumnLabels(scene_, colLabels_, area.x, area.bottom() + 0.5 * em, cell_, true);
      drawColumnBrackets(scene_, colBrackets_, area.x, area.bottom() + 0.8 * em + colLabels_.widest, true);
      spread.mapsRight = area.right();
    } else {
      if (spread.valuesLeft == 0) spread.valuesLeft = area.x;
      spread.valuesRight = area.right();
    }
    if (spread.barLeft[panel.bar] < 0) spread.barLeft[panel.bar] = area.x;
    spread.barRight[panel.bar] = area.right();
    x = area.right();
    return {};
  }

  void drawName(std::size_t n, const Rect& area) {
    const double top = area.y - nameRoom();
    const double centre = area.x + area.width / 2;
    const Field& field = panels_[n].field;
    scene_.drawing.text({centre, top + 0.85 * scene_.line()}, panelName(scene_, panels_[n].stage, n),
                        Anchor::middle, false);
    scene_.drawing.text({centre, top + 1.75 * scene_.line()},
                        {{digits(scene_, grouped(field.rows()) + "×" + grouped(field.cols()), 0.82)}},
                        Anchor::middle, false);
  }

  // A bar under its panels; under the last line the legend behind the first that leaves room, else on a line
  // of its own.
  void drawBars(const PipelineStrip& strip, const Spread& spread, double& y) {
    const double em = scene_.em();
    const bool last = strip.end == panels_.size();
    double rowRight = -1;
    double legendAt = -1;
    const double legend = last ? legendWidth(scene_, seen_) : 0;
    for (std::size_t n = 0; n < groups_.size() && scene_.spec.showBar; ++n) {
      if (spread.barLeft[n] < 0) continue;
      const PipelineGroup& group = groups_[n];
      ColourBar bar{group.range, group.map, group.label, ruleText(group.range), left_, 0, false};
      if (rowRight >= 0) bar.left = std::max(spread.barLeft[n], rowRight + kBarGap * em);
      // Those that have no room there stand under the others.
      if (right_ - bar.left < 4 * em) {
        y += barHeight(scene_) + 0.4 * em;
        bar.left = left_;
        legendAt = -1;
      }
      const bool more = n + 1 < groups_.size() && spread.barLeft[n + 1] >= 0;
      const double next = more ? std::max(spread.barLeft[n + 1], bar.left + 12 * em) - kBarGap * em : right_;
      bar.width = std::min({std::max(spread.barRight[n] - bar.left, 10 * em), 22 * em, right_ - bar.left});
      fitRule(scene_, bar, next - bar.left);
      drawBar(scene_, bar, y);
      rowRight = bar.left + std::max(bar.width, barLabelWidth(scene_, bar));
      if (legendAt < 0 && legend > 0 && rowRight + 2.2 * em + legend <= next) legendAt = rowRight + 2.2 * em;
    }
    if (legendAt >= 0) drawLegend(scene_, seen_, legendAt, y + 1.3 * scene_.line() - 0.18 * em, legend);
    y += barHeight(scene_);
    if (legend > 0 && legendAt < 0) {
      y += scene_.spec.showBar ? 0.5 * em : 0;
      y += drawLegend(scene_, seen_, left_, y, right_ - left_);
    }
  }

  void tell() {
    std::string& text = scene_.altText;
    text = strips_.size() > 1 ? "The steps of attention in order, " : "The steps of attention in one row, ";
    text +=
        "from the products of queries and keys over scaled and masked scores to weights, values and the "
        "head's output. ";
    text += headline(scene_.evaluation);
    text += " ";
    text += altText(scene_.evaluation, Stage::weights, head_);
    if (!ofPart_.empty()) text += " Drawn are " + ofPart_ + ".";
  }

  Scene& scene_;
  int head_;
  bool values_ = false;
  bool cross_ = false;
  std::vector<PipelinePanel> panels_;
  std::vector<PipelineGroup> groups_;
  std::vector<PipelineStrip> strips_;
  FigureCrop part_;
  std::string ofPart_;
  PageAxis down_;
  PageAxis across_;
  double cell_ = 0;
  double left_ = 0;
  double right_ = 0;
  double keyLabelRoom_ = 0;
  AxisLabels rowLabels_;
  AxisLabels keyRows_;
  AxisLabels colLabels_;
  BracketLanes rowBrackets_;
  BracketLanes colBrackets_;
  SeenLooks seen_;
};

}  // namespace

Status drawPipeline(Scene& scene) {
  const auto head = oneHead(scene);
  if (!head) return head.error();
  return PipelineFigure(scene, *head).draw();
}

}  // namespace headlight
