#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/widgets/glyph_sheet.h"

namespace headlight {

/// Draws the glyphs of new sizes beside the frames, and keeps those that were asked for last.
class FontMaker {
 public:
  /// `wake` is called from the maker's thread when a sheet is ready.
  explicit FontMaker(std::function<void()> wake);
  ~FontMaker();
  FontMaker(const FontMaker&) = delete;
  FontMaker& operator=(const FontMaker&) = delete;

  /// The sheet of the request. Null while it is being drawn: what was asked for before and is not ready
  /// gives way.
  std::shared_ptr<const GlyphSheet> sheetOf(const FontRequest& request);

 private:
  void work();

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::optional<FontRequest> waiting_;
  std::optional<FontRequest> drawing_;
  std::atomic<bool> giveWay_{false};
  bool stop_ = false;
  std::deque<std::shared_ptr<const GlyphSheet>> ready_;  ///< the one that was used last at the back
  std::thread thread_;
};

}  // namespace headlight
