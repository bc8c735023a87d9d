#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class CopyExplanation : public SessionTest {
 protected:
  std::string copied(CopyFormat format) {
    session->pin(Cell{7, 1});
    session->settle();
    static_cast<void>(session->explanation(Stage::weights, session->view().head, Cell{7, 1}));
    session->settle();
    clipboard.content.clear();
    session->copyExplanation(format);
    session->settle();
    return clipboard.content;
  }
};

TEST_F(CopyExplanation, AsTextLatexAndTable) {
  open();
  EXPECT_THAT(copied(CopyFormat::text), AllOf(HasSubstr("animal"), HasSubstr("1. ")));
  EXPECT_THAT(copied(CopyFormat::latex), AllOf(HasSubstr("\\begin{align*}"), HasSubstr("\\end{align*}")));
  const std::string table = copied(CopyFormat::csv);
  EXPECT_THAT(table, StartsWith("part,"));
  std::size_t keys = 0;
  for (std::size_t at = table.find("\nkey,"); at != std::string::npos; at = table.find("\nkey,", at + 1))
    ++keys;
  EXPECT_EQ(keys, 11u) << "every key of the row";
}

TEST_F(CopyExplanation, NothingIsCopiedWithoutACell) {
  Session& s = open();
  s.pin(std::nullopt);
  clipboard.content = "before";
  s.copyExplanation(CopyFormat::csv);
  s.settle();
  EXPECT_EQ(clipboard.content, "before");
}

}  // namespace
}  // namespace headlight
