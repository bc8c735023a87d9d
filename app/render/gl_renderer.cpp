#include "app/render/gl_renderer.h"

#include <algorithm>
#include <array>

#include "app/render/gl_state.h"

namespace headlight {
namespace {

constexpr std::uint64_t kIdleFrames = 120;  // a slot that was not shown for so long is forgotten
constexpr std::size_t kLooks = 64;
constexpr std::size_t kPictureBytes = std::size_t{64} << 20;

TextureId asId(const GlTexture& texture) {
  return reinterpret_cast<TextureId>(static_cast<std::uintptr_t>(texture.name()));
}

void bind(MapUnit unit, GLuint texture) {
  glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
  glBindTexture(GL_TEXTURE_2D, texture);
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
  MapProgram& any = renderer->programs_.front();
  any = MapProgram::make(CellsKind::any, error);
  if (!any) return nullptr;
  renderer->vertexArray_ = GlVertexArray::make();
  renderer->framebuffer_ = GlFramebuffer::make();
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &renderer->largestSide_);
  checkGl("GlRenderer::make");
  return renderer;
}

const MapProgram& GlRenderer::programOf(CellsKind kind) {
  MapProgram& made = programs_[static_cast<std::size_t>(kind)];
  std::string ignored;
  if (!made) made = MapProgram::make(kind, &ignored);
  return made ? made : programs_.front();
}

CellsKind GlRenderer::kindOf(const MapImage& image, const TileTextures* textures, const LookTextures& look) {
  if (textures == nullptr || !look.even) return CellsKind::any;
  if (image.geometry.gaps() || image.geometry.marks()) return CellsKind::any;
  if (textures->cells.notComputed || textures->cells.notFinite) return CellsKind::any;
  return textures->cells.masked ? CellsKind::masked : CellsKind::plain;
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
    textures.thresholds = makeTexture(GL_RG32I, 256, 1, GL_RG_INTEGER, GL_INT, thresholdPairs(look).data());
    textures.even = liesEvenly(look);
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

  for (const CellsKind kind : {CellsKind::any, CellsKind::masked, CellsKind::plain}) {
    const MapProgram* used = nullptr;
    for (std::size_t i = 0; i < due.places.size(); ++i) {
      if (kindOf(image, uploaded[i], look) != kind) continue;
      if (used == nullptr) {
        used = &programOf(kind);
        used->use(image, left, top);
      }
      drawTile(*used, image, due.places[i], left, top, uploaded[i]);
      ++tilesDrawn_[static_cast<std::size_t>(kind)];
    }
  }
}

void GlRenderer::drawTile(const MapProgram& program, const MapImage& image, const VisibleTile& place,
                          int left, int top, const TileTextures* textures) {
  const TileBox box = boxOf(image.geometry, place);
  if (box.width == 0 || box.height == 0) return;
  glScissor(left + box.x, top + box.y, box.width, box.height);
  program.place(place.x, place.y, place.endX, place.endY, textures != nullptr);
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
