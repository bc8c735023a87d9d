#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/picture/picture.h"

namespace headlight {

/// A line of text drawn by Pango: for characters the atlas does not hold.
struct LabelPicture {
  std::uint64_t key = 0;  ///< names the picture: equal keys, equal pixels
  int ascent = 0;         ///< px from the picture's top to the base line
  std::shared_ptr<const Picture> picture;
};

/// Draws such lines on a thread of its own and keeps the newest few hundred.
class LabelCache {
 public:
  /// `wake` is called from that thread when a line is ready.
  explicit LabelCache(std::function<void()> wake);
  ~LabelCache();
  LabelCache(const LabelCache&) = delete;
  LabelCache& operator=(const LabelCache&) = delete;

  /// The line of `em` px in Inter of a weight (400, 500, 600), or null while it is being drawn.
  std::shared_ptr<const LabelPicture> find(std::string_view text, float em, int weight, Rgb colour);
  /// Waits until all that was asked for is drawn.
  void settle();
  bool idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight
