#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/row_plots.h"
#include "core/figure/text_layout.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 89;   // mm, a column of a journal
constexpr double kLargestPitch = 7;  // mm from bar to bar, when the width is ours to choose
constexpr double kLeastBar = 0.2;    // mm: thinner ones are pooled
constexpr double kLeastPlot = 5;     // mm
constexpr std::size_t kTold = 3;     // largest keys in words

class RowFigure : private RowPlots {
 public:
  explicit RowFigure(Scene& scene)
      : RowPlots(scene, scene.spec.stage.value_or(scene.evaluation.experiment.view.stage)),
        isSigned_(info(stage_).isSigned),
        names_(TokenNames::of(scene.evaluation)) {}

  Status draw() {
    if (Status status = read(); !status) return status;
    if (Status status = place(); !status) return status;
    drawAll();
    tell();
    return {};
  }

 private:
  Status read() {
    std::vector<int> heads = scene_.spec.heads;
    if (heads.empty()) heads = {scene_.evaluation.experiment.view.head};
    if (!info(stage_).perHead) heads.resize(1);
    const auto map = colormapOf(scene_, stage_, true);
    if (!map) return map.error();
    map_ = *map;
    for (const int head : heads) {
      auto field = Field::make(scene_.evaluation.run, stage_, head);
      if (!field) return field.error();
      if (plots_.empty()) {
        if (Status status = choose(*field); !status) return status;
      }
      auto range = rangeFor(scene_, stage_, head, true);
      if (!range) return range.error();
      RowValues row = readRow(*field, query_);
      plots_.push_back({head, std::move(*field), std::move(row), {}, std::move(*range)});
    }
    axis_ = valueAxis();
    return {};
  }

  Status choose(const Field& field) {
    const auto part = partOf(scene_, field);
    if (!part) return part.error();
    if (Status status = checkHighlights(scene_, field); !status) return status;
    if (!scene_.spec.queryBrackets.empty() && scene_.spec.keyBrackets.empty()) {
      return Error{ErrorCode::usage, "layout row has one query, found a bracket over queries alone", "",
                   "Brackets over keys stand under its bars"};
    }
    first_ = part->colFirst;
    keys_ = part->colEnd - part->colFirst;
    const auto& pin = scene_.evaluation.experiment.view.pin;
    query_ = scene_.spec.query.value_or(pin ? (*pin)[0] : 0);
    if (query_ >= 0 && query_ < field.rows()) return {};
    if (!scene_.spec.query) query_ = 0;
    if (!scene_.spec.query && field.rows() > 0) return {};
    return Error{
        ErrorCode::usage,
        "found query " + std::to_string(query_) + ", accepted is 0 to " + std::to_string(field.rows() - 1),
        "", ""};
  }

  // What the bars are measured by: 0–1 where the colours span it, numbers that were typed, else up to the
  // largest that is shown.
  Range valueAxis() const {
    const Range& colours = plots_[0].colours;
    const bool isUnit = colours.rule == "0–1";
    const bool isTyped = scene_.spec.range.find(',') != std::string::npos;
    if (!colours.logarithmic && (isUnit || isTyped || scene_.spec.sharedRange)) return colours;
    Range range{0, 0};
    for (const Plot& plot : plots_) {
      range.low = std::min(range.low, static_cast<double>(plot.row.low));
      range.high = std::max(range.high, static_cast<double>(plot.row.high));
    }
    if (!(range.high > range.low)) range.high = range.low + 1;
    return range;
  }

