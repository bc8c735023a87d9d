#include "app/panels/map_view.h"

#include <cmath>

namespace headlight {
namespace {

constexpr int kSteps[] = {1,  2,  3,  4,  5,  6,  7,  8,  10, 12, 14, 16,
                          20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128};
constexpr int kOutermost = -12;

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

void MapView::place(const Box& area, std::int64_t rows, std::int64_t cols, int largestCell, int tallestRow) {
  area_ = area;
  if (rows != rows_ || cols != cols_) fitted_ = true;
  rows_ = rows;
  cols_ = cols;
  if (fitted_) {
    const double room =
        std::min(static_cast<double>(area.width()) / static_cast<double>(std::max<std::int64_t>(cols, 1)),
                 static_cast<double>(area.height()) / static_cast<double>(std::max<std::int64_t>(rows, 1)));
    stretch_ = 1;
    const double wide =
        static_cast<double>(area.width()) / static_cast<double>(std::max<std::int64_t>(cols, 1));
    if (tallestRow > 0 && wide < 8 && wide >= 1) {
      zoom_ = static_cast<int>(wide);
      const double tall =
          static_cast<double>(area.height()) / static_cast<double>(std::max<std::int64_t>(rows, 1));
      stretch_ = std::max(1, static_cast<int>(std::min(tall, static_cast<double>(tallestRow))) / zoom_);
      if (tall < 1) zoom_ = 1;
    } else if (room >= 1) {
      zoom_ = std::clamp(static_cast<int>(room), 1, std::max(1, largestCell));
    } else {
      zoom_ = 1 - fittingLevel(area, rows, cols);
    }
    left_ = top_ = 0;
  }
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
  const int wanted = next(zoom_, steps);
  if (wanted == zoom_) return;
  const double col = cellAt(static_cast<double>(x - box_.x0) + static_cast<double>(left_));
  const double row = cellAt((static_cast<double>(y - box_.y0) + static_cast<double>(top_)) / stretch_);
  zoom_ = wanted;
  fitted_ = false;
  left_ = std::llround(col * pxPerCell() - static_cast<double>(x - area_.x0));
  top_ = std::llround(row * pxPerCell() * stretch_ - static_cast<double>(y - area_.y0));
  clamp();
}

void MapView::oneToOne() {
  const double col = cellAt(static_cast<double>(left_) + static_cast<double>(box_.width()) / 2);
  const double row = cellAt((static_cast<double>(top_) + static_cast<double>(box_.height()) / 2) / stretch_);
  zoom_ = 1;
  fitted_ = false;
  left_ = std::llround(col - static_cast<double>(area_.width()) / 2);
  top_ = std::llround(row * stretch_ - static_cast<double>(area_.height()) / 2);
  clamp();
}

void MapView::pan(float dx, float dy) {
  if (dx == 0 && dy == 0) return;
  fitted_ = false;
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
