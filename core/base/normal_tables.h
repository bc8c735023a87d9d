#pragma once
#include <array>

namespace headlight {

// The inverse of the normal distribution as three quotients of polynomials, interpolated at Chebyshev nodes
// in 45-digit arithmetic; relative error below 2e-12. With q = 1/2 − p and r = √(−ln p): z/q in terms of
// 0.425² − q² up to |q| = 0.425, z in terms of r − 2 up to r = 3 and of r − 4 above.
inline constexpr double kNormalMiddle = 0.425;
inline constexpr double kNormalNear = 3.0;
inline constexpr std::array<double, 7> kMiddleTop{3.3871328727945857, 108.70106478286004, 1230.998093776146,
                                                  5936.17577550013,   11683.869330548598, 7414.521993739166,
                                                  681.530146872161};
inline constexpr std::array<double, 7> kMiddleBottom{1.0,
                                                     35.0976104951027,
                                                     446.853018649135,
                                                     2529.585431679801,
                                                     6294.92552537596,
                                                     5880.657905805361,
                                                     1312.9288672564328};
inline constexpr std::array<double, 6> kNearTop{2.089849982971267, 4.075731726424916,   2.832359385404857,
                                                0.886120167005702, 0.12455970226608823, 0.006175787724198594};
inline constexpr std::array<double, 5> kNearBottom{1.0, 1.169986828650433, 0.47837169371643995,
                                                   0.07942544629342818, 0.004365590190007231};
inline constexpr std::array<double, 6> kFarTop{5.177341220537732,    4.647920745510816,
                                               1.560532264380631,    0.24163296900201398,
                                               0.016849900827178466, 0.00040485467872302864};
inline constexpr std::array<double, 5> kFarBottom{1.0, 0.6093640260703874, 0.128578690020371,
                                                  0.010772037808997818, 0.00028625744750792486};

/// 1, 1/3, 1/5 …: the series of artanh.
inline constexpr std::array<double, 13> kArtanh{1.0 / 1,  1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,
                                                1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19,
                                                1.0 / 21, 1.0 / 23, 1.0 / 25};
inline constexpr double kSquareRootOfTwo = 1.4142135623730951;
inline constexpr double kLnTwo = 0.69314718055994530942;

}  // namespace headlight
