#include "core/experiment/source/pattern_heads.h"

#include <algorithm>

#include "core/experiment/decode.h"
#include "core/experiment/generator.h"

namespace headlight {
namespace {

struct PatternName {
  std::string_view name;
  Pattern pattern;
};
constexpr PatternName kPatterns[] = {
    {"previous", Pattern::previous},     {"next", Pattern::next},
    {"same_token", Pattern::sameToken},  {"first", Pattern::first},
    {"neighbours", Pattern::neighbours}, {"self", Pattern::self},
    {"random", Pattern::random},
};

const PatternName* patternNamed(std::string_view name) {
  for (const PatternName& row : kPatterns) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string accepted() {
  std::vector<std::string> words;
  for (const PatternName& row : kPatterns) words.push_back(quoted(row.name));
  words.emplace_back("an object with name and links");
  return orList(words);
}

bool isEnd(const Value& value) {
  return (value.isString() && !value.string().empty()) ||
         (value.isInteger() && value.integer() >= 0 && value.integer() < kMostTokens);
}

void checkLinks(const Value& links, const Place& place, Report& report) {
  if (!links.isList()) {
    report.error(place.path, "found " + foundText(links) + ", accepted is a list of [query, key]");
    return;
  }
  for (std::size_t i = 0; i < links.list().size(); ++i) {
    const Value& link = links.list()[i];
    const Place here = place.item(i);
    if (!link.isList() || link.list().size() != 2) {
      report.error(here.path, "found " + foundText(link) + ", accepted is [query, key]");
      continue;
    }
    for (std::size_t end = 0; end < 2; ++end) {
      if (!isEnd(link.list()[end])) {
        report.error(here.item(end).path, "found " + foundText(link.list()[end]) +
                                              ", accepted is a token's text or its index from 0 on");
      }
    }
  }
}

void checkHead(const Value& head, const Place& place, Report& report) {
  if (head.isString()) {
    if (!patternNamed(head.string())) {
      std::vector<std::string> words;
      for (const PatternName& row : kPatterns) words.emplace_back(row.name);
      report.error(place.path, "found " + foundText(head) + ", accepted is " + accepted(),
                   didYouMean(head.string(), words));
    }
    return;
  }
  if (!head.isObject()) {
    report.error(place.path, "found " + foundText(head) + ", accepted is " + accepted());
    return;
  }
  const Value* name = head.find("name");
  const Value* links = head.find("links");
  const Value* copy = head.find("copy");
  if (name && !name->isString()) {
    report.error(place.member("name").path, "found " + foundText(*name) + ", accepted is text");
  } else if (!links && !(name && patternNamed(name->string()))) {
    report.error(place.path, "found " + (name ? foundText(*name) : std::string("no name")) +
                                 " without links, accepted is " + accepted());
  }
  if (links) checkLinks(*links, place.member("links"), report);
  if (copy && !copy->isBool()) {
    report.error(place.member("copy").path, "found " + foundText(*copy) + ", accepted is true or false");
  }
  keepUnknown(head, {"name", "links", "copy"}, place, report);
}

LinkEnd endOf(const Value& value) {
  if (value.isInteger()) return {"", value.integer()};
  return {value.string(), -1};
}

const List& headList(const Kinded& source) {
  static const List fallback{"previous", "next", "same_token", "first"};
  const Value* heads = source.find("heads");
  return heads ? heads->list() : fallback;
}

}  // namespace

bool LinkEnd::matches(std::span<const Token> tokens, std::int64_t position) const {
  if (index >= 0) return position == index;
  const Token& token = tokens[static_cast<std::size_t>(position)];
  return generatorText(token) == text || token.label == text;
}

bool LinkEnd::present(std::span<const Token> tokens) const {
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(tokens.size()); ++i) {
    if (matches(tokens, i)) return true;
  }
  return false;
}

std::string LinkEnd::name() const {
  return index >= 0 ? std::to_string(index) : "\"" + text + "\"";
}

std::vector<PatternHead> patternHeads(const Kinded& source) {
  std::vector<PatternHead> heads;
  for (const Value& value : headList(source)) {
    PatternHead head;
    const Value* name = value.isString() ? &value : value.find("name");
    if (name) head.name = name->string();
    const PatternName* known = patternNamed(head.name);
    if (const Value* links = value.find("links")) {
      head.pattern = Pattern::links;
      for (const Value& link : links->list()) {
        Link both{endOf(link.list()[0]), endOf(link.list()[1])};
        if (std::find(head.links.begin(), head.links.end(), both) == head.links.end())
          head.links.push_back(both);
      }
    } else if (known) {
      head.pattern = known->pattern;
      std::replace(head.name.begin(), head.name.end(), '_', ' ');
    }
    if (const Value* copy = value.find("copy")) head.copy = copy->boolean();
    heads.push_back(std::move(head));
  }
  return heads;
}

void checkPatternHeads(const Kinded& source, const Place& place, Report& report) {
  const Value* heads = source.find("heads");
  if (!heads) return;
  const Place at = place.member("heads");
  if (!heads->isList() || heads->list().empty()) {
    report.error(at.path,
                 "found " + foundText(*heads) + ", accepted is a list of at least one of " + accepted());
    return;
  }
  for (std::size_t i = 0; i < heads->list().size(); ++i) checkHead(heads->list()[i], at.item(i), report);
}

std::int64_t smallestKeyWidth(const PatternHead& head, std::int64_t tokens) {
  switch (head.pattern) {
    case Pattern::previous:
    case Pattern::next:
    case Pattern::self:
    case Pattern::first:
    case Pattern::sameToken:
      return std::min<std::int64_t>(2, tokens);
    case Pattern::neighbours:
      return tokens;
    case Pattern::random:
      return 1;
    case Pattern::links: {
      std::vector<LinkEnd> keys;
      for (const Link& link : head.links) {
        if (std::find(keys.begin(), keys.end(), link[1]) == keys.end()) keys.push_back(link[1]);
      }
      return std::max<std::int64_t>(1, static_cast<std::int64_t>(keys.size()));
    }
  }
  return 1;
}

}  // namespace headlight
