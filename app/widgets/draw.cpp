#include "app/widgets/draw.h"

#include <cmath>

#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

bool atlasHolds(const ImFont* font, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const auto point = decodeUtf8(text, at);
    if (!point) return true;  // drawn as U+FFFD
    if (!compat::hasGlyph(font, point->value)) return false;
    at += point->length;
  }
  return true;
}

int weightOf(Role role) {
  switch (role) {
    case Role::microStrong:
    case Role::labelStrong:
    case Role::strong:
    case Role::title:
    case Role::titleLarge:
    case Role::lesson:
    case Role::hero:
    case Role::heroLarge:
    case Role::numStrong:
    case Role::poster:
    case Role::stageStrong:
    case Role::stageNumStrong:
      return 600;
    case Role::label:
    case Role::bodyMedium:
      return 500;
    default:
      return 400;
  }
}

Rgb rgbOf(ImU32 colour) {
  return {static_cast<std::uint8_t>(colour >> IM_COL32_R_SHIFT),
          static_cast<std::uint8_t>(colour >> IM_COL32_G_SHIFT),
          static_cast<std::uint8_t>(colour >> IM_COL32_B_SHIFT)};
}

std::shared_ptr<const LabelPicture> pictureOf(const Ui& ui, Role role, std::string_view words, ImU32 colour) {
  // The cache is the frame's; asking it changes nothing that is drawn with.
  return const_cast<Ui&>(ui).labels.find(words, ui.fonts->face(role).em, weightOf(role), rgbOf(colour));
}

float plainWidth(const Fonts::Face& face, std::string_view words) {
  return face.font->CalcTextSizeA(face.font->FontSize, 1e9f, 0, words.data(), words.data() + words.size()).x;
}

void note(Ui& ui, std::string_view words, const Box& box, ImU32 colour) {
  const ImDrawList* list = canvas();
  const ImVec2 low = list->GetClipRectMin();
  const ImVec2 high = list->GetClipRectMax();
  ui.registry.addWords(
      {std::string(words.substr(0, 80)), box, {low.x, low.y, high.x, high.y}, ui.layer, ui.scrolls, colour});
}

}  // namespace

ImDrawList* canvas() {
  return ImGui::GetWindowDrawList();
}

float textWidth(const Ui& ui, Role role, std::string_view words) {
  const Fonts::Face& face = ui.fonts->face(role);
  if (atlasHolds(face.font, words)) return plainWidth(face, words);
  if (const auto label = pictureOf(ui, role, words, ui.c.t1))
    return static_cast<float>(label->picture->width);
  return face.em * 0.6f * static_cast<float>(countCodePoints(words));
}

float text(Ui& ui, Role role, float x, float baseline, ImU32 colour, std::string_view words) {
  if (words.empty()) return x;
  const Fonts::Face& face = ui.fonts->face(role);
  x = std::round(x);
  baseline = std::round(baseline);
  float width = 0;
  if (atlasHolds(face.font, words)) {
    width = plainWidth(face, words);
    canvas()->AddText(face.font, face.font->FontSize, {x, baseline - face.font->Ascent}, colour, words.data(),
                      words.data() + words.size());
  } else if (const auto label = pictureOf(ui, role, words, colour); label && ui.labelTexture) {
    width = static_cast<float>(label->picture->width);
    const float top = baseline - static_cast<float>(label->ascent);
    canvas()->AddImage(compat::texture(ui.labelTexture(*label)), {x, top},
                       {x + width, top + static_cast<float>(label->picture->height)});
  } else {
    width = textWidth(ui, role, words);
  }
  note(ui, words, {x, baseline - face.capital, x + width, baseline}, colour);
  return x + width;
}

float centredBaseline(const Ui& ui, Role role, float y0, float y1) {
  return std::round((y0 + y1 + ui.fonts->face(role).capital) / 2);
}

