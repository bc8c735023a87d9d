#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/experiment/scenario_code.h"

namespace {

/// What can be read can be written, if it needs no file, and read again as the same experiment.
void read(std::string_view code) {
  const auto experiment = headlight::fromScenarioCode(code);
  if (!experiment) return;
  const auto written = headlight::scenarioCode(*experiment);
  if (!written) return;
  const auto again = headlight::fromScenarioCode(*written);
  if (!again || !(*again == *experiment)) std::abort();
}

}  // namespace

/// The bytes as they are, and with a right sum, which no hunt would come upon.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read(text);
  std::string code = text.substr(0, text.rfind('.'));
  if (!headlight::isScenarioCode(code)) code.insert(0, "headlight:1:");
  const std::string sum = headlight::sha256(code).substr(0, 8);
  read(code + "." + sum);
  return 0;
}
