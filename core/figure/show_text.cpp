#include "core/figure/show_text.h"

#include <cmath>
#include <memory>
#include <utility>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>

#include "core/figure/pango_line.h"
#include "core/figure/surface_pixels.h"

namespace headlight {
namespace {

double points(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

bool says(FcPattern* pattern, const char* what, bool otherwise) {
  FcBool value = FcFalse;
  return FcPatternGetBool(pattern, what, 0, &value) == FcResultMatch ? value != FcFalse : otherwise;
}

FcPattern* patternOf(PangoFont* font) {
  return PANGO_IS_FC_FONT(font) ? pango_fc_font_get_pattern(PANGO_FC_FONT(font)) : nullptr;
}

/// Glyphs that are pictures themselves.
bool isPicture(PangoFont* font) {
  FcPattern* pattern = patternOf(font);
  return pattern && (says(pattern, FC_COLOR, false) || !says(pattern, FC_OUTLINE, true));
}

/// Letters made bold or slanted by calculation: no font file has them, and PDF would get a font of Type 3.
bool isCalculated(PangoFont* font) {
  FcPattern* pattern = patternOf(font);
  FcMatrix* matrix = nullptr;
  const bool slanted = pattern && FcPatternGetMatrix(pattern, FC_MATRIX, 0, &matrix) == FcResultMatch &&
                       (matrix->xy != 0 || matrix->yx != 0);
  return pattern && (slanted || says(pattern, FC_EMBOLDEN, false));
}

struct Free {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(cairo_path_t* p) const { cairo_path_destroy(p); }
};
using Surface = std::unique_ptr<cairo_surface_t, Free>;
using Context = std::unique_ptr<cairo_t, Free>;
using Path = std::unique_ptr<cairo_path_t, Free>;

/// A run of glyphs as pixels; `left` and `top` of the image from the run's start, in points.
struct RunImage {
  Surface surface;
  double left = 0;
  double top = 0;
  double scale = 1;  ///< pixels a point
};

RunImage imageOf(PangoGlyphItem* run, double dpi) {
  PangoRectangle ink;
  pango_glyph_string_extents(run->glyphs, run->item->analysis.font, &ink, nullptr);
  RunImage image;
  image.scale = dpi / 72;
  image.left = std::floor(points(ink.x)) - 1;
  image.top = std::floor(points(ink.y)) - 1;
  const int width = static_cast<int>(std::ceil((points(ink.width) + 3) * image.scale));
  const int height = static_cast<int>(std::ceil((points(ink.height) + 3) * image.scale));
  image.surface.reset(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
  const Context inner(cairo_create(image.surface.get()));
  cairo_scale(inner.get(), image.scale, image.scale);
  cairo_move_to(inner.get(), -image.left, -image.top);
  pango_cairo_show_glyph_string(inner.get(), run->item->analysis.font, run->glyphs);
  return image;
}

void showAsImage(cairo_t* cairo, PangoGlyphItem* run, double dpi) {
  const RunImage image = imageOf(run, dpi);
  cairo_save(cairo);
  cairo_translate(cairo, image.left, image.top);
  cairo_scale(cairo, 1 / image.scale, 1 / image.scale);
  cairo_set_source_surface(cairo, image.surface.get(), 0, 0);
  // Filled, not painted: Cairo forgets the tags before a paint without bounds on an empty page.
  cairo_rectangle(cairo, 0, 0, cairo_image_surface_get_width(image.surface.get()),
                  cairo_image_surface_get_height(image.surface.get()));
  cairo_fill(cairo);
  cairo_restore(cairo);
}

/// Calls visit(run) with the context's origin at each run's start on the baseline.
template <class Visit>
void eachRun(cairo_t* cairo, PangoLayoutLine* line, const Visit& visit) {
  cairo_save(cairo);
  for (GSList* at = line->runs; at; at = at->next) {
    auto* run = static_cast<PangoGlyphItem*>(at->data);
    cairo_move_to(cairo, 0, 0);
    visit(run);
    cairo_translate(cairo, points(pango_glyph_string_get_width(run->glyphs)), 0);
  }
  cairo_restore(cairo);
}

void showLine(cairo_t* cairo, PangoLayoutLine* line, const Lettering& lettering) {
  if (lettering.emojiDpi <= 0 && !lettering.asShapes) {
    cairo_move_to(cairo, 0, 0);
    pango_cairo_show_layout_line(cairo, line);
    return;
  }
  eachRun(cairo, line, [&](PangoGlyphItem* run) {
    PangoFont* font = run->item->analysis.font;
    if (isPicture(font)) {
      showAsImage(cairo, run, lettering.emojiDpi > 0 ? lettering.emojiDpi : 300);
    } else if (lettering.asShapes || isCalculated(font)) {
      pango_cairo_glyph_string_path(cairo, font, run->glyphs);
      cairo_fill(cairo);
    } else {
      // With its text: a glyph that stands for a letter in another place has none of its own to be found by.
      pango_cairo_show_glyph_item(cairo, pango_layout_get_text(line->layout), run);
    }
  });
}

/// Calls show(piece, line) with the context's origin at each piece's start on its own baseline, in points.
template <class Show>
void eachPiece(cairo_t* cairo, const Text& text, const Show& show) {
  cairo_save(cairo);
  for (const TextPiece& piece : text.pieces) {
    const Layout layout = layOut(piece);
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, nullptr, &logical);
    cairo_translate(cairo, piece.gapMm / kMmPerPoint, 0);
    cairo_save(cairo);
    cairo_translate(cairo, 0, baselineShift(piece));
    show(piece, line);
    cairo_restore(cairo);
    cairo_translate(cairo, points(logical.width), 0);
  }
  cairo_restore(cairo);
}

/// Cairo keeps paths in 1/256 of its surface's units, which is coarse for a point.
constexpr double kPathUnits = 8;

Point pageMm(cairo_t* cairo, double x, double y) {
  cairo_user_to_device(cairo, &x, &y);
  return {x / kPathUnits * kMmPerPoint, y / kPathUnits * kMmPerPoint};
}

/// The context's path, whose points come in the units of the user.
std::vector<OutlineStep> takePath(cairo_t* cairo) {
  std::vector<OutlineStep> steps;
  const Path path(cairo_copy_path(cairo));
  cairo_new_path(cairo);
  for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
    const cairo_path_data_t* data = &path->data[i];
    OutlineStep step;
    const int count = data->header.length - 1;
    for (int p = 0; p < count && p < 3; ++p)
      step.points[static_cast<std::size_t>(p)] = pageMm(cairo, data[1 + p].point.x, data[1 + p].point.y);
    switch (data->header.type) {
      case CAIRO_PATH_MOVE_TO:
        step.kind = 'M';
        break;
      case CAIRO_PATH_LINE_TO:
        step.kind = 'L';
        break;
      case CAIRO_PATH_CURVE_TO:
        step.kind = 'C';
        break;
      case CAIRO_PATH_CLOSE_PATH:
        step.kind = 'Z';
        break;
    }
    steps.push_back(step);
  }
  // After each closed shape Cairo stands where it began; only the last such step draws nothing.
  while (!steps.empty() && steps.back().kind == 'M') steps.pop_back();
  return steps;
}

}  // namespace

void showText(cairo_t* cairo, const Text& text, const Lettering& lettering) {
  eachPiece(cairo, text, [&](const TextPiece& piece, PangoLayoutLine* line) {
    cairo_set_source_rgb(cairo, piece.colour.r / 255.0, piece.colour.g / 255.0, piece.colour.b / 255.0);
    showLine(cairo, line, lettering);
  });
}

OutlinedText outlined(const Text& text, double emojiDpi) {
  OutlinedText all;
  // One without bounds: Cairo leaves out glyphs that are far outside of a surface.
  const Surface surface(cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nullptr));
  const Context context(cairo_create(surface.get()));
  cairo_t* cairo = context.get();
  cairo_scale(cairo, kPathUnits, kPathUnits);
  eachPiece(cairo, text, [&](const TextPiece& piece, PangoLayoutLine* line) {
    eachRun(cairo, line, [&](PangoGlyphItem* run) {
      PangoFont* font = run->item->analysis.font;
      if (isPicture(font)) {
        const RunImage image = imageOf(run, emojiDpi);
        Picture picture = pixelsOf(image.surface.get());
        const double mm = kMmPerPoint / image.scale;
        const Point at = pageMm(cairo, image.left, image.top);
        all.images.push_back({{at.x, at.y, picture.width * mm, picture.height * mm}, std::move(picture)});
        return;
      }
      pango_cairo_glyph_string_path(cairo, font, run->glyphs);
      std::vector<OutlineStep> steps = takePath(cairo);
      if (!steps.empty()) all.outlines.push_back({piece.colour, std::move(steps)});
    });
  });
  return all;
}

}  // namespace headlight
