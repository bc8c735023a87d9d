#include "app/panels/rail.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/experiment/parameters.h"

namespace headlight {

std::string tokenWords(const TokenSpec& tokens) {
  const std::string size = std::to_string(tokens.grid[0]) + " × " + std::to_string(tokens.grid[1]);
  switch (tokens.kind) {
    case TokenSpec::Kind::text:
      return tokens.text;
    case TokenSpec::Kind::list:
      return "a list of tokens";
    case TokenSpec::Kind::count:
      return "numbered tokens";
    case TokenSpec::Kind::file:
      return "tokens from " + tokens.file;
    case TokenSpec::Kind::batch:
      return tokens.batch.size() == 1
                 ? "a batch of one sequence"
                 : "a batch of " + grouped(static_cast<std::int64_t>(tokens.batch.size())) +
                       " sequences, padded to the longest";
    case TokenSpec::Kind::grid:
      return (tokens.image.empty() ? size + " patches: row, column" : size + " patches of " + tokens.image) +
             (tokens.classToken ? ", behind [CLS]" : "");
    case TokenSpec::Kind::indices:
      break;
  }
  return "labels are the indices";
}

void drawEmptyRowSwitch(Panel& p, const Box& box, const std::string& id) {
  constexpr std::string_view kWords[] = {"zeros", "uniform", "NaN"};
  constexpr std::string_view kIds[] = {"zeros", "uniform", "nan"};
  const EmptyRow policy = p.session.experiment().emptyRow;
  const int chosen = policy == EmptyRow::zeros ? 0 : policy == EmptyRow::uniform ? 1 : 2;
  const int pressed = segmented(p.ui, id, box, kWords, chosen, kIds);
  if (pressed >= 0) p.session.change("normalizer.empty_row", Value(kIds[pressed]), Phase::done);
}

void drawFoldedRail(Panel& p, std::span<const std::string_view> names) {
  Ui& ui = p.ui;
  const Region region(ui, "rail folded", p.layout.rail, ui.c.s1, kOrderRail, false);
  float y = p.layout.rail.y0 + ui.u(12);
  for (const std::string_view name : names) {
    const float length = textWidth(ui, Role::label, name);
    const Box box = Box::at(p.layout.rail.x0 + ui.u(8), y, ui.u(28), length + ui.u(16));
    const std::string id = "rail." + std::string(name);
    const Press press = pressable(ui, id, box);
    if (press.hovered) fill(box, ui.c.s3, ui.u(4));
    textUp(ui, Role::label, box.centreX() + ui.u(4), box.y1 - ui.u(8), press.hovered ? ui.c.t1 : ui.c.t2,
           name);
    focusRing(ui, id, box, ui.u(4));
    if (press.pressed) p.state.folds.railOpen = true;
    y = box.y1 + ui.u(8);
  }
}

void resample(Panel& p) {
  const auto seed = get(p.session.experiment(), "source.seed");
  const std::int64_t now = seed && seed->isInteger() ? seed->integer() : 1;
  p.session.change("source.seed", Value(now < 1'000'000 ? now + 1 : std::int64_t{0}), Phase::done);
}

}  // namespace headlight
