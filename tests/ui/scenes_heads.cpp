#include "tests/ui/scene_steps.h"

namespace headlight::test {

void addHeadScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("mean", [](Driver& d) { run(d, "head.mean"); });
  add("heads", [](Driver& d) { run(d, "tab.heads"); });
  add("heads, alike side by side", [](Driver& d) {
    run(d, "tab.heads");
    run(d, "heads.sort");
    run(d, "heads.sort");
  });
  add("heads, one silenced", [](Driver& d) {
    run(d, "heads.silence");
    run(d, "tab.heads");
  });
  add("heads, one", [](Driver& d) {
    d.session().change("shape.heads", Value(1), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, many", [](Driver& d) {
    d.session().change("shape.heads", Value(32), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, long sentence", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(70)}}), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, given weights", [](Driver& d) {
    openGivenWeights(d);
    run(d, "tab.heads");
  });
  add("heads, padded", [](Driver& d) {
    d.openExample("padded");
    run(d, "tab.heads");
  });
  add("heads, mean", [](Driver& d) {
    run(d, "tab.heads");
    run(d, "head.mean");
  });
  add("sorted heads", [](Driver& d) {
    d.session().pin(Cell{5, 2});
    run(d, "heads.sort.cell");
  });
  add("silenced head", [](Driver& d) { run(d, "heads.silence"); });
  add("list heads.sort", [](Driver& d) {
    if (d.has("heads.sort")) press(d, "heads.sort");
  });
  add("compared heads", [](Driver& d) { run(d, "compare.head.3"); });
  add("compared, list", [](Driver& d) {
    run(d, "compare.head.3");
    press(d, "compare/with");
  });
  add("compared stages", [](Driver& d) {
    d.openExample("causal-random");
    d.session().pin(Cell{5, 2});
    select(d, Stage::scaled);
    run(d, "compare.stage.masked");
  });
  add("compared, unpinned", [](Driver& d) {
    d.session().pin(std::nullopt);
    run(d, "compare.head.1");
  });
  add("compared, nothing differs", [](Driver& d) { run(d, "compare.head.2"); });
  add("compared, not of one shape", [](Driver& d) {
    select(d, Stage::output);
    run(d, "compare.head.1");
  });
  add("compared with before", [](Driver& d) {
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    d.settle();
    run(d, "compare.before");
  });
  add("compared with the unmasked", [](Driver& d) {
    d.session().change("mask", Value("causal"), Phase::done);
    d.settle();
    run(d, "compare.before");
  });
  add("compared, pooled", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(700)}}), Phase::done);
    d.settle();
    run(d, "compare.head.1");
  });
  add("compared queries", [](Driver& d) {
    select(d, Stage::q);
    run(d, "compare.head.1");
  });
  add("snapshot", [](Driver& d) {
    run(d, "snapshot.take");
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    d.settle();
  });
  add("snapshot shown", [](Driver& d) {
    run(d, "snapshot.take");
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    run(d, "snapshot.flip");
  });
}

}  // namespace headlight::test
