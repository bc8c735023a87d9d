#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/assets.h"

namespace headlight {

/// The examples that are built into the program, by name, the opening one first: "who-is-meant", …
std::vector<std::string> exampleNames();
/// The text of the experiment file of that name.
std::optional<std::string_view> exampleText(std::string_view name);
/// All files of the examples, tensor files among them: an example that names one opens from a folder that
/// holds both.
std::span<const Asset> exampleFiles();

}  // namespace headlight
