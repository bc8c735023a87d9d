#include "core/files/tensor_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/files/npy.h"
#include "core/files/pickled.h"
#include "core/files/read_file.h"
#include "core/files/tensor_format.h"

namespace headlight {
namespace {

/// Elements that are decoded at a time.
constexpr std::int64_t kBlock = std::int64_t{1} << 16;
/// Room that is made without having seen the numbers.
constexpr std::uint64_t kTrustedBytes = std::uint64_t{64} << 20;
/// A zip member of so many bytes is read through to prove its checksum before a part of it is handed out.
constexpr std::uint64_t kProvenForParts = std::uint64_t{64} << 20;

Error invalid(std::string what, std::string where) {
  return Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
}

/// Those that are refused by name included.
bool endsLikeTensorFile(std::string_view lower) {
  const auto formats = tensorFormats();
  return endsLikePickle(lower) ||
         std::any_of(formats.begin(), formats.end(),
                     [&](const TensorFormat& format) { return lower.ends_with(format.extension); });
}

/// By how the file begins, else by its ending.
Result<const TensorFormat*> formatOf(const InputFile& file) {
  std::array<char, 9> first{};
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(first.size(), file.size()));
  if (Status status = file.read(0, std::span(first).first(n)); !status) return status.error();
  const std::string_view head(first.data(), n);
  const TensorFormat* byEnding = nullptr;
  const std::string path = lowered(file.path());
  for (const TensorFormat& format : tensorFormats()) {
    if (format.begins != nullptr && format.begins(head, file.size())) return &format;
    if (path.ends_with(format.extension)) byEnding = &format;
  }
  if (byEnding) return byEnding;
  if (beginsLikePickle(head) || endsLikePickle(path)) return pickledError(file.path());
  return invalid("found no file of numbers, accepted are " + acceptedEndings(), file.path());
}

std::unique_ptr<ByteStream> streamOf(const InputFile& file, const TensorRecord& record) {
  switch (record.coding) {
    case Coding::plain:
      return plainStream(file, record.run);
    case Coding::deflated:
      return inflateStream(file, record.run);
    case Coding::csv:
      return csvStream(file, record.run);
  }
  return nullptr;
}

/// Calls take(first, bytes, count) for the elements in the order of the file, a block at a time.
template <class Take>
Status eachBlock(ByteStream& stream, const TensorRecord& record, Take take) {
  if (Status status = skipBytes(stream, record.head); !status) return status;
  const auto blockBytes = static_cast<std::size_t>(std::min(kBlock, record.elements)) * record.type.bytes;
  std::vector<char> bytes(blockBytes);
  for (std::int64_t first = 0; first < record.elements; first += kBlock) {
    const std::int64_t count = std::min(kBlock, record.elements - first);
    const std::span<char> block(bytes.data(), static_cast<std::size_t>(count) * record.type.bytes);
    if (Status status = stream.read(block); !status) return status;
    if (Status status = take(first, block.data(), count); !status) return status;
  }
  return stream.finish();
}

/// Walks a column-major array and tells where each element stands in C order.
class FortranWalk {
 public:
  explicit FortranWalk(const std::vector<std::int64_t>& shape)
      : shape_(shape), index_(shape.size(), 0), stride_(shape.size(), 1) {
    for (std::size_t axis = shape.size(); axis-- > 1;) stride_[axis - 1] = stride_[axis] * shape[axis];
  }
  std::int64_t place() const { return place_; }
  void step() {
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      place_ += stride_[axis];
      if (++index_[axis] < shape_[axis]) return;
      place_ -= stride_[axis] * shape_[axis];
      index_[axis] = 0;
    }
  }

 private:
  const std::vector<std::int64_t>& shape_;
  std::vector<std::int64_t> index_;
  std::vector<std::int64_t> stride_;
  std::int64_t place_ = 0;
};

/// Whether the numbers lie in the file as they do in a vector of Out.
template <class Out>
bool liesLike(const ElementType& type) {
  return type.kind == 'f' && type.bytes == sizeof(Out) &&
         type.bigEndian == (std::endian::native == std::endian::big);
}

