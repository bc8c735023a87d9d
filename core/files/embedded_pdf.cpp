#include "core/files/embedded_pdf.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/number.h"
#include "core/files/data_pack.h"
#include "core/files/deflate.h"

namespace headlight {
namespace {

constexpr std::string_view kBlank{"\0\t\n\f\r ", 6};
constexpr std::string_view kDelimiters{"\0\t\n\f\r ()<>[]{}/%", 16};
/// How far from an attachment's type its dictionary begins and ends.
constexpr std::size_t kMostDictionaryBytes = 4096;
constexpr int kMostNesting = 16;
/// A file of ours has one of each; what other programs made of it may hold older ones beside.
constexpr int kMostCandidates = 64;

/// Goes through the objects of a dictionary (ISO 32000-1, 7.2 and 7.3).
class PdfScanner {
 public:
  explicit PdfScanner(std::string_view bytes) : bytes_(bytes) {}

  std::size_t at() const { return at_; }
  bool done() const { return at_ >= bytes_.size(); }
  char now() const { return done() ? '\0' : bytes_[at_]; }

  void blank() {
    while (!done()) {
      if (kBlank.find(now()) != std::string_view::npos) {
        ++at_;
      } else if (now() == '%') {
        at_ = std::min(bytes_.find_first_of("\r\n", at_), bytes_.size());
      } else {
        return;
      }
    }
  }

