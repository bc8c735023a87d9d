#include "core/experiment/parameters.h"

#include <cctype>
#include <ostream>
#include <set>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// What hands do, which parameter that sets, and to what.
struct Deed {
  const char* name;
  const char* scene;
  void (*act)(Driver&);
  const char* path;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Deed& deed) {
  return out << deed.name;
}

void choose(Driver& d, const char* list, const char* row) {
  d.click(list);
  d.settle();
  d.click(row);
}
void resetByClick(Driver& d, const char* id) {
  d.click(id, 1);
}

const Deed kDeeds[] = {
    {"text", "start",
     [](Driver& d) {
       d.click("tokens.text");
       d.key(kKeyA, kCtrl);
       d.type("a b");
       d.pass(1);
     },
     "tokens.text", R"("a b")"},
    {"split", "start", [](Driver& d) { choose(d, "tokens.split", "tokens.split=characters"); },
     "tokens.split", R"("characters")"},
    {"heads typed", "start", [](Driver& d) { d.enter("shape.heads/field", "4"); }, "shape.heads", "4"},
    {"heads dragged", "start", [](Driver& d) { d.drag("shape.heads", 0.5f, 0.0f); }, "shape.heads", "1"},
    {"heads dragged by name", "start", [](Driver& d) { d.drag("shape.heads/name", 0.9f, -0.9f); },
     "shape.heads", "1"},
    {"heads by wheel", "start",
     [](Driver& d) {
       d.wheel("shape.heads", 1);
       d.pass(1);
     },
     "shape.heads", "16"},
    {"heads by wheel on the name", "start",
     [](Driver& d) {
       d.wheel("shape.heads/name", -2);
       d.pass(1);
     },
     "shape.heads", "2"},
    {"heads reset", "start", [](Driver& d) { resetByClick(d, "shape.heads"); }, "shape.heads", "4"},
    {"kv heads typed", "start", [](Driver& d) { d.enter("shape.kv_heads/field", "2"); }, "shape.kv_heads",
     "2"},
    {"kv heads dragged", "start", [](Driver& d) { d.drag("shape.kv_heads", 0.9f, 0.0f); }, "shape.kv_heads",
     "1"},
    {"kv heads reset", "every parameter", [](Driver& d) { resetByClick(d, "shape.kv_heads"); },
     "shape.kv_heads", "null"},
    {"d_k unlocked", "start", [](Driver& d) { d.click("shape.d_k/lock"); }, "shape.d_k", "8"},
    {"d_k typed", "every parameter", [](Driver& d) { d.enter("shape.d_k/field", "12"); }, "shape.d_k", "12"},
    {"d_k typed beyond the track", "every parameter", [](Driver& d) { d.enter("shape.d_k/field", "300"); },
     "shape.d_k", "300"},
    {"d_k dragged", "every parameter", [](Driver& d) { d.drag("shape.d_k", 0.3f, 1.0f); }, "shape.d_k",
     "128"},
    {"d_k reset", "every parameter",
     [](Driver& d) {
       d.session().change("shape.d_model", Value(32), Phase::done);
       resetByClick(d, "shape.d_k");
     },
     "shape.d_k", "null"},
    {"d_model typed", "start", [](Driver& d) { d.enter("shape.d_model/field", "128"); }, "shape.d_model",
     "128"},
    {"scale off", "start", [](Driver& d) { d.click("score.scale"); }, "score.scale", R"("none")"},
    {"scale on", "start",
     [](Driver& d) {
       d.click("score.scale");
       d.settle();
       d.session().commit();
       d.click("score.scale");
       d.click("score.scale");
     },
     "score.scale", R"("none")"},
    {"scale number", "every parameter", [](Driver& d) { d.enter("score.scale/field", "0.25"); },
     "score.scale", "0.25"},
    {"scale number reset", "every parameter", [](Driver& d) { resetByClick(d, "score.scale/field"); },
     "score.scale", R"("inverse_sqrt_d_k")"},
    {"temperature typed", "start", [](Driver& d) { d.enter("normalizer.temperature/field", "2.5"); },
     "normalizer.temperature", "2.5"},
    {"temperature dragged", "start", [](Driver& d) { d.drag("normalizer.temperature", 0.5f, 1.2f); },
     "normalizer.temperature", "10.0"},
    {"temperature by Shift and wheel", "start",
     [](Driver& d) {
       d.wheel("normalizer.temperature", 1, true);
       d.pass(1);
     },
     "normalizer.temperature", "1.01"},
    {"temperature reset", "every parameter",
     [](Driver& d) { resetByClick(d, "normalizer.temperature/name"); }, "normalizer.temperature", "1.0"},
    {"rows without keys", "causal", [](Driver& d) { d.click("normalizer.empty_row=uniform"); },
     "normalizer.empty_row", R"("uniform")"},
    {"rows without keys as NaN", "causal", [](Driver& d) { d.click("normalizer.empty_row=nan"); },
     "normalizer.empty_row", R"("nan")"},
    {"source", "start", [](Driver& d) { choose(d, "source.kind", "source.kind=random"); }, "source.kind",
     R"("random")"},
    {"positions", "start", [](Driver& d) { choose(d, "position.kind", "position.kind=sinusoidal"); },
     "position.kind", R"("sinusoidal")"},
    {"sharpness", "start", [](Driver& d) { d.enter("source.sharpness/field", "2.5"); }, "source.sharpness",
     "2.5"},
    {"seed", "start", [](Driver& d) { d.enter("source.seed", "99"); }, "source.seed", "99"},
    {"seed refused", "start", [](Driver& d) { d.enter("source.seed", "nine"); }, "source.seed", "7"},
    {"resample", "start", [](Driver& d) { d.click("source.seed/resample"); }, "source.seed", "8"},
    {"softcap on", "start", [](Driver& d) { d.click("score.softcap"); }, "score.softcap", "50.0"},
    {"softcap off", "variants", [](Driver& d) { d.click("score.softcap"); }, "score.softcap", "null"},
    {"softcap typed", "variants", [](Driver& d) { d.enter("score.softcap/value/field", "30"); },
     "score.softcap", "30.0"},
    {"softcap dragged", "variants", [](Driver& d) { d.drag("score.softcap/value", 0.5f, 1.2f); },
     "score.softcap", "100.0"},
    {"scale of one's own", "start", [](Driver& d) { d.click("score.scale/own"); }, "score.scale", "0.3536"},
    {"d_v unlocked", "start", [](Driver& d) { d.click("shape.d_v/lock"); }, "shape.d_v", "8"},
    {"d_v typed", "every parameter",
     [](Driver& d) {
       d.click("shape.d_v/lock");
       d.settle();
       d.enter("shape.d_v/field", "3");
     },
     "shape.d_v", "3"},
    {"rotation's fraction dragged", "variants", [](Driver& d) { d.drag("position.fraction", 0.9f, -0.2f); },
     "position.fraction", "0.2"},
    {"sigmoid's bias", "cells set", [](Driver& d) { d.enter("normalizer.bias/field", "2"); },
     "normalizer.bias", "2.0"},
    {"learned positions", "cells set", [](Driver& d) { d.enter("position.seed/field", "9"); },
     "position.seed", "9"},
    {"a window by its name", "every parameter", [](Driver& d) { d.drag("mask.1.left/name", 0.1f, 0.5f); },
     "mask.1.left", "10"},
    {"a head silenced", "start", [](Driver& d) { d.click("ablate.heads=2"); }, "ablate.heads", "[2]"},
    {"title", "start", [](Driver& d) { d.enter("title", "who it is"); }, "title", R"("who it is")"},
    {"softmax over queries", "mistakes", [](Driver& d) { d.click("mistake.softmax_over"); },
     "mistake.softmax_over", R"("queries")"},
    {"masked scores of zero", "mistakes",
     [](Driver& d) { choose(d, "mistake.mask_as", "mistake.mask_as=zero_score"); }, "mistake.mask_as",
     R"("zero_score")"},
    {"plain sums", "mistakes", [](Driver& d) { d.click("mistake.normalize"); }, "mistake.normalize",
     R"("plain_sum")"},
    {"maximum kept", "mistakes", [](Driver& d) { d.click("mistake.subtract_max"); }, "mistake.subtract_max",
     "false"},
    {"mean of heads", "mistakes", [](Driver& d) { d.click("mistake.merge"); }, "mistake.merge", R"("mean")"},
    {"tied keys", "mistakes", [](Driver& d) { d.click("mistake.tie"); }, "mistake.tie", R"("w_k=w_q")"},
    {"mistake taken back", "mistake", [](Driver& d) { d.click("mistake.merge"); }, "mistake.merge", "null"},
    {"batch stepped", "variants", [](Driver& d) { d.click("view.batch/less"); }, "view.batch", "0"},
    {"bias added", "start", [](Driver& d) { choose(d, "bias/add", "bias+alibi"); }, "score.bias.0.kind",
     R"("alibi")"},
    {"bias typed", "variants, score.bias.1", [](Driver& d) { d.enter("score.bias.1.value", "2.5"); },
     "score.bias.1.value", "2.5"},
    {"normalizer", "start", [](Driver& d) { choose(d, "normalizer.kind", "normalizer.kind=sparsemax"); },
     "normalizer.kind", R"("sparsemax")"},
    {"sink logits", "variants", [](Driver& d) { d.enter("normalizer.logits", "[3, 4]"); },
     "normalizer.logits", "[3, 4]"},
    {"rotation's base", "variants", [](Driver& d) { d.enter("position.base/field", "500"); }, "position.base",
     "500.0"},
    {"rotation's style", "variants",
     [](Driver& d) { choose(d, "position.style", "position.style=interleaved"); }, "position.style",
     R"("interleaved")"},
    {"mask of a list", "variants, mask.2", [](Driver& d) { d.enter("mask.2.global", "[0, 3]"); },
     "mask.2.global", "[0, 3]"},
    {"memory", "two sentences",
     [](Driver& d) {
       d.click("memory.text");
       d.key(kKeyA, kCtrl);
       d.type("un deux");
       d.pass(1);
     },
     "memory.text", R"("un deux")"},
    {"a sentence for a list", "grid", [](Driver& d) { d.click("tokens.text"); }, "tokens.text",
     R"("The animal didn't cross the street because it was too tired")"},
};

class Parameters : public testing::TestWithParam<Deed> {};

TEST_P(Parameters, AreSetByHandAndUndone) {
  const Deed& deed = GetParam();
  Driver d;
  scene(deed.scene).set(d);
  d.undoAll();
  const std::string before = d.document();
  deed.act(d);
  d.settle();
  EXPECT_EQ(d.value(deed.path), deed.expected);
  const std::string after = d.document();
  if (after == before) return;
  ASSERT_TRUE(d.session().evaluation());
  EXPECT_TRUE(sameNumbers(d.session().evaluation()->experiment, d.experiment())) << "the numbers are old";
  d.key(kKeyEscape);
  d.key(kKeyZ, kCtrl);
  while (d.session().canUndo()) d.key(kKeyZ, kCtrl);
  d.settle();
  EXPECT_TRUE(d.document() == before) << d.document();
  EXPECT_TRUE(sameNumbers(d.session().evaluation()->experiment, d.experiment())) << "undo keeps the numbers";
  while (d.session().canRedo()) d.key(kKeyZ, kCtrl | kShift);
  EXPECT_TRUE(d.document() == after) << d.document();
}
INSTANTIATE_TEST_SUITE_P(Rail, Parameters, testing::ValuesIn(kDeeds), [](const auto& deed) {
  std::string name;
  for (const char* c = deed.param.name; *c; ++c)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
});

/// A drag of a hundred positions is one step, live all the way.
TEST(LiveDrag, IsOneStep) {
  Driver d;
  const std::string before = d.document();
  d.reveal("normalizer.temperature");
  const Box track = d.seen("normalizer.temperature");
  d.moveTo(track.centreX(), track.centreY());
  d.hold(true);
  std::set<std::string> values;
  for (int percent = 50; percent < 100; percent += 2) {
    d.moveTo(track.x0 + static_cast<float>(percent) / 100 * track.width(), track.centreY());
    values.insert(d.value("normalizer.temperature"));
  }
  EXPECT_GT(values.size(), 15u) << "not live";
  d.moveTo(track.x0, track.y1 + 200);  // a hand that strays keeps the slider
  EXPECT_EQ(d.value("normalizer.temperature"), "0.1");
  d.hold(false);
  d.settle();
  EXPECT_EQ(d.undoAll(), 1);
  EXPECT_EQ(d.document(), before);
}

TEST(LiveDrag, BackToItsStartIsNoStep) {
  Driver d;
  d.reveal("normalizer.temperature/name");
  const Box name = d.seen("normalizer.temperature/name");
  d.moveTo(name.centreX(), name.centreY());
  d.hold(true);
  d.moveTo(name.x1, name.centreY());
  EXPECT_NE(d.value("normalizer.temperature"), "1.0");
  d.moveTo(name.centreX(), name.centreY());
  d.hold(false);
  EXPECT_EQ(d.value("normalizer.temperature"), "1.0");
  EXPECT_FALSE(d.session().canUndo());
}

TEST(LiveDrag, WheelNotchesAreOneStepUntilTheyRest) {
  Driver d;
  d.wheel("shape.heads", -3);
  EXPECT_EQ(d.value("shape.heads"), "1");
  d.pass(1);
  d.settle();
  d.wheel("shape.heads", 1);
  d.pass(1);
  EXPECT_EQ(d.value("shape.heads"), "2");
  EXPECT_EQ(d.undoAll(), 2);
}

TEST(LiveDrag, NumbersFollowWhileTheHandIsDown) {
  Driver d;
  d.reveal("normalizer.temperature");
  const Box track = d.seen("normalizer.temperature");
  d.moveTo(track.centreX(), track.centreY());
  d.hold(true);
  d.moveTo(track.x1, track.centreY());
  d.settle();
  ASSERT_TRUE(d.session().evaluation());
  EXPECT_EQ(d.session().evaluation()->experiment.temperature, 10);
  EXPECT_TRUE(d.drawn().shows("÷ 10"));
  d.hold(false);
}

/// Refused values: a sentence under the control, the document and its numbers as they were.
TEST(Refusals, StandUnderTheirControl) {
  Driver d;
  const std::string before = d.document();
  d.enter("shape.heads/field", "5000");
  d.settle();
  ASSERT_TRUE(d.session().fieldError("shape.heads"));
  EXPECT_EQ(d.document(), before);
  EXPECT_TRUE(d.session().evaluation());
  EXPECT_FALSE(d.session().problem());
  const std::string& what = d.session().fieldError("shape.heads")->what;
  EXPECT_TRUE(d.drawn().shows(what.substr(0, 12))) << what;
  d.enter("shape.heads/field", "4");
  d.settle();
  EXPECT_FALSE(d.session().fieldError("shape.heads"));
  EXPECT_EQ(d.value("shape.heads"), "4");
}

TEST(Refusals, EscapeLeavesANumberAsItWas) {
  Driver d;
  d.click("source.seed");
  d.key(kKeyA, kCtrl);
  d.type("55");
  d.key(kKeyEscape);
  d.settle();
  EXPECT_EQ(d.value("source.seed"), "7");
  EXPECT_FALSE(d.typing());
  EXPECT_TRUE(d.session().pinned()) << "Escape went on to release the pin";
}

}  // namespace
}  // namespace headlight::test
