#pragma once
#include <array>
#include <memory>

#include <imgui.h>

#include "app/widgets/font_request.h"
#include "app/widgets/glyph_sheet.h"

namespace headlight {

/// The face that draws sub- and superscripts beside a role.
Role mathRole(Role role);

/// The atlas and where each role's face is in it. Sizes are em sizes, as in the pictures; ImGui counts from
/// ascender to descender.
class Fonts {
 public:
  struct Face {
    ImFont* font = nullptr;
    float em = 0;       ///< px
    float capital = 0;  ///< height of a capital letter, px
  };
  /// The glyphs of a sheet as ImGui wants them; a few ms. On the interface thread, as all that follows.
  explicit Fonts(const std::shared_ptr<const GlyphSheet>& sheet);
  /// The same glyphs stretched to the sizes of another request, to be shown until its own are drawn: wants
  /// a texture that is interpolated.
  Fonts(std::shared_ptr<const GlyphSheet> sheet, const FontRequest& request);
  /// Draws the glyphs too: slow.
  static std::unique_ptr<Fonts> make(const FontRequest& request);
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  const Face& face(Role role) const { return faces_[static_cast<std::size_t>(role)]; }
  ImFontAtlas& atlas() { return atlas_; }
  const FontRequest& request() const { return request_; }
  const std::shared_ptr<const GlyphSheet>& sheet() const { return sheet_; }
  /// Whether the glyphs were drawn for the request.
  bool sharp() const { return sheet_->request == request_; }

 private:
  Face addFace(const GlyphSheet::Face& from, float em);

  FontRequest request_;
  std::shared_ptr<const GlyphSheet> sheet_;
  ImFontAtlas atlas_;
  std::array<Face, static_cast<std::size_t>(Role::count)> faces_{};
};

}  // namespace headlight
