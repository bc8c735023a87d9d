#include <algorithm>
#include <cmath>

#include "app/panels/heads_parts.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/stage_views.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlots = std::uint64_t{0x6c65737} << 36;

/// The shown cells of a variant, as the renderer takes them.
std::shared_ptr<const Tile> tileOf(const PanelMap& map) {
  auto tile = std::make_shared<Tile>();
  tile->rows = static_cast<int>(map.shownRows);
  tile->cols = static_cast<int>(map.shownCols);
  tile->extreme = map.values;
  tile->mean = map.values;
  tile->classes = map.classes;
  return tile;
}

/// What all variants span together.
Range rangeOf(const LessonPanel& panel, const std::vector<PanelMap>& maps) {
  double largest = 0;
  for (const PanelMap& map : maps) largest = std::max(largest, map.largest);
  Range range;
  range.rule = "one scale";
  if (panel.stage == Stage::weights) return range;
  range.high = largest > 0 ? largest : 1;
  range.low = info(panel.stage).isSigned ? -range.high : 0;
  return range;
}

std::string valueWords(double value) {
  if (std::abs(value) >= 0.1 && std::abs(value) < 10) return fixed(value, 3);
  return measuredText(value);
}

class LessonPanels {
 public:
  LessonPanels(Panel& p, LessonDesk& desk)
      : p_(p), ui_(p.ui), desk_(desk), room_(lessonRoom(p, desk)), found_(desk.panels()) {
    if (found_ && room_.tilesOf != found_->number) {
      room_.tiles.clear();
      room_.tilesOf = found_->number;
    }
  }

  void draw(const Box& stage) {
    const Region region(ui_, "lesson panels", stage, ui_.c.s0, kOrderStage, true);
    const float pad = ui_.m(28, 36);
    const float left = stage.x0 + pad;
    const float right = stage.x1 - pad;
    float y = region.top() + ui_.u(12);
    const auto& panels = desk_.step().panels;
    if (!found_ || found_->panels.size() != panels.size()) {
      text(ui_, Role::body, left, y + ui_.u(24), ui_.c.t2, "Measuring");
      ui_.stayAwake(0.05);
      return;
    }
    const float bottom = stage.y1 - ui_.u(12);
    for (std::size_t n = 0; n < panels.size();) {
      const std::size_t rest = lines(n, right - left);
      const float height = std::max(ui_.u(200), (bottom - y) / static_cast<float>(rest) - ui_.u(8));
      const std::size_t together = onOneLine(n, right - left);
      if (together > 1 && panels[n].kind == LessonPanel::Kind::plot) {
        const float table = ui_.u(256);
        const float a = one(n, {left, y, right - table - ui_.u(36), y + height});
        const float b = one(n + 1, {right - table, y, right, y + height});
        y = std::max(a, b);
      } else {
        const float gap = ui_.u(32);
        const auto count = static_cast<float>(together);
        const float each = (right - left - gap * (count - 1)) / count;
        float end = y;
        for (std::size_t k = 0; k < together; ++k) {
          const float x = std::round(left + (each + gap) * static_cast<float>(k));
          end = std::max(end, one(n + k, {x, y, std::round(x + each), y + height}));
        }
        y = end;
      }
      n += together;
      y += ui_.u(12);
      if (n < panels.size()) horizontal(stage.x0, stage.x1, y, ui_.c.line, ui_.u(1));
      y += ui_.u(8);
    }
    region.contentEnds(y);
  }

 private:
  /// How many panels from this one on share a line: a plot and a narrow table, or maps of one variant.
  std::size_t onOneLine(std::size_t n, float width) const {
    const auto& panels = desk_.step().panels;
    if (panels[n].kind == LessonPanel::Kind::plot) {
      const bool narrow = n + 1 < panels.size() && panels[n + 1].kind == LessonPanel::Kind::table &&
                          panels[n + 1].columns.size() <= 3;
      return narrow && width >= ui_.u(720) ? 2 : 1;
    }
    const auto isAlone = [&](std::size_t k) {
      return panels[k].kind == LessonPanel::Kind::map && panels[k].variants.size() == 1;
    };
    const auto most = static_cast<std::size_t>(std::max(1.0f, width / ui_.u(240)));
    std::size_t count = isAlone(n) ? 1 : 0;
    while (count > 0 && n + count < panels.size() && isAlone(n + count) && count < most) ++count;
    return std::max<std::size_t>(1, count);
  }
  std::size_t lines(std::size_t from, float width) const {
    std::size_t count = 0;
    for (std::size_t n = from; n < desk_.step().panels.size(); n += onOneLine(n, width)) ++count;
    return count;
  }

