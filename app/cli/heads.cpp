#include <CLI/CLI.hpp>
#include <cmath>

#include "app/cli/evaluate_input.h"
#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/progress.h"
#include "app/cli/subcommand.h"
#include "app/cli/text_table.h"
#include "core/analysis/head_profile.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/files/csv_writer.h"

namespace headlight {
namespace {

constexpr std::size_t kMeasures = 7;
constexpr std::array<std::string_view, kMeasures> kNames{
    "effective_keys", "normalised_entropy", "mean_distance", "previous", "same_token", "first_key", "pair"};

/// What one head of one file says.
struct HeadLine {
  std::string file;
  std::optional<int> batch;
  int head = 0;
  std::string name;
  std::array<std::optional<double>, kMeasures> values;
};

/// The tokens that a word stands for: those of that text, else the one at that index.
std::vector<std::int64_t> placesOf(const std::string& word, const std::vector<Token>& tokens) {
  std::vector<std::int64_t> places;
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    if (tokens[n].label == word) places.push_back(static_cast<std::int64_t>(n));
  }
  const auto index = parseInteger(word);
  if (places.empty() && index && *index >= 0 && *index < static_cast<std::int64_t>(tokens.size())) {
    places.push_back(*index);
  }
  return places;
}

class HeadsCommand : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    beginGroup(app, "Output");
    addText(app, "--query", query_, "A query, by its text or index: adds its weight on --key", "it");
    addText(app, "--key", key_, "A key, by its text or index", "animal");
    addWords(app, "--batch", batches_, "Elements of the batch (default: all)", "0,3|all");
    app.add_flag("--csv", csv_, "Comma-separated values instead of a table");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Status read = readOptions();
    const Result<std::vector<std::string>> inputs =
        read ? source_.inputs() : Result<std::vector<std::string>>(read.error());
    if (!inputs) {
      console.error(inputs.error());
      return exitCode(inputs.error().code);
    }
    const int code = forEachInput(*inputs, common_, console, context.cancel,
                                  [&](const std::string& input, InputReport& report) {
                                    return measure(input, report, console, context.cancel);
                                  });
    if (common_.json || lines_.empty()) return code;
    const Status shown = console.out(csv_ ? csvText() : tableText());
    if (!shown) {
      console.error(shown.error());
      return code == 0 ? exitCode(shown.error().code) : code;
    }
    return code;
  }

 private:
  Status readOptions() {
    if (query_.has_value() != key_.has_value()) {
      return Error{ErrorCode::usage, "--query and --key go together", query_ ? "--query" : "--key", {}};
    }
    if (csv_ && common_.json)
      return Error{ErrorCode::usage, "found --json too, accepted is one of them", "--csv", {}};
    Result<std::optional<std::vector<int>>> batches = readBatches(batches_);
    if (!batches) return batches.error();
    options_.batches = std::move(*batches);
    options_.outputs = false;
    return {};
  }

  Status measure(const std::string& input, InputReport& report, Console& console, const Cancel& cancel) {
    Result<LoadedExperiment> loaded = source_.load(input, report, console);
    if (!loaded) return loaded.error();
    Progress progress(console, "computing");
    ThreadPool pool(common_.threads);
    EvaluateOptions options = options_;
    options.cancel = cancel;
    options.progress = &progress;
    const auto evaluations = evaluateBatch(*loaded, options, pool, report, console);
    if (!evaluations) return evaluations.error();
    List list;
    for (const auto& evaluation : *evaluations) {
      for (int head = 0; head < evaluation->run->sizes.heads; ++head) {
        if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", {}, {}};
        Result<HeadLine> line = lineOf(input, *evaluation, head);
        if (!line) return line.error();
        list.push_back(jsonOf(*line));
        lines_.push_back(std::move(*line));
      }
    }
    if (common_.json) report.more.emplace_back("heads", std::move(list));
    return {};
  }

  Result<HeadLine> lineOf(const std::string& input, const Evaluation& evaluation, int head) const {
    const Prepared& prepared = *evaluation.prepared;
    std::vector<std::string> queries;
    std::vector<std::string> keys;
    for (const Token& token : prepared.queryTokens) queries.push_back(token.label);
    for (const Token& token : prepared.keyTokens) keys.push_back(token.label);
    const Result<HeadProfile> profile =
        profileHead(evaluation.run, head, {.pairs = 0, .queryTexts = queries, .keyTexts = keys, .read = {}});
    if (!profile) return profile.error();
    HeadLine line{input, std::nullopt, head, prepared.headNames[static_cast<std::size_t>(head)], {}};
    if (prepared.batches > 0) line.batch = prepared.plan.batch;
    line.values = {
        profile->effectiveKeys,  profile->normalisedEntropy, profile->distance, profile->previousShare,
        profile->sameTokenShare, profile->firstShare,        std::nullopt};
    if (!query_) return line;
    const std::vector<std::int64_t> rows = placesOf(*query_, prepared.queryTokens);
    const std::vector<std::int64_t> cols = placesOf(*key_, prepared.keyTokens);
    if (rows.empty() || cols.empty()) {
      const std::string near = didYouMean(rows.empty() ? *query_ : *key_, rows.empty() ? queries : keys, "");
      return Error{ErrorCode::invalid,
                   "found no token \"" + (rows.empty() ? *query_ : *key_) + "\" among the " +
                       (rows.empty() ? "queries" : "keys"),
                   input.empty() ? (rows.empty() ? "--query" : "--key") : input,
                   near.empty() ? "A token is named by its text or its index from 0" : near};
    }
    const Result<std::optional<double>> weight = pairWeight(evaluation.run, head, rows, cols);
    if (!weight) return weight.error();
    line.values.back() = *weight;
    return line;
  }

  std::size_t measures() const { return query_ ? kMeasures : kMeasures - 1; }

  static std::string nameOf(std::size_t measure, const std::optional<std::string>& query,
                            const std::optional<std::string>& key) {
    if (measure + 1 < kMeasures) return std::string(kNames[measure]);
    return query.value_or("") + " → " + key.value_or("");
  }

  Value jsonOf(const HeadLine& line) const {
    Value object{Object{}};
    if (line.batch) object.set("batch", *line.batch);
    object.set("head", line.head);
    if (!line.name.empty()) object.set("name", line.name);
    for (std::size_t n = 0; n < measures(); ++n) {
      object.set(std::string(kNames[n]), line.values[n] ? Value(*line.values[n]) : Value());
    }
    return object;
  }

  /// Head by head the mean over files and batch elements, and of how many.
  struct Mean {
    int head = 0;
    std::array<double, kMeasures> sums{};
    std::array<std::int64_t, kMeasures> counts{};
  };
  std::vector<Mean> means() const {
    std::vector<Mean> all;
    for (const HeadLine& line : lines_) {
      while (all.size() <= static_cast<std::size_t>(line.head))
        all.push_back({static_cast<int>(all.size()), {}, {}});
      Mean& mean = all[static_cast<std::size_t>(line.head)];
      for (std::size_t n = 0; n < kMeasures; ++n) {
        if (!line.values[n]) continue;
        mean.sums[n] += *line.values[n];
        ++mean.counts[n];
      }
    }
    return all;
  }
  /// Several lines of one head are worth a mean.
  bool hasMeans() const {
    return std::count_if(lines_.begin(), lines_.end(), [](const HeadLine& line) { return line.head == 0; }) >
           1;
  }

  std::string tableText() const {
    const bool files = std::any_of(lines_.begin(), lines_.end(),
                                   [&](const HeadLine& line) { return line.file != lines_[0].file; });
    const bool batches = lines_.front().batch.has_value();
    std::vector<std::string> header;
    if (files) header.emplace_back("file");
    if (batches) header.emplace_back("batch");
    header.emplace_back("head");
    for (std::size_t n = 0; n < measures(); ++n) header.push_back(nameOf(n, query_, key_));
    std::vector<TextTable::Align> align(header.size(), TextTable::Align::right);
    align[files ? 0 : batches ? 1 : 0] = TextTable::Align::left;
    const auto cell = [](const std::optional<double>& value) {
      return value ? fixed(*value, 3) : std::string("n/a");
    };
    TextTable table(header, align);
    for (const HeadLine& line : lines_) {
      std::vector<std::string> row;
      if (files) row.push_back(line.file);
      if (batches) row.push_back(std::to_string(line.batch.value_or(0)));
      row.push_back("H" + std::to_string(line.head) + (line.name.empty() ? "" : " " + line.name));
      for (std::size_t n = 0; n < measures(); ++n) row.push_back(cell(line.values[n]));
      table.add(std::move(row));
    }
    if (hasMeans()) {
      for (const Mean& mean : means()) {
        std::vector<std::string> row;
        const std::string words = "mean of " + std::to_string(mean.counts[0]);
        if (files) row.push_back(words);
        if (batches) row.push_back(files ? "" : words);
        row.push_back("H" + std::to_string(mean.head));
        for (std::size_t n = 0; n < measures(); ++n) {
          row.push_back(mean.counts[n] == 0 ? "n/a"
                                            : fixed(mean.sums[n] / static_cast<double>(mean.counts[n]), 3));
        }
        table.add(std::move(row));
      }
    }
    return table.text();
  }

  std::string csvText() const {
    std::vector<std::string> header{"file", "batch", "head", "name"};
    for (std::size_t n = 0; n < measures(); ++n)
      header.push_back(n + 1 < kMeasures ? nameOf(n, query_, key_) : "pair_weight");
    header.emplace_back("count");
    std::string text = csvRow(header);
    const auto cell = [](const std::optional<double>& value) {
      return value ? shortest(*value) : std::string();
    };
    for (const HeadLine& line : lines_) {
      std::vector<std::string> row{line.file, line.batch ? std::to_string(*line.batch) : "",
                                   std::to_string(line.head), line.name};
      for (std::size_t n = 0; n < measures(); ++n) row.push_back(cell(line.values[n]));
      row.emplace_back("1");
      text += csvRow(row);
    }
    if (!hasMeans()) return text;
    for (const Mean& mean : means()) {
      std::vector<std::string> row{"mean", "", std::to_string(mean.head), ""};
      for (std::size_t n = 0; n < measures(); ++n) {
        row.push_back(mean.counts[n] == 0 ? ""
                                          : shortest(mean.sums[n] / static_cast<double>(mean.counts[n])));
      }
      row.push_back(std::to_string(mean.counts[0]));
      text += csvRow(row);
    }
    return text;
  }

  ExperimentSource source_;
  CommonOptions common_;
  std::optional<std::string> query_;
  std::optional<std::string> key_;
  std::vector<std::string> batches_;
  bool csv_ = false;
  EvaluateOptions options_;
  std::vector<HeadLine> lines_;
};

}  // namespace

std::unique_ptr<Subcommand> makeHeads() {
  return std::make_unique<HeadsCommand>();
}

}  // namespace headlight
