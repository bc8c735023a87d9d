#include "tests/experiment/photo.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

constexpr const char* kMaskedPatches = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"grid": [9, 12], "image": "headlight:garden.png", "class_token": true},
  "mask": "causal", "view": {"stage": "weights", "pin": [40, 20]}
})";
constexpr const char* kWordsOverPatches = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "a tree beside a house"},
  "memory": {"grid": [9, 12], "image": "headlight:garden.png"},
  "view": {"stage": "dot", "head": 1, "pin": [1, 38]}
})";

}  // namespace

void addImageScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("patches", [](Driver& d) { d.openExample("image-patches"); });
  add("patches, picture alone", [](Driver& d) {
    d.openExample("image-patches");
    press(d, "patch.over=alone");
  });
  add("patches, pointed at", [](Driver& d) {
    d.openExample("image-patches");
    const Box picture = d.box("stage");
    d.moveTo(picture.x0 + picture.width() * 0.8f, picture.y0 + 5);
    d.settle();
  });
  add("patches, masked", [](Driver& d) { d.openText(kMaskedPatches); });
  add("patches under words", [](Driver& d) { d.openText(kWordsOverPatches); });
  add("photo dropped", [](Driver& d) {
    d.session().openFile(d.write("a photo of mine.png", photoPng(61, 97)));
    d.settle();
  });
}

}  // namespace headlight::test
