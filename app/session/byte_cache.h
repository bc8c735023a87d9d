#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

namespace headlight {

/// Shared values by key, bounded by their bytes: what was not looked at longest goes first. One thread.
template <class T>
class ByteCache {
 public:
  explicit ByteCache(std::size_t limit) : limit_(limit) {}

  /// Null when it is not there. A finding counts as a look.
  std::shared_ptr<const T> find(std::uint64_t key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  /// The newest entry stays even when it alone is larger than the limit.
  void insert(std::uint64_t key, std::shared_ptr<const T> value, std::size_t bytes) {
    if (const auto found = places_.find(key); found != places_.end()) {
      bytes_ -= found->second->bytes;
      entries_.erase(found->second);
      places_.erase(found);
    }
    entries_.push_front({key, std::move(value), bytes});
    places_.emplace(key, entries_.begin());
    bytes_ += bytes;
    while (bytes_ > limit_ && entries_.size() > 1) {
      bytes_ -= entries_.back().bytes;
      places_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }

  void clear() {
    entries_.clear();
    places_.clear();
    bytes_ = 0;
  }

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t key;
    std::shared_ptr<const T> value;
    std::size_t bytes;
  };
  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<std::uint64_t, typename std::list<Entry>::iterator> places_;
};

}  // namespace headlight
