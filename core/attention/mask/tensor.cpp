#include <cmath>
#include <limits>
#include <mutex>

#include "core/attention/bias/given_addends.h"
#include "core/attention/mask/given_rows.h"
#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

enum class Meaning { keep, drop, additive };

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Meaning meaningOf(const Value& value) {
  if (value == Value("keep")) return Meaning::keep;
  return value == Value("drop") ? Meaning::drop : Meaning::additive;
}

/// What a file says. An additive number is kept unless it is −∞; +∞ and NaN are added as they are, as in
/// PyTorch, and make the weights of their rows NaN.
class TensorMask : public Mask {
 public:
  TensorMask(GivenRows rows, Meaning meaning, std::string path)
      : rows_(std::move(rows)), meaning_(meaning), path_(std::move(path)) {}

  bool perHead() const override { return rows_.perHead(); }

  void keptRuns(int head, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::scoped_lock lock(mutex_);
    // Rows that are repeated are read once.
    const std::int64_t row = rows_.row(head, query);
    if (row != cached_) {
      readRow(head, query);
      cached_ = row;
    }
    runs.insert(runs.end(), runs_.begin(), runs_.end());
  }
  std::string reason(int head, std::int64_t query, std::int64_t key) const override {
    float number = 0;
    rows_.read(head, query, key, 1, &number);
    return rows_.address() + " has " + withTrueMinus(shortest(number)) + " at " +
           rows_.place(head, query, key);
  }
  Status problem() const override {
    const std::scoped_lock lock(mutex_);
    return problem_;
  }

 private:
  bool keeps(float number) const {
    if (meaning_ == Meaning::additive) return number != -kInfinity;
    return (number != 0) == (meaning_ == Meaning::keep);
  }

  void readRow(int head, std::int64_t query) const {
    const std::int64_t keys = rows_.keys();
    numbers_.resize(static_cast<std::size_t>(keys));
    runs_.clear();
    if (!rows_.read(head, query, 0, keys, numbers_.data())) {
      note({ErrorCode::unreadable, "can no longer be read", rows_.address(), ""});
      return;
    }
    for (std::int64_t j = 0; j < keys; ++j) {
      const float number = numbers_[static_cast<std::size_t>(j)];
      if (meaning_ != Meaning::additive && number != 0 && number != 1) {
        note({ErrorCode::invalid,
              "found " + withTrueMinus(shortest(number)) + " in " + rows_.address() + " at " +
                  rows_.place(head, query, j) + ", accepted are 0 and 1",
              path_ + ".tensor",
              "A mask of numbers that are added to the scores has the meaning \"additive\""});
        return;
      }
      if (!keeps(number)) continue;
      if (!runs_.empty() && runs_.back().end == j) {
        ++runs_.back().end;
      } else {
        runs_.push_back({j, j + 1});
      }
    }
  }
  void note(Error error) const {
    if (problem_) problem_ = std::move(error);
  }

  GivenRows rows_;
  Meaning meaning_;
  std::string path_;
  mutable std::mutex mutex_;
  mutable std::int64_t cached_ = -1;  ///< the row that runs_ are of
  mutable std::vector<KeyRun> runs_;
  mutable std::vector<float> numbers_;
  mutable Status problem_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = tensorMask();
  const auto address = neededText(entry, kind.spec, "tensor", path);
  if (!address) return address.error();
  const auto meaning = neededText(entry, kind.spec, "meaning", path);
  if (!meaning) return meaning.error();
  auto rows = GivenRows::open(*address, valueOf(entry, kind.spec, "axes"), context, path);
  if (!rows) return rows.error();
  if (!*rows) return everything(context.keys);
  return std::unique_ptr<Mask>(
      std::make_unique<TensorMask>(std::move(**rows), meaningOf(Value(*meaning)), path));
}

/// Whether every number is 0 or −∞, as in masks made of truth values; false where finding out is too long.
bool addsNothing(const GivenRows& rows, const MaskContext& context) {
  constexpr std::int64_t kMostRead = std::int64_t{1} << 24;
  std::vector<float> numbers(static_cast<std::size_t>(context.keys));
  std::int64_t before = -1;
  std::int64_t read = 0;
  for (int head = 0; head < (rows.perHead() ? context.heads : 1); ++head) {
    for (std::int64_t i = 0; i < context.queries; ++i) {
      const std::int64_t row = rows.row(head, i);
      if (row == before) continue;
      before = row;
      read += context.keys;
      if (read > kMostRead || !rows.read(head, i, 0, context.keys, numbers.data())) return false;
      for (const float number : numbers) {
        if (number != 0 && number != -kInfinity) return false;
      }
    }
  }
  return true;
}

Result<std::unique_ptr<Bias>> makeBias(const Kinded& entry, const MaskContext& context,
                                       const std::string& path) {
  static const MaskKind kind = tensorMask();
  if (valueOf(entry, kind.spec, "meaning") != Value("additive")) return std::unique_ptr<Bias>();
  const auto address = neededText(entry, kind.spec, "tensor", path);
  if (!address) return address.error();
  auto rows = GivenRows::open(*address, valueOf(entry, kind.spec, "axes"), context, path);
  if (!rows) return rows.error();
  if (!*rows || addsNothing(**rows, context)) return std::unique_ptr<Bias>();
  return std::unique_ptr<Bias>(std::make_unique<GivenAddends>(std::move(*rows), Infinities::masked));
}

std::string sentence(const Kinded& entry) {
  const Value* tensor = entry.find("tensor");
  const Value* meaning = entry.find("meaning");
  const std::string name = tensor != nullptr && tensor->isString() ? tensor->string() : "a file";
  switch (meaning != nullptr ? meaningOf(*meaning) : Meaning::keep) {
    case Meaning::keep:
      return "each query attends to the keys that " + name + " keeps";
    case Meaning::drop:
      return "each query attends to the keys that " + name + " does not drop";
    default:
      return name + " is added to the scores, and where it has −∞ the key is not attended to";
  }
}

}  // namespace

MaskKind tensorMask() {
  return {
      {.kind = "tensor",
       .label = "from a file",
       .help = "A mask made elsewhere. Booleans of torch.nn.MultiheadAttention drop, those of "
               "scaled_dot_product_attention keep, numbers are additive",
       .keys = {GivenRows::tensorKey("\"file\" or \"file:tensor\": which cells are kept, or what is added"),
                {.name = "meaning",
                 .type = KeyType::word,
                 .fallback = nullptr,
                 .words = {"keep", "drop", "additive"},
                 .help = "What its numbers mean: 1 keeps, 1 drops, or they are added and −∞ drops"},
                GivenRows::axesKey()}},
      make,
      sentence,
      nullptr,
      nullptr,
      makeBias};
}

}  // namespace headlight
