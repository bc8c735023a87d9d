#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"
#include "core/files/npy_writer.h"
#include "tests/bench/core_bench.h"
#include "tests/bench/core_works.h"
#include "tests/bench/one_work.h"
#include "tests/bench/torch_process.h"

namespace headlight::bench {
namespace {

constexpr std::int64_t kLong = 131072;
constexpr std::int64_t kWidth = 64;

/// q.npy and k.npy of standard normal numbers, and the experiment that opens them.
std::string writeLongExperiment(const std::filesystem::path& folder, std::int64_t tokens) {
  std::filesystem::create_directories(folder);
  const AttentionPlan plan = planOf({.tokens = tokens, .heads = 1, .values = false});
  for (const auto& [name, heads] : {std::pair{"q", &plan.inputs.q}, std::pair{"k", &plan.inputs.k}}) {
    std::ofstream out(folder / (std::string(name) + ".npy"), std::ios::binary);
    const std::int64_t shape[] = {1, tokens, kWidth};
    out << npyHeader(shape, FloatWidth::float32);
    out.write(reinterpret_cast<const char*>((**heads)[0].data()),
              static_cast<std::streamsize>(tokens * kWidth * 4));
  }
  const std::filesystem::path file = folder / "long.headlight.json";
  std::ofstream(file) << R"({"type": "headlight/experiment", "version": 1, "mask": "causal",
                             "source": {"kind": "qkv", "q": "q.npy", "k": "k.npy"}})";
  return file;
}

Experiment openExperiment(const std::string& file) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  Result<Decoded> decoded = fromText(text);
  if (!decoded) {
    std::fprintf(stderr, "%s\n", decoded.error().text().c_str());
    std::exit(1);
  }
  return decoded->experiment;
}

}  // namespace

int oneWork(const std::string& what, std::int64_t tokens, const std::string& file) {
  ThreadPool pool;
  double seconds = 0;
  double firstRows = 0;
  if (what == "file") {
    const Experiment experiment = openExperiment(file);
    const std::string folder = std::filesystem::path(file).parent_path();
    const auto opened = evaluate(experiment, folder, nullptr, pool, {.statistics = false});
    if (!opened) return 1;
    const double begin = now();
    const auto first = attend((*opened)->prepared->plan, nullptr, pool, {.statistics = false});
    Field::make(*first, Stage::weights, 0)->tile(0, (*first)->sizes.queries / kTileSize - 1, 0, {}, &pool);
    firstRows = 1e3 * (now() - begin);
    const double start = now();
    const auto whole = attend((*opened)->prepared->plan, first->get(), pool, {.outputs = false});
    seconds = now() - start;
    if (!whole) return 1;
  } else {
    AttentionPlan plan = planOf({.tokens = tokens, .heads = 1});
    AttendOptions options;
    AlignedFloats memory;
    if (what == "weights") {
      memory.resize(static_cast<std::size_t>(tokens * tokens));
      options.weights = {memory.data(), tokens * tokens, tokens, true};
    }
    Repeated again(plan, pool, options);
    seconds = leastSeconds([&] { again(); }, tokens > 16384 ? 1 : 5);
  }
  std::printf("%.9g %.9g %.9g\n", seconds, peakMegabytes(), firstRows);
  return 0;
}

void longTable(TorchProcess& torch) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "headlight-bench-long";
  const std::string file = writeLongExperiment(folder, kLong);
  const OneWork took = runOne("file", kLong, file);
  const auto product = torch.milliseconds({.work = "product", .tokens = 2048});
  const double flop = 2.0 * kWidth * static_cast<double>(kLong) * static_cast<double>(kLong) / 2;
  std::printf("%-52s %10.0f %10s %7s  ≤ 4500 ms\n", "long: T 131072, statistics and overview",
              1e3 * took.seconds, "–", "–");
  std::printf("%-52s %10.1f %10s %7s  ≤ 50 ms\n", "long: first visible rows", took.firstRowsMs, "–", "–");
  std::printf("%-52s %10.0f %10s %7s  ≤ 320 MB\n", "long: most memory of the process, MB", took.megabytes,
              "–", "–");
  if (product) {
    const double peak = 2.0 * 2048 * 2048 * 2048 / (*product / 1e3);
    std::printf("%-52s %10.0f %10.0f %7.2f  ≥ 0.65\n", "long: GFLOP/s beside PyTorch's 2048³ product",
                flop / took.seconds / 1e9, peak / 1e9, flop / took.seconds / peak);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace headlight::bench
