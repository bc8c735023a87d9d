#include "app/window/font_maker.h"

#include <algorithm>
#include <utility>

namespace headlight {
namespace {

/// The window's own size and presentation mode's.
constexpr std::size_t kKept = 2;

}  // namespace

FontMaker::FontMaker(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { work(); }) {}

FontMaker::~FontMaker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    giveWay_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

std::shared_ptr<const GlyphSheet> FontMaker::sheetOf(const FontRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(ready_.begin(), ready_.end(),
                                  [&](const auto& sheet) { return sheet->request == request; });
  if (found != ready_.end()) {
    std::rotate(found, found + 1, ready_.end());
    waiting_.reset();
    giveWay_ = true;
    return ready_.back();
  }
  if (drawing_ == request && !giveWay_) {
    waiting_.reset();
  } else if (waiting_ != request) {
    waiting_ = request;
    giveWay_ = true;
    asked_.notify_one();
  }
  return nullptr;
}

void FontMaker::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asked_.wait(lock, [this] { return stop_ || waiting_; });
    if (stop_) return;
    drawing_ = std::exchange(waiting_, std::nullopt);
    giveWay_ = false;
    const FontRequest request = *drawing_;
    lock.unlock();
    std::shared_ptr<const GlyphSheet> sheet = drawGlyphs(request, &giveWay_);
    lock.lock();
    drawing_.reset();
    if (!sheet) continue;
    ready_.push_back(std::move(sheet));
    if (ready_.size() > kKept) ready_.pop_front();
    lock.unlock();
    wake_();
    lock.lock();
  }
}

}  // namespace headlight
