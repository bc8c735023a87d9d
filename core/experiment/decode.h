#pragma once
#include "core/experiment/experiment.h"
#include "core/experiment/report.h"

namespace headlight {

/// The document as far as it can be read, everything wrong with its words, types and lengths of lists
/// reported. Whether its parts fit each other is said by `checkFit`.
Experiment decodeStructure(const Value& root, Report& report);

/// As `encode`; `complete` writes every key there is, also those that only stand for "nothing".
Value encodeTree(const Experiment& experiment, bool complete);

/// Turns an empty tokens key into its default: the sentence, or indices where the source decides.
TokenSpec defaultTokens(const Kinded& source);

/// Reads a kind and its keys. Keys equal to their fallback are dropped, the others stored in the order of the
/// spec.
struct KindFamily;
std::optional<Kinded> decodeKind(const Value& value, const KindFamily& family, const Place& place,
                                 Report& report);
/// Brings keys that were set one by one to what `decodeKind` would have stored.
void tidy(Kinded& entry, const KindSpec& spec);
/// Its keys as an object, fallbacks written out; null ones only when `complete`.
Value encodeKind(const Kinded& entry, const KindSpec& spec, bool complete);
/// `tokens` or `memory`, or one element of a batch.
std::optional<TokenSpec> decodeTokens(const Value& value, const Place& place, Report& report);
Value encodeTokens(const TokenSpec& spec);
void decodeScore(const Value& value, const Place& place, Experiment& experiment, Report& report);
void decodeMistake(const Value& value, const Place& place, Experiment& experiment, Report& report);
/// As an object; null where nothing is deliberately wrong, unless `complete`.
Value encodeMistake(const Experiment& experiment, bool complete);
/// A list of kinds, whose brackets may be left out around one.
std::vector<Kinded> decodeKinds(const Value& value, const KindFamily& family, const Place& place,
                                Report& report);
void decodeView(const Value& value, const Place& place, ViewSpec& view, Report& report);
Value encodeView(const ViewSpec& view, bool complete);

/// Names unknown members and keeps them.
void keepUnknown(const Value& object, const std::vector<std::string_view>& known, const Place& place,
                 Report& report);

}  // namespace headlight
