#include "app/panels/figure_marks.h"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/figure/typed_marks.h"

namespace headlight {
namespace {

std::vector<std::string_view> piecesOf(std::string_view text, std::string_view between) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(between), text.size());
    std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (piece.starts_with(' ')) piece.remove_prefix(1);
    while (piece.ends_with(' ')) piece.remove_suffix(1);
    if (!piece.empty()) pieces.push_back(piece);
  }
  return pieces;
}

template <class Place>
auto settled(MarkField& field, const Place& place) {
  auto now = place(field.typed);
  if (now) {
    field.error.reset();
    field.kept = field.typed;
    return std::move(*now);
  }
  field.error = now.error();
  auto before = place(field.kept);
  return before ? std::move(*before) : std::remove_cvref_t<decltype(*before)>();
}

using Crop = std::optional<FigureCrop>;
Result<Crop> cropOf(std::string_view text, const Evaluation& evaluation, std::optional<Stage> stage) {
  const auto pieces = piecesOf(text, "");
  if (pieces.empty()) return Crop();
  const auto spans = readCrop("", pieces.front());
  if (!spans) return spans.error();
  const auto crop = placeCrop("", *spans, evaluation, stage);
  if (!crop) return crop.error();
  return Crop(*crop);
}

Result<FigureMarks::Brackets> bracketsOf(std::string_view text, const Evaluation& evaluation) {
  FigureMarks::Brackets brackets;
  for (const std::string_view piece : piecesOf(text, ";")) {
    auto placed = placeBracket("", piece, evaluation);
    if (!placed) return placed.error();
    if (placed->queries) brackets.queries.push_back(std::move(*placed->queries));
    if (placed->keys) brackets.keys.push_back(std::move(*placed->keys));
  }
  return brackets;
}

using Cells = std::vector<std::array<std::int64_t, 2>>;
Result<Cells> cellsOf(std::string_view text, const Evaluation& evaluation) {
  Cells cells;
  for (const std::string_view piece : piecesOf(text, ";,")) {
    const auto cell = placeHighlight("", piece, evaluation);
    if (!cell) return cell.error();
    cells.push_back(*cell);
  }
  return cells;
}

}  // namespace

const FigureMarks::Placed& FigureMarks::placed(const std::shared_ptr<const Evaluation>& evaluation,
                                               std::optional<Stage> stage) {
  std::array<std::string, 3> words{crop.typed, brackets.typed, highlights.typed};
  if (of_.lock() == evaluation && stage_ == stage && words_ == words) return placed_;
  of_ = evaluation;
  stage_ = stage;
  words_ = std::move(words);
  placed_ = {};
  if (!evaluation) return placed_;
  placed_.crop = settled(crop, [&](const std::string& text) { return cropOf(text, *evaluation, stage); });
  placed_.brackets =
      settled(brackets, [&](const std::string& text) { return bracketsOf(text, *evaluation); });
  placed_.highlights =
      settled(highlights, [&](const std::string& text) { return cellsOf(text, *evaluation); });
  return placed_;
}

}  // namespace headlight
