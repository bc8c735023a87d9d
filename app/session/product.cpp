#include "app/session/product.h"

#include <utility>

#include "core/base/hash.h"

namespace headlight {

std::uint64_t productKey(std::uint64_t fieldKey, const Wanted& wanted) {
  KeyHash hash;
  hash.add(fieldKey).add(static_cast<std::uint64_t>(wanted.what));
  hash.add(static_cast<std::uint64_t>(wanted.level)).add(static_cast<std::uint64_t>(wanted.r));
  return hash.add(static_cast<std::uint64_t>(wanted.c)).key();
}

bool exists(const Field& field, const Wanted& wanted) {
  if (wanted.r < 0 || wanted.c < 0) return false;
  switch (wanted.what) {
    case Wanted::What::tile: {
      // 2^20 tokens, the largest sequence, fit into one pixel at level 20.
      if (wanted.level < 0 || wanted.level > 20) return false;
      const std::int64_t cells = std::int64_t{kTileSize} << wanted.level;
      return wanted.r * cells < field.rows() && wanted.c * cells < field.cols();
    }
    case Wanted::What::explanation:
      return wanted.r < field.rows() && wanted.c < field.cols();
    case Wanted::What::statistics:
    case Wanted::What::columnSums:
      return true;
  }
  return false;
}

Product makeProduct(const std::shared_ptr<const Run>& run, const Field& field, const Wanted& wanted,
                    ThreadPool& pool, const Cancel& cancel) {
  Product product;
  product.key = productKey(field.key(), wanted);
  switch (wanted.what) {
    case Wanted::What::tile:
      product.tile = std::make_shared<const Tile>(field.tile(wanted.level, wanted.r, wanted.c, cancel));
      break;
    case Wanted::What::statistics:
      product.statistics = std::make_shared<const FieldStatistics>(field.statistics(pool, cancel));
      break;
    case Wanted::What::columnSums:
      product.columnSums = std::make_shared<const std::vector<double>>(field.columnSums(pool, cancel));
      break;
    case Wanted::What::explanation:
      if (auto made = explain(run, wanted.stage, wanted.head, wanted.r, wanted.c)) {
        product.explanation = std::make_shared<const Explanation>(std::move(*made));
      }
      break;
  }
  return product;
}

int headStep(const Sizes& sizes, Stage stage) {
  if (!info(stage).perHead) return sizes.heads;
  return stage == Stage::k || stage == Stage::v ? sizes.heads / sizes.kvHeads : 1;
}

int fieldHead(const Sizes& sizes, Stage stage, int head) {
  if (!info(stage).perHead) return 0;
  if (head < 0 || head >= sizes.heads) return head;
  return head - head % headStep(sizes, stage);
}

}  // namespace headlight
