#include <algorithm>
#include <cmath>

#include "app/panels/compare.h"
#include "app/panels/compare_parts.h"
#include "app/panels/inspector.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

class CompareInspector {
 public:
  CompareInspector(Panel& p, Compare& compare, float x, float width)
      : p_(p), ui_(p.ui), compare_(compare), x_(x), width_(width) {
    const float each = ui_.m(60, 72);
    difference_ = x_ + width_;
    b_ = difference_ - each;
    a_ = b_ - each;
  }

  float draw(float y, Cell cell) {
    y = place(y, cell);
    y = hero(y, cell);
    y = names(y);
    y = head(y);
    remember(cell);
    const std::vector<ExplainDifferenceLine>& lines = p_.state.part<CompareView>().lines;
    const ExplainDifferenceLine* shown = nullptr;  // the line that makes the number of the stage
    bool facts = false;
    for (const ExplainDifferenceLine& line : lines) {
      if (!line.fact && line.stage == p_.session.view().stage) shown = &line;
    }
    for (const ExplainDifferenceLine& line : lines) {
      // What follows from a number is compared where both have it.
      if (line.fact && (!line.a || !line.b)) continue;
      if (line.fact && !facts) {
        horizontal(x_, x_ + width_, y + ui_.u(4), ui_.c.line, ui_.u(1));
        y += ui_.u(9);
      }
      facts = line.fact;
      y = row(line, &line == shown, y);
    }
    return y + ui_.u(20);
  }

 private:
  /// "it 7 attends to animal 1".
  float place(float y, Cell cell) {
    const StageInfo& stage = info(compare_.map(kMapA).stage);
    const float baseline = y + ui_.u(17);
    const bool isPair = isMap(stage.stage);
    const std::string_view verb = isPair ? "attends to" : "dimension";
    const bool keyRows = stage.rows == Axis::key;
    const float room = (width_ - textWidth(ui_, Role::body, verb) - ui_.u(16)) / 2;
    float x = token(x_, baseline, room, keyRows ? ui_.c.k : ui_.c.q,
                    keyRows ? keyLabel(p_, cell.row) : queryLabel(p_, cell.row), cell.row);
    x = text(ui_, Role::body, x + ui_.u(8), baseline, ui_.c.t2, verb) + ui_.u(8);
    token(x, baseline, room, isPair ? ui_.c.k : ui_.c.t1, isPair ? keyLabel(p_, cell.col) : "", cell.col);
    return y + ui_.u(26);
  }

  float token(float x, float baseline, float room, ImU32 hue, const std::string& word, std::int64_t index) {
    const std::string number = std::to_string(index);
    const float numberWidth = textWidth(ui_, Role::numMicro, number);
    const std::string shown =
        word == number ? "" : shortened(ui_, Role::strong, word, room - numberWidth - ui_.u(6));
    if (!shown.empty()) x = text(ui_, Role::strong, x, baseline, hue, shown) + ui_.u(6);
    return text(ui_, Role::numMicro, x, baseline, ui_.c.t2, number);
  }

  std::string told(int which, Cell cell) {
    const auto known = comparedCell(compare_, which, cell);
    float largest = 0;
    for (const int map : {kMapA, kMapB}) {
      const auto one = comparedCell(compare_, map, cell);
      if (one && one->second != CellClass::masked) largest = std::max(largest, std::abs(one->first));
    }
    const int decimals = std::min(decimalsFor(largest), 5);
    if (!known || known->second == CellClass::notComputed) return "…";
    if (known->second == CellClass::masked) return which == kMapDifference ? "none" : "masked";
    const auto value = static_cast<double>(known->first);
    return which == kMapDifference ? signedText(value, decimals) : fixed(value, decimals);
  }

  /// The difference large, what it is the difference of beside it.
  float hero(float y, Cell cell) {
    const Role role = ui_.large ? Role::heroLarge : Role::hero;
    const float baseline = y + ui_.m(34, 42);
    const float end = text(ui_, role, x_, baseline, ui_.c.t1, told(kMapDifference, cell));
    const std::string sum = told(kMapA, cell) + " − " + told(kMapB, cell);
    const Box box{end + ui_.u(10), baseline - ui_.u(20), x_ + width_, baseline};
    textIn(ui_, Role::num, {box.x0, box.y0 + ui_.u(4), box.x1, box.y1 + ui_.u(2)}, Align::right, ui_.c.t2,
           sum);
    return baseline + ui_.m(14, 18);
  }

  float names(float y) {
    for (const int which : {kMapA, kMapB}) {
      compareName(p_, compare_, which, x_, y + ui_.u(15), width_, Role::body);
      y += ui_.u(24);
    }
    return y + ui_.u(4);
  }

  float head(float y) {
    horizontal(x_, x_ + width_, y, ui_.c.line, ui_.u(1));
    const float baseline = y + ui_.u(18);
    numText(ui_, a_, baseline, ui_.c.t2, "A", Role::microStrong);
    numText(ui_, b_, baseline, ui_.c.t2, "B", Role::microStrong);
    numText(ui_, difference_, baseline, ui_.c.t2, "A − B", Role::microStrong);
    return y + ui_.u(26);
  }

