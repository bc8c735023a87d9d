#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/mistaken.h"
#include "core/attention/normalize/softmax_family.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// Softmax over the scores and one learned logit a head, whose weight is dropped (gpt-oss; Xiao et al. 2023
/// for the effect). The logit is not divided by τ.
class Sink : public SoftmaxFamily {
 public:
  explicit Sink(std::vector<float> logits) : logits_(std::move(logits)) {}
  bool sumsToOne() const override { return false; }

  /// Softmax of [z, sink], the last weight left out.
  std::vector<double> reference(std::span<const double> z, int head) const override {
    std::vector<double> row(z.begin(), z.end());
    row.push_back(static_cast<double>(sink(head)));
    // The limit of a sink beyond all scores.
    if (row.back() == std::numeric_limits<double>::infinity()) {
      for (double& x : row) x = std::isnan(x) || x == row.back() ? std::nan("") : 0.0;
      row.pop_back();
      const bool anyNan = std::any_of(row.begin(), row.end(), [](double x) { return std::isnan(x); });
      if (anyNan) std::fill(row.begin(), row.end(), std::nan(""));
      return row;
    }
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& x : row) sum += x = std::exp(x - most);
    for (double& x : row) x /= sum;
    row.pop_back();
    return row;
  }

 protected:
  float sink(int head) const override {
    const auto h = static_cast<std::size_t>(head);
    return h < logits_.size() ? logits_[h] : -std::numeric_limits<float>::infinity();
  }

 private:
  std::vector<float> logits_;
};

Error wrongLogits(const std::string& what, const std::string& path) {
  return {ErrorCode::invalid, what, path, ""};
}

Result<std::vector<float>> logitsOf(const Kinded& entry, int heads, const std::string& path) {
  const std::string accepted = ", accepted is a list with one logit a head";
  const std::string place = path + ".logits";
  const Value* list = entry.find("logits");
  if (list == nullptr || list->isNull()) return wrongLogits("found no logits" + accepted, place);
  if (!list->isList()) return wrongLogits("found " + foundText(*list) + accepted, place);
  std::vector<float> logits;
  for (const Value& cell : list->list()) {
    const std::string at = place + "[" + std::to_string(logits.size()) + "]";
    double number = std::nan("");
    if (cell.isNumber()) number = cell.number();
    if (cell.isString() && isMatrixCell(cell)) number = parseNumber(cell.string()).value_or(number);
    if (std::isnan(number)) {
      return wrongLogits("found " + foundText(cell) + R"(, accepted is a number, "inf" or "-inf")", at);
    }
    logits.push_back(static_cast<float>(number));
  }
  const auto count = static_cast<std::int64_t>(logits.size());
  if (heads > 0 && count != heads) {
    return wrongLogits("found " + countText(count, "logit", "logits") + " for " +
                           countText(heads, "head", "heads") + accepted,
                       place);
  }
  if (logits.empty()) return wrongLogits("found an empty list" + accepted, place);
  return logits;
}

Result<std::unique_ptr<Normalizer>> make(const Kinded& entry, const NormalizerContext& context,
                                         const std::string& path) {
  auto logits = logitsOf(entry, context.heads, path);
  if (!logits) return logits.error();
  if (context.mistake.keepsMaximum) return unshiftedSoftmax(std::move(*logits));
  return std::unique_ptr<Normalizer>(std::make_unique<Sink>(std::move(*logits)));
}

std::string sentence(const Kinded& entry) {
  const Value* list = entry.find("logits");
  std::string text =
      "softmax over the scores of each query and a sink, whose share of the weight no key gets";
  if (list == nullptr || !list->isList() || list->list().empty()) return text;
  const List& logits = list->list();
  const bool same =
      std::all_of(logits.begin(), logits.end(), [&](const Value& x) { return x == logits.front(); });
  if (!same) return text + "; the logit of the sink differs between the heads";
  const Value& logit = logits.front();
  return text + "; the logit of the sink is " +
         withTrueMinus(logit.isNumber() ? shortest(logit.number()) : foundText(logit));
}

void start(Kinded& entry, int heads) {
  const Value* old = entry.find("logits");
  List logits = old != nullptr && old->isList() ? old->list() : List{};
  logits.resize(static_cast<std::size_t>(std::max(heads, 1)), Value(0.0));
  entry.set("logits", std::move(logits));
}

}  // namespace

NormalizerKind sinkNormalizer() {
  return {{.kind = "sink",
           .label = "sink",
           .help = "Softmax over the scores and one more logit a head, whose weight is dropped: rows sum to "
                   "less than 1 (gpt-oss; Xiao et al. 2023)",
           .keys = {{.name = "logits",
                     .type = KeyType::list,
                     .fallback = nullptr,
                     .words = {},
                     .help = "The logit of the sink, one a head; 0 is softmax1"}}},
          make,
          sentence,
          start};
}

}  // namespace headlight
