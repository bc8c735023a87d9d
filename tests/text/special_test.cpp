#include "core/text/special.h"

#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(SpecialToken, IsOneNameInBrackets) {
  for (const char* label : {"[CLS]", "[PAD]", "[SEP]", "[bias]", "[zero]", "<s>", "</s>", "<pad>",
                            "<|endoftext|>", "<bos>", "[MASK]"}) {
    EXPECT_TRUE(isSpecialToken(label)) << label;
  }
  for (const char* label :
       {"", "[", "[]", "<>", "it", "[1]", "[a b]", "<", "s>", "[CLS", "(CLS)", "[[x]]", "<<"}) {
    EXPECT_FALSE(isSpecialToken(label)) << label;
  }
}

}  // namespace
}  // namespace headlight
