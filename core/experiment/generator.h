#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/matrix.h"
#include "core/text/tokens.h"

namespace headlight {

/// What a generated number belongs to: a coordinate of its address. The values are part of the generator's
/// version.
enum class Generated : std::uint64_t {
  embedding = 1,
  wQ = 2,
  wK = 3,
  wV = 4,
  wO = 5,
  phase = 6,
  mirror = 7,
  position = 8,
  pixels = 9
};

/// X [T, d_model] of N(0, 1). A row depends on the seed and its token's text alone: equal tokens get equal
/// rows.
Matrix generateEmbedding(std::uint64_t seed, std::span<const Token> tokens, std::int64_t dModel);

/// W_Q, W_K or W_V [d_model, heads·width] of N(0, 1/d_model). A number depends on seed, matrix, head, row and
/// column of the head alone; the scale is applied last.
Matrix generateProjection(std::uint64_t seed, Generated matrix, std::int64_t dModel, int heads,
                          std::int64_t width);

/// One head's block of it, [d_model, width].
void generateHead(std::uint64_t seed, Generated matrix, int head, double scale, std::int64_t width,
                  Matrix& weight, std::int64_t firstColumn);

/// W_O [heads·d_v, d_model] of N(0, 1/(heads·d_v)).
Matrix generateOutput(std::uint64_t seed, int heads, std::int64_t dV, std::int64_t dModel);

/// Adds N(0, 1) to each number of X [T, d_model]; what is added depends on seed, row and column alone.
void addGeneratedPositions(std::uint64_t seed, Matrix& x);

/// The text that names a token to the generator: its bytes, or its label where it has none.
std::string_view generatorText(const Token& token);

}  // namespace headlight
