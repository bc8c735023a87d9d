#include "app/widgets/glyph_sheet.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <algorithm>
#include <bit>
#include <bitset>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "core/base/assets.h"
#include "fonts_assets.h"

namespace headlight {
namespace {

struct RoleInfo {
  Role role;
  std::string_view face;
  float px;
  bool wide;  ///< running text: all ranges
  /// A face that only one of the two ways of showing has is drawn by the body's in the other.
  enum class For : std::uint8_t { both, window, presentation } use = For::both;
};
using For = RoleInfo::For;
constexpr std::string_view kInter = "Inter-Regular";
constexpr std::string_view kMedium = "Inter-Medium";
constexpr std::string_view kSemiBold = "Inter-SemiBold";
constexpr std::string_view kMono = "JetBrainsMono-Regular";
constexpr std::string_view kMonoBold = "JetBrainsMono-SemiBold";
constexpr std::string_view kFallback = "DejaVuSans";

constexpr RoleInfo kRoles[] = {
    {Role::micro, kInter, 11, true},
    {Role::microStrong, kSemiBold, 11, false},
    {Role::label, kMedium, 12, false, For::window},
    {Role::labelStrong, kSemiBold, 12, true, For::window},
    {Role::body, kInter, 13, true},
    {Role::bodyMedium, kMedium, 13, false},
    {Role::strong, kSemiBold, 13, true},
    {Role::title, kSemiBold, 16, false},
    {Role::titleLarge, kSemiBold, 18, false},
    {Role::lesson, kSemiBold, 22, false, For::window},
    {Role::hero, kSemiBold, 28, false, For::window},
    {Role::heroLarge, kSemiBold, 34, false, For::window},
    {Role::num, kMono, 12, false, For::window},
    {Role::numStrong, kMonoBold, 13, false},
    {Role::numMicro, kMono, 11, false},
    {Role::mathMicro, kInter, 8, false, For::window},
    {Role::mathLabel, kMedium, 8.5f, false, For::window},
    {Role::mathBody, kInter, 9, false, For::window},
    {Role::mathTitle, kSemiBold, 11, false},
    {Role::poster, kSemiBold, 44, false, For::presentation},
    {Role::stage, kInter, 14, true, For::presentation},
    {Role::stageStrong, kSemiBold, 14, true, For::presentation},
    {Role::stageNum, kMono, 14, false, For::presentation},
    {Role::stageNumStrong, kMonoBold, 14, false, For::presentation},
    {Role::mathStage, kInter, 10.25f, false, For::presentation},
};

// A number in letters of 66 px and more: no others are drawn so large.
constexpr char16_t kPosterRanges[] = {0x20,   0x39,   0x3C,   0x3C,   0x4E,   0x4E,   0x61,
                                      0x61,   0x65,   0x65,   0x2009, 0x2009, 0x202F, 0x202F,
                                      0x2212, 0x2212, 0x221E, 0x221E, 0};
// Latin, Greek, punctuation, arrows and operators: what our own words and formulas use.
constexpr char16_t kNarrowRanges[] = {0x20,   0x7E,   0xA0,   0xFF,   0x391,  0x3C9,  0x2010, 0x2026, 0x202F,
                                      0x203A, 0x2070, 0x2070, 0x2190, 0x2193, 0x2202, 0x2202, 0x2206, 0x2206,
                                      0x2211, 0x2213, 0x2218, 0x221E, 0x2248, 0x2248, 0x2260, 0x2265, 0x22C5,
                                      0x22C5, 0x2713, 0x2713, 0xFFFD, 0xFFFD, 0};
constexpr char16_t kWideRanges[] = {
    0x20,   0x7E,   0xA0,   0x17F,  0x218,  0x21B,  0x370,  0x3FF,  0x1E9E, 0x1E9E, 0x2010, 0x203A,
    0x2070, 0x2070, 0x20AC, 0x20AC, 0x2122, 0x2122, 0x2190, 0x2199, 0x21B5, 0x21B5, 0x2202, 0x220F,
    0x2211, 0x221E, 0x2225, 0x222B, 0x2248, 0x2248, 0x2260, 0x2265, 0x22C5, 0x22C5, 0x23CE, 0x23CE,
    0x2423, 0x2423, 0x25A1, 0x25A1, 0x25CF, 0x25CF, 0x2713, 0x2713, 0xFFFD, 0xFFFD, 0};

std::string_view faceBytes(std::string_view stem) {
  for (const Asset& asset : embedded::fonts()) {
    if (asset.name.substr(0, asset.name.rfind('.')) == stem) return asset.bytes;
  }
  return {};
}

/// What FreeType says of a face: how much higher its line is than its em, and which characters it has.
class Measure {
 public:
  explicit Measure(std::string_view stem) {
    const std::string_view bytes = faceBytes(stem);
    if (bytes.empty() || FT_Init_FreeType(&library_) != 0) return;
    if (FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(bytes.data()),
                           static_cast<FT_Long>(bytes.size()), 0, &face_) != 0) {
      face_ = nullptr;
    }
  }
  ~Measure() {
    if (face_) FT_Done_Face(face_);
    if (library_) FT_Done_FreeType(library_);
  }
  Measure(const Measure&) = delete;
  Measure& operator=(const Measure&) = delete;

