#include "app/cli/export_plan.h"

#include <array>
#include <filesystem>

#include "core/attention/field.h"
#include "core/base/number.h"

namespace headlight {

std::string_view formatWord(FigureFormat format) {
  switch (format) {
    case FigureFormat::svg:
      return "svg";
    case FigureFormat::pdf:
      return "pdf";
    case FigureFormat::png:
      break;
  }
  return "png";
}

std::vector<PlannedFigure> planFigures(const ExportRequest& request, const ViewSpec& view,
                                       const std::string& stem, int headCount) {
  const bool pipeline = request.look.layout == "pipeline";
  const bool single = request.look.layout == "single";
  std::vector<Stage> stages = request.stages;
  if (stages.empty() || pipeline) stages = {view.stage};
  std::vector<int> heads = request.heads;
  if (request.allHeads) {
    heads.clear();
    for (int h = 0; h < headCount; ++h) heads.push_back(h);
  }
  std::string start = stem;
  if (request.allBatches || !request.batches.empty() || view.batch > 0) {
    start += "-b" + std::to_string(view.batch);
  }
  std::vector<PlannedFigure> figures;
  for (const Stage stage : stages) {
    std::vector<std::vector<int>> choices{heads};
    if (single && info(stage).perHead) {
      choices.clear();
      for (const int head : heads.empty() ? std::vector<int>{view.head} : heads) choices.push_back({head});
    }
    for (const std::vector<int>& choice : choices) {
      std::string name = start;
      if (!pipeline) name += "-" + std::string(info(stage).id);
      if (single && info(stage).perHead) {
        name += choice.front() == kMeanHead ? "-mean" : "-H" + std::to_string(choice.front());
      }
      for (const FigureFormat format : request.formats) {
        PlannedFigure figure;
        figure.spec = request.look;
        figure.spec.format = format;
        if (!pipeline) figure.spec.stage = stage;
        figure.spec.heads = choice;
        const std::filesystem::path folder(request.folder);
        figure.path = request.output ? *request.output
                                     : (folder / (name + "." + std::string(formatWord(format)))).string();
        figures.push_back(std::move(figure));
      }
    }
  }
  return figures;
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
