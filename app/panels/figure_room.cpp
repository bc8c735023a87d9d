#include "app/panels/figure_room.h"

#include <algorithm>

#include "app/panels/compare.h"
#include "app/panels/map_image.h"
#include "app/panels/stage_views.h"
#include "app/session/compare.h"
#include "core/base/number.h"
#include "core/figure/presets.h"
#include "core/figure/typed_marks.h"

namespace headlight {
namespace {

constexpr std::string_view kStageWord = "stage ";

int headOf(const std::string& word, int otherwise) {
  if (word == "mean") return kMeanHead;
  const auto number = parseInteger(word);
  return number ? static_cast<int>(*number) : otherwise;
}

/// What stands in the second place: never the first head again.
int otherHead(int first, int count) {
  if (count < 2) return kMeanHead;
  return first < 0 ? 0 : (first + 1) % count;
}

void putMinus(Panel& p, const FigureRoom& room, FigureSpec& spec, int count) {
  const int first = headOf(room.heads, p.session.view().head);
  spec.heads = {first};
  if (room.minus.rfind(kStageWord, 0) == 0) {
    spec.minusStage = stageById(room.minus.substr(kStageWord.size()));
    return;
  }
  if (room.minus == "other") {
    const auto with = p.session.comparison();
    Compare* compared = with && with->isOther() ? p.session.compared() : nullptr;
    if (compared != nullptr) {
      const int which = compared->map(0).isShown ? 1 : 0;
      spec.minus = compared->evaluation(which);
      spec.minusName = compared->map(which).words;
    }
    if (spec.minus) return;
  }
  spec.heads.push_back(headOf(room.minus, otherHead(first, count)));
}

Stage stageOf(const Panel& p, const FigureRoom& room) {
  return room.spec.stage.value_or(p.session.view().stage);
}

std::optional<Stage> croppedOf(const Panel& p, const FigureRoom& room) {
  return room.spec.layout == "pipeline" ? std::nullopt : std::optional(stageOf(p, room));
}

bool outlinesCells(const Panel& p, const FigureRoom& room) {
  const std::string& layout = room.spec.layout;
  return layout == "pipeline" || (layout != "lines" && isMap(stageOf(p, room)));
}

void putMarks(const Panel& p, FigureRoom& room, FigureSpec& spec) {
  const FigureMarks::Placed& placed = room.marks.placed(p.session.evaluation(), croppedOf(p, room));
  if (figureLayout(spec.layout).parts) {
    spec.crop = placed.crop;
    spec.queryBrackets = placed.brackets.queries;
    spec.keyBrackets = placed.brackets.keys;
  }
  if (!outlinesCells(p, room)) return;
  spec.highlights = placed.highlights;
  const Stage viewed = p.session.view().stage;
  const bool same = spec.layout == "pipeline" || stageOf(p, room) == viewed;
  if (!room.pins || !same || !isMap(viewed)) return;
  for (const Cell& pin : p.session.pins()) spec.highlights.push_back({pin.row, pin.col});
}

FigureSpec specOf(Panel& p, FigureRoom& room) {
  FigureSpec spec = room.spec;
  const auto evaluation = p.session.evaluation();
  const int count = evaluation ? static_cast<int>(evaluation->run->sizes.heads) : 0;
  const Stage stage = stageOf(p, room);
  if (spec.layout == "pipeline") spec.stage.reset();
  if (spec.layout == "difference") {
    putMinus(p, room, spec, count);
  } else if (room.heads == "all") {
    for (int h = 0; figureLayout(spec.layout).heads && h < count; ++h) spec.heads.push_back(h);
  } else if (!room.heads.empty()) {
    const int head = headOf(room.heads, 0);
    if (head < count) spec.heads = {head};
  }
  if (!figureLayout(spec.layout).query) spec.query.reset();
  const auto rows = shownField(p, stage, shownHead(p));
  if (spec.query && rows && *spec.query >= rows->rows) spec.query.reset();
  putMarks(p, room, spec);
  return spec;
}

/// What is subtracted in the comparison of the Explore tab, as FigureRoom::minus spells it.
std::string minusAsCompared(const Panel& p) {
  const auto with = p.session.comparison();
  if (!with) return "";
  if (with->isOther()) return "other";
  if (with->with == Comparison::With::stage)
    return std::string(kStageWord) + std::string(info(with->stage).id);
  return with->head == kMeanHead ? "mean" : std::to_string(with->head);
}

}  // namespace

bool takesHighlights(Panel& p) {
  return outlinesCells(p, p.state.part<FigureRoom>());
}

std::optional<Stage> croppedStage(Panel& p) {
  return croppedOf(p, p.state.part<FigureRoom>());
}

Stage figureStage(Panel& p) {
  return stageOf(p, p.state.part<FigureRoom>());
}

FigureSpec figureSpec(Panel& p) {
  return specOf(p, p.state.part<FigureRoom>());
}

std::string figureHeadsWords(Panel& p) {
  const FigureRoom& room = p.state.part<FigureRoom>();
  if (room.heads == "all") return "all heads";
  if (room.heads == "mean") return "mean of heads";
  if (!room.heads.empty()) return "H" + room.heads;
  if (room.spec.layout == "heads") return "all heads";
  return "as the view, " + headName(shownHead(p));
}

FigureSpec presetSpec(const FigureRoom& room) {
  FigureSpec spec;
  if (!room.preset.empty()) static_cast<void>(applyPreset(spec, room.preset));
  return spec;
}

void takePreset(Panel& p, const std::string& id) {
  FigureRoom& room = p.state.part<FigureRoom>();
  room.preset = id;
  const FigureSpec from = presetSpec(room);
  room.spec.widthMm = from.widthMm;
  room.spec.heightMm = from.heightMm;
  room.spec.exactHeight = from.exactHeight;
  room.spec.fontPt = from.fontPt;
  room.spec.leastFontPt = from.leastFontPt;
  room.spec.font = from.font;
  room.spec.dpi = from.dpi;
  room.spec.ground = from.ground;
}

std::string presetChanges(const FigureRoom& room) {
  const FigureSpec from = presetSpec(room);
  const FigureSpec& now = room.spec;
  std::string words;
  const auto add = [&words](bool changed, const char* name) {
    if (changed) words += (words.empty() ? "" : ", ") + std::string(name);
  };
  add(now.widthMm != from.widthMm, "width");
  add(now.heightMm != from.heightMm || now.exactHeight != from.exactHeight, "height");
  add(now.dpi != from.dpi, "dpi");
  add(now.fontPt != from.fontPt, "font size");
  add(now.leastFontPt != from.leastFontPt, "least size");
  add(now.font != from.font, "letters");
  add(now.ground != from.ground, "ground");
  return words;
}

std::optional<FigureCrop> visiblePart(Panel& p) {
  const auto field = shownField(p, p.session.view().stage, shownHead(p));
  const MapView& map = p.state.map;
  if (!field || map.fitted() || map.box().empty() || map.showsAll()) return std::nullopt;
  const bool turned = p.session.view().queryColumns && isMap(p.session.view().stage);
  FigureCrop crop{map.firstRow(), map.endRow(), map.firstCol(), map.endCol()};
  if (turned) crop = {map.firstCol(), map.endCol(), map.firstRow(), map.endRow()};
  if (crop.rowEnd > field->rows || crop.colEnd > field->cols || crop.rows() < 1 || crop.cols() < 1)
    return std::nullopt;
  if (crop.rows() == field->rows && crop.cols() == field->cols) return std::nullopt;
  return crop;
}

void figureAsSeen(Panel& p) {
  FigureRoom& room = p.state.part<FigureRoom>();
  const Stage stage = p.session.view().stage;
  room.spec.stage.reset();
  room.spec.query.reset();
  room.spec.colormap.clear();
  room.spec.range.clear();
  room.heads.clear();
  room.minus.clear();
  room.pins = true;
  room.marks = {};
  room.spec.ground = isDark(p.ui.theme) ? FigureGround::dark : FigureGround::light;
  const StageView shown = stageView(p, stage);
  room.spec.layout = shown == StageView::row       ? "row"
                     : shown == StageView::lines   ? "lines"
                     : shown == StageView::picture ? "picture"
                                                   : "single";
  if (p.state.tab == "heads") room.spec.layout = "heads";
  if (compareWanted(p)) {
    room.spec.layout = "difference";
    room.minus = minusAsCompared(p);
  } else if (figureLayout(room.spec.layout).oneRow) {
    if (const auto field = shownField(p, stage, shownHead(p))) room.spec.query = shownRow(p, *field);
  }
  const auto part = visiblePart(p);
  if (part && (room.spec.layout == "single" || room.spec.layout == "difference"))
    room.marks.crop.typed = cropText(*part);
  p.state.tab = "figure";
}

void saveFigure(Panel& p) {
  const FigureRoom& room = p.state.part<FigureRoom>();
  p.session.askExport(figureSpec(p), room.beside);
}

void copyFigure(Panel& p) {
  p.session.copyFigure(figureSpec(p));
}

void copyComparison(Panel& p) {
  FigureRoom room;
  room.spec.layout = "difference";
  room.minus = minusAsCompared(p);
  room.spec.ground = isDark(p.ui.theme) ? FigureGround::dark : FigureGround::light;
  p.session.copyFigure(specOf(p, room));
}

double trueDpi(const Panel& p) {
  const auto& asks = p.session.seams().monitorDpi;
  const std::optional<double> told = asks ? asks() : std::nullopt;
  constexpr double kUsual = 96;
  return told.value_or(kUsual * static_cast<double>(p.ui.scale));
}

}  // namespace headlight
