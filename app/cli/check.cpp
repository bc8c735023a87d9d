#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "core/experiment/inputs.h"
#include "core/experiment/json.h"

namespace headlight {
namespace {

/// What is wrong with an experiment whose words are in order: its files, its sizes, its masks.
std::vector<Error> problemsOfNumbers(const LoadedExperiment& loaded, InputReport& report,
                                     const Console& console) {
  const Result<Prepared> prepared = prepare(loaded.experiment, loaded.folder);
  if (!prepared) return {prepared.error()};
  for (const std::string& warning : prepared->warnings) warn(report, console, warning);
  const AttentionPlan& plan = prepared->plan;
  const MaskContext context = maskContext(plan);
  std::vector<Error> found;
  for (std::size_t n = 0; n < plan.masks.size(); ++n) {
    const std::string path = "mask[" + std::to_string(n) + "]";
    const MaskKind* kind = maskKind(plan.masks[n].kind);
    if (kind == nullptr) continue;
    if (const auto mask = kind->make(plan.masks[n], context, path); !mask) found.push_back(mask.error());
  }
  const NormalizerContext normalizer{plan.inputs.sizes.keys, plan.inputs.sizes.heads, plan.mistake};
  if (const auto made = makeNormalizer(plan.normalizer, normalizer, "normalizer"); !made) {
    found.push_back(made.error());
  }
  return found;
}

class Check : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Result<std::vector<std::string>> inputs = source_.inputs();
    if (!inputs) {
      console.error(inputs.error());
      return exitCode(inputs.error().code);
    }
    return forEachInput(
        *inputs, common_, console, context.cancel,
        [&](const std::string& input, InputReport& report) { return check(input, report, console); });
  }

 private:
  Status check(const std::string& input, InputReport& report, Console& console) {
    const Result<std::string> text = source_.text(input);
    if (!text) return text.error();
    std::vector<Error> found;
    if (!input.empty()) {
      const Result<Value> document = parseJson(*text);
      if (!document) return document.error();
      found = problems(*document);
    }
    if (found.empty()) {
      Result<LoadedExperiment> loaded = source_.load(input, report, console);
      if (!loaded) return loaded.error();
      found = problemsOfNumbers(*loaded, report, console);
    }
    const std::string name = input == "-" ? "stdin" : input.empty() ? "options" : input;
    if (common_.json) {
      List list;
      for (const Error& error : found) {
        Value entry{Object{}};
        entry.set("path", error.where);
        entry.set("what", error.what);
        entry.set("hint", error.hint);
        list.push_back(std::move(entry));
      }
      report.more.emplace_back("problems", std::move(list));
    }
    if (found.empty()) {
      if (common_.json || common_.quiet) return {};
      return console.out(printable(name) + ": ok\n");
    }
    // The last one is what the caller reports.
    for (std::size_t n = 0; n + 1 < found.size(); ++n) {
      Error error = found[n];
      error.where = error.where.empty() ? name : name + ": " + error.where;
      console.error(error);
    }
    return found.back();
  }

  ExperimentSource source_;
  CommonOptions common_;
};

}  // namespace

std::unique_ptr<Subcommand> makeCheck() {
  return std::make_unique<Check>();
}

}  // namespace headlight
