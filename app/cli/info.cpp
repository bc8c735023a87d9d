#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/input_report.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "app/cli/text_table.h"
#include "core/base/number.h"
#include "core/base/shape.h"
#include "core/base/utf8.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

List shapeList(const std::vector<std::int64_t>& shape) {
  List list;
  for (const std::int64_t length : shape) list.push_back(length);
  return list;
}

class Info : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    app.add_option("FILE", files_, "Files of tensors: .npy, .npz, .safetensors, .csv")->type_name("…");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    if (files_.empty()) {
      console.error(
          {ErrorCode::usage, "needs a FILE of tensors: .npy, .npz, .safetensors or .csv", "info", {}});
      return kExitUsage;
    }
    bool first = true;
    return forEachInput(files_, common_, console, context.cancel,
                        [&](const std::string& input, InputReport& report) -> Status {
                          const Result<TensorFile> file = TensorFile::open(input);
                          if (!file) return file.error();
                          for (const std::string& note : file->notes()) warn(report, console, note);
                          const Result<std::string> text = describeFile(*file, report, context.cancel);
                          if (!text) return text.error();
                          if (common_.json) return {};
                          std::string shown = first ? "" : "\n";
                          first = false;
                          if (files_.size() > 1) shown += printable(input) + "\n";
                          return console.out(shown + *text);
                        });
  }

 private:
  Result<std::string> describeFile(const TensorFile& file, InputReport& report, const Cancel& cancel) const {
    using Align = TextTable::Align;
    TextTable table({"tensor", "dtype", "shape", "min", "max", "non-finite"},
                    {Align::left, Align::left, Align::left, Align::right, Align::right, Align::right});
    List list;
    for (const TensorInfo& tensor : file.tensors()) {
      const Result<ValueSummary> values = file.summarize(tensor.name, cancel);
      if (!values) return values.error();
      const bool any = values->count > values->nonFinite();
      table.add({tensor.name, tensor.dtype, shapeText(tensor.shape), any ? shortest(values->minimum) : "–",
                 any ? shortest(values->maximum) : "–", std::to_string(values->nonFinite())});
      Value entry{Object{}};
      entry.set("name", repairedUtf8(tensor.name));
      entry.set("dtype", tensor.dtype);
      entry.set("shape", shapeList(tensor.shape));
      entry.set("min", any ? Value(values->minimum) : Value());
      entry.set("max", any ? Value(values->maximum) : Value());
      entry.set("non_finite", values->nonFinite());
      list.push_back(std::move(entry));
    }
    report.more.emplace_back("tensors", std::move(list));
    return table.text();
  }

  std::vector<std::string> files_;
  CommonOptions common_;
};

}  // namespace

std::unique_ptr<Subcommand> makeInfo() {
  return std::make_unique<Info>();
}

}  // namespace headlight
