#include "core/lesson/step_figures.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/lesson/panel_point.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr std::int64_t kMostDrawn = 48;  // rows and columns of a map; of a larger one its first kDrawn
constexpr std::int64_t kDrawn = 32;
constexpr std::size_t kMostMatrices = 4;
constexpr std::size_t kLongestLabel = 9;
constexpr double kMostCells = 4.0e6;

/// The names of measures that a step speaks of before it is answered.
void addNames(const std::vector<Check>& checks, std::vector<const Measure*>& measures,
              const Measures& named) {
  for (const Check& check : checks) {
    if (check.measure.empty()) {
      measures.push_back(&check.inlined);
    } else if (const Measure* found = findMeasure(named, check.measure)) {
      measures.push_back(found);
    }
    if (const Measure* other = findMeasure(named, check.other)) measures.push_back(other);
  }
}

std::vector<const Measure*> asked(const Lesson& lesson, const LessonStep& step) {
  std::vector<const Measure*> measures;
  for (const std::string& name : namesIn(step.say)) {
    if (const Measure* found = findMeasure(lesson.measures, name)) measures.push_back(found);
  }
  if (const Measure* found = findMeasure(lesson.measures, step.ask.measure)) measures.push_back(found);
  for (const LessonOption& option : step.ask.options) addNames(option.when, measures, lesson.measures);
  addNames(step.check, measures, lesson.measures);
  return measures;
}

/// What a quantity is read from: the stage that it names, else that of its family.
void addStages(const Measure& measure, const Measures& named, std::set<Stage>& stages, int depth = 0) {
  constexpr int kMostDepth = 4;
  if (measure.kind != Measure::Kind::quantity) {
    for (const std::string& name : {measure.first, measure.second}) {
      const Measure* found = findMeasure(named, name);
      if (found && depth < kMostDepth) addStages(*found, named, stages, depth + 1);
    }
    return;
  }
  const QuantityInfo* info = quantity(measure.call.kind);
  if (!info || info->states == 0) return;
  if (info->spec.key("stage")) {
    const Value& word = valueOf(measure.call, info->spec, "stage");
    if (const auto stage = word.isString() ? stageById(word.string()) : std::nullopt) stages.insert(*stage);
    return;
  }
  if (info->anySize) return;
  for (const QuantityInfo& row : outputQuantities()) {
    if (row.spec.kind == info->spec.kind) stages.insert(Stage::v);
  }
  stages.insert(Stage::weights);
}

bool isOfValues(Stage stage) {
  return stage == Stage::valueWeighted || stage == Stage::headOutput || stage == Stage::concat ||
         stage == Stage::contribution || stage == Stage::output;
}

std::vector<std::string> axisNames(const Evaluation& evaluation, Axis axis, std::int64_t count) {
  std::vector<std::string> names;
  const auto& tokens =
      axis == Axis::query ? evaluation.prepared->queryTokens : evaluation.prepared->keyTokens;
  const bool isTokens = axis == Axis::query || axis == Axis::key;
  for (std::int64_t n = 0; n < count; ++n) {
    const auto at = static_cast<std::size_t>(n);
    names.push_back(isTokens && at < tokens.size() ? shortLabel(tokens[at].label, kLongestLabel)
                                                   : std::to_string(n));
  }
  return names;
}

std::string_view axisWord(Axis axis) {
  return axis == Axis::query ? "queries" : axis == Axis::key ? "keys" : "dimensions";
}

Result<Field> fieldOf(const Evaluation& evaluation, Stage stage, int head) {
  return Field::make(evaluation.run, stage, info(stage).perHead ? head : 0);
}

std::string sizeWords(const Field& field) {
  return "[" + grouped(field.rows()) + " × " + grouped(field.cols()) + "]";
}

bool isPrinted(const Field& field) {
  return field.rows() <= kMostPrinted && field.cols() <= kMostPrinted;
}

/// Keys that are patches of an image are shown in it, where a query is pinned.
bool isPicture(const Experiment& experiment, Stage stage) {
  const TokenSpec& tokens = experiment.memory ? *experiment.memory : experiment.tokens;
  return isMap(stage) && experiment.view.pin && tokens.kind == TokenSpec::Kind::grid && !tokens.image.empty();
}

