#include "core/describe/describe.h"

#include <CLI/CLI.hpp>

#include "app/cli/evaluate_input.h"
#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/progress.h"
#include "app/cli/subcommand.h"
#include "core/base/utf8.h"

namespace headlight {
namespace {

class Describe : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    beginGroup(app, "Output");
    app.add_flag("--markdown", markdown_, "Headings, lists and a table of the heads");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Result<std::vector<std::string>> inputs = source_.inputs();
    if (!inputs) {
      console.error(inputs.error());
      return exitCode(inputs.error().code);
    }
    ThreadPool pool(common_.threads);
    bool first = true;
    return forEachInput(*inputs, common_, console, context.cancel,
                        [&](const std::string& input, InputReport& report) -> Status {
                          Result<LoadedExperiment> loaded = source_.load(input, report, console);
                          if (!loaded) return loaded.error();
                          Progress progress(console, "computing");
                          EvaluateOptions options;
                          options.outputs = false;
                          options.cancel = context.cancel;
                          options.progress = &progress;
                          const auto evaluation = evaluateInput(*loaded, options, pool, report, console);
                          if (!evaluation) return evaluation.error();
                          const Description parts = describeParts(**evaluation);
                          const std::string text = markdown_ ? markdown(parts) : plainText(parts);
                          if (context.cancel.requested())
                            return Error{ErrorCode::cancelled, "interrupted", {}, {}};
                          if (common_.json) {
                            report.more.emplace_back("text", repairedUtf8(text));
                            report.more.emplace_back("headline", repairedUtf8(parts.headline));
                            report.more.emplace_back("heads", headList(parts));
                            return {};
                          }
                          std::string shown = first ? "" : "\n";
                          first = false;
                          if (inputs->size() > 1)
                            shown +=
                                markdown_ ? "<!-- " + printable(input) + " -->\n" : printable(input) + "\n";
                          return console.out(shown + text);
                        });
  }

 private:
  static List headList(const Description& parts) {
    const auto strings = [](const std::vector<std::string>& texts) {
      List list;
      for (const std::string& text : texts) list.push_back(repairedUtf8(text));
      return list;
    };
    List list;
    for (const HeadWords& head : parts.heads) {
      Value entry{Object{}};
      entry.set("name", repairedUtf8(head.name));
      entry.set("sentences", strings(head.sentences));
      entry.set("largest", strings(head.rows));
      list.push_back(std::move(entry));
    }
    return list;
  }

  ExperimentSource source_;
  CommonOptions common_;
  bool markdown_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> makeDescribe() {
  return std::make_unique<Describe>();
}

}  // namespace headlight
