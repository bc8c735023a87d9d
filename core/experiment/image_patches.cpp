#include "core/experiment/image_patches.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/hash.h"
#include "core/experiment/examples.h"
#include "core/experiment/generator.h"
#include "core/experiment/sequence.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

constexpr double kPixelScale = 0.25;

/// Calls take(pixel, share) for the pixels that [begin, end) covers, with the share of it that each fills.
template <class Take>
void coveredPixels(double begin, double end, std::int64_t length, const Take& take) {
  const auto last = std::min(static_cast<std::int64_t>(std::ceil(end)), length);
  for (auto pixel = static_cast<std::int64_t>(begin); pixel < last; ++pixel) {
    const double from = std::max(begin, static_cast<double>(pixel));
    const double to = std::min(end, static_cast<double>(pixel + 1));
    if (to > from) take(pixel, (to - from) / (end - begin));
  }
}

/// The bytes of an image of the program.
Result<std::string_view> ownImage(std::string_view image) {
  const std::string_view name = image.substr(kOwnImage.size());
  std::string known;
  for (const Asset& asset : exampleFiles()) {
    if (!asset.name.ends_with(".png")) continue;
    if (asset.name == name) return asset.bytes;
    known += (known.empty() ? "" : ", ") + std::string(kOwnImage) + std::string(asset.name);
  }
  return Error{ErrorCode::invalid, "the program has no image of this name, accepted is " + known,
               std::string(image), ""};
}

}  // namespace

bool isOwnImage(std::string_view image) {
  return image.starts_with(kOwnImage);
}

Result<std::optional<ImagePatches>> imageOf(const TokenSpec& spec, const std::string& folder,
                                            const std::string& path) {
  if (spec.image.empty()) return std::optional<ImagePatches>();
  ImagePatches image;
  image.where = path + ".image";
  if (isOwnImage(spec.image)) {
    image.file = spec.image;
    const Result<std::string_view> bytes = ownImage(spec.image);
    if (!bytes) return bytes.error().inside(image.where);
    image.stamp = KeyHash().add(*bytes).key();
  } else {
    image.file = inFolder(folder, spec.image);
    const Result<InputFile> file = InputFile::open(image.file);
    if (!file) return file.error().inside(image.where);
    image.stamp = file->stamp();
  }
  image.rows = spec.grid[0];
  image.columns = spec.grid[1];
  image.first = spec.classToken ? 1 : 0;
  return std::optional(std::move(image));
}

Result<Pixels> pixelsOf(const ImagePatches& image) {
  const auto read = [&]() -> Result<Pixels> {
    if (!isOwnImage(image.file)) return readPngPixels(image.file);
    const Result<std::string_view> bytes = ownImage(image.file);
    if (!bytes) return bytes.error();
    return decodePngPixels(*bytes);
  };
  Result<Pixels> pixels = read();
  if (!pixels) return pixels.error().inside(image.where);
  return pixels;
}

PatchReader::PatchReader(const Pixels& pixels, std::int64_t rows, std::int64_t columns)
    : pixels_(pixels), rows_(rows), columns_(columns) {
  std::array<std::uint64_t, 3> sums{0, 0, 0};
  for (std::size_t i = 0; i < pixels.rgb.size(); ++i) sums[i % 3] += pixels.rgb[i];
  const double count = static_cast<double>(pixels.height) * static_cast<double>(pixels.width);
  for (std::size_t c = 0; c < 3; ++c) mean_[c] = static_cast<double>(sums[c]) / 255.0 / count;
}

void PatchReader::read(std::int64_t row, std::int64_t column, float* patch) const {
  const double cellHeight = static_cast<double>(pixels_.height) / static_cast<double>(rows_ * kPatchSide);
  const double cellWidth = static_cast<double>(pixels_.width) / static_cast<double>(columns_ * kPatchSide);
  for (std::int64_t y = 0; y < kPatchSide; ++y) {
    const double top = static_cast<double>(row * kPatchSide + y) * cellHeight;
    for (std::int64_t x = 0; x < kPatchSide; ++x) {
      const double left = static_cast<double>(column * kPatchSide + x) * cellWidth;
      std::array<double, 3> colour{-mean_[0], -mean_[1], -mean_[2]};
      coveredPixels(top, top + cellHeight, pixels_.height, [&](std::int64_t i, double high) {
        coveredPixels(left, left + cellWidth, pixels_.width, [&](std::int64_t j, double wide) {
          for (std::int64_t c = 0; c < 3; ++c)
            colour[static_cast<std::size_t>(c)] += high * wide * static_cast<double>(pixels_.at(i, j, c));
        });
      });
      for (const double value : colour) *patch++ = static_cast<float>(value);
    }
  }
}

Result<Matrix> embedPatches(const ImagePatches& image, std::uint64_t seed, std::span<const Token> tokens,
                            std::int64_t dModel) {
  const Result<Pixels> pixels = pixelsOf(image);
  if (!pixels) return pixels.error();
  const auto count = static_cast<std::int64_t>(tokens.size());
  const std::int64_t patches = image.rows * image.columns;
  Matrix x(count, dModel);
  for (std::int64_t i = 0; i < count; ++i) {
    if (i >= image.first && i < image.first + patches) continue;
    const Matrix row = generateEmbedding(seed, tokens.subspan(static_cast<std::size_t>(i), 1), dModel);
    std::copy_n(row.row(0), dModel, x.row(i));
  }
  Matrix weight(kPatchWidth, dModel);
  generateHead(seed, Generated::pixels, 0, kPixelScale, dModel, weight, 0);
  const PatchReader reader(*pixels, image.rows, image.columns);
  std::vector<float> patch(static_cast<std::size_t>(kPatchWidth));
  for (std::int64_t p = 0; p < patches; ++p) {
    reader.read(p / image.columns, p % image.columns, patch.data());
    float* out = x.row(image.first + p);
    for (std::int64_t k = 0; k < kPatchWidth; ++k) {
      const float value = patch[static_cast<std::size_t>(k)];
      const float* weights = weight.row(k);
      for (std::int64_t column = 0; column < dModel; ++column) out[column] += value * weights[column];
    }
  }
  return x;
}

}  // namespace headlight
