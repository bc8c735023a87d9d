#include "app/panels/commands.h"
#include "app/widgets/keys.h"

namespace headlight {

void addShareCommands(const Panel&, std::vector<Command>& list) {
  list.push_back(
      {"share.copy", "Copy the scenario code", "File", "", true, [](Panel& q) { q.session.copyCode(); }});
  list.push_back({"share.paste",
                  "Open the scenario code on the clipboard",
                  "File",
                  "Ctrl V",
                  true,
                  [](Panel& q) {
                    if (q.session.mayLeave("share.paste")) q.session.openCode();
                  },
                  {kKeyV, kCtrl}});
}

}  // namespace headlight
