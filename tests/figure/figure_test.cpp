#include "core/figure/figure.h"

#include <chrono>
#include <cmath>
#include <random>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/json.h"
#include "core/figure/layouts.h"
#include "core/files/embedded.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

const char kCausal[] = R"("mask": "causal", "shape": {"heads": 4, "d_k": 16})";
const char kPatterns[] =
    R"("source": {"kind": "patterns", "heads": ["previous", {"name": "pronoun", "links": [["it", "animal"]]}]},
  "shape": {"heads": 4, "d_k": 16}, "title": "who is meant")";

TEST(Figure, FormatsAreKnownByExtension) {
  EXPECT_EQ(figureFormat("png"), FigureFormat::png);
  EXPECT_EQ(figureFormat("svg"), FigureFormat::svg);
  EXPECT_EQ(figureFormat("pdf"), FigureFormat::pdf);
  EXPECT_FALSE(figureFormat("gif"));
  ASSERT_EQ(figureLayouts().size(), 7u);
  EXPECT_EQ(figureLayouts()[2].id, "pipeline");
}

TEST(Figure, SameSpecSameBytesOnAnyNumberOfThreads) {
  const auto evaluation = evaluated(kCausal);
  ThreadPool one(1);
  ThreadPool four(4);
  for (const FigureLayoutInfo& layout : tokenLayouts()) {
    for (FigureFormat format : {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf}) {
      const FigureSpec spec = specOf(std::string(layout.id), format);
      const std::string first = rendered(*evaluation, spec, one).bytes;
      EXPECT_FALSE(first.empty());
      EXPECT_EQ(first, rendered(*evaluation, spec, four).bytes) << layout.id << static_cast<int>(format);
    }
  }
}

TEST(Figure, PhysicalSizeIsExact) {
  const auto evaluation = evaluated(kCausal);
  for (const FigureLayoutInfo& layout : tokenLayouts()) {
    for (double width : {89.0, 183.0}) {
      if (layout.id == "pipeline" && width < 100) continue;  // refused: no room for six panels
      FigureSpec spec = specOf(std::string(layout.id), FigureFormat::svg);
      spec.widthMm = width;
      const FigureResult svg = rendered(*evaluation, spec);
      EXPECT_NEAR(svg.widthMm, width, 1e-9);
      EXPECT_THAT(svg.bytes, HasSubstr("width=\"" + std::to_string(static_cast<int>(width)) + "mm\""));

      spec.format = FigureFormat::pdf;
      const FigureResult pdf = rendered(*evaluation, spec);
      std::smatch box;
      ASSERT_TRUE(std::regex_search(pdf.bytes, box, std::regex("MediaBox \\[ 0 0 ([0-9.]+) ([0-9.]+) \\]")));
      EXPECT_NEAR(std::stod(box[1]) * 25.4 / 72, width, 1e-3);
      EXPECT_NEAR(std::stod(box[2]) * 25.4 / 72, pdf.heightMm, 1e-3);
      EXPECT_THAT(pdf.bytes, Not(HasSubstr("/Type3")));
      EXPECT_THAT(pdf.bytes, HasSubstr("Inter-Regular"));

      spec.format = FigureFormat::png;
      spec.dpi = 150;
      const FigureResult png = rendered(*evaluation, spec);
      const DecodedPng decoded = decodePng(png.bytes);
      const double perMetre = wordAt(decoded.chunks.at("pHYs"), 0);
      EXPECT_NEAR(decoded.picture.width / perMetre * 1000, width, 0.1);
      EXPECT_NEAR(decoded.picture.height / perMetre * 1000, png.heightMm, 0.1);
    }
  }
}

TEST(Figure, CarriesItsExperimentUnlessStripped) {
  const auto evaluation = evaluated(kPatterns);
  for (FigureFormat format : {FigureFormat::png, FigureFormat::svg}) {
    FigureSpec spec = specOf("heads", format);
    const auto carried = readEmbedded(rendered(*evaluation, spec).bytes);
    ASSERT_TRUE(carried) << carried.error().text();
    const auto decoded = fromText(*carried);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->experiment, evaluation->experiment);
    spec.embed = false;
    const std::string stripped = rendered(*evaluation, spec).bytes;
    EXPECT_FALSE(readEmbedded(stripped));
    EXPECT_THAT(stripped, Not(HasSubstr("headlight/experiment")));
  }
}

