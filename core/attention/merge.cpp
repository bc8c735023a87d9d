#include "core/attention/merge.h"

#include "core/attention/work.h"
#include "core/base/eigen.h"

namespace headlight {
namespace {

constexpr std::int64_t kRowBlock = 64;

}  // namespace

std::shared_ptr<const Outputs> merge(const Heads& mixed, const std::vector<bool>& ablated,
                                     const Caused<Linear>& wO, ThreadPool& pool, const Cancel& cancel) {
  auto out = std::make_shared<Outputs>();
  out->headOutput.reserve(mixed.size());
  for (std::size_t h = 0; h < mixed.size(); ++h) {
    out->headOutput.push_back(ablated[h] ? Matrix(mixed[h].rows(), mixed[h].cols()) : mixed[h]);
  }
  if (!wO) return out;
  const std::int64_t rows = mixed.front().rows();
  const std::int64_t dV = mixed.front().cols();
  out->output = Matrix(rows, wO->weight.cols());
  const ConstMap W = asEigen(wO->weight);
  const auto task = [&](std::int64_t block) {
    const std::int64_t first = block * kRowBlock;
    const std::int64_t count = std::min(kRowBlock, rows - first);
    auto Y = asEigen(out->output).middleRows(first, count);
    for (std::size_t h = 0; h < mixed.size(); ++h) {
      // 0 · NaN is NaN: a head that is switched off is left out, whatever W_O holds.
      if (ablated[h]) continue;
      const auto Z = asEigen(out->headOutput[h]).middleRows(first, count);
      Y.noalias() += Z * W.middleRows(static_cast<std::int64_t>(h) * dV, dV);
    }
    if (wO->bias.empty()) return;
    Y.rowwise() += Eigen::Map<const EigenRow>(wO->bias.data(), W.cols());
  };
  const double flop = 2.0 * static_cast<double>(rows) * static_cast<double>(W.size());
  if (!forEachTask(pool, flop, (rows + kRowBlock - 1) / kRowBlock, task, cancel)) return nullptr;
  return out;
}

void contribution(const Matrix& headOutput, const Linear& wO, int head, std::int64_t row, std::int64_t c0,
                  std::int64_t c1, float* out) {
  const float* z = headOutput.row(row);
  std::fill(out, out + (c1 - c0), 0.0f);
  for (std::int64_t e = 0; e < headOutput.cols(); ++e) {
    const float* w = wO.weight.row(head * headOutput.cols() + e) + c0;
    for (std::int64_t c = 0; c < c1 - c0; ++c) out[c] += z[e] * w[c];
  }
}

}  // namespace headlight
