#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_state.h"
#include "core/attention/stage.h"

namespace headlight {

/// Looks for words in the tokens of an axis, a few thousand tokens a frame, so that no length of the sequence
/// holds up the window. Words in small letters match large ones too.
class TokenScan {
 public:
  /// Goes on, from the beginning where the tokens, the axis or the words are others than before. Asks for
  /// further frames until it is done.
  void step(Panel& p, Axis axis, const std::string& words);
  bool done() const { return done_; }
  /// Where the words stand in a label, ascending; complete when done.
  const std::vector<std::int64_t>& found() const { return found_; }
  /// The token that is meant: the one with this number, of this name, one that begins so, or one that holds
  /// it.
  std::optional<std::int64_t> best() const;

 private:
  std::weak_ptr<const Evaluation> of_;
  Axis axis_ = Axis::query;
  std::string words_;
  std::int64_t next_ = 0;
  bool done_ = true;
  std::vector<std::int64_t> found_;
  std::optional<std::int64_t> number_;
  std::optional<std::int64_t> exact_;
  std::optional<std::int64_t> beginning_;
};

/// The tokens of an axis; null for dimensions.
const std::vector<Token>* tokensOf(const Panel& p, Axis axis);
/// How many rows or columns it has in the shown stage.
std::int64_t axisLength(Panel& p, Axis axis);
/// "query", "key" or "dimension".
std::string_view axisName(Axis axis);

}  // namespace headlight
