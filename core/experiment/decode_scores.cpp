#include <cmath>

#include "core/experiment/decode.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

bool isObject(const Value& value, const Place& place, Report& report) {
  if (value.isObject()) return true;
  report.error(place.path, "found " + foundText(value) + ", accepted is an object");
  return false;
}

void decodeScale(const Value& scale, const Place& place, Experiment& experiment, Report& report) {
  const bool word = scale.isString() && (scale.string() == "inverse_sqrt_d_k" || scale.string() == "none");
  const bool number = scale.isNumber() && std::fabs(scale.number()) <= kLargestScale;
  if (word) experiment.scale = scale;
  if (number) experiment.scale = scale.number();
  if (word || number) return;
  report.error(place.path, "found " + foundText(scale) +
                               ", accepted is \"inverse_sqrt_d_k\", \"none\" or a number from -1e30 to 1e30");
}

void decodeSoftcap(const Value& softcap, const Place& place, Experiment& experiment, Report& report) {
  if (softcap.isNull()) return;
  const bool good = softcap.isNumber() && softcap.number() >= 1e-30 && softcap.number() <= kLargestScale;
  if (good) {
    experiment.softcap = softcap.number();
  } else {
    report.error(place.path,
                 "found " + foundText(softcap) + ", accepted is a number > 0 up to 1e30, or null");
  }
}

/// A null word stands for attention as it is meant.
Value wordWhen(bool wrong, std::string_view word) {
  return wrong ? Value(word) : Value();
}

}  // namespace

std::vector<Kinded> decodeKinds(const Value& value, const KindFamily& family, const Place& place,
                                Report& report) {
  std::vector<Kinded> entries;
  const auto add = [&](const Value& entry, const Place& at) {
    if (auto kind = decodeKind(entry, family, at, report)) entries.push_back(std::move(*kind));
  };
  if (value.isList()) {
    for (std::size_t i = 0; i < value.list().size(); ++i) add(value.list()[i], place.item(i));
  } else {
    add(value, place.onlyItem());
  }
  return entries;
}

void decodeScore(const Value& value, const Place& place, Experiment& experiment, Report& report) {
  if (!isObject(value, place, report)) return;
  if (const Value* scale = value.find("scale"))
    decodeScale(*scale, place.member("scale"), experiment, report);
  if (const Value* softcap = value.find("softcap"))
    decodeSoftcap(*softcap, place.member("softcap"), experiment, report);
  if (const Value* bias = value.find("bias"); bias && !bias->isNull())
    experiment.biases = decodeKinds(*bias, biasFamily(), place.member("bias"), report);
  keepUnknown(value, {"scale", "softcap", "bias"}, place, report);
}

void decodeMistake(const Value& value, const Place& place, Experiment& experiment, Report& report) {
  if (!isObject(value, place, report)) return;
  std::vector<std::string_view> known;
  Mistake& mistake = experiment.mistake;
  for (const KeySpec& key : mistakeKeys()) {
    known.push_back(key.name);
    const Value* given = value.find(key.name);
    if (!given || given->isNull() || !report.add(checkKey(*given, key, place.member(key.name).path)))
      continue;
    if (key.name == "softmax_over") {
      mistake.overQueries = true;
    } else if (key.name == "mask_as") {
      mistake.maskAs =
          given->string() == "zero_score" ? Mistake::MaskAs::zeroScore : Mistake::MaskAs::zeroWeight;
    } else if (key.name == "normalize") {
      mistake.plainSum = true;
    } else if (key.name == "subtract_max") {
      mistake.keepsMaximum = !given->boolean();
    } else if (key.name == "merge") {
      mistake.meanMerge = true;
    } else if (key.name == "tie") {
      experiment.tiesKeys = true;
    }
  }
  keepUnknown(value, known, place, report);
}

Value encodeMistake(const Experiment& experiment, bool complete) {
  const Mistake& mistake = experiment.mistake;
  Object object;
  const auto add = [&](std::string_view name, Value value, bool wrong) {
    if (wrong || complete) object.emplace_back(std::string(name), std::move(value));
  };
  const bool masksWrong = mistake.maskAs != Mistake::MaskAs::minusInfinity;
  add("softmax_over", wordWhen(mistake.overQueries, "queries"), mistake.overQueries);
  add("mask_as",
      wordWhen(masksWrong, mistake.maskAs == Mistake::MaskAs::zeroScore ? "zero_score" : "zero_weight"),
      masksWrong);
  add("normalize", wordWhen(mistake.plainSum, "plain_sum"), mistake.plainSum);
  add("subtract_max", !mistake.keepsMaximum, mistake.keepsMaximum);
  add("merge", wordWhen(mistake.meanMerge, "mean"), mistake.meanMerge);
  add("tie", wordWhen(experiment.tiesKeys, "w_k=w_q"), experiment.tiesKeys);
  return object.empty() ? Value() : Value(std::move(object));
}

}  // namespace headlight
