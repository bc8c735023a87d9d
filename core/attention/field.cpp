#include "core/attention/field.h"

#include "core/attention/field_blocks.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

std::int64_t length(const Run& run, Stage stage, Axis axis) {
  const Sizes& sizes = run.sizes;
  // Keys may be made of a sequence of another width than the queries.
  if (stage == Stage::memory)
    return axis == Axis::key ? run.inputs.memory->rows() : run.inputs.memory->cols();
  switch (axis) {
    case Axis::query:
      return sizes.queries;
    case Axis::key:
      return sizes.keys;
    case Axis::modelDim:
      return sizes.dModel;
    case Axis::keyDim:
      return sizes.dK;
    case Axis::valueDim:
      return sizes.dV;
    case Axis::concatDim:
      return sizes.heads * sizes.dV;
  }
  return 0;
}

void headBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target) {
  if (isMap(stage)) {
    mapBlock(run, stage, head, range, target);
  } else {
    matrixBlock(run, stage, head, range, target);
  }
}

/// The class of a mean over heads where they differ: masked where every head is.
std::uint8_t joined(std::uint8_t a, std::uint8_t b) {
  return a == b ? a : static_cast<std::uint8_t>(CellClass::partlyMasked);
}

/// The mean over the query heads, summed in double; −∞ where any head drops the pair of `masked`.
void meanBlock(const Run& run, Stage stage, const BlockRange& range, const BlockTarget& target) {
  std::vector<double> sums;
  std::vector<float> values;
  std::vector<std::uint8_t> headClasses;
  forEachPiece(range, [&](const BlockRange& piece) {
    const std::int64_t cols = piece.c1 - piece.c0;
    const std::int64_t at = (piece.r0 - range.r0) * target.stride + (piece.c0 - range.c0);
    const BlockTarget into = target.from(at);
    sums.assign(static_cast<std::size_t>((piece.r1 - piece.r0) * cols), 0.0);
    values.resize(sums.size());
    headBlock(run, stage, 0, piece, into);
    const bool classes = into.classes != nullptr && run.mask->perHead() && showsMask(stage);
    if (classes) headClasses.resize(values.size());
    for (int head = 0; head < run.sizes.heads; ++head) {
      headBlock(run, stage, head, piece, {values.data(), classes ? headClasses.data() : nullptr, cols});
      for (std::int64_t r = 0; classes && r < piece.r1 - piece.r0; ++r) {
        std::uint8_t* out = into.classRow(r);
        for (std::int64_t c = 0; c < cols; ++c) {
          out[c] = joined(out[c], headClasses[static_cast<std::size_t>(r * cols + c)]);
        }
      }
      for (std::size_t n = 0; n < sums.size(); ++n) sums[n] += static_cast<double>(values[n]);
    }
    for (std::int64_t r = 0; r < piece.r1 - piece.r0; ++r) {
      float* out = into.row(r);
      const double* sum = sums.data() + r * cols;
      for (std::int64_t c = 0; c < cols; ++c) out[c] = static_cast<float>(sum[c] / run.sizes.heads);
    }
  });
}

}  // namespace

Result<Field> Field::make(std::shared_ptr<const Run> run, Stage stage, int head) {
  const StageInfo& stageInfo = info(stage);
  if (!run->has(stage)) {
    return Error{ErrorCode::invalid,
                 "the stage " + std::string(stageInfo.id) + " is absent: " + absence(*run, stage), "", ""};
  }
  if (isGradient(stage) && !run->gradients) {
    return Error{
        ErrorCode::failed,
        "the run was evaluated without its gradients, so there is no " + std::string(stageInfo.id) + " in it",
        "", ""};
  }
  if (stage >= Stage::headOutput && stage <= Stage::output && !run->outputs) {
    return Error{
        ErrorCode::failed,
        "the run was evaluated without its outputs, so there is no " + std::string(stageInfo.id) + " in it",
        "", ""};
  }
  const int heads = run->sizes.heads;
  if (stageInfo.perHead && head != kMeanHead && (head < 0 || head >= heads)) {
    return Error{ErrorCode::invalid,
                 "found head " + std::to_string(head) + ", accepted are 0 to " + std::to_string(heads - 1) +
                     " and the mean",
                 "", ""};
  }
  Field field;
  field.stage_ = stage;
  field.head_ = stageInfo.perHead ? head : 0;
  field.rows_ = length(*run, stage, stageInfo.rows);
  field.cols_ = length(*run, stage, stageInfo.cols);
  field.run_ = std::move(run);
  return field;
}

std::uint64_t Field::key() const {
  return KeyHash().add(run_->key(stage_)).add(static_cast<std::uint64_t>(std::int64_t{head_} + 1)).key();
}

float Field::cell(std::int64_t i, std::int64_t j) const {
  return cellAt(*this, i, j).value;
}

CellClass Field::cellClass(std::int64_t i, std::int64_t j) const {
  return cellAt(*this, i, j).kind;
}

void Field::block(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
                  std::uint8_t* classes, std::int64_t stride) const {
  const BlockRange range{r0, r1, c0, c1};
  const BlockTarget target{values, classes, stride};
  if (head_ == kMeanHead) {
    meanBlock(*run_, stage_, range, target);
  } else {
    headBlock(*run_, stage_, head_, range, target);
  }
}

}  // namespace headlight
