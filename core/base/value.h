#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace headlight {

class Value;
using List = std::vector<Value>;
using Member = std::pair<std::string, Value>;
/// Members keep the order in which they were written.
using Object = std::vector<Member>;

/// One JSON value. An integer stays an integer; a number with a fraction or exponent is a double.
class Value {
 public:
  Value() = default;
  // Defined in value.cpp: inlined, they are large, and GCC 12 warns of members of the variant that are not
  // there.
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();
  Value(std::nullptr_t) {}
  Value(bool b) : data_(b) {}
  Value(int n) : data_(static_cast<std::int64_t>(n)) {}
  Value(std::int64_t n) : data_(n) {}
  Value(double x) : data_(x) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(List list) : data_(std::move(list)) {}
  Value(Object object) : data_(std::move(object)) {}

  bool isNull() const { return std::holds_alternative<std::monostate>(data_); }
  bool isBool() const { return std::holds_alternative<bool>(data_); }
  bool isInteger() const { return std::holds_alternative<std::int64_t>(data_); }
  bool isDouble() const { return std::holds_alternative<double>(data_); }
  bool isNumber() const { return isInteger() || isDouble(); }
  bool isString() const { return std::holds_alternative<std::string>(data_); }
  bool isList() const { return std::holds_alternative<List>(data_); }
  bool isObject() const { return std::holds_alternative<Object>(data_); }

  // The caller has asked what it is.
  bool boolean() const { return std::get<bool>(data_); }
  std::int64_t integer() const { return std::get<std::int64_t>(data_); }
  double number() const { return isInteger() ? static_cast<double>(integer()) : std::get<double>(data_); }
  const std::string& string() const { return std::get<std::string>(data_); }
  const List& list() const { return std::get<List>(data_); }
  List& list() { return std::get<List>(data_); }
  const Object& object() const { return std::get<Object>(data_); }
  Object& object() { return std::get<Object>(data_); }

  /// The member of that name, or null when this is no object or has none.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Sets a member of an object (a null becomes an object first), appending a new one.
  void set(std::string_view key, Value value);
  void erase(std::string_view key);

  /// "an integer", "text", "a list of 3", …: for messages that say what was found.
  std::string typeName() const;
  /// One line of JSON: shortest numbers that read back the same; not-finite numbers as "inf", "-inf", "nan".
  std::string json() const;

  bool operator==(const Value&) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> data_;
};

}  // namespace headlight
