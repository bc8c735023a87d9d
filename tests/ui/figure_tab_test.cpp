#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/compare.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/base/thread_pool.h"
#include "core/figure/figure.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

namespace fs = std::filesystem;

void openFigure(Driver& d) {
  EXPECT_TRUE(d.window().run("tab.figure"));
  d.settle();
}

/// Size and page are found on other threads: until the tab tells the size.
void settleSize(Driver& d) {
  for (int i = 0; i < 200; ++i) {
    d.pass(0.05);
    d.settle();
    if (!d.drawn().shows("computing")) return;
  }
  ADD_FAILURE() << "the size is not found";
}

std::string bytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the Save button writes, by way of a native dialog.
std::string saved(Driver& d, const std::string& name) {
  d.dialogs().isAvailable = true;
  const std::string path = d.folder() + "/" + name;
  d.click("figure.save");
  d.settle();
  EXPECT_FALSE(d.dialogs().asked.empty());
  if (d.dialogs().asked.empty()) return "";
  EXPECT_TRUE(d.dialogs().asked.back().save);
  d.dialogs().answer(path);
  for (int i = 0; i < 300 && !fs::exists(path); ++i) d.settle();
  d.settle();
  EXPECT_FALSE(d.session().problem()) << d.session().problem()->error.text();
  return bytesOf(path);
}

void pick(Driver& d, const std::string& list, const std::string& id) {
  d.reveal(list);
  d.click(list);
  d.settle();
  std::string option = list;
  option.append("=").append(id);
  ASSERT_TRUE(d.has(option)) << option;
  d.reveal(option);
  d.click(option);
  d.settle();
}

void press(Driver& d, const std::string& id) {
  ASSERT_TRUE(d.has(id)) << id;
  d.reveal(id);
  d.click(id);
  d.settle();
}

Result<FigureResult> rendered(Driver& d, const FigureSpec& spec) {
  ThreadPool pool(2);
  auto evaluation = evaluate(d.experiment(), "", nullptr, pool, {});
  if (!evaluation) return evaluation.error();
  return renderFigure(**evaluation, spec, pool);
}

TEST(FigureTab, SavesWhatRenderFigureMakes) {
  Driver d;
  openFigure(d);
  press(d, "figure.pins");
  const auto expected = rendered(d, {});
  ASSERT_TRUE(expected) << expected.error().text();
  EXPECT_TRUE(saved(d, "figure.png") == expected->bytes);
  EXPECT_TRUE(d.drawn().shows("Exported"));
}

TEST(FigureTab, SavesEveryFormatByTheNameTyped) {
  Driver d;
  openFigure(d);
  press(d, "figure.pins");
  for (const FigureFormat format : {FigureFormat::svg, FigureFormat::pdf}) {
    FigureSpec spec;
    spec.format = format;
    const auto expected = rendered(d, spec);
    ASSERT_TRUE(expected);
    EXPECT_TRUE(saved(d, "figure." + std::string(formatWord(format))) == expected->bytes)
        << formatWord(format);
  }
}

TEST(FigureTab, PredictsTheSizeOfTheFile) {
  for (const char* format : {"png", "svg", "pdf"}) {
    Driver d;
    openFigure(d);
    press(d, std::string("figure.format=") + format);
    settleSize(d);
    const std::string bytes = saved(d, std::string("figure.") + format);
    ASSERT_GT(bytes.size(), 1000u);
    EXPECT_TRUE(d.drawn().shows(bytesText(static_cast<double>(bytes.size())))) << format << bytes.size();
  }
}

/// A control, and the value that it is changed to.
struct Change {
  const char* name;
  std::function<void(Driver&)> make;
  const char* layout = "single";
};
std::ostream& operator<<(std::ostream& out, const Change& change) {
  return out << change.name;
}

class FigureControl : public testing::TestWithParam<Change> {};

