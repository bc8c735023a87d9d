#pragma once
#include <string>
#include <vector>

#include "core/figure/canvas.h"

namespace headlight {

/// What a line of text takes: millimetres; ascent and descent from its baseline.
struct TextExtent {
  double width = 0;
  double ascent = 0;
  double descent = 0;
};

/// Any script: what the built-in fonts lack comes from the machine's. Safe from several threads.
TextExtent measure(const Text& text);

/// How far a raised or lowered piece stands from the line, in points, down positive.
double baselineShift(const TextPiece& piece);
/// Size of a piece as it is drawn, in points.
double drawnSize(const TextPiece& piece);

/// Breaks a text at its spaces into lines no wider than `width` mm; one longer word stays whole.
std::vector<Text> wrap(const TextPiece& piece, double width);

}  // namespace headlight
