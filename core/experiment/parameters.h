#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/kinds.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// A row of the one table of parameters: flags of the command line, controls of the window, `--set` paths,
/// undo labels and help are loops over it. The id is the path in the experiment file and never changes.
struct ParameterInfo {
  std::string_view id;     ///< "shape.d_k"
  std::string_view label;  ///< math markup: "d_k"
  std::string_view
      group;    ///< Input, Shape, Scores, Weights, Numbers, Mistakes, Document, View: a section of the rail
  KeySpec key;  ///< type, fallback, limits, words
  double step = 1;           ///< of a slider
  double sliderMinimum = 0;  ///< what a slider spans; typing may go to the key's own limits
  double sliderMaximum = 0;
  bool logarithmic = false;
  std::string_view flag;  ///< short form on the command line: "--d-k", or empty
  std::string_view help;  ///< a sentence, with the formula it enters
};

std::span<const ParameterInfo> parameters();
const ParameterInfo* parameter(std::string_view id);

/// The value now, with nulls as they stand in the file. `path` may reach into lists: "mask.0.align".
std::optional<Value> get(const Experiment& experiment, std::string_view path);

/// Sets one path as `--set path=value` does: an index equal to a list's length appends, setting a `kind`
/// drops the keys of the old one. Errors: usage for an unknown path (with the nearest), invalid for the value
/// (JSON path).
Result<Experiment> set(const Experiment& experiment, std::string_view path, const Value& value);
/// Several changes in their order, checked when all are made: `--heads 6 --d-model 96` passes no invalid
/// document.
Result<Experiment> set(const Experiment& experiment, std::span<const Member> changes);
/// The value of a short flag: text as it is, "causal,padding" as a list ("none" is the empty one), else as
/// `--set`.
Value readFlagValue(const ParameterInfo& parameter, std::string_view text);
/// "value" as `--set` reads it: JSON, or a bare word taken as a string.
Value readSetValue(std::string_view text);

}  // namespace headlight
