#include <map>
#include <set>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/attention/mask/mask.h"
#include "core/experiment/parameters.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// The parameter's own control, or one that is named after it.
bool isControlOf(const std::string& control, const std::string& id) {
  if (control.compare(0, id.size(), id) != 0) return false;
  return control.size() == id.size() || control[id.size()] == '/' || control[id.size()] == '=' ||
         control[id.size()] == '.';
}

/// Where the looks are chosen that are no controls of the rail.
const std::map<std::string, std::string> kElsewhere{
    {"view.stage", "stage.weights"},
    {"view.head", "head.H2"},
    {"view.pin", "stage"},
    {"view.orientation", "menu/view.orientation"},
    {"view.colormap", "range/colours"},
    {"view.range_scope", "range/scope=shared"},
    {"view.leave_out", "range/leave"},
    {"mask", "mask/add"},
    {"score.bias", "bias/add"},
};

/// Maps of two layers, one head and two tokens as an npy file.
std::string layeredMaps() {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2, 2), }";
  header.append(118 - header.size() - 1, ' ');
  header.push_back('\n');
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes.push_back(static_cast<char>(header.size()));
  bytes.push_back('\0');
  bytes.append(header);
  const float weights[] = {1, 0, 0.5f, 0.5f, 0.25f, 0.75f, 0, 1};
  bytes.append(reinterpret_cast<const char*>(weights), sizeof weights);
  return bytes;
}

/// Every row of the table of parameters has its control in the window.
TEST(Rail, EveryParameterHasAControl) {
  std::set<std::string> seen;
  for (const Scene& one : scenes()) {
    Driver d;
    one.set(d);
    for (const Registry::Control& control : d.drawn().controls()) seen.insert(control.id);
  }
  for (const ParameterInfo& info : parameters()) {
    const std::string id(info.id);
    const auto elsewhere = kElsewhere.find(id);
    const std::string wanted = elsewhere == kElsewhere.end() ? id : elsewhere->second;
    const bool there =
        std::any_of(seen.begin(), seen.end(), [&](const std::string& s) { return isControlOf(s, wanted); });
    EXPECT_TRUE(there) << id << ": no control " << wanted;
  }
}

/// The `?` of a section says what each of its parameters does, and every section of the table has one.
TEST(Rail, EveryGroupHasItsHelp) {
  std::set<std::string> groups;
  for (const ParameterInfo& info : parameters()) groups.insert(std::string(info.group));
  groups.erase("View");
  for (const std::string& group : groups) {
    Driver d(1280, 1000);
    d.click("help." + group);
    d.settle();
    ASSERT_TRUE(d.has("rail.help/close")) << group;
    for (const ParameterInfo& info : parameters()) {
      if (info.group != group) continue;
      // As far as it stands in one piece: markup is drawn part by part.
      const std::string_view begin =
          info.help.substr(0, std::min<std::size_t>(info.help.find_first_of("_^"), 10));
      // What is scrolled out of sight is drawn all the same.
      EXPECT_TRUE(d.drawn().shows(begin)) << info.id;
    }
    d.key(kKeyEscape);
    d.settle();
    EXPECT_FALSE(d.has("rail.help/close"));
  }
}

TEST(Rail, HelpNamesEveryMask) {
  Driver d(1280, 1000);
  d.click("help.Scores");
  d.settle();
  for (const MaskKind& kind : maskKinds()) {
    EXPECT_TRUE(d.drawn().shows(kind.spec.help.substr(0, 12))) << kind.spec.kind;
  }
}

TEST(Rail, ANamePulledIsLiveAndOneStep) {
  Driver d;
  scene("every parameter").set(d);
  d.reveal("mask.1.left/name");
  const Box name = d.seen("mask.1.left/name");
  d.moveTo(name.x0 + 2, name.centreY());
  d.hold(true);
  d.moveTo(name.x0 + 2 + 13, name.centreY());
  EXPECT_EQ(d.value("mask.1.left"), "4") << "live";
  d.moveTo(name.x0 + 2 + 19, name.centreY());
  EXPECT_EQ(d.value("mask.1.left"), "5");
  d.hold(false);
  d.settle();
  EXPECT_EQ(d.undoAll(), 1);
}

TEST(Rail, AWindowSaysHowManyKeysItHas) {
  Driver d;
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "mask": [{"kind": "window", "left": 3, "right": 0}]})");
  d.click("mask.0");
  d.settle();
  std::string all;
  for (const auto& words : d.drawn().words()) all += words.text + " ";
  EXPECT_NE(all.find("3 left + itself = 4 keys (HF sliding_window 4)"), std::string::npos) << all;
}

TEST(Rail, LayersOfAFileAreStepped) {
  Driver d;
  d.write("maps.npy", layeredMaps());
  d.openText(R"({"type": "headlight/experiment", "version": 1,
                 "source": {"kind": "maps", "file": "maps.npy", "is": "weights", "layout": "lhqk"}})");
  EXPECT_TRUE(d.drawn().shows("layer 0 of 2"));
  EXPECT_FALSE(d.has("source.layer"));
  const auto weight = [&d] {
    const auto now = d.session().evaluation();
    return Field::make({now, now->run.get()}, Stage::weights, 0)->cell(0, 1);
  };
  EXPECT_EQ(weight(), 0);
  d.click("view.layer/more");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("layer 1 of 2"));
  d.session().pin(Cell{0, 1});
  d.settle();
  EXPECT_TRUE(d.drawn().shows("L1 H0"));
  EXPECT_EQ(weight(), 0.75f);
  EXPECT_EQ(d.experiment().view.layer, 1);
  EXPECT_FALSE(d.session().canUndo()) << "it is a way to look";
  d.enter("view.layer", "2");
  EXPECT_EQ(d.experiment().view.layer, 1) << "there are two";
}

TEST(Rail, TheLayerThatTheSourceNamesIsACause) {
  Driver d;
  d.write("maps.npy", layeredMaps());
  d.openText(R"({"type": "headlight/experiment", "version": 1,
                 "source": {"kind": "maps", "file": "maps.npy", "is": "weights", "layout": "lhqk", "layer": 1}})");
  EXPECT_TRUE(d.drawn().shows("layer L1"));
  EXPECT_TRUE(d.drawn().shows("layer 1 of 2"));
  d.click("view.layer/less");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("layer 0 of 2"));
  EXPECT_EQ(d.value("source.layer"), "1");
  EXPECT_FALSE(d.session().canUndo());
  d.click("source.layer/less");
  d.settle();
  EXPECT_EQ(d.value("view.layer"), "null") << "the source's layer is shown again";
  EXPECT_NE(d.session().undoName().find("layer"), std::string::npos);
  EXPECT_EQ(d.undoAll(), 1);
}

TEST(Rail, AMistakeIsSaidInRedWhereItIsSet) {
  Driver d;
  EXPECT_FALSE(d.has("mistake.merge"));
  d.click("mistakes");
  d.settle();
  ASSERT_TRUE(d.has("mistake.merge"));
  d.click("mistake.merge");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Deliberately wrong"));
  EXPECT_TRUE(d.session().evaluation()->run->rules.mistake.meanMerge);
}

}  // namespace
}  // namespace headlight::test
