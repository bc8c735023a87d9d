#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/row_values.h"
#include "core/attention/stage.h"
#include "core/lesson/check.h"

namespace headlight {

inline constexpr std::string_view kLessonType = "headlight/lesson";
inline constexpr std::int64_t kLessonVersion = 1;
/// Of the names of lesson files.
inline constexpr std::string_view kLessonEnding = ".lesson.json";

/// A choice of a question. It is right where all its checks hold; which one that is, is found by measuring.
struct LessonOption {
  std::string text;
  std::vector<Check> when;
  bool operator==(const LessonOption&) const = default;
};

/// What a step asks. Either options, of which exactly one is right, or a number.
struct LessonQuestion {
  std::string text;
  std::vector<LessonOption> options;
  std::string measure;   ///< of a number: the measure that it should meet
  double tolerance = 0;  ///< how near counts as met
  bool relative = false;
  bool operator==(const LessonQuestion&) const = default;
};

/// What `see` shows beside the map: rows of measured numbers, a curve of one measure over a parameter, or one
/// query's row or the whole map of a stage, in several variants side by side.
struct LessonPanel {
  enum class Kind { table, plot, row, map };
  struct Column {
    std::string label;
    Measure measure;  ///< made with `parameter` at the row's value
    bool operator==(const Column&) const = default;
  };
  Kind kind = Kind::table;
  std::string title;
  std::string parameter;       ///< the path that is varied; empty: one row
  std::vector<double> values;  ///< at which
  bool logarithmic = false;
  std::vector<Column> columns;

  /// One of the experiments whose rows or maps are set beside each other.
  struct Variant {
    std::string label;
    bool now = false;          ///< the learner's experiment, else the lesson's start
    std::vector<Member> with;  ///< changes of it, by path
    bool operator==(const Variant&) const = default;
  };
  Stage stage = Stage::weights;  ///< of row and map
  int head = 0;
  std::int64_t query = 0;  ///< of row
  std::vector<Variant> variants;

  /// Drawn from numbers of a stage, not of measures.
  bool ofStage() const { return kind == Kind::row || kind == Kind::map; }
  bool operator==(const LessonPanel&) const = default;
};

/// One step: predict, then try, then see, then explain.
struct LessonStep {
  enum class Kind { predict, attempt, see, explain };
  std::string id;  ///< of the answer sheet
  Kind kind = Kind::see;
  std::string say;                         ///< may hold {name} of measures and math markup
  std::vector<Member> set;                 ///< changes of the experiment when the step begins
  LessonQuestion ask;                      ///< predict, explain
  std::vector<Check> check;                ///< attempt: what the learner's experiment has to show
  std::vector<std::vector<Member>> right;  ///< attempt: changes that pass
  std::vector<std::vector<Member>> wrong;  ///< attempt: changes that do not
  std::string reveal;                      ///< said after the answer; may hold {name}
  std::vector<LessonPanel> panels;
  bool operator==(const LessonStep&) const = default;
};
std::string_view kindWord(LessonStep::Kind kind);
std::string_view kindWord(LessonPanel::Kind kind);

/// A lesson as its file says it.
struct Lesson {
  std::string id;  ///< of the file's name: "05-why-divide"
  std::string title;
  std::string goal;
  int minutes = 10;
  std::string notes;  ///< for the lecturer, never on the screen
  Experiment start;
  std::vector<std::string> controls;  ///< ids of the parameters that stay; empty: all of them
  Measures measures;
  std::vector<LessonStep> steps;

  Bench bench(const std::string& folder, ThreadPool& pool, const Cancel& cancel = {}) const;
};

/// The lessons of the program in their order, and its scenes: lessons that ask little and show much.
struct LessonFile {
  std::string id;
  std::string_view text;
};
const std::vector<LessonFile>& lessonFiles();
const std::vector<LessonFile>& sceneFiles();

/// A text with {name} replaced by measured numbers. Errors: no measure of that name, or it cannot be
/// measured.
Result<std::string> filled(const std::string& text, Bench& bench, const Experiment* learner = nullptr);
/// The names between braces.
std::vector<std::string> namesIn(const std::string& text);

/// Which option is right. Errors (invalid): none or several are, or a number cannot be measured.
Result<std::size_t> rightOption(const LessonQuestion& question, Bench& bench,
                                const Experiment* learner = nullptr);

/// A row of a panel: its value of the parameter and a number a column.
struct PanelRow {
  double value = 0;
  std::vector<double> numbers;
};
Result<std::vector<PanelRow>> panelRows(const LessonPanel& panel, Bench& bench);

/// A variant of a panel of the kinds row and map.
struct PanelMap {
  std::string label;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t shownRows = 0;
  std::int64_t shownCols = 0;
  std::vector<float> values;          ///< [shownRows, shownCols]
  std::vector<std::uint8_t> classes;  ///< [shownRows, shownCols] of CellClass
  double largest = 0;                 ///< |value| of the finite ones
  /// Which looks besides colours the shown cells have.
  struct Looks {
    bool masked = false;
    bool zero = false;
    bool nan = false;
    bool plusInfinity = false;
    bool minusInfinity = false;
  };
  Looks has{};
  std::vector<std::string> rowLabels;     ///< [rows], empty where the rows are no tokens
  std::vector<std::string> colLabels;     ///< [cols], as above
  std::optional<double> effectiveKeys{};  ///< exp(entropy) of the row, of a map the mean over rows
  /// Of a row that is not cut: the row, and on each further level its cells in pairs (RowValues::levels).
  std::vector<RowValues::Level> levels{};
};
/// How much of a map is shown: pooled to so many rows and columns, of what is kept the one farthest from 0;
/// or only the first of them. A row is never pooled.
struct PanelExtent {
  std::int64_t rows = 64;
  std::int64_t cols = 256;
  bool pooled = true;
};
/// Cells of one variant at most.
inline constexpr std::int64_t kMostPanelCells = std::int64_t{1} << 18;
/// `learner` may be null: then the learner's experiment is the start. Errors (invalid): a change does not
/// fit, no such stage, head or row, more cells than kMostPanelCells.
Result<std::vector<PanelMap>> panelMaps(const LessonPanel& panel, Bench& bench,
                                        const Experiment* learner = nullptr, const PanelExtent& extent = {});

}  // namespace headlight
