#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/panels/stage_parts.h"
#include "app/session/compare.h"
#include "core/attention/explain_difference.h"

namespace headlight {

inline constexpr int kMapA = 0;
inline constexpr int kMapB = 1;
inline constexpr int kMapDifference = 2;

/// What is remembered from frame to frame.
struct CompareView {
  /// The difference that was drawn whole last: it stays until the next one is whole.
  std::optional<MapImage> whole;
  // Kept so that the inspector does not go blank while the next ones are made.
  std::shared_ptr<const Explanation> a;
  std::shared_ptr<const Explanation> b;
  std::vector<ExplainDifferenceLine> lines;
  // Whether the two experiments' tokens are the same, which is asked once.
  std::array<std::weak_ptr<const Evaluation>, 2> tokensOf;
  bool sameTokens = true;
};

/// How the three maps stand: in a row; or A and B above and A − B under A, with the list at its right and the
/// bars above the list; or so with the bars at the right of A − B and the list under all.
enum class CompareStanding : std::uint8_t { row, listBeside, listUnder };

/// What the comparison shows and where its parts are; made once a frame.
struct CompareScene {
  Compare* compare = nullptr;
  StageScene stage;  ///< of A, whose place the large map's view has
  CompareStanding standing = CompareStanding::row;
  float pitch = 0;  ///< from one map to the next
  float drop = 0;   ///< from A to the A − B under it; 0 in a row
  Box room;         ///< that each map may fill, of A
  float titleTop = 0;
  float barTop = 0;
  Box bars;  ///< a column of their own; empty: under the maps
  Box list;
  std::optional<Range> range;
  std::optional<Range> differenceRange;
  bool flipped = false;    ///< A and B have changed places, for as long as Shift is held
  bool computing = false;  ///< the difference that is drawn is not whole, or not the newest

  /// Which of the three stands at a place.
  int shownAt(int place) const { return flipped && place != kMapDifference ? kMapB - place : place; }
  float dx(int place) const {
    return drop > 0 && place == kMapDifference ? 0 : pitch * static_cast<float>(place);
  }
  float dy(int place) const { return place == kMapDifference ? drop : 0; }
  /// The stage whose colours a map takes: signed where either of the two is.
  Stage colouredAs(int which) const;
  /// Whether a map fitted into its room has less than a px a cell.
  bool pools() const {
    return static_cast<float>(stage.cols) > room.width() || static_cast<float>(stage.rows) > room.height();
  }
};

/// Where everything of the comparison has its place, and the large map's view at that of A.
void placeCompare(Panel& p, CompareScene& scene);

/// The large map's view stands at another map for as long as this lives.
class ViewAt {
 public:
  ViewAt(MapView& view, float dx, float dy) : view_(view), dx_(dx), dy_(dy) { view_.shift(dx_, dy_); }
  ~ViewAt() { view_.shift(-dx_, -dy_); }
  ViewAt(const ViewAt&) = delete;
  ViewAt& operator=(const ViewAt&) = delete;

 private:
  MapView& view_;
  float dx_;
  float dy_;
};

/// "A" in a small box, then the name of the map. Returns the x after it.
float compareName(Panel& p, const Compare& compare, int which, float x, float baseline, float width,
                  Role role);
/// Three decimals, more where the largest number that is shown would lose its digits to them.
int decimalsFor(float largest);
/// A number of the difference, with its sign.
std::string signedText(double value, int decimals);
/// What of a cell is known of A, B (0, 1) or the difference (2): its value and class; nothing yet otherwise.
std::optional<std::pair<float, CellClass>> comparedCell(Compare& compare, int which, Cell cell);

/// What stands at a place of the three.
void drawComparedMap(Panel& p, CompareScene& scene, int place);
/// The two colour bars and what is to be said of masks, under the maps or in a column.
float compareBarsHeight(const Ui& ui);
void drawCompareBars(Panel& p, const CompareScene& scene);
/// The list of the largest differences with so many of its rows in sight; the others are scrolled to.
float largestHeight(const Ui& ui, int rows);
void drawLargest(Panel& p, const CompareScene& scene);

/// The closed list of what can be compared with, between ‹ and › for heads. Returns where it begins.
float drawCompareChoice(Panel& p, const Box& box);
/// "H3 article", "snapshot A".
std::string comparisonWords(const Panel& p, const Comparison& with);

}  // namespace headlight
