#include "app/cli/experiment_source.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>

#include <unistd.h>

#include "app/cli/options.h"
#include "app/desktop/folders.h"
#include "core/attention/mask/mask.h"
#include "core/base/number.h"
#include "core/experiment/carried_files.h"
#include "core/experiment/image_document.h"
#include "core/experiment/json.h"
#include "core/experiment/scenario_code.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;
constexpr std::string_view kMaskId = "mask";

std::vector<std::string> splitAtCommas(const std::string& text) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] != ',') continue;
    words.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  return words;
}

Result<Value> readMaskList(std::string_view option, const std::string& text) {
  if (text == "none") return Value(List{});
  std::vector<std::string> known;
  for (const MaskKind& kind : maskKinds()) known.emplace_back(kind.spec.kind);
  List list;
  for (const std::string& word : splitAtCommas(text)) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      known.emplace_back("none");
      return unknownWord(option, word, known);
    }
    list.push_back(word);
  }
  return Value(std::move(list));
}

/// The value of a short form, by the type of its parameter. What cannot be such a value at all is the command
/// line's fault; whether it fits the experiment is asked later.
Result<Value> flagValue(const ParameterInfo& parameter, const std::string& text) {
  if (parameter.id == kMaskId) return readMaskList(parameter.flag, text);
  const auto refuse = [&](const std::string& accepted) {
    return Error{
        ErrorCode::usage, "found \"" + text + "\", accepted is " + accepted, std::string(parameter.flag), {}};
  };
  if (parameter.key.nullable && (text == "null" || text == "default")) return Value();
  switch (parameter.key.type) {
    case KeyType::integer: {
      if (const auto number = parseInteger(text)) return Value(*number);
      const Value value = readSetValue(text);
      if (value.isNumber())
        return value;  // too large or with a fraction: the experiment says what it accepts
      return refuse("a whole number");
    }
    case KeyType::number: {
      const auto number = parseNumber(text);
      return number ? Result<Value>(readSetValue(text)) : Result<Value>(refuse("a number"));
    }
    case KeyType::word: {
      std::vector<std::string> words;
      for (const std::string_view word : parameter.key.words) words.emplace_back(word);
      if (words.empty() || std::find(words.begin(), words.end(), text) != words.end()) return Value(text);
      return unknownWord(parameter.flag, text, words);
    }
    case KeyType::text:
      return Value(text);
    case KeyType::boolean:
      if (text == "true" || text == "on") return Value(true);
      if (text == "false" || text == "off") return Value(false);
      return refuse("true or false");
    case KeyType::list:
    case KeyType::matrix:
    case KeyType::any:
      break;
  }
  return readFlagValue(parameter, text);
}

std::string placeholder(const ParameterInfo& parameter) {
  if (parameter.id == kMaskId) return "A,B|none";
  switch (parameter.key.type) {
    case KeyType::integer:
      return "N";
    case KeyType::number:
      return "X";
    case KeyType::word:
      return "WORD";
    case KeyType::text:
      return "TEXT";
    default:
      return "VALUE";
  }
}

/// The ending of a file of arrays, told by its first bytes; empty for any other.
std::string_view arrayEnding(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return ".npz";
  if (bytes.starts_with("\x93NUMPY")) return ".npy";
  // The length of a header, of which no byte is in use beyond the fourth, and the header.
  if (bytes.size() > 8 && bytes.substr(4, 4) == std::string_view("\0\0\0\0", 4) && bytes[8] == '{') {
    return ".safetensors";
  }
  return {};
}

/// What is typed or read may be a scenario code: then the text of its experiment.
Result<Carried> fromCode(std::string_view code) {
  const Result<Experiment> experiment = fromScenarioCode(code);
  if (!experiment) return experiment.error();
  return Carried{toText(*experiment), ""};
}

/// The same error for a picture that no figure is, with the way to its patches.
Error withPatchesHint(Error error, const std::string& input) {
  const std::filesystem::path path(input);
  const Result<ImageDocument> image = imageDocument(path.filename().string(), path.parent_path().string());
  if (!image) return error;
  const TokenSpec& tokens = image->experiment.tokens;
  error.hint += (error.hint.empty() ? "" : "; ") +
                std::string("for its patches as tokens: headlight new --set '") +
                printable("tokens={\"grid\": [" + std::to_string(tokens.grid[0]) + ", " +
                          std::to_string(tokens.grid[1]) + "], \"image\": \"" + input + "\"}") +
                "'";
  return error;
}

/// Numbers instead of an experiment: what was meant is one that points at them.
std::optional<Error> tensorFile(const std::string& input, std::string_view bytes) {
  const std::string_view ending = arrayEnding(bytes);
  if (ending.empty()) return std::nullopt;
  Error error{ErrorCode::invalid,
              "found a file of arrays (" + std::string(ending) +
                  "), accepted is an experiment, or a PNG, SVG or PDF that carries one",
              "", ""};
  if (ending != ".npy" && input != "-") {
    error.hint = "An experiment that reads q, k and v from it: headlight new --qkv " + printable(input) +
                 " > " + printable(outputStem(input)) + ".headlight.json; for maps --maps, for a layer --mha";
  }
  return error;
}

}  // namespace

std::string outputStem(const std::string& input) {
  if (input.empty()) return "headlight";
  if (input == "-") return "stdin";
  if (isScenarioCode(input)) return "scenario";
  std::string name = std::filesystem::path(input).filename().string();
  for (const std::string_view ending : {".headlight.json", ".json", ".png", ".svg", ".pdf", ".npz"}) {
    if (name.size() > ending.size() && name.ends_with(ending))
      return name.substr(0, name.size() - ending.size());
  }
  return name;
}

