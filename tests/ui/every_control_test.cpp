#include <set>

#include <gtest/gtest.h>

#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// "head.H3" and "head.H5" are one kind of control.
std::string kindOf(const std::string& id) {
  std::string kind;
  for (const char c : id) {
    if (c >= '0' && c <= '9') {
      if (kind.empty() || kind.back() != '#') kind += '#';
    } else {
      kind += c;
    }
  }
  return kind;
}

/// Regions that the keyboard walks and other controls lie in, and names that only their slider answers for.
bool isRegion(const std::string& id) {
  return id == "strip" || id == "gallery";
}
bool isDerived(const Driver& d, const std::string& id) {
  const auto slash = id.find("/name");
  return slash != std::string::npos && !d.has(id.substr(0, slash));
}

/// Another control of the same group: what is chosen already does nothing until something else is.
std::string siblingOf(const Driver& d, const std::string& id) {
  const auto cut = id.find('=') != std::string::npos ? id.find('=') : id.rfind('.');
  if (cut == std::string::npos) return "";
  for (const Registry::Control& other : d.drawn().controls()) {
    if (other.id != id && other.enabled && other.id.compare(0, cut + 1, id, 0, cut + 1) == 0) return other.id;
  }
  return "";
}

int topLayer(const Driver& d) {
  int top = 0;
  for (const Registry::Control& control : d.drawn().controls()) top = std::max(top, control.layer);
  return top;
}

bool does(Driver& d, const std::string& id) {
  const auto changed = [&d, &id](const std::function<void()>& act) {
    d.reveal(id);
    const Box at = d.seen(id);
    d.moveTo(at.centreX(), at.centreY());
    d.settle();
    const std::string before = d.reading();
    const std::uint64_t picture = d.picture();
    act();
    d.settle();
    return d.reading() != before || d.picture() != picture;
  };
  if (changed([&] { d.click(id); })) return true;
  if (d.typing() && changed([&] { d.type("z"); })) return true;
  if (!d.has(id)) return false;
  if (changed([&] { d.drag(id, 0.4f, 0.95f); }) || changed([&] { d.drag(id, 0.6f, 0.05f); })) return true;
  // Last, as it may take the control away.
  if (const std::string other = siblingOf(d, id); !other.empty()) {
    d.click(other);
    d.settle();
    if (d.has(id) && changed([&] { d.click(id); })) return true;
  }
  return false;
}

/// Every enabled control of every scene does something that can be told when it is clicked or dragged.
TEST(EveryControl, DoesSomething) {
  std::set<std::string> kinds;
  for (const Scene& one : scenes()) {
    Driver look;
    one.set(look);
    std::vector<std::string> ids;
    for (const Registry::Control& control : look.drawn().controls()) {
      if (!control.enabled || isRegion(control.id) || isDerived(look, control.id)) continue;
      if (control.layer == topLayer(look) && kinds.insert(kindOf(control.id)).second)
        ids.push_back(control.id);
    }
    for (const std::string& id : ids) {
      Driver d;
      one.set(d);
      ASSERT_TRUE(d.has(id)) << id << " in " << one;
      EXPECT_TRUE(does(d, id)) << id << " in scene " << one;
    }
  }
  EXPECT_GT(kinds.size(), 110u);
  std::string list;
  for (const std::string& kind : kinds) list += kind + "\n";
  RecordProperty("kinds", list);
}

/// What is disabled says so by doing nothing at all, and the keyboard passes it by.
TEST(EveryControl, DoesNothingWhileDisabled) {
  std::set<std::string> kinds;
  for (const Scene& one : scenes()) {
    Driver d;
    one.set(d);
    const std::vector<Registry::Control> drawn = d.drawn().controls();
    // A click beside what lies above the window closes that.
    if (one.name == "rail over" || topLayer(d) > 0) continue;
    for (const Registry::Control& control : drawn) {
      if (control.enabled) continue;
      kinds.insert(kindOf(control.id));
      d.reveal(control.id);
      const Box at = d.seen(control.id);
      d.moveTo(at.centreX(), at.centreY());
      d.settle();
      const std::string before = d.reading();
      const std::uint64_t picture = d.picture();
      d.click(control.id);
      d.settle();
      EXPECT_TRUE(d.reading() == before && d.picture() == picture) << control.id << " in scene " << one;
    }
  }
  EXPECT_TRUE(kinds.count("edit.undo"));
  EXPECT_TRUE(kinds.count("source.seed/resample"));
  EXPECT_TRUE(kinds.count("shape.d_k/lock"));
}

}  // namespace
}  // namespace headlight::test
