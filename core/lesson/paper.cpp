#include "core/lesson/paper.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/utf8.h"
#include "core/figure/cairo_canvas.h"
#include "core/figure/text_layout.h"
#include "core/files/embedded.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::array<PaperSize, 2> kPapers{{{"a4", 210, 297}, {"letter", 215.9, 279.4}}};

constexpr double kSide = 20;
constexpr double kTop = 14;        // of the head
constexpr double kFirst = 26;      // of the text
constexpr double kFoot = 14;       // from the paper's end to the foot's baseline
constexpr double kLast = 21;       // from the paper's end to the text's
constexpr double kWriting = 8.5;   // mm from line to line
constexpr double kNameLine = 44;   // mm
constexpr double kGlyphDpi = 300;  // of colour glyphs
constexpr Rgb kGrey{0x44, 0x4B, 0x58};

/// As much of the text's beginning as fits the width, at least a character.
std::size_t fittingBytes(const std::string& text, const PaperStyle& style, double width) {
  std::size_t end = 0;
  while (end < text.size()) {
    const auto point = decodeUtf8(text, end);
    const std::size_t next = end + (point ? point->length : 1);
    if (end > 0 && measure(paperText(text.substr(0, next), style)).width > width) break;
    end = next;
  }
  return end;
}

}  // namespace

std::span<const PaperSize> paperSizes() {
  return kPapers;
}

const PaperSize* paperSize(std::string_view id) {
  const auto* found =
      std::find_if(kPapers.begin(), kPapers.end(), [&](const PaperSize& size) { return size.id == id; });
  return found == kPapers.end() ? nullptr : found;
}

PaperStyle paperTitle() {
  return {.sizePt = 20, .weight = 600, .tag = "H1"};
}
PaperStyle paperHeading() {
  return {.sizePt = 13, .weight = 600, .tag = "H2"};
}
PaperStyle paperBody() {
  return {};
}
PaperStyle paperStrong() {
  return {.sizePt = 11.5, .weight = 600};
}
PaperStyle paperSmall() {
  return {.sizePt = 8.5, .colour = kGrey};
}
PaperStyle paperNumbers() {
  return {.sizePt = 8.5, .face = FontFace::numbers, .math = false};
}

Text paperText(const std::string& text, const PaperStyle& style) {
  const auto piece = [&](std::string part, int level) {
    return TextPiece{std::move(part), style.face, style.weight, style.sizePt, style.colour, level, 0, 0};
  };
  if (!style.math) return {{piece(text, 0)}};
  Text line;
  for (MathPiece& part : mathPieces(text)) line.pieces.push_back(piece(std::move(part.text), part.level));
  return line;
}

std::vector<Text> paperLines(const std::string& text, const PaperStyle& style, double width) {
  std::vector<Text> lines;
  std::string line;
  const auto end = [&] {
    if (!line.empty()) lines.push_back(paperText(line, style));
    line.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t space = std::min(text.find_first_of(" \n", at), text.size());
    std::string word = text.substr(at, space - at);
    const bool breaks = space < text.size() && text[space] == '\n';
    at = space + 1;
    std::string longer = line;
    if (!longer.empty()) longer += ' ';
    longer += word;
    if (measure(paperText(longer, style)).width <= width) {
      line = longer;
    } else {
      end();
      while (measure(paperText(word, style)).width > width) {
        const std::size_t fits = fittingBytes(word, style, width);
        if (fits >= word.size()) break;
        lines.push_back(paperText(word.substr(0, fits), style));
        word.erase(0, fits);
      }
      line = word;
    }
    if (breaks) end();
  }
  end();
  return lines;
}

Result<std::string> pagesPdf(const PaperPages& pages) {
  FigureMetadata metadata;
  metadata.title = pages.title;
  metadata.description = pages.description;
  metadata.creator = std::string("Headlight ") + HEADLIGHT_VERSION;
  const auto pdf = paintPdfPages(pages.pages, kGlyphDpi, metadata);
  if (!pdf) return pdf.error();
  PdfAdditions additions;
  additions.title = metadata.title;
  additions.description = metadata.description;
  additions.creator = metadata.creator;
  additions.figures = pages.figures;
  return withPdfAdditions(*pdf, additions);
}

