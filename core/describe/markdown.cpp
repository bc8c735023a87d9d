#include <string_view>

#include "core/analysis/head_pattern.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/describe.h"

namespace headlight {
namespace {

/// The text on one line, no letter of it markup.
std::string escaped(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>|#~&";
  std::string out;
  for (const char c : text) {
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string bullets(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "- " + escaped(line) + "\n";
  return text;
}

std::string section(std::string_view heading, const std::vector<std::string>& lines) {
  return lines.empty() ? "" : "\n## " + std::string(heading) + "\n\n" + bullets(lines);
}

std::string patternNames(const HeadProfile& profile) {
  std::vector<std::string> names;
  for (const PatternTag& tag : patternsOf(profile)) names.emplace_back(tag.name);
  return names.empty() ? "none plain" : listText(names);
}

std::string tableRow(const HeadWords& head) {
  std::string row = "| " + escaped(head.name) + " |";
  if (!head.profile) return row + " – | – | – | – | – | – |\n";
  const HeadProfile& profile = *head.profile;
  row += " " + patternNames(profile) + " | " + fixed(profile.effectiveKeys, 1) + " of " +
         fixed(profile.keptKeys, 1) + " | " + fixed(profile.entropy, 2) + " |";
  for (const double share : {profile.previousShare, profile.sameTokenShare, profile.firstShare})
    row += " " + fixed(share, 2) + " |";
  return row + "\n";
}

std::string headTable(const std::vector<HeadWords>& heads) {
  std::string text =
      "| Head | Pattern | Effective keys | Entropy (nats) | On the previous token | On itself and repeats | "
      "On the first "
      "token |\n|---|---|---:|---:|---:|---:|---:|\n";
  for (const HeadWords& head : heads) text += tableRow(head);
  return text;
}

}  // namespace

std::string markdown(const Description& parts) {
  std::string text = "# " + escaped(parts.title.empty() ? "Attention" : parts.title) + "\n\n" +
                     escaped(parts.headline) + "\n";
  text += section("How the numbers are made", parts.causes);
  text += section("Warnings", parts.warnings);
  if (!parts.notes.empty()) text += "\n## Notes\n\n" + escaped(parts.notes) + "\n";
  text += "\n## Heads\n\n" + headTable(parts.heads);
  if (parts.headsLeftOut > 0)
    text += "\n" + countText(parts.headsLeftOut, "more head is", "more heads are") + " not told here.\n";
  for (const HeadWords& head : parts.heads) {
    text += "\n### " + escaped(head.name) + "\n\n";
    for (const std::string& sentence : head.sentences) text += escaped(sentence) + "\n";
    if (!head.rows.empty()) text += "\n" + head.rowsTitle + ":\n\n" + bullets(head.rows);
  }
  return text;
}

}  // namespace headlight
