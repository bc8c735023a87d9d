#include "core/lesson/handout_parts.h"

#include "core/base/words.h"
#include "core/figure/text_layout.h"

namespace headlight {

Result<PaperSize> paperOf(const HandoutOptions& options) {
  if (const PaperSize* size = paperSize(options.paper)) return *size;
  std::vector<std::string> ids;
  for (const PaperSize& size : paperSizes()) ids.emplace_back(size.id);
  return Error{ErrorCode::usage, "found paper " + quoted(options.paper) + ", accepted are " + orList(ids), "",
               didYouMean(options.paper, ids)};
}

std::string footOf(const Lesson& lesson) {
  return std::string("Headlight ") + HEADLIGHT_VERSION + (lesson.id.empty() ? "" : " · " + lesson.id);
}

std::string handoutName(const Lesson& lesson, std::string_view what) {
  return (lesson.id.empty() ? "lesson" : lesson.id) + "-" + std::string(what) + ".pdf";
}

void drawLessonHead(PaperWriter& writer, const Lesson& lesson, const std::string& what) {
  writer.paragraph(lesson.title, paperTitle());
  writer.skip(1);
  writer.paragraph(lesson.goal, paperBody());
  writer.skip(0.5);
  writer.paragraph(what + " · " + std::to_string(lesson.minutes) + " minutes · " +
                       countText(static_cast<std::int64_t>(lesson.steps.size()), "step", "steps"),
                   paperSmall());
  writer.skip(2);
  writer.rule(writer.left(), writer.y(), writer.width());
  writer.skip(4);
}

void labelled(PaperWriter& writer, const std::string& label, const std::string& text, const PaperStyle& style,
              double indent) {
  if (text.empty()) return;
  PaperStyle bold = style;
  bold.weight = 600;
  writer.need(style.lineMm());
  const Text head = paperText(label, bold);
  writer.line(writer.left() + indent, writer.y(), head, bold);
  writer.paragraph(text, style, indent + measure(head).width + 1.6);
}

}  // namespace headlight
