#include "app/render/gl_renderer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "app/render/gl_state.h"
#include "app/render/shader_program.h"
#include "core/picture/map_marks.h"

namespace headlight {
namespace {

constexpr std::uint64_t kIdleFrames = 120;  // a slot that was not shown for so long is forgotten
constexpr std::size_t kLooks = 64;
constexpr std::size_t kPictureBytes = std::size_t{64} << 20;

enum Unit : GLint { kExtremeUnit = 0, kClassUnit = 1, kColourUnit = 2, kThresholdUnit = 3 };

TextureId asId(const GlTexture& texture) {
  return reinterpret_cast<TextureId>(static_cast<std::uintptr_t>(texture.name()));
}

void bind(Unit unit, GLuint texture) {
  glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
  glBindTexture(GL_TEXTURE_2D, texture);
}

/// The float's bits as an integer that orders as the floats do; −0 and 0 are one. shaders/map.frag does the
/// same.
std::int32_t ordered(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value);
  return bits >= 0 ? bits : std::numeric_limits<std::int32_t>::min() - bits;
}

/// Where a value lies among the thresholds, from the first of them and 1 ÷ their mean distance.
struct Guess {
  float first = 0;
  float perStep = 0;
};

Guess guessOf(const MapLook& look) {
  const float first = look.thresholds.front();
  const float step = (look.thresholds.back() - first) / 254.0F;
  return {first, step > 0 && std::isfinite(1.0F / step) ? 1.0F / step : 0.0F};
}

/// Whether the guess is at most one off for every value, with room for a card's own rounding.
bool liesEvenly(const std::array<float, 255>& thresholds, const Guess& guess) {
  constexpr double kRoom = 0.25;
  if (guess.perStep <= 0) return false;
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    const double place = (double{thresholds[i]} - double{guess.first}) * double{guess.perStep};
    const auto step = static_cast<double>(i);
    if (!(std::floor(place - kRoom) >= step - 1 && std::floor(place + kRoom) <= step)) return false;
  }
  return true;
}

/// Px of a map that a tile takes.
struct TileBox {
  GLint x = 0;
  GLint y = 0;
  GLsizei width = 0;
  GLsizei height = 0;
};

TileBox boxOf(const MapGeometry& geometry, const VisibleTile& place) {
  const int wide = geometry.transposed ? place.rows : place.cols;
  const int high = geometry.transposed ? place.cols : place.rows;
  const auto clip = [](std::int64_t from, std::int64_t length, int limit) {
    const std::int64_t first = std::clamp<std::int64_t>(from, 0, limit);
    const std::int64_t end = std::clamp<std::int64_t>(from + length, 0, limit);
    return std::pair<GLint, GLsizei>(static_cast<GLint>(first), static_cast<GLsizei>(end - first));
  };
  const auto [x, width] = clip(place.x, std::int64_t{wide} * geometry.texelPx, geometry.width);
  const auto [y, height] = clip(place.y, std::int64_t{high} * geometry.texelPx, geometry.height);
  return {x, y, width, height};
}

/// Whether the tiles, which do not overlap, leave nothing of the map free.
bool coverAll(const MapGeometry& geometry, const std::vector<VisibleTile>& places) {
  std::int64_t covered = 0;
  for (const VisibleTile& place : places) {
    const TileBox box = boxOf(geometry, place);
    covered += std::int64_t{box.width} * box.height;
  }
  return covered == std::int64_t{geometry.width} * geometry.height;
}

bool sameOwner(const std::weak_ptr<const Tile>& a, const std::weak_ptr<const Tile>& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

/// Forgets entries, the longest unused first, while `tooMany` says so; those of this frame stay.
template <class Map, class TooMany, class Drop>
void forget(Map& entries, std::uint64_t frame, TooMany tooMany, Drop drop) {
  while (tooMany()) {
    const auto oldest = std::min_element(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.second.lastUsed < b.second.lastUsed;
    });
    if (oldest == entries.end() || oldest->second.lastUsed >= frame) return;
    drop(oldest->second);
    entries.erase(oldest);
  }
}

}  // namespace

bool GlRenderer::Content::sameAs(const Content& other) const {
  return fieldKey == other.fieldKey && rows == other.rows && cols == other.cols &&
         geometry == other.geometry && look == other.look &&
         std::equal(tiles.begin(), tiles.end(), other.tiles.begin(), other.tiles.end(), sameOwner);
}