  bool take(std::string_view word) {
    blank();
    if (!bytes_.substr(std::min(at_, bytes_.size())).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  /// "/A#20b" → "A b".
  std::optional<std::string> name() {
    if (!take("/")) return std::nullopt;
    std::string text;
    for (; !done() && kDelimiters.find(now()) == std::string_view::npos; ++at_) {
      const auto code = now() == '#' ? hexadecimal(at_ + 1) : std::nullopt;
      text += code ? *code : now();
      if (code) at_ += 2;
    }
    return text;
  }

  /// Any object; false where there is none.
  bool value(int depth = 0) {
    blank();
    if (done() || depth > kMostNesting) return false;
    if (now() == '/') return name().has_value();
    if (now() == '(') return literal();
    if (take("<<")) return untilClosed(">>", depth);
    if (take("[")) return untilClosed("]", depth);
    if (now() == '<') {
      at_ = std::min(bytes_.find('>', at_), bytes_.size());
      return take(">");
    }
    const std::size_t begin = at_;
    at_ = std::min(bytes_.find_first_of(kDelimiters, at_), bytes_.size());
    return at_ > begin;
  }

 private:
  std::optional<char> hexadecimal(std::size_t at) const {
    int code = 0;
    for (std::size_t i = at; i < at + 2; ++i) {
      const char c = i < bytes_.size() ? bytes_[i] : ' ';
      const bool digit = c >= '0' && c <= '9';
      const char low = static_cast<char>(c | 0x20);
      if (!digit && (low < 'a' || low > 'f')) return std::nullopt;
      code = 16 * code + (digit ? c - '0' : low - 'a' + 10);
    }
    return static_cast<char>(static_cast<unsigned char>(code));
  }

  bool literal() {
    int open = 0;
    for (; !done(); ++at_) {
      if (now() == '\\') {
        ++at_;
      } else if (now() == '(') {
        ++open;
      } else if (now() == ')' && --open == 0) {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool untilClosed(std::string_view end, int depth) {
    while (!take(end)) {
      if (!value(depth + 1)) return false;
    }
    return true;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

/// What the dictionary of an attachment says, and where its bytes begin.
struct Attachment {
  std::string mime;
  std::string filter;
  std::optional<std::size_t> length;
  bool plain = true;  ///< packed by no more than `filter`, without parameters
  std::size_t begin = 0;
};

std::optional<Attachment> attachmentAt(std::string_view object) {
  PdfScanner scan(object);
  if (!scan.take("<<")) return std::nullopt;
  Attachment found;
  while (!scan.take(">>")) {
    const auto key = scan.name();
    if (!key) return std::nullopt;
    scan.blank();
    const std::size_t begin = scan.at();
    if (!scan.value()) return std::nullopt;
    // A reference is three words.
    for (scan.blank(); scan.now() != '/' && scan.now() != '>'; scan.blank()) {
      if (!scan.value()) return std::nullopt;
    }
    const std::string_view said = object.substr(begin, scan.at() - begin);
    const std::string_view text = said.substr(0, said.find_last_not_of(kBlank) + 1);
    PdfScanner inner(text);
    if (*key == "Subtype") found.mime = inner.name().value_or("");
    if (*key == "Filter") {
      const bool list = inner.take("[");
      found.filter = inner.name().value_or("");
      found.plain = found.plain && (list ? inner.take("]") : !found.filter.empty() || text == "null");
    }
    if (*key == "DecodeParms" || *key == "F")
      found.plain = found.plain && (text == "null" || text == "[null]");
    if (*key == "Length") {
      const auto length = parseInteger(text);
      if (length && *length >= 0) found.length = static_cast<std::size_t>(*length);
    }
  }
  if (!scan.take("stream")) return std::nullopt;
  std::size_t at = scan.at();
  if (at < object.size() && object[at] == '\r') ++at;
  if (at < object.size() && object[at] == '\n') ++at;
  found.begin = at;
  return found;
}

std::optional<std::string> contents(const Attachment& attachment, std::string_view rest, std::size_t most) {
  if (attachment.filter == "FlateDecode" || attachment.filter == "Fl") return inflated(rest, most);
  if (!attachment.filter.empty()) return std::nullopt;
  std::size_t length = 0;
  if (attachment.length && *attachment.length <= rest.size()) {
    length = *attachment.length;
  } else {
    length = rest.find("endstream");
    if (length == std::string_view::npos) return std::nullopt;
    while (length > 0 && (rest[length - 1] == '\n' || rest[length - 1] == '\r')) --length;
  }
  if (length > most) return std::nullopt;
  return std::string(rest.substr(0, length));
}

/// The newest attachment of the type; nothing when there is none.
Result<std::optional<std::string>> attachment(std::string_view pdf, std::string_view mime, std::size_t most) {
  // What of its name no program spells otherwise (#2f for the slash, #2b for the plus).
  constexpr std::string_view sought = "vnd.headlight.";
  int candidates = 0;
  for (std::size_t at = pdf.rfind(sought); at != std::string_view::npos && ++candidates <= kMostCandidates;
       at = at == 0 ? std::string_view::npos : pdf.rfind(sought, at - 1)) {
    const std::size_t object = pdf.rfind("obj", at);
    if (object == std::string_view::npos || at - object > kMostDictionaryBytes) continue;
    const std::size_t begin = object + 3;
    const auto found = attachmentAt(pdf.substr(begin, at - begin + kMostDictionaryBytes));
    if (!found || found->mime != mime) continue;
    auto text = found->plain ? contents(*found, pdf.substr(begin + found->begin), most) : std::nullopt;
    if (!text) {
      return Error{ErrorCode::invalid,
                   "an attachment of the PDF is damaged, packed in an unknown way or has more than " +
                       bytesText(static_cast<double>(most)),
                   "byte " + std::to_string(begin), ""};
    }
    return std::optional<std::string>(std::move(*text));
  }
  return std::optional<std::string>();
}

}  // namespace

Result<Carried> carriedByPdf(std::string_view pdf) {
  auto experiment = attachment(pdf, kExperimentMime, kMostCarriedBytes);
  if (!experiment) return experiment.error();
  if (!*experiment) {
    const bool sealed = pdf.find("/Encrypt") != std::string_view::npos;
    return Error{ErrorCode::invalid, "the PDF carries no experiment", "",
                 sealed ? "It is encrypted: what it carries cannot be read"
                        : "Only figures exported by Headlight without --strip do"};
  }
  // Packed data is no larger than what it holds and the list of it.
  auto data = attachment(pdf, kDataMime, 2 * kMostPackedBytes);
  if (!data) return data.error();
  return Carried{std::move(**experiment), std::move(*data).value_or("")};
}

}  // namespace headlight
