#include "app/session/open_file.h"
#include "app/session/state.h"
#include "core/base/number.h"
#include "core/experiment/scenario_code.h"

namespace headlight {

void Session::copyCode() {
  State* s = state_.get();
  s->files.append([s, experiment = s->current().experiment](ThreadPool&, const Cancel&) -> Worker::Home {
    return [s, code = scenarioCode(experiment)] {
      if (!code) {
        s->problem = Problem{"No scenario code was made", code.error()};
      } else if (s->seams.clipboard != nullptr) {
        s->seams.clipboard->setText(*code);
        s->notice =
            "Copied the scenario code, " + grouped(static_cast<std::int64_t>(code->size())) + " characters";
      }
    };
  });
}

void Session::openCode() {
  State* s = state_.get();
  if (s->seams.clipboard == nullptr) return;
  const std::string shown = "Scenario code";
  s->openLater([s, shown, text = s->seams.clipboard->text()](
                   ThreadPool&, const Cancel&) { return s->openedHome(openCodeDocument(text), shown, ""); },
               shown);
}

}  // namespace headlight
