#include "core/lesson/paper_plane.h"

#include <algorithm>
#include <cmath>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/figure/text_layout.h"
#include "core/picture/palette.h"
#include "core/picture/range.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kGap = 8;             // mm between the planes
constexpr double kLeastReach = 5.5;    // of queries and keys
constexpr double kLeastValues = 2;     // of values
constexpr double kAir = 1.2;           // beyond the farthest point
constexpr double kGridLine = 0.1;      // mm
constexpr double kAxisLine = 0.25;     // mm
constexpr double kKeyLine = 0.4;       // mm
constexpr double kQueryLine = 0.75;    // mm
constexpr double kHead = 2.4;          // mm, of an arrow
constexpr double kSmallestDisc = 0.9;  // mm, radius of a value
constexpr double kDiscOfAll = 2.4;     // mm more, of a weight of 1
constexpr double kOutput = 1.3;        // mm, radius
constexpr int kTicks = 7;
constexpr Rgb kGridColour{0xE2, 0xE5, 0xEA};
constexpr Rgb kWhite{0xFF, 0xFF, 0xFF};
constexpr std::size_t kLongestName = 8;

PaperStyle nameStyle(Rgb colour) {
  return {.sizePt = 9, .weight = 600, .colour = colour};
}
PaperStyle tickStyle() {
  PaperStyle style = paperNumbers();
  style.sizePt = 7;
  return style;
}

Rgb lightened(Rgb colour, double share) {
  const auto mixed = [&](std::uint8_t channel) {
    return static_cast<std::uint8_t>(std::lround(255 - share * (255 - channel)));
  };
  return {mixed(colour.r), mixed(colour.g), mixed(colour.b)};
}

std::string pointWords(const PlanePoint& point) {
  return "(" + fixed(point[0], 2) + ", " + fixed(point[1], 2) + ")";
}

/// A square of `reach` units about its middle.
class Plane {
 public:
  Plane(Drawing& drawing, const Rect& area, double reach) : drawing_(drawing), area_(area), reach_(reach) {}

  Point at(const PlanePoint& point) const {
    return {area_.x + area_.width / 2 * (1 + point[0] / reach_),
            area_.y + area_.height / 2 * (1 - point[1] / reach_)};
  }

  void ground() {
    const std::vector<Tick> marks = ticks(Range{-reach_, reach_}, kTicks);
    std::vector<Segment> grid;
    const double unit = marks.size() > 1 ? (marks[1].value - marks[0].value) / 2 : reach_ / 4;
    const int last = static_cast<int>(reach_ / unit + 1e-9);
    for (int n = 0; n <= last; ++n) {
      const double value = n * unit;
      for (const double signedValue : {value, -value}) {
        const Point p = at({signedValue, signedValue});
        grid.push_back({{area_.x, p.y}, {area_.right(), p.y}});
        grid.push_back({{p.x, area_.y}, {p.x, area_.bottom()}});
      }
    }
    drawing_.lines(grid, kGridLine, kGridColour);
    const Point zero = at({0, 0});
    const Segment axes[] = {{{area_.x, zero.y}, {area_.right(), zero.y}},
                            {{zero.x, area_.y}, {zero.x, area_.bottom()}}};
    drawing_.lines(axes, kAxisLine, kPaperRule);
  }

  /// Along the axes, where no name stands: after all names.
  void numbers() {
    const Point zero = at({0, 0});
    const PaperStyle style = tickStyle();
    for (const Tick& tick : ticks(Range{-reach_, reach_}, kTicks)) {
      if (tick.value == 0) continue;
      const Point p = at({tick.value, tick.value});
      const double half = measure(paperText(tick.text, style)).width / 2;
      if (p.x - area_.x > 3 && area_.right() - p.x > 3)
        number(p.x - half, zero.y + style.lineMm() / 2 + 0.5, tick.text, style);
      if (p.y - area_.y > 3 && area_.bottom() - p.y > 3)
        number(zero.x - 0.8 - 2 * half, p.y, tick.text, style);
    }
  }

