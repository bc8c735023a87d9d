#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/figure/drawing.h"

namespace headlight {

/// What a file says about itself beside its picture.
struct FigureMetadata {
  std::string title;
  std::string description;  ///< alternative text
};

/// The page at `dpi` as PNG with its physical size. Errors: failed, when the picture cannot be made.
Result<std::string> paintPng(const Drawing& drawing, double dpi, const FigureMetadata& metadata);
/// The page as PDF of exactly its size: text as text with embedded fonts, dates from SOURCE_DATE_EPOCH or
/// fixed. `dpi` is of colour glyphs.
Result<std::string> paintPdf(const Drawing& drawing, double dpi, const FigureMetadata& metadata);

}  // namespace headlight
