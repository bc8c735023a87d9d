#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/import_guess.h"
#include "core/experiment/import_names.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::npzBytes;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Shape = std::vector<std::int64_t>;

/// What headers say, without files.
ImportFound found(const std::vector<std::pair<std::string, Shape>>& tensors) {
  ImportFound made;
  made.folder = "/nowhere";
  made.title = "dump";
  made.files = {"dump.npz"};
  for (const auto& [name, shape] : tensors) {
    made.tensors.push_back({"dump.npz:" + name, {name, "float32", shape, 0}, std::nullopt});
  }
  return made;
}

ImportChoice best(const ImportFound& from) {
  const auto choices = importChoices(from);
  EXPECT_FALSE(choices.empty());
  return choices.empty() ? ImportChoice() : choices.front();
}

std::vector<std::string> layoutsOf(const ImportFound& from, const ImportPlan& plan) {
  std::vector<std::string> words;
  for (const ImportLayout& layout : importLayouts(from, plan)) words.push_back(layout.layout);
  return words;
}

TEST(ImportNames, AreThoseOfTheFrameworks) {
  const std::pair<const char*, ImportRole> names[] = {
      {"q", ImportRole::q},
      {"Q", ImportRole::q},
      {"layers.3.key_states", ImportRole::k},
      {"blocks.0.attn.hook_v", ImportRole::v},
      {"blocks.0.attn.hook_pattern", ImportRole::maps},
      {"attn_mask", ImportRole::mask},
      {"key_padding_mask", ImportRole::mask},
      {"my_query", ImportRole::q},
      {"w_q", ImportRole::none},
      {"q_proj_weight", ImportRole::none},
      {"W_O", ImportRole::wO},
      {"hidden_states", ImportRole::x},
      {"something", ImportRole::none},
  };
  for (const auto& [name, role] : names) EXPECT_EQ(readImportName(name).role, role) << name;
  EXPECT_EQ(readImportName("blocks.0.attn.hook_q").group, "blocks.0.attn.");
  EXPECT_TRUE(readImportName("blocks.0.attn.hook_q").tokensBeforeHeads);
  EXPECT_TRUE(readImportName("attn_scores").scores);
}

TEST(ImportGuess, NamedTensorsOfThreeAxesLeaveTheirOrderOpen) {
  const ImportFound from = found({{"q", {8, 12, 64}}, {"k", {8, 12, 64}}, {"v", {8, 12, 64}}});
  const ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.as, ImportAs::qkv);
  EXPECT_EQ(choice.plan.of(ImportRole::v), 2);
  EXPECT_EQ(choice.plan.layout, "htd");
  EXPECT_TRUE(choice.doubts.layout) << "nothing in the file says which axis is the heads";
  EXPECT_FALSE(choice.doubts.as);
  EXPECT_THAT(layoutsOf(from, choice.plan), ElementsAre("htd", "thd", "btd"));
  const auto layouts = importLayouts(from, choice.plan);
  EXPECT_EQ(layouts[0].sizesText, "8 heads · 12 tokens · 64 wide");
  EXPECT_EQ(layouts[1].sizesText, "12 heads · 8 tokens · 64 wide");
  EXPECT_EQ(layouts[0].axes, "[heads, tokens, width]");
}

TEST(ImportGuess, AnotherTensorDecidesTheOrder) {
  const ImportChoice choice =
      best(found({{"q", {12, 8, 64}}, {"k", {12, 8, 64}}, {"v", {12, 8, 64}}, {"mask", {12, 12}}}));
  EXPECT_EQ(choice.plan.layout, "thd");
  EXPECT_FALSE(choice.doubts.layout);
  EXPECT_THAT(choice.reasons, testing::Contains(HasSubstr("mask has 12 × 12 cells")));
  EXPECT_EQ(choice.plan.of(ImportRole::mask), 3);
}

