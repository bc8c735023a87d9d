#include "core/lesson/lesson_parts.h"

#include <algorithm>
#include <limits>

#include "core/base/number.h"
#include "core/experiment/decode.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr std::size_t kMostOptions = 8;

std::vector<std::string_view> measureKeys(const KindSpec* spec) {
  std::vector<std::string_view> keys{"quantity", "with", "against", "now", "ratio", "difference"};
  if (spec) {
    for (const KeySpec& key : spec->keys) keys.push_back(key.name);
  }
  return keys;
}

}  // namespace

void LessonParts::useNames(const Measures& measures) {
  for (const auto& row : measures) names_.push_back(row.first);
}

void LessonParts::unknown(const Value& object, const std::vector<std::string_view>& known,
                          const Place& place) {
  for (const auto& [key, value] : object.object()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::vector<std::string> candidates(known.begin(), known.end());
    report_.error(place.member(key).path, "found a key that lessons do not have",
                  didYouMean(key, candidates));
  }
}

void LessonParts::text(const Value& object, std::string_view key, const Place& place, std::string& into,
                       bool needed) {
  const Value* value = object.find(key);
  const std::string path = place.member(key).path;
  if (!value) {
    if (needed) report_.error(path, "found nothing, accepted is text");
    return;
  }
  if (value->isString()) {
    into = value->string();
  } else if (value->isList()) {
    for (const Value& line : value->list()) {
      if (!line.isString()) {
        report_.error(path, "found " + foundText(line) + " among the lines, accepted is text");
        return;
      }
      // Lines run on, but for one that ends a paragraph.
      into += (into.empty() || into.ends_with('\n') ? "" : " ") + line.string();
    }
  } else {
    report_.error(path, "found " + foundText(*value) + ", accepted is text or a list of lines");
  }
  if (needed && into.empty()) report_.error(path, "found an empty text");
}

std::vector<Member> LessonParts::changes(const Value& value, const Place& place) {
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is an object of paths and values");
    return {};
  }
  return value.object();
}

bool LessonParts::number(const Value& object, std::string_view key, const Place& place, double& into) {
  const Value* value = object.find(key);
  if (!value) return false;
  if (value->isNumber()) {
    into = value->number();
  } else if (value->isString() && (value->string() == "inf" || value->string() == "-inf")) {
    into = value->string() == "inf" ? std::numeric_limits<double>::infinity()
                                    : -std::numeric_limits<double>::infinity();
  } else {
    report_.error(place.member(key).path, "found " + foundText(*value) + ", accepted is a number");
  }
  return true;
}

std::string LessonParts::name(const Value& value, const Place& place) {
  if (!value.isString() || std::find(names_.begin(), names_.end(), value.string()) == names_.end()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is the name of a measure",
                  value.isString() ? didYouMean(value.string(), names_) : "");
    return "";
  }
  return value.string();
}

Measures LessonParts::measures(const Value& value, const Place& place) {
  Measures all;
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is an object of names and measures");
    return all;
  }
  for (const auto& [key, member] : value.object()) {
    Measure read = measure(member, place.member(key));
    // A measure may be put together of those before it, so none is made of itself.
    names_.push_back(key);
    all.emplace_back(key, std::move(read));
  }
  names_.clear();
  return all;
}

Measure LessonParts::measure(const Value& value, const Place& place) {
  Measure read;
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a measure: an object");
    return read;
  }
  for (const auto& [word, kind] :
       {std::pair{"ratio", Measure::Kind::ratio}, {"difference", Measure::Kind::difference}}) {
    const Value* pair = value.find(word);
    if (!pair) continue;
    read.kind = kind;
    const Place here = place.member(word);
    if (!pair->isList() || pair->list().size() != 2) {
      report_.error(here.path, "found " + foundText(*pair) + ", accepted are the names of two measures");
      return read;
    }
    read.first = name(pair->list()[0], here.item(0));
    read.second = name(pair->list()[1], here.item(1));
    unknown(value, {word}, place);
    return read;
  }
  // A quantity's keys stand beside its name, as those of a kind do.
  Value call = value;
  for (const char* key : {"with", "against", "now"}) call.erase(key);
  const Value* word = value.find("quantity");
  const Place here = place.member("quantity");
  std::vector<std::string> known;
  for (const QuantityInfo& row : quantities()) known.emplace_back(row.spec.kind);
  if (!word || !word->isString() || !quantity(word->string())) {
    report_.error(here.path,
                  "found " + (word ? foundText(*word) : std::string("no quantity")) + ", accepted are " +
                      listText(known),
                  word && word->isString() ? didYouMean(word->string(), known) : "");
    return read;
  }
  const QuantityInfo& row = *quantity(word->string());
  read.call.kind = row.spec.kind;
  for (const KeySpec& key : row.spec.keys) {
    const Value* given = value.find(key.name);
    if (!given) continue;
    const bool isWhole = key.type == KeyType::number && given->isInteger();
    if (report_.add(checkKey(*given, key, place.member(key.name).path))) {
      read.call.set(key.name, isWhole ? Value(given->number()) : *given);
    }
  }
  if (const Value* with = value.find("with")) read.with = changes(*with, place.member("with"));
  if (const Value* against = value.find("against")) {
    read.against = changes(*against, place.member("against"));
    if (row.states < 2)
      report_.error(place.member("against").path, quoted(row.spec.kind) + " is read from one state");
  }
  if (const Value* now = value.find("now")) {
    if (now->isBool()) {
      read.ofLearner = now->boolean();
    } else {
      report_.error(place.member("now").path, "found " + foundText(*now) + ", accepted is true or false");
    }
  }
  unknown(value, measureKeys(&row.spec), place);
  return read;
}