/// The elements [first, first + out.size()) in C order; with `partly` their bytes alone are read.
template <class Out>
Status readElements(const InputFile& file, const TensorRecord& record, std::int64_t first,
                    std::vector<Out>& out, bool partly) {
  const auto count = static_cast<std::int64_t>(out.size());
  if (partly) {
    const std::uint64_t begin =
        record.run.offset + record.head + static_cast<std::uint64_t>(first) * record.type.bytes;
    if (liesLike<Out>(record.type)) {
      return file.read(begin, {reinterpret_cast<char*>(out.data()), out.size() * sizeof(Out)});
    }
    std::vector<char> bytes(static_cast<std::size_t>(std::min(kBlock, count)) * record.type.bytes);
    for (std::int64_t done = 0; done < count; done += kBlock) {
      const auto n = static_cast<std::size_t>(std::min(kBlock, count - done));
      const std::span<char> block(bytes.data(), n * record.type.bytes);
      const std::uint64_t at = begin + static_cast<std::uint64_t>(done) * record.type.bytes;
      if (Status status = file.read(at, block); !status) return status;
      decodeElements(record.type, block.data(), n, out.data() + done);
    }
    return {};
  }
  std::vector<Out> block(static_cast<std::size_t>(std::min(kBlock, record.elements)));
  FortranWalk walk(record.info.shape);
  const auto stream = streamOf(file, record);
  return eachBlock(*stream, record, [&](std::int64_t at, const char* bytes, std::int64_t n) -> Status {
    const bool inside = record.fortranOrder || (at < first + count && at + n > first);
    if (!inside) return {};
    decodeElements(record.type, bytes, static_cast<std::size_t>(n), block.data());
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t place = record.fortranOrder ? walk.place() : at + i;
      if (place >= first && place < first + count) {
        out[static_cast<std::size_t>(place - first)] = block[static_cast<std::size_t>(i)];
      }
      if (record.fortranOrder) walk.step();
    }
    return {};
  });
}

}  // namespace

std::int64_t TensorInfo::size() const {
  return elementCount(shape).value_or(0);
}

Result<TensorFile> TensorFile::open(const std::string& path, const ReadLimits& limits) {
  try {
    auto file = InputFile::open(path);
    if (!file) return file.error();
    auto format = formatOf(*file);
    if (!format) return format.error();
    auto listing = (*format)->list(*file);
    if (!listing) return endsLikePickle(lowered(path)) ? pickledError(path) : listing.error();
    TensorFile made;
    made.path_ = path;
    made.stamp_ = file->stamp();
    made.limits_ = limits;
    for (const auto& [name, error] : listing->refused) {
      listing->notes.push_back("\"" + repairedUtf8(name) + "\" cannot be read: " + error.text());
    }
    for (const TensorRecord& record : listing->records) made.infos_.push_back(record.info);
    listing->byName.resize(listing->records.size());
    std::iota(listing->byName.begin(), listing->byName.end(), std::size_t{0});
    std::sort(listing->byName.begin(), listing->byName.end(),
              [&](std::size_t a, std::size_t b) { return made.infos_[a].name < made.infos_[b].name; });
    made.proven_ = std::make_shared<std::vector<std::atomic<bool>>>(listing->records.size());
    for (std::size_t i = 0; i < listing->records.size(); ++i) {
      (*made.proven_)[i] = !listing->records[i].run.crc.has_value();
    }
    made.listing_ = std::make_shared<const TensorListing>(std::move(*listing));
    return made;
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "not enough memory to read the file's headers", path, ""};
  }
}

std::span<const std::string> TensorFile::notes() const {
  return listing_->notes;
}

const std::map<std::string, std::string>& TensorFile::metadata() const {
  return listing_->metadata;
}

Result<std::size_t> TensorFile::indexOf(std::string_view name) const {
  if (name.empty() && infos_.size() == 1) return std::size_t{0};
  const std::vector<std::size_t>& byName = listing_->byName;
  const auto at =
      std::lower_bound(byName.begin(), byName.end(), name,
                       [&](std::size_t i, std::string_view wanted) { return infos_[i].name < wanted; });
  if (!name.empty() && at != byName.end() && infos_[*at].name == name) return *at;
  for (const auto& [refused, error] : listing_->refused) {
    if (refused == name) return error;
  }
  if (infos_.empty()) return invalid("the file holds no tensor that can be read", path_);
  constexpr std::size_t kMostNames = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(infos_.size(), kMostNames); ++i) {
    names += (i == 0 ? "" : ", ") + repairedUtf8(infos_[i].name);
  }
  if (infos_.size() > kMostNames) names += " and " + std::to_string(infos_.size() - kMostNames) + " more";
  const std::string what = name.empty()
                               ? "found " + std::to_string(infos_.size()) + " tensors and none was named"
                               : "found no tensor \"" + repairedUtf8(name) + "\"";
  return invalid(what + ", accepted are " + names, path_);
}

Result<TensorInfo> TensorFile::find(std::string_view name) const {
  const auto index = indexOf(name);
  if (!index) return index.error();
  return infos_[*index];
}

bool TensorFile::sliceable(std::string_view name) const {
  const auto index = indexOf(name);
  if (!index) return false;
  const TensorRecord& record = listing_->records[*index];
  return record.coding == Coding::plain && !record.fortranOrder;
}

