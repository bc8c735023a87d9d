#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/mask/mask.h"

namespace headlight {

// What the keys of masks and biases have in common.

/// A key that holds a whole number from `minimum` to the longest sequence and has no default.
KeySpec wholeKey(std::string_view name, double minimum, std::string_view help);

/// A key that has no default and is absent: what its value may be.
Error absentKey(const KindSpec& spec, std::string_view name, const std::string& path);

/// The whole number of a wholeKey. Error: absent (JSON path `path`.name).
Result<std::int64_t> neededWhole(const Kinded& entry, const KindSpec& spec, std::string_view name,
                                 const std::string& path);
/// The text of a key without default. Error: absent.
Result<std::string> neededText(const Kinded& entry, const KindSpec& spec, std::string_view name,
                               const std::string& path);

/// The whole number that a valid entry has there, else `otherwise`: for sentences.
std::int64_t wholeOf(const Kinded& entry, std::string_view name, std::int64_t otherwise);

/// An index of a list in the document. Error: no integer from 0 to length − 1, with what it counts: "key".
Result<std::int64_t> indexBelow(const Value& value, std::int64_t length, std::string_view what,
                                const std::string& path);

/// True and false from 1, 0, true or false. Error: anything else.
Result<bool> bitOf(const Value& value, const std::string& path);

/// The runs of the places where `keep` is true, each place standing for `size` keys, none beyond `keys`.
std::vector<KeyRun> runsOf(const std::vector<bool>& keep, std::int64_t size, std::int64_t keys);

/// A mask that drops nothing.
std::unique_ptr<Mask> everything(std::int64_t keys);

/// "key 9 > query 7": why j ≤ i + shift does not hold.
std::string laterKey(std::int64_t query, std::int64_t key, std::int64_t shift = 0);

}  // namespace headlight
