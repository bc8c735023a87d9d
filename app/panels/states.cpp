#include "app/panels/states.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "app/panels/commands.h"
#include "app/panels/lesson_menu.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/describe/score_words.h"

namespace headlight {
namespace {

/// "promises 484 bytes, only 360 are there" → the two numbers.
std::optional<std::pair<double, double>> promisedAndThere(const std::string& what) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t unit = what.find(" byte");
  if (unit == std::string::npos || unit == 0) return std::nullopt;
  const std::size_t before =
      what.find_last_not_of(kDigits, unit - 1) + 1;  // 0 where nothing else stands before
  const std::size_t after = std::min(what.find_first_of(kDigits, unit), what.size());
  const std::size_t end = std::min(what.find_first_not_of(kDigits, after), what.size());
  const auto promised = parseNumber(what.substr(before, unit - before));
  const auto there = parseNumber(what.substr(after, end - after));
  if (!promised || !there || *promised <= *there || *promised <= 0) return std::nullopt;
  return std::pair(*promised, *there);
}

/// The file as a bar: what is there and what is missing.
float fileBar(Ui& ui, const Box& at, double promised, double there) {
  const float split = std::round(at.x0 + at.width() * static_cast<float>(there / promised));
  const Box bar{at.x0, at.y0, at.x1, at.y0 + ui.u(13)};
  fill({bar.x0, bar.y0, split, bar.y1}, ui.c.t2);
  const Box missing{split, bar.y0, bar.x1, bar.y1};
  fill(missing, ui.c.errbg);
  frame(missing, ui.c.err, ui.u(1));
  const float baseline = bar.y1 + ui.u(16);
  text(ui, Role::numMicro, bar.x0, baseline, ui.c.t2, "there " + grouped(static_cast<std::int64_t>(there)));
  numText(ui, bar.x1, baseline, ui.c.err, "missing " + grouped(static_cast<std::int64_t>(promised - there)),
          Role::numMicro);
  return baseline;
}

std::string sentence(std::string words) {
  if (words.empty()) return words;
  if (words.front() >= 'a' && words.front() <= 'z')
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  if (words.back() != '.') words += '.';
  return words;
}

/// `missing`: the file for want of which there are no numbers.
void tell(Panel& p, const std::string& title, const Error& error, bool closable,
          const std::optional<MissingFile>& missing = std::nullopt) {
  Ui& ui = p.ui;
  const Box& stage = p.layout.stage;
  const Region region(ui, "problem", stage, ui.c.s0, kOrderStage, true);
  const float left = stage.x0 + ui.m(56, 96);
  const float width = std::min(stage.width() - ui.m(112, 192), ui.u(520));
  const float x = left + ui.u(34);
  const float room = width - ui.u(34);
  float y = region.top() + ui.m(64, 96);
  icon(ui, Icon::warning, left + ui.u(10), y - ui.u(6), ui.c.err);
  y = paragraph(ui, Role::titleLarge, x, y, room, ui.u(26), ui.c.t1, title) + ui.u(8);
  y = paragraph(ui, Role::body, x, y, room, ui.u(22), ui.c.t2, sentence(error.what));
  if (!error.where.empty())
    y = paragraph(ui, Role::micro, x, y, room, ui.u(18), ui.c.t2, "at " + error.where) + ui.u(2);
  if (closable && p.session.evaluation()) {
    y = paragraph(ui, Role::body, x, y, room, ui.u(22), ui.c.t2,
                  "Your document " + p.session.documentName() + " is unchanged.");
  }
  if (const auto bytes = promisedAndThere(error.what)) {
    y = fileBar(ui, {x, y, x + room, y + ui.u(13)}, bytes->first, bytes->second) + ui.u(30);
  } else {
    y += ui.u(10);
  }
  if (!error.hint.empty()) y = paragraph(ui, Role::body, x, y, room, ui.u(22), ui.c.t1, sentence(error.hint));
  if (missing) {
    const std::string known =
        missing->recorded ? ": its size and SHA-256 are compared with the recorded ones" : "";
    y = paragraph(ui, Role::body, x, y, room, ui.u(22), ui.c.t1,
                  "If it lies elsewhere, show where" + known + ".");
  }
  y += ui.u(6);
  const float height = ui.u(30);
  float bx = x;
  const auto place = [&](float w) {
    const Box box = Box::at(bx, y, w, height);
    bx += w + ui.u(12);
    return box;
  };
  if (missing && button(ui, "problem/locate", place(ui.u(112)), "Locate…", "", ButtonKind::primary))
    p.session.askLocate();
  if (button(ui, "problem/open", place(missing ? buttonWidth(ui, "Open…") : ui.u(150)),
             closable ? "Choose another…" : "Open…", "", missing ? ButtonKind::plain : ButtonKind::primary)) {
    p.session.closeProblem();
    action("document.open")->run(p.session);
  }
  if (button(ui, "problem/copy", place(ui.u(112)), "Copy details"))
    p.session.copyText(title + "\n" + error.text());
  if (closable && button(ui, "problem/close", place(ui.u(92)), "Close", "Esc")) p.session.closeProblem();
  region.contentEnds(y + height + ui.u(24));
}

/// "8 s", "3 min": no more exactly than it can be known.
std::string timeLeftWords(double seconds) {
  if (seconds < 90) return std::to_string(std::max(1L, std::lround(seconds))) + " s";
  return std::to_string(std::lround(seconds / 60)) + " min";
}

}  // namespace

