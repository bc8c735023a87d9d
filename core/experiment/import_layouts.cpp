#include <algorithm>
#include <array>

#include "core/experiment/import_guess.h"
#include "core/experiment/import_names.h"
#include "core/experiment/source/given_layout.h"

namespace headlight {
namespace {

constexpr int kDecides = 100;  ///< another tensor or file fits this layout alone

/// Collects points, and the words of what speaks loudest.
class Points {
 public:
  void add(int points, std::string reason = "") {
    total_ += points;
    if (points > loudest_ && !reason.empty()) {
      loudest_ = points;
      reason_ = std::move(reason);
    }
  }
  int total() const { return total_; }
  const std::string& reason() const { return reason_; }

 private:
  int total_ = 0;
  int loudest_ = 0;
  std::string reason_;
};

bool common(std::int64_t n, std::span<const int> list) {
  return std::find(list.begin(), list.end(), n) != list.end();
}

/// What other tensors and token files know of the numbers of tokens and heads.
void askOthers(const ImportFound& found, const ImportPlan& plan, const ImportSizes& sizes, Points& points) {
  for (const ImportTokens& tokens : found.tokens) {
    if (tokens.count == sizes.queries) {
      points.add(kDecides, tokens.file + " holds " + std::to_string(tokens.count) + " tokens");
      break;
    }
  }
  if (plan.as != ImportAs::qkv) return;
  for (std::size_t t = 0; t < found.tensors.size(); ++t) {
    const auto& [address, info, sample] = found.tensors[t];
    if (std::find(plan.roles.begin(), plan.roles.end(), static_cast<int>(t)) != plan.roles.end() &&
        static_cast<int>(t) != plan.of(ImportRole::mask))
      continue;
    const ImportName name = readImportName(info.name);
    const std::size_t rank = info.shape.size();
    if (rank < 2 || (name.role != ImportRole::maps && name.role != ImportRole::mask)) continue;
    if (info.shape[rank - 1] != sizes.keys || info.shape[rank - 2] != sizes.queries) continue;
    points.add(kDecides, info.name + " has " + std::to_string(sizes.queries) + " × " +
                             std::to_string(sizes.keys) + " cells");
    if (name.role == ImportRole::maps && rank >= 3 && info.shape[rank - 3] == sizes.heads) points.add(20);
    break;
  }
  if (const ImportTensor* wO = tensorOf(found, plan, ImportRole::wO);
      wO && !wO->info.shape.empty() && wO->info.shape[0] == sizes.heads * sizes.dV) {
    points.add(10);
  }
}

void qkvHabits(const ImportFound& found, const ImportPlan& plan, const ImportSizes& sizes, Points& points) {
  constexpr int kWidths[] = {16, 24, 32, 40, 48, 64, 72, 80, 96, 112, 128, 160, 192, 256};
  constexpr int kHeads[] = {1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 25, 28, 32, 40, 48, 64};
  const ImportTensor* q = tensorOf(found, plan, ImportRole::q);
  const ImportName name = q ? readImportName(q->info.name) : ImportName();
  if (q && name.tokensBeforeHeads && plan.layout == "bthd")
    points.add(kDecides, q->info.name + " is TransformerLens's name for [batch, tokens, heads, width]");
  if (name.tokensBeforeHeads && plan.layout == "thd") points.add(kDecides / 2);
  if (sizes.kvHeads != sizes.heads) points.add(8, "k and v have fewer heads than q");
  if (common(sizes.dK, kWidths)) points.add(4);
  if (common(sizes.heads, kHeads)) points.add(3);
  if (sizes.heads <= sizes.queries) points.add(1);
  if (sizes.queries != sizes.keys) points.add(-6);
  if (sizes.batches == 1) points.add(plan.layout == "btd" ? 12 : 3);
  if (sizes.layers == 1) points.add(-2);
  // In this order they are met most often: the arguments of scaled_dot_product_attention first.
  const auto words = importLayoutWords(plan.as);
  const auto at = std::find(words.begin(), words.end(), plan.layout) - words.begin();
  points.add(3 - static_cast<int>(at) / 2);
}

void mapHabits(const ImportFound& found, const ImportPlan& plan, const ImportSizes& sizes, Points& points) {
  const ImportTensor* maps = tensorOf(found, plan, ImportRole::maps);
  const bool attentions = maps && maps->info.name.find("attentions") != std::string::npos;
  if (attentions && plan.layout == "lhqk") points.add(20, "attentions is a list over layers");
  if (plan.layout == "bhqk") points.add(sizes.batches == 1 ? kDecides : 3);
}

void inputHabits(const ImportPlan& plan, const ImportSizes& sizes, Points& points) {
  if (plan.layout == "btd") points.add(sizes.batches == 1 ? kDecides : 3);
  if (plan.layout == "tbd") points.add(sizes.batches == 1 ? kDecides : 0);
}

}  // namespace

std::vector<ImportLayout> importLayouts(const ImportFound& found, const ImportPlan& plan) {
  std::vector<ImportLayout> fitting;
  for (const std::string_view word : importLayoutWords(plan.as)) {
    ImportPlan tried = plan;
    tried.layout = word;
    auto sizes = importSizes(found, tried);
    // A number of heads that was meant for another layout says nothing against this one.
    if (!sizes && importAsksHeads(tried)) {
      const auto heads = importHeads(found, tried);
      if (!heads.empty()) tried.heads = heads.front();
      sizes = importSizes(found, tried);
    }
    if (!sizes) continue;
    Points points;
    askOthers(found, tried, *sizes, points);
    if (plan.as == ImportAs::qkv) qkvHabits(found, tried, *sizes, points);
    if (plan.as == ImportAs::weights || plan.as == ImportAs::scores) mapHabits(found, tried, *sizes, points);
    if (plan.as == ImportAs::layer) inputHabits(tried, *sizes, points);
    fitting.push_back(
        {tried.layout, layoutText(word), *sizes, importSizesText(*sizes), points.total(), points.reason()});
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const ImportLayout& a, const ImportLayout& b) { return a.points > b.points; });
  return fitting;
}

}  // namespace headlight
