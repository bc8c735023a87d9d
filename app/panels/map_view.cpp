#include "app/panels/map_view.h"

#include <cmath>

namespace headlight {
namespace {

constexpr int kSteps[] = {1,  2,  3,  4,  5,  6,  7,  8,  10, 12, 14, 16,
                          20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128};
constexpr int kOutermost = -12;
constexpr double kLongRows = 3;  // px of a cell of a map with more rows than there are px

int next(int zoom, int steps) {
  for (; steps > 0; --steps) {
    if (zoom < 1) {
      ++zoom;
      continue;
    }
    for (const int step : kSteps) {
      if (step > zoom) {
        zoom = step;
        break;
      }
    }
  }
  for (; steps < 0; ++steps) {
    if (zoom <= 1) {
      zoom = std::max(kOutermost, zoom - 1);
      continue;
    }
    int lower = 1;
    for (const int step : kSteps) {
      if (step < zoom) lower = step;
    }
    zoom = lower;
  }
  return zoom;
}

}  // namespace

double MapView::pxPerCell() const {
  return zoom_ >= 1 ? zoom_ : std::ldexp(1.0, zoom_ - 1);
}

std::int64_t MapView::mapPx(std::int64_t cells) const {
  if (zoom_ >= 1) return cells * zoom_;
  const std::int64_t share = std::int64_t{1} << level();
  return (cells + share - 1) / share;
}

double MapView::cellAt(double px) const {
  return px / pxPerCell();
}

int MapView::fittingLevel(const Box& area, std::int64_t rows, std::int64_t cols) {
  int level = 0;
  const auto tooLong = [&level](std::int64_t cells, float room) {
    return static_cast<float>(((cells - 1) >> level) + 1) > room;
  };
  while (level < 1 - kOutermost && (tooLong(cols, area.width()) || tooLong(rows, area.height()))) ++level;
  return level;
}

int MapView::fittingZoom(const Box& area, std::int64_t rows, std::int64_t cols) {
  const double room =
      std::min(static_cast<double>(area.width()) / static_cast<double>(std::max<std::int64_t>(cols, 1)),
               static_cast<double>(area.height()) / static_cast<double>(std::max<std::int64_t>(rows, 1)));
  return room >= 1 ? static_cast<int>(room) : 1 - fittingLevel(area, rows, cols);
}

MapView::Fit MapView::fitInto(const Box& area, int largestCell, int tallestRow, bool mayPass) const {
  const auto rows = static_cast<double>(std::max<std::int64_t>(rows_, 1));
  const auto cols = static_cast<double>(std::max<std::int64_t>(cols_, 1));
  const double wide = static_cast<double>(area.width()) / cols;
  const double tall = static_cast<double>(area.height()) / rows;
  const double room = std::min(wide, tall);
  Fit fit;
  if (tallestRow > 0 && wide < 8 && tall >= 1 && (wide >= 1 || mayPass)) {
    fit.zoom = std::max(1, static_cast<int>(room));
    fit.stretch = std::max(1, static_cast<int>(std::min(tall, static_cast<double>(tallestRow))) / fit.zoom);
  } else if (tallestRow > 0 && mayPass && wide >= 1 && tall < 1) {
    fit.zoom = static_cast<int>(std::min(wide, kLongRows));
  } else {
    fit.zoom = std::min(fittingZoom(area, rows_, cols_), std::max(1, largestCell));
  }
  return fit;
}

void MapView::place(const Box& area, std::int64_t rows, std::int64_t cols, int largestCell, int tallestRow,
                    float aside) {
  area_ = area;
  if (rows != rows_ || cols != cols_) fitted_ = true;
  rows_ = rows;
  cols_ = cols;
  fit_ = fitInto(area, largestCell, tallestRow, aside > 0);
  outermost_ =
      std::min(fit_.zoom, fittingLevel(area, rows, cols) > 0 ? 1 - fittingLevel(area, rows, cols) : 1);
  if (tallestRow == 0) outermost_ = fit_.zoom;
  if (fitted_) {
    const bool moved = zoom_ != fit_.zoom || stretch_ != fit_.stretch;
    zoom_ = fit_.zoom;
    stretch_ = fit_.stretch;
    if (moved || mapWidth() <= static_cast<std::int64_t>(area.width())) left_ = 0;
    if (moved || mapHeight() <= static_cast<std::int64_t>(area.height())) top_ = 0;
  }
  clamp();
  if (aside <= 0 || showsAll()) return;
  area_.x1 = std::max(area_.x0 + 1, area_.x1 - aside);
  clamp();
}

void MapView::clamp() {
  const auto width =
      std::min<std::int64_t>(mapWidth(), static_cast<std::int64_t>(std::max(1.0f, area_.width())));
  const auto height =
      std::min<std::int64_t>(mapHeight(), static_cast<std::int64_t>(std::max(1.0f, area_.height())));
  box_ = Box::at(area_.x0, area_.y0, static_cast<float>(width), static_cast<float>(height));
  left_ = std::clamp<std::int64_t>(left_, 0, mapWidth() - width);
  top_ = std::clamp<std::int64_t>(top_, 0, mapHeight() - height) / stretch_ * stretch_;
}

void MapView::zoom(int steps, float x, float y) {
  const int wanted = std::max(next(zoom_, steps), std::min(zoom_, outermost_));
  if (wanted == zoom_) return;
  const double col = cellAt(static_cast<double>(x - box_.x0) + static_cast<double>(left_));
  const double row = cellAt((static_cast<double>(y - box_.y0) + static_cast<double>(top_)) / stretch_);
  zoomTo(wanted, row, col, x, y);
  // Back where it began: fitted, and so it follows the size of the window again.
  if (steps < 0 && outermost_ == fit_.zoom && zoom_ <= fit_.zoom) fitted_ = true;
}

void MapView::zoomTo(int zoom, double row, double col, float x, float y) {
  zoom_ = zoom;
  fitted_ = false;
  // Rows stay about as tall as they were fitted until cells are as wide.
  const int tall = fit_.zoom >= 1 ? fit_.zoom * fit_.stretch : 1;
  stretch_ = zoom_ >= 1 ? std::max(1, (tall + zoom_ - 1) / zoom_) : 1;
  if (fit_.stretch == 1) stretch_ = 1;
  left_ = std::llround(col * pxPerCell() - static_cast<double>(x - area_.x0));
  top_ = std::llround(row * pxPerCell() * stretch_ - static_cast<double>(y - area_.y0));
  clamp();
}

void MapView::closeUp(std::int64_t row, std::int64_t col, int cellPx) {
  zoomTo(std::max(zoom_, cellPx), static_cast<double>(row) + 0.5, static_cast<double>(col) + 0.5,
         area_.centreX(), area_.centreY());
}

void MapView::centreOn(std::int64_t row, std::int64_t col) {
  left_ = mapPx(col) - static_cast<std::int64_t>(area_.width() / 2);
  top_ = mapPx(row) * stretch_ - static_cast<std::int64_t>(area_.height() / 2);
  clamp();
}

void MapView::oneToOne() {
  const double col = cellAt(static_cast<double>(left_) + static_cast<double>(box_.width()) / 2);
  const double row = cellAt((static_cast<double>(top_) + static_cast<double>(box_.height()) / 2) / stretch_);
  zoomTo(1, row, col, area_.centreX(), area_.centreY());
}

void MapView::pan(float dx, float dy) {
  if (dx == 0 && dy == 0) return;
  left_ -= std::lround(dx);
  top_ -= std::lround(dy);
  clamp();
}

void MapView::reveal(std::int64_t row, std::int64_t col) {
  const auto width = static_cast<std::int64_t>(box_.width());
  const auto height = static_cast<std::int64_t>(box_.height());
  left_ = std::clamp(left_, std::max<std::int64_t>(0, mapPx(col + 1) - width), mapPx(col));
  top_ =
      std::clamp(top_, std::max<std::int64_t>(0, mapPx(row + 1) * stretch_ - height), mapPx(row) * stretch_);
  clamp();
}

MapGeometry MapView::geometry(bool transposed) const {
  MapGeometry g;
  g.level = level();
  g.texelPx = cellPx();
  g.left = left_;
  g.top = top_ / stretch_;
  g.width = static_cast<int>(box_.width());
  g.height = (static_cast<int>(box_.height()) + stretch_ - 1) / stretch_;
  g.transposed = transposed;
  return g;
}

std::int64_t MapView::colAt(float x) const {
  const auto px = static_cast<double>(left_) + std::floor(static_cast<double>(x - box_.x0));
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(cellAt(px))), 0,
                                  std::max<std::int64_t>(cols_ - 1, 0));
}

std::int64_t MapView::rowAt(float y) const {
  const auto px = (static_cast<double>(top_) + std::floor(static_cast<double>(y - box_.y0))) / stretch_;
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(cellAt(px))), 0,
                                  std::max<std::int64_t>(rows_ - 1, 0));
}

}  // namespace headlight
