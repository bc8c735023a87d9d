#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

#include "tests/bench/core_bench.h"
#include "tests/bench/core_works.h"
#include "tests/bench/one_work.h"
#include "tests/bench/torch_process.h"

namespace headlight::bench {
namespace {

struct Point {
  double tokens = 0;
  double value = 0;
};
struct Curve {
  std::string name;
  std::string colour;
  bool dashed = false;
  std::vector<Point> points;
};

/// Both axes logarithmic, T from 64 to 131,072.
class Plot {
 public:
  Plot(double left, std::string title, double low, double high)
      : left_(left), title_(std::move(title)), low_(low), high_(high) {}

  std::string svg(const std::vector<Curve>& curves, const std::string& unit) const {
    std::string text = "<text x=\"" + at(left_) + "\" y=\"44\" font-weight=\"600\">" + title_ + "</text>\n";
    for (double decade = low_; decade <= high_ * 1.001; decade *= 10) {
      text += line(left_, y(decade), left_ + kWidth, y(decade), "#dddddd");
      text += label(left_ - 6, y(decade) + 4, "end", number(decade) + unit);
    }
    for (const double tokens : {64.0, 512.0, 4096.0, 32768.0, 131072.0}) {
      text += line(x(tokens), kTop, x(tokens), kTop + kHeight, "#eeeeee");
      text += label(x(tokens), kTop + kHeight + 16, "middle", number(tokens));
    }
    text += label(left_ + kWidth / 2, kTop + kHeight + 34, "middle", "T, tokens");
    std::vector<const Curve*> byHeight;
    for (const Curve& curve : curves) {
      if (curve.points.empty()) continue;
      byHeight.push_back(&curve);
      std::string path;
      for (const Point& point : curve.points) {
        path += (path.empty() ? "M" : " L") + at(x(point.tokens)) + " " + at(y(point.value));
      }
      text += "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + curve.colour + "\" stroke-width=\"2\"" +
              (curve.dashed ? " stroke-dasharray=\"6 4\"" : "") + "/>\n";
    }
    // Names stand at the ends of their curves, a line apart.
    std::sort(byHeight.begin(), byHeight.end(),
              [](const Curve* a, const Curve* b) { return a->points.back().value > b->points.back().value; });
    double last = 0;
    for (const Curve* curve : byHeight) {
      last = std::max(y(curve->points.back().value) + 4, last + 13);
      text += "<text x=\"" + at(left_ + kWidth + 6) + "\" y=\"" + at(last) + "\" fill=\"" + curve->colour +
              "\">" + curve->name + "</text>\n";
    }
    return text;
  }

 private:
  static constexpr double kWidth = 300;
  static constexpr double kHeight = 300;
  static constexpr double kTop = 60;

  double x(double tokens) const { return left_ + kWidth * std::log2(tokens / 64) / 11; }
  double y(double value) const {
    return kTop + kHeight * (1 - std::log(value / low_) / std::log(high_ / low_));
  }
  static std::string at(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", number);
    return text;
  }
  static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
  }
  static std::string line(double x0, double y0, double x1, double y1, const char* colour) {
    return "<path d=\"M" + at(x0) + " " + at(y0) + " L" + at(x1) + " " + at(y1) + "\" stroke=\"" + colour +
           "\"/>\n";
  }
  static std::string label(double x, double y, const char* anchor, const std::string& words) {
    return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\" fill=\"#555555\">" +
           words + "</text>\n";
  }

  double left_;
  std::string title_;
  double low_;
  double high_;
};

}  // namespace

void growthPlot(const std::string& file) {
  TorchProcess torch;
  Curve lazy{"statistics and outputs", "#0b6e99", false, {}};
  Curve weights{"weights written", "#b3541e", false, {}};
  Curve fused{"PyTorch, fused", "#0b6e99", true, {}};
  Curve eager{"PyTorch, eager", "#b3541e", true, {}};
  Curve lazyMemory{"statistics and outputs", "#0b6e99", false, {}};
  Curve weightsMemory{"weights written", "#b3541e", false, {}};
  constexpr std::int64_t kMostWritten = 16384;
  for (std::int64_t t = 64; t <= 131072; t *= 2) {
    const auto tokens = static_cast<double>(t);
    const OneWork own = runOne("lazy", t);
    lazy.points.push_back({tokens, own.seconds * 1e3});
    lazyMemory.points.push_back({tokens, own.megabytes});
    const int runs = t > 16384 ? 1 : 5;
    const auto theirs = torch.milliseconds({.work = "lazy", .tokens = t, .heads = 1, .runs = runs});
    if (theirs) fused.points.push_back({tokens, *theirs});
    std::printf("T %6ld: %10.3f ms %6.0f MB", static_cast<long>(t), own.seconds * 1e3, own.megabytes);
    if (theirs) std::printf(", PyTorch fused %10.3f ms", *theirs);
    if (t <= kMostWritten) {
      const OneWork stored = runOne("weights", t);
      weights.points.push_back({tokens, stored.seconds * 1e3});
      weightsMemory.points.push_back({tokens, stored.megabytes});
      const auto slow = torch.milliseconds({.work = "weights", .tokens = t, .heads = 1, .runs = runs});
      if (slow) eager.points.push_back({tokens, *slow});
      std::printf("; weights written %10.3f ms %6.0f MB", stored.seconds * 1e3, stored.megabytes);
      if (slow) std::printf(", eager %10.3f ms", *slow);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  const Plot time(70, "time of one head, d 64, causal", 0.01, 100000);
  const Plot memory(620, "most memory of the process", 1, 10000);
  const std::string other = torch.alive() ? "; PyTorch " + torch.version() : "";
  std::ofstream(file)
      << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1100 420\" font-family=\"sans-serif\" "
         "font-size=\"11\">\n<rect width=\"1100\" height=\"420\" fill=\"white\"/>\n<text x=\"70\" y=\"20\" "
         "fill=\"#555555\">"
      << machineName() << other << "</text>\n"
      << time.svg({lazy, weights, fused, eager}, " ms") << memory.svg({lazyMemory, weightsMemory}, " MB")
      << "</svg>\n";
}

}  // namespace headlight::bench
