#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/ui.h"

namespace headlight {

struct SliderSpec {
  std::string_view id;
  std::string_view label;  ///< math markup
  double value = 0;
  double minimum = 0;  ///< what the track spans; typing may go further
  double maximum = 1;
  double step = 1;
  bool logarithmic = false;
  int decimals = 0;
  std::vector<double> choices;  ///< when not empty: the only values, evenly spaced, with ticks
  bool enabled = true;
  std::string_view reason;  ///< why it is disabled
  bool derived = false;     ///< a lock instead of a field
  bool unset = false;       ///< the value is the default, not given
};

/// What a control of a number did. `live` while it is dragged, `end` when the drag is over, `set` for one
/// finished change, `reset` for a return to the default.
struct NumberEvent {
  enum class Kind : std::uint8_t { none, live, end, set, reset };
  Kind kind = Kind::none;
  double value = 0;
};

/// A row of 44 px: name at the left, value at the right in a field that is typed in on click or Enter, the
/// track below. Dragged on the name or the track, turned by the wheel and the arrow keys (Shift: a tenth),
/// reset by a right click or Backspace.
NumberEvent slider(Ui& ui, const Box& row, const SliderSpec& spec);

/// A row of 24 px without a track: name at the left, dragged to change the value by one step every few px,
/// value at the right in a field. Wheel and reset as of a slider.
NumberEvent numberRow(Ui& ui, const Box& row, const SliderSpec& spec);

/// ‹ field ›: whole numbers from `minimum` to `maximum`, one up or down by a press at an end.
NumberEvent stepper(Ui& ui, std::string_view id, const Box& box, std::int64_t value, std::int64_t minimum,
                    std::int64_t maximum, bool enabled = true);

/// The field alone: 54 × 20 px, a number at the right.
NumberEvent numberField(Ui& ui, std::string_view id, const Box& box, double value, int decimals,
                        bool enabled = true);

}  // namespace headlight
