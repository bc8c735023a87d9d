#include "app/widgets/text_area.h"

#include <algorithm>
#include <cmath>

#include <glib.h>
#include <imgui_stdlib.h>

#include "app/widgets/controls.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/text_input.h"
#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr double kPause = 0.6;

float glyphWidth(const ImFont* font, std::string_view text, std::size_t at, std::size_t* length) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    *length = 1;
    return font->GetCharAdvance(static_cast<ImWchar>(byte));
  }
  const auto point = decodeUtf8(text, at);
  *length = point ? point->length : 1;
  return font->GetCharAdvance(static_cast<ImWchar>(point && point->value <= 0xFFFF ? point->value : 0xFFFD));
}

/// Turns spaces into line feeds, and line feeds back into spaces, so that no line is wider than `width` where
/// there is a space to break at. Nothing moves: a cursor stays where it is. Returns whether a byte changed.
bool breakLines(const ImFont* font, char* text, std::size_t size, float width) {
  bool changed = false;
  const std::string_view view(text, size);
  std::size_t space = std::string_view::npos;
  float line = 0;
  float sinceSpace = 0;
  const float blank = font->GetCharAdvance(' ');
  const auto put = [&](std::size_t at, char c) {
    if (text[at] == c) return;
    text[at] = c;
    changed = true;
  };
  for (std::size_t at = 0; at < size;) {
    if (text[at] == ' ' || text[at] == '\n') {
      put(at, ' ');
      space = at;
      line += blank;
      sinceSpace = 0;
      ++at;
      continue;
    }
    std::size_t length = 1;
    const float advance = glyphWidth(font, view, at, &length);
    line += advance;
    sinceSpace += advance;
    if (line > width && space != std::string_view::npos) {
      put(space, '\n');
      space = std::string_view::npos;
      line = sinceSpace;
    }
    at += length;
  }
  return changed;
}

struct Breaker {
  const ImFont* font;
  float width;
  std::string typed;  ///< of this frame, to be put in by hand
};

/// Joins what was typed code point by code point.
void joinTyped(ImGuiInputTextCallbackData* data) {
  const std::string_view text(data->Buf, static_cast<std::size_t>(data->BufTextLen));
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return;
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '\n', ' ');
  int* const places[] = {&data->CursorPos, &data->SelectionStart, &data->SelectionEnd};
  const std::string now = joined(plain, places);
  if (now == plain || now.size() > text.size()) return;
  std::copy(now.begin(), now.end(), data->Buf);
  data->Buf[now.size()] = 0;
  data->BufTextLen = static_cast<int>(now.size());
  data->BufDirty = true;
  compat::forgetFieldUndo();
}

/// The first code point of a text's composed form, 0 for none.
char32_t composedFirst(std::string_view text) {
  char* composed = g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFC);
  if (composed == nullptr) return 0;
  const char32_t first = g_utf8_get_char(composed);
  g_free(composed);
  return first;
}

/// While edited, a letter with its accents looks like the one character they make, or like the letter alone.
void lendGlyphs(ImFont* font, std::string_view edited) {
  for (std::size_t at = 0; at < edited.size();) {
    const auto point = decodeUtf8(edited, at);
    if (!point) return;
    at += point->length;
    const std::string_view meant = stoodFor(point->value);
    if (meant.empty() || compat::hasGlyph(font, point->value)) continue;
    const char32_t like = composedFirst(meant);
    if (like != 0 && compat::hasGlyph(font, like)) {
      compat::lendGlyph(font, static_cast<ImWchar>(point->value), static_cast<ImWchar>(like));
    }
  }
}

int onEdit(ImGuiInputTextCallbackData* data) {
  auto* breaker = static_cast<Breaker*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways && breaker->typed.empty()) return 0;
  compat::insertTyped(data, breaker->typed);
  breaker->typed.clear();
  joinTyped(data);
  if (breakLines(breaker->font, data->Buf, static_cast<std::size_t>(data->BufTextLen), breaker->width)) {
    data->BufDirty = true;
  }
  return 0;
}

std::string meant(std::string edited) {
  std::replace(edited.begin(), edited.end(), '\n', ' ');
  return fromEdited(edited);
}

float innerWidth(const Ui& ui, float width) {
  return width - 2 * ui.u(9) - ui.u(2);
}

/// Lines with characters that the atlas does not hold, drawn by Pango while nobody types.
void drawLines(Ui& ui, const Box& box, const TextArea& area) {
  const Fonts::Face& face = ui.fonts->face(Role::body);
  float y = box.y0 + ui.u(5) + face.font->Ascent;
  std::size_t at = 0;
  while (at <= area.edited.size() && y < box.y1) {
    const std::size_t end = std::min(area.edited.find('\n', at), area.edited.size());
    const std::string line = fromEdited(std::string_view(area.edited).substr(at, end - at));
    textIn(ui, Role::body, {box.x0 + ui.u(9), y - face.capital, box.x1 - ui.u(9), y}, Align::left, ui.c.t1,
           line);
    y += face.font->FontSize;
    at = end + 1;
  }
}

