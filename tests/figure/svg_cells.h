#pragma once
#include <algorithm>
#include <cstdint>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headlight::test {

/// The colour ("440154") at the middle of each cell of an SVG's map [rows, cols], as the last rectangle over
/// it has it; empty where there is none.
inline std::vector<std::vector<std::string>> svgCells(const std::string& svg, std::int64_t rows,
                                                      std::int64_t cols) {
  const std::size_t from = svg.find("<g id=\"map-");
  const std::string group = svg.substr(from, svg.find("</g>", from) - from);
  const std::regex rect(
      "<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\" "
      "fill=\"#([0-9a-f]+)\"/>");
  struct Found {
    double x, y, w, h;
    std::string colour;
  };
  std::vector<Found> all;
  double right = 0;
  double bottom = 0;
  for (std::sregex_iterator it(group.begin(), group.end(), rect), end; it != end; ++it) {
    all.push_back(
        {std::stod((*it)[1]), std::stod((*it)[2]), std::stod((*it)[3]), std::stod((*it)[4]), (*it)[5]});
    right = std::max(right, all.back().x + all.back().w);
    bottom = std::max(bottom, all.back().y + all.back().h);
  }
  EXPECT_FALSE(all.empty());
  std::vector<std::vector<std::string>> cells(static_cast<std::size_t>(rows));
  for (std::size_t r = 0; r < cells.size(); ++r) {
    cells[r].resize(static_cast<std::size_t>(cols));
    for (std::size_t c = 0; c < cells[r].size() && !all.empty(); ++c) {
      const double x =
          all[0].x + (static_cast<double>(c) + 0.5) * (right - all[0].x) / static_cast<double>(cols);
      const double y =
          all[0].y + (static_cast<double>(r) + 0.5) * (bottom - all[0].y) / static_cast<double>(rows);
      for (const Found& f : all) {
        if (x >= f.x && x < f.x + f.w && y >= f.y && y < f.y + f.h) cells[r][c] = f.colour;
      }
    }
  }
  return cells;
}

}  // namespace headlight::test
