#include "core/experiment/source/qkv.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/words.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/given_files.h"
#include "core/experiment/source/given_layout.h"
#include "core/experiment/tensor_record.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

constexpr std::string_view kLayouts[] = {"htd", "thd", "bhtd", "bthd", "lhtd", "lbhtd", "td", "btd"};

std::string_view layoutOf(const Kinded& source) {
  const Value* layout = source.find("layout");
  if (layout) {
    for (const std::string_view known : kLayouts) {
      if (layout->string() == known) return known;
    }
  }
  return kLayouts[0];
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
  const Value* layer = source.find("layer");
  const std::string_view layout = layoutOf(source);
  if (layer && layer->integer() > 0 && !layout.starts_with('l')) {
    report.error(place.member("layer").path, "found layer " + layer->json() + " with layout " +
                                                 std::string(layout) +
                                                 ", which has no layers; accepted are lhtd and lbhtd");
  }
  checkOrigin(source, place, report);
  checkFileRecords(source, place, report);
}

/// H, T and d of a tensor, whatever their order.
struct Axes {
  std::int64_t heads = 0;
  std::int64_t tokens = 0;
  std::int64_t width = 0;
};

Axes axesOf(const FilePart& part, std::string_view layout) {
  const std::vector<std::int64_t>& shape = part.info.shape;
  return {axisLength(layout, shape, 'h'), axisLength(layout, shape, 't'), axisLength(layout, shape, 'd')};
}

/// The layout once heads that lie side by side in the width stand on an axis of their own: thd of td.
std::string splitLayout(std::string_view layout) {
  std::string axes(layout);
  if (axes.find('h') == std::string::npos) axes.insert(axes.size() - 1, 1, 'h');
  return axes;
}

Recipe<Linear> outputOf(FilePart weight, std::optional<FilePart> bias) {
  KeyHash hash;
  hash.add(weight.key).add(bias ? bias->key : std::uint64_t{0});
  const std::uint64_t key = hash.key();
  return {key, [weight = std::move(weight), bias = std::move(bias)]() -> Result<Linear> {
            Linear linear{Matrix(weight.info.shape[0], weight.info.shape[1]), {}};
            const std::int64_t width = linear.weight.cols();
            const auto row = [&](std::int64_t i, const float* values) {
              std::copy_n(values, width, linear.weight.row(i));
            };
            if (const Status read = readRows(weight, 0, linear.weight.rows(), width, row); !read)
              return read.error();
            if (!bias) return linear;
            const auto all = [&](std::int64_t, const float* values) {
              linear.bias.assign(values, values + width);
            };
            if (const Status read = readRows(*bias, 0, 1, width, all); !read) return read.error();
            return linear;
          }};
}

class Reader {
 public:
  explicit Reader(const SourceRequest& request)
      : request_(request),
        source_(request.experiment.source),
        files_(request),
        said_(layoutOf(source_)),
        layout_(splitLayout(said_)),
        chosen_(Chosen::of(request)) {}

  Result<SourceOutput> read() {
    Result<FilePart> q = part("q");
    if (!q) return q.error();
    Result<FilePart> k = part("k");
    if (!k) return k.error();
    std::optional<FilePart> v;
    const Value* file = source_.find("file");
    if (source_.find("v") || (file && fileHolds(file->string(), "v"))) {
      Result<FilePart> opened = part("v");
      if (!opened) return opened.error();
      v = std::move(*opened);
    }
    setSizes(*q, *k, v ? &*v : nullptr);
    if (const Status output = readOutput(v.has_value()); !output) return output.error();
    checkShape(v.has_value());
    if (!report_.errors.empty()) return report_.errors.front();
    for (const auto& [part, recipe] :
         {std::pair{&*q, &out_.q}, std::pair{&*k, &out_.k}, std::pair{v ? &*v : nullptr, &out_.v}}) {
      if (!part) continue;
      Result<Recipe<Heads>> made = headsOf(*part);
      if (!made) return made.error();
      *recipe = std::move(*made);
    }
    if (layout_.starts_with('l')) out_.layers = static_cast<int>(axisLength(layout_, q->info.shape, 'l'));
    out_.layer = static_cast<int>(chosen_.layer);
    if (layout_.find('b') != std::string_view::npos) {
      out_.batches = static_cast<int>(axisLength(layout_, q->info.shape, 'b'));
    }
    out_.files = std::move(files_.records);
    const Value* named = file ? file : source_.find("q");
    out_.origin = givenOrigin(source_, "from " + fileName(named->string()));
    return std::move(out_);
  }

 private:
  /// Opened, and of a shape that the layout says.
  Result<FilePart> part(std::string_view name) {
    const Value* own = source_.find(name);
    const std::string path = "source." + std::string(own ? name : "file");
    const Value* file = source_.find("file");
    if (!own && !file) return Error{ErrorCode::invalid, "found no " + std::string(name), path, ""};
    // A file that is named for this tensor alone may call it what it likes.
    Result<FilePart> opened =
        own ? files_.open(own->string(), name, path) : files_.open(file->string(), name, path, name);
    if (!opened) return opened.error();
    if (const Status fits = checkLayout(*opened, said_, kLayouts); !fits) return fits.error();
    if (said_ != layout_) {
      if (const Status split = splitHeads(*opened, name == "q"); !split) return split.error();
    }
    return opened;
  }

  /// [.., heads · width] as [.., heads, width]: the numbers lie the same way.
  Status splitHeads(FilePart& part, bool queries) const {
    const ShapeSpec& shape = request_.experiment.shape;
    const std::int64_t heads =
        queries ? shape.heads.value_or(1) : shape.kvHeads.value_or(shape.heads.value_or(1));
    std::vector<std::int64_t>& lengths = part.info.shape;
    if (heads < 1 || lengths.back() % heads != 0) {
      return part.wrong("a width that " + countText(heads, "head", "heads") + " can share",
                        "The number of heads is shape." + std::string(queries ? "heads" : "kv_heads"));
    }
    lengths.back() /= heads;
    lengths.insert(lengths.end() - 1, heads);
    return {};
  }

