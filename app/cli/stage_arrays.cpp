#include "app/cli/stage_arrays.h"

#include <algorithm>

#include "app/cli/reference_arrays.h"
#include "core/attention/field.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// Elements that are made at once: 32 MiB of doubles.
constexpr std::int64_t kPiece = std::int64_t{1} << 22;

using Block = std::array<std::int64_t, 4>;  ///< r0, r1, c0, c1

double quantityOf(const RowNumbers& row, RowQuantity quantity) {
  switch (quantity) {
    case RowQuantity::rowMax:
      return static_cast<double>(row.maximum);
    case RowQuantity::lse:
      return static_cast<double>(row.lse);
    case RowQuantity::entropy:
      return static_cast<double>(row.entropy);
    case RowQuantity::effectiveKeys:
      return static_cast<double>(row.effectiveKeys);
    case RowQuantity::threshold:
      return static_cast<double>(row.threshold);
    case RowQuantity::keptKeys:
    case RowQuantity::jacobianNorm:
      break;
  }
  return static_cast<double>(row.keptKeys);
}

/// Cells of a field, float → double.
void readField(const Field& field, const Block& block, double* out) {
  const auto [r0, r1, c0, c1] = block;
  std::vector<float> values(static_cast<std::size_t>((r1 - r0) * (c1 - c0)));
  field.block(r0, r1, c0, c1, values.data(), nullptr, c1 - c0);
  std::copy(values.begin(), values.end(), out);
}

/// A stage of the query heads, or without a head axis, by its Fields.
Result<StageArray> fieldArray(const std::shared_ptr<const Run>& run, Stage stage,
                              const std::vector<int>& heads, const StageSelection& selection) {
  std::vector<Field> fields;
  for (const int head : info(stage).perHead ? heads : std::vector<int>{0}) {
    Result<Field> field = Field::make(run, stage, head);
    if (!field) return field.error();
    fields.push_back(std::move(*field));
  }
  Block block{0, fields.front().rows(), 0, fields.front().cols()};
  if (isMap(stage)) {
    const auto cut = [](const std::optional<IndexSpan>& span, std::int64_t& begin, std::int64_t& end) {
      if (!span) return;
      begin = span->begin;
      if (span->end) end = *span->end;
    };
    cut(selection.rows, block[0], block[1]);
    cut(selection.cols, block[2], block[3]);
  }
  StageArray array;
  array.name = info(stage).id;
  array.stage = stage;
  array.firstRow = block[0];
  array.firstCol = block[2];
  const std::int64_t rows = block[1] - block[0];
  const std::int64_t cols = block[3] - block[2];
  if (info(stage).perHead) {
    array.shape.push_back(static_cast<std::int64_t>(fields.size()));
    array.heads = heads;
  }
  array.shape.insert(array.shape.end(), {rows, cols});
  array.read = [fields = std::move(fields), block, rows, cols](std::int64_t begin, std::int64_t end,
                                                               double* out) {
    while (begin < end) {
      const std::int64_t head = begin / rows;
      const std::int64_t stop = std::min(end, (head + 1) * rows);
      const std::int64_t first = begin - head * rows + block[0];
      readField(fields[static_cast<std::size_t>(head)], {first, first + stop - begin, block[2], block[3]},
                out);
      out += (stop - begin) * cols;
      begin = stop;
    }
  };
  return array;
}

/// Stages of the key-value heads, which stay whole.
bool isOfKeys(Stage stage) {
  return stage == Stage::k || stage == Stage::v || stage == Stage::gradK || stage == Stage::gradV;
}

const Heads& keyMatrices(const Run& run, Stage stage) {
  switch (stage) {
    case Stage::k:
      return run.projected->k.all();
    case Stage::gradK:
      return run.gradients->k;
    case Stage::gradV:
      return run.gradients->v;
    default:
      return run.projected->v.all();
  }
}

