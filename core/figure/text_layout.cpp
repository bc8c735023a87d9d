#include "core/figure/text_layout.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>

#include "core/base/utf8.h"
#include "core/figure/fonts.h"
#include "core/figure/show_text.h"

namespace headlight {
namespace {

constexpr double kScriptSize = 0.7;

struct Release {
  void operator()(void* object) const { g_object_unref(object); }
};
using Layout = std::unique_ptr<PangoLayout, Release>;

Layout makeLayout(const TextPiece& piece) {
  Layout layout(pango_layout_new(fontContext()));
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(
      font, piece.face == FontFace::words ? "Inter, DejaVu Sans" : "JetBrains Mono, DejaVu Sans");
  pango_font_description_set_weight(font, static_cast<PangoWeight>(piece.weight));
  pango_font_description_set_absolute_size(font, drawnSize(piece) * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  const std::string text = repairedUtf8(piece.text);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

double points(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

bool hasColour(PangoFont* font) {
  if (!PANGO_IS_FC_FONT(font)) return false;
  FcBool colour = FcFalse;
  FcPattern* pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
  return pattern && FcPatternGetBool(pattern, FC_COLOR, 0, &colour) == FcResultMatch && colour;
}

// A run of colour glyphs as one image, laid where they would stand.
void showAsImage(cairo_t* cairo, PangoGlyphItem* run, double dpi) {
  PangoRectangle ink;
  PangoRectangle logical;
  pango_glyph_string_extents(run->glyphs, run->item->analysis.font, &ink, &logical);
  const double scale = dpi / 72;
  const double left = std::floor(points(ink.x)) - 1;
  const double top = std::floor(points(ink.y)) - 1;
  const int width = static_cast<int>(std::ceil((points(ink.width) + 3) * scale));
  const int height = static_cast<int>(std::ceil((points(ink.height) + 3) * scale));
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t* inner = cairo_create(surface);
  cairo_scale(inner, scale, scale);
  cairo_move_to(inner, -left, -top);
  pango_cairo_show_glyph_string(inner, run->item->analysis.font, run->glyphs);
  cairo_destroy(inner);
  cairo_save(cairo);
  cairo_translate(cairo, left, top);
  cairo_scale(cairo, 1 / scale, 1 / scale);
  cairo_set_source_surface(cairo, surface, 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
  cairo_surface_destroy(surface);
}

void showLine(cairo_t* cairo, PangoLayoutLine* line, double emojiDpi) {
  bool colour = false;
  for (GSList* at = line->runs; at; at = at->next) {
    colour = colour || hasColour(static_cast<PangoGlyphItem*>(at->data)->item->analysis.font);
  }
  if (!colour || emojiDpi <= 0) {
    cairo_move_to(cairo, 0, 0);
    pango_cairo_show_layout_line(cairo, line);
    return;
  }
  cairo_save(cairo);
  for (GSList* at = line->runs; at; at = at->next) {
    auto* run = static_cast<PangoGlyphItem*>(at->data);
    if (hasColour(run->item->analysis.font)) {
      showAsImage(cairo, run, emojiDpi);
    } else {
      cairo_move_to(cairo, 0, 0);
      pango_cairo_show_glyph_string(cairo, run->item->analysis.font, run->glyphs);
    }
    cairo_translate(cairo, points(pango_glyph_string_get_width(run->glyphs)), 0);
  }
  cairo_restore(cairo);
}

}  // namespace

double drawnSize(const TextPiece& piece) {
  return piece.level == 0 ? piece.sizePt : kScriptSize * piece.sizePt;
}

double baselineShift(const TextPiece& piece) {
  if (piece.level == 0) return 0;
  return (piece.level > 0 ? -0.32 : 0.26) * piece.sizePt;
}

TextExtent measure(const Text& text) {
  TextExtent extent;
  for (const TextPiece& piece : text.pieces) {
    const Layout layout = makeLayout(piece);
    PangoRectangle logical;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout.get(), 0), nullptr, &logical);
    const double shift = baselineShift(piece);
    extent.width += piece.gapMm + points(logical.width) * kMmPerPoint;
    extent.ascent = std::max(extent.ascent, (points(-logical.y) - shift) * kMmPerPoint);
    extent.descent = std::max(extent.descent, (points(logical.y + logical.height) + shift) * kMmPerPoint);
  }
  return extent;
}

void showText(cairo_t* cairo, const Text& text, double emojiDpi) {
  cairo_save(cairo);
  for (const TextPiece& piece : text.pieces) {
    const Layout layout = makeLayout(piece);
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, nullptr, &logical);
    cairo_translate(cairo, piece.gapMm / kMmPerPoint, 0);
    cairo_set_source_rgb(cairo, piece.colour.r / 255.0, piece.colour.g / 255.0, piece.colour.b / 255.0);
    cairo_save(cairo);
    cairo_translate(cairo, 0, baselineShift(piece));
    showLine(cairo, line, emojiDpi);
    cairo_restore(cairo);
    cairo_translate(cairo, points(logical.width), 0);
  }
  cairo_restore(cairo);
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
