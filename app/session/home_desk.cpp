#include "app/session/home_desk.h"

#include <algorithm>
#include <utility>

#include "app/session/open_file.h"
#include "app/session/product.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/evaluate.h"
#include "core/experiment/examples.h"
#include "core/lesson/lesson_file.h"

namespace headlight {
namespace {

/// A picture of a finger's width is not worth more.
constexpr std::int64_t kMostCells = std::int64_t{1} << 26;

std::string capitalised(std::string words) {
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

/// "constructed heads" of "constructed heads: drawn by hand, not learned"; what one word leaves open stays:
/// "trained: all-MiniLM-L6-v2, layer 4".
std::string briefly(const std::string& chip) {
  const std::string first = chip.substr(0, chip.find(':'));
  return first.find(' ') == std::string::npos ? chip : first;
}

/// The corner of at most so many pixels a side.
Tile cropped(const Tile& tile, int side) {
  Tile part = tile;
  part.rows = std::min(tile.rows, side);
  part.cols = std::min(tile.cols, side);
  part.extreme.clear();
  part.mean.clear();
  part.classes.clear();
  const auto width = static_cast<std::ptrdiff_t>(part.cols);
  for (int r = 0; r < part.rows; ++r) {
    const auto from = static_cast<std::ptrdiff_t>(r) * tile.cols;
    part.extreme.insert(part.extreme.end(), tile.extreme.begin() + from, tile.extreme.begin() + from + width);
    part.classes.insert(part.classes.end(), tile.classes.begin() + from, tile.classes.begin() + from + width);
    if (!tile.mean.empty())
      part.mean.insert(part.mean.end(), tile.mean.begin() + from, tile.mean.begin() + from + width);
  }
  return part;
}

std::string factsOf(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  const std::string heads = countText(sizes.heads, "head", "heads");
  if (evaluation.experiment.memory)
    return grouped(sizes.queries) + " × " + grouped(sizes.keys) + " tokens, " + heads;
  return countText(sizes.queries, "token", "tokens") + ", " + heads;
}

/// The range that the experiment's own view gives its map.
Range rangeOf(const Evaluation& evaluation, Stage stage, int head, ThreadPool& pool, const Cancel& cancel) {
  const ViewSpec& view = evaluation.experiment.view;
  const Run& run = *evaluation.run;
  const bool own = stage == view.stage;
  const RangeChoice choice =
      rangeChoice(own ? view.range : "", view.customRange, stage, run.sizes.keys, run.has(Stage::dot));
  const auto statisticsOf = [&](Stage of, const std::vector<std::int64_t>& leaveOut) {
    std::vector<FieldStatistics> all;
    const int heads = view.sharedRange && head != kMeanHead && info(of).perHead ? run.sizes.heads : 1;
    for (int h = 0; h < heads; ++h) {
      const auto field = Field::make(evaluation.run, of, heads > 1 ? h : head);
      if (field) all.push_back(field->statistics(pool, cancel, leaveOut));
    }
    return all;
  };
  const bool leaves = own && !view.leaveOut.empty();
  const auto counted = statisticsOf(choice.counted, leaves ? view.leaveOut : std::vector<std::int64_t>{});
  Range range = resolveRange(choice.mode, choice.counted, run.sizes.keys, pointersTo(counted), choice.custom);
  // What does not count for the range is drawn all the same, and may lie beyond it.
  if (leaves || choice.counted != stage) {
    const auto drawn = statisticsOf(stage, {});
    markBeyond(range, pointersTo(drawn));
  }
  return range;
}

std::optional<MapPreview> previewOf(const Evaluation& evaluation, ThreadPool& pool, const Cancel& cancel) {
  const ViewSpec& view = evaluation.experiment.view;
  const Run& run = *evaluation.run;
  MapPreview preview;
  preview.stage = isMap(view.stage) && run.has(view.stage) ? view.stage : Stage::weights;
  preview.head = std::min(view.head, run.sizes.heads - 1);
  preview.queryColumns = view.queryColumns;
  preview.colormap = view.colormap;
  const auto field =
      Field::make(evaluation.run, preview.stage, fieldHead(run.sizes, preview.stage, preview.head));
  if (!field) return std::nullopt;
  preview.key = field->key();
  preview.rows = field->rows();
  preview.cols = field->cols();
  int level = 0;
  while (std::min(preview.rows, preview.cols) > (kPreviewSide << level)) ++level;
  // Of a long strip its beginning: pooled to a square, the short side would be a cell or two.
  const std::int64_t most = kPreviewSide << level;
  preview.rows = std::min(preview.rows, most);
  preview.cols = std::min(preview.cols, most);
  preview.tile = std::make_shared<const Tile>(
      cropped(field->tile(level, 0, 0, cancel, &pool), static_cast<int>(kPreviewSide)));
  preview.range = rangeOf(evaluation, preview.stage, preview.head, pool, cancel);
  return preview;
}

/// What a card stands for: an example, or what a scene begins with.
Result<Document> documentOf(HomeCard& card, const std::string& cacheFolder) {
  if (card.kind == HomeCard::Kind::example) {
    auto opened = openExampleDocument(card.name, cacheFolder);
    if (!opened) return opened.error();
    if (const std::string& title = opened->document.experiment.title; !title.empty())
      card.title = capitalised(title);
    return std::move(opened->document);
  }
  auto read = openLesson(card.name);
  if (!read) return read.error();
  card.title = read->lesson.title;
  return Document{std::move(read->lesson.start), "", "", card.name};
}

/// Reads and evaluates; what cannot be shows why.
HomeCard evaluated(HomeCard card, const std::string& cacheFolder, ThreadPool& pool, const Cancel& cancel) {
  const auto document = documentOf(card, cacheFolder);
  if (!document) {
    card.problem = document.error().what;
    return card;
  }
  AttendOptions options;
  options.cancel = cancel;
  options.outputs = false;
  options.mostCells = kMostCells;
  const auto evaluation = evaluate(document->experiment, document->folder, nullptr, pool, options);
  if (!evaluation) {
    card.problem = evaluation.error().what;
    return card;
  }
  card.facts = factsOf(**evaluation);
  card.origin = briefly((*evaluation)->prepared->origin.chip);
  if (!cancel.requested()) card.map = previewOf(**evaluation, pool, cancel);
  const Sizes& sizes = (*evaluation)->run->sizes;
  if (card.map && card.map->rows < sizes.queries)
    card.facts = countText(sizes.queries, "query", "queries") + ", the first " + grouped(card.map->rows);
  return card;
}

HomeCard cardOf(HomeCard::Kind kind, const std::string& name) {
  HomeCard card;
  card.kind = kind;
  card.name = name;
  // Until its file was read: "Who is meant", "Library" of "01-library".
  const std::size_t number = kind == HomeCard::Kind::scene ? name.find('-') + 1 : 0;
  card.title = name.substr(number);
  std::replace(card.title.begin(), card.title.end(), '-', ' ');
  card.title = capitalised(std::move(card.title));
  return card;
}

}  // namespace

HomeDesk::HomeDesk(const std::shared_ptr<HomeQueue>& home, std::string cacheFolder)
    : cacheFolder_(std::move(cacheFolder)), worker_(1, home) {
  for (const std::string& name : exampleNames()) cards_.push_back(cardOf(HomeCard::Kind::example, name));
  for (const LessonFile& file : sceneFiles()) cards_.push_back(cardOf(HomeCard::Kind::scene, file.id));
}

void HomeDesk::open() {
  if (opened_) return;
  opened_ = true;
  // Of what waits the last asked for goes first.
  for (std::size_t place = cards_.size(); place-- > 0;) evaluateCard(place);
}

void HomeDesk::evaluateCard(std::size_t place) {
  worker_.add(
      place + 1,
      [this, place, card = cards_[place], cache = cacheFolder_](ThreadPool& pool,
                                                                const Cancel& cancel) -> Worker::Home {
        HomeCard made = evaluated(card, cache, pool, cancel);
        if (cancel.requested()) return nullptr;
        return [this, place, made = std::move(made)]() mutable { cards_[place] = std::move(made); };
      },
      [this, place] { cards_[place].problem = "memory does not suffice"; });
}

}  // namespace headlight
