#include "core/base/words.h"

#include "core/base/kinds.h"
#include "core/base/number.h"

namespace headlight {
namespace {

std::string joined(std::span<const std::string> words, std::string_view lastJoint) {
  std::string text;
  for (std::size_t n = 0; n < words.size(); ++n) {
    if (n > 0) text += n + 1 == words.size() ? lastJoint : std::string_view(", ");
    text += words[n];
  }
  return text;
}

}  // namespace

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string countText(std::int64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + " " + std::string(n == 1 ? one : many);
}

std::string listText(std::span<const std::string> words) {
  return joined(words, " and ");
}

std::string orList(std::span<const std::string> words) {
  return joined(words, " or ");
}

std::string didYouMean(std::string_view word, std::span<const std::string> candidates,
                       std::string_view marks) {
  const auto meant = nearest(word, candidates);
  if (!meant) return {};
  return "Did you mean " + std::string(marks) + *meant + std::string(marks) + "?";
}

std::string lowered(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

}  // namespace headlight
