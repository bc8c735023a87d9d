#include "core/experiment/report.h"

#include "core/base/utf8.h"

namespace headlight {

std::string shortened(std::string_view text, std::size_t longest) {
  std::string cut(text.substr(0, longest));
  while (cut.size() < text.size() && firstInvalidUtf8(cut)) cut.pop_back();
  if (cut.size() < text.size()) cut += "…";
  return cut;
}

}  // namespace headlight
