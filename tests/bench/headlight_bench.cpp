// Speed as a user meets it, medians in one table. Names may be given to run a part: headlight_bench export.
#include <benchmark/benchmark.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "core/experiment/parameters.h"
#include "core/figure/figure.h"
#include "tests/bench/processes.h"

namespace headlight::bench {
namespace {

/// name → what is aimed at, in the unit that is printed.
const std::map<std::string, std::string> kGoals = {
    {"version", "20 ms"},
    {"start/first_complete_frame", "300 ms"},
    {"export/png/T1024", "2000 ms, 5 MB"},
    {"export/svg/T1024", "2000 ms, 5 MB"},
    {"export/pdf/T1024", "2000 ms, 5 MB"},
    {"idle/10s", "0 frames"},
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

void firstFrame(benchmark::State& state) {
  if (display().display().empty()) return state.SkipWithError("no Xvfb");
  for (auto _ : state) {
    const Finished run = runProgram({"--measure"}, display().display());
    const auto found = run.measured.find("first_frame_ms");
    if (found == run.measured.end()) return state.SkipWithError("no first frame");
    state.SetIterationTime(found->second / 1e3);
  }
}

void tick(benchmark::State& state) {
  if (display().display().empty()) return state.SkipWithError("no Xvfb");
  for (auto _ : state) {
    const Finished run = runProgram({"--measure", "--act", "tokens={\"count\":512}", "--act", "shape.d_model=512",
                                     "--act", "shape.heads=8", "--act", "source={\"kind\":\"random\"}", "--act",
                                     "shape.d_k=64", "--act", "measure.dk"},
                                    display().display());
    const auto found = run.measured.find("dk_tick_ms");
    if (found == run.measured.end()) return state.SkipWithError("no tick measured");
    state.SetIterationTime(found->second / 1e3);
  }
}

void idle(benchmark::State& state) {
  if (display().display().empty()) return state.SkipWithError("no Xvfb");
  for (auto _ : state) {
    const Finished run = runProgram({"--measure", "--idle", "10"}, display().display());
    const auto frames = run.measured.find("idle_frames");
    const auto cpu = run.measured.find("idle_cpu_seconds");
    if (frames == run.measured.end() || cpu == run.measured.end()) return state.SkipWithError("not measured");
    state.SetIterationTime(10);
    state.counters["frames"] = frames->second;
    state.counters["cpu_s"] = cpu->second;
  }
}

void exportFigure(benchmark::State& state, FigureFormat format) {
  ThreadPool pool;
  Experiment experiment;
  for (const auto& [path, value] : {std::pair<const char*, Value>{"tokens", Object{{"count", Value(1024)}}},
                                    {"mask", Value("causal")}}) {
    auto next = set(experiment, path, value);
    if (!next) return state.SkipWithError(next.error().text().c_str());
    experiment = *next;
  }
  auto evaluation = evaluate(experiment, ".", nullptr, pool);
  if (!evaluation) return state.SkipWithError(evaluation.error().text().c_str());
  FigureSpec spec;
  spec.format = format;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    auto figure = renderFigure(**evaluation, spec, pool);
    if (!figure) return state.SkipWithError(figure.error().text().c_str());
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    state.counters["MB"] = static_cast<double>(figure->bytes.size()) / 1e6;
  }
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
    std::printf("%s, %u threads\n%-34s %12s  %-26s %s\n", cpu.c_str(), std::thread::hardware_concurrency(), "what",
                "median ms", "counted", "goal");
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
  return made->UseManualTime()->Iterations(1)->Repetitions(repetitions)->ReportAggregatesOnly(repetitions > 1)
      ->Unit(benchmark::kMillisecond);
}

void registerAll() {
  once(benchmark::RegisterBenchmark("version", version), 21);
  once(benchmark::RegisterBenchmark("start/first_complete_frame", firstFrame), 9);
  once(benchmark::RegisterBenchmark("tick/d_k/T512/h8/d64", tick), 7);
  once(benchmark::RegisterBenchmark("export/png/T1024", exportFigure, FigureFormat::png), 5);
  once(benchmark::RegisterBenchmark("export/svg/T1024", exportFigure, FigureFormat::svg), 5);
  once(benchmark::RegisterBenchmark("export/pdf/T1024", exportFigure, FigureFormat::pdf), 5);
  once(benchmark::RegisterBenchmark("idle/10s", idle), 1);
}

}  // namespace
}  // namespace headlight::bench

int main(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
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
