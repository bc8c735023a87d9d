#include "core/files/embedded.h"

#include "core/base/utf8.h"
#include "core/files/embedded_pdf.h"
#include "core/files/embedded_png.h"
#include "core/files/embedded_svg.h"

namespace headlight {

FigureKind figureKind(std::string_view bytes) {
  if (bytes.starts_with(kPngSignature)) return FigureKind::png;
  if (bytes.starts_with("%PDF-")) return FigureKind::pdf;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '<') return FigureKind::svg;
  return FigureKind::none;
}

Result<Carried> readCarried(std::string_view bytes) {
  Result<Carried> found = Error{ErrorCode::invalid, "found no figure, accepted are PNG, SVG and PDF", "", ""};
  switch (figureKind(bytes)) {
    case FigureKind::png:
      found = carriedByPng(bytes);
      break;
    case FigureKind::svg:
      found = carriedBySvg(bytes);
      break;
    case FigureKind::pdf:
      found = carriedByPdf(bytes);
      break;
    case FigureKind::none:
      break;
  }
  if (found) {
    if (const auto bad = firstInvalidUtf8(found->experiment)) {
      return Error{ErrorCode::invalid, "the experiment inside the figure is no UTF-8",
                   "byte " + std::to_string(*bad) + " of the experiment", ""};
    }
  }
  return found;
}

Result<std::string> readEmbedded(std::string_view bytes) {
  Result<Carried> carried = readCarried(bytes);
  if (!carried) return carried.error();
  return std::move(carried->experiment);
}

}  // namespace headlight
