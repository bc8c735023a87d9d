#pragma once
#include <functional>
#include <string>
#include <vector>

#include "app/widgets/draw.h"
#include "core/lesson/lesson.h"

namespace headlight {

/// How a question and its choices are set, in px: on the card of the window, or on a slide.
struct QuestionStyle {
  Role ask = Role::title;
  float askLeading = 0;
  std::function<Role(std::size_t)> option;  ///< what is chosen or right is set stronger
  float optionLeading = 0;
  float optionLeft = 0;   ///< from the left of its box to its words
  float optionRight = 0;  ///< from its words to the right of its box, at least
  float optionPad = 0;    ///< above and below its words together
  float beforeOptions = 0;
  float afterOption = 0;
  /// Px of what stands beside an option's words; on a line of its own where they leave no room. May be empty.
  std::function<float(std::size_t)> tags{};
};

/// Where its parts stand, below each other.
struct QuestionLayout {
  struct Words {
    Role role = Role::body;
    float x = 0;
    float top = 0;
    float leading = 0;
    std::vector<std::string> lines;  ///< of math markup, each in the middle of its leading

    float bottom() const { return top + leading * static_cast<float>(lines.size()); }
  };
  struct Option {
    Box box;
    Words words;
    bool tagsBelow = false;
  };
  Words ask;
  std::vector<Option> options;
  float bottom = 0;  ///< where what comes after them begins
};

/// A question and its choices in a column, from its top on.
QuestionLayout layOutQuestion(const Ui& ui, const LessonQuestion& question, const QuestionStyle& style,
                              const Box& column);
void drawWords(Ui& ui, const QuestionLayout::Words& words, ImU32 colour);

}  // namespace headlight
