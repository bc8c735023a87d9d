#include "app/panels/token_scan.h"

#include <algorithm>

#include "app/panels/map_image.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr std::int64_t kTokensOfFrame = 4096;
constexpr std::size_t kLongestLabel = 256;  // bytes that are looked at

}  // namespace

const std::vector<Token>* tokensOf(const Panel& p, Axis axis) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return nullptr;
  if (axis == Axis::query) return &evaluation->prepared->queryTokens;
  if (axis == Axis::key) return &evaluation->prepared->keyTokens;
  return nullptr;
}

std::int64_t axisLength(Panel& p, Axis axis) {
  const Stage stage = p.session.view().stage;
  const auto field = shownField(p, stage, shownHead(p));
  if (!field) return 0;
  return info(stage).rows == axis ? field->rows : field->cols;
}

std::string_view axisName(Axis axis) {
  return axis == Axis::query ? "query" : axis == Axis::key ? "key" : "dimension";
}

void TokenScan::step(Panel& p, Axis axis, const std::string& words) {
  const auto evaluation = p.session.evaluation();
  if (of_.lock() != evaluation || axis_ != axis || words_ != words) {
    *this = {};
    of_ = evaluation;
    axis_ = axis;
    words_ = words;
    done_ = words.empty();
    const auto number = parseInteger(words);
    if (number && *number >= 0 && *number < axisLength(p, axis)) number_ = *number;
  }
  const std::vector<Token>* tokens = tokensOf(p, axis);
  if (tokens == nullptr) done_ = true;
  if (done_) return;
  const std::string small = lowered(words_);
  const bool anyCase = small == words_;
  const auto count = static_cast<std::int64_t>(tokens->size());
  const std::int64_t end = std::min(count, next_ + kTokensOfFrame);
  for (; next_ < end; ++next_) {
    const std::string_view whole = (*tokens)[static_cast<std::size_t>(next_)].label;
    const std::string_view label = whole.substr(0, kLongestLabel);
    const std::size_t at = anyCase ? lowered(label).find(small) : label.find(words_);
    if (at == std::string::npos) continue;
    found_.push_back(next_);
    if (!beginning_ && at == 0) beginning_ = next_;
    if (!exact_ && at == 0 && whole.size() == words_.size()) exact_ = next_;
  }
  done_ = next_ == count;
  p.ui.stayAwake(0.05);
}

std::optional<std::int64_t> TokenScan::best() const {
  if (number_) return number_;
  if (exact_) return exact_;
  if (beginning_) return beginning_;
  return found_.empty() ? std::nullopt : std::optional(found_.front());
}

}  // namespace headlight
