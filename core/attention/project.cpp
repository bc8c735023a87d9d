#include "core/attention/project.h"

#include <algorithm>
#include <cmath>

#include "core/attention/dense.h"
#include "core/attention/kernels/all_finite.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

/// Copies columns [c0, c1) of the heads side by side, [rows, c1 − c0] with `stride` floats a row, into the
/// heads' own rows from `first` on.
void splitHeads(const float* columns, std::ptrdiff_t stride, std::int64_t rows, std::int64_t c0,
                std::int64_t c1, std::int64_t first, Heads& out) {
  const std::int64_t d = out.front().cols();
  for (std::int64_t c = c0; c < c1;) {
    const std::int64_t end = std::min((c / d + 1) * d, c1);
    Matrix& head = out[static_cast<std::size_t>(c / d)];
    for (std::int64_t r = 0; r < rows; ++r) {
      std::copy_n(columns + r * stride + (c - c0), end - c, head.row(first + r) + c % d);
    }
    c = end;
  }
}

/// y [heads][T, d] = x W + b of x [T, d_model], W [d_model, heads · d], in tasks of kDenseRows ×
/// kDenseColumns.
class Projection {
 public:
  Projection(const Matrix& x, const Linear& linear, int heads, std::int64_t d, Heads& out)
      : x_(x), linear_(linear), d_(d), width_(heads * d), out_(out) {
    out.clear();
    for (int head = 0; head < heads; ++head) out.emplace_back(x.rows(), d);
  }
  std::int64_t tasks() const { return (width_ + kDenseColumns - 1) / kDenseColumns * blocks(); }
  double flop() const { return 2.0 * static_cast<double>(x_.size()) * static_cast<double>(width_); }

  void run(std::int64_t task) const {
    thread_local AlignedFloats packed;
    thread_local AlignedFloats beside;
    const std::int64_t c0 = task / blocks() * kDenseColumns;
    const std::int64_t c1 = std::min(c0 + kDenseColumns, width_);
    const std::int64_t panels = (c1 - c0 + kPanelWidth - 1) / kPanelWidth;
    const std::int64_t first = task % blocks() * kDenseRows;
    const std::int64_t rows = std::min(kDenseRows, x_.rows() - first);
    const PanelsView weight = packColumns(linear_.weight, c0, c1, 1, packed);
    // Where the columns are whole panels of one head they are made in their place.
    const bool inPlace = c0 / d_ == (c1 - 1) / d_ && (c1 - c0) % kPanelWidth == 0;
    const std::int64_t stride = inPlace ? d_ : panels * kPanelWidth;
    if (!inPlace) beside.resize(std::max(beside.size(), static_cast<std::size_t>(rows * stride)));
    float* y = inPlace ? out_[static_cast<std::size_t>(c0 / d_)].row(first) + c0 % d_ : beside.data();
    multiply(x_.row(first), x_.cols(), rows, weight, panels, x_.cols(), 1, Into::empty, y, stride);
    if (!linear_.bias.empty()) addBias(linear_.bias.data() + c0, rows, c1 - c0, y, stride);
    if (!inPlace) splitHeads(y, stride, rows, c0, c1, first, out_);
  }

 private:
  std::int64_t blocks() const { return (x_.rows() + kDenseRows - 1) / kDenseRows; }

  const Matrix& x_;
  const Linear& linear_;
  std::int64_t d_;
  std::int64_t width_;
  Heads& out_;
};

/// All of them in one go, so that the threads meet once.
bool runAll(const std::vector<Projection>& projections, ThreadPool& pool, const Cancel& cancel) {
  std::int64_t tasks = 0;
  double flop = 0;
  for (const Projection& projection : projections) {
    tasks += projection.tasks();
    flop += projection.flop();
  }
  const auto task = [&](std::int64_t index) {
    for (const Projection& projection : projections) {
      if (index < projection.tasks()) return projection.run(index);
      index -= projection.tasks();
    }
  };
  return forEachTask(pool, flop, tasks, task, cancel);
}

