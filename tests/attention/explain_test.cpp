#include "core/attention/explain.h"

#include <cmath>
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/attention/kernels/softmax_row.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::HasSubstr;

Explanation explained(const std::shared_ptr<const Run>& run, Stage stage, int head, std::int64_t i,
                      std::int64_t j) {
  auto made = explain(run, stage, head, i, j);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

const ExplainStep* step(const Explanation& e, const std::string& title) {
  for (const ExplainStep& s : e.steps) {
    if (s.title == title) return &s;
  }
  return nullptr;
}

/// NaN equals NaN, an infinity itself, numbers to the rounding of a float sum of that size.
void expectAbout(double got, double wanted, double size, const std::string& what) {
  if (!std::isfinite(wanted)) {
    EXPECT_EQ(std::isnan(got), std::isnan(wanted)) << what;
    return;
  }
  EXPECT_NEAR(got, wanted, 1e-5 * size + 1e-7) << what;
}

void recomputeTerms(const ExplainStep& s, const std::string& what) {
  double sum = 0;
  double size = 0;
  for (const ExplainTerm& t : s.terms) {
    EXPECT_EQ(std::isnan(t.product), std::isnan(t.left * t.right));
    if (!std::isnan(t.product)) {
      EXPECT_EQ(t.product, t.left * t.right);
    }
    sum += static_cast<double>(t.product);
    size += std::abs(static_cast<double>(t.product));
  }
  if (!s.terms.empty() && s.hasResult) expectAbout(static_cast<double>(s.result), sum, size, what + s.title);
  for (const ExplainStep::Strip& strip : s.strips) {
    double squares = 0;
    for (const float v : strip.values) squares += static_cast<double>(v) * static_cast<double>(v);
    expectAbout(static_cast<double>(strip.length), std::sqrt(squares), std::sqrt(squares),
                what + strip.label);
  }
}

/// Follows the steps of a map: from the displayed numbers of one to those of the next.
class MapChain {
 public:
  MapChain(const std::shared_ptr<const Run>& run, const Explanation& e, std::string what)
      : run_(run), e_(e), what_(std::move(what)), tau_(static_cast<double>(run->rules.temperature)) {
    dropped_ = run->mask->droppedBy(e.head, e.row, e.col) >= 0;
  }

  void recompute() {
    for (const ExplainStep& s : e_.steps) {
      what_ += s.title + ", ";
      const double size = std::abs(last_) + std::abs(extra_) + 1;
      if (const std::optional<double> wanted = next(s)) {
        expectAbout(static_cast<double>(s.result), *wanted, size, what_);
        ++checked_;
      }
      if (s.hasResult && !s.title.starts_with("Σe")) last_ = static_cast<double>(s.result);
    }
    recomputeKeys();
  }
  int checked() const { return checked_; }

 private:
  using Wanted = std::optional<double>;

  Wanted next(const ExplainStep& s) {
    if (s.stage == Stage::scaled && run_->has(Stage::dot)) {
      return last_ * static_cast<double>(run_->rules.scale);
    }
    if (s.stage == Stage::biased) return biased(s);
    if (s.stage == Stage::masked) return masked(s);
    if (s.stage == Stage::weights) return weight(s);
    if (s.stage == Stage::valueWeighted) {
      const auto& lengths = run_->valueLengths->of(*run_)[static_cast<std::size_t>(e_.head)];
      extra_ = static_cast<double>(lengths[static_cast<std::size_t>(e_.col)]);
      return last_ * extra_;
    }
    if (s.stage == Stage::gradScores) return gradient(s);
    if (s.title == "× V") expectStrips(s);
    return {};
  }
  Wanted biased(const ExplainStep& s) {
    const auto cap = static_cast<double>(run_->rules.softcap);
    if (s.title == "softcap") return cap * std::tanh(last_ / cap);
    if (s.title == "+ bias") return last_;
    const auto terms = run_->rules.biases->terms(e_.head, e_.row, e_.col);
    const BiasPlan::Term& term = terms.at(biases_++);
    EXPECT_EQ(s.title, "+ " + term.label);
    extra_ = term.value;
    return last_ + term.value;
  }
  Wanted masked(const ExplainStep& s) const {
    if (!dropped_) return last_;
    EXPECT_THAT(s.detail, HasSubstr("masked: ")) << what_;
    const Mistake::MaskAs as = run_->rules.mistake.maskAs;
    if (as == Mistake::MaskAs::zeroScore) return 0;
    if (as == Mistake::MaskAs::zeroWeight) return last_;
    EXPECT_EQ(s.result, -std::numeric_limits<float>::infinity());
    return {};
  }
  Wanted weight(const ExplainStep& s) {
    const RowNumbers& row = e_.numbers;
    const auto sum = static_cast<double>(row.sum);
    if (s.title == "weights A" || e_.rowEmpty) return {};
    if (s.title == "mask" || (dropped_ && run_->rules.mistake.maskAs == Mistake::MaskAs::minusInfinity)) {
      return 0;
    }
    const std::string& t = s.title;
    if (t.find("max_i") != std::string::npos || (run_->rules.mistake.overQueries && t.starts_with("e^"))) {
      return std::exp((last_ - static_cast<double>(column().maximum)) / tau_);
    }
    if (t == "÷ Σ_i e") return last_ / static_cast<double>(column().sum);
    if (t == "e^s" || t == "e^{s ÷ τ}") return std::exp(last_ / tau_);
    if (t.starts_with("e^")) {
      const float sink = *run_->rules.normalizer->sinkLogit(e_.head);
      const float reference = softmaxReference(row.maximum, run_->rules.temperature, sink);
      return std::exp((last_ - static_cast<double>(reference)) / tau_);
    }
    if (t.starts_with("Σe")) return sum;
    if (t == "÷ τ") return last_ / tau_;
    if (t.starts_with("÷ Σ")) {
      extra_ = last_ / sum;
      return last_ / sum;
    }
    if (t.ends_with(" − t")) {
      extra_ = last_ / tau_;
      return last_ / tau_ / (t.starts_with("s ÷ 2") ? 2 : 1) - static_cast<double>(row.threshold);
    }
    if (t == "max(…, 0)") return std::max(last_, 0.0);
    if (t == "max(…, 0)^2") return std::max(last_, 0.0) * std::max(last_, 0.0);
    if (t == "σ") return 1 / (1 + std::exp(-last_));
    if (t == "max(s, 0)" || t == "max(s ÷ τ, 0)") return std::max(last_ / tau_, 0.0);
    if (t == "÷ T_k") return last_ / static_cast<double>(run_->sizes.keys);
    EXPECT_TRUE(t == "s + b" || t == "s ÷ τ + b") << what_;
    return {};
  }
  Wanted gradient(const ExplainStep& s) {
    const double centre =
        run_->gradients->centre[static_cast<std::size_t>(e_.head)][static_cast<std::size_t>(e_.row)];
    if (s.title == "− Σ c ∂L/∂a") {
      extra_ = centre;
      return last_ - centre;
    }
    if (s.title == "× c") {
      const auto a = static_cast<double>(test::field(run_, Stage::weights, e_.head).cell(e_.row, e_.col));
      return last_ * run_->rules.normalizer->jacobian({&a, 1}).c[0];
    }
    if (s.title == "÷ τ") return last_ / tau_;
    return {};
  }
  void expectStrips(const ExplainStep& s) const {
    const float weight = test::field(run_, Stage::weights, e_.head).cell(e_.row, e_.col);
    for (std::size_t n = 0; n < s.strips[0].values.size(); ++n) {
      const float product = e_.masked ? 0.0f : weight * s.strips[0].values[n];
      if (!std::isnan(product)) {
        EXPECT_EQ(s.strips[1].values[n], product) << what_;
      }
    }
  }
  const HeadStatistics::Column& column() const {
    return run_->statistics->heads[static_cast<std::size_t>(e_.head)]
        .columns[static_cast<std::size_t>(e_.col)];
  }
  /// The listed keys and the rest make up the row.
  void recomputeKeys() const {
    double weights = static_cast<double>(e_.otherWeight);
    double size = 1;
    const bool divided = run_->rules.normalizer->sinkLogit(0).has_value() && !run_->rules.mistake.overQueries;
    for (const ExplainKey& key : e_.keys) {
      weights += static_cast<double>(key.weight);
      size += std::abs(static_cast<double>(key.weight));
      if (divided && key.kept && !std::isnan(e_.numbers.sum) && run_->has(Stage::masked)) {
        EXPECT_EQ(key.weight, key.exponential / e_.numbers.sum) << what_;
      }
    }
    expectAbout(weights, static_cast<double>(e_.numbers.weightSum), size, what_ + "keys");
  }

  std::shared_ptr<const Run> run_;
  const Explanation& e_;
  std::string what_;
  double tau_;
  bool dropped_ = false;
  double last_ = 0;
  double extra_ = 0;  ///< of the size of what the step rounds
  std::size_t biases_ = 0;
  int checked_ = 0;
};

/// A few cells of every stage of the run.
int recomputeCells(const std::shared_ptr<const Run>& run, test::Numbers& numbers, const std::string& name,
                   std::set<std::string>* titles = nullptr) {
  int cells = 0;
  for (const StageInfo& stage : stages()) {
    if (!run->has(stage.stage)) continue;
    for (int n = 0; n < 3; ++n, ++cells) {
      const int head =
          numbers.chance(0.1) ? kMeanHead : static_cast<int>(numbers.whole(0, run->sizes.heads - 1));
      const Field field = test::field(run, stage.stage, head);
      const std::int64_t i = numbers.whole(0, field.rows() - 1);
      const std::int64_t j = numbers.whole(0, field.cols() - 1);
      const Explanation e = explained(run, stage.stage, head, i, j);
      const std::string what = name + " " + std::string(stage.id) + " [" + std::to_string(head) + ", " +
                               std::to_string(i) + ", " + std::to_string(j) + "] ";
      const float value = field.cell(i, j);
      EXPECT_TRUE(e.value == value || std::isnan(value)) << what;
      EXPECT_FALSE(e.steps.empty()) << what;
      EXPECT_FALSE(e.headline.empty()) << what;
      EXPECT_FALSE(toText(e, {}, {}).empty());
      for (const ExplainStep& s : e.steps) {
        if (!(e.masked && head == kMeanHead)) recomputeTerms(s, what);
        if (titles != nullptr) titles->insert(s.title);
      }
      if (isMap(stage.stage) && head != kMeanHead) MapChain(run, e, what).recompute();
      // The last line that has a result is the cell itself.
      const ExplainStep* last = nullptr;
      for (const ExplainStep& s : e.steps) last = s.hasResult ? &s : last;
      if (last == nullptr) {
        ADD_FAILURE() << what;
      } else if (!std::isnan(value)) {
        EXPECT_EQ(last->result, value) << what;
      }
      if (testing::Test::HasFailure()) return cells;
    }
  }
  return cells;
}

TEST(Explain, EveryDisplayedTermRecomputesOverAThousandRandomCells) {
  test::Numbers numbers(1);
  int cells = 0;
  for (std::uint32_t seed = 0; cells < 1500; ++seed) {
    const auto run = test::runWithGradients(test::randomPlan(seed));
    cells += recomputeCells(run, numbers, "seed " + std::to_string(seed));
    ASSERT_FALSE(HasFailure());
  }
}

TEST(Explain, EveryDisplayedTermRecomputesForEveryVariant) {
  test::Numbers numbers(2);
  std::set<std::string> titles;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    const auto run = test::runWithGradients(test::variedPlan(seed));
    recomputeCells(run, numbers, "seed " + std::to_string(seed) + " " + run->rules.normalizerKind, &titles);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_THAT(titles, testing::IsSupersetOf({"QK^T",
                                             "÷ √d_k",
                                             "softcap",
                                             "+ alibi",
                                             "+ t5",
                                             "+ constant",
                                             "+ mask",
                                             "e^{s − max}",
                                             "÷ Σe",
                                             "e^{(s − max) ÷ τ}",
                                             "Σe + e^{sink − max}",
                                             "s − t",
                                             "s ÷ 2 − t",
                                             "max(…, 0)",
                                             "max(…, 0)^2",
                                             "s + b",
                                             "σ",
                                             "max(s, 0)",
                                             "÷ T_k",
                                             "weights A",
                                             "÷ Σs",
                                             "e^s",
                                             "÷ Σ_i e",
                                             "mask",
                                             "× V",
                                             "× ‖v_j W_O‖",
                                             "× ‖v_j‖",
                                             "∂L/∂a_{ij}",
                                             "− Σ c ∂L/∂a",
                                             "× c",
                                             "rotation",
                                             "set by hand",
                                             "Σ_j ∂L/∂(q·k) K",
                                             "Σ_i ∂L/∂(q·k) Q",
                                             "Σ_i a_{ij} ∂L/∂Z"}));
}

TEST(Explain, AWeightStepByStep) {
  const auto run = test::run(test::goldenPlan());
  const Explanation e = explained(run, Stage::weights, 0, 0, 2);
  std::vector<std::string> titles;
  for (const ExplainStep& s : e.steps) titles.push_back(s.title);
  EXPECT_THAT(titles, testing::ElementsAre("QK^T", "÷ √d_k", "+ mask", "e^{s − max}", "÷ Σe", "× V"));
  EXPECT_EQ(e.steps[0].terms.size(), 4u);
  EXPECT_EQ(e.steps[0].detail, "4 products, then their sum");
  EXPECT_EQ(e.steps[0].result, 3);
  EXPECT_EQ(e.steps[1].expression, "3.000 ÷ 2.000");
  EXPECT_EQ(e.steps[2].detail, "no mask");
  EXPECT_EQ(e.steps[4].expression, "1.000 ÷ 1.814");
  EXPECT_EQ(e.headline, "0.551 of its weight");
  EXPECT_THAT(e.steps[5].strips[0].values, testing::ElementsAre(2, -1));
  EXPECT_NEAR(e.steps[5].strips[0].length, std::sqrt(5.0), 1e-6);
  EXPECT_EQ(e.steps[5].strips.size(), 3u);
  EXPECT_EQ(e.keys.size(), 4u);
  EXPECT_EQ(e.keys[0].key, 2);
}

TEST(Explain, AMaskedCellNamesItsReason) {
  const auto run = test::run(test::goldenPlan({test::mask("causal")}));
  const Explanation e = explained(run, Stage::weights, 0, 1, 3);
  EXPECT_TRUE(e.masked);
  EXPECT_EQ(e.headline, "masked: key 3 > query 1");
  EXPECT_EQ(e.steps[2].detail, "masked: key 3 > query 1");
  EXPECT_EQ(e.steps[3].result, 0);
  EXPECT_EQ(e.steps[4].result, 0);
  ASSERT_EQ(e.keys.size(), 3u);
  EXPECT_EQ(e.keys.back().key, 3);
  EXPECT_FALSE(e.keys.back().kept);
}

TEST(Explain, MapsBeforeTheWeightsStopThere) {
  const auto run = test::run(test::goldenPlan());
  EXPECT_EQ(explained(run, Stage::dot, 0, 0, 0).steps.size(), 1u);
  EXPECT_EQ(explained(run, Stage::scaled, 0, 0, 0).steps.size(), 2u);
  EXPECT_EQ(explained(run, Stage::biased, 0, 0, 0).steps.back().stage, Stage::biased);
  EXPECT_EQ(explained(run, Stage::masked, 0, 0, 0).steps.size(), 3u);
}

TEST(Explain, ScaleAndTemperatureAreNamed) {
  AttentionPlan plan = test::goldenPlan();
  plan.scale = 1;
  plan.temperature = 2;
  const Explanation plain = explained(test::run(plan), Stage::weights, 0, 0, 1);
  EXPECT_EQ(plain.steps[1].detail, "no scale");
  EXPECT_EQ(plain.steps[3].title, "e^{(s − max) ÷ τ}");
  EXPECT_EQ(plain.steps[3].expression, "e^{(0.000 − 3.000) ÷ 2.000}");
  plan.scale = -0.25;
  EXPECT_EQ(explained(test::run(plan), Stage::scaled, 0, 0, 2).steps[1].expression, "3.000 × (−0.250)");
}

TEST(Explain, ARowWithoutKeysSaysWhatItsWeightsAre) {
  for (const auto& [policy, words] :
       {std::pair{EmptyRow::zeros, "are 0"}, std::pair{EmptyRow::nan, "are NaN"},
        std::pair{EmptyRow::uniform, "1 ÷ 4"}}) {
    AttentionPlan plan = test::goldenPlan({test::mask("causal", {{"offset", -1}})});
    plan.emptyRow = policy;
    const Explanation e = explained(test::run(plan), Stage::weights, 0, 0, 1);
    EXPECT_TRUE(e.rowEmpty);
    EXPECT_EQ(e.masked, policy == EmptyRow::zeros);
    ASSERT_NE(step(e, "weights"), nullptr);
    EXPECT_THAT(step(e, "weights")->detail, HasSubstr(words));
  }
}

TEST(Explain, EditsAndSwitchedOffHeadsAreNamed) {
  AttentionPlan plan;
  for (std::uint32_t seed = 0; !plan.inputs.x || !plan.inputs.wO; ++seed) plan = test::randomPlan(seed);
  plan.inputs.edits = {{Stage::q, 0, 0, 0, 2.5f}};
  plan.ablatedHeads = {0};
  const auto run = test::run(plan);
  EXPECT_EQ(explained(run, Stage::q, 0, 0, 0).steps.back().title, "set by hand");
  EXPECT_EQ(explained(run, Stage::q, 0, 0, 0).value, 2.5f);
  EXPECT_EQ(explained(run, Stage::headOutput, 0, 0, 0).steps.back().title, "switched off");
  EXPECT_EQ(explained(run, Stage::concat, 0, 0, 0).value, 0);
  EXPECT_THAT(explained(run, Stage::contribution, 0, 0, 0).steps.back().detail, HasSubstr("ablated"));
}

TEST(Explain, AtMostSixtyFourKeysTheExplainedAmongThem) {
  test::Numbers numbers(2);
  const AttentionPlan plan = test::drawnPlan(numbers, 2, 300, 4, 2, 1);
  const auto run = test::run(plan);
  for (std::int64_t j = 0; j < 300; ++j) {
    const Explanation e = explained(run, Stage::weights, 0, 1, j);
    ASSERT_EQ(e.keys.size(), 64u);
    ASSERT_TRUE(
        std::any_of(e.keys.begin(), e.keys.end(), [&](const ExplainKey& key) { return key.key == j; }));
    double sum = static_cast<double>(e.otherWeight);
    for (const ExplainKey& key : e.keys) sum += static_cast<double>(key.weight);
    ASSERT_NEAR(sum, 1, 1e-5);
  }
}

TEST(Explain, RefusesCellsThatAreNotThere) {
  const auto run = test::run(test::goldenPlan());
  EXPECT_THAT(explain(run, Stage::weights, 0, 3, 0).error().what, HasSubstr("[3, 4]"));
  EXPECT_FALSE(explain(run, Stage::weights, 0, 0, -1).ok());
  EXPECT_FALSE(explain(run, Stage::weights, 5, 0, 0).ok());
  EXPECT_FALSE(explain(run, Stage::input, 0, 0, 0).ok());
}

TEST(Explain, AsTextOneLineAStep) {
  const auto run = test::run(test::goldenPlan());
  const std::string text =
      toText(explained(run, Stage::weights, 0, 0, 2), {"it", "was", "tired"}, {"the", "animal", "was", "it"});
  EXPECT_THAT(
      text, HasSubstr("Attention weights, head 0: query 0 “it”, key 2 “was”: 0.551 (0.551 of its weight)\n"));
  EXPECT_THAT(text, HasSubstr("2. ÷ √d_k: 3.000 ÷ 2.000 = 1.500  (d_k = 4)\n"));
  EXPECT_THAT(text, HasSubstr("5. ÷ Σe: 1.000 ÷ 1.814 = 0.551  (the sum over 4 kept keys)\n"));
  EXPECT_THAT(text, HasSubstr("\nrank in the row: 1st of 4 kept keys\n"));
  EXPECT_THAT(text, HasSubstr("   a_{ij} (1 − a_{ij}): 0.551 × (1 − 0.551) = 0.247  (how the weight moves"));
  // The cell, six steps, three facts and the four lines that two of them are made of.
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 14);
}

}  // namespace
}  // namespace headlight