std::unique_ptr<GlRenderer> GlRenderer::make(std::string* error) {
  const GlStateGuard guard;
  std::unique_ptr<GlRenderer> renderer(new GlRenderer);
  if (!renderer->program(anyCells, error).program) return nullptr;
  renderer->vertexArray_ = GlVertexArray::make();
  renderer->framebuffer_ = GlFramebuffer::make();
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &renderer->largestSide_);
  checkGl("GlRenderer::make");
  return renderer;
}

GlRenderer::Program& GlRenderer::program(Kind kind, std::string* error) {
  static constexpr std::array<const char*, kKinds> kVariants{"", "MASKED", "PLAIN"};
  Program& made = programs_[kind];
  if (made.program) return made;
  made.program = makeProgram("map", kVariants[kind], error);
  if (!made.program) return made;
  const GLuint name = made.program.name();
  const auto at = [&](const char* uniform) { return glGetUniformLocation(name, uniform); };
  made.uniforms = {at("uAt"),         at("uOrigin"),      at("uEnd"),   at("uTexelPx"),
                   at("uTransposed"), at("uReady"),       at("uGaps"),  at("uMarks"),
                   at("uHatches"),    at("uHatchPeriod"), at("uGuess"), at("uPaints")};
  glUseProgram(name);
  glUniform1i(at("uValues"), kExtremeUnit);
  glUniform1i(at("uClasses"), kClassUnit);
  glUniform1i(at("uColours"), kColourUnit);
  glUniform1i(at("uThresholds"), kThresholdUnit);
  return made;
}

GlRenderer::Kind GlRenderer::kindOf(const MapImage& image, const TileTextures* textures,
                                    const LookTextures& look) const {
  if (textures == nullptr || !look.even || image.geometry.gaps() || image.geometry.marks()) return anyCells;
  if (textures->cells.notComputed || textures->cells.notFinite) return anyCells;
  return textures->cells.masked ? maskedCells : plainCells;
}

void GlRenderer::beginFrame() {
  ++frame_;
  complete_ = true;
  tiles_.trim();
  for (auto slot = slots_.begin(); slot != slots_.end();) {
    if (slot->second.lastUsed + kIdleFrames >= frame_) {
      ++slot;
      continue;
    }
    giveBack(slot->second);
    due_.erase(slot->first);
    slot = slots_.erase(slot);
  }
  forget(
      looks_, frame_, [this] { return looks_.size() > kLooks; }, [](const LookTextures&) {});
  forget(
      pictures_, frame_, [this] { return pictureBytes_ > kPictureBytes; },
      [this](const PictureTexture& picture) { pictureBytes_ -= picture.bytes; });
}

void GlRenderer::endFrame() {
  if (!due_.empty()) drawDue();
  checkGl("endFrame");
}

MapTexture GlRenderer::map(std::uint64_t slot, const MapImage& image) {
  const MapGeometry& geometry = image.geometry;
  if (geometry.width < 1 || geometry.height < 1 || !image.tile) return {};
  if (geometry.width > largestSide_ || geometry.height > largestSide_) return {};

  std::vector<VisibleTile> places = visibleTiles(image.rows, image.cols, geometry);
  std::vector<std::shared_ptr<const Tile>> tiles;
  Content content{image.fieldKey, image.rows, image.cols, geometry, image.look.key(), {}};
  tiles.reserve(places.size());
  content.tiles.reserve(places.size());
  for (const VisibleTile& place : places) {
    tiles.push_back(image.tile(place.r, place.c));
    content.tiles.emplace_back(tiles.back());
    if (!tiles.back()) complete_ = false;
  }

  Slot& shown = slots_[slot];
  shown.lastUsed = frame_;
  const bool hasRoom = shown.own || shown.place;
  if (hasRoom && shown.content.sameAs(content)) return textureOf(shown);
  if (!hasRoom || shown.content.geometry.width != geometry.width ||
      shown.content.geometry.height != geometry.height) {
    makeRoom(shown, geometry.width, geometry.height);
  }
  shown.content = std::move(content);
  shown.drawn = ++contents_;
  due_[slot] = {image, std::move(places), std::move(tiles)};
  return textureOf(shown);
}

