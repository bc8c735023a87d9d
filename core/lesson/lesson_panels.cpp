#include <algorithm>
#include <cmath>

#include "core/experiment/parameters.h"
#include "core/lesson/lesson_parts.h"
#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

constexpr std::size_t kMostRows = 64;
constexpr std::size_t kMostColumns = 8;
constexpr std::size_t kMostVariants = 4;

std::vector<std::string> labelsOf(const Evaluation& state, Axis axis, std::int64_t count) {
  if (axis != Axis::query && axis != Axis::key) return {};
  const auto& tokens = axis == Axis::query ? state.prepared->queryTokens : state.prepared->keyTokens;
  std::vector<std::string> labels;
  for (std::int64_t n = 0; n < count; ++n) {
    const auto at = static_cast<std::size_t>(n);
    labels.push_back(at < tokens.size() ? tokens[at].label : std::to_string(n));
  }
  return labels;
}

std::optional<double> effectiveKeys(const Run& run, int head, std::optional<std::int64_t> query) {
  double sum = 0;
  std::int64_t count = 0;
  for (const CountedRow& row : countedRows(run, head, query ? 0 : 2)) {
    if (query && row.row != *query) continue;
    sum += static_cast<double>(row.numbers.effectiveKeys);
    ++count;
  }
  if (count == 0 || !std::isfinite(sum)) return std::nullopt;
  return sum / static_cast<double>(count);
}

/// Reads the cells row by row: of a map only what is shown is kept.
void readCells(const Field& field, std::int64_t first, const PanelExtent& extent, PanelMap& map) {
  map.shownRows = std::min(map.rows, extent.rows);
  map.shownCols = map.rows == 1 && extent.pooled ? map.cols : std::min(map.cols, extent.cols);
  const auto count = static_cast<std::size_t>(map.shownRows * map.shownCols);
  constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);
  map.values.assign(count, 0);
  map.classes.assign(count, kMasked);
  std::vector<float> values(static_cast<std::size_t>(map.cols));
  std::vector<std::uint8_t> classes(values.size());
  for (std::int64_t i = 0; i < (extent.pooled ? map.rows : map.shownRows); ++i) {
    field.row(first + i, values.data(), classes.data());
    const std::int64_t row = extent.pooled ? i * map.shownRows / map.rows : i;
    for (std::int64_t j = 0; j < (extent.pooled ? map.cols : map.shownCols); ++j) {
      const auto from = static_cast<std::size_t>(j);
      if (std::isfinite(values[from]))
        map.largest = std::max(map.largest, std::abs(static_cast<double>(values[from])));
      if (classes[from] == kMasked) continue;
      const std::int64_t col = extent.pooled ? j * map.shownCols / map.cols : j;
      const auto to = static_cast<std::size_t>(row * map.shownCols + col);
      const bool isFirst = map.classes[to] == kMasked;
      if (isFirst || std::isnan(values[from]) || std::abs(values[from]) > std::abs(map.values[to]))
        map.values[to] = values[from];
      map.classes[to] = classes[from];
    }
  }
}

PanelMap::Looks looksOf(const PanelMap& map) {
  PanelMap::Looks has;
  for (std::size_t n = 0; n < map.values.size(); ++n) {
    const float value = map.values[n];
    if (map.classes[n] == static_cast<std::uint8_t>(CellClass::masked)) {
      has.masked = true;
    } else if (std::isnan(value)) {
      has.nan = true;
    } else if (std::isinf(value)) {
      (value > 0 ? has.plusInfinity : has.minusInfinity) = true;
    } else if (value == 0) {
      has.zero = true;
    }
  }
  return has;
}

Result<PanelMap> panelMap(const LessonPanel& panel, const LessonPanel::Variant& variant, Bench& bench,
                          const Experiment* learner, const PanelExtent& extent) {
  const Experiment& base = variant.now && learner ? *learner : bench.start();
  const auto state = bench.evaluated(base, variant.with, isGradient(panel.stage));
  if (!state) return state.error();
  const auto field = fieldOf(*state, panel.stage, panel.head);
  if (!field) return field.error();
  const bool row = panel.kind == LessonPanel::Kind::row;
  if (row && panel.query >= field->rows()) {
    return badQuantity("found query " + std::to_string(panel.query) + ", accepted is 0 to " +
                       std::to_string(field->rows() - 1));
  }
  PanelMap map;
  map.label = variant.label;
  map.rows = row ? 1 : field->rows();
  map.cols = field->cols();
  if (map.cols > kMostPanelCells || map.rows > kMostPanelCells / map.cols) {
    return badQuantity("the map has more than the " + std::to_string(kMostPanelCells) +
                       " cells that a panel may show");
  }
  const std::int64_t first = row ? panel.query : 0;
  readCells(*field, first, extent, map);
  map.has = looksOf(map);
  if (row && extent.pooled) map.levels = readRow(*field, first).levels;
  const StageInfo& stage = info(panel.stage);
  map.colLabels = labelsOf(**state, stage.cols, map.cols);
  map.rowLabels = labelsOf(**state, stage.rows, first + map.rows);
  if (!map.rowLabels.empty()) map.rowLabels.erase(map.rowLabels.begin(), map.rowLabels.begin() + first);
  if (panel.stage == Stage::weights) {
    map.effectiveKeys =
        effectiveKeys(*(*state)->run, panel.head, row ? std::optional(panel.query) : std::nullopt);
  }
  return map;
}

}  // namespace

Result<std::vector<PanelMap>> panelMaps(const LessonPanel& panel, Bench& bench, const Experiment* learner,
                                        const PanelExtent& extent) {
  std::vector<PanelMap> maps;
  for (const LessonPanel::Variant& variant : panel.variants) {
    auto map = panelMap(panel, variant, bench, learner, extent);
    if (!map) return map.error();
    maps.push_back(std::move(*map));
  }
  return maps;
}

