#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace headlight {

/// 64 lower-case hexadecimal digits of SHA-256, of bytes or fed piece by piece.
std::string sha256(std::string_view bytes);
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  std::string hex() const;

 private:
  void* state_;
};

/// A 64-bit name for causes: equal causes, equal keys, on every platform. Not for adversaries.
class KeyHash {
 public:
  KeyHash& add(std::string_view bytes);
  KeyHash& add(std::uint64_t word);
  KeyHash& add(double number);
  std::uint64_t key() const { return state_; }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15u;
};

}  // namespace headlight