std::vector<Check> LessonParts::checks(const Value& value, const Place& place) {
  std::vector<Check> all;
  if (value.isObject()) return {check(value, place)};
  if (!value.isList() || value.list().empty()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a check or a list of checks");
    return all;
  }
  for (std::size_t n = 0; n < value.list().size(); ++n) all.push_back(check(value.list()[n], place.item(n)));
  return all;
}

Check LessonParts::check(const Value& value, const Place& place) {
  Check read;
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a check: an object");
    return read;
  }
  const Value* measured = value.find("measure");
  if (!measured) {
    report_.error(place.path, "found no \"measure\", accepted is the name of one, or one written out");
  } else if (measured->isObject()) {
    read.inlined = measure(*measured, place.member("measure"));
  } else {
    read.measure = name(*measured, place.member("measure"));
  }
  const KeySpec ops{"op", KeyType::word, "within", false, 0, 0, {"<", ">", "within", "nan"}, ""};
  if (const Value* op = value.find("op"); op && report_.add(checkKey(*op, ops, place.member("op").path))) {
    read.op = op->string() == "<"     ? Check::Op::less
              : op->string() == ">"   ? Check::Op::more
              : op->string() == "nan" ? Check::Op::nan
                                      : Check::Op::within;
  }
  if (const Value* of = value.find("value");
      of && of->isString() && of->string() != "inf" && of->string() != "-inf") {
    read.other = name(*of, place.member("value"));
  } else if (!number(value, "value", place, read.value) && read.op != Check::Op::nan) {
    report_.error(place.path, "found no \"value\", accepted is a number or the name of a measure");
  }
  number(value, "tolerance", place, read.tolerance);
  if (number(value, "relative", place, read.tolerance)) read.relative = true;
  if (!(read.tolerance >= 0))
    report_.error(place.member("tolerance").path, "found less than 0, accepted is 0 or more");
  unknown(value, {"measure", "op", "value", "tolerance", "relative"}, place);
  return read;
}

LessonQuestion LessonParts::question(const Value& value, const Place& place) {
  LessonQuestion read;
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a question: an object");
    return read;
  }
  text(value, "question", place, read.text, true);
  const Value* options = value.find("options");
  const Value* measured = value.find("measure");
  if ((options != nullptr) == (measured != nullptr)) {
    report_.error(place.path, "accepted are either \"options\" or the \"measure\" of a number");
    return read;
  }
  if (measured) {
    read.measure = name(*measured, place.member("measure"));
    number(value, "tolerance", place, read.tolerance);
    if (number(value, "relative", place, read.tolerance)) read.relative = true;
  } else if (!options->isList() || options->list().size() < 2 || options->list().size() > kMostOptions) {
    report_.error(place.member("options").path,
                  "found " + foundText(*options) + ", accepted are 2 to 8 options");
  } else {
    for (std::size_t n = 0; n < options->list().size(); ++n) {
      const Value& option = options->list()[n];
      const Place here = place.member("options").item(n);
      LessonOption made;
      if (!option.isObject()) {
        report_.error(here.path, "found " + foundText(option) + ", accepted is an option: an object");
        continue;
      }
      text(option, "text", here, made.text, true);
      if (const Value* when = option.find("when")) {
        made.when = checks(*when, here.member("when"));
      } else {
        report_.error(here.path, "found no \"when\": the checks that make it right");
      }
      unknown(option, {"text", "when"}, here);
      read.options.push_back(std::move(made));
    }
  }
  unknown(value, {"question", "options", "measure", "tolerance", "relative"}, place);
  return read;
}

}  // namespace headlight
