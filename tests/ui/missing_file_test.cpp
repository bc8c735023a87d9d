#include <gtest/gtest.h>

#include "core/files/read_file.h"
#include "tests/ui/import_files.h"

namespace headlight::test {
namespace {

/// A document of arrays that are not where it says, recorded as `print`.
void openWithout(Driver& d, const FileFingerprint& print) {
  d.openText(R"({"type": "headlight/experiment", "version": 1,
    "source": {"kind": "qkv", "file": "gone.npz", "layout": "htd", "files": [{"path": "gone.npz", "bytes": )" +
             std::to_string(print.bytes) + R"(, "sha256": ")" + print.sha256 + R"("}]}})");
  d.settle();
}

void locate(Driver& d, const std::string& path) {
  d.dialogs().isAvailable = true;
  d.click("problem/locate");
  d.settle();
  ASSERT_EQ(d.dialogs().asked.size(), 1u);
  EXPECT_EQ(d.dialogs().asked.front().title, "Locate gone.npz");
  d.dialogs().answer(path);
  d.settle();
}

TEST(MissingFile, IsLocatedInOneStep) {
  Driver d;
  const std::string path = writeQkv(d, {2, 5, 4});
  const auto print = fingerprint(path);
  ASSERT_TRUE(print);
  openWithout(d, *print);
  ASSERT_TRUE(d.session().evaluationError());
  const auto missing = d.session().missingFile();
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->path, "gone.npz");
  ASSERT_TRUE(missing->recorded);
  EXPECT_EQ(missing->recorded->sha256, print->sha256);
  EXPECT_TRUE(d.drawn().shows("This experiment lacks a file"));
  locate(d, path);
  ASSERT_EQ(d.session().evaluationError(), nullptr);
  EXPECT_FALSE(d.session().missingFile());
  EXPECT_EQ(d.value("source.file"), "\"qkv.npz\"");
  EXPECT_NE(d.session().notice().find("are the recorded ones"), std::string::npos) << d.session().notice();
  EXPECT_EQ(d.session().undoName(), "Locate gone.npz");
  EXPECT_EQ(d.undoAll(), 1);
  EXPECT_EQ(d.value("source.file"), "\"gone.npz\"");
}

TEST(MissingFile, AnotherFileIsTold) {
  Driver d;
  const std::string path = writeQkv(d, {2, 5, 4});
  auto print = fingerprint(path);
  ASSERT_TRUE(print);
  FileFingerprint longer = *print;
  longer.bytes += 1;
  openWithout(d, longer);
  locate(d, path);
  EXPECT_EQ(d.session().evaluationError(), nullptr);
  EXPECT_NE(d.session().notice().find("is not the file that was recorded: it has"), std::string::npos)
      << d.session().notice();
}

TEST(MissingFile, OneOfTheSameSizeIsToldToo) {
  Driver d;
  const std::string path = writeQkv(d, {2, 5, 4});
  auto print = fingerprint(path);
  ASSERT_TRUE(print);
  FileFingerprint other = *print;
  other.sha256.front() = other.sha256.front() == '0' ? '1' : '0';
  openWithout(d, other);
  locate(d, path);
  EXPECT_NE(d.session().notice().find("its SHA-256 is another"), std::string::npos) << d.session().notice();
}

TEST(MissingFile, AnUnreadableAnswerChangesNothing) {
  Driver d;
  openWithout(d, {10, std::string(64, 'a')});
  const std::string before = d.document();
  locate(d, d.folder() + "/nor this one.npz");
  EXPECT_TRUE(d.session().problem());
  EXPECT_EQ(d.document(), before);
  EXPECT_FALSE(d.session().canUndo());
}

TEST(BiasTable, IsChosenAndAddedInOneStep) {
  Driver d;
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "source": "random", "shape": {"d_model": 8, "heads": 2}})");
  const std::string path =
      writeTensors(d, "t5.npz", {{"other", {3, 3}}, {"relative_attention_bias", {32, 2}}});
  d.dialogs().isAvailable = true;
  d.session().askBiasTable();
  d.settle();
  ASSERT_EQ(d.dialogs().asked.size(), 1u);
  d.dialogs().answer(path);
  d.settle();
  EXPECT_FALSE(d.session().problem());
  EXPECT_EQ(d.session().evaluationError(), nullptr);
  ASSERT_EQ(d.experiment().biases.size(), 1u);
  EXPECT_EQ(d.value("score.bias.0.table"), "\"t5.npz:relative_attention_bias\"");
  EXPECT_EQ(d.undoAll(), 1);
}

TEST(BiasTable, OfOtherHeadsIsRefused) {
  Driver d;
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "source": "random", "shape": {"d_model": 8, "heads": 2}})");
  const std::string path = writeTensors(d, "t5.npz", {{"table", {32, 12}}});
  d.dialogs().isAvailable = true;
  d.session().askBiasTable();
  d.dialogs().answer(path);
  d.settle();
  ASSERT_TRUE(d.session().problem());
  EXPECT_NE(d.session().problem()->error.what.find("[buckets, 2]"), std::string::npos);
  EXPECT_TRUE(d.experiment().biases.empty());
}

}  // namespace
}  // namespace headlight::test