TEST(Figure, SaysWhatItShows) {
  const auto evaluation = evaluated(kPatterns);
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.heads = {1};
  const FigureResult figure = rendered(*evaluation, spec);
  for (const char* text :
       {"Attention weights", "H1 pronoun", ">query</tspan> <tspan", ">(attends from)</tspan>",
        ">key</tspan> <tspan", ">(attended to)</tspan>", ">animal</t", ">weight</t", ">0–1</t"}) {
    EXPECT_THAT(figure.bytes, HasSubstr(text));
  }
  EXPECT_THAT(figure.bytes, HasSubstr(evaluation->prepared->origin.chip));
  EXPECT_THAT(figure.bytes, HasSubstr("#1c55b8"));  // the query's hue
  EXPECT_THAT(figure.bytes, HasSubstr("#a34a00"));  // the key's
  EXPECT_FALSE(figure.altText.empty());
  EXPECT_THAT(figure.bytes, HasSubstr("<desc id=\"desc-"));

  FigureSpec pipeline = specOf("pipeline", FigureFormat::svg);
  const std::string strip = rendered(*evaluated(kCausal), pipeline).bytes;
  for (const char* text :
       {"÷ √16", "+ mask", "softmax", ">×<", ">=<", "head out", ">masked<", ">score</t", ">value</t"}) {
    EXPECT_THAT(strip, HasSubstr(text));
  }
  EXPECT_THAT(rendered(*evaluation, pipeline).bytes, HasSubstr("no mask"));
}

// Where each cell's colour is looked for: the k-th rectangle of the map's group, runs of equal colours
// undone.
TEST(Figure, SaysWhatWasChangedByHand) {
  const auto evaluation =
      evaluated(R"("edits": [{"stage": "q", "at": [0, 2, 3], "value": 40}], "ablate": {"heads": [1, 2]})");
  for (const FigureLayoutInfo& layout : tokenLayouts()) {
    const std::string svg = rendered(*evaluation, specOf(std::string(layout.id), FigureFormat::svg)).bytes;
    EXPECT_THAT(svg, HasSubstr("1 number was set by hand: q[0, 2, 3] = 40</text>")) << layout.id;
    EXPECT_THAT(svg, HasSubstr("ablated heads H1 and H2")) << layout.id;
  }
}

TEST(Figure, TheKeyShowsZeroAsTheMapDoes) {
  const auto evaluation = evaluated(R"("ablate": {"heads": [1]}, "tokens": {"text": "a b"})");
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.stage = Stage::headOutput;
  spec.heads = {1};
  const std::string svg = rendered(*evaluation, spec).bytes;
  const std::size_t legend = svg.find("id=\"legend-");
  ASSERT_NE(legend, std::string::npos);
  EXPECT_THAT(svg.substr(legend), HasSubstr("exactly 0"));
  std::smatch cell;
  const std::string map = svg.substr(svg.find("id=\"map-"));
  ASSERT_TRUE(std::regex_search(map, cell, std::regex("fill=\"(#[0-9a-f]{6})\"/>")));
  EXPECT_THAT(svg.substr(legend), HasSubstr(cell[1].str()));
}

// Viewers drop or move spaces at the ends of a <tspan>.
TEST(Figure, NoPieceOfSvgTextBeginsOrEndsWithASpace) {
  const auto evaluation = evaluated(kCausal);
  for (const FigureLayoutInfo& layout : tokenLayouts()) {
    FigureSpec spec = specOf(std::string(layout.id), FigureFormat::svg);
    spec.widthMm = 183;
    const std::string svg = rendered(*evaluation, spec).bytes;
    EXPECT_THAT(svg, HasSubstr("<tspan")) << layout.id;
    EXPECT_FALSE(std::regex_search(svg, std::regex("<tspan[^>]*> "))) << layout.id;
    EXPECT_THAT(svg, Not(HasSubstr(" </tspan>"))) << layout.id;
    EXPECT_THAT(svg, HasSubstr("</tspan> <tspan")) << layout.id;
  }
}

