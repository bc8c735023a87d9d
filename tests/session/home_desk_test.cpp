#include "app/session/home_desk.h"

#include <algorithm>
#include <cstdio>

#include "app/session/open_file.h"
#include "core/figure/figure.h"
#include "core/lesson/lesson.h"
#include "core/picture/picture.h"
#include "tests/figure/svg_cells.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;

class HomeDeskTest : public SessionTest {
 protected:
  /// Home as it stands when all is there.
  HomeDesk& looked() {
    open();
    session->homeDesk().open();
    session->settle();
    return session->homeDesk();
  }
  const HomeCard& card(const std::string& name) {
    const auto& cards = looked().cards();
    const auto found =
        std::find_if(cards.begin(), cards.end(), [&](const HomeCard& one) { return one.name == name; });
    EXPECT_NE(found, cards.end()) << name;
    return *found;
  }
};

TEST_F(HomeDeskTest, ListsExamplesAndScenesWithTheirMaps) {
  const auto& cards = looked().cards();
  ASSERT_EQ(cards.size(), exampleNames().size() + sceneFiles().size());
  for (const HomeCard& one : cards) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(one.problem, "");
    EXPECT_NE(one.title, "");
    EXPECT_NE(one.facts, "");
    EXPECT_NE(one.origin, "");
    ASSERT_TRUE(one.map);
    const Tile& tile = *one.map->tile;
    EXPECT_LE(std::max(tile.rows, tile.cols), kPreviewSide);
    const std::int64_t step = std::int64_t{1} << tile.level;
    EXPECT_EQ(tile.rows, (one.map->rows + step - 1) / step);
    EXPECT_EQ(tile.cols, (one.map->cols + step - 1) / step);
  }
  EXPECT_EQ(cards.front().name, exampleNames().front());
}

/// The cells, and the range they are coloured over, are those that opening the example gives.
TEST_F(HomeDeskTest, PicturesAreTheNumbersOfTheOpenedExample) {
  looked();
  const std::vector<HomeCard> cards = session->homeDesk().cards();
  for (const HomeCard& one : cards) {
    if (one.kind != HomeCard::Kind::example) continue;
    SCOPED_TRACE(one.name);
    session->openExample(one.name);
    session->settle();
    const MapPreview& map = *one.map;
    const auto now = session->evaluation();
    ASSERT_TRUE(now);
    EXPECT_EQ(session->view().stage, map.stage);
    EXPECT_EQ(session->view().head, map.head);
    const auto field = Field::make(now->run, map.stage, map.head);
    ASSERT_TRUE(field);
    const Tile expected = field->tile(map.tile->level, 0, 0);
    EXPECT_EQ(map.tile->extreme, expected.extreme);
    EXPECT_EQ(map.tile->classes, expected.classes);
    EXPECT_EQ(map.rows, field->rows());
    EXPECT_EQ(map.cols, field->cols());
    session->range(map.stage, map.head);
    session->settle();
    const auto range = session->range(map.stage, map.head);
    ASSERT_TRUE(range);
    EXPECT_EQ(map.range, *range);
  }
}

TEST_F(HomeDeskTest, ColoursAreThoseOfTheExportedFigure) {
  const HomeCard& one = card("causal-random");
  ASSERT_TRUE(one.map);
  const MapPreview& map = *one.map;
  const MapLook look = makeLook(map.range, *colormap("viridis"), Theme::light);

  const auto opened = openExampleDocument(one.name, inHome("cache"));
  ASSERT_TRUE(opened);
  ThreadPool pool(2);
  const auto evaluation = evaluate(opened->document.experiment, opened->document.folder, nullptr, pool);
  ASSERT_TRUE(evaluation);
  FigureSpec spec;
  spec.layout = "single";
  spec.format = FigureFormat::svg;
  const auto figure = renderFigure(**evaluation, spec, pool);
  ASSERT_TRUE(figure);
  const auto cells = test::svgCells(figure->bytes, map.rows, map.cols);
  int compared = 0;
  for (std::int64_t i = 0; i < map.rows; ++i) {
    for (std::int64_t j = 0; j < map.cols; ++j) {
      const auto at = static_cast<std::size_t>(i * map.tile->cols + j);
      const Rgb expected =
          flatColour(look, map.tile->extreme[at], static_cast<CellClass>(map.tile->classes[at]));
      char text[8];
      std::snprintf(text, sizeof text, "%02x%02x%02x", expected.r, expected.g, expected.b);
      EXPECT_EQ(cells[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)], text) << i << " " << j;
      ++compared;
    }
  }
  EXPECT_GT(compared, 50);
}

TEST_F(HomeDeskTest, IsReadOnceAndInTheBackground) {
  open();
  HomeDesk& desk = session->homeDesk();
  EXPECT_FALSE(desk.cards().empty());
  EXPECT_FALSE(desk.cards().front().map) << "nothing is computed before it is looked at";
  desk.open();
  EXPECT_FALSE(desk.cards().front().map) << "nor on the thread that asks";
  session->settle();
  const auto tile = desk.cards().front().map->tile;
  desk.open();
  session->settle();
  EXPECT_EQ(desk.cards().front().map->tile, tile);
}

}  // namespace
}  // namespace headlight
