#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/driver.h"

namespace headlight::test {
namespace {

constexpr const char* kField = "tokens.text";

/// A field that is being typed in and holds this text, the caret behind it.
void begin(Driver& d, const std::string& text) {
  d.session().change(kField, Value(text), Phase::done);
  d.settle();
  d.click(kField);
  ASSERT_TRUE(d.typing());
  d.key(kKeyEnd, kCtrl);
}
std::string textNow(Driver& d) {
  d.pass(1);
  return d.experiment().tokens.text;
}

struct Written {
  const char* name;
  std::string text;  ///< one character as a reader counts
};
std::ostream& operator<<(std::ostream& out, const Written& written) {
  return out << written.name;
}
const Written kCharacters[] = {
    {"emoji", "😀"},        {"family", "👩‍👩‍👧"}, {"skin", "👍🏽"},  {"flag", "🇸🇪"},
    {"accent", "e\u0301"}, {"twoMarks", "a\u0323\u0302"},    {"cjk", "漢"},         {"beyondBmp", "𠮷"},
    {"devanagari", "कि"},  {"hangul", "\u1112\u1161\u11ab"}, {"mathematical", "𝔸"}, {"privateUse", "\uE000"},
};
class Character : public testing::TestWithParam<Written> {};
INSTANTIATE_TEST_SUITE_P(TextField, Character, testing::ValuesIn(kCharacters),
                         [](const auto& one) { return one.param.name; });

TEST_P(Character, SurvivesTypingBesideIt) {
  const std::string text = "a " + GetParam().text + " b";
  Driver d;
  begin(d, text);
  d.type(" c");
  EXPECT_EQ(textNow(d), text + " c");
  d.key(kKeyHome, kCtrl);
  d.type("x ");
  EXPECT_EQ(textNow(d), "x " + text + " c");
  d.click("banner/dismiss");  // leaves the field
  d.settle();
  EXPECT_EQ(textNow(d), "x " + text + " c");
  d.key(kKeyZ, kCtrl);
  d.key(kKeyZ, kCtrl);
  EXPECT_EQ(textNow(d), text);
}

TEST_P(Character, IsTyped) {
  Driver d;
  begin(d, "ab");
  d.key(kKeyLeft);
  d.type(GetParam().text);
  EXPECT_EQ(textNow(d), "a" + GetParam().text + "b");
}

TEST_P(Character, IsOneStepOfTheCaret) {
  const std::string text = "a" + GetParam().text + "b";
  Driver d;
  begin(d, text);
  d.key(kKeyLeft);
  d.key(kKeyLeft);
  d.type("|");
  EXPECT_EQ(textNow(d), "a|" + GetParam().text + "b");
  d.key(kKeyRight);
  d.type("|");
  EXPECT_EQ(textNow(d), "a|" + GetParam().text + "|b");
}

/// Typed code point by code point it becomes one character that the caret steps over.
TEST_P(Character, IsOneStepAfterItWasTyped) {
  Driver d;
  begin(d, "ab");
  d.key(kKeyLeft);
  d.type(GetParam().text);
  d.key(kKeyLeft);
  d.type("|");
  EXPECT_EQ(textNow(d), "a|" + GetParam().text + "b");
}

TEST_P(Character, IsDeletedWhole) {
  Driver d;
  begin(d, "a" + GetParam().text + "b");
  d.key(kKeyLeft);
  d.key(kKeyBackspace);
  EXPECT_EQ(textNow(d), "ab");
  d.type(GetParam().text);
  d.key(kKeyHome);
  d.key(kKeyRight);
  d.key(kKeyDelete);
  EXPECT_EQ(textNow(d), "ab");
}

TEST_P(Character, TravelsByTheClipboard) {
  const std::string text = "a " + GetParam().text + " b";
  Driver d;
  begin(d, text);
  d.key(kKeyA, kCtrl);
  d.key(kKeyC, kCtrl);
  EXPECT_EQ(d.clipboard().held, text);
  d.key(kKeyEnd, kCtrl);
  d.type(" ");
  d.key(kKeyV, kCtrl);
  EXPECT_EQ(textNow(d), text + " " + text);
  d.key(kKeyA, kCtrl);
  d.key(kKeyX, kCtrl);
  d.type("z");
  EXPECT_EQ(textNow(d), "z");
}

TEST(TextField, TypingIsOneStepPerPause) {
  Driver d;
  const std::string before = d.document();
  begin(d, "one");
  EXPECT_EQ(d.undoAll(), 1);
  d.settle();
  begin(d, "one");
  d.type(" two");
  d.pass(0.3);
  d.type(" three");
  d.pass(1);
  d.type(" four");
  d.pass(1);
  EXPECT_EQ(textNow(d), "one two three four");
  d.click("edit.undo");
  EXPECT_EQ(d.experiment().tokens.text, "one two three");
  d.click("edit.undo");
  EXPECT_EQ(d.experiment().tokens.text, "one");
  d.undoAll();
  EXPECT_EQ(d.document(), before);
}

TEST(TextField, EscapeKeepsWhatWasTyped) {
  Driver d;
  begin(d, "a b c d e f g h i");
  d.type(" j");
  d.key(kKeyEscape);
  EXPECT_FALSE(d.typing());
  EXPECT_EQ(textNow(d), "a b c d e f g h i j");
  EXPECT_TRUE(d.session().pinned()) << "Escape belonged to the field";
  d.settle();  // Escape would stop the work first
  d.key(kKeyEscape);
  EXPECT_FALSE(d.session().pinned());
}

TEST(TextField, LettersAreNoCommandsWhileTyping) {
  Driver d;
  begin(d, "one");
  const int head = d.session().view().head;
  d.key('R');
  d.type("r");
  d.key('5');
  d.type("5");
  d.type("[]?");
  EXPECT_EQ(textNow(d), "oner5[]?");
  EXPECT_EQ(d.session().view().head, head);
  EXPECT_EQ(d.value("source.seed"), "7");
  EXPECT_TRUE(d.has("tokens.text"));
  EXPECT_FALSE(d.session().helpOpen());
}

TEST(TextField, EnterIsDoneAndBeginsAgain) {
  Driver d;
  begin(d, "one");
  d.type(" two");
  d.key(kKeyEnter);
  EXPECT_FALSE(d.typing());
  EXPECT_EQ(textNow(d), "one two");
  d.key(kKeyEnter);
  d.frames(2);
  EXPECT_TRUE(d.typing());
}

TEST(TextField, PastedLinesAreOneText) {
  Driver d;
  begin(d, "one");
  d.clipboard().held = " two\nthree\r\nfour";
  d.key(kKeyV, kCtrl);
  const std::string text = textNow(d);
  d.settle();
  ASSERT_TRUE(d.session().evaluation());
  EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 4u) << text;
}

TEST(TextField, EmptyTextIsRefusedAndSaid) {
  Driver d;
  begin(d, "one");
  d.key(kKeyA, kCtrl);
  d.key(kKeyBackspace);
  d.pass(1);
  d.settle();
  ASSERT_TRUE(d.session().fieldError(kField));
  EXPECT_EQ(d.experiment().tokens.text, "one") << "the last good text stays the document's";
  EXPECT_TRUE(d.session().evaluation());
  EXPECT_TRUE(d.drawn().shows(d.session().fieldError(kField)->what.substr(0, 10)));
  d.type("two");
  EXPECT_EQ(textNow(d), "two");
  EXPECT_FALSE(d.session().fieldError(kField));
}

/// A long text is wrapped for the eye only.
TEST(TextField, WrappingAddsNothing) {
  std::string text = "a";
  for (int i = 0; i < 60; ++i) text += " word" + std::to_string(i);
  Driver d;
  begin(d, text);
  d.type(" end");
  EXPECT_EQ(textNow(d), text + " end");
}

/// While nobody types, words that the atlas cannot draw are drawn all the same.
TEST(TextField, ShowsWideCharactersWhileNobodyTypes) {
  Driver d;
  d.session().change(kField, Value("नमस्ते 漢字 👩‍👩‍👧"), Phase::done);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("नमस्ते"));
  EXPECT_TRUE(d.drawn().shows("👩‍👩‍👧"));
}

TEST(TextField, AClickOnTheMapLeavesItAndPins) {
  Driver d;
  begin(d, "one two three");
  ASSERT_TRUE(d.typing());
  d.session().pin(std::nullopt);
  const Box map = d.box("stage");
  d.clickAt(map.centreX(), map.centreY());
  d.settle();
  EXPECT_FALSE(d.typing());
  EXPECT_EQ(d.session().pinned(), (Cell{1, 1}));
}

}  // namespace
}  // namespace headlight::test
