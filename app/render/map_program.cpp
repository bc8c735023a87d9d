#include "app/render/map_program.h"

#include <bit>
#include <cmath>
#include <limits>

#include "app/render/shader_program.h"
#include "core/picture/map_marks.h"

namespace headlight {
namespace {

/// The float's bits as an integer that orders as the floats do; −0 and 0 are one. shaders/map.frag does the
/// same.
std::int32_t ordered(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value);
  return bits >= 0 ? bits : std::numeric_limits<std::int32_t>::min() - bits;
}

/// Where a value lies among the thresholds, from the first of them and 1 ÷ their mean distance.
struct Guess {
  float first = 0;
  float perStep = 0;
};

Guess guessOf(const MapLook& look) {
  const float first = look.thresholds.front();
  const float step = (look.thresholds.back() - first) / 254.0F;
  return {first, step > 0 && std::isfinite(1.0F / step) ? 1.0F / step : 0.0F};
}

}  // namespace

ThresholdPairs thresholdPairs(const MapLook& look) {
  ThresholdPairs pairs{};
  pairs.front()[0] = std::numeric_limits<std::int32_t>::min();
  pairs.back()[1] = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < look.thresholds.size(); ++i) {
    pairs[i][1] = pairs[i + 1][0] = ordered(look.thresholds[i]);
  }
  return pairs;
}

bool liesEvenly(const MapLook& look) {
  constexpr double kRoom = 0.25;
  const Guess guess = guessOf(look);
  if (guess.perStep <= 0) return false;
  for (std::size_t i = 0; i < look.thresholds.size(); ++i) {
    const double place = (double{look.thresholds[i]} - double{guess.first}) * double{guess.perStep};
    const auto step = static_cast<double>(i);
    if (!(std::floor(place - kRoom) >= step - 1 && std::floor(place + kRoom) <= step)) return false;
  }
  return true;
}

MapProgram MapProgram::make(CellsKind kind, std::string* error) {
  static constexpr std::array<const char*, kCellsKinds> kVariants{"", "MASKED", "PLAIN"};
  MapProgram made;
  made.program_ = makeProgram("map", kVariants[static_cast<std::size_t>(kind)], error);
  if (!made) return made;
  const GLuint name = made.program_.name();
  const auto at = [&](const char* uniform) { return glGetUniformLocation(name, uniform); };
  made.uniforms_ = {at("uAt"),         at("uOrigin"),      at("uEnd"),   at("uTexelPx"),
                    at("uTransposed"), at("uReady"),       at("uGaps"),  at("uMarks"),
                    at("uHatches"),    at("uHatchPeriod"), at("uGuess"), at("uPaints")};
  glUseProgram(name);
  glUniform1i(at("uValues"), kExtremeUnit);
  glUniform1i(at("uClasses"), kClassUnit);
  glUniform1i(at("uColours"), kColourUnit);
  glUniform1i(at("uThresholds"), kThresholdUnit);
  return made;
}

void MapProgram::use(const MapImage& image, int left, int top) const {
  const MapGeometry& geometry = image.geometry;
  const Uniforms& u = uniforms_;
  glUseProgram(program_.name());
  glUniform2i(u.at, left, top);
  glUniform1i(u.texelPx, geometry.texelPx);
  glUniform1i(u.transposed, geometry.transposed ? 1 : 0);
  glUniform1i(u.gaps, geometry.gaps() ? 1 : 0);
  glUniform1i(u.marks, geometry.marks() ? 1 : 0);
  glUniform1i(u.hatches, geometry.hatches() ? 1 : 0);
  glUniform1i(u.hatchPeriod, hatchPeriod(image.look.scale));
  const Guess guess = guessOf(image.look);
  glUniform2f(u.guess, guess.first, guess.perStep);
  std::array<GLfloat, 24> paints{};
  const std::array<Rgb, 8> colours{image.look.mask,  image.look.hatch,   image.look.gap,
                                   image.look.nan,   image.look.nanMark, image.look.notComputed,
                                   image.look.frame, image.look.beyond};
  for (std::size_t i = 0; i < colours.size(); ++i) {
    paints[3 * i] = static_cast<GLfloat>(colours[i].r) / 255.0F;
    paints[3 * i + 1] = static_cast<GLfloat>(colours[i].g) / 255.0F;
    paints[3 * i + 2] = static_cast<GLfloat>(colours[i].b) / 255.0F;
  }
  glUniform3fv(u.paints, 8, paints.data());
}

void MapProgram::place(int x, int y, int endX, int endY, bool ready) const {
  glUniform2i(uniforms_.origin, x, y);
  glUniform2i(uniforms_.end, endX, endY);
  glUniform1i(uniforms_.ready, ready ? 1 : 0);
}

}  // namespace headlight
