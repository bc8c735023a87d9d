#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <imgui.h>

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
/// The face that draws sub- and superscripts beside a role.
Role mathRole(Role role);

struct FontRequest {
  float scale = 1;
  bool presenting = false;      ///< with the faces of presentation mode instead of those it has no use for
  std::vector<char32_t> extra;  ///< the tokens' own characters, sorted
  bool operator==(const FontRequest&) const = default;
};

/// The atlas and where each role's face is in it. Sizes are em sizes, as in the pictures; ImGui counts from
/// ascender to descender.
class Fonts {
 public:
  struct Face {
    ImFont* font = nullptr;
    float em = 0;       ///< px
    float capital = 0;  ///< height of a capital letter, px
  };
  /// Rasterises the embedded faces with FreeType. Slow (some 50 ms); may be called on any thread that no
  /// frame runs beside.
  static std::unique_ptr<Fonts> make(const FontRequest& request);
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  const Face& face(Role role) const { return faces_[static_cast<std::size_t>(role)]; }
  ImFontAtlas& atlas() { return *atlas_; }
  const FontRequest& request() const { return request_; }

 private:
  Fonts();
  FontRequest request_;
  std::unique_ptr<ImFontAtlas> atlas_;
  std::vector<ImWchar> wide_;    ///< ranges of running text
  std::vector<ImWchar> narrow_;  ///< ranges of numbers, titles and scripts
  std::array<Face, static_cast<std::size_t>(Role::count)> faces_{};
};

/// Whether the embedded faces can draw the character one glyph after the other: it is in the BMP, in a script
/// without shaping, and covered. All others are drawn by Pango.
bool drawnByAtlas(char32_t c);

}  // namespace headlight
