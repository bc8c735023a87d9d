#include "core/files/embedded.h"

#include "core/base/utf8.h"
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

Result<std::string> readEmbedded(std::string_view bytes) {
  Result<std::string> found = Error{ErrorCode::invalid, "found no figure, accepted are PNG and SVG", "", ""};
  switch (figureKind(bytes)) {
    case FigureKind::png:
      found = experimentFromPng(bytes);
      break;
    case FigureKind::svg:
      found = experimentFromSvg(bytes);
      break;
    case FigureKind::pdf:
      return Error{ErrorCode::invalid, "PDF figures written by this version carry no experiment", "",
                   "Use the PNG or SVG of the same figure"};
    case FigureKind::none:
      break;
  }
  if (found) {
    if (const auto bad = firstInvalidUtf8(*found)) {
      return Error{ErrorCode::invalid, "the experiment inside the figure is no UTF-8",
                   "byte " + std::to_string(*bad) + " of the experiment", ""};
    }
  }
  return found;
}

}  // namespace headlight