  float one(std::size_t n, const Box& box) {
    const LessonPanel& panel = desk_.step().panels[n];
    const MeasuredPanel& found = found_->panels[n];
    const float baseline = box.y0 + ui_.u(22);
    const std::string title = shortened(ui_, Role::strong, panel.title, box.width());
    const float end = mathWidth(ui_, Role::strong, panel.title) <= box.width()
                          ? math(ui_, Role::strong, box.x0, baseline, ui_.c.t1, panel.title)
                          : text(ui_, Role::strong, box.x0, baseline, ui_.c.t1, title);
    const std::string words = subtitle(panel);
    if (end + ui_.u(14) + mathWidth(ui_, Role::micro, words) <= box.x1)
      math(ui_, Role::micro, end + ui_.u(14), baseline, ui_.c.t2, words);
    const Box body{box.x0, box.y0 + ui_.u(34), box.x1, box.y1};
    if (!found.fault.empty()) {
      return paragraph(ui_, Role::body, body.x0, body.y0 + ui_.u(16), body.width(), ui_.u(19), ui_.c.t1,
                       "Not measured: " + found.fault + ".");
    }
    switch (panel.kind) {
      case LessonPanel::Kind::table:
        return table(panel, found.rows, body);
      case LessonPanel::Kind::plot:
        return drawLessonPlot(ui_, panel, found.rows, body, plottedAnswer(desk_, panel, found.rows));
      case LessonPanel::Kind::row:
        return bars(panel, found.maps, body, n);
      case LessonPanel::Kind::map:
        break;
    }
    return maps(panel, found.maps, body, n);
  }

  static std::string subtitle(const LessonPanel& panel) {
    if (panel.kind == LessonPanel::Kind::plot) {
      std::string words = panel.columns.size() == 1 ? panel.columns[0].label : "";
      if (panel.logarithmic) words += std::string(words.empty() ? "" : "; ") + "both axes logarithmic";
      return words;
    }
    if (!panel.ofStage()) return "";
    std::string words(info(panel.stage).label);
    if (panel.kind == LessonPanel::Kind::row) words += ", query " + std::to_string(panel.query);
    return words;
  }

  // --- table
  float table(const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box) {
    if (panel.parameter.empty()) return facts(panel, rows, box);
    const std::size_t count = panel.columns.size();
    const float first = ui_.u(64);
    const float most = ui_.u(132);
    const float each = std::min(most, (box.width() - first) / static_cast<float>(count));
    const float right = box.x0 + first + each * static_cast<float>(count);
    float y = box.y0 + ui_.u(14);
    header(panelParameter(panel), box.x0 + first - ui_.u(20), first - ui_.u(20), y);
    for (std::size_t c = 0; c < count; ++c)
      header(panel.columns[c].label, box.x0 + first + each * static_cast<float>(c + 1), each - ui_.u(10), y);
    y += ui_.u(8);
    horizontal(box.x0, right, y, ui_.c.line, ui_.u(1));
    const auto answer = plottedAnswer(desk_, panel, rows);
    const float height = ui_.u(24);
    for (const PanelRow& row : rows) {
      const bool lit = highlighted(row.value) || (answer && std::abs(answer->x - row.value) < 1e-9);
      if (lit) fill({box.x0 - ui_.u(4), y, right + ui_.u(6), y + height}, ui_.c.accbg, ui_.u(3));
      const Role role = lit ? Role::numStrong : Role::num;
      const float baseline = centredBaseline(ui_, role, y, y + height);
      numText(ui_, box.x0 + first - ui_.u(20), baseline, ui_.c.t1, measuredText(row.value), role);
      for (std::size_t c = 0; c < row.numbers.size(); ++c)
        numText(ui_, box.x0 + first + each * static_cast<float>(c + 1), baseline, ui_.c.t1,
                measuredText(row.numbers[c]), role);
      y += height;
    }
    return y;
  }

