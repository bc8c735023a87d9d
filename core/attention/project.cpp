#include "core/attention/project.h"

#include "core/attention/kernels/score_rows.h"
#include "core/attention/work.h"
#include "core/base/eigen.h"

namespace headlight {
namespace {

/// Rows of one task. Fixed, so that Eigen sums in the same order on any number of threads.
constexpr std::int64_t kRowBlock = 64;

/// [heads][T, d] of x [T, d_model] through weight [d_model, heads · d].
bool projectHeads(const Matrix& x, const Linear& linear, int heads, std::int64_t d, Heads& out,
                  ThreadPool& pool, const Cancel& cancel) {
  const ConstMap X = asEigen(x);
  const ConstMap W = asEigen(linear.weight);
  const std::int64_t blocks = (x.rows() + kRowBlock - 1) / kRowBlock;
  out.assign(static_cast<std::size_t>(heads), Matrix(x.rows(), d));
  const auto task = [&](std::int64_t index) {
    const std::int64_t head = index / blocks;
    const std::int64_t first = index % blocks * kRowBlock;
    const std::int64_t rows = std::min(kRowBlock, x.rows() - first);
    MutableMap Y = asEigen(out[static_cast<std::size_t>(head)]);
    Y.middleRows(first, rows).noalias() = X.middleRows(first, rows) * W.middleCols(head * d, d);
    if (linear.bias.empty()) return;
    const Eigen::Map<const EigenRow> b(linear.bias.data() + head * d, d);
    Y.middleRows(first, rows).rowwise() += b;
  };
  const double flop = 2.0 * static_cast<double>(x.size()) * static_cast<double>(heads * d);
  return forEachTask(pool, flop, heads * blocks, task, cancel);
}

void applyEdits(const Inputs& inputs, Stage stage, Heads& heads) {
  for (const HeadEdit& edit : inputs.edits) {
    if (edit.stage == stage) heads[static_cast<std::size_t>(edit.head)](edit.row, edit.column) = edit.value;
  }
}

Error wrongShape(const std::string& name, std::int64_t rows, std::int64_t cols, std::int64_t wantedRows,
                 std::int64_t wantedCols) {
  return {ErrorCode::invalid,
          name + " is " + std::to_string(rows) + " × " + std::to_string(cols) + ", accepted is " +
              std::to_string(wantedRows) + " × " + std::to_string(wantedCols),
          "source", ""};
}

Status checkMatrix(const std::string& name, const Caused<Matrix>& m, std::int64_t rows, std::int64_t cols) {
  if (!m || (m->rows() == rows && m->cols() == cols)) return {};
  return wrongShape(name, m->rows(), m->cols(), rows, cols);
}

Status checkLinear(const std::string& name, const Caused<Linear>& l, std::int64_t in, std::int64_t out) {
  if (!l) return {};
  if (l->weight.rows() != in || l->weight.cols() != out) {
    return wrongShape("w_" + name, l->weight.rows(), l->weight.cols(), in, out);
  }
  const auto length = static_cast<std::int64_t>(l->bias.size());
  if (length != 0 && length != out) return wrongShape("b_" + name, 1, length, 1, out);
  return {};
}

Status checkHeads(const std::string& name, const Caused<Heads>& heads, int count, std::int64_t rows,
                  std::int64_t cols) {
  if (!heads) return {};
  if (heads->size() != static_cast<std::size_t>(count)) {
    return Error{
        ErrorCode::invalid,
        name + " has " + std::to_string(heads->size()) + " heads, accepted is " + std::to_string(count),
        "source", ""};
  }
  for (const Matrix& m : *heads) {
    if (m.rows() != rows || m.cols() != cols) return wrongShape(name, m.rows(), m.cols(), rows, cols);
  }
  return {};
}

Status checkSizes(const Sizes& s) {
  const bool positive =
      s.queries > 0 && s.keys > 0 && s.heads > 0 && s.kvHeads > 0 && s.dModel >= 0 && s.dK > 0 && s.dV >= 0;
  if (positive && s.heads % s.kvHeads == 0) return {};
  return Error{ErrorCode::invalid,
               "sizes must be at least 1 and heads a multiple of kv_heads; found " +
                   std::to_string(s.queries) + " queries, " + std::to_string(s.keys) + " keys, " +
                   std::to_string(s.heads) + " heads, " + std::to_string(s.kvHeads) + " kv_heads, d_k " +
                   std::to_string(s.dK) + ", d_v " + std::to_string(s.dV),
               "shape", ""};
}

Status checkEdit(const HeadEdit& edit, const Sizes& s, const std::string& path) {
  const bool isQuery = edit.stage == Stage::q;
  const std::int64_t heads = isQuery ? s.heads : s.kvHeads;
  const std::int64_t rows = isQuery ? s.queries : s.keys;
  const std::int64_t cols = edit.stage == Stage::v ? s.dV : s.dK;
  const bool known = isQuery || edit.stage == Stage::k || edit.stage == Stage::v;
  if (known && edit.head >= 0 && edit.head < heads && edit.row >= 0 && edit.row < rows && edit.column >= 0 &&
      edit.column < cols) {
    return {};
  }
  return Error{ErrorCode::invalid,
               "found [" + std::to_string(edit.head) + ", " + std::to_string(edit.row) + ", " +
                   std::to_string(edit.column) + "] of " + std::string(info(edit.stage).id) +
                   ", accepted are places in [" + std::to_string(heads) + ", " + std::to_string(rows) + ", " +
                   std::to_string(cols) + "]",
               path, ""};
}

}  // namespace

PackedKeys packKeys(const Matrix& keys) {
  PackedKeys packed;
  packed.width = kPanelWidth;
  packed.keys = keys.rows();
  packed.depth = keys.cols();
  const std::int64_t panels = (keys.rows() + kPanelWidth - 1) / kPanelWidth;
  packed.panels.resize(static_cast<std::size_t>(panels * keys.cols() * kPanelWidth), 0.0f);
  for (std::int64_t j = 0; j < keys.rows(); ++j) {
    float* lane = packed.panels.data() + j / kPanelWidth * keys.cols() * kPanelWidth + j % kPanelWidth;
    const float* row = keys.row(j);
    for (std::int64_t e = 0; e < keys.cols(); ++e) lane[e * kPanelWidth] = row[e];
  }
  return packed;
}

std::shared_ptr<const Projected> project(const Inputs& inputs, ThreadPool& pool, const Cancel& cancel) {
  const Sizes& s = inputs.sizes;
  auto out = std::make_shared<Projected>();
  const auto make = [&](const Caused<Heads>& given, const Caused<Matrix>& x, const Caused<Linear>& linear,
                        int heads, std::int64_t d, Heads& into) {
    if (given) {
      into = *given;
      return true;
    }
    return d == 0 || projectHeads(*x, *linear, heads, d, into, pool, cancel);
  };
  const Caused<Matrix>& source = inputs.memory ? inputs.memory : inputs.x;
  if (!make(inputs.q, inputs.x, inputs.wQ, s.heads, s.dK, out->q)) return nullptr;
  if (!make(inputs.k, source, inputs.wK, s.kvHeads, s.dK, out->k)) return nullptr;
  if (!make(inputs.v, source, inputs.wV, s.kvHeads, s.dV, out->v)) return nullptr;
  applyEdits(inputs, Stage::q, out->q);
  applyEdits(inputs, Stage::k, out->k);
  applyEdits(inputs, Stage::v, out->v);

  out->packed.resize(out->k.size());
  const auto pack = [&](std::int64_t head) {
    out->packed[static_cast<std::size_t>(head)] = packKeys(out->k[static_cast<std::size_t>(head)]);
  };
  const double moved = static_cast<double>(s.keys * s.dK) * s.kvHeads;
  if (!forEachTask(pool, moved, s.kvHeads, pack, cancel)) return nullptr;
  return out;
}

Status checkInputs(const Inputs& inputs) {
  const Sizes& s = inputs.sizes;
  if (Status status = checkSizes(s); !status) return status;
  const bool canQ = inputs.q || (inputs.x && inputs.wQ);
  const bool canK = inputs.k || ((inputs.memory || inputs.x) && inputs.wK);
  const bool canV = s.dV == 0 || inputs.v || ((inputs.memory || inputs.x) && inputs.wV);
  if (!canQ || !canK || !canV) {
    return Error{ErrorCode::invalid,
                 "the source gives neither q, k and v nor the inputs and weights they are made of", "source",
                 ""};
  }
  const std::int64_t sourceRows = inputs.memory ? s.keys : s.queries;
  const bool needsSource = !inputs.k || (s.dV > 0 && !inputs.v);
  if (needsSource && sourceRows != s.keys) {
    return Error{ErrorCode::invalid,
                 "without a memory there are as many keys as queries; found " + std::to_string(s.queries) +
                     " queries and " + std::to_string(s.keys) + " keys",
                 "source", ""};
  }
  for (Status status : {checkMatrix("x", inputs.x, s.queries, s.dModel),
                        checkMatrix("memory", inputs.memory, s.keys, s.dModel),
                        checkLinear("q", inputs.wQ, s.dModel, s.heads * s.dK),
                        checkLinear("k", inputs.wK, s.dModel, s.kvHeads * s.dK),
                        checkLinear("v", inputs.wV, s.dModel, s.kvHeads * s.dV),
                        checkLinear("o", inputs.wO, s.heads * s.dV, s.dModel),
                        checkHeads("q", inputs.q, s.heads, s.queries, s.dK),
                        checkHeads("k", inputs.k, s.kvHeads, s.keys, s.dK),
                        checkHeads("v", inputs.v, s.kvHeads, s.keys, s.dV)}) {
    if (!status) return status;
  }
  for (std::size_t n = 0; n < inputs.edits.size(); ++n) {
    if (Status status = checkEdit(inputs.edits[n], s, "edits[" + std::to_string(n) + "].at"); !status)
      return status;
  }
  return {};
}

}  // namespace headlight
