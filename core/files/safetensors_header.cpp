#include "core/files/safetensors_header.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/files/safetensors_layout.h"

namespace headlight {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostHeader = 100'000'000;
constexpr std::size_t kMostMetadata = 65'536;
constexpr int kDeepest = 8;
/// Walks the text for the JSON parser and tells how far it came.
class TextCursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  TextCursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
  char operator*() const { return *at_; }
  TextCursor& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  TextCursor operator++(int) {
    const TextCursor before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TextCursor& other) const { return at_ == other.at_; }
  bool operator!=(const TextCursor& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Takes the events of the JSON parser. Returning false stops it; `error` then says why.
class HeaderBuilder : public nlohmann::json_sax<Json> {
 public:
  HeaderBuilder(std::string_view text, std::uint64_t dataBytes, const std::string& path)
      : reached(text.data()), text_(text), path_(path), layout_(text, dataBytes, path) {}

  const char* reached;
  std::optional<Error> error;

  bool null() override { return refuse("null"); }
  bool boolean(bool value) override { return refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t n) override { return refuse(std::to_string(n)); }
  bool number_float(number_float_t, const string_t& number) override { return refuse(shortened(number)); }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool number_unsigned(number_unsigned_t n) override {
    if (skipped_ > 0) return true;
    if (state_ == State::shape) {
      if (n > static_cast<number_unsigned_t>(INT64_MAX)) return refuse(std::to_string(n));
      if (shape_.size() == SafetensorsLayout::kMostAxes) {
        return fail(named() + " has more than " + std::to_string(SafetensorsLayout::kMostAxes) +
                    " axes, accepted are at most so many");
      }
      shape_.push_back(static_cast<std::int64_t>(n));
      return true;
    }
    if (state_ == State::offsets && offsets_ < 2) {
      (offsets_ == 0 ? entry_.begin : entry_.end) = n;
      ++offsets_;
      return true;
    }
    return refuse(std::to_string(n));
  }
  bool string(string_t& value) override;

  bool start_object(std::size_t) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool key(string_t& name) override;
  bool parse_error(std::size_t position, const std::string& token, const Json::exception& problem) override;

  /// What holds of all entries together, and the header made of them.
  Result<SafetensorsHeader> finish();

 private:
  enum class State { start, tensors, entry, shape, offsets, metadata, done };
  enum Field : unsigned { kNone = 0, kDtype = 1, kShape = 2, kOffsets = 4, kUnknown = 8 };

  static std::string shortened(const std::string& number) {
    constexpr std::size_t kLongest = 40;
    return number.substr(0, kLongest) + (number.size() > kLongest ? "…" : "");
  }
  std::string named() const { return "tensor " + shownInHeader(layout_.nameOf(entry_)); }
  /// Place of the text in quotes that was read last.
  std::uint32_t quotePlace() const {
    auto at = static_cast<std::size_t>(reached - text_.data()) - 1;
    while (at-- > 0) {
      std::size_t slashes = 0;
      while (slashes < at && text_[at - slashes - 1] == '\\') ++slashes;
      if (text_[at] == '"' && slashes % 2 == 0) break;
    }
    return static_cast<std::uint32_t>(at);
  }
  std::string placeOf(std::uint64_t at) const { return placeInFile(path_, kSafetensorsPrelude + at); }
  Error invalid(std::string what, std::uint64_t at) const {
    return Error{ErrorCode::invalid, std::move(what), placeOf(at), ""};
  }
  bool fail(std::string what) { return failAt(std::move(what), place_); }
  bool failAt(std::string what, std::uint64_t at) {
    error = invalid(std::move(what), at);
    return false;
  }
  /// The value that was found is none that may stand here.
  bool refuse(const std::string& found);
  bool deeper(bool object);
  bool finishEntry();

  std::string_view text_;
  const std::string& path_;
  SafetensorsLayout layout_;
  State state_ = State::start;
  Field field_ = kNone;
  unsigned seen_ = 0;
  int skipped_ = 0;  ///< levels of a value that nobody asks for
  std::uint32_t place_ = 0;
  SafetensorsEntry entry_;
  std::vector<std::int64_t> shape_;
  int offsets_ = 0;
  bool hasMetadata_ = false;
  std::string metadataKey_;
  std::map<std::string, std::string> metadata_;
  std::vector<std::string> notes_;
};

bool HeaderBuilder::refuse(const std::string& found) {
  if (skipped_ > 0 || (state_ == State::entry && field_ == kUnknown)) return true;
  const std::string what = "found " + found + ", accepted is ";
  switch (state_) {
    case State::metadata:
      return fail("__metadata__ " + shownInHeader(metadataKey_) + ": " + what + "text");
    case State::tensors:
      return fail(named() + ": " + what + "an object with dtype, shape and data_offsets");
    case State::shape:
      return fail(named() + ", shape: " + what + "a whole number from 0 to 2^63 - 1");
    case State::offsets:
      return fail(named() + ", data_offsets: " + what + "two whole numbers, begin and end");
    case State::entry:
      if (field_ == kDtype) return fail(named() + ", dtype: " + what + "text");
      return fail(
          named() + (field_ == kShape ? ", shape: " : ", data_offsets: ") + what +
          (field_ == kShape ? "a list of whole numbers" : "a list of two whole numbers, begin and end"));
    default:
      return fail(what + "an object that names the tensors");
  }
}

bool HeaderBuilder::string(string_t& value) {
  if (skipped_ > 0) return true;
  if (state_ == State::metadata) {
    if (!metadata_.emplace(std::move(metadataKey_), std::move(value)).second) {
      return fail("the key stands twice in __metadata__, accepted is once");
    }
    if (metadata_.size() > kMostMetadata) {
      return fail("found more than " + std::to_string(kMostMetadata) +
                  " entries of __metadata__, accepted are at most so many");
    }
    return true;
  }
  if (state_ != State::entry || field_ != kDtype) return refuse("the text " + shownInHeader(value));
  const auto dtypes = safetensorsDtypes();
  const auto known = std::find_if(dtypes.begin(), dtypes.end(),
                                  [&](const SafetensorsDtype& dtype) { return dtype.name == value; });
  if (known == dtypes.end()) {
    return fail(named() + ": found the dtype " + shownInHeader(value) + ", accepted are " +
                safetensorsDtypeNames(false));
  }
  entry_.dtype = static_cast<std::uint8_t>(known - dtypes.begin());
  return true;
}

/// Opens a level of a value that nobody asks for; false when none such begins here.
bool HeaderBuilder::deeper(bool object) {
  if (skipped_ == 0 && !(state_ == State::entry && field_ == kUnknown)) {
    return refuse(object ? "an object" : "a list");
  }
  constexpr int kLevelsAround = 2;
  if (++skipped_ + kLevelsAround > kDeepest) {
    return fail("found more than " + std::to_string(kDeepest) +
                " levels of nesting, accepted are at most so many");
  }
  return true;
}

bool HeaderBuilder::start_object(std::size_t) {
  if (state_ == State::start) {
    state_ = State::tensors;
    return true;
  }
  if (state_ != State::tensors) return deeper(true);
  if (layout_.nameOf(entry_) == "__metadata__") {
    if (std::exchange(hasMetadata_, true)) return fail("__metadata__ stands twice, accepted is once");
    state_ = State::metadata;
    return true;
  }
  state_ = State::entry;
  seen_ = 0;
  shape_.clear();
  offsets_ = 0;
  return true;
}

bool HeaderBuilder::end_object() {
  if (skipped_ > 0) {
    --skipped_;
    return true;
  }
  if (state_ == State::entry && !finishEntry()) return false;
  state_ = state_ == State::tensors ? State::done : State::tensors;
  return true;
}

bool HeaderBuilder::start_array(std::size_t) {
  if (skipped_ > 0 || state_ != State::entry || (field_ != kShape && field_ != kOffsets))
    return deeper(false);
  state_ = field_ == kShape ? State::shape : State::offsets;
  if (field_ == kShape) entry_.shapeAt = static_cast<std::uint32_t>(reached - text_.data());
  return true;
}

bool HeaderBuilder::end_array() {
  if (skipped_ > 0) {
    --skipped_;
    return true;
  }
  if (state_ == State::offsets && offsets_ != 2) return refuse(countText(offsets_, "number", "numbers"));
  state_ = State::entry;
  return true;
}

bool HeaderBuilder::key(string_t& name) {
  if (skipped_ > 0) return true;
  place_ = quotePlace();
  if (state_ == State::metadata) {
    metadataKey_ = std::move(name);
    return true;
  }
  if (state_ == State::tensors) {
    constexpr std::size_t kLongestName = SafetensorsLayout::kLongestName;
    if (name.size() > kLongestName) {
      return fail("found a name of " + std::to_string(name.size()) + " bytes, accepted are at most " +
                  std::to_string(kLongestName));
    }
    entry_ = layout_.begin(name, place_);
    return true;
  }
  field_ = name == "dtype" ? kDtype : name == "shape" ? kShape : name == "data_offsets" ? kOffsets : kUnknown;
  if (field_ == kUnknown) {
    constexpr std::size_t kMostNotes = 8;
    if (notes_.size() < kMostNotes) {
      notes_.push_back(placeOf(place_) + ": " + named() + ": the unknown key " + shownInHeader(name) +
                       " is ignored");
    }
    return true;
  }
  if ((seen_ & field_) != 0)
    return fail(named() + ": the key " + shownInHeader(name) + " stands twice, accepted is once");
  seen_ |= field_;
  return true;
}

bool HeaderBuilder::parse_error(std::size_t, const std::string& token, const Json::exception& problem) {
  constexpr int kNumberOverflow = 406;
  if (problem.id == kNumberOverflow)
    return fail("found the number " + shortened(token) + ", which does not fit");
  // The library's text ends in what was found and expected: "…: syntax error while parsing value - …".
  std::string reason = problem.what();
  if (const std::size_t start = reason.find("syntax error"); start != std::string::npos) {
    const std::size_t dash = reason.find(" - ", start);
    reason = reason.substr(dash == std::string::npos ? start : dash + 3);
  }
  constexpr std::size_t kLongest = 300;
  const auto read = static_cast<std::uint64_t>(reached - text_.data());
  return failAt("the header is no JSON: " + repairedUtf8(reason.substr(0, kLongest)),
                read > 0 ? read - 1 : 0);
}

bool HeaderBuilder::finishEntry() {
  place_ = entry_.place;
  for (const auto& [field, name] :
       {std::pair{kDtype, "dtype"}, {kShape, "shape"}, {kOffsets, "data_offsets"}}) {
    if ((seen_ & field) == 0) {
      return fail(named() + ": the key " + name + " is missing, accepted are dtype, shape and data_offsets");
    }
  }
  if (Status status = layout_.add(entry_, shape_); !status) {
    error = status.error();
    return false;
  }
  return true;
}

Result<SafetensorsHeader> HeaderBuilder::finish() {
  auto tensors = layout_.tensors();
  if (!tensors) return tensors.error();
  return SafetensorsHeader{std::move(*tensors), std::move(metadata_), std::move(notes_)};
}

std::uint64_t headerLength(std::string_view prelude) {
  std::uint64_t length = 0;
  for (std::size_t i = kSafetensorsPrelude; i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(prelude[i]);
  return length;
}

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// The parser keeps a copy of the token or the white space that it reads, at up to twice its length, so
/// neither may be long where the file is not.
Status checkTokens(std::string_view text, const InputFile& file, std::size_t first) {
  constexpr std::size_t kMostBetween = 4096;
  const std::size_t longestText = std::max<std::size_t>(32 * 1024, static_cast<std::size_t>(file.size() / 2));
  std::size_t begin = first;  // of the token or the white space
  bool inText = false;
  for (std::size_t at = first; at < text.size(); ++at) {
    const char c = text[at];
    if (at - begin > (inText ? longestText : kMostBetween)) {
      return Error{ErrorCode::invalid,
                   inText
                       ? "found a text of more than half of the file, accepted are shorter ones"
                       : "found " + std::to_string(kMostBetween) +
                             " bytes without a comma, colon, bracket or quotation mark, accepted are fewer",
                   placeInFile(file.path(), kSafetensorsPrelude + begin), ""};
    }
    if (inText && c == '\\') {
      ++at;
    } else if (c == '"') {
      inText = !inText;
      begin = at;
    } else if (!inText && std::string_view("{}[],:").find(c) != std::string_view::npos) {
      begin = at;
    }
  }
  return {};
}

}  // namespace

bool beginsLikeSafetensors(std::string_view head, std::uint64_t fileSize) {
  if (head.size() <= kSafetensorsPrelude) return false;
  const std::uint64_t length = headerLength(head);
  return length >= 2 && length <= kMostHeader && length <= fileSize - kSafetensorsPrelude &&
         (head[kSafetensorsPrelude] == '{' ||
          kWhiteSpace.find(head[kSafetensorsPrelude]) != std::string_view::npos);
}

Result<SafetensorsHeader> readSafetensorsHeader(const InputFile& file) {
  const auto invalid = [&](std::string what, std::uint64_t at) {
    return Error{ErrorCode::invalid, std::move(what), placeInFile(file.path(), at), ""};
  };
  if (file.size() < kSafetensorsPrelude) {
    return invalid("found " + countText(static_cast<std::int64_t>(file.size()), "byte", "bytes") +
                       ", a .safetensors has at least 8 and a header",
                   file.size());
  }
  std::array<char, kSafetensorsPrelude> prelude{};
  if (Status status = file.read(0, prelude); !status) return status.error();
  const std::uint64_t length = headerLength({prelude.data(), prelude.size()});
  if (length > kMostHeader) {
    return invalid("found a header of " + std::to_string(length) + " bytes, accepted are at most " +
                       std::to_string(kMostHeader),
                   0);
  }
  if (length > file.size() - kSafetensorsPrelude) {
    return invalid("found a header of " + std::to_string(length) + " bytes, " +
                       std::to_string(file.size() - kSafetensorsPrelude) + " are left",
                   0);
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  if (Status status = file.read(kSafetensorsPrelude, text); !status) return status.error();
  if (const auto bad = firstInvalidUtf8(text)) {
    return invalid("the header has bytes that are no UTF-8, accepted is UTF-8", kSafetensorsPrelude + *bad);
  }
  // The library takes a zero byte for the end and skips a byte order mark; neither is JSON.
  const std::size_t zero = text.find('\0');
  if (zero != std::string::npos || text.starts_with("\xef\xbb\xbf")) {
    return invalid(zero != std::string::npos ? "the header is no JSON: it has a zero byte"
                                             : "the header is no JSON: it begins with a byte order mark",
                   kSafetensorsPrelude + (zero != std::string::npos ? zero : 0));
  }
  // Pages of white space around the object are lawful: they align the data.
  const std::size_t first = std::min(text.find_first_not_of(kWhiteSpace), text.size());
  const std::size_t last = text.find_last_not_of(kWhiteSpace) + 1;
  if (first == text.size()) return invalid("the header is no JSON: it is empty", kSafetensorsPrelude);
  if (Status status = checkTokens(std::string_view(text).substr(0, last), file, first); !status)
    return status.error();
  HeaderBuilder builder(text, file.size() - kSafetensorsPrelude - length, file.path());
  builder.reached = text.data() + first;
  const bool whole = Json::sax_parse(TextCursor(text.data() + first, &builder.reached),
                                     TextCursor(text.data() + last, &builder.reached), &builder);
  if (builder.error) return std::move(*builder.error);
  if (!whole) return invalid("the header is no JSON", kSafetensorsPrelude);
  return builder.finish();
}

}  // namespace headlight
