#include "app/window/damage.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace headlight {
namespace {

/// A box costs as much as so many px besides its own: a clip of its own for each command that touches it.
constexpr std::int64_t kBoxPx = 4096;
/// A rectangle of one colour and so many px is quicker filled than drawn.
constexpr std::int64_t kPlainPx = 2048;
/// From this share on one box of all is better than many.
constexpr double kNearlyAll = 0.75;
/// Joining more boxes than so many takes longer than it saves.
constexpr std::size_t kMany = 40;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9fb21c651e98df25u;
  return hash ^ (hash >> 29);
}

std::uint64_t pairOf(float a, float b) {
  return std::uint64_t{std::bit_cast<std::uint32_t>(a)} << 32 | std::bit_cast<std::uint32_t>(b);
}

const ImDrawVert& vertexOf(const ImDrawList& list, const ImDrawCmd& command, unsigned int index) {
  return list.VtxBuffer[static_cast<int>(command.VtxOffset + list.IdxBuffer[static_cast<int>(index)])];
}

PixelBox around(const PixelBox& a, const PixelBox& b) {
  return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

/// Whether the two triangles are a rectangle whose sides are those of the picture.
bool upright(const ImDrawList& list, const ImDrawCmd& command, unsigned int first) {
  const ImVec2 a = vertexOf(list, command, first).pos;
  const ImVec2 b = vertexOf(list, command, first + 1).pos;
  const ImVec2 c = vertexOf(list, command, first + 2).pos;
  const ImVec2 d = vertexOf(list, command, first + 5).pos;
  return (a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x) ||
         (a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y);
}

/// What is to be told of the corners of one or two triangles.
struct Corners {
  float x0, y0, x1, y1;  ///< around them, within the clip
  float u = 0, v = 0;    ///< their mean
  int count = 0;
  ImU32 colour = 0;  ///< of the first
  bool plain;        ///< all have its colour and a white texel
  std::uint64_t hash;

  void add(const ImDrawVert& vertex, ImVec2 white) {
    if (count++ == 0) colour = vertex.col;
    x0 = std::min(x0, vertex.pos.x);
    y0 = std::min(y0, vertex.pos.y);
    x1 = std::max(x1, vertex.pos.x);
    y1 = std::max(y1, vertex.pos.y);
    u += vertex.uv.x;
    v += vertex.uv.y;
    plain = plain && vertex.col == colour && vertex.uv.x == white.x && vertex.uv.y == white.y;
    hash = mixed(hash, pairOf(vertex.pos.x, vertex.pos.y));
    hash = mixed(mixed(hash, pairOf(vertex.uv.x, vertex.uv.y)), vertex.col);
  }
  void clip(const PixelBox& to) {
    x0 = std::max(x0, static_cast<float>(to.x0));
    y0 = std::max(y0, static_cast<float>(to.y0));
    x1 = std::min(x1, static_cast<float>(to.x1));
    y1 = std::min(y1, static_cast<float>(to.y1));
    u /= static_cast<float>(count);
    v /= static_cast<float>(count);
  }
  bool empty() const { return !(x0 < x1 && y0 < y1); }
  bool opaque() const { return plain && colour >> IM_COL32_A_SHIFT == 255; }
  bool onWholePixels() const {
    return x0 == std::floor(x0) && y0 == std::floor(y0) && x1 == std::floor(x1) && y1 == std::floor(y1);
  }
  PixelBox box() const {
    return {static_cast<int>(x0), static_cast<int>(y0), static_cast<int>(std::ceil(x1)),
            static_cast<int>(std::ceil(y1))};
  }
};

/// What a renderer's scissor leaves of the command: ImGui's backend cuts its corners to whole px from the
/// left and from below.
PixelBox clipOf(const ImDrawCmd& command, int height) {
  const ImVec4& clip = command.ClipRect;
  const int left = static_cast<int>(clip.x);
  const int bottom = height - static_cast<int>(static_cast<float>(height) - clip.w);
  return {left, bottom - static_cast<int>(clip.w - clip.y), left + static_cast<int>(clip.z - clip.x), bottom};
}

/// One box around two or more, where that costs less than they do apart. Boxes must not meet: what is half
/// transparent would be drawn twice.
bool joinTwo(std::vector<PixelBox>& boxes) {
  std::int64_t most = 0;  // what all of them cost
  for (const PixelBox& box : boxes) most += box.area() + kBoxPx;
  std::vector<bool> within;
  for (std::size_t a = 0; a < boxes.size(); ++a) {
    for (std::size_t b = a + 1; b < boxes.size(); ++b) {
      PixelBox whole = around(boxes[a], boxes[b]);
      if (whole.area() + kBoxPx > most) continue;
      within.assign(boxes.size(), false);
      within[a] = within[b] = true;
      std::int64_t apart = boxes[a].area() + boxes[b].area() + 2 * kBoxPx;
      for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t c = 0; c < boxes.size(); ++c) {
          if (within[c] || !whole.meets(boxes[c])) continue;
          whole = around(whole, boxes[c]);
          apart += boxes[c].area() + kBoxPx;
          within[c] = grew = true;
        }
      }
      if (whole.area() + kBoxPx > apart) continue;
      std::vector<PixelBox> left{whole};
      for (std::size_t c = 0; c < boxes.size(); ++c) {
        if (!within[c]) left.push_back(boxes[c]);
      }
      boxes = std::move(left);
      return true;
    }
  }
  return false;
}

}  // namespace

