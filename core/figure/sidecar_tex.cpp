#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "core/attention/latex_text.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/figure/key.h"
#include "core/figure/png_writer.h"
#include "core/figure/sidecar.h"
#include "core/picture/labels.h"
#include "core/picture/palette.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr std::size_t kLongestLabel = 16;
constexpr double kLabelMm = 3.2;    // what a label of \scriptsize takes along the axis
constexpr double kTallestMm = 180;  // of a map with more rows than columns
constexpr int kTicks = 6;
constexpr std::int64_t kMostImagePixels = 2048;

struct Sign {
  std::string_view sign;
  std::string_view tex;
};
/// What our labels, ticks and titles write besides letters.
constexpr std::array kSigns{
    Sign{"−", "$-$"},
    Sign{"×", "$\\times$"},
    Sign{"÷", "$\\div$"},
    Sign{"·", "$\\cdot$"},
    Sign{"√", "$\\surd$"},
    Sign{"∞", "$\\infty$"},
    Sign{"∅", "$\\emptyset$"},
    Sign{"→", "$\\to$"},
    Sign{"⏎", "$\\hookleftarrow$"},
    Sign{"␣", "\\textvisiblespace{}"},
    Sign{"…", "\\ldots{}"},
    Sign{"–", "--"},
    Sign{"—", "---"},
    Sign{"‘", "`"},
    Sign{"’", "'"},
    Sign{"“", "``"},
    Sign{"”", "''"},
    Sign{"\u202f", "\\,"},
};

std::string_view commandOf(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '^':
      return "\\textasciicircum{}";
    case '~':
      return "\\textasciitilde{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "\\char34{}";
    case '-':  // two in a row would become a dash
      return "-{}";
    case '\'':
      return "'{}";
    case '`':
      return "`{}";
    default:
      return latexEscaped(c).value_or("");
  }
}

/// Accented letters of Latin-1 by their base and accent, which every encoding of TeX has.
std::string latinLetter(char32_t c) {
  static constexpr std::string_view kBases =
      "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy y";
  static constexpr std::string_view kMarks =
      "`'^~\"r c`'^\"`'^\" ~`'^~\"  `'^\"'  `'^~\"r c`'^\"`'^\" ~`'^~\"  `'^\"' \"";
  switch (c) {
    case 0xc6:
      return "\\AE{}";
    case 0xd8:
      return "\\O{}";
    case 0xdf:
      return "\\ss{}";
    case 0xe6:
      return "\\ae{}";
    case 0xf8:
      return "\\o{}";
    default:
      break;
  }
  if (c < 0xc0 || c > 0xff) return {};
  const auto at = static_cast<std::size_t>(c - 0xc0);
  if (kBases[at] == ' ' || kMarks[at] == ' ') return {};
  const char base = kBases[at];
  const std::string letter = base == 'i' ? "\\i" : std::string(1, base);
  return "\\" + std::string(1, kMarks[at]) + "{" + letter + "}";
}

std::string hexadecimal(char32_t c) {
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "%04X", static_cast<unsigned>(c));
  return text.data();
}

std::string colour(std::string_view name, Rgb c) {
  return "\\definecolor{" + std::string(name) + "}{RGB}{" + std::to_string(c.r) + "," + std::to_string(c.g) +
         "," + std::to_string(c.b) + "}\n";
}

std::string colourTable(const Colormap& map) {
  std::string text = "  colormap={headlight}{";
  for (std::size_t n = 0; n < map.colours.size(); ++n) {
    const Rgb c = map.colours[n];
    text += n % 8 == 0 ? "\n    " : " ";
    text += "rgb255=(" + std::to_string(c.r) + "," + std::to_string(c.g) + "," + std::to_string(c.b) + ")";
  }
  return text + "},\n";
}

/// What a value is along the colour bar.
double along(const Range& range, double value) {
  return range.logarithmic ? std::log10(std::max(value, range.low)) : value;
}

struct PageAxis {
  Axis axis;
  std::int64_t first;
  std::int64_t count;
};

