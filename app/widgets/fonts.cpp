#include "app/widgets/fonts.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <cmath>
#include <string_view>

#include <imgui_freetype.h>

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
constexpr ImWchar kPosterRanges[] = {0x20,   0x39,   0x3C,   0x3C,   0x4E,   0x4E,   0x61,
                                     0x61,   0x65,   0x65,   0x2009, 0x2009, 0x202F, 0x202F,
                                     0x2212, 0x2212, 0x221E, 0x221E, 0};
// Latin, Greek, punctuation, arrows and operators: what our own words and formulas use.
constexpr ImWchar kNarrowRanges[] = {0x20,   0x7E,   0xA0,   0xFF,   0x391,  0x3C9,  0x2010, 0x2026, 0x202F,
                                     0x203A, 0x2070, 0x2070, 0x2190, 0x2193, 0x2202, 0x2202, 0x2206, 0x2206,
                                     0x2211, 0x2213, 0x2218, 0x221E, 0x2248, 0x2248, 0x2260, 0x2265, 0x22C5,
                                     0x22C5, 0x2713, 0x2713, 0xFFFD, 0xFFFD, 0};
constexpr ImWchar kWideRanges[] = {
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

std::vector<ImWchar> withExtra(const ImWchar* ranges, const std::vector<char32_t>& extra) {
  std::vector<ImWchar> all;
  for (; *ranges; ++ranges) all.push_back(*ranges);
  for (const char32_t c : extra) {
    all.push_back(static_cast<ImWchar>(c));
    all.push_back(static_cast<ImWchar>(c));
  }
  all.push_back(0);
  return all;
}

}  // namespace

Role mathRole(Role role) {
  switch (role) {
    case Role::micro:
    case Role::microStrong:
    case Role::numMicro:
      return Role::mathMicro;
    case Role::label:
    case Role::labelStrong:
    case Role::num:
      return Role::mathLabel;
    case Role::title:
    case Role::titleLarge:
    case Role::lesson:
    case Role::hero:
    case Role::heroLarge:
      return Role::mathTitle;
    case Role::stage:
    case Role::stageStrong:
      return Role::mathStage;
    default:
      return Role::mathBody;
  }
}

bool drawnByAtlas(char32_t c) {
  return c <= 0xFFFF && needsNoShaping(c) && (measure(kInter).has(c) || measure(kFallback).has(c));
}

Fonts::Fonts() : atlas_(std::make_unique<ImFontAtlas>()) {}
Fonts::~Fonts() = default;

std::unique_ptr<Fonts> Fonts::make(const FontRequest& request) {
  auto fonts = std::unique_ptr<Fonts>(new Fonts());
  fonts->request_ = request;
  fonts->wide_ = withExtra(kWideRanges, request.extra);
  // Large glyphs are dear, so presentation mode has those of our own words and of the tokens; what else comes
  // up is drawn by Pango.
  fonts->narrow_ = withExtra(kNarrowRanges, request.presenting ? request.extra : std::vector<char32_t>{});
  ImFontAtlas& atlas = *fonts->atlas_;
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
  atlas.TexGlyphPadding = 1;

  for (const RoleInfo& info : kRoles) {
    if (info.use == (request.presenting ? For::window : For::presentation)) continue;
    const float em = std::round(info.px * request.scale * 2) / 2;
    const ImWchar* ranges = info.role == Role::poster          ? kPosterRanges
                            : info.wide && !request.presenting ? fonts->wide_.data()
                                                               : fonts->narrow_.data();
    ImFont* font = nullptr;
    for (const std::string_view stem : {info.face, kInter, kFallback}) {
      const std::string_view bytes = faceBytes(stem);
      if (bytes.empty() || (font && stem == kInter && info.face == kInter)) continue;
      ImFontConfig config;
      config.FontDataOwnedByAtlas = false;
      config.OversampleH = config.OversampleV = 1;
      config.PixelSnapH = true;
      config.MergeMode = font != nullptr;
      ImFont* added =
          atlas.AddFontFromMemoryTTF(const_cast<char*>(bytes.data()), static_cast<int>(bytes.size()),
                                     em * measure(stem).linePerEm(), &config, ranges);
      if (!font) font = added;
    }
    if (!font) font = atlas.AddFontDefault();
    // Both families have capitals of 0.73 em.
    fonts->faces_[static_cast<std::size_t>(info.role)] = {font, em, std::round(em * 0.728f)};
  }
  if (request.presenting)
    fonts->faces_[static_cast<std::size_t>(Role::mathBody)] = fonts->face(Role::mathStage);
  for (Face& face : fonts->faces_) {
    if (face.font == nullptr) face = fonts->face(Role::body);
  }
  atlas.Build();
  return fonts;
}

}  // namespace headlight
