#include "core/files/deflate.h"

#include <algorithm>
#include <array>
#include <limits>

#include <zlib.h>

namespace headlight {
namespace {

constexpr std::size_t kMostPieceBytes = std::numeric_limits<uInt>::max();

Bytef* raw(const char* bytes) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes));
}

}  // namespace

std::string deflated(std::string_view bytes) {
  uLongf size = ::compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  ::compress2(raw(out.data()), &size, raw(bytes.data()), static_cast<uLong>(bytes.size()), 6);
  out.resize(size);
  return out;
}

std::optional<std::string> inflated(std::string_view packed, std::size_t most) {
  z_stream state{};
  if (::inflateInit(&state) != Z_OK) return std::nullopt;
  state.next_in = raw(packed.data());
  state.avail_in = static_cast<uInt>(std::min(packed.size(), kMostPieceBytes));
  std::string bytes;
  std::array<char, 65536> piece;
  int code = Z_OK;
  while (code == Z_OK && bytes.size() <= most) {
    state.next_out = raw(piece.data());
    state.avail_out = static_cast<uInt>(piece.size());
    code = ::inflate(&state, Z_NO_FLUSH);
    bytes.append(piece.data(), piece.size() - state.avail_out);
  }
  ::inflateEnd(&state);
  if (code != Z_STREAM_END || bytes.size() > most) return std::nullopt;
  return bytes;
}

}  // namespace headlight
