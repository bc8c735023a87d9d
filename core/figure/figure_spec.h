#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/stage.h"
#include "core/picture/range.h"

namespace headlight {

struct Evaluation;

enum class FigureFormat : std::uint8_t { png, svg, pdf };
std::optional<FigureFormat> figureFormat(std::string_view extension);
/// "png", also the ending of its files.
std::string_view formatWord(FigureFormat format);

/// What the page is made of. `transparent` has the light palette and no paper.
enum class FigureGround : std::uint8_t { light, dark, transparent };

/// Letters of the figure's words: Inter, or a Times-like serif for venues that set in one.
enum class FigureFont : std::uint8_t { sans, serif };

/// Whether cells carry their number: where it fits at its least size, never, or everywhere that it can be
/// read at all (an error where no cell has the room).
enum class FigureNumbers : std::uint8_t { fitting, none, all };

/// A bracket beside a span of tokens, from the first to the last of them, with a name.
struct FigureBracket {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::string name;
  bool operator==(const FigureBracket&) const = default;
};

/// The part of a map that is drawn, half open, in queries and keys (rows and columns of other stages).
struct FigureCrop {
  std::int64_t rowFirst = 0;
  std::int64_t rowEnd = 0;
  std::int64_t colFirst = 0;
  std::int64_t colEnd = 0;
  std::int64_t rows() const { return rowEnd - rowFirst; }
  std::int64_t cols() const { return colEnd - colFirst; }
  bool operator==(const FigureCrop&) const = default;
};

/// What a figure shows. What is not given comes from the experiment's `view`.
struct FigureSpec {
  std::string layout = "single";  ///< a word of figureLayouts()
  FigureFormat format = FigureFormat::png;
  std::optional<Stage> stage;
  std::vector<int> heads;  ///< kMeanHead among them is the mean; empty: the view's head (layout heads: all)
  /// Layout difference: what is subtracted. One of: the second of two `heads`, a second stage, another
  /// evaluation.
  std::optional<Stage> minusStage;
  std::shared_ptr<const Evaluation> minus;
  std::string minusName;              ///< of the other evaluation: its title or file name
  std::optional<std::int64_t> query;  ///< layout row: not given, the pinned query or the first; lines: all
  int lines = 0;                      ///< layout lines: a query's strongest keys; 0: 3, of one query all
  double leastWeight = 0;             ///< layout lines: weights below have none

  double widthMm = 0;        ///< 0: the layout's own choice
  double heightMm = 0;       ///< the most that the page may be high; 0: no bound
  bool exactHeight = false;  ///< the page is heightMm high and what it shows stands in its middle
  double dpi = 300;          ///< of PNG, and of images inside PDF and SVG
  double fontPt = 7;         ///< of the figure's words
  double leastFontPt = 5;    ///< nothing is set smaller: labels thin out instead
  FigureFont font = FigureFont::sans;
  FigureGround ground = FigureGround::light;

  std::string colormap;
  std::string range;                 ///< a mode, or "lo,hi"
  std::optional<Range> sharedRange;  ///< set by a batch that shares one range

  std::string title;
  bool showTitle = true;
  bool showBar = true;
  bool showTokens = true;  ///< the labels along the axes
  bool showNotes = true;   ///< notes under the figure; what is deliberately wrong is said always
  bool letters = false;    ///< a, b, c … at the panels
  FigureNumbers numbers = FigureNumbers::fitting;
  std::vector<std::array<std::int64_t, 2>> highlights;  ///< [query, key]: outlined cells
  std::vector<FigureBracket> queryBrackets;
  std::vector<FigureBracket> keyBrackets;
  std::optional<FigureCrop> crop;

  bool outline = false;  ///< letters as shapes in SVG and PDF
  bool embed = true;     ///< carry the experiment
  bool strip = false;    ///< nothing about where it came from: no experiment, path, title or alternative text
  bool embedData = false;  ///< carry the tensor files too
  /// Those files, packed (packFiles) with their paths as the experiment spells them; not given: they are read
  /// from the evaluation's folder.
  std::shared_ptr<const std::string> data;

  bool dark() const { return ground == FigureGround::dark; }
  /// Of files and other evaluations: whether they are the same object.
  bool operator==(const FigureSpec&) const = default;
};

}  // namespace headlight
