#include <algorithm>
#include <filesystem>

#include "app/session/state.h"
#include "core/attention/bias/bias.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

/// The tensor of a T5 table: a row a bucket and a column a head. Of several the one that T5 names so.
Result<TensorInfo> tableOf(const TensorFile& file, std::int64_t heads) {
  std::vector<TensorInfo> fitting;
  for (const TensorInfo& info : file.tensors()) {
    if (info.shape.size() == 2 && info.shape[1] == heads && info.shape[0] >= 4) fitting.push_back(info);
  }
  if (fitting.empty()) {
    return Error{ErrorCode::invalid,
                 "found no tensor of shape [buckets, " + std::to_string(heads) +
                     "], which a T5 bias of so many heads is read from",
                 file.path(), ""};
  }
  const auto named = std::find_if(fitting.begin(), fitting.end(), [](const TensorInfo& info) {
    return info.name.find("relative_attention_bias") != std::string::npos;
  });
  return named == fitting.end() ? fitting.front() : *named;
}

}  // namespace

void Session::askBiasTable() {
  DialogRequest request;
  request.title = "Choose the table of a T5 bias";
  request.filters = {{"Files of tensors", {"*.safetensors", "*.npz", "*.npy", "*.csv"}},
                     {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::biasTable, std::move(request));
}

void Session::State::addBiasTable(const std::string& path) {
  const auto failed = [this, path](const Error& error) {
    problem = Problem{fileNameOf(path) + " gives no T5 bias", error};
  };
  const auto evaluation = numbers.evaluation();
  const std::int64_t heads = evaluation ? evaluation->run->sizes.heads : 0;
  const auto look = [this, path, heads, failed, number = documentNumber](ThreadPool&,
                                                                         const Cancel&) -> Worker::Home {
    const Result<TensorFile> file = TensorFile::open(path);
    const Result<TensorInfo> table = file ? tableOf(*file, heads) : Result<TensorInfo>(file.error());
    if (!table) return [failed, error = table.error()] { failed(error); };
    const bool alone = file->tensors().size() == 1;
    return [this, path, name = alone ? "" : table->name, buckets = table->shape[0], number] {
      if (number != documentNumber) return;  // the window has gone on to another document
      closeStep();
      const std::string spelled = spelledFrom(document.folder, path);
      Kinded entry{"t5", {}};
      if (buckets != 32) entry.set("buckets", buckets);
      entry.set("table", name.empty() ? spelled : spelled + ":" + name);
      Experiment next = history.now();
      next.biases.push_back(std::move(entry));
      fieldErrors.clear();
      history.change("T5 bias", "T5 bias", std::move(next), false);
      documentChanged(true, false);
      notice = "T5 bias from " + fileNameOf(path) + ": " + std::to_string(buckets) + " buckets";
      settings.lastFolder = folderOf(path);
      saveSettingsSoon();
    };
  };
  files.append(look, [failed] {
    failed(Error{ErrorCode::failed, "there is not enough memory for it", "", ""});
  });
}

}  // namespace headlight
