#include <algorithm>
#include <cmath>

#include "core/analysis/row_values.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/experiment/image_patches.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/patch_overlay.h"
#include "core/figure/text_layout.h"
#include "core/files/resize_pixels.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 89;        // mm, a column of a journal
constexpr double kTallest = 120;          // mm, of a picture on a page of our own choosing
constexpr double kLongestSide = 2400;     // px of an image on the page
constexpr double kSmallestForGrid = 1.5;  // mm
constexpr std::size_t kTold = 3;          // largest patches in words

class PictureFigure {
 public:
  explicit PictureFigure(Scene& scene)
      : scene_(scene),
        stage_(scene.spec.stage.value_or(scene.evaluation.experiment.view.stage)),
        names_(TokenNames::of(scene.evaluation)) {}

  Status draw() {
    if (Status status = choose(); !status) return status;
    if (Status status = read(); !status) return status;
    if (Status status = place(); !status) return status;
    drawAll();
    tell();
    return {};
  }

 private:
  Status refused(const std::string& what, const std::string& hint) const {
    return Error{ErrorCode::usage, "layout picture " + what, "", hint};
  }

  /// Whether there is a picture, and which tokens are its patches.
  Status choose() {
    const Experiment& e = scene_.evaluation.experiment;
    const TokenSpec& tokens = e.memory ? *e.memory : e.tokens;
    if (tokens.kind != TokenSpec::Kind::grid || tokens.image.empty())
      return refused("shows image patches, found tokens that are cut from no image",
                     "Layout single draws any map");
    if (!isMap(stage_))
      return refused("shows a row over the patches, found the stage " + std::string(info(stage_).id),
                     "Layout single draws it");
    if (scene_.spec.crop || !scene_.spec.queryBrackets.empty() || !scene_.spec.keyBrackets.empty())
      return refused("shows the whole picture, found a crop or brackets", "Layout row has them");
    auto image = imageOf(tokens, scene_.evaluation.prepared->folder, e.memory ? "memory" : "tokens");
    if (!image) return image.error();
    if (!*image) return refused("shows image patches, found no image", "");
    patches_ = std::move(**image);
    const std::int64_t count = patches_.rows * patches_.columns;
    const Sizes& sizes = scene_.run().sizes;
    if (patches_.first + count > sizes.keys)
      return refused(
          "shows every patch, found " + grouped(sizes.keys) + " keys for " + grouped(count) + " patches", "");
    areQueries_ = !e.memory && patches_.first + count <= sizes.queries;
    const auto& pin = e.view.pin;
    const bool isAsked = scene_.spec.query.has_value();
    query_ = scene_.spec.query.value_or(pin ? (*pin)[0] : areQueries_ ? patches_.first : 0);
    if (!isAsked && query_ >= sizes.queries) query_ = 0;
    if (query_ < 0 || query_ >= sizes.queries)
      return Error{
          ErrorCode::usage,
          "found query " + std::to_string(query_) + ", accepted is 0 to " + std::to_string(sizes.queries - 1),
          "", ""};
    return {};
  }

  Status read() {
    auto pixels = pixelsOf(patches_);
    if (!pixels) return pixels.error();
    pixels_ = std::move(*pixels);
    std::vector<int> heads = scene_.spec.heads;
    if (heads.empty()) heads = {scene_.evaluation.experiment.view.head};
    if (!info(stage_).perHead) heads.resize(1);
    const auto map = colormapOf(scene_, stage_, true);
    if (!map) return map.error();
    map_ = *map;
    const auto choice = rangeOf(scene_, stage_, true);
    if (!choice) return choice.error();
    for (const int head : heads) {
      auto field = Field::make(scene_.evaluation.run, stage_, head);
      if (!field) return field.error();
      if (overlays_.empty()) {
        if (Status status = checkHighlights(scene_, *field); !status) return status;
      }
      auto range = rangeFor(scene_, stage_, head, true);
      if (!range) return range.error();
      RowValues row = readRow(*field, query_);
      overlays_.push_back({head, std::move(*field), std::move(row.levels.front()), std::move(*range)});
    }
    if (choice->byDefault && !scene_.spec.sharedRange) ownRange();
    return {};
  }

