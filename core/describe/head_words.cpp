#include "core/describe/head_words.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/head_profile.h"
#include "core/attention/field.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::size_t kAllRows = 24;
constexpr std::size_t kSomeRows = 12;
/// A second key is named when its weight is at least this share of the first one's.
constexpr float kSecond = 0.6F;

std::string weightText(double weight) {
  if (weight > 0 && weight < 0.005) return "<0.01";
  return fixed(weight, 2);
}

std::vector<std::string> textsOf(const std::vector<Token>& tokens) {
  std::vector<std::string> texts;
  texts.reserve(tokens.size());
  for (const Token& token : tokens) texts.push_back(token.text);
  return texts;
}

/// Places of the two largest weights; the second −1 when there is none.
std::pair<std::int64_t, std::int64_t> twoLargest(const std::vector<float>& weights) {
  std::int64_t first = -1;
  std::int64_t second = -1;
  const auto at = [&](std::int64_t j) { return weights[static_cast<std::size_t>(j)]; };
  for (std::int64_t j = 0; j < static_cast<std::int64_t>(weights.size()); ++j) {
    if (std::isnan(at(j))) continue;
    if (first < 0 || at(j) > at(first)) {
      second = first;
      first = j;
    } else if (second < 0 || at(j) > at(second)) {
      second = j;
    }
  }
  return {first, second};
}

std::string sharesText(const HeadProfile& profile, bool cross) {
  std::vector<std::string> shares;
  if (!cross) {
    shares.push_back("the previous token " + weightText(profile.previousShare));
    shares.push_back("itself or its own repeats " + weightText(profile.sameTokenShare));
  }
  shares.push_back((cross ? "the first key " : "the first token ") + weightText(profile.firstShare));
  return "Mean weight on " + listText(shares) + ".";
}

}  // namespace

std::vector<RowWords> rowWords(const Evaluation& evaluation, int head, const TokenNames& names,
                               std::size_t most) {
  std::vector<RowWords> rows;
  const Result<Field> field = Field::make(evaluation.run, Stage::weights, head);
  if (!field) return rows;
  std::vector<float> weights(static_cast<std::size_t>(field->cols()));
  const auto lighter = [](const RowWords& a, const RowWords& b) { return a.largest > b.largest; };
  for (const std::int64_t i : rowsToRead(field->rows(), field->cols())) {
    if (evaluation.run->mask && evaluation.run->mask->kept(std::max(head, 0), i) == 0) continue;
    field->row(i, weights.data());
    const auto [first, second] = twoLargest(weights);
    if (first < 0) continue;
    const float largest = weights[static_cast<std::size_t>(first)];
    if (rows.size() >= most && most > 0 && rows.front().largest >= largest) continue;
    RowWords row;
    row.query = i;
    row.largest = largest;
    row.text = names.queries[static_cast<std::size_t>(i)] + " attends to " + names.key(i, first) + " (" +
               weightText(static_cast<double>(largest)) + ")";
    if (second >= 0 && largest > 0 && weights[static_cast<std::size_t>(second)] >= kSecond * largest) {
      row.text += " and " + names.key(i, second) + " (" +
                  weightText(static_cast<double>(weights[static_cast<std::size_t>(second)])) + ")";
    }
    if (rows.size() >= most) {
      std::pop_heap(rows.begin(), rows.end(), lighter);
      rows.pop_back();
    }
    rows.push_back(std::move(row));
    std::push_heap(rows.begin(), rows.end(), lighter);
  }
  std::sort(rows.begin(), rows.end(), [](const RowWords& a, const RowWords& b) { return a.query < b.query; });
  return rows;
}

std::string headParagraph(const Evaluation& evaluation, int head, const TokenNames& names) {
  const std::vector<std::string> queryTexts = textsOf(evaluation.prepared->queryTokens);
  const std::vector<std::string> keyTexts = textsOf(evaluation.prepared->keyTokens);
  ProfileOptions options;
  options.pairs = 0;
  options.queryTexts = queryTexts;
  options.keyTexts = keyTexts;
  const Result<HeadProfile> profile = profileHead(evaluation.run, head, options);
  if (!profile) return headText(evaluation, head) + ": " + profile.error().text() + ".";
  std::string text = headText(evaluation, head) + ": ";
  if (profile->rows == 0) return text + "no query keeps a key.";
  text += "entropy " + fixed(profile->entropy, 2) + " nats on average";
  if (profile->normalisedEntropy)
    text += ", " + fixed(*profile->normalisedEntropy, 2) + " of the largest possible";
  text += " (" + fixed(profile->effectiveKeys, 1) + " effective keys of " + fixed(profile->keptKeys, 1) +
          " kept). ";
  text += sharesText(*profile, names.cross) + " ";
  if (profile->sampled) text += "Read from " + grouped(profile->rowsRead) + " evenly spaced rows. ";
  const std::size_t count = static_cast<std::size_t>(evaluation.run->sizes.queries);
  const bool all = count <= kAllRows;
  const std::vector<RowWords> rows = rowWords(evaluation, head, names, all ? kAllRows : kSomeRows);
  text +=
      all ? "Largest weights: " : "The " + std::to_string(rows.size()) + " rows with the largest weights: ";
  for (std::size_t n = 0; n < rows.size(); ++n) text += (n > 0 ? "; " : "") + rows[n].text;
  return text + ".";
}

}  // namespace headlight
