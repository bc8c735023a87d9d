#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/home_queue.h"
#include "app/session/worker.h"
#include "core/attention/field.h"
#include "core/picture/range.h"

namespace headlight {

/// The map of an experiment as a small picture: one tile, from numbers that were evaluated for it.
struct MapPreview {
  Stage stage = Stage::weights;
  int head = 0;
  std::uint64_t key = 0;  ///< Field::key()
  std::int64_t rows = 0;  ///< of a map that is long and narrow the first ones
  std::int64_t cols = 0;
  bool queryColumns = false;
  std::shared_ptr<const Tile> tile;  ///< rows × cols cells, pooled to at most kPreviewSide a side
  Range range;                       ///< as the experiment's own view says
  std::string colormap;              ///< of the view; empty: the stage's own
};
inline constexpr std::int64_t kPreviewSide = 64;

/// An experiment that Home offers.
struct HomeCard {
  enum class Kind : std::uint8_t { example, scene };
  Kind kind = Kind::example;
  std::string name;     ///< "who-is-meant"; of a scene the id of its file
  std::string title;    ///< "Who is meant"
  std::string facts;    ///< "11 tokens, 8 heads"
  std::string origin;   ///< where the numbers come from: "constructed heads"
  std::string problem;  ///< why there is no map
  std::optional<MapPreview> map;
};

/// The experiments that Home offers, examples and scenes. They are read and evaluated one after another on a
/// thread of its own.
class HomeDesk {
 public:
  /// Files that examples read are unpacked below `cacheFolder`.
  HomeDesk(const std::shared_ptr<HomeQueue>& home, std::string cacheFolder);

  /// Begins with whatever was not begun yet.
  void open();
  const std::vector<HomeCard>& cards() const { return cards_; }
  bool idle() const { return worker_.idle(); }

 private:
  void evaluateCard(std::size_t place);

  std::string cacheFolder_;
  bool opened_ = false;
  std::vector<HomeCard> cards_;
  Worker worker_;  // ends first: its jobs touch what is above
};

}  // namespace headlight