  Status place() {
    const double em = scene_.em();
    const double asked = scene_.spec.widthMm > 0 ? scene_.spec.widthMm : kUsualWidth;
    const auto count = static_cast<double>(plots_.size());
    const double usual = plots_.size() == 1 ? 26 : plots_.size() <= 4 ? 16 : 11;
    captionRoom_ = 1.3 * scene_.line();
    double ticksWidth = 0;
    plotH_ = usual;
    for (const Tick& tick : axisTicks()) {
      ticksWidth = std::max(ticksWidth, measure({{digits(scene_, tick.text)}}).width);
    }
    left_ = scene_.margin() + 1.65 * scene_.line() + ticksWidth + 0.75 * em;
    uniformRoom_ = 0;
    for (const Plot& plot : plots_) {
      if (const std::string words = uniformText(plot); !words.empty())
        uniformRoom_ = std::max(uniformRoom_, measure({{digits(scene_, words)}}).width + 0.5 * em);
    }
    const double room = asked - scene_.margin() - left_ - uniformRoom_;
    if (Status status = checkRoom(room, asked); !status) return status;
    pitch_ = room / static_cast<double>(keys_);
    if (scene_.spec.widthMm <= 0) pitch_ = std::min(pitch_, kLargestPitch);
    plotW_ = pitch_ * static_cast<double>(keys_);
    level_ = printedLevel(keys_, plotW_, std::min(scene_.spec.dpi, 25.4 / kLeastBar));
    for (Plot& plot : plots_)
      plot.bars = pooledLevel(plot.row.cells(), first_, first_ + keys_, level_, isSigned_);
    if (Status status = placeNumbers(); !status) return status;
    // Captions, numbers and plots stand over one another.
    const double below = axis_.low < 0 ? numberRoom_ : 0;
    double each = captionRoom_ + numberRoom_ + below + 0.9 * em;
    const double most = (scene_.stackLimit - count * each) / count;
    plotH_ = std::max(kLeastPlot, std::min(usual, most));
    // Numbers stand over the plot only as far as the bars leave them no room in it.
    double largest = axis_.low;
    for (const Plot& plot : plots_) largest = std::max(largest, static_cast<double>(plot.row.high));
    const double over = (axis_.high - std::min(largest, axis_.high)) / (axis_.high - axis_.low) * plotH_;
    const double spare = std::min(over, numberRoom_);
    above_ = numberRoom_ - spare;
    each -= spare;
    pitchY_ = each + plotH_;
    scene_.stack = count * pitchY_;
    labels_ = columnLabels(scene_, info(stage_).cols, keys_, pitch_, std::min(26.0, 0.25 * asked), first_);
    const PageAxis across{info(stage_).cols, plots_[0].field.cols(), first_, keys_};
    auto lanes = bracketLanes(scene_, across, pitch_);
    if (!lanes) return lanes.error();
    brackets_ = std::move(*lanes);
    right_ = left_ + plotW_ + uniformRoom_;
    right_ =
        scene_.spec.widthMm > 0 ? scene_.spec.widthMm - scene_.margin() : std::max(right_, left_ + 24 * em);
    return {};
  }

  /// Over every bar or over none.
  Status placeNumbers() {
    if (scene_.spec.numbers != FigureNumbers::none && level_ == 0) {
      double widest = 0;
      for (const Plot& plot : plots_) {
        for (std::size_t n = 0; n < plot.bars.values.size(); ++n) {
          if (!plot.bars.isMasked(n))
            widest = std::max(widest, measure({{numberPiece(plot.bars.values[n])}}).width);
        }
      }
      const double thick = 1.1 * numberPiece(0).sizePt * kMmPerPoint;
      if (widest <= 0.96 * pitch_) {
        numbers_ = NumberSetting::level;
        numberRoom_ = thick + 0.25 * scene_.em();
      } else if (thick <= pitch_) {
        numbers_ = NumberSetting::upright;
        numberRoom_ = widest + 0.6 * scene_.em();
      }
    }
    if (scene_.spec.numbers != FigureNumbers::all || numbers_ != NumberSetting::none) return {};
    return Error{ErrorCode::usage,
                 "bars " + shortest(std::round(pitch_ * 100) / 100) + " mm apart leave no room for numbers",
                 "", "Choose a larger width, or a crop"};
  }

