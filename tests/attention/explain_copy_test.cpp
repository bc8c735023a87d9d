#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/explain.h"
#include "core/attention/field.h"
#include "core/attention/latex_text.h"
#include "core/base/number.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::HasSubstr;
using Labels = std::vector<std::string>;
using Table = std::vector<std::vector<std::string>>;

enum Column { kPart, kNumber, kStage, kTitle, kIndex, kLabel, kLeft, kRight, kResult, kColumns };

/// RFC 4180, as it is written.
Table parsed(const std::string& text) {
  Table table;
  std::vector<std::string> row;
  std::string field;
  bool quoted = false;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (quoted) {
      if (c == '"' && n + 1 < text.size() && text[n + 1] == '"') {
        field += c;
        ++n;
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.push_back(std::exchange(field, ""));
    } else if (c == '\r' && n + 1 < text.size() && text[n + 1] == '\n') {
      row.push_back(std::exchange(field, ""));
      table.push_back(std::exchange(row, {}));
      ++n;
    } else {
      field += c;
    }
  }
  EXPECT_TRUE(field.empty() && row.empty() && !quoted) << "the last line ends";
  return table;
}

float number(const std::string& text) {
  const auto value = parseNumber(text);
  EXPECT_TRUE(value) << text;
  return value ? static_cast<float>(*value) : 0.0f;
}

TEST(ExplainCsv, ListsTermsAndTheWholeRowAndReadsBack) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const auto run = test::run(test::variedPlan(seed));
    if (!run->has(Stage::weights)) continue;
    const Explanation e = *explain(run, Stage::weights, 0, 0, 0);
    const auto keys = *explainRow(run, 0, 0);
    const Table table = parsed(toCsv(e, keys, {}, {}));
    ASSERT_GT(table.size(), 1U);
    EXPECT_EQ(table[0].front(), "part");
    std::size_t terms = 0;
    std::size_t listed = 0;
    for (const auto& line : table) {
      ASSERT_EQ(line.size(), static_cast<std::size_t>(kColumns));
      if (line[kPart] == "term") {
        const float product = number(line[kLeft]) * number(line[kRight]);
        const float written = number(line[kResult]);
        EXPECT_TRUE(product == written || std::isnan(product)) << seed;
        ++terms;
      }
      if (line[kPart] != "key") continue;
      const ExplainKey& key = keys[listed++];
      EXPECT_EQ(line[kIndex], std::to_string(key.key));
      EXPECT_EQ(line[kTitle], key.kept ? "kept" : "masked");
      const float weight = number(line[kResult]);
      EXPECT_TRUE(weight == key.weight || (std::isnan(weight) && std::isnan(key.weight)));
    }
    EXPECT_EQ(listed, static_cast<std::size_t>(run->sizes.keys));
    std::size_t wanted = 0;
    for (const ExplainStep& step : e.steps) wanted += step.terms.size();
    for (const ExplainFact& fact : e.facts) {
      for (const ExplainStep& step : fact.steps) wanted += step.terms.size();
    }
    EXPECT_EQ(terms, wanted);
    ASSERT_FALSE(HasFailure()) << seed;
  }
}

TEST(ExplainCsv, TokensOfAnyTextStayWhole) {
  const auto run = test::run(test::goldenPlan({test::mask("causal")}));
  const Labels labels{"a,b", "\"quoted\"", "two\r\nlines", ""};
  const Explanation e = *explain(run, Stage::weights, 0, 1, 3);
  const Table table = parsed(toCsv(e, *explainRow(run, 0, 1), labels, labels));
  Labels found;
  bool mask = false;
  for (const auto& line : table) {
    if (line[kPart] == "key") found.push_back(line[kLabel]);
    mask = mask || (line[kPart] == "mask" && line[kTitle] == "causal" && line[kIndex] == "0");
  }
  EXPECT_EQ(found, labels);
  EXPECT_TRUE(mask);
}

