#pragma once
#include <cstdint>
#include <vector>

namespace headlight {

/// What a piece of text is: the face and size follow (look page, section 3).
enum class Role : std::uint8_t {
  micro,        ///< captions, status, units
  microStrong,  ///< axis words
  label,        ///< names under the strip
  labelStrong,  ///< section heads
  body,
  bodyMedium,  ///< buttons
  strong,
  title,
  titleLarge,
  lesson,
  hero,
  heroLarge,
  num,
  numStrong,
  numMicro,
  mathMicro,  ///< 70 % of the role they stand beside
  mathLabel,
  mathBody,
  mathTitle,
  poster,       ///< presentation: the number
  stage,        ///< presentation: names and steps
  stageStrong,  ///< the same, of where one is
  stageNum,
  stageNumStrong,
  mathStage,
  count,
};

struct FontRequest {
  float scale = 1;
  bool presenting = false;      ///< with the faces of presentation mode instead of those it has no use for
  std::vector<char32_t> extra;  ///< the tokens' own characters, sorted
  bool operator==(const FontRequest&) const = default;
};

}  // namespace headlight
