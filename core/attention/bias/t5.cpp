#include <algorithm>

#include "core/attention/bias/kinds.h"
#include "core/attention/bias/t5_buckets.h"
#include "core/attention/mask/align.h"
#include "core/attention/mask/given_rows.h"
#include "core/attention/mask/keys.h"
#include "core/base/number.h"
#include "core/base/shape.h"

namespace headlight {
namespace {

/// Distances r = key − query from `first` on, up to the next piece, that share a bucket.
struct Piece {
  std::int64_t first;
  std::int64_t bucket;
};

/// table[bucket(j − i)][h].
class T5 : public Bias {
 public:
  /// `table` is [buckets, heads] in C order.
  T5(const T5Buckets& buckets, std::vector<float> table, const MaskContext& context)
      : buckets_(buckets), table_(std::move(table)), heads_(context.heads) {
    const std::int64_t least = std::max(1 - context.queries, -buckets.maxDistance);
    const std::int64_t most = std::min(context.keys - 1, buckets.maxDistance);
    for (std::int64_t r = least; r <= most; ++r) {
      const std::int64_t bucket = buckets.of(r);
      if (pieces_.empty() || pieces_.back().bucket != bucket) pieces_.push_back({r, bucket});
    }
  }

  void add(int head, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const override {
    for (std::size_t n = 0; n < pieces_.size(); ++n) {
      const std::int64_t first = n == 0 ? begin : std::max(begin, query + pieces_[n].first);
      const std::int64_t last = n + 1 == pieces_.size() ? end : std::min(end, query + pieces_[n + 1].first);
      const float value = entry(pieces_[n].bucket, head);
      for (std::int64_t j = first; j < last; ++j) scores[j - begin] += value;
    }
  }
  double at(int head, std::int64_t query, std::int64_t key) const override {
    return static_cast<double>(entry(buckets_.of(key - query), head));
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "bucket " + std::to_string(buckets_.of(key - query)) + " of " + std::to_string(key) + " − " +
           std::to_string(query) + " = " + wholeNumber(key - query);
  }

 private:
  float entry(std::int64_t bucket, int head) const {
    return table_[static_cast<std::size_t>(bucket * heads_ + head)];
  }

  T5Buckets buckets_;
  std::vector<float> table_;
  std::int64_t heads_;
  std::vector<Piece> pieces_;  ///< ascending
};

Result<T5Buckets> bucketsOf(const Kinded& entry, const KindSpec& spec, const std::string& path) {
  T5Buckets buckets;
  buckets.count = valueOf(entry, spec, "buckets").integer();
  buckets.maxDistance = valueOf(entry, spec, "max_distance").integer();
  buckets.bidirectional = valueOf(entry, spec, "bidirectional").boolean();
  if (buckets.exact() < 1) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(buckets.count) +
                     ", accepted are at least 4 buckets, where they are bidirectional",
                 path + ".buckets", ""};
  }
  if (buckets.maxDistance <= buckets.exact()) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(buckets.maxDistance) + ", accepted is more than the " +
                     std::to_string(buckets.exact()) + " distances that have a bucket of their own",
                 path + ".max_distance", ""};
  }
  return buckets;
}

Result<std::unique_ptr<Bias>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const BiasKind kind = t5Bias();
  const auto buckets = bucketsOf(entry, kind.spec, path);
  if (!buckets) return buckets.error();
  const auto address = neededText(entry, kind.spec, "table", path);
  if (!address) return address.error();
  std::vector<float> numbers;
  if (context.tensors != nullptr) {
    const auto table = context.tensors->open(*address, path + ".table");
    if (!table) return table.error();
    const std::vector<std::int64_t> accepted{buckets->count, context.heads};
    if ((*table)->shape() != accepted) {
      return Error{ErrorCode::invalid,
                   "found " + *address + " of shape " + shapeText((*table)->shape()) + ", accepted is " +
                       shapeText(accepted) + ", a row a bucket and a column a head",
                   path + ".table", ""};
    }
    numbers.resize(static_cast<std::size_t>(buckets->count * context.heads));
    if (!(*table)->read(0, buckets->count * context.heads, numbers.data())) {
      return Error{ErrorCode::unreadable, *address + " can no longer be read", path + ".table", ""};
    }
  } else {
    numbers.resize(static_cast<std::size_t>(buckets->count * context.heads));
  }
  return std::unique_ptr<Bias>(std::make_unique<T5>(*buckets, std::move(numbers), context));
}

std::string sentence(const Kinded& entry) {
  static const BiasKind kind = t5Bias();
  const bool both = valueOf(entry, kind.spec, "bidirectional") == Value(true);
  return "each head adds a learned number for the distance of key and query, in " +
         std::to_string(wholeOf(entry, "buckets", valueOf({}, kind.spec, "buckets").integer())) + " buckets" +
         (both ? "" : " that look backwards only");
}

}  // namespace

BiasKind t5Bias() {
  return {{.kind = "t5",
           .label = "T5",
           .help = "A learned number for each bucket of distances and each head (Raffel et al. 2020, section "
                   "2.1); T5 itself has the scale \"none\"",
           .keys = {{.name = "buckets",
                     .type = KeyType::integer,
                     .fallback = 32,
                     .minimum = 2,
                     .maximum = 65536,
                     .words = {},
                     .help = "How many buckets there are: rows of the table"},
                    {.name = "max_distance",
                     .type = KeyType::integer,
                     .fallback = 128,
                     .minimum = 2,
                     .maximum = kLargestOffset,
                     .words = {},
                     .help = "From this distance on all share the last bucket"},
                    {.name = "bidirectional",
                     .type = KeyType::boolean,
                     .fallback = true,
                     .words = {},
                     .help = "Whether later keys have buckets of their own, as in encoders"},
                    {.name = "table",
                     .type = KeyType::text,
                     .fallback = nullptr,
                     .words = {},
                     .help = "\"file\" or \"file:tensor\": the numbers, [buckets, heads]"}}},
          make,
          sentence};
}

}  // namespace headlight
