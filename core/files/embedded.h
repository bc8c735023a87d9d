#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// What kind of figure the bytes begin like; `none` is anything else, such as JSON.
enum class FigureKind { none, png, svg, pdf };
FigureKind figureKind(std::string_view bytes);

/// The experiment (JSON) carried inside a PNG or SVG. Errors (invalid): no figure, a damaged one (with the
/// byte), a figure that carries no experiment, a PDF (none of ours carries one).
Result<std::string> readEmbedded(std::string_view bytes);

/// The PNG with the experiment in an iTXt chunk before its end, in place of one that it had. Bytes that are
/// no whole PNG come back as they are.
std::string withEmbeddedPng(std::string_view png, std::string_view json);

/// The <metadata> element that carries the experiment, to be written first inside <svg>.
std::string svgMetadata(std::string_view json);

}  // namespace headlight
