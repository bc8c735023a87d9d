#include "core/files/byte_stream.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <zlib.h>

namespace headlight {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;

Error invalid(std::string what, std::string where) {
  return Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
}

std::string hex(std::uint32_t value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(value >> shift) & 15];
  return text;
}

/// Counts and sums the decoded bytes of a run.
class CheckedStream : public ByteStream {
 public:
  CheckedStream(const InputFile& file, FileRun run) : file_(file), run_(std::move(run)) {}

  Status read(std::span<char> out) final {
    if (out.size() > run_.size - given_) {
      return invalid("wanted " + std::to_string(out.size()) + " bytes more, it has " +
                         std::to_string(run_.size) + " in all and " + std::to_string(given_) + " are read",
                     run_.where);
    }
    for (std::span<char> rest = out; !rest.empty();) {
      const std::span<char> piece = rest.first(std::min(rest.size(), kPiece));
      if (Status status = fill(piece); !status) return status;
      if (run_.crc) {
        crc_ = static_cast<std::uint32_t>(
            ::crc32(crc_, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
      }
      given_ += piece.size();
      rest = rest.subspan(piece.size());
    }
    return {};
  }

  Status finish() final {
    if (!run_.crc) return {};
    if (Status status = skipBytes(*this, run_.size - given_); !status) return status;
    if (Status status = atEnd(); !status) return status;
    if (crc_ != *run_.crc) {
      return invalid(
          "the bytes are damaged: their CRC-32 is " + hex(crc_) + ", the directory says " + hex(*run_.crc),
          run_.where);
    }
    return {};
  }

 protected:
  virtual Status fill(std::span<char> out) = 0;
  virtual Status atEnd() { return {}; }
  const InputFile& file() const { return file_; }
  const FileRun& run() const { return run_; }
  std::uint64_t given() const { return given_; }

 private:
  const InputFile& file_;
  FileRun run_;
  std::uint64_t given_ = 0;
  std::uint32_t crc_ = 0;
};

class PlainStream final : public CheckedStream {
 public:
  using CheckedStream::CheckedStream;

 protected:
  Status fill(std::span<char> out) override { return file().read(run().offset + given(), out); }
};

class InflateStream final : public CheckedStream {
 public:
  InflateStream(const InputFile& file, FileRun run) : CheckedStream(file, std::move(run)), input_(kPiece) {
    constexpr int kRawDeflate = -MAX_WBITS;
    ready_ = ::inflateInit2(&state_, kRawDeflate) == Z_OK;
  }
  ~InflateStream() override {
    if (ready_) ::inflateEnd(&state_);
  }

 protected:
  Status fill(std::span<char> out) override {
    while (!out.empty()) {
      auto made = inflateSome(out);
      if (!made) return made.error();
      if (*made == 0) {
        return invalid("the compressed data end after " + std::to_string(state_.total_out) + " of " +
                           std::to_string(run().size) + " bytes",
                       run().where);
      }
      out = out.subspan(*made);
    }
    return {};
  }

  Status atEnd() override {
    std::array<char, 1> one{};
    auto made = inflateSome(one);
    if (!made) return made.error();
    if (*made > 0) {
      return invalid("the compressed data hold more than the " + std::to_string(run().size) +
                         " bytes that the directory says",
                     run().where);
    }
    return {};
  }

 private:
  /// Number of bytes made, 0 at the end of the compressed data.
  Result<std::size_t> inflateSome(std::span<char> out) {
    if (!ready_) return Error{ErrorCode::failed, "not enough memory to decompress", run().where, ""};
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = static_cast<uInt>(out.size());
    while (!ended_ && state_.avail_out == out.size()) {
      if (state_.avail_in == 0 && used_ < run().stored) {
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(input_.size(), run().stored - used_));
        if (Status status = file().read(run().offset + used_, std::span(input_).first(n)); !status) {
          return status.error();
        }
        used_ += n;
        state_.next_in = reinterpret_cast<Bytef*>(input_.data());
        state_.avail_in = static_cast<uInt>(n);
      }
      const int code = ::inflate(&state_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        ended_ = true;
      } else if (code == Z_BUF_ERROR && used_ == run().stored) {
        break;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return invalid("the compressed data are damaged after " + std::to_string(state_.total_out) + " bytes",
                       run().where);
      }
    }
    return out.size() - state_.avail_out;
  }

  std::vector<char> input_;
  z_stream state_{};
  bool ready_ = false;
  bool ended_ = false;
  std::uint64_t used_ = 0;
};

}  // namespace

Status skipBytes(ByteStream& stream, std::uint64_t bytes) {
  std::vector<char> piece(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kPiece)));
  while (bytes > 0) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, piece.size()));
    if (Status status = stream.read(std::span(piece).first(n)); !status) return status;
    bytes -= n;
  }
  return {};
}

std::unique_ptr<ByteStream> plainStream(const InputFile& file, FileRun run) {
  return std::make_unique<PlainStream>(file, std::move(run));
}
std::unique_ptr<ByteStream> inflateStream(const InputFile& file, FileRun run) {
  return std::make_unique<InflateStream>(file, std::move(run));
}

}  // namespace headlight