TEST(Figure, BigMapsAreSmallFiles) {
  const auto evaluation = evaluated(R"("tokens": {"count": 1024}, "shape": {"heads": 4, "d_k": 16})");
  for (FigureFormat format : {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf}) {
    for (const char* range : {"", "robust"}) {  // robust fills the whole colormap: the worst to compress
      FigureSpec spec = specOf("single", format);
      spec.range = range;
      const auto start = std::chrono::steady_clock::now();
      const FigureResult figure = rendered(*evaluation, spec);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      EXPECT_LE(figure.bytes.size(), 5'000'000u) << static_cast<int>(format) << range;
      EXPECT_LE(seconds, 6) << static_cast<int>(
          format);  // 2 s are the goal of the benchmark on a quiet machine
    }
  }
}

TEST(Figure, PooledMapsNameTheirPooling) {
  const auto evaluation = evaluated(R"("tokens": {"count": 1500}, "shape": {"heads": 1, "d_k": 4})");
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.widthMm = 89;
  spec.dpi = 100;
  EXPECT_THAT(rendered(*evaluation, spec).bytes, HasSubstr("each pixel = max of 8 × 8 cells"));
  spec.stage = Stage::scaled;
  EXPECT_THAT(rendered(*evaluation, spec).bytes, HasSubstr("each pixel = largest magnitude of 8 × 8 cells"));
}

TEST(Figure, NothingLeavesThePageOrOverlaps) {
  std::mt19937 random(20);
  const std::vector<std::string> vocabulary{"the",
                                            "a",
                                            "supercalifragilisticexpialidocious",
                                            "日本語のとても長いトークンです",
                                            "مرحبا بالعالم",
                                            "नमस्ते",
                                            "😀",
                                            "👩‍👩‍👧",
                                            "\\n",
                                            "\\t",
                                            "",
                                            " lead",
                                            "x",
                                            "Wörter",
                                            "<&>",
                                            "…",
                                            "ﷺ",
                                            "longer-token",
                                            "it",
                                            "\\u0007"};
  const std::vector<std::string> layouts{"single", "heads", "pipeline"};
  int drawn = 0;
  for (int n = 0; n < 200; ++n) {
    const int count = 1 + static_cast<int>(random() % (n % 10 == 0 ? 150 : 24));
    std::string list;
    for (int i = 0; i < count; ++i)
      list += (i ? "," : "") + ("\"" + vocabulary[random() % vocabulary.size()] + "\"");
    const int heads = 1 + static_cast<int>(random() % 6);
    std::string members = "\"tokens\": {\"list\": [" + list +
                          "]}, \"shape\": {\"d_model\": 8, \"d_k\": " + std::to_string(1 + random() % 9) +
                          ", \"heads\": " + std::to_string(heads) + "}";
    if (random() % 2) members += ", \"mask\": \"causal\"";
    if (random() % 3 == 0) members += ", \"memory\": {\"count\": " + std::to_string(1 + random() % 30) + "}";
    if (random() % 3 == 0)
      members +=
          ", \"view\": {\"orientation\": \"query_columns\", \"range_scope\": \"head\", \"range\": "
          "\"zero_max\"}";
    const auto evaluation = evaluated(members);
    FigureSpec spec = specOf(layouts[random() % 3], FigureFormat::svg);
    if (random() % 2)
      spec.widthMm = spec.layout == "pipeline" ? 120 + static_cast<double>(random() % 150)
                                               : 40 + static_cast<double>(random() % 160);
    if (spec.layout != "pipeline" && random() % 2) spec.stage = random() % 2 ? Stage::scaled : Stage::q;
    if (random() % 4 == 0)
      spec.title = "A title of its own that is rather longer than what fits in one line of a narrow figure";
    const auto figure = drawFigure(*evaluation, spec, pool());
    ASSERT_TRUE(figure) << n << " " << figure.error().text() << " " << members;
    ++drawn;
    ASSERT_EQ(misplaced(figure->drawing), "") << n << " " << spec.layout << " w=" << spec.widthMm << "\n"
                                              << members;
  }
  EXPECT_EQ(drawn, 200);
}

