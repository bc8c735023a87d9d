#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/files/safetensors_header.h"

namespace headlight {

/// What is kept of an entry of a header until all of them are proven. Of fixed size, so that no header needs
/// more memory than its own text.
struct SafetensorsEntry {
  std::uint64_t begin = 0;  ///< of its bytes in the data
  std::uint64_t end = 0;
  std::uint32_t place = 0;    ///< of its name in the header's text
  std::uint32_t shapeAt = 0;  ///< the text behind the shape's bracket
  std::uint32_t nameAt = 0;
  std::uint16_t nameLength = 0;
  std::uint8_t dtype = 0;
  std::uint8_t axes = 0;
};

/// The entries of a header and what holds of all of them together.
class SafetensorsLayout {
 public:
  static constexpr std::size_t kMostTensors = 1'000'000;
  static constexpr std::size_t kLongestName = 4096;
  static constexpr std::size_t kMostAxes = 16;

  /// `text` is the header's and `path` names the file; both must outlive this. `dataBytes` follow the header.
  SafetensorsLayout(std::string_view text, std::uint64_t dataBytes, const std::string& path);

  /// A new entry of that name, which is not among the others yet.
  SafetensorsEntry begin(std::string_view name, std::uint32_t place);
  std::string_view nameOf(const SafetensorsEntry& entry) const {
    return std::string_view(names_).substr(entry.nameAt, entry.nameLength);
  }
  /// Takes an entry with its shape. Errors (invalid): as readSafetensorsHeader, for one entry.
  Status add(SafetensorsEntry entry, const std::vector<std::int64_t>& shape);
  /// Errors (invalid): as readSafetensorsHeader, for the entries together.
  Result<std::vector<SafetensorsTensor>> tensors() const;

 private:
  Error invalid(std::string what, std::uint64_t at) const;
  Status checkNames() const;
  Status checkRuns() const;
  SafetensorsTensor tensorOf(const SafetensorsEntry& entry) const;

  std::string_view text_;
  std::uint64_t dataBytes_;
  const std::string& path_;
  std::string names_;
  std::vector<SafetensorsEntry> entries_;
};

/// A name or another text of a header for messages: in quotation marks, repaired, not long.
std::string shownInHeader(std::string_view text);

/// Bytes before the header's text.
inline constexpr std::uint64_t kSafetensorsPrelude = 8;

}  // namespace headlight
