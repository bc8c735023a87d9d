#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/box.h"

namespace headlight {

/// Which control the keyboard speaks to. Controls join while they are drawn; Tab walks them region by region.
class Focus {
 public:
  void beginFrame() {
    last_.swap(entries_);
    entries_.clear();
  }
  /// Joins the walk; true when the keyboard speaks to this control.
  bool add(std::string_view id, int layer, int region, bool enabled);
  /// To the next or, with `step` −1, the previous of what was drawn last, in the topmost layer.
  void walk(int step);
  void set(std::string_view id, bool byKeyboard);
  void clear() { id_.clear(); }
  /// A layer opened or closed: the first of its controls is next, or the one from before.
  void enterLayer();
  void leaveLayer();

  const std::string& id() const { return id_; }
  bool is(std::string_view id) const { return id_ == id; }
  /// The ring is drawn only after keyboard use.
  bool ring() const { return byKeyboard_; }
  void hideRing() { byKeyboard_ = false; }
  bool showsRing(std::string_view id) const { return byKeyboard_ && id_ == id; }
  int region() const { return region_; }

 private:
  struct Entry {
    std::string id;
    int layer = 0;
    int region = 0;
  };
  std::vector<Entry> entries_;
  std::vector<Entry> last_;
  std::string id_;
  std::vector<std::string> before_;
  bool byKeyboard_ = false;
  bool takeFirst_ = false;
  int region_ = 0;
};

}  // namespace headlight
