#include "core/figure/text_layout.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include <pango/pangocairo.h>

#include "core/base/utf8.h"
#include "core/figure/fonts.h"
#include "core/figure/pango_line.h"

namespace headlight {
namespace {

constexpr double kScriptSize = 0.7;

const char* familyOf(FontFace face) {
  switch (face) {
    case FontFace::words:
      return "Inter, DejaVu Sans";
    case FontFace::numbers:
      return "JetBrains Mono, DejaVu Sans";
    case FontFace::serif:
      return "TeX Gyre Termes, DejaVu Sans";
  }
  return "Inter";
}

double points(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

// Of a piece on the line. Layouts ask for the same few words again and again, and shaping them is what costs.
TextExtent extentOf(const TextPiece& piece) {
  constexpr std::size_t kMostKept = 8192;
  constexpr std::size_t kLongestKept = 256;  // bytes
  thread_local std::unordered_map<std::string, TextExtent> kept;
  const double size = drawnSize(piece);
  std::string key = std::to_string(static_cast<int>(piece.face)) + " " + std::to_string(piece.weight) + " ";
  key.append(reinterpret_cast<const char*>(&size), sizeof size);
  key += piece.text;
  if (const auto found = kept.find(key); found != kept.end()) return found->second;
  const Layout layout = layOut(piece);
  PangoRectangle logical;
  pango_layout_line_get_extents(pango_layout_get_line_readonly(layout.get(), 0), nullptr, &logical);
  const TextExtent extent{points(logical.width) * kMmPerPoint, points(-logical.y) * kMmPerPoint,
                          points(logical.y + logical.height) * kMmPerPoint};
  if (key.size() > kLongestKept) return extent;
  if (kept.size() >= kMostKept) kept.clear();
  kept.emplace(std::move(key), extent);
  return extent;
}

}  // namespace

void ReleaseLayout::operator()(PangoLayout* layout) const {
  g_object_unref(layout);
}

Layout layOut(const TextPiece& piece) {
  Layout layout(pango_layout_new(fontContext()));
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, familyOf(piece.face));
  pango_font_description_set_weight(font, static_cast<PangoWeight>(piece.weight));
  pango_font_description_set_absolute_size(font, drawnSize(piece) * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  const std::string text = repairedUtf8(piece.text);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

double drawnSize(const TextPiece& piece) {
  if (piece.level == 0) return piece.sizePt;
  return std::max(kScriptSize * piece.sizePt, std::min(piece.leastPt, piece.sizePt));
}

double baselineShift(const TextPiece& piece) {
  if (piece.level == 0) return 0;
  return (piece.level > 0 ? -0.32 : 0.26) * piece.sizePt;
}

TextExtent measure(const Text& text) {
  TextExtent extent;
  for (const TextPiece& piece : text.pieces) {
    const TextExtent alone = extentOf(piece);
    const double shift = baselineShift(piece) * kMmPerPoint;
    extent.width += piece.gapMm + alone.width;
    extent.ascent = std::max(extent.ascent, alone.ascent - shift);
    extent.descent = std::max(extent.descent, alone.descent + shift);
  }
  return extent;
}

std::vector<Text> wrap(const TextPiece& piece, double width) {
  std::vector<Text> lines;
  TextPiece line = piece;
  line.text.clear();
  std::size_t at = 0;
  while (at < piece.text.size()) {
    std::size_t end = piece.text.find(' ', at);
    if (end == std::string::npos) end = piece.text.size();
    TextPiece longer = line;
    if (!longer.text.empty()) longer.text += ' ';
    longer.text += piece.text.substr(at, end - at);
    if (line.text.empty() || measure({{longer}}).width <= width) {
      line = longer;
    } else {
      lines.push_back({{line}});
      line.text = piece.text.substr(at, end - at);
    }
    at = end + 1;
  }
  if (!line.text.empty()) lines.push_back({{line}});
  return lines;
}

}  // namespace headlight
