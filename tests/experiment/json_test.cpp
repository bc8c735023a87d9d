#include "core/experiment/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/edit.h"
#include "core/experiment/parameters.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::document;
using test::experimentOf;
using testing::HasSubstr;

std::string parseError(std::string_view text) {
  const auto value = parseJson(text);
  return value ? "" : value.error().text();
}

TEST(ParseJson, KeepsIntegersAndNumbersApart) {
  const auto value =
      parseJson(R"({"a": 3, "b": 3.0, "c": 1e2, "d": -9223372036854775808, "e": null, "f": [true, "x"]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("a")->integer(), 3);
  EXPECT_TRUE(value->find("b")->isDouble());
  EXPECT_TRUE(value->find("c")->isDouble());
  EXPECT_EQ(value->find("d")->integer(), INT64_MIN);
  EXPECT_TRUE(value->find("e")->isNull());
  EXPECT_EQ(value->find("f")->list().size(), 2u);
}

TEST(ParseJson, DuplicateKeyHasItsPath) {
  EXPECT_THAT(parseError(R"({"mask": [{"kind": "causal", "offset": 0, "offset": 1}]})"),
              HasSubstr("mask[0].offset"));
  EXPECT_THAT(parseError(R"({"a b": 1, "a b": 2})"), HasSubstr("[\"a b\"]"));
}

TEST(ParseJson, NumbersThatDoNotFit) {
  EXPECT_THAT(parseError(R"({"shape": {"heads": 9223372036854775808}})"),
              HasSubstr("shape.heads: the number"));
  EXPECT_THAT(parseError(R"([1, 123456789012345678901234567890])"), HasSubstr("[1]"));
  EXPECT_THAT(parseError(R"({"x": 1e400})"), HasSubstr("does not fit"));
}

TEST(ParseJson, DepthIsBounded) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(parseJson(nested(64)));
  EXPECT_THAT(parseError(nested(65)), HasSubstr("64"));
  EXPECT_THAT(parseError(std::string(1000000, '[')), HasSubstr("64"));
}

TEST(ParseJson, SaysAtWhichByte) {
  EXPECT_THAT(parseError(R"({"a": 1,})"), HasSubstr("byte 8"));
  EXPECT_THAT(parseError(""), HasSubstr("byte 0"));
  EXPECT_THAT(parseError(R"({"a": NaN})"), HasSubstr("byte"));
  EXPECT_THAT(parseError("{\"a\": \"\xff\"}"), HasSubstr("byte 7"));
  EXPECT_THAT(parseError("{\"a\": \"\xed\xa0\x80\"}"), HasSubstr("UTF-8"));
  EXPECT_THAT(parseError(R"({} {})"), HasSubstr("byte 3"));
}

TEST(ExperimentText, DefaultIsStable) {
  EXPECT_EQ(toText(Experiment()), R"({
  "type": "headlight/experiment",
  "version": 1,
  "title": "",
  "tokens": {
    "text": "The animal didn't cross the street because it was too tired",
    "split": "words"
  },
  "memory": null,
  "source": {"kind": "random", "seed": 1, "generator": "headlight-normal-v1"},
  "shape": {"d_model": 64, "heads": 4, "kv_heads": null, "d_k": null, "d_v": null},
  "position": {"kind": "none"},
  "score": {"scale": "inverse_sqrt_d_k", "softcap": null, "bias": []},
  "mask": [],
  "normalizer": {"kind": "softmax", "temperature": 1.0, "empty_row": "zeros"},
  "ablate": {"heads": []},
  "view": {"stage": "weights", "head": 0}
}
)");
}

TEST(ExperimentText, EmptyDocumentIsTheDefault) {
  EXPECT_EQ(experimentOf(""), Experiment());
}

TEST(ExperimentText, AMatrixRowALine) {
  const Experiment e = experimentOf(
      R"("tokens": {"count": 2}, "shape": {"d_model": 2, "heads": 1},
         "source": {"kind": "values", "x": [[1, "inf"], ["-inf", "nan"]]})");
  const std::string text = toText(e);
  EXPECT_THAT(text, HasSubstr("    \"x\": [\n      [1, \"inf\"],\n      [\"-inf\", \"nan\"]\n    ]"));
  EXPECT_EQ(fromText(text)->experiment, e);
}

TEST(ExperimentText, BareKindsStandForObjectsAndListsOfOne) {
  EXPECT_EQ(experimentOf(R"("mask": "causal")"), experimentOf(R"("mask": [{"kind": "causal"}])"));
  EXPECT_EQ(experimentOf(R"("mask": {"kind": "causal"})"), experimentOf(R"("mask": ["causal"])"));
  EXPECT_EQ(experimentOf(R"("position": "sinusoidal")"),
            experimentOf(R"("position": {"kind": "sinusoidal"})"));
  EXPECT_EQ(experimentOf(R"("source": "random", "normalizer": "softmax")"), Experiment());
  // A default that is written out says the same as one that is left out.
  EXPECT_EQ(experimentOf(R"("mask": [{"kind": "causal", "align": "top_left", "offset": 0}])"),
            experimentOf(R"("mask": "causal")"));
}