  void arrow(const PlanePoint& to, Rgb colour, double thickness) {
    const Point a = at({0, 0});
    const Point b = at(to);
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 0.3) return;
    const double ux = (b.x - a.x) / length;
    const double uy = (b.y - a.y) / length;
    const double head = std::min(kHead, length);
    const Point base{b.x - ux * head, b.y - uy * head};
    const Segment shaft{a, base};
    if (length > head) drawing_.lines({&shaft, 1}, thickness, colour);
    const double half = 0.38 * head + thickness / 4;
    const Point corners[] = {
        b, {base.x - uy * half, base.y + ux * half}, {base.x + uy * half, base.y - ux * half}};
    drawing_.polygon(corners, colour);
  }

  void disc(const PlanePoint& point, double radius, Rgb colour) {
    const Point centre[] = {at(point)};
    drawing_.dots(centre, radius, colour);
  }

  /// About (x, y), inside of the plane, on paper of its own so that no line runs through it.
  void label(double x, double y, const std::string& words, const PaperStyle& style, Anchor anchor) {
    const Text text = paperText(words, style);
    const TextExtent extent = measure(text);
    double left = anchor == Anchor::middle ? x - extent.width / 2
                  : anchor == Anchor::end  ? x - extent.width
                                           : x;
    left = std::clamp(left, area_.x + 0.5, std::max(area_.x + 0.5, area_.right() - extent.width - 0.5));
    const double half = (extent.ascent + extent.descent) / 2;
    y = std::clamp(y, area_.y + half, area_.bottom() - half);
    const double air = 0.3;
    const Point corners[] = {{left - air, y - half + air},
                             {left + extent.width + air, y - half + air},
                             {left + extent.width + air, y + half - air},
                             {left - air, y + half - air}};
    drawing_.polygon(corners, kWhite);
    drawing_.text({left, y - half + extent.ascent}, text, Anchor::start, false);
  }

  /// From `left` on, about y; not where another text stands.
  void number(double left, double y, const std::string& words, const PaperStyle& style) {
    const Text text = paperText(words, style);
    const TextExtent extent = measure(text);
    const double top = y - (extent.ascent + extent.descent) / 2;
    const bool isTaken =
        std::any_of(drawing_.texts().begin(), drawing_.texts().end(), [&](const PlacedText& other) {
          return other.box.x < left + extent.width && left < other.box.right() &&
                 other.box.y < top + extent.ascent + extent.descent && top < other.box.bottom();
        });
    if (!isTaken) drawing_.text({left, top + extent.ascent}, text, Anchor::start, false);
  }

  /// Beyond the point as seen from the middle, `away` mm from it.
  void name(const PlanePoint& of, const std::string& words, const PaperStyle& style, double away) {
    const Point p = at(of);
    const double length = std::hypot(of[0], of[1]);
    const double ux = length > 1e-9 ? of[0] / length : 0;
    const double uy = length > 1e-9 ? -of[1] / length : 1;
    const double half = measure(paperText(words, style)).width / 2;
    label(p.x + ux * (away + half), p.y + uy * (away + style.lineMm() / 2), words, style, Anchor::middle);
  }

  /// Above a point of the upper half, else below it.
  void nameOver(const PlanePoint& of, const std::string& words, const PaperStyle& style, double radius) {
    const Point p = at(of);
    const double off = radius + 0.4 * style.lineMm() + 0.4;
    label(p.x, of[1] < 0 ? p.y + off : p.y - off, words, style, Anchor::middle);
  }

  void polygon(std::span<const PlanePoint> points, Rgb line, Rgb ground) {
    std::vector<Point> corners;
    for (const PlanePoint& point : points) corners.push_back(at(point));
    std::vector<Segment> sides;
    for (std::size_t n = 0; n < corners.size(); ++n)
      sides.push_back({corners[n], corners[(n + 1) % corners.size()]});
    if (corners.size() >= 3) drawing_.polygon(corners, ground);
    drawing_.lines(sides, kGridLine * 2, line);
  }

 private:
  Drawing& drawing_;
  Rect area_;
  double reach_;
};

double reachOf(const std::vector<PlanePoint>& points, double least) {
  double reach = least;
  for (const PlanePoint& point : points)
    reach = std::max({reach, std::abs(point[0]) * kAir, std::abs(point[1]) * kAir});
  return reach;
}

std::vector<PlanePoint> pointsOf(const Matrix& matrix) {
  std::vector<PlanePoint> points;
  for (std::int64_t i = 0; i < matrix.rows(); ++i)
    points.push_back({static_cast<double>(matrix(i, 0)), static_cast<double>(matrix(i, 1))});
  return points;
}

bool areFinite(const std::vector<PlanePoint>& points) {
  return std::all_of(points.begin(), points.end(),
                     [](const PlanePoint& p) { return std::isfinite(p[0]) && std::isfinite(p[1]); });
}

}  // namespace

