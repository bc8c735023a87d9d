#include "core/lesson/lesson.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/experiment/parameters.h"
#include "lessons_assets.h"
#include "scenes_assets.h"

namespace headlight {
namespace {

std::vector<Member> varied(const std::vector<Member>& changes, const std::string& parameter, double value) {
  std::vector<Member> all = changes;
  const bool isWhole = value == static_cast<double>(static_cast<std::int64_t>(value));
  all.emplace_back(parameter, isWhole ? Value(static_cast<std::int64_t>(value)) : Value(value));
  return all;
}

std::vector<LessonFile> filesOf(std::span<const Asset> assets) {
  std::vector<LessonFile> all;
  for (const Asset& asset : assets) {
    if (!asset.name.ends_with(kLessonEnding)) continue;
    all.push_back({std::string(asset.name.substr(0, asset.name.size() - kLessonEnding.size())), asset.bytes});
  }
  std::sort(all.begin(), all.end(), [](const LessonFile& a, const LessonFile& b) { return a.id < b.id; });
  return all;
}

}  // namespace

std::string_view kindWord(LessonStep::Kind kind) {
  switch (kind) {
    case LessonStep::Kind::predict:
      return "predict";
    case LessonStep::Kind::attempt:
      return "try";
    case LessonStep::Kind::see:
      return "see";
    case LessonStep::Kind::explain:
      break;
  }
  return "explain";
}

std::string_view kindWord(LessonPanel::Kind kind) {
  switch (kind) {
    case LessonPanel::Kind::table:
      return "table";
    case LessonPanel::Kind::plot:
      return "plot";
    case LessonPanel::Kind::row:
      return "row";
    case LessonPanel::Kind::map:
      break;
  }
  return "map";
}

Bench Lesson::bench(const std::string& folder, ThreadPool& pool, const Cancel& cancel) const {
  return {start, folder, measures, pool, cancel};
}

const std::vector<LessonFile>& lessonFiles() {
  static const std::vector<LessonFile> files = filesOf(embedded::lessons());
  return files;
}

const std::vector<LessonFile>& sceneFiles() {
  static const std::vector<LessonFile> files = filesOf(embedded::scenes());
  return files;
}

std::vector<std::string> namesIn(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    names.push_back(text.substr(at + 1, end - at - 1));
  }
  return names;
}

Result<std::string> filled(const std::string& text, Bench& bench, const Experiment* learner) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', from)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    const auto number = bench.number(text.substr(at + 1, end - at - 1), learner);
    if (!number) return number.error();
    out += text.substr(from, at - from) + measuredText(*number);
    from = end + 1;
  }
  return out + text.substr(from);
}

Result<std::size_t> rightOption(const LessonQuestion& question, Bench& bench, const Experiment* learner) {
  std::vector<std::size_t> right;
  for (std::size_t n = 0; n < question.options.size(); ++n) {
    const auto holds = allHold(bench, question.options[n].when, learner);
    if (!holds) return holds.error();
    if (*holds) right.push_back(n);
  }
  if (right.size() == 1) return right.front();
  std::vector<std::string> texts;
  texts.reserve(right.size());
  for (const std::size_t n : right) texts.push_back(quoted(question.options[n].text));
  return Error{ErrorCode::invalid,
               right.empty() ? "no option is right as measured, accepted is one"
                             : listText(texts) + " are right as measured, accepted is one",
               "", ""};
}

Result<std::vector<PanelRow>> panelRows(const LessonPanel& panel, Bench& bench) {
  std::vector<PanelRow> rows;
  const std::vector<double> values = panel.parameter.empty() ? std::vector<double>{0} : panel.values;
  for (const double value : values) {
    PanelRow row{value, {}};
    for (const LessonPanel::Column& column : panel.columns) {
      Measure measure = column.measure;
      if (!panel.parameter.empty()) {
        measure.with = varied(measure.with, panel.parameter, value);
        // What is compared with may lack what is varied: the full map has no window whose width changes.
        std::vector<Member> against = varied(measure.against, panel.parameter, value);
        if (set(bench.start(), against)) measure.against = std::move(against);
      }
      const auto number = bench.number(measure);
      if (!number) return number.error();
      row.numbers.push_back(*number);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace headlight
