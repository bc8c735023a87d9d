#include "core/analysis/same_output.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/eigen.h"

namespace headlight {
namespace {

constexpr std::int64_t kMostKeys = 512;

double distanceOf(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return 0.5 * (a - b).lpNorm<1>();
}

// From `at` along `direction` until the first weight is 0.
Eigen::VectorXd walked(const Eigen::VectorXd& at, const Eigen::VectorXd& direction) {
  double far = std::numeric_limits<double>::infinity();
  for (Eigen::Index j = 0; j < at.size(); ++j) {
    if (direction[j] < -1e-12) far = std::min(far, at[j] / -direction[j]);
  }
  return std::isfinite(far) ? Eigen::VectorXd((at + far * direction).cwiseMax(0.0)) : at;
}

}  // namespace

Result<SameOutput> sameOutputWeights(std::span<const float> weights, const Matrix& values) {
  const auto keys = static_cast<Eigen::Index>(weights.size());
  const Eigen::Index depth = values.cols();
  if (values.rows() != keys) {
    return Error{
        ErrorCode::invalid,
        "found " + std::to_string(values.rows()) + " values for " + std::to_string(keys) + " weights", "",
        ""};
  }
  if (keys > kMostKeys) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(keys) + " keys, accepted are up to " + std::to_string(kMostKeys),
                 "", ""};
  }
  Eigen::VectorXd a(keys);
  Eigen::MatrixXd bound(depth + 1, keys);
  for (Eigen::Index j = 0; j < keys; ++j) {
    a[j] = weights[static_cast<std::size_t>(j)];
    for (Eigen::Index c = 0; c < depth; ++c) bound(c, j) = values(j, c);
    bound(depth, j) = 1;
  }
  if (!a.allFinite() || !bound.allFinite()) {
    return Error{ErrorCode::invalid, "a weight or a value is not finite", "", ""};
  }
  Eigen::VectorXd best = a;
  const Eigen::FullPivLU<Eigen::MatrixXd> lu(bound);
  if (lu.dimensionOfKernel() > 0 && (a.array() >= 0).all()) {
    const Eigen::MatrixXd kernel = lu.kernel();
    // Every further walk may only lead farther away from the given weights.
    for (int round = 0; round < 4; ++round) {
      for (Eigen::Index c = 0; c < kernel.cols(); ++c) {
        for (const double sign : {1.0, -1.0}) {
          const Eigen::VectorXd next = walked(best, sign * kernel.col(c));
          if (distanceOf(next, a) > distanceOf(best, a)) best = next;
        }
      }
    }
  }
  SameOutput found;
  found.weights.assign(best.data(), best.data() + keys);
  found.distance = distanceOf(best, a);
  if (depth > 0) found.outputChange = (bound.topRows(depth) * (best - a)).lpNorm<Eigen::Infinity>();
  return found;
}

}  // namespace headlight
