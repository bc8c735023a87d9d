#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include <imgui.h>

namespace headlight {

/// A rectangle of whole px, the last ones excluded.
struct PixelBox {
  int x0 = 0;
  int y0 = 0;
  int x1 = 0;
  int y1 = 0;
  std::int64_t area() const { return std::int64_t{x1 - x0} * (y1 - y0); }
  bool empty() const { return x0 >= x1 || y0 >= y1; }
  PixelBox clippedTo(const PixelBox& other) const {
    return {std::max(x0, other.x0), std::max(y0, other.y0), std::min(x1, other.x1), std::min(y1, other.y1)};
  }
  bool meets(const PixelBox& other) const {
    return x0 < other.x1 && other.x0 < x1 && y0 < other.y1 && other.y0 < y1;
  }
  bool operator==(const PixelBox&) const = default;
};

/// A box of one colour.
struct PlainBox {
  PixelBox box;
  ImU32 colour = 0;
};

/// What a frame of ImGui is drawn with beside its triangles.
struct FrameSources {
  ImU32 ground = 0;         ///< colour under all of it
  ImTextureID glyphs = {};  ///< their texture
  std::uint64_t faces = 0;  ///< number of what that holds
  /// The number of what any other texture holds at (u, v): another one when that was drawn again.
  std::function<std::uint64_t(ImTextureID, float u, float v)> content;
};

/// Where two frames that follow each other differ, told from their triangles: the window is covered by
/// squares, each named by a hash of all that can be seen in it, in order. A software renderer's time is that
/// of its pixels, and most of them are those of the frame before, or lie under others.
class Damage {
 public:
  /// Px of a square's side.
  static constexpr int kSide = 32;

  /// The parts of a picture of `width` × `height` px in which `data` differs from the data of the last call:
  /// boxes that do not meet; the whole picture at first, after a change of size, and where little would be
  /// left out.
  std::vector<PixelBox> next(const ImDrawData& data, int width, int height, const FrameSources& sources);

  /// Of the data that `next` saw last, the triangles that can be seen in the boxes, clipped to them, as one
  /// list. Returns what is to be filled before, in this order: the ground, and rectangles that hide all that
  /// comes before them.
  std::vector<PlainBox> fill(ImDrawList& list, const ImDrawData& data, const std::vector<PixelBox>& boxes);

 private:
  /// Two triangles of a rectangle, or a single one.
  struct Part {
    int list = 0;
    int command = 0;
    unsigned int first = 0;  ///< of the list's indices
    unsigned int count = 0;
    PixelBox box;
    PixelBox plain;    ///< what it fills with one colour, hiding all under it; of larger ones
    ImU32 colour = 0;  ///< of its first corner
  };
  /// A range of squares, the last ones included.
  struct Squares {
    int x0, y0, x1, y1;
  };

  Squares touched(const PixelBox& box) const;
  void collect(const ImDrawData& data, const FrameSources& sources);
  void add(const Part& part, std::uint64_t hash);
  /// What of the box, which part number `part` touches, no later one hides; an empty box when nothing is.
  PixelBox seen(const PixelBox& box, int part) const;
  /// The squares that differ as boxes, those of `coarse` × `coarse` squares together.
  std::vector<PixelBox> differing(int coarse) const;

  int width_ = 0;
  int height_ = 0;
  int across_ = 0;
  int down_ = 0;
  ImU32 colour_ = 0;  ///< of the ground
  std::uint64_t ground_ = 0;
  std::vector<std::uint64_t> squares_;
  std::vector<std::uint64_t> before_;
  std::vector<int>
      cover_;  ///< of each square: the last part that hides all before it; −1: the ground is seen
  std::vector<Part> parts_;
  std::vector<unsigned int> renamed_;    ///< of a list's vertices: their places in what is filled
  std::vector<unsigned int> renamedIn_;  ///< and the command in which they have them
};

}  // namespace headlight
