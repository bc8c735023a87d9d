#include "core/files/embedded_svg.h"

#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/files/base64.h"
#include "core/files/data_pack.h"

namespace headlight {
namespace {

constexpr std::string_view kNamespace = "urn:headlight:experiment";
constexpr std::string_view kElement = "experiment";
/// The files, in base 64, in pieces: a parser refuses a longer text.
constexpr std::string_view kDataElement = "data";
constexpr std::size_t kPieceBytes = std::size_t{3} << 18;
constexpr std::size_t kMostSvgBytes = std::size_t{1} << 30;

Error invalid(std::string what, std::string where = "") {
  return Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
}

std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

struct Fault {
  std::string what;
  int line = 0;
};

void keepFirst(void* data, xmlErrorPtr error) {
  auto& fault = *static_cast<Fault*>(data);
  if (!fault.what.empty() || error->level < XML_ERR_ERROR) return;
  fault.what = error->message ? error->message : "damaged";
  while (!fault.what.empty() && (fault.what.back() == '\n' || fault.what.back() == '.'))
    fault.what.pop_back();
  fault.what = repairedUtf8(fault.what);
  fault.line = error->line;
}

class SvgReader {
 public:
  explicit SvgReader(std::string_view svg) {
    static std::once_flag once;
    std::call_once(once, ::xmlInitParser);
    // Entities are not put in place, so none can grow or fetch anything.
    reader_.reset(
        ::xmlReaderForMemory(svg.data(), static_cast<int>(svg.size()), nullptr, nullptr, XML_PARSE_NONET));
    if (reader_) ::xmlTextReaderSetStructuredErrorHandler(reader_.get(), keepFirst, &fault_);
  }

  Result<Carried> read() {
    if (!reader_) return Error{ErrorCode::failed, "not enough memory to read the SVG", "", ""};
    bool root = true;
    int more = ::xmlTextReaderRead(reader_.get());
    for (; more == 1; more = ::xmlTextReaderRead(reader_.get())) {
      if (::xmlTextReaderNodeType(reader_.get()) != XML_READER_TYPE_ELEMENT) continue;
      const std::string_view name = view(::xmlTextReaderConstLocalName(reader_.get()));
      if (std::exchange(root, false) && name != "svg") {
        return invalid("found an XML file of <" + repairedUtf8(name.substr(0, 40)) + ">, accepted is <svg>");
      }
      if (view(::xmlTextReaderConstNamespaceUri(reader_.get())) != kNamespace) {
        // What is carried stands together: the picture behind it need not be read.
        if (found_) break;
        continue;
      }
      if (Status status = element(name); !status) return status.error();
    }
    if (found_ && more >= 0) {
      auto data = fromBase64(data_);
      if (!data) return invalid("the files inside the SVG are no base 64");
      return Carried{std::move(*found_), std::move(*data)};
    }
    if (more < 0) return fault();
    return Error{ErrorCode::invalid, "the SVG carries no experiment", "",
                 "Only figures exported by Headlight without --strip do"};
  }

 private:
  struct Free {
    void operator()(xmlTextReaderPtr reader) const { ::xmlFreeTextReader(reader); }
  };

  Error fault() const {
    return invalid(
        "the SVG is damaged: " + (fault_.what.empty() ? std::string("it cannot be parsed") : fault_.what),
        fault_.line > 0 ? "line " + std::to_string(fault_.line) : "");
  }

  Status element(std::string_view name) {
    const bool isData = name == kDataElement;
    if (!isData && (name != kElement || found_)) return {};
    Result<std::string> content = text(isData ? 2 * kMostPackedBytes : kMostCarriedBytes);
    if (!content) return content.error();
    if (!isData) {
      found_ = std::move(*content);
      return {};
    }
    data_ += *content;
    if (data_.size() > 2 * kMostPackedBytes) return tooLong(2 * kMostPackedBytes);
    return {};
  }

  static Error tooLong(std::size_t most) {
    return invalid("what the SVG carries has more than " + bytesText(static_cast<double>(most)));
  }

  /// All text between the element's tags.
  Result<std::string> text(std::size_t most) {
    std::string json;
    if (::xmlTextReaderIsEmptyElement(reader_.get()) == 1) return json;
    const int depth = ::xmlTextReaderDepth(reader_.get());
    int more = ::xmlTextReaderRead(reader_.get());
    for (; more == 1; more = ::xmlTextReaderRead(reader_.get())) {
      switch (::xmlTextReaderNodeType(reader_.get())) {
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_WHITESPACE:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
          json += view(::xmlTextReaderConstValue(reader_.get()));
          if (json.size() > most) return tooLong(most);
          break;
        case XML_READER_TYPE_END_ELEMENT:
          if (::xmlTextReaderDepth(reader_.get()) == depth) return json;
          break;
        case XML_READER_TYPE_COMMENT:
          break;
        default:
          return invalid("found more than text inside the SVG's experiment",
                         "line " + std::to_string(::xmlTextReaderGetParserLineNumber(reader_.get())));
      }
    }
    return fault();
  }

  std::unique_ptr<xmlTextReader, Free> reader_;
  Fault fault_;
  std::optional<std::string> found_;
  std::string data_;
};

}  // namespace

Result<Carried> carriedBySvg(std::string_view svg) {
  if (svg.size() > kMostSvgBytes) return invalid("found an SVG of more than 1 GiB");
  return SvgReader(svg).read();
}

std::string svgMetadata(std::string_view json, std::string_view data) {
  std::string text = "<metadata><experiment xmlns=\"";
  text += kNamespace;
  text += "\">";
  for (std::size_t at = 0; at < json.size();) {
    const auto point = decodeUtf8(json, at);
    const char32_t c = point ? point->value : 0xfffd;
    at += point ? point->length : 1;
    if (c == '&') {
      text += "&amp;";
    } else if (c == '<') {
      text += "&lt;";
    } else if (c == '>') {
      text += "&gt;";
    } else if (c == '\r') {
      text += "&#13;";
    } else if (c == 0xfffe || c == 0xffff) {
      // XML has no place for these two; JSON can say them otherwise.
      text += c == 0xfffe ? "\\ufffe" : "\\uffff";
    } else if (c >= 0x20 || c == '\n' || c == '\t') {
      appendUtf8(text, c);
    }
  }
  text += "</experiment>";
  for (std::size_t at = 0; at < data.size(); at += kPieceBytes) {
    text +=
        "<data xmlns=\"" + std::string(kNamespace) + "\">" + base64(data.substr(at, kPieceBytes)) + "</data>";
  }
  return text + "</metadata>";
}

}  // namespace headlight