TEST(ExperimentText, UnknownKeysAreKeptAndNamed) {
  const std::string text =
      document(R"("colour": {"a": [1, 2]}, "shape": {"heads": 4, "haeds": 5}, "mask": {"kind": "causal",
      "later": null}, "source": {"kind": "patterns", "heads": [{"name": "self", "why not": 1.5}]}, "view": {"zoom": 2, "compare": {"head": 1, "wide": true}},
      "normalizer": {"kind": "softmax", "sharp": true}, "edits": [{"stage": "q", "at": [0, 0, 0], "value": 1, "by": "me"}])");
  const auto decoded = fromText(text);
  ASSERT_TRUE(decoded) << decoded.error().text();
  EXPECT_THAT(decoded->warnings,
              testing::UnorderedElementsAre(
                  HasSubstr("colour"), HasSubstr("Did you mean \"heads\"?"), HasSubstr("mask.later"),
                  HasSubstr("source.heads[0][\"why not\"]"), HasSubstr("view.zoom"),
                  HasSubstr("view.compare.wide"), HasSubstr("normalizer.sharp"), HasSubstr("edits[0].by")));
  const std::string saved = toText(decoded->experiment);
  for (const char* kept :
       {"\"colour\": {\"a\": [1, 2]}", "\"haeds\": 5", "\"later\": null", "\"why not\": 1.5", "\"zoom\": 2",
        "\"wide\": true", "\"sharp\": true", "\"by\": \"me\""}) {
    EXPECT_THAT(saved, HasSubstr(kept));
  }
  const auto again = fromText(saved);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->experiment, decoded->experiment);
  EXPECT_EQ(toText(again->experiment), saved);
  // They travel with what they stand in when something else changes.
  const auto changed = set(decoded->experiment, "shape.heads", 8);
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_THAT(toText(*changed), HasSubstr("\"haeds\": 5"));
  EXPECT_THAT(toText(*changed), HasSubstr("\"later\": null"));
}

TEST(ExperimentText, DeepUnknownValueStillOpensAfterSaving) {
  // Behind a bare mask the file is one level shallower than the saved one.
  const auto deep = [](std::size_t n) {
    return document(R"("mask": {"kind": "causal", "x": )" + std::string(n, '[') + std::string(n, ']') + "}");
  };
  const auto most = fromText(deep(61));
  ASSERT_TRUE(most) << most.error().text();
  EXPECT_TRUE(fromText(toText(most->experiment)));
  const auto over = fromText(deep(62));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().where, "mask.x");
}

TEST(ExperimentText, OddTextSurvives) {
  Experiment e = *set(Experiment(), "title", "tab\t quote\" back\\ nul \x01 emoji 🙂 מה");
  e.notes = "two\nlines";
  const auto again = fromText(toText(e));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->experiment, e);
}

TEST(ReadExperiment, NamesTheFileAndThePlace) {
  const test::TemporaryFolder folder;
  const std::string path = folder.put("bad.headlight.json", document(R"("shape": {"heads": 0})"));
  const auto read = readExperiment(path);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::invalid);
  EXPECT_THAT(read.error().where, testing::AllOf(HasSubstr("bad.headlight.json"), HasSubstr("shape.heads")));
  EXPECT_EQ(readExperiment(folder.path() + "/none.json").error().code, ErrorCode::unreadable);
  EXPECT_EQ(readExperiment(folder.path()).error().code, ErrorCode::unreadable);
}

TEST(ExperimentText, ManyProblemsAreAllReported) {
  const auto root = parseJson(document(
      R"("title": 5, "shape": {"heads": 0, "d_k": "wide"}, "mask": ["causl"], "view": {"stage": "wieghts"}, "mistake": 5)"));
  std::vector<std::string> places;
  for (const Error& error : problems(*root)) places.push_back(error.where);
  EXPECT_THAT(places, testing::UnorderedElementsAre("title", "shape.heads", "shape.d_k", "mask[0]",
                                                    "view.stage", "mistake"));
}

TEST(ExperimentText, WhatDoesNotFitTheSizesIsReportedBesideWrongWords) {
  const auto root = parseJson(document(
      R"("title": 5, "shape": {"heads": 2}, "mask": [{"kind": "padding", "keep": [1]}], "ablate": {"heads": [2]},
         "edits": [{"stage": "weights", "at": [0, 0, 0], "value": 1}, {"stage": "q", "at": [9, 0, 0], "value": 1}],
         "view": {"head": 5, "pin": [99, 0]})"));
  std::vector<std::string> places;
  for (const Error& error : problems(*root)) places.push_back(error.where);
  EXPECT_THAT(places, testing::UnorderedElementsAre("title", "mask[0].keep", "ablate.heads[0]",
                                                    "edits[0].stage", "view.head", "view.pin[0]"));
}

TEST(ExperimentText, ColoursAreRefusedByName) {
  const auto decoded = fromText(document(R"("view": {"colormap": "jet"})"));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().where, "view.colormap");
  EXPECT_THAT(decoded.error().what, testing::AllOf(HasSubstr("\"jet\""), HasSubstr("\"viridis\"")));
  EXPECT_TRUE(fromText(document(R"("view": {"colormap": null})")));
}

}  // namespace
}  // namespace headlight
