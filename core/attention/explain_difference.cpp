#include "core/attention/explain_difference.h"

#include <algorithm>

namespace headlight {
namespace {

/// Steps of one stage that have a result, by their index.
std::vector<int> stepsOf(const Explanation& of, Stage stage) {
  std::vector<int> steps;
  for (std::size_t n = 0; n < of.steps.size(); ++n) {
    if (of.steps[n].hasResult && of.steps[n].stage == stage) steps.push_back(static_cast<int>(n));
  }
  return steps;
}

class Matching {
 public:
  Matching(const Explanation& a, const Explanation& b) : a_(a), b_(b) {}

  void addStage(Stage stage) {
    std::vector<int> a = stepsOf(a_, stage);
    std::vector<int> b = stepsOf(b_, stage);
    if (a.empty() || b.empty()) return between(a, b);
    // What the stage ends with is its number in both, whatever made it.
    const int lastA = a.back();
    const int lastB = b.back();
    a.pop_back();
    b.pop_back();
    matchTitles(a, b);
    add(lastA, lastB);
  }
  void addFacts() {
    constexpr ExplainFact::Kind kKinds[] = {ExplainFact::Kind::rank, ExplainFact::Kind::share,
                                            ExplainFact::Kind::gradient};
    for (const ExplainFact::Kind kind : kKinds) {
      const auto find = [kind](const Explanation& of) -> const ExplainFact* {
        for (const ExplainFact& fact : of.facts) {
          if (fact.kind == kind) return &fact;
        }
        return nullptr;
      };
      const ExplainFact* a = find(a_);
      const ExplainFact* b = find(b_);
      if (a == nullptr && b == nullptr) continue;
      ExplainDifferenceLine line{Stage::weights, (a != nullptr ? a : b)->name, {}, {}, {}, {}};
      if (a != nullptr) line.a = a->value;
      if (b != nullptr) line.b = b->value;
      line.fact = true;
      finish(std::move(line));
    }
  }
  std::vector<ExplainDifferenceLine> lines() && { return std::move(lines_); }

 private:
  const std::string& titleA(int n) const { return a_.steps[static_cast<std::size_t>(n)].title; }
  const std::string& titleB(int n) const { return b_.steps[static_cast<std::size_t>(n)].title; }

  /// The longest common subsequence of the titles, and what stands between its members.
  void matchTitles(const std::vector<int>& a, const std::vector<int>& b) {
    const std::size_t rows = a.size() + 1;
    const std::size_t cols = b.size() + 1;
    std::vector<int> longest(rows * cols, 0);  // of what is left from (m, n) on
    for (std::size_t m = a.size(); m-- > 0;) {
      for (std::size_t n = b.size(); n-- > 0;) {
        longest[m * cols + n] = titleA(a[m]) == titleB(b[n])
                                    ? 1 + longest[(m + 1) * cols + n + 1]
                                    : std::max(longest[(m + 1) * cols + n], longest[m * cols + n + 1]);
      }
    }
    std::vector<int> gapA;
    std::vector<int> gapB;
    std::size_t m = 0;
    std::size_t n = 0;
    while (m < a.size() && n < b.size()) {
      if (titleA(a[m]) == titleB(b[n])) {
        between(gapA, gapB);
        gapA.clear();
        gapB.clear();
        add(a[m++], b[n++]);
      } else if (longest[(m + 1) * cols + n] >= longest[m * cols + n + 1]) {
        gapA.push_back(a[m++]);
      } else {
        gapB.push_back(b[n++]);
      }
    }
    gapA.insert(gapA.end(), a.begin() + static_cast<std::ptrdiff_t>(m), a.end());
    gapB.insert(gapB.end(), b.begin() + static_cast<std::ptrdiff_t>(n), b.end());
    between(gapA, gapB);
  }
  /// Steps whose titles differ: a single one on either side is the same by another name.
  void between(const std::vector<int>& a, const std::vector<int>& b) {
    if (a.size() == 1 && b.size() == 1) return add(a[0], b[0]);
    for (const int n : a) add(n, -1);
    for (const int n : b) add(-1, n);
  }
  void add(int a, int b) {
    const ExplainStep& step =
        a >= 0 ? a_.steps[static_cast<std::size_t>(a)] : b_.steps[static_cast<std::size_t>(b)];
    ExplainDifferenceLine line{step.stage, step.title, {}, {}, {}, {}};
    line.stepOfA = a;
    line.stepOfB = b;
    if (a >= 0) line.a = step.result;
    if (b >= 0) line.b = b_.steps[static_cast<std::size_t>(b)].result;
    if (a >= 0 && b >= 0 && titleA(a) != titleB(b)) line.otherTitle = titleB(b);
    finish(std::move(line));
  }
  void finish(ExplainDifferenceLine line) {
    if (line.a && line.b) line.difference = *line.a - *line.b;
    lines_.push_back(std::move(line));
  }

  const Explanation& a_;
  const Explanation& b_;
  std::vector<ExplainDifferenceLine> lines_;
};

}  // namespace

std::vector<ExplainDifferenceLine> explainDifference(const Explanation& a, const Explanation& b) {
  Matching matching(a, b);
  for (const StageInfo& stage : stages()) matching.addStage(stage.stage);
  matching.addFacts();
  return std::move(matching).lines();
}

}  // namespace headlight