bool problemWanted(const Panel& p) {
  return p.session.problem() || lacksFile(p) ||
         (p.session.evaluationError() != nullptr && !p.session.evaluation());
}

bool lacksFile(const Panel& p) {
  return p.session.evaluationError() != nullptr && p.session.missingFile().has_value();
}

void drawProblem(Panel& p) {
  if (const auto& problem = p.session.problem()) {
    const Problem told = *problem;
    tell(p, told.title, told.error, true);
  } else if (const Error* error = p.session.evaluationError()) {
    const Error told = *error;
    const auto missing = p.session.missingFile();
    tell(p, missing ? "This experiment lacks a file" : "This experiment has no numbers", told, false,
         missing);
  }
}

void drawBusyBar(Panel& p) {
  if (!p.session.busy() || p.session.busySeconds() < 0.1) return;
  const Box& stage = p.layout.stage;
  const auto share = static_cast<float>(std::clamp(p.session.progress(), 0.0, 1.0));
  const float height = p.ui.u(3);
  fill({stage.x0, stage.y0, stage.x1, stage.y0 + height}, p.ui.c.s3);
  fill({stage.x0, stage.y0, stage.x0 + std::round(stage.width() * share), stage.y0 + height}, p.ui.c.acc);
}

bool busyBlockDue(const Panel& p) {
  return p.session.busy() && p.session.busySeconds() >= 1;
}

void drawBusyBlock(Panel& p, const Box& box) {
  Ui& ui = p.ui;
  const double share = std::clamp(p.session.progress(), 0.0, 1.0);
  float y = box.y0 + ui.u(28);
  const auto evaluation = p.session.evaluation();
  std::string title = "Computing";
  if (evaluation) {
    const Sizes& sizes = evaluation->run->sizes;
    title += " " + grouped(sizes.queries) + " × " + grouped(sizes.keys);
  }
  y = paragraph(ui, Role::titleLarge, box.x0, y, box.width(), ui.u(24), ui.c.t1, title);
  text(ui, Role::body, box.x0, y, ui.c.t2, "finished");
  numText(ui, box.x1, y, ui.c.t1, fixed(share * 100, 0) + " %", Role::numStrong);
  y += ui.u(12);
  fill({box.x0, y, box.x1, y + ui.u(3)}, ui.c.s3);
  fill({box.x0, y, box.x0 + std::round(box.width() * static_cast<float>(share)), y + ui.u(3)}, ui.c.acc);
  y += ui.u(26);
  if (const auto left = p.session.secondsLeft()) {
    text(ui, Role::body, box.x0, y, ui.c.t2, "about " + timeLeftWords(*left) + " left");
    y += ui.u(22);
  }
  std::string words = p.session.preliminary() ? "Rows that are there are exact. " : "";
  words += "Keep working, if you like: a new change replaces this run.";
  y = paragraph(ui, Role::body, box.x0, y, box.width(), ui.u(19), ui.c.t2, words);
  if (button(ui, "work/cancel", Box::at(box.x0, y, ui.u(112), ui.u(30)), "Cancel", "Esc"))
    p.session.cancelWork();
}

