#include "core/attention/mask/given_rows.h"

#include <algorithm>
#include <array>

#include "core/attention/mask/keys.h"
#include "core/base/shape.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr std::array<std::string_view, 10> kAxes{"k",   "qk",  "hk",  "bk",  "nk",
                                                 "hqk", "bqk", "nqk", "bhk", "bhqk"};

std::int64_t batchesOf(const MaskContext& context) {
  return std::max(context.batches, 1);
}

/// How long an axis is.
std::int64_t lengthOf(char axis, const MaskContext& context) {
  switch (axis) {
    case 'b':
      return batchesOf(context);
    case 'h':
      return context.heads;
    case 'n':
      return batchesOf(context) * context.heads;
    case 'q':
      return context.queries;
    default:
      return context.keys;
  }
}

Result<std::string> axesOf(const Value& axes, const std::vector<std::int64_t>& shape,
                           const MaskContext& context, const std::string& address, const std::string& path) {
  if (axes.isNull()) {
    switch (shape.size()) {
      case 1:
        return std::string("k");
      case 2:
        return std::string("qk");
      case 3:
        return std::string(shape[0] == context.heads || shape[0] == 1 ? "hqk" : "nqk");
      case 4:
        return std::string("bhqk");
      default:
        return Error{ErrorCode::invalid,
                     "found " + address + " of shape " + shapeText(shape) + ", accepted are 1 to 4 axes",
                     path + ".tensor", ""};
    }
  }
  const std::string& word = axes.string();
  if (word.size() != shape.size()) {
    return Error{ErrorCode::invalid,
                 "found " + quoted(word) + " for " + address + " of shape " + shapeText(shape) +
                     ", accepted is a letter for each of its " +
                     countText(static_cast<std::int64_t>(shape.size()), "axis", "axes"),
                 path + ".axes", ""};
  }
  return word;
}

/// Other axes that would fit, for the hint.
std::string hint(const std::vector<std::int64_t>& shape, const MaskContext& context) {
  for (const std::string_view axes : kAxes) {
    if (axes.size() != shape.size()) continue;
    bool fits = true;
    for (std::size_t n = 0; n < shape.size(); ++n) fits = fits && shape[n] == lengthOf(axes[n], context);
    if (fits) return "\"axes\": " + quoted(axes) + " would fit";
  }
  return "";
}

}  // namespace

Result<std::optional<GivenRows>> GivenRows::open(const std::string& address, const Value& axes,
                                                 const MaskContext& context, const std::string& path) {
  if (context.tensors == nullptr) return std::optional<GivenRows>();
  auto tensor = context.tensors->open(address, path + ".tensor");
  if (!tensor) return tensor.error();
  const std::vector<std::int64_t>& shape = (*tensor)->shape();
  const auto word = axesOf(axes, shape, context, address, path);
  if (!word) return word.error();
  std::vector<std::int64_t> accepted;
  bool fits = true;
  bool repeats = false;
  for (std::size_t n = 0; n < shape.size(); ++n) {
    const char axis = (*word)[n];
    const std::int64_t length = lengthOf(axis, context);
    const bool repeated = shape[n] == 1 && axis != 'k' && axis != 'n';
    repeats = repeats || (axis != 'k' && axis != 'n');
    fits = fits && (shape[n] == length || repeated);
    accepted.push_back(length);
  }
  if (!fits) {
    return Error{ErrorCode::invalid,
                 "found " + address + " of shape " + shapeText(shape) + ", read as " + *word +
                     "; accepted is " + shapeText(accepted) + (repeats ? ", where b, h and q may be 1" : ""),
                 path + ".tensor", hint(shape, context)};
  }
  GivenRows rows;
  rows.address_ = address;
  rows.keys_ = context.keys;
  std::int64_t stride = 1;
  for (std::size_t n = shape.size(); n-- > 0;) {
    const std::int64_t step = shape[n] == 1 ? 0 : stride;
    switch ((*word)[n]) {
      case 'q':
        rows.queryStride_ = step;
        break;
      case 'h':
        rows.headStride_ = step;
        break;
      case 'b':
        rows.first_ += context.batch * step;
        break;
      case 'n':
        rows.headStride_ = context.heads == 1 ? 0 : step;
        rows.first_ += std::int64_t{context.batch} * context.heads * step;
        break;
      default:
        break;
    }
    stride *= shape[n];
  }
  rows.tensor_ = std::move(*tensor);
  rows.axes_ = *word;
  rows.batch_ = context.batch;
  rows.heads_ = context.heads;
  return std::optional<GivenRows>(std::move(rows));
}

KeySpec GivenRows::tensorKey(std::string_view help) {
  return {.name = "tensor", .type = KeyType::text, .fallback = nullptr, .words = {}, .help = help};
}

KeySpec GivenRows::axesKey() {
  return {.name = "axes",
          .type = KeyType::word,
          .fallback = nullptr,
          .nullable = true,
          .words = {kAxes.begin(), kAxes.end()},
          .help =
              "Axes of the tensor, b batch, h head, q query, k key, n = batch · heads + head; null: by its "
              "rank, k, qk, hqk (or nqk) and bhqk"};
}

bool GivenRows::read(int head, std::int64_t query, std::int64_t begin, std::int64_t count, float* out) const {
  return tensor_->read(row(head, query) + begin, count, out);
}

std::string GivenRows::place(int head, std::int64_t query, std::int64_t key) const {
  std::vector<std::int64_t> indices;
  for (std::size_t n = 0; n < axes_.size(); ++n) {
    std::int64_t index = key;
    if (axes_[n] == 'b') index = batch_;
    if (axes_[n] == 'h') index = head;
    if (axes_[n] == 'n') index = std::int64_t{batch_} * heads_ + head;
    if (axes_[n] == 'q') index = query;
    indices.push_back(tensor_->shape()[n] == 1 ? 0 : index);
  }
  return shapeText(indices);
}

}  // namespace headlight
