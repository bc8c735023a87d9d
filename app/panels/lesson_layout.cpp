#include "app/panels/lesson_layout.h"

#include "app/panels/lesson_parts.h"

namespace headlight {

QuestionLayout layOutQuestion(const Ui& ui, const LessonQuestion& question, const QuestionStyle& style,
                              const Box& column) {
  QuestionLayout layout;
  layout.ask = {style.ask, column.x0, column.y0, style.askLeading,
                mathLines(ui, style.ask, column.width(), question.text)};
  float y = layout.ask.bottom() + style.beforeOptions;
  layout.options.reserve(question.options.size());
  for (std::size_t n = 0; n < question.options.size(); ++n) {
    QuestionLayout::Option option;
    const Role role = style.option(n);
    const float left = column.x0 + style.optionLeft;
    const float room = column.x1 - style.optionRight - left;
    option.words = {role, left, y + style.optionPad / 2, style.optionLeading,
                    mathLines(ui, role, room, question.options[n].text)};
    const float tags = style.tags ? style.tags(n) : 0;
    const auto& lines = option.words.lines;
    option.tagsBelow = tags > 0 && (lines.size() != 1 || mathWidth(ui, role, lines[0]) + tags > room);
    const float height = style.optionLeading * static_cast<float>(lines.size() + (option.tagsBelow ? 1 : 0));
    option.box = {column.x0, y, column.x1, y + height + style.optionPad};
    y = option.box.y1 + style.afterOption;
    layout.options.push_back(std::move(option));
  }
  layout.bottom = y;
  return layout;
}

void drawWords(Ui& ui, const QuestionLayout::Words& words, ImU32 colour) {
  float y = words.top;
  for (const std::string& line : words.lines) {
    math(ui, words.role, words.x, centredBaseline(ui, words.role, y, y + words.leading), colour, line);
    y += words.leading;
  }
}

}  // namespace headlight
