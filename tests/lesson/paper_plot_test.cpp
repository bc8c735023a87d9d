// Plots and planes on paper, against positions found another way.
#include "core/lesson/paper_plot.h"

#include <cmath>
#include <numeric>

#include "core/attention/field.h"
#include "core/lesson/handout.h"
#include "core/lesson/panel_point.h"
#include "core/lesson/paper_plane.h"
#include "core/lesson/step_figures.h"
#include "tests/figure/text_boxes.h"
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The shapes of a drawing in their order.
class Shapes : public Canvas {
 public:
  struct Dot {
    Point centre;
    double radius = 0;
    Rgb colour;
  };
  struct Stroke {
    std::vector<Segment> segments;
    double width = 0;
    Rgb colour;
  };
  std::vector<Dot> all;
  std::vector<Stroke> strokes;
  std::vector<std::vector<Point>> polygons;

  explicit Shapes(const Drawing& drawing) { drawing.replay(*this); }
  void cells(std::span<const FilledCell>) override {}
  void lines(std::span<const Segment> segments, double width, Rgb colour) override {
    strokes.push_back({{segments.begin(), segments.end()}, width, colour});
  }
  void polygon(std::span<const Point> corners, Rgb) override {
    polygons.emplace_back(corners.begin(), corners.end());
  }
  void dots(std::span<const Point> centres, double radius, Rgb colour) override {
    for (const Point& centre : centres) all.push_back({centre, radius, colour});
  }
  void image(const Rect&, const Picture&) override {}
  void text(Point, const Text&, Anchor, bool) override {}
  void pushClip(const Rect&) override {}
  void popClip() override {}
  void beginGroup(std::string_view) override {}
  void endGroup() override {}

  /// Of the dots that are not paper: where they stand, of those that cover one another once.
  std::vector<Point> marks() const {
    std::vector<Point> places;
    for (const Dot& dot : all) {
      if (dot.colour == Rgb{255, 255, 255}) continue;
      places.push_back(dot.centre);
    }
    return places;
  }
  /// The strokes as wide as curves are.
  std::vector<Stroke> curves() const {
    std::vector<Stroke> found;
    for (const Stroke& stroke : strokes) {
      if (stroke.width > 0.3) found.push_back(stroke);
    }
    return found;
  }
};

std::string wordsOf(const Drawing& drawing) {
  std::string all;
  for (const PlacedText& text : drawing.texts()) all += text.text.plain() + "\n";
  return all;
}

PaperPlot plotWith(std::vector<double> values, std::vector<std::vector<double>> numbers, bool logarithmic) {
  PaperPlot plot{"A title", "d_k", logarithmic, std::move(values), {}, "", false};
  for (std::size_t c = 0; c < numbers.size(); ++c)
    plot.curves.push_back({"curve " + std::to_string(c), std::move(numbers[c])});
  return plot;
}

double length(const std::vector<Segment>& segments) {
  return std::accumulate(segments.begin(), segments.end(), 0.0, [](double sum, const Segment& s) {
    return sum + std::hypot(s.to.x - s.from.x, s.to.y - s.from.y);
  });
}

TEST(PaperPlot, MarksStandAtTheLogarithmsOfTheirNumbers) {
  const PaperPlot plot = plotWith({1, 4, 16, 64, 1024}, {{0.775, 1.91, 3.85, 7.99, 32.34}}, true);
  const auto marks = Shapes(drawPlot(plot, 100, 70)).marks();
  ASSERT_EQ(marks.size(), 5u);
  const auto& numbers = plot.curves[0].numbers;
  const double perDecade = (marks[0].y - marks[4].y) / std::log10(numbers[4] / numbers[0]);
  EXPECT_GT(perDecade, 5);
  for (std::size_t n = 1; n < marks.size(); ++n) {
    EXPECT_NEAR(marks[0].y - marks[n].y, perDecade * std::log10(numbers[n] / numbers[0]), 1e-9) << n;
    const double share = std::log(plot.values[n]) / std::log(1024);
    EXPECT_NEAR(marks[n].x - marks[0].x, share * (marks[4].x - marks[0].x), 1e-9) << n;
  }
}

