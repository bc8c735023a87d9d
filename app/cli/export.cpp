#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/export_batch.h"
#include "app/cli/export_options.h"
#include "app/cli/subcommand.h"

namespace headlight {
namespace {

class Export : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    options_.declare(app);
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Result<std::vector<std::string>> inputs = source_.inputs();
    Result<ExportRequest> request =
        inputs ? options_.read(common_.json) : Result<ExportRequest>(inputs.error());
    if (!request) return refuse(console, request.error());
    request->twoFiles = request->has("difference") && inputs->size() == 2 && request->stages.size() < 2 &&
                        request->heads.size() < 2;
    ThreadPool pool(common_.threads);
    FigureExporter exporter(source_, *request, common_, pool, context.cancel);
    if (const Status status = exporter.checkNames(*inputs); !status) return refuse(console, status.error());
    if (request->shared) shareRange(*inputs, exporter, pool, console);
    const ExportBatch batch{exporter,        *inputs, common_, request->twoFiles, options_.failFast(),
                            request->caption};
    return exportAll(batch, pool, console, context.cancel);
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.error(error);
    return exitCode(error.code);
  }

  static void shareRange(const std::vector<std::string>& inputs, FigureExporter& exporter, ThreadPool& pool,
                         const Console& console) {
    const Progress progress(console, "finding the range of all files");
    std::vector<SharedRange> ranges(inputs.size());
    const auto one = [&](std::int64_t n) {
      ranges[static_cast<std::size_t>(n)] = exporter.rangeOf(inputs[static_cast<std::size_t>(n)]);
    };
    if (inputs.size() == 1) {
      one(0);
    } else {
      pool.run(static_cast<std::int64_t>(inputs.size()), one);
    }
    for (SharedRange& range : ranges) exporter.share(std::move(range));
  }

  ExperimentSource source_;
  ExportOptions options_;
  CommonOptions common_;
};

}  // namespace

std::unique_ptr<Subcommand> makeExport() {
  return std::make_unique<Export>();
}

}  // namespace headlight
