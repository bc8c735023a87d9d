#pragma once

namespace headlight {

/// GLFW's numbers of the keys that the panels know by themselves.
enum Key : int {
  kKeySpace = 32,
  kKey0 = 48,
  kKeyA = 65,
  kKeyC = 67,
  kKeyV = 86,
  kKeyX = 88,
  kKeyZ = 90,
  kKeyEscape = 256,
  kKeyEnter = 257,
  kKeyTab = 258,
  kKeyBackspace = 259,
  kKeyDelete = 261,
  kKeyRight = 262,
  kKeyLeft = 263,
  kKeyDown = 264,
  kKeyUp = 265,
  kKeyPageUp = 266,
  kKeyPageDown = 267,
  kKeyHome = 268,
  kKeyEnd = 269,
  kKeyKeypad0 = 320,
  kKeyKeypad9 = 329,
  kKeyKeypadEnter = 335,
};

}  // namespace headlight