  void drawAll() {
    const double em = scene_.em();
    const double width = right_ - left_;
    double y = scene_.margin();
    const bool own = scene_.spec.title.empty();
    const double title =
        drawTitle(scene_, left_, y, width, own ? std::string(info(stage_).title) : scene_.spec.title,
                  own ? rowName() : "", "");
    y += title + (title > 0 ? 0.5 * em : 0);
    const double top = y;
    Rect area;
    for (std::size_t n = 0; n < plots_.size(); ++n) {
      const double from = top + static_cast<double>(n) * pitchY_;
      area = {left_, from + captionRoom_ + above_, plotW_, plotH_};
      scene_.drawing.beginGroup(info(stage_).perHead ? headGroup(plots_[n].head) : "row");
      drawCaption(plots_[n], static_cast<int>(n), from);
      drawPlot(plots_[n], area);
      scene_.drawing.endGroup();
    }
    y = area.bottom() + (axis_.low < 0 ? numberRoom_ : 0) + 0.45 * em;
    drawColumnLabels(scene_, labels_, left_, y, pitch_, true);
    y += labels_.widest + (labels_.cells.empty() ? 0 : 0.4 * em);
    drawColumnBrackets(scene_, brackets_, left_, y - 0.1 * em, true);
    y += brackets_.depth + (brackets_.depth > 0 ? 0.3 * em : 0);
    drawLevelTitle(scene_, axisTitle(scene_, info(stage_).cols), left_, left_ + plotW_, right_,
                   y + 0.8 * scene_.line());
    y += scene_.line();
    if (legendWidth(scene_, seen_) > 0) {
      y += 0.5 * em;
      y += drawLegend(scene_, seen_, left_, y, width);
    }
    addNotes();
    y += 0.5 * em;
    y += drawNotes(scene_, left_, y, width);
    const Text valueTitle{{faint(scene_, barLabel(stage_), 1)}};
    const double bottom = std::max(y, top + measure(valueTitle).width);
    drawUprightTitle(scene_, valueTitle, scene_.margin(), (top + area.bottom()) / 2, top, bottom);
    scene_.drawing.width = right_ + scene_.margin();
    scene_.drawing.height = bottom + scene_.margin();
  }

  // "query 7 it", as the axis of a map has it.
  std::string rowName() const {
    const bool isKey = info(stage_).rows == Axis::key;
    const std::vector<std::string>& tokens = isKey ? names_.keys : names_.queries;
    std::string name = (isKey ? "key " : "query ") + std::to_string(query_);
    const auto at = static_cast<std::size_t>(query_);
    if (at < tokens.size() && tokens[at] != std::to_string(query_)) name += " " + tokens[at];
    return name;
  }

  std::string factsOf(const Plot& plot) const {
    const RowValues& row = plot.row;
    if (row.kept == 0) return "no key may be seen";
    if (stage_ != Stage::weights)
      return "from " + cellText(static_cast<double>(row.low), false) + " to " +
             cellText(static_cast<double>(row.high), false);
    return "Σ " + fixed(row.sum, 3) + ", " + fixed(effectiveKeys(row), 1) + " effective of " +
           countText(row.kept, "key", "keys");
  }

  // e^entropy of the weights ÷ their sum.
  static double effectiveKeys(const RowValues& row) {
    if (row.numbers) return static_cast<double>(row.numbers->effectiveKeys);
    double entropy = 0;
    for (std::size_t j = 0; j < row.cells().values.size(); ++j) {
      const double weight = static_cast<double>(row.cells().values[j]) / row.sum;
      if (!row.cells().isMasked(j) && weight > 0) entropy -= weight * std::log(weight);
    }
    return std::exp(entropy);
  }

