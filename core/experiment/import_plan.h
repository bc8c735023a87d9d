#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/experiment/import_found.h"

namespace headlight {

/// What a set of tensors is taken as.
enum class ImportAs : std::uint8_t { qkv, weights, scores, layer };

/// What one tensor is taken as.
enum class ImportRole : std::uint8_t { none, q, k, v, wO, bO, maps, mask, x, memory };
inline constexpr std::size_t kImportRoles = 10;

/// Everything that the import page decides. Roles hold the index of a found tensor, −1 for none.
struct ImportPlan {
  ImportAs as = ImportAs::qkv;
  std::array<int, kImportRoles> roles{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  std::string layerFile;  ///< ImportAs::layer: the state dict
  std::string prefix;     ///< what stands before the names of the layer's tensors
  std::string layout;     ///< of q, of the maps, or of the layer's input
  std::int64_t layer = 0;
  int batch = 0;
  std::int64_t heads = 1;  ///< where the tensors do not tell
  std::string maskMeaning = "keep";
  std::string maskAxes;  ///< empty: by its rank
  std::string tokens;    ///< file, empty: indices

  int of(ImportRole role) const { return roles[static_cast<std::size_t>(role)]; }
  void give(ImportRole role, int tensor) { roles[static_cast<std::size_t>(role)] = tensor; }
  bool operator==(const ImportPlan&) const = default;
};

/// The sizes that a plan gives.
struct ImportSizes {
  std::int64_t layers = 0;   ///< 0: there is no such axis
  std::int64_t batches = 0;  ///< as above
  std::int64_t heads = 0;
  std::int64_t kvHeads = 0;
  std::int64_t queries = 0;
  std::int64_t keys = 0;
  std::int64_t dK = 0;      ///< 0: maps
  std::int64_t dV = 0;      ///< 0: there are no values
  std::int64_t dModel = 0;  ///< of a layer
  bool operator==(const ImportSizes&) const = default;
};
/// Nothing where the tensors do not fit each other in that layout.
std::optional<ImportSizes> importSizes(const ImportFound& found, const ImportPlan& plan);
/// "8 heads · 12 tokens · 64 wide"; "q of 8 heads, k of 2", "12 queries × 40 keys" where they differ.
std::string importSizesText(const ImportSizes& sizes);
/// Bytes of the numbers that one evaluation needs: of one layer and batch element.
double importBytes(const ImportFound& found, const ImportPlan& plan);

/// Whether the number of heads is not told by the layout.
bool importAsksHeads(const ImportPlan& plan);
/// The numbers of heads that the width can be shared by, smallest first.
std::vector<std::int64_t> importHeads(const ImportFound& found, const ImportPlan& plan);

/// The tensor of a role, null for none.
const ImportTensor* tensorOf(const ImportFound& found, const ImportPlan& plan, ImportRole role);
/// The layouts that a plan's kind knows, in the order in which they are common.
std::span<const std::string_view> importLayoutWords(ImportAs as);
/// The roles that a plan of this kind has.
std::span<const ImportRole> importRolesOf(ImportAs as);

}  // namespace headlight
