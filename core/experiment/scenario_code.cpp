#include "core/experiment/scenario_code.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/json.h"
#include "core/experiment/schema.h"
#include "core/experiment/tensor_record.h"
#include "core/files/base64.h"
#include "core/files/deflate.h"

namespace headlight {
namespace {

constexpr std::size_t kMostCodeBytes = std::size_t{1} << 20;
constexpr std::size_t kMostBodyBytes = std::size_t{16} << 20;
constexpr std::size_t kSumDigits = 8;

Error invalid(std::string what, std::string hint = "") {
  return Error{ErrorCode::invalid, std::move(what), "scenario code", std::move(hint)};
}

std::string prefix() {
  return std::string(kScenarioCodePrefix) + std::to_string(kScenarioCodeVersion) + ":";
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// Without white space, and without what mail and chat programs put at places where a line may be broken.
std::string solid(std::string_view text) {
  constexpr std::string_view kInvisible[] = {"\xc2\xa0", "\xc2\xad", "\xe2\x80\x8b", "\xef\xbb\xbf"};
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto* mark = std::find_if(std::begin(kInvisible), std::end(kInvisible),
                                    [&](std::string_view one) { return text.starts_with(one); });
    if (mark != std::end(kInvisible)) {
      text.remove_prefix(mark->size());
      continue;
    }
    const char c = text.front();
    if (c != ' ' && (c < '\t' || c > '\r')) out += c;
    text.remove_prefix(1);
  }
  return out;
}

std::string sumOf(std::string_view text) {
  return sha256(text).substr(0, kSumDigits);
}

std::string toAddressAlphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::optional<std::string> fromAddressAlphabet(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return fromBase64(text);
}

/// The members that differ from what they are in `plain`. Objects that have a kind stay whole: their defaults
/// are those of the kind.
Value withoutDefaults(const Value& value, const Value& plain) {
  Object kept;
  for (const auto& [name, member] : value.object()) {
    const Value* usual = plain.find(name);
    if (usual && *usual == member) continue;
    const bool plainObject = usual && usual->isObject() && member.isObject() && !member.find("kind");
    kept.emplace_back(name, plainObject ? withoutDefaults(member, *usual) : member);
  }
  return kept;
}

/// The JSON of a code gets back what each of them has.
Value withHead(const Value& body) {
  Value root{Object{{"type", kExperimentType}, {"version", kExperimentVersion}}};
  for (const auto& [name, member] : body.object()) root.set(name, member);
  return root;
}

/// The shortest JSON that is read as the same experiment.
std::string bodyText(const Experiment& experiment) {
  Value whole = encode(experiment);
  whole.erase("type");
  whole.erase("version");
  const Value slim = withoutDefaults(whole, encode(Experiment{}));
  const auto read = decode(withHead(slim));
  const bool same = read && toText(read->experiment) == toText(experiment);
  return (same ? slim : whole).json();
}

/// A file without which the state is another one; empty: none.
std::string neededFile(const Experiment& experiment) {
  const std::vector<std::string> files = filesOf(experiment);
  if (!files.empty()) return files.front();
  const Value* other = experiment.view.compare.isObject() ? experiment.view.compare.find("file") : nullptr;
  return other && other->isString() ? other->string() : "";
}

}  // namespace

bool isScenarioCode(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  text.remove_prefix(begin);
  if (!text.starts_with(kScenarioCodePrefix)) return false;
  text.remove_prefix(kScenarioCodePrefix.size());
  std::size_t digits = 0;
  while (digits < text.size() && isDigit(text[digits])) ++digits;
  return digits > 0 && digits < text.size() && text[digits] == ':';
}

Result<std::string> scenarioCode(const Experiment& experiment) {
  if (const std::string file = neededFile(experiment); !file.empty()) {
    return invalid("the experiment reads the file " + quoted(file) + ", which a code cannot carry",
                   "Save the experiment, and pass it on with its file");
  }
  const std::string body = bodyText(experiment);
  std::string code = prefix() + toAddressAlphabet(base64(deflated(body)));
  if (body.size() > kMostBodyBytes || code.size() > kMostCodeBytes) {
    return invalid("the experiment takes " + bytesText(static_cast<double>(code.size())) +
                       " as a code, accepted is at most " + bytesText(static_cast<double>(kMostCodeBytes)),
                   "Save the experiment, and pass on its file");
  }
  const std::string sum = sumOf(code);
  return code + "." + sum;
}

Result<Experiment> fromScenarioCode(std::string_view code) {
  // A broken line takes little of the whole, so that what is longer is refused before it is copied.
  if (code.size() > 2 * kMostCodeBytes) {
    return invalid("found " + bytesText(static_cast<double>(code.size())) + ", accepted is at most " +
                   bytesText(static_cast<double>(kMostCodeBytes)));
  }
  if (!isScenarioCode(code)) {
    return invalid("found text that does not begin with " + prefix() + ", accepted is a scenario code");
  }
  const std::string text = solid(code);
  if (!text.starts_with(prefix())) {
    const std::size_t at = kScenarioCodePrefix.size();
    return invalid("found version " + text.substr(at, text.find(':', at) - at) + ", accepted is " +
                       std::to_string(kScenarioCodeVersion),
                   "A newer Headlight reads it");
  }
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos || text.size() < dot + 1 + kSumDigits) {
    return invalid("the end of the code is missing", "Copy it to its last character");
  }
  if (text.size() > dot + 1 + kSumDigits) {
    return invalid("found " +
                       countText(static_cast<std::int64_t>(text.size() - dot - 1 - kSumDigits), "character",
                                 "characters") +
                       " after the end of the code",
                   "Copy the code alone");
  }
  if (lowered(text.substr(dot + 1)) != sumOf(text.substr(0, dot))) {
    return invalid("the code is not as it was made: a character is missing, added or mistyped",
                   "Copy and paste it whole");
  }
  const Error damaged = invalid("the code holds no experiment");
  const auto packed = fromAddressAlphabet(text.substr(prefix().size(), dot - prefix().size()));
  if (!packed) return damaged;
  const auto body = inflated(*packed, kMostBodyBytes);
  if (!body) return damaged;
  const auto value = parseJson(*body);
  if (!value) return value.error().inside("scenario code");
  if (!value->isObject()) return damaged;
  auto decoded = decode(withHead(*value));
  if (!decoded) return decoded.error().inside("scenario code");
  return std::move(decoded->experiment);
}

}  // namespace headlight
