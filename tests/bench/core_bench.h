#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace headlight::bench {

class TorchProcess;

/// The core's table: each work beside PyTorch's in the same minutes, A B A B, minimum over minimum. `only`
/// names rows by the beginning of their name; empty: all.
void coreTable(const std::vector<std::string>& only);

/// One head of 131,072 tokens from a file, each pass in a process of its own.
void longTable(TorchProcess& torch);

/// What a process of its own does for longTable and growthPlot: `what` is a work's name. Prints one line,
/// "seconds megabytes first_rows_ms".
int oneWork(const std::string& what, std::int64_t tokens, const std::string& file);

/// Time and memory against T from 64 to 131,072, drawn into `file` (SVG).
void growthPlot(const std::string& file);

}  // namespace headlight::bench
