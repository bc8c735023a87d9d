#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// Where a writer's bytes go: a file beside its place, or a descriptor such as stdout.
class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = default;
  ByteSink& operator=(const ByteSink&) = default;
  virtual ~ByteSink() = default;
  virtual Status write(std::string_view bytes) = 0;
};

/// Collects the bytes in memory.
class StringSink : public ByteSink {
 public:
  Status write(std::string_view bytes) override {
    text_ += bytes;
    return {};
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Writes to a descriptor that someone else owns. Never seeks, so a pipe will do.
class DescriptorSink : public ByteSink {
 public:
  DescriptorSink(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  Status write(std::string_view bytes) override;
  /// The other end was closed (`head` had enough): a reason to end quietly.
  bool closed() const { return closed_; }

 private:
  int descriptor_;
  std::string name_;
  bool closed_ = false;
};

enum class Overwrite { refuse, replace };

/// A file that appears at its path whole or not at all: written beside it under another name, synchronised
/// and renamed by commit(), removed when it goes out of scope before. A device or pipe (/dev/stdout) is
/// written directly.
class AtomicFile : public ByteSink {
 public:
  /// Errors: (exists) there is a file and it may not be replaced; (unwritable) the folder is missing or may
  /// not be written, or the path is a folder.
  static Result<AtomicFile> create(const std::string& path, Overwrite overwrite);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() override;

  const std::string& path() const { return path_; }
  Status write(std::string_view bytes) override;
  /// Errors as create, for what happened meanwhile; then nothing was replaced.
  Status commit();

 private:
  AtomicFile() = default;
  std::string path_;       ///< as given, for messages
  std::string target_;     ///< what is renamed to: links followed
  std::string temporary_;  ///< empty when written directly
  int descriptor_ = -1;
  Overwrite overwrite_ = Overwrite::refuse;
};

/// Writes a whole file by AtomicFile.
Status saveAtomically(const std::string& path, std::string_view bytes, Overwrite overwrite);

}  // namespace headlight
