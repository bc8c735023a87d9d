#include "core/experiment/source/maps.h"

#include <algorithm>
#include <iterator>

#include "core/base/hash.h"
#include "core/base/words.h"
#include "core/experiment/file_tensors.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/given_files.h"
#include "core/experiment/source/given_layout.h"
#include "core/experiment/source/maps_check.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

constexpr std::string_view kLayouts[] = {"qk", "hqk", "bhqk", "lhqk", "lbhqk"};

/// What was said, or nothing.
std::optional<std::string_view> saidLayout(const Kinded& source) {
  const Value* layout = source.find("layout");
  if (!layout) return std::nullopt;
  return *std::find(std::begin(kLayouts), std::end(kLayouts), layout->string());
}

bool areScores(const Kinded& source) {
  const Value* is = source.find("is");
  return is && is->string() == "scores";
}

void checkMaps(const Kinded& source, const Place& place, Report& report) {
  if (!source.find("file")) {
    report.error(place.path,
                 "found no file, accepted is one that holds the maps, as \"file\" or \"file:tensor\"");
  }
  const Value* layer = source.find("layer");
  const auto layout = saidLayout(source);
  if (layer && layer->integer() > 0 && layout && !layout->starts_with('l')) {
    report.error(place.member("layer").path, "found layer " + layer->json() + " with layout " +
                                                 std::string(*layout) +
                                                 ", which has no layers; accepted are lhqk and lbhqk");
  }
  checkOrigin(source, place, report);
  checkFileRecords(source, place, report);
}

/// What of the experiment cannot act on the maps, for a warning.
std::vector<std::string> idle(const Experiment& e, bool scores) {
  std::vector<std::string> words;
  const auto add = [&](bool given, const char* word) {
    if (given) words.emplace_back(word);
  };
  const Experiment plain;
  add(!(e.scale == plain.scale), "score.scale");
  add(e.position.kind != plain.position.kind, "position");
  if (scores) return words;
  add(e.softcap.has_value(), "score.softcap");
  add(!e.biases.empty(), "score.bias");
  add(!e.mask.empty(), "mask");
  add(!(e.normalizer == plain.normalizer), "normalizer");
  add(e.temperature != plain.temperature, "normalizer.temperature");
  add(e.emptyRow != plain.emptyRow, "normalizer.empty_row");
  return words;
}

class Reader {
 public:
  explicit Reader(const SourceRequest& request)
      : request_(request),
        source_(request.experiment.source),
        files_(request),
        scores_(areScores(source_)),
        chosen_(Chosen::of(request)) {}

  Result<SourceOutput> read() {
    const std::string& address = source_.find("file")->string();
    Result<FilePart> maps = files_.open(address, "maps", "source.file");
    if (!maps) return maps.error();
    if (const Status sized = setSizes(*maps); !sized) return sized.error();
    if (const Status values = readValues(*maps); !values) return values.error();
    checkShape();
    if (!report_.errors.empty()) return report_.errors.front();
    if (const Status given = give(*maps); !given) return given.error();
    if (const auto words = idle(request_.experiment, scores_); !words.empty()) {
      out_.warnings.push_back("the " + std::string(scores_ ? "scores" : "weights") + " are given: " +
                              listText(words) + (words.size() == 1 ? " does" : " do") + " nothing to them");
    }
    out_.files = std::move(files_.records);
    out_.origin =
        givenOrigin(source_, std::string(scores_ ? "scores" : "weights") + " from " + fileName(address));
    return std::move(out_);
  }

 private:
  /// What was said, else what the number of axes says.
  std::string_view layoutOf(const FilePart& maps) const {
    if (const auto said = saidLayout(source_)) return *said;
    for (const std::string_view layout : kLayouts) {
      if (layout.size() == maps.info.shape.size()) return layout;
    }
    return "hqk";
  }

  Status setSizes(const FilePart& maps) {
    layout_ = layoutOf(maps);
    if (Status fits = checkLayout(maps, layout_, kLayouts); !fits) return fits;
    if (chosen_.layer > 0 && !layout_.starts_with('l')) {
      return Error{ErrorCode::invalid,
                   "found layer " + std::to_string(chosen_.layer) + ", " + maps.text() +
                       " has no layers in layout " + std::string(layout_),
                   chosen_.layerPath, "Layouts with layers are lhqk and lbhqk"};
    }
    const std::vector<std::int64_t>& shape = maps.info.shape;
    Sizes& sizes = out_.sizes;
    sizes.queries = axisLength(layout_, shape, 'q');
    sizes.keys = axisLength(layout_, shape, 'k');
    sizes.heads = sizes.kvHeads = static_cast<int>(axisLength(layout_, shape, 'h'));
    out_.cross = request_.memory.has_value() || sizes.queries != sizes.keys;
    if (layout_.starts_with('l')) out_.layers = static_cast<int>(axisLength(layout_, shape, 'l'));
    out_.layer = static_cast<int>(chosen_.layer);
    if (layout_.find('b') != std::string_view::npos) {
      out_.batches = static_cast<int>(axisLength(layout_, shape, 'b'));
    }
    return {};
  }

