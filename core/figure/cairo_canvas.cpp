#include "core/figure/cairo_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <numbers>
#include <vector>

#include <cairo-pdf.h>
#include <cairo.h>

#include "core/base/number.h"
#include "core/figure/png_writer.h"
#include "core/figure/show_text.h"
#include "core/figure/surface_pixels.h"

namespace headlight {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct DestroyContext {
  void operator()(cairo_t* c) const { cairo_destroy(c); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Context = std::unique_ptr<cairo_t, DestroyContext>;

// Cairo's 32-bit pixel: alpha, red, green, blue from the highest byte down.
Surface toSurface(const Picture& picture) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height));
  cairo_surface_flush(surface.get());
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  if (!data) return surface;
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    auto* row = reinterpret_cast<std::uint32_t*>(data + y * stride);
    const std::uint8_t* from = picture.rgba.data() + y * static_cast<std::size_t>(picture.width) * 4;
    for (std::size_t x = 0; x < static_cast<std::size_t>(picture.width); ++x) {
      row[x] = 0xff000000u | (static_cast<std::uint32_t>(from[4 * x]) << 16) |
               (static_cast<std::uint32_t>(from[4 * x + 1]) << 8) | from[4 * x + 2];
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

class CairoCanvas : public Canvas {
 public:
  /// The context's unit is the millimetre. `raster`: pixels, so that edges of cells are not blended. `tags`:
  /// groups that are named like a tag become one.
  CairoCanvas(cairo_t* cairo, bool raster, Lettering lettering, bool tags = false)
      : cairo_(cairo), raster_(raster), lettering_(lettering), tags_(tags) {}

  void cells(std::span<const FilledCell> all) override {
    cairo_save(cairo_);
    if (raster_) cairo_set_antialias(cairo_, CAIRO_ANTIALIAS_NONE);
    for (const FilledCell& cell : all) {
      colour(cell.colour);
      cairo_rectangle(cairo_, cell.area.x, cell.area.y, cell.area.width, cell.area.height);
      cairo_fill(cairo_);
    }
    cairo_restore(cairo_);
  }

  void lines(std::span<const Segment> segments, double width, Rgb ink) override {
    colour(ink);
    cairo_set_line_width(cairo_, width);
    for (const Segment& s : segments) {
      cairo_move_to(cairo_, s.from.x, s.from.y);
      cairo_line_to(cairo_, s.to.x, s.to.y);
    }
    cairo_stroke(cairo_);
  }

  void polygon(std::span<const Point> corners, Rgb ink) override {
    colour(ink);
    cairo_new_path(cairo_);  // a text leaves its place behind
    for (const Point& p : corners) cairo_line_to(cairo_, p.x, p.y);
    cairo_close_path(cairo_);
    cairo_fill(cairo_);
  }

  void dots(std::span<const Point> centres, double radius, Rgb ink) override {
    colour(ink);
    for (const Point& p : centres) {
      cairo_new_sub_path(cairo_);
      cairo_arc(cairo_, p.x, p.y, radius, 0, 2 * std::numbers::pi);
    }
    cairo_fill(cairo_);
  }

  void image(const Rect& area, const Picture& picture) override {
    if (picture.width < 1 || picture.height < 1) return;
    const Surface surface = toSurface(picture);
    cairo_save(cairo_);
    cairo_rectangle(cairo_, area.x, area.y, area.width, area.height);
    if (raster_) cairo_set_antialias(cairo_, CAIRO_ANTIALIAS_NONE);
    cairo_clip(cairo_);
    cairo_translate(cairo_, area.x, area.y);
    cairo_scale(cairo_, area.width / picture.width, area.height / picture.height);
    cairo_set_source_surface(cairo_, surface.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo_), CAIRO_FILTER_NEAREST);
    // At the far edges a pixel's centre may lie a hair outside; it takes the last colour, not nothing.
    cairo_pattern_set_extend(cairo_get_source(cairo_), raster_ ? CAIRO_EXTEND_PAD : CAIRO_EXTEND_NONE);
    cairo_paint(cairo_);
    cairo_restore(cairo_);
  }

  void text(Point at, const Text& line, Anchor anchor, bool upright) override {
    const double width = anchor == Anchor::start ? 0 : measure(line).width;
    cairo_save(cairo_);
    cairo_translate(cairo_, at.x, at.y);
    if (upright) cairo_rotate(cairo_, -std::numbers::pi / 2);
    cairo_translate(cairo_, anchor == Anchor::end ? -width : anchor == Anchor::middle ? -width / 2 : 0, 0);
    cairo_scale(cairo_, kMmPerPoint, kMmPerPoint);
    showText(cairo_, line, lettering_);
    cairo_restore(cairo_);
  }

  void pushClip(const Rect& area) override {
    cairo_save(cairo_);
    cairo_rectangle(cairo_, area.x, area.y, area.width, area.height);
    cairo_clip(cairo_);
  }
  void popClip() override { cairo_restore(cairo_); }
  void beginGroup(std::string_view name) override {
    const auto* tag = std::find(std::begin(kTags), std::end(kTags), name);
    const bool known = tags_ && tag != std::end(kTags);
    groups_.push_back(known ? *tag : std::string_view());
    if (known) cairo_tag_begin(cairo_, tag->data(), nullptr);
  }
  void endGroup() override {
    if (groups_.empty()) return;
    if (!groups_.back().empty()) cairo_tag_end(cairo_, groups_.back().data());
    groups_.pop_back();
  }

 private:
  static constexpr std::string_view kTags[] = {"P", "H1", "H2", "Figure"};

  void colour(Rgb c) { cairo_set_source_rgb(cairo_, c.r / 255.0, c.g / 255.0, c.b / 255.0); }

  cairo_t* cairo_;
  bool raster_;
  Lettering lettering_;
  bool tags_;
  std::vector<std::string_view> groups_;  ///< open ones, by their tags
};

void paintPaper(cairo_t* cairo, const Drawing& drawing) {
  if (drawing.transparent) return;
  const Rgb paper = drawing.paper;
  cairo_set_source_rgb(cairo, paper.r / 255.0, paper.g / 255.0, paper.b / 255.0);
  cairo_paint(cairo);
}

Status paint(cairo_t* cairo, const Drawing& drawing, bool raster, const Lettering& lettering,
             bool tags = false) {
  CairoCanvas canvas(cairo, raster, lettering, tags);
  drawing.replay(canvas);
  if (cairo_status(cairo) == CAIRO_STATUS_SUCCESS) return {};
  return Error{ErrorCode::failed,
               std::string("the figure was not drawn: ") + cairo_status_to_string(cairo_status(cairo)), "",
               ""};
}

std::string creationDate() {
  std::time_t seconds = 0;
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    if (const auto given = parseInteger(epoch); given && *given >= 0 && *given < 253402300800) {
      seconds = static_cast<std::time_t>(*given);
    }
  }
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char buffer[40];
  std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return buffer;
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// A PDF of these pages, each painted by `paintPage` in millimetres.
template <class PaintPage>
Result<std::string> pdfOf(std::span<const Drawing> pages, const FigureMetadata& metadata,
                          const PaintPage& paintPage) {
  std::string bytes;
  if (pages.empty()) return Error{ErrorCode::failed, "the PDF was not written: it has no pages", "", ""};
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, pages.front().width / kMmPerPoint,
                                                            pages.front().height / kMmPerPoint));
  const auto say = [&](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface.get(), what, text.c_str());
  };
  const std::string date = creationDate();
  say(CAIRO_PDF_METADATA_CREATE_DATE, date);
  say(CAIRO_PDF_METADATA_MOD_DATE, date);
  if (!metadata.nothing) {
    say(CAIRO_PDF_METADATA_TITLE, metadata.title);
    say(CAIRO_PDF_METADATA_SUBJECT, metadata.description);
    say(CAIRO_PDF_METADATA_CREATOR, metadata.creator);
  }
  const Context cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), 1 / kMmPerPoint, 1 / kMmPerPoint);
  for (const Drawing& page : pages) {
    cairo_pdf_surface_set_size(surface.get(), page.width / kMmPerPoint, page.height / kMmPerPoint);
    paintPaper(cairo.get(), page);
    if (const Status status = paintPage(cairo.get(), page); !status) return status.error();
    cairo_show_page(cairo.get());
  }
  cairo_surface_finish(surface.get());
  if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS) {
    return Error{ErrorCode::failed, std::string("the PDF was not written: ") + cairo_status_to_string(status),
                 "", ""};
  }
  return bytes;
}

}  // namespace

