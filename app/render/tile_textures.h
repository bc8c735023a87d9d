#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "app/render/gl_object.h"
#include "core/attention/field.h"

namespace headlight {

/// What cells a tile has.
struct TileCells {
  bool masked = false;       ///< some are masked
  bool notComputed = false;  ///< some are not computed
  bool notFinite = false;    ///< some that are neither are NaN or infinite
};

/// A tile on the graphics card.
struct TileTextures {
  GlTexture extreme;  ///< R32I [rows, cols], the bits of the floats
  GlTexture mean;     ///< R32I; none at level 0 and until asked for
  GlTexture classes;  ///< R8UI
  TileCells cells;
  std::size_t bytes = 0;
  std::uint64_t lastUsed = 0;
};

/// The tiles that are on the graphics card: each uploaded once, named by the object that holds it, the
/// longest unused dropped first when `limit` bytes are passed.
class TileCache {
 public:
  explicit TileCache(std::size_t limit) : limit_(limit) {}

  /// The tile's textures, uploaded when they are not there; null when its arrays do not have its size. Valid
  /// until `trim`. Changes the binding of texture unit 0.
  const TileTextures* find(const std::shared_ptr<const Tile>& tile, bool mean);
  /// Drops tiles that nobody holds any more, then the longest unused above the limit. Advances the clock of
  /// use.
  void trim();

  std::size_t bytes() const { return bytes_; }
  std::size_t count() const { return tiles_.size(); }
  std::uint64_t uploads() const { return uploads_; }
  void setLimit(std::size_t limit) { limit_ = limit; }

 private:
  using Key =
      std::weak_ptr<const Tile>;  // keeps the tile's control block, so that no other tile takes its name
  std::map<Key, TileTextures, std::owner_less<Key>> tiles_;
  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t uploads_ = 0;
};

}  // namespace headlight