std::vector<LessonPanel> LessonParts::panels(const Value& value, const Place& place) {
  std::vector<LessonPanel> all;
  if (value.isObject()) return {panel(value, place)};
  if (!value.isList() || value.list().empty()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a panel or a list of panels");
    return all;
  }
  for (std::size_t n = 0; n < value.list().size(); ++n) all.push_back(panel(value.list()[n], place.item(n)));
  return all;
}

LessonPanel LessonParts::panel(const Value& value, const Place& place) {
  LessonPanel read;
  if (!value.isObject()) {
    report_.error(place.path, "found " + foundText(value) + ", accepted is a panel: an object");
    return read;
  }
  const KeySpec kinds{"kind", KeyType::word, "table", false, 0, 0, {"table", "plot", "row", "map"}, ""};
  if (const Value* kind = value.find("kind");
      kind && report_.add(checkKey(*kind, kinds, place.member("kind").path))) {
    for (const LessonPanel::Kind each : {LessonPanel::Kind::table, LessonPanel::Kind::plot,
                                         LessonPanel::Kind::row, LessonPanel::Kind::map}) {
      if (kind->string() == kindWord(each)) read.kind = each;
    }
  }
  text(value, "title", place, read.title, true);
  if (read.ofStage()) {
    panelVariants(value, place, read);
  } else {
    panelColumns(value, place, read);
  }
  return read;
}

void LessonParts::panelVariants(const Value& value, const Place& place, LessonPanel& into) {
  const KeySpec stage = stageKey("weights");
  if (const Value* word = value.find("stage");
      word && report_.add(checkKey(*word, stage, place.member("stage").path))) {
    into.stage = *stageById(word->string());
  }
  const KeySpec head = headKey();
  if (const Value* number = value.find("head");
      number && report_.add(checkKey(*number, head, place.member("head").path))) {
    into.head = static_cast<int>(number->integer());
  }
  const KeySpec query = indexKey("query", "the row that is drawn");
  if (const Value* number = value.find("query");
      number && report_.add(checkKey(*number, query, place.member("query").path))) {
    into.query = number->integer();
  }
  const Value* variants = value.find("variants");
  const Place here = place.member("variants");
  if (!variants || !variants->isList() || variants->list().empty() ||
      variants->list().size() > kMostVariants) {
    report_.error(here.path, "found " + (variants ? foundText(*variants) : std::string("none")) +
                                 ", accepted are 1 to 4 variants");
  } else {
    for (std::size_t n = 0; n < variants->list().size(); ++n) {
      const Value& variant = variants->list()[n];
      const Place at = here.item(n);
      LessonPanel::Variant made;
      if (!variant.isObject()) {
        report_.error(at.path, "found " + foundText(variant) + ", accepted is an object with \"label\"");
        continue;
      }
      text(variant, "label", at, made.label, true);
      if (const Value* with = variant.find("with")) made.with = changes(*with, at.member("with"));
      if (const Value* now = variant.find("now")) {
        if (now->isBool()) {
          made.now = now->boolean();
        } else {
          report_.error(at.member("now").path, "found " + foundText(*now) + ", accepted is true or false");
        }
      }
      unknown(variant, {"label", "with", "now"}, at);
      into.variants.push_back(std::move(made));
    }
  }
  std::vector<std::string_view> known{"kind", "title", "stage", "head", "variants"};
  if (into.kind == LessonPanel::Kind::row) known.emplace_back("query");
  unknown(value, known, place);
}

void LessonParts::panelColumns(const Value& value, const Place& place, LessonPanel& into) {
  text(value, "parameter", place, into.parameter, false);
  if (const Value* values = value.find("values")) {
    if (!values->isList() || values->list().empty() || values->list().size() > kMostRows) {
      report_.error(place.member("values").path,
                    "found " + foundText(*values) + ", accepted are 1 to 64 numbers");
    } else {
      for (std::size_t n = 0; n < values->list().size(); ++n) {
        const Value& one = values->list()[n];
        if (one.isNumber()) {
          into.values.push_back(one.number());
        } else {
          report_.error(place.member("values").item(n).path,
                        "found " + foundText(one) + ", accepted is a number");
        }
      }
    }
  }
  if (into.parameter.empty() != into.values.empty()) {
    report_.error(place.path, "\"parameter\" and \"values\" go together");
  }
  if (const Value* log = value.find("logarithmic")) {
    if (log->isBool()) {
      into.logarithmic = log->boolean();
    } else {
      report_.error(place.member("logarithmic").path,
                    "found " + foundText(*log) + ", accepted is true or false");
    }
  }
  const Value* columns = value.find("columns");
  if (!columns || !columns->isList() || columns->list().empty() || columns->list().size() > kMostColumns) {
    report_.error(
        place.member("columns").path,
        "found " + (columns ? foundText(*columns) : std::string("none")) + ", accepted are 1 to 8 columns");
  } else {
    for (std::size_t n = 0; n < columns->list().size(); ++n) {
      const Value& column = columns->list()[n];
      const Place here = place.member("columns").item(n);
      LessonPanel::Column made;
      if (!column.isObject() || !column.find("measure")) {
        report_.error(here.path, "found " + foundText(column) +
                                     ", accepted is an object with \"label\" and \"measure\"");
        continue;
      }
      text(column, "label", here, made.label, true);
      made.measure = measure(*column.find("measure"), here.member("measure"));
      unknown(column, {"label", "measure"}, here);
      into.columns.push_back(std::move(made));
    }
  }
  unknown(value, {"kind", "title", "parameter", "values", "logarithmic", "columns"}, place);
}

}  // namespace headlight