Damage::Squares Damage::touched(const PixelBox& box) const {
  return {box.x0 / kSide, box.y0 / kSide, std::min((box.x1 - 1) / kSide, across_ - 1),
          std::min((box.y1 - 1) / kSide, down_ - 1)};
}

void Damage::add(const Part& part, std::uint64_t hash) {
  const int number = static_cast<int>(parts_.size());
  parts_.push_back(part);
  const Squares at = touched(part.box);
  // Squares within what hides all under it begin anew.
  const int left = (part.plain.x0 + kSide - 1) / kSide;
  const int top = (part.plain.y0 + kSide - 1) / kSide;
  const int right = part.plain.x1 >= width_ ? across_ : part.plain.x1 / kSide;
  const int bottom = part.plain.y1 >= height_ ? down_ : part.plain.y1 / kSide;
  const std::uint64_t alone = mixed(ground_, hash);
  for (int y = at.y0; y <= at.y1; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(across_);
    for (int x = at.x0; x <= at.x1; ++x) {
      const std::size_t square = row + static_cast<std::size_t>(x);
      if (x >= left && x < right && y >= top && y < bottom) {
        squares_[square] = alone;
        cover_[square] = number;
      } else {
        squares_[square] = mixed(squares_[square], hash);
      }
    }
  }
}

