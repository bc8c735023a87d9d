#include "core/experiment/source/mha.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/words.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/given_files.h"
#include "core/experiment/source/mha_block.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

void checkMha(const Kinded& source, const Place& place, Report& report) {
  if (!source.find("file")) {
    report.error(place.path,
                 "found no file, accepted is one that holds the state dict of an nn.MultiheadAttention");
  }
  if (!source.find("x")) {
    report.error(place.path,
                 "found no x, accepted is the layer's input as \"file\" or \"file:tensor\", [tokens, E] or a "
                 "batch of them",
                 "The state dict holds only weights: save an input beside it and name it as source.x");
  }
  checkOrigin(source, place, report);
  checkFileRecords(source, place, report);
}

bool flag(const Kinded& source, std::string_view name, bool otherwise) {
  const Value* value = source.find(name);
  return value && value->isBool() ? value->boolean() : otherwise;
}

/// An input of the layer: [T, width], or a batch of them.
struct InputPart {
  FilePart part;
  std::int64_t batches = 0;  ///< 0: it has no batch axis
  std::int64_t tokens = 0;
  std::int64_t width = 0;
  bool batchFirst = true;
};

Result<InputPart> inputOf(FilePart part, bool batchFirst) {
  const std::vector<std::int64_t>& shape = part.info.shape;
  const std::string accepted =
      std::string("[tokens, width] or ") + (batchFirst ? "[batch, tokens, width] (batch_first true)"
                                                       : "[tokens, batch, width] (batch_first false)");
  if (shape.size() != 2 && shape.size() != 3) return part.wrong(accepted);
  for (const std::int64_t length : shape) {
    if (length < 1 || length > kMostTokens) {
      return part.wrong(accepted + " with lengths from 1 to " + std::to_string(kMostTokens));
    }
  }
  InputPart input{std::move(part), 0, 0, 0, batchFirst};
  const std::vector<std::int64_t>& axes = input.part.info.shape;
  const bool batched = axes.size() == 3;
  if (batched) input.batches = axes[batchFirst ? 0 : 1];
  input.tokens = axes[batched && batchFirst ? 1 : 0];
  input.width = axes.back();
  return input;
}

Recipe<Matrix> matrixOf(InputPart input, std::int64_t batch) {
  KeyHash hash;
  hash.add(input.part.key).add(static_cast<std::uint64_t>(batch)).add(input.batchFirst ? "btd" : "tbd");
  return {hash.key(), [input = std::move(input), batch]() -> Result<Matrix> {
            Matrix x(input.tokens, input.width);
            const bool apart = input.batches > 0 && !input.batchFirst;
            const std::int64_t first = input.batches > 0 && !apart ? batch * x.size() : 0;
            const std::int64_t rows = apart ? input.tokens * input.batches : input.tokens;
            const auto take = [&](std::int64_t row, const float* values) {
              if (apart && row % input.batches != batch) return;
              std::copy_n(values, x.cols(), x.row(apart ? row / input.batches : row));
            };
            if (const Status read = readRows(input.part, first, rows, x.cols(), take); !read)
              return read.error();
            return x;
          }};
}

/// W [in, out] and b of `rows` rows of a weight [out, in] and of a bias [out], both from row `first` on.
Recipe<Linear> linearOf(const MhaRows& weight, std::int64_t rows, std::optional<FilePart> bias,
                        std::int64_t biasFirst) {
  KeyHash hash;
  hash.add(weight.part.key).add(static_cast<std::uint64_t>(weight.first));
  hash.add(bias ? bias->key : std::uint64_t{0}).add(static_cast<std::uint64_t>(biasFirst)).add("transposed");
  return {hash.key(), [weight, rows, bias = std::move(bias), biasFirst]() -> Result<Linear> {
            const std::int64_t width = weight.part.info.shape[1];
            Linear linear{Matrix(width, rows), {}};
            const auto column = [&](std::int64_t out, const float* values) {
              for (std::int64_t in = 0; in < width; ++in) linear.weight(in, out) = values[in];
            };
            Status read = readRows(weight.part, weight.first * width, rows, width, column);
            if (read && bias) {
              read = readRows(*bias, biasFirst, 1, rows, [&](std::int64_t, const float* values) {
                linear.bias.assign(values, values + rows);
              });
            }
            if (!read) return read.error();
            return linear;
          }};
}

/// The rows behind the tokens' own: the bias, as it is, then zeros (attention.md A.4).
Recipe<Heads> extraOf(std::optional<FilePart> bias, bool zero, std::int64_t heads, std::int64_t width) {
  KeyHash hash;
  hash.add(bias ? bias->key : std::uint64_t{0})
      .add(std::uint64_t{zero})
      .add(static_cast<std::uint64_t>(heads));
  hash.add(static_cast<std::uint64_t>(width)).add("extra");
  return {hash.key(), [bias = std::move(bias), zero, heads, width]() -> Result<Heads> {
            const std::int64_t rows = (bias ? 1 : 0) + (zero ? 1 : 0);
            Heads extra(static_cast<std::size_t>(heads), Matrix(rows, width));
            if (!bias) return extra;
            const Status read = readRows(*bias, 0, heads, width, [&](std::int64_t head, const float* values) {
              std::copy_n(values, width, extra[static_cast<std::size_t>(head)].row(0));
            });
            if (!read) return read.error();
            return extra;
          }};
}

