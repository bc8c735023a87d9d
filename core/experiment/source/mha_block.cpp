#include "core/experiment/source/mha_block.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "core/base/shape.h"
#include "core/base/words.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

constexpr std::string_view kPacked = "in_proj_weight";
constexpr std::string_view kSeparate = "q_proj_weight";
constexpr std::string_view kFilePath = "source.file";
constexpr std::string_view kPrefixPath = "source.prefix";

/// What stands before the names of a block's tensors, in the order of the file.
std::vector<std::string> prefixesOf(const TensorFile& file) {
  std::vector<std::string> prefixes;
  for (const TensorInfo& tensor : file.tensors()) {
    for (const std::string_view ending : {kPacked, kSeparate}) {
      if (!tensor.name.ends_with(ending)) continue;
      std::string prefix = tensor.name.substr(0, tensor.name.size() - ending.size());
      if (std::find(prefixes.begin(), prefixes.end(), prefix) == prefixes.end()) {
        prefixes.push_back(std::move(prefix));
      }
    }
  }
  return prefixes;
}

std::string listed(const std::vector<std::string>& prefixes) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(prefixes.size(), kMost); ++i) {
    names.push_back(quoted(prefixes[i]) + (prefixes[i].empty() ? ", without a prefix" : ""));
  }
  if (prefixes.size() > kMost) names.push_back(std::to_string(prefixes.size() - kMost) + " more");
  return listText(names);
}

/// Opens the tensors of one prefix and holds their shapes against each other.
class BlockReader {
 public:
  BlockReader(GivenFiles& files, const std::string& address, const TensorFile& file, std::string prefix)
      : files_(files), address_(parseTensorAddress(address).file), file_(file), prefix_(std::move(prefix)) {}

  Result<MhaBlock> read() {
    const bool packed = holds(file_, prefix_ + std::string(kPacked));
    if (const Status projections = packed ? readPacked() : readSeparate(); !projections) {
      return projections.error();
    }
    Result<FilePart> out = part("out_proj.weight");
    if (!out) return out.error();
    const std::int64_t width = block_.width;
    if (out->info.shape != Shape{width, width}) return mismatch(*out, "[E, E]");
    block_.out = std::move(*out);
    for (const auto& [name, target, shape] : {std::tuple{"in_proj_bias", &block_.inBias, Shape{3 * width}},
                                              std::tuple{"out_proj.bias", &block_.outBias, Shape{width}},
                                              std::tuple{"bias_k", &block_.biasK, Shape{1, 1, width}},
                                              std::tuple{"bias_v", &block_.biasV, Shape{1, 1, width}}}) {
      if (!holds(file_, prefix_ + name)) continue;
      Result<FilePart> found = part(name);
      if (!found) return found.error();
      if (found->info.shape != shape) return mismatch(*found, shapeText(shape));
      *target = std::move(*found);
    }
    if (block_.biasK.has_value() != block_.biasV.has_value()) {
      return block_.biasK ? missing("bias_v", *block_.biasK) : missing("bias_k", *block_.biasV);
    }
    return std::move(block_);
  }

 private:
  using Shape = std::vector<std::int64_t>;

  Result<FilePart> part(std::string_view name) {
    const std::string full = prefix_ + std::string(name);
    // The name follows from the prefix: its colons are no address.
    return files_.open(address_, full, std::string(kFilePath), full);
  }
  Error mismatch(const FilePart& found, const std::string& accepted) const {
    return Error{ErrorCode::invalid,
                 "found " + found.text() + " beside " + block_.q.part.text() + ", accepted is " + accepted +
                     " with E = " + std::to_string(block_.width),
                 found.path, ""};
  }
  Error missing(std::string_view name, const FilePart& beside) const {
    return Error{ErrorCode::invalid,
                 "found no " + prefix_ + std::string(name) + " beside " + beside.text() +
                     ", accepted are both or none",
                 std::string(kFilePath), ""};
  }

  Status readPacked() {
    Result<FilePart> weight = part(kPacked);
    if (!weight) return weight.error();
    const Shape& shape = weight->info.shape;
    const bool fits = shape.size() == 2 && shape[1] >= 1 && shape[1] <= kWidest && shape[0] == 3 * shape[1];
    if (!fits) return weight->wrong("[3E, E], the rows of q, k and v");
    const std::int64_t width = shape[1];
    block_.width = block_.keyWidth = block_.valueWidth = width;
    block_.q = {*weight, 0};
    block_.k = {*weight, width};
    block_.v = {std::move(*weight), 2 * width};
    return {};
  }

  Status readSeparate() {
    for (const auto& [name, target, width] :
         {std::tuple{kSeparate, &block_.q, &block_.width},
          std::tuple{std::string_view("k_proj_weight"), &block_.k, &block_.keyWidth},
          std::tuple{std::string_view("v_proj_weight"), &block_.v, &block_.valueWidth}}) {
      Result<FilePart> weight = part(name);
      if (!weight) return weight.error();
      const Shape& shape = weight->info.shape;
      const bool isQuery = name == kSeparate;
      const bool sized = shape.size() == 2 && shape[1] >= 1 && shape[1] <= kWidest;
      if (isQuery && !(sized && shape[0] == shape[1])) return weight->wrong("[E, E]");
      if (!isQuery && !(sized && shape[0] == block_.width)) return mismatch(*weight, "[E, its own width]");
      *width = shape[1];
      *target = {std::move(*weight), 0};
    }
    return {};
  }

  GivenFiles& files_;
  std::string address_;
  const TensorFile& file_;
  std::string prefix_;
  MhaBlock block_;
};

}  // namespace

Result<MhaBlock> findMha(GivenFiles& files, const std::string& address,
                         const std::optional<std::string>& prefix) {
  const auto file = files.file(address, std::string(kFilePath));
  if (!file) return file.error();
  const std::vector<std::string> prefixes = prefixesOf(**file);
  if (prefixes.empty()) {
    return Error{
        ErrorCode::invalid,
        "found no nn.MultiheadAttention in " + fileName(address) +
            ", accepted is a state dict with in_proj_weight [3E, E], or q_proj_weight, k_proj_weight "
            "and v_proj_weight, and out_proj.weight [E, E]",
        std::string(kFilePath), ""};
  }
  if (prefix) {
    for (const std::string& wanted : {*prefix, *prefix + "."}) {
      if (std::find(prefixes.begin(), prefixes.end(), wanted) != prefixes.end()) {
        return BlockReader(files, address, **file, wanted).read();
      }
    }
    return Error{
        ErrorCode::invalid,
        "found " + quoted(*prefix) + ", " + fileName(address) + " has a layer at " + listed(prefixes),
        std::string(kPrefixPath), didYouMean(*prefix, prefixes)};
  }
  std::vector<std::string> whole;
  std::optional<Result<MhaBlock>> only;
  std::optional<Error> broken;
  for (const std::string& candidate : prefixes) {
    Result<MhaBlock> block = BlockReader(files, address, **file, candidate).read();
    if (block) {
      whole.push_back(candidate);
      only = std::move(block);
    } else if (!broken) {
      broken = block.error();
    }
  }
  if (whole.empty()) return *broken;
  if (whole.size() > 1) {
    return Error{ErrorCode::invalid,
                 "found no prefix, and " + fileName(address) + " has " + std::to_string(whole.size()) +
                     " layers of nn.MultiheadAttention, at " + listed(whole),
                 std::string(kPrefixPath), "Name one of them as source.prefix"};
  }
  return std::move(*only);
}

}  // namespace headlight