void Damage::collect(const ImDrawData& data, const FrameSources& sources) {
  parts_.clear();
  const auto wide = static_cast<float>(width_);
  const auto high = static_cast<float>(height_);
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  for (int l = 0; l < data.CmdListsCount; ++l) {
    const ImDrawList& list = *data.CmdLists[l];
    for (int c = 0; c < list.CmdBuffer.Size; ++c) {
      const ImDrawCmd& command = list.CmdBuffer[c];
      const PixelBox clip = clipOf(command, height_);
      const bool isGlyphs = command.GetTexID() == sources.glyphs;
      const std::uint64_t seed =
          mixed(mixed(isGlyphs ? 2 : 1, pairOf(command.ClipRect.x, command.ClipRect.y)),
                pairOf(command.ClipRect.z, command.ClipRect.w));
      const unsigned int end = command.IdxOffset + command.ElemCount;
      unsigned int count = 0;
      for (unsigned int first = command.IdxOffset; first < end; first += count) {
        const ImDrawIdx* const index = &list.IdxBuffer[static_cast<int>(first)];
        const bool quad = first + 6 <= end && index[3] == index[0] && index[4] == index[2];
        count = quad ? 6 : 3;
        Corners corners{
            .x0 = wide, .y0 = high, .x1 = 0, .y1 = 0, .plain = quad && isGlyphs, .hash = mixed(seed, count)};
        for (const unsigned int corner : {0u, 1u, 2u})
          corners.add(vertexOf(list, command, first + corner), white);
        if (quad) corners.add(vertexOf(list, command, first + 5), white);
        corners.clip(clip);
        if (corners.empty()) continue;
        if (!isGlyphs && sources.content)
          corners.hash = mixed(corners.hash, sources.content(command.GetTexID(), corners.u, corners.v));
        Part part{l, c, first, count, corners.box(), {}, corners.colour};
        if (corners.opaque() && corners.onWholePixels() && upright(list, command, first)) {
          part.plain = part.box;
        } else {
          // A renderer may light a pixel that is only touched.
          part.box = PixelBox{part.box.x0 - 1, part.box.y0 - 1, part.box.x1 + 1, part.box.y1 + 1}.clippedTo(
              {0, 0, width_, height_});
        }
        if (part.box.empty()) continue;
        add(part, corners.hash);
      }
    }
  }
}

PixelBox Damage::seen(const PixelBox& box, int part) const {
  const Squares at = touched(box);
  PixelBox around{width_, height_, 0, 0};
  for (int y = at.y0; y <= at.y1; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(across_);
    for (int x = at.x0; x <= at.x1; ++x) {
      if (cover_[row + static_cast<std::size_t>(x)] > part) continue;
      around.x0 = std::min(around.x0, x * kSide);
      around.y0 = std::min(around.y0, y * kSide);
      around.x1 = std::max(around.x1, (x + 1) * kSide);
      around.y1 = std::max(around.y1, (y + 1) * kSide);
    }
  }
  return around.clippedTo(box);
}

std::vector<PixelBox> Damage::differing(int coarse) const {
  const auto differs = [&](int column, int row) {
    for (int y = row * coarse; y < std::min((row + 1) * coarse, down_); ++y) {
      for (int x = column * coarse; x < std::min((column + 1) * coarse, across_); ++x) {
        const auto at =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(across_) + static_cast<std::size_t>(x);
        if (squares_[at] != before_[at]) return true;
      }
    }
    return false;
  };
  const int side = kSide * coarse;
  const int columns = (across_ + coarse - 1) / coarse;
  const int rows = (down_ + coarse - 1) / coarse;
  // Runs along a row; a run that lies under one as wide continues it.
  std::vector<PixelBox> boxes;
  for (int row = 0; row < rows; ++row) {
    const int top = row * side;
    const int bottom = std::min(top + side, height_);
    for (int x = 0; x < columns; ++x) {
      if (!differs(x, row)) continue;
      const int begin = x;
      while (x < columns && differs(x, row)) ++x;
      const PixelBox run{begin * side, top, std::min(x * side, width_), bottom};
      const auto above = std::find_if(boxes.begin(), boxes.end(), [&](const PixelBox& box) {
        return box.x0 == run.x0 && box.x1 == run.x1 && box.y1 == top;
      });
      if (above == boxes.end()) {
        boxes.push_back(run);
      } else {
        above->y1 = bottom;
      }
    }
  }
  return boxes;
}

std::vector<PixelBox> Damage::next(const ImDrawData& data, int width, int height,
                                   const FrameSources& sources) {
  const PixelBox all{0, 0, width, height};
  width_ = width;
  height_ = height;
  across_ = (width + kSide - 1) / kSide;
  down_ = (height + kSide - 1) / kSide;
  std::swap(before_, squares_);
  colour_ = sources.ground | IM_COL32_A_MASK;
  ground_ = mixed(mixed(sources.faces, sources.ground),
                  static_cast<std::uint64_t>(width) << 32 | static_cast<std::uint64_t>(height));
  const std::size_t count = static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_);
  squares_.assign(count, ground_);
  cover_.assign(count, -1);
  collect(data, sources);
  if (before_.size() != squares_.size()) return {all};

  std::vector<PixelBox> boxes;
  int coarse = 1;
  do {
    boxes = differing(coarse);
    coarse *= 2;
  } while (boxes.size() > kMany);
  while (joinTwo(boxes)) {
  }
  std::int64_t area = 0;
  for (const PixelBox& box : boxes) area += box.area();
  if (static_cast<double>(area) > kNearlyAll * static_cast<double>(all.area())) return {all};
  return boxes;
}

