#pragma once
#include "app/cli/export_figures.h"

namespace headlight {

/// The inputs of an export: side by side on all threads, told in their order.
struct ExportBatch {
  const FigureExporter& exporter;
  const std::vector<std::string>& inputs;
  const CommonOptions& common;
  bool twoFiles = false;  ///< the difference of the two inputs
  bool failFast = false;
  bool captions = false;  ///< on stderr where figures go to stdout
};

/// Exports all of them and returns the exit code: of the first input that failed, 130 when interrupted. What
/// is printed does not depend on the number of threads: paths (or an object each with --json) and captions on
/// stdout, errors and warnings on stderr, of several inputs a line at the end that counts them.
int exportAll(const ExportBatch& batch, ThreadPool& pool, Console& console, const Cancel& cancel);

}  // namespace headlight
