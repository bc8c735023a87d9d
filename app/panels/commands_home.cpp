#include "app/panels/commands.h"
#include "app/panels/home.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyW = 87;

}  // namespace

void addHomeCommands(const Panel& p, std::vector<Command>& list) {
  const bool open = homeWanted(p);
  list.push_back({"home",
                  open ? "Leave Home" : "Home",
                  "File",
                  "Alt Home",
                  true,
                  [](Panel& q) {
                    if (homeWanted(q)) {
                      closeHome(q);
                    } else {
                      openHome(q);
                    }
                  },
                  {kKeyHome, kAlt}});
  list.push_back({"document.close",
                  "Close",
                  "File",
                  "Ctrl W",
                  true,
                  [](Panel& q) {
                    if (!q.session.mayLeave("document.close")) return;
                    q.session.newDocument();
                    openHome(q);
                  },
                  {kKeyW, kCtrl}});
}

}  // namespace headlight
