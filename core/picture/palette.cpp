#include "core/picture/palette.h"

namespace headlight {
namespace {

constexpr Rgb hex(std::uint32_t c) {
  return {static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>((c >> 8) & 255u),
          static_cast<std::uint8_t>(c & 255u)};
}

constexpr Palette kDark{.s0 = hex(0x0E1014),
                        .s1 = hex(0x15181E),
                        .s2 = hex(0x1F232B),
                        .s3 = hex(0x2B303A),
                        .line = hex(0x2A2F38),
                        .edge = hex(0x6E7787),
                        .t1 = hex(0xECEEF2),
                        .t2 = hex(0xAEB5C1),
                        .t3 = hex(0x6D7583),
                        .acc = hex(0xA593FF),
                        .accfg = hex(0x120E2B),
                        .accbg = hex(0x2A2547),
                        .q = hex(0x5B9BF5),
                        .k = hex(0xF4A259),
                        .v = hex(0x6FE7CF),
                        .mask = hex(0x242830),
                        .hatch = hex(0x6E7787),
                        .nan = hex(0xFF3DDB),
                        .nanMark = hex(0x000000),
                        .err = hex(0xFF8078),
                        .errbg = hex(0x35191B),
                        .warn = hex(0xF2D25C)};

constexpr Palette kLight{.s0 = hex(0xF4F5F8),
                         .s1 = hex(0xFFFFFF),
                         .s2 = hex(0xEDEFF3),
                         .s3 = hex(0xDFE3EA),
                         .line = hex(0xD8DCE3),
                         .edge = hex(0x7C8594),
                         .t1 = hex(0x15181E),
                         .t2 = hex(0x444B58),
                         .t3 = hex(0x858D9B),
                         .acc = hex(0x5B46D6),
                         .accfg = hex(0xFFFFFF),
                         .accbg = hex(0xE9E5FF),
                         .q = hex(0x1C55B8),
                         .k = hex(0xA34A00),
                         .v = hex(0x0A7D69),
                         .mask = hex(0xE7EAEE),
                         .hatch = hex(0x7C8594),
                         .nan = hex(0xD6009F),
                         .nanMark = hex(0x000000),
                         .err = hex(0xB3261E),
                         .errbg = hex(0xFBE9E7),
                         .warn = hex(0x7D5F00)};

// The projector sets reach 7 : 1 on s0 and s1; what they do not name stays.
constexpr Palette projectorDark() {
  Palette p = kDark;
  p.t2 = hex(0xC9CFD9);
  p.q = hex(0x7DB2FF);
  p.acc = hex(0xB9ABFF);
  p.edge = p.hatch = hex(0x8E97A6);
  p.err = hex(0xFF8C85);
  return p;
}

constexpr Palette projectorLight() {
  Palette p = kLight;
  p.t2 = hex(0x2E343F);
  p.q = hex(0x174A9E);
  p.k = hex(0x863B00);
  p.v = hex(0x005C4C);
  p.edge = p.hatch = hex(0x5E6675);
  p.acc = hex(0x4B37BF);
  p.err = hex(0x931C15);
  p.warn = hex(0x634B00);
  return p;
}

constexpr Palette kProjectorDark = projectorDark();
constexpr Palette kProjectorLight = projectorLight();

}  // namespace

const Palette& palette(Theme theme) {
  switch (theme) {
    case Theme::dark:
      return kDark;
    case Theme::light:
      return kLight;
    case Theme::projectorDark:
      return kProjectorDark;
    case Theme::projectorLight:
      return kProjectorLight;
  }
  return kDark;
}

}  // namespace headlight