TEST(PaperPlot, MarksStandAtTheirNumbersOnLinearAxes) {
  const PaperPlot plot = plotWith({0.5, 1, 2, 12}, {{0.2, 0.4, 0.9, 0.1}}, false);
  const Shapes shapes(drawPlot(plot, 100, 70));
  const auto marks = shapes.marks();
  ASSERT_EQ(marks.size(), 4u);
  const double unit = (marks[0].y - marks[2].y) / 0.7;
  EXPECT_NEAR(marks[0].y - marks[1].y, 0.2 * unit, 1e-9);
  EXPECT_NEAR(marks[3].y - marks[0].y, 0.1 * unit, 1e-9);
  EXPECT_NEAR((marks[1].x - marks[0].x) / (marks[3].x - marks[0].x), 0.5 / 11.5, 1e-9);
}

TEST(PaperPlot, TicksStandWhereTheirNumbersWould) {
  const PaperPlot plot = plotWith({1, 10}, {{0.775, 32.34}}, true);
  const Drawing drawing = drawPlot(plot, 100, 70);
  const auto marks = Shapes(drawing).marks();
  const double perDecade = (marks[0].y - marks[1].y) / std::log10(32.34 / 0.775);
  int found = 0;
  for (const PlacedText& text : drawing.texts()) {
    const std::string words = text.text.plain();
    if (text.box.right() > marks[0].x || words.find_first_not_of("0123456789.") != std::string::npos)
      continue;
    const double y = marks[0].y - perDecade * std::log10(std::stod(words) / 0.775);
    EXPECT_NEAR(text.box.y + text.box.height / 2, y, 0.8) << words;
    ++found;
  }
  EXPECT_GE(found, 5);  // 0.5 1 2 5 10 20 50
}

TEST(PaperPlot, CurvesAreToldApartWithoutColour) {
  const PaperPlot plot =
      plotWith({1, 2, 4, 8}, {{1, 2, 4, 8}, {8, 4, 2, 1}, {1, 1, 1, 1}, {5, 5, 5, 5}}, true);
  const Shapes shapes(drawPlot(plot, 120, 70));
  const auto curves = shapes.curves();
  ASSERT_EQ(curves.size(), 4u);
  for (const auto& curve : curves) EXPECT_EQ(curve.colour, curves[0].colour);
  // Whole, dashed, dotted and mixed: another share of the way is drawn.
  std::vector<std::size_t> pieces;
  std::vector<double> drawn;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    // The first two rise and fall alike; the others are level.
    const double level = curves[2].segments.back().to.x - curves[2].segments.front().from.x;
    const double way = c < 2 ? length(curves[0].segments) : level;
    pieces.push_back(curves[c].segments.size());
    drawn.push_back(length(curves[c].segments) / way);
  }
  EXPECT_EQ(pieces[0], 3u);
  EXPECT_GT(pieces[1], 12u);
  EXPECT_GT(pieces[2], pieces[1]);
  EXPECT_LT(drawn[1], 0.75);
  EXPECT_LT(drawn[2], 0.5);
  // Discs for the first two, one filled, one open; squares for the others.
  EXPECT_EQ(shapes.marks().size(), 8u);
  EXPECT_GE(shapes.polygons.size(), 16u);
  EXPECT_EQ(misplaced(drawPlot(plot, 120, 70)), "");
}

TEST(PaperPlot, NamesOfCurvesThatEndTogetherStandApart) {
  const PaperPlot plot = plotWith({1, 2}, {{1, 5}, {2, 5}, {3, 5.01}, {4, 4.99}, {5, 5}, {6, 5}}, false);
  const Drawing drawing = drawPlot(plot, 82, 60);
  EXPECT_EQ(misplaced(drawing), "");
  for (int c = 0; c < 6; ++c) EXPECT_THAT(wordsOf(drawing), HasSubstr("curve " + std::to_string(c)));
}

TEST(PaperPlot, WhatHasNoPlaceIsSaid) {
  const double nan = std::nan("");
  const PaperPlot plot = plotWith({1, 2, 4, 8}, {{1, 0, nan, 8}}, true);
  const Drawing drawing = drawPlot(plot, 100, 70);
  EXPECT_EQ(Shapes(drawing).marks().size(), 2u);
  EXPECT_TRUE(Shapes(drawing).curves().empty() || length(Shapes(drawing).curves()[0].segments) == 0);
  EXPECT_THAT(wordsOf(drawing), HasSubstr("2 numbers have no place"));
  const Drawing nothing = drawPlot(plotWith({0, -1}, {{nan, -2}}, true), 100, 70);
  EXPECT_TRUE(Shapes(nothing).marks().empty());
}

