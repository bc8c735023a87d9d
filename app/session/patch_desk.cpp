#include "app/session/patch_desk.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/experiment/image_patches.h"

namespace headlight {
namespace {

/// No screen shows more of it; what is read is kept so large.
constexpr std::int64_t kLongestSide = 2048;

/// The source pixels that one pixel is made of, with their shares.
struct Taps {
  std::int64_t first = 0;
  std::vector<float> shares;
};

std::vector<Taps> tapsOf(std::int64_t from, int to) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int n = 0; n < to; ++n) {
    Taps taps;
    if (step > 1) {
      const double begin = n * step;
      const double end = std::min(begin + step, static_cast<double>(from));
      taps.first = static_cast<std::int64_t>(begin);
      for (std::int64_t pixel = taps.first; static_cast<double>(pixel) < end; ++pixel) {
        const double share =
            std::min(end, static_cast<double>(pixel + 1)) - std::max(begin, static_cast<double>(pixel));
        taps.shares.push_back(static_cast<float>(share / (end - begin)));
      }
    } else {
      const double at = std::clamp((n + 0.5) * step - 0.5, 0.0, static_cast<double>(from - 1));
      taps.first = std::min<std::int64_t>(static_cast<std::int64_t>(at), std::max<std::int64_t>(from - 2, 0));
      const auto further = static_cast<float>(at - static_cast<double>(taps.first));
      taps.shares = from > 1 ? std::vector<float>{1 - further, further} : std::vector<float>{1};
    }
    all.push_back(std::move(taps));
  }
  return all;
}

Pixels reduced(Pixels pixels) {
  const std::int64_t longest = std::max(pixels.width, pixels.height);
  if (longest <= kLongestSide) return pixels;
  const double scale = static_cast<double>(kLongestSide) / static_cast<double>(longest);
  const auto side = [&](std::int64_t length) {
    return static_cast<int>(std::max(1.0, std::round(static_cast<double>(length) * scale)));
  };
  const Picture picture = resized(pixels, side(pixels.width), side(pixels.height));
  Pixels smaller{picture.height, picture.width, {}};
  smaller.rgb.reserve(picture.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
    smaller.rgb.insert(smaller.rgb.end(), {picture.rgba[i], picture.rgba[i + 1], picture.rgba[i + 2]});
  return smaller;
}

}  // namespace

Picture resized(const Pixels& pixels, int width, int height) {
  const std::vector<Taps> across = tapsOf(pixels.width, width);
  const std::vector<Taps> down = tapsOf(pixels.height, height);
  Picture picture{width, height, {}};
  picture.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  const auto rowWidth = static_cast<std::size_t>(pixels.width) * 3;
  std::vector<float> line(rowWidth);
  std::uint8_t* out = picture.rgba.data();
  for (const Taps& rows : down) {
    std::fill(line.begin(), line.end(), 0.0f);
    for (std::size_t n = 0; n < rows.shares.size(); ++n) {
      const std::uint8_t* row =
          pixels.rgb.data() + static_cast<std::size_t>(rows.first + static_cast<std::int64_t>(n)) * rowWidth;
      for (std::size_t i = 0; i < rowWidth; ++i) line[i] += rows.shares[n] * static_cast<float>(row[i]);
    }
    for (const Taps& columns : across) {
      float colour[3] = {0, 0, 0};
      const float* at = line.data() + static_cast<std::size_t>(columns.first) * 3;
      for (const float share : columns.shares) {
        for (float& channel : colour) channel += share * *at++;
      }
      for (const float channel : colour)
        *out++ = static_cast<std::uint8_t>(std::clamp(std::lround(channel), 0L, 255L));
      *out++ = 255;
    }
  }
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