  /// The values: one for all layers and batch elements, or with the same leading axes as the maps.
  Status readValues(const FilePart& maps) {
    const Value* address = source_.find("v");
    if (!address) return {};
    Result<FilePart> v = files_.open(address->string(), "v", "source.v");
    if (!v) return v.error();
    std::string own(layout_);
    own.replace(own.find("qk"), 2, "td");
    std::string layout = own;
    if (v->info.shape.size() == 3) layout = "htd";
    if (v->info.shape.size() == 2) layout = "td";
    if (Status fits = checkLayout(*v, layout, std::vector<std::string_view>{"td", "htd", own}); !fits)
      return fits;
    if (layout == own) {
      if (Status same = sameLeadingAxes(maps, layout_, *v, layout, "source.v"); !same) return same;
    }
    const std::int64_t heads = axisLength(layout, v->info.shape, 'h');
    const std::int64_t tokens = axisLength(layout, v->info.shape, 't');
    Sizes& sizes = out_.sizes;
    if (tokens != sizes.keys) {
      return v->wrong(std::to_string(sizes.keys) + " tokens, the keys of " + maps.text());
    }
    if (sizes.heads % heads != 0) {
      return v->wrong("a number of heads that divides the " + std::to_string(sizes.heads) + " of " +
                      maps.text());
    }
    sizes.kvHeads = static_cast<int>(heads);
    sizes.dV = v->info.shape.back();
    const Result<std::int64_t> first = firstElement(*v, layout, chosen_);
    if (!first) return first.error();
    out_.v = headsRecipe(std::move(*v), {*first, heads, tokens, sizes.dV, false});
    return {};
  }

  void checkShape() {
    const ShapeSpec& shape = request_.experiment.shape;
    compareShape(shape.heads, out_.sizes.heads, "heads", report_);
    if (out_.v) compareShape(shape.kvHeads, out_.sizes.kvHeads, "kv_heads", report_);
    if (out_.v) compareShape(shape.dV, out_.sizes.dV, "d_v", report_);
    compareTokens(request_.tokens, out_.sizes.queries, "tokens", "file", report_);
    compareTokens(request_.memory, out_.sizes.keys, "memory", "file", report_);
  }

  /// Opens the maps and looks them through, or shares them with what was there before.
  Status give(const FilePart& maps) {
    const Result<std::int64_t> first = firstElement(maps, layout_, chosen_);
    if (!first) return first.error();
    const Sizes& sizes = out_.sizes;
    const std::uint64_t key = KeyHash()
                                  .add(maps.key)
                                  .add(layout_)
                                  .add(static_cast<std::uint64_t>(*first))
                                  .add(std::uint64_t{scores_})
                                  .key();
    if (request_.previous) {
      const Caused<GivenMaps>& before = request_.previous->plan.inputs.maps;
      const auto* checked =
          before && before.key == key ? dynamic_cast<const CheckedMaps*>(before->tensor.get()) : nullptr;
      if (checked) {
        out_.warnings = checked->warnings();
        out_.maps = {key, [given = *before]() -> Result<GivenMaps> { return given; }};
        return {};
      }
    }
    auto tensor = givenTensor(*maps.file, maps.info);
    if (!tensor) return tensor.error().inside(maps.path);
    GivenMaps given{scores_ ? Stage::scaled : Stage::weights, *tensor, *first, sizes.queries * sizes.keys};
    auto warnings = mapsWarnings(given, sizes);
    if (!warnings) return warnings.error();
    out_.warnings = *warnings;
    given.tensor = std::make_shared<CheckedMaps>(*tensor, std::move(*warnings));
    out_.maps = {key, [given]() -> Result<GivenMaps> { return given; }};
    return {};
  }

  const SourceRequest& request_;
  const Kinded& source_;
  GivenFiles files_;
  bool scores_;
  Chosen chosen_;
  std::string_view layout_;
  SourceOutput out_;
  Report report_;
};

Result<SourceOutput> readMaps(const SourceRequest& request) {
  return Reader(request).read();
}

std::vector<KeySpec> keys() {
  return {
      {"file", KeyType::text, Value(), true, 0, 0, {}, "The maps as \"file\" or \"file:tensor\"."},
      {"is",
       KeyType::word,
       "weights",
       false,
       0,
       0,
       {"weights", "scores"},
       "Weights, to which nothing is applied, or scaled scores: softcap, biases, masks and normalizer "
       "follow."},
      {"layout",
       KeyType::word,
       Value(),
       true,
       0,
       0,
       {std::begin(kLayouts), std::end(kLayouts)},
       "Order of the axes: l layers, b batch, h heads, q queries, k keys; null is qk, hqk, bhqk or lbhqk by "
       "their number."},
      {"layer",
       KeyType::integer,
       0,
       false,
       0,
       static_cast<double>(kMostTokens),
       {},
       "Which layer is read, where the layout has layers."},
      {"v",
       KeyType::text,
       Value(),
       true,
       0,
       0,
       {},
       "v as \"file\" or \"file:tensor\": heads, keys, width, one for all or with the maps' layers and "
       "batch; without v stages end at the weights."},
      originKey(),
      filesKey()};
}

}  // namespace

const SourceKind& mapsSource() {
  static constexpr std::string_view kFileKeys[] = {"file", "v"};
  static const SourceKind kind{
      {"maps", "maps from a file", "Attention maps made elsewhere, one a head.", keys()},
      true,
      false,
      [](const Kinded&) { return true; },
      checkMaps,
      sizesOfFiles,
      readMaps,
      kFileKeys};
  return kind;
}

}  // namespace headlight
