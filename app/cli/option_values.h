#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headlight {

/// What may stand behind an option or as an operand, for who completes it.
struct OptionValues {
  enum class Kind : std::uint8_t {
    free,      ///< a number, a text: nothing to offer
    words,     ///< one of `words`
    list,      ///< several of `words`, with commas between them
    files,     ///< a file that ends in one of `endings`
    folder,    ///< a folder
    settings,  ///< KEY=VALUE: `words` are the keys
  };
  Kind kind = Kind::free;
  std::vector<std::string> words;
  std::vector<std::string> endings;  ///< ".npz"

  bool operator==(const OptionValues&) const = default;
};

/// Of an option, by its long name; what the parameter table knows of its short forms included.
OptionValues optionValues(std::string_view command, std::string_view option);
/// Of what stands without an option, by its name.
OptionValues operandValues(std::string_view command, std::string_view operand);

/// What `--set KEY=` takes where it is one of a few words; empty for any other key.
std::vector<std::string> settingWords(std::string_view key);

}  // namespace headlight