  float linePerEm() const {
    if (!face_ || face_->units_per_EM == 0) return 1;
    return static_cast<float>(face_->ascender - face_->descender) / static_cast<float>(face_->units_per_EM);
  }
  bool has(char32_t c) const { return face_ && FT_Get_Char_Index(face_, c) != 0; }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

const Measure& measure(std::string_view stem) {
  static const Measure regular(kInter);
  static const Measure mono(kMono);
  static const Measure fallback(kFallback);
  if (stem == kFallback) return fallback;
  return stem == kMono || stem == kMonoBold ? mono : regular;
}

/// A script whose letters stand side by side as they are stored.
bool needsNoShaping(char32_t c) {
  if (c < 0x300) return c >= 0x20;
  if (c < 0x370) return false;  // combining marks
  if (c < 0x590) return !(c >= 0x483 && c <= 0x489);
  if (c >= 0x10A0 && c < 0x1100) return true;  // Georgian
  if (c >= 0x1E00 && c < 0x2000) return true;
  if (c >= 0x2010 && c < 0x2028) return true;
  if (c >= 0x2030 && c < 0x2060) return true;
  return c >= 0x2070 && c < 0x2C00 && !(c >= 0x20D0 && c < 0x2100);
}

using Ranges = std::vector<char16_t>;  ///< first and last in turn

Ranges withExtra(const char16_t* ranges, const std::vector<char32_t>& extra) {
  Ranges all;
  for (; *ranges; ++ranges) all.push_back(*ranges);
  for (const char32_t c : extra) {
    all.push_back(static_cast<char16_t>(c));
    all.push_back(static_cast<char16_t>(c));
  }
  return all;
}

float emOf(const RoleInfo& info, float scale) {
  return std::round(info.px * scale * 2) / 2;
}

bool uses(const RoleInfo& info, bool presenting) {
  return info.use != (presenting ? For::window : For::presentation);
}

/// Draws glyph after glyph, each family opened once.
class Pen {
 public:
  Pen() {
    if (FT_Init_FreeType(&library_) != 0) library_ = nullptr;
  }
  ~Pen() {
    for (const auto& [family, face] : open_) {
      if (face) FT_Done_Face(face);
    }
    if (library_) FT_Done_FreeType(library_);
  }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  /// Takes up a family at a line height in whole px; false when there is none.
  bool take(std::string_view family, float line) {
    face_ = opened(family);
    if (!face_) return false;
    FT_Size_RequestRec size{};
    size.type = FT_SIZE_REQUEST_TYPE_REAL_DIM;
    size.height = static_cast<FT_Long>(line) * 64;
    return FT_Request_Size(face_, &size) == 0;
  }
  float ascent() const { return wholeAbove(face_->size->metrics.ascender); }
  float descent() const { return wholeAbove(face_->size->metrics.descender); }

