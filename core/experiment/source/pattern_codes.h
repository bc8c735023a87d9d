#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/experiment/source/pattern_heads.h"

namespace headlight {

/// Where a constructed X [T, d_model] keeps what: three blocks side by side.
///   position  1, then √2 cos(2πfp/N), √2 sin(2πfp/N) for f = 1, 2, …, the last alone at f = N/2: the Fourier
///   basis of
///             N positions, lowest frequencies first. All N columns make the codes orthogonal: Σ = N for p =
///             p', else 0.
///   marks     a column for each end of a link: 1 where the token is that end.
///   token     √2 cos φ, √2 sin φ of phases that the seed and the token's text choose: every code has the
///   same length.
/// A token's text and place alone decide its row, as long as N stays; N grows by steps of 8.
struct CodeLayout {
  std::int64_t dModel = 0;
  std::int64_t period = 0;        ///< N ≥ T + 2, so that a row beside the ends does not see the other end
  std::int64_t positionDims = 0;  ///< 1 + twice the frequencies held, N when all are
  std::int64_t markDims = 0;      ///< fewer than marks when d_model is too small: marks then share columns
  std::int64_t tokenDims = 0;
  std::vector<LinkEnd> queryEnds;  ///< marks on the side of the queries …
  std::vector<LinkEnd> keyEnds;    ///< … and of the keys; the same list in self-attention

  bool exact() const { return positionDims == period; }
  std::int64_t firstMark() const { return positionDims; }
  std::int64_t firstToken() const { return positionDims + markDims; }
  std::int64_t marks() const { return static_cast<std::int64_t>(queryEnds.size() + keyEnds.size()); }
};

/// Shares d_model out for T tokens and these heads. Never fails: what is too narrow blurs.
CodeLayout codeLayout(std::int64_t dModel, std::int64_t tokens, std::span<const PatternHead> heads);

/// X [T, d_model]; `keySide` says whose marks it bears, `both` (self-attention) both.
enum class CodeSide : std::uint8_t { queries, keys, both };
Matrix patternEmbedding(const CodeLayout& layout, std::uint64_t seed, std::span<const Token> tokens,
                        CodeSide side);

/// The position codes of a period N: entry `dim` of the code of p.
class PositionCodes {
 public:
  explicit PositionCodes(std::int64_t period);
  double operator()(std::int64_t p, std::int64_t dim) const;

 private:
  std::int64_t period_;
  std::vector<double> waves_;  ///< √2 cos and √2 sin of 0 … N − 1 steps of a turn
};
/// Unit vector [dims] that stands for the index-th of `count` things: a unit coordinate where there is one
/// for each.
std::vector<double> slotCode(std::int64_t index, std::int64_t count, std::int64_t dims);

/// sin and cos of a part of a turn, with + − × ÷ alone: the same bits from every compiler.
struct SineCosine {
  double sine = 0;
  double cosine = 1;
};
SineCosine sineOfTurn(double turns);

}  // namespace headlight
