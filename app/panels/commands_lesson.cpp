#include "app/panels/commands.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/present.h"
#include "app/widgets/keys.h"
#include "core/lesson/lesson.h"

namespace headlight {

void addLessonCommands(const Panel& p, std::vector<Command>& list) {
  const LessonDesk* desk = openLessonDesk(p);
  const bool open = desk != nullptr;
  const bool here = open && p.state.tab == "lessons";
  const auto add = [&list](const char* id, const char* label, const char* chord, Chord keys,
                           const std::string& reason, std::function<void(Panel&)> run) {
    Command command;
    command.id = id;
    command.label = label;
    command.group = "Lesson";
    command.chordText = chord;
    command.chord = keys;
    command.enabled = reason.empty();
    command.reason = reason;
    command.run = std::move(run);
    list.push_back(std::move(command));
  };
  const std::string none = open ? "" : "no lesson is open";
  const std::string notHere = !open ? none : here ? "" : "the Lessons tab is not open";
  std::string next = notHere;
  std::string back = notHere;
  std::string lock = notHere;
  if (here) {
    next = whyNotNext(*desk);
    if (desk->at() == 0) back = "this is the first step";
    if (!mayLockLessonAnswer(p)) lock = asksStill(*desk) ? "nothing is chosen" : "nothing is asked now";
  }
  // A presentation has these keys, of the lesson too.
  const bool keys = here && !presenting(p);
  add("lesson.next", "Next step of the lesson", keys ? "Page Down" : "", {keys ? kKeyPageDown : 0}, next,
      nextLessonStep);
  add("lesson.back", "Step back in the lesson", keys ? "Page Up" : "", {keys ? kKeyPageUp : 0}, back,
      previousLessonStep);
  add("lesson.lock", "Lock the answer", "", {}, lock, lockLessonAnswer);
  if (here && asksStill(*desk)) {
    for (std::size_t n = 0; n < desk->step().ask.options.size(); ++n) {
      const std::string number = std::to_string(n + 1);
      add(("lesson.choose." + number).c_str(), ("Answer " + number).c_str(), "", {}, "", [n](Panel& q) {
        if (const LessonDesk* asked = openLessonDesk(q)) lessonRoom(q, *asked).chosen = static_cast<int>(n);
      });
    }
  }
  const std::string explore = !notHere.empty() ? notHere
                              : desk->atEnd()  ? "this is the end of the lesson"
                                               : whyNotExplore(*desk);
  add("lesson.explore", "Open the step in Explore", "", {}, explore,
      [](Panel& q) { q.state.tab = "explore"; });
  add("lesson.return", "Back to the lesson", "", {},
      !open  ? none
      : here ? "it is what is shown"
             : "",
      [](Panel& q) { q.state.tab = "lessons"; });
  add("lesson.handout", "Save the handout…", "", {}, none, [](Panel& q) { q.session.askHandout(); });
  add("lesson.notes", "Save the lecturer's notes…", "", {}, none,
      [](Panel& q) { q.session.askLessonNotes(); });
  add("lesson.sheet", "Save the answer sheet…", "", {}, none, [](Panel& q) { q.session.askAnswerSheet(); });
  add("lesson.again", "Begin the lesson again, without its answers", "", {}, none, [](Panel& q) {
    q.session.startLessonOver();
    q.state.tab = "lessons";
  });
  add("lesson.leave", "Leave the lesson", "", {}, none, [](Panel& q) { q.session.leaveLesson(); });
  add("lesson.file", "Open a lesson file…", "", {}, "", [](Panel& q) { q.session.askLesson(); });
  const auto addOf = [&list](const std::string& id, const std::string& label,
                             std::function<void(Panel&)> run) {
    Command command;
    command.id = id;
    command.label = label;
    command.group = "Lessons";
    command.run = std::move(run);
    list.push_back(std::move(command));
  };
  const auto addAll = [&addOf](const std::vector<LessonFile>& files, const std::string& what) {
    for (const LessonFile& file : files) {
      std::string words = what + file.id;
      for (char& c : words) c = c == '-' ? ' ' : c;
      addOf("lesson.open." + file.id, words, [id = file.id](Panel& q) { q.session.openLesson(id); });
      addOf("lesson.handout." + file.id, words + ": save the handout…",
            [id = file.id](Panel& q) { q.session.askHandout(id); });
      addOf("lesson.notes." + file.id, words + ": save the lecturer's notes…",
            [id = file.id](Panel& q) { q.session.askLessonNotes(id); });
    }
  };
  addAll(lessonFiles(), "Lesson ");
  addAll(sceneFiles(), "Scene ");
}

}  // namespace headlight
