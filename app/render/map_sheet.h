#pragma once
#include <optional>
#include <vector>

namespace headlight {

/// Places of rectangles on one square sheet: shelves of about equally tall ones, filled from the left.
class MapSheet {
 public:
  struct Place {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const Place&) const = default;
  };

  explicit MapSheet(int side) : side_(side) {}

  int side() const { return side_; }
  /// A place for width × height px, or nothing where none is free.
  std::optional<Place> take(int width, int height);
  /// Frees a place that was taken.
  void give(const Place& place);

 private:
  /// Free px [from, to) of a shelf.
  struct Gap {
    int from = 0;
    int to = 0;
  };
  struct Shelf {
    int y = 0;
    int height = 0;
    std::vector<Gap> gaps;  ///< from left to right, none touches another
  };

  int side_;
  std::vector<Shelf> shelves_;  ///< from top to bottom
};

}  // namespace headlight
