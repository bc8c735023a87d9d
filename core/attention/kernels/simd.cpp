#include "core/attention/kernels/simd.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

// clang-format off
#include "core/attention/kernels/targets.h"
#include <hwy/highway.h>
// clang-format on

namespace headlight {
namespace {

struct Level {
  std::string_view name;
  std::int64_t targets;
};

// Best first. Without a vector level Highway calls what it compiled for the baseline.
constexpr std::array kLevels{
    Level{"avx512", HWY_AVX3 | HWY_AVX3_DL},
    Level{"avx2", HWY_AVX2},
    Level{"sse4", HWY_SSE4},
    Level{"neon", HWY_NEON},
    Level{"scalar", HWY_SCALAR | HWY_EMU128},
};

/// What the machine can run of what was compiled, whatever was chosen before.
std::int64_t runnable() {
  static const std::int64_t targets = [] {
    hwy::SetSupportedTargetsForTest(0);
    return hwy::SupportedTargets() & HWY_TARGETS;
  }();
  return targets;
}

std::int64_t& chosen() {
  static std::int64_t targets = runnable();
  return targets;
}

}  // namespace

std::vector<std::string_view> simdLevels() {
  std::vector<std::string_view> names;
  for (const Level& level : kLevels) {
    const bool baseline = (level.targets & HWY_SCALAR) != 0;
    if (baseline || (level.targets & runnable()) != 0) names.push_back(level.name);
  }
  return names;
}

std::string_view simdLevel() {
  for (const Level& level : kLevels) {
    if ((level.targets & chosen()) != 0) return level.name;
  }
  return "scalar";
}

Status useSimdLevel(std::string_view name) {
  if (name.empty()) name = simdLevels().front();
  std::string accepted;
  for (const std::string_view level : simdLevels()) {
    if (level == name) {
      for (const Level& row : kLevels) {
        if (row.name != name) continue;
        chosen() = row.targets;
        hwy::SetSupportedTargetsForTest(row.targets);
        hwy::GetChosenTarget().Update(row.targets);
      }
      return {};
    }
    accepted += (accepted.empty() ? "" : ", ") + std::string(level);
  }
  return Error{ErrorCode::usage, "found \"" + std::string(name) + "\", this machine accepts " + accepted,
               "SIMD level", ""};
}

Status useSimdLevelOfEnvironment() {
  const char* text = std::getenv("HEADLIGHT_SIMD");
  if (text == nullptr || *text == 0) return {};
  Status status = useSimdLevel(text);
  if (!status) status.error().where = "HEADLIGHT_SIMD";
  return status;
}

}  // namespace headlight
