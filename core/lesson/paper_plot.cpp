#include "core/lesson/paper_plot.h"

#include <algorithm>
#include <cmath>

#include "core/base/words.h"
#include "core/figure/text_layout.h"
#include "core/lesson/curve_marks.h"
#include "core/lesson/panel_point.h"
#include "core/picture/labels.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

constexpr Rgb kFaintRule{0xDB, 0xDE, 0xE4};
constexpr double kAxis = 0.2;          // mm
constexpr double kCurve = 0.32;        // mm
constexpr double kTickLength = 1;      // mm
constexpr double kLabelGap = 2.2;      // mm from the last mark to the curve's name
constexpr double kBeside = 0.6;        // of the page's width, beside tables
constexpr double kSmallestBeside = 7;  // pt, of tables there
constexpr double kTallerBeside = 1.2;  // times the plot's height that they may take
constexpr double kBesideGap = 8;       // mm
constexpr int kEmptyLines = 5;         // level lines of axes to draw into
constexpr double kMostLabel = 0.3;     // of the plot's width, for the names of curves
constexpr int kMostTicks = 7;

PaperStyle titleStyle() {
  return {.sizePt = 9.5, .weight = 600};
}
PaperStyle tickStyle() {
  PaperStyle style = paperNumbers();
  style.sizePt = 7.5;
  return style;
}
PaperStyle labelStyle() {
  return {.sizePt = 8.5};
}

class Plot {
 public:
  Plot(const PaperPlot& plot, double width, double height) : plot_(plot) {
    drawing_.width = width;
    drawing_.height = height;
  }

  Drawing draw() {
    span();
    places();
    drawing_.beginGroup("plot");
    heading();
    axes();
    if (!plot_.empty) {
      std::vector<Named> names;
      for (std::size_t c = 0; c < plot_.curves.size(); ++c) curve(c, names);
      if (plot_.curves.size() > 1) named(names);
    }
    foot();
    drawing_.endGroup();
    return std::move(drawing_);
  }

 private:
  /// The name of a curve, and where the curve ends.
  struct Named {
    Text text;
    Point end;
    double y = 0;
  };

  bool hasPlace(double value) const { return std::isfinite(value) && (!plot_.logarithmic || value > 0); }
  double scaled(double value) const { return plot_.logarithmic ? std::log10(value) : value; }

  /// What the axes span. A logarithmic one ends at 1, 2 or 5 times a power of ten.
  void span() {
    double low = 1e300;
    double high = -1e300;
    for (const PaperPlot::Curve& curve : plot_.curves) {
      for (const double number : curve.numbers) {
        if (!hasPlace(number)) {
          ++left_;
          continue;
        }
        low = std::min(low, number);
        high = std::max(high, number);
      }
    }
    if (low > high) {
      low = plot_.logarithmic ? 1 : 0;
      high = plot_.logarithmic ? 10 : 1;
    }
    if (plot_.logarithmic) {
      y_.low = below(low);
      y_.high = above(high);
      if (y_.high < 1.5 * y_.low) y_.high = above(2 * y_.low);
      y_.logarithmic = true;
    } else {
      y_.low = std::min(low, 0.0);
      y_.high = high > y_.low ? y_.low + (high - y_.low) * 1.05 : y_.low + 1;
    }
    x0_ = 1e300;
    x1_ = -1e300;
    for (const double value : plot_.values) {
      if (!hasPlace(value)) continue;
      x0_ = std::min(x0_, scaled(value));
      x1_ = std::max(x1_, scaled(value));
    }
  }

  static double below(double value) {
    const double decade = std::pow(10, std::floor(std::log10(value) + 1e-9));
    for (const double leading : {5.0, 2.0}) {
      if (leading * decade <= value * (1 + 1e-9)) return leading * decade;
    }
    return decade;
  }
  static double above(double value) {
    const double decade = std::pow(10, std::floor(std::log10(value) + 1e-9));
    for (const double leading : {1.0, 2.0, 5.0}) {
      if (leading * decade >= value * (1 - 1e-9)) return leading * decade;
    }
    return 10 * decade;
  }

