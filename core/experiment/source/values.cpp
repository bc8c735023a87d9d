#include "core/experiment/source/values.h"

#include <limits>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/generated.h"

namespace headlight {
namespace {

struct Dims {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
};

std::optional<Dims> dims(const Kinded& source, std::string_view key) {
  const Value* matrix = source.find(key);
  if (!matrix) return std::nullopt;
  return Dims{static_cast<std::int64_t>(matrix->list().size()),
              static_cast<std::int64_t>(matrix->list().front().list().size())};
}

std::string by(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " × " + std::to_string(cols);
}

float cellOf(const Value& cell) {
  if (cell.isNumber()) return static_cast<float>(cell.number());
  return static_cast<float>(parseNumber(cell.string()).value_or(std::numeric_limits<double>::quiet_NaN()));
}

Matrix matrixOf(const Value& value) {
  const List& rows = value.list();
  Matrix matrix(static_cast<std::int64_t>(rows.size()),
                static_cast<std::int64_t>(rows.front().list().size()));
  for (std::int64_t i = 0; i < matrix.rows(); ++i) {
    const List& row = rows[static_cast<std::size_t>(i)].list();
    for (std::int64_t j = 0; j < matrix.cols(); ++j) matrix(i, j) = cellOf(row[static_cast<std::size_t>(j)]);
  }
  return matrix;
}

void hashCells(KeyHash& hash, const Value& value) {
  if (value.isList()) {
    hash.add(static_cast<std::uint64_t>(value.list().size()));
    for (const Value& item : value.list()) hashCells(hash, item);
  } else {
    hash.add(static_cast<double>(cellOf(value)));
  }
}

constexpr std::string_view kMatrices[] = {"x", "memory", "w_q", "w_k", "w_v", "w_o"};
constexpr std::string_view kBiases[] = {"b_q", "b_k", "b_v", "b_o"};

void checkValues(const Kinded& source, const Place& place, Report& report) {
  for (const std::string_view name : kMatrices) {
    const Value* matrix = source.find(name);
    if (!matrix) continue;
    if (matrix->list().empty() || matrix->list().front().list().empty()) {
      report.error(place.member(name).path, "found an empty matrix, accepted is one of at least 1 × 1");
    }
  }
  for (const std::string_view name : kBiases) {
    const Value* bias = source.find(name);
    if (!bias) continue;
    for (std::size_t i = 0; i < bias->list().size(); ++i) {
      const Value& cell = bias->list()[i];
      if (!isMatrixCell(cell)) {
        report.error(place.member(name).item(i).path,
                     "found " + foundText(cell) + ", accepted is a number, \"inf\", \"-inf\" or \"nan\"");
      }
    }
  }
}

/// A width of all heads side by side, divided among them; reports what does not divide.
std::optional<std::int64_t> perHead(std::int64_t width, std::int64_t heads, std::string_view key,
                                    Report& report) {
  if (width % heads == 0) return width / heads;
  report.error(memberPath("source", key), "found a width of " + std::to_string(width) + ", which " +
                                              std::to_string(heads) + " heads do not divide");
  return std::nullopt;
}

/// The sizes, from `shape` where it says them and from the typed matrices where it does not.
std::optional<Sizes> deriveSizes(const Experiment& experiment, Report& report) {
  const Kinded& source = experiment.source;
  const ShapeSpec& shape = experiment.shape;
  const ShapeSpec plain = Experiment().shape;
  const std::int64_t heads = shape.heads.value_or(*plain.heads);
  const std::int64_t kvHeads = shape.kvHeads.value_or(heads);
  ShapeSpec derived = shape;
  derived.heads = heads;
  for (const std::string_view key : {"x", "memory"}) {
    if (const auto d = dims(source, key); d && !derived.dModel) derived.dModel = d->cols;
  }
  for (const std::string_view key : {"w_q", "w_k", "w_v"}) {
    if (const auto d = dims(source, key); d && !derived.dModel) derived.dModel = d->rows;
  }
  if (const auto d = dims(source, "w_o"); d && !derived.dModel) derived.dModel = d->cols;
  if (const auto d = dims(source, "w_q"); d && !derived.dK)
    derived.dK = perHead(d->cols, heads, "w_q", report);
  if (const auto d = dims(source, "w_k"); d && !derived.dK)
    derived.dK = perHead(d->cols, kvHeads, "w_k", report);
  if (const auto d = dims(source, "w_v"); d && !derived.dV)
    derived.dV = perHead(d->cols, kvHeads, "w_v", report);
  if (const auto d = dims(source, "w_o"); d && !derived.dV)
    derived.dV = perHead(d->rows, heads, "w_o", report);
  for (const auto& [name, width] :
       {std::pair{"d_model", derived.dModel}, std::pair{"d_k", derived.dK}, std::pair{"d_v", derived.dV}}) {
    if (width && (*width < 1 || *width > kWidest)) {
      report.error(memberPath("shape", name), "the typed matrices give " + std::to_string(*width) +
                                                  ", accepted is an integer from 1 to " +
                                                  std::to_string(kWidest));
    }
  }
  if (!report.errors.empty()) return std::nullopt;
  Experiment asked;
  asked.shape = derived;
  return generatedSizes(asked, 0, 0, report);
}

void checkDims(const Kinded& source, std::string_view key, std::int64_t rows, std::int64_t cols,
               std::string_view meaning, Report& report) {
  const auto d = dims(source, key);
  if (d && (d->rows != rows || d->cols != cols)) {
    report.error(memberPath("source", key), "found " + by(d->rows, d->cols) + ", accepted is " +
                                                std::string(meaning) + " = " + by(rows, cols));
  }
}

void checkBias(const Kinded& source, std::string_view key, std::int64_t length, Report& report) {
  const Value* bias = source.find(key);
  if (bias && static_cast<std::int64_t>(bias->list().size()) != length) {
    report.error(memberPath("source", key), "found a list of " + std::to_string(bias->list().size()) +
                                                ", accepted is a list of " + std::to_string(length));
  }
}

/// The length that a typed matrix decides; `tokens` and `memory` only label it.
std::int64_t decidedLength(const Kinded& source, std::string_view key, std::string_view labels,
                           std::int64_t given, Report& report) {
  const auto d = dims(source, key);
  if (!d) return given;
  if (given > 0 && given != d->rows) {
    report.error(std::string(labels), "found " + std::to_string(given) + " tokens, " +
                                          memberPath("source", key) + " has " + std::to_string(d->rows) +
                                          " rows");
  }
  if (d->rows > kMostTokens) {
    report.error(memberPath("source", key), "found " + std::to_string(d->rows) +
                                                " rows, accepted are at most " + std::to_string(kMostTokens));
  }
  return d->rows;
}

std::optional<Sizes> valuesSizes(const Experiment& experiment, std::int64_t queries, std::int64_t keys,
                                 Report& report) {
  const Kinded& source = experiment.source;
  auto sizes = deriveSizes(experiment, report);
  if (!sizes) return std::nullopt;
  const bool typedMemory = source.find("memory") != nullptr;
  const std::int64_t given = experiment.memory ? keys : 0;
  sizes->queries = decidedLength(source, "x", "tokens", queries, report);
  if (typedMemory) {
    sizes->keys = decidedLength(source, "memory", "memory", given, report);
  } else {
    sizes->keys = experiment.memory ? keys : sizes->queries;
  }
  const std::int64_t q = std::int64_t{sizes->heads} * sizes->dK;
  const std::int64_t k = std::int64_t{sizes->kvHeads} * sizes->dK;
  const std::int64_t v = std::int64_t{sizes->kvHeads} * sizes->dV;
  const std::int64_t o = std::int64_t{sizes->heads} * sizes->dV;
  if (const auto d = dims(source, "x"))
    checkDims(source, "x", d->rows, sizes->dModel, "[T, d_model]", report);
  if (const auto d = dims(source, "memory")) {
    checkDims(source, "memory", d->rows, sizes->dModel, "[Tk, d_model]", report);
  }
  checkDims(source, "w_q", sizes->dModel, q, "[d_model, heads·d_k]", report);
  checkDims(source, "w_k", sizes->dModel, k, "[d_model, kv_heads·d_k]", report);
  checkDims(source, "w_v", sizes->dModel, v, "[d_model, kv_heads·d_v]", report);
  checkDims(source, "w_o", o, sizes->dModel, "[heads·d_v, d_model]", report);
  checkBias(source, "b_q", q, report);
  checkBias(source, "b_k", k, report);
  checkBias(source, "b_v", v, report);
  checkBias(source, "b_o", sizes->dModel, report);
  if (!report.errors.empty()) return std::nullopt;
  return sizes;
}

Recipe<Matrix> typedMatrix(const Value& value) {
  KeyHash hash;
  hash.add("typed matrix");
  hashCells(hash, value);
  return {hash.key(),
          [shared = std::make_shared<const Value>(value)]() -> Result<Matrix> { return matrixOf(*shared); }};
}

/// The typed weight, or the generated one, with the typed bias.
Recipe<Linear> typedLinear(const Kinded& source, std::string_view weightKey, std::string_view biasKey,
                           Recipe<Linear> generated) {
  const Value* weight = source.find(weightKey);
  const Value* bias = source.find(biasKey);
  if (!weight && !bias) return generated;
  KeyHash hash;
  hash.add("typed linear");
  if (weight) {
    hashCells(hash, *weight);
  } else {
    hash.add(generated.key);
  }
  hash.add(bias ? "bias" : "no bias");
  if (bias) hashCells(hash, *bias);
  const auto typedWeight = weight ? std::make_shared<const Value>(*weight) : nullptr;
  const auto typedBias = bias ? std::make_shared<const Value>(*bias) : nullptr;
  return {hash.key(), [=]() -> Result<Linear> {
            Linear linear;
            if (typedWeight) {
              linear.weight = matrixOf(*typedWeight);
            } else {
              Result<Linear> made = generated.make();
              if (!made) return made.error();
              linear = std::move(*made);
            }
            if (typedBias) {
              for (const Value& cell : typedBias->list()) linear.bias.push_back(cellOf(cell));
            }
            return linear;
          }};
}

Result<SourceOutput> readValues(const SourceRequest& request) {
  Report report;
  const auto length = [](const std::optional<std::vector<Token>>& tokens) {
    return tokens ? static_cast<std::int64_t>(tokens->size()) : 0;
  };
  const auto sizes = valuesSizes(request.experiment, length(request.tokens), length(request.memory), report);
  if (!sizes) return report.errors.front();
  const Kinded& source = request.experiment.source;
  const std::uint64_t seed = seedOf(source);
  SourceOutput out;
  out.sizes = *sizes;
  const Value* x = source.find("x");
  const Value* memory = source.find("memory");
  out.cross = memory || request.memory;
  out.x = x ? typedMatrix(*x) : tokenEmbedding(seed, *request.tokens, request.image, sizes->dModel);
  if (memory) {
    out.memory = typedMatrix(*memory);
  } else if (request.memory) {
    out.memory = tokenEmbedding(seed, *request.memory, request.memoryImage, sizes->dModel);
  }
  out.wQ = typedLinear(source, "w_q", "b_q",
                       generatedProjection(seed, Generated::wQ, sizes->dModel, sizes->heads, sizes->dK));
  out.wK = typedLinear(source, "w_k", "b_k",
                       generatedProjection(seed, Generated::wK, sizes->dModel, sizes->kvHeads, sizes->dK));
  out.wV = typedLinear(source, "w_v", "b_v",
                       generatedProjection(seed, Generated::wV, sizes->dModel, sizes->kvHeads, sizes->dV));
  out.wO = typedLinear(source, "w_o", "b_o", generatedOutput(seed, *sizes));
  const bool all = x && source.find("w_q") && source.find("w_k") && source.find("w_v") && source.find("w_o");
  const bool pixels = (request.image && !x) || (request.memoryImage && !memory);
  out.origin = {pixels ? "pixels, untrained, with weights typed by hand"
                : all  ? "typed by hand, not learned"
                       : "typed by hand, the rest random: not learned",
                true};
  return out;
}

std::vector<KeySpec> keys() {
  const auto matrix = [](std::string_view name, std::string_view help) {
    return KeySpec{name, KeyType::matrix, Value(), true, 0, 0, {}, help};
  };
  const auto list = [](std::string_view name, std::string_view help) {
    return KeySpec{name, KeyType::list, Value(), true, 0, 0, {}, help};
  };
  return {seedKey(),
          generatorKey(),
          matrix("x", "X [T, d_model]."),
          matrix("memory", "X of the keys and values [Tk, d_model]."),
          matrix("w_q", "W_Q [d_model, heads·d_k], y = xW + b."),
          matrix("w_k", "W_K [d_model, kv_heads·d_k]."),
          matrix("w_v", "W_V [d_model, kv_heads·d_v]."),
          matrix("w_o", "W_O [heads·d_v, d_model]."),
          list("b_q", "b_Q [heads·d_k]."),
          list("b_k", "b_K [kv_heads·d_k]."),
          list("b_v", "b_V [kv_heads·d_v]."),
          list("b_o", "b_O [d_model].")};
}

}  // namespace

const SourceKind& valuesSource() {
  static const SourceKind kind{
      {"values", "typed values", "Small matrices typed by hand; the missing ones are generated.", keys()},
      true,
      true,
      [](const Kinded& source) { return source.find("x") != nullptr; },
      checkValues,
      valuesSizes,
      readValues};
  return kind;
}

}  // namespace headlight
