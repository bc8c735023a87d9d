#include "tests/bench/window_table.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/bench/processes.h"

namespace headlight::bench {
namespace {

struct Row {
  std::string name;
  std::string document;            ///< JSON after the envelope
  std::vector<std::string> steps;  ///< the last one measures
  double goal;                     ///< ms, of the median (of "sharp50" where `sharp`)
  bool sharp = false;
};

/// Heads are 64 wide; d_model is heads · 64 unless it is given.
std::string tokens(int count, int heads, const std::string& more = "", int dModel = 0) {
  return R"("tokens": {"count": )" + std::to_string(count) + R"(}, "source": {"kind": "random", "seed": 1},
            "shape": {"d_k": 64, "d_model": )" +
         std::to_string(dModel > 0 ? dModel : heads * 64) + R"(, "heads": )" + std::to_string(heads) + "}" +
         more;
}

std::vector<Row> rows() {
  const std::string causal = R"(, "mask": "causal")";
  const std::string zoomed = R"(, "mask": "causal", "view": {"stage": "weights"})";
  std::vector<Row> all;
  for (const int count : {128, 512}) {
    const double goal = count == 128 ? 8 : 16;
    const std::string size = ", T " + std::to_string(count);
    all.push_back({"drag of d_k" + size, tokens(count, 8, causal), {"measure.drag=shape.d_k"}, goal});
    all.push_back({"drag of temperature" + size,
                   tokens(count, 8, causal),
                   {"measure.drag=normalizer.temperature"},
                   goal});
    all.push_back({"drag of heads" + size, tokens(count, 8, causal), {"measure.drag=shape.heads"}, goal});
    all.push_back({"switch of head" + size, tokens(count, 8, causal), {"measure.head"}, 16});
    all.push_back({"switch of stage" + size, tokens(count, 8, causal), {"measure.stage"}, 16});
  }
  all.push_back({"hover to inspector, T 4096", tokens(4096, 1, causal), {"measure.hover"}, 8});
  all.push_back({"pan, a frame, T 4096", tokens(4096, 1, causal), {"measure.pan"}, 1000.0 / 60});
  all.push_back({"zoom step, T 131072", tokens(131072, 1, zoomed), {"measure.zoom"}, 50});
  all.push_back({"zoom step until sharp, T 131072", tokens(131072, 1, zoomed), {"measure.zoom"}, 200, true});
  all.push_back({"longest frame, F5 at 1080p", tokens(12, 4, causal), {"measure.present"}, 50});
  all.push_back({"longest frame, scale to 150 %, 1080p", tokens(12, 4, causal), {"measure.scale"}, 50});
  all.push_back({"144 heads, T 512, all of the gallery", tokens(512, 144, causal, 768), {}, 300});
  return all;
}

void print(const Row& row, const Finished& run) {
  const auto value = [&run](const char* name) {
    const auto found = run.measured.find(name);
    return found == run.measured.end() ? -1.0 : found->second;
  };
  const double median = value(row.sharp ? "sharp50" : "p50");
  if (run.exitCode != 0 || median < 0) {
    std::printf("%-40s %10s\n", row.name.c_str(), "–");
  } else {
    std::printf("%-40s %10.1f %10.1f %8.0f   ≤ %.0f ms%s\n", row.name.c_str(), median,
                value(row.sharp ? "sharp99" : "p99"), value("mb"), row.goal,
                median <= row.goal ? "" : "  missed");
  }
  std::fflush(stdout);
}

}  // namespace

void windowTable(const std::vector<std::string>& only) {
  const VirtualDisplay display;
  if (display.display().empty()) {
    std::printf("no Xvfb\n");
    return;
  }
  std::printf("%-40s %10s %10s %8s   %s\n", "event to picture, software OpenGL", "p50 ms", "p99 ms", "MB",
              "goal");
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "headlight-window-bench.headlight.json";
  for (const Row& row : rows()) {
    bool wanted = only.empty();
    for (const std::string& part : only) wanted = wanted || row.name.find(part) != std::string::npos;
    if (!wanted) continue;
    std::ofstream(file) << R"({"type": "headlight/experiment", "version": 1, )" << row.document << "}\n";
    std::vector<std::string> words{"--measure", "--act"};
    if (row.steps.empty()) {
      words.push_back("measure.open=" + file.string());
    } else {
      words.insert(words.begin(), file.string());
      words.insert(words.end(), row.steps.begin(), row.steps.end());
    }
    print(row, runProgram(words, display.display()));
  }
  std::filesystem::remove(file);
  const Finished idle = runProgram({"--measure", "--idle", "10"}, display.display());
  const auto count = [&idle](const char* name) {
    const auto found = idle.measured.find(name);
    return found == idle.measured.end() ? -1.0 : found->second;
  };
  std::printf("idle for %.0f s: %.0f frames, %.2f %% of a processor   0 frames, < 1 %%\n", count("idle_s"),
              count("frames"), count("cpu_s") / count("idle_s") * 100);
}

}  // namespace headlight::bench
