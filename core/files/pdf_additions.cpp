#include <initializer_list>
#include <string>
#include <utility>

#include <qpdf/qpdf-c.h>

#include "core/base/utf8.h"
#include "core/files/embedded.h"
#include "core/files/embedded_pdf.h"

namespace headlight {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : repairedUtf8(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    }
  }
  return out;
}

/// Title and description in the language of the file's default (Dublin Core in XMP, ISO 16684-1).
std::string xmp(const PdfAdditions& additions) {
  const auto inDefault = [](const char* property, const std::string& text) {
    if (text.empty()) return std::string();
    return "<" + std::string(property) + "><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escaped(text) +
           "</rdf:li></rdf:Alt></" + property + ">\n";
  };
  std::string text =
      "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
      "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n";
  text += inDefault("dc:title", additions.title) + inDefault("dc:description", additions.description);
  if (!additions.creator.empty())
    text += "<xmp:CreatorTool>" + escaped(additions.creator) + "</xmp:CreatorTool>\n";
  return text + "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n";
}

/// A PDF in the hands of qpdf. Its objects are numbers that live as long as it does.
class Pdf {
 public:
  Pdf() : data_(::qpdf_init()) {
    ::qpdf_silence_errors(data_);
    ::qpdf_set_suppress_warnings(data_, QPDF_TRUE);
    ::qpdf_set_attempt_recovery(data_, QPDF_FALSE);
  }
  ~Pdf() { ::qpdf_cleanup(&data_); }
  Pdf(const Pdf&) = delete;
  Pdf& operator=(const Pdf&) = delete;

  Status read(const std::string& bytes) {
    if (::qpdf_read_memory(data_, "figure", bytes.data(), bytes.size(), nullptr) < QPDF_ERRORS) return {};
    return fault();
  }

  Result<std::string> written() {
    if (::qpdf_has_error(data_) || ::qpdf_init_write_memory(data_) >= QPDF_ERRORS) return fault();
    ::qpdf_set_deterministic_ID(data_, QPDF_TRUE);
    ::qpdf_set_suppress_original_object_IDs(data_, QPDF_TRUE);
    if (::qpdf_write(data_) >= QPDF_ERRORS) return fault();
    return std::string(reinterpret_cast<const char*>(::qpdf_get_buffer(data_)),
                       ::qpdf_get_buffer_length(data_));
  }

  qpdf_oh root() { return ::qpdf_get_root(data_); }
  qpdf_oh name(const std::string& text) { return ::qpdf_oh_new_name(data_, text.c_str()); }
  qpdf_oh number(std::size_t value) { return ::qpdf_oh_new_integer(data_, static_cast<long long>(value)); }
  qpdf_oh text(const std::string& utf8) {
    return ::qpdf_oh_new_unicode_string(data_, repairedUtf8(utf8).c_str());
  }
  qpdf_oh dictionary(std::initializer_list<std::pair<const char*, qpdf_oh>> entries) {
    const qpdf_oh made = ::qpdf_oh_new_dictionary(data_);
    for (const auto& [key, value] : entries) put(made, key, value);
    return made;
  }
  qpdf_oh stream(const std::string& bytes, std::initializer_list<std::pair<const char*, qpdf_oh>> entries) {
    const qpdf_oh made = ::qpdf_oh_new_stream(data_);
    const qpdf_oh none = ::qpdf_oh_new_null(data_);
    ::qpdf_oh_replace_stream_data(data_, made, reinterpret_cast<const unsigned char*>(bytes.data()),
                                  bytes.size(), none, none);
    const qpdf_oh says = ::qpdf_oh_get_dict(data_, made);
    for (const auto& [key, value] : entries) put(says, key, value);
    return made;
  }
  qpdf_oh indirect(qpdf_oh object) { return ::qpdf_make_indirect_object(data_, object); }
  void put(qpdf_oh dictionary, const char* key, qpdf_oh value) {
    ::qpdf_oh_replace_key(data_, dictionary, key, value);
  }
  qpdf_oh list() { return ::qpdf_oh_new_array(data_); }
  void append(qpdf_oh list, qpdf_oh item) { ::qpdf_oh_append_item(data_, list, item); }