FigureSpec figureOf(const Field& field, const ViewSpec& view) {
  FigureSpec spec;
  spec.stage = field.stage();
  spec.heads = {info(field.stage()).perHead ? field.head() : 0};
  spec.layout = isMap(field.stage()) && field.rows() == 1 ? "row" : "single";
  spec.fontPt = 8;
  spec.leastFontPt = 6;
  if (spec.layout == "row") spec.query = 0;
  if (view.pin && isMap(field.stage())) spec.highlights = {*view.pin};
  if (field.rows() > kMostDrawn || field.cols() > kMostDrawn) {
    spec.highlights.clear();
    spec.crop = FigureCrop{0, std::min(field.rows(), kDrawn), 0, std::min(field.cols(), kDrawn)};
  }
  return spec;
}

bool isTooLarge(const Sizes& sizes) {
  return static_cast<double>(sizes.heads) * static_cast<double>(sizes.queries) *
             static_cast<double>(sizes.keys) >
         kMostCells;
}

class Sheet {
 public:
  Sheet(const Lesson& lesson, const LessonStep& step, const Experiment& learner, Bench& bench)
      : lesson_(lesson), step_(step), learner_(learner), bench_(bench) {}

  Result<StepSheet> made() {
    if (Status status = ofPanels(); !status) return status.error();
    if (!sheet_.plots.empty()) return std::move(sheet_);
    toDrawInto();
    auto evaluation = shown(learner_, {});
    if (!evaluation) return evaluation.error();
    if (isTooLarge((*evaluation)->run->sizes)) {
      sheet_.remarks.push_back("The maps of this step are too large for paper.");
      return std::move(sheet_);
    }
    ofStages(*evaluation);
    return std::move(sheet_);
  }

 private:
  /// The experiment as it is looked at; what a bench keeps has no view.
  Result<std::shared_ptr<const Evaluation>> shown(const Experiment& base,
                                                  const std::vector<Member>& changes) {
    auto evaluation = bench_.evaluated(base, changes, false, true);
    if (!evaluation) return evaluation.error();
    auto copy = std::make_shared<Evaluation>(**evaluation);
    copy->experiment.view = base.view;
    return std::shared_ptr<const Evaluation>(std::move(copy));
  }

  Status ofPanels() {
    if (step_.kind != LessonStep::Kind::see) return {};
    for (const LessonPanel& panel : step_.panels) {
      if (Status status = panel.ofStage() ? ofVariants(panel) : ofNumbers(panel); !status) return status;
    }
    return {};
  }

  Status ofNumbers(const LessonPanel& panel) {
    const auto rows = panelRows(panel, bench_);
    if (!rows) return rows.error();
    if (panel.kind == LessonPanel::Kind::plot) {
      PaperPlot plot = plotOf(panel, *rows);
      if (const auto step = predictionOf(panel))
        plot.note = "Mark with ◇ what you predicted in step " + std::to_string(*step + 1) + ".";
      sheet_.plots.push_back(std::move(plot));
    }
    sheet_.tables.push_back(panelTable(panel, *rows));
    return {};
  }

  /// The first step that asks to predict a number of the panel.
  std::optional<std::size_t> predictionOf(const LessonPanel& panel) const {
    for (std::size_t n = 0; n < lesson_.steps.size() && &lesson_.steps[n] != &step_; ++n) {
      const LessonStep& step = lesson_.steps[n];
      if (step.kind != LessonStep::Kind::predict) continue;
      for (const Measure* measure : asked(lesson_, step)) {
        if (speaksOf(*measure, panel, lesson_.measures)) return n;
      }
    }
    return std::nullopt;
  }

