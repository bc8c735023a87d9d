#include "core/experiment/source/pattern_weights.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/experiment/generator.h"

namespace headlight {
namespace {

constexpr double kRoot2 = 1.41421356237309504880;
constexpr double kBeside = 0.2;  ///< how strongly a sharp head also sees what stands beside its target
constexpr double kFallback =
    1.0 / 3;  ///< how strongly a head of links sees itself, in rows without a link above all
constexpr double kTaper = 0.5;  ///< how much weaker the highest frequency is: smaller ripples of the bump

struct Target {
  std::int64_t position;
  double strength;
};

std::int64_t even(std::int64_t n) {
  return n >= 2 ? n - n % 2 : n;
}

void add(Matrix& weight, std::int64_t row, std::int64_t column, double value) {
  weight(row, column) = static_cast<float>(static_cast<double>(weight(row, column)) + value);
}

/// Key and query share the factor sharpness·√d_k between them.
double gain(const PatternPlan& plan) {
  return std::sqrt(plan.sharpness * std::sqrt(static_cast<double>(plan.sizes.dK)));
}

/// Frequencies that fit into the slots and are held by X.
std::int64_t frequencies(const PatternPlan& plan, const KeySlots& slots) {
  return std::min(slots.position / 2, (plan.layout.positionDims - 1) / 2);
}

/// Gain of each frequency 1 … F on either side; their products, doubled, sum to 1.
std::vector<double> bump(std::int64_t count) {
  std::vector<double> gains;
  double sum = 0;
  for (std::int64_t f = 1; f <= count; ++f) {
    gains.push_back(1.0 - kTaper * static_cast<double>(f) / static_cast<double>(count + 1));
    sum += 2 * gains.back();
  }
  for (double& g : gains) g = std::sqrt(g / sum);
  return gains;
}

bool looksAtPositions(Pattern pattern) {
  return pattern != Pattern::sameToken && pattern != Pattern::random && pattern != Pattern::links;
}

/// Distances to the targets; `first` has a fixed place instead.
std::vector<Target> shifts(Pattern pattern) {
  switch (pattern) {
    case Pattern::previous:
      return {{-1, 1.0}};
    case Pattern::next:
      return {{1, 1.0}};
    case Pattern::neighbours:
      return {{-1, 1.0}, {1, 1.0}};
    case Pattern::self:
      return {{0, 1.0}};
    case Pattern::links:
      return {{0, kFallback}};
    default:
      return {};
  }
}

/// Where position i looks, with what stands beside it; two targets need no company.
std::vector<Target> targets(Pattern pattern, std::int64_t i) {
  if (pattern == Pattern::first) return {{0, 1.0}, {1, kBeside}};
  std::vector<Target> list;
  const std::vector<Target> main = shifts(pattern);
  for (const auto& [shift, strength] : main) {
    list.push_back({i + shift, strength});
    if (main.size() > 1) continue;
    list.push_back({i + shift - 1, strength * kBeside});
    list.push_back({i + shift + 1, strength * kBeside});
  }
  return list;
}

/// W_Q of a head with a column for each position: position i → columns of its targets.
void addSharpQuery(const PatternPlan& plan, const KeySlots& slots, Pattern pattern, std::int64_t firstColumn,
                   Matrix& weight) {
  const PositionCodes codes(plan.layout.period);
  const CodeLayout& layout = plan.layout;
  const double scale = gain(plan) / static_cast<double>(layout.period);
  const std::int64_t columns = std::min(slots.position, layout.period);
  for (std::int64_t i = 0; i < layout.period; ++i) {
    for (const auto& [position, strength] : targets(pattern, i)) {
      if (position < 0 || position >= columns) continue;
      for (std::int64_t d = 0; d < layout.positionDims; ++d) {
        add(weight, d, firstColumn + position, scale * strength * codes(i, d));
      }
    }
  }
}

/// W_Q of a head with fewer columns: each frequency turned by the distance to the target.
void addBlurredQuery(const PatternPlan& plan, const KeySlots& slots, Pattern pattern,
                     std::int64_t firstColumn, Matrix& weight) {
  const std::vector<double> gains = bump(frequencies(plan, slots));
  const double scale = gain(plan);
  for (std::size_t index = 0; index < gains.size(); ++index) {
    const auto f = static_cast<std::int64_t>(index) + 1;
    const std::int64_t cosine = 2 * f - 1;
    const std::int64_t sine = 2 * f;
    const std::int64_t column = firstColumn + 2 * (f - 1);
    if (pattern == Pattern::first) {
      // The constant entry of X gives every query the code of position 0.
      add(weight, 0, column, scale * gains[index] * kRoot2);
      continue;
    }
    for (const auto& [shift, strength] : shifts(pattern)) {
      const SineCosine turn =
          sineOfTurn(static_cast<double>(f * shift) / static_cast<double>(plan.layout.period));
      const double g = scale * gains[index] * strength;
      add(weight, cosine, column, g * turn.cosine);
      add(weight, sine, column, -g * turn.sine);
      add(weight, cosine, column + 1, g * turn.sine);
      add(weight, sine, column + 1, g * turn.cosine);
    }
  }
}

void addPositionQuery(const PatternPlan& plan, const KeySlots& slots, Pattern pattern,
                      std::int64_t firstColumn, Matrix& weight) {
  if (slots.sharp) {
    addSharpQuery(plan, slots, pattern, firstColumn, weight);
  } else {
    addBlurredQuery(plan, slots, pattern, firstColumn, weight);
  }
}

void addPositionKey(const PatternPlan& plan, const KeySlots& slots, std::int64_t firstColumn,
                    Matrix& weight) {
  const CodeLayout& layout = plan.layout;
  const double scale = gain(plan);
  if (slots.sharp) {
    const PositionCodes codes(layout.period);
    const std::int64_t columns = std::min(slots.position, layout.period);
    for (std::int64_t j = 0; j < columns; ++j) {
      for (std::int64_t d = 0; d < layout.positionDims; ++d) {
        add(weight, d, firstColumn + j, scale * codes(j, d) / static_cast<double>(layout.period));
      }
    }
    return;
  }
  const std::vector<double> gains = bump(frequencies(plan, slots));
  for (std::size_t index = 0; index < gains.size(); ++index) {
    const auto f = static_cast<std::int64_t>(index) + 1;
    add(weight, 2 * f - 1, firstColumn + 2 * (f - 1), scale * gains[index]);
    add(weight, 2 * f, firstColumn + 2 * (f - 1) + 1, scale * gains[index]);
  }
}

/// Both sides: the token's phases as they are, to unit length.
void addToken(const PatternPlan& plan, const KeySlots& slots, std::int64_t firstColumn, Matrix& weight) {
  std::int64_t count = std::min(slots.token, plan.layout.tokenDims);
  // Half a phase would make some codes longer than others; an odd block ends in a sign.
  if (count % 2 == 1 && count < plan.layout.tokenDims) --count;
  for (std::int64_t d = 0; d < count; ++d) {
    add(weight, plan.layout.firstToken() + d, firstColumn + d,
        gain(plan) / std::sqrt(static_cast<double>(count)));
  }
}

std::int64_t indexOf(const std::vector<LinkEnd>& ends, const LinkEnd& end) {
  return std::find(ends.begin(), ends.end(), end) - ends.begin();
}

/// mark ⊗ what a key of these links shows.
void addMark(const PatternPlan& plan, const KeySlots& slots, std::int64_t mark, const LinkEnd& key,
             std::int64_t firstColumn, Matrix& weight) {
  const CodeLayout& layout = plan.layout;
  const std::vector<double> in = slotCode(mark, layout.marks(), layout.markDims);
  const std::vector<double> out =
      slotCode(indexOf(slots.keyEnds, key), static_cast<std::int64_t>(slots.keyEnds.size()), slots.marks);
  for (std::int64_t d = 0; d < layout.markDims; ++d) {
    for (std::int64_t c = 0; c < slots.marks; ++c) {
      const double value = in[static_cast<std::size_t>(d)] * out[static_cast<std::size_t>(c)];
      if (value != 0) add(weight, layout.firstMark() + d, firstColumn + c, gain(plan) * value);
    }
  }
}

KeySlots shareOut(const PatternPlan& plan, int group, std::int64_t keys) {
  KeySlots slots;
  const int perGroup = plan.sizes.heads / plan.sizes.kvHeads;
  std::int64_t position = 0;
  std::int64_t token = 0;
  for (int h = group * perGroup; h < (group + 1) * perGroup; ++h) {
    const PatternHead& head = plan.heads[static_cast<std::size_t>(h)];
    if (looksAtPositions(head.pattern)) position = 1;
    if (head.pattern == Pattern::sameToken) token = 1;
    if (head.pattern == Pattern::random) slots.randomHeads.push_back(h);
    for (const Link& link : head.links) {
      if (indexOf(slots.keyEnds, link[1]) == static_cast<std::int64_t>(slots.keyEnds.size())) {
        slots.keyEnds.push_back(link[1]);
      }
    }
  }
  const std::int64_t dK = plan.sizes.dK;
  const auto ends = static_cast<std::int64_t>(slots.keyEnds.size());
  const std::int64_t others = position + token + static_cast<std::int64_t>(slots.randomHeads.size());
  slots.marks = std::min(ends, others > 0 ? dK / 2 : dK);
  const std::int64_t rest = dK - slots.marks;
  if (others == 0) {
    slots.position = rest;  // what links leave over shows a position, for rows without a link
  } else {
    const std::int64_t share = even(rest / others);
    slots.token = token * share;
    slots.random = slots.randomHeads.empty() ? 0 : share;
    slots.position =
        position * (rest - slots.token - share * static_cast<std::int64_t>(slots.randomHeads.size()));
    if (position == 0 && token == 1) slots.token += rest - share * others;
    if (position == 0 && token == 0 && slots.randomHeads.size() == 1) slots.random = rest;
  }
  slots.firstPosition = slots.firstMark + slots.marks;
  slots.firstToken = slots.firstPosition + slots.position;
  slots.firstRandom = slots.firstToken + slots.token;
  slots.sharp = plan.layout.exact() && slots.position >= keys;
  return slots;
}

/// A random head's numbers are the generator's; its key columns are its own.
void addRandom(const PatternPlan& plan, const KeySlots& slots, int head, Generated matrix,
               std::int64_t firstColumn, Matrix& weight) {
  const auto place =
      std::find(slots.randomHeads.begin(), slots.randomHeads.end(), head) - slots.randomHeads.begin();
  generateHead(plan.seed, matrix, head, 1.0 / std::sqrt(static_cast<double>(plan.sizes.dModel)), slots.random,
               weight, firstColumn + slots.firstRandom + place * slots.random);
}

/// Turns a head's columns by two reflections at mirrors that the seed chooses (Householder): q·k stays what
/// it is, and its terms spread over all dimensions, as in a head that was learned.
void turn(const PatternPlan& plan, int group, std::int64_t firstColumn, Matrix& weight) {
  const auto width = static_cast<std::size_t>(plan.sizes.dK);
  std::vector<double> normal(width);
  for (std::uint64_t mirror = 0; mirror < 2; ++mirror) {
    double square = 0;
    for (std::size_t c = 0; c < width; ++c) {
      normal[c] = normalFromBits(randomBits(plan.seed, {static_cast<std::uint64_t>(Generated::mirror),
                                                        static_cast<std::uint64_t>(group), mirror, c}));
      square += normal[c] * normal[c];
    }
    for (std::int64_t row = 0; row < weight.rows(); ++row) {
      float* values = weight.row(row) + firstColumn;
      double along = 0;
      for (std::size_t c = 0; c < width; ++c) along += static_cast<double>(values[c]) * normal[c];
      for (std::size_t c = 0; c < width; ++c) {
        values[c] = static_cast<float>(static_cast<double>(values[c]) - 2 * along / square * normal[c]);
      }
    }
  }
}

}  // namespace

PatternPlan planPatterns(const Sizes& sizes, std::vector<PatternHead> list, double sharpness,
                         std::uint64_t seed) {
  PatternPlan plan;
  plan.sizes = sizes;
  plan.sharpness = sharpness;
  plan.seed = seed;
  plan.layout = codeLayout(sizes.dModel, std::max(sizes.queries, sizes.keys), list);
  for (int h = 0; h < sizes.heads; ++h) plan.heads.push_back(list[static_cast<std::size_t>(h) % list.size()]);
  for (int g = 0; g < sizes.kvHeads; ++g) plan.groups.push_back(shareOut(plan, g, sizes.keys));
  return plan;
}

Matrix patternQueryWeights(const PatternPlan& plan) {
  Matrix weight(plan.sizes.dModel, plan.sizes.heads * plan.sizes.dK);
  for (int h = 0; h < plan.sizes.heads; ++h) {
    const PatternHead& head = plan.heads[static_cast<std::size_t>(h)];
    const KeySlots& slots = plan.groups[static_cast<std::size_t>(plan.sizes.kvHeadOf(h))];
    const std::int64_t column = h * plan.sizes.dK;
    if (head.pattern == Pattern::sameToken) {
      addToken(plan, slots, column + slots.firstToken, weight);
    } else if (head.pattern == Pattern::random) {
      addRandom(plan, slots, h, Generated::wQ, column, weight);
    } else {
      addPositionQuery(plan, slots, head.pattern, column + slots.firstPosition, weight);
    }
    for (const Link& link : head.links) {
      addMark(plan, slots, indexOf(plan.layout.queryEnds, link[0]), link[1], column + slots.firstMark,
              weight);
    }
    turn(plan, plan.sizes.kvHeadOf(h), column, weight);
  }
  return weight;
}

Matrix patternKeyWeights(const PatternPlan& plan) {
  Matrix weight(plan.sizes.dModel, plan.sizes.kvHeads * plan.sizes.dK);
  const auto queryMarks = static_cast<std::int64_t>(plan.layout.queryEnds.size());
  for (int g = 0; g < plan.sizes.kvHeads; ++g) {
    const KeySlots& slots = plan.groups[static_cast<std::size_t>(g)];
    const std::int64_t column = g * plan.sizes.dK;
    addPositionKey(plan, slots, column + slots.firstPosition, weight);
    addToken(plan, slots, column + slots.firstToken, weight);
    for (const LinkEnd& end : slots.keyEnds) {
      addMark(plan, slots, queryMarks + indexOf(plan.layout.keyEnds, end), end, column + slots.firstMark,
              weight);
    }
    for (const int head : slots.randomHeads) addRandom(plan, slots, head, Generated::wK, column, weight);
    turn(plan, g, column, weight);
  }
  return weight;
}

}  // namespace headlight