  /// The glyph without its place and its pixels, which stay readable until the next is drawn; false when the
  /// family has none.
  bool draw(char16_t c, GlyphSheet::Glyph& glyph) {
    const FT_UInt index = FT_Get_Char_Index(face_, c);
    if (index == 0 || FT_Load_Glyph(face_, index, FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT) != 0 ||
        FT_Render_Glyph(face_->glyph, FT_RENDER_MODE_NORMAL) != 0) {
      return false;
    }
    const FT_GlyphSlot slot = face_->glyph;
    glyph.character = c;
    glyph.left = static_cast<std::int16_t>(slot->bitmap_left);
    glyph.top = static_cast<std::int16_t>(-slot->bitmap_top);
    glyph.width = static_cast<std::uint16_t>(slot->bitmap.width);
    glyph.height = static_cast<std::uint16_t>(slot->bitmap.rows);
    glyph.advance = wholeAbove(slot->advance.x);
    return true;
  }
  const std::uint8_t* row(int y) const {
    const FT_Bitmap& bitmap = face_->glyph->bitmap;
    return bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
  }

 private:
  static float wholeAbove(FT_Pos length) { return static_cast<float>((length + 63) >> 6); }

  FT_Face opened(std::string_view family) {
    const auto [found, isNew] = open_.try_emplace(family, nullptr);
    if (!isNew || !library_) return found->second;
    const std::string_view bytes = faceBytes(family);
    FT_Face face = nullptr;
    if (bytes.empty() || FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(bytes.data()),
                                            static_cast<FT_Long>(bytes.size()), 0, &face) != 0) {
      return nullptr;
    }
    FT_Select_Charmap(face, FT_ENCODING_UNICODE);
    return found->second = face;
  }

  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  std::map<std::string_view, FT_Face> open_;
};

/// The pixels of all glyphs one after the other, until the sheet's size is known.
struct Drawn {
  std::vector<std::uint8_t> pixels;
  std::vector<std::size_t> begins;  ///< of each glyph, in the order of the faces
};

void drawFace(Pen& pen, GlyphSheet::Face& face, const Ranges& ranges, Drawn& drawn) {
  std::bitset<0x10000> have;
  bool first = true;
  for (const std::string_view family : {face.family, kInter, kFallback}) {
    const float line = face.em * measure(family).linePerEm();
    if ((!first && family == face.family) || !pen.take(family, line)) continue;
    if (first) {
      face.line = line;
      face.ascent = pen.ascent();
      face.descent = pen.descent();
      first = false;
    }
    for (std::size_t i = 0; i + 1 < ranges.size(); i += 2) {
      for (unsigned c = ranges[i]; c <= ranges[i + 1]; ++c) {
        GlyphSheet::Glyph glyph;
        if (have[c] || !pen.draw(static_cast<char16_t>(c), glyph)) continue;
        have[c] = true;
        drawn.begins.push_back(drawn.pixels.size());
        for (int y = 0; y < glyph.height; ++y) {
          const std::uint8_t* row = pen.row(y);
          drawn.pixels.insert(drawn.pixels.end(), row, row + glyph.width);
        }
        face.glyphs.push_back(glyph);
      }
    }
  }
}

/// Gives every glyph its place, the tallest first in rows from the top, with a pixel between them.
void place(GlyphSheet& sheet) {
  constexpr int kGap = 1;
  constexpr int kWhite = 2;
  std::vector<GlyphSheet::Glyph*> order;
  double area = 0;
  for (GlyphSheet::Face& face : sheet.faces) {
    for (GlyphSheet::Glyph& glyph : face.glyphs) {
      if (glyph.width == 0 || glyph.height == 0) continue;
      order.push_back(&glyph);
      area += static_cast<double>(glyph.width + kGap) * (glyph.height + kGap);
    }
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(b->height, b->width) < std::tie(a->height, a->width);
  });
  const double side = std::sqrt(area);
  sheet.width = side > 2048 * 0.9 ? 4096 : side > 1024 * 0.9 ? 2048 : side > 512 * 0.9 ? 1024 : 512;
  sheet.white = kGap;
  int x = kGap + kWhite + kGap;
  int y = kGap;
  int row = kWhite;
  for (GlyphSheet::Glyph* glyph : order) {
    if (x + glyph->width + kGap > sheet.width) {
      x = kGap;
      y += row + kGap;
      row = 0;
    }
    glyph->x = x;
    glyph->y = y;
    x += glyph->width + kGap;
    row = std::max(row, static_cast<int>(glyph->height));
  }
  sheet.height = static_cast<int>(std::bit_ceil(static_cast<unsigned>(y + row + kGap)));
}