std::optional<PaperPlane> planeOf(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  const Projected* projected = evaluation.run->projected.value.get();
  if (sizes.dK != 2 || sizes.dV != 2 || sizes.heads != 1 || sizes.queries != 1 ||
      sizes.keys > kMostPlaneKeys || projected == nullptr || projected->q.size() != 1 ||
      projected->k.size() != 1 || projected->v.size() != 1)
    return std::nullopt;
  const auto weights = Field::make(evaluation.run, Stage::weights, 0);
  const auto output = Field::make(evaluation.run, Stage::headOutput, 0);
  if (!weights || !output) return std::nullopt;
  PaperPlane plane;
  plane.query = pointsOf(projected->q[0]).front();
  plane.keys = pointsOf(projected->k[0]);
  plane.values = pointsOf(projected->v[0]);
  plane.output = {static_cast<double>(output->cell(0, 0)), static_cast<double>(output->cell(0, 1))};
  if (!areFinite(plane.keys) || !areFinite(plane.values) || !areFinite({plane.query, plane.output}))
    return std::nullopt;
  const Prepared& prepared = *evaluation.prepared;
  for (std::int64_t j = 0; j < sizes.keys; ++j) {
    const auto at = static_cast<std::size_t>(j);
    if (weights->cellClass(0, j) == CellClass::masked) return std::nullopt;
    plane.weights.push_back(static_cast<double>(weights->cell(0, j)));
    plane.names.push_back(at < prepared.keyTokens.size()
                              ? shortLabel(prepared.keyTokens[at].label, kLongestName)
                              : std::to_string(j));
  }
  plane.queryName = "query";
  plane.origin = prepared.origin.chip;
  return plane;
}

Drawing drawPlane(const PaperPlane& plane, double width, double height) {
  const Palette& colours = palette(Theme::light);
  Drawing drawing;
  const PaperStyle title{.sizePt = 9.5, .weight = 600};
  const PaperStyle small = paperSmall();
  const double head = title.lineMm() + small.lineMm() + 1;
  const double side = std::min((width - kGap) / 2, height - head - small.lineMm() - 1);
  drawing.width = width;
  drawing.height = side + head + small.lineMm() + 1;
  const Rect left{0, head, side, side};
  const Rect right{width - side, head, side, side};
  const auto put = [&](double x, double top, const std::string& words, const PaperStyle& style) {
    if (words.empty()) return;
    const Text text = paperText(words, style);
    drawing.text({x, top + measure(text).ascent}, text, Anchor::start, false);
  };
  drawing.beginGroup("plane");
  put(left.x, 0, "Query and keys", title);
  put(left.x, title.lineMm(), "d_k = 2; the first number to the right, the second up", small);
  put(right.x, 0, "Values and output", title);
  put(right.x, title.lineMm(), "output = Σ weight · value; discs by weight", small);

  Plane keys(drawing, left, reachOf(plane.keys, kLeastReach));
  keys.ground();
  for (const PlanePoint& key : plane.keys) keys.arrow(key, colours.k, kKeyLine);
  const double reach = reachOf(plane.keys, kLeastReach);
  const PlanePoint shown{std::clamp(plane.query[0], -reach, reach),
                         std::clamp(plane.query[1], -reach, reach)};
  keys.arrow(shown, colours.q, kQueryLine);
  for (std::size_t j = 0; j < plane.keys.size(); ++j)
    keys.name(plane.keys[j], "key " + plane.names[j], nameStyle(colours.k), 1.2);
  keys.name(shown, plane.queryName + " " + pointWords(plane.query), nameStyle(colours.q), 1.4);
  keys.numbers();

  Plane values(drawing, right, reachOf(plane.values, kLeastValues));
  values.ground();
  const std::vector<PlanePoint> hull = convexHull(plane.values);
  values.polygon(hull, colours.v, lightened(colours.v, 0.12));
  for (std::size_t j = 0; j < plane.values.size(); ++j) {
    const double weight = std::clamp(plane.weights[j], 0.0, 1.0);
    const double radius = kSmallestDisc + kDiscOfAll * std::sqrt(weight);
    values.disc(plane.values[j], radius, colours.v);
  }
  for (std::size_t j = 0; j < plane.values.size(); ++j) {
    const double weight = std::clamp(plane.weights[j], 0.0, 1.0);
    values.nameOver(plane.values[j], "value " + plane.names[j] + " · " + fixed(plane.weights[j], 2),
                    nameStyle(colours.v), kSmallestDisc + kDiscOfAll * std::sqrt(weight));
  }
  values.disc(plane.output, kOutput + 0.5, kWhite);
  values.disc(plane.output, kOutput, colours.t1);
  const Point output = values.at(plane.output);
  values.label(output.x + kOutput + 1, output.y - kOutput - 1.5, "output", nameStyle(colours.t1),
               Anchor::start);
  values.numbers();
  put(0, drawing.height - small.lineMm(), plane.origin, small);
  put(right.x, drawing.height - small.lineMm(), plane.note, small);
  drawing.endGroup();
  return drawing;
}

std::string planeWords(const PaperPlane& plane) {
  std::string words = "Two planes. Query " + pointWords(plane.query) + ".";
  for (std::size_t j = 0; j < plane.keys.size(); ++j) {
    words += " Key " + plane.names[j] + " " + pointWords(plane.keys[j]) + ", value " +
             pointWords(plane.values[j]) + ", weight " + fixed(plane.weights[j], 3) + ".";
  }
  return words + " Output " + pointWords(plane.output) + ".";
}

}  // namespace headlight
