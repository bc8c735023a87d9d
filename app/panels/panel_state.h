#pragma once
#include <array>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <typeindex>
#include <utility>
#include <vector>

#include "app/panels/layout.h"
#include "app/panels/map_fade.h"
#include "app/panels/map_view.h"
#include "app/render/map_renderer.h"
#include "app/session/session.h"
#include "app/widgets/text_area.h"
#include "app/widgets/ui.h"

namespace headlight {

/// One stage of one head as it stands in the newest numbers.
struct ShownField {
  Stage stage = Stage::weights;
  int head = 0;
  std::uint64_t key = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
};

/// Where the figure dialog writes the figure (figure_room.h).
struct ExportForm {
  std::string path;
  std::future<bool> there;  ///< whether the file `asked` exists
  std::string asked;
  bool replaces = false;  ///< it does, and the next press replaces it
};

/// How the document is looked at right now; nothing of it is saved.
struct PanelState {
  /// The state of one feature, a plain struct of its own header, made at first use.
  template <class T>
  T& part() {
    std::shared_ptr<void>& slot = parts[std::type_index(typeid(T))];
    if (!slot) slot = std::make_shared<T>();
    return *static_cast<T*>(slot.get());
  }
  std::map<std::type_index, std::shared_ptr<void>> parts;

  std::string tab = "explore";  ///< id of a row of tabs()
  std::string mapTool;          ///< id of a row of mapTools(), empty: pan and pin
  Folds folds;
  MapView map;
  std::optional<std::pair<Stage, int>> mapShows;  ///< what `map` belongs to: its zoom ends with the sizes
  std::array<std::int64_t, 2> mapSize{};
  bool received = false;  ///< bottom margin
  bool poolMean = false;  ///< badge's switch: mean instead of max
  bool mouseInMap = false;

  MapFade fade;  ///< of the stage's map

  TextArea tokens;
  TextArea memory;
  int openMask = -1;         ///< index of the mask whose parameters are shown
  int openBias = -1;         ///< as above, of the biases
  bool rowUnfolded = false;  ///< inspector: the whole row as a table
  bool bannerClosed = false;
  std::string query;  ///< command palette
  int chosen = 0;
  bool helpShown = false;
  ExportForm figure;

  // Kept so that the inspector does not go blank while the next one is made.
  std::shared_ptr<const Explanation> explanation;
  std::string explanationFor;

  // Fields and looks of the evaluation shown last.
  std::shared_ptr<const Evaluation> fieldsOf;  // held: another at the same address would be taken for it
  std::map<std::pair<int, int>, std::optional<ShownField>> fields;
  struct Look {
    Range range;
    const Colormap* map = nullptr;
    Theme theme = Theme::dark;
    float scale = 0;
    bool mean = false;
    std::shared_ptr<const MapLook> look;
  };
  std::map<std::uint64_t, Look> looks;
};

/// What every panel is handed.
struct Panel {
  Session& session;
  Ui& ui;
  MapRenderer& maps;
  PanelState& state;
  Layout layout;
};

/// Order of the regions for Tab (look page, section 7).
enum RegionOrder {
  kOrderStrip = 0,
  kOrderRail,
  kOrderStage,
  kOrderGallery,
  kOrderInspector,
  kOrderTop,
  kOrderStatus
};

}  // namespace headlight
