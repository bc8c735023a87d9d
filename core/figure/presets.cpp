#include "core/figure/presets.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/words.h"

namespace headlight {
namespace {

constexpr double kInch = 25.4;  // mm

constexpr std::string_view kNature =
    "Nature research figure guide, Building and exporting figure panels: 89 and 183 mm wide, at most 170 mm "
    "high, "
    "5 to 7 pt, Arial or Helvetica; 450 dpi. research-figure-guide.nature.com/figures";
constexpr std::string_view kIeee =
    "IEEE Author Center, Size requirements for graphics and File formatting: 3.5 in and 7.16 in wide, type "
    "of "
    "about 9 to 10 pt, Times New Roman, Helvetica or Arial, 600 dpi for line art; at most 9 in high (IEEE "
    "author "
    "guidelines for electronic text and graphics). journals.ieeeauthorcenter.ieee.org";
constexpr std::string_view kAcl =
    "*ACL paper formatting guidelines, Layout and Fonts: A4 with margins of 2.5 cm, columns of 7.7 cm with "
    "0.6 cm between them (16.0 cm of text), 24.7 cm high; Times Roman of 11 pt, captions 10, footnotes 9; "
    "fonts embedded. acl-org.github.io/ACLPUB/formatting.html";
constexpr std::string_view kIcml =
    "ICML submission and formatting instructions, 2.1 Dimensions and 2.5 Figures: text 6.75 in wide and "
    "9.0 in high in two columns with 0.25 in between them (3.25 in each), 10 pt Times, captions 9 pt; no "
    "title "
    "inside of the figure (--no-title), Type 3 fonts avoided. icml.cc, example paper of the style file";
constexpr std::string_view kNeurips =
    "NeurIPS formatting instructions, 2 General formatting instructions: text 5.5 in (33 picas) wide and 9 "
    "in "
    "(54 picas) long, 10 pt Times New Roman; only Type 1 or embedded TrueType fonts. neurips.cc, "
    "instructions "
    "of the style file";
constexpr std::string_view kBeamer =
    "Beamer user guide, option aspectratio=169: slides of 160 mm by 90 mm. ctan.org/pkg/beamer; 304.8 dpi "
    "make "
    "them 1,920 by 1,080 pixels";

constexpr FigurePreset kPresets[] = {
    {"nature-1col", "Nature, one column", 89, 170, false, 7, 5, FigureFont::sans, 450, FigureGround::light,
     kNature},
    {"nature-2col", "Nature, two columns", 183, 170, false, 7, 5, FigureFont::sans, 450, FigureGround::light,
     kNature},
    {"ieee-1col", "IEEE, one column", 3.5 * kInch, 9 * kInch, false, 9, 8, FigureFont::serif, 600,
     FigureGround::light, kIeee},
    {"ieee-2col", "IEEE, two columns", 7.16 * kInch, 9 * kInch, false, 9, 8, FigureFont::serif, 600,
     FigureGround::light, kIeee},
    {"acl-1col", "ACL, one column", 77, 247, false, 8, 6, FigureFont::serif, 300, FigureGround::light, kAcl},
    {"acl-2col", "ACL, two columns", 160, 247, false, 8, 6, FigureFont::serif, 300, FigureGround::light,
     kAcl},
    {"icml-1col", "ICML, one column", 3.25 * kInch, 9 * kInch, false, 8, 6, FigureFont::serif, 300,
     FigureGround::light, kIcml},
    {"icml-2col", "ICML, two columns", 6.75 * kInch, 9 * kInch, false, 8, 6, FigureFont::serif, 300,
     FigureGround::light, kIcml},
    {"neurips", "NeurIPS, text width", 5.5 * kInch, 9 * kInch, false, 8, 6, FigureFont::serif, 300,
     FigureGround::light, kNeurips},
    {"beamer-16x9", "Beamer slide, 16:9", 160, 90, true, 8, 6, FigureFont::sans, 304.8, FigureGround::light,
     kBeamer},
};

}  // namespace

std::span<const FigurePreset> figurePresets() {
  return kPresets;
}

const FigurePreset* figurePreset(std::string_view id) {
  const auto found = std::find_if(std::begin(kPresets), std::end(kPresets),
                                  [&](const FigurePreset& p) { return p.id == id; });
  return found == std::end(kPresets) ? nullptr : found;
}

Status applyPreset(FigureSpec& spec, std::string_view id) {
  const FigurePreset* preset = figurePreset(id);
  if (!preset) {
    std::vector<std::string> ids;
    for (const FigurePreset& p : kPresets) ids.emplace_back(p.id);
    const std::string near = didYouMean(id, ids);
    return Error{ErrorCode::usage, "found preset " + quoted(id) + ", accepted are " + orList(ids), "", near};
  }
  spec.widthMm = preset->widthMm;
  spec.heightMm = preset->heightMm;
  spec.exactHeight = preset->exactHeight;
  spec.fontPt = preset->fontPt;
  spec.leastFontPt = preset->leastFontPt;
  spec.font = preset->font;
  spec.dpi = preset->dpi;
  spec.ground = preset->ground;
  return {};
}

}  // namespace headlight
