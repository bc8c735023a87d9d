#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void tabTo(Driver& d, const std::string& id) {
  for (int i = 0; i < 300 && d.window().focused() != id; ++i) d.key(kKeyTab);
  ASSERT_EQ(d.window().focused(), id);
}

/// From the start to a figure in a file, by Tab, arrows and Enter alone.
TEST(KeyboardWalk, FromTheStartToAFigure) {
  Driver d;
  // Another mask from its list.
  tabTo(d, "mask/add");
  d.key(kKeyEnter);
  d.settle();
  std::string drawn;
  for (const auto& control : d.drawn().controls()) drawn += control.id + " ";
  ASSERT_TRUE(d.has("mask+causal")) << d.window().focused() << ": " << drawn;
  tabTo(d, "mask+causal");
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.value("mask.0.kind"), "\"causal\"");

  // A wider head, by the slider's arrows.
  tabTo(d, "normalizer.temperature");
  const std::string before = d.value("normalizer.temperature");
  d.key(kKeyRight);
  d.settle();
  EXPECT_NE(d.value("normalizer.temperature"), before);

  // The pipeline: to the masked scores and on to the weights, then into the map.
  tabTo(d, "strip");
  d.key(kKeyLeft);
  EXPECT_EQ(d.session().view().stage, Stage::masked);
  d.key(kKeyRight);
  EXPECT_EQ(d.session().view().stage, Stage::weights);
  d.key(kKeyEnter);
  EXPECT_EQ(d.window().focused(), "stage");
  for (int i = 0; i < 4; ++i) d.key(kKeyDown);
  d.key(kKeyRight);
  d.settle();
  const auto pinned = d.session().pinned();
  ASSERT_TRUE(pinned);

  // Another head.
  tabTo(d, "gallery");
  d.key(kKeyRight);
  d.settle();

  // The figure.
  tabTo(d, "document.export");
  d.key(kKeyEnter);
  d.settle();
  tabTo(d, "export.format=svg");
  d.key(kKeyEnter);
  d.settle();
  tabTo(d, "export.run");
  d.key(kKeyEnter);
  for (int i = 0; i < 50 && d.session().notice().rfind("Exported", 0) != 0; ++i) {
    d.pass(0.1);
    d.settle();
  }
  std::string found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(d.folder())) {
    if (file.path().extension() == ".svg") found = file.path().string();
  }
  ASSERT_NE(found, "") << d.session().notice();
  std::ostringstream text;
  text << std::ifstream(found).rdbuf();
  EXPECT_NE(text.str().find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace headlight::test
