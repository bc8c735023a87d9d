#pragma once
#include <string>
#include <vector>

namespace headlight::bench {

/// Figures of 32 to 4,096 tokens in every format, drawn and written in this process, beside matplotlib's
/// imshow and seaborn's heatmap on a page of the same size with the same weights: milliseconds of the clock,
/// of the processors, and bytes. Then a batch of figures by the program. `only`: parts of names.
void figuresTable(const std::vector<std::string>& only);

}  // namespace headlight::bench
