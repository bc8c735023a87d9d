#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/value.h"

namespace headlight {

/// What one key of a kind may hold. `matrix` is a list of rows of numbers, "inf", "-inf" and "nan" among
/// them.
enum class KeyType { integer, number, word, text, boolean, list, matrix, any };

/// One key of a kind (a mask, a position, a source …): read by the JSON reader, `--set`, the controls and the
/// help.
struct KeySpec {
  std::string_view name;
  KeyType type = KeyType::any;
  Value fallback;           ///< what it is when absent
  bool nullable = false;    ///< null is a value of its own
  double minimum = -1e300;  ///< for integer and number
  double maximum = 1e300;
  std::vector<std::string_view> words;  ///< for word: what is accepted
  std::string_view help;
};

/// An entry of the experiment that is told apart by its `kind`; its keys are those that its KindSpec lists.
/// Only keys that were given are stored: what is absent has its fallback.
struct Kinded {
  std::string kind;
  Object keys;

  const Value* find(std::string_view key) const;
  void set(std::string_view key, Value value);
  bool operator==(const Kinded&) const = default;
};

/// A row of a table of kinds. `label` is what a control says, `help` a sentence with the source of the
/// formula.
struct KindSpec {
  std::string_view kind;
  std::string_view label;
  std::string_view help;
  std::vector<KeySpec> keys;

  const KeySpec* key(std::string_view name) const;
};

/// The value of a key: what the entry says, else the fallback of its spec. `name` must be a key of `spec`.
const Value& valueOf(const Kinded& entry, const KindSpec& spec, std::string_view name);

/// What stands there, short enough for a message: 7, "causl", a list of 3.
std::string foundText(const Value& value);
/// True for what a matrix may hold: a number, "inf", "-inf" or "nan".
bool isMatrixCell(const Value& value);

/// Checks one value against its key; the error has `path` as its place and says what was found and accepted.
Status checkKey(const Value& value, const KeySpec& spec, const std::string& path);

/// The word of `candidates` nearest to `word` by edits, when it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace headlight
