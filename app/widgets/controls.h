#pragma once
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/draw.h"
#include "app/widgets/icons.h"
#include "app/widgets/ui.h"

namespace headlight {

enum class ButtonKind : std::uint8_t { plain, primary, quiet };

/// A button with a label in the middle, or at the left with its key at the right. True when pressed.
bool button(Ui& ui, std::string_view id, const Box& box, std::string_view label, std::string_view key = {},
            ButtonKind kind = ButtonKind::plain, bool enabled = true, std::string_view reason = {});
float buttonWidth(const Ui& ui, std::string_view label, std::string_view key = {});
/// A square button with an icon; `words` is its tooltip with its key.
bool iconButton(Ui& ui, std::string_view id, const Box& box, Icon which, std::string_view words,
                bool enabled = true, bool lit = false);

/// Two to four words, one chosen. Returns the index pressed, else −1.
int segmented(Ui& ui, std::string_view id, const Box& box, std::span<const std::string_view> words,
              int chosen, std::span<const std::string_view> ids);

/// 28 × 16 px, its right end at the box's. True when pressed.
bool toggle(Ui& ui, std::string_view id, const Box& box, bool on, bool enabled = true);

/// A chip with a cross: 1 when the cross was pressed, 2 when its words were, else 0. `width` is what it took.
int chip(Ui& ui, std::string_view id, float x, float y, std::string_view words, bool open, float* width);
float chipWidth(const Ui& ui, std::string_view words);

/// A closed drop-down: true when pressed, which opens its list.
bool dropDown(Ui& ui, std::string_view id, const Box& box, std::string_view chosen, bool enabled = true);
/// A row of an open list. True when pressed.
bool listRow(Ui& ui, std::string_view id, const Box& box, std::string_view words, std::string_view right,
             bool chosen, bool enabled = true);

/// A line of text being typed, in a box of its own. `text` is UTF-8. Enter or leaving ends it.
struct FieldEvent {
  bool changed = false;
  bool done = false;     ///< Enter, or the field was left
  bool entered = false;  ///< Enter
};
FieldEvent lineField(Ui& ui, std::string_view id, const Box& box, std::string& text, std::string_view hint);
/// Whether a field that has the focus must be told to take the keyboard: once when the focus arrives, and on
/// Enter.
bool fieldBegins(Ui& ui, std::string_view id, bool focused);

}  // namespace headlight