  bool fileHolds(const std::string& address, std::string_view tensor) {
    const auto file = files_.file(address, "source.file");
    return file && holds(**file, tensor);
  }

  Result<Recipe<Heads>> headsOf(const FilePart& part) const {
    const Result<std::int64_t> first = firstElement(part, layout_, chosen_);
    if (!first) return first.error();
    const Axes axes = axesOf(part, layout_);
    const bool tokensFirst = layout_.find('t') < layout_.find('h');
    return headsRecipe(part, {*first, axes.heads, axes.tokens, axes.width, tokensFirst});
  }

  void setSizes(const FilePart& qPart, const FilePart& kPart, const FilePart* vPart) {
    const Axes q = axesOf(qPart, layout_);
    const Axes k = axesOf(kPart, layout_);
    const Axes v = vPart ? axesOf(*vPart, layout_) : Axes{};
    Sizes& sizes = out_.sizes;
    sizes.queries = q.tokens;
    sizes.keys = k.tokens;
    sizes.heads = static_cast<int>(q.heads);
    sizes.kvHeads = static_cast<int>(k.heads);
    sizes.dK = q.width;
    sizes.dV = v.width;
    const auto differ = [&](const FilePart& a, const FilePart& b, std::string_view what, std::int64_t ofA,
                            std::int64_t ofB) {
      report_.error("source", "found " + a.text() + " with " + std::string(what) + " " + std::to_string(ofA) +
                                  " and " + b.text() + " with " + std::to_string(ofB) +
                                  ", accepted are equal ones");
    };
    if (q.width != k.width) differ(qPart, kPart, "a width of", q.width, k.width);
    if (q.heads % k.heads != 0) {
      report_.error("source", "found " + qPart.text() + " with " + std::to_string(q.heads) + " heads and " +
                                  kPart.text() + " with " + std::to_string(k.heads) +
                                  ", accepted is a multiple of k's");
    }
    if (vPart && v.tokens != k.tokens) differ(kPart, *vPart, "a number of tokens of", k.tokens, v.tokens);
    if (vPart && v.heads != k.heads) differ(kPart, *vPart, "a number of heads of", k.heads, v.heads);
    report_.add(sameLeadingAxes(qPart, layout_, kPart, layout_, "source"));
    if (vPart) report_.add(sameLeadingAxes(kPart, layout_, *vPart, layout_, "source"));
    out_.cross = request_.memory.has_value() || q.tokens != k.tokens;
  }

  Status readOutput(bool values) {
    const Value* weight = source_.find("w_o");
    if (!weight) return {};
    if (!values) {
      return Error{ErrorCode::invalid, "found w_o without v, accepted are both or none", "source.w_o", ""};
    }
    Result<FilePart> part = files_.open(weight->string(), "w_o", "source.w_o");
    if (!part) return part.error();
    const std::int64_t rows = std::int64_t{out_.sizes.heads} * out_.sizes.dV;
    const std::vector<std::int64_t>& shape = part->info.shape;
    if (shape.size() != 2 || shape[0] != rows || shape[1] < 1 || shape[1] > kWidest) {
      return part->wrong("[heads·d_v, d_model] with heads·d_v = " + std::to_string(rows));
    }
    out_.sizes.dModel = shape[1];
    std::optional<FilePart> bias;
    if (const Value* b = source_.find("b_o")) {
      Result<FilePart> opened = files_.open(b->string(), "b_o", "source.b_o");
      if (!opened) return opened.error();
      if (opened->info.shape != std::vector<std::int64_t>{out_.sizes.dModel}) {
        return opened->wrong("[" + std::to_string(out_.sizes.dModel) + "], the width of " + part->text());
      }
      bias = std::move(*opened);
    }
    out_.wO = outputOf(std::move(*part), std::move(bias));
    return {};
  }

  void checkShape(bool values) {
    const ShapeSpec& shape = request_.experiment.shape;
    compareShape(shape.heads, out_.sizes.heads, "heads", report_);
    compareShape(shape.kvHeads, out_.sizes.kvHeads, "kv_heads", report_);
    compareShape(shape.dK, out_.sizes.dK, "d_k", report_);
    if (values) compareShape(shape.dV, out_.sizes.dV, "d_v", report_);
    if (out_.wO) compareShape(shape.dModel, out_.sizes.dModel, "d_model", report_);
    compareTokens(request_.tokens, out_.sizes.queries, "tokens", "q", report_);
    compareTokens(request_.memory, out_.sizes.keys, "memory", "k", report_);
  }

  const SourceRequest& request_;
  const Kinded& source_;
  GivenFiles files_;
  std::string_view said_;
  std::string layout_;  ///< with the axis of the heads
  Chosen chosen_;
  SourceOutput out_;
  Report report_;
};

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
           {std::begin(kLayouts), std::end(kLayouts)},
           "Order of the axes: l layers, b batch, h heads, t tokens, d width; in td and btd the width holds "
           "shape.heads heads side by side."},
          {"layer",
           KeyType::integer,
           0,
           false,
           0,
           static_cast<double>(kMostTokens),
           {},
           "Which layer is read, where the layout has layers."},
          file("w_o", "W_O [heads·d_v, d_model]."),
          file("b_o", "b_O [d_model]."),
          originKey(),
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
                               sizesOfFiles,
                               readQkv,
                               kFileKeys};
  return kind;
}

}  // namespace headlight
