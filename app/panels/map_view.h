#pragma once
#include <cstdint>
#include <span>

#include "app/widgets/box.h"
#include "core/picture/picture.h"

namespace headlight {

/// Zoom and pan of the large map: px per cell are whole numbers, or 2^level cells share one px. Converts
/// between cells, map px and window px. Rows and cols are as shown (swapped when the axes are).
class MapView {
 public:
  /// Lays the map into `area`: fitted while nobody zoomed, else clamped so that it fills what it can. Cells
  /// are square up to `largestCell` px; with `tallestRow` > 0 narrow cells are stretched to rows of up to so
  /// many px. While a part is out of sight, `aside` px at the right stay free for what shows where one is;
  /// then too a map much longer than wide is fitted by its short side, so that its cells are not pooled away.
  void place(const Box& area, std::int64_t rows, std::int64_t cols, int largestCell, int tallestRow = 0,
             float aside = 0);
  void fit() { fitted_ = true; }
  bool fitted() const { return fitted_; }
  /// The smallest level at which all cells have their place in `area`, at 2^level cells a px.
  static int fittingLevel(const Box& area, std::int64_t rows, std::int64_t cols);
  /// Px per cell at which all cells have their place, or 1 − the level at which they have: more is larger.
  static int fittingZoom(const Box& area, std::int64_t rows, std::int64_t cols);
  /// One step in (+1) or out (−1) about the window px (x, y), which keeps its cell. Out ends where all of the
  /// map is in sight, and fits it.
  void zoom(int steps, float x, float y);
  /// 1 px per cell about the middle.
  void oneToOne();
  void pan(float dx, float dy);
  /// Stands elsewhere, with the same part of the map: one view of several maps side by side.
  void shift(float dx, float dy) {
    area_ = area_.moved(dx, dy);
    box_ = box_.moved(dx, dy);
  }
  /// Brings a cell into sight.
  void reveal(std::int64_t row, std::int64_t col);
  /// Brings it into the middle.
  void centreOn(std::int64_t row, std::int64_t col);
  /// Into the middle, at so many px a cell or nearer.
  void closeUp(std::int64_t row, std::int64_t col, int cellPx);
  /// Whether no part is out of sight.
  bool showsAll() const {
    return static_cast<float>(mapWidth()) <= box_.width() && static_cast<float>(mapHeight()) <= box_.height();
  }

  int cellPx() const { return zoom_ >= 1 ? zoom_ : 1; }     ///< px per cell, at least 1
  int level() const { return zoom_ >= 1 ? 0 : 1 - zoom_; }  ///< 2^level cells a px
  double pxPerCell() const;
  int stretch() const { return stretch_; }  ///< rows are so many times as tall as cells are wide
  /// Where the visible part is on the window, and which part of the map it shows.
  const Box& box() const { return box_; }
  MapGeometry geometry(bool transposed) const;
  /// The map's own width and height in px at this zoom.
  std::int64_t mapWidth() const { return mapPx(cols_); }
  std::int64_t mapHeight() const { return mapPx(rows_) * stretch_; }
  /// Left edge of a column, top edge of a row, in window px; may lie outside the box.
  float x(std::int64_t col) const { return box_.x0 + static_cast<float>(mapPx(col) - left_); }
  float y(std::int64_t row) const { return box_.y0 + static_cast<float>(mapPx(row) * stretch_ - top_); }
  /// The cell under a window px inside the box.
  std::int64_t colAt(float x) const;
  std::int64_t rowAt(float y) const;
  /// First and one past the last visible.
  std::int64_t firstCol() const { return colAt(box_.x0); }
  std::int64_t endCol() const { return std::min(cols_, colAt(box_.x1 - 1) + 1); }
  std::int64_t firstRow() const { return rowAt(box_.y0); }
  std::int64_t endRow() const { return std::min(rows_, rowAt(box_.y1 - 1) + 1); }

 private:
  std::int64_t mapPx(std::int64_t cells) const;
  double cellAt(double mapPx) const;
  void clamp();
  /// Zoom and stretch at which the map is fitted into the area.
  struct Fit {
    int zoom = 1;
    int stretch = 1;
  };
  Fit fitInto(const Box& area, int largestCell, int tallestRow, bool mayPass) const;
  void zoomTo(int zoom, double row, double col, float x, float y);

  Box area_;
  Box box_;
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  int zoom_ = 1;  ///< ≥ 1: px per cell; 0, −1, …: 2, 4, … cells a px
  std::int64_t left_ = 0;
  std::int64_t top_ = 0;
  int stretch_ = 1;
  Fit fit_;
  int outermost_ = 1;  ///< zoom at which all is in sight
  bool fitted_ = true;
};

}  // namespace headlight