void GlRenderer::makeRoom(Slot& slot, int width, int height) {
  giveBack(slot);
  if (width <= sheet_.side() / 2 && height <= sheet_.side() / 2) slot.place = sheet_.take(width, height);
  const GlStateGuard guard;
  if (!slot.place) {
    slot.own = makeTexture(GL_RGBA8, width, height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  } else if (!sheetTexture_) {
    sheetTexture_ = makeTexture(GL_RGBA8, sheet_.side(), sheet_.side(), GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  }
}

void GlRenderer::giveBack(Slot& slot) {
  if (slot.place) sheet_.give(*slot.place);
  slot.place.reset();
  slot.own = GlTexture();
}

MapTexture GlRenderer::textureOf(const Slot& slot) const {
  if (!slot.place) return {asId(slot.own)};
  const auto side = static_cast<float>(sheet_.side());
  const MapSheet::Place& place = *slot.place;
  return {asId(sheetTexture_), static_cast<float>(place.x) / side, static_cast<float>(place.y) / side,
          static_cast<float>(place.x + place.width) / side,
          static_cast<float>(place.y + place.height) / side};
}

std::uint64_t GlRenderer::contentAt(TextureId id, float u, float v) const {
  const bool onSheet = sheetTexture_ && id == asId(sheetTexture_);
  const int x = static_cast<int>(u * static_cast<float>(sheet_.side()));
  const int y = static_cast<int>(v * static_cast<float>(sheet_.side()));
  for (const auto& [key, slot] : slots_) {
    if (!onSheet) {
      if (!slot.place && slot.own && id == asId(slot.own)) return slot.drawn;
    } else if (slot.place && x >= slot.place->x && x < slot.place->x + slot.place->width &&
               y >= slot.place->y && y < slot.place->y + slot.place->height) {
      return slot.drawn;
    }
  }
  for (const auto& [key, picture] : pictures_) {
    if (id == asId(picture.texture)) return picture.drawn;
  }
  return 0;
}

void GlRenderer::drawDue() {
  const GlStateGuard guard;
  // Uploads bind textures; so they all come before anything is bound for drawing.
  std::map<std::uint64_t, std::vector<const TileTextures*>> uploaded;
  for (const auto& [slot, due] : due_) {
    std::vector<const TileTextures*>& tiles = uploaded[slot];
    tiles.reserve(due.tiles.size());
    for (const auto& tile : due.tiles) tiles.push_back(tiles_.find(tile, due.image.look.mean));
    static_cast<void>(lookTextures(slots_[slot].content.look, due.image.look));
  }
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
  glEnable(GL_SCISSOR_TEST);
  glBindVertexArray(vertexArray_.name());
  glClearColor(0, 0, 0, 0);
  for (const bool onSheet : {true, false}) {
    bool bound = false;
    for (const auto& [key, due] : due_) {
      const Slot& slot = slots_[key];
      if (slot.place.has_value() != onSheet) continue;
      if (!onSheet || !bound) target(onSheet ? sheetTexture_ : slot.own);
      bound = true;
      draw(slot, due, uploaded[key]);
    }
  }
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, 0, 0);
  due_.clear();
  checkGl("GlRenderer::drawDue");
}

void GlRenderer::target(const GlTexture& texture) {
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.name(), 0);
}

const GlRenderer::LookTextures& GlRenderer::lookTextures(std::uint64_t key, const MapLook& look) {
  LookTextures& textures = looks_[key];
  textures.lastUsed = frame_;
  if (!textures.colours) {
    std::array<std::uint8_t, 256 * 4> colours{};
    for (std::size_t i = 0; i < look.colours.size(); ++i) {
      colours[4 * i] = look.colours[i].r;
      colours[4 * i + 1] = look.colours[i].g;
      colours[4 * i + 2] = look.colours[i].b;
      colours[4 * i + 3] = 255;
    }
    textures.colours = makeTexture(GL_RGBA8, 256, 1, GL_RGBA, GL_UNSIGNED_BYTE, colours.data());
    std::array<std::array<std::int32_t, 2>, 256> around{};
    around.front()[0] = std::numeric_limits<std::int32_t>::min();
    around.back()[1] = std::numeric_limits<std::int32_t>::max();
    for (std::size_t i = 0; i < look.thresholds.size(); ++i) {
      around[i][1] = around[i + 1][0] = ordered(look.thresholds[i]);
    }
    textures.thresholds = makeTexture(GL_RG32I, 256, 1, GL_RG_INTEGER, GL_INT, around.data());
    textures.even = liesEvenly(look.thresholds, guessOf(look));
  }
  return textures;
}

