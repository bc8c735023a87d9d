#include "app/widgets/label_cache.h"

#include <cmath>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include <pango/pangocairo.h>

#include "core/base/hash.h"
#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr std::size_t kKept = 600;
constexpr std::size_t kLongestBytes = 2000;
constexpr int kWidestPx = 4000;

struct Wanted {
  std::uint64_t key = 0;
  std::string text;
  float em = 0;
  int weight = 400;
  Rgb colour;
};

/// Cairo's premultiplied native-endian pixels → straight RGBA bytes.
void straighten(const unsigned char* source, int stride, Picture& picture) {
  picture.rgba.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 4);
  std::size_t at = 0;
  for (int y = 0; y < picture.height; ++y) {
    const auto* row =
        reinterpret_cast<const std::uint32_t*>(source + static_cast<std::ptrdiff_t>(y) * stride);
    for (int x = 0; x < picture.width; ++x, at += 4) {
      const std::uint32_t pixel = row[x];
      const std::uint32_t alpha = pixel >> 24;
      const auto plain = [alpha, pixel](int shift) {
        const std::uint32_t part = (pixel >> shift) & 0xFF;
        return static_cast<std::uint8_t>(alpha == 0 ? 0 : std::min(255u, (part * 255u + alpha / 2) / alpha));
      };
      picture.rgba[at] = plain(16);
      picture.rgba[at + 1] = plain(8);
      picture.rgba[at + 2] = plain(0);
      picture.rgba[at + 3] = static_cast<std::uint8_t>(alpha);
    }
  }
}

std::shared_ptr<const LabelPicture> drawLabel(const Wanted& wanted) {
  PangoFontMap* map = pango_cairo_font_map_get_default();  // one per thread
  PangoContext* context = pango_font_map_create_context(map);
  PangoLayout* layout = pango_layout_new(context);
  PangoFontDescription* font = pango_font_description_from_string("Inter, DejaVu Sans");
  pango_font_description_set_weight(font, static_cast<PangoWeight>(wanted.weight));
  pango_font_description_set_absolute_size(font, static_cast<double>(wanted.em) * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_text(layout, wanted.text.c_str(), static_cast<int>(wanted.text.size()));

  PangoRectangle ink;
  PangoRectangle logical;
  pango_layout_get_pixel_extents(layout, &ink, &logical);
  auto label = std::make_shared<LabelPicture>();
  label->key = wanted.key;
  auto picture = std::make_shared<Picture>();
  picture->width = std::clamp(logical.width, 1, kWidestPx);
  picture->height = std::clamp(logical.height, 1, kWidestPx);
  label->ascent = PANGO_PIXELS(pango_layout_get_baseline(layout));

  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture->width, picture->height);
  cairo_t* cairo = cairo_create(surface);
  const Rgb colour = wanted.colour;
  cairo_set_source_rgb(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
  cairo_move_to(cairo, -logical.x, -logical.y);
  pango_cairo_show_layout(cairo, layout);
  cairo_surface_flush(surface);
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
    straighten(cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface), *picture);
  } else {
    picture->rgba.assign(static_cast<std::size_t>(picture->width * picture->height) * 4, 0);
  }
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  pango_font_description_free(font);
  g_object_unref(layout);
  g_object_unref(context);
  label->picture = picture;
  return label;
}

}  // namespace

struct LabelCache::State {
  std::function<void()> wake;
  mutable std::mutex mutex;
  std::condition_variable asked;
  std::condition_variable drawn;
  std::deque<Wanted> waiting;
  std::map<std::uint64_t, std::shared_ptr<const LabelPicture>> ready;  ///< null: being drawn
  std::deque<std::uint64_t> order;
  bool working = false;
  bool stop = false;
  std::thread thread;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      asked.wait(lock, [this] { return stop || !waiting.empty(); });
      if (stop) return;
      const Wanted wanted = std::move(waiting.front());
      waiting.pop_front();
      working = true;
      lock.unlock();
      auto label = drawLabel(wanted);
      lock.lock();
      working = false;
      if (const auto place = ready.find(wanted.key); place != ready.end()) place->second = std::move(label);
      drawn.notify_all();
      if (wake) wake();
    }
  }
};

LabelCache::LabelCache(std::function<void()> wake) : state_(std::make_unique<State>()) {
  state_->wake = std::move(wake);
}

LabelCache::~LabelCache() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->asked.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

std::shared_ptr<const LabelPicture> LabelCache::find(std::string_view text, float em, int weight,
                                                     Rgb colour) {
  if (text.size() > kLongestBytes) text = text.substr(0, kLongestBytes);
  KeyHash hash;
  hash.add(text).add(static_cast<double>(em)).add(static_cast<std::uint64_t>(weight));
  hash.add((static_cast<std::uint64_t>(colour.r) << 16) | (static_cast<std::uint64_t>(colour.g) << 8) |
           colour.b);
  const std::uint64_t key = hash.key();
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  if (const auto found = s.ready.find(key); found != s.ready.end()) return found->second;
  s.ready[key] = nullptr;
  s.order.push_back(key);
  if (s.order.size() > kKept) {
    s.ready.erase(s.order.front());
    s.order.pop_front();
  }
  s.waiting.push_back({key, repairedUtf8(text), em, weight, colour});
  if (!s.thread.joinable()) s.thread = std::thread([&s] { s.work(); });
  s.asked.notify_one();
  return nullptr;
}

void LabelCache::settle() {
  std::unique_lock lock(state_->mutex);
  state_->drawn.wait(lock, [this] { return state_->waiting.empty() && !state_->working; });
}

bool LabelCache::idle() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waiting.empty() && !state_->working;
}

}  // namespace headlight
