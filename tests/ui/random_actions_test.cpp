#include <algorithm>
#include <ostream>
#include <random>
#include <string_view>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// Somebody who knows nothing of the program and has both hands on it.
class Hands {
 public:
  /// `stays`: with this document, as far as one who knows nothing can tell.
  Hands(Driver& d, unsigned seed, bool stays) : d_(d), random_(seed), stays_(stays) {
    good_ = d.write("dropped.headlight.json",
                    R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "dropped in"}})");
    bad_ = d.write("dropped.npz", "not an archive");
  }

  void act() {
    static const std::vector<void (Hands::*)()> kActs = {
        &Hands::pressControl, &Hands::pressControl, &Hands::pressControl, &Hands::pressAnywhere,
        &Hands::dragControl,  &Hands::dragAnywhere, &Hands::turn,         &Hands::strike,
        &Hands::strike,       &Hands::write,        &Hands::write,        &Hands::wait,
        &Hands::drop,         &Hands::resize};
    // Out of what has few controls, presenting above all: most of the way is to be among many.
    if (stays_ && ++done_ % 40 == 0) d_.key(kKeyEscape);
    (this->*kActs[below(kActs.size())])();
  }

 private:
  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  float share() { return std::uniform_real_distribution<float>(0, 1)(random_); }
  /// What leads away from the document, or back in it.
  static bool leads(const std::string& id) {
    static constexpr std::string_view kWays[] = {"document.", "example", "recent", "deck",   "browser",
                                                 "edit.undo", "history", "home",   "lesson", "palette"};
    return std::any_of(std::begin(kWays), std::end(kWays),
                       [&](std::string_view way) { return id.find(way) != std::string::npos; });
  }
  std::string anyControl() {
    const auto& all = d_.drawn().controls();
    const std::string id = all.empty() ? "" : all[below(all.size())].id;
    return stays_ && leads(id) ? "" : id;
  }

  // What the pointer held open may close on the way to it.
  bool comesIntoView(const std::string& id) {
    if (d_.has(id)) d_.reveal(id);
    return d_.has(id);
  }

  void pressControl() {
    const std::string id = anyControl();
    if (comesIntoView(id)) d_.click(id, below(8) == 0 ? 1 : 0);
  }
  void pressAnywhere() {
    const float x = share() * width_;
    const float y = share() * height_;
    const auto& all = d_.drawn().controls();
    const bool isAway = stays_ && std::any_of(all.begin(), all.end(), [&](const auto& control) {
                          return leads(control.id) && control.box.contains({x, y});
                        });
    if (!isAway) d_.clickAt(x, y, below(4) == 0 ? 1 : 0);
  }
  void dragControl() {
    const std::string id = anyControl();
    if (comesIntoView(id)) d_.drag(id, share(), 2 * share() - 0.5f);
  }
  void dragAnywhere() {
    d_.dragBy(share() * width_, share() * height_, (share() - 0.5f) * 600, (share() - 0.5f) * 400);
  }
  void turn() { d_.wheelAt(share() * width_, share() * height_, share() < 0.5f ? -1.0f : 1.0f); }
  void strike() {
    static constexpr int kKeys[] = {kKeyTab,    kKeyTab,   kKeyEnter, kKeyEscape, kKeySpace,    kKeyBackspace,
                                    kKeyDelete, kKeyRight, kKeyLeft,  kKeyDown,   kKeyUp,       kKeyHome,
                                    kKeyEnd,    kKeyA,     kKeyC,     kKeyV,      kKeyX,        kKeyZ,
                                    'R',        'K',       'B',       'T',        'E',          'S',
                                    'O',        'N',       'F',       '3',        kKeyPageDown, 290,
                                    'P',        'P',       'H',       'E'};
    const int modifiers[] = {kNoModifier, kNoModifier, kCtrl, kShift, kCtrl | kShift, kAlt};
    const int key = kKeys[below(std::size(kKeys))];
    const int held = modifiers[below(std::size(modifiers))];
    if (stays_ && held == kAlt && key == kKeyHome) return;
    // What opens another document, or takes back what the long sequence is to pile up, is for the short ones.
    const bool presses = key == kKeyEnter || key == kKeySpace;
    if (stays_ && presses && leads(d_.window().focused())) return;
    if (!stays_ || (held & kCtrl) == 0 || (key != 'N' && key != 'O' && key != 'H' && key != kKeyZ))
      d_.key(key, held);
  }
  void write() {
    static const char* const kPieces[] = {"a",       " the ", "😀",    "👩‍👩‍👧",
                                          "e\u0301", "कि",    "漢字", "\u200d",
                                          "\u0301",  "🇸🇪",    "-",    ".",
                                          "[",       "]",     "?",    "\uE000",
                                          "\u202e"};
    d_.type(kPieces[below(std::size(kPieces))]);
    if (below(3) == 0 && !(stays_ && leads(d_.window().focused()))) {
      // A number of one digit at most: this is no test of patience.
      d_.key(kKeyA, kCtrl);
      d_.type(std::to_string(below(10)));
      d_.key(kKeyEnter);
    }
  }
  void wait() { d_.pass(share() * 2); }
  void drop() {
    if (!stays_ && below(12) == 0) d_.session().openFile(below(3) == 0 ? good_ : bad_);
  }
  void resize() {
    if (below(6) != 0) return;
    width_ = 960 + 1000 * share();
    height_ = 600 + 500 * share();
    const auto width = static_cast<int>(width_);
    const auto height = static_cast<int>(height_);
    d_.resize(width, height, 1);
  }

  Driver& d_;
  std::mt19937 random_;
  bool stays_;
  int done_ = 0;
  float width_ = 1280;
  float height_ = 720;
  std::string good_;
  std::string bad_;
};

