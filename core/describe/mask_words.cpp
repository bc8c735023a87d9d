#include "core/describe/mask_words.h"

#include "core/attention/mask/mask.h"
#include "core/base/words.h"

namespace headlight {

std::string maskSentence(const Kinded& entry) {
  const MaskKind* kind = maskKind(entry.kind);
  return kind == nullptr ? entry.kind : kind->sentence(entry);
}

std::string maskNames(const std::vector<Kinded>& entries) {
  if (entries.empty()) return "no mask";
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const Kinded& entry : entries) names.push_back(entry.kind);
  return listText(names) + (entries.size() == 1 ? " mask" : " masks");
}

}  // namespace headlight