  /// Axes of the plots that a later step shows, for a prediction of one of their numbers.
  void toDrawInto() {
    if (step_.kind != LessonStep::Kind::predict) return;
    bool isLater = false;
    for (const LessonStep& step : lesson_.steps) {
      isLater = isLater || &step == &step_;
      for (const LessonPanel& panel : step.panels) {
        if (panel.kind != LessonPanel::Kind::plot || !isLater || !sheet_.plots.empty()) continue;
        const std::vector<const Measure*> measures = asked(lesson_, step_);
        const bool isAsked = std::any_of(measures.begin(), measures.end(), [&](const Measure* measure) {
          return speaksOf(*measure, panel, lesson_.measures);
        });
        if (!isAsked) continue;
        PaperPlot plot = plotOf(panel, {});
        plot.values = panel.values;
        plot.empty = true;
        plot.note = "Draw the curve that you expect.";
        sheet_.plots.push_back(std::move(plot));
      }
    }
  }

  /// Maps or rows beside each other on one scale.
  Status ofVariants(const LessonPanel& panel) {
    double largest = 0;
    std::vector<StepFigure> figures;
    for (const LessonPanel::Variant& variant : panel.variants) {
      const auto evaluation = shown(variant.now ? learner_ : bench_.start(), variant.with);
      if (!evaluation) return evaluation.error();
      if (isTooLarge((*evaluation)->run->sizes)) {
        sheet_.remarks.push_back(panel.title + ": the maps are too large for paper.");
        return {};
      }
      const auto field = fieldOf(**evaluation, panel.stage, panel.head);
      if (!field) return field.error();
      StepFigure figure{*evaluation, figureOf(*field, {})};
      figure.spec.title = panel.title;
      if (!variant.label.empty()) figure.spec.title += ": " + variant.label;
      if (panel.kind == LessonPanel::Kind::row) {
        figure.spec.layout = "row";
        figure.spec.query = panel.query;
      }
      const FieldStatistics statistics = field->statistics(bench_.pool());
      largest = std::max(
          {largest, static_cast<double>(statistics.maximum), -static_cast<double>(statistics.minimum)});
      figures.push_back(std::move(figure));
    }
    for (StepFigure& figure : figures) {
      if (largest > 0 && std::isfinite(largest) && figures.size() > 1) {
        const std::string low = info(panel.stage).isSigned ? shortest(-largest) : "0";
        figure.spec.range = low + "," + shortest(largest);
      }
      sheet_.figures.push_back(std::move(figure));
    }
    return {};
  }

  void ofStages(const std::shared_ptr<const Evaluation>& evaluation) {
    const ViewSpec& view = learner_.view;
    const bool told = !sheet_.tables.empty();  // what is looked at has its own tables
    std::set<Stage> wanted;
    for (const Measure* measure : asked(lesson_, step_)) addStages(*measure, lesson_.measures, wanted);
    if (sheet_.figures.empty()) sheet_.plane = planeOf(*evaluation);
    if (sheet_.plane && step_.kind != LessonStep::Kind::see)
      sheet_.plane->note = "Draw into the planes what you expect.";
    // Beside axes to draw into there is room for one figure: of what is asked.
    Stage shown = view.stage;
    for (const Stage stage : wanted) {
      if (!sheet_.plots.empty() && shown == view.stage) shown = stage;
    }
    if (sheet_.figures.empty() && !sheet_.plane) addFigure(evaluation, shown);
    if (told) return;
    wanted.insert(shown);
    // What those are made of is printed where there is room for it, and not spoken of where there is none.
    std::set<Stage> causes;
    if (wanted.count(Stage::weights) > 0)
      causes.insert(learner_.mask.empty() ? Stage::scaled : Stage::masked);
    if (std::any_of(wanted.begin(), wanted.end(), isOfValues)) causes.insert(Stage::v);
    if (step_.kind == LessonStep::Kind::attempt) causes.insert({Stage::q, Stage::k});

    std::vector<Stage> all;
    for (const StageInfo& row : stages()) {
      if (wanted.count(row.stage) > 0 || causes.count(row.stage) > 0) all.push_back(row.stage);
    }
    std::vector<std::pair<bool, PaperTable>> matrices;  // whether asked about, and the matrix
    for (const Stage stage : all) {
      const auto field = fieldOf(*evaluation, stage, view.head);
      if (!field) continue;
      const bool isAsked = wanted.count(stage) > 0;
      if (isPrinted(*field)) {
        matrices.emplace_back(isAsked, matrixTable(*evaluation, stage, view.head));
      } else if (isAsked && stage != Stage::v) {
        if (!isDrawn(stage) && sheet_.figures.size() + sheet_.plots.size() < 2) addFigure(evaluation, stage);
        if (isDrawn(stage))
          sheet_.remarks.push_back(std::string(info(stage).title) + " " + sizeWords(*field) +
                                   ": see the figure.");
      }
    }
    // The causes give way first.
    while (matrices.size() > kMostMatrices) {
      const auto spare =
          std::find_if(matrices.begin(), matrices.end(), [](const auto& m) { return !m.first; });
      matrices.erase(spare == matrices.end() ? matrices.end() - 1 : spare);
    }
    for (auto& [isAsked, table] : matrices) sheet_.tables.push_back(std::move(table));
  }