void copyPixels(GlyphSheet& sheet, const Drawn& drawn) {
  const auto width = static_cast<std::size_t>(sheet.width);
  sheet.pixels.assign(width * static_cast<std::size_t>(sheet.height), 0);
  const auto at = [&](int x, int y) {
    return sheet.pixels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(y) * width) + x;
  };
  for (int y = 0; y < 2; ++y) std::fill_n(at(sheet.white, sheet.white + y), 2, std::uint8_t{255});
  auto begin = drawn.begins.begin();
  for (const GlyphSheet::Face& face : sheet.faces) {
    for (const GlyphSheet::Glyph& glyph : face.glyphs) {
      auto from = drawn.pixels.begin() + static_cast<std::ptrdiff_t>(*begin++);
      for (int y = 0; y < glyph.height; ++y, from += glyph.width) {
        std::copy_n(from, glyph.width, at(glyph.x, glyph.y + y));
      }
    }
  }
}

}  // namespace

bool drawnByAtlas(char32_t c) {
  return c <= 0xFFFF && needsNoShaping(c) && (measure(kInter).has(c) || measure(kFallback).has(c));
}

RoleFace roleFace(Role role, const FontRequest& request) {
  for (const RoleInfo& info : kRoles) {
    if (info.role == role && uses(info, request.presenting)) return {info.face, emOf(info, request.scale)};
  }
  return {};
}

std::shared_ptr<const GlyphSheet> drawGlyphs(const FontRequest& request, const std::atomic<bool>* stop) {
  auto sheet = std::make_shared<GlyphSheet>();
  sheet->request = request;
  sheet->faceOf.fill(-1);
  // Large glyphs are dear, so presentation mode has those of our own words and of the tokens; what else comes
  // up is drawn by Pango.
  const Ranges wide = withExtra(kWideRanges, request.extra);
  const Ranges narrow =
      withExtra(kNarrowRanges, request.presenting ? request.extra : std::vector<char32_t>{});
  const Ranges poster = withExtra(kPosterRanges, {});
  std::map<std::tuple<std::string_view, float, const Ranges*>, int> known;
  Pen pen;
  Drawn drawn;
  for (const RoleInfo& info : kRoles) {
    if (stop && *stop) return nullptr;
    if (!uses(info, request.presenting)) continue;
    const float em = emOf(info, request.scale);
    const Ranges* ranges = info.role == Role::poster          ? &poster
                           : info.wide && !request.presenting ? &wide
                                                              : &narrow;
    const auto [found, isNew] =
        known.try_emplace({info.face, em, ranges}, static_cast<int>(sheet->faces.size()));
    sheet->faceOf[static_cast<std::size_t>(info.role)] = found->second;
    if (!isNew) continue;
    sheet->faces.push_back({info.face, em, 0, 0, 0, {}});
    drawFace(pen, sheet->faces.back(), *ranges, drawn);
  }
  place(*sheet);
  copyPixels(*sheet, drawn);
  return sheet;
}

}  // namespace headlight
