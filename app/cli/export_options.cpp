#include "app/cli/export_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>

#include "app/cli/evaluate_input.h"
#include "app/cli/export_places.h"
#include "app/cli/stage_arrays.h"
#include "core/base/number.h"
#include "core/figure/presets.h"
#include "core/picture/colormap.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

Status checkWord(std::string_view option, const std::optional<std::string>& word,
                 const std::vector<std::string>& accepted) {
  if (!word || std::find(accepted.begin(), accepted.end(), *word) != accepted.end()) return {};
  return unknownWord(option, *word, accepted);
}

template <class Rows>
std::vector<std::string> idsOf(const Rows& rows) {
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  for (const auto& row : rows) ids.emplace_back(row.id);
  return ids;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

Error excluded(std::string_view option, std::string what) {
  return {ErrorCode::usage, std::move(what), std::string(option), {}};
}

}  // namespace

void ExportOptions::declare(CLI::App& app) {
  beginGroup(app, "Output");
  addText(app, "-o,--output", output_, "The figure's file, its ending the format; - is stdout", "F");
  addText(app, "--out-dir", folder_, "Folder of the default names STEM[-bB][-STAGE][-HEAD].EXT", "D");
  addWords(app, "--format", formats_, "Formats (default: png)", "png,svg,pdf");
  beginGroup(app, "What is shown");
  addWords(app, "--layout", layouts_, joined(idsOf(figureLayouts())) + " (default: single)", "WORD");
  addWords(app, "--stage", stages_,
           "Stages, a figure each (default: the view's); of layout difference the two", "A,B");
  addWords(app, "--head", heads_, "Heads; in layouts single and lines a figure each (default: the view's)",
           "0,3|all|mean");
  addWords(app, "--batch", batches_, "Elements of the batch, a figure each (default: the view's)", "0,3|all");
  beginGroup(app, "How it looks");
  addText(app, "--preset", preset_, "Sizes and type of a venue: nature-1col, ieee-2col, beamer-16x9, …",
          "WORD");
  addText(app, "--width", width_, "Width of the figure", "88mm|3.5in");
  addText(app, "--dpi", dpi_, "Resolution of PNG and of images inside (default: 300)", "N");
  addText(app, "--font-size", fontSize_, "Size of the words in points (default: 7)", "PT");
  addText(app, "--least-size", leastSize_, "No word is smaller, labels thin out (default: 5)", "PT");
  addText(app, "--colormap", colormap_, "viridis, cividis, magma, grey, vik, berlin, rdbu", "WORD");
  addText(app, "--range", range_, "unit, zero_max, …, or LOW,HIGH; shared spans all files", "MODE|LO,HI");
  addText(app, "--query", query_, "Query of the layouts row and lines, by index or text", "7");
  addText(app, "--lines", lines_, "Lines a query in layout lines (default: 3)", "N");
  addText(app, "--least-weight", leastWeight_, "Weights below have no line (default: 0)", "W");
  addWords(app, "--highlight", highlights_, "Cells to outline: QUERY:KEY, by index or text", "7:1");
  // Commas belong to the names.
  app.add_option("--bracket", brackets_, "Bracket over tokens, on both axes or (q:, k:) one")
      ->allow_extra_args(false)
      ->type_name("0:1=NP");
  addText(app, "--crop", crop_, "Queries a … b−1, keys c … d−1; either end may miss", "a:b,c:d");
  addText(app, "--title", title_, "A line above the figure", "TEXT");
  addText(app, "--annotate", annotate_, "Numbers in cells (default: where they fit)", "all|fitting|none");
  addText(app, "--theme", theme_, "What it stands on (default: light)", "light|dark|transparent");
  app.add_flag("--letters", letters_, "Panels have letters: a, b, c …");
  app.add_flag("--no-title", noTitle_, "No title above the figure");
  app.add_flag("--no-bar", noBar_, "No colour bar");
  app.add_flag("--no-tokens", noTokens_, "No labels along the axes");
  app.add_flag("--no-notes", noNotes_, "No notes below; what is deliberately wrong is said all the same");
  beginGroup(app, "Beside it and inside");
  addWords(app, "--sidecar", sidecars_, "The numbers beside the figure", "csv,npy,tex,json");
  app.add_flag("--caption", caption_, "Print a caption for each figure");
  app.add_flag("--outline", outline_, "Letters as outlines in SVG and PDF");
  app.add_flag("--embed-data", embedData_, "Carry the tensor files too, up to 8 MB");
  app.add_flag("--strip", strip_, "Carry nothing: no experiment, path, title or description");
  app.add_flag("--fail-fast", failFast_, "Stop at the first file that fails");
}