  /// The value that a prediction on another panel of this step spoke of.
  bool highlighted(double value) {
    const auto& panels = desk_.step().panels;
    for (std::size_t n = 0; n < panels.size(); ++n) {
      if (panels[n].kind != LessonPanel::Kind::plot || found_->panels[n].rows.empty()) continue;
      const auto answer = plottedAnswer(desk_, panels[n], found_->panels[n].rows);
      if (answer && std::abs(answer->x - value) < 1e-9) return true;
    }
    return false;
  }

  void header(const std::string& words, float right, float room, float baseline) {
    if (mathWidth(ui_, Role::micro, words) <= room) {
      math(ui_, Role::micro, right - mathWidth(ui_, Role::micro, words), baseline, ui_.c.t2, words);
    } else {
      const std::string cut = shortened(ui_, Role::micro, words, room);
      text(ui_, Role::micro, right - textWidth(ui_, Role::micro, cut), baseline, ui_.c.t2, cut);
    }
  }

  /// One row of numbers: a name and a number a line.
  float facts(const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box) {
    float y = box.y0;
    if (rows.empty()) return y;
    const float height = ui_.u(26);
    const float right = std::min(box.x1, box.x0 + ui_.u(360));
    for (std::size_t c = 0; c < rows.front().numbers.size(); ++c) {
      const Box row{box.x0, y, right, y + height};
      const float baseline = centredBaseline(ui_, Role::body, row.y0, row.y1);
      const std::string number = measuredText(rows.front().numbers[c]);
      const float room = row.width() - textWidth(ui_, Role::numStrong, number) - ui_.u(16);
      const std::string& label = panel.columns[c].label;
      if (mathWidth(ui_, Role::body, label) <= room) {
        math(ui_, Role::body, row.x0, baseline, ui_.c.t2, label);
      } else {
        text(ui_, Role::body, row.x0, baseline, ui_.c.t2, shortened(ui_, Role::body, label, room));
      }
      numText(ui_, row.x1, baseline, ui_.c.t1, number, Role::numStrong);
      y += height;
      horizontal(row.x0, row.x1, y - ui_.u(1), ui_.c.line, ui_.u(1));
    }
    return y;
  }

  // --- rows and maps
  struct Column {
    Box box;
    const PanelMap* map;
  };
  /// Side by side; label and effective keys above each.
  std::vector<Column> columns(const std::vector<PanelMap>& maps, const Box& box) {
    std::vector<Column> all;
    const auto count = static_cast<float>(maps.size());
    const float gap = ui_.u(32);
    const float each = std::floor((box.width() - gap * (count - 1)) / count);
    float x = box.x0;
    for (const PanelMap& map : maps) {
      const Box place{x, box.y0 + ui_.u(26), x + each, box.y1};
      const float baseline = box.y0 + ui_.u(16);
      float room = each;
      if (map.effectiveKeys) {
        const std::string used = measuredText(*map.effectiveKeys) + " keys used";
        const float width = textWidth(ui_, Role::micro, used);
        if (width + ui_.u(60) < each) {
          text(ui_, Role::micro, place.x1 - width, baseline, ui_.c.t2, used);
          room -= width + ui_.u(12);
        }
      }
      if (mathWidth(ui_, Role::strong, map.label) <= room) {
        math(ui_, Role::strong, x, baseline, ui_.c.t1, map.label);
      } else {
        text(ui_, Role::strong, x, baseline, ui_.c.t1, shortened(ui_, Role::strong, map.label, room));
      }
      all.push_back({place, &map});
      x += each + gap;
    }
    return all;
  }

  std::shared_ptr<const MapLook> look(const LessonPanel& panel, const Range& range, std::size_t n) {
    return shownLook(p_, panel.stage, 0, kSlots + n, range);
  }