/// Behind the text, where its parts stand in its lines.
void drawTextMarks(Ui& ui, const char* name, const Box& box, const TextArea& area) {
  if (area.marks.empty()) return;
  const Fonts::Face& face = ui.fonts->face(Role::body);
  const ImU32 ground = isDark(ui.theme) ? ui.c.s0 : ui.c.s2;
  const float top = box.y0 + ui.u(5) - compat::fieldScroll(name);
  canvas()->PushClipRect(box.min(), box.max(), true);
  for (const TextMark& mark : area.marks) {
    if (mark.begin >= mark.end || mark.end > area.shown.size()) continue;
    // Line feeds stand where spaces were: places stay, but for characters that others stand for.
    const std::string_view shown(area.shown);
    const std::size_t at = toEdited(shown.substr(0, mark.begin)).size();
    const std::size_t end = at + toEdited(shown.substr(mark.begin, mark.end - mark.begin)).size();
    if (end > area.edited.size()) continue;
    const std::string_view edited(area.edited);
    const std::size_t feed = at == 0 ? std::string_view::npos : edited.rfind('\n', at - 1);
    const std::size_t line = feed == std::string_view::npos ? 0 : feed + 1;
    const auto row = static_cast<float>(
        std::count(edited.begin(), edited.begin() + static_cast<std::ptrdiff_t>(line), '\n'));
    const float x0 = box.x0 + ui.u(9) + textWidth(ui, Role::body, fromEdited(edited.substr(line, at - line)));
    const float x1 = x0 + textWidth(ui, Role::body, fromEdited(edited.substr(at, end - at)));
    const float y = top + row * face.font->FontSize;
    const Box part{x0 - ui.u(1), y, x1 + ui.u(1), y + face.font->FontSize};
    const float under = std::round(part.y1) - ui.u(2);
    fill(part, mixed(ground, mark.colour, 0.26f), ui.u(2));
    fill({part.x0, under, part.x1, under + ui.u(2)}, mark.colour);
    if (mark.other != 0) fill({part.centreX(), under, part.x1, under + ui.u(2)}, mark.other);
  }
  canvas()->PopClipRect();
}

bool allInAtlas(const ImFont* font, std::string_view edited) {
  for (std::size_t at = 0; at < edited.size();) {
    const auto byte = static_cast<unsigned char>(edited[at]);
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const auto point = decodeUtf8(edited, at);
    if (!point || !compat::hasGlyph(font, point->value)) return false;
    at += point->length;
  }
  return true;
}

}  // namespace

int textAreaLines(const Ui& ui, std::string_view text, float width) {
  std::string copy = toEdited(text.substr(0, 4000));
  breakLines(ui.fonts->face(Role::body).font, copy.data(), copy.size(), innerWidth(ui, width));
  return 1 + static_cast<int>(std::count(copy.begin(), copy.end(), '\n'));
}

TextAreaEvent textArea(Ui& ui, std::string_view id, const Box& box, TextArea& area, std::string_view text,
                       bool invalid) {
  TextAreaEvent event;
  const Fonts::Face& face = ui.fonts->face(Role::body);
  Breaker breaker{face.font, innerWidth(ui, box.width()), {}};
  ui.registry.addControl(id, box, ui.layer);
  const bool focused = ui.focus.add(id, ui.layer, ui.region, true);
  const std::string name = "##" + std::string(id);
  const bool wasActive = ImGui::GetActiveID() != 0 && ImGui::GetActiveID() == ImGui::GetID(name.c_str());
  if (!wasActive && (area.shown != text || area.width != breaker.width || area.edited.empty())) {
    area.shown = text;
    area.edited = toEdited(text);
    std::replace(area.edited.begin(), area.edited.end(), '\n', ' ');
    breakLines(breaker.font, area.edited.data(), area.edited.size(), breaker.width);
    area.width = breaker.width;
  }

  // What was typed is in the document already: Escape leaves the field, it takes nothing back.
  if (wasActive && ui.take(kKeyEscape)) compat::letGo();
  if (wasActive) breaker.typed = compat::takeStandIns();
  fill(box, isDark(ui.theme) ? ui.c.s0 : ui.c.s2, ui.u(3));
  const bool byPango = !wasActive && !allInAtlas(face.font, area.shown);
  if (!byPango) lendGlyphs(face.font, area.edited);
  if (!wasActive) drawTextMarks(ui, name.c_str(), box, area);
  if (fieldBegins(ui, id, focused)) ImGui::SetKeyboardFocusHere();
  ImGui::SetCursorScreenPos(box.min());
  ImGui::PushFont(face.font);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.u(9), ui.u(5)});
  ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, ui.u(6));
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushStyleColor(ImGuiCol_Text, byPango ? 0 : ui.c.t1);
  ImGui::InputTextMultiline(name.c_str(), &area.edited, {box.width(), box.height()},
                            ImGuiInputTextFlags_CallbackEdit | ImGuiInputTextFlags_CallbackAlways |
                                ImGuiInputTextFlags_NoHorizontalScroll |
                                ImGuiInputTextFlags_CtrlEnterForNewLine,
                            onEdit, &breaker);
  const bool active = ImGui::IsItemActive();
  const bool left = ImGui::IsItemDeactivated();
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  if (active && !focused) {
    ui.focus.set(id, false);
    ui.entered = id;
  }
  if (byPango) drawLines(ui, box, area);
  frame(box,
        invalid   ? ui.c.err
        : active  ? ui.c.acc
        : hovered ? ui.c.edge
                  : ui.c.line,
        invalid || active ? ui.u(2) : ui.u(1), ui.u(3));

  if (std::string now = meant(area.edited); now != area.shown) {
    area.shown = std::move(now);
    area.changedAt = ui.seconds;
    area.open = event.changed = true;
  }
  if (area.open) {
    ui.stayAwake(0.1);
    if (left || ui.seconds - area.changedAt >= kPause) {
      area.open = false;
      event.committed = true;
    }
  }
  return event;
}

}  // namespace headlight
