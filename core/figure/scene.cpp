#include "core/figure/scene.h"

#include <algorithm>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/describe/cause_words.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/figure/text_layout.h"
#include "core/picture/labels.h"
#include "core/text/label.h"

namespace headlight {

namespace {

// A line of one piece that has no space to be broken at, in at most `width` mm.
Text shortened(Text line, double width) {
  const std::string full = line.pieces[0].text;
  for (std::size_t keep = 200; keep > 1 && measure(line).width > width; --keep) {
    line.pieces[0].text = shortLabel(full, keep - 1);
  }
  return line;
}

}  // namespace

TextPiece words(const Scene& scene, std::string text, double size, int weight) {
  return {std::move(text), scene.wordFace(), weight, scene.sized(size), scene.colours.t1, 0, 0};
}

TextPiece faint(const Scene& scene, std::string text, double size) {
  return {std::move(text), scene.wordFace(), 400, scene.sized(size), scene.colours.t2, 0, 0};
}

TextPiece digits(const Scene& scene, std::string text, double size) {
  return {std::move(text), scene.numberFace(), 400, scene.sized(size), scene.colours.t2, 0, 0};
}

Text mathText(const Scene& scene, const std::string& markup, double size, int weight, Rgb colour) {
  Text text;
  for (const MathPiece& piece : mathPieces(markup)) {
    text.pieces.push_back(
        {piece.text, scene.wordFace(), weight, scene.sized(size), colour, piece.level, 0, scene.leastPt()});
  }
  return text;
}

double halfHeight(double sizePt) {
  return 0.35 * sizePt * kMmPerPoint;
}

std::string headGroup(int head) {
  return head == kMeanHead ? "head-mean" : "head-" + std::to_string(head);
}

std::string headTitle(const Scene& scene, Stage stage, int head) {
  if (!info(stage).perHead) return "";
  if (head == kMeanHead)
    return layerText(scene.evaluation) + "mean of " + grouped(scene.run().sizes.heads) + " heads";
  return headName(scene.evaluation, head);
}

double drawTitle(Scene& scene, double x, double y, double width, const std::string& title,
                 const std::string& after, const std::string& formula) {
  scene.title = title + (after.empty() ? "" : ", " + after);
  if (!scene.spec.showTitle) return 0;
  const double size = 1.2;
  const double line = size * scene.line();
  std::vector<Text> lines = wrap(words(scene, title, size, 600), width);
  if (lines.empty()) return 0;
  for (Text& text : lines) text = shortened(std::move(text), width);
  // The head stands behind the title, and the formula behind that where there is room; else they take lines.
  const auto addBehind = [&](Text behind, bool needed) {
    Text longer = lines.back();
    behind.pieces.front().gapMm = 0.9 * scene.em();
    longer.pieces.insert(longer.pieces.end(), behind.pieces.begin(), behind.pieces.end());
    if (measure(longer).width <= width) {
      lines.back() = longer;
    } else if (needed) {
      behind.pieces.front().gapMm = 0;
      lines.push_back(behind);
    }
  };
  if (!after.empty()) addBehind(shortened({{words(scene, after, 1)}}, width), true);
  if (!formula.empty()) addBehind(mathText(scene, formula, 1, 400, scene.colours.t2), false);
  double at = y;
  for (const Text& text : lines) {
    scene.drawing.text({x, at + 0.8 * line}, text, Anchor::start, false);
    at += line;
  }
  return at - y;
}

double drawNotes(Scene& scene, double x, double y, double width) {
  std::vector<std::string> all = scene.notes;
  std::vector<std::string> byHand = handNotes(scene.evaluation);
  // What is deliberately wrong comes first of them.
  const bool isWrong = !byHand.empty() && !mistakeClauses(scene.evaluation.experiment).empty();
  const std::string wrong = isWrong ? byHand.front() : "";
  for (std::string& note : byHand) all.push_back(std::move(note));
  if (!scene.evaluation.prepared->origin.chip.empty()) all.push_back(scene.evaluation.prepared->origin.chip);
  if (!scene.spec.showNotes) {
    all.clear();
    if (isWrong) all.push_back(wrong);
  }
  const double line = scene.sized(0.86) / scene.pt() * scene.line();
  double at = y;
  for (const std::string& note : all) {
    TextPiece piece = faint(scene, note, 0.86);
    if (note == wrong) piece.colour = scene.colours.err;
    for (const Text& text : wrap(piece, width)) {
      scene.drawing.text({x, at + 0.8 * line}, shortened(text, width), Anchor::start, false);
      at += line;
    }
  }
  return at - y;
}

}  // namespace headlight
