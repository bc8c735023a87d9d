#include "core/files/embedded_pdf.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/deflate.h"
#include "core/files/embedded.h"
#include "tests/files/allocations.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace testing_files;
using testing::HasSubstr;

const std::string kJson = "{\"title\": \"it's (a) <b> & ü 😀 endstream \\u0000\",\n \"x\": [1, 2]}\n";

/// A page without anything on it, of the given objects behind it.
std::string page() {
  const std::string objects[] = {"<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 4 0 R >>",
                                 "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                                 "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 36] >>",
                                 "<< /Type /StructTreeRoot /K [<< /S /Figure /P 4 0 R >>] >>"};
  std::string pdf = "%PDF-1.5\n";
  std::string table = "xref\n0 5\n0000000000 65535 f \n";
  int number = 0;
  for (const std::string& object : objects) {
    const std::string offset = std::to_string(pdf.size());
    table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
    pdf += std::to_string(++number) + " 0 obj\n" + object + "\nendobj\n";
  }
  const std::string start = std::to_string(pdf.size());
  return pdf + table + "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

/// An attachment as any program may write it.
std::string attachment(const std::string& dictionary, const std::string& bytes) {
  return "%PDF-1.4\n7 0 obj\n<<" + dictionary + ">>\nstream\r\n" + bytes + "\nendstream\nendobj\n";
}

std::string readOr(const Result<Carried>& carried) {
  return carried ? carried->experiment : carried.error().text();
}

TEST(EmbeddedPdf, ThereAndBack) {
  const std::string data("\0\xff data\r\n", 9);
  const auto made = withPdfAdditions(page(), {kJson, data, "", "", ""});
  ASSERT_TRUE(made) << made.error().text();
  const auto carried = readCarried(*made);
  ASSERT_TRUE(carried) << carried.error().text();
  EXPECT_EQ(carried->experiment, kJson);
  EXPECT_EQ(carried->data, data);
  EXPECT_EQ(*made, *withPdfAdditions(page(), {kJson, data, "", "", ""}));
  EXPECT_NE(*made, *withPdfAdditions(page(), {kJson + " ", data, "", "", ""}));
  EXPECT_THAT(*made, HasSubstr("/ID [<"));
}