std::vector<Change> changes() {
  std::vector<Change> all;
  const auto presses = [&all](const char* id, const char* layout = "single") {
    all.push_back({id, [id](Driver& d) { press(d, id); }, layout});
  };
  const auto picks = [&all](const char* name, const char* list, const char* id,
                            const char* layout = "single") {
    all.push_back({name, [list, id](Driver& d) { pick(d, list, id); }, layout});
  };
  const auto types = [&all](const char* id, const char* words, const char* layout = "single") {
    all.push_back({id,
                   [id, words](Driver& d) {
                     d.reveal(id);
                     d.enter(id, words);
                     d.settle();
                   },
                   layout});
  };
  picks("layout", "figure.layout", "heads");
  picks("preset", "figure.preset", "nature-1col");
  picks("stage", "figure.stage", "scaled");
  picks("heads", "figure.heads", "4");
  picks("mean", "figure.heads", "mean");
  picks("colormap", "figure.colormap", "magma");
  picks("range", "figure.range", "log");
  picks("minus", "figure.minus", "5", "difference");
  picks("minus stage", "figure.minus", "stage scaled", "difference");
  types("figure.width", "120");
  types("figure.height", "100");
  types("figure.dpi", "150");
  types("figure.font_size", "9");
  types("figure.least_size", "6", "pipeline");
  types("figure.query", "3", "row");
  types("figure.lines", "1", "lines");
  types("figure.least_weight", "0.5", "lines");
  types("figure.title_text", "Another title");
  types("figure.crop", "2:8,:6");
  types("figure.brackets", "0:1=NP");
  types("figure.highlights", "2:1");
  for (const auto& [name, id, words] : {std::array{"crop of the pipeline", "figure.crop", "2:8,:6"},
                                        std::array{"brackets of the pipeline", "figure.brackets", "0:1=NP"},
                                        std::array{"cells of the pipeline", "figure.highlights", "2:1"}}) {
    all.push_back({name,
                   [id = id, words = words](Driver& d) {
                     d.reveal(id);
                     d.enter(id, words);
                     d.settle();
                   },
                   "pipeline"});
  }
  all.push_back({"pins of the pipeline", [](Driver& d) { press(d, "figure.pins"); }, "pipeline"});
  all.push_back({"numbers of a row", [](Driver& d) { press(d, "figure.numbers=none"); }, "row"});
  for (const char* id : {"figure.font=serif", "figure.ground=dark", "figure.ground=transparent",
                         "figure.format=svg", "figure.format=pdf", "figure.embed", "figure.strip",
                         "figure.title", "figure.bar", "figure.tokens", "figure.pins", "figure.numbers=none"})
    presses(id);
  presses("figure.notes", "pipeline");
  presses("figure.letters", "heads");
  presses("figure.queries=one", "lines");
  all.push_back({"outline", [](Driver& d) {
                   press(d, "figure.format=svg");
                   press(d, "figure.outline");
                 }});
  return all;
}
INSTANTIATE_TEST_SUITE_P(Ui, FigureControl, testing::ValuesIn(changes()), [](const auto& one) {
  std::string name = one.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

/// Every control changes the file that is written, and what the page is drawn of with it.
TEST_P(FigureControl, ChangesTheFile) {
  const Change& change = GetParam();
  Driver d;
  openFigure(d);
  ASSERT_TRUE(d.window().run(std::string("figure.layout.") + change.layout));
  d.settle();
  const std::string before = saved(d, "before.png");
  change.make(d);
  const bool png = std::string(change.name) != "outline" && std::string(change.name) != "figure.format=svg" &&
                   std::string(change.name) != "figure.format=pdf";
  const std::string after = saved(d, png                                               ? "after.png"
                                     : std::string(change.name) == "figure.format=pdf" ? "after.pdf"
                                                                                       : "after.svg");
  ASSERT_GT(before.size(), 1000u);
  ASSERT_GT(after.size(), 1000u);
  EXPECT_FALSE(before == after);
}

TEST(FigureTab, KeepsItsStateAndSharesItWithTheDialog) {
  Driver d;
  ASSERT_TRUE(d.window().run("figure.preset.acl-1col"));
  d.settle();
  EXPECT_TRUE(d.drawn().shows("ACL, one column"));
  ASSERT_TRUE(d.window().run("tab.explore"));
  d.settle();
  EXPECT_FALSE(d.has("figure.page"));
  d.key('E', kCtrl);
  d.settle();
  ASSERT_TRUE(d.has("export.more"));
  d.click("export.layout=heads");
  d.click("export.more");
  d.settle();
  ASSERT_TRUE(d.has("figure.page"));
  EXPECT_FALSE(d.has("export.run"));
  EXPECT_TRUE(d.drawn().shows("ACL, one column"));
  EXPECT_TRUE(d.drawn().shows("all heads in a grid"));
}

TEST(FigureTab, TellsWhatOfThePresetWasChanged) {
  Driver d;
  ASSERT_TRUE(d.window().run("figure.preset.ieee-1col"));
  d.settle();
  EXPECT_FALSE(d.has("figure.preset/reset"));
  EXPECT_TRUE(d.drawn().shows("88.9 × ")) << "its width is that of the preset";
  d.enter("figure.width", "60");
  press(d, "figure.font=sans");
  EXPECT_TRUE(d.drawn().shows("Changed since: width, letters"));
  EXPECT_TRUE(d.drawn().shows("60 × "));
  press(d, "figure.preset/reset");
  EXPECT_FALSE(d.has("figure.preset/reset"));
  EXPECT_TRUE(d.drawn().shows("88.9 × "));
}

TEST(FigureTab, TellsWarningsAndCopiesTheWords) {
  Driver d;
  scene("figure, labels thinned").set(d);
  const auto result = rendered(d, {});
  ASSERT_TRUE(result);
  ASSERT_FALSE(result->warnings.empty());
  std::string first = result->warnings.front().substr(1, 12);
  EXPECT_TRUE(d.drawn().shows(first)) << first;
  press(d, "figure.alt/copy");
  EXPECT_EQ(d.clipboard().held, result->altText);
  press(d, "figure.caption/copy");
  EXPECT_NE(d.clipboard().held, result->altText);
  EXPECT_GT(d.clipboard().held.size(), 40u);
}

TEST(FigureTab, SaysWhatCannotBeMadeAndKeepsThePage) {
  Driver d;
  scene("figure, cannot be made").set(d);
  EXPECT_TRUE(d.drawn().shows("mm high"));
  EXPECT_TRUE(d.drawn().shows("cannot be made"));
  EXPECT_TRUE(d.has("figure.page"));
  d.enter("figure.height", "0");
  settleSize(d);
  EXPECT_FALSE(d.drawn().shows("mm high"));
}

TEST(FigureTab, CopiesAPng) {
  Driver d;
  openFigure(d);
  press(d, "figure.pins");
  const auto expected = rendered(d, {});
  ASSERT_TRUE(expected);
  d.click("figure.copy");
  d.settle();
  EXPECT_TRUE(d.clipboard().picture == expected->bytes);
  EXPECT_THAT(d.session().notice(), testing::HasSubstr("Copied the figure"));
}

TEST(FigureTab, TakesOverWhatIsSeen) {
  Driver d;
  d.session().selectStage(Stage::masked);
  d.session().selectHead(4);
  d.settle();
  ASSERT_TRUE(d.window().run("figure.as_seen"));
  d.settle();
  EXPECT_TRUE(d.has("figure.page"));
  FigureSpec spec;
  spec.ground = FigureGround::dark;
  if (const auto pin = d.session().pinned()) spec.highlights.push_back({pin->row, pin->col});
  const auto expected = rendered(d, spec);
  ASSERT_TRUE(expected);
  EXPECT_TRUE(saved(d, "seen.png") == expected->bytes);
}

TEST(FigureTab, AComparisonIsCopiedAsItsDifference) {
  Driver d;
  d.session().selectHead(4);
  Comparison with;
  with.head = 1;
  d.session().compare(with);
  d.settle();
  ASSERT_TRUE(d.window().run("copy.map"));
  d.settle();
  FigureSpec spec;
  spec.layout = "difference";
  spec.heads = {4, 1};
  spec.ground = FigureGround::dark;
  if (const auto pin = d.session().pinned()) spec.highlights.push_back({pin->row, pin->col});
  const auto expected = rendered(d, spec);
  ASSERT_TRUE(expected);
  EXPECT_TRUE(d.clipboard().picture == expected->bytes);
}

TEST(FigureTab, TakesOverTheVisiblePart) {
  Driver d;
  scene("figure, part of a map").set(d);
  EXPECT_TRUE(d.has("figure.part=part"));
  EXPECT_TRUE(d.drawn().shows("rows "));
  const std::string part = saved(d, "part.png");
  press(d, "figure.part=whole");
  EXPECT_FALSE(part == saved(d, "whole.png"));
}

void typeInto(Driver& d, const std::string& id, const std::string& words) {
  ASSERT_TRUE(d.has(id)) << id;
  d.reveal(id);
  d.enter(id, words);
  d.settle();
}

TEST(FigureTab, MarksAreThoseThatAreTyped) {
  for (const char* layout : {"single", "pipeline"}) {
    Driver d;
    ASSERT_TRUE(d.window().run(std::string("figure.layout.") + layout));
    d.settle();
    typeInto(d, "figure.crop", "2:9,:8");
    typeInto(d, "figure.brackets", "The:animal=NP; k:3:5=VP;");
    typeInto(d, "figure.highlights", "7:1, it:street");
    EXPECT_TRUE(d.drawn().shows("queries 2–8, keys 0–7")) << layout;
    press(d, "figure.pins");
    FigureSpec spec;
    spec.layout = layout;
    spec.crop = FigureCrop{2, 9, 0, 8};
    spec.queryBrackets = {{0, 1, "NP"}};
    spec.keyBrackets = {{0, 1, "NP"}, {3, 5, "VP"}};
    spec.highlights = {{7, 1}, {7, 5}};
    const auto expected = rendered(d, spec);
    ASSERT_TRUE(expected) << expected.error().text();
    EXPECT_TRUE(saved(d, "marked.png") == expected->bytes) << layout;
  }
}

TEST(FigureTab, ThePipelineOutlinesThePinnedCell) {
  Driver d;
  ASSERT_TRUE(d.window().run("figure.layout.pipeline"));
  d.settle();
  const auto pin = d.session().pinned();
  ASSERT_TRUE(pin);
  FigureSpec spec;
  spec.layout = "pipeline";
  spec.highlights.push_back({pin->row, pin->col});
  const auto expected = rendered(d, spec);
  ASSERT_TRUE(expected);
  EXPECT_TRUE(saved(d, "pipeline.png") == expected->bytes);
}

TEST(FigureTab, KeepsWhatCouldBeReadWhileSomethingCannot) {
  Driver d;
  openFigure(d);
  const std::string plain = saved(d, "plain.png");
  typeInto(d, "figure.brackets", "0:1=NP");
  const std::string marked = saved(d, "marked.png");
  EXPECT_FALSE(marked == plain);
  EXPECT_FALSE(d.drawn().shows("accepted is"));
  typeInto(d, "figure.brackets", "0:1");
  EXPECT_TRUE(d.drawn().shows("found \"0:1\""));
  EXPECT_TRUE(saved(d, "kept.png") == marked);
  press(d, "figure.brackets/reset");
  EXPECT_FALSE(d.drawn().shows("accepted is"));
  EXPECT_TRUE(saved(d, "again.png") == plain);
}

TEST(FigureTab, MarksThatOtherNumbersDoNotHaveAreLeftOut) {
  Driver d;
  openFigure(d);
  press(d, "figure.pins");
  typeInto(d, "figure.crop", "4:9,4:9");
  typeInto(d, "figure.highlights", "it:animal");
  d.session().change("tokens", Value(Object{{"count", Value(5)}}), Phase::done);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("found \"4:9\""));
  EXPECT_TRUE(d.drawn().shows("found \"it\""));
  const auto whole = rendered(d, {});
  ASSERT_TRUE(whole);
  EXPECT_TRUE(saved(d, "whole.png") == whole->bytes);
  typeInto(d, "figure.crop", "4:,");
  EXPECT_TRUE(d.drawn().shows("found \"\""));
}

TEST(FigureTab, WritesTheNumbersBesideIt) {
  Driver d;
  openFigure(d);
  press(d, "figure.beside.csv");
  press(d, "figure.beside.json");
  saved(d, "figure.png");
  EXPECT_GT(fs::file_size(d.folder() + "/figure.csv"), 100u);
  EXPECT_GT(fs::file_size(d.folder() + "/figure.json"), 100u);
  EXPECT_FALSE(fs::exists(d.folder() + "/figure.npy"));
}

TEST(FigureTab, ZoomsThePage) {
  Driver d;
  openFigure(d);
  const Box whole = d.box("figure.page");
  EXPECT_TRUE(d.drawn().shows("100 %"));
  press(d, "figure.zoom_out");
  EXPECT_LT(d.box("figure.page").width(), whole.width());
  press(d, "figure.true_size");
  EXPECT_NEAR(d.box("figure.page").width(), whole.width(), 1);
  press(d, "figure.fit");
  const Box fitted = d.box("figure.page");
  press(d, "figure.page");
  EXPECT_NEAR(d.box("figure.page").width(), whole.width(), 1);
  press(d, "figure.page");
  EXPECT_NEAR(d.box("figure.page").width(), fitted.width(), 1);
}

}  // namespace
}  // namespace headlight::test
