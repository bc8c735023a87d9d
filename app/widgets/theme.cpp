#include "app/widgets/theme.h"

#include <cmath>

namespace headlight {

ImU32 toColour(Rgb colour, int alpha) {
  return IM_COL32(colour.r, colour.g, colour.b, alpha);
}

ImU32 withAlpha(ImU32 colour, float alpha) {
  const ImU32 a = static_cast<ImU32>(std::lround(alpha * 255.0f));
  return (colour & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 a, ImU32 b, float share) {
  const ImVec4 from = ImGui::ColorConvertU32ToFloat4(a);
  const ImVec4 to = ImGui::ColorConvertU32ToFloat4(b);
  const auto part = [share](float x, float y) { return x + (y - x) * share; };
  return ImGui::ColorConvertFloat4ToU32({part(from.x, to.x), part(from.y, to.y), part(from.z, to.z), 1});
}

Tokens tokens(Theme theme) {
  const Palette& p = palette(theme);
  Tokens t;
  t.s0 = toColour(p.s0), t.s1 = toColour(p.s1), t.s2 = toColour(p.s2), t.s3 = toColour(p.s3);
  t.line = toColour(p.line), t.edge = toColour(p.edge);
  t.t1 = toColour(p.t1), t.t2 = toColour(p.t2), t.t3 = toColour(p.t3);
  t.acc = toColour(p.acc), t.accfg = toColour(p.accfg), t.accbg = toColour(p.accbg);
  t.q = toColour(p.q), t.k = toColour(p.k), t.v = toColour(p.v);
  t.mask = toColour(p.mask), t.hatch = toColour(p.hatch), t.nan = toColour(p.nan);
  t.err = toColour(p.err), t.errbg = toColour(p.errbg), t.warn = toColour(p.warn);
  return t;
}

void applyTheme(ImGuiStyle& style, Theme theme, float scale) {
  style = ImGuiStyle();
  const auto u = [scale](float px) { return std::round(px * scale); };
  style.WindowPadding = {0, 0};
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.WindowMinSize = {1, 1};
  style.ChildRounding = 0;
  style.ChildBorderSize = 0;
  style.PopupRounding = u(6);
  style.PopupBorderSize = std::max(1.0f, u(1));
  style.FramePadding = {u(8), u(5)};
  style.FrameRounding = u(3);
  style.FrameBorderSize = 0;
  style.ItemSpacing = {u(8), u(8)};
  style.ItemInnerSpacing = {u(8), u(4)};
  style.ScrollbarSize = u(10);
  style.ScrollbarRounding = u(5);
  style.GrabMinSize = u(12);
  style.GrabRounding = u(6);
  style.DisplaySafeAreaPadding = {0, 0};
  style.MouseCursorScale = 1;
  style.AntiAliasedLinesUseTex = false;  // texture lines need linear filtering, which maps must not have

  const Tokens t = tokens(theme);
  const auto set = [&style](ImGuiCol which, ImU32 colour) {
    style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  for (int i = 0; i < ImGuiCol_COUNT; ++i) set(i, t.s2);
  set(ImGuiCol_Text, t.t1);
  set(ImGuiCol_TextDisabled, t.t3);
  set(ImGuiCol_WindowBg, t.s1);
  set(ImGuiCol_ChildBg, 0);
  set(ImGuiCol_PopupBg, t.s1);
  set(ImGuiCol_Border, t.line);
  set(ImGuiCol_BorderShadow, 0);
  set(ImGuiCol_FrameBgHovered, t.s3);
  set(ImGuiCol_FrameBgActive, t.s3);
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, t.s3);
  set(ImGuiCol_ScrollbarGrabHovered, t.edge);
  set(ImGuiCol_ScrollbarGrabActive, t.edge);
  set(ImGuiCol_TextSelectedBg, mixed(t.s2, t.acc, 0.45f));
  set(ImGuiCol_DragDropTarget, t.acc);
  set(ImGuiCol_NavHighlight, 0);
  set(ImGuiCol_NavWindowingHighlight, 0);
  set(ImGuiCol_NavWindowingDimBg, 0);
  set(ImGuiCol_ModalWindowDimBg, 0);
}

}  // namespace headlight