  /// Of an axis of a decade or two also 2 and 5 times the powers of ten.
  std::vector<Tick> upTicks() const {
    if (plot_.empty) return {};
    std::vector<Tick> all = ticks(y_, kMostTicks);
    if (!y_.logarithmic || all.size() > 3) return all;
    const int last = static_cast<int>(std::floor(std::log10(y_.high)));
    for (int k = static_cast<int>(std::floor(std::log10(y_.low))); k <= last; ++k) {
      Range decade = y_;
      decade.low = std::max(y_.low, std::pow(10, k));
      decade.high = std::min(y_.high, std::pow(10, k + 1) * 0.999);
      for (Tick& tick : ticks(decade, kMostTicks)) {
        const bool isNew = std::none_of(all.begin(), all.end(), [&](const Tick& other) {
          return std::abs(other.value - tick.value) < 1e-6 * tick.value;
        });
        if (isNew) all.push_back(std::move(tick));
      }
    }
    return all;
  }

  /// "0.5"; of what has an exponent the power of ten.
  static Text tickText(const std::string& text) {
    const std::size_t e = text.find('e');
    if (e == std::string::npos) return paperText(text, tickStyle());
    const std::string factor = text.substr(0, e);
    Text power = paperText(factor == "1" ? "10" : factor + "·10", tickStyle());
    Text raised = paperText(text.substr(e + 1), tickStyle());
    raised.pieces.front().level = 1;
    power.pieces.push_back(std::move(raised.pieces.front()));
    return power;
  }

  /// Where the axes stand: labels take what they need.
  void places() {
    const double line = titleStyle().lineMm() + paperSmall().lineMm();
    ticks_ = upTicks();
    double widest = 0;
    for (const Tick& tick : ticks_) widest = std::max(widest, measure(tickText(tick.text)).width);
    double names = 2;
    if (!plot_.empty && plot_.curves.size() > 1) {
      for (const PaperPlot::Curve& curve : plot_.curves)
        names = std::max(names, kLabelGap + kCurveMark + measure(paperText(curve.label, labelStyle())).width);
      names = std::min(names, kMostLabel * drawing_.width);
    }
    names_ = names;
    area_.x = widest + kTickLength + 1.4;
    area_.y = line + 2;
    area_.width = drawing_.width - area_.x - names;
    const double under = tickStyle().lineMm() + paperSmall().lineMm() + 1.5 + noteHeight();
    area_.height = std::max(8.0, drawing_.height - area_.y - under);
  }

  std::string noteWords() const {
    std::string words = plot_.note;
    if (left_ > 0 && !plot_.empty) {
      words += (words.empty() ? "" : " ") + countText(left_, "number has", "numbers have") +
               " no place on these axes.";
    }
    return words;
  }
  std::vector<Text> noteLines() const { return paperLines(noteWords(), paperSmall(), drawing_.width); }
  double noteHeight() const { return static_cast<double>(noteLines().size()) * paperSmall().lineMm(); }

  double xOf(double value) const {
    const double share = x1_ > x0_ ? (scaled(value) - x0_) / (x1_ - x0_) : 0.5;
    return area_.x + kInset + share * (area_.width - 2 * kInset);
  }
  double yOf(double value) const {
    const double low = scaled(y_.low);
    const double high = scaled(y_.high);
    return area_.bottom() - (scaled(value) - low) / (high - low) * area_.height;
  }

  void put(double x, double top, const Text& text, const PaperStyle& style, Anchor anchor) {
    const TextExtent extent = measure(paperText("Hg", style));
    const double air = (style.lineMm() - extent.ascent - extent.descent) / 2;
    drawing_.text({x, top + air + extent.ascent}, text, anchor, false);
  }
  void putAt(double x, double y, const Text& text, const PaperStyle& style, Anchor anchor) {
    put(x, y - style.lineMm() / 2, text, style, anchor);
  }

  void heading() {
    const std::vector<Text> title = paperLines(plot_.title, titleStyle(), drawing_.width);
    if (!title.empty()) put(0, 0, title.front(), titleStyle(), Anchor::start);
    std::string words = plot_.curves.size() == 1 ? plot_.curves[0].label + " against " : "against ";
    words += plot_.across;
    if (plot_.logarithmic) words += "; both axes logarithmic";
    const std::vector<Text> lines = paperLines(words, paperSmall(), drawing_.width);
    if (!lines.empty()) put(0, titleStyle().lineMm(), lines.front(), paperSmall(), Anchor::start);
  }

  void axes() {
    std::vector<Segment> faint;
    std::vector<Segment> marks;
    for (const Tick& tick : ticks_) {
      const double y = yOf(tick.value);
      faint.push_back({{area_.x, y}, {area_.right(), y}});
      marks.push_back({{area_.x - kTickLength, y}, {area_.x, y}});
      putAt(area_.x - kTickLength - 0.8, y, tickText(tick.text), tickStyle(), Anchor::end);
    }
    for (int n = 1; plot_.empty && n <= kEmptyLines; ++n) {
      const double y = area_.bottom() - area_.height * n / kEmptyLines;
      faint.push_back({{area_.x, y}, {area_.right(), y}});
    }
    minor(marks);
    double lastEnd = -1e9;
    const double under = area_.bottom() + kTickLength + 0.4;
    for (const double value : plot_.values) {
      if (!hasPlace(value)) continue;
      const double x = xOf(value);
      marks.push_back({{x, area_.bottom()}, {x, area_.bottom() + kTickLength}});
      if (plot_.empty) faint.push_back({{x, area_.y}, {x, area_.bottom()}});
      const Text text = paperText(measuredText(value), tickStyle());
      const double half = measure(text).width / 2;
      if (x - half < lastEnd + 1) continue;
      put(x, under, text, tickStyle(), Anchor::middle);
      lastEnd = x + half;
    }
    drawing_.lines(faint, 0.12, kFaintRule);
    marks.push_back({{area_.x, area_.y}, {area_.x, area_.bottom()}});
    marks.push_back({{area_.x, area_.bottom()}, {area_.right(), area_.bottom()}});
    drawing_.lines(marks, kAxis, kPaperRule);
    const Text across = paperText(plot_.across + " →", paperSmall());
    put(area_.right(), under + tickStyle().lineMm() - 0.4, across, paperSmall(), Anchor::end);
  }

  /// Short marks of a logarithmic axis at 2 … 9 times the powers of ten.
  void minor(std::vector<Segment>& marks) const {
    if (!y_.logarithmic || plot_.empty) return;
    constexpr int kMostDecades = 6;
    const double from = std::floor(std::log10(y_.low));
    if (std::log10(y_.high) - from > kMostDecades) return;
    for (int decade = 0; decade <= kMostDecades; ++decade) {
      for (int leading = 2; leading <= 9; ++leading) {
        const double value = leading * std::pow(10, from + decade);
        if (value < y_.low || value > y_.high) continue;
        marks.push_back({{area_.x - kTickLength / 2, yOf(value)}, {area_.x, yOf(value)}});
      }
    }
  }

  void curve(std::size_t c, std::vector<Named>& names) {
    const PaperPlot::Curve& curve = plot_.curves[c];
    std::vector<Point> points;
    std::vector<Segment> lines;
    bool joined = false;
    double along = 0;
    for (std::size_t n = 0; n < std::min(curve.numbers.size(), plot_.values.size()); ++n) {
      if (!hasPlace(curve.numbers[n]) || !hasPlace(plot_.values[n])) {
        joined = false;
        continue;
      }
      const Point point{xOf(plot_.values[n]), yOf(curve.numbers[n])};
      if (joined) addDashes(lines, c, points.back(), point, along);
      points.push_back(point);
      joined = true;
    }
    drawing_.lines(lines, kCurve, kCurveInk);
    for (const Point& point : points) drawMark(drawing_, point, c);
    if (points.empty()) return;
    std::vector<Text> label = paperLines(curve.label, labelStyle(), names_ - kLabelGap - kCurveMark);
    if (label.empty()) return;
    names.push_back({std::move(label.front()), points.back(), points.back().y});
  }