StageArray keyArray(const std::shared_ptr<const Run>& run, Stage stage) {
  const Heads& matrices = keyMatrices(*run, stage);
  StageArray array;
  array.name = info(stage).id;
  array.stage = stage;
  const std::int64_t rows = matrices.front().rows();
  const std::int64_t cols = matrices.front().cols();
  array.shape = {static_cast<std::int64_t>(matrices.size()), rows, cols};
  for (std::size_t h = 0; h < matrices.size(); ++h) array.heads.push_back(static_cast<int>(h));
  array.read = [run, &matrices, rows, cols](std::int64_t begin, std::int64_t end, double* out) {
    for (std::int64_t at = begin; at < end; ++at, out += cols) {
      const float* row = matrices[static_cast<std::size_t>(at / rows)].row(at % rows);
      std::copy(row, row + cols, out);
    }
  };
  return array;
}

StageArray quantityArray(const std::shared_ptr<const Run>& run, const RowQuantityInfo& quantity,
                         const std::vector<int>& heads) {
  StageArray array;
  array.name = quantity.id;
  array.heads = heads;
  array.shape = {static_cast<std::int64_t>(heads.size()), run->sizes.queries};
  array.read = [run, heads, which = quantity.quantity](std::int64_t begin, std::int64_t end, double* out) {
    const std::vector<HeadStatistics>& all = run->statistics->heads;
    const auto numberOf = [&](std::size_t head, std::size_t row) {
      if (which == RowQuantity::jacobianNorm)
        return static_cast<double>(run->gradients->jacobianNorm[head][row]);
      return quantityOf(all[head].rows[row], which);
    };
    for (std::int64_t at = begin; at < end; ++at) {
      const int head = heads[static_cast<std::size_t>(at)];
      for (std::int64_t i = 0; i < run->sizes.queries; ++i, ++out) {
        const auto row = static_cast<std::size_t>(i);
        if (head != kMeanHead) {
          *out = numberOf(static_cast<std::size_t>(head), row);
          continue;
        }
        *out = 0;
        for (std::size_t one = 0; one < all.size(); ++one) *out += numberOf(one, row);
        *out /= static_cast<double>(all.size());
      }
    }
  };
  return array;
}

Status checkSpan(std::string_view option, const std::optional<IndexSpan>& span, std::int64_t length) {
  if (!span) return {};
  if (span->begin < length && span->end.value_or(length) <= length) return {};
  return Error{ErrorCode::usage,
               "reaches beyond the axis, which has " + std::to_string(length) + " places",
               std::string(option),
               {}};
}

}  // namespace

std::int64_t StageArray::rowCount() const {
  std::int64_t rows = 1;
  for (std::size_t axis = 0; axis + 1 < shape.size(); ++axis) rows *= shape[axis];
  return rows;
}

Result<std::vector<int>> readHeads(const std::vector<std::string>& words, bool* all) {
  std::vector<int> heads;
  for (const std::string& word : words) {
    if (word == "mean") {
      heads.push_back(kMeanHead);
    } else if (word == "all" && all != nullptr) {
      *all = true;
    } else if (const auto number = parseInteger(word); number && *number >= 0 && *number < 1024) {
      heads.push_back(static_cast<int>(*number));
    } else {
      return Error{ErrorCode::usage,
                   "found \"" + word + "\", accepted are the numbers of heads, counted from 0, " +
                       (all != nullptr ? "mean or all" : "or mean"),
                   "--head",
                   {}};
    }
  }
  return heads;
}

