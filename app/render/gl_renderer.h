#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/render/gl_object.h"
#include "app/render/map_program.h"
#include "app/render/map_renderer.h"
#include "app/render/map_sheet.h"
#include "app/render/tile_textures.h"
#include "app/render/visible_tiles.h"

namespace headlight {

/// Maps drawn by OpenGL 3.3: tiles are uploaded once and coloured in shaders/map.frag, each slot into a place
/// on a sheet that all share (large maps into textures of their own), drawn again only when what it shows
/// changed. All maps of a frame are drawn at its end, so that the target changes once: a software renderer
/// takes longer for each change than for a small map.
class GlRenderer final : public MapRenderer {
 public:
  /// Null when a shader does not compile; `error` says why.
  static std::unique_ptr<GlRenderer> make(std::string* error);

  void beginFrame() override;
  MapTexture map(std::uint64_t slot, const MapImage& image) override;
  TextureId picture(std::uint64_t key, const std::function<std::shared_ptr<const Picture>()>& make) override;
  std::uint64_t contentAt(TextureId id, float u, float v) const override;
  void endFrame() override;
  bool complete() const override { return complete_; }

  /// Bytes of tiles that stay on the graphics card between frames.
  void setTileLimit(std::size_t bytes) { tiles_.setLimit(bytes); }
  const TileCache& tiles() const { return tiles_; }
  std::size_t slotCount() const { return slots_.size(); }
  /// How often any slot was drawn since the start.
  std::uint64_t redraws() const { return redraws_; }

  /// How many tiles of a kind were drawn since the start.
  std::uint64_t tilesDrawn(CellsKind kind) const { return tilesDrawn_[static_cast<std::size_t>(kind)]; }

  /// Of the sheet; a map may take half of it either way.
  static constexpr int kSheetSide = 2048;

 private:
  struct LookTextures {
    GlTexture colours;     // RGBA8 [256]
    GlTexture thresholds;  // RG32I [256]
    bool even = false;     // a guess from the first and the mean distance is at most one off
    std::uint64_t lastUsed = 0;
  };
  /// What a slot shows.
  struct Content {
    std::uint64_t fieldKey = 0;
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    MapGeometry geometry;
    std::uint64_t look = 0;
    std::vector<std::weak_ptr<const Tile>> tiles;
    bool sameAs(const Content& other) const;
  };
  struct Slot {
    GlTexture own;                         // of a map that is too large for the sheet
    std::optional<MapSheet::Place> place;  // on the sheet
    Content content;
    std::uint64_t drawn = 0;  ///< number of the content
    std::uint64_t lastUsed = 0;
  };
  /// A slot that is to be drawn again.
  struct Due {
    MapImage image;
    std::vector<VisibleTile> places;
    std::vector<std::shared_ptr<const Tile>> tiles;
  };
  struct PictureTexture {
    GlTexture texture;
    std::size_t bytes = 0;
    std::uint64_t drawn = 0;
    std::uint64_t lastUsed = 0;
  };

  GlRenderer() = default;
  const LookTextures& lookTextures(std::uint64_t key, const MapLook& look);
  void makeRoom(Slot& slot, int width, int height);
  void giveBack(Slot& slot);
  MapTexture textureOf(const Slot& slot) const;
  void drawDue();
  void target(const GlTexture& texture);
  /// The program of a kind of cells, made when the first comes; that of any where it does not compile.
  const MapProgram& programOf(CellsKind kind);
  static CellsKind kindOf(const MapImage& image, const TileTextures* textures, const LookTextures& look);
  void draw(const Slot& slot, const Due& due, const std::vector<const TileTextures*>& uploaded);
  static void drawTile(const MapProgram& program, const MapImage& image, const VisibleTile& place, int left,
                       int top, const TileTextures* textures);

  std::array<MapProgram, kCellsKinds> programs_;
  GlVertexArray vertexArray_;
  GlFramebuffer framebuffer_;
  TileCache tiles_{std::size_t{192} << 20};
  std::map<std::uint64_t, LookTextures> looks_;
  GlTexture sheetTexture_;
  MapSheet sheet_{kSheetSide};
  std::map<std::uint64_t, Slot> slots_;
  std::map<std::uint64_t, Due> due_;  // by slot
  std::map<std::uint64_t, PictureTexture> pictures_;
  std::size_t pictureBytes_ = 0;
  std::uint64_t frame_ = 0;
  std::uint64_t redraws_ = 0;
  std::array<std::uint64_t, kCellsKinds> tilesDrawn_{};
  std::uint64_t contents_ = 0;  ///< how many there were: names of textures come again, these do not
  int largestSide_ = 0;
  bool complete_ = true;
};

}  // namespace headlight
