#include "app/panels/map_fade.h"

#include <algorithm>

#include "app/panels/map_image.h"
#include "app/panels/panel_state.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

constexpr double kRangeFade = 0.15;

void blit(Panel& p, const MapImage& image, std::uint64_t slot, ImVec2 at, int stretch, float alpha) {
  const MapTexture map = p.maps.map(slot, image);
  if (!map) return;
  const MapGeometry& g = image.geometry;
  const float right = at.x + static_cast<float>(g.width);
  const bool stretched = stretch > 1;
  if (stretched) canvas()->PushClipRect(at, {right, std::max(at.y + 1, p.state.map.box().y1)}, true);
  putMap(map, at, {right, at.y + static_cast<float>(g.height * stretch)}, withAlpha(IM_COL32_WHITE, alpha));
  if (stretched) canvas()->PopClipRect();
}

/// The ends of the colours alone are others: the same numbers at the same place, in the same palette.
bool rangeChanged(const MapImage& a, const MapImage& b) {
  return a.fieldKey == b.fieldKey && a.geometry == b.geometry && a.look.mask == b.look.mask &&
         a.look.colours == b.look.colours && a.look.thresholds != b.look.thresholds;
}

}  // namespace

bool drawFadingMap(Panel& p, MapFade& fade, const ShownField& field, const std::optional<MapImage>& image,
                   std::uint64_t slot, double seconds) {
  Ui& ui = p.ui;
  const MapView& view = p.state.map;
  const std::uint64_t shows =
      (static_cast<std::uint64_t>(field.stage) << 32) + static_cast<std::uint64_t>(field.head + 2);
  const bool ranged = fade.shows == shows && image && fade.shown && rangeChanged(*fade.shown, *image);
  if (ranged && fade.changedAt >= 0 && ui.seconds - fade.changedAt < fade.seconds) {
    fade.changedAt = -1;
  } else if (ranged || fade.shows != shows) {
    const bool first = fade.shows == 0;
    fade.shows = shows;
    fade.changedAt = first || ui.reducedMotion ? -1 : ui.seconds;
    fade.seconds = ranged ? kRangeFade : seconds;
    fade.fading = first ? std::nullopt : fade.shown;
    fade.fadingAt = fade.shownAt;
    fade.fadingStretch = fade.shownStretch;
    fade.slot = 1 - fade.slot;
  }
  const auto slotOf = [slot](int one) { return slot + static_cast<std::uint64_t>(one); };
  float alpha = 1;
  if (fade.changedAt >= 0 && ui.seconds - fade.changedAt < fade.seconds) {
    const auto t = static_cast<float>((ui.seconds - fade.changedAt) / fade.seconds);
    alpha = 1 - (1 - t) * (1 - t);
    // To its end, however slowly frames are drawn.
    ui.stayAwake(fade.changedAt + fade.seconds - ui.seconds + 0.03);
    if (fade.fading)
      blit(p, *fade.fading, slotOf(1 - fade.slot), fade.fadingAt, fade.fadingStretch, 1 - alpha);
  } else {
    fade.fading.reset();
  }
  if (!image) return false;
  blit(p, *image, slotOf(fade.slot), view.box().min(), view.stretch(), alpha);
  fade.shown = *image;
  fade.shownAt = view.box().min();
  fade.shownStretch = view.stretch();
  return true;
}

}  // namespace headlight