  /// Matches the steps anew when either explanation is another; those of the same cell stay until then.
  void remember(Cell cell) {
    CompareView& kept = p_.state.part<CompareView>();
    const auto a = compare_.explanation(kMapA, cell.row, cell.col);
    const auto b = compare_.explanation(kMapB, cell.row, cell.col);
    if (a && b) {
      if (a == kept.a && b == kept.b) return;
      kept.a = a;
      kept.b = b;
      kept.lines = explainDifference(*a, *b);
      return;
    }
    const bool same = kept.a && kept.a->row == cell.row && kept.a->col == cell.col;
    if (same) return;
    kept.a.reset();
    kept.b.reset();
    kept.lines.clear();
  }

  void number(float right, float baseline, const std::optional<float>& value, bool isDifference, int decimals,
              Role role) {
    if (!value) return numText(ui_, right, baseline, ui_.c.t2, "–", role);
    const auto shown = static_cast<double>(*value);
    const std::string words = isDifference ? signedText(shown, decimals) : fixed(shown, decimals);
    const bool none = isDifference && *value == 0;
    numText(ui_, right, baseline, none ? ui_.c.t2 : ui_.c.t1, none ? "=" : words, role);
  }

  /// One step: its name, or on a line of its own where it is long, and the three numbers.
  float row(const ExplainDifferenceLine& line, bool here, float y) {
    const float room = a_ - ui_.m(54, 64) - x_;
    const std::string title = line.stage == Stage::dot ? "q · k" : line.title;
    const bool ownLine = mathWidth(ui_, Role::body, title) > room;
    const float height = ui_.m(24, 28);
    const float middle = std::round(y + height / 2);
    const Role role = here ? Role::strong : Role::body;
    math(ui_, role, x_, centredBaseline(ui_, role, middle, middle), ui_.c.t1, title);
    float numbers = middle;
    if (ownLine) {
      y += ui_.u(18);
      numbers += ui_.u(18);
    }
    const bool counts = line.fact && line.title.starts_with("rank");
    const float largest = std::max(std::abs(line.a.value_or(0)), std::abs(line.b.value_or(0)));
    const int decimals = counts ? 0 : std::min(decimalsFor(largest), 5);
    // Many digits are written small, so that the columns stay apart.
    const Role numRole = decimals > 4 ? Role::numMicro : here ? Role::numStrong : Role::num;
    const float baseline = centredBaseline(ui_, numRole, numbers, numbers);
    number(a_, baseline, line.a, false, decimals, numRole);
    number(b_, baseline, line.b, false, decimals, numRole);
    number(difference_, baseline, line.difference, true, decimals, numRole);
    y += height;
    if (!line.otherTitle.empty()) {
      const float below = y + ui_.u(9);
      const float end = text(ui_, Role::micro, x_, below, ui_.c.t2, "in B ");
      math(ui_, Role::micro, end, below, ui_.c.t2, line.otherTitle);
      y += ui_.u(16);
    }
    return y;
  }

  Panel& p_;
  Ui& ui_;
  Compare& compare_;
  float x_;
  float width_;
  float a_ = 0;  ///< right edges of the columns
  float b_ = 0;
  float difference_ = 0;
};

}  // namespace

void drawCompareInspector(Panel& p) {
  if (p.layout.inspectorFolded) return;
  Ui& ui = p.ui;
  const InspectorRegion region(p);
  const float x = region.x();
  const float width = region.width();
  float y = region.top();
  text(ui, Role::body, x, y + ui.u(25), ui.c.t2, "How the difference is made");
  if (p.session.pinned()) {
    icon(ui, Icon::pin, x + width - ui.u(6), y + ui.u(21), ui.c.acc);
    text(ui, Role::micro, x + width - ui.u(18) - textWidth(ui, Role::micro, "pinned"), y + ui.u(25), ui.c.t2,
         "pinned");
  }
  y += ui.u(34);
  Compare* compare = p.session.compared();
  const auto cell = p.session.focusCell();
  const FieldDifference* difference = compare ? compare->difference() : nullptr;
  if (cell && difference && cell->row < difference->rows() && cell->col < difference->cols()) {
    y = CompareInspector(p, *compare, x, width).draw(y, *cell);
  } else if (compare && !compare->obstacle().empty()) {
    y = paragraph(ui, Role::body, x, y + ui.u(16), width, ui.u(19), ui.c.t1,
                  "There is no difference to write out.");
  } else {
    y = paragraph(ui, Role::body, x, y + ui.u(16), width, ui.u(19), ui.c.t1,
                  "Point at a cell of any of the three maps, or pin one with a click or Enter.");
    y = paragraph(ui, Role::micro, x, y + ui.u(2), width, ui.u(16), ui.c.t2,
                  "Every step of its arithmetic is then written out here for A, for B, and what differs.");
  }
  region.contentEnds(y);
}

}  // namespace headlight