std::string tickLines(const Evaluation& evaluation, const PageAxis& axis, char letter, double mm) {
  const std::int64_t step = labelStep(mm / static_cast<double>(axis.count), kLabelMm);
  std::string places;
  std::string labels;
  for (std::int64_t n = 0; n < axis.count; n += step) {
    const std::string comma = n > 0 ? "," : "";
    places += comma + std::to_string(n);
    labels += comma + "{" +
              texLabel(shortLabel(placeName(evaluation, axis.axis, axis.first + n), kLongestLabel)) + "}";
  }
  const std::string name(1, letter);
  return "  " + name + "tick={" + places + "},\n  " + name + "ticklabels={" + labels + "},\n";
}

/// What the labels of the rows and the bar leave of the page: letters of \\scriptsize are about 1.5 mm wide.
double mapWidth(const Evaluation& evaluation, const PageAxis& down, const TexOptions& options) {
  if (options.pageMm <= 0) return options.widthMm;
  constexpr double kLetter = 1.5;
  constexpr double kBesideLabels = 12;  // tick, gaps and the axis' name
  constexpr double kBar = 25;           // with its numbers and name
  constexpr double kGap = 0.03;         // of the map's width, before the bar
  constexpr std::int64_t kMostRead = 4096;
  std::size_t longest = 0;
  for (std::int64_t n = 0; n < std::min(down.count, kMostRead); ++n) {
    const std::string label = shortLabel(placeName(evaluation, down.axis, down.first + n), kLongestLabel);
    const auto letters = std::count_if(label.begin(), label.end(), [](char byte) {
      return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u;
    });
    longest = std::max(longest, static_cast<std::size_t>(letters));
  }
  const double labels = kLetter * static_cast<double>(longest) + kBesideLabels;
  return std::clamp((options.pageMm - labels - kBar) / (1 + kGap), 15.0, 160.0);
}

std::string barLines(const DrawnPanel& panel) {
  std::string places;
  std::string labels;
  for (const Tick& tick : ticks(panel.range, kTicks)) {
    const std::string comma = places.empty() ? "" : ",";
    places += comma + shortest(along(panel.range, tick.value));
    labels += comma + "{" + texLabel(tick.text) + "}";
  }
  const std::string what = panel.difference ? "difference" : barLabel(panel.stage);
  return "  colorbar,\n  point meta min=" + shortest(along(panel.range, panel.range.low)) +
         ",\n  point meta max=" + shortest(along(panel.range, panel.range.high)) +
         ",\n  colorbar style={ytick={" + places + "}, yticklabels={" + labels + "}, ylabel={" +
         texLabel(what) + "}},\n";
}

std::string preamble(const DrawnPanel& panel, const TexOptions& options) {
  const Palette& colours = palette(options.dark ? Theme::dark : Theme::light);
  return "% A figure by Headlight " HEADLIGHT_VERSION
         " for pgfplots: compile it, or \\input it where the preamble has\n"
         "%   \\usepackage{pgfplots} \\pgfplotsset{compat=1.14} \\usetikzlibrary{patterns}\n"
         "% Hatched cells are masked or minus infinity; a cross is NaN.\n"
         "\\expandafter\\ifx\\csname @nodocument\\endcsname\\relax\n"
         "  \\let\\headlightend\\relax\n"
         "\\else\n"
         "  \\documentclass{article}\n"
         "  \\usepackage{pgfplots}\n"
         "  \\pgfplotsset{compat=1.14}\n"
         "  \\usetikzlibrary{patterns}\n"
         "  \\pagestyle{empty}\n"
         "  \\def\\headlightend{\\end{document}}\n"
         "  \\begin{document}\n"
         "\\fi\n"
         "\\providecommand{\\headlightglyph}[1]{\\ifdefined\\Umathchardef\\char\"#1\\relax\\else{\\tiny "
         "U+#1}\\fi}\n" +
         colour("headlightmask", colours.mask) + colour("headlighthatch", colours.hatch) +
         colour("headlightnan", colours.nanMark) + "\\begin{tikzpicture}\n\\begin{axis}[\n" +
         (panel.map == nullptr ? std::string() : colourTable(*panel.map));
}

