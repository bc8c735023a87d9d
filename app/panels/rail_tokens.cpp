#include "app/panels/rail_tokens.h"

#include <array>
#include <optional>

#include "app/panels/map_image.h"
#include "core/describe/words.h"

namespace headlight {
namespace {

/// The field shows a few lines of a text: tokens far beyond them are never seen.
constexpr std::size_t kLongest = std::size_t{16} << 10;

/// Where the tokens of the two fields stand.
struct TokenPlaces {
  struct Field {
    std::string text;
    Split split = Split::words;
    std::vector<TextRange> ranges;
  };
  std::array<Field, 2> fields;

  const std::vector<TextRange>& of(std::string_view text, Split split, bool memory) {
    Field& field = fields[memory ? 1 : 0];
    if (field.ranges.empty() || field.text != text || field.split != split)
      field = {std::string(text), split, tokenRanges(text, split)};
    return field.ranges;
  }
};

}  // namespace

void markTokens(Panel& p, TextArea& area, std::string_view text, Split split, bool memory) {
  area.marks.clear();
  const auto evaluation = p.session.evaluation();
  const auto hovered = p.session.hovered();
  const auto cell = hovered ? hovered : p.session.focusCell();
  if (!cell || !evaluation || text.size() > kLongest) return;
  const StageInfo& stage = info(p.session.view().stage);
  const bool apart = isCross(*evaluation);
  const std::vector<TextRange>& ranges = p.state.part<TokenPlaces>().of(text, split, memory);
  const auto mark = [&](Axis axis, std::int64_t index, ImU32 colour) {
    const bool isKey = axis == Axis::key;
    if ((!isKey && axis != Axis::query) || (apart && isKey != memory) || (!apart && memory)) return;
    if (index < 0 || index >= static_cast<std::int64_t>(ranges.size())) return;
    const TextRange& range = ranges[static_cast<std::size_t>(index)];
    for (TextMark& other : area.marks) {
      if (other.begin != range.begin) continue;
      other.other = colour;
      return;
    }
    area.marks.push_back({range.begin, range.end, colour, 0});
  };
  const ImU32 keyHue = stage.stage == Stage::v ? p.ui.c.v : p.ui.c.k;
  mark(stage.rows, cell->row, stage.rows == Axis::key ? keyHue : p.ui.c.q);
  mark(stage.cols, cell->col, keyHue);
}

}  // namespace headlight
