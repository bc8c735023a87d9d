#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/panels/panel_state.h"
#include "app/widgets/text_area.h"
#include "core/base/kinds.h"
#include "core/experiment/schema.h"

namespace headlight {

/// Draws the rail's controls from top to bottom, each from its row of the table of parameters.
struct RailPen {
  RailPen(Panel& panel, const Box& rail, float top);

  Panel& p;
  Ui& ui;
  Box box;
  float x;
  float width;
  float y;

  const Experiment& now() const { return p.session.experiment(); }
  bool fromFile() const;
  /// Maps made elsewhere, entering at that stage or at any: there are no queries and keys.
  bool givesMaps(std::optional<Stage> entering = {}) const;

  /// A section's head with the `?` that opens the help of its group.
  void head(std::string_view words, std::string_view group, bool first = false);
  /// A slider. `control` is its id where another control of the parameter has the parameter's own.
  void number(const std::string& id, std::string_view label, double value, std::vector<double> choices = {},
              std::string_view disabledBy = {}, const std::string& control = {});
  /// A drop-down over the words of a parameter.
  void word(const std::string& id, const Box& place, const std::string& value,
            const std::vector<std::pair<std::string, std::string>>& only = {});
  /// A word with its label at the left.
  void labelled(std::string_view label, const std::string& id, const std::string& value,
                const std::vector<std::pair<std::string, std::string>>& kinds);
  /// A toggle with its label at the left, 24 px. True when pressed.
  bool flag(const std::string& id, std::string_view label, bool on, bool enabled = true);
  /// The keys of a position, normalizer or source: sliders where the table has a range for them.
  void kindKeys(const KindSpec* kind, const Kinded& entry, const std::string& path,
                std::initializer_list<std::string_view> leaveOut = {});
  /// The help of a parameter while the pointer rests on its label.
  void tip(const std::string& id, const Box& label);
};

/// The kinds of a family as a drop-down offers them; `shown` is one of them whatever is left out.
std::vector<std::pair<std::string, std::string>> kindsOf(const KindFamily& family,
                                                         std::initializer_list<std::string_view> leaveOut,
                                                         std::string_view shown);

// The sections, in their order.
void drawInputSection(RailPen& pen);
void drawShapeSection(RailPen& pen);
void drawScoresSection(RailPen& pen);
void drawWeightsSection(RailPen& pen);
void drawNumbersSection(RailPen& pen);
void drawMistakesSection(RailPen& pen);
void drawDocumentSection(RailPen& pen);

/// The card that the `?` of a section opens: every parameter of its group with its sentence and formula;
/// of all groups where none is named.
void openRailHelp(Panel& p, std::string_view group);
void drawRailHelp(Panel& p);

}  // namespace headlight
