#pragma once
#include <span>
#include <string>
#include <string_view>

namespace headlight {

/// ImGui's text fields hold 16-bit characters and walk from code point to code point: what lies above U+FFFF
/// (emoji) would be lost, and the caret would stop inside a family or between a letter and its accent. While
/// a text is edited each character of several code points (core/text/cluster.h), each above U+FFFF and each
/// private-use one is stood for by a private-use code point of its own; a line feed by U+F8FF, because fields
/// break lines themselves. One table for the whole program, used on the interface thread only. It holds 6,399
/// different characters; beyond that characters of several code points stay apart, others become U+FFFD.

/// UTF-8 → the text a field edits.
std::string toEdited(std::string_view utf8);
/// The edited text → UTF-8, the same bytes that went in.
std::string fromEdited(std::string_view edited);
/// What the window's character callback hands to ImGui for a typed code point.
unsigned int editedCharacter(char32_t typed);
/// The edited text with what was typed code point by code point joined to characters; never longer. The
/// `places`, byte offsets, stay where they are or go to the end of the character that they stand in.
std::string joined(std::string_view edited, std::span<int* const> places);
/// What a code point of an edited text stands for, empty when for itself.
std::string_view stoodFor(char32_t c);

}  // namespace headlight