PaperWriter::PaperWriter(const PaperSize& paper, std::string head, std::string foot, bool named)
    : paper_(paper), head_(std::move(head)), foot_(std::move(foot)), named_(named) {
  left_ = kSide;
  width_ = paper.width - 2 * kSide;
  bottom_ = paper.height - kLast;
}

void PaperWriter::beginPage() {
  Drawing& page = document_.pages.emplace_back();
  page.width = paper_.width;
  page.height = paper_.height;
  y_ = kFirst;
  const PaperStyle small = paperSmall();
  double room = width_;
  if (named_) {
    const Text name = paperText("Name", small);
    const double long_ = measure(name).width + 2 + kNameLine;
    line(left_ + width_ - long_, kTop, name, small);
    rule(left_ + width_ - kNameLine, kTop + small.lineMm(), kNameLine);
    room -= long_ + 6;
  }
  const std::vector<Text> head = paperLines(head_, small, room);
  if (!head.empty()) line(left_, kTop, head.front(), small);
}

void PaperWriter::need(double height) {
  if (document_.pages.empty() || room() < height) beginPage();
}

double PaperWriter::heightOf(const std::string& text, const PaperStyle& style, double indent) const {
  return static_cast<double>(paperLines(text, style, width_ - indent).size()) * style.lineMm();
}

void PaperWriter::line(double x, double top, const Text& text, const PaperStyle& style, Anchor anchor) {
  const TextExtent extent = measure(paperText("Hg", style));
  const double air = (style.lineMm() - extent.ascent - extent.descent) / 2;
  page().text({x, top + air + extent.ascent}, text, anchor, false);
}

void PaperWriter::rule(double x, double y, double width, double thickness) {
  const Segment segment{{x, y}, {x + width, y}};
  page().lines({&segment, 1}, thickness, kPaperRule);
}

void PaperWriter::paragraph(const std::string& text, const PaperStyle& style, double indent) {
  const std::vector<Text> lines = paperLines(text, style, width_ - indent);
  if (lines.empty()) return;
  need(style.lineMm());
  page().beginGroup(style.tag);
  for (const Text& each : lines) {
    if (room() < style.lineMm()) {
      page().endGroup();
      beginPage();
      page().beginGroup(style.tag);
    }
    line(left_ + indent, y_, each, style);
    y_ += style.lineMm();
  }
  page().endGroup();
}

void PaperWriter::writingLines(double bottom) {
  const int count = static_cast<int>((bottom - y_ + 1e-6) / kWriting);
  for (int n = 0; n < count; ++n) {
    y_ += kWriting;
    rule(left_, y_, width_);
  }
}

void PaperWriter::place(Drawing drawing, const std::string& alternative, double x, double y) {
  drawing.moveBy(x, y);
  page().beginGroup("Figure");
  drawing.replay(page());
  page().endGroup();
  document_.figures.push_back(alternative);
}

PaperPages PaperWriter::finish() {
  const PaperStyle small = paperSmall();
  const std::string count = std::to_string(document_.pages.size());
  const double top = paper_.height - kFoot - small.lineMm();
  for (std::size_t n = 0; n < document_.pages.size(); ++n) {
    Drawing& page = document_.pages[n];
    const Text number = paperText("page " + std::to_string(n + 1) + " of " + count, small);
    page.text({left_ + width_, top + small.lineMm()}, number, Anchor::end, false);
    const std::vector<Text> foot = paperLines(foot_, small, width_ - measure(number).width - 6);
    if (!foot.empty()) page.text({left_, top + small.lineMm()}, foot.front(), Anchor::start, false);
  }
  return std::move(document_);
}

}  // namespace headlight