  /// Gives the tagged figures at or below the element their alternative texts, from number `next` on.
  void describe(qpdf_oh element, const std::vector<std::string>& alternatives, std::size_t& next,
                int depth = 0) {
    constexpr int kMostDepth = 4;
    if (depth > kMostDepth || next >= alternatives.size()) return;
    if (::qpdf_oh_is_array(data_, element)) {
      for (int i = 0; i < ::qpdf_oh_get_array_n_items(data_, element); ++i)
        describe(::qpdf_oh_get_array_item(data_, element, i), alternatives, next, depth + 1);
      return;
    }
    if (!::qpdf_oh_is_dictionary(data_, element)) return;
    if (::qpdf_oh_is_name_and_equals(data_, ::qpdf_oh_get_key(data_, element, "/S"), "/Figure")) {
      put(element, "/Alt", text(alternatives[next++]));
      return;
    }
    describe(::qpdf_oh_get_key(data_, element, "/K"), alternatives, next, depth + 1);
  }
  void describe(const std::vector<std::string>& alternatives) {
    std::size_t next = 0;
    describe(::qpdf_oh_get_key(data_, root(), "/StructTreeRoot"), alternatives, next);
    put(root(), "/MarkInfo", dictionary({{"/Marked", ::qpdf_oh_new_bool(data_, QPDF_TRUE)}}));
    put(root(), "/Lang", text("en"));
  }

 private:
  Error fault() {
    std::string what = "the PDF was not finished";
    if (::qpdf_has_error(data_)) {
      what += std::string(": ") + ::qpdf_get_error_message_detail(data_, ::qpdf_get_error(data_));
    }
    return Error{ErrorCode::failed, repairedUtf8(what), "", ""};
  }

  qpdf_data data_;
};

/// A file of the document, by whose name it is listed (ISO 32000-1, 7.11.4).
void attach(Pdf& pdf, qpdf_oh names, const std::string& name, std::string_view mime,
            const std::string& description, const std::string& bytes) {
  const qpdf_oh contents =
      pdf.stream(bytes, {{"/Type", pdf.name("/EmbeddedFile")},
                         {"/Subtype", pdf.name("/" + std::string(mime))},
                         {"/Params", pdf.dictionary({{"/Size", pdf.number(bytes.size())}})}});
  const qpdf_oh file = pdf.dictionary({{"/Type", pdf.name("/Filespec")},
                                       {"/F", pdf.text(name)},
                                       {"/UF", pdf.text(name)},
                                       {"/Desc", pdf.text(description)},
                                       {"/EF", pdf.dictionary({{"/F", contents}, {"/UF", contents}})}});
  pdf.append(names, pdf.text(name));
  pdf.append(names, pdf.indirect(file));
}

}  // namespace

Result<std::string> withPdfAdditions(const std::string& bytes, const PdfAdditions& additions) {
  Pdf pdf;
  if (Status status = pdf.read(bytes); !status) return status.error();
  if (!additions.figures.empty()) {
    pdf.describe(additions.figures);
  } else if (!additions.description.empty()) {
    pdf.describe({additions.description});
  }
  if (!additions.title.empty() || !additions.description.empty() || !additions.creator.empty()) {
    pdf.put(pdf.root(), "/Metadata",
            pdf.stream(xmp(additions), {{"/Type", pdf.name("/Metadata")}, {"/Subtype", pdf.name("/XML")}}));
  }
  // In the order of their names, as a name tree has to be.
  const qpdf_oh names = pdf.list();
  if (!additions.data.empty()) {
    attach(pdf, names, "experiment.headlight.data", kDataMime, "The files that the experiment reads",
           additions.data);
  }
  if (!additions.experiment.empty()) {
    attach(pdf, names, "experiment.headlight.json", kExperimentMime, "The experiment that made this figure",
           additions.experiment);
  }
  if (!additions.data.empty() || !additions.experiment.empty()) {
    pdf.put(pdf.root(), "/Names", pdf.dictionary({{"/EmbeddedFiles", pdf.dictionary({{"/Names", names}})}}));
  }
  return pdf.written();
}

}  // namespace headlight