  float bars(const LessonPanel& panel, const std::vector<PanelMap>& maps, const Box& box, std::size_t n) {
    const Range range = rangeOf(panel, maps);
    const auto colours = look(panel, range, n);
    const float bottom = std::min(box.y1, box.y0 + ui_.u(240));
    for (const Column& column : columns(maps, {box.x0, box.y0, box.x1, bottom})) {
      const PanelMap& map = *column.map;
      const Box area{column.box.x0, column.box.y0, column.box.x1, column.box.y1 - ui_.u(20)};
      fill(area, ui_.c.s1);
      const auto place = [&](double value) {
        const double share = (value - range.low) / (range.high - range.low);
        return std::round(area.y1 -
                          static_cast<float>(std::clamp(share, 0.0, 1.0)) * (area.height() - ui_.u(18)));
      };
      const float zero = place(std::max(range.low, 0.0));
      const float each = area.width() / static_cast<float>(map.cols);
      std::size_t largest = 0;
      for (std::size_t j = 0; j < map.values.size(); ++j) {
        if (map.classes[j] == static_cast<std::uint8_t>(CellClass::masked)) continue;
        if (map.values[j] > map.values[largest]) largest = j;
        const float x0 = std::round(area.x0 + each * static_cast<float>(j));
        const float x1 = std::max(x0 + 1, std::round(area.x0 + each * static_cast<float>(j + 1)) -
                                              (each >= ui_.u(4) ? ui_.u(1) : 0));
        const float y = std::isfinite(map.values[j]) ? place(static_cast<double>(map.values[j])) : zero;
        ImU32 colour = ui_.c.t1;
        if (colours) {
          const Rgb rgb = colours->colours[static_cast<std::size_t>(colourIndex(*colours, map.values[j]))];
          colour = toColour(rgb);
        }
        fill({x0, std::min(y, zero - 1), x1, std::max(y, zero)}, colour);
      }
      horizontal(area.x0, area.x1, zero, ui_.c.edge, ui_.u(1));
      labels(map, area, each);
      if (map.values.empty()) continue;
      const std::string words = valueWords(static_cast<double>(map.values[largest]));
      const float width = textWidth(ui_, Role::numMicro, words);
      const float x = std::clamp(area.x0 + each * (static_cast<float>(largest) + 0.5f) - width / 2, area.x0,
                                 area.x1 - width);
      const float top = std::max(place(static_cast<double>(map.values[largest])), area.y0 + ui_.u(16));
      text(ui_, Role::numMicro, std::round(x), top - ui_.u(5), ui_.c.t1, words);
    }
    return bottom;
  }

  /// Names of the keys below, as many as there is room for.
  void labels(const PanelMap& map, const Box& area, float each) {
    if (map.colLabels.empty()) return;
    float lastEnd = -1e9f;
    for (std::size_t j = 0; j < map.colLabels.size(); ++j) {
      const std::string words = shortened(ui_, Role::micro, map.colLabels[j], std::max(3 * each, ui_.u(48)));
      const float width = textWidth(ui_, Role::micro, words);
      const float x = area.x0 + each * (static_cast<float>(j) + 0.5f) - width / 2;
      if (x < lastEnd + ui_.u(6) || x < area.x0 - ui_.u(2) || x + width > area.x1 + ui_.u(2)) continue;
      text(ui_, Role::micro, std::round(x), area.y1 + ui_.u(15), ui_.c.t2, words);
      lastEnd = x + width;
    }
  }

  /// No wider than the maps can become, so that what is said of them stands at them.
  Box withinReach(const std::vector<PanelMap>& maps, Box box) const {
    if (maps.empty()) return box;
    const auto rows = static_cast<float>(maps.front().shownRows);
    const auto cols = static_cast<float>(maps.front().shownCols);
    const float cell = std::clamp((box.height() - ui_.u(72)) / std::max(rows, 1.0f), 1.0f, ui_.u(44));
    const float each = std::max(ui_.u(220), ui_.u(64) + cols * cell * 1.5f);
    const auto count = static_cast<float>(maps.size());
    box.x1 = std::min(box.x1, box.x0 + std::round(each * count + ui_.u(32) * (count - 1)));
    return box;
  }

