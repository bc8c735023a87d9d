#include "tests/bench/core_works.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/attention/kernels/simd.h"
#include "core/base/random.h"

namespace headlight::bench {
namespace {

/// The sum of four uniform numbers with variance 1: near enough to a normal one, and quick to make.
float someNumber(std::uint64_t what, std::uint64_t index) {
  const std::uint64_t bits = randomBits(1, {what, index, 0, 0});
  double sum = 0;
  for (int part = 0; part < 4; ++part) sum += static_cast<double>((bits >> (16 * part)) & 0xffff) / 65536.0;
  return static_cast<float>((sum - 2) * std::sqrt(3.0));
}

Matrix someMatrix(std::uint64_t what, std::int64_t rows, std::int64_t cols, float scale) {
  Matrix matrix(rows, cols);
  for (std::int64_t n = 0; n < matrix.size(); ++n) {
    matrix.data()[n] = scale * someNumber(what, static_cast<std::uint64_t>(n));
  }
  return matrix;
}

Caused<Heads> someHeads(std::uint64_t what, const WorkShape& shape) {
  Heads heads;
  for (int h = 0; h < shape.heads; ++h) {
    heads.push_back(someMatrix(what * 1000 + static_cast<std::uint64_t>(h), shape.tokens, shape.width, 1));
  }
  return {what, std::make_shared<const Heads>(std::move(heads))};
}

Caused<Linear> someLinear(std::uint64_t what, std::int64_t in, std::int64_t out) {
  const float scale = 1 / std::sqrt(static_cast<float>(in));
  Linear linear{someMatrix(what, in, out, scale), AlignedFloats(static_cast<std::size_t>(out), 0.1f)};
  return {what, std::make_shared<const Linear>(std::move(linear))};
}

}  // namespace

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peakMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) * 1024 / 1e6;
  }
  return 0;
}

std::string machineName() {
  std::string name = "processor unknown";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) {
      name = line.substr(line.find(':') + 2);
      break;
    }
  }
  return name + ", " + std::to_string(std::thread::hardware_concurrency()) + " threads, " +
         std::string(simdLevel());
}

AttentionPlan planOf(const WorkShape& shape) {
  AttentionPlan plan;
  Inputs& in = plan.inputs;
  const std::int64_t model = shape.heads * shape.width;
  in.sizes = {.queries = shape.tokens,
              .keys = shape.tokens,
              .heads = shape.heads,
              .kvHeads = shape.heads,
              .dModel = shape.layer ? model : 0,
              .dK = shape.width,
              .dV = shape.values ? shape.width : 0};
  if (shape.layer) {
    in.x = {1, std::make_shared<const Matrix>(someMatrix(1, shape.tokens, model, 1))};
    in.wQ = someLinear(2, model, model);
    in.wK = someLinear(3, model, model);
    in.wV = someLinear(4, model, model);
    in.wO = someLinear(5, model, model);
  } else {
    in.q = someHeads(2, shape);
    in.k = someHeads(3, shape);
    if (shape.values) in.v = someHeads(4, shape);
  }
  plan.scale = 1 / std::sqrt(static_cast<double>(shape.width));
  plan.normalizer.kind = "softmax";
  if (shape.causal) plan.masks.push_back({"causal", {}});
  return plan;
}

Repeated::Repeated(const AttentionPlan& plan, ThreadPool& pool, const AttendOptions& options)
    : plan_(plan), pool_(pool), options_(options) {
  known_ = *(*this)();
  known_.projected.value = nullptr;
  known_.statistics.value = nullptr;
  known_.mixed.value = nullptr;
  known_.outputs.value = nullptr;
  known_.gradients.value = nullptr;
}

std::shared_ptr<const Run> Repeated::operator()() {
  const auto run = attend(plan_, turn_++ == 0 ? nullptr : &known_, pool_, options_);
  if (!run) {
    std::fprintf(stderr, "%s\n", run.error().text().c_str());
    std::exit(1);
  }
  return *run;
}

}  // namespace headlight::bench