  /// Where nobody chose what colours span, they span the rows that are shown: of many patches no weight is
  /// near 1.
  void ownRange() {
    double low = 0;
    double high = 0;
    for (const PatchOverlay& overlay : overlays_) {
      for (std::size_t j = 0; j < overlay.cells.values.size(); ++j) {
        const auto value = static_cast<double>(overlay.cells.values[j]);
        if (overlay.cells.isMasked(j) || !std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
    Range range;
    range.high = info(stage_).isSigned ? std::max(high, -low) : high;
    if (!(range.high > 0)) range.high = 1;
    range.low = info(stage_).isSigned ? -range.high : 0;
    range.rule = info(stage_).isSigned ? "±maximum of what is shown" : "0 to maximum of what is shown";
    for (PatchOverlay& overlay : overlays_) overlay.range = range;
  }

  bool isPatch(std::int64_t token) const {
    return token >= patches_.first && token < patches_.first + patches_.rows * patches_.columns;
  }

  std::size_t panels() const { return overlays_.size() + 1; }
  static int rowsOf(int panels, int columns) { return (panels + columns - 1) / columns; }

  Status place() {
    const double em = scene_.em();
    const double asked = scene_.spec.widthMm > 0 ? scene_.spec.widthMm : kUsualWidth;
    left_ = scene_.margin();
    right_ = asked - scene_.margin();
    const double proportion = static_cast<double>(pixels_.height) / static_cast<double>(pixels_.width);
    const double gap = 1.2 * em;
    captionRoom_ = 1.3 * scene_.line();
    // Side by side; on a page that may not be higher, as they are largest.
    const int all = static_cast<int>(panels());
    const int usual = all <= 3 ? all : static_cast<int>(std::ceil(std::sqrt(all)));
    const bool isBounded = std::isfinite(scene_.stackLimit);
    for (int columns = isBounded ? 1 : usual; columns <= (isBounded ? all : usual); ++columns) {
      const int rows = rowsOf(all, columns);
      const auto down = static_cast<double>(rows);
      const double across = (right_ - left_ - gap * (columns - 1)) / columns;
      const double tallest =
          isBounded ? (scene_.stackLimit - (down - 1) * gap) / down - captionRoom_ : kTallest;
      const double width = std::min(across, tallest / proportion);
      if (wide_ > 0 && width <= wide_ + 1e-9) continue;
      wide_ = width;
      columns_ = columns;
    }
    if (Status status = checkRoom(std::min(wide_, wide_ * proportion), asked); !status) return status;
    high_ = wide_ * proportion;
    gap_ = gap;
    const int rows = rowsOf(all, columns_);
    const auto down = static_cast<double>(rows);
    scene_.stack = down * (high_ + captionRoom_ + gap) - gap;
    return {};
  }

  void drawAll() {
    const double em = scene_.em();
    const double width = right_ - left_;
    double y = scene_.margin();
    const bool own = scene_.spec.title.empty();
    const double title =
        drawTitle(scene_, left_, y, width, own ? std::string(info(stage_).title) : scene_.spec.title,
                  own ? queryName() : "", "");
    y += title + (title > 0 ? 0.5 * em : 0);
    const Pixels photo = printed();
    for (std::size_t n = 0; n < panels(); ++n) {
      const auto at = static_cast<int>(n);
      const int row = at / columns_;
      const Rect area{left_ + (at % columns_) * (wide_ + gap_),
                      y + row * (high_ + captionRoom_ + gap_) + captionRoom_, wide_, high_};
      Text caption{
          {words(scene_, n == 0 ? "picture" : headTitle(scene_, stage_, overlays_[n - 1].head), 1, 600)}};
      addLetter(scene_, at, caption);
      scene_.drawing.text({area.x, area.y - 0.45 * em}, caption, Anchor::start, false);
      scene_.drawing.beginGroup(n == 0 ? "picture" : headGroup(overlays_[n - 1].head));
      if (n == 0) {
        scene_.drawing.image(area, pictureOf(photo));
      } else {
        const PatchOverlay& overlay = overlays_[n - 1];
        const MapLook look = makeLook(overlay.range, *map_, scene_.theme());
        scene_.drawing.image(area, coveredPicture(photo, patches_, overlay, look));
        seen_.add(drawPatchMarks(scene_, area, patches_, overlay, look));
      }
      grid(area);
      outlines(area);
      scene_.drawing.endGroup();
    }
    y += scene_.stack + 0.8 * em;
    ColourBar bar{overlays_[0].range, map_, barLabel(stage_), ruleText(overlays_[0].range), left_, 0, false};
    bar.width = std::min(width, 24 * em);
    fitRule(scene_, bar, width);
    y += drawKey(scene_, bar, seen_, right_, y);
    addNotes();
    y += 0.5 * em;
    y += drawNotes(scene_, left_, y, width);
    scene_.drawing.width = right_ + scene_.margin();
    scene_.drawing.height = y + scene_.margin();
  }

  /// The picture in the pixels it is printed with.
  Pixels printed() const {
    const double dots = std::min(scene_.spec.dpi / 25.4, kLongestSide / std::max(wide_, high_));
    const auto side = [&](double mm) { return std::max<std::int64_t>(1, std::llround(mm * dots)); };
    return resizedPixels(pixels_, side(wide_), side(high_));
  }

  void grid(const Rect& area) {
    const double cellW = area.width / static_cast<double>(patches_.columns);
    const double cellH = area.height / static_cast<double>(patches_.rows);
    if (std::min(cellW, cellH) < kSmallestForGrid) return;
    std::vector<Segment> lines;
    for (std::int64_t r = 1; r < patches_.rows; ++r) {
      const double y = area.y + static_cast<double>(r) * cellH;
      lines.push_back({{area.x, y}, {area.right(), y}});
    }
    for (std::int64_t c = 1; c < patches_.columns; ++c) {
      const double x = area.x + static_cast<double>(c) * cellW;
      lines.push_back({{x, area.y}, {x, area.bottom()}});
    }
    scene_.drawing.lines(lines, 0.1, scene_.drawing.paper);
  }

  /// The query, and the keys of its row that the spec highlights.
  void outlines(const Rect& area) {
    const auto outline = [&](std::int64_t token, Rgb colour) {
      if (!isPatch(token)) return;
      const std::int64_t patch = token - patches_.first;
      const std::int64_t row = patch / patches_.columns;
      const double cellW = area.width / static_cast<double>(patches_.columns);
      const double cellH = area.height / static_cast<double>(patches_.rows);
      const double x = area.x + static_cast<double>(patch % patches_.columns) * cellW;
      const double y = area.y + static_cast<double>(row) * cellH;
      // Each as long as the stroke is wide beyond its ends, so that the corners are whole.
      for (const auto& [width, ink] : {std::pair{1.0, scene_.drawing.paper}, {0.5, colour}}) {
        const double d = width / 2;
        const Segment sides[] = {{{x - d, y}, {x + cellW + d, y}},
                                 {{x + cellW, y - d}, {x + cellW, y + cellH + d}},
                                 {{x + cellW + d, y + cellH}, {x - d, y + cellH}},
                                 {{x, y + cellH + d}, {x, y - d}}};
        scene_.drawing.lines(sides, width, ink);
      }
    };
    for (const auto& [row, col] : scene_.spec.highlights) {
      if (row == query_ && !(areQueries_ && col == query_)) outline(col, scene_.colours.k);
    }
    if (areQueries_) outline(query_, scene_.colours.q);
  }

  /// "query 38, patch [3, 2]": patches by row and column.
  std::string queryName() const {
    std::string name = "query " + std::to_string(query_);
    const auto at = static_cast<std::size_t>(query_);
    if (areQueries_ && isPatch(query_)) return name + ", patch " + patchName(query_);
    if (at < names_.queries.size() && names_.queries[at] != std::to_string(query_))
      name += " " + names_.queries[at];
    return name;
  }

  std::string patchName(std::int64_t token) const {
    const std::int64_t patch = token - patches_.first;
    return "[" + std::to_string(patch / patches_.columns) + ", " + std::to_string(patch % patches_.columns) +
           "]";
  }
  std::string keyName(std::int64_t key) const {
    if (areQueries_ && key == query_) return "itself";
    return isPatch(key) ? patchName(key) : names_.key(query_, key);
  }

  std::string valueText(double value) const { return fixed(value, std::abs(value) < 0.1 ? 3 : 2); }

  std::string largestText(const PatchOverlay& overlay) const {
    std::vector<std::size_t> order;
    for (std::size_t j = 0; j < overlay.cells.values.size(); ++j) {
      if (!overlay.cells.isMasked(j) && std::isfinite(overlay.cells.values[j])) order.push_back(j);
    }
    const std::size_t told = std::min(kTold, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(told), order.end(),
                      [&](std::size_t a, std::size_t b) {
                        const float left = overlay.cells.values[a];
                        const float right = overlay.cells.values[b];
                        return left != right ? left > right : a < b;
                      });
    std::vector<std::string> all;
    for (std::size_t n = 0; n < told; ++n) {
      all.push_back(keyName(static_cast<std::int64_t>(order[n])) + " (" +
                    valueText(static_cast<double>(overlay.cells.values[order[n]])) + ")");
    }
    return listText(all);
  }

  void addNotes() {
    if (areQueries_ && isPatch(query_)) scene_.notes.push_back("outlined: the patch that attends");
    for (const PatchOverlay& overlay : overlays_) {
      const std::string head = overlays_.size() > 1 ? headTitle(scene_, stage_, overlay.head) + ": " : "";
      if (const std::string largest = largestText(overlay); !largest.empty())
        scene_.notes.push_back(std::string(head).append("largest ").append(largest));
      for (std::size_t j = 0; j < overlay.cells.values.size(); ++j) {
        if (isPatch(static_cast<std::int64_t>(j)) || overlay.cells.isMasked(j)) continue;
        const std::string value = valueText(static_cast<double>(overlay.cells.values[j]));
        const std::string key = keyName(static_cast<std::int64_t>(j));
        scene_.notes.push_back(
            std::string(head).append("beside the picture ").append(key).append(" (" + value + ")"));
        break;
      }
    }
  }

  void tell() {
    const Evaluation& evaluation = scene_.evaluation;
    std::string text = "A picture cut into " + grouped(patches_.columns) + " × " + grouped(patches_.rows) +
                       " patches, and over it " + lowered(info(stage_).title) + " of " + queryName() + ".";
    for (const PatchOverlay& overlay : overlays_) {
      const std::string head = headTitle(scene_, stage_, overlay.head);
      text += " " + (head.empty() ? "" : head + ": ") + "largest " + largestText(overlay) + ".";
      DrawnPanel panel = panelOf(overlay.field, overlay.range, *map_);
      panel.part = {query_, query_ + 1, 0, overlay.field.cols()};
      scene_.panels.push_back(std::move(panel));
    }
    text += " Numbers: " + evaluation.prepared->origin.chip + ".";
    const std::string wrong = mistakeText(evaluation.experiment);
    scene_.altText = wrong.empty() ? text : text + " " + wrong;
  }

  Scene& scene_;
  Stage stage_;
  TokenNames names_;
  ImagePatches patches_;
  bool areQueries_ = false;
  std::int64_t query_ = 0;
  Pixels pixels_;
  const Colormap* map_ = nullptr;
  std::vector<PatchOverlay> overlays_;
  SeenLooks seen_;
  double left_ = 0;
  double right_ = 0;
  double wide_ = 0;  ///< of a picture
  double high_ = 0;
  double gap_ = 0;
  double captionRoom_ = 0;
  int columns_ = 1;
};

}  // namespace

Status drawPicture(Scene& scene) {
  return PictureFigure(scene).draw();
}

}  // namespace headlight