Result<StageSelection> readStageSelection(const std::vector<std::string>& stageWords,
                                          const std::vector<std::string>& headWords,
                                          const std::optional<std::string>& rows,
                                          const std::optional<std::string>& cols) {
  StageSelection selection;
  std::vector<std::string> known;
  for (const StageInfo& stage : stages()) known.emplace_back(stage.id);
  for (const RowQuantityInfo& quantity : rowQuantities()) known.emplace_back(quantity.id);
  for (const std::string& word : stageWords) {
    if (std::find(known.begin(), known.end(), word) == known.end())
      return unknownWord("--stage", word, known);
    selection.names.push_back(word);
  }
  Result<std::vector<int>> heads = readHeads(headWords);
  if (!heads) return heads.error();
  selection.heads = std::move(*heads);
  const bool mean =
      std::find(selection.heads.begin(), selection.heads.end(), kMeanHead) != selection.heads.end();
  if (mean && selection.heads.size() > 1) {
    return Error{ErrorCode::usage, "mean stands alone, not beside single heads", "--head", {}};
  }
  const auto readSpan = [](std::string_view option, const std::optional<std::string>& text,
                           std::optional<IndexSpan>& span) -> Status {
    if (!text) return {};
    Result<IndexSpan> read = readIndexSpan(option, *text);
    if (!read) return read.error();
    span = *read;
    return {};
  };
  if (Status status = readSpan("--rows", rows, selection.rows); !status) return status.error();
  if (Status status = readSpan("--cols", cols, selection.cols); !status) return status.error();
  return selection;
}

Status checkSelection(const Sizes& sizes, const StageSelection& selection) {
  for (const int head : selection.heads) {
    if (head < sizes.heads) continue;
    return Error{ErrorCode::usage,
                 "head " + std::to_string(head) + " does not exist; heads count from 0 to " +
                     std::to_string(sizes.heads - 1),
                 "--head",
                 {}};
  }
  if (Status status = checkSpan("--rows", selection.rows, sizes.queries); !status) return status;
  return checkSpan("--cols", selection.cols, sizes.keys);
}

Result<std::vector<StageArray>> stageArrays(const std::shared_ptr<const Run>& run,
                                            const StageSelection& selection,
                                            const ReferenceArrays* reference) {
  if (Status status = checkSelection(run->sizes, selection); !status) return status.error();
  std::vector<int> heads = selection.heads;
  if (heads.empty()) {
    for (int h = 0; h < run->sizes.heads; ++h) heads.push_back(h);
  }
  const auto wanted = [&](std::string_view name) {
    return std::find(selection.names.begin(), selection.names.end(), name) != selection.names.end();
  };
  std::vector<StageArray> arrays;
  for (const StageInfo& stage : stages()) {
    if (selection.names.empty() ? isGradient(stage.stage) : !wanted(stage.id)) continue;
    if (!run->has(stage.stage)) {
      if (selection.names.empty()) continue;
      return Error{ErrorCode::invalid,
                   std::string(stage.id) + " is absent: " + absence(*run, stage.stage),
                   "--stage",
                   {}};
    }
    if (isOfKeys(stage.stage)) {
      arrays.push_back(keyArray(run, stage.stage));
    } else {
      Result<StageArray> array = fieldArray(run, stage.stage, heads, selection);
      if (!array) return array.error();
      arrays.push_back(std::move(*array));
    }
  }
  for (const RowQuantityInfo& quantity : rowQuantities()) {
    const bool named = wanted(quantity.id);
    const bool gradient = quantity.quantity == RowQuantity::jacobianNorm;
    if (selection.names.empty() ? gradient || !run->has(quantity.quantity) : !named) continue;
    if (!run->has(quantity.quantity)) {
      return Error{ErrorCode::invalid,
                   std::string(quantity.id) + " is absent: " + absence(*run, quantity.quantity),
                   "--stage",
                   {}};
    }
    arrays.push_back(quantityArray(run, quantity, heads));
  }
  if (reference != nullptr) {
    for (StageArray& array : arrays) reference->serve(array);
  }
  return arrays;
}

std::vector<StageArray> batched(std::vector<std::vector<StageArray>> elements) {
  std::vector<StageArray> arrays;
  for (std::size_t n = 0; n < elements.front().size(); ++n) {
    StageArray array = elements.front()[n];
    std::vector<StageArray> parts;
    parts.reserve(elements.size());
    for (std::vector<StageArray>& element : elements) parts.push_back(std::move(element[n]));
    array.shape.insert(array.shape.begin(), static_cast<std::int64_t>(parts.size()));
    const std::int64_t rows = parts.front().rowCount();
    const std::int64_t length = parts.front().rowLength();
    array.read = [parts = std::move(parts), rows, length](std::int64_t begin, std::int64_t end, double* out) {
      while (begin < end) {
        const std::int64_t part = begin / rows;
        const std::int64_t stop = std::min(end, (part + 1) * rows);
        parts[static_cast<std::size_t>(part)].read(begin - part * rows, stop - part * rows, out);
        out += (stop - begin) * length;
        begin = stop;
      }
    };
    arrays.push_back(std::move(array));
  }
  return arrays;
}

