#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/experiment/evaluate.h"
#include "core/experiment/experiment.h"
#include "core/experiment/json.h"
#include "core/files/npz_writer.h"
#include "tests/temporary_folder.h"

namespace headlight::test {

/// {"type": …, "version": 1, BODY}: the text of an experiment file.
std::string document(std::string_view body);
/// Decodes it, or fails the test.
Experiment experimentOf(std::string_view body);
/// The first thing wrong with it: "path: what", empty when nothing is.
std::string errorOf(std::string_view body);
/// Evaluates, or fails the test.
std::shared_ptr<const Evaluation> evaluated(const Experiment& experiment, const std::string& folder = "",
                                            const Evaluation* previous = nullptr);
/// A key of the row's largest weight.
std::int64_t largestKey(const Run& run, int head, std::int64_t row);

/// An npz of float32 tensors.
struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};
std::string npzBytes(const std::vector<NamedTensor>& tensors);

}  // namespace headlight::test