void ExperimentSource::declare(CLI::App& app, Files files) {
  app_ = &app;
  files_ = files;
  if (files != Files::none) {
    app.add_option("FILE", names_,
                   files == Files::one ? "Experiment, its figure or scenario code; - is stdin"
                                       : "Experiments, their figures or codes; - is stdin")
        ->type_name(files == Files::one ? "" : "…");
  }
  const auto add = [&](const std::string& name, const ParameterInfo* parameter, const std::string& help,
                       const std::string& type) {
    Flag& flag = flags_.emplace_back();
    flag.parameter = parameter;
    flag.option = app.add_option(name, flag.texts, help)->allow_extra_args(false)->type_name(type);
    flag.option->group(std::string(kExperimentGroup));
  };
  add("--set", nullptr, "Any key by its path: shape.d_k=32, mask.0.align=bottom_right", "KEY=VALUE");
  for (const ParameterInfo& parameter : parameters()) {
    if (parameter.flag.empty()) continue;
    add(std::string(parameter.flag), &parameter, std::string(parameter.help), placeholder(parameter));
  }
}

Result<Member> ExperimentSource::readChange(const ParameterInfo* parameter, const std::string& text) const {
  if (parameter != nullptr) {
    Result<Value> value = flagValue(*parameter, text);
    if (!value) return value.error();
    return Member{std::string(parameter->id), std::move(*value)};
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{ErrorCode::usage, "found \"" + text + "\", accepted is KEY=VALUE", "--set",
                 "For example --set shape.d_k=32"};
  }
  return Member{text.substr(0, equals), readSetValue(text.substr(equals + 1))};
}

Status ExperimentSource::readChanges() {
  std::map<const CLI::Option*, std::size_t> used;
  changes_.clear();
  for (const CLI::Option* option : app_->parse_order()) {
    const auto flag =
        std::find_if(flags_.begin(), flags_.end(), [&](const Flag& f) { return f.option == option; });
    if (flag == flags_.end()) continue;
    const std::size_t nth = used[option]++;
    if (nth >= flag->texts.size()) continue;
    Result<Member> change = readChange(flag->parameter, flag->texts[nth]);
    if (!change) return change.error();
    changes_.push_back(std::move(*change));
  }
  return {};
}

Result<std::vector<std::string>> ExperimentSource::inputs() {
  if (Status status = readChanges(); !status) return status.error();
  if (files_ == Files::none) return std::vector<std::string>{""};
  if (names_.empty()) {
    if (changes_.empty()) {
      return Error{ErrorCode::usage,
                   "needs a FILE, or options that describe an experiment",
                   {},
                   "For example --text \"it was tired\" --heads 2"};
    }
    return std::vector<std::string>{""};
  }
  if (files_ == Files::one && names_.size() > 1) {
    return Error{ErrorCode::usage, "takes one FILE, found " + std::to_string(names_.size()), names_[1], {}};
  }
  if (std::count(names_.begin(), names_.end(), "-") > 1) {
    return Error{ErrorCode::usage, "stdin can be read only once", "-", {}};
  }
  return names_;
}

Result<Experiment> ExperimentSource::apply(Experiment start) const {
  if (changes_.empty()) return start;
  return set(start, std::span<const Member>(changes_));
}

Result<std::string> ExperimentSource::text(const std::string& input) {
  Result<Carried> carried = read(input);
  if (!carried) return carried.error();
  return std::move(carried->experiment);
}

Result<Carried> ExperimentSource::read(const std::string& input) {
  if (input.empty()) return Carried{};
  if (isScenarioCode(input)) return fromCode(input);
  if (input == "-" && stdin_) return *stdin_;
  Result<std::string> bytes =
      input == "-" ? readDescriptor(STDIN_FILENO, "stdin", kMostBytes) : readFile(input, kMostBytes);
  if (!bytes) return bytes.error();
  if (std::optional<Error> error = tensorFile(input, *bytes)) return *error;
  Result<Carried> carried = figureKind(*bytes) != FigureKind::none ? readCarried(*bytes)
                            : isScenarioCode(*bytes)               ? fromCode(*bytes)
                                                                   : Carried{std::move(*bytes), ""};
  if (carried && input == "-") stdin_ = *carried;
  if (!carried && input != "-" && isPlainImage(*bytes)) return withPatchesHint(carried.error(), input);
  return carried;
}

Result<LoadedExperiment> ExperimentSource::load(const std::string& input, InputReport& report,
                                                const Console& console) {
  LoadedExperiment loaded;
  loaded.folder = ".";
  loaded.stem = outputStem(input);
  if (!input.empty()) {
    const Result<Carried> carried = read(input);
    if (!carried) return carried.error();
    Result<Decoded> decoded = fromText(carried->experiment);
    if (!decoded) return decoded.error();
    loaded.experiment = std::move(decoded->experiment);
    for (std::string& warning : decoded->warnings) warn(report, console, std::move(warning));
    const std::string folder = input == "-" ? "" : std::filesystem::path(input).parent_path().string();
    if (!folder.empty()) loaded.folder = folder;
    if (!carried->data.empty()) {
      auto unpacked = folderOfCarried(carried->data, loaded.folder, Folders::fromEnvironment().cache);
      if (unpacked) {
        loaded.folder = std::move(*unpacked);
      } else {
        warn(report, console, "The files that the figure carries are not used: " + unpacked.error().text());
      }
    }
  }
  Result<Experiment> changed = apply(std::move(loaded.experiment));
  if (!changed) return changed.error();
  loaded.experiment = std::move(*changed);
  return loaded;
}

}  // namespace headlight
