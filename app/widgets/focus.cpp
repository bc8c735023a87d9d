#include "app/widgets/focus.h"

#include <algorithm>

namespace headlight {

bool Focus::add(std::string_view id, int layer, int region, bool enabled) {
  if (!enabled) return false;
  if (takeFirst_ && layer > 0) {
    takeFirst_ = false;
    id_ = id;
  }
  entries_.push_back({std::string(id), layer, region});
  if (id_ != id) return false;
  region_ = region;
  return true;
}

void Focus::walk(int step) {
  byKeyboard_ = true;
  std::vector<Entry>& all = entries_.empty() ? last_ : entries_;
  int top = 0;
  for (const Entry& entry : all) top = std::max(top, entry.layer);
  std::vector<const Entry*> order;
  for (const Entry& entry : all) {
    if (entry.layer == top) order.push_back(&entry);
  }
  if (order.empty()) return;
  std::stable_sort(order.begin(), order.end(),
                   [](const Entry* a, const Entry* b) { return a->region < b->region; });
  const auto here = std::find_if(order.begin(), order.end(), [this](const Entry* e) { return e->id == id_; });
  const auto count = static_cast<std::ptrdiff_t>(order.size());
  std::ptrdiff_t next = step > 0 ? 0 : count - 1;
  if (here != order.end()) next = ((here - order.begin()) + step + count) % count;
  id_ = order[static_cast<std::size_t>(next)]->id;
  region_ = order[static_cast<std::size_t>(next)]->region;
}

void Focus::set(std::string_view id, bool byKeyboard) {
  id_ = id;
  byKeyboard_ = byKeyboard;
}

void Focus::enterLayer() {
  before_.push_back(id_);
  takeFirst_ = true;
}

void Focus::leaveLayer() {
  takeFirst_ = false;
  if (before_.empty()) return;
  id_ = before_.back();
  before_.pop_back();
}

}  // namespace headlight