  float maps(const LessonPanel& panel, const std::vector<PanelMap>& maps, const Box& box, std::size_t n) {
    const Range range = rangeOf(panel, maps);
    const auto colours = look(panel, range, n);
    float bottom = box.y0;
    std::uint64_t variant = 0;
    for (const Column& column : columns(maps, withinReach(maps, box))) {
      const PanelMap& map = *column.map;
      const std::uint64_t slot = kSlots + (static_cast<std::uint64_t>(n) << 8) + (++variant << 4);
      auto& tile = room_.tiles[slot];
      if (!tile) tile = tileOf(map);
      const bool names = !map.rowLabels.empty() && map.rows <= 16;
      const float gutter = names ? ui_.u(64) : 0;
      const float width = column.box.width() - gutter;
      const float height = column.box.height() - ui_.u(46);
      const int most = static_cast<int>(ui_.u(44));
      const int cell = std::clamp(static_cast<int>(std::min(width / static_cast<float>(tile->cols),
                                                            height / static_cast<float>(tile->rows))),
                                  1, most);
      // A little wider than high where there is room: more of the names below.
      const int wide = std::clamp(static_cast<int>(width / static_cast<float>(tile->cols)), 1,
                                  std::max(cell, std::min(most / 2, cell * 3 / 2)));
      const ImVec2 at{column.box.x0 + gutter, column.box.y0};
      const Box drawn =
          Box::at(at.x, at.y, static_cast<float>(wide * tile->cols), static_cast<float>(cell * tile->rows));
      if (colours) {
        drawTile(p_, slot, tile, colours, at, 1, wide, cell);
      } else {
        frame(drawn, ui_.c.line, ui_.u(1));
        ui_.stayAwake(0.05);
      }
      if (names) {
        for (std::size_t i = 0; i < map.rowLabels.size(); ++i) {
          const float y = at.y + static_cast<float>(cell) * static_cast<float>(i);
          if (static_cast<float>(cell) < ui_.u(13)) break;
          textIn(ui_, Role::micro, {column.box.x0, y, at.x - ui_.u(6), y + static_cast<float>(cell)},
                 Align::right, ui_.c.t2, map.rowLabels[i]);
        }
      }
      labels(map, drawn, drawn.width() / static_cast<float>(std::max<std::int64_t>(map.cols, 1)));
      bottom = std::max(bottom, drawn.y1 + ui_.u(22));
    }
    return scaleBar(range, colours, pooledWords(maps), {box.x0, bottom, box.x1, bottom + ui_.u(24)});
  }

  static std::string pooledWords(const std::vector<PanelMap>& maps) {
    for (const PanelMap& map : maps) {
      if (map.rows > map.shownRows || map.cols > map.shownCols)
        return std::to_string(map.rows) + " × " + std::to_string(map.cols) + " cells, of several the largest";
    }
    return "";
  }

  float scaleBar(const Range& range, const std::shared_ptr<const MapLook>& colours, const std::string& words,
                 const Box& box) {
    if (!colours) return box.y1;
    const float baseline = centredBaseline(ui_, Role::micro, box.y0, box.y1);
    float x = text(ui_, Role::micro, box.x0, baseline, ui_.c.t2, "one scale") + ui_.u(8);
    x = text(ui_, Role::numMicro, x, baseline, ui_.c.t1, measuredText(range.low)) + ui_.u(6);
    constexpr int kSteps = 40;
    const float wide = ui_.u(4);
    for (int k = 0; k < kSteps; ++k) {
      const auto at = static_cast<std::size_t>(k * 255 / (kSteps - 1));
      fill(Box::at(x, box.centreY() - ui_.u(4), wide, ui_.u(8)), toColour(colours->colours[at]));
      x += wide;
    }
    x = text(ui_, Role::numMicro, x + ui_.u(6), baseline, ui_.c.t1, measuredText(range.high)) + ui_.u(16);
    if (x + textWidth(ui_, Role::micro, words) <= box.x1)
      text(ui_, Role::micro, x, baseline, ui_.c.t2, words);
    return box.y1;
  }

  Panel& p_;
  Ui& ui_;
  LessonDesk& desk_;
  LessonRoom& room_;
  std::shared_ptr<const MeasuredPanels> found_;
};

}  // namespace

void drawLessonPanels(Panel& p, LessonDesk& desk, const Box& box) {
  LessonPanels(p, desk).draw(box);
}

}  // namespace headlight