/// What TeX would stumble over in a body of align*.
void expectSound(const std::string& latex, const std::string& what) {
  ASSERT_TRUE(latex.starts_with("% "));
  const std::size_t first = latex.find('\n') + 1;
  const std::string body = latex.substr(first);
  ASSERT_TRUE(body.starts_with("\\begin{align*}\n") && body.ends_with("\\end{align*}\n")) << what;
  int depth = 0;
  int columns = 0;
  bool math = true;
  for (std::size_t n = body.find('\n') + 1; n + 13 < body.size(); ++n) {
    const char c = body[n];
    if (c == '\\') {
      ++n;
      continue;
    }
    ASSERT_NE(c, '%') << what;
    ASSERT_NE(c, '#') << what;
    ASSERT_NE(c, '~') << what;
    if (c == '{') ++depth;
    if (c == '}') --depth;
    ASSERT_GE(depth, 0) << what;
    if (c == '$') math = !math;
    if (c == '&' && depth == 0) ++columns;
    if (c != '\n') continue;
    EXPECT_EQ(depth, 0) << what;
    EXPECT_TRUE(math) << what;
    EXPECT_EQ(columns, 3) << what << body.substr(0, n);
    const bool last = body.substr(n + 1).starts_with("\\end{align*}");
    EXPECT_EQ(body.substr(n - 2, 2) == "\\\\", !last) << what;
    columns = 0;
  }
}

bool isAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

TEST(ExplainLatex, IsSoundForEveryVariantAndStage) {
  const Labels nasty{"100 %", "a_b^c", "{\\x}", "$#&~", "two\nlines", "}{", "<|im|>", "\x01"};
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    const auto run = test::runWithGradients(test::variedPlan(seed));
    for (const StageInfo& stage : stages()) {
      if (!run->has(stage.stage)) continue;
      for (const int head : {0, kMeanHead}) {
        const auto e = explain(run, stage.stage, head, 0, 0);
        if (!e) continue;
        const std::string latex = toLatex(*e, nasty, nasty);
        const std::string what = std::to_string(seed) + " " + std::string(stage.id) + "\n" + latex;
        expectSound(latex, what);
        EXPECT_TRUE(isAscii(latex.substr(latex.find('\n')))) << what;
        ASSERT_FALSE(HasFailure());
      }
    }
  }
}

TEST(ExplainLatex, ReadsAsTheDerivation) {
  const auto run = test::run(test::goldenPlan());
  const std::string latex = toLatex(*explain(run, Stage::weights, 0, 0, 2), {"it"}, {"the", "animal", "was"});
  EXPECT_THAT(latex, HasSubstr("% Attention weights, head 0: query 0 “it”, key 2 “was”: 0.551"));
  EXPECT_THAT(latex,
              HasSubstr("\\div \\sqrt{d_{k}} &= 3.000 \\div 2.000 = 1.500 && \\text{$d_{k}$ = 4} \\\\"));
  EXPECT_THAT(latex, HasSubstr("e^{s - \\max }"));
  EXPECT_THAT(latex, HasSubstr("\\text{rank in the row} & && \\text{1st of 4 kept keys} \\\\"));
}

TEST(LatexText, EscapesWhatTexReads) {
  EXPECT_EQ(latexText("50 % of a_b & c#"), "50 \\% of $a_{b}$ \\& c\\#");
  EXPECT_EQ(latexText("\\{x}$"), "\\textbackslash{}\\{x\\}\\$");
  EXPECT_EQ(latexText("key 9 > query 7"), "key 9 $>$ query 7");
  EXPECT_EQ(latexText("“it”\t^~"), "``it'' \\textasciicircum{}\\textasciitilde{}");
}

TEST(LatexText, TurnsMarkupIntoMathematics) {
  EXPECT_EQ(latexMath("QK^T"), "QK^{T}");
  EXPECT_EQ(latexMath("÷ √d_k"), "\\div \\sqrt{d_{k}}");
  EXPECT_EQ(latexMath("Z_h W_O^h"), "Z_{h} W_{O}^{h}");
  EXPECT_EQ(latexMath("a_{ij} v_j"), "a_{ij} v_{j}");
  EXPECT_EQ(latexMath("mean over heads"), "\\text{mean over heads}");
  EXPECT_EQ(latexMath("x_a_b"), "x_{a}{}_{b}");
  EXPECT_EQ(latexMath("a_"), "a\\_");
  EXPECT_EQ(latexMath("{"), "\\{");
  EXPECT_EQ(latexMath("_{a"), "\\_\\{a");
  EXPECT_EQ(latexMath("(−0.250)"), "(-0.250)");
  EXPECT_EQ(latexMath("NaN"), "\\text{NaN}");
}

}  // namespace
}  // namespace headlight