Result<Picture> paintPicture(const Drawing& drawing, double dpi) {
  const double scale = dpi / 25.4;
  const int width = std::max(1, static_cast<int>(std::lround(drawing.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(drawing.height * scale)));
  const Surface surface(cairo_image_surface_create(
      drawing.transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, width, height));
  const Context cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), scale, scale);
  paintPaper(cairo.get(), drawing);
  if (const Status status = paint(cairo.get(), drawing, true, {}); !status) return status.error();
  return pixelsOf(surface.get());
}

Result<std::string> paintPng(const Drawing& drawing, double dpi, const FigureMetadata& metadata) {
  const Result<Picture> picture = paintPicture(drawing, dpi);
  if (!picture) return picture.error();
  PngOptions options;
  options.dpi = dpi;
  if (!metadata.nothing) {
    options.texts = {
        {"Software", metadata.creator}, {"Title", metadata.title}, {"Description", metadata.description}};
  }
  return encodePng(*picture, options);
}

Result<std::string> paintPdf(const Drawing& drawing, double dpi, bool outline,
                             const FigureMetadata& metadata) {
  // One figure of a tagged document, which can have an alternative text.
  const bool tagged = !metadata.nothing;
  return pdfOf({&drawing, 1}, metadata, [&](cairo_t* cairo, const Drawing& page) {
    if (tagged) cairo_tag_begin(cairo, "Figure", nullptr);
    Status status = paint(cairo, page, false, {outline, dpi});
    if (tagged && status) cairo_tag_end(cairo, "Figure");
    return status;
  });
}

Result<std::string> paintPdfPages(std::span<const Drawing> pages, double dpi,
                                  const FigureMetadata& metadata) {
  return pdfOf(pages, metadata, [&](cairo_t* cairo, const Drawing& page) {
    return paint(cairo, page, false, {false, dpi}, !metadata.nothing);
  });
}

}  // namespace headlight