double selectedBytes(const Sizes& sizes, const StageSelection& selection, bool float64) {
  const auto length = [](const std::optional<IndexSpan>& span, std::int64_t axis) {
    if (!span) return static_cast<double>(axis);
    return static_cast<double>(std::min(span->end.value_or(axis), axis) - span->begin);
  };
  const auto tq = static_cast<double>(sizes.queries);
  const auto tk = static_cast<double>(sizes.keys);
  const double heads = static_cast<double>(selection.heads.empty() ? static_cast<std::size_t>(sizes.heads)
                                                                   : selection.heads.size());
  const auto axis = [&](Axis kind) {
    switch (kind) {
      case Axis::query:
        return tq;
      case Axis::key:
        return tk;
      case Axis::modelDim:
        return static_cast<double>(sizes.dModel);
      case Axis::keyDim:
        return static_cast<double>(sizes.dK);
      case Axis::valueDim:
        return static_cast<double>(sizes.dV);
      case Axis::concatDim:
        break;
    }
    return static_cast<double>(sizes.heads) * static_cast<double>(sizes.dV);
  };
  double elements = 0;
  const auto wanted = [&](std::string_view name) {
    return selection.names.empty() ||
           std::find(selection.names.begin(), selection.names.end(), name) != selection.names.end();
  };
  for (const StageInfo& stage : stages()) {
    if (!wanted(stage.id) || (selection.names.empty() && isGradient(stage.stage))) continue;
    if (isMap(stage.stage)) {
      elements += heads * length(selection.rows, sizes.queries) * length(selection.cols, sizes.keys);
    } else if (isOfKeys(stage.stage)) {
      elements += static_cast<double>(sizes.kvHeads) * axis(stage.rows) * axis(stage.cols);
    } else {
      elements += (stage.perHead ? heads : 1) * axis(stage.rows) * axis(stage.cols);
    }
  }
  for (const RowQuantityInfo& quantity : rowQuantities()) {
    const bool gradient = quantity.quantity == RowQuantity::jacobianNorm;
    if (wanted(quantity.id) && !(selection.names.empty() && gradient)) elements += heads * tq;
  }
  return elements * (float64 ? 8 : 4);
}

Status readPieces(const StageArray& array, ThreadPool& pool, const Cancel& cancel,
                  const std::function<Status(std::int64_t firstRow, std::span<const double> values)>& take) {
  const std::int64_t length = array.rowLength();
  const std::int64_t rows = array.rowCount();
  const std::int64_t atOnce = std::clamp<std::int64_t>(kPiece / std::max<std::int64_t>(length, 1), 1, rows);
  std::vector<double> values(static_cast<std::size_t>(atOnce * length));
  for (std::int64_t row = 0; row < rows; row += atOnce) {
    const std::int64_t count = std::min(atOnce, rows - row);
    const std::int64_t perTask = std::max<std::int64_t>(1, count / (pool.threads() * std::int64_t{4}));
    const bool done = pool.run((count + perTask - 1) / perTask,
                               [&](std::int64_t task) {
                                 const std::int64_t begin = task * perTask;
                                 const std::int64_t end = std::min(begin + perTask, count);
                                 array.read(row + begin, row + end, values.data() + begin * length);
                               },
                               cancel);
    if (!done) return Error{ErrorCode::cancelled, "interrupted", {}, {}};
    const std::span<const double> made(values.data(), static_cast<std::size_t>(count * length));
    if (Status status = take(row, made); !status) return status;
  }
  return {};
}

}  // namespace headlight
