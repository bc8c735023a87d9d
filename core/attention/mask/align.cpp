#include "core/attention/mask/align.h"

namespace headlight {

KeySpec alignKey() {
  return {
      .name = "align",
      .type = KeyType::word,
      .fallback = "top_left",
      .words = {"top_left", "bottom_right"},
      .help = "Which corners of the map the diagonal joins when there are more keys than queries, or fewer"};
}

std::int64_t alignment(const Value& align, const MaskContext& context) {
  return align == Value("bottom_right") ? context.keys - context.queries : 0;
}

std::string withAlignment(const Kinded& entry, std::string sentence) {
  const Value* align = entry.find("align");
  if (align != nullptr && *align == Value("bottom_right")) {
    sentence += ", the last query standing at the last key";
  }
  return sentence;
}

std::string signedTerm(std::int64_t shift) {
  if (shift == 0) return "";
  return (shift > 0 ? " + " : " − ") + std::to_string(shift > 0 ? shift : -shift);
}

}  // namespace headlight
