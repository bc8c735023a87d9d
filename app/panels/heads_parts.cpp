#include "app/panels/heads_parts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/render/visible_tiles.h"
#include "app/widgets/draw.h"
#include "app/widgets/icons.h"
#include "core/base/hash.h"
#include "core/base/number.h"

namespace headlight {

std::string_view orderId(HeadOrder order) {
  switch (order) {
    case HeadOrder::number:
      return "number";
    case HeadOrder::effectiveKeys:
      return "effective_keys";
    case HeadOrder::pattern:
      return "pattern";
    case HeadOrder::cell:
      return "cell";
    case HeadOrder::likeness:
      return "likeness";
  }
  return "";
}

std::string orderWords(const Panel& p, HeadOrder order) {
  switch (order) {
    case HeadOrder::number:
      return "number";
    case HeadOrder::effectiveKeys:
      return "effective keys";
    case HeadOrder::pattern:
      return "pattern";
    case HeadOrder::cell:
      return p.session.pins().size() > 1 ? "these cells" : "this cell";
    case HeadOrder::likeness:
      return "likeness";
  }
  return "";
}

std::string headTitle(const Panel& p, int head) {
  const auto evaluation = p.session.evaluation();
  if (head == kMeanHead) return "of heads";
  if (!evaluation) return "";
  const auto& names = evaluation->prepared->headNames;
  return head < static_cast<int>(names.size()) ? names[static_cast<std::size_t>(head)] : "";
}

std::string headTag(Panel& p, int head) {
  const auto readings = p.session.headReadings();
  if (!readings || head < 0 || head >= static_cast<int>(readings->size())) return "";
  const HeadReading& reading = (*readings)[static_cast<std::size_t>(head)];
  return reading.tags.empty() ? "" : std::string(reading.tags.front().name);
}

std::string scaleSpan(Panel& p, Stage stage, int head) {
  const auto range = p.session.range(stage, head);
  if (!range) return "";
  const auto brief = [](double x) {
    std::string words = fixed(x, std::abs(x) >= 10 ? 0 : std::abs(x) >= 0.1 ? 2 : 3);
    while (words.find('.') != std::string::npos && (words.back() == '0' || words.back() == '.'))
      words.pop_back();
    return words;
  };
  if (range->low == -range->high) return "±" + brief(range->high);
  return brief(range->low) + "–" + brief(range->high);
}

Stage comparedStage(const Panel& p) {
  const Stage stage = p.session.view().stage;
  return info(stage).perHead ? stage : Stage::weights;
}

std::vector<double> pinnedValues(Panel& p) {
  const Stage stage = comparedStage(p);
  const auto field = shownField(p, stage, 0);
  // A pin belongs to the stage that it was set in: the maps share theirs.
  if (!field || (stage != p.session.view().stage && !isMap(p.session.view().stage))) return {};
  std::vector<double> sums;
  double count = 0;
  bool whole = true;
  for (const Cell& cell : p.session.pins()) {
    if (cell.row >= field->rows || cell.col >= field->cols) continue;
    const auto made = p.session.cellOfHeads(stage, cell);
    whole = whole && made;
    if (!made) continue;
    sums.resize(made->values.size(), 0.0);
    for (std::size_t h = 0; h < sums.size(); ++h) sums[h] += static_cast<double>(made->values[h]);
    ++count;
  }
  if (!whole) return {};
  for (double& sum : sums) sum /= count;
  return sums;
}

bool orderApplies(const Panel& p, HeadOrder order) {
  return order != HeadOrder::cell || p.session.pinned().has_value();
}

namespace {

/// Where a tag stands among the patterns; behind all of them where there is none.
std::size_t patternPlace(const HeadReading& reading) {
  const auto kinds = patternKinds();
  std::size_t place = kinds.size();
  for (std::size_t i = 0; i < kinds.size() && !reading.tags.empty(); ++i) {
    if (kinds[i].name == reading.tags.front().name) place = i;
  }
  return place;
}

/// By the values, the largest first (`rising`: the smallest), what is no number at the end.
std::vector<int> sorted(std::vector<int> heads, const std::vector<double>& by, bool rising) {
  std::stable_sort(heads.begin(), heads.end(), [&](int a, int b) {
    const double x = by[static_cast<std::size_t>(a)];
    const double y = by[static_cast<std::size_t>(b)];
    if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
    return rising ? x < y : x > y;
  });
  return heads;
}

/// Empty while what it goes by is being made.
std::vector<int> orderNow(Panel& p, HeadOrder order, const std::vector<int>& heads) {
  switch (order) {
    case HeadOrder::number:
      return heads;
    case HeadOrder::effectiveKeys: {
      const auto keys = p.session.effectiveKeys();
      if (!keys || keys->size() != heads.size()) return {};
      return sorted(heads, *keys, true);
    }
    case HeadOrder::cell: {
      const std::vector<double> values = pinnedValues(p);
      if (values.size() != heads.size()) return {};
      return sorted(heads, values, false);
    }
    case HeadOrder::likeness: {
      const auto alike = p.session.alikeHeads();
      if (!alike || alike->order.size() != heads.size()) return {};
      return alike->order;
    }
    case HeadOrder::pattern: {
      const auto readings = p.session.headReadings();
      if (!readings || readings->size() != heads.size()) return {};
      std::vector<int> placed = heads;
      std::stable_sort(placed.begin(), placed.end(), [&](int a, int b) {
        const HeadReading& x = (*readings)[static_cast<std::size_t>(a)];
        const HeadReading& y = (*readings)[static_cast<std::size_t>(b)];
        const std::size_t i = patternPlace(x);
        const std::size_t j = patternPlace(y);
        if (i != j) return i < j;
        return !x.tags.empty() && x.tags.front().share > y.tags.front().share;
      });
      return placed;
    }
  }
  return heads;
}

}  // namespace

std::vector<int> headsInOrder(Panel& p, HeadOrder order) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return {};
  std::vector<int> heads(static_cast<std::size_t>(evaluation->run->sizes.heads));
  std::iota(heads.begin(), heads.end(), 0);
  if (!orderApplies(p, order)) return heads;
  std::vector<int>& kept = p.state.part<HeadsView>().orders[order];
  if (auto now = orderNow(p, order, heads); !now.empty()) kept = std::move(now);
  return kept.size() == heads.size() ? kept : heads;
}

