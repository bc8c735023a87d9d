#include "app/session/patch_desk.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/experiment/image_patches.h"
#include "core/files/resize_pixels.h"

namespace headlight {
namespace {

/// No screen shows more of it; what is read is kept so large.
constexpr std::int64_t kLongestSide = 2048;

Pixels reduced(Pixels pixels) {
  const std::int64_t longest = std::max(pixels.width, pixels.height);
  if (longest <= kLongestSide) return pixels;
  const double scale = static_cast<double>(kLongestSide) / static_cast<double>(longest);
  const auto side = [&](std::int64_t length) {
    return static_cast<std::int64_t>(std::max(1.0, std::round(static_cast<double>(length) * scale)));
  };
  return resizedPixels(pixels, side(pixels.width), side(pixels.height));
}

}  // namespace

Picture resized(const Pixels& pixels, int width, int height) {
  const Pixels made = resizedPixels(pixels, width, height);
  Picture picture{width, height, {}};
  picture.rgba.reserve(made.rgb.size() / 3 * 4);
  for (std::size_t i = 0; i < made.rgb.size(); i += 3)
    picture.rgba.insert(picture.rgba.end(), {made.rgb[i], made.rgb[i + 1], made.rgb[i + 2], 255});
  return picture;
}

PatchDesk::PatchDesk(const std::shared_ptr<HomeQueue>& home) : worker_(1, home) {}

std::shared_ptr<const PatchPicture> PatchDesk::show(const TokenSpec& spec, const std::string& folder,
                                                    int width, int height, std::uint64_t stamp) {
  Asked asked{folder, spec.image, std::max(width, 1), std::max(height, 1), stamp};
  const std::string image = folder + "\n" + spec.image;
  if (shownImage_ != image) shown_.reset();
  if (asked_ == asked) return shown_;
  asked_ = asked;
  error_.reset();
  const std::uint64_t number = ++requests_;
  const auto failed = [this, number](const Error& error) -> Worker::Home {
    return [this, number, error] {
      if (number != requests_) return;
      error_ = error;
      shown_.reset();
    };
  };
  worker_.replace(
      [this, number, read = read_, spec, asked, image, failed](ThreadPool&, const Cancel&) -> Worker::Home {
        auto made = make(*read, spec, asked);
        if (!made) return failed(made.error());
        made->number = number;
        return [this, number, image, picture = std::make_shared<const PatchPicture>(std::move(*made))] {
          if (number != requests_) return;
          shownImage_ = image;
          shown_ = picture;
        };
      },
      failed(Error{ErrorCode::failed, "there is not enough memory for the picture", "", ""}));
  return shown_;
}

Result<PatchPicture> PatchDesk::make(Read& read, const TokenSpec& spec, const Asked& asked) {
  const auto image = imageOf(spec, asked.folder, "tokens");
  if (!image) return image.error();
  if (!*image) return Error{ErrorCode::invalid, "the tokens have no image", "tokens.image", ""};
  if (read.file != (*image)->file || read.stamp != (*image)->stamp) {
    auto pixels = pixelsOf(**image);
    if (!pixels) return pixels.error();
    const std::int64_t width = pixels->width;
    const std::int64_t height = pixels->height;
    read = {(*image)->file, (*image)->stamp, width, height, reduced(std::move(*pixels))};
  }
  const double scale = std::min(asked.width / static_cast<double>(read.width),
                                asked.height / static_cast<double>(read.height));
  const auto side = [&](std::int64_t length, int most) {
    return std::clamp(static_cast<int>(std::lround(static_cast<double>(length) * scale)), 1, most);
  };
  PatchPicture made;
  made.width = read.width;
  made.height = read.height;
  made.picture = std::make_shared<const Picture>(
      resized(read.pixels, side(read.width, asked.width), side(read.height, asked.height)));
  return made;
}

}  // namespace headlight
