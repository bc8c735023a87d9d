#include "core/analysis/head_contribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/field.h"
#include "core/attention/merge.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

double product(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n) sum += static_cast<double>(a[n]) * static_cast<double>(b[n]);
  return sum;
}
double length(const std::vector<float>& a) {
  return std::sqrt(product(a, a));
}

std::vector<float> rowOf(const Field& field, std::int64_t row) {
  std::vector<float> values(static_cast<std::size_t>(field.cols()));
  field.row(row, values.data());
  return values;
}

/// Largest |Σ parts − y|; NaN where a number is.
double largestDifference(const HeadContributions& of) {
  double largest = 0;
  for (std::size_t c = 0; c < of.output.size(); ++c) {
    double sum = of.bias.empty() ? 0.0 : static_cast<double>(of.bias[c]);
    for (const HeadPart& part : of.heads) sum += static_cast<double>(part.contribution[c]);
    const double difference = std::abs(sum - static_cast<double>(of.output[c]));
    if (std::isnan(difference)) return difference;
    largest = std::max(largest, difference);
  }
  return largest;
}

void addShares(HeadContributions& of) {
  const double square = product(of.output, of.output);
  if (!(square > 0) || !std::isfinite(square)) return;
  for (HeadPart& part : of.heads) {
    part.share = product(part.contribution, of.output) / square;
    of.shareSum += *part.share;
  }
  if (of.bias.empty()) return;
  of.biasShare = product(of.bias, of.output) / square;
  of.shareSum += *of.biasShare;
}

/// W Wᵀ of the rows of W_O that a head has, [d_v, d_v].
std::vector<double> gramOf(const Matrix& weight, const MergeRows& rows, std::int64_t dV) {
  std::vector<double> gram(static_cast<std::size_t>(dV * dV));
  const double factor = static_cast<double>(rows.factor) * static_cast<double>(rows.factor);
  for (std::int64_t a = 0; a < dV; ++a) {
    const float* left = weight.row(rows.first + a);
    for (std::int64_t b = 0; b <= a; ++b) {
      const float* right = weight.row(rows.first + b);
      double sum = 0;
      for (std::int64_t c = 0; c < weight.cols(); ++c) {
        sum += static_cast<double>(left[c]) * static_cast<double>(right[c]);
      }
      gram[static_cast<std::size_t>(a * dV + b)] = gram[static_cast<std::size_t>(b * dV + a)] = sum * factor;
    }
  }
  return gram;
}

/// ‖z W‖ of rows [r0, r1) of a head.
void lengthsOfHead(const Run& run, int head, std::int64_t r0, std::int64_t r1, float* lengths) {
  const Matrix& outputs = run.outputs->headOutput[static_cast<std::size_t>(head)];
  const std::int64_t dV = run.sizes.dV;
  const MergeRows rows = mergeRows(run.rules.mistake, head, run.sizes.heads, dV);
  const std::vector<double> gram = gramOf(run.inputs.wO->weight, rows, dV);
  for (std::int64_t r = r0; r < r1; ++r) {
    const float* z = outputs.row(r);
    double square = 0;
    for (std::int64_t a = 0; a < dV; ++a) {
      const double* row = gram.data() + a * dV;
      double sum = 0;
      for (std::int64_t b = 0; b < dV; ++b) sum += row[b] * static_cast<double>(z[b]);
      square += sum * static_cast<double>(z[a]);
    }
    lengths[r - r0] = static_cast<float>(std::sqrt(square < 0 ? 0 : square));
  }
}

}  // namespace

Result<HeadContributions> headContributions(const std::shared_ptr<const Run>& run, std::int64_t query) {
  const Result<Field> output = Field::make(run, Stage::output, 0);
  if (!output) return output.error();
  if (query < 0 || query >= output->rows()) {
    return Error{
        ErrorCode::invalid,
        "found query " + std::to_string(query) + ", accepted are 0 to " + std::to_string(output->rows() - 1),
        "", ""};
  }
  HeadContributions out;
  out.query = query;
  out.output = rowOf(*output, query);
  out.outputLength = length(out.output);
  const AlignedFloats& bias = run->inputs.wO->bias;
  out.bias.assign(bias.begin(), bias.end());
  out.biasLength = length(out.bias);
  for (int head = 0; head < run->sizes.heads; ++head) {
    const Result<Field> z = Field::make(run, Stage::headOutput, head);
    if (!z) return z.error();
    const Result<Field> written = Field::make(run, Stage::contribution, head);
    if (!written) return written.error();
    HeadPart part;
    part.head = head;
    part.ablated = run->ablated[static_cast<std::size_t>(head)];
    part.headOutput = rowOf(*z, query);
    part.contribution = rowOf(*written, query);
    part.headOutputLength = length(part.headOutput);
    part.length = length(part.contribution);
    out.heads.push_back(std::move(part));
  }
  addShares(out);
  out.largestDifference = largestDifference(out);
  return out;
}

Result<ContributionLengths> contributionLengths(const std::shared_ptr<const Run>& run, std::int64_t begin,
                                                std::int64_t end, ThreadPool& pool, const Cancel& cancel) {
  const Result<Field> field = Field::make(run, Stage::contribution, 0);
  if (!field) return field.error();
  begin = std::clamp<std::int64_t>(begin, 0, run->sizes.queries);
  end = std::clamp<std::int64_t>(end, begin, run->sizes.queries);
  if (end - begin > kMostLengthRows) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(end - begin) + " queries, accepted are at most " +
                     std::to_string(kMostLengthRows),
                 "", ""};
  }
  const std::int64_t queries = end - begin;
  ContributionLengths out;
  out.firstQuery = begin;
  out.queries = queries;
  out.lengths.assign(static_cast<std::size_t>(run->sizes.heads * queries), 0.0f);
  const auto task = [&](std::int64_t head) {
    // 0 · NaN is NaN: a head that is switched off is left out, whatever W_O holds.
    if (run->ablated[static_cast<std::size_t>(head)]) return;
    lengthsOfHead(*run, static_cast<int>(head), begin, end, out.lengths.data() + head * queries);
  };
  const auto dV = static_cast<double>(run->sizes.dV);
  const double flop = 2.0 * run->sizes.heads * dV * dV * static_cast<double>(run->sizes.dModel + queries);
  if (!forEachTask(pool, flop, run->sizes.heads, task, cancel)) return cancelledError();
  for (const float length : out.lengths) {
    if (std::isfinite(length)) out.largest = std::max(out.largest, length);
  }
  return out;
}

}  // namespace headlight
