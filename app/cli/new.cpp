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
    addText(app, "--maps", maps_, "A file of attention maps, or one tensor in it", "F[:TENSOR]");
    addText(app, "--mha", mha_, "The state dict of a torch.nn.MultiheadAttention; goes with --x and --heads",
            "F");
    addText(app, "--x", x_, "What goes into the layer", "F[:TENSOR]");
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
    const int given = (qkv_ ? 1 : 0) + (maps_ ? 1 : 0) + (mha_ ? 1 : 0);
    if (given > 1)
      return Error{ErrorCode::usage, "accepted is one of --qkv, --maps and --mha", "headlight new", {}};
    if (x_ && !mha_) return Error{ErrorCode::usage, "goes with --mha", "--x", {}};
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
    const std::optional<std::string>& file = qkv_ ? qkv_ : maps_ ? maps_ : mha_;
    if (!file) return Experiment();
    Value source{Object{}};
    source.set("kind", qkv_ ? "qkv" : maps_ ? "maps" : "mha");
    source.set("file", *file);
    if (x_) source.set("x", *x_);
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
  std::optional<std::string> maps_;
  std::optional<std::string> mha_;
  std::optional<std::string> x_;
};

}  // namespace

std::unique_ptr<Subcommand> makeNew() {
  return std::make_unique<New>();
}

}  // namespace headlight
