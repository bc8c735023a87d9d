#include "core/experiment/report.h"

#include "core/base/utf8.h"

namespace headlight {

std::string foundText(const Value& value) {
  constexpr std::size_t kLongest = 60;
  if (value.isList() || value.isObject()) return value.typeName();
  if (value.isString() && value.string().size() > kLongest) {
    return "a text of " + std::to_string(value.string().size()) + " bytes";
  }
  return value.json();
}

std::string shortened(std::string_view text, std::size_t longest) {
  std::string cut(text.substr(0, longest));
  while (cut.size() < text.size() && firstInvalidUtf8(cut)) cut.pop_back();
  if (cut.size() < text.size()) cut += "…";
  return cut;
}

std::string orList(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace headlight
