#include "core/files/embedded_svg.h"

#include <limits>
#include <memory>
#include <mutex>
#include <utility>

#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include "core/base/utf8.h"
#include "core/files/embedded.h"

namespace headlight {
namespace {

constexpr std::string_view kNamespace = "urn:headlight:experiment";
constexpr std::string_view kElement = "experiment";
constexpr std::size_t kMostSvgBytes = std::size_t{1} << 30;
constexpr std::size_t kMostExperimentBytes = std::size_t{32} << 20;

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

  Result<std::string> read() {
    if (!reader_) return Error{ErrorCode::failed, "not enough memory to read the SVG", "", ""};
    bool root = true;
    int more = ::xmlTextReaderRead(reader_.get());
    for (; more == 1; more = ::xmlTextReaderRead(reader_.get())) {
      if (::xmlTextReaderNodeType(reader_.get()) != XML_READER_TYPE_ELEMENT) continue;
      const std::string_view name = view(::xmlTextReaderConstLocalName(reader_.get()));
      if (std::exchange(root, false) && name != "svg") {
        return invalid("found an XML file of <" + repairedUtf8(name.substr(0, 40)) + ">, accepted is <svg>");
      }
      if (name == kElement && view(::xmlTextReaderConstNamespaceUri(reader_.get())) == kNamespace)
        return text();
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

  /// All text between the element's tags.
  Result<std::string> text() {
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
          if (json.size() > kMostExperimentBytes)
            return invalid("the experiment inside the SVG has more than 32 MiB");
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
};

}  // namespace

Result<std::string> experimentFromSvg(std::string_view svg) {
  if (svg.size() > kMostSvgBytes) return invalid("found an SVG of more than 1 GiB");
  return SvgReader(svg).read();
}

std::string svgMetadata(std::string_view json) {
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
  return text + "</experiment></metadata>";
}

}  // namespace headlight
