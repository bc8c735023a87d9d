#include <algorithm>
#include <cmath>

#include "app/panels/compare_parts.h"

namespace headlight {
namespace {

/// Lays the three maps and what explains them into the region.
class ComparePlaces {
 public:
  ComparePlaces(Panel& p, CompareScene& scene) : p_(p), ui_(p.ui), scene_(scene) {
    const StageScene& s = scene_.stage;
    gutter_ = rowZone(p_, s) + ui_.u(14);
    labels_ = columnZone(p_, s);
    bottom_ = s.content.y1 - ui_.u(8);
  }

  void place() {
    StageScene& s = scene_.stage;
    s.labelRight = s.content.x0 + gutter_ - ui_.u(14);
    const float titleTop = s.content.y0 + ui_.u(44);
    choose(titleTop);
    scene_.titleTop = titleTop + (scene_.pools() ? ui_.u(26) : 0);
    if (scene_.pools()) scene_.room = roomOf(scene_.standing, scene_.titleTop);
    s.columnTop = scene_.titleTop + ui_.u(kTitle);
    view();
    const Box& box = p_.state.map.box();
    scene_.pitch = std::max(box.width(), std::min(scene_.room.width(), ui_.u(150))) + gap();
    scene_.drop = scene_.standing == CompareStanding::row ? 0 : box.height() + between();
    parts();
  }

 private:
  static constexpr float kTitle = 26;  ///< the line of the maps' names

  float gap() const { return ui_.m(18, 30); }
  /// From the upper maps to the lower, which has its name there.
  float between() const { return ui_.u(40); }
  float titleOf(float mapTop) const { return mapTop - ui_.u(30); }

  /// The standing with the largest maps beside a whole list. One row is the plainest: others must be worth
  /// it.
  void choose(float titleTop) {
    scene_.standing = CompareStanding::row;
    scene_.room = roomOf(CompareStanding::row, titleTop);
    const float below = compareBarsHeight(ui_) + largestHeight(ui_, kLargestDifferences);
    float best = std::min(scene_.room.width(), bottom_ - scene_.room.y0 - below) * 1.1f;
    const int inARow = zoomIn(scene_.room);
    for (const CompareStanding other : {CompareStanding::listBeside, CompareStanding::listUnder}) {
      const Box room = roomOf(other, titleTop);
      const float side = std::min(room.width(), room.height());
      if (side <= best || room.height() < leastHeight(other)) continue;
      if (zoomIn(room) < std::min(inARow, 1)) continue;  // pooled further
      best = side;
      scene_.standing = other;
      scene_.room = room;
    }
  }

  int zoomIn(const Box& room) const {
    return MapView::fittingZoom(room, scene_.stage.rows, scene_.stage.cols);
  }

  /// Of the lower row, so that what stands beside the map there has its place.
  float leastHeight(CompareStanding standing) const {
    return standing == CompareStanding::listUnder ? ui_.u(200) : largestHeight(ui_, 3) - ui_.u(kTitle);
  }

  /// What each map may fill, as the place of A.
  Box roomOf(CompareStanding standing, float titleTop) const {
    const Box& content = scene_.stage.content;
    const float top = titleTop + ui_.u(kTitle) + labels_;
    const float left = content.x0 + gutter_;
    const float wide = content.x1 - left;
    const float tall = bottom_ - top;
    float width = 0;
    float height = 0;
    switch (standing) {
      case CompareStanding::row:
        width = (wide - 2 * gap()) / 3;
        height = tall - compareBarsHeight(ui_);
        height -= largestHeight(ui_, rowsBeside(height, std::floor(width)));
        break;
      case CompareStanding::listBeside:
        width = (wide - 2 * gap() - ui_.u(170)) / 2;
        height = (tall - between()) / 2;
        break;
      case CompareStanding::listUnder:
        width = (wide - gap()) / 2;
        height = (tall - between() - ui_.u(12) - largestHeight(ui_, kLargestDifferences)) / 2;
        break;
    }
    return Box::at(left, top, std::max(ui_.u(30), std::floor(width)),
                   std::max(ui_.u(60), std::floor(height)));
  }

  /// How many rows of a list under the maps are in sight: it gives way where the maps would be slivers, or
  /// where they are pooled and a little more height shows them twice as large.
  int rowsBeside(float room, float width) const {
    const StageScene& s = scene_.stage;
    const auto levelAt = [&](int rows) {
      const float height = std::max(ui_.u(60), room - largestHeight(ui_, rows));
      return MapView::fittingLevel({0, 0, width, height}, s.rows, s.cols);
    };
    const int best = levelAt(1);
    int rows = kLargestDifferences;
    while (rows > 1 &&
           (levelAt(rows) > best || room - largestHeight(ui_, rows) < std::min(width, ui_.u(110)))) {
      --rows;
    }
    return rows;
  }

  void view() {
    const StageScene& s = scene_.stage;
    const std::array<std::int64_t, 2> size{s.rows, s.cols};
    if (p_.state.mapSize != size) {
      p_.state.mapSize = size;
      p_.state.map.fit();
    }
    const auto request = p_.session.takeViewRequest();
    MapView& view = p_.state.map;
    if (request == ViewRequest::fit) view.fit();
    view.place(scene_.room, s.rows, s.cols, static_cast<int>(ui_.u(64)),
               isMap(s.field.stage) ? 0 : static_cast<int>(ui_.u(30)));
    const Box& box = view.box();
    if (request == ViewRequest::oneToOne) view.oneToOne();
    if (request == ViewRequest::zoomIn) view.zoom(1, box.centreX(), box.centreY());
    if (request == ViewRequest::zoomOut) view.zoom(-1, box.centreX(), box.centreY());
  }

  /// Bars and list, about the maps as large as they became.
  void parts() {
    const Box& content = scene_.stage.content;
    const Box& a = p_.state.map.box();
    const float lower = a.y1 + between();
    const float second = a.x0 + scene_.pitch;
    switch (scene_.standing) {
      case CompareStanding::row:
        scene_.bars = {};
        scene_.barTop = a.y1 + ui_.u(12);
        scene_.list = {content.x0, a.y1 + compareBarsHeight(ui_), content.x1, bottom_};
        break;
      case CompareStanding::listBeside:
        scene_.bars = {second + scene_.pitch, scene_.titleTop, content.x1, a.y1};
        scene_.barTop = a.y0;
        scene_.list = {second, titleOf(lower), content.x1, bottom_};
        break;
      case CompareStanding::listUnder:
        scene_.bars = {second, titleOf(lower), content.x1, a.y1 + scene_.drop};
        scene_.barTop = lower;
        scene_.list = {content.x0, a.y1 + scene_.drop + ui_.u(12), content.x1, bottom_};
        break;
    }
  }

  Panel& p_;
  const Ui& ui_;
  CompareScene& scene_;
  float gutter_ = 0;
  float labels_ = 0;
  float bottom_ = 0;
};

}  // namespace

void placeCompare(Panel& p, CompareScene& scene) {
  ComparePlaces(p, scene).place();
}

}  // namespace headlight