void textIn(Ui& ui, Role role, const Box& box, Align align, ImU32 colour, std::string_view words) {
  if (words.empty()) return;
  float width = textWidth(ui, role, words);
  std::string cut;
  if (width > box.width() + 0.5f) {
    cut = shortened(ui, role, words, box.width());
    words = cut;
    width = textWidth(ui, role, words);
  }
  float x = box.x0;
  if (align == Align::centre) x = std::round(box.centreX() - width / 2);
  if (align == Align::right) x = std::round(box.x1 - width);
  text(ui, role, x, centredBaseline(ui, role, box.y0, box.y1), colour, words);
}

std::string shortened(const Ui& ui, Role role, std::string_view words, float width) {
  if (words.size() < 2000 && textWidth(ui, role, words) <= width) return std::string(words);
  const float dots = textWidth(ui, role, "…");
  const Fonts::Face& face = ui.fonts->face(role);
  std::string kept;
  float used = 0;
  for (std::size_t at = 0; at < words.size();) {
    const auto point = decodeUtf8(words, at);
    const std::size_t length = point ? point->length : 1;
    const std::string_view one = words.substr(at, length);
    const bool plain = point && compat::hasGlyph(face.font, point->value);
    used += plain ? plainWidth(face, one) : face.em;
    if (used + dots > width) break;
    kept.append(one);
    at += length;
  }
  while (!kept.empty() && kept.back() == ' ') kept.pop_back();
  return kept + "…";
}

std::vector<std::string> wrapped(const Ui& ui, Role role, float width, std::string_view words) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    const std::string_view word = words.substr(at, end - at);
    std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (!line.empty() && textWidth(ui, role, longer) > width) {
      lines.push_back(std::move(line));
      line = word;
    } else {
      line = std::move(longer);
    }
    at = end + 1;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

float paragraph(Ui& ui, Role role, float x, float baseline, float width, float leading, ImU32 colour,
                std::string_view words) {
  for (const std::string& line : wrapped(ui, role, width, words)) {
    textIn(ui, role, {x, baseline - ui.fonts->face(role).capital, x + width, baseline}, Align::left, colour,
           line);
    baseline += leading;
  }
  return baseline;
}

void textUp(Ui& ui, Role role, float x, float yBottom, ImU32 colour, std::string_view words) {
  if (words.empty()) return;
  x = std::round(x);
  yBottom = std::round(yBottom);
  const Fonts::Face& face = ui.fonts->face(role);
  const ImFont* font = face.font;
  ImDrawList* list = canvas();
  float length = 0;
  if (atlasHolds(font, words)) {
    // Glyph by glyph: AddText would cull against the clip rectangle before the turn.
    for (std::size_t at = 0; at < words.size();) {
      const auto point = decodeUtf8(words, at);
      at += point ? point->length : 1;
      const ImFontGlyph* glyph = font->FindGlyph(static_cast<ImWchar>(point ? point->value : 0xFFFD));
      if (!glyph) continue;
      if (glyph->Visible) {
        const float left = x + glyph->Y0 - font->Ascent;
        const float right = x + glyph->Y1 - font->Ascent;
        const float low = yBottom - length - glyph->X0;
        const float high = yBottom - length - glyph->X1;
        list->PrimReserve(6, 4);
        list->PrimQuadUV({left, low}, {left, high}, {right, high}, {right, low}, {glyph->U0, glyph->V0},
                         {glyph->U1, glyph->V0}, {glyph->U1, glyph->V1}, {glyph->U0, glyph->V1}, colour);
      }
      length += glyph->AdvanceX;
    }
  } else if (const auto label = pictureOf(ui, role, words, colour); label && ui.labelTexture) {
    length = static_cast<float>(label->picture->width);
    const float left = x - static_cast<float>(label->ascent);
    const float right = left + static_cast<float>(label->picture->height);
    list->AddImageQuad(compat::texture(ui.labelTexture(*label)), {left, yBottom}, {left, yBottom - length},
                       {right, yBottom - length}, {right, yBottom}, {0, 0}, {1, 0}, {1, 1}, {0, 1});
  } else {
    length = textWidth(ui, role, words);
  }
  note(ui, words, {x - face.capital, yBottom - length, x, yBottom}, colour);
}