TEST(Figure, RefusesWhatItCannotDraw) {
  const auto evaluation = evaluated(kCausal);
  const auto refused = [&](const FigureSpec& wrong) {
    const auto result = renderFigure(*evaluation, wrong, pool());
    return result ? std::string() : result.error().text();
  };
  FigureSpec spec;
  spec.layout = "spiral";
  EXPECT_THAT(refused(spec), HasSubstr("single, heads, pipeline"));
  spec = {};
  spec.colormap = "jet";
  EXPECT_THAT(refused(spec), HasSubstr("viridis"));
  spec = {};
  spec.range = "0,x";
  EXPECT_THAT(refused(spec), HasSubstr("lo,hi"));
  spec = {};
  spec.heads = {7};
  EXPECT_THAT(refused(spec), HasSubstr("7"));
  spec = {};
  spec.heads = {0, 1};
  EXPECT_THAT(refused(spec), HasSubstr("one head"));
  spec = {};
  for (double width : {3.0, 39.9}) {
    spec = {};
    spec.widthMm = width;
    EXPECT_THAT(refused(spec), HasSubstr("accepted is 40 to 2000"));
  }
  spec = {};
  spec.dpi = 1e9;
  EXPECT_THAT(refused(spec), HasSubstr("dpi"));
  spec = {};
  spec.widthMm = 2000;
  spec.dpi = 2400;
  EXPECT_THAT(refused(spec), HasSubstr("million pixels"));
  spec = {};
  spec.layout = "heads";
  spec.stage = Stage::input;
  EXPECT_THAT(refused(spec), HasSubstr("no heads"));
  Cancel cancel = Cancel::make();
  cancel.request();
  const auto cancelled = renderFigure(*evaluation, {}, pool(), cancel);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::cancelled);
}

TEST(Figure, SaysInRedWhatIsDeliberatelyWrong) {
  const auto wrong = evaluated(R"("mask": "causal", "mistake": {"mask_as": "zero_weight"})");
  const std::string red = rendered(*wrong, specOf("pipeline", FigureFormat::svg)).bytes;
  EXPECT_THAT(red, HasSubstr("#b3261e"));
  EXPECT_THAT(red, HasSubstr("deliberately wrong"));
  const auto right = evaluated(R"("mask": "causal")");
  EXPECT_THAT(rendered(*right, specOf("pipeline", FigureFormat::svg)).bytes, Not(HasSubstr("#b3261e")));
}

TEST(Figure, NamesTheNormalizerInItsFormula) {
  const auto sparse = evaluated(R"("normalizer": "sparsemax")");
  const std::string svg = rendered(*sparse, specOf("single", FigureFormat::svg)).bytes;
  EXPECT_THAT(svg, HasSubstr("sparsemax("));
  EXPECT_THAT(svg, Not(HasSubstr("softmax(")));
}

TEST(Figure, EveryStageOfEveryKindCanBeDrawn) {
  const auto evaluation =
      evaluated(R"("memory": {"text": "un autre"}, "mask": [{"kind": "window", "left": 0, "right": 0}],
    "normalizer": {"kind": "softmax", "empty_row": "nan"})",
                AttendOptions{.gradients = true});
  for (const StageInfo& stage : stages()) {
    if (!evaluation->run->has(stage.stage)) continue;
    for (bool dark : {false, true}) {
      FigureSpec spec = specOf("single", FigureFormat::png);
      spec.stage = stage.stage;
      spec.ground = dark ? FigureGround::dark : FigureGround::light;
      spec.dpi = 72;
      if (stage.perHead) spec.heads = {kMeanHead};
      EXPECT_FALSE(rendered(*evaluation, spec).bytes.empty()) << stage.id;
    }
  }
  // Rows without keys are NaN by this policy: magenta, and named.
  const std::string svg = rendered(*evaluation, specOf("single", FigureFormat::svg)).bytes;
  EXPECT_THAT(svg, HasSubstr("#d6009f"));
  EXPECT_THAT(svg, HasSubstr(">NaN</text>"));
}

}  // namespace
}  // namespace headlight
