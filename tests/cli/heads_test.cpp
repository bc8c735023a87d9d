#include <gmock/gmock.h>

#include "core/base/number.h"
#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Rows of comma-separated values that hold no quoted comma.
std::vector<std::vector<std::string>> rowsOf(const std::string& csv) {
  std::vector<std::vector<std::string>> rows{{""}};
  for (const char c : csv) {
    if (c == '\n') {
      rows.push_back({""});
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c != '\r') {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

/// Maps of two heads whose measures are known: one looks at the token before, one at all tokens alike.
class HeadsCommand : public testing::Test {
 protected:
  HeadsCommand() {
    folder_.put("maps.npy",
                npyBytes({2, 3, 3}, {1, 0, 0, 1, 0, 0, 0, 1, 0, 1.0F / 3, 1.0F / 3, 1.0F / 3, 1.0F / 3,
                                     1.0F / 3, 1.0F / 3, 1.0F / 3, 1.0F / 3, 1.0F / 3}));
    file_ = write("a", R"("tokens": {"list": ["it", "was", "it"]})");
  }
  std::string write(const std::string& name, const std::string& tokens) const {
    return folder_.put(name + ".headlight.json",
                       R"({"type": "headlight/experiment", "version": 1, "source": {"kind": "maps",
                             "file": "maps.npy", "layout": "hqk"}, )" +
                           tokens + "}");
  }

  TemporaryFolder folder_;
  std::string file_;
};

TEST_F(HeadsCommand, MeasuresEachHead) {
  const Result<Value> value = parseJson(headlight({"heads", file_, "--json"}).out);
  ASSERT_TRUE(value);
  const List& heads = value->find("heads")->list();
  ASSERT_EQ(heads.size(), 2U);
  const auto number = [&](std::size_t head, const char* name) { return heads[head].find(name)->number(); };
  EXPECT_EQ(heads[0].find("head")->integer(), 0);
  EXPECT_NEAR(number(0, "effective_keys"), 1, 1e-6);
  EXPECT_NEAR(number(0, "normalised_entropy"), 0, 1e-6);
  EXPECT_NEAR(number(0, "mean_distance"), 2.0 / 3, 1e-6);
  EXPECT_NEAR(number(0, "previous"), 1, 1e-6);
  EXPECT_NEAR(number(0, "first_key"), 2.0 / 3, 1e-6);
  EXPECT_NEAR(number(0, "same_token"), 1.0 / 3, 1e-6);  // "it" on itself; the others on other words
  EXPECT_NEAR(number(1, "effective_keys"), 3, 1e-5);
  EXPECT_NEAR(number(1, "normalised_entropy"), 1, 1e-6);
  EXPECT_NEAR(number(1, "mean_distance"), 8.0 / 9, 1e-6);
  EXPECT_NEAR(number(1, "previous"), 1.0 / 3, 1e-6);
  EXPECT_NEAR(number(1, "first_key"), 1.0 / 3, 1e-6);
  EXPECT_NEAR(number(1, "same_token"), 5.0 / 9, 1e-6);  // 2/3, 1/3, 2/3
  EXPECT_EQ(heads[0].find("pair"), nullptr);
}

TEST_F(HeadsCommand, ShowsATable) {
  const ProcessResult result = headlight({"heads", file_});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(StartsWith("head"), HasSubstr("effective_keys"), HasSubstr("\nH0 "),
                                HasSubstr("\nH1 "), HasSubstr("0.333"), Not(HasSubstr("mean of"))));
}

