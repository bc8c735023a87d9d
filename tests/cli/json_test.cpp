#include "core/experiment/json.h"

#include <gmock/gmock.h>

#include "core/base/value.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;

std::vector<Value> objects(const std::string& out) {
  std::vector<Value> all;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\n', at);
    if (end == std::string::npos) {
      ADD_FAILURE() << "the last line has no end";
      break;
    }
    const Result<Value> value = parseJson(out.substr(at, end - at));
    EXPECT_TRUE(value) << out.substr(at, end - at);
    if (value) all.push_back(*value);
    at = end + 1;
  }
  return all;
}

/// What every object of `--json` promises (contract §4).
void expectPromised(const Value& object, const std::string& input) {
  for (const char* key : {"input", "outputs", "seconds", "wall_seconds", "warnings"})
    EXPECT_NE(object.find(key), nullptr) << key;
  ASSERT_TRUE(object.find("input"));
  if (input.empty()) {
    EXPECT_TRUE(object.find("input")->isNull());
  } else {
    EXPECT_EQ(object.find("input")->string(), input);
  }
  EXPECT_TRUE(object.find("outputs")->isList());
  EXPECT_TRUE(object.find("warnings")->isList());
}

TEST(Json, EveryCommandPrintsOneObjectAnInput) {
  TemporaryFolder folder;
  const std::string a = folder.put("a.headlight.json", headlight({"new", "--text", "one two"}).out);
  const std::string b = folder.put("b.headlight.json", headlight({"new", "--text", "three four"}).out);
  for (const char* command : {"export", "describe", "heads", "check"}) {
    std::vector<std::string> words{command, a, b, "--json"};
    if (words[0] == "export") words.insert(words.end(), {"--out-dir", folder.path("out")});
    const ProcessResult result = headlight(words);
    EXPECT_EQ(result.code, 0) << command << ": " << result.err;
    const std::vector<Value> all = objects(result.out);
    ASSERT_EQ(all.size(), 2U) << command;
    expectPromised(all[0], a);
    expectPromised(all[1], b);
  }
  ASSERT_EQ(headlight({"compute", a, "-o", folder.path("a.npz")}).code, 0);
  const std::vector<std::vector<std::string>> ones{{"compute", a, "--json"},
                                                   {"info", folder.path("a.npz"), "--json"}};
  for (const auto& words : ones) {
    const std::vector<Value> all = objects(headlight(words).out);
    ASSERT_EQ(all.size(), 1U) << words[0];
    expectPromised(all[0], words[1]);
  }
  for (const char* command : {"new", "doctor"}) {
    const std::vector<Value> all = objects(headlight({command, "--json"}).out);
    ASSERT_EQ(all.size(), 1U) << command;
    expectPromised(all[0], "");
  }
}

TEST(Json, DescribeHasTheHeadsInParts) {
  const std::vector<Value> all =
      objects(headlight({"describe", "--text", "one two", "--heads", "2", "--json"}).out);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].find("headline")->string(), HasSubstr("2 tokens, 2 heads"));
  ASSERT_EQ(all[0].find("heads")->list().size(), 2U);
  const Value& head = all[0].find("heads")->list()[1];
  EXPECT_EQ(head.find("name")->string(), "H1");
  EXPECT_FALSE(head.find("sentences")->list().empty());
  EXPECT_FALSE(head.find("largest")->list().empty());
}

TEST(Json, AFailureIsPartOfTheObject) {
  TemporaryFolder folder;
  const std::string bad = folder.put("bad.headlight.json", "{");
  for (const char* command : {"compute", "export", "describe", "heads", "check", "info"}) {
    const ProcessResult result = headlight({command, bad, "--json"});
    EXPECT_EQ(result.code, 3) << command;
    const std::vector<Value> all = objects(result.out);
    ASSERT_EQ(all.size(), 1U) << command;
    expectPromised(all[0], bad);
    ASSERT_NE(all[0].find("error"), nullptr) << command;
    EXPECT_EQ(all[0].find("error")->find("exit")->integer(), 3);
  }
}

}  // namespace
}  // namespace headlight::test
