#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace headlight {

/// Every how many labels one is drawn, so that labels of `labelPx` fit cells of `cellPx` without touching: 1,
/// 2, 5, 10, 20, 50 …
std::int64_t labelStep(double cellPx, double labelPx);

/// A piece of math markup as it is drawn: "QK^T ÷ √d_k" → "QK", superscript "T", " ÷ √d", subscript "k".
struct MathPiece {
  std::string text;
  int level = 0;  ///< 0 on the line, +1 superscript, −1 subscript
};
std::vector<MathPiece> mathPieces(const std::string& markup);
/// The markup as plain text: "QKᵀ" is not in our fonts, so "QK^T" stays, "d_k" stays.
std::string mathPlain(const std::string& markup);

}  // namespace headlight