TEST_F(HeadsCommand, APairIsNamedByTextOrByIndex) {
  const auto pair = [&](const std::string& query, const std::string& key, std::size_t head) {
    const ProcessResult result = headlight({"heads", file_, "--query", query, "--key", key, "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    const Result<Value> value = parseJson(result.out);
    return value ? value->find("heads")->list()[head].find("pair")->number() : -1;
  };
  EXPECT_NEAR(pair("was", "it", 0), 0.5, 1e-6);  // the mean over both: 1 and 0
  EXPECT_NEAR(pair("1", "0", 0), 1, 1e-6);
  EXPECT_NEAR(pair("1", "2", 0), 0, 1e-6);
  EXPECT_NEAR(pair("it", "was", 0), 0.5, 1e-6);
  EXPECT_NEAR(pair("it", "was", 1), 1.0 / 3, 1e-6);
  EXPECT_THAT(headlight({"heads", file_, "--query", "was", "--key", "it"}).out, HasSubstr("was → it"));
}

TEST_F(HeadsCommand, APairThatIsNotThereNamesTheWord) {
  const ProcessResult result = headlight({"heads", file_, "--query", "cat", "--key", "it"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("\"cat\""), HasSubstr("queries")));
  EXPECT_THAT(headlight({"heads", file_, "--query", "it", "--key", "3"}).err,
              AllOf(HasSubstr("\"3\""), HasSubstr("keys")));
}

TEST_F(HeadsCommand, CsvHasALinePerHead) {
  const ProcessResult result = headlight({"heads", file_, "--csv", "--query", "1", "--key", "0"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto rows = rowsOf(result.out);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0],
              ElementsAre("file", "batch", "head", "name", "effective_keys", "normalised_entropy",
                          "mean_distance", "previous", "same_token", "first_key", "pair_weight", "count"));
  EXPECT_EQ(rows[1][0], file_);
  EXPECT_EQ(rows[2][2], "1");
  EXPECT_EQ(rows[1][10], "1");
  EXPECT_NEAR(*parseNumber(rows[2][10]), 1.0 / 3, 1e-6);
}

TEST_F(HeadsCommand, SeveralFilesEndInTheirMeanWithItsCount) {
  const std::string other = write("b", R"("tokens": {"list": ["a", "b", "c"]})");
  const ProcessResult result = headlight({"heads", file_, other, "--csv"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto rows = rowsOf(result.out);
  ASSERT_EQ(rows.size(), 7U);
  EXPECT_EQ(rows[5][0], "mean");
  EXPECT_EQ(rows[5][2], "0");
  EXPECT_EQ(rows[5].back(), "2");
  // same_token: 1/3 and 5/9 with a word twice; 1/3 and 1/3 with three words.
  EXPECT_NEAR(*parseNumber(rows[5][8]), 1.0 / 3, 1e-6);
  EXPECT_NEAR(*parseNumber(rows[6][8]), (5.0 / 9 + 1.0 / 3) / 2, 1e-6);
  EXPECT_THAT(headlight({"heads", file_, other}).out,
              AllOf(HasSubstr("file"), HasSubstr("mean of 2"), HasSubstr("b.headlight.json")));
}

TEST_F(HeadsCommand, AFileThatFailsDoesNotStopTheOthers) {
  const ProcessResult result = headlight({"heads", folder_.path("none.headlight.json"), file_, "--csv"});
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(rowsOf(result.out).size(), 3U);
}

TEST_F(HeadsCommand, TheElementsOfABatchAreLinesOfTheirOwn) {
  const std::string batch = folder_.put("c.headlight.json",
                                        R"({"type": "headlight/experiment", "version": 1, "tokens": {"batch":
      [{"text": "one two"}, {"text": "three four"}]}, "shape": {"heads": 2, "d_model": 8}})");
  const auto all = rowsOf(headlight({"heads", batch, "--csv"}).out);
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[3][1], "1");
  EXPECT_EQ(all[5].back(), "2");
  const auto one = rowsOf(headlight({"heads", batch, "--csv", "--batch", "1"}).out);
  ASSERT_EQ(one.size(), 3U);
  EXPECT_EQ(one[1], all[3]);
}

TEST_F(HeadsCommand, PatternsAreRecognised) {
  const Result<Value> value = parseJson(
      headlight({"heads", "--json", "--text", "one two three four five six", "--set",
                 R"(source={"kind":"patterns","heads":["previous","first"]})", "--heads", "2", "--d-k", "32"})
          .out);
  ASSERT_TRUE(value);
  const List& heads = value->find("heads")->list();
  EXPECT_EQ(heads[0].find("name")->string(), "previous");
  EXPECT_GT(heads[0].find("previous")->number(), 0.8);
  EXPECT_LT(heads[1].find("previous")->number(), 0.5);
  EXPECT_GT(heads[1].find("first_key")->number(), 0.8);
}

}  // namespace
}  // namespace headlight::test