Box thumbPart(const Thumb& thumb, const Box& map, std::int64_t row, std::int64_t col) {
  const bool turned = thumb.geometry.transposed;
  const std::int64_t down = turned ? col : row;
  const std::int64_t across = turned ? row : col;
  const int level = thumb.geometry.level;
  const auto w = static_cast<float>(thumb.geometry.texelPx * thumb.sx);
  const auto h = static_cast<float>(thumb.geometry.texelPx * thumb.sy);
  Box box = map;
  if (down >= 0) {
    box.y0 = map.y0 + static_cast<float>(down >> level) * h;
    box.y1 = box.y0 + h;
  }
  if (across >= 0) {
    box.x0 = map.x0 + static_cast<float>(across >> level) * w;
    box.x1 = box.x0 + w;
  }
  return box.clippedTo(map);
}

void markCell(const Ui& ui, const Thumb& thumb, const Box& map, Cell cell, float thickness) {
  const Box part = thumbPart(thumb, map, cell.row, cell.col);
  if (part.empty()) return;
  const float halo = std::max(1.0f, ui.u(1));
  frame(part.inset(-thickness - halo, -thickness - halo), IM_COL32_BLACK, halo);
  frame(part.inset(-thickness, -thickness), IM_COL32_WHITE, thickness);
}

float silencedMark(Ui& ui, float x, float baseline, float right) {
  const float middle = baseline - ui.fonts->face(Role::micro).capital / 2;
  const float cx = x + ui.u(8);
  icon(ui, Icon::eye, cx, middle, ui.c.t1);
  const float reach = ui.u(6);
  canvas()->AddLine({cx - reach, middle + reach}, {cx + reach, middle - reach}, ui.c.t1,
                    std::max(1.0f, 1.4f * ui.scale));
  const float end = x + ui.u(20);
  if (end + textWidth(ui, Role::micro, "silenced") > right) return end;
  return text(ui, Role::micro, end, baseline, ui.c.t1, "silenced");
}

void drawTile(Panel& p, std::uint64_t slot, const std::shared_ptr<const Tile>& tile,
              const std::shared_ptr<const MapLook>& look, ImVec2 at, int texelPx, int sx, int sy) {
  if (!tile || !look) return;
  MapImage image;
  image.fieldKey = KeyHash().add("tile").add(reinterpret_cast<std::uintptr_t>(tile.get())).key();
  image.rows = std::int64_t{tile->rows} << tile->level;
  image.cols = std::int64_t{tile->cols} << tile->level;
  image.geometry.level = tile->level;
  image.geometry.texelPx = texelPx;
  image.geometry.width = tile->cols * texelPx;
  image.geometry.height = tile->rows * texelPx;
  image.look = *look;
  image.look.mean = false;
  image.tile = [tile](std::int64_t, std::int64_t) { return tile; };
  const auto width = static_cast<float>(image.geometry.width * sx);
  const auto height = static_cast<float>(image.geometry.height * sy);
  if (const MapTexture map = p.maps.map(slot, image)) putMap(map, at, {at.x + width, at.y + height});
}

