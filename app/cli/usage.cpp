#include "app/cli/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/subcommand.h"
#include "core/base/words.h"

namespace headlight {
namespace {

std::vector<std::string> optionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string seeHelp(const CLI::App& app) {
  return "See " + app.get_name() + " --help";
}

Error unexpected(const CLI::App& app, const std::vector<std::string>& extras) {
  const auto option = std::find_if(extras.begin(), extras.end(), [](const std::string& word) {
    return word.size() > 1 && word.front() == '-';
  });
  if (option == extras.end()) {
    const std::string word = extras.empty() ? "" : extras.front();
    return {ErrorCode::usage, "was not expected here", word, seeHelp(app)};
  }
  const std::string name = option->substr(0, option->find('='));
  const std::vector<std::string> names = optionNames(app);
  const std::string near = didYouMean(name, names, "");
  return {ErrorCode::usage, "is no option of " + app.get_name(), name, near.empty() ? seeHelp(app) : near};
}

/// CLI11 takes "--name=" for "--name" without a value and would swallow the next word.
std::vector<std::string> withEmptyValues(const std::vector<std::string>& words) {
  std::vector<std::string> split;
  bool options = true;
  for (const std::string& word : words) {
    options = options && word != "--";
    if (options && word.size() > 3 && word.starts_with("--") && word.find('=') == word.size() - 1) {
      split.push_back(word.substr(0, word.size() - 1));
      split.emplace_back();
    } else {
      split.push_back(word);
    }
  }
  return split;
}

}  // namespace

std::string mainHelp() {
  std::string text =
      "Headlight shows attention: the true maps of your own sentence, or of your own Q, K, V.\n\n"
      "  headlight                                      open the window\n"
      "  headlight who.headlight.json                   open an experiment, or a figure that carries one\n"
      "  headlight --present one.json two.json          the same on a projector, several files as a deck\n"
      "  headlight export who.headlight.json -o who.svg --head 2\n"
      "  headlight export --text \"it was tired\" --heads 4 --mask causal --layout pipeline -o tired.svg\n"
      "  headlight compute --text \"it was tired\" --heads 2\n"
      "  headlight new --qkv qkv.npz > mine.headlight.json\n\n"
      "Commands (headlight COMMAND --help lists the options of each):\n";
  for (const SubcommandInfo& row : subcommands()) {
    std::string name(row.name);
    name.resize(10, ' ');
    text += "  " + name + std::string(row.help) + "\n";
  }
  text +=
      "\nOptions: --version, --help.\n"
      "Exit codes: 0 done, 1 failed, 2 command line, 3 input, 4 output, 5 different, 130 interrupted.\n";
  return text;
}

Status readArguments(CLI::App& app, std::vector<std::string> words, bool& helpAsked) {
  words = withEmptyValues(words);
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    helpAsked = true;
  } catch (const CLI::CallForAllHelp&) {
    helpAsked = true;
  } catch (const CLI::ExtrasError&) {
    return unexpected(app, app.remaining());
  } catch (const CLI::Error& error) {
    return Error{ErrorCode::usage, error.what(), {}, seeHelp(app)};
  } catch (const std::exception& error) {
    return Error{ErrorCode::usage, error.what(), {}, seeHelp(app)};
  }
  return {};
}

}  // namespace headlight
