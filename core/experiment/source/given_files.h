#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/inputs.h"
#include "core/experiment/report.h"
#include "core/experiment/source/source.h"
#include "core/files/tensor_file.h"

namespace headlight {

/// A tensor that a source names: where it stands and what its header says. Its numbers are read when they are
/// needed.
struct FilePart {
  std::string name;  ///< what it is for: "q"
  std::string path;  ///< JSON path of its address: "source.q"
  std::shared_ptr<const TensorFile> file;
  TensorInfo info;
  std::uint64_t key = 0;  ///< equal keys, equal numbers

  /// "q [8, 128, 64]"
  std::string text() const;
  /// (invalid) at its path: "found q [8, 128], accepted is …".
  Error wrong(std::string_view accepted, std::string hint = "") const;
};

/// SourceKind::sizes where the files decide: nothing is known before they are opened.
std::optional<Sizes> sizesOfFiles(const Experiment& experiment, std::int64_t queries, std::int64_t keys,
                                  Report& report);
/// "qkv.npz" of an address.
std::string fileName(const std::string& address);

/// The files of a source, each opened once.
class GivenFiles {
 public:
  explicit GivenFiles(const SourceRequest& request) : request_(request) {}

  /// The tensor at "file" or "file:tensor", `tensor` where the address names none. `name` and `path` as in
  /// FilePart. Errors: as TensorFile::open and find, inside `path`.
  Result<FilePart> open(const std::string& address, std::string_view name, const std::string& path,
                        std::string_view tensor = "");
  /// The file of an address. Errors: as TensorFile::open, inside `path`.
  Result<std::shared_ptr<const TensorFile>> file(const std::string& address, const std::string& path);

  std::vector<FileRecord> records;

 private:
  struct Opened {
    std::string full;
    std::uint64_t stamp;
    std::shared_ptr<const TensorFile> file;
  };
  Result<std::size_t> indexOf(const std::string& address, const std::string& path);

  const SourceRequest& request_;
  std::vector<Opened> files_;
};
bool holds(const TensorFile& file, std::string_view tensor);

/// Calls take(row, values) for `rows` rows of `width` numbers that lie one behind the other from element
/// `first` on, at the cost of a piece at a time. Errors: those of reading, inside the part's path.
Status readRows(const FilePart& part, std::int64_t first, std::int64_t rows, std::int64_t width,
                const std::function<void(std::int64_t row, const float* values)>& take);

/// Recipe of a matrix per head, [heads][tokens, width], from element `first` on: head by head, or with
/// `tokensFirst` token by token.
struct HeadsPlace {
  std::int64_t first = 0;
  std::int64_t heads = 0;
  std::int64_t tokens = 0;
  std::int64_t width = 0;
  bool tokensFirst = false;
};
Recipe<Heads> headsRecipe(FilePart part, const HeadsPlace& place);

/// The key by which the maker of the files says what their numbers are ("trained: …"): the origin chip.
KeySpec originKey();
/// One line of text.
void checkOrigin(const Kinded& source, const Place& place, Report& report);
/// What the source says of its numbers, else `words`.
Origin givenOrigin(const Kinded& source, const std::string& words);

/// A key of `shape` that was given may only repeat what the file says.
void compareShape(const std::optional<std::int64_t>& given, std::int64_t found, std::string_view key,
                  Report& report);
/// Tokens label what the file gives: `key` is "tokens" or "memory", `tensor` the name of what has `found` of
/// them.
void compareTokens(const std::optional<std::vector<Token>>& tokens, std::int64_t found, std::string_view key,
                   std::string_view tensor, Report& report);

}  // namespace headlight