std::vector<PlainBox> Damage::fill(ImDrawList& list, const ImDrawData& data,
                                   const std::vector<PixelBox>& boxes) {
  list.CmdBuffer.resize(0);
  list.IdxBuffer.resize(0);
  list.VtxBuffer.resize(0);
  constexpr unsigned int kMostVertices = std::numeric_limits<ImDrawIdx>::max();
  std::vector<PlainBox> filled;
  std::vector<PixelBox> drawn;  // in the box at hand
  unsigned int taken = 0;       // commands so far: a vertex is renamed anew in each
  renamedIn_.clear();
  for (const PixelBox& box : boxes) {
    if (const PixelBox bare = seen(box, -1); !bare.empty()) filled.push_back({bare, colour_});
    drawn.clear();
    const ImDrawCmd* original = nullptr;
    ImDrawCmd* command = nullptr;
    bool cut = false;  // the command's clip is that of a single part
    unsigned int vertices = 0;
    for (int number = 0; number < static_cast<int>(parts_.size()); ++number) {
      const Part& part = parts_[static_cast<std::size_t>(number)];
      if (!part.box.meets(box)) continue;
      const PixelBox within = part.box.clippedTo(box);
      const PixelBox shown = seen(within, number);
      if (shown.empty()) continue;
      const bool first = !part.plain.empty() && shown.area() >= kPlainPx &&
                         std::none_of(drawn.begin(), drawn.end(),
                                      [&](const PixelBox& before) { return before.meets(shown); });
      if (first) {
        filled.push_back({shown, part.colour});
        continue;
      }
      const bool cuts = shown.area() + kBoxPx < within.area();
      drawn.push_back(cuts ? shown : within);
      const ImDrawList& from = *data.CmdLists[part.list];
      const ImDrawCmd& mine = from.CmdBuffer[part.command];
      if (&mine != original || cuts || cut || vertices + 4 > kMostVertices) {
        original = &mine;
        cut = cuts;
        ImDrawCmd next = mine;
        const PixelBox clip = clipOf(mine, height_).clippedTo(cuts ? shown : box);
        next.ClipRect = {static_cast<float>(clip.x0), static_cast<float>(clip.y0),
                         static_cast<float>(clip.x1), static_cast<float>(clip.y1)};
        next.VtxOffset = static_cast<unsigned int>(list.VtxBuffer.Size);
        next.IdxOffset = static_cast<unsigned int>(list.IdxBuffer.Size);
        next.ElemCount = 0;
        list.CmdBuffer.push_back(next);
        command = &list.CmdBuffer.back();
        vertices = 0;
        ++taken;
        const auto count = static_cast<std::size_t>(from.VtxBuffer.Size);
        if (renamedIn_.size() < count) {
          renamed_.resize(count);
          renamedIn_.resize(count, 0);
        }
      }
      for (unsigned int i = 0; i < part.count; ++i) {
        const auto source =
            static_cast<std::size_t>(mine.VtxOffset) + from.IdxBuffer[static_cast<int>(part.first + i)];
        if (renamedIn_[source] != taken) {
          renamedIn_[source] = taken;
          renamed_[source] = vertices++;
          list.VtxBuffer.push_back(from.VtxBuffer[static_cast<int>(source)]);
        }
        list.IdxBuffer.push_back(static_cast<ImDrawIdx>(renamed_[source]));
      }
      command->ElemCount += part.count;
    }
  }
  return filled;
}

}  // namespace headlight
