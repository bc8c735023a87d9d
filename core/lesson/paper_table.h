#pragma once
#include <string>
#include <vector>

#include "core/lesson/paper.h"

namespace headlight {

/// Numbers in rows and columns, as they are printed.
struct PaperTable {
  std::string title;
  std::string note;  ///< grey, under the title
  std::vector<std::string> columns;
  std::vector<std::string> rows;  ///< empty texts: the rows have no names
  std::vector<std::vector<std::string>> cells;

  bool operator==(const PaperTable&) const = default;
};

/// What a table takes when its type is made small enough for `room` mm, and no smaller than can be read.
struct PaperTableSize {
  double sizePt = 0;
  double width = 0;
  double height = 0;
  double rowNames = 0;          ///< width of the names of the rows
  std::vector<double> columns;  ///< widths, with the gap before
};
inline constexpr double kLargestTablePt = 9;
PaperTableSize sizeOf(const PaperTable& table, double room, double largestPt = kLargestTablePt);
void drawTable(PaperWriter& writer, const PaperTable& table, const PaperTableSize& size, double x, double y);

/// Tables beside each other, as many as a line holds. The height that all take in `width` mm.
double tablesHeight(const std::vector<PaperTable>& tables, double width);
/// Draws them at the writer's place and goes below them.
void drawTables(PaperWriter& writer, const std::vector<PaperTable>& tables);

}  // namespace headlight
