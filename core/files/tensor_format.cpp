#include "core/files/tensor_format.h"

#include <algorithm>
#include <array>

#include "core/base/utf8.h"
#include "core/files/npy.h"
#include "core/files/pickled.h"
#include "core/files/safetensors_header.h"
#include "core/files/zip_directory.h"

namespace headlight {
namespace {

TensorRecord recordOf(const NpyHeader& header, std::string name, Coding coding, FileRun run) {
  TensorRecord record;
  record.info = TensorInfo{std::move(name), header.type.name(), header.shape,
                           run.offset + (coding == Coding::plain ? header.headBytes : 0)};
  record.type = header.type;
  // One axis, or one element, has but one order.
  record.fortranOrder = header.fortranOrder && header.shape.size() > 1 && header.elements > 1;
  record.elements = header.elements;
  record.coding = coding;
  record.run = std::move(run);
  record.head = header.headBytes;
  return record;
}

void noteLeftOver(TensorListing& listing, const NpyHeader& header, std::uint64_t size,
                  const std::string& where) {
  const std::uint64_t left = size - header.headBytes - header.dataBytes;
  if (left > 0)
    listing.notes.push_back(where + ": " + std::to_string(left) + " bytes after the array are ignored");
}

constexpr std::string_view kNpy = ".npy";

bool beginsLikeNpy(std::string_view head, std::uint64_t) {
  return head.starts_with("\x93NUMPY");
}
/// With a member, or empty.
bool beginsLikeZip(std::string_view head, std::uint64_t) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}

}  // namespace

std::span<const TensorFormat> tensorFormats() {
  static constexpr std::array<TensorFormat, 4> kFormats{{
      {".npy", beginsLikeNpy, listNpy},
      {".npz", beginsLikeZip, listNpz},
      {".safetensors", beginsLikeSafetensors, listSafetensors},
      {".csv", nullptr, listCsv},
  }};
  return kFormats;
}

std::string acceptedEndings() {
  std::string text;
  for (const TensorFormat& format : tensorFormats())
    text += (text.empty() ? "" : ", ") + std::string(format.extension);
  return text;
}

std::string stemOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot > 0) name.resize(dot);
  return repairedUtf8(name);
}

Result<TensorListing> listNpy(const InputFile& file) {
  FileRun run{0, file.size(), file.size(), {}, file.path()};
  const auto stream = plainStream(file, run);
  auto header = readNpyHeader(*stream, file.size(), file.path());
  if (!header) return header.error();
  TensorListing listing;
  noteLeftOver(listing, *header, file.size(), file.path());
  listing.records.push_back(recordOf(*header, stemOf(file.path()), Coding::plain, std::move(run)));
  return listing;
}

Result<TensorListing> listNpz(const InputFile& file) {
  auto members = readZipDirectory(file);
  if (!members) return members.error();
  if (std::any_of(members->begin(), members->end(), isPickledMember)) return pickledError(file.path());
  TensorListing listing;
  for (const ZipMember& member : *members) {
    if (!member.name.ends_with(kNpy) || member.name.size() == kNpy.size()) {
      if (!member.name.ends_with('/')) {
        listing.notes.push_back(file.path() + ": \"" + member.name + "\" is no array and is ignored");
      }
      continue;
    }
    const std::string name = member.name.substr(0, member.name.size() - kNpy.size());
    FileRun run{member.dataBegin, member.stored, member.size, member.crc, file.path() + ":" + name};
    const auto stream = member.deflated ? inflateStream(file, run) : plainStream(file, run);
    auto header = readNpyHeader(*stream, member.size, run.where);
    if (!header) {
      listing.refused.emplace_back(name, header.error());
      continue;
    }
    noteLeftOver(listing, *header, member.size, run.where);
    listing.records.push_back(
        recordOf(*header, name, member.deflated ? Coding::deflated : Coding::plain, std::move(run)));
  }
  if (listing.records.empty()) {
    if (!listing.refused.empty()) return listing.refused.front().second;
    return Error{ErrorCode::invalid, "found no array (no member that ends in .npy)", file.path(), ""};
  }
  return listing;
}

}  // namespace headlight
