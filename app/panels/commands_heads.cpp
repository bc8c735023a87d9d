#include <algorithm>

#include "app/panels/commands.h"
#include "app/panels/heads_parts.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyS = 83;

/// To the next order of the list that says something.
template <std::size_t n>
HeadOrder following(const Panel& p, const std::array<HeadOrder, n>& orders, HeadOrder now) {
  const auto at = static_cast<std::size_t>(std::find(orders.begin(), orders.end(), now) - orders.begin());
  for (std::size_t step = 1; step <= n; ++step) {
    const HeadOrder next = orders[(at + step) % n];
    if (orderApplies(p, next)) return next;
  }
  return HeadOrder::number;
}

void nextOrder(Panel& p) {
  HeadsView& view = p.state.part<HeadsView>();
  if (p.state.tab == "heads") {
    view.tabOrder = following(p, kTabOrders, view.tabOrder);
  } else {
    view.galleryOrder = following(p, kGalleryOrders, view.galleryOrder);
  }
  p.ui.stayAwake(0.05);
}

}  // namespace

void addHeadsCommands(const Panel& p, std::vector<Command>& list) {
  const int head = p.session.view().head;
  const bool silent = p.session.silenced(head);
  const std::string name = head < 0 ? "the head" : "H" + std::to_string(head);
  list.push_back({"heads.silence", silent ? "Hear " + name + " again" : "Silence " + name, "Heads", "X",
                  p.session.canSilence(head),
                  [](Panel& q) { q.session.toggleSilence(q.session.view().head); },
                  Chord{kKeyX, kNoModifier}});
  const auto evaluation = p.session.evaluation();
  const bool several = evaluation && evaluation->run->sizes.heads > 1;
  list.push_back(
      {"heads.sort", "Next order of the heads", "Heads", "S", several, nextOrder, Chord{kKeyS, kNoModifier}});
  for (const HeadOrder order : kGalleryOrders) {
    list.push_back({"heads.sort." + std::string(orderId(order)), "Sort heads by " + orderWords(p, order),
                    "Sort heads", "", several && orderApplies(p, order),
                    [order](Panel& q) { q.state.part<HeadsView>().galleryOrder = order; }});
  }
  // Enter means other things elsewhere.
  Command explore{
      "heads.explore", "Open the head in Explore", "Heads", "", p.state.tab == "heads", [](Panel& q) {
        q.state.tab = "explore";
      }};
  if (p.state.tab == "heads") {
    explore.chordText = "Enter";
    explore.chord = {kKeyEnter, kNoModifier};
  }
  list.push_back(std::move(explore));
}

}  // namespace headlight
