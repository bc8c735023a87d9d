#pragma once
#include <span>
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
  std::string creator;      ///< program and version
  bool nothing = false;     ///< the file is to say nothing of all that, nor be tagged
};

/// The page at `dpi` as pixels; where the drawing has no paper, with alpha. Errors: failed, when the picture
/// cannot be made.
Result<Picture> paintPicture(const Drawing& drawing, double dpi);
/// The page at `dpi` as PNG with its physical size; where the drawing has no paper, with alpha. Errors:
/// failed, when the picture cannot be made.
Result<std::string> paintPng(const Drawing& drawing, double dpi, const FigureMetadata& metadata);
/// The page as PDF of exactly its size: text as text with embedded fonts, or as outlines; dates from
/// SOURCE_DATE_EPOCH or fixed. `dpi` is of colour glyphs.
Result<std::string> paintPdf(const Drawing& drawing, double dpi, bool outline,
                             const FigureMetadata& metadata);
/// Several pages as one PDF, each of its own size. Groups named P, H1, H2 and Figure become its tags.
Result<std::string> paintPdfPages(std::span<const Drawing> pages, double dpi, const FigureMetadata& metadata);

}  // namespace headlight