  bool isDrawn(Stage stage) const {
    return std::any_of(sheet_.figures.begin(), sheet_.figures.end(),
                       [&](const StepFigure& figure) { return figure.spec.stage == stage; });
  }

  void addFigure(const std::shared_ptr<const Evaluation>& evaluation, Stage stage) {
    const auto field = fieldOf(*evaluation, stage, learner_.view.head);
    if (!field) return;
    sheet_.figures.push_back({evaluation, figureOf(*field, learner_.view)});
    if (!isPicture(learner_, stage)) return;
    FigureSpec& spec = sheet_.figures.back().spec;
    spec.layout = "picture";
    spec.crop.reset();
  }

  const Lesson& lesson_;
  const LessonStep& step_;
  const Experiment& learner_;
  Bench& bench_;
  StepSheet sheet_;
};

}  // namespace

PaperTable panelTable(const LessonPanel& panel, const std::vector<PanelRow>& rows) {
  PaperTable table{panel.title, "", {}, {}, {}};
  for (const LessonPanel::Column& column : panel.columns) table.columns.push_back(column.label);
  if (!panel.parameter.empty()) table.note = "down: " + panelParameter(panel);
  for (const PanelRow& row : rows) {
    table.rows.push_back(panel.parameter.empty() ? "" : measuredText(row.value));
    std::vector<std::string> numbers;
    for (const double number : row.numbers) numbers.push_back(measuredText(number));
    table.cells.push_back(std::move(numbers));
  }
  return table;
}

PaperTable matrixTable(const Evaluation& evaluation, Stage stage, int head) {
  const StageInfo& about = info(stage);
  PaperTable table{std::string(about.title), "", {}, {}, {}};
  const auto field = fieldOf(evaluation, stage, head);
  if (!field) return table;
  if (about.perHead) table.title += head == kMeanHead ? ", mean of heads" : ", H" + std::to_string(head);
  table.note = std::string(axisWord(about.rows)) + " down, " + std::string(axisWord(about.cols)) + " across";
  table.columns = axisNames(evaluation, about.cols, field->cols());
  table.rows = axisNames(evaluation, about.rows, field->rows());
  const auto cols = static_cast<std::size_t>(field->cols());
  std::vector<float> values(cols);
  std::vector<std::uint8_t> classes(cols);
  bool masks = false;
  for (std::int64_t i = 0; i < field->rows(); ++i) {
    field->row(i, values.data(), classes.data());
    std::vector<std::string> cells;
    for (std::size_t j = 0; j < cols; ++j) {
      const bool isMasked = classes[j] == static_cast<std::uint8_t>(CellClass::masked);
      masks = masks || isMasked;
      cells.push_back(isMasked ? "–" : fixed(static_cast<double>(values[j]), 2));
    }
    table.cells.push_back(std::move(cells));
  }
  if (masks) table.note += "; – masked";
  return table;
}

Result<StepSheet> stepSheet(const Lesson& lesson, const LessonStep& step, const Experiment& learner,
                            Bench& bench) {
  return Sheet(lesson, step, learner, bench).made();
}

}  // namespace headlight
