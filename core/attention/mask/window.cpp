#include <optional>

#include "core/attention/mask/align.h"
#include "core/attention/mask/kinds.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// keep(i, j): i + shift − left ≤ j ≤ i + shift + right; a side that is absent has no bound.
class Window : public Mask {
 public:
  Window(std::int64_t keys, std::int64_t shift, std::optional<std::int64_t> left,
         std::optional<std::int64_t> right)
      : keys_(keys), shift_(shift), left_(left), right_(right) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t begin = left_ ? std::max<std::int64_t>(0, query + shift_ - *left_) : 0;
    const std::int64_t end = right_ ? std::min(keys_, query + shift_ + *right_ + 1) : keys_;
    if (begin < end) runs.push_back({begin, end});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    std::string bounds = "j";
    if (left_) bounds = wholeNumber(query + shift_ - *left_) + " ≤ " + bounds;
    if (right_) bounds += " ≤ " + wholeNumber(query + shift_ + *right_);
    return "key " + std::to_string(key) + " is outside the window " + bounds + " of query " +
           std::to_string(query);
  }

 private:
  std::int64_t keys_;
  std::int64_t shift_;
  std::optional<std::int64_t> left_;
  std::optional<std::int64_t> right_;
};

std::optional<std::int64_t> bound(const Value& value) {
  if (value.isNull()) return std::nullopt;
  return value.integer();
}

std::string reach(const Kinded& entry, std::string_view key, const std::string& where) {
  const Value* given = entry.find(key);
  if (given == nullptr || given->isNull()) return "all tokens " + where + " it";
  if (given->integer() == 0) return "none " + where + " it";
  return "up to " + std::to_string(given->integer()) + " " + where + " it";
}

/// "3 left + itself = 4 keys (HF sliding_window 4)"; nothing where a side has no bound or leaves the query
/// out. Hugging Face counts the query among the keys of its window.
std::string countOf(const Kinded& entry) {
  const Value* left = entry.find("left");
  const Value* right = entry.find("right");
  if (left == nullptr || right == nullptr || left->isNull() || right->isNull()) return "";
  const std::int64_t before = left->integer();
  const std::int64_t after = right->integer();
  if (before < 0 || after < 0) return "";
  const std::string all = std::to_string(before + 1 + after);
  std::string words = std::to_string(before) + " left + itself";
  if (after > 0) words += " + " + std::to_string(after) + " right";
  words += " = " + all + (before + after == 0 ? " key" : " keys");
  return after > 0 ? words : words + " (HF sliding_window " + all + ")";
}

std::string sentence(const Kinded& entry) {
  std::string words = "each token attends to itself, " + reach(entry, "left", "before") + " and " +
                      reach(entry, "right", "after");
  if (const std::string count = countOf(entry); !count.empty()) words += ": " + count;
  return withAlignment(entry, words);
}

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string&) {
  static const MaskKind kind = windowMask();
  return std::unique_ptr<Mask>(std::make_unique<Window>(
      context.keys, alignment(valueOf(entry, kind.spec, "align"), context),
      bound(valueOf(entry, kind.spec, "left")), bound(valueOf(entry, kind.spec, "right"))));
}

/// A window without bounds would show nothing of what it does.
void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("left", 2);
  entry.set("right", 2);
}

KeySpec side(std::string_view name, std::string_view help) {
  return {.name = name,
          .type = KeyType::integer,
          .fallback = nullptr,
          .nullable = true,
          .minimum = -kLargestOffset,
          .maximum = kLargestOffset,
          .words = {},
          .help = help};
}

}  // namespace

MaskKind windowMask() {
  return {
      {.kind = "window",
       .label = "window",
       .help = "A query attends to its neighbours; Mistral's window W is left = W − 1, right = 0",
       .keys = {side("left", "How many keys before its own a query may see; null: all of them"),
                side("right", "How many keys after its own a query may see; null: all of them"), alignKey()}},
      make,
      sentence,
      nullptr,
      start};
}

}  // namespace headlight