Result<ExportRequest> ExportOptions::read(bool json) const {
  ExportRequest request;
  Status status = readLayouts(request);
  if (status) status = readLines(request);
  if (status) status = readLook(request.look);
  if (status) status = readSizes(request.look);
  if (status) status = readShown(request.look);
  if (status) status = readCarried(request.look);
  if (status) status = readRange(request);
  if (status) status = readFormats(request);
  if (status) status = readSelection(request);
  if (status) status = readSidecars(request, json);
  if (!status) return status.error();
  return request;
}

Status ExportOptions::readLayouts(ExportRequest& request) const {
  const std::vector<std::string> known = idsOf(figureLayouts());
  for (const std::string& word : layouts_) {
    if (Status status = checkWord("--layout", word, known); !status) return status;
    if (!request.has(word)) request.layouts.push_back(word);
  }
  if (request.layouts.empty()) request.layouts = {"single"};
  request.query = query_;
  const auto takesQuery = [](const std::string& layout) { return figureLayout(layout).query; };
  if (query_ && std::none_of(request.layouts.begin(), request.layouts.end(), takesQuery))
    return excluded("--query", "goes with layout row, lines or picture");
  return {};
}

Status ExportOptions::readLines(ExportRequest& request) const {
  if (lines_ && !request.has("lines")) return excluded("--lines", "goes with layout lines");
  if (leastWeight_ && !request.has("lines")) return excluded("--least-weight", "goes with layout lines");
  if (lines_) {
    const Result<std::int64_t> lines = readOptionInteger("--lines", *lines_, 1, 64);
    if (!lines) return lines.error();
    request.look.lines = static_cast<int>(*lines);
  }
  if (leastWeight_) {
    const Result<double> weight = readOptionNumber("--least-weight", *leastWeight_, 0, 1e6);
    if (!weight) return weight.error();
    request.look.leastWeight = *weight;
  }
  return {};
}

Status ExportOptions::readLook(FigureSpec& look) const {
  if (preset_) {
    if (Status status = checkWord("--preset", preset_, idsOf(figurePresets())); !status) return status;
    if (Status status = applyPreset(look, *preset_); !status) return status;
  }
  if (width_) {
    const Result<double> width = readWidth(*width_);
    if (!width) return width.error();
    look.widthMm = *width;
  }
  if (Status status = checkWord("--colormap", colormap_, idsOf(colormaps())); !status) return status;
  look.colormap = colormap_.value_or("");
  if (Status status = checkWord("--theme", theme_, {"light", "dark", "transparent"}); !status) return status;
  if (theme_) {
    look.ground = theme_ == "dark"          ? FigureGround::dark
                  : theme_ == "transparent" ? FigureGround::transparent
                                            : FigureGround::light;
  }
  return {};
}

Status ExportOptions::readSizes(FigureSpec& look) const {
  if (dpi_) {
    const Result<double> dpi = readOptionNumber("--dpi", *dpi_, 36, 2400);
    if (!dpi) return dpi.error();
    look.dpi = *dpi;
  }
  if (fontSize_) {
    const Result<double> size = readOptionNumber("--font-size", *fontSize_, 3, 36);
    if (!size) return size.error();
    look.fontPt = *size;
    look.leastFontPt = std::min(look.leastFontPt, *size);
  }
  if (leastSize_) {
    const Result<double> least = readOptionNumber("--least-size", *leastSize_, 3, look.fontPt);
    if (!least) return least.error();
    look.leastFontPt = *least;
  }
  return {};
}

Status ExportOptions::readShown(FigureSpec& look) const {
  if (title_ && noTitle_) return excluded("--no-title", "goes without --title");
  look.title = title_.value_or("");
  look.showTitle = !noTitle_;
  look.showBar = !noBar_;
  look.showTokens = !noTokens_;
  look.showNotes = !noNotes_;
  look.letters = letters_;
  if (Status status = checkWord("--annotate", annotate_, {"all", "fitting", "none"}); !status) return status;
  if (annotate_) {
    look.numbers = annotate_ == "all"    ? FigureNumbers::all
                   : annotate_ == "none" ? FigureNumbers::none
                                         : FigureNumbers::fitting;
  }
  return {};
}

Status ExportOptions::readCarried(FigureSpec& look) const {
  if (strip_ && embedData_) return excluded("--strip", "goes without --embed-data");
  look.outline = outline_;
  look.strip = strip_;
  look.embed = !strip_;
  look.embedData = embedData_;
  return {};
}

