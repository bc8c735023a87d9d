#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/ui.h"

namespace headlight {

enum class Align : std::uint8_t { left, centre, right };

/// Text stands on whole px by its base line. A text with characters that the atlas does not hold is drawn by
/// Pango.
float textWidth(const Ui& ui, Role role, std::string_view text);
/// Returns the x after it.
float text(Ui& ui, Role role, float x, float baseline, ImU32 colour, std::string_view text);
/// Inside a box, centred on the height of capitals, shortened with "…" where it does not fit.
void textIn(Ui& ui, Role role, const Box& box, Align align, ImU32 colour, std::string_view text);
/// The base line that centres capitals of the role in y0 … y1.
float centredBaseline(const Ui& ui, Role role, float y0, float y1);
/// At most `width` px, the last character "…" where something was cut.
std::string shortened(const Ui& ui, Role role, std::string_view text, float width);
/// Greedy lines of at most `width` px; one longer word stays whole.
std::vector<std::string> wrapped(const Ui& ui, Role role, float width, std::string_view text);
/// Draws them; returns the base line after the last.
float paragraph(Ui& ui, Role role, float x, float baseline, float width, float leading, ImU32 colour,
                std::string_view text);
/// A quarter turn, reading upwards; `x` is the base line, `yBottom` where it begins.
void textUp(Ui& ui, Role role, float x, float yBottom, ImU32 colour, std::string_view text);

/// A number, right-aligned: the decimal points of a column stand below each other.
void num(Ui& ui, float xRight, float baseline, double value, int decimals, ImU32 colour,
         Role role = Role::num);
void numText(Ui& ui, float xRight, float baseline, ImU32 colour, std::string_view text,
             Role role = Role::num);

/// Math markup ("QK^T ÷ √d_k") with sub- and superscripts.
float mathWidth(const Ui& ui, Role role, std::string_view markup);
float math(Ui& ui, Role role, float x, float baseline, ImU32 colour, std::string_view markup);

// Shapes snapped to whole px.
ImDrawList* canvas();
void fill(const Box& box, ImU32 colour, float radius = 0);
void frame(const Box& box, ImU32 colour, float thickness = 1, float radius = 0);
void horizontal(float x0, float x1, float y, ImU32 colour, float thickness = 1);
void vertical(float x, float y0, float y1, ImU32 colour, float thickness = 1);
/// An arrow to the right with an open head.
void arrow(const Ui& ui, float x0, float x1, float y, ImU32 colour);
/// Section head: 12 semibold.
void sectionHead(Ui& ui, float x, float baseline, std::string_view words);

}  // namespace headlight
