#include "app/window/script.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "app/session/actions.h"
#include "app/window/main_window.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

Error usage(const std::string& step, const std::string& accepted) {
  return {ErrorCode::usage, "the step \"" + step + "\" cannot be read: " + accepted, {}, {}};
}

std::optional<Cell> readCell(const std::string& text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  const auto row = parseInteger(text.substr(0, comma));
  const auto col = parseInteger(text.substr(comma + 1));
  if (!row || !col) return std::nullopt;
  return Cell{*row, *col};
}

std::vector<std::string> parts(const std::string& text, char between) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(between, at), text.size());
    if (end > at) all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

Error unknown(const std::string& word) {
  std::vector<std::string> words;
  for (const Action& known : actions()) words.emplace_back(known.id);
  for (const ParameterInfo& known : parameters()) words.emplace_back(known.id);
  for (const char* known : {"stage", "head", "pin", "hover", "example", "file"}) words.emplace_back(known);
  return {
      ErrorCode::usage, quoted(word) + " is neither an action nor a parameter", {}, didYouMean(word, words)};
}

Status runCommand(MainWindow& window, const std::string& id) {
  if (window.frame().run(id)) return {};
  Session& session = window.session();
  const Action* found = action(id);
  if (found == nullptr) return unknown(id);
  if (!found->enabled(session)) {
    return Error{ErrorCode::failed, "the action \"" + id + "\" can do nothing here", {}, {}};
  }
  found->run(session);
  return {};
}

Status setParameter(Session& session, const std::string& id, const std::string& text) {
  session.change(id, readSetValue(text), Phase::done);
  if (const Error* error = session.fieldError(id)) return *error;
  return {};
}

/// Holds the pointer over a cell. Where cells are is the stage's affair: it is asked by halving.
Status hoverOver(MainWindow& window, Offscreen* target, std::optional<Cell> cell) {
  window.setPointer(-1e6F, -1e6F);
  window.draw(target);
  const Registry::Control* map = window.frame().registry().find("stage");
  if (!cell || map == nullptr) return {};
  const bool turned = window.session().view().queryColumns;
  const std::int64_t across = turned ? cell->row : cell->col;
  const std::int64_t down = turned ? cell->col : cell->row;
  Box box = map->box;
  for (int step = 0; step < 24; ++step) {
    window.setPointer(box.centreX(), box.centreY());
    window.draw(target);
    const std::optional<Cell> found = window.session().hovered();
    if (!found) break;
    if (*found == *cell) return {};
    const std::int64_t foundAcross = turned ? found->row : found->col;
    const std::int64_t foundDown = turned ? found->col : found->row;
    if (foundAcross < across) box.x0 = box.centreX();
    if (foundAcross > across) box.x1 = box.centreX();
    if (foundDown < down) box.y0 = box.centreY();
    if (foundDown > down) box.y1 = box.centreY();
  }
  return Error{ErrorCode::failed, "the cell to be hovered over is not in sight", {}, {}};
}

}  // namespace

Status runStep(MainWindow& window, Offscreen* target, const std::string& step) {
  Session& session = window.session();
  const std::size_t equals = step.find('=');
  if (equals == std::string::npos) return runCommand(window, step);
  const std::string name = step.substr(0, equals);
  const std::string value = step.substr(equals + 1);

  if (name == "file") {
    session.openFiles(parts(value, ','));
  } else if (name == "example") {
    session.openExample(value);
  } else if (name == "stage") {
    const std::optional<Stage> stage = stageById(value);
    if (!stage) return usage(step, "it names no stage");
    session.selectStage(*stage);
  } else if (name == "head") {
    const auto head = parseInteger(value);
    if (!head && value != "mean") return usage(step, "a head's number or \"mean\" is accepted");
    session.selectHead(head ? static_cast<int>(*head) : kMeanHead);
  } else if (name == "pin" || name == "pin+" || name == "hover") {
    const std::optional<Cell> cell = readCell(value);
    if (!cell && (value != "none" || name == "pin+"))
      return usage(step, "row,column or \"none\" is accepted");
    if (name == "pin+") {
      session.togglePin(*cell);
      return {};
    }
    if (name == "hover") return hoverOver(window, target, cell);
    session.pin(cell);
  } else {
    return setParameter(session, name, value);
  }
  return {};
}

}  // namespace headlight