TEST(PaperPlot, EmptyAxesGiveNothingAway) {
  PaperPlot plot = plotWith({64, 256, 1024}, {{}}, true);
  plot.empty = true;
  plot.note = "Draw the curve that you expect.";
  const Drawing drawing = drawPlot(plot, 82, 60);
  EXPECT_TRUE(Shapes(drawing).marks().empty());
  EXPECT_TRUE(Shapes(drawing).curves().empty());
  std::vector<std::string> numbers;
  for (const PlacedText& text : drawing.texts()) {
    if (text.text.plain().find_first_not_of("0123456789.") == std::string::npos)
      numbers.push_back(text.text.plain());
  }
  EXPECT_EQ(numbers, (std::vector<std::string>{"64", "256", "1024"}));
  EXPECT_THAT(plotWords(plot), HasSubstr("to draw a curve into"));
}

TEST(PaperPlot, AMeasureIsAPointOfThePlotOfItsQuantity) {
  const Lesson lesson = lessonOf("5");
  const LessonPanel& panel = lesson.steps[3].panels[0];
  std::size_t points = 0;
  for (const auto& [name, measure] : lesson.measures) {
    const auto point = panelPoint(panel, measure);
    if (!point) continue;
    ++points;
    Bench bench = lesson.bench(".", pool());
    const auto rows = panelRows(panel, bench);
    ASSERT_TRUE(rows);
    for (const PanelRow& row : *rows) {
      if (row.value != point->value) continue;
      EXPECT_EQ(row.numbers[point->column], *bench.number(name)) << name;
    }
  }
  EXPECT_GE(points, 2u);
}

// --- on the pages

StepSheet sheetOf(const Lesson& lesson, std::size_t step) {
  Bench bench = lesson.bench(".", pool());
  const auto starts = stepStarts(lesson);
  EXPECT_TRUE(starts);
  auto sheet = stepSheet(lesson, lesson.steps[step], (*starts)[step], bench);
  EXPECT_TRUE(sheet) << sheet.error().text();
  return sheet ? std::move(*sheet) : StepSheet{};
}

TEST(HandoutPlots, AreDrawnAfterTheirPredictionAndLeftEmptyBefore) {
  const Lesson lesson = lessonOf("5");
  const StepSheet before = sheetOf(lesson, 0);
  ASSERT_EQ(before.plots.size(), 1u);
  EXPECT_TRUE(before.plots[0].empty);
  for (const PaperPlot::Curve& curve : before.plots[0].curves) EXPECT_TRUE(curve.numbers.empty());
  const StepSheet seen = sheetOf(lesson, 3);
  ASSERT_EQ(seen.plots.size(), 1u);
  EXPECT_FALSE(seen.plots[0].empty);
  EXPECT_THAT(seen.plots[0].note, HasSubstr("step 1"));
  Bench bench = lesson.bench(".", pool());
  const auto rows = panelRows(lesson.steps[3].panels[0], bench);
  ASSERT_TRUE(rows);
  for (std::size_t n = 0; n < rows->size(); ++n)
    EXPECT_EQ(seen.plots[0].curves[0].numbers[n], (*rows)[n].numbers[0]);

  Bench again = lesson.bench(".", pool());
  const auto pages = handoutPages(lesson, again);
  ASSERT_TRUE(pages);
  for (std::size_t n = 0; n < 3; ++n) {
    for (const PanelRow& row : *rows)
      EXPECT_THAT(wordsOf(pages->pages[n]), Not(HasSubstr("\n" + measuredText(row.numbers[0]) + "\n"))) << n;
  }
  for (const PanelRow& row : *rows)
    EXPECT_THAT(wordsOf(pages->pages[3]), HasSubstr("\n" + measuredText(row.numbers[0]) + "\n"));
}

