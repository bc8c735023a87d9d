#include "core/experiment/source/qkv.h"

#include <algorithm>
#include <functional>

#include "core/base/hash.h"
#include "core/experiment/schema.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

std::string shapeText(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (const std::int64_t length : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  return text + "]";
}

void checkQkv(const Kinded& source, const Place& place, Report& report) {
  const bool file = source.find("file") != nullptr;
  const bool q = source.find("q") != nullptr;
  const bool k = source.find("k") != nullptr;
  if (!file && !(q && k)) {
    report.error(place.path,
                 "found neither file nor both q and k, accepted is a file that holds q, k and v, or each "
                 "as \"file:tensor\"");
  }
  if (source.find("b_o") && !source.find("w_o")) {
    report.error(place.member("b_o").path, "found b_o without w_o, accepted are both or none");
  }
  checkFileRecords(source, place, report);
}

/// One tensor of the source: where it stands and what its header says.
struct Part {
  std::string path;  ///< "source.q"
  TensorFile file;
  TensorInfo info;
  std::uint64_t key = 0;
};

/// Opens each file once.
class Opener {
 public:
  explicit Opener(const SourceRequest& request) : request_(request) {}

  Result<Part> open(const std::string& address, const std::string& path, std::string_view tensor) {
    TensorAddress parsed = parseTensorAddress(address);
    if (parsed.tensor.empty()) parsed.tensor = tensor;
    const std::string full = inFolder(request_.folder, parsed.file);
    auto known = std::find_if(files_.begin(), files_.end(), [&](const auto& f) { return f.first == full; });
    if (known == files_.end()) {
      Result<FileRecord> record =
          recordOf(request_.experiment.source, parsed.file, request_.folder, request_.previous);
      if (!record) return record.error().inside(path);
      Result<TensorFile> file = TensorFile::open(full);
      if (!file) return file.error().inside(path);
      stamps_.push_back(record->stamp);
      records.push_back(std::move(*record));
      files_.emplace_back(full, std::move(*file));
      known = files_.end() - 1;
    }
    const TensorFile& file = known->second;
    Result<TensorInfo> info = file.find(parsed.tensor);
    if (!info) return info.error().inside(path);
    KeyHash hash;
    hash.add("file").add(full).add(stamps_[static_cast<std::size_t>(known - files_.begin())]).add(info->name);
    return Part{path, file, std::move(*info), hash.key()};
  }
  /// Whether the file that holds q has a tensor of this name.
  bool holds(const std::string& address, std::string_view tensor) const {
    const std::string full = inFolder(request_.folder, parseTensorAddress(address).file);
    for (const auto& [path, file] : files_) {
      if (path != full) continue;
      const auto tensors = file.tensors();
      return std::any_of(tensors.begin(), tensors.end(),
                         [&](const TensorInfo& t) { return t.name == tensor; });
    }
    return false;
  }

  std::vector<FileRecord> records;

 private:
  const SourceRequest& request_;
  std::vector<std::pair<std::string, TensorFile>> files_;
  std::vector<std::uint64_t> stamps_;
};

/// H, T and d of a part, whatever their order.
struct Axes {
  std::int64_t heads = 0;
  std::int64_t tokens = 0;
  std::int64_t width = 0;
};

Result<Axes> axesOf(const Part& part, bool tokensFirst) {
  const std::vector<std::int64_t>& shape = part.info.shape;
  const std::string accepted =
      tokensFirst ? "[tokens, heads, width] (layout thd)" : "[heads, tokens, width] (layout htd)";
  const Error wrong{ErrorCode::invalid, "found " + shapeText(shape) + ", accepted is " + accepted, part.path,
                    ""};
  if (shape.size() != 3) return wrong;
  const Axes axes{shape[tokensFirst ? 1 : 0], shape[tokensFirst ? 0 : 1], shape[2]};
  if (axes.heads < 1 || axes.tokens < 1 || axes.width < 1) return wrong;
  if (axes.heads > kMostHeads || axes.tokens > kMostTokens || axes.width > kWidest) {
    return Error{ErrorCode::invalid,
                 "found " + shapeText(shape) + ", accepted are at most " + std::to_string(kMostHeads) +
                     " heads, " + std::to_string(kMostTokens) + " tokens and a width of " +
                     std::to_string(kWidest),
                 part.path, "Is the layout right? " + accepted};
  }
  return axes;
}

Recipe<Heads> headsOf(Part part, Axes axes, bool tokensFirst) {
  KeyHash hash;
  hash.add(part.key).add(tokensFirst ? "thd" : "htd");
  const std::uint64_t key = hash.key();
  return {key, [part = std::move(part), axes, tokensFirst]() -> Result<Heads> {
            Result<Tensor> tensor = part.file.read(part.info.name, Precision::float32);
            if (!tensor) return tensor.error();
            Heads heads;
            for (std::int64_t h = 0; h < axes.heads; ++h) {
              Matrix& matrix = heads.emplace_back(axes.tokens, axes.width);
              for (std::int64_t t = 0; t < axes.tokens; ++t) {
                const std::int64_t row = tokensFirst ? t * axes.heads + h : h * axes.tokens + t;
                std::copy_n(tensor->floats.data() + row * axes.width, axes.width, matrix.row(t));
              }
            }
            return heads;
          }};
}

Recipe<Linear> outputOf(Part weight, std::optional<Part> bias) {
  KeyHash hash;
  hash.add(weight.key).add(bias ? bias->key : std::uint64_t{0});
  const std::uint64_t key = hash.key();
  return {key, [weight = std::move(weight), bias = std::move(bias)]() -> Result<Linear> {
            Result<Tensor> tensor = weight.file.read(weight.info.name, Precision::float32);
            if (!tensor) return tensor.error();
            Linear linear{Matrix(weight.info.shape[0], weight.info.shape[1]), {}};
            std::copy(tensor->floats.begin(), tensor->floats.end(), linear.weight.data());
            if (bias) {
              Result<Tensor> values = bias->file.read(bias->info.name, Precision::float32);
              if (!values) return values.error();
              linear.bias.assign(values->floats.begin(), values->floats.end());
            }
            return linear;
          }};
}

/// A key of `shape` that was given may only repeat what the file says.
void compare(const std::optional<std::int64_t>& given, std::int64_t found, std::string_view key,
             Report& report) {
  if (given && *given != found) {
    report.error("shape." + std::string(key),
                 "found " + std::to_string(*given) + ", the source's file has " + std::to_string(found));
  }
}

void compareTokens(const std::optional<std::vector<Token>>& tokens, std::int64_t found, std::string_view key,
                   std::string_view tensor, Report& report) {
  if (tokens && static_cast<std::int64_t>(tokens->size()) != found) {
    report.error(std::string(key), "found " + std::to_string(tokens->size()) + " tokens, source." +
                                       std::string(tensor) + " has " + std::to_string(found));
  }
}

/// "qkv.npz" of a path.
std::string fileName(const std::string& address) {
  const std::string file = parseTensorAddress(address).file;
  return file.substr(file.find_last_of('/') + 1);
}

class Reader {
 public:
  explicit Reader(const SourceRequest& request)
      : request_(request), source_(request.experiment.source), opener_(request) {
    const Value* layout = source_.find("layout");
    tokensFirst_ = layout && layout->string() == "thd";
  }

  Result<SourceOutput> read() {
    Result<Part> q = part("q");
    if (!q) return q.error();
    Result<Part> k = part("k");
    if (!k) return k.error();
    Result<Axes> qAxes = axesOf(*q, tokensFirst_);
    if (!qAxes) return qAxes.error();
    Result<Axes> kAxes = axesOf(*k, tokensFirst_);
    if (!kAxes) return kAxes.error();
    std::optional<Part> v;
    Axes vAxes;
    const Value* file = source_.find("file");
    if (source_.find("v") || (file && opener_.holds(file->string(), "v"))) {
      Result<Part> opened = part("v");
      if (!opened) return opened.error();
      Result<Axes> axes = axesOf(*opened, tokensFirst_);
      if (!axes) return axes.error();
      v = std::move(*opened);
      vAxes = *axes;
    }
    setSizes(*qAxes, *kAxes, v ? &vAxes : nullptr);
    if (const Status output = readOutput(v.has_value()); !output) return output.error();
    checkShape(v.has_value());
    if (!report_.errors.empty()) return report_.errors.front();
    out_.q = headsOf(std::move(*q), *qAxes, tokensFirst_);
    out_.k = headsOf(std::move(*k), *kAxes, tokensFirst_);
    if (v) out_.v = headsOf(std::move(*v), vAxes, tokensFirst_);
    out_.files = std::move(opener_.records);
    const Value* named = file ? file : source_.find("q");
    out_.origin = {"from " + fileName(named->string()), false};
    return std::move(out_);
  }

 private:
  Result<Part> part(std::string_view name) {
    const Value* own = source_.find(name);
    const std::string path = "source." + std::string(own ? name : "file");
    // A file that is named for this tensor alone may call it what it likes.
    return own ? opener_.open(own->string(), path, "")
           : source_.find("file")
               ? opener_.open(source_.find("file")->string(), path, name)
               : Result<Part>(Error{ErrorCode::invalid, "found no " + std::string(name), path, ""});
  }

  void setSizes(const Axes& q, const Axes& k, const Axes* v) {
    Sizes& sizes = out_.sizes;
    sizes.queries = q.tokens;
    sizes.keys = k.tokens;
    sizes.heads = static_cast<int>(q.heads);
    sizes.kvHeads = static_cast<int>(k.heads);
    sizes.dK = q.width;
    sizes.dV = v ? v->width : 0;
    const auto differs = [&](std::string_view what, std::int64_t a, std::int64_t b) {
      report_.error("source", "found " + std::string(what) + " of " + std::to_string(a) + " and " +
                                  std::to_string(b) + ", accepted are equal ones");
    };
    if (q.width != k.width) differs("q and k with widths", q.width, k.width);
    if (q.heads % k.heads != 0) {
      report_.error("source", "found q with " + std::to_string(q.heads) + " heads and k with " +
                                  std::to_string(k.heads) + ", accepted is a multiple of k's");
    }
    if (v && v->tokens != k.tokens) differs("k and v with tokens", k.tokens, v->tokens);
    if (v && v->heads != k.heads) differs("k and v with heads", k.heads, v->heads);
    out_.cross = request_.memory.has_value() || q.tokens != k.tokens;
  }

  Status readOutput(bool values) {
    const Value* weight = source_.find("w_o");
    if (!weight) return {};
    if (!values) {
      return Error{ErrorCode::invalid, "found w_o without v, accepted are both or none", "source.w_o", ""};
    }
    Result<Part> part = opener_.open(weight->string(), "source.w_o", "");
    if (!part) return part.error();
    const std::int64_t rows = std::int64_t{out_.sizes.heads} * out_.sizes.dV;
    const std::vector<std::int64_t>& shape = part->info.shape;
    if (shape.size() != 2 || shape[0] != rows || shape[1] < 1 || shape[1] > kWidest) {
      return Error{ErrorCode::invalid,
                   "found " + shapeText(shape) +
                       ", accepted is [heads·d_v, d_model] with heads·d_v = " + std::to_string(rows),
                   "source.w_o", ""};
    }
    out_.sizes.dModel = shape[1];
    std::optional<Part> bias;
    if (const Value* b = source_.find("b_o")) {
      Result<Part> opened = opener_.open(b->string(), "source.b_o", "");
      if (!opened) return opened.error();
      if (opened->info.shape != std::vector<std::int64_t>{out_.sizes.dModel}) {
        return Error{ErrorCode::invalid,
                     "found " + shapeText(opened->info.shape) + ", accepted is [" +
                         std::to_string(out_.sizes.dModel) + "], the width of w_o",
                     "source.b_o", ""};
      }
      bias = std::move(*opened);
    }
    out_.wO = outputOf(std::move(*part), std::move(bias));
    return {};
  }

  void checkShape(bool values) {
    const ShapeSpec& shape = request_.experiment.shape;
    compare(shape.heads, out_.sizes.heads, "heads", report_);
    compare(shape.kvHeads, out_.sizes.kvHeads, "kv_heads", report_);
    compare(shape.dK, out_.sizes.dK, "d_k", report_);
    if (values) compare(shape.dV, out_.sizes.dV, "d_v", report_);
    if (out_.wO) compare(shape.dModel, out_.sizes.dModel, "d_model", report_);
    compareTokens(request_.tokens, out_.sizes.queries, "tokens", "q", report_);
    compareTokens(request_.memory, out_.sizes.keys, "memory", "k", report_);
  }

  const SourceRequest& request_;
  const Kinded& source_;
  Opener opener_;
  bool tokensFirst_ = false;
  SourceOutput out_;
  Report report_;
};

/// The files decide; nothing is known before they are opened.
std::optional<Sizes> qkvSizes(const Experiment&, std::int64_t, std::int64_t, Report&) {
  return std::nullopt;
}

Result<SourceOutput> readQkv(const SourceRequest& request) {
  return Reader(request).read();
}

std::vector<KeySpec> keys() {
  const auto file = [](std::string_view name, std::string_view help) {
    return KeySpec{name, KeyType::text, Value(), true, 0, 0, {}, help};
  };
  return {file("file", "A file that holds q, k and v."),
          file("q", "q as \"file\" or \"file:tensor\"."),
          file("k", "k as \"file\" or \"file:tensor\"."),
          file("v", "v as \"file\" or \"file:tensor\"; without v stages end at the weights."),
          {"layout",
           KeyType::word,
           "htd",
           false,
           0,
           0,
           {"htd", "thd"},
           "Order of the axes: heads, tokens, width, or tokens, heads, width."},
          file("w_o", "W_O [heads·d_v, d_model]."),
          file("b_o", "b_O [d_model]."),
          filesKey()};
}

}  // namespace

const SourceKind& qkvSource() {
  static constexpr std::string_view kFileKeys[] = {"file", "q", "k", "v", "w_o", "b_o"};
  static const SourceKind kind{{"qkv", "q, k, v from a file",
                                "Queries, keys and values as they are in a file, one matrix a head.", keys()},
                               true,
                               false,
                               [](const Kinded&) { return true; },
                               checkQkv,
                               qkvSizes,
                               readQkv,
                               kFileKeys};
  return kind;
}

}  // namespace headlight
