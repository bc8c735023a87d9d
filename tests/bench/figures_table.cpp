#include "tests/bench/figures_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include <sys/resource.h>

#include "core/attention/field.h"
#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"
#include "core/figure/figure.h"
#include "core/files/npy_writer.h"
#include "tests/bench/core_works.h"
#include "tests/bench/processes.h"
#include "tests/bench/python_process.h"

namespace headlight::bench {
namespace {

constexpr int kHeads = 4;
constexpr int kRuns = 5;
/// Seaborn draws every cell by itself; more than these would take it minutes and gigabytes.
constexpr std::int64_t kMostSeabornCells = std::int64_t{1} << 20;
constexpr int kBatch = 200;
constexpr double kBatchSeconds = 10;
constexpr double kTimesSeaborn = 20;  ///< as fast and as small, of vectors at kSeabornTokens
constexpr std::int64_t kSeabornTokens = 512;

struct Cost {
  double seconds = 0;
  double cpu = 0;
  double bytes = 0;
};

/// A folder of our own that goes when this does.
class Folder {
 public:
  Folder() {
    std::string made = (std::filesystem::temp_directory_path() / "headlight-figures-XXXXXX").string();
    if (mkdtemp(made.data()) != nullptr) path_ = made;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Random numbers, causal, heads 64 wide.
std::string document(std::int64_t tokens, int heads, int seed) {
  return R"({"type": "headlight/experiment", "version": 1, "tokens": {"count": )" + std::to_string(tokens) +
         R"(}, "source": {"kind": "random", "seed": )" + std::to_string(seed) +
         R"(}, "mask": "causal", "shape": {"d_k": 64, "d_model": )" + std::to_string(heads * 64) +
         R"(, "heads": )" + std::to_string(heads) + "}}\n";
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.text().c_str());
  std::exit(1);
}

template <class T>
T got(Result<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

/// Seconds that the processors worked for this process.
double cpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

/// The median of several figures, each of numbers that were just computed and of which nothing is known.
Cost ours(const Experiment& experiment, const FigureSpec& spec, ThreadPool& pool) {
  std::vector<double> seconds;
  std::vector<double> cpu;
  Cost cost;
  for (int n = 0; n < kRuns; ++n) {
    const auto evaluation = got(evaluate(experiment, ".", nullptr, pool));
    const double worked = cpuSeconds();
    const double start = now();
    const FigureResult figure = got(renderFigure(*evaluation, spec, pool));
    seconds.push_back(now() - start);
    cpu.push_back(cpuSeconds() - worked);
    cost.bytes = static_cast<double>(figure.bytes.size());
  }
  cost.seconds = median(seconds);
  cost.cpu = median(cpu);
  return cost;
}

/// A head's weights as .npy, for the others.
void writeWeights(const Evaluation& evaluation, int head, const std::string& path) {
  const Field field = got(Field::make(evaluation.run, Stage::weights, head));
  std::ofstream file(path, std::ios::binary);
  const std::array<std::int64_t, 2> shape{field.rows(), field.cols()};
  file << npyHeader(shape, FloatWidth::float32);
  std::vector<float> row(static_cast<std::size_t>(field.cols()));
  for (std::int64_t i = 0; i < field.rows(); ++i) {
    field.row(i, row.data());
    file.write(reinterpret_cast<const char*>(row.data()),
               static_cast<std::streamsize>(row.size() * sizeof(float)));
  }
}

/// matplotlib and seaborn on their side.
class Peers {
 public:
  Peers() : python_("HEADLIGHT_PYTHON", HEADLIGHT_FIGURES_PEERS) {}
  bool has(const std::string& library) const {
    return textIn(python_.hello(), "libraries").find(library) != std::string::npos;
  }
  std::string versions() const { return textIn(python_.hello(), "versions"); }

  std::optional<Cost> draw(const std::string& library, const std::string& format, const FigureResult& page,
                           double dpi, const std::vector<std::string>& files) {
    if (!has(library)) return std::nullopt;
    std::string list;
    for (const std::string& file : files) list += (list.empty() ? "\"" : ", \"") + file + "\"";
    const std::string answer = python_.ask(
        R"({"library": ")" + library + R"(", "format": ")" + format + R"(", "width": )" +
        std::to_string(page.widthMm) + R"(, "height": )" + std::to_string(page.heightMm) + R"(, "dpi": )" +
        std::to_string(dpi) + R"(, "runs": )" + std::to_string(kRuns) + R"(, "files": [)" + list + "]}");
    if (answer.empty()) return std::nullopt;
    return Cost{numberIn(answer, "seconds"), numberIn(answer, "cpu"), numberIn(answer, "bytes")};
  }

 private:
  PythonProcess python_;
};

void print(const std::optional<Cost>& cost, const char* otherwise) {
  if (cost) {
    std::printf(" | %9.1f %9.1f %9.1f", 1e3 * cost->seconds, 1e3 * cost->cpu, cost->bytes / 1e3);
  } else {
    std::printf(" | %29s", otherwise);
  }
}

std::string verdict(bool met) {
  return met ? "" : " missed";
}

void printGoals(const Cost& mine, const std::optional<Cost>& imshow, const std::optional<Cost>& seaborn,
                bool isVector, std::int64_t tokens) {
  if (imshow) {
    const double times = imshow->seconds / mine.seconds;
    std::printf(" | %.1f× imshow (≥ 1)%s", times, verdict(times >= 1).c_str());
  }
  if (seaborn && isVector && tokens == kSeabornTokens) {
    const double times = seaborn->seconds / mine.seconds;
    const double smaller = seaborn->bytes / mine.bytes;
    std::printf(", %.0f× faster, %.0f× smaller than seaborn (≥ %.0f)%s", times, smaller, kTimesSeaborn,
                verdict(std::min(times, smaller) >= kTimesSeaborn).c_str());
  }
  std::printf("\n");
  std::fflush(stdout);
}

bool wants(const std::vector<std::string>& only, const std::string& name) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& part) {
           return name.find(part) != std::string::npos;
         });
}

struct Format {
  FigureFormat format;
  const char* word;
};
constexpr Format kFormats[] = {
    {FigureFormat::png, "png"}, {FigureFormat::svg, "svg"}, {FigureFormat::pdf, "pdf"}};

/// The figures of one length in both layouts and all formats.
void rows(std::int64_t tokens, const std::vector<std::string>& only, Peers& peers, ThreadPool& pool) {
  const Experiment experiment = got(fromText(document(tokens, kHeads, 1))).experiment;
  const auto evaluation = got(evaluate(experiment, ".", nullptr, pool));
  const Folder folder;
  std::vector<std::string> written;
  for (const std::string layout : {"single", "heads"}) {
    const std::size_t heads = layout == "single" ? 1 : kHeads;
    for (const Format& format : kFormats) {
      const std::string name = layout + ", T " + std::to_string(tokens) + ", " + format.word;
      if (!wants(only, name)) continue;
      while (peers.has("imshow") && written.size() < heads) {
        written.push_back((folder.path() / (std::to_string(written.size()) + ".npy")).string());
        writeWeights(*evaluation, static_cast<int>(written.size()) - 1, written.back());
      }
      const std::vector<std::string> files(
          written.begin(), written.begin() + static_cast<std::ptrdiff_t>(std::min(heads, written.size())));
      FigureSpec spec;
      spec.layout = layout;
      spec.format = format.format;
      const FigureResult page = got(renderFigure(*evaluation, spec, pool));
      const Cost mine = ours(experiment, spec, pool);
      const auto imshow = peers.draw("imshow", format.word, page, spec.dpi, files);
      const bool seabornCan = static_cast<std::int64_t>(heads) * tokens * tokens <= kMostSeabornCells;
      std::optional<Cost> seaborn;
      if (seabornCan) seaborn = peers.draw("seaborn", format.word, page, spec.dpi, files);
      std::printf("%-22s %3.0f × %3.0f", name.c_str(), page.widthMm, page.heightMm);
      print(mine, "");
      print(imshow, "not installed");
      print(seaborn, peers.has("seaborn") ? "too many cells" : "not installed");
      printGoals(mine, imshow, seaborn, format.format != FigureFormat::png, tokens);
    }
  }
}

/// As a script calls it: experiments in a folder, figures of each in three formats, by one command.
void batch() {
  const Folder folder;
  std::vector<std::string> words{"export"};
  for (int n = 0; n < kBatch; ++n) {
    const std::filesystem::path file = folder.path() / ("run-" + std::to_string(n) + ".headlight.json");
    std::ofstream(file) << document(128, kHeads, n + 1);
    words.push_back(file.string());
  }
  const std::filesystem::path figures = folder.path() / "figures";
  words.insert(words.end(), {"--out-dir", figures.string(), "--format", "png,svg,pdf", "-q"});
  rusage before{};
  getrusage(RUSAGE_CHILDREN, &before);
  const Finished run = runProgram(words);
  rusage after{};
  getrusage(RUSAGE_CHILDREN, &after);
  std::error_code ignored;
  std::ptrdiff_t count = 0;
  double bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(figures, ignored)) {
    ++count;
    bytes += static_cast<double>(entry.file_size());
  }
  if (run.exitCode != 0 || count != std::ptrdiff_t{3} * kBatch) {
    std::printf("batch: exit code %d after %td figures\n", run.exitCode, count);
    return;
  }
  const auto cpu = [](const rusage& used) {
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  };
  std::printf(
      "batch: %d experiments, T 128, png, svg and pdf: %.1f s, %.1f s of processors, %.1f MB   ≤ %.0f s%s\n",
      kBatch, run.milliseconds / 1e3, cpu(after) - cpu(before), bytes / 1e6, kBatchSeconds,
      verdict(run.milliseconds / 1e3 <= kBatchSeconds).c_str());
  std::fflush(stdout);
}

}  // namespace

void figuresTable(const std::vector<std::string>& only) {
  ThreadPool pool;
  Peers peers;
  const std::string versions = peers.versions();
  std::printf("%s; %s\n", machineName().c_str(),
              versions.empty() ? "matplotlib cannot be imported (HEADLIGHT_PYTHON names one that can)"
                               : versions.c_str());
  std::printf("%-22s %9s | %9s %9s %9s | %9s %9s %9s | %9s %9s %9s | goals\n", "figure", "mm", "ours ms",
              "cpu ms", "kB", "imshow ms", "cpu ms", "kB", "seaborn", "cpu ms", "kB");
  for (const std::int64_t tokens : {32, 128, 512, 1024, 4096}) rows(tokens, only, peers, pool);
  if (wants(only, "batch")) batch();
}

}  // namespace headlight::bench
