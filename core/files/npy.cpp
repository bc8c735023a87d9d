#include "core/files/npy.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostHeader = 10000;
constexpr std::size_t kMostDimensions = 32;

unsigned byteAt(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

std::string printable(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    if (value >= 0x20 && value < 0x7f) {
      text += c;
    } else {
      text += {'\\', 'x', kHex[value >> 4], kHex[value & 15]};
    }
  }
  return text;
}

/// The header's Python dictionary and nothing else of Python.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::size_t base, bool longIntegers, const std::string& where)
      : text_(text), base_(base), longIntegers_(longIntegers), where_(where) {}

  Result<NpyHeader> parse() {
    NpyHeader header;
    bool hasType = false, hasOrder = false, hasShape = false;
    if (!take('{')) return wrong("the dictionary's {");
    while (!take('}')) {
      const std::size_t at = at_;
      auto key = string();
      if (!key) return key.error();
      if (!take(':')) return wrong("a colon after the key");
      Status status;
      if (*key == "descr" && !hasType) {
        hasType = true;
        status = readType(header.type);
      } else if (*key == "fortran_order" && !hasOrder) {
        hasOrder = true;
        status = readOrder(header.fortranOrder);
      } else if (*key == "shape" && !hasShape) {
        hasShape = true;
        status = readShape(header.shape);
      } else {
        return refuse(
            "found the key '" + printable(*key) + "', accepted are descr, fortran_order and shape, each once",
            at);
      }
      if (!status) return status.error();
      if (!take(',')) {
        if (!take('}')) return wrong("a comma or the dictionary's }");
        break;
      }
    }
    skipSpace();
    if (at_ != text_.size()) return wrong("the end of the header");
    if (!hasType || !hasOrder || !hasShape) {
      return refuse(std::string("the key ") +
                        (!hasType    ? "descr"
                         : !hasOrder ? "fortran_order"
                                     : "shape") +
                        " is missing, accepted are descr, fortran_order and shape",
                    0);
    }
    return header;
  }

 private:
  Error refuse(std::string what, std::size_t at) const {
    return Error{ErrorCode::invalid, std::move(what), placeInFile(where_, base_ + at), ""};
  }
  Error wrong(std::string_view accepted) const {
    const std::string found =
        at_ < text_.size() ? "\"" + printable(text_.substr(at_, 12)) + "\"" : "the end of the header";
    return refuse("found " + found + ", accepted here is " + std::string(accepted), at_);
  }
  void skipSpace() {
    while (at_ < text_.size() && std::string_view(" \t\r\n\f\v").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(char c) {
    skipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool takeWord(std::string_view word) {
    skipSpace();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  Result<std::string> string() {
    skipSpace();
    if (at_ >= text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) return wrong("a text in quotes");
    const char quote = text_[at_];
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return wrong("a text in quotes that ends");
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    if (value.find('\\') != std::string::npos) return wrong("a text without backslashes");
    at_ = end + 1;
    return value;
  }

  Status readType(ElementType& type) {
    static constexpr std::string_view kAccepted =
        "accepted are f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8 and b1 after <, >, = or |";
    skipSpace();
    const std::size_t at = at_;
    if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '(' || text_[at_] == '{')) {
      return refuse("found an array of structures, " + std::string(kAccepted), at);
    }
    auto descr = string();
    if (!descr) return descr.error();
    const std::string shown = "found the type '" + printable(*descr) + "'";
    if (descr->find('O') != std::string::npos) {
      return refuse(
          shown + ", an array of Python objects that could run code when read; " + std::string(kAccepted),
          at);
    }
    if (*descr == "|V2" || *descr == "<V2") {
      Error error = refuse(shown + ", raw bytes of two, likely bfloat16; " + std::string(kAccepted), at);
      error.hint = "Save it with .astype('float32')";
      return error;
    }
    static constexpr std::array<std::string_view, 12> kTypes{"f2", "f4", "f8", "i1", "i2", "i4",
                                                             "i8", "u1", "u2", "u4", "u8", "b1"};
    const std::string_view code = std::string_view(*descr).substr(descr->empty() ? 0 : 1);
    bool known = false;
    for (const std::string_view accepted : kTypes) known = known || accepted == code;
    if (!known || std::string_view("<>=|").find((*descr)[0]) == std::string_view::npos) {
      return refuse(shown + ", " + std::string(kAccepted), at);
    }
    type = ElementType{code[0], static_cast<std::size_t>(code[1] - '0'), (*descr)[0] == '>'};
    return {};
  }

  Status readOrder(bool& fortran) {
    if (takeWord("True")) {
      fortran = true;
    } else if (takeWord("False")) {
      fortran = false;
    } else {
      return wrong("True or False");
    }
    return {};
  }

  Status readShape(std::vector<std::int64_t>& shape) {
    if (!take('(')) return wrong("a shape in round brackets");
    bool comma = true;
    while (!take(')')) {
      if (!comma) return wrong("a comma or the shape's )");
      skipSpace();
      const std::size_t begin = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      const auto length = parseInteger(text_.substr(begin, at_ - begin));
      if (!length) {
        at_ = begin;
        return wrong("a length from 0 to 2^63 - 1");
      }
      if (longIntegers_ && at_ < text_.size() && text_[at_] == 'L') ++at_;
      if (shape.size() == kMostDimensions) return wrong("at most 32 lengths");
      shape.push_back(*length);
      comma = take(',');
    }
    // (3) is a number in brackets, (3,) a shape.
    if (shape.size() == 1 && !comma) return wrong("a comma after the only length");
    return {};
  }

  std::string_view text_;
  std::size_t base_;
  bool longIntegers_;
  const std::string& where_;
  std::size_t at_ = 0;
};

Error invalid(std::string what, const std::string& where, std::uint64_t at) {
  return Error{ErrorCode::invalid, std::move(what), placeInFile(where, at), ""};
}

}  // namespace

