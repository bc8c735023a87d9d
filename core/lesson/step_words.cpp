#include "core/lesson/step_words.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr std::size_t kMostWithBytes = 90;  // of changes inside a sentence

std::string valueWords(const Value& value);

/// "1, 2, 3"; of many the first.
std::string listWords(const List& list) {
  constexpr std::size_t kMostNamed = 12;
  std::string words;
  for (std::size_t n = 0; n < std::min(list.size(), kMostNamed); ++n)
    words += (n > 0 ? ", " : "") + valueWords(list[n]);
  return list.empty() ? "none" : list.size() > kMostNamed ? words + " …" : words;
}

/// What a kind is called, with its keys: "alibi", "window (left 4)"; a list of tokens as a sentence.
std::string objectWords(const Value& value) {
  if (const Value* tokens = value.find("list"); tokens && tokens->isList()) {
    std::string sentence;
    for (const Value& token : tokens->list())
      sentence += (sentence.empty() ? "" : " ") + (token.isString() ? token.string() : token.json());
    return "“" + sentence + "”";
  }
  const Value* kind = value.find("kind");
  std::string keys;
  for (const auto& [key, member] : value.object()) {
    if (key == "kind" && kind && kind->isString()) continue;
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    keys += (keys.empty() ? "" : ", ") + name + " " + valueWords(member);
  }
  if (!kind || !kind->isString()) return keys;
  return valueWords(*kind) + (keys.empty() ? "" : " (" + keys + ")");
}

