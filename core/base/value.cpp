#include "core/base/value.h"

#include <cmath>

#include "core/base/number.h"

namespace headlight {
namespace {

void writeText(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void writeNumber(std::string& out, double number) {
  const std::string text = shortest(number);
  if (!std::isfinite(number)) {
    writeText(out, text);
    return;
  }
  out += text;
  // A double stays a double when it is read again.
  if (text.find_first_of(".e") == std::string::npos) out += ".0";
}

void write(std::string& out, const Value& value) {
  if (value.isNull()) {
    out += "null";
  } else if (value.isBool()) {
    out += value.boolean() ? "true" : "false";
  } else if (value.isInteger()) {
    out += std::to_string(value.integer());
  } else if (value.isDouble()) {
    writeNumber(out, value.number());
  } else if (value.isString()) {
    writeText(out, value.string());
  } else if (value.isList()) {
    const char* before = "[";
    for (const Value& item : value.list()) {
      out += before;
      write(out, item);
      before = ", ";
    }
    out += value.list().empty() ? "[]" : "]";
  } else {
    const char* before = "{";
    for (const auto& [name, member] : value.object()) {
      out += before;
      writeText(out, name);
      out += ": ";
      write(out, member);
      before = ", ";
    }
    out += value.object().empty() ? "{}" : "}";
  }
}

}  // namespace

Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view key) const {
  if (!isObject()) return nullptr;
  for (const auto& [name, value] : object()) {
    if (name == key) return &value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(static_cast<const Value*>(this)->find(key));
}

void Value::set(std::string_view key, Value value) {
  if (isNull()) data_ = Object{};
  if (Value* member = find(key)) {
    *member = std::move(value);
  } else if (isObject()) {
    object().emplace_back(std::string(key), std::move(value));
  }
}

void Value::erase(std::string_view key) {
  if (isObject()) std::erase_if(object(), [&](const Member& member) { return member.first == key; });
}

std::string Value::typeName() const {
  if (isNull()) return "null";
  if (isBool()) return "true or false";
  if (isInteger()) return "an integer";
  if (isDouble()) return "a number";
  if (isString()) return "text";
  if (isList()) return "a list of " + std::to_string(list().size());
  return "an object";
}

std::string Value::json() const {
  std::string out;
  write(out, *this);
  return out;
}

bool Value::operator==(const Value& other) const {
  // Two NaN are the same value of a document.
  if (isDouble() && other.isDouble() && std::isnan(number()) && std::isnan(other.number())) return true;
  return data_ == other.data_;
}

}  // namespace headlight
