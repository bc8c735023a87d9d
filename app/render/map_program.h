#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "app/render/gl_object.h"
#include "app/render/map_renderer.h"

namespace headlight {

/// What cells a tile has, as far as the programs of shaders/map.frag differ by it: any; finite numbers and
/// masked ones; finite numbers alone.
enum class CellsKind : std::uint8_t { any, masked, plain };
inline constexpr std::size_t kCellsKinds = 3;

/// Texture units of what a program reads.
enum MapUnit : GLint { kExtremeUnit = 0, kClassUnit = 1, kColourUnit = 2, kThresholdUnit = 3 };

/// The thresholds as shaders/map.frag reads them, RG32I [256]: the one below and the one above each colour.
using ThresholdPairs = std::array<std::array<std::int32_t, 2>, 256>;
ThresholdPairs thresholdPairs(const MapLook& look);

/// Whether the shader's guess of a colour, which takes the thresholds to lie evenly, is at most one off for
/// every value, with room for a card's own rounding.
bool liesEvenly(const MapLook& look);

/// shaders/map.frag for one kind of cells.
class MapProgram {
 public:
  /// Zero when it does not compile; `error` says why.
  static MapProgram make(CellsKind kind, std::string* error);
  explicit operator bool() const { return static_cast<bool>(program_); }

  /// Draws tiles of the map from here on, whose first pixel is at (left, top) of the target.
  void use(const MapImage& image, int left, int top) const;
  /// The tile's first pixel and the map's last one, counted from there; whether the tile is there.
  void place(int x, int y, int endX, int endY, bool ready) const;

 private:
  struct Uniforms {
    GLint at, origin, end, texelPx, transposed, ready, gaps, marks, hatches, hatchPeriod, guess, paints;
  };
  GlProgram program_;
  Uniforms uniforms_{};
};

}  // namespace headlight
