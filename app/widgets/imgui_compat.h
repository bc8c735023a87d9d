#pragma once
// Everything that differs between the versions of Dear ImGui we build with (1.86 in Debian 12, 1.92 later).
#include <algorithm>
#include <cstdint>
#include <string>

#include <imgui.h>
#include <imgui_internal.h>

#include "app/widgets/keys.h"
#include "core/base/utf8.h"

namespace headlight::compat {

/// A renderer's texture as ImGui wants it.
inline ImTextureID texture(void* id) {
#if IMGUI_VERSION_NUM >= 19131
  return static_cast<ImTextureID>(reinterpret_cast<std::uintptr_t>(id));
#else
  return id;
#endif
}

/// The other way round.
inline void* pointer(ImTextureID id) {
#if IMGUI_VERSION_NUM >= 19131
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
#else
  return id;
#endif
}

/// Leaves one list of what is to be drawn; it and its pointer must outlive the data.
inline void drawOnly(ImDrawData& data, ImDrawList*& list) {
#if IMGUI_VERSION_NUM >= 18980
  data.CmdLists.resize(0);
  data.CmdLists.push_back(list);
#else
  data.CmdLists = &list;
#endif
  data.CmdListsCount = 1;
  data.TotalIdxCount = list->IdxBuffer.Size;
  data.TotalVtxCount = list->VtxBuffer.Size;
}

/// Text fields are walked by our own focus order, so ImGui must not act on Tab.
inline void dropTabKey(ImGuiIO& io) {
#if IMGUI_VERSION_NUM < 18700
  io.KeyMap[ImGuiKey_Tab] = -1;
#else
  ImGui::SetKeyOwner(ImGuiKey_Tab, ImGui::GetID("headlight"), ImGuiInputFlags_LockThisFrame);
  (void)io;
#endif
}

/// What a window backend does at its start: names ImGui's keys by GLFW's numbers. For tests without a
/// backend.
inline void nameKeys(ImGuiIO& io) {
#if IMGUI_VERSION_NUM < 18700
  io.KeyMap[ImGuiKey_Tab] = -1;
  io.KeyMap[ImGuiKey_LeftArrow] = kKeyLeft;
  io.KeyMap[ImGuiKey_RightArrow] = kKeyRight;
  io.KeyMap[ImGuiKey_UpArrow] = kKeyUp;
  io.KeyMap[ImGuiKey_DownArrow] = kKeyDown;
  io.KeyMap[ImGuiKey_PageUp] = kKeyPageUp;
  io.KeyMap[ImGuiKey_PageDown] = kKeyPageDown;
  io.KeyMap[ImGuiKey_Home] = kKeyHome;
  io.KeyMap[ImGuiKey_End] = kKeyEnd;
  io.KeyMap[ImGuiKey_Delete] = kKeyDelete;
  io.KeyMap[ImGuiKey_Backspace] = kKeyBackspace;
  io.KeyMap[ImGuiKey_Space] = kKeySpace;
  io.KeyMap[ImGuiKey_Enter] = kKeyEnter;
  io.KeyMap[ImGuiKey_Escape] = kKeyEscape;
  io.KeyMap[ImGuiKey_KeyPadEnter] = kKeyKeypadEnter;
  io.KeyMap[ImGuiKey_A] = kKeyA;
  io.KeyMap[ImGuiKey_C] = kKeyC;
  io.KeyMap[ImGuiKey_V] = kKeyV;
  io.KeyMap[ImGuiKey_X] = kKeyX;
  io.KeyMap[ImGuiKey_Y] = kKeyA + 24;
  io.KeyMap[ImGuiKey_Z] = kKeyZ;
#else
  (void)io;
#endif
}

/// Whether the last item keeps the wheel to itself, so that the region under it does not scroll.
inline void keepWheel() {
#if IMGUI_VERSION_NUM < 18900
  ImGui::SetItemUsingMouseWheel();
#else
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#endif
}

/// Ends whatever is being typed or dragged.
inline void letGo() {
  ImGui::ClearActiveID();
}

/// How far down a field of several lines is scrolled, px.
inline float fieldScroll(const char* label) {
  const std::string parent = ImGui::GetCurrentWindow()->Name;
  char id[16];
  ImFormatString(id, sizeof id, "_%08X", ImGui::GetID(label));
  const ImGuiWindow* field = ImGui::FindWindowByName((parent + "/" + label + id).c_str());
  return field == nullptr ? 0 : field->Scroll.y;
}

/// Whether a text field is being typed in.
inline bool typing() {
  return ImGui::GetIO().WantTextInput;
}

/// Whether the drawn glyph exists in the atlas.
inline bool hasGlyph(const ImFont* font, char32_t c) {
#if IMGUI_VERSION_NUM < 19200
  return c <= 0xFFFF && font->FindGlyphNoFallback(static_cast<ImWchar>(c)) != nullptr;
#else
  return const_cast<ImFont*>(font)->IsGlyphInFont(static_cast<ImWchar>(c));
#endif
}

/// A field's own undo is forgotten after its text was changed under it: its steps would reach beyond the end.
inline void forgetFieldUndo() {
#if IMGUI_VERSION_NUM < 19110
  if (ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID())) {
    state->Stb.undostate.undo_point = 0;
    state->Stb.undostate.undo_char_point = 0;
    state->Stb.undostate.redo_point = STB_TEXTEDIT_UNDOSTATECOUNT;
    state->Stb.undostate.redo_char_point = STB_TEXTEDIT_UNDOCHARCOUNT;
  }
#endif
}

/// Puts the caret of the field that is typed in behind its last character, with nothing selected. False when
/// there is none.
inline bool caretToEnd() {
  ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetActiveID());
  if (state == nullptr) return false;
#if IMGUI_VERSION_NUM < 19110
  state->Stb.cursor = state->Stb.select_start = state->Stb.select_end = state->CurLenW;
#else
  state->ReloadUserBufAndMoveToEnd();
#endif
  return true;
}

/// ImGui drops private-use characters that are typed. When there is one, all that was typed in this frame is
/// taken from the queue, to be put in by hand.
inline std::string takeStandIns() {
  ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  std::string typed;
  for (const ImWchar c : queue) {
    if (c < 0xE000 || c > 0xF8FF) continue;
    for (const ImWchar each : queue) {
      if (each >= 0x20) appendUtf8(typed, each);
    }
    queue.resize(0);
    break;
  }
  return typed;
}

/// In a text field's callback: replaces the selection by what was typed.
inline void insertTyped(ImGuiInputTextCallbackData* data, const std::string& typed) {
  if (typed.empty()) return;
  const int from = std::min(data->SelectionStart, data->SelectionEnd);
  const int to = std::max(data->SelectionStart, data->SelectionEnd);
  if (to > from) {
    data->DeleteChars(from, to - from);
    data->CursorPos = from;
  }
  data->InsertChars(data->CursorPos, typed.c_str());
  data->SelectionStart = data->SelectionEnd = data->CursorPos;
  forgetFieldUndo();
}

/// Draws `c` as the glyph of `like`.
inline void lendGlyph(ImFont* font, ImWchar c, ImWchar like) {
#if IMGUI_VERSION_NUM < 19200
  font->AddRemapChar(c, like, true);
  // What the table grew by has no width of its own.
  for (float& advance : font->IndexAdvanceX) {
    if (advance < 0) advance = font->FallbackAdvanceX;
  }
#else
  font->AddRemapChar(c, like);
#endif
}

}  // namespace headlight::compat