std::optional<std::int64_t> elementCount(const std::vector<std::int64_t>& shape) {
  bool none = false;
  std::optional<std::int64_t> count = 1;
  for (const std::int64_t length : shape) {
    none = none || length == 0;
    // Without the zeros, so that products of a part of the lengths fit too.
    if (count && length != 0) count = checkedProduct(*count, length);
  }
  return count && none ? 0 : count;
}

Result<NpyHeader> readNpyHeader(ByteStream& stream, std::uint64_t size, const std::string& where) {
  constexpr std::size_t kPrelude = 8;
  std::string head(kPrelude, '\0');
  if (size < kPrelude + 2) {
    return invalid("found " + std::to_string(size) + " bytes, an .npy has at least 10", where, size);
  }
  if (Status status = stream.read(head); !status) return status.error();
  if (!std::string_view(head).starts_with(kMagic)) {
    return invalid("found \"" + printable(std::string_view(head).substr(0, 6)) +
                       "\", an .npy begins with \"\\x93NUMPY\"",
                   where, 0);
  }
  const unsigned major = byteAt(head, 6);
  const unsigned minor = byteAt(head, 7);
  if (major < 1 || major > 3 || minor != 0) {
    return invalid("found version " + std::to_string(major) + "." + std::to_string(minor) +
                       ", accepted are 1.0, 2.0 and 3.0",
                   where, 6);
  }
  const std::size_t lengthBytes = major == 1 ? 2 : 4;
  if (size < kPrelude + lengthBytes) return invalid("the header's length is cut off", where, size);
  std::string lengthText(lengthBytes, '\0');
  if (Status status = stream.read(lengthText); !status) return status.error();
  std::uint64_t length = 0;
  for (std::size_t i = lengthBytes; i-- > 0;) length = length << 8 | byteAt(lengthText, i);
  const std::uint64_t begin = kPrelude + lengthBytes;
  if (length > size - begin) {
    return invalid("found a header of " + std::to_string(length) + " bytes, " + std::to_string(size - begin) +
                       " bytes are left",
                   where, kPrelude);
  }
  if (length > kMostHeader) {
    return invalid("found a header of " + std::to_string(length) + " bytes, accepted are at most " +
                       std::to_string(kMostHeader),
                   where, kPrelude);
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  if (Status status = stream.read(text); !status) return status.error();
  if (major == 3) {
    if (const auto bad = firstInvalidUtf8(text))
      return invalid("the header is no UTF-8", where, begin + *bad);
  }
  auto header = HeaderParser(text, static_cast<std::size_t>(begin), major <= 2, where).parse();
  if (!header) return header;
  const auto count = elementCount(header->shape);
  const auto bytes =
      count ? checkedProduct(*count, static_cast<std::int64_t>(header->type.bytes)) : std::nullopt;
  const std::uint64_t left = size - begin - length;
  if (!bytes || static_cast<std::uint64_t>(*bytes) > left) {
    return invalid("the shape needs " + (bytes ? std::to_string(*bytes) : std::string("more than 2^63")) +
                       " bytes of data, " + std::to_string(left) + " are there",
                   where, begin + length);
  }
  header->elements = *count;
  header->headBytes = begin + length;
  header->dataBytes = static_cast<std::uint64_t>(*bytes);
  return header;
}

}  // namespace headlight