TEST(HandoutPlots, OfEveryPlotOfLessonsAndScenes) {
  std::size_t plots = 0;
  for (const auto* files : {&lessonFiles(), &sceneFiles()}) {
    for (const LessonFile& file : *files) {
      const Lesson lesson = lessonOf(file.id);
      for (std::size_t n = 0; n < lesson.steps.size(); ++n) {
        std::size_t wanted = 0;
        for (const LessonPanel& panel : lesson.steps[n].panels)
          wanted += panel.kind == LessonPanel::Kind::plot ? 1 : 0;
        if (wanted == 0) continue;
        const StepSheet sheet = sheetOf(lesson, n);
        ASSERT_EQ(sheet.plots.size(), wanted) << file.id;
        for (const PaperPlot& plot : sheet.plots) {
          for (const double width : {82.0, 102.0, 170.0})
            EXPECT_EQ(misplaced(drawPlot(plot, width, 66)), "") << file.id << " " << plot.title;
        }
        plots += wanted;
      }
    }
  }
  EXPECT_GE(plots, 10u);
}

TEST(HandoutPlane, IsWhatIsComputedByHand) {
  const Lesson lesson = lessonOf("1");
  const auto plane = sheetOf(lesson, 1).plane;
  ASSERT_TRUE(plane);
  ASSERT_EQ(plane->keys.size(), 3u);
  EXPECT_EQ(plane->query, (PlanePoint{3, 1}));
  double total = 0;
  std::vector<double> shares;
  for (const PlanePoint& key : plane->keys) {
    shares.push_back(std::exp(3 * key[0] + key[1]));
    total += shares.back();
  }
  PlanePoint output{};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(plane->weights[j], shares[j] / total, 1e-6);
    for (std::size_t axis = 0; axis < 2; ++axis) output[axis] += shares[j] / total * plane->values[j][axis];
  }
  EXPECT_NEAR(plane->output[0], output[0], 1e-6);
  EXPECT_NEAR(plane->output[1], output[1], 1e-6);

  // On the page: the output lies between the values as their weights have it.
  const Shapes shapes(drawPlane(*plane, 170, 92));
  std::vector<Shapes::Dot> discs;
  for (const Shapes::Dot& dot : shapes.all) {
    if (!(dot.colour == Rgb{255, 255, 255})) discs.push_back(dot);
  }
  ASSERT_EQ(discs.size(), 4u);
  Point expected;
  for (std::size_t j = 0; j < 3; ++j) {
    expected.x += shares[j] / total * discs[j].centre.x;
    expected.y += shares[j] / total * discs[j].centre.y;
  }
  EXPECT_NEAR(discs[3].centre.x, expected.x, 1e-4);
  EXPECT_NEAR(discs[3].centre.y, expected.y, 1e-4);
  EXPECT_GT(discs[0].radius, discs[1].radius);
  EXPECT_GT(discs[1].radius, discs[2].radius);
  EXPECT_EQ(misplaced(drawPlane(*plane, 170, 92)), "");
  EXPECT_THAT(planeWords(*plane), HasSubstr("Query (3.00, 1.00)"));
}

TEST(HandoutPlane, StandsForTheMapInEveryStepOfTheFirstLesson) {
  const Lesson lesson = lessonOf("1");
  for (std::size_t n = 0; n < lesson.steps.size(); ++n) {
    const StepSheet sheet = sheetOf(lesson, n);
    ASSERT_TRUE(sheet.plane) << n;
    EXPECT_TRUE(sheet.figures.empty());
    EXPECT_EQ(sheet.plane->note.empty(), lesson.steps[n].kind == LessonStep::Kind::see);
    EXPECT_THAT(wordsOf(drawPlane(*sheet.plane, 170, 92)), HasSubstr(sheet.plane->origin));
  }
  EXPECT_FALSE(sheetOf(lessonOf("2"), 0).plane);
}

TEST(HandoutPlane, AFarQueryStaysInside) {
  const Lesson lesson = lessonOf("1");
  auto plane = sheetOf(lesson, 1).plane;
  ASSERT_TRUE(plane);
  plane->query = {40, -40};
  const Drawing drawing = drawPlane(*plane, 170, 92);
  EXPECT_EQ(misplaced(drawing), "");
  EXPECT_LE(drawing.bounds().right(), 170 + 0.2);
  EXPECT_LE(drawing.bounds().bottom(), drawing.height + 1e-6);
  EXPECT_THAT(wordsOf(drawing), HasSubstr("(40.00, −40.00)"));
}

}  // namespace
}  // namespace headlight::test
