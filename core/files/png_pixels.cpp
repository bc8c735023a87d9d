#include "core/files/png_pixels.h"

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <new>
#include <utility>

#include <png.h>

#include "core/base/number.h"
#include "core/files/embedded_png.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

/// libpng leaves by longjmp when something is wrong. So whatever has a destructor lives here, and each
/// function that calls libpng has plain locals only.
class PngReader {
 public:
  explicit PngReader(std::string_view png) : bytes_(png) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, onError, onWarning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return;
    png_set_read_fn(png_, this, onRead);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool ready() const { return info_ != nullptr; }

  bool readHead() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    // The caller judges the size. Of the chunks that are no pixels none is looked at: a colour profile would
    // get as much memory as it says.
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    constexpr int kAllThatAreKnown = -1;
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, kAllThatAreKnown);
    png_read_info(png_, info_);
    width_ = png_get_image_width(png_, info_);
    height_ = png_get_image_height(png_, info_);
    return true;
  }
  std::int64_t width() const { return width_; }
  std::int64_t height() const { return height_; }
  /// Of the image before compression, without the bytes that name a row's filter.
  std::uint64_t storedBytes() const { return std::uint64_t{height_} * png_get_rowbytes(png_, info_); }

  /// Asks for eight bits of red, green, blue and, where the image has it, alpha.
  bool prepare() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    channels_ = png_get_channels(png_, info_);
    return png_get_bit_depth(png_, info_) == 8 && (channels_ == 3 || channels_ == 4);
  }
  std::size_t channels() const { return channels_; }

  /// All rows, one behind the other, and what follows them in the file.
  bool readRows(png_bytep out) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    const std::size_t rowBytes = png_get_rowbytes(png_, info_);
    // Each pass of an interlaced image fills in its part of every row.
    for (int pass = 0; pass < passes_; ++pass) {
      for (png_uint_32 row = 0; row < height_; ++row) png_read_row(png_, out + row * rowBytes, nullptr);
    }
    png_read_end(png_, nullptr);
    return true;
  }

  Error error() const {
    return Error{ErrorCode::invalid, cutOff_ ? "the PNG is cut off" : "the PNG is damaged (" + why_ + ")",
                 "byte " + std::to_string(at_), ""};
  }

 private:
  static PngReader& of(png_voidp self) { return *static_cast<PngReader*>(self); }
  [[noreturn]] static void onError(png_structp png, png_const_charp why) {
    of(png_get_error_ptr(png)).why_ = why;
    png_longjmp(png, 1);
  }
  static void onWarning(png_structp, png_const_charp) {}
  static void onRead(png_structp png, png_bytep out, std::size_t count) {
    PngReader& self = of(png_get_io_ptr(png));
    if (count > self.bytes_.size() - self.at_) {
      self.cutOff_ = true;
      self.at_ = self.bytes_.size();
      png_error(png, "cut off");
    }
    std::copy_n(self.bytes_.data() + self.at_, count, reinterpret_cast<char*>(out));
    self.at_ += count;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool cutOff_ = false;
  std::string why_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  png_uint_32 width_ = 0;
  png_uint_32 height_ = 0;
  std::size_t channels_ = 0;
  int passes_ = 1;
};

Error invalid(std::string what, std::string where) {
  return Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
}

/// Blends [pixels, 4] over white into [pixels, 3], in place.
void blendOverWhite(std::vector<std::uint8_t>& values) {
  constexpr unsigned kWhite = 255;
  const std::size_t pixels = values.size() / 4;
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned alpha = values[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned blended = values[4 * i + c] * alpha + kWhite * (kWhite - alpha);
      values[3 * i + c] = static_cast<std::uint8_t>((blended + kWhite / 2) / kWhite);
    }
  }
  values.resize(3 * pixels);
}

}  // namespace

Tensor Pixels::tensor() const {
  Tensor tensor;
  tensor.shape = {height, width, 3};
  tensor.floats.resize(rgb.size());
  std::transform(rgb.begin(), rgb.end(), tensor.floats.begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0f; });
  return tensor;
}

Result<Pixels> decodePngPixels(std::string_view png, const PixelLimits& limits) {
  if (!png.starts_with(kPngSignature)) {
    return invalid("found no PNG: its first eight bytes are others", "byte 0");
  }
  try {
    PngReader reader(png);
    if (!reader.ready()) return Error{ErrorCode::failed, "not enough memory to read the PNG", "", ""};
    if (!reader.readHead()) return reader.error();
    const std::string size =
        std::to_string(reader.width()) + " × " + std::to_string(reader.height()) + " pixels";
    if (reader.width() > limits.pixels / reader.height()) {
      return invalid("found " + size + ", accepted are at most " + std::to_string(limits.pixels), "byte 16");
    }
    // Deflate makes at most 1032 bytes of one.
    constexpr std::uint64_t kMostGrowth = 1032;
    if (reader.storedBytes() / kMostGrowth > png.size()) {
      return invalid("found " + size + " in " + bytesText(static_cast<double>(png.size())) +
                         ", which cannot hold so many: the PNG is cut off",
                     "byte 16");
    }
    if (!reader.prepare()) return reader.error();
    Pixels pixels{reader.height(), reader.width(), {}};
    pixels.rgb.resize(static_cast<std::size_t>(reader.width() * reader.height()) * reader.channels());
    if (!reader.readRows(pixels.rgb.data())) return reader.error();
    if (reader.channels() == 4) blendOverWhite(pixels.rgb);
    return pixels;
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "not enough memory for the pixels of the PNG", "", ""};
  }
}

Result<Pixels> readPngPixels(const std::string& path, const PixelLimits& limits) {
  const auto bytes = readFile(path, limits.fileBytes);
  if (!bytes) return bytes.error();
  auto pixels = decodePngPixels(*bytes, limits);
  if (!pixels) return pixels.error().inside(path);
  return pixels;
}

}  // namespace headlight
