#include "core/experiment/json.h"

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/experiment/report.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

using Json = nlohmann::json;

/// Builds a Value from the events of the parser. Returning false stops it; `error` then says why.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Value root;
  Error error;
  bool failed = false;

  bool null() override { return add(Value()); }
  bool boolean(bool b) override { return add(Value(b)); }
  bool number_integer(number_integer_t n) override { return add(Value(static_cast<std::int64_t>(n))); }
  bool number_unsigned(number_unsigned_t n) override {
    if (n > static_cast<number_unsigned_t>(INT64_MAX)) return tooLarge(std::to_string(n));
    return add(Value(static_cast<std::int64_t>(n)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    // An integer too large for 64 bits arrives here as text without point or exponent.
    if (text.find_first_of(".eE") == std::string::npos) return tooLarge(text);
    const auto number = parseNumber(text);
    return number ? add(Value(*number)) : tooLarge(text);
  }
  bool string(string_t& text) override { return add(Value(std::move(text))); }
  bool binary(binary_t&) override { return fail("found binary data, accepted is JSON", ""); }

  bool start_object(std::size_t) override { return open(Value(Object{})); }
  bool start_array(std::size_t) override { return open(Value(List{})); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Level& level = levels_.back();
    if (!level.names.insert(name).second) {
      return fail("the key \"" + name + "\" stands here twice, accepted is once", memberPath(path(), name));
    }
    level.name = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token, const Json::exception& problem) override {
    constexpr int kNumberOverflow = 406;
    if (problem.id == kNumberOverflow) return tooLarge(token);
    // The library's text ends in what was found and expected: "…: syntax error while parsing value - …".
    std::string reason = problem.what();
    if (const std::size_t start = reason.find("syntax error"); start != std::string::npos) {
      const std::size_t dash = reason.find(" - ", start);
      reason = reason.substr(dash == std::string::npos ? start : dash + 3);
    }
    return fail("no JSON: " + repairedUtf8(reason),
                "byte " + std::to_string(position > 0 ? position - 1 : 0));
  }

 private:
  struct Level {
    Value value;
    std::string name;  ///< of the member to come
    std::unordered_set<std::string> names;
  };

  std::string path() const {
    std::string text;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) text = step(text, levels_[i]);
    return text;
  }
  static std::string step(const std::string& text, const Level& level) {
    return level.value.isList() ? itemPath(text, level.value.list().size()) : memberPath(text, level.name);
  }
  /// Where the value that is being read will stand.
  std::string here() const { return levels_.empty() ? "" : step(path(), levels_.back()); }

  bool fail(std::string what, std::string where) {
    error = Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
    failed = true;
    return false;
  }
  bool tooLarge(const std::string& text) {
    constexpr std::size_t kShown = 40;
    return fail("the number " + shortened(text, kShown) +
                    " does not fit: accepted are integers of 64 bits and numbers up to 1.8e308",
                here());
  }
  bool add(Value value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (levels_.back().value.isList()) {
      levels_.back().value.list().push_back(std::move(value));
    } else {
      levels_.back().value.object().emplace_back(std::move(levels_.back().name), std::move(value));
    }
    return true;
  }
  bool open(Value value) {
    if (levels_.size() == kDeepestJson) {
      return fail("nested deeper than 64 levels, accepted are 64", here());
    }
    levels_.push_back(Level{std::move(value), "", {}});
    return true;
  }
  bool close() {
    Value value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  std::vector<Level> levels_;
};

}  // namespace

Result<Value> parseJson(std::string_view text) {
  if (const auto bad = firstInvalidUtf8(text)) {
    return Error{ErrorCode::invalid, "found bytes that are no UTF-8, accepted is UTF-8",
                 "byte " + std::to_string(*bad), ""};
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{
        ErrorCode::invalid,
        text.empty() ? "found nothing, accepted is JSON" : "found nothing but white space, accepted is JSON",
        "byte 0", ""};
  }
  Builder builder;
  try {
    if (Json::sax_parse(text.begin(), text.end(), &builder) && !builder.failed)
      return std::move(builder.root);
  } catch (const std::exception& problem) {
    if (!builder.failed) return Error{ErrorCode::failed, problem.what(), "", ""};
  }
  return builder.error;
}

}  // namespace headlight
