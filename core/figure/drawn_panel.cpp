#include "core/figure/drawn_panel.h"

#include <set>

namespace headlight {
namespace {

std::string headName(const Field& field) {
  if (!info(field.stage()).perHead) return std::string(info(field.stage()).id);
  return field.head() == kMeanHead ? "mean" : "H" + std::to_string(field.head());
}

std::string titleOf(const Field& field) {
  std::string title(info(field.stage()).title);
  if (!info(field.stage()).perHead) return title;
  return title + (field.head() == kMeanHead ? ", mean of the heads" : ", " + headName(field));
}

DrawnPanel panelLike(const Field& field, const Range& range, const Colormap& map, bool transposed) {
  DrawnPanel panel;
  panel.name = headName(field);
  panel.title = titleOf(field);
  panel.stage = field.stage();
  panel.rowAxis = info(field.stage()).rows;
  panel.colAxis = info(field.stage()).cols;
  panel.part = {0, field.rows(), 0, field.cols()};
  panel.transposed = transposed;
  panel.range = range;
  panel.map = &map;
  return panel;
}

}  // namespace

DrawnPanel panelOf(const Field& field, const Range& range, const Colormap& map, bool transposed) {
  DrawnPanel panel = panelLike(field, range, map, transposed);
  panel.block = [field](std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
                        std::uint8_t* classes,
                        std::int64_t stride) { field.block(r0, r1, c0, c1, values, classes, stride); };
  return panel;
}

DrawnPanel panelOf(const FieldDifference& difference, const Range& range, const Colormap& map,
                   bool transposed) {
  const Field& first = difference.first();
  const Field& second = difference.second();
  DrawnPanel panel = panelLike(first, range, map, transposed);
  panel.difference = true;
  panel.name = first.stage() == second.stage()
                   ? headName(first) + "-minus-" + headName(second)
                   : std::string(info(first.stage()).id) + "-minus-" + std::string(info(second.stage()).id);
  panel.title = titleOf(first) + " minus " + titleOf(second);
  panel.block = [difference](std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1,
                             float* values, std::uint8_t* classes, std::int64_t stride) {
    difference.block(r0, r1, c0, c1, values, classes, stride);
  };
  return panel;
}

std::vector<std::string> panelNames(std::span<const DrawnPanel> panels) {
  const auto differ = [](const std::vector<std::string>& names) {
    return std::set<std::string>(names.begin(), names.end()).size() == names.size();
  };
  std::vector<std::string> names;
  names.reserve(panels.size());
  for (const DrawnPanel& panel : panels) names.push_back(panel.name);
  if (differ(names)) return names;
  for (std::size_t n = 0; n < panels.size(); ++n) {
    names[n] = panels[n].difference ? panels[n].name : std::string(info(panels[n].stage).id);
  }
  if (differ(names)) return names;
  const bool subtracts = panels.size() == 3 && panels[2].difference;
  if (subtracts) return {"first", "second", "difference"};
  for (std::size_t n = 0; n < names.size(); ++n) names[n] += "-" + std::to_string(n);
  return names;
}

}  // namespace headlight
