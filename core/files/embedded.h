#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace headlight {

/// What kind of figure the bytes begin like; `none` is anything else, such as JSON.
enum class FigureKind { none, png, svg, pdf };
FigureKind figureKind(std::string_view bytes);

/// The most that an experiment inside a figure may have.
inline constexpr std::size_t kMostCarriedBytes = std::size_t{32} << 20;

/// What a figure carries besides its picture.
struct Carried {
  std::string experiment;  ///< JSON
  std::string data;  ///< the files that the experiment reads (data_pack.h); empty where they are not inside
};

/// What a PNG, SVG or PDF carries. Errors (invalid): no figure, a damaged one (with its place), a figure that
/// carries no experiment. Memory stays within a few times the file and the bounds of what is carried.
Result<Carried> readCarried(std::string_view bytes);
/// The experiment alone.
Result<std::string> readEmbedded(std::string_view bytes);

/// Whether a PNG has the chunk of an experiment, readable or not. Bytes that are no PNG have none.
bool pngCarriesExperiment(std::string_view png);

/// The PNG with the experiment in an iTXt chunk before its end and the files in a chunk of their own, in
/// place of those that it had. Bytes that are no whole PNG come back as they are.
std::string withEmbeddedPng(std::string_view png, std::string_view json, std::string_view data = {});

/// The <metadata> element that carries the experiment, to be written first inside <svg>.
std::string svgMetadata(std::string_view json, std::string_view data = {});

/// What a PDF gets beside its page.
struct PdfAdditions {
  std::string experiment;   ///< attached as experiment.headlight.json; empty: none
  std::string data;         ///< attached beside it; empty: none
  std::string title;        ///< for the XMP metadata, as the next two; empty: none
  std::string description;  ///< also the alternative text of the page's tagged figure
  std::string creator;
  std::vector<std::string> figures{};  ///< alternative texts of several tagged figures, in their order
};
/// The PDF with all that, and an identifier that its own bytes decide. Errors (failed): no PDF.
Result<std::string> withPdfAdditions(const std::string& pdf, const PdfAdditions& additions);

}  // namespace headlight