std::string divisorsOf(std::int64_t width) {
  std::vector<std::string> words;
  for (std::int64_t n = 1; n <= std::min(width, kMostHeads); ++n) {
    if (width % n == 0) words.push_back(std::to_string(n));
  }
  return orList(words);
}

class Reader {
 public:
  explicit Reader(const SourceRequest& request)
      : request_(request),
        source_(request.experiment.source),
        files_(request),
        batchFirst_(flag(source_, "batch_first", true)),
        zeroKey_(flag(source_, "add_zero_attn", false)) {}

  Result<SourceOutput> read() {
    const Value* file = source_.find("file");
    const Value* prefix = source_.find("prefix");
    Result<MhaBlock> block =
        findMha(files_, file->string(), prefix ? std::optional<std::string>(prefix->string()) : std::nullopt);
    if (!block) return block.error();
    block_ = &*block;
    if (const Status inputs = readInputs(); !inputs) return inputs.error();
    if (const Status sizes = setSizes(); !sizes) return sizes.error();
    setWeights();
    out_.files = std::move(files_.records);
    out_.origin = givenOrigin(source_, "weights from " + fileName(file->string()));
    return std::move(out_);
  }

 private:
  Result<std::optional<InputPart>> input(std::string_view name) {
    const Value* address = source_.find(name);
    if (!address) return std::optional<InputPart>();
    Result<FilePart> part = files_.open(address->string(), name, "source." + std::string(name));
    if (!part) return part.error();
    Result<InputPart> made = inputOf(std::move(*part), batchFirst_);
    if (!made) return made.error();
    return std::optional(std::move(*made));
  }

  static Status sameWidth(const InputPart& input, std::int64_t width, const MhaRows& weight) {
    if (input.width == width) return {};
    return Error{ErrorCode::invalid,
                 "found " + input.part.text() + " with a width of " + std::to_string(input.width) + " for " +
                     weight.part.text() + ", accepted is a width of " + std::to_string(width),
                 input.part.path, ""};
  }

  static Status sameBatch(const InputPart& a, const InputPart& b) {
    if (a.batches == b.batches) return {};
    return Error{
        ErrorCode::invalid,
        "found " + a.part.text() + " and " + b.part.text() + ", accepted are as many batch elements in both",
        b.part.path, ""};
  }

  /// An input that is left out is another one; that must be as wide as the layer wants it.
  static Status standsIn(const InputPart& other, std::int64_t width, const MhaRows& weight,
                         std::string_view name) {
    if (other.width == width) return {};
    return Error{ErrorCode::invalid,
                 "found no " + std::string(name) + ", and " + other.part.text() + " does not fit " +
                     weight.part.text() + ": accepted is a width of " + std::to_string(width),
                 "source." + std::string(name), ""};
  }

  Status readInputs() {
    for (const auto& [name, target] :
         {std::pair{"x", &x_}, std::pair{"memory", &memory_}, std::pair{"memory_value", &memoryValue_}}) {
      auto part = input(name);
      if (!part) return part.error();
      *target = std::move(*part);
    }
    const InputPart& keys = memory_ ? *memory_ : *x_;
    if (Status s = sameWidth(*x_, block_->width, block_->q); !s) return s;
    Status fits = memory_ ? sameWidth(*memory_, block_->keyWidth, block_->k)
                          : standsIn(*x_, block_->keyWidth, block_->k, "memory");
    if (!fits) return fits;
    fits = memoryValue_ ? sameWidth(*memoryValue_, block_->valueWidth, block_->v)
                        : standsIn(keys, block_->valueWidth, block_->v, "memory_value");
    if (!fits) return fits;
    if (memory_) fits = sameBatch(*x_, *memory_);
    if (fits && memoryValue_) fits = sameBatch(*x_, *memoryValue_);
    if (!fits) return fits;
    if (memoryValue_ && memoryValue_->tokens != keys.tokens) {
      return Error{ErrorCode::invalid,
                   "found " + keys.part.text() + " of " + std::to_string(keys.tokens) + " tokens and " +
                       memoryValue_->part.text() + " of " + std::to_string(memoryValue_->tokens) +
                       ", accepted is a value for each key",
                   memoryValue_->part.path, ""};
    }
    const std::int64_t batches = x_->batches;
    if (batches > 0 && request_.batch >= batches) {
      return Error{ErrorCode::invalid,
                   "found " + std::to_string(request_.batch) + ", " + x_->part.text() + " has " +
                       countText(batches, "batch element", "batch elements") + ", counted from 0",
                   "view.batch", ""};
    }
    out_.batches = static_cast<int>(batches);
    return {};
  }

