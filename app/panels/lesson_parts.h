#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_state.h"
#include "app/session/lesson_desk.h"
#include "app/widgets/draw.h"

namespace headlight {

/// How the open lesson is looked at: what is chosen and not yet locked, the reveal that is fading in.
struct LessonRoom {
  std::uint64_t number = 0;    ///< of the lesson that the window has followed
  std::uint64_t ofNumber = 0;  ///< lesson and step that the rest belongs to
  std::size_t ofStep = 0;
  int chosen = -1;                                             ///< option
  std::string typed;                                           ///< a number
  std::string name;                                            ///< of the learner
  std::optional<double> revealed;                              ///< since when the answer is seen
  std::map<std::uint64_t, std::shared_ptr<const Tile>> tiles;  ///< of the panels' maps
  std::uint64_t tilesOf = 0;
  std::optional<std::pair<double, double>> dragged;  ///< the query while it is drawn over the plane
};

/// The open lesson, null where there is none.
LessonDesk* openLessonDesk(Panel& p);
const LessonDesk* openLessonDesk(const Panel& p);
/// The room, fitted to the step that is shown.
LessonRoom& lessonRoom(Panel& p, const LessonDesk& desk);
/// 0 … 1 of the reveal.
float revealShare(Panel& p, const LessonRoom& room);

// --- what commands and buttons do
void lockLessonAnswer(Panel& p);
bool mayLockLessonAnswer(const Panel& p);
void nextLessonStep(Panel& p);
void previousLessonStep(Panel& p);
/// The shown step asks, and was not answered.
bool asksStill(const LessonDesk& desk);
/// Empty where the next step may be shown, else why not.
std::string whyNotNext(const LessonDesk& desk);
/// The same of its experiment in the Explore tab: it would tell what is asked.
std::string whyNotExplore(const LessonDesk& desk);

/// Lines of math markup of at most `width` px.
std::vector<std::string> mathLines(const Ui& ui, Role role, float width, std::string_view markup);
/// Draws them; returns the base line after the last.
float mathParagraph(Ui& ui, Role role, float x, float baseline, float width, float leading, ImU32 colour,
                    std::string_view markup);

/// What a check measures, in words: "effective keys".
std::string measureWords(const Lesson& lesson, const Check& check);
/// What it found, or looks for, to be read beside the measure's words: a number, of a column its token.
std::string measuredInWords(const Lesson& lesson, const Check& check, double value);
std::string wantedInWords(const Lesson& lesson, const Check& check, const CheckResult& result);
/// Which of an option's checks stands for it: the first that does not hold, else the first.
std::size_t tellingCheck(const MeasuredStep::Option& option);

// --- the parts of the tab
/// All lessons and scenes, while none is open.
void drawLessonList(Panel& p);
/// Question, options and what came of them; returns the y after it.
float drawLessonQuestion(Panel& p, LessonDesk& desk, float x, float y, float width);
/// The checks of a try, with what they found.
float drawLessonChecks(Panel& p, LessonDesk& desk, float x, float y, float width);
/// What came of all steps, and the answer sheet.
float drawLessonEnd(Panel& p, LessonDesk& desk, float x, float y, float width);
/// Tables, plots, rows and maps of a step.
void drawLessonPanels(Panel& p, LessonDesk& desk, const Box& box);
/// Queries, keys and values as arrows and points; false where they are no pairs of numbers.
bool hasLessonPlane(const Panel& p);
void drawLessonPlane(Panel& p, const Box& box);
/// The controls that the lesson leaves.
bool hasLessonControls(const LessonDesk& desk);
void drawLessonControls(Panel& p, LessonDesk& desk, const Box& box);
/// In a narrow window they stand below the card's words; returns the y after them.
bool lessonControlsInCard(const Panel& p);
float drawLessonControlsInCard(Panel& p, LessonDesk& desk, const Box& column, float top);
/// A constructed head's links, `path` of the experiment, each with its key to be chosen by place; returns the
/// y after them.
float drawLessonLinks(Panel& p, const std::string& path, float x, float y, float width);

/// Where an answer lies on a plot.
struct PlottedAnswer {
  std::size_t column = 0;
  double x = 0;
  double y = 0;
};
/// Of the predictions that were locked before, those that say something of a point of the panel.
std::optional<PlottedAnswer> plottedAnswer(LessonDesk& desk, const LessonPanel& panel,
                                           const std::vector<PanelRow>& rows);
/// Curves over the parameter, and where the learner expected one; returns the y after them.
float drawLessonPlot(Ui& ui, const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box,
                     const std::optional<PlottedAnswer>& answer);

}  // namespace headlight
