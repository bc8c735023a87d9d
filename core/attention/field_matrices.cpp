#include "core/attention/field_blocks.h"
#include "core/attention/merge.h"

namespace headlight {
namespace {

const Matrix& matrixOf(const Run& run, Stage stage, int head) {
  const auto h = static_cast<std::size_t>(head);
  const auto kv = static_cast<std::size_t>(run.sizes.kvHeadOf(head));
  switch (stage) {
    case Stage::input:
      return *run.inputs.x;
    case Stage::memory:
      return *run.inputs.memory;
    case Stage::q:
      return run.projected->q[h];
    case Stage::k:
      return run.projected->k[kv];
    case Stage::v:
      return run.projected->v[kv];
    case Stage::headOutput:
      return run.outputs->headOutput[h];
    case Stage::gradQ:
      return run.gradients->q[h];
    case Stage::gradK:
      return run.gradients->k[kv];
    case Stage::gradV:
      return run.gradients->v[kv];
    default:
      return run.outputs->output;
  }
}

/// Columns [c0, c1) of the heads side by side: column c is column c mod d_v of head c ÷ d_v.
void concatRow(const Run& run, std::int64_t row, std::int64_t c0, std::int64_t c1, float* out) {
  const std::int64_t dV = run.sizes.dV;
  for (std::int64_t c = c0; c < c1;) {
    const std::int64_t head = c / dV;
    const std::int64_t end = std::min(c1, (head + 1) * dV);
    const float* z = run.outputs->headOutput[static_cast<std::size_t>(head)].row(row);
    out = std::copy(z + (c - head * dV), z + (end - head * dV), out);
    c = end;
  }
}

void contributionRow(const Run& run, int head, std::int64_t row, std::int64_t c0, std::int64_t c1,
                     float* out) {
  const auto h = static_cast<std::size_t>(head);
  if (run.ablated[h]) {
    std::fill(out, out + (c1 - c0), 0.0f);
  } else {
    const MergeRows rows = mergeRows(run.rules.mistake, head, run.sizes.heads, run.sizes.dV);
    contribution(run.outputs->headOutput[h], *run.inputs.wO, rows, row, c0, c1, out);
  }
}

}  // namespace

void matrixBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target) {
  for (std::int64_t i = range.r0; i < range.r1; ++i) {
    float* out = target.row(i - range.r0);
    if (stage == Stage::concat) {
      concatRow(run, i, range.c0, range.c1, out);
    } else if (stage == Stage::contribution) {
      contributionRow(run, head, i, range.c0, range.c1, out);
    } else {
      const float* row = matrixOf(run, stage, head).row(i);
      std::copy(row + range.c0, row + range.c1, out);
    }
    if (std::uint8_t* classes = target.classRow(i - range.r0)) {
      std::fill_n(classes, range.c1 - range.c0, static_cast<std::uint8_t>(CellClass::value));
    }
  }
}

}  // namespace headlight
