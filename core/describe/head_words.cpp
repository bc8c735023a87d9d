#include "core/describe/head_words.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/head_pattern.h"
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

/// "On average a query spreads over 2.9 of 11.0 keys (entropy 1.05 nats, 0.44 of the largest possible)."
std::string spreadText(const HeadProfile& profile) {
  std::string text = "On average a query spreads its weight over " + fixed(profile.effectiveKeys, 1) +
                     " of " + fixed(profile.keptKeys, 1) + " keys (entropy " + fixed(profile.entropy, 2) +
                     " nats";
  if (profile.normalisedEntropy)
    text += ", " + fixed(*profile.normalisedEntropy, 2) + " of the largest possible";
  return text + ").";
}

/// The rows in words; queries whose words are the same share one: "didn't and cross attend to The (0.80)".
std::vector<std::string> groupedRows(const std::vector<RowWords>& rows) {
  std::vector<std::pair<std::string_view, std::vector<std::string>>> groups;  // what, who
  for (const RowWords& row : rows) {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& group) { return group.first == row.what; });
    if (same == groups.end()) {
      groups.push_back({row.what, {row.who}});
    } else {
      same->second.push_back(row.who);
    }
  }
  std::vector<std::string> texts;
  texts.reserve(groups.size());
  for (const auto& [what, who] : groups)
    texts.push_back(listText(who) + (who.size() == 1 ? " attends to " : " attend to ") + std::string(what));
  return texts;
}

/// "Pattern: previous (0.71)."
std::string patternText(const HeadProfile& profile) {
  std::vector<std::string> tags;
  for (const PatternTag& tag : patternsOf(profile))
    tags.push_back(std::string(tag.name) + " (" + fixed(tag.share, 2) + ")");
  return tags.empty() ? "No pattern is plain." : "Pattern: " + listText(tags) + ".";
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
    row.who = names.queries[static_cast<std::size_t>(i)];
    row.what = names.key(i, first) + " (" + weightText(static_cast<double>(largest)) + ")";
    if (second >= 0 && largest > 0 && weights[static_cast<std::size_t>(second)] >= kSecond * largest) {
      row.what += " and " + names.key(i, second) + " (" +
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

HeadWords headWords(const Evaluation& evaluation, int head, const TokenNames& names) {
  HeadWords words;
  words.name = headText(evaluation, head);
  const std::vector<std::string> queryTexts = textsOf(evaluation.prepared->queryTokens);
  const std::vector<std::string> keyTexts = textsOf(evaluation.prepared->keyTokens);
  ProfileOptions options;
  options.pairs = 0;
  options.queryTexts = queryTexts;
  options.keyTexts = keyTexts;
  const Result<HeadProfile> profile = profileHead(evaluation.run, head, options);
  if (!profile) {
    words.sentences.push_back(profile.error().text() + ".");
    return words;
  }
  if (profile->rows == 0) {
    words.sentences.emplace_back("No query keeps a key.");
    return words;
  }
  words.profile = *profile;
  words.sentences.push_back(patternText(*profile));
  words.sentences.push_back(spreadText(*profile));
  words.sentences.push_back(sharesText(*profile, names.cross));
  if (profile->sampled)
    words.sentences.push_back("Read from " + grouped(profile->rowsRead) + " evenly spaced rows.");
  const auto count = static_cast<std::size_t>(evaluation.run->sizes.queries);
  const bool all = count <= kAllRows;
  const std::vector<RowWords> rows = rowWords(evaluation, head, names, all ? kAllRows : kSomeRows);
  words.rowsTitle =
      all ? "Largest weights" : "The " + std::to_string(rows.size()) + " rows with the largest weights";
  words.rows = groupedRows(rows);
  return words;
}

std::string paragraph(const HeadWords& words) {
  std::string text = words.name + ":";
  for (const std::string& sentence : words.sentences) text += " " + sentence;
  if (words.rows.empty()) return text;
  text += " " + words.rowsTitle + ": ";
  for (std::size_t n = 0; n < words.rows.size(); ++n) text += (n > 0 ? "; " : "") + words.rows[n];
  return text + ".";
}

}  // namespace headlight
