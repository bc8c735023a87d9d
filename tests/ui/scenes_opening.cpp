#include <filesystem>

#include "app/session/session_import.h"
#include "app/widgets/keys.h"
#include "tests/ui/import_files.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

void openTensors(Driver& d, const std::string& path) {
  d.session().openFiles({path});
  d.settle();
  if (d.session().importing() == nullptr) ADD_FAILURE() << path;
}

/// Folders and files to choose from.
void fillFolder(Driver& d) {
  std::filesystem::create_directories(d.folder() + "/data/deep");
  for (const char* name :
       {"alpha", "beta", "a name that is much too long for the column that it has to stand in"})
    d.write("data/" + std::string(name) + ".headlight.json", toText(Experiment()));
  d.session().settings().lastFolder = d.folder() + "/data";
}

}  // namespace

void addOpeningScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("refused file", [](Driver& d) {
    d.session().openFile(d.write("broken.npz", "PK\x03\x04 and then nothing that fits"));
    d.settle();
  });
  add("export", [](Driver& d) { run(d, "document.export"); });
  add("path, open", [](Driver& d) {
    fillFolder(d);
    d.session().askOpen();
    d.settle();
  });
  add("path, open, nothing found", [](Driver& d) {
    fillFolder(d);
    d.session().askOpen();
    d.settle();
    d.type("zzz");
    d.settle();
  });
  add("path, save over a file", [](Driver& d) {
    fillFolder(d);
    d.session().askSave(true);
    d.settle();
    d.key(kKeyA, kCtrl);
    d.type("alpha");
    d.settle();
    press(d, "path/done");
  });
  add("import, q k v", [](Driver& d) {
    d.write("tokens.json", R"(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])");
    openTensors(d, writeQkv(d, {8, 12, 16}));
  });
  add("import, ambiguous axes", [](Driver& d) {
    openTensors(d, writeTensors(d, "some.npz", {{"first", {8, 12, 64}}, {"second", {8, 12, 64}}}));
  });
  add("import, heads side by side", [](Driver& d) { openTensors(d, writeQkv(d, {12, 64})); });
  add("import, maps of layers", [](Driver& d) {
    openTensors(d, writeTensors(d, "maps.npz", {{"attention_scores", {3, 2, 4, 9, 9}}, {"mask", {9, 9}}}));
  });
  add("one of several layers", [](Driver& d) {
    writeTensors(d, "maps.npz", {{"attention_scores", {3, 2, 4, 9, 9}}});
    d.openText(R"({"type": "headlight/experiment", "version": 1, "view": {"layer": 1, "batch": 1},
                   "source": {"kind": "maps", "file": "maps.npz", "is": "scores", "layout": "lbhqk"}})");
  });
  add("import, with an error", [](Driver& d) {
    openTensors(d, writeTensors(d, "odd.npz", {{"q", {2, 5, 4}}, {"k", {2, 5, 3}}}));
  });
  add("import, many tensors", [](Driver& d) {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors;
    for (int i = 0; i < 30; ++i) {
      for (const char* name : {".attn.hook_q", ".attn.hook_k"})
        tensors.emplace_back("blocks." + std::to_string(i) + name, std::vector<std::int64_t>{1, 6, 2, 4});
    }
    openTensors(d, writeTensors(d, "a long name of a cache that was written by a model.npz", tensors));
  });
  for (const char* list : {"import.role.0", "import.tokens", "import.heads"}) {
    all.push_back({std::string("list ") + list, [list](Driver& d) {
                     openTensors(d, writeQkv(d, {12, 64}));
                     press(d, list);
                   }});
  }
  add("deck", [](Driver& d) {
    d.session().openFiles({d.write("one.headlight.json", toText(Experiment())),
                           d.write("two of a deck with a long name.headlight.json", toText(Experiment())),
                           d.write("three.headlight.json", toText(Experiment()))});
    d.settle();
    run(d, "deck.next");
  });
  add("path, save", [](Driver& d) {
    d.session().askSave(true);
    d.settle();
  });
}

}  // namespace headlight::test