  Status setSizes() {
    const std::int64_t width = block_->width;
    const ShapeSpec& shape = request_.experiment.shape;
    if (!shape.heads || *shape.heads > width || width % *shape.heads != 0) {
      const std::string found = shape.heads ? std::to_string(*shape.heads) + " heads" : "no number of heads";
      return Error{ErrorCode::invalid,
                   "found " + found + " for the " + block_->out.text() + " of " +
                       fileName(source_.find("file")->string()) +
                       ", accepted is a divisor of its width: " + divisorsOf(width),
                   "shape.heads",
                   "A state dict does not tell its heads: give num_heads of the layer as shape.heads"};
    }
    Sizes& sizes = out_.sizes;
    sizes.heads = sizes.kvHeads = static_cast<int>(*shape.heads);
    sizes.dModel = width;
    sizes.dK = sizes.dV = width / *shape.heads;
    sizes.queries = x_->tokens;
    if (block_->biasK) out_.extraKeyLabels.emplace_back("[bias]");
    if (zeroKey_) out_.extraKeyLabels.emplace_back("[zero]");
    sizes.extraKeys = static_cast<std::int64_t>(out_.extraKeyLabels.size());
    sizes.keys = (memory_ ? memory_->tokens : x_->tokens) + sizes.extraKeys;
    out_.cross = memory_.has_value();
    Report report;
    compareShape(shape.kvHeads, sizes.kvHeads, "kv_heads", report);
    compareShape(shape.dK, sizes.dK, "d_k", report);
    compareShape(shape.dV, sizes.dV, "d_v", report);
    compareShape(shape.dModel, sizes.dModel, "d_model", report);
    compareTokens(request_.tokens, sizes.queries, "tokens", "x", report);
    if (memory_) {
      compareTokens(request_.memory, sizes.tokenKeys(), "memory", "memory", report);
    } else if (request_.memory) {
      report.error("memory",
                   "found tokens for a memory, and the source gives none; accepted is null, or source.memory "
                   "as \"file:tensor\"");
    }
    return report.errors.empty() ? Status() : Status(report.errors.front());
  }

  void setWeights() {
    const Sizes& s = out_.sizes;
    const std::int64_t width = s.dModel;
    out_.x = matrixOf(std::move(*x_), request_.batch);
    if (memory_) out_.memory = matrixOf(std::move(*memory_), request_.batch);
    if (memoryValue_) out_.memoryValue = matrixOf(std::move(*memoryValue_), request_.batch);
    out_.wQ = linearOf(block_->q, width, block_->inBias, 0);
    out_.wK = linearOf(block_->k, width, block_->inBias, width);
    out_.wV = linearOf(block_->v, width, block_->inBias, 2 * width);
    out_.wO = linearOf({block_->out, 0}, width, block_->outBias, 0);
    if (s.extraKeys == 0) return;
    out_.extraK = extraOf(block_->biasK, zeroKey_, s.heads, s.dK);
    out_.extraV = extraOf(block_->biasV, zeroKey_, s.heads, s.dV);
  }

  const SourceRequest& request_;
  const Kinded& source_;
  GivenFiles files_;
  bool batchFirst_;
  bool zeroKey_;
  const MhaBlock* block_ = nullptr;
  std::optional<InputPart> x_;
  std::optional<InputPart> memory_;
  std::optional<InputPart> memoryValue_;
  SourceOutput out_;
};

Result<SourceOutput> readMha(const SourceRequest& request) {
  return Reader(request).read();
}

std::vector<KeySpec> keys() {
  const auto text = [](std::string_view name, std::string_view help) {
    return KeySpec{name, KeyType::text, Value(), true, 0, 0, {}, help};
  };
  const auto boolean = [](std::string_view name, bool fallback, std::string_view help) {
    return KeySpec{name, KeyType::boolean, fallback, false, 0, 0, {}, help};
  };
  return {text("file", "The state dict of the layer, or of a model that holds it."),
          text("prefix", "What stands before the names of its tensors; found where the file has one layer."),
          text("x", "The input as \"file\" or \"file:tensor\": [tokens, E], or a batch of them."),
          text("memory", "The input of the keys and values; without it they come from x."),
          text("memory_value", "The input of the values, where it is another one than that of the keys."),
          boolean("batch_first", true, "A batch is [batch, tokens, E], else [tokens, batch, E]."),
          boolean("add_zero_attn", false, "Appends a key and a value of zeros; a state dict does not tell."),
          originKey(),
          filesKey()};
}

}  // namespace

const SourceKind& mhaSource() {
  static constexpr std::string_view kFileKeys[] = {"file", "x", "memory", "memory_value"};
  static const SourceKind kind{{"mha", "nn.MultiheadAttention",
                                "A torch.nn.MultiheadAttention with its weights and an input.", keys()},
                               true,
                               true,
                               [](const Kinded&) { return true; },
                               checkMha,
                               sizesOfFiles,
                               readMha,
                               kFileKeys};
  return kind;
}

}  // namespace headlight
