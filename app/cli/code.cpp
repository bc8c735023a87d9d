#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "core/experiment/json.h"
#include "core/experiment/scenario_code.h"

namespace headlight {
namespace {

class Code : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    beginGroup(app, "Output");
    app.add_flag("--decode", decode_, "The experiment's JSON instead of its code");
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
        [&](const std::string& input, InputReport& report) { return print(input, report, console); });
  }

 private:
  Status print(const std::string& input, InputReport& report, Console& console) {
    const Result<LoadedExperiment> loaded = source_.load(input, report, console);
    if (!loaded) return loaded.error();
    if (decode_) {
      if (!common_.json) return console.out(toText(loaded->experiment));
      report.more.emplace_back("experiment", encode(loaded->experiment));
      return {};
    }
    const Result<std::string> code = scenarioCode(loaded->experiment);
    if (!code) return code.error();
    if (!common_.json) return console.out(*code + "\n");
    report.more.emplace_back("code", *code);
    return {};
  }

  ExperimentSource source_;
  CommonOptions common_;
  bool decode_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> makeCode() {
  return std::make_unique<Code>();
}

}  // namespace headlight
