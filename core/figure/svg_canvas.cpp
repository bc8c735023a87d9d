#include "core/figure/svg_canvas.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/figure/png_writer.h"
#include "core/figure/show_text.h"
#include "core/figure/text_layout.h"
#include "core/files/base64.h"

namespace headlight {
namespace {

// Up to three decimals: a thousandth of a millimetre.
std::string number(double value) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 3).ptr;
  std::string text(buffer.data(), end);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string hex(Rgb c) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "#";
  for (std::uint8_t channel : {c.r, c.g, c.b}) {
    text += kDigits[channel >> 4];
    text += kDigits[channel & 15];
  }
  return text;
}

// XML 1.0 knows no control characters; what is no UTF-8 would break the whole file.
std::string escaped(const std::string& text) {
  std::string out;
  for (char c : repairedUtf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

/// Stands for what makes an id the drawing's own, until all of it is known; no text has this character.
constexpr char kOwn = '\x01';

class SvgCanvas : public Canvas {
 public:
  explicit SvgCanvas(const SvgOptions& options) : options_(options) {}

  void cells(std::span<const FilledCell> all) override {
    body_ += "<g shape-rendering=\"crispEdges\">\n";
    for (const FilledCell& c : all) {
      body_ += "<rect x=\"" + number(c.area.x) + "\" y=\"" + number(c.area.y) + "\" width=\"" +
               number(c.area.width) + "\" height=\"" + number(c.area.height) + "\" fill=\"" + hex(c.colour) +
               "\"/>\n";
    }
    body_ += "</g>\n";
  }

  void lines(std::span<const Segment> segments, double width, Rgb colour) override {
    if (segments.empty()) return;
    body_ += "<path fill=\"none\" stroke=\"" + hex(colour) + "\" stroke-width=\"" + number(width) + "\" d=\"";
    for (const Segment& s : segments) {
      body_ += "M" + number(s.from.x) + " " + number(s.from.y) + "L" + number(s.to.x) + " " + number(s.to.y);
    }
    body_ += "\"/>\n";
  }

  void polygon(std::span<const Point> corners, Rgb colour) override {
    body_ += "<polygon fill=\"" + hex(colour) + "\" points=\"";
    for (std::size_t i = 0; i < corners.size(); ++i) {
      body_ += (i ? " " : "") + number(corners[i].x) + "," + number(corners[i].y);
    }
    body_ += "\"/>\n";
  }

  void dots(std::span<const Point> centres, double radius, Rgb colour) override {
    if (centres.empty()) return;
    // A round cap on a line without length is a dot, and all of them are one path.
    body_ += "<path fill=\"none\" stroke=\"" + hex(colour) + "\" stroke-width=\"" + number(2 * radius) +
             "\" stroke-linecap=\"round\" d=\"";
    for (const Point& p : centres) body_ += "M" + number(p.x) + " " + number(p.y) + "h0";
    body_ += "\"/>\n";
  }

  void image(const Rect& area, const Picture& picture) override {
    body_ +=
        "<image x=\"" + number(area.x) + "\" y=\"" + number(area.y) + "\" width=\"" + number(area.width) +
        "\" height=\"" + number(area.height) +
        "\" preserveAspectRatio=\"none\" style=\"image-rendering:crisp-edges;image-rendering:pixelated\" "
        "image-rendering=\"optimizeSpeed\" xlink:href=\"data:image/png;base64," +
        base64(encodePng(picture)) + "\"/>\n";
  }

  // Every piece of a line stands at its measured place, so that no viewer has to add widths up.
  void text(Point at, const Text& line, Anchor anchor, bool upright) override {
    if (line.pieces.empty()) return;
    if (options_.outline) return shapes(at, line, anchor, upright);
    static constexpr const char* kAnchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    const std::string turn =
        upright ? " transform=\"rotate(-90 " + number(at.x) + " " + number(at.y) + ")\"" : std::string();
    const std::string y = "\" y=\"" + number(at.y) + "\"";
    if (line.pieces.size() == 1 && line.pieces[0].level == 0) {
      body_ += "<text x=\"" + number(at.x) + y + kAnchors[static_cast<int>(anchor)] + turn +
               font(line.pieces[0]) + ">" + escaped(line.pieces[0].text) + "</text>\n";
      return;
    }
    double x = at.x;
    if (anchor != Anchor::start) x -= measure(line).width * (anchor == Anchor::end ? 1 : 0.5);
    body_ += "<text x=\"" + number(x) + y + turn + ">";
    for (std::size_t n = 0; n < line.pieces.size(); ++n) {
      const TextPiece& piece = line.pieces[n];
      x += piece.gapMm;
      TextPiece alone = piece;
      alone.gapMm = 0;
      const double whole = measure({{alone}}).width;
      // Viewers drop or move the spaces at a piece's ends: they stand between the pieces, where none is
      // drawn.
      const std::size_t begin = std::min(piece.text.find_first_not_of(' '), piece.text.size());
      const std::size_t end = piece.text.find_last_not_of(' ') + 1;
      alone.text = piece.text.substr(begin);
      const double spaces = begin > 0 ? whole - measure({{alone}}).width : 0;
      if (n > 0 && (piece.gapMm > 0 || begin > 0)) body_ += ' ';
      body_ += "<tspan x=\"" + number(x + spaces) + "\" y=\"" +
               number(at.y + baselineShift(piece) * kMmPerPoint) + "\"" + font(piece) + ">" +
               escaped(begin < end ? piece.text.substr(begin, end - begin) : "") + "</tspan>";
      if (begin < end && end < piece.text.size()) body_ += ' ';
      x += whole;
    }
    body_ += "</text>\n";
  }

  void pushClip(const Rect& area) override {
    const std::string id = "clip" + std::to_string(++clips_) + "-" + kOwn;
    body_ += "<clipPath id=\"" + id + "\"><rect x=\"" + number(area.x) + "\" y=\"" + number(area.y) +
             "\" width=\"" + number(area.width) + "\" height=\"" + number(area.height) +
             "\"/></clipPath>\n<g clip-path=\"url(#" + id + ")\">\n";
  }
  void popClip() override { body_ += "</g>\n"; }
  void beginGroup(std::string_view name) override {
    const std::string id = escaped(std::string(name));
    const int nth = ++groups_[id];
    body_ += "<g id=\"" + id + (nth > 1 ? "-" + std::to_string(nth) : "") + "-" + kOwn + "\">\n";
  }
  void endGroup() override { body_ += "</g>\n"; }

  const std::string& body() const { return body_; }

 private:
  void shapes(Point at, const Text& line, Anchor anchor, bool upright) {
    const double before =
        anchor == Anchor::start ? 0 : measure(line).width * (anchor == Anchor::end ? 1 : 0.5);
    body_ += "<g transform=\"translate(" + number(at.x) + " " + number(at.y) + ")" +
             (upright ? " rotate(-90)" : "") + (before > 0 ? " translate(" + number(-before) + " 0)" : "") +
             "\">\n";
    const OutlinedText letters = outlined(line, options_.emojiDpi);
    for (const TextOutline& outline : letters.outlines) {
      body_ += "<path fill=\"" + hex(outline.colour) + "\" d=\"";
      for (const OutlineStep& step : outline.steps) {
        body_ += step.kind;
        const std::size_t count = step.kind == 'Z' ? 0 : step.kind == 'C' ? 3 : 1;
        for (std::size_t p = 0; p < count; ++p)
          body_ += (p ? " " : "") + number(step.points[p].x) + " " + number(step.points[p].y);
      }
      body_ += "\"/>\n";
    }
    for (const GlyphImage& glyph : letters.images) {
      body_ += "<image x=\"" + number(glyph.area.x) + "\" y=\"" + number(glyph.area.y) + "\" width=\"" +
               number(glyph.area.width) + "\" height=\"" + number(glyph.area.height) +
               "\" preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64," +
               base64(encodePng(glyph.picture)) + "\"/>\n";
    }
    body_ += "</g>\n";
  }

  static std::string font(const TextPiece& piece) {
    std::string text =
        " font-size=\"" + number(drawnSize(piece) * kMmPerPoint) + "\" fill=\"" + hex(piece.colour) + "\"";
    if (piece.weight != 400) text += " font-weight=\"" + std::to_string(piece.weight) + "\"";
    if (piece.face == FontFace::numbers)
      text += " font-family=\"'JetBrains Mono', 'DejaVu Sans Mono', monospace\"";
    if (piece.face == FontFace::serif)
      text += " font-family=\"'TeX Gyre Termes', 'Times New Roman', Times, serif\"";
    return text;
  }

  const SvgOptions& options_;
  std::string body_;
  int clips_ = 0;
  std::map<std::string, int> groups_;  ///< how many have the name
};

// Eight digits of the drawing's hash, behind a letter: what an id may begin with.
std::string ownName(const std::string& body) {
  return "h" + sha256(body).substr(0, 8);
}

}  // namespace

std::string paintSvg(const Drawing& drawing, const FigureMetadata& metadata, const SvgOptions& options) {
  SvgCanvas canvas(options);
  drawing.replay(canvas);
  const std::string width = number(drawing.width);
  const std::string height = number(drawing.height);
  const std::string own = ownName(canvas.body() + metadata.title + metadata.description);
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"" +
      width + "mm\" height=\"" + height + "mm\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\"";
  if (!metadata.nothing) svg += " aria-labelledby=\"title-" + own + " desc-" + own + "\"";
  svg += " font-family=\"Inter, Arial, sans-serif\">\n" + options.carried;
  if (!options.carried.empty() && options.carried.back() != '\n') svg += '\n';
  if (!metadata.nothing) {
    svg += "<title id=\"title-" + own + "\">" + escaped(metadata.title) + "</title>\n";
    svg += "<desc id=\"desc-" + own + "\">" + escaped(metadata.description) + "</desc>\n";
  }
  if (!drawing.transparent) {
    svg += "<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"" + hex(drawing.paper) + "\"/>\n";
  }
  for (const char c : canvas.body()) {
    if (c == kOwn) {
      svg += own;
    } else {
      svg += c;
    }
  }
  svg += "</svg>\n";
  return svg;
}

}  // namespace headlight