TEST(ImportGuess, GroupedQueriesTellTheirHeads) {
  const ImportFound from = found({{"q", {8, 30, 16}}, {"k", {2, 30, 16}}, {"v", {2, 30, 16}}});
  const ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.layout, "htd");
  const auto sizes = importSizes(from, choice.plan);
  ASSERT_TRUE(sizes);
  EXPECT_EQ(sizes->kvHeads, 2);
  EXPECT_THAT(importSizesText(*sizes), HasSubstr("8 heads, 2 of k and v"));
}

TEST(ImportGuess, TransformerLensKeepsTokensBeforeHeads) {
  const ImportFound from = found({{"blocks.0.attn.hook_q", {1, 12, 8, 64}},
                                  {"blocks.0.attn.hook_k", {1, 12, 8, 64}},
                                  {"blocks.0.attn.hook_v", {1, 12, 8, 64}},
                                  {"blocks.1.attn.hook_q", {1, 12, 8, 64}},
                                  {"blocks.1.attn.hook_k", {1, 12, 8, 64}}});
  const auto choices = importChoices(from);
  ASSERT_THAT(choices, SizeIs(2));
  EXPECT_EQ(choices[0].plan.layout, "bthd");
  EXPECT_FALSE(choices[0].doubts.layout);
  EXPECT_THAT(choices[0].title, HasSubstr("blocks.0.attn"));
  EXPECT_EQ(choices[1].plan.of(ImportRole::q), 3);
  EXPECT_EQ(choices[1].plan.of(ImportRole::v), -1) << "another block's v is none of this one's";
}

TEST(ImportGuess, HeadsSideBySideAreAGuess) {
  const ImportFound from = found({{"q", {12, 512}}, {"k", {12, 512}}, {"v", {12, 512}}});
  const ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.layout, "td");
  EXPECT_FALSE(choice.doubts.layout);
  EXPECT_EQ(choice.plan.heads, 8);
  EXPECT_TRUE(choice.doubts.heads);
  EXPECT_THAT(importHeads(from, choice.plan), testing::Contains(512));
  // A map with heads tells them.
  const ImportChoice told =
      best(found({{"q", {12, 512}}, {"k", {12, 512}}, {"v", {12, 512}}, {"weights", {4, 12, 12}}}));
  EXPECT_EQ(told.plan.heads, 4);
  EXPECT_FALSE(told.doubts.heads);
}

TEST(ImportGuess, FewerKeyHeadsAreDerivedFromTheWidths) {
  const ImportFound from = found({{"q", {12, 512}}, {"k", {12, 128}}, {"v", {12, 128}}});
  const ImportChoice choice = best(from);
  const auto sizes = importSizes(from, choice.plan);
  ASSERT_TRUE(sizes);
  EXPECT_EQ(sizes->heads, 8);
  EXPECT_EQ(sizes->kvHeads, 2);
  const auto made = importedExperiment(from, choice.plan);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->shape.heads, 8);
  EXPECT_EQ(made->shape.kvHeads, 2);
}

TEST(ImportGuess, MapsAreToldFromScoresByTheirRows) {
  ImportFound from = found({{"arr_0", {4, 9, 9}}});
  from.tensors[0].sample = RowSample{.sumsToOne = true};
  ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.as, ImportAs::weights);
  EXPECT_FALSE(choice.doubts.as);
  EXPECT_EQ(choice.plan.layout, "hqk");
  from.tensors[0].sample = RowSample{.hasNegatives = true};
  EXPECT_EQ(best(from).plan.as, ImportAs::scores);
  from.tensors[0].sample.reset();
  choice = best(from);
  EXPECT_EQ(choice.plan.as, ImportAs::weights);
  EXPECT_TRUE(choice.doubts.as);
}

TEST(ImportGuess, FourAxesOfMapsAreABatchOrLayers) {
  const ImportFound from = found({{"weights", {2, 4, 9, 9}}});
  const ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.layout, "bhqk");
  EXPECT_TRUE(choice.doubts.layout);
  EXPECT_THAT(layoutsOf(from, choice.plan), ElementsAre("bhqk", "lhqk"));
  EXPECT_FALSE(best(found({{"weights", {1, 4, 9, 9}}})).doubts.layout) << "one element is one element";
  EXPECT_EQ(best(found({{"attentions", {12, 4, 9, 9}}})).plan.layout, "lhqk");
}

