#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

std::int64_t blocks(std::int64_t length, std::int64_t size) {
  return (length + size - 1) / size;
}

/// keep(i, j): layout[⌊i ÷ size⌋][⌊j ÷ size⌋] = 1.
class Block : public Mask {
 public:
  Block(std::int64_t size, std::vector<std::vector<KeyRun>> rows) : size_(size), rows_(std::move(rows)) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::vector<KeyRun>& row = rows_[static_cast<std::size_t>(query / size_)];
    runs.insert(runs.end(), row.begin(), row.end());
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "query block " + std::to_string(query / size_) + " does not see key block " +
           std::to_string(key / size_);
  }

 private:
  std::int64_t size_;
  std::vector<std::vector<KeyRun>> rows_;  ///< [query blocks]
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = blockMask();
  const auto size = neededWhole(entry, kind.spec, "size", path);
  if (!size) return size.error();
  const Value& value = valueOf(entry, kind.spec, "layout");
  if (!value.isList()) return absentKey(kind.spec, "layout", path);
  const List& layout = value.list();
  const std::int64_t down = blocks(context.queries, *size);
  const std::int64_t across = blocks(context.keys, *size);
  const std::size_t columns = layout.empty() ? 0 : layout.front().list().size();
  if (layout.size() != static_cast<std::size_t>(down) || columns != static_cast<std::size_t>(across)) {
    return Error{ErrorCode::invalid,
                 "found a layout of " + std::to_string(layout.size()) + " × " + std::to_string(columns) +
                     ", accepted is " + std::to_string(down) + " × " + std::to_string(across) + ": " +
                     std::to_string(context.queries) + " queries and " + std::to_string(context.keys) +
                     " keys in blocks of " + std::to_string(*size),
                 path + ".layout", ""};
  }
  std::vector<std::vector<KeyRun>> rows;
  for (std::size_t r = 0; r < layout.size(); ++r) {
    const List& row = layout[r].list();
    std::vector<bool> keep;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const auto bit = bitOf(row[c], path + ".layout[" + std::to_string(r) + "][" + std::to_string(c) + "]");
      if (!bit) return bit.error();
      keep.push_back(*bit);
    }
    rows.push_back(runsOf(keep, *size, context.keys));
  }
  return std::unique_ptr<Mask>(std::make_unique<Block>(*size, std::move(rows)));
}

std::string sentence(const Kinded& entry) {
  std::int64_t all = 0;
  std::int64_t kept = 0;
  if (const Value* layout = entry.find("layout"); layout != nullptr && layout->isList()) {
    for (const Value& row : layout->list()) {
      if (!row.isList()) continue;
      all += static_cast<std::int64_t>(row.list().size());
      kept += std::count(row.list().begin(), row.list().end(), Value(1));
    }
  }
  const std::int64_t size = wholeOf(entry, "size", 1);
  return "the map is cut into blocks of " + std::to_string(size) + " × " + std::to_string(size) + ", and " +
         std::to_string(kept) + " of its " + countText(all, "block is", "blocks are") + " kept";
}

// A layout of more cells is not written by hand.
constexpr std::int64_t kMostCells = std::int64_t{1} << 20;

void resize(Kinded& entry, std::int64_t down, std::int64_t across) {
  if (down > kMostCells / across) return;
  const Value* value = entry.find("layout");
  List layout = value != nullptr && value->isList() ? value->list() : List{};
  layout.resize(static_cast<std::size_t>(down), Value(List{}));
  for (Value& row : layout) {
    if (row.isList()) row.list().resize(static_cast<std::size_t>(across), Value(1));
  }
  entry.set("layout", std::move(layout));
}

/// New blocks are kept.
void fit(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const std::int64_t size = wholeOf(entry, "size", 0);
  if (size >= 1) resize(entry, blocks(queries, size), blocks(keys, size));
}

/// Some four blocks across, those above the diagonal dropped.
void start(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const std::int64_t size = std::max<std::int64_t>(1, (std::max(queries, keys) + 3) / 4);
  entry.set("size", size);
  List layout;
  for (std::int64_t r = 0; r < blocks(queries, size); ++r) {
    List row;
    for (std::int64_t c = 0; c < blocks(keys, size); ++c) row.emplace_back(c <= r ? 1 : 0);
    layout.emplace_back(std::move(row));
  }
  entry.set("layout", std::move(layout));
}

}  // namespace

MaskKind blockMask() {
  return {
      {.kind = "block",
       .label = "block",
       .help = "Whole blocks of the map are kept or dropped (block sparse, Child et al. 2019, section 5.4)",
       .keys = {wholeKey("size", 1, "How many queries and keys a block has"),
                {.name = "layout",
                 .type = KeyType::matrix,
                 .fallback = nullptr,
                 .words = {},
                 .help = "A row of 0 (drop) and 1 (keep) for each block of queries; with causal, the "
                         "blocks on the diagonal are cut along it"}}},
      make,
      sentence,
      fit,
      start};
}

}  // namespace headlight
