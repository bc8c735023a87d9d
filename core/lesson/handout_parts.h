#pragma once
#include <string>

#include "core/lesson/handout.h"
#include "core/lesson/paper.h"

namespace headlight {

// What handout and lecturer's notes share.

/// The paper that is asked for. Errors: usage, with what there is.
Result<PaperSize> paperOf(const HandoutOptions& options);
/// "Headlight 1.0 · 05-why-divide"
std::string footOf(const Lesson& lesson);
/// Lesson title, goal and minutes at the top of the first page.
void drawLessonHead(PaperWriter& writer, const Lesson& lesson, const std::string& what);
/// A label in bold and a text behind it, which goes on below in line with itself.
void labelled(PaperWriter& writer, const std::string& label, const std::string& text, const PaperStyle& style,
              double indent = 0);

}  // namespace headlight
