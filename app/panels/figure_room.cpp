#include "app/panels/figure_room.h"

#include <algorithm>

#include "app/panels/compare.h"
#include "app/panels/map_image.h"
#include "app/panels/stage_views.h"
#include "app/session/compare.h"
#include "core/base/number.h"
#include "core/figure/presets.h"

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

/// The crop as far as the stage still has those cells.
std::optional<FigureCrop> partWithin(Panel& p, const FigureRoom& room, const FigureSpec& spec) {
  const Stage stage = spec.stage.value_or(p.session.view().stage);
  if (!room.part || stage != room.partOf) return std::nullopt;
  const auto field = shownField(p, stage, shownHead(p));
  if (!field || room.part->rowEnd > field->rows || room.part->colEnd > field->cols) return std::nullopt;
  return room.part;
}

FigureSpec specOf(Panel& p, const FigureRoom& room) {
  FigureSpec spec = room.spec;
  const auto evaluation = p.session.evaluation();
  const int count = evaluation ? static_cast<int>(evaluation->run->sizes.heads) : 0;
  const Stage stage = spec.stage.value_or(p.session.view().stage);
  if (spec.layout == "pipeline") spec.stage.reset();
  if (spec.layout == "difference") {
    putMinus(p, room, spec, count);
  } else if (room.heads == "all") {
    for (int h = 0; takesHeads(spec.layout) && h < count; ++h) spec.heads.push_back(h);
  } else if (!room.heads.empty()) {
    const int head = headOf(room.heads, 0);
    if (head < count) spec.heads = {head};
  }
  if (spec.layout != "row" && spec.layout != "lines") spec.query.reset();
  const auto rows = shownField(p, stage, shownHead(p));
  if (spec.query && rows && *spec.query >= rows->rows) spec.query.reset();
  if (takesCells(spec.layout)) {
    spec.crop = partWithin(p, room, spec);
    if (room.pins && stage == p.session.view().stage && isMap(stage)) {
      for (const Cell& pin : p.session.pins()) {
        const bool seen = !spec.crop || (pin.row >= spec.crop->rowFirst && pin.row < spec.crop->rowEnd &&
                                         pin.col >= spec.crop->colFirst && pin.col < spec.crop->colEnd);
        if (seen) spec.highlights.push_back({pin.row, pin.col});
      }
    }
  }
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

bool takesHeads(const std::string& layout) {
  return layout == "heads" || layout == "row";
}

bool takesCells(const std::string& layout) {
  return layout != "lines" && layout != "row" && layout != "pipeline";
}

Stage figureStage(Panel& p) {
  return p.state.part<FigureRoom>().spec.stage.value_or(p.session.view().stage);
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
  room.part = visiblePart(p);
  room.partOf = stage;
  room.spec.ground = isDark(p.ui.theme) ? FigureGround::dark : FigureGround::light;
  const StageView shown = stageView(p, stage);
  room.spec.layout = shown == StageView::row ? "row" : shown == StageView::lines ? "lines" : "single";
  if (p.state.tab == "heads") {
    room.spec.layout = "heads";
    room.part.reset();
  }
  if (compareWanted(p)) {
    room.spec.layout = "difference";
    room.minus = minusAsCompared(p);
  } else if (room.spec.layout == "row") {
    if (const auto field = shownField(p, stage, shownHead(p))) room.spec.query = shownRow(p, *field);
  }
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
