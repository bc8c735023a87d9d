#version 330 core
// A tile of a map in colours: the rules of paintMap in core/picture/picture.cpp and the marks of
// core/picture/map_marks.h, in the same whole numbers. tests/render compares the two on every pixel.
//
// A software renderer runs through all branches at every pixel, so a tile that needs few of them is drawn by a program
// that has no others: PLAIN where all cells are finite numbers without marks, MASKED where some are masked besides. Both
// need thresholds that lie so evenly that the guess is at most one off.

// Values come as the bits of their floats, so that no driver's treatment of tiny numbers, of −0 or of NaN enters.
uniform isampler2D uValues;      // R32I [rows, cols]
uniform usampler2D uClasses;     // R8UI [rows, cols] of CellClass
uniform sampler2D uColours;      // RGBA8 [256]
uniform isampler2D uThresholds;  // RG32I [256]: those below and above each colour, ascending, each `ordered`

uniform ivec2 uAt;         // the picture's first pixel in the target
uniform ivec2 uOrigin;     // the tile's first pixel in the picture; the scissor leaves nothing outside the tile
uniform ivec2 uEnd;        // the map's last pixel, counted from the tile's first
uniform int uTexelPx;      // pixels of a texel's side
uniform bool uTransposed;  // queries run across
uniform bool uReady;       // the tile is there
uniform bool uGaps;
uniform bool uMarks;
uniform bool uHatches;
uniform int uHatchPeriod;
uniform vec2 uGuess;  // the first threshold, and 1 ÷ their mean distance
uniform vec3 uPaints[8];

const int kMask = 0, kHatch = 1, kGap = 2, kNan = 3, kNanMark = 4, kNotComputed = 5, kFrame = 6, kBeyond = 7;
const uint kMasked = 1u, kClassNotComputed = 3u;

out vec4 colour;

// The bits of floats in the order of the floats they stand for; −0 and 0 are one. The thresholds come so.
int ordered(int bits) { return bits >= 0 ? bits : int(0x80000000u) - bits; }

// The number of thresholds that the value reaches. Where they lie evenly a guess is right nearly always; whether it is
// right is decided by the thresholds alone.
int colourIndex(int bits) {
  int value = ordered(bits);
  float place = clamp((intBitsToFloat(bits) - uGuess.x) * uGuess.y, -1.0, 254.0);
  int guess = int(floor(place)) + 1;
  ivec2 around = texelFetch(uThresholds, ivec2(guess, 0), 0).rg;
#if defined(PLAIN) || defined(MASKED)
  return guess + (value >= around.y ? 1 : 0) - (value < around.x ? 1 : 0);
#else
  if (value >= around.x && value < around.y) return guess;
  int index = 0;
  for (int stride = 128; stride > 0; stride >>= 1) {
    if (texelFetch(uThresholds, ivec2(index + stride - 1, 0), 0).g <= value) index += stride;
  }
  return index;
#endif
}

// Whole quotients and remainders of 0 ≤ a < 2^20 by way of floats, which are exact there: a software renderer divides
// whole numbers one after the other. `inverse` is 1 ÷ b.
ivec2 quotient(ivec2 a, float inverse) { return ivec2((vec2(a) + 0.5) * inverse); }
int remainder(int a, int b, float inverse) { return a - int((float(a) + 0.5) * inverse) * b; }

bool hatchAt(ivec2 at, int period) {
  int thickness = period >= 16 ? period / 8 : 1;
  return remainder(at.x + at.y, period, 1.0 / float(period)) < thickness;
}

bool fallingAt(ivec2 at, int period, int thickness) {
  float inverse = 1.0 / float(period);
  return remainder(at.x + period - remainder(at.y, period, inverse), period, inverse) < thickness;
}

bool minusInfinityAt(ivec2 at, int period) { return fallingAt(at, period, period >= 16 ? period / 8 : 1); }

bool plusInfinityAt(ivec2 at, int period) { return fallingAt(at, period / 2, period / 4); }

bool dotAt(ivec2 at, int size) {
  int diameter = max(size / 6, 2);
  diameter += (size - diameter) % 2;
  int first = (size - diameter) / 2;
  ivec2 d = 2 * (at - first) + 1 - diameter;
  return d.x * d.x + d.y * d.y <= diameter * diameter;
}

bool crossAt(ivec2 at, int size) {
  int margin = size / 4;
  int extent = size - 2 * margin;
  int halfWidth = size / 24;
  ivec2 p = at - margin;
  if (p.x < 0 || p.y < 0 || p.x >= extent || p.y >= extent) return false;
  return abs(p.x - p.y) <= halfWidth || abs(p.x + p.y - (extent - 1)) <= halfWidth;
}

vec3 paint(ivec2 pixel) {
  ivec2 local = pixel - uOrigin;
  ivec2 texel = quotient(local, 1.0 / float(uTexelPx));
  ivec2 inside = local - texel * uTexelPx;
  ivec2 at = uTransposed ? texel.yx : texel;

#ifdef PLAIN
  int bits = texelFetch(uValues, at, 0).r;
#elif defined(MASKED)
  if (texelFetch(uClasses, at, 0).r == kMasked) {
    return uPaints[uHatches && hatchAt(pixel, uHatchPeriod) ? kHatch : kMask];
  }
  int bits = texelFetch(uValues, at, 0).r;
#else
  uint kind = uReady ? texelFetch(uClasses, at, 0).r : kClassNotComputed;
  if (kind == kClassNotComputed) {
    bool edge = any(equal(local, ivec2(0))) || any(equal(local, uEnd));
    return uPaints[edge ? kFrame : kNotComputed];
  }
  if (uGaps && (inside.x == uTexelPx - 1 || inside.y == uTexelPx - 1)) return uPaints[kGap];

  int size = uGaps ? uTexelPx - 1 : uTexelPx;
  int bits = texelFetch(uValues, at, 0).r;
  if (kind == kMasked) return uPaints[uHatches && hatchAt(pixel, uHatchPeriod) ? kHatch : kMask];
  if (bits == int(0xff800000u)) {
    return uPaints[uHatches && minusInfinityAt(pixel, uHatchPeriod) ? kHatch : kMask];
  }
  if (bits == 0x7f800000 && plusInfinityAt(pixel, uHatchPeriod)) return uPaints[kBeyond];
  if ((bits & 0x7fffffff) > 0x7f800000) {
    return uPaints[uMarks && crossAt(inside, size) ? kNanMark : kNan];
  }
  if (uMarks && (bits & 0x7fffffff) == 0 && dotAt(inside, size)) return uPaints[kHatch];
#endif
  return texelFetch(uColours, ivec2(colourIndex(bits), 0), 0).rgb;
}

void main() { colour = vec4(paint(ivec2(gl_FragCoord.xy) - uAt), 1.0); }
