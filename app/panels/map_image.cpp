#include "app/panels/map_image.h"

#include <cmath>

#include "app/render/visible_tiles.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/describe/words.h"
#include "core/text/label.h"

namespace headlight {

std::optional<ShownField> shownField(Panel& p, Stage stage, int head) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return std::nullopt;
  if (p.state.fieldsOf != evaluation) {
    p.state.fields.clear();
    p.state.fieldsOf = evaluation;
  }
  const std::pair<int, int> place{static_cast<int>(stage), head};
  if (const auto known = p.state.fields.find(place); known != p.state.fields.end()) return known->second;
  std::optional<ShownField> shown;
  const std::shared_ptr<const Run> run(evaluation, evaluation->run.get());
  if (const auto field = Field::make(run, stage, head)) {
    shown = ShownField{stage, head, field->key(), field->rows(), field->cols()};
  }
  p.state.fields[place] = shown;
  return shown;
}

const Colormap& shownColormap(const Panel& p, Stage stage) {
  const StageInfo& stageInfo = info(stage);
  const std::string& wanted = p.session.view().colormap;
  if (!wanted.empty()) {
    const Colormap* map = colormap(wanted);
    if (map && map->diverging == stageInfo.isSigned) return *map;
  }
  return defaultColormap(stageInfo.isSigned, isDark(p.ui.theme));
}

std::optional<Range> stripRange(Panel& p, Stage stage, int head) {
  if (!info(stage).isSigned) return p.session.range(stage, head);
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return std::nullopt;
  const Stage from = rangeStage(stage, evaluation->run->has(Stage::dot));
  const auto statistics = p.session.statistics(from, head);
  if (!statistics) return p.session.range(stage, head);
  const FieldStatistics* const fields[] = {statistics.get()};
  return resolveRange("robust", from, evaluation->run->sizes.keys, fields);
}

std::shared_ptr<const MapLook> shownLook(Panel& p, Stage stage, int head, std::uint64_t slot,
                                         const std::optional<Range>& given) {
  const auto range = given ? given : p.session.range(stage, head);
  PanelState::Look& look = p.state.looks[slot];
  if (!range) return look.look;
  const Colormap* map = &shownColormap(p, stage);
  const bool same = look.look && look.range == *range && look.map == map && look.theme == p.ui.theme &&
                    look.scale == p.ui.scale && look.mean == p.state.poolMean;
  if (same) return look.look;
  auto made = std::make_shared<MapLook>(makeLook(*range, *map, p.ui.theme, p.ui.scale));
  made->mean = p.state.poolMean;
  look = {*range, map, p.ui.theme, p.ui.scale, p.state.poolMean, made};
  return made;
}

std::optional<MapImage> mapImage(Panel& p, const ShownField& field, const MapGeometry& geometry,
                                 std::uint64_t slot, const std::optional<Range>& range) {
  const auto look = shownLook(p, field.stage, field.head, slot, range);
  if (!look) {
    // Asked for beside the range that is missing, so that one frame less is drawn without the map.
    for (const VisibleTile& tile : visibleTiles(field.rows, field.cols, geometry)) {
      static_cast<void>(p.session.tile(field.stage, field.head, geometry.level, tile.r, tile.c));
    }
    return std::nullopt;
  }
  MapImage image;
  image.fieldKey = field.key;
  image.rows = field.rows;
  image.cols = field.cols;
  image.geometry = geometry;
  image.look = *look;
  Session& session = p.session;
  const Stage stage = field.stage;
  const int head = field.head;
  const int level = geometry.level;
  image.tile = [&session, stage, head, level](std::int64_t r, std::int64_t c) {
    return session.tile(stage, head, level, r, c);
  };
  return image;
}

void putMap(const MapTexture& map, ImVec2 at, ImVec2 end, ImU32 tint) {
  canvas()->AddImage(compat::texture(map.id), at, end, {map.u0, map.v0}, {map.u1, map.v1}, tint);
}

bool drawMap(Panel& p, std::uint64_t slot, const ShownField& field, const MapGeometry& geometry, ImVec2 at,
             int sx, int sy, const std::optional<Range>& range) {
  const ImVec2 end{at.x + static_cast<float>(geometry.width * sx),
                   at.y + static_cast<float>(geometry.height * sy)};
  const auto image =
      geometry.width > 0 && geometry.height > 0 ? mapImage(p, field, geometry, slot, range) : std::nullopt;
  if (!image) {
    frame({at.x, at.y, end.x, end.y}, p.ui.c.line);
    return false;
  }
  if (const MapTexture map = p.maps.map(slot, *image)) putMap(map, at, end);
  return true;
}

Thumb thumbOf(std::int64_t rows, std::int64_t cols, float width, float height, int cell, bool transposed) {
  Thumb thumb;
  thumb.geometry.transposed = transposed;
  const std::int64_t across = std::max<std::int64_t>(transposed ? rows : cols, 1);
  const std::int64_t down = std::max<std::int64_t>(transposed ? cols : rows, 1);
  const auto w = static_cast<std::int64_t>(std::max(1.0f, width));
  const auto h = static_cast<std::int64_t>(std::max(1.0f, height));
  const auto pooled = [](std::int64_t cells, int level) {
    return (cells + (std::int64_t{1} << level) - 1) >> level;
  };
  int level = 0;
  while (level < 20 && (pooled(across, level) > w || pooled(down, level) > h)) ++level;
  const std::int64_t texelsX = pooled(across, level);
  const std::int64_t texelsY = pooled(down, level);
  const auto perX = static_cast<int>(std::min<std::int64_t>(cell, w / texelsX));
  const auto perY = static_cast<int>(std::min<std::int64_t>(cell, h / texelsY));
  thumb.geometry.level = level;
  thumb.geometry.thumbnail = true;
  const int least = std::max(1, std::min(perX, perY));
  if (std::max(perX, perY) <= 2 * least) {
    thumb.geometry.texelPx = least;
  } else {
    thumb.sx = std::max(1, perX);
    thumb.sy = std::max(1, perY);
  }
  thumb.geometry.width = static_cast<int>(texelsX) * thumb.geometry.texelPx;
  thumb.geometry.height = static_cast<int>(texelsY) * thumb.geometry.texelPx;
  thumb.width = static_cast<float>(thumb.geometry.width * thumb.sx);
  thumb.height = static_cast<float>(thumb.geometry.height * thumb.sy);
  return thumb;
}

int shownHead(const Panel& p) {
  return p.session.view().head;
}

std::string headName(int head) {
  return head == kMeanHead ? "mean" : "H" + std::to_string(head);
}

std::string headName(const Panel& p, int head) {
  const auto evaluation = p.session.evaluation();
  return (evaluation ? layerText(*evaluation) : "") + headName(head);
}

namespace {

std::string labelIn(const std::vector<Token>& tokens, std::int64_t i, std::size_t longest) {
  if (i < 0 || i >= static_cast<std::int64_t>(tokens.size())) return "";
  return shortLabel(tokens[static_cast<std::size_t>(i)].label, longest);
}

}  // namespace

std::string queryLabel(const Panel& p, std::int64_t i, std::size_t longest) {
  const auto evaluation = p.session.evaluation();
  return evaluation ? labelIn(evaluation->prepared->queryTokens, i, longest) : "";
}

std::string keyLabel(const Panel& p, std::int64_t j, std::size_t longest) {
  const auto evaluation = p.session.evaluation();
  return evaluation ? labelIn(evaluation->prepared->keyTokens, j, longest) : "";
}

}  // namespace headlight
