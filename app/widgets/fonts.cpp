#include "app/widgets/fonts.h"

#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace headlight {
namespace {

/// The face of the sheet that comes nearest to the wanted one.
const GlyphSheet::Face& nearestFace(const GlyphSheet& sheet, const RoleFace& wanted) {
  const GlyphSheet::Face* best = nullptr;
  float least = std::numeric_limits<float>::max();
  for (const GlyphSheet::Face& face : sheet.faces) {
    const float distance =
        std::abs(std::log(face.em / wanted.em)) + (face.family == wanted.family ? 0.0f : 100.0f);
    if (distance >= least || face.glyphs.empty()) continue;
    least = distance;
    best = &face;
  }
  return best ? *best : sheet.faces.front();
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

Fonts::Fonts(std::shared_ptr<const GlyphSheet> sheet, const FontRequest& request)
    : request_(request), sheet_(std::move(sheet)) {
  atlas_.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
  atlas_.TexWidth = sheet_->width;
  atlas_.TexHeight = sheet_->height;
  atlas_.TexUvScale = {1 / static_cast<float>(sheet_->width), 1 / static_cast<float>(sheet_->height)};
  const auto white = static_cast<float>(sheet_->white + 1);
  atlas_.TexUvWhitePixel = {white * atlas_.TexUvScale.x, white * atlas_.TexUvScale.y};
  // Only read, and taken back before the atlas would free it.
  atlas_.TexPixelsAlpha8 = const_cast<unsigned char*>(sheet_->pixels.data());
  atlas_.TexReady = true;

  std::map<std::pair<const GlyphSheet::Face*, float>, Face> known;
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    const RoleFace wanted = roleFace(static_cast<Role>(i), request_);
    if (wanted.family.empty()) continue;
    const int drawn = sharp() ? sheet_->faceOf[i] : -1;
    const GlyphSheet::Face& from =
        drawn >= 0 ? sheet_->faces[static_cast<std::size_t>(drawn)] : nearestFace(*sheet_, wanted);
    const auto [found, isNew] = known.try_emplace({&from, wanted.em});
    if (isNew) found->second = addFace(from, wanted.em);
    faces_[i] = found->second;
  }
  if (request_.presenting) {
    for (const Role role : {Role::mathMicro, Role::mathLabel, Role::mathBody})
      faces_[static_cast<std::size_t>(role)] = face(Role::mathStage);
    faces_[static_cast<std::size_t>(Role::num)] = face(Role::stageNum);
  }
  for (Face& each : faces_) {
    if (each.font == nullptr) each = face(Role::body);
  }
}

Fonts::Fonts(const std::shared_ptr<const GlyphSheet>& sheet) : Fonts(sheet, sheet->request) {}

Fonts::~Fonts() {
  atlas_.TexPixelsAlpha8 = nullptr;
}

std::unique_ptr<Fonts> Fonts::make(const FontRequest& request) {
  return std::make_unique<Fonts>(drawGlyphs(request));
}

Fonts::Face Fonts::addFace(const GlyphSheet::Face& from, float em) {
  const float stretch = em / from.em;
  auto* font = IM_NEW(ImFont)();
  atlas_.Fonts.push_back(font);
  font->ContainerAtlas = &atlas_;
  font->FontSize = from.line * stretch;
  font->Ascent = from.ascent * stretch;
  font->Descent = from.descent * stretch;
  font->Glyphs.reserve(static_cast<int>(from.glyphs.size()) + 1);  // a Tab is added
  const float top = std::round(font->Ascent);
  const ImVec2 unit = atlas_.TexUvScale;
  for (const GlyphSheet::Glyph& glyph : from.glyphs) {
    const float x0 = static_cast<float>(glyph.left) * stretch;
    const float y0 = static_cast<float>(glyph.top) * stretch + top;
    const auto width = static_cast<float>(glyph.width);
    const auto height = static_cast<float>(glyph.height);
    const float u = static_cast<float>(glyph.x) * unit.x;
    const float v = static_cast<float>(glyph.y) * unit.y;
    font->AddGlyph(nullptr, glyph.character, x0, y0, x0 + width * stretch, y0 + height * stretch, u, v,
                   u + width * unit.x, v + height * unit.y, glyph.advance * stretch);
  }
  font->BuildLookupTable();
  // Both families have capitals of 0.73 em.
  return {font, em, std::round(em * 0.728f)};
}

}  // namespace headlight
