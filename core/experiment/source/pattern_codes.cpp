#include "core/experiment/source/pattern_codes.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/random.h"
#include "core/experiment/generator.h"

namespace headlight {
namespace {

constexpr double kRoot2 = 1.41421356237309504880;

void addEnd(std::vector<LinkEnd>& ends, const LinkEnd& end) {
  if (std::find(ends.begin(), ends.end(), end) == ends.end()) ends.push_back(end);
}

/// Marks of the query side stand first.
void addMarks(const CodeLayout& layout, std::span<const Token> tokens, const std::vector<LinkEnd>& ends,
              std::int64_t firstMark, Matrix& x) {
  std::unordered_map<std::string_view, std::int64_t> byText;
  const auto add = [&](std::int64_t row, std::int64_t mark) {
    const std::vector<double> code = slotCode(mark, layout.marks(), layout.markDims);
    for (std::int64_t d = 0; d < layout.markDims; ++d) {
      x(row, layout.firstMark() + d) += static_cast<float>(code[static_cast<std::size_t>(d)]);
    }
  };
  for (std::size_t e = 0; e < ends.size(); ++e) {
    const std::int64_t mark = firstMark + static_cast<std::int64_t>(e);
    if (ends[e].index >= 0) {
      if (ends[e].index < x.rows()) add(ends[e].index, mark);
    } else {
      byText.emplace(ends[e].text, mark);
    }
  }
  for (std::int64_t row = 0; row < x.rows(); ++row) {
    const Token& token = tokens[static_cast<std::size_t>(row)];
    auto found = byText.find(generatorText(token));
    if (found == byText.end()) found = byText.find(token.label);
    if (found != byText.end()) add(row, found->second);
  }
}

}  // namespace

SineCosine sineOfTurn(double turns) {
  // To an eighth of a turn around a quarter: cos and sin change places and signs.
  const double quarters = std::floor(turns * 4.0 + 0.5);
  const double angle = (turns - quarters * 0.25) * 6.28318530717958647693;
  const double square = angle * angle;
  double sine = 1;
  double cosine = 1;
  for (int k = 19; k >= 1; k -= 2) sine = 1.0 - square / ((k + 1.0) * (k + 2.0)) * sine;
  for (int k = 18; k >= 0; k -= 2) cosine = 1.0 - square / ((k + 1.0) * (k + 2.0)) * cosine;
  sine *= angle;
  switch (static_cast<std::int64_t>(quarters) & 3) {
    case 0:
      return {sine, cosine};
    case 1:
      return {cosine, -sine};
    case 2:
      return {-sine, -cosine};
    default:
      return {-cosine, sine};
  }
}

PositionCodes::PositionCodes(std::int64_t period) : period_(period) {
  waves_.reserve(static_cast<std::size_t>(2 * period));
  for (std::int64_t step = 0; step < period; ++step) {
    const SineCosine wave = sineOfTurn(static_cast<double>(step) / static_cast<double>(period));
    waves_.push_back(kRoot2 * wave.cosine);
    waves_.push_back(kRoot2 * wave.sine);
  }
}

double PositionCodes::operator()(std::int64_t p, std::int64_t dim) const {
  if (dim == 0) return 1.0;
  const std::int64_t frequency = (dim + 1) / 2;
  if (2 * frequency == period_) return p % 2 == 0 ? 1.0 : -1.0;
  const auto step = static_cast<std::size_t>((p % period_) * frequency % period_);
  return waves_[2 * step + (dim % 2 == 1 ? 0 : 1)];
}

std::vector<double> slotCode(std::int64_t index, std::int64_t count, std::int64_t dims) {
  std::vector<double> code(static_cast<std::size_t>(dims));
  if (dims == 0) return code;
  if (count <= dims) {
    code[static_cast<std::size_t>(index)] = 1.0;
    return code;
  }
  if (dims == 1) {
    code[0] = 1.0;
    return code;
  }
  // Phases spread by an odd step: unit length, and no two alike.
  const std::int64_t pairs = dims / 2;
  const double length = std::sqrt(static_cast<double>(pairs));
  for (std::int64_t f = 0; f < pairs; ++f) {
    const SineCosine wave =
        sineOfTurn(static_cast<double>((index * (f + 1)) % count) / static_cast<double>(count));
    code[static_cast<std::size_t>(2 * f)] = wave.cosine / length;
    code[static_cast<std::size_t>(2 * f + 1)] = wave.sine / length;
  }
  return code;
}

CodeLayout codeLayout(std::int64_t dModel, std::int64_t tokens, std::span<const PatternHead> heads) {
  CodeLayout layout;
  layout.dModel = dModel;
  bool comparesTokens = false;
  for (const PatternHead& head : heads) {
    comparesTokens = comparesTokens || head.pattern == Pattern::sameToken;
    for (const Link& link : head.links) {
      addEnd(layout.queryEnds, link[0]);
      addEnd(layout.keyEnds, link[1]);
    }
  }
  layout.markDims = std::min(layout.marks(), dModel / 3);
  const std::int64_t rest = dModel - layout.markDims;
  constexpr std::int64_t kStep = 8;
  layout.period = kStep * ((tokens + 2 + kStep - 1) / kStep);
  const std::int64_t roomy = rest - std::min<std::int64_t>(8, rest / 4);
  const std::int64_t tight = rest - (comparesTokens ? 2 : 0);
  if (layout.period <= roomy) {
    layout.positionDims = layout.period;
  } else if (tokens + 2 <= tight) {
    // Room for every position if N has no slack.
    layout.period = tokens + 2;
    layout.positionDims = layout.period;
  } else {
    layout.positionDims = std::max<std::int64_t>(1, rest * 2 / 3);
    if (layout.positionDims % 2 == 0) --layout.positionDims;
  }
  layout.tokenDims = rest - layout.positionDims;
  return layout;
}

Matrix patternEmbedding(const CodeLayout& layout, std::uint64_t seed, std::span<const Token> tokens,
                        CodeSide side) {
  const auto count = static_cast<std::int64_t>(tokens.size());
  Matrix x(count, layout.dModel);
  const PositionCodes codes(layout.period);
  std::unordered_map<std::string_view, std::int64_t> firstRow;
  for (std::int64_t row = 0; row < count; ++row) {
    float* values = x.row(row);
    for (std::int64_t d = 0; d < layout.positionDims; ++d) values[d] = static_cast<float>(codes(row, d));
    const std::string_view text = generatorText(tokens[static_cast<std::size_t>(row)]);
    float* phases = values + layout.firstToken();
    const auto [known, isNew] = firstRow.emplace(text, row);
    if (!isNew) {
      std::copy_n(x.row(known->second) + layout.firstToken(), layout.tokenDims, phases);
      continue;
    }
    const std::uint64_t address = textAddress(text);
    for (std::int64_t d = 0; d < layout.tokenDims; d += 2) {
      const std::uint64_t bits = randomBits(seed, {static_cast<std::uint64_t>(Generated::phase), address,
                                                   static_cast<std::uint64_t>(d / 2), 0});
      if (d + 1 == layout.tokenDims) {
        phases[d] = (bits >> 63) != 0 ? -1.0f : 1.0f;
        continue;
      }
      const SineCosine wave = sineOfTurn(static_cast<double>(bits >> 11) * 0x1p-53);
      phases[d] = static_cast<float>(kRoot2 * wave.cosine);
      phases[d + 1] = static_cast<float>(kRoot2 * wave.sine);
    }
  }
  if (side != CodeSide::keys) addMarks(layout, tokens, layout.queryEnds, 0, x);
  if (side != CodeSide::queries) {
    addMarks(layout, tokens, layout.keyEnds, static_cast<std::int64_t>(layout.queryEnds.size()), x);
  }
  return x;
}

}  // namespace headlight
