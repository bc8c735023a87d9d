#include <optional>

#include "core/attention/bias/kinds.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// One number on all scores, or on those of one query. On a whole row softmax does not notice it.
class Constant : public Bias {
 public:
  Constant(double value, std::optional<std::int64_t> query) : value_(value), query_(query) {}

  void add(int, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const override {
    if (query_ && *query_ != query) return;
    const auto value = static_cast<float>(value_);
    for (std::int64_t j = 0; j < end - begin; ++j) scores[j] += value;
  }
  double at(int, std::int64_t query, std::int64_t) const override {
    return query_ && *query_ != query ? 0.0 : value_;
  }
  std::string reason(int, std::int64_t query, std::int64_t) const override {
    if (query_ && *query_ != query) return "only query " + std::to_string(*query_) + " has it";
    return query_ ? "on query " + std::to_string(*query_) : "on every score";
  }

 private:
  double value_;
  std::optional<std::int64_t> query_;
};

Result<std::unique_ptr<Bias>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const BiasKind kind = constantBias();
  const Value& query = valueOf(entry, kind.spec, "query");
  std::optional<std::int64_t> row;
  if (!query.isNull()) {
    row = query.integer();
    if (*row >= context.queries) {
      return Error{ErrorCode::invalid,
                   "found query " + std::to_string(*row) + ", accepted are 0 to " +
                       std::to_string(context.queries - 1),
                   path + ".query", ""};
    }
  }
  return std::unique_ptr<Bias>(std::make_unique<Constant>(valueOf(entry, kind.spec, "value").number(), row));
}

std::string sentence(const Kinded& entry) {
  static const BiasKind kind = constantBias();
  const Value& query = valueOf(entry, kind.spec, "query");
  return withTrueMinus(shortest(valueOf(entry, kind.spec, "value").number())) + " is added to " +
         (query.isNull() ? "every score" : "the scores of query " + std::to_string(query.integer()));
}

}  // namespace

BiasKind constantBias() {
  return {{.kind = "constant",
           .label = "constant",
           .help = "Adds one number to all scores, or to those of one query; softmax does not notice it",
           .keys = {{.name = "value",
                     .type = KeyType::number,
                     .fallback = 1.0,
                     .minimum = -1e30,
                     .maximum = 1e30,
                     .words = {},
                     .help = "What is added"},
                    {.name = "query",
                     .type = KeyType::integer,
                     .fallback = nullptr,
                     .nullable = true,
                     .minimum = 0,
                     .maximum = 1048576,
                     .words = {},
                     .help = "The one query whose scores get it; null: all of them"}}},
          make,
          sentence};
}

}  // namespace headlight
