#include "core/experiment/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::experimentOf;

Experiment edited(const Experiment& experiment, std::string_view path, const Value& value) {
  auto result = edit(experiment, path, value);
  EXPECT_TRUE(result) << result.error().text();
  return result ? *result : Experiment();
}

TEST(Edit, KvHeadsFollowHeads) {
  const Experiment e = experimentOf(R"("shape": {"heads": 8, "kv_heads": 4})");
  EXPECT_EQ(edited(e, "shape.heads", 4).shape.kvHeads, 4);
  EXPECT_EQ(edited(e, "shape.heads", 16).shape.kvHeads, 4);
  EXPECT_EQ(edited(e, "shape.heads", 2).shape.kvHeads, 2);
  EXPECT_EQ(edited(e, "shape.kv_heads", 3).shape.kvHeads, 2);
  EXPECT_EQ(edited(e, "shape.kv_heads", Value()).shape.kvHeads, std::nullopt);
}

TEST(Edit, DkIsSetWhereItCannotBeDerived) {
  const Experiment e = edited(Experiment(), "shape.heads", 6);
  EXPECT_EQ(e.shape.dK, 11);
  EXPECT_EQ(edited(Experiment(), "shape.heads", 8).shape.dK, std::nullopt);
  EXPECT_EQ(edited(Experiment(), "shape.d_model", 2).shape.dK, 1);
}

TEST(Edit, WhatPointsOutsideGoes) {
  const Experiment e = experimentOf(
      R"("shape": {"heads": 8}, "ablate": {"heads": [1, 7]}, "mask": {"kind": "padding", "keep": [1,1,1,1,1,1,1,1,1,1,0]},
         "edits": [{"stage": "q", "at": [7, 0, 0], "value": 2}, {"stage": "input", "at": [10, 0], "value": 1}],
         "view": {"head": 6, "pin": [10, 1], "leave_out": [0, 9]})");
  const Experiment fewer = edited(e, "shape.heads", 4);
  EXPECT_EQ(fewer.ablatedHeads, (std::vector<int>{1}));
  EXPECT_EQ(fewer.edits.size(), 1u);
  EXPECT_EQ(fewer.view.head, 3);
  EXPECT_TRUE(fewer.view.pin);
  const Experiment shorter = edited(e, "tokens.text", "one two three");
  EXPECT_EQ(shorter.edits.size(), 1u);
  EXPECT_FALSE(shorter.view.pin);
  EXPECT_EQ(shorter.view.leaveOut, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(shorter.mask[0].find("keep")->json(), "[1, 1, 1]");
  const Experiment longer = edited(e, "tokens.count", 13);
  EXPECT_EQ(longer.mask[0].find("keep")->json(), "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1]");
}

TEST(Edit, WhatIsMendedIsWhatItsFileSays) {
  const Experiment e = experimentOf(
      R"("mask": [{"kind": "cells", "drop": [[3, 1], [10, 2]]}, {"kind": "documents", "ids": [0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 1]}], "score": {"bias": {"kind": "constant", "value": 2, "query": 9}})");
  for (const char* text : {"one two", "one two three four five"}) {
    const Experiment shorter = edited(e, "tokens.text", text);
    const auto read = fromText(toText(shorter));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->experiment, shorter) << toText(shorter);
  }
  // A list without any entry is what stands for no list.
  EXPECT_EQ(edited(e, "tokens.text", "one two").mask[0].find("drop"), nullptr);
}

TEST(Edit, LinksAreKept) {
  const Experiment e = experimentOf(
      R"("source": {"kind": "patterns", "heads": [{"name": "p", "links": [["it", "animal"]]}]})");
  EXPECT_EQ(edited(e, "tokens.text", "nobody is here").source, e.source);
}

TEST(Edit, WhatCannotBeMadeValidIsRefused) {
  EXPECT_EQ(edit(Experiment(), "tokens.text", "").error().code, ErrorCode::invalid);
  EXPECT_EQ(edit(Experiment(), "shape.heads", 0).error().where, "shape.heads");
  EXPECT_EQ(edit(Experiment(), "shape.hats", 1).error().code, ErrorCode::usage);
}

TEST(ChangeName, SaysFromAndTo) {
  const auto name = [](std::string_view path, const Value& value) {
    return changeName(Experiment(), edited(Experiment(), path, value), path);
  };
  EXPECT_EQ(name("shape.d_k", 24), "d_k auto → 24");
  EXPECT_EQ(name("shape.heads", 8), "heads 4 → 8");
  EXPECT_EQ(name("mask", List{"causal", "padding"}), "mask none → causal, padding");
  EXPECT_EQ(name("normalizer.temperature", 0.5), "τ 1 → 0.5");
  EXPECT_EQ(name("tokens.text", "short"), "text");
}

}  // namespace
}  // namespace headlight