/// "x y value" for every cell from the upper left along the page's rows, and the places of NaN.
struct TexCells {
  std::string table;
  std::string nan;
};
Result<TexCells> cellsOf(const DrawnPanel& panel, const Cancel& cancel) {
  const auto rows = static_cast<std::size_t>(panel.rows());
  const auto cols = static_cast<std::size_t>(panel.cols());
  std::vector<float> values;
  std::vector<std::uint8_t> classes;
  const Status status = readPanelRows(
      panel, cancel, [&](std::int64_t, std::span<const float> v, std::span<const std::uint8_t> k) -> Status {
        values.insert(values.end(), v.begin(), v.end());
        classes.insert(classes.end(), k.begin(), k.end());
        return {};
      });
  if (!status) return status.error();
  TexCells cells;
  const std::size_t down = panel.transposed ? cols : rows;
  const std::size_t across = panel.transposed ? rows : cols;
  for (std::size_t y = 0; y < down; ++y) {
    for (std::size_t x = 0; x < across; ++x) {
      const std::size_t at = panel.transposed ? x * cols + y : y * cols + x;
      const float value = values[at];
      const bool masked = static_cast<CellClass>(classes[at]) == CellClass::masked;
      const bool isNan = !masked && std::isnan(value);
      const bool hatched = masked || isNan || (std::isinf(value) && value < 0);
      const std::string place = std::to_string(x) + " " + std::to_string(y);
      if (isNan) cells.nan += place + "\\\\ ";
      cells.table += place + " ";
      // What lies beyond the range takes the end's colour; TeX reads no infinity.
      const double inside = std::clamp(static_cast<double>(value), panel.range.low, panel.range.high);
      cells.table += hatched ? "nan" : shortest(static_cast<float>(along(panel.range, inside)));
      cells.table += "\\\\\n";
    }
  }
  return cells;
}

}  // namespace

std::string texLabel(std::string_view label) {
  std::string out;
  std::size_t at = 0;
  while (at < label.size()) {
    const auto sign = std::find_if(kSigns.begin(), kSigns.end(),
                                   [&](const Sign& s) { return label.substr(at).starts_with(s.sign); });
    if (sign != kSigns.end()) {
      out += sign->tex;
      at += sign->sign.size();
      continue;
    }
    const auto point = decodeUtf8(label, at);
    const char32_t c = point ? point->value : 0xfffd;
    at += point ? point->length : 1;
    if (c < 0x20 || c == 0x7f) {
      out += ' ';
    } else if (c < 0x80) {
      const std::string_view command = commandOf(static_cast<char>(c));
      if (command.empty()) {
        out += static_cast<char>(c);
      } else {
        out += command;
      }
    } else if (const std::string letter = latinLetter(c); !letter.empty()) {
      out += letter;
    } else {
      out += "\\headlightglyph{" + hexadecimal(c) + "}";
    }
  }
  return out;
}

