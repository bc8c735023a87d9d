#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/ui.h"

namespace headlight {

/// A part of the text that stands out while nobody types in it: a tint behind it, a line below. Of two
/// colours each has half of the line.
struct TextMark {
  std::size_t begin = 0;  ///< bytes of the text
  std::size_t end = 0;
  ImU32 colour = 0;
  ImU32 other = 0;
};

/// What is being typed in a text area, and how its lines are broken. One per area; it is no document.
struct TextArea {
  std::string edited;  ///< ImGui's text: stand-ins for wide characters, soft breaks as line feeds
  std::string shown;   ///< the UTF-8 that `edited` stands for
  float width = 0;     ///< what the breaks were made for
  double changedAt = 0;
  bool open = false;  ///< a change that was not yet committed
  std::vector<TextMark> marks;
};

struct TextAreaEvent {
  bool changed = false;
  bool committed = false;  ///< a pause of 0.6 s, Ctrl Enter, or the field was left
};

/// A field of several lines broken at spaces. `text` is the document's; what was typed is `area.shown`.
TextAreaEvent textArea(Ui& ui, std::string_view id, const Box& box, TextArea& area, std::string_view text,
                       bool invalid);
/// How many lines the text takes in a field of `width` px.
int textAreaLines(const Ui& ui, std::string_view text, float width);

}  // namespace headlight