void GlRenderer::draw(const Slot& slot, const Due& due, const std::vector<const TileTextures*>& uploaded) {
  ++redraws_;
  const MapImage& image = due.image;
  const MapGeometry& geometry = image.geometry;
  const LookTextures& look = lookTextures(slot.content.look, image.look);
  const int left = slot.place ? slot.place->x : 0;
  const int top = slot.place ? slot.place->y : 0;
  glViewport(left, top, geometry.width, geometry.height);
  if (!coverAll(geometry, due.places)) {
    glScissor(left, top, geometry.width, geometry.height);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  bind(kColourUnit, look.colours.name());
  bind(kThresholdUnit, look.thresholds.name());

  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    const Program* used = nullptr;
    for (std::size_t i = 0; i < due.places.size(); ++i) {
      if (kindOf(image, uploaded[i], look) != kind) continue;
      if (used == nullptr) {
        used = &usable(static_cast<Kind>(kind));
        glUseProgram(used->program.name());
        setUniforms(used->uniforms, image, left, top);
      }
      drawTile(used->uniforms, image, due.places[i], left, top, uploaded[i]);
    }
  }
}

const GlRenderer::Program& GlRenderer::usable(Kind kind) {
  std::string ignored;
  const Program& asked = program(kind, &ignored);
  return asked.program ? asked : programs_[anyCells];
}

void GlRenderer::setUniforms(const Uniforms& u, const MapImage& image, int left, int top) {
  const MapGeometry& geometry = image.geometry;
  glUniform2i(u.at, left, top);
  glUniform1i(u.texelPx, geometry.texelPx);
  glUniform1i(u.transposed, geometry.transposed ? 1 : 0);
  glUniform1i(u.gaps, geometry.gaps() ? 1 : 0);
  glUniform1i(u.marks, geometry.marks() ? 1 : 0);
  glUniform1i(u.hatches, geometry.hatches() ? 1 : 0);
  glUniform1i(u.hatchPeriod, hatchPeriod(image.look.scale));
  const Guess guess = guessOf(image.look);
  glUniform2f(u.guess, guess.first, guess.perStep);
  std::array<GLfloat, 24> paints{};
  const std::array<Rgb, 8> colours{image.look.mask,  image.look.hatch,   image.look.gap,
                                   image.look.nan,   image.look.nanMark, image.look.notComputed,
                                   image.look.frame, image.look.beyond};
  for (std::size_t i = 0; i < colours.size(); ++i) {
    paints[3 * i] = static_cast<GLfloat>(colours[i].r) / 255.0F;
    paints[3 * i + 1] = static_cast<GLfloat>(colours[i].g) / 255.0F;
    paints[3 * i + 2] = static_cast<GLfloat>(colours[i].b) / 255.0F;
  }
  glUniform3fv(u.paints, 8, paints.data());
}

void GlRenderer::drawTile(const Uniforms& uniforms, const MapImage& image, const VisibleTile& place, int left,
                          int top, const TileTextures* textures) {
  const TileBox box = boxOf(image.geometry, place);
  if (box.width == 0 || box.height == 0) return;

  glScissor(left + box.x, top + box.y, box.width, box.height);
  glUniform2i(uniforms.origin, place.x, place.y);
  glUniform2i(uniforms.end, place.endX, place.endY);
  glUniform1i(uniforms.ready, textures != nullptr ? 1 : 0);
  const bool mean = image.look.mean && textures != nullptr && textures->mean;
  bind(kExtremeUnit, textures == nullptr ? 0 : mean ? textures->mean.name() : textures->extreme.name());
  bind(kClassUnit, textures == nullptr ? 0 : textures->classes.name());
  glDrawArrays(GL_TRIANGLES, 0, 3);
}

TextureId GlRenderer::picture(std::uint64_t key,
                              const std::function<std::shared_ptr<const Picture>()>& make) {
  auto found = pictures_.find(key);
  if (found == pictures_.end()) {
    const std::shared_ptr<const Picture> made = make();
    if (!made || made->width < 1 || made->height < 1 || made->width > largestSide_ ||
        made->height > largestSide_) {
      return nullptr;
    }
    const std::size_t bytes =
        static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->height) * 4;
    if (made->rgba.size() != bytes) return nullptr;
    const GlStateGuard guard;
    PictureTexture texture;
    texture.texture =
        makeTexture(GL_RGBA8, made->width, made->height, GL_RGBA, GL_UNSIGNED_BYTE, made->rgba.data());
    texture.bytes = bytes;
    texture.drawn = ++contents_;
    pictureBytes_ += bytes;
    found = pictures_.emplace(key, std::move(texture)).first;
  }
  found->second.lastUsed = frame_;
  return asId(found->second.texture);
}

std::unique_ptr<MapRenderer> makeGlRenderer(std::string* error) {
  return GlRenderer::make(error);
}

}  // namespace headlight
