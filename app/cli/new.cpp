#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "core/experiment/inputs.h"
#include "core/experiment/json.h"

namespace headlight {
namespace {

class New : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    addText(app, "--qkv", qkv_, "A file that holds q, k and v", "F");
    source_.declare(app, ExperimentSource::Files::none);
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Result<std::vector<std::string>> inputs = source_.inputs();
    if (!inputs) {
      console.error(inputs.error());
      return exitCode(inputs.error().code);
    }
    return forEachInput(*inputs, common_, console, context.cancel,
                        [&](const std::string&, InputReport& report) { return print(report, console); });
  }

 private:
  Status print(InputReport& report, Console& console) const {
    Result<Experiment> start = base();
    if (!start) return start.error();
    Result<Experiment> made = source_.apply(std::move(*start));
    if (!made) return made.error();
    // A relative file is meant from here; it is read now so that what is printed can be opened.
    const Result<Prepared> prepared = prepare(*made, ".");
    if (!prepared) return prepared.error();
    for (const std::string& warning : prepared->warnings) warn(report, console, warning);
    if (common_.json) {
      report.more.emplace_back("experiment", encode(*made));
      return {};
    }
    return console.out(toText(*made));
  }

  Result<Experiment> base() const {
    if (!qkv_) return Experiment();
    Value source{Object{}};
    source.set("kind", "qkv");
    source.set("file", *qkv_);
    Value root{Object{}};
    root.set("type", "headlight/experiment");
    root.set("version", 1);
    root.set("source", std::move(source));
    Result<Decoded> decoded = decode(root);
    if (!decoded) return decoded.error();
    return std::move(decoded->experiment);
  }

  ExperimentSource source_;
  CommonOptions common_;
  std::optional<std::string> qkv_;
};

}  // namespace

std::unique_ptr<Subcommand> makeNew() {
  return std::make_unique<New>();
}

}  // namespace headlight
