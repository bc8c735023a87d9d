#include "tests/bench/torch_process.h"

#include <chrono>
#include <map>
#include <thread>

namespace headlight::bench {
namespace {

std::map<std::string, std::string> switches(bool avx2) {
  if (!avx2) return {};
  return {
      {"ATEN_CPU_CAPABILITY", "avx2"}, {"MKL_ENABLE_INSTRUCTIONS", "AVX2"}, {"ONEDNN_MAX_CPU_ISA", "AVX2"}};
}

}  // namespace

TorchProcess::TorchProcess(bool avx2)
    : python_("HEADLIGHT_TORCH_PYTHON", HEADLIGHT_TORCH_SIDE, switches(avx2)),
      version_(textIn(python_.hello(), "version") + ", " + textIn(python_.hello(), "capability")) {}

std::optional<double> TorchProcess::milliseconds(const TorchWork& work) {
  const std::string answer = python_.ask(
      "{\"work\": \"" + work.work + "\", \"T\": " + std::to_string(work.tokens) +
      ", \"heads\": " + std::to_string(work.heads) + ", \"width\": " + std::to_string(work.width) +
      ", \"causal\": " + (work.causal ? "true" : "false") + ", \"runs\": " + std::to_string(work.runs) + "}");
  if (answer.empty()) return std::nullopt;
  // Its threads go on spinning for a while after their last turn.
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  return numberIn(answer, "ms");
}

}  // namespace headlight::bench
