#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "core/picture/palette.h"
#include "tests/temporary_folder.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

using Three = std::array<double, 3>;
constexpr double kPi = 3.14159265358979323846;

double linear(std::uint8_t byte) {
  const double c = byte / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
struct Vision {
  const char* name;
  std::array<Three, 3> matrix;
};
constexpr Vision kVisions[] = {
    {"normal", {Three{1, 0, 0}, Three{0, 1, 0}, Three{0, 0, 1}}},
    {"protan",
     {Three{0.152286, 1.052583, -0.204868}, Three{0.114503, 0.786281, 0.099216},
      Three{-0.003882, -0.048116, 1.051998}}},
    {"deutan",
     {Three{0.367322, 0.860646, -0.227968}, Three{0.280085, 0.672501, 0.047413},
      Three{-0.011820, 0.042940, 0.968881}}},
    {"tritan",
     {Three{1.255528, -0.076749, -0.178779}, Three{-0.078411, 0.930809, 0.147602},
      Three{0.004733, 0.691367, 0.303900}}},
};

/// CIE L*a*b* under D65, as the eyes of `vision` see the colour.
Three lab(Rgb colour, const Vision& vision) {
  const Three rgb{linear(colour.r), linear(colour.g), linear(colour.b)};
  Three seen{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) seen[i] += vision.matrix[i][k] * rgb[k];
    seen[i] = std::clamp(seen[i], 0.0, 1.0);
  }
  const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  const double x = f((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
  const double y = f(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
  const double z = f((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// CIEDE2000 as Sharma, Wu and Dalal 2005 write it.
double difference(const Three& a, const Three& b) {
  const auto degrees = [](double y, double x) {
    const double angle = std::atan2(y, x) * 180 / kPi;
    return x == 0 && y == 0 ? 0 : angle < 0 ? angle + 360 : angle;
  };
  const auto sine = [](double angle) { return std::sin(angle * kPi / 180); };
  const auto cosine = [](double angle) { return std::cos(angle * kPi / 180); };
  const double chroma = (std::hypot(a[1], a[2]) + std::hypot(b[1], b[2])) / 2;
  const double seventh = std::pow(chroma, 7);
  const double g = 0.5 * (1 - std::sqrt(seventh / (seventh + std::pow(25.0, 7))));
  const double c1 = std::hypot((1 + g) * a[1], a[2]);
  const double c2 = std::hypot((1 + g) * b[1], b[2]);
  const double h1 = degrees(a[2], (1 + g) * a[1]);
  const double h2 = degrees(b[2], (1 + g) * b[1]);
  double turn = c1 * c2 == 0 ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const double dl = b[0] - a[0];
  const double dc = c2 - c1;
  const double dh = 2 * std::sqrt(c1 * c2) * sine(turn / 2);
  const double l = (a[0] + b[0]) / 2;
  const double c = (c1 + c2) / 2;
  double h = h1 + h2;
  if (c1 * c2 != 0) {
    if (std::abs(h1 - h2) > 180) h += h < 360 ? 360 : -360;
    h /= 2;
  }
  const double t =
      1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.20 * cosine(4 * h - 63);
  const double round = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double cSeventh = std::pow(c, 7);
  const double rc = 2 * std::sqrt(cSeventh / (cSeventh + std::pow(25.0, 7)));
  const double sl = 1 + 0.015 * std::pow(l - 50, 2) / std::sqrt(20 + std::pow(l - 50, 2));
  const double sc = 1 + 0.045 * c;
  const double sh = 1 + 0.015 * c * t;
  const double rt = -sine(2 * round) * rc;
  return std::sqrt(std::pow(dl / sl, 2) + std::pow(dc / sc, 2) + std::pow(dh / sh, 2) +
                   rt * (dc / sc) * (dh / sh));
}

/// The first three of the published test data.
TEST(ColourDifference, IsThatOfThePaper) {
  EXPECT_NEAR(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}), 2.0425, 1e-4);
  EXPECT_NEAR(difference({50, 3.1571, -77.2803}, {50, 0, -82.7485}), 2.8615, 1e-4);
  EXPECT_NEAR(difference({50, 2.5, 0}, {73, 25, -18}), 27.1492, 1e-4);
}

std::string nameOf(const testing::TestParamInfo<Theme>& one) {
  constexpr const char* kNames[] = {"dark", "light", "projectorDark", "projectorLight"};
  return kNames[static_cast<std::size_t>(one.param)];
}

class ThemeOf : public testing::TestWithParam<Theme> {};
INSTANTIATE_TEST_SUITE_P(Ui, ThemeOf,
                         testing::Values(Theme::dark, Theme::light, Theme::projectorDark,
                                         Theme::projectorLight),
                         nameOf);

TEST_P(ThemeOf, QueryKeyAndValueAreToldApartByAllEyes) {
  const Palette& p = palette(GetParam());
  const struct {
    const char* names;
    Rgb a, b;
  } pairs[] = {{"query and key", p.q, p.k}, {"query and value", p.q, p.v}, {"key and value", p.k, p.v}};
  // 2.3 is just noticed, four times that is told apart at a glance.
  for (const Vision& vision : kVisions) {
    for (const auto& pair : pairs) {
      EXPECT_GE(difference(lab(pair.a, vision), lab(pair.b, vision)), 9.2)
          << pair.names << ", " << vision.name;
    }
  }
}

/// WCAG 2, 1.4.3 and 1.4.6: words in the projector sets reach 7 : 1 on the grounds they stand on.
TEST_P(ThemeOf, ContrastOfTheTokensIsEnough) {
  const Palette& p = palette(GetParam());
  const bool projector = GetParam() == Theme::projectorDark || GetParam() == Theme::projectorLight;
  const double words = projector ? 7 : 4.5;
  const struct {
    const char* name;
    Rgb colour;
  } tokens[] = {{"t1", p.t1}, {"t2", p.t2}, {"acc", p.acc}, {"q", p.q},
                {"k", p.k},   {"v", p.v},   {"err", p.err}, {"warn", p.warn}};
  for (const auto& token : tokens) {
    EXPECT_GE(contrast(token.colour, p.s0), words) << token.name << " on s0";
    EXPECT_GE(contrast(token.colour, p.s1), words) << token.name << " on s1";
  }
  for (const Rgb ground : {p.s2, p.s3}) {
    EXPECT_GE(contrast(p.t1, ground), 7);
    EXPECT_GE(contrast(p.t2, ground), words);
  }
  EXPECT_GE(contrast(p.accfg, p.acc), words);
  EXPECT_GE(contrast(p.t1, p.accbg), 7);
  EXPECT_GE(contrast(p.t1, p.errbg), 7);
  EXPECT_GE(contrast(p.err, p.errbg), projector ? 7 : 4.5);
  EXPECT_GE(contrast(p.edge, p.s1), projector ? 4.5 : 3);
  EXPECT_GE(contrast(p.hatch, p.mask), 3);
  EXPECT_GE(contrast(p.nan, p.s0), 3);
  // Words on the chips of query, key and value.
  for (const Rgb hue : {p.q, p.k, p.v}) EXPECT_GE(contrast(p.s1, hue), words);
}

TEST(Themes, AreChosenAndKept) {
  Driver d;
  for (const std::string_view word : themeWords()) {
    ASSERT_TRUE(d.window().run("settings.open"));
    d.settle();
    d.click("settings.theme=" + std::string(word));
    d.settle();
    EXPECT_EQ(d.session().settings().theme, word);
    d.key(256);
    d.pass(1);
    d.settle();
    EXPECT_EQ(loadSettings(Folders::under(d.folder())).theme, word);
    EXPECT_TRUE(d.window().run("theme." + std::string(word)));
  }
}

TEST(Themes, CtrlTKeepsTheSet) {
  Driver d;
  d.session().setTheme("projector-dark");
  d.key('T', kCtrl);
  EXPECT_EQ(d.session().theme(), Theme::projectorLight);
  d.key('T', kCtrl);
  EXPECT_EQ(d.session().theme(), Theme::projectorDark);
}

TEST(Themes, FollowTheDesktop) {
  std::optional<bool> dark;
  bool contrast = false;
  bool still = false;
  const TemporaryFolder folder;
  SessionSeams seams;
  seams.seconds = [] { return 1.0; };
  seams.wake = [] {};
  seams.folders = Folders::under(folder.path());
  seams.desktopDark = [&dark] { return dark; };
  seams.desktopContrast = [&contrast] { return contrast; };
  seams.desktopStill = [&still] { return still; };
  Session session(seams);
  session.settings().theme = "system";
  EXPECT_EQ(session.theme(), Theme::dark) << "nothing is known";
  dark = false;
  EXPECT_EQ(session.theme(), Theme::light);
  contrast = true;
  EXPECT_EQ(session.theme(), Theme::projectorLight);
  dark = true;
  EXPECT_EQ(session.theme(), Theme::projectorDark);
  session.settings().theme = "light";
  EXPECT_EQ(session.theme(), Theme::light) << "what was chosen counts";
  EXPECT_FALSE(session.reducedMotion());
  still = true;
  EXPECT_TRUE(session.reducedMotion());
}

TEST(SettingsPanel, TurnsTheScaleAndKeepsIt) {
  Driver d;
  ASSERT_TRUE(d.window().run("settings.open"));
  d.settle();
  d.click("settings.larger");
  EXPECT_DOUBLE_EQ(d.session().settings().uiScale, 1.05);
  d.click("settings.smaller");
  d.click("settings.smaller");
  EXPECT_DOUBLE_EQ(d.session().settings().uiScale, 0.95);
  d.enter("settings.scale", "130");
  EXPECT_DOUBLE_EQ(d.session().settings().uiScale, 1.3);
  d.enter("settings.scale", "1000");
  EXPECT_DOUBLE_EQ(d.session().settings().uiScale, 3);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("The window holds 100 % and no more"));
  d.click("settings.monitor");
  EXPECT_EQ(d.session().settings().uiScale, 0);
  d.click("settings.motion");
  EXPECT_TRUE(d.session().settings().reducedMotion);
  d.pass(1);
  d.settle();
  const Settings kept = loadSettings(Folders::under(d.folder()));
  EXPECT_EQ(kept.uiScale, 0);
  EXPECT_TRUE(kept.reducedMotion);
}

TEST(SettingsPanel, OpensByItsKey) {
  Driver d;
  d.key(',', kCtrl);
  d.settle();
  EXPECT_TRUE(d.has("settings.theme=dark"));
  d.key(256);
  d.settle();
  EXPECT_FALSE(d.has("settings.theme=dark"));
}

}  // namespace
}  // namespace headlight::test