std::string valueWords(const Value& value) {
  if (value.isNumber()) return withTrueMinus(shortest(value.number()));
  if (value.isObject()) return objectWords(value);
  if (value.isList()) return listWords(value.list());
  if (!value.isString()) return value.json();
  if (value.string() == "inverse_sqrt_d_k") return "1 ÷ √d_k";
  std::string words = value.string();
  // A word of the file's is no formula; what looks like one is.
  if (words.find('=') == std::string::npos) std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// "attention weights"
std::string stageWords(const Value& id) {
  const auto stage = id.isString() ? stageById(id.string()) : std::nullopt;
  return stage ? lowered(info(*stage).title) : valueWords(id);
}

/// "X" of input, "W_Q" of w_q: what cells are set in.
std::string matrixWords(const std::string& id) {
  if (const auto stage = stageById(id)) return std::string(info(*stage).label);
  std::string words = id;
  for (char& c : words) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return words;
}

/// "shape.d_k" is known as d_k.
std::string keyWords(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  const bool plain = dot != std::string::npos && path.find_first_of("0123456789", dot) == std::string::npos;
  std::string key = plain ? path.substr(dot + 1) : path;
  // d_k, d_v and d_model are signs; what has longer parts is words.
  if (key.size() > 1 && key[1] != '_') std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string editWords(const Value& edit) {
  const Value* stage = edit.find("stage");
  const Value* at = edit.find("at");
  const Value* value = edit.find("value");
  if (!stage || !at || !value || !stage->isString() || !at->isList()) return edit.json();
  std::vector<std::string> indices;
  for (const Value& index : at->list()) indices.push_back(valueWords(index));
  std::string inside;
  for (const std::string& index : indices) inside += (inside.empty() ? "" : ", ") + index;
  return matrixWords(stage->string()) + "[" + inside + "] = " + valueWords(*value);
}

/// "attention weights at [0, 2]"
std::string cellWords(const Kinded& call, const KindSpec& spec) {
  return stageWords(valueOf(call, spec, "stage")) + " at [" + valueWords(valueOf(call, spec, "row")) + ", " +
         valueWords(valueOf(call, spec, "column")) + "]";
}

std::string withWords(const Measure& measure) {
  const std::string with = measure.with.empty() ? "" : changesWords(measure.with);
  return with.empty() || with.size() > kMostWithBytes ? "" : ", with " + with;
}

std::string checkLabel(const Check& check, const Measures& measures) {
  if (check.measure.empty()) return measureWords(check.inlined, measures);
  const Measure* named = findMeasure(measures, check.measure);
  return named ? measureWords(*named, measures) : check.measure;
}

/// "effective keys: 1.02 is less than 1.5" of the checks that hold, or of the first that does not.
Result<std::vector<std::string>> checkWords(const std::vector<Check>& checks, bool holding,
                                            const Measures& measures, Bench& bench,
                                            const Experiment& learner) {
  std::vector<std::string> all;
  for (const Check& check : checks) {
    const auto result = evaluateCheck(bench, check, &learner);
    if (!result) return result.error();
    if (result->holds != holding) continue;
    all.push_back(checkLabel(check, measures) + ": " + checkText(check, *result));
    if (!holding) break;
  }
  return all;
}

Status tryAnswer(const Lesson& lesson, const LessonStep& step, const Experiment& learner, Bench& bench,
                 StepAnswer& answer) {
  if (!step.right.empty()) {
    const auto changed = set(learner, step.right.front());
    if (!changed) return changed.error();
    answer.right = "for example " + changesWords(step.right.front());
    auto measured = checkWords(step.check, true, lesson.measures, bench, *changed);
    if (!measured) return measured.error();
    answer.measured = std::move(*measured);
  }
  for (const std::vector<Member>& wrong : step.wrong) {
    const auto changed = set(learner, wrong);
    if (!changed) return changed.error();
    const auto why = checkWords(step.check, false, lesson.measures, bench, *changed);
    if (!why) return why.error();
    answer.wrong.push_back({changesWords(wrong), why->empty() ? "" : why->front()});
  }
  return {};
}

Status optionAnswer(const Lesson& lesson, const LessonStep& step, const Experiment& learner, Bench& bench,
                    StepAnswer& answer) {
  const auto right = rightOption(step.ask, bench, &learner);
  if (!right) return right.error();
  for (std::size_t n = 0; n < step.ask.options.size(); ++n) {
    const LessonOption& option = step.ask.options[n];
    auto words = checkWords(option.when, n == *right, lesson.measures, bench, learner);
    if (!words) return words.error();
    if (n == *right) {
      answer.right = option.text;
      answer.measured = std::move(*words);
    } else {
      answer.wrong.push_back({option.text, words->empty() ? "" : words->front()});
    }
  }
  return {};
}

}  // namespace

std::string changesWords(const std::vector<Member>& changes) {
  std::vector<std::string> all;
  for (const auto& [path, value] : changes) {
    if (path == "edits" && value.isList()) {
      for (const Value& edit : value.list()) all.push_back(editWords(edit));
    } else {
      all.push_back(keyWords(path) + " = " + valueWords(value));
    }
  }
  return all.empty() ? "nothing changed" : listText(all);
}

std::string measureWords(const Measure& measure, const Measures& measures) {
  if (measure.kind != Measure::Kind::quantity) {
    const Measure* first = findMeasure(measures, measure.first);
    const Measure* second = findMeasure(measures, measure.second);
    const bool isRatio = measure.kind == Measure::Kind::ratio;
    if (!first || !second) return isRatio ? "a ratio" : "a difference";
    return (isRatio ? "ratio of " : "difference of ") + measureWords(*first, measures) + " to " +
           measureWords(*second, measures);
  }
  const QuantityInfo* info = quantity(measure.call.kind);
  if (info && measure.call.kind == "cell") return cellWords(measure.call, info->spec) + withWords(measure);
  std::string words = info ? std::string(info->spec.label) : measure.call.kind;
  for (const auto& [key, value] : measure.call.keys) {
    if (value.isNull()) continue;
    words += key == "stage" ? " of " + stageWords(value) : ", " + key + " " + valueWords(value);
  }
  return words + withWords(measure);
}

Result<StepAnswer> stepAnswer(const Lesson& lesson, const LessonStep& step, const Experiment& learner,
                              Bench& bench) {
  StepAnswer answer;
  if (!step.reveal.empty()) {
    auto reveal = filled(step.reveal, bench, &learner);
    if (!reveal) return reveal.error();
    answer.reveal = std::move(*reveal);
  }
  Status status;
  if (step.kind == LessonStep::Kind::attempt) {
    status = tryAnswer(lesson, step, learner, bench, answer);
  } else if (!step.ask.options.empty()) {
    status = optionAnswer(lesson, step, learner, bench, answer);
  } else if (step.kind != LessonStep::Kind::see && !step.ask.measure.empty()) {
    const auto number = bench.number(step.ask.measure, &learner);
    if (!number) return number.error();
    answer.right = measuredText(*number);
    if (const Measure* measure = findMeasure(lesson.measures, step.ask.measure))
      answer.measured = {measureWords(*measure, lesson.measures) + ": " + answer.right};
  }
  if (!status) return status.error();
  return answer;
}

}  // namespace headlight
