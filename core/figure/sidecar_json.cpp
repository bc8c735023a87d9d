#include <cmath>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/base/value.h"
#include "core/figure/sidecar.h"

namespace headlight {
namespace {

Value axisValue(const Evaluation& evaluation, Axis axis, std::int64_t first, std::int64_t end) {
  Value value{Object{}};
  value.set("axis", axisWord(axis));
  value.set("first", first);
  value.set("count", end - first);
  if (tokensAlong(evaluation, axis) != nullptr) {
    List labels;
    for (std::int64_t at = first; at < end; ++at) {
      labels.emplace_back(repairedUtf8(placeName(evaluation, axis, at)));
    }
    value.set("labels", std::move(labels));
  }
  return value;
}

Value rangeValue(const DrawnPanel& panel) {
  Value range{Object{}};
  range.set("low", panel.range.low);
  range.set("high", panel.range.high);
  range.set("scale", panel.range.logarithmic ? "logarithmic" : "linear");
  range.set("rule", panel.range.rule);
  return range;
}

/// Everything of a panel but its cells, without the closing brace.
std::string panelHead(const Evaluation& evaluation, const DrawnPanel& panel) {
  Value value{Object{}};
  value.set("name", panel.name);
  value.set("title", panel.title);
  value.set("stage", info(panel.stage).id);
  value.set("difference", panel.difference);
  value.set("rows", axisValue(evaluation, panel.rowAxis, panel.part.rowFirst, panel.part.rowEnd));
  value.set("columns", axisValue(evaluation, panel.colAxis, panel.part.colFirst, panel.part.colEnd));
  value.set("drawn_rows", panel.transposed ? "columns" : "rows");
  value.set("range", rangeValue(panel));
  value.set("colormap", panel.map == nullptr ? Value() : Value(panel.map->id));
  std::string text = value.json();
  text.pop_back();
  return text;
}

void appendCell(std::string& text, float value, std::uint8_t kind) {
  if (static_cast<CellClass>(kind) == CellClass::masked) {
    text += "null";
  } else if (std::isfinite(value)) {
    text += shortest(value);
  } else {
    text += '"' + shortest(value) + '"';
  }
}

Status writeCells(ByteSink& sink, const DrawnPanel& panel, const Cancel& cancel) {
  const auto cols = static_cast<std::size_t>(panel.cols());
  std::string text;
  return readPanelRows(panel, cancel,
                       [&](std::int64_t first, std::span<const float> values,
                           std::span<const std::uint8_t> classes) -> Status {
                         text.clear();
                         for (std::size_t at = 0; at < values.size(); ++at) {
                           if (at % cols == 0) text += first > 0 || at > 0 ? ",\n[" : "\n[";
                           if (at % cols != 0) text += ", ";
                           appendCell(text, values[at], classes[at]);
                           if (at % cols == cols - 1) text += ']';
                         }
                         return sink.write(text);
                       });
}

}  // namespace

Status writeSidecarJson(ByteSink& sink, const Evaluation& evaluation, const SidecarText& text,
                        std::span<const DrawnPanel> panels, const Cancel& cancel) {
  Value head{Object{}};
  head.set("type", "headlight/figure");
  head.set("version", 1);
  head.set("layout", text.layout);
  if (!text.title.empty()) head.set("title", repairedUtf8(text.title));
  if (!text.origin.empty()) head.set("origin", repairedUtf8(text.origin));
  std::string begin = head.json();
  begin.pop_back();
  if (Status status = sink.write(begin + ", \"panels\": ["); !status) return status;
  for (std::size_t n = 0; n < panels.size(); ++n) {
    const std::string start = (n > 0 ? ",\n" : "\n") + panelHead(evaluation, panels[n]) + ", \"cells\": [";
    if (Status status = sink.write(start); !status) return status;
    if (Status status = writeCells(sink, panels[n], cancel); !status) return status;
    if (Status status = sink.write("\n]}"); !status) return status;
  }
  return sink.write("\n]}\n");
}

}  // namespace headlight