struct Sequence {
  unsigned seed;
  int actions;
  bool stays = false;  ///< all of them on one document
};
void PrintTo(const Sequence& sequence, std::ostream* out) {
  *out << sequence.actions << " actions of seed " << sequence.seed;
}

class RandomActions : public testing::TestWithParam<Sequence> {};
// Other beginnings, and one that goes on for long.
INSTANTIATE_TEST_SUITE_P(Ui, RandomActions,
                         testing::Values(Sequence{1, 400}, Sequence{2, 400}, Sequence{3, 400},
                                         Sequence{4, 400}, Sequence{5, 400}, Sequence{6, 400},
                                         Sequence{7, 400}, Sequence{8, 400}, Sequence{9, 10000, true}));

TEST_P(RandomActions, LeaveAValidDocumentAndAreUndone) {
  Driver d;
  const auto [seed, actions, stays] = GetParam();
  Hands hands(d, seed, stays);
  std::string start = d.document();
  int since = 0;  // that the document was opened
  std::size_t deepest = 0;
  for (int i = 0; i < (stays ? 2 : 1) * actions && since < actions; ++i) {
    hands.act();
    ++since;
    deepest = std::max(deepest, d.session().stepsDone());
    // Without a step before or behind it, the document is one that was just opened.
    const bool another = !d.session().canUndo() && !d.session().canRedo() && d.document() != start;
    if (another) {
      start = d.document();
      since = 0;
    }
    Experiment now = d.experiment();
    now.view.pin.reset();  // may be a dimension of X, which a file does not keep
    const auto read = fromText(toText(now));
    ASSERT_TRUE(read) << "action " << i << ": " << read.error().text();
    ASSERT_TRUE(read->experiment == now) << "action " << i << "\n" << toText(now);
    if (i % 10 == 9) d.settle();
  }
  if (stays) {
    ASSERT_EQ(since, actions) << "another document was opened again and again";
  }
  d.settle();
  const std::string problem = d.session().problem() ? d.session().problem()->error.text() : "";
  d.session().closeProblem();
  d.settle();
  ASSERT_TRUE(d.session().evaluation());
  if (!sameNumbers(d.session().evaluation()->experiment, d.experiment())) {
    // Only a document that cannot be evaluated may stand beside the numbers of an earlier one.
    ThreadPool pool(1);
    EXPECT_FALSE(evaluate(d.experiment(), ".", nullptr, pool)) << "the numbers are old: " << problem;
  }
  d.session().commit();
  const std::string end = d.document();
  const int steps = d.undoAll();
  if (stays) {
    // A key may still choose "Undo" in the palette.
    EXPECT_GT(deepest, 50U);
    EXPECT_GT(steps, 0);
  }
  EXPECT_TRUE(d.document() == start) << d.document() << start;
  for (int i = 0; i < steps; ++i) d.session().redo();
  EXPECT_TRUE(d.document() == end);
}

}  // namespace
}  // namespace headlight::test