  /// At the right, each on a line of its own and as near to its curve's end as the others leave it.
  void named(std::vector<Named>& names) {
    std::sort(names.begin(), names.end(), [](const Named& a, const Named& b) { return a.y < b.y; });
    const double line = 0.9 * labelStyle().lineMm();
    for (std::size_t n = 1; n < names.size(); ++n) names[n].y = std::max(names[n].y, names[n - 1].y + line);
    double most = area_.bottom();
    for (std::size_t n = names.size(); n-- > 0;) {
      names[n].y = std::min(names[n].y, most);
      most = names[n].y - line;
    }
    std::vector<Segment> leaders;
    for (const Named& name : names) {
      const double x = name.end.x + kCurveMark + kLabelGap;
      putAt(x, name.y, name.text, labelStyle(), Anchor::start);
      if (std::abs(name.y - name.end.y) > line / 2)
        leaders.push_back({{name.end.x + kCurveMark + 0.3, name.end.y}, {x - 0.4, name.y}});
    }
    if (!leaders.empty()) drawing_.lines(leaders, 0.15, kPaperRule);
  }

  void foot() {
    double y = drawing_.height - noteHeight();
    for (const Text& line : noteLines()) {
      put(0, y, line, paperSmall(), Anchor::start);
      y += paperSmall().lineMm();
    }
  }

  static constexpr double kInset = 2.5;  // mm of the level axis beyond its first and last value

  const PaperPlot& plot_;
  Drawing drawing_;
  Range y_{0, 1};
  double x0_ = 0;
  double x1_ = 0;
  Rect area_;
  double names_ = 0;  ///< room at the right for the names of the curves
  std::vector<Tick> ticks_;
  std::int64_t left_ = 0;  ///< numbers without a place
};

}  // namespace

PaperPlot plotOf(const LessonPanel& panel, std::span<const PanelRow> rows) {
  PaperPlot plot;
  plot.title = panel.title;
  plot.across = panelParameter(panel);
  plot.logarithmic = panel.logarithmic;
  for (const LessonPanel::Column& column : panel.columns) plot.curves.push_back({column.label, {}});
  for (const PanelRow& row : rows) {
    plot.values.push_back(row.value);
    for (std::size_t c = 0; c < plot.curves.size(); ++c) plot.curves[c].numbers.push_back(row.numbers[c]);
  }
  return plot;
}

Drawing drawPlot(const PaperPlot& plot, double width, double height) {
  return Plot(plot, width, height).draw();
}

std::string plotWords(const PaperPlot& plot) {
  std::string words = plot.title + ": ";
  if (plot.empty) {
    return words + "axes over " + mathPlain(plot.across) + " to draw a curve into, " +
           countText(static_cast<std::int64_t>(plot.values.size()), "value", "values") + ".";
  }
  words += countText(static_cast<std::int64_t>(plot.curves.size()), "curve", "curves") + " over " +
           mathPlain(plot.across) + (plot.logarithmic ? ", both axes logarithmic." : ".");
  for (const PaperPlot::Curve& curve : plot.curves) {
    if (curve.numbers.empty()) continue;
    words += " " + mathPlain(curve.label) + " from " + measuredText(curve.numbers.front()) + " at " +
             measuredText(plot.values.front()) + " to " + measuredText(curve.numbers.back()) + " at " +
             measuredText(plot.values.back()) + ".";
  }
  return words;
}

void drawPlotBeside(PaperWriter& writer, const PaperPlot& plot, std::vector<PaperTable>& tables,
                    double height) {
  const double width = kBeside * writer.width();
  const double room = writer.width() - width - kBesideGap;
  std::vector<PaperTableSize> sizes;
  double used = 0;
  for (PaperTable& table : tables) {
    if (table.title == plot.title) table.title = "In numbers";
    const PaperTableSize size = sizeOf(table, room);
    const double gap = sizes.empty() ? 0 : kBesideGap / 2;
    const bool isLegible = size.sizePt >= kSmallestBeside && size.width <= room + 1e-6;
    if (!isLegible || used + gap + size.height > kTallerBeside * height) break;
    used += gap + size.height;
    sizes.push_back(size);
  }
  height = std::max(height, used);
  writer.need(height);
  writer.place(drawPlot(plot, sizes.empty() ? writer.width() : width, height), plotWords(plot), writer.left(),
               writer.y());
  double y = writer.y();
  for (std::size_t n = 0; n < sizes.size(); ++n) {
    drawTable(writer, tables[n], sizes[n], writer.left() + width + kBesideGap, y);
    y += sizes[n].height + kBesideGap / 2;
  }
  tables.erase(tables.begin(), tables.begin() + static_cast<std::ptrdiff_t>(sizes.size()));
  writer.skip(height + kBesideGap / 2);
}

}  // namespace headlight