TEST(EmbeddedPdf, NothingIsCarriedWhereNothingWasGiven) {
  const auto made = withPdfAdditions(page(), {"", "", "a <title>", "what is seen", "Headlight"});
  ASSERT_TRUE(made);
  EXPECT_THAT(readOr(readCarried(*made)), HasSubstr("the PDF carries no experiment"));
  EXPECT_THAT(*made, HasSubstr("x-default\">a &lt;title&gt;</rdf:li>"));
  EXPECT_THAT(*made, HasSubstr("<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">what is seen"));
  EXPECT_THAT(*made, HasSubstr("/Alt (what is seen)"));
}

TEST(EmbeddedPdf, OtherProgramsReadTheAttachment) {
  if (std::system("command -v pdfdetach >/dev/null") != 0) GTEST_SKIP() << "needs pdfdetach";
  const TemporaryFolder scratch;
  const auto made = withPdfAdditions(page(), {kJson, "files", "", "", ""});
  ASSERT_TRUE(made);
  const std::string file = scratch.put("figure.pdf", *made);
  const std::string out = scratch.path("experiment.headlight.json");
  ASSERT_EQ(std::system(("pdfdetach -savefile experiment.headlight.json -o " + out + " " + file).c_str()), 0);
  EXPECT_EQ(contents(out), kJson);
}

TEST(EmbeddedPdf, WrittenAgainByOthersIsRead) {
  const std::string type = "/Type/EmbeddedFile/Subtype/application#2Fvnd.headlight.experiment#2bjson";
  EXPECT_EQ(
      readOr(readCarried(attachment(
          type + "/Length " + std::to_string(kJson.size()) + "/Params<</Size 3/CheckSum<ab>>>", kJson))),
      kJson);
  // A length that stands elsewhere; comments, arrays and strings between.
  EXPECT_EQ(readOr(readCarried(attachment(
                "/Length 8 0 R % >>\n/UF(a\\)(b))" + type + "/Filter[/FlateDecode]/DecodeParms[null]",
                headlight::deflated(kJson)))),
            kJson);
  const std::string plain = "{\"a\": 1}";
  EXPECT_EQ(readOr(readCarried(attachment(type + "/Length 8 0 R", plain))), plain);
  // The last one counts: a PDF grows at its end.
  EXPECT_EQ(readOr(readCarried(attachment(type + "/Length 2", "{}") + attachment(type + "/Length 8", plain))),
            plain);
}

TEST(EmbeddedPdf, Faults) {
  const std::string type = "/Type/EmbeddedFile/Subtype/application#2fvnd.headlight.experiment+json";
  const std::string packed = headlight::deflated(kJson);
  const char kDamaged[] = "an attachment of the PDF is damaged";
  EXPECT_THAT(readOr(readCarried(attachment(type + "/Filter/FlateDecode", packed.substr(0, 20)))),
              HasSubstr(kDamaged));
  std::string broken = packed;
  broken[broken.size() - 1] = static_cast<char>(broken[broken.size() - 1] ^ 1);
  EXPECT_THAT(readOr(readCarried(attachment(type + "/Filter/FlateDecode", broken))), HasSubstr(kDamaged));
  EXPECT_THAT(readOr(readCarried(attachment(type + "/Filter/LZWDecode", packed))), HasSubstr(kDamaged));
  EXPECT_THAT(readOr(readCarried(attachment(type + "/Filter[/ASCIIHexDecode/FlateDecode]", packed))),
              HasSubstr(kDamaged));
  EXPECT_THAT(
      readOr(readCarried(attachment(type + "/Filter/FlateDecode/DecodeParms<</Predictor 12>>", packed))),
      HasSubstr(kDamaged));
  EXPECT_THAT(readOr(readCarried(attachment(type + "/Length 3", "\xff{}"))), HasSubstr("no UTF-8"));
  EXPECT_THAT(readOr(readCarried("%PDF-1.5\ntrailer <</Encrypt 9 0 R>>")), HasSubstr("encrypted"));
  // Never closed, nested without end, or only named: no experiment.
  for (const std::string& dictionary :
       {"/A(" + type, type + std::string(2000, '['), type + "/B<</C", std::string("/Type") + type}) {
    EXPECT_THAT(readOr(readCarried(attachment(dictionary, "{}"))), HasSubstr("carries no experiment"));
  }
}

TEST(EmbeddedPdf, ABombTakesNoMoreThanTheBound) {
  const std::string bomb =
      attachment("/Type/EmbeddedFile/Subtype/application#2fvnd.headlight.experiment+json/Filter/FlateDecode",
                 headlight::deflated(std::string(std::size_t{64} << 20, ' ')));
  {
    const AllocationCount count;
    EXPECT_THAT(readOr(readCarried(bomb)), HasSubstr("more than 32 MiB"));
    EXPECT_LE(count.largest(), std::size_t{65} << 20);
  }
  std::string names = "%PDF-1.5\n";
  for (int i = 0; i < 100000; ++i) names += "obj <</Subtype/application#2fvnd.headlight.experiment+json ";
  EXPECT_THAT(readOr(readCarried(names)), HasSubstr("carries no experiment"));
}

TEST(EmbeddedPdf, EveryTruncationIsAnError) {
  const auto made = withPdfAdditions(page(), {kJson, "", "", "", ""});
  ASSERT_TRUE(made);
  const std::size_t whole = made->find("endstream");
  for (std::size_t n = 0; n + 2 < whole; ++n) EXPECT_FALSE(readCarried(made->substr(0, n))) << n;
}

TEST(EmbeddedPdf, OnlyAPdfGetsAdditions) {
  EXPECT_FALSE(withPdfAdditions("", {kJson, "", "", "", ""}));
  EXPECT_FALSE(withPdfAdditions("%PDF-1.5\nnothing", {kJson, "", "", "", ""}));
}

}  // namespace
}  // namespace headlight
