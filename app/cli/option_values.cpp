#include "app/cli/option_values.h"

#include "app/cli/completion_scripts.h"
#include "core/attention/mask/mask.h"
#include "core/attention/stage.h"
#include "core/experiment/parameters.h"
#include "core/figure/figure.h"
#include "core/figure/presets.h"
#include "core/lesson/paper.h"
#include "core/picture/colormap.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

using Kind = OptionValues::Kind;
using Words = std::vector<std::string>;

template <typename Rows>
Words idsOf(const Rows& rows) {
  Words ids;
  ids.reserve(rows.size());
  for (const auto& row : rows) ids.emplace_back(row.id);
  return ids;
}

Words stageWords() {
  return idsOf(stages());
}

Words stageAndRowWords() {
  Words words = stageWords();
  for (const RowQuantityInfo& row : rowQuantities()) words.emplace_back(row.id);
  return words;
}

Words layoutWords() {
  return idsOf(figureLayouts());
}

Words presetWords() {
  return idsOf(figurePresets());
}

Words paperWords() {
  return idsOf(paperSizes());
}

Words colormapWords() {
  return idsOf(colormaps());
}

Words rangeWords() {
  Words words;
  for (const std::string_view mode : rangeModes()) words.emplace_back(mode);
  words.emplace_back("shared");
  return words;
}

Words maskWords() {
  Words words;
  for (const MaskKind& kind : maskKinds()) words.emplace_back(kind.spec.kind);
  words.emplace_back("none");
  return words;
}

Words settingKeys() {
  return idsOf(parameters());
}

Words arrayEndings() {
  return {".npy", ".npz", ".safetensors", ".csv"};
}

/// A row for an option; with no command it holds for all of them.
struct ValuesRow {
  std::string_view command;
  std::string_view option;
  Kind kind;
  Words (*table)();
  Words words;  ///< where no table has them
};

/// The options whose values are known, apart from the short forms of the parameter table.
const std::vector<ValuesRow>& rows() {
  static const std::vector<ValuesRow> all{
      ValuesRow{"", "--set", Kind::settings, settingKeys, {}},
      ValuesRow{"", "--mask", Kind::list, maskWords, {}},
      ValuesRow{"compute", "--stage", Kind::list, stageAndRowWords, {}},
      ValuesRow{"", "--stage", Kind::list, stageWords, {}},
      ValuesRow{"compute", "--head", Kind::words, nullptr, {"mean"}},
      ValuesRow{"", "--head", Kind::words, nullptr, {"all", "mean"}},
      ValuesRow{"", "--batch", Kind::words, nullptr, {"all"}},
      ValuesRow{"compute", "--format", Kind::words, nullptr, {"npz", "safetensors"}},
      ValuesRow{"export", "--format", Kind::list, nullptr, {"png", "svg", "pdf"}},
      ValuesRow{"", "--layout", Kind::list, layoutWords, {}},
      ValuesRow{"", "--preset", Kind::words, presetWords, {}},
      ValuesRow{"", "--colormap", Kind::words, colormapWords, {}},
      ValuesRow{"", "--range", Kind::words, rangeWords, {}},
      ValuesRow{"", "--theme", Kind::words, nullptr, {"light", "dark", "transparent"}},
      ValuesRow{"", "--annotate", Kind::words, nullptr, {"all", "fitting", "none"}},
      ValuesRow{"", "--sidecar", Kind::list, nullptr, {"csv", "npy", "tex", "json"}},
      ValuesRow{"", "--paper", Kind::words, paperWords, {}},
      ValuesRow{"", "--out-dir", Kind::folder, nullptr, {}},
      ValuesRow{"compute", "--output", Kind::files, nullptr, {".npz", ".safetensors"}},
      ValuesRow{"export", "--output", Kind::files, nullptr, {".png", ".svg", ".pdf"}},
      ValuesRow{"", "--upstream", Kind::files, arrayEndings, {}},
      ValuesRow{"", "--against", Kind::files, arrayEndings, {}},
      ValuesRow{"", "--qkv", Kind::files, arrayEndings, {}},
      ValuesRow{"", "--maps", Kind::files, arrayEndings, {}},
      ValuesRow{"", "--mha", Kind::files, arrayEndings, {}},
      ValuesRow{"", "--x", Kind::files, arrayEndings, {}},
  };
  return all;
}

}  // namespace

OptionValues optionValues(std::string_view command, std::string_view option) {
  for (const ValuesRow& row : rows()) {
    if (row.option != option || (!row.command.empty() && row.command != command)) continue;
    Words words = row.table != nullptr ? row.table() : row.words;
    if (row.kind == Kind::files) return {row.kind, {}, std::move(words)};
    return {row.kind, std::move(words), {}};
  }
  for (const ParameterInfo& parameter : parameters()) {
    if (parameter.flag != option) continue;
    Words words = settingWords(parameter.id);
    if (!words.empty()) return {Kind::words, std::move(words), {}};
  }
  return {};
}

OptionValues operandValues(std::string_view command, std::string_view operand) {
  if (operand == "ACTION") return {Kind::words, {"list", "run", "check", "grade", "handout", "notes"}, {}};
  if (operand == "SHELL") return {Kind::words, shellWords(), {}};
  if (command == "lesson") return {Kind::files, {}, {".lesson.json", ".answers.json"}};
  if (command == "info") return {Kind::files, {}, arrayEndings()};
  return {Kind::files, {}, {".headlight.json", ".json", ".png", ".svg", ".pdf"}};
}

std::vector<std::string> settingWords(std::string_view key) {
  Words words;
  if (const ParameterInfo* row = parameter(key)) {
    words.reserve(row->key.words.size());
    for (const std::string_view word : row->key.words) words.emplace_back(word);
    if (row->key.type == KeyType::boolean) words = {"true", "false"};
  }
  return words;
}

}  // namespace headlight
