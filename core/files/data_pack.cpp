#include "core/files/data_pack.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/files/deflate.h"

namespace headlight {
namespace {

using Json = nlohmann::json;

/// Before the zlib stream of a line of JSON, which lists the files, and their bytes one after the other.
constexpr std::string_view kMagic = "headlight data 1\n";
constexpr std::size_t kMostListBytes = std::size_t{1} << 20;

Error damaged(const std::string& what) {
  return Error{ErrorCode::invalid, "the files inside the figure are damaged: " + what, "", ""};
}

struct Entry {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;
};

std::optional<Entry> entryOf(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto path = json.find("path");
  const auto bytes = json.find("bytes");
  const auto hash = json.find("sha256");
  if (path == json.end() || !path->is_string() || bytes == json.end() || !bytes->is_number_unsigned() ||
      hash == json.end() || !hash->is_string()) {
    return std::nullopt;
  }
  Entry entry{path->get<std::string>(), bytes->get<std::uint64_t>(), hash->get<std::string>()};
  if (entry.path.empty() || entry.path.front() == '/' || entry.path.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return entry;
}

}  // namespace

std::string packed(const std::vector<PackedFile>& files) {
  Json list = Json::array();
  std::string bytes;
  for (const PackedFile& file : files) {
    list.push_back(
        {{"path", repairedUtf8(file.path)}, {"bytes", file.bytes.size()}, {"sha256", sha256(file.bytes)}});
    bytes += file.bytes;
  }
  return std::string(kMagic) + deflated(list.dump() + "\n" + bytes);
}

Result<std::vector<PackedFile>> unpacked(std::string_view pack) {
  if (!pack.starts_with(kMagic)) return damaged("they do not begin as such");
  const auto all = inflated(pack.substr(kMagic.size()), kMostPackedBytes + kMostListBytes);
  if (!all) {
    return damaged("they are cut off, or more than " + bytesText(static_cast<double>(kMostPackedBytes)));
  }
  const std::size_t line = all->find('\n');
  if (line > kMostListBytes) return damaged("their list does not end");
  const Json list =
      Json::parse(all->begin(), all->begin() + static_cast<std::ptrdiff_t>(line), nullptr, false);
  if (!list.is_array()) return damaged("their list cannot be read");
  std::vector<PackedFile> files;
  files.reserve(list.size());
  std::size_t at = line + 1;
  for (const Json& one : list) {
    const std::optional<Entry> entry = entryOf(one);
    if (!entry) return damaged("their list cannot be read");
    if (entry->bytes > all->size() - at) return damaged("\"" + entry->path + "\" is cut off");
    std::string bytes = all->substr(at, entry->bytes);
    at += entry->bytes;
    if (sha256(bytes) != entry->sha256) return damaged("\"" + entry->path + "\" has another SHA-256");
    files.push_back({entry->path, std::move(bytes)});
  }
  if (at != all->size() || at - line - 1 > kMostPackedBytes)
    return damaged("there are more bytes than files");
  return files;
}

}  // namespace headlight
