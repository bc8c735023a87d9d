#include "core/base/hash.h"

#include <algorithm>
#include <bit>
#include <limits>

#include <glib.h>

namespace headlight {
namespace {

GChecksum* checksum(void* state) {
  return static_cast<GChecksum*>(state);
}

std::uint64_t stir(std::uint64_t h) {
  h ^= h >> 29;
  h *= 0xa3b195354a39b70du;
  h ^= h >> 32;
  h *= 0x1b03738712fad5c9u;
  h ^= h >> 29;
  return h;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

Sha256::Sha256() : state_(g_checksum_new(G_CHECKSUM_SHA256)) {}
Sha256::~Sha256() {
  g_checksum_free(checksum(state_));
}

void Sha256::add(std::string_view bytes) {
  // GLib takes a signed length.
  constexpr std::size_t kPiece = std::size_t{1} << 30;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view piece = bytes.substr(at, kPiece);
    g_checksum_update(checksum(state_), reinterpret_cast<const guchar*>(piece.data()),
                      static_cast<gssize>(piece.size()));
  }
}

std::string Sha256::hex() const {
  GChecksum* copy = g_checksum_copy(checksum(state_));
  std::string text = g_checksum_get_string(copy);
  g_checksum_free(copy);
  return text;
}

KeyHash& KeyHash::add(std::uint64_t word) {
  state_ = stir(std::rotl(state_, 23) + stir(word ^ 0x6a09e667f3bcc909u));
  return *this;
}

KeyHash& KeyHash::add(std::string_view bytes) {
  add(static_cast<std::uint64_t>(bytes.size()));
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    const std::size_t n = std::min<std::size_t>(8, bytes.size() - at);
    for (std::size_t i = 0; i < n; ++i) {
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    }
    add(word);
  }
  return *this;
}

KeyHash& KeyHash::add(double number) {
  if (number != number) number = std::numeric_limits<double>::quiet_NaN();
  return add(std::bit_cast<std::uint64_t>(number));
}

}  // namespace headlight
