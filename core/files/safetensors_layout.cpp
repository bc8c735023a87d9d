#include "core/files/safetensors_layout.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "core/base/number.h"
#include "core/base/shape.h"
#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/files/npy.h"

namespace headlight {
namespace {

/// Of an entry: "":{"dtype":"U8","shape":[],"data_offsets":[0,0]}
constexpr std::size_t kShortestEntry = 48;

/// 0 … count − 1, sorted.
template <class Less>
std::vector<std::uint32_t> sortedOrder(std::size_t count, Less less) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(), less);
  return order;
}

}  // namespace

std::string shownInHeader(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  return headlight::quoted(repairedUtf8(text.substr(0, kLongest)) + (text.size() > kLongest ? "…" : ""));
}

SafetensorsLayout::SafetensorsLayout(std::string_view text, std::uint64_t dataBytes, const std::string& path)
    : text_(text), dataBytes_(dataBytes), path_(path) {
  names_.reserve(text.size());
  entries_.reserve(std::min(text.size() / kShortestEntry + 1, kMostTensors));
}

Error SafetensorsLayout::invalid(std::string what, std::uint64_t at) const {
  return Error{ErrorCode::invalid, std::move(what), placeInFile(path_, kSafetensorsPrelude + at), ""};
}

SafetensorsEntry SafetensorsLayout::begin(std::string_view name, std::uint32_t place) {
  SafetensorsEntry entry;
  entry.place = place;
  entry.nameAt = static_cast<std::uint32_t>(names_.size());
  entry.nameLength = static_cast<std::uint16_t>(name.size());
  names_ += name;
  return entry;
}

Status SafetensorsLayout::add(SafetensorsEntry entry, const std::vector<std::int64_t>& shape) {
  const SafetensorsDtype& dtype = safetensorsDtypes()[entry.dtype];
  const auto refuse = [&](const std::string& what) {
    return invalid("tensor " + shownInHeader(nameOf(entry)) + ": " + what, entry.place);
  };
  const auto typed = [&] { return std::string(dtype.name) + " of shape " + shapeText(shape); };
  const auto offsets = [&] {
    return "data_offsets [" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + "]";
  };
  if (entries_.size() == kMostTensors) {
    return refuse("found more than " + std::to_string(kMostTensors) +
                  " tensors, accepted are at most so many");
  }
  const auto count = elementCount(shape);
  const auto bits = count ? checkedProduct(*count, dtype.bits) : std::nullopt;
  if (!bits) return refuse(typed() + " has more than 2^63 - 1 bits, accepted are fewer");
  if (*bits % 8 != 0) {
    return refuse(typed() + " has " + std::to_string(*bits) + " bits, accepted is a multiple of 8");
  }
  if (entry.end < entry.begin) {
    return refuse("found " + offsets() + ", accepted is an end that is not before its begin");
  }
  if (entry.end > dataBytes_) {
    return refuse("found " + offsets() + ", the file has " + std::to_string(dataBytes_) + " bytes of data");
  }
  const std::int64_t bytes = *bits / 8;
  const auto held = static_cast<std::int64_t>(entry.end - entry.begin);
  if (held != bytes) {
    return refuse(typed() + " needs " + countText(bytes, "byte", "bytes") + ", its " + offsets() + " hold " +
                  std::to_string(held));
  }
  entry.axes = static_cast<std::uint8_t>(shape.size());
  entries_.push_back(entry);
  return {};
}

Status SafetensorsLayout::checkNames() const {
  const auto order = sortedOrder(entries_.size(), [this](std::uint32_t a, std::uint32_t b) {
    const int compared = nameOf(entries_[a]).compare(nameOf(entries_[b]));
    return compared != 0 ? compared < 0 : a < b;
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const SafetensorsEntry& second = entries_[order[i]];
    if (nameOf(entries_[order[i - 1]]) == nameOf(second)) {
      return invalid("the tensor " + shownInHeader(nameOf(second)) + " stands twice, accepted is once",
                     second.place);
    }
  }
  return {};
}

/// The tensors must cover the data without a hole or an overlap, and nothing may follow them.
Status SafetensorsLayout::checkRuns() const {
  const auto order = sortedOrder(entries_.size(), [this](std::uint32_t a, std::uint32_t b) {
    const SafetensorsEntry& x = entries_[a];
    const SafetensorsEntry& y = entries_[b];
    return x.begin != y.begin ? x.begin < y.begin : x.end != y.end ? x.end < y.end : a < b;
  });
  std::uint64_t reachedByte = 0;
  for (const std::uint32_t index : order) {
    const SafetensorsEntry& entry = entries_[index];
    if (entry.begin != reachedByte) {
      return invalid("tensor " + shownInHeader(nameOf(entry)) + ": its data begin at byte " +
                         std::to_string(entry.begin) +
                         (entry.begin > reachedByte ? " and leave a hole, accepted is byte "
                                                    : " and overlap another's, accepted is byte ") +
                         std::to_string(reachedByte),
                     entry.place);
    }
    reachedByte = entry.end;
  }
  if (reachedByte != dataBytes_) {
    return invalid("found " +
                       countText(static_cast<std::int64_t>(dataBytes_ - reachedByte), "byte", "bytes") +
                       " that no tensor names, accepted are none",
                   text_.size() + reachedByte);
  }
  return {};
}

SafetensorsTensor SafetensorsLayout::tensorOf(const SafetensorsEntry& entry) const {
  SafetensorsTensor tensor;
  tensor.name = nameOf(entry);
  tensor.dtype = safetensorsDtypes()[entry.dtype];
  const char* at = text_.data() + entry.shapeAt;
  const char* const end = text_.data() + text_.size();
  while (tensor.shape.size() < entry.axes) {
    at = std::find_if(at, end, [](char c) { return c >= '0' && c <= '9'; });
    std::int64_t length = 0;
    at = std::from_chars(at, end, length).ptr;
    tensor.shape.push_back(length);
  }
  tensor.elements = elementCount(tensor.shape).value_or(0);
  tensor.place = kSafetensorsPrelude + entry.place;
  tensor.offset = kSafetensorsPrelude + text_.size() + entry.begin;
  tensor.bytes = entry.end - entry.begin;
  return tensor;
}

Result<std::vector<SafetensorsTensor>> SafetensorsLayout::tensors() const {
  if (Status status = checkNames(); !status) return status.error();
  if (Status status = checkRuns(); !status) return status.error();
  std::vector<SafetensorsTensor> tensors;
  tensors.reserve(entries_.size());
  for (const SafetensorsEntry& entry : entries_) tensors.push_back(tensorOf(entry));
  return tensors;
}

}  // namespace headlight
