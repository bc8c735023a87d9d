// Speed as a user meets it, medians in one table, after the core beside PyTorch (core_table.cpp). Names may
// be given to run a part: headlight_bench export.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include <benchmark/benchmark.h>
#include <sys/utsname.h>

#include "tests/bench/core_bench.h"
#include "tests/bench/figures_table.h"
#include "tests/bench/processes.h"
#include "tests/bench/window_table.h"

namespace headlight::bench {
namespace {

/// name → what is aimed at, in the unit that is printed.
const std::map<std::string, std::string> kGoals = {
    {"version", "20 ms"},
    {"start/first_complete_frame", "300 ms"},
    {"export/png/T1024", "2000 ms, 5 MB"},
    {"export/svg/T1024", "2000 ms, 5 MB"},
    {"export/pdf/T1024", "2000 ms, 5 MB"},
    {"idle/10s", "0 frames in 10 s"},
};

const VirtualDisplay& display() {
  static const VirtualDisplay only;
  return only;
}

void version(benchmark::State& state) {
  for (auto _ : state) {
    const Finished run = runProgram({"--version"});
    if (run.exitCode != 0) return state.SkipWithError("headlight --version failed");
    state.SetIterationTime(run.milliseconds / 1e3);
  }
}

/// Runs the window and takes one of its own measurements, in such parts of a second, as the time.
Finished window(benchmark::State& state, const std::vector<std::string>& arguments, const char* time,
                double seconds = 1e-3) {
  if (display().display().empty()) {
    state.SkipWithError("no Xvfb");
    return {};
  }
  std::vector<std::string> words{"--measure"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Finished run = runProgram(words, display().display());
  const auto found = run.measured.find(time);
  if (run.exitCode != 0 || found == run.measured.end()) {
    state.SkipWithError("the window measured nothing");
  } else {
    state.SetIterationTime(found->second * seconds);
  }
  return run;
}

void firstFrame(benchmark::State& state) {
  for (auto _ : state) window(state, {}, "first_frame_ms");
}

void tick(benchmark::State& state) {
  const std::string file =
      (std::filesystem::temp_directory_path() / "headlight-bench.headlight.json").string();
  std::ofstream(file) << R"({"type": "headlight/experiment", "version": 1, "tokens": {"count": 512},
                             "source": {"kind": "random", "seed": 1}, "mask": "causal",
                             "shape": {"d_model": 512, "heads": 8, "d_k": 64}})";
  for (auto _ : state) {
    const Finished run = window(state, {file, "--act", "measure.dk"}, "dk_tick_ms");
    for (const char* part : {"least", "most"}) {
      if (run.measured.contains(part)) state.counters[part] = run.measured.at(part);
    }
  }
  std::filesystem::remove(file);
}

void idle(benchmark::State& state) {
  for (auto _ : state) {
    const Finished run = window(state, {"--idle", "10"}, "idle_s", 1);
    for (const char* part : {"frames", "cpu_s"}) {
      if (run.measured.contains(part)) state.counters[part] = run.measured.at(part);
    }
  }
}

/// The whole command: reading, computing, drawing, writing.
void exportFigure(benchmark::State& state, const char* format) {
  const std::string file = (std::filesystem::temp_directory_path() / "headlight-bench.").string() + format;
  for (auto _ : state) {
    const Finished run = runProgram(
        {"export", "--set", R"(tokens={"count":1024})", "--mask", "causal", "--force", "-q", "-o", file});
    if (run.exitCode != 0) return state.SkipWithError("headlight export failed");
    state.SetIterationTime(run.milliseconds / 1e3);
    state.counters["MB"] = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
  }
  std::filesystem::remove(file);
}

/// One line a benchmark: its median, what it counted, what is aimed at.
class Table : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override {
    std::string cpu = "processor unknown", line;
    std::ifstream info("/proc/cpuinfo");
    while (std::getline(info, line)) {
      if (line.rfind("model name", 0) == 0) {
        cpu = line.substr(line.find(':') + 2);
        break;
      }
    }
    std::printf("%s, %u threads\n%-34s %12s  %-26s %s\n", cpu.c_str(), std::thread::hardware_concurrency(),
                "what", "median ms", "counted", "goal");
    return true;
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      std::string name = run.run_name.function_name;
      if (run.error_occurred) {
        std::printf("%-34s %12s  %s\n", name.c_str(), "–", run.error_message.c_str());
        continue;
      }
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") continue;
      if (run.run_type == Run::RT_Iteration && run.repetitions > 1) continue;
      std::string counted;
      for (const auto& [what, counter] : run.counters) {
        char text[64];
        std::snprintf(text, sizeof text, "%s %.3g  ", what.c_str(), counter.value);
        counted += text;
      }
      const auto goal = kGoals.find(name);
      std::printf("%-34s %12.2f  %-26s %s\n", name.c_str(), run.GetAdjustedRealTime(), counted.c_str(),
                  goal == kGoals.end() ? "" : goal->second.c_str());
      std::fflush(stdout);
    }
  }
};

benchmark::internal::Benchmark* once(benchmark::internal::Benchmark* made, int repetitions) {
  return made->UseManualTime()
      ->Iterations(1)
      ->Repetitions(repetitions)
      ->ReportAggregatesOnly(repetitions > 1)
      ->Unit(benchmark::kMillisecond);
}

void registerAll() {
  once(benchmark::RegisterBenchmark("version", version), 21);
  once(benchmark::RegisterBenchmark("start/first_complete_frame", firstFrame), 9);
  once(benchmark::RegisterBenchmark("tick/d_k/T512/h8/d64", tick), 3);
  once(benchmark::RegisterBenchmark("export/png/T1024", exportFigure, "png"), 5);
  once(benchmark::RegisterBenchmark("export/svg/T1024", exportFigure, "svg"), 5);
  once(benchmark::RegisterBenchmark("export/pdf/T1024", exportFigure, "pdf"), 5);
  once(benchmark::RegisterBenchmark("idle/10s", idle), 1);
}

}  // namespace
}  // namespace headlight::bench

int main(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  // core [ROW…]: the core beside PyTorch; window [ROW…]: the window; figures [ROW…]: figures beside
  // matplotlib; growth: docs/growth.svg; one …: a single work, for core and growth.
  if (argc == 5 && words[1] == "one") {
    return headlight::bench::oneWork(words[2], std::strtol(argv[3], nullptr, 10), words[4]);
  }
  if (argc > 1 && words[1] == "growth") {
    headlight::bench::growthPlot(argc > 2 ? words[2] : HEADLIGHT_DOCS "/growth.svg");
    return 0;
  }
  if (argc > 1 && words[1] == "window") {
    headlight::bench::windowTable({words.begin() + 2, words.end()});
    return 0;
  }
  if (argc > 1 && words[1] == "figures") {
    headlight::bench::figuresTable({words.begin() + 2, words.end()});
    return 0;
  }
  if (argc == 1 || words[1] == "core") {
    headlight::bench::coreTable(argc > 2 ? std::vector<std::string>(words.begin() + 2, words.end())
                                         : std::vector<std::string>());
    if (argc > 1) return 0;
  }
  if (argc > 1 && argv[1][0] != '-') words[1] = "--benchmark_filter=" + words[1];
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  headlight::bench::registerAll();
  headlight::bench::Table table;
  benchmark::RunSpecifiedBenchmarks(&table);
  return 0;
}
