#include "core/figure/fonts.h"

#include <memory>
#include <string>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fonts_assets.h"

namespace headlight {
namespace {

// Fontconfig reads fonts from paths only: each embedded one becomes a file in memory that stays open for
// good.
void addFont(FcConfig* config, const Asset& asset) {
  const int file = memfd_create(std::string(asset.name).c_str(), MFD_CLOEXEC);
  if (file < 0) return;
  std::string_view rest = asset.bytes;
  while (!rest.empty()) {
    const ssize_t written = write(file, rest.data(), rest.size());
    if (written <= 0) {
      close(file);
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (!FcConfigAppFontAddFile(config, reinterpret_cast<const FcChar8*>(path.c_str()))) close(file);
}

FcConfig* fontConfig() {
  static FcConfig* const config = [] {
    FcConfig* made = FcInitLoadConfigAndFonts();
    if (!made) made = FcConfigCreate();
    for (const Asset& asset : embedded::fonts()) addFont(made, asset);
    return made;
  }();
  return config;
}

struct Release {
  void operator()(void* object) const { g_object_unref(object); }
};

}  // namespace

PangoContext* fontContext() {
  // Font maps are not to be shared between threads.
  thread_local const std::unique_ptr<PangoContext, Release> context = [] {
    const std::unique_ptr<PangoFontMap, Release> map(
        pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), fontConfig());
    PangoContext* made = pango_font_map_create_context(map.get());
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(made, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(made, 72);
    pango_context_set_round_glyph_positions(made, FALSE);
    // Which face draws a Chinese or Japanese character must not depend on the user's language.
    pango_context_set_language(made, pango_language_from_string("en"));
    pango_context_set_base_dir(made, PANGO_DIRECTION_LTR);
    return std::unique_ptr<PangoContext, Release>(made);
  }();
  return context.get();
}

}  // namespace headlight
