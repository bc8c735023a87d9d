#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/figure_room.h"
#include "app/panels/import_page.h"
#include "app/widgets/controls.h"
#include "app/widgets/slider.h"

namespace headlight {

/// Draws the figure's controls from top to bottom: name at the left, value at the right.
struct FigurePen {
  FigurePen(Panel& panel, float left, float wide, float top)
      : p(panel), ui(panel.ui), room(panel.state.part<FigureRoom>()), x(left), width(wide), y(top) {}

  Panel& p;
  Ui& ui;
  FigureRoom& room;
  float x;
  float width;
  float y;

  /// The head of a section, with a line over all but the first.
  void head(std::string_view words, const Box& region, bool first = false);
  /// The place of a value, `height` units high and `field` pixels wide, beside its name; the pen goes on
  /// below it.
  Box row(std::string_view label, float height, float field);
  /// Returns the id chosen, or nothing.
  std::optional<std::string> list(std::string_view label, std::string_view id, std::string_view shown,
                                  const std::vector<ImportOption>& options, std::string_view chosen);
  /// Index pressed, else −1.
  int words(std::string_view label, std::string_view id, std::span<const std::string_view> all, int chosen,
            std::span<const std::string_view> ids);
  /// A number with its unit in the label; right click and Backspace go back to `otherwise`.
  void number(std::string_view label, std::string_view id, double& value, double minimum, double maximum,
              double step, int decimals, double otherwise);
  void flag(std::string_view label, std::string_view id, bool& value, bool enabled = true,
            std::string_view reason = {});
  /// A line of words that are typed; `empty` stands in it while there are none, which its cross brings back.
  /// What is wrong with them stands below. Returns whether they changed.
  bool mark(std::string_view label, std::string_view id, MarkField& field, std::string_view empty,
            std::string_view help);
  /// Small words of the whole width.
  void note(std::string_view text, ImU32 colour);
  void gap(float px) { y += ui.u(px); }
};

/// What the page shows, in the inspector.
void drawFigureContent(FigurePen& pen, const Box& region);

}  // namespace headlight