  void drawCaption(const Plot& plot, int n, double y) {
    const double baseline = y + 0.85 * scene_.line();
    const double width = right_ - left_;
    Text caption;
    const std::string title = headTitle(scene_, stage_, plot.head);
    if (!title.empty()) caption.pieces.push_back(words(scene_, title, 1, 600));
    addLetter(scene_, n, caption);
    const Text facts{{faint(scene_, factsOf(plot), 0.93)}};
    const double taken = caption.pieces.empty() ? 0 : measure(caption).width;
    if (taken > 0) scene_.drawing.text({left_, baseline}, caption, Anchor::start, false);
    if (taken + measure(facts).width + scene_.em() > width) {
      const std::string name = title.empty() ? "" : title + ": ";
      scene_.notes.push_back(name + factsOf(plot));
    } else {
      const double end = std::max(left_ + plotW_, left_ + taken + scene_.em() + measure(facts).width);
      scene_.drawing.text({std::min(end, right_), baseline}, facts, Anchor::end, false);
    }
  }

  std::string largestText(const Plot& plot) const {
    std::vector<std::string> largest;
    for (const std::int64_t j : plot.row.largest) {
      if (largest.size() == kTold) break;
      const bool isKey = info(stage_).cols == Axis::key;
      const std::string name =
          isKey && isMap(stage_) ? names_.key(query_, j) : "dimension " + std::to_string(j);
      const auto value = static_cast<double>(plot.row.cells().values[static_cast<std::size_t>(j)]);
      largest.push_back(name + " (" + fixed(value, std::abs(value) < 0.1 ? 3 : 2) + ")");
    }
    return listText(largest);
  }

  void addNotes() {
    if (level_ > 0) {
      scene_.notes.push_back("each bar = " + std::string(isSigned_ ? "largest magnitude" : "max") + " of " +
                             countText(std::int64_t{1} << level_, "key", "keys"));
    }
    if (numbers_ == NumberSetting::none) {
      for (const Plot& plot : plots_) {
        const std::string head = plots_.size() > 1 ? headTitle(scene_, stage_, plot.head) + ": " : "";
        const std::string largest = largestText(plot);
        if (largest.empty()) continue;
        scene_.notes.push_back(head);
        scene_.notes.back().append("largest ").append(largest);
      }
    }
    if (hasUniform_) scene_.notes.push_back("dashed: the same weight on every key that may be seen");
    const Field& field = plots_[0].field;
    const std::string part = partNote(field, {0, field.rows(), first_, first_ + keys_});
    if (!part.empty()) scene_.notes.push_back(part);
  }

  void tell() {
    const Evaluation& evaluation = scene_.evaluation;
    std::string text =
        std::string(info(stage_).title) + " of " + rowName() + " as bars over " +
        countText(keys_, isMap(stage_) ? "key" : "dimension", isMap(stage_) ? "keys" : "dimensions");
    text += isMap(stage_) ? ", " + maskNames(evaluation.experiment.mask) + "." : ".";
    for (const Plot& plot : plots_) {
      const std::string head = headTitle(scene_, stage_, plot.head);
      text += " " + (head.empty() ? "" : head + ": ") + factsOf(plot) + ".";
      if (const std::string largest = largestText(plot); !largest.empty())
        text += " Largest: " + largest + ".";
      DrawnPanel panel = panelOf(plot.field, plot.colours, *map_);
      panel.part = {query_, query_ + 1, first_, first_ + keys_};
      scene_.panels.push_back(std::move(panel));
    }
    text += " Numbers: " + evaluation.prepared->origin.chip + ".";
    const std::string wrong = mistakeText(evaluation.experiment);
    scene_.altText = wrong.empty() ? text : text + " " + wrong;
  }

  bool isSigned_;
  TokenNames names_;
  std::vector<Plot> plots_;
  double left_ = 0;
  double right_ = 0;
  double plotW_ = 0;
  double pitchY_ = 0;
  double captionRoom_ = 0;
  double numberRoom_ = 0;  ///< that a number takes off its bar
  double above_ = 0;       ///< of that over the plot
  double uniformRoom_ = 0;
  AxisLabels labels_;
  BracketLanes brackets_;
};

}  // namespace

Status drawRow(Scene& scene) {
  return RowFigure(scene).draw();
}

}  // namespace headlight
