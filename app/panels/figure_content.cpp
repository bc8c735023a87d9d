#include <algorithm>

#include "app/panels/figure_pen.h"
#include "app/panels/figure_tab.h"
#include "app/panels/inspector.h"
#include "app/panels/map_image.h"
#include "app/panels/range_editor.h"
#include "app/session/compare.h"
#include "app/session/figure_desk.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/figure/overlays.h"
#include "core/figure/typed_marks.h"
#include "core/picture/colormap.h"

namespace headlight {
namespace {

std::string headOption(const Evaluation& evaluation, int head) {
  const auto& names = evaluation.prepared->headNames;
  const auto at = static_cast<std::size_t>(head);
  return at < names.size() ? names[at] : "";
}

void stageList(FigurePen& pen) {
  const Stage viewed = pen.p.session.view().stage;
  std::vector<ImportOption> options{{"", "as the view", std::string(info(viewed).title)}};
  for (const Stage stage : pen.p.session.stagesShown())
    options.push_back({std::string(info(stage).id), std::string(info(stage).title), ""});
  auto& stage = pen.room.spec.stage;
  const std::string shown = stage ? std::string(info(*stage).title) : "as the view";
  const std::string chosen = stage ? std::string(info(*stage).id) : "";
  if (const auto picked = pen.list("stage", "figure.stage", shown, options, chosen)) {
    stage = picked->empty() ? std::nullopt : stageById(*picked);
  }
}

void headList(FigurePen& pen, const Evaluation& evaluation) {
  const std::string& layout = pen.room.spec.layout;
  std::vector<ImportOption> options;
  if (layout != "heads") options.push_back({"", "as the view", headName(shownHead(pen.p))});
  if (figureLayout(layout).heads) options.push_back({"all", "all heads", ""});
  options.push_back({"mean", "mean of heads", ""});
  const int count = static_cast<int>(evaluation.run->sizes.heads);
  for (int h = 0; h < count; ++h) {
    options.push_back({std::to_string(h), headName(h), headOption(evaluation, h)});
  }
  const std::string chosen = layout == "heads" && pen.room.heads.empty() ? "all" : pen.room.heads;
  if (const auto picked = pen.list(layout == "heads" ? "heads" : "head", "figure.heads",
                                   figureHeadsWords(pen.p), options, chosen))
    pen.room.heads = *picked;
}

void minusList(FigurePen& pen, const Evaluation& evaluation) {
  std::vector<ImportOption> options{{"", "the next head", ""}, {"mean", "mean of heads", ""}};
  const int count = static_cast<int>(evaluation.run->sizes.heads);
  for (int h = 0; h < count; ++h)
    options.push_back({std::to_string(h), headName(h), headOption(evaluation, h)});
  for (const Stage stage : pen.p.session.stagesShown()) {
    if (stage != figureStage(pen.p) && isMap(stage))
      options.push_back({"stage " + std::string(info(stage).id), std::string(info(stage).title), "stage"});
  }
  const auto with = pen.p.session.comparison();
  if (with && with->isOther()) options.push_back({"other", "what is compared with", "experiment"});
  std::string shown = "the next head";
  for (const ImportOption& option : options) {
    if (option.id == pen.room.minus) shown = option.words;
  }
  if (const auto picked = pen.list("minus", "figure.minus", shown, options, pen.room.minus))
    pen.room.minus = *picked;
}

/// Which query a row or the lines are of.
void queryRow(FigurePen& pen, const Evaluation& evaluation) {
  FigureSpec& spec = pen.room.spec;
  const std::int64_t count = evaluation.run->sizes.queries;
  const auto pin = pen.p.session.pinned();
  const bool lines = spec.layout == "lines";
  if (lines) {
    constexpr std::string_view kWords[] = {"all queries", "one query"};
    constexpr std::string_view kIds[] = {"all", "one"};
    const int pressed = pen.words("", "figure.queries", kWords, spec.query ? 1 : 0, kIds);
    if (pressed == 0) spec.query.reset();
    if (pressed == 1 && !spec.query) spec.query = pin ? pin->row : 0;
    if (!spec.query) return;
  }
  const std::int64_t now = std::clamp<std::int64_t>(spec.query.value_or(pin ? pin->row : 0), 0, count - 1);
  const Box place = pen.row("query", 26, pen.ui.u(118));
  const NumberEvent event = stepper(pen.ui, "figure.query", place, now, 0, count - 1);
  if (event.kind == NumberEvent::Kind::set)
    spec.query = std::clamp(static_cast<std::int64_t>(event.value), std::int64_t{0}, count - 1);
  if (event.kind == NumberEvent::Kind::reset && !lines) spec.query.reset();
  pen.note("“" + queryLabel(pen.p, now) + "”" +
               (spec.query ? ""
                : pin      ? ", the pinned query"
                           : ", the first"),
           pen.ui.c.t2);
  pen.gap(2);
}

void lineRows(FigurePen& pen) {
  FigureSpec& spec = pen.room.spec;
  double most = spec.lines;
  pen.number("strongest keys", "figure.lines", most, 0, 64, 1, 0, 0);
  spec.lines = static_cast<int>(most);
  pen.number("least weight", "figure.least_weight", spec.leastWeight, 0, 1, 0.01, 2, 0);
}

void colourLists(FigurePen& pen) {
  FigureSpec& spec = pen.room.spec;
  std::vector<ImportOption> maps{{"", "as the view", ""}};
  for (const Colormap& map : colormaps())
    maps.push_back({std::string(map.id), std::string(map.label), map.diverging ? "signed" : ""});
  const Colormap* chosen = colormap(spec.colormap);
  const std::string shown = chosen ? std::string(chosen->label) : "as the view";
  if (const auto picked = pen.list("colours", "figure.colormap", shown, maps, spec.colormap))
    spec.colormap = *picked;
  std::vector<ImportOption> ranges{{"", "as the view", ""}};
  std::string range = spec.range.empty() ? "as the view" : "from, to";
  const bool custom = spec.range.find(',') != std::string::npos;
  for (const RangeMode& mode : allRangeModes(figureStage(pen.p))) {
    if (mode.word.empty() || mode.word == "custom") continue;
    ranges.push_back({std::string(mode.word), std::string(mode.words), ""});
    if (mode.word == spec.range) range = mode.words;
  }
  ranges.push_back({"custom", "from, to", ""});
  if (const auto picked =
          pen.list("range", "figure.range", range, ranges, custom ? std::string("custom") : spec.range)) {
    spec.range = *picked == "custom" ? (custom ? spec.range : "0,1") : *picked;
  }
  if (!custom) return;
  const Box place = pen.row("from, to", 26, pen.ui.u(118));
  lineField(pen.ui, "figure.ends", place, spec.range, "0,1");
}

/// The part that is drawn: typed, or what is in sight in Explore.
void cropRows(FigurePen& pen, const FigureMarks::Placed& placed) {
  std::string& typed = pen.room.marks.crop.typed;
  if (const auto seen = visiblePart(pen.p)) {
    constexpr std::string_view kWords[] = {"whole map", "visible part"};
    constexpr std::string_view kIds[] = {"whole", "part"};
    const std::string part = cropText(*seen);
    const int pressed = pen.words("", "figure.part", kWords,
                                  typed.empty()   ? 0
                                  : typed == part ? 1
                                                  : -1,
                                  kIds);
    if (pressed == 0) typed.clear();
    if (pressed == 1) typed = part;
  }
  pen.mark("crop", "figure.crop", pen.room.marks.crop, "whole map",
           "a:b,c:d: rows a … b − 1 and columns c … d − 1, counted from 0; either end may be left out");
  if (!placed.crop) return;
  const auto span = [](std::int64_t first, std::int64_t end) {
    return end - first == 1 ? grouped(first) : grouped(first) + "–" + grouped(end - 1);
  };
  const StageInfo& of = info(croppedStage(pen.p).value_or(Stage::weights));
  pen.note(cellsOf(of.rows) + " " + span(placed.crop->rowFirst, placed.crop->rowEnd) + ", " +
               cellsOf(of.cols) + " " + span(placed.crop->colFirst, placed.crop->colEnd),
           pen.ui.c.t2);
  pen.gap(2);
}

void marks(FigurePen& pen, const std::shared_ptr<const Evaluation>& evaluation) {
  FigureMarks& typed = pen.room.marks;
  if (figureLayout(pen.room.spec.layout).parts) {
    cropRows(pen, typed.placed(evaluation, croppedStage(pen.p)));
    pen.mark("brackets", "figure.brackets", typed.brackets, "0:1=NP",
             "FIRST:LAST=NAME over tokens, by index or text, with ; between them: 0:1=NP; it:tired=VP. "
             "q: or k: before one puts it over queries or keys alone");
  }
  if (!takesHighlights(pen.p)) return;
  pen.mark("cells", "figure.highlights", typed.highlights, "7:1",
           "QUERY:KEY of each cell that is outlined, by index or text, with ; between them: 7:1; it:animal");
  const std::size_t pins = pen.p.session.pins().size();
  pen.flag(pins > 1 ? "pinned cells outlined" : "pinned cell outlined", "figure.pins", pen.room.pins,
           pins > 0, "no cell is pinned");
}

void included(FigurePen& pen) {
  FigureSpec& spec = pen.room.spec;
  pen.flag("title", "figure.title", spec.showTitle);
  if (spec.showTitle) {
    lineField(pen.ui, "figure.title_text", Box::at(pen.x, pen.y, pen.width, pen.ui.u(26)), spec.title,
              "the stage's own");
    pen.gap(32);
  }
  pen.flag("colour bar", "figure.bar", spec.showBar);
  pen.flag("tokens", "figure.tokens", spec.showTokens);
  pen.flag("notes", "figure.notes", spec.showNotes);
  pen.flag("letters at the panels", "figure.letters", spec.letters);
  if (spec.layout == "lines" && !spec.query) return;
  pen.gap(4);
  constexpr std::string_view kWords[] = {"where they fit", "none", "all"};
  constexpr std::string_view kIds[] = {"fitting", "none", "all"};
  const int pressed = pen.words("numbers", "figure.numbers", kWords, static_cast<int>(spec.numbers), kIds);
  if (pressed >= 0) spec.numbers = static_cast<FigureNumbers>(pressed);
}

std::string sentence(std::string words) {
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

void words(FigurePen& pen, std::string_view name, const std::string& text, const char* id) {
  Ui& ui = pen.ui;
  const Box line = Box::at(pen.x, pen.y, pen.width, ui.u(26));
  const float width = buttonWidth(ui, "Copy");
  textIn(ui, Role::strong, {line.x0, line.y0, line.x1 - width - ui.u(8), line.y1}, Align::left, ui.c.t1,
         name);
  if (button(ui, id, {line.x1 - width, line.y0, line.x1, line.y1}, "Copy", {}, ButtonKind::plain,
             !text.empty(), "the page is not drawn yet"))
    pen.p.session.copyText(text);
  pen.y = paragraph(ui, Role::body, pen.x, line.y1 + ui.u(15), pen.width, ui.u(19), ui.c.t1, text) - ui.u(4);
}

}  // namespace

void drawFigureContent(FigurePen& pen, const Box& region) {
  const auto evaluation = pen.p.session.evaluation();
  pen.head("On the page", region, true);
  if (!evaluation) return pen.note("There are no numbers yet.", pen.ui.c.t2);
  const std::string& layout = pen.room.spec.layout;
  if (layout != "pipeline") stageList(pen);
  headList(pen, *evaluation);
  if (layout == "difference") minusList(pen, *evaluation);
  if (figureLayout(layout).query) queryRow(pen, *evaluation);
  if (layout == "lines") lineRows(pen);
  if (layout != "lines") colourLists(pen);
  pen.head("Shown", region);
  included(pen);
  if (!figureLayout(layout).parts && !takesHighlights(pen.p)) return;
  pen.head("Part and marks", region);
  marks(pen, evaluation);
}

void drawFigureInspector(Panel& p) {
  if (p.layout.inspectorFolded) return;
  const InspectorRegion region(p, "figure inspector");
  Ui& ui = p.ui;
  FigurePen pen(p, region.x(), region.width(), region.top());
  const Box& box = p.layout.inspector;
  drawFigureContent(pen, box);
  if (const auto& page = pen.room.page) {
    if (!page->warnings.empty()) {
      pen.head("To know", box);
      for (const std::string& warning : page->warnings) {
        icon(ui, Icon::warning, pen.x + ui.u(7), pen.y + ui.u(7), ui.c.warn);
        pen.y = paragraph(ui, Role::body, pen.x + ui.u(22), pen.y + ui.u(12), pen.width - ui.u(22), ui.u(19),
                          ui.c.t1, sentence(warning)) -
                ui.u(6);
      }
    }
    pen.head("In words", box);
    words(pen, "Caption", page->caption, "figure.caption/copy");
    pen.gap(12);
    words(pen, "Alternative text", page->altText, "figure.alt/copy");
  }
  region.contentEnds(pen.y + ui.u(20));
}

}  // namespace headlight
