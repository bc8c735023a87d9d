#include "core/lesson/paper_table.h"

#include <algorithm>

#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kSmallestPt = 5.5;
constexpr double kSmallestShared = 6.5;  // where a line is shared with another table
constexpr double kGap = 0.82;            // em between columns
constexpr double kBetween = 9;           // mm between tables
constexpr double kUnder = 4;             // mm under a line of tables

PaperStyle numbersAt(double sizePt) {
  PaperStyle style = paperNumbers();
  style.sizePt = sizePt;
  return style;
}

PaperStyle namesAt(double sizePt) {
  PaperStyle style = paperSmall();
  style.sizePt = sizePt;
  return style;
}

PaperStyle titleStyle() {
  return {.sizePt = 9.5, .weight = 600};
}

double rowHeight(double sizePt) {
  return 1.5 * sizePt * kMmPerPoint;
}

double widthOf(const std::string& text, const PaperStyle& style) {
  return measure(paperText(text, style)).width;
}

/// The widths that names and numbers take in that type.
PaperTableSize columnsAt(const PaperTable& table, double sizePt) {
  PaperTableSize size;
  size.sizePt = sizePt;
  const PaperStyle numbers = numbersAt(sizePt);
  const PaperStyle names = namesAt(sizePt);
  for (const std::string& row : table.rows) size.rowNames = std::max(size.rowNames, widthOf(row, names));
  size.width = size.rowNames;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    double widest = widthOf(table.columns[c], names);
    for (const auto& row : table.cells) widest = std::max(widest, widthOf(row[c], numbers));
    size.columns.push_back(widest + kGap * sizePt * kMmPerPoint);
    size.width += size.columns.back();
  }
  return size;
}

/// Lines of tables, each a span of them with its height.
struct Line {
  std::size_t first = 0;
  std::size_t end = 0;
  double height = 0;
};

/// Their sizes in one type: two stand beside each other where that leaves it large enough.
std::vector<PaperTableSize> sizesOf(const std::vector<PaperTable>& tables, double width) {
  const double half = (width - kBetween) / 2;
  double smallest = kLargestTablePt;
  for (const PaperTable& table : tables) {
    PaperTableSize size = sizeOf(table, half);
    if (tables.size() == 1 || size.width > half || size.sizePt < kSmallestShared) size = sizeOf(table, width);
    smallest = std::min(smallest, size.sizePt);
  }
  std::vector<PaperTableSize> sizes;
  sizes.reserve(tables.size());
  for (const PaperTable& table : tables) sizes.push_back(sizeOf(table, width, smallest));
  return sizes;
}

std::vector<Line> linesOf(const std::vector<PaperTableSize>& sizes, double width) {
  std::vector<Line> lines;
  double used = 0;
  for (std::size_t n = 0; n < sizes.size(); ++n) {
    const PaperTableSize& size = sizes[n];
    if (lines.empty() || used + kBetween + size.width > width) {
      lines.push_back({n, n, 0});
      used = size.width;
    } else {
      used += kBetween + size.width;
    }
    lines.back().end = n + 1;
    lines.back().height = std::max(lines.back().height, size.height);
  }
  return lines;
}

}  // namespace

PaperTableSize sizeOf(const PaperTable& table, double room, double largestPt) {
  const PaperStyle note = paperSmall();
  const double heading = std::max(widthOf(table.title, titleStyle()), widthOf(table.note, note));
  PaperTableSize size = columnsAt(table, largestPt);
  while (size.width > room && size.sizePt > kSmallestPt) size = columnsAt(table, size.sizePt - 0.5);
  size.width = std::max(size.width, std::min(heading, room));
  size.height = titleStyle().lineMm() + (table.note.empty() ? 0 : note.lineMm()) +
                rowHeight(size.sizePt) * static_cast<double>(table.cells.size() + 1) + 1;
  return size;
}

void drawTable(PaperWriter& writer, const PaperTable& table, const PaperTableSize& size, double x, double y) {
  const PaperStyle numbers = numbersAt(size.sizePt);
  const PaperStyle names = namesAt(size.sizePt);
  const double pitch = rowHeight(size.sizePt);
  const auto put = [&](double at, double top, const std::string& text, const PaperStyle& style,
                       Anchor anchor) {
    writer.line(at, top + (pitch - style.lineMm()) / 2, paperText(text, style), style, anchor);
  };
  const std::vector<Text> title = paperLines(table.title, titleStyle(), size.width + 0.1);
  if (!title.empty()) writer.line(x, y, title.front(), titleStyle());
  y += titleStyle().lineMm();
  if (!table.note.empty()) {
    const std::vector<Text> note = paperLines(table.note, paperSmall(), size.width + 0.1);
    writer.line(x, y, note.front(), paperSmall());
    y += paperSmall().lineMm();
  }
  double right = x + size.rowNames;
  double across = size.rowNames;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    right += size.columns[c];
    across += size.columns[c];
    put(right, y, table.columns[c], names, Anchor::end);
    for (std::size_t r = 0; r < table.cells.size(); ++r)
      put(right, y + pitch * static_cast<double>(r + 1) + 1, table.cells[r][c], numbers, Anchor::end);
  }
  writer.rule(x, y + pitch + 0.4, across);
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    put(x + size.rowNames, y + pitch * static_cast<double>(r + 1) + 1, table.rows[r], names, Anchor::end);
}

double tablesHeight(const std::vector<PaperTable>& tables, double width) {
  double height = 0;
  for (const Line& line : linesOf(sizesOf(tables, width), width)) height += line.height + kUnder;
  return height;
}

void drawTables(PaperWriter& writer, const std::vector<PaperTable>& tables) {
  const std::vector<PaperTableSize> sizes = sizesOf(tables, writer.width());
  for (const Line& line : linesOf(sizes, writer.width())) {
    writer.need(line.height);
    double x = writer.left();
    for (std::size_t n = line.first; n < line.end; ++n) {
      drawTable(writer, tables[n], sizes[n], x, writer.y());
      x += sizes[n].width + kBetween;
    }
    writer.skip(line.height + kUnder);
  }
}

}  // namespace headlight
