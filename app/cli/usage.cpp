#include "app/cli/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>

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