TEST(ImportGuess, ALayerAsksForItsHeadsAndItsInput) {
  ImportFound from = found({{"self_attn.in_proj_weight", {384, 128}},
                            {"self_attn.in_proj_bias", {384}},
                            {"self_attn.out_proj.weight", {128, 128}},
                            {"self_attn.out_proj.bias", {128}}});
  ImportChoice choice = best(from);
  EXPECT_EQ(choice.plan.as, ImportAs::layer);
  EXPECT_EQ(choice.plan.prefix, "self_attn.");
  const auto made = importedExperiment(from, choice.plan);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "source.x");
  from.tensors.push_back({"x.npy", {"x", "float32", {5, 1, 128}, 0}, std::nullopt});
  choice = best(from);
  EXPECT_EQ(choice.plan.of(ImportRole::x), 4);
  EXPECT_EQ(choice.plan.layout, "tbd");
  EXPECT_EQ(choice.plan.heads, 2);
  EXPECT_TRUE(choice.doubts.heads);
  const auto whole = importedExperiment(from, choice.plan);
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(whole->source.kind, "mha");
}

TEST(ImportGuess, MasksMeanWhatTheirNumbersSay) {
  const auto meaning = [](const char* name, const char* dtype, Shape shape, std::optional<RowSample> sample) {
    ImportFound from = found({{"q", {2, 3, 9, 4}}, {"k", {2, 3, 9, 4}}, {name, std::move(shape)}});
    from.tensors[2].info.dtype = dtype;
    from.tensors[2].sample = sample;
    const ImportChoice choice = best(from);
    EXPECT_EQ(choice.plan.of(ImportRole::mask), 2) << name;
    return choice.plan.maskMeaning + (choice.plan.maskAxes.empty() ? "" : " " + choice.plan.maskAxes) +
           (choice.doubts.mask ? " ?" : "");
  };
  EXPECT_EQ(meaning("mask", "bool", {9, 9}, RowSample{.zerosAndOnes = true}), "keep ?");
  EXPECT_EQ(meaning("mask", "bool", {9, 9}, RowSample{.zerosAndOnes = true, .keepsCausally = true}), "keep");
  EXPECT_EQ(meaning("mask", "bool", {9, 9}, RowSample{.zerosAndOnes = true, .dropsCausally = true}), "drop");
  EXPECT_EQ(meaning("mask", "float32", {9, 9}, RowSample{.hasNegatives = true, .addsAndDrops = true}),
            "additive");
  EXPECT_EQ(meaning("key_padding_mask", "bool", {2, 9}, RowSample{.zerosAndOnes = true}), "drop bk");
  EXPECT_EQ(meaning("attention_mask", "int64", {2, 9}, RowSample{.zerosAndOnes = true}), "keep bk");
}

TEST(ImportGuess, WhatFitsNothingIsNoChoice) {
  EXPECT_THAT(importChoices(found({{"bias", {64}}})), IsEmpty());
  EXPECT_THAT(importChoices(found({{"one", {0, 12}}})), IsEmpty());
}

TEST(ImportGuess, WhatIsNamedButDoesNotFitIsOfferedToBeToldWhy) {
  const TemporaryFolder folder;
  const std::string paths[] = {folder.put("dump.npz", npzBytes({{"q", {2, 3, 4}, std::vector<float>(24)},
                                                                {"k", {2, 3, 5}, std::vector<float>(30)}}))};
  const auto from = lookInto(paths);
  ASSERT_TRUE(from);
  const ImportChoice choice = best(*from);
  EXPECT_EQ(choice.plan.layout, "htd");
  EXPECT_FALSE(importSizes(*from, choice.plan));
  const auto made = importedExperiment(*from, choice.plan);
  ASSERT_TRUE(made);
  const auto prepared = prepare(*made, from->folder);
  ASSERT_FALSE(prepared);
  EXPECT_THAT(prepared.error().text(), HasSubstr("k [2, 3, 5] with 5"));
}