void numText(Ui& ui, float xRight, float baseline, ImU32 colour, std::string_view words, Role role) {
  text(ui, role, std::round(xRight - textWidth(ui, role, words)), baseline, colour, words);
}

void num(Ui& ui, float xRight, float baseline, double value, int decimals, ImU32 colour, Role role) {
  numText(ui, xRight, baseline, colour, fixed(value, decimals), role);
}

float mathWidth(const Ui& ui, Role role, std::string_view markup) {
  float width = 0;
  for (const MathPiece& piece : mathPieces(std::string(markup))) {
    width += textWidth(ui, piece.level == 0 ? role : mathRole(role), piece.text);
  }
  return width;
}

float math(Ui& ui, Role role, float x, float baseline, ImU32 colour, std::string_view markup) {
  const float em = ui.fonts->face(role).em;
  for (const MathPiece& piece : mathPieces(std::string(markup))) {
    const float shift = piece.level == 0 ? 0 : piece.level > 0 ? -0.36f * em : 0.22f * em;
    x = text(ui, piece.level == 0 ? role : mathRole(role), x, baseline + std::round(shift), colour,
             piece.text);
  }
  return x;
}

void fill(const Box& box, ImU32 colour, float radius) {
  if (box.empty()) return;
  canvas()->AddRectFilled({std::round(box.x0), std::round(box.y0)}, {std::round(box.x1), std::round(box.y1)},
                          colour, radius);
}

void frame(const Box& box, ImU32 colour, float thickness, float radius) {
  thickness = std::max(1.0f, std::round(thickness));
  const float half = thickness / 2;
  if (radius > 0) {
    // ImGui insets by half a px on its own.
    canvas()->AddRect({std::round(box.x0) + half - 0.5f, std::round(box.y0) + half - 0.5f},
                      {std::round(box.x1) - half + 0.5f, std::round(box.y1) - half + 0.5f}, colour, radius, 0,
                      thickness);
    return;
  }
  const Box b{std::round(box.x0), std::round(box.y0), std::round(box.x1), std::round(box.y1)};
  fill({b.x0, b.y0, b.x1, b.y0 + thickness}, colour);
  fill({b.x0, b.y1 - thickness, b.x1, b.y1}, colour);
  fill({b.x0, b.y0 + thickness, b.x0 + thickness, b.y1 - thickness}, colour);
  fill({b.x1 - thickness, b.y0 + thickness, b.x1, b.y1 - thickness}, colour);
}

void horizontal(float x0, float x1, float y, ImU32 colour, float thickness) {
  fill({x0, std::round(y), x1, std::round(y) + std::max(1.0f, std::round(thickness))}, colour);
}

void vertical(float x, float y0, float y1, ImU32 colour, float thickness) {
  fill({std::round(x), y0, std::round(x) + std::max(1.0f, std::round(thickness)), y1}, colour);
}

void arrow(const Ui& ui, float x0, float x1, float y, ImU32 colour) {
  const float stroke = std::max(1.0f, 1.2f * ui.scale);
  const float head = ui.u(4);
  y = std::floor(y) + 0.5f;
  ImDrawList* list = canvas();
  list->AddLine({std::round(x0), y}, {std::round(x1), y}, colour, stroke);
  const ImVec2 points[] = {
      {std::round(x1) - head, y - head}, {std::round(x1), y}, {std::round(x1) - head, y + head}};
  list->AddPolyline(points, 3, colour, 0, stroke);
}

void sectionHead(Ui& ui, float x, float baseline, std::string_view words) {
  text(ui, Role::labelStrong, x, baseline, ui.c.t1, words);
}

}  // namespace headlight
