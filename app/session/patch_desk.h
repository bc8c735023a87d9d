#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/session/home_queue.h"
#include "app/session/worker.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/files/png_pixels.h"
#include "core/picture/picture.h"

namespace headlight {

/// resizedPixels as a picture.
Picture resized(const Pixels& pixels, int width, int height);

/// An image that tokens are cut from, as a screen shows it.
struct PatchPicture {
  std::uint64_t number = 0;  ///< no two have the same
  std::shared_ptr<const Picture> picture;
  std::int64_t width = 0;  ///< of the image itself, in pixels
  std::int64_t height = 0;
};

/// Reads the image of a document's tokens and makes it as large as it is looked at, on a thread of its own.
class PatchDesk {
 public:
  explicit PatchDesk(const std::shared_ptr<HomeQueue>& home);

  /// The image of the spec, as large as fits into width × height px; null while it is being read. The one
  /// before, of the same image, stays until the new size is there. `stamp` changes with what is evaluated:
  /// then a file that changed is read again.
  std::shared_ptr<const PatchPicture> show(const TokenSpec& spec, const std::string& folder, int width,
                                           int height, std::uint64_t stamp);
  /// Why there is no picture of what was asked for last.
  const std::optional<Error>& error() const { return error_; }
  bool idle() const { return worker_.idle(); }

 private:
  /// What the thread read last, reduced to what a screen can show.
  struct Read {
    std::string file;
    std::uint64_t stamp = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    Pixels pixels;
  };
  struct Asked {
    std::string folder;
    std::string image;
    int width = 0;
    int height = 0;
    std::uint64_t stamp = 0;
    bool operator==(const Asked&) const = default;
  };
  static Result<PatchPicture> make(Read& read, const TokenSpec& spec, const Asked& asked);

  std::optional<Asked> asked_;
  std::uint64_t requests_ = 0;
  std::string shownImage_;
  std::shared_ptr<const PatchPicture> shown_;
  std::optional<Error> error_;
  std::shared_ptr<Read> read_ = std::make_shared<Read>();  ///< touched by the thread alone
  Worker worker_;                                          // ends first: its jobs touch what is above
};

}  // namespace headlight
