#pragma once
#include <string>
#include <vector>

namespace headlight::bench {

/// The window on software OpenGL in a display of our own: a line for every kind of event, the median and the
/// 99th percentile of 300, the most memory of its process, and what is aimed at. `only`: parts of names.
void windowTable(const std::vector<std::string>& only);

}  // namespace headlight::bench