/// The extra keys' rows behind the tokens' own.
void append(const Caused<Heads>& extra, Heads& heads) {
  if (!extra) return;
  for (std::size_t h = 0; h < heads.size(); ++h) {
    const Matrix& own = heads[h];
    const Matrix& more = (*extra)[h];
    Matrix all(own.rows() + more.rows(), own.cols());
    std::copy_n(own.data(), own.size(), all.data());
    std::copy_n(more.data(), more.size(), all.row(own.rows()));
    heads[h] = std::move(all);
  }
}

void turn(const std::optional<Rotary>& rotary, Heads& heads, ThreadPool& pool) {
  if (!rotary) return;
  const auto one = [&](std::int64_t head) { rotate(*rotary, heads[static_cast<std::size_t>(head)]); };
  pool.run(static_cast<std::int64_t>(heads.size()), one);
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
  const bool positive = s.queries > 0 && s.tokenKeys() > 0 && s.extraKeys >= 0 && s.heads > 0 &&
                        s.kvHeads > 0 && s.dModel >= 0 && s.dK >= 0 && s.dV >= 0;
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
  for (std::int64_t panel = 0; panel < panels; ++panel) {
    float* into = packed.panels.data() + panel * keys.cols() * kPanelWidth;
    const std::int64_t first = panel * kPanelWidth;
    const std::int64_t count = std::min<std::int64_t>(kPanelWidth, keys.rows() - first);
    for (std::int64_t e = 0; e < keys.cols(); ++e, into += kPanelWidth) {
      for (std::int64_t j = 0; j < count; ++j) into[j] = keys(first + j, e);
    }
  }
  return packed;
}

MixValues mixValues(const Matrix& values) {
  MixValues mixing;
  mixing.width = (values.cols() + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
  const bool finite = allFinite(values.data(), values.size());
  if (mixing.width == values.cols() && finite) return mixing;
  mixing.rows.resize(static_cast<std::size_t>(values.rows() * mixing.width), 0.0f);
  for (std::int64_t j = 0; j < values.rows(); ++j) {
    const float* row = values.row(j);
    float* into = mixing.rows.data() + j * mixing.width;
    if (finite || allFinite(row, values.cols())) {
      std::copy_n(row, values.cols(), into);
      continue;
    }
    mixing.oddKeys.push_back(j);
    std::replace_copy_if(
        row, row + values.cols(), into, [](float v) { return !std::isfinite(v); }, 0.0f);
  }
  return mixing;
}

std::shared_ptr<const Projected> project(const Inputs& inputs, ThreadPool& pool, const Cancel& cancel) {
  const Sizes& s = inputs.sizes;
  auto out = std::make_shared<Projected>();
  const auto edited = [&](Stage stage) {
    return std::any_of(inputs.edits.begin(), inputs.edits.end(),
                       [stage](const HeadEdit& edit) { return edit.stage == stage; });
  };
  const bool turns = inputs.rotary.has_value();
  Heads q;
  Heads k;
  Heads v;
  std::vector<Projection> projections;
  // What is given and changed by nothing is shared below.
  const auto make = [&](const Caused<Heads>& given, bool changes, const Caused<Matrix>& x,
                        const Caused<Linear>& linear, int heads, std::int64_t d, Heads& into) {
    if (given) {
      if (changes) into = *given;
    } else if (d > 0) {
      projections.emplace_back(*x, *linear, heads, d, into);
    }
  };
  const Caused<Matrix>& source = inputs.memory ? inputs.memory : inputs.x;
  const Caused<Matrix>& valueSource = inputs.memoryValue ? inputs.memoryValue : source;
  const bool changesQ = turns || edited(Stage::q);
  const bool changesK = turns || inputs.extraK || edited(Stage::k);
  const bool changesV = inputs.extraV || edited(Stage::v);
  if (!inputs.maps) {
    make(inputs.q, changesQ, inputs.x, inputs.wQ, s.heads, s.dK, q);
    make(inputs.k, changesK, source, inputs.wK, s.kvHeads, s.dK, k);
  }
  make(inputs.v, changesV, valueSource, inputs.wV, s.kvHeads, s.dV, v);
  if (!runAll(projections, pool, cancel)) return nullptr;
  if (!inputs.maps) {
    turn(inputs.rotary, q, pool);
    turn(inputs.rotary, k, pool);
    append(inputs.extraK, k);
  }
  if (s.dV > 0) append(inputs.extraV, v);
  const auto finish = [&](Stage stage, const Caused<Heads>& given, bool changes, Heads& own) {
    if (given && !changes) return SharedHeads(given.value);
    if (!own.empty()) applyEdits(inputs, stage, own);
    return SharedHeads(std::move(own));
  };
  out->q = finish(Stage::q, inputs.q, changesQ, q);
  out->k = finish(Stage::k, inputs.k, changesK, k);
  out->v = finish(Stage::v, inputs.v, changesV, v);

  out->packed.resize(out->k.size());
  out->mixing.resize(out->v.size());
  const auto pack = [&](std::int64_t head) {
    const auto h = static_cast<std::size_t>(head);
    if (h < out->k.size()) out->packed[h] = packKeys(out->k[h]);
    if (h < out->v.size()) out->mixing[h] = mixValues(out->v[h]);
  };
  // A number that is moved takes the time of many operations.
  const double moved = 16.0 * static_cast<double>(s.keys * (s.dK + s.dV)) * s.kvHeads;
  if (!forEachTask(pool, moved, s.kvHeads, pack, cancel)) return nullptr;
  return out;
}

Status checkInputs(const Inputs& inputs) {
  const Sizes& s = inputs.sizes;
  if (Status status = checkSizes(s); !status) return status;
  if (!inputs.maps && s.dK == 0) {
    return Error{ErrorCode::invalid, "found d_k 0, accepted is at least 1", "shape.d_k", ""};
  }
  const bool canQ = inputs.maps || inputs.q || (inputs.x && inputs.wQ);
  const bool canK = inputs.maps || inputs.k || ((inputs.memory || inputs.x) && inputs.wK);
  const bool canV = s.dV == 0 || inputs.v || ((inputs.memory || inputs.x) && inputs.wV);
  if (!canQ || !canK || !canV) {
    return Error{ErrorCode::invalid,
                 "the source gives neither q, k and v nor the inputs and weights they are made of", "source",
                 ""};
  }
  const std::int64_t sourceRows = inputs.memory ? s.tokenKeys() : s.queries;
  const bool needsSource = !inputs.maps && (!inputs.k || (s.dV > 0 && !inputs.v));
  if (needsSource && sourceRows != s.tokenKeys()) {
    return Error{ErrorCode::invalid,
                 "without a memory there are as many keys as queries; found " + std::to_string(s.queries) +
                     " queries and " + std::to_string(s.keys) + " keys",
                 "source", ""};
  }
  const std::int64_t keyWidth = inputs.memory ? inputs.memory->cols() : s.dModel;
  const std::int64_t valueWidth = inputs.memoryValue ? inputs.memoryValue->cols() : keyWidth;
  if (inputs.rotary && !inputs.maps) {
    if (const auto width = rotatedWidth(*inputs.rotary, s.dK); !width) return width.error();
  }
  for (Status status :
       {checkMatrix("x", inputs.x, s.queries, s.dModel),
        checkMatrix("memory", inputs.memory, s.tokenKeys(), keyWidth),
        checkMatrix("memory_value", inputs.memoryValue, s.tokenKeys(), valueWidth),
        checkLinear("q", inputs.wQ, s.dModel, s.heads * s.dK),
        checkLinear("k", inputs.wK, keyWidth, s.kvHeads * s.dK),
        checkLinear("v", inputs.wV, valueWidth, s.kvHeads * s.dV),
        checkLinear("o", inputs.wO, s.heads * s.dV, inputs.wO ? inputs.wO->weight.cols() : s.dModel),
        checkHeads("q", inputs.q, s.heads, s.queries, s.dK),
        checkHeads("k", inputs.k, s.kvHeads, s.tokenKeys(), s.dK),
        checkHeads("v", inputs.v, s.kvHeads, s.tokenKeys(), s.dV),
        checkHeads("extra k", inputs.extraK, s.kvHeads, s.extraKeys, s.dK),
        checkHeads("extra v", inputs.extraV, s.kvHeads, s.extraKeys, s.dV)}) {
    if (!status) return status;
  }
  for (std::size_t n = 0; n < inputs.edits.size(); ++n) {
    if (Status status = checkEdit(inputs.edits[n], s, "edits[" + std::to_string(n) + "].at"); !status)
      return status;
  }
  return {};
}

}  // namespace headlight