Status ExportOptions::readRange(ExportRequest& request) const {
  if (!range_) return {};
  if (*range_ == "shared") {
    for (const char* layout : {"pipeline", "difference"}) {
      if (request.has(layout)) {
        return excluded("--range", "shared spans maps of one stage, which layout " + std::string(layout) +
                                       " is not made of");
      }
    }
    request.shared = true;
    return {};
  }
  const std::size_t comma = range_->find(',');
  if (comma == std::string::npos) {
    std::vector<std::string> modes;
    for (const std::string_view mode : rangeModes()) modes.emplace_back(mode);
    modes.emplace_back("shared");
    if (Status status = checkWord("--range", range_, modes); !status) return status;
  } else {
    const auto low = parseNumber(std::string_view(*range_).substr(0, comma));
    const auto high = parseNumber(std::string_view(*range_).substr(comma + 1));
    if (!low || !high || !(*low < *high)) {
      return excluded("--range", "found \"" + *range_ + "\", accepted is LOW,HIGH with LOW < HIGH");
    }
  }
  request.look.range = *range_;
  return {};
}

Status ExportOptions::readFormats(ExportRequest& request) const {
  request.output = output_;
  request.folder = folder_.value_or("");
  if (output_ && folder_) return excluded("--out-dir", "goes without -o, which names the file");
  for (const std::string& word : formats_) {
    const std::optional<FigureFormat> format = figureFormat(word);
    if (!format) return unknownWord("--format", word, {"png", "svg", "pdf"});
    if (std::find(request.formats.begin(), request.formats.end(), *format) == request.formats.end()) {
      request.formats.push_back(*format);
    }
  }
  if (output_ && *output_ != "-") {
    const std::string ending = std::filesystem::path(*output_).extension().string();
    const auto format = figureFormat(ending.empty() ? "" : std::string_view(ending).substr(1));
    if (!format) {
      return excluded("-o", "found \"" + *output_ + "\", accepted are names that end in .png, .svg or .pdf");
    }
    if (!request.formats.empty() && request.formats != std::vector<FigureFormat>{*format}) {
      return excluded("--format", "names another format than " + *output_);
    }
    request.formats = {*format};
  }
  if (request.formats.empty()) request.formats = {FigureFormat::png};
  return {};
}

Status ExportOptions::readSidecars(ExportRequest& request, bool json) const {
  request.caption = caption_;
  std::vector<std::string> words;
  for (const SidecarInfo& one : sidecars()) words.emplace_back(one.word);
  for (const std::string& word : sidecars_) {
    const auto kind = sidecarKind(word);
    if (!kind) return unknownWord("--sidecar", word, words);
    if (std::find(request.sidecars.begin(), request.sidecars.end(), *kind) == request.sidecars.end()) {
      request.sidecars.push_back(*kind);
    }
  }
  if (output_ != "-") return {};
  if (!request.sidecars.empty()) return excluded("--sidecar", "stands beside a file, found -o -");
  if (json) return excluded("-o -", "writes to stdout, and so does --json");
  return {};
}

Status ExportOptions::readSelection(ExportRequest& request) const {
  for (const std::string& word : stages_) {
    const std::optional<Stage> stage = stageById(word);
    if (!stage) return unknownWord("--stage", word, idsOf(stages()));
    request.stages.push_back(*stage);
  }
  Result<std::vector<int>> heads = readHeads(heads_, &request.allHeads);
  if (!heads) return heads.error();
  request.heads = std::move(*heads);
  Result<std::optional<std::vector<int>>> batches = readBatches(batches_);
  if (!batches) return batches.error();
  request.allBatches = !batches_.empty() && !*batches;
  request.batches = batches->value_or(std::vector<int>());
  request.highlights = highlights_;
  request.brackets = brackets_;
  if (crop_) {
    const auto crop = readCrop("--crop", *crop_);
    if (!crop) return crop.error();
    request.crop = *crop;
  }
  if (request.has("difference")) {
    if (request.stages.size() > 2) return excluded("--stage", "layout difference takes two stages");
    if (request.heads.size() > 2 || request.allHeads) {
      return excluded("--head", "layout difference takes two heads");
    }
    if (request.stages.size() == 2 && request.heads.size() == 2) {
      return excluded("--layout", "difference takes two heads or two stages, found both");
    }
  }
  return checkMarks(request);
}

Result<double> readWidth(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"mm", 1.0}, {"cm", 10.0}, {"in", 25.4}, {"pt", 25.4 / 72}}};
  for (const auto& [unit, millimetres] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const std::optional<double> number = parseNumber(text.substr(0, text.size() - unit.size()));
    if (number && *number > 0 && *number * millimetres <= 2000) return *number * millimetres;
  }
  return Error{ErrorCode::usage,
               "found \"" + std::string(text) +
                   "\", accepted is a length from 40mm to 2000mm such as 88mm, 8.8cm, 3.5in, 250pt",
               "--width",
               {}};
}

}  // namespace headlight