Status writeSidecarTex(ByteSink& sink, const Evaluation& evaluation, const DrawnPanel& panel,
                       const TexOptions& options, const Cancel& cancel) {
  PageAxis down{panel.rowAxis, panel.part.rowFirst, panel.rows()};
  PageAxis across{panel.colAxis, panel.part.colFirst, panel.cols()};
  if (panel.transposed) std::swap(down, across);
  const double width = mapWidth(evaluation, down, options);
  const double cell = width / static_cast<double>(across.count);
  const double height = std::clamp(cell * static_cast<double>(down.count), 4.0, kTallestMm);
  std::string text = preamble(panel, options);
  text += "  scale only axis, width=" + fixed(width, 2) + "mm, height=" + fixed(height, 2) +
          "mm,\n  enlargelimits=false, axis on top, y dir=reverse, tick align=outside,\n  xmin=-0.5, xmax=" +
          shortest(static_cast<double>(across.count) - 0.5) +
          ", ymin=-0.5, ymax=" + shortest(static_cast<double>(down.count) - 0.5) +
          ",\n  tick label style={font=\\scriptsize}, label style={font=\\small},\n"
          "  xticklabel style={rotate=90, anchor=east}, xticklabel pos=lower,\n  xlabel={" +
          std::string(axisWord(across.axis)) + "}, ylabel={" + std::string(axisWord(down.axis)) + "},\n";
  if (!options.title.empty())
    text += "  title={" + texLabel(options.title) +
            "}, title style={font=\\small, align=center, text width=" + fixed(width, 2) + "mm},\n";
  text += tickLines(evaluation, across, 'x', width) + tickLines(evaluation, down, 'y', height) +
          barLines(panel) +
          "  axis background/.style={fill=headlightmask, postaction={pattern=north east lines, "
          "pattern color=headlighthatch}},\n]\n";
  if (texNeedsImage(panel)) {
    text += "\\addplot graphics[xmin=-0.5, xmax=" + shortest(static_cast<double>(across.count) - 0.5) +
            ", ymin=-0.5, ymax=" + shortest(static_cast<double>(down.count) - 0.5) + "] {" +
            options.imageName + "};\n";
  } else {
    const Result<TexCells> cells = cellsOf(panel, cancel);
    if (!cells) return cells.error();
    text +=
        "\\addplot[matrix plot*, mesh/cols=" + std::to_string(across.count) +
        ", point meta=explicit] table[row sep=\\\\, header=false, x index=0, y index=1, meta index=2] {\n" +
        cells->table + "};\n";
    if (!cells->nan.empty()) {
      text += "\\addplot[only marks, mark=x, headlightnan] table[row sep=\\\\, header=false] {" + cells->nan +
              "};\n";
    }
  }
  return sink.write(text + "\\end{axis}\n\\end{tikzpicture}\n\\headlightend\n");
}

Result<std::string> sidecarTexImage(const DrawnPanel& panel, bool dark, const Cancel& cancel) {
  std::int64_t pool = 1;
  while ((std::max(panel.rows(), panel.cols()) + pool - 1) / pool > kMostImagePixels) pool *= 2;
  const std::int64_t down = (panel.rows() + pool - 1) / pool;
  const std::int64_t across = (panel.cols() + pool - 1) / pool;
  const auto count = static_cast<std::size_t>(down * across);
  std::vector<float> extremes(count, 0);
  std::vector<std::uint8_t> kinds(count, static_cast<std::uint8_t>(CellClass::masked));
  const bool isSigned = panel.difference || info(panel.stage).isSigned;
  const std::int64_t cols = panel.cols();
  const Status status = readPanelRows(
      panel, cancel,
      [&](std::int64_t first, std::span<const float> values,
          std::span<const std::uint8_t> classes) -> Status {
        for (std::size_t n = 0; n < values.size(); ++n) {
          if (static_cast<CellClass>(classes[n]) == CellClass::masked) continue;
          const auto cell = static_cast<std::int64_t>(n);
          const auto at =
              static_cast<std::size_t>((first + cell / cols) / pool * across + cell % cols / pool);
          const bool fresh = static_cast<CellClass>(kinds[at]) == CellClass::masked;
          const bool larger =
              isSigned ? std::abs(values[n]) > std::abs(extremes[at]) : values[n] > extremes[at];
          if (fresh || larger || std::isnan(values[n])) extremes[at] = values[n];
          kinds[at] = static_cast<std::uint8_t>(CellClass::value);
        }
        return {};
      });
  if (!status) return status.error();
  const MapLook look = makeLook(panel.range, *panel.map, dark ? Theme::dark : Theme::light);
  Picture picture;
  picture.width = static_cast<int>(panel.transposed ? down : across);
  picture.height = static_cast<int>(panel.transposed ? across : down);
  picture.rgba.reserve(count * 4);
  for (std::int64_t y = 0; y < picture.height; ++y) {
    for (std::int64_t x = 0; x < picture.width; ++x) {
      const auto at = static_cast<std::size_t>(panel.transposed ? x * across + y : y * across + x);
      const bool lowest = std::isinf(extremes[at]) && extremes[at] < 0;
      const Rgb c =
          flatColour(look, extremes[at], lowest ? CellClass::masked : static_cast<CellClass>(kinds[at]));
      picture.rgba.insert(picture.rgba.end(), {c.r, c.g, c.b, 255});
    }
  }
  return encodePng(picture, {});
}

}  // namespace headlight
