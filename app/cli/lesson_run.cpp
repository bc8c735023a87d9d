#include "app/cli/lesson_run.h"

#include <algorithm>
#include <iostream>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

class Walk {
 public:
  Walk(const Lesson& lesson, Bench& bench, AnswerSheet& sheet, Console& console, const Cancel& cancel)
      : lesson_(lesson), bench_(bench), sheet_(sheet), console_(console), cancel_(cancel) {}

  Status all() {
    const auto starts = stepStarts(lesson_);
    if (!starts) return starts.error();
    say(lesson_.title + "\n" + lesson_.goal + "\n");
    for (std::size_t n = 0; n < lesson_.steps.size() && !ended_; ++n) {
      const LessonStep& step = lesson_.steps[n];
      learner_ = (*starts)[n];
      say("\n" + std::to_string(n + 1) + " of " + std::to_string(lesson_.steps.size()) + "  " +
          std::string(kindWord(step.kind)) + "\n");
      if (Status status = sayFilled(step.say); !status) return status;
      if (Status status = one(step); !status) return status;
      if (cancel_.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
      if (!ended_) sheet_.done.push_back(step.id);
    }
    return console_.outStatus();
  }

 private:
  void say(const std::string& text) {
    if (const Status status = console_.out(text); !status) ended_ = true;
  }

  Status sayFilled(const std::string& text) {
    if (text.empty()) return {};
    const auto full = filled(text, bench_);
    if (!full) return full.error();
    say(*full + "\n");
    return {};
  }

  // The next line, or nothing at the end of stdin or for q.
  std::optional<std::string> line(const std::string& prompt) {
    say(prompt);
    std::string text;
    if (console_.outClosed() || !std::getline(std::cin, text)) {
      say("\n");
      ended_ = true;
      return std::nullopt;
    }
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.pop_back();
    if (text != "q") return text;
    ended_ = true;
    return std::nullopt;
  }

  Status one(const LessonStep& step) {
    switch (step.kind) {
      case LessonStep::Kind::see:
        return look(step);
      case LessonStep::Kind::attempt:
        return attempt(step);
      case LessonStep::Kind::predict:
      case LessonStep::Kind::explain:
        break;
    }
    return ask(step);
  }

  Status look(const LessonStep& step) {
    for (const LessonPanel& panel : step.panels) {
      if (panel.ofStage()) {
        if (Status status = lookAtMaps(panel); !status) return status;
        continue;
      }
      const auto rows = panelRows(panel, bench_);
      if (!rows) return rows.error();
      std::string text = "  " + panel.title + "\n";
      for (const PanelRow& row : *rows) {
        text += "   ";
        if (!panel.parameter.empty()) text += " " + panel.parameter + " " + measuredText(row.value) + ":";
        for (std::size_t c = 0; c < row.numbers.size(); ++c) {
          text += (c == 0 ? " " : ", ") + panel.columns[c].label + " " + measuredText(row.numbers[c]);
        }
        text += "\n";
      }
      say(text);
    }
    return sayFilled(step.reveal);
  }

  // Each variant's numbers, of a large map its first rows.
  Status lookAtMaps(const LessonPanel& panel) {
    constexpr std::int64_t kSaidRows = 12;
    constexpr std::int64_t kSaidColumns = 16;
    const auto maps = panelMaps(panel, bench_, &learner_, {kSaidRows, kSaidColumns, false});
    if (!maps) return maps.error();
    std::string text = "  " + panel.title + "\n";
    for (const PanelMap& map : *maps) {
      text += "    " + map.label;
      if (map.effectiveKeys) text += " (keys used: " + measuredText(*map.effectiveKeys) + ")";
      text += "\n";
      for (std::int64_t i = 0; i < map.shownRows; ++i) {
        text += "     ";
        for (std::int64_t j = 0; j < map.shownCols; ++j) {
          const auto at = static_cast<std::size_t>(i * map.shownCols + j);
          const bool masked = static_cast<CellClass>(map.classes[at]) == CellClass::masked;
          text += " " + (masked ? std::string("masked") : measuredText(static_cast<double>(map.values[at])));
        }
        text += map.cols > map.shownCols ? " …\n" : "\n";
      }
      if (map.rows > map.shownRows) text += "      … " + std::to_string(map.rows) + " rows\n";
    }
    say(text);
    return {};
  }

  Status ask(const LessonStep& step) {
    say(step.ask.text + "\n");
    for (std::size_t n = 0; n < step.ask.options.size(); ++n) {
      say("  " + std::to_string(n + 1) + "  " + step.ask.options[n].text + "\n");
    }
    while (true) {
      const auto text = line("> ");
      if (!text) return {};
      LessonAnswer answer{step.id, std::nullopt, std::nullopt, {}};
      if (step.ask.options.empty()) {
        answer.number = parseNumber(*text);
      } else if (const auto n = parseInteger(*text);
                 n && *n >= 1 && *n <= static_cast<std::int64_t>(step.ask.options.size())) {
        answer.option = static_cast<std::size_t>(*n - 1);
      }
      if (!answer.option && !answer.number) {
        say(step.ask.options.empty() ? "a number, or q\n"
                                     : "1 to " + std::to_string(step.ask.options.size()) + ", or q\n");
        continue;
      }
      sheet_.answer(answer, true);
      const auto graded = gradeAnswer(step, answer, bench_, learner_);
      if (!graded) return graded.error();
      say("You said: " + graded->given + "\nMeasured: " + graded->expected + "\n");
      return sayFilled(step.reveal);
    }
  }

  Status attempt(const LessonStep& step) {
    say("Changes as path=value, a line each; an empty line checks them.\n");
    LessonAnswer answer{step.id, std::nullopt, std::nullopt, {}};
    while (true) {
      const auto text = line("> ");
      if (!text) return {};
      if (!text->empty()) {
        const std::size_t equals = text->find('=');
        if (equals == std::string::npos) {
          say("path=value, an empty line, or q\n");
          continue;
        }
        std::vector<Member> more = answer.changes;
        more.emplace_back(text->substr(0, equals), readSetValue(std::string_view(*text).substr(equals + 1)));
        if (const auto changed = set(learner_, more); changed) {
          answer.changes = std::move(more);
        } else {
          say(changed.error().text() + "\n");
        }
        continue;
      }
      const auto graded = gradeAnswer(step, answer, bench_, learner_);
      if (!graded) return graded.error();
      sheet_.answer(answer, false);
      say((graded->right ? "Reached: " : "Not yet: ") + graded->expected + "\n");
      if (graded->right) return sayFilled(step.reveal);
    }
  }

  const Lesson& lesson_;
  Bench& bench_;
  AnswerSheet& sheet_;
  Console& console_;
  const Cancel& cancel_;
  Experiment learner_;
  bool ended_ = false;
};

}  // namespace

Status runLesson(const Lesson& lesson, Bench& bench, AnswerSheet& sheet, Console& console,
                 const Cancel& cancel) {
  return Walk(lesson, bench, sheet, console, cancel).all();
}

}  // namespace headlight