float drawBanner(Panel& p, const Box& stage) {
  if (const float band = drawLessonBand(p, stage); band > 0) return band;
  if (p.state.bannerClosed || !p.session.settings().firstStart || p.state.tab == "lessons") return 0;
  const auto evaluation = p.session.evaluation();
  if (!evaluation || evaluation->experiment.source.kind != "patterns") return 0;
  Ui& ui = p.ui;
  const float height = ui.u(32);
  const Box band = Box::at(stage.x0, stage.y0, stage.width(), height);
  fill(band, isDark(ui.theme) ? ui.c.s2 : ui.c.accbg);
  horizontal(band.x0, band.x1, band.y1 - ui.u(1), ui.c.line, ui.u(1));
  fill({band.x0, band.y0, band.x0 + ui.u(3), band.y1}, ui.c.acc);
  const float buttonHeight = ui.u(24);
  const float top = std::round(band.centreY() - buttonHeight / 2);
  const float closeWidth = buttonWidth(ui, "Dismiss");
  const float openWidth = buttonWidth(ui, "Open…");
  const Box close = Box::at(band.x1 - ui.u(12) - closeWidth, top, closeWidth, buttonHeight);
  const Box open = Box::at(close.x0 - ui.u(8) - openWidth, top, openWidth, buttonHeight);
  const float lessonsWidth = buttonWidth(ui, "Lessons");
  const Box lessons = Box::at(open.x0 - ui.u(8) - lessonsWidth, top, lessonsWidth, buttonHeight);
  const Box room{band.x0 + ui.m(20, 28), band.y0, lessons.x0 - ui.u(12), band.y1};
  std::string_view words =
      "These heads are constructed by hand: nothing here was learned. Type your own sentence, or open your "
      "own numbers.";
  for (const std::string_view shorter :
       {"Constructed heads: nothing was learned. Type a sentence, or open numbers.",
        "Constructed heads: nothing was learned. Type a sentence.",
        "Constructed heads: nothing was learned."}) {
    if (textWidth(ui, Role::body, words) > room.width()) words = shorter;
  }
  textIn(ui, Role::body, room, Align::left, ui.c.t1, words);
  if (button(ui, "banner/lessons", lessons, "Lessons")) runCommand(p, "tab.lessons");
  if (button(ui, "banner/open", open, "Open…")) action("document.open")->run(p.session);
  if (button(ui, "banner/dismiss", close, "Dismiss", "", ButtonKind::quiet)) {
    p.state.bannerClosed = true;
    p.session.settings().firstStart = false;
    p.session.saveSettingsSoon();
  }
  return height;
}

float drawMistake(Panel& p, const Box& stage) {
  const auto evaluation = p.session.evaluation();
  const std::string words = evaluation ? mistakeText(evaluation->experiment) : "";
  if (words.empty()) return 0;
  Ui& ui = p.ui;
  const float x = stage.x0 + ui.m(20, 28) + ui.u(22);
  const float width = stage.x1 - ui.m(20, 28) - x;
  const float leading = ui.u(18);
  const auto lines = wrapped(ui, Role::body, width, words);
  const float height = leading * static_cast<float>(lines.size()) + ui.u(14);
  const Box band = Box::at(stage.x0, stage.y0, stage.width(), height);
  fill(band, ui.c.errbg);
  fill({band.x0, band.y0, band.x0 + ui.u(3), band.y1}, ui.c.err);
  float baseline = centredBaseline(ui, Role::body, band.y0 + ui.u(7), band.y0 + ui.u(7) + leading);
  icon(ui, Icon::warning, x - ui.u(14), band.y0 + ui.u(7) + leading / 2, ui.c.err);
  for (const std::string& line : lines) {
    math(ui, Role::body, x, baseline, ui.c.t1, line);
    baseline += leading;
  }
  return height;
}

}  // namespace headlight