namespace {

/// One pixel row of at most `texels` pixels: of what each covers the number farthest from 0.
std::shared_ptr<const Tile> rowTile(std::span<const float> values, int texels) {
  auto tile = std::make_shared<Tile>();
  tile->rows = 1;
  tile->cols = texels;
  tile->classes.assign(static_cast<std::size_t>(texels), static_cast<std::uint8_t>(CellClass::value));
  tile->extreme.reserve(static_cast<std::size_t>(texels));
  for (std::size_t n = 0; n < static_cast<std::size_t>(texels); ++n) {
    const std::size_t first = n * values.size() / static_cast<std::size_t>(texels);
    const std::size_t end = std::max(first + 1, (n + 1) * values.size() / static_cast<std::size_t>(texels));
    float farthest = values[first];
    for (std::size_t i = first; i < end; ++i) {
      if (!(std::abs(values[i]) <= std::abs(farthest))) farthest = values[i];
    }
    tile->extreme.push_back(farthest);
  }
  return tile;
}

}  // namespace

std::shared_ptr<const MapLook> signedLook(Panel& p, std::uint64_t slot, double largest) {
  Range range;
  range.high = std::isfinite(largest) ? std::max(largest, 1e-30) : 1;
  range.low = -range.high;
  return shownLook(p, Stage::headOutput, 0, slot, range);
}

float drawNumberStrip(Panel& p, std::uint64_t slot, const std::shared_ptr<const void>& of,
                      std::span<const float> values, const std::shared_ptr<const MapLook>& look,
                      const Box& box) {
  const auto room = std::min(static_cast<int>(box.width()), kTileSize * 8);
  if (values.empty() || room < 1) return 0;
  const int count = static_cast<int>(std::min<std::size_t>(values.size(), static_cast<std::size_t>(room)));
  const int wide = room / count;
  // A tile holds kTileSize pixels: a longer row is a chain of them.
  HeadsView& view = p.state.part<HeadsView>();
  for (int first = 0; first < count; first += kTileSize) {
    const int part = std::min(kTileSize, count - first);
    const std::uint64_t place = slot + (static_cast<std::uint64_t>(first / kTileSize) << 40);
    KeptPicture& kept = view.pictures[place];
    if (kept.of != of || kept.texels != count) {
      const auto size = values.size();
      const std::size_t from = static_cast<std::size_t>(first) * size / static_cast<std::size_t>(count);
      const std::size_t to = static_cast<std::size_t>(first + part) * size / static_cast<std::size_t>(count);
      kept = {of, count, rowTile(values.subspan(from, to - from), part)};
    }
    const float x = box.x0 + static_cast<float>(first * wide);
    drawTile(p, place, kept.tile, look, {x, box.y0}, 1, wide, static_cast<int>(box.height()));
  }
  if (wide >= static_cast<int>(p.ui.u(8))) {
    for (int n = 1; n < count; ++n) {
      const float x = box.x0 + static_cast<float>(n * wide) - 1;
      fill({x, box.y0, x + 1, box.y1}, p.ui.c.s0);
    }
  }
  return static_cast<float>(count * wide);
}

int pager(Ui& ui, std::string_view id, std::string_view words, float right, float centre, bool before,
          bool after, float* left, Role role) {
  const float side = ui.u(24);
  const float width = textWidth(ui, role, words);
  const Box next = Box::at(right - side, centre - side / 2, side, side);
  const Box previous = next.moved(-side - width - ui.u(8), 0);
  int by = 0;
  const auto turn = [&](const char* name, const Box& at, float direction, bool enabled, int step) {
    const std::string whole = std::string(id) + name;
    const Press press = pressable(ui, whole, at, enabled);
    if (enabled && press.hovered) fill(at, ui.c.s3, ui.u(4));
    const float s = ui.scale;
    const ImVec2 points[] = {{at.centreX() - direction * 2 * s, at.centreY() - 4 * s},
                             {at.centreX() + direction * 2 * s, at.centreY()},
                             {at.centreX() - direction * 2 * s, at.centreY() + 4 * s}};
    canvas()->AddPolyline(points, 3, enabled ? ui.c.t1 : ui.c.t3, 0, std::max(1.0f, 1.4f * s));
    focusRing(ui, whole, at, ui.u(4));
    if (press.pressed) by = step;
  };
  turn("/previous", previous, -1, before, -1);
  turn("/next", next, 1, after, 1);
  textIn(ui, role, {previous.x1 + ui.u(4), next.y0, next.x0 - ui.u(3), next.y1}, Align::left, ui.c.t2, words);
  *left = previous.x0;
  return by;
}

}  // namespace headlight
