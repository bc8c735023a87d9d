#pragma once
#include <string>
#include <string_view>

namespace headlight {

/// ImGui's text fields hold 16-bit characters: what lies above U+FFFF (emoji) would be lost. While a text is
/// edited such a character, and every private-use one, is stood for by a private-use code point of its own; a
/// line feed by U+F8FF, because fields break lines themselves. One table for the whole program, used on the
/// interface thread only. It holds 6,399 different characters; one more becomes U+FFFD.

/// UTF-8 → the text a field edits.
std::string toEdited(std::string_view utf8);
/// The edited text → UTF-8, the same bytes that went in.
std::string fromEdited(std::string_view edited);
/// What the window's character callback hands to ImGui for a typed code point.
unsigned int editedCharacter(char32_t typed);

}  // namespace headlight
