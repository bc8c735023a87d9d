#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/convex_hull.h"
#include "core/analysis/head_contribution.h"
#include "core/analysis/same_output.h"
#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

// How far outside of the hull, 0 within.
double outside(const PlanePoint& point, const std::vector<PlanePoint>& hull) {
  double farthest = 0;
  for (std::size_t n = 0; n < hull.size(); ++n) {
    const PlanePoint& a = hull[n];
    const PlanePoint& b = hull[(n + 1) % hull.size()];
    const double length = std::hypot(b[0] - a[0], b[1] - a[1]);
    if (length > 0) farthest = std::max(farthest, -turnOf(a, b, point) / length);
    if (hull.size() == 2) farthest = std::max(farthest, std::abs(turnOf(a, b, point)) / length);
  }
  if (hull.size() == 1) return std::hypot(point[0] - hull[0][0], point[1] - hull[0][1]);
  return farthest;
}

Result<double> outsideValues(const QuantityInput& input) {
  const auto output = fieldOf(input, Stage::headOutput);
  if (!output) return output.error();
  if (output->cols() != 2)
    return badQuantity("found d_v " + std::to_string(output->cols()) + ", accepted is 2");
  const auto query = indexOf(input, "query", output->rows());
  if (!query) return query.error();
  const auto values = fieldOf(input.state, Stage::v, input.run().sizes.kvHeadOf(input.head()));
  if (!values) return values.error();
  std::vector<PlanePoint> points;
  for (std::int64_t j = 0; j < values->rows(); ++j)
    points.push_back({values->cell(j, 0), values->cell(j, 1)});
  return outside({output->cell(*query, 0), output->cell(*query, 1)}, convexHull(std::move(points)));
}

Result<double> headsSumError(const QuantityInput& input) {
  double largest = 0;
  for (std::int64_t i = 0; i < input.run().sizes.queries; ++i) {
    const auto parts = headContributions(input.state->run, i);
    if (!parts) return parts.error();
    largest = parts->largestDifference <= largest ? largest : parts->largestDifference;
  }
  return largest;
}

Result<double> parameterCount(const QuantityInput& input) {
  const Sizes& s = input.run().sizes;
  const auto dModel = static_cast<double>(s.dModel);
  const double heads = s.heads;
  const double kvHeads = s.kvHeads;
  return dModel * heads * static_cast<double>(s.dK) + dModel * kvHeads * static_cast<double>(s.dK + s.dV) +
         heads * static_cast<double>(s.dV) * dModel;
}

Result<double> scoreCells(const QuantityInput& input) {
  const Sizes& s = input.run().sizes;
  return static_cast<double>(s.heads) * static_cast<double>(s.queries) * static_cast<double>(s.keys);
}

Result<double> scoreBytes(const QuantityInput& input) {
  return *scoreCells(input) * 4;
}

Result<double> outputWidth(const QuantityInput& input) {
  const auto field = fieldOf(input.state, Stage::concat, 0);
  if (!field) return field.error();
  return static_cast<double>(field->cols());
}

Result<double> jacobianNorm(const QuantityInput& input) {
  const Run& run = input.run();
  if (!run.gradients || input.head() >= run.sizes.heads) return badQuantity(absence(run, Stage::gradScores));
  double sum = 0;
  double count = 0;
  for (const CountedRow& row : countedRows(run, input.head(), 2)) {
    sum += run.gradients
               ->jacobianNorm[static_cast<std::size_t>(input.head())][static_cast<std::size_t>(row.row)];
    count += 1;
  }
  if (count == 0) return badQuantity("no row keeps two keys");
  return sum / count;
}

Result<SameOutput> alternative(const QuantityInput& input) {
  const auto weights = fieldOf(input, Stage::weights);
  if (!weights) return weights.error();
  const auto row = rowOf(input, *weights, "query");
  if (!row) return row.error();
  if (!input.run().has(Stage::v)) return badQuantity(absence(input.run(), Stage::v));
  return sameOutputWeights(
      *row, input.run().projected->v[static_cast<std::size_t>(input.run().sizes.kvHeadOf(input.head()))]);
}

Result<double> alternativeDistance(const QuantityInput& input) {
  const auto found = alternative(input);
  if (!found) return found.error();
  return found->distance;
}

Result<double> alternativeOutputChange(const QuantityInput& input) {
  const auto found = alternative(input);
  if (!found) return found.error();
  return found->outputChange;
}

}  // namespace

std::vector<QuantityInfo> outputQuantities() {
  const KeySpec query = indexKey("query", "the query");
  return {
      {{"outside_values",
        "distance of the output from the values' hull",
        "0 where the head's output lies within the convex hull of its values (d_v = 2)",
        {headKey(), query}},
       1,
       false,
       outsideValues},
      {{"heads_sum_error",
        "glued and projected, or projected and added",
        "largest |concat · W_O + b_O − Σ_h z_h W_O^h − b_O|",
        {}},
       1,
       false,
       headsSumError},
      {{"parameters", "parameters", "numbers in W_Q, W_K, W_V and W_O", {}}, 1, false, parameterCount},
      {{"score_cells", "score cells", "H · Tq · Tk", {}}, 1, false, scoreCells, true},
      {{"score_bytes", "bytes of the scores", "4 · H · Tq · Tk, in float32", {}}, 1, false, scoreBytes, true},
      {{"concat_width", "width of the heads side by side", "columns of concat", {}}, 1, false, outputWidth},
      {{"jacobian_norm",
        "norm of the softmax Jacobian",
        "‖∂weights ÷ ∂masked‖ (Frobenius), mean over rows that keep two keys",
        {headKey()}},
       1,
       true,
       jacobianNorm},
      {{"alternative_distance",
        "distance to other weights with the same output",
        "total variation, ½ Σ_j |a′_j − a_j|",
        {headKey(), query}},
       1,
       false,
       alternativeDistance},
      {{"alternative_output_change",
        "change of the output by those weights",
        "largest |Σ_j (a′_j − a_j) v_j|",
        {headKey(), query}},
       1,
       false,
       alternativeOutputChange},
  };
}

}  // namespace headlight