TEST(ImportGuess, RolesThatAreChosenByHandAreReadAnew) {
  const ImportFound from = found({{"a1", {4, 6, 8}}, {"a2", {4, 6, 8}}});
  ImportPlan plan;
  plan.as = ImportAs::qkv;
  plan.give(ImportRole::q, 1);
  plan.give(ImportRole::k, 0);
  plan.layout = "thd";
  const ImportChoice choice = importWithRoles(from, plan);
  EXPECT_EQ(choice.plan.of(ImportRole::q), 1);
  EXPECT_EQ(choice.plan.layout, "htd");
  EXPECT_TRUE(choice.doubts.layout);
}

// --- with files

std::vector<float> wave(std::size_t count) {
  std::vector<float> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>((i * i + 3 * i) % 17) / 8 - 1);
  return values;
}

TEST(ImportFiles, AnExperimentIsMadeAndEvaluated) {
  const TemporaryFolder folder;
  const std::string npz = folder.put(
      "dump.npz",
      npzBytes({{"q", {2, 3, 4}, wave(24)}, {"k", {2, 3, 4}, wave(24)}, {"v", {2, 3, 4}, wave(24)}}));
  folder.put("tokens.json", R"(["a", "b", "c"])");
  folder.put("other.json", R"(["a", "b"])");
  const std::string paths[] = {npz};
  const auto from = lookInto(paths);
  ASSERT_TRUE(from) << from.error().text();
  EXPECT_EQ(from->title, "dump");
  ASSERT_THAT(from->tokens, SizeIs(1));
  const ImportChoice choice = best(*from);
  EXPECT_EQ(choice.plan.layout, "htd");
  EXPECT_TRUE(choice.doubts.layout) << "a batch of two would look alike";
  EXPECT_THAT(choice.reasons, testing::Contains(HasSubstr("tokens.json holds 3 tokens")));
  EXPECT_EQ(choice.plan.tokens, "tokens.json");
  const auto made = importedExperiment(*from, choice.plan);
  ASSERT_TRUE(made) << made.error().text();
  const auto numbers = evaluated(*made, from->folder);
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->run->sizes.heads, 2);
  EXPECT_EQ(numbers->prepared->queryTokens[1].label, "b");
}

TEST(ImportFiles, SeveralFilesAreOneSet) {
  const TemporaryFolder folder;
  const std::string a = folder.put("query.csv", "1,2\n3,4\n5,6\n");
  const std::string b = folder.put("key.csv", "1,0\n0,1\n1,1\n");
  const std::string paths[] = {a, b};
  const auto from = lookInto(paths);
  ASSERT_TRUE(from) << from.error().text();
  const ImportChoice choice = best(*from);
  EXPECT_EQ(choice.plan.as, ImportAs::qkv);
  EXPECT_EQ(choice.plan.layout, "td");
  const auto made = importedExperiment(*from, choice.plan);
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_TRUE(evaluated(*made, from->folder));
}

TEST(ImportFiles, RowsTellWeightsScoresAndMasks) {
  const TemporaryFolder folder;
  const std::string weights = folder.put("weights.csv", "1,0,0\n0.25,0.75,0\n0.2,0.3,0.5\n");
  const std::string mask = folder.put("m.csv", "0,-inf,-inf\n0,0,-inf\n0,0,0\n");
  const std::string paths[] = {weights, mask};
  const auto from = lookInto(paths);
  ASSERT_TRUE(from) << from.error().text();
  EXPECT_TRUE(from->tensors[0].sample->sumsToOne);
  EXPECT_TRUE(from->tensors[1].sample->addsAndDrops);
  EXPECT_FALSE(from->tensors[1].sample->sumsToOne);
}

TEST(ImportFiles, WhatCannotBeReadIsRefusedWithItsFile) {
  const TemporaryFolder folder;
  const std::string paths[] = {folder.put("cut.npy", "\x93NUMPY\x01")};
  const auto from = lookInto(paths);
  ASSERT_FALSE(from);
  EXPECT_THAT(from.error().text(), HasSubstr("cut.npy"));
  const std::string missing[] = {folder.path() + "/gone.npy"};
  EXPECT_EQ(lookInto(missing).error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace headlight
