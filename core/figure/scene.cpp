#include "core/figure/scene.h"

#include <algorithm>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/describe/cause_words.h"
#include "core/describe/score_words.h"
#include "core/figure/text_layout.h"
#include "core/picture/labels.h"

namespace headlight {

TextPiece words(const Scene& scene, std::string text, double size, int weight) {
  return {std::move(text), FontFace::words, weight, size * scene.pt(), scene.colours.t1, 0, 0};
}

TextPiece faint(const Scene& scene, std::string text, double size) {
  return {std::move(text), FontFace::words, 400, size * scene.pt(), scene.colours.t2, 0, 0};
}

TextPiece digits(const Scene& scene, std::string text, double size) {
  return {std::move(text), FontFace::numbers, 400, size * scene.pt(), scene.colours.t2, 0, 0};
}

Text mathText(const Scene& scene, const std::string& markup, double size, int weight, Rgb colour) {
  Text text;
  for (const MathPiece& piece : mathPieces(markup)) {
    text.pieces.push_back({piece.text, FontFace::words, weight, size * scene.pt(), colour, piece.level, 0});
  }
  return text;
}

double halfHeight(double sizePt) {
  return 0.35 * sizePt * kMmPerPoint;
}

std::string headTitle(const Scene& scene, Stage stage, int head) {
  if (!info(stage).perHead) return "";
  if (head == kMeanHead) return "mean of " + grouped(scene.run().sizes.heads) + " heads";
  std::string title = "H" + std::to_string(head);
  const auto& names = scene.evaluation.prepared->headNames;
  if (static_cast<std::size_t>(head) < names.size() && !names[static_cast<std::size_t>(head)].empty()) {
    title += " " + names[static_cast<std::size_t>(head)];
  }
  return title;
}

double drawTitle(Scene& scene, double x, double y, double width, const std::string& title,
                 const std::string& after, const std::string& formula) {
  const double size = 1.2;
  const double line = size * scene.line();
  std::vector<Text> lines = wrap(words(scene, title, size, 600), width);
  if (lines.empty()) return 0;
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
  if (!after.empty()) addBehind({{words(scene, after, 1)}}, true);
  if (!formula.empty()) addBehind(mathText(scene, formula, 1, 400, scene.colours.t2), false);
  double at = y;
  for (const Text& text : lines) {
    scene.drawing.text({x, at + 0.8 * line}, text, Anchor::start, false);
    at += line;
  }
  scene.title = title + (after.empty() ? "" : ", " + after);
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
  const double line = 0.86 * scene.line();
  double at = y;
  for (const std::string& note : all) {
    TextPiece piece = faint(scene, note, 0.86);
    if (note == wrong) piece.colour = scene.colours.err;
    for (const Text& text : wrap(piece, width)) {
      scene.drawing.text({x, at + 0.8 * line}, text, Anchor::start, false);
      at += line;
    }
  }
  return at - y;
}

}  // namespace headlight