Result<Tensor> TensorFile::read(std::string_view name, Precision precision) const {
  const auto index = indexOf(name);
  if (!index) return index.error();
  auto tensor = readSlice(name, 0, listing_->records[*index].elements, precision);
  if (tensor) tensor->shape = infos_[*index].shape;
  return tensor;
}

Result<Tensor> TensorFile::readSlice(std::string_view name, std::int64_t first, std::int64_t count,
                                     Precision precision) const {
  const auto index = indexOf(name);
  if (!index) return index.error();
  const TensorRecord& record = listing_->records[*index];
  if (first < 0 || count < 0 || first > record.elements || count > record.elements - first) {
    return invalid("wanted elements " + std::to_string(first) + " to " + std::to_string(first) + " + " +
                       std::to_string(count) + ", it has " + std::to_string(record.elements),
                   record.run.where);
  }
  const bool doubles =
      precision == Precision::float64 || (precision == Precision::stored && record.type.wide());
  const std::uint64_t bytes = static_cast<std::uint64_t>(count) * (doubles ? sizeof(double) : sizeof(float));
  if (bytes > limits_.tensorBytes) {
    return invalid("the tensor takes " + bytesText(static_cast<double>(bytes)) +
                       " in memory, accepted are at most " +
                       bytesText(static_cast<double>(limits_.tensorBytes)),
                   record.run.where);
  }
  auto file = InputFile::open(path_);
  if (!file) return file.error();
  if (file->stamp() != stamp_) {
    return Error{ErrorCode::unreadable, "the file was changed since it was opened", path_, "Open it again"};
  }
  std::atomic<bool>& proven = (*proven_)[*index];
  try {
    if (record.coding == Coding::deflated && !proven && bytes > kTrustedBytes) {
      // What a compressed tensor grows to is only its own word: see that it does before making room for it.
      const auto stream = streamOf(*file, record);
      if (Status status = stream->finish(); !status) return status.error();
      proven = true;
    }
    const bool whole = count == record.elements;
    const bool partly = record.coding == Coding::plain && !record.fortranOrder &&
                        (proven || (!whole && record.run.size > kProvenForParts));
    Tensor tensor;
    tensor.shape = {count};
    Status status;
    if (doubles) {
      tensor.doubles.resize(static_cast<std::size_t>(count));
      status = readElements(*file, record, first, tensor.doubles, partly);
    } else {
      tensor.floats.resize(static_cast<std::size_t>(count));
      status = readElements(*file, record, first, tensor.floats, partly);
    }
    if (!status) return status.error();
    if (!partly) proven = true;
    return tensor;
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "not enough memory for " + bytesText(static_cast<double>(bytes)),
                 record.run.where, ""};
  }
}

Result<ValueSummary> TensorFile::summarize(std::string_view name, const Cancel& cancel) const {
  const auto index = indexOf(name);
  if (!index) return index.error();
  const TensorRecord& record = listing_->records[*index];
  auto file = InputFile::open(path_);
  if (!file) return file.error();
  if (file->stamp() != stamp_) {
    return Error{ErrorCode::unreadable, "the file was changed since it was opened", path_, "Open it again"};
  }
  ValueSummary summary;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  std::vector<double> values(static_cast<std::size_t>(std::min(kBlock, record.elements)));
  const auto stream = streamOf(*file, record);
  Status status = eachBlock(*stream, record, [&](std::int64_t, const char* bytes, std::int64_t n) -> Status {
    if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", path_, ""};
    decodeElements(record.type, bytes, static_cast<std::size_t>(n), values.data());
    for (const double value : std::span(values).first(static_cast<std::size_t>(n))) {
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      } else if (std::isnan(value)) {
        ++summary.nans;
      } else {
        ++(value > 0 ? summary.positiveInfinities : summary.negativeInfinities);
      }
    }
    return {};
  });
  if (!status) return status.error();
  (*proven_)[*index] = true;
  summary.count = record.elements;
  const bool any = low <= high;
  summary.minimum = any ? low : std::numeric_limits<double>::quiet_NaN();
  summary.maximum = any ? high : std::numeric_limits<double>::quiet_NaN();
  return summary;
}

TensorAddress parseTensorAddress(std::string_view address) {
  const std::string lower = lowered(address);
  // A tensor's name may have colons, and so may a folder's: the first colon after a known ending parts the
  // two.
  for (std::size_t colon = lower.find(':'); colon != std::string::npos; colon = lower.find(':', colon + 1)) {
    if (endsLikeTensorFile(std::string_view(lower).substr(0, colon))) {
      return {std::string(address.substr(0, colon)), std::string(address.substr(colon + 1))};
    }
  }
  if (endsLikeTensorFile(lower)) return {std::string(address), ""};
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return {std::string(address), ""};
  return {std::string(address.substr(0, colon)), std::string(address.substr(colon + 1))};
}

}  // namespace headlight
