#include "app/cli/export_plan.h"

#include <algorithm>
#include <filesystem>

#include "core/attention/field.h"
#include "core/experiment/experiment.h"

namespace headlight {
namespace {

std::string headWord(int head) {
  return head == kMeanHead ? "mean" : "H" + std::to_string(head);
}

/// The layouts that show one head of a stage.
bool showsOneMap(std::string_view layout) {
  return layout == "single" || layout == "lines";
}

class Planner {
 public:
  Planner(const ExportRequest& request, const ViewSpec& view, std::string start, int headCount)
      : request_(request), view_(view), start_(std::move(start)) {
    stages_ = request.stages.empty() ? std::vector<Stage>{view.stage} : request.stages;
    heads_ = request.heads;
    for (int h = 0; request.allHeads && h < headCount; ++h) heads_.push_back(h);
  }

  Status plan(const std::string& layout) {
    if (layout == "difference") return planDifference();
    if (layout == "pipeline") {
      add(layout, start_, std::nullopt, heads_);
      return {};
    }
    for (const Stage stage : stages_) {
      const std::string name = start_ + "-" + std::string(info(stage).id);
      if (!info(stage).perHead) {
        add(layout, name + ending(layout), stage, layout == "heads" ? heads_ : std::vector<int>());
        continue;
      }
      if (figureLayout(layout).oneRow && heads_.size() <= 1) {
        const int head = heads_.empty() ? view_.head : heads_.front();
        add(layout, name + "-" + headWord(head) + ending(layout), stage, {head});
        continue;
      }
      if (!showsOneMap(layout)) {
        add(layout, name + ending(layout), stage, heads_);
        continue;
      }
      for (const int head : heads_.empty() ? std::vector<int>{view_.head} : heads_) {
        add(layout, name + "-" + headWord(head) + ending(layout), stage, {head});
      }
    }
    return {};
  }

  std::vector<PlannedFigure> take() { return std::move(figures_); }

 private:
  std::string ending(const std::string& layout) const {
    if (!figureLayout(layout).query) return {};
    return "-" + layout + request_.query.value_or("");
  }

  PlannedFigure& add(const std::string& layout, const std::string& name, std::optional<Stage> stage,
                     std::vector<int> heads) {
    PlannedFigure& figure = figures_.emplace_back();
    figure.spec = request_.look;
    figure.spec.layout = layout;
    figure.spec.stage = stage;
    figure.spec.heads = std::move(heads);
    figure.base = (std::filesystem::path(request_.folder) / name).string();
    if (request_.output) {
      const std::filesystem::path output(*request_.output);
      figure.base = *request_.output == "-" ? "-" : (output.parent_path() / output.stem()).string();
    }
    for (const FigureFormat format : request_.formats) {
      figure.files.push_back(
          {format, request_.output.value_or(figure.base + "." + std::string(formatWord(format)))});
    }
    return figure;
  }

  /// First minus second: two heads, two stages, two files, or what the view compares with.
  Status planDifference() {
    std::vector<int> heads = heads_;
    std::optional<Stage> minus;
    Stage stage = stages_.front();
    if (stages_.size() == 2) minus = stages_.back();
    if (heads.size() < 2 && !minus && !request_.twoFiles) {
      if (const Value* head = view_.compare.find("head"); head != nullptr && head->isInteger()) {
        heads = {heads.empty() ? view_.head : heads.front(), static_cast<int>(head->integer())};
      } else if (const Value* word = view_.compare.find("stage"); word != nullptr && word->isString()) {
        minus = stageById(word->string());
      }
    }
    if (heads.size() < 2 && !minus && !request_.twoFiles) {
      return Error{ErrorCode::usage, "layout difference subtracts the second of two", "--layout",
                   "Give --head 2,5, --stage scaled,masked, or two FILES"};
    }
    if (heads.empty()) heads = {view_.head};
    std::string name = start_ + "-" + std::string(info(stage).id);
    if (minus) name += "-minus-" + std::string(info(*minus).id);
    if (info(stage).perHead) name += "-" + headWord(heads.front());
    if (heads.size() == 2) name += "-minus-" + headWord(heads.back());
    add("difference", name, stage, heads).spec.minusStage = minus;
    return {};
  }

  const ExportRequest& request_;
  const ViewSpec& view_;
  std::string start_;
  std::vector<Stage> stages_;
  std::vector<int> heads_;
  std::vector<PlannedFigure> figures_;
};

}  // namespace

bool ExportRequest::has(std::string_view layout) const {
  return std::find(layouts.begin(), layouts.end(), layout) != layouts.end();
}

Result<std::vector<PlannedFigure>> planFigures(const ExportRequest& request, const ViewSpec& view,
                                               const std::string& stem, int headCount) {
  std::string start = stem;
  if (request.allBatches || !request.batches.empty() || view.batch > 0) {
    start += "-b" + std::to_string(view.batch);
  }
  Planner planner(request, view, std::move(start), headCount);
  for (const std::string& layout : request.layouts) {
    if (Status status = planner.plan(layout); !status) return status.error();
  }
  return planner.take();
}

std::string sidecarPath(const PlannedFigure& figure, SidecarKind kind, const std::string& panel) {
  const auto row = std::find_if(sidecars().begin(), sidecars().end(),
                                [&](const SidecarInfo& one) { return one.kind == kind; });
  return figure.base + (panel.empty() ? "" : "-") + panel + "." + std::string(row->word);
}

}  // namespace headlight
