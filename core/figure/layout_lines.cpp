#include <algorithm>
#include <cmath>

#include "core/analysis/strongest_keys.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/look_of.h"
#include "core/figure/overlays.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 89;  // mm, a column of a journal
constexpr double kTallest = 170;    // mm of tokens, where the page is not bounded
constexpr double kLeastPitch = 0.35;
constexpr double kLeastRoom = 10;  // mm that lines have between the tokens
constexpr int kUsualLines = 3;
constexpr int kLinesOfOne = 64;
constexpr std::size_t kMostLines = 2000;
constexpr double kBend = 0.45;  // of the way: where a line has turned
constexpr int kSteps = 48;
constexpr double kThinnest = 0.12;
constexpr double kCased = 1.4;    // mm of pitch from which lines have a casing
constexpr double kCasing = 0.09;  // mm on either side

Point alongLine(Point a, Point b, double t) {
  const double u = 1 - t;
  const double across = b.x - a.x;
  const double x = 3 * u * u * t * kBend + 3 * u * t * t * (1 - kBend) + t * t * t;
  const double y = t * t * (3 - 2 * t);
  return {a.x + across * x, a.y + (b.y - a.y) * y};
}

/// A line of that width from a to b that leaves and arrives level.
std::vector<Point> ribbon(Point a, Point b, double width) {
  std::vector<Point> upper;
  std::vector<Point> lower;
  const int steps = std::abs(a.y - b.y) < 1e-9 ? 1 : kSteps;
  for (int n = 0; n <= steps; ++n) {
    const double t = static_cast<double>(n) / steps;
    const Point at = alongLine(a, b, t);
    const Point before = alongLine(a, b, std::max(0.0, t - 0.01));
    const Point after = alongLine(a, b, std::min(1.0, t + 0.01));
    const bool isEnd = n == 0 || n == steps;
    const double dx = isEnd ? 1 : after.x - before.x;
    const double dy = isEnd ? 0 : after.y - before.y;
    const double length = std::hypot(dx, dy);
    const Point normal{-dy / length * width / 2, dx / length * width / 2};
    upper.push_back({at.x + normal.x, at.y + normal.y});
    lower.push_back({at.x - normal.x, at.y - normal.y});
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return upper;
}

class LinesFigure {
 public:
  LinesFigure(Scene& scene, Stage stage, int head, Field field)
      : scene_(scene),
        stage_(stage),
        head_(head),
        field_(std::move(field)),
        names_(TokenNames::of(scene.evaluation)) {}

  Status draw() {
    if (Status status = read(); !status) return status;
    if (Status status = place(); !status) return status;
    drawAll();
    tell();
    return {};
  }

 private:
  bool single() const { return scene_.spec.query.has_value(); }

  Status read() {
    if (!scene_.spec.highlights.empty()) {
      return Error{
          ErrorCode::usage, "layout lines has no cells to highlight", "",
          "Layouts single, heads, pipeline, difference and row outline cells; a query shows its lines "
          "alone"};
    }
    const auto part = partOf(scene_, field_);
    if (!part) return part.error();
    part_ = *part;
    std::int64_t first = part_.rowFirst;
    std::int64_t count = part_.rows();
    if (single()) {
      first = *scene_.spec.query;
      count = 1;
      if (first < part_.rowFirst || first >= part_.rowEnd) {
        return Error{ErrorCode::usage,
                     "found query " + std::to_string(first) + ", accepted is " +
                         std::to_string(part_.rowFirst) + " to " + std::to_string(part_.rowEnd - 1),
                     "", ""};
      }
    }
    rule_.most = scene_.spec.lines > 0 ? scene_.spec.lines : single() ? kLinesOfOne : kUsualLines;
    rule_.least = scene_.spec.leastWeight;
    const StrongestKeys keys = strongestKeys(field_, first, count, rule_.most, scene_.pool, scene_.cancel);
    if (scene_.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
    for (std::size_t n = 0; n < keys.rows.size(); ++n)
      found_.add(first + static_cast<std::int64_t>(n), keys.rows[n], rule_);
    found_.sort();
    const auto isOutside = [&](const AttentionLine& line) {
      return line.key < part_.colFirst || line.key >= part_.colEnd;
    };
    for (const AttentionLine& line : found_.lines) found_.shown -= isOutside(line) ? line.weight : 0;
    std::erase_if(found_.lines, isOutside);
    if (found_.lines.size() > kMostLines) thin();
    const auto map = colormapOf(scene_, stage_, true);
    if (!map) return map.error();
    map_ = *map;
    auto range = rangeFor(scene_, stage_, head_, true);
    if (!range) return range.error();
    range_ = std::move(*range);
    return {};
  }

  void thin() {
    const auto spare = static_cast<std::ptrdiff_t>(found_.lines.size() - kMostLines);
    scene_.notes.push_back("the strongest " + grouped(static_cast<std::int64_t>(kMostLines)) + " of " +
                           grouped(static_cast<std::int64_t>(found_.lines.size())) + " lines are drawn");
    for (auto line = found_.lines.begin(); line != found_.lines.begin() + spare; ++line)
      found_.shown -= static_cast<double>(line->weight);
    found_.lines.erase(found_.lines.begin(), found_.lines.begin() + spare);
  }

  Status place() {
    const double em = scene_.em();
    const double asked = scene_.spec.widthMm > 0 ? scene_.spec.widthMm : kUsualWidth;
    const std::int64_t longest = std::max(part_.rows(), part_.cols());
    const double most = std::min(kTallest, scene_.stackLimit);
    pitch_ = std::min(1.55 * scene_.line(), most / static_cast<double>(longest));
    if (pitch_ < kLeastPitch) {
      return Error{ErrorCode::usage,
                   "layout lines shows up to " +
                       grouped(static_cast<std::int64_t>(std::floor(most / kLeastPitch))) +
                       " tokens a side here, found " + grouped(longest),
                   "", "Layout single shows maps of any size; a crop shows some of the tokens as lines"};
    }
    scene_.stack = pitch_ * static_cast<double>(longest);
    const double widestLabel = std::min(26.0, 0.3 * asked);
    queries_ = axisLabels(scene_, Axis::query, part_.rows(), pitch_, widestLabel, part_.rowFirst);
    keys_ = axisLabels(scene_, Axis::key, part_.cols(), pitch_, widestLabel, part_.colFirst);
    const PageAxis down{Axis::query, field_.rows(), part_.rowFirst, part_.rows()};
    const PageAxis across{Axis::key, field_.cols(), part_.colFirst, part_.cols()};
    auto queryBrackets = bracketLanes(scene_, down, pitch_);
    if (!queryBrackets) return queryBrackets.error();
    queryBrackets_ = std::move(*queryBrackets);
    auto keyBrackets = bracketLanes(scene_, across, pitch_);
    if (!keyBrackets) return keyBrackets.error();
    keyBrackets_ = std::move(*keyBrackets);
    numberWidth_ = 0;
    const TextPiece number = digits(scene_, ".00");
    if (single() && scene_.spec.numbers != FigureNumbers::none && pitch_ >= 1.1 * number.sizePt * kMmPerPoint)
      numberWidth_ = measure({{digits(scene_, "<.01")}}).width + 0.5 * em;
    if (scene_.spec.numbers == FigureNumbers::all && numberWidth_ <= 0) {
      return Error{ErrorCode::usage, "lines have room for numbers only of one query, each token in a line",
                   "", "Choose a query"};
    }
    const double gap = 0.5 * em;
    from_ = scene_.margin() + queryBrackets_.depth + queries_.widest + gap;
    right_ = asked - scene_.margin();
    to_ = right_ - keyBrackets_.depth - keys_.widest - gap - numberWidth_;
    if (to_ - from_ >= kLeastRoom) return {};
    return checkRoom(0, asked);
  }

  double queryY(std::int64_t i) const {
    return top_ + (static_cast<double>(i - part_.rowFirst) + 0.5) * pitch_;
  }
  double keyY(std::int64_t j) const {
    return top_ + (static_cast<double>(j - part_.colFirst) + 0.5) * pitch_;
  }

  void drawAll() {
    const double em = scene_.em();
    const double left = scene_.margin();
    const double width = right_ - left;
    double y = scene_.margin();
    const bool own = scene_.spec.title.empty();
    std::string after = headTitle(scene_, stage_, head_);
    if (single()) after += (after.empty() ? "" : ", ") + ("query " + queryName(*scene_.spec.query));
    const double title =
        drawTitle(scene_, left, y, width, own ? std::string(info(stage_).title) : scene_.spec.title,
                  own ? after : "", "");
    y += title + (title > 0 ? 0.6 * em : 0);
    drawHeads(y + 0.8 * scene_.line());
    top_ = y + scene_.line() + 0.35 * em;
    drawCurves();
    drawTokens();
    y = top_ + scene_.stack;
    y += 0.9 * em;
    ColourBar bar{range_, map_, barLabel(stage_), ruleText(range_), left, 0, false};
    bar.width = std::min(width, 24 * em);
    fitRule(scene_, bar, width);
    y += drawKey(scene_, bar, SeenLooks{}, right_, y);
    y += 0.5 * em;
    scene_.notes.insert(scene_.notes.begin(), shareText());
    if (const std::string part = partNote(field_, part_); !part.empty()) scene_.notes.push_back(part);
    y += drawNotes(scene_, left, y, width);
    scene_.drawing.width = right_ + scene_.margin();
    scene_.drawing.height = y + scene_.margin();
  }

  // Over the columns of tokens; the words in brackets only where both have room.
  void drawHeads(double baseline) {
    Text query = axisTitle(scene_, Axis::query);
    Text key = axisTitle(scene_, Axis::key);
    if (measure(query).width + measure(key).width + scene_.em() > right_ - scene_.margin()) {
      query.pieces.resize(1);
      key.pieces.resize(1);
    }
    scene_.drawing.text({scene_.margin(), baseline}, query, Anchor::start, false);
    scene_.drawing.text({right_, baseline}, key, Anchor::end, false);
  }

  void drawCurves() {
    const MapLook look = makeLook(range_, *map_, scene_.theme());
    const double widest = std::clamp(0.42 * pitch_, 0.35, 1.7);
    scene_.drawing.beginGroup("lines");
    for (const AttentionLine& line : found_.lines) {
      const double place = colourIndex(look, line.weight) / 255.0;
      const double width = std::max(std::min(kThinnest, widest), widest * place);
      const Point a{from_, queryY(line.query)};
      const Point b{to_, keyY(line.key)};
      // The casing keeps light colours apart from a light page, and dark ones from a dark one.
      if (pitch_ >= kCased) scene_.drawing.polygon(ribbon(a, b, width + 2 * kCasing), scene_.colours.edge);
      scene_.drawing.polygon(ribbon(a, b, width),
                             look.colours[static_cast<std::size_t>(colourIndex(look, line.weight))]);
    }
    scene_.drawing.endGroup();
  }

  void drawTokens() {
    const double gap = 0.5 * scene_.em();
    AxisLabels queries = queries_;
    if (single()) keepOnly(queries, *scene_.spec.query);
    drawRowLabels(scene_, queries, from_ - gap, top_, pitch_);
    const double air = 0.3 * scene_.em();
    drawRowBrackets(scene_, queryBrackets_, from_ - gap - queries_.widest - air, top_);
    drawRowBrackets(scene_, keyBrackets_, to_ + numberWidth_ + gap + keys_.widest + air, top_, true);
    scene_.drawing.beginGroup("key-labels");
    for (std::size_t n = 0; n < keys_.cells.size(); ++n) {
      const double baseline = keyY(keys_.cells[n]) + halfHeight(keys_.sizePt);
      scene_.drawing.text({to_ + numberWidth_ + gap, baseline}, axisLabel(scene_, keys_, n, false),
                          Anchor::start, false);
    }
    if (keys_.step > 1) scene_.thinned.push_back({Axis::key, keys_.step});
    for (const CutLabel& cut : keys_.cut) scene_.cut.push_back(cut);
    if (numberWidth_ > 0) {
      for (const AttentionLine& line : found_.lines) {
        TextPiece piece = digits(scene_, cellText(static_cast<double>(line.weight), true));
        piece.colour = scene_.colours.t1;
        scene_.drawing.text({to_ + numberWidth_, keyY(line.key) + halfHeight(piece.sizePt)}, {{piece}},
                            Anchor::end, false);
      }
    }
    scene_.drawing.endGroup();
  }

  // Of one query only its own label, also where labels are thinned.
  void keepOnly(AxisLabels& labels, std::int64_t query) const {
    if (labels.cells.empty()) return;
    labels = axisLabels(scene_, Axis::query, 1, scene_.line() * 1.3, queries_.widest, query);
    labels.first = part_.rowFirst;
  }

  std::string queryName(std::int64_t query) const {
    const std::string index = std::to_string(query);
    const std::string& name = names_.queries[static_cast<std::size_t>(query)];
    return name == index ? index : index + " " + name;
  }

  // "33 lines show 87 % of the weight: the 3 strongest keys of each query".
  std::string shareText() const {
    std::string text = countText(static_cast<std::int64_t>(found_.lines.size()), "line shows", "lines show");
    text += " " + fixed(found_.total > 0 ? 100 * found_.shown / found_.total : 0, 0) + " % of the " +
            (stage_ == Stage::weights ? "weight" : "sum");
    if (single() && scene_.spec.lines <= 0) {
      text += " of query " + queryName(*scene_.spec.query);
    } else {
      text += rule_.most == 1 ? ": the strongest key of each query"
                              : ": the " + std::to_string(rule_.most) + " strongest keys of each query";
    }
    if (rule_.least > 0) text += ", those of at least " + shortest(rule_.least);
    return text;
  }

  void tell() {
    const Evaluation& evaluation = scene_.evaluation;
    std::string text = std::string(info(stage_).title);
    if (const std::string head = headTitle(scene_, stage_, head_); !head.empty()) text += " of " + head;
    text += " as lines from " + countText(single() ? 1 : part_.rows(), "query", "queries") +
            " at the left to " + countText(part_.cols(), "key", "keys") + " at the right, " +
            maskNames(evaluation.experiment.mask) + ". " + shareText() + ".";
    std::vector<std::string> heaviest;
    for (auto line = found_.lines.rbegin(); line != found_.lines.rend() && heaviest.size() < 3; ++line) {
      heaviest.push_back(names_.queries[static_cast<std::size_t>(line->query)] + " attends to " +
                         names_.key(line->query, line->key) + " (" +
                         fixed(static_cast<double>(line->weight), 2) + ")");
    }
    if (!heaviest.empty()) text += " Heaviest: " + listText(heaviest) + ".";
    text += " Numbers: " + evaluation.prepared->origin.chip + ".";
    const std::string wrong = mistakeText(evaluation.experiment);
    scene_.altText = wrong.empty() ? text : text + " " + wrong;
    DrawnPanel panel = panelOf(field_, range_, *map_);
    panel.part = part_;
    if (single()) {
      panel.part.rowFirst = *scene_.spec.query;
      panel.part.rowEnd = panel.part.rowFirst + 1;
    }
    scene_.panels.push_back(std::move(panel));
  }

  Scene& scene_;
  Stage stage_;
  int head_;
  Field field_;
  TokenNames names_;
  FigureCrop part_;
  LineRule rule_;
  AttentionLines found_;
  const Colormap* map_ = nullptr;
  Range range_;
  AxisLabels queries_;
  AxisLabels keys_;
  BracketLanes queryBrackets_;
  BracketLanes keyBrackets_;
  double pitch_ = 0;  ///< from token to token
  double from_ = 0;   ///< where lines begin and end
  double to_ = 0;
  double right_ = 0;
  double top_ = 0;
  double numberWidth_ = 0;
};

}  // namespace

Status drawLines(Scene& scene) {
  const ViewSpec& view = scene.evaluation.experiment.view;
  const auto isWeight = [](Stage stage) { return stage == Stage::weights || stage == Stage::valueWeighted; };
  const Stage stage = scene.spec.stage.value_or(isWeight(view.stage) ? view.stage : Stage::weights);
  if (!isWeight(stage)) {
    return Error{ErrorCode::usage,
                 "layout lines shows weights or value_weighted, found " + std::string(info(stage).id), "",
                 "Layout row shows any stage"};
  }
  const auto head = oneHead(scene);
  if (!head) return head.error();
  auto field = Field::make(scene.evaluation.run, stage, *head);
  if (!field) return field.error();
  return LinesFigure(scene, stage, *head, std::move(*field)).draw();
}

}  // namespace headlight
