#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/files/tensor_format.h"

namespace headlight {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr std::size_t kLongestField = 512;
constexpr std::string_view kAccepted =
    "accepted are numbers with a dot, separated by commas, without a header line";

std::string shown(std::string_view field) {
  constexpr std::size_t kLongest = 40;
  std::string text = repairedUtf8(field.substr(0, kLongest));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return "\"" + text + (field.size() > kLongest ? "…\"" : "\"");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Also "+1", and the not-finite words as other programs write them: NaN, Inf, -Infinity.
std::optional<double> fieldNumber(std::string_view field) {
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = trimmed(field.substr(1, field.size() - 2));
  }
  if (field.starts_with('+') && field.size() > 1 && field[1] != '-' && field[1] != '+')
    field.remove_prefix(1);
  if (const auto number = parseNumber(field)) return number;
  const std::string word = lowered(field.substr(0, 16));
  if (word == "infinity" || word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-infinity" || word == "-inf") return -std::numeric_limits<double>::infinity();
  if (word == "nan" || word == "-nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

/// Reads a .csv number by number, in bounded memory.
class CsvReader {
 public:
  CsvReader(const InputFile& file, std::string where)
      : file_(file), where_(std::move(where)), piece_(kPiece) {}

  /// The next number; none at the end of the text.
  Result<std::optional<double>> next() {
    if (!begun_) {
      begun_ = true;
      if (Status status = skipMark(); !status) return status.error();
    }
    std::string& field = field_;
    field.clear();
    for (;;) {
      auto c = byte();
      if (!c) return c.error();
      if (!*c || **c == '\n') {
        if (field.ends_with('\r')) field.pop_back();
        if (column_ == 0 && trimmed(field).empty()) {
          if (!*c) return std::optional<double>();
          ++line_;
          blank_ = true;
          field.clear();
          continue;
        }
        auto number = take();
        if (!number) return number.error();
        if (Status status = endRow(); !status) return status.error();
        return std::optional<double>(*number);
      }
      if (**c == ',') {
        auto number = take();
        if (!number) return number.error();
        return std::optional<double>(*number);
      }
      field += **c;
      if (field.size() > kLongestField) {
        return refuse("found a field of more than " + std::to_string(kLongestField) + " characters, " +
                      std::string(kAccepted));
      }
    }
  }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }

 private:
  Error refuse(std::string what) const {
    return Error{ErrorCode::invalid, std::move(what),
                 where_ + ", line " + std::to_string(line_) + ", column " + std::to_string(column_ + 1), ""};
  }

  Result<std::optional<char>> byte() {
    if (used_ == filled_) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(piece_.size(), file_.size() - at_));
      if (n == 0) return std::optional<char>();
      if (Status status = file_.read(at_, std::span(piece_).first(n)); !status) return status.error();
      at_ += n;
      filled_ = n;
      used_ = 0;
    }
    return std::optional<char>(piece_[used_++]);
  }

  /// The byte order mark that some programs put first.
  Status skipMark() {
    static constexpr std::string_view kMark = "\xef\xbb\xbf";
    std::array<char, 3> first{};
    if (file_.size() < first.size()) return {};
    if (Status status = file_.read(0, first); !status) return status;
    if (std::string_view(first.data(), first.size()) == kMark) at_ = kMark.size();
    return {};
  }

  Result<double> take() {
    if (blank_) return refuse("found a blank line before this one, accepted are rows without gaps");
    const std::string_view text = trimmed(field_);
    const auto number = fieldNumber(text);
    if (!number) {
      Error error = refuse("found " + shown(text) + ", " + std::string(kAccepted));
      if (text.find(';') != std::string_view::npos)
        error.hint = "Separate the columns by commas, not by semicolons";
      return error;
    }
    ++column_;
    if (columns_ > 0 && column_ > columns_) {
      return refuse("found more than the " + std::to_string(columns_) + " columns of the first row");
    }
    return *number;
  }

  Status endRow() {
    if (rows_ == 0) columns_ = column_;
    if (column_ != columns_) {
      return Error{
          ErrorCode::invalid,
          "found " + std::to_string(column_) + " columns, the first row has " + std::to_string(columns_),
          where_ + ", line " + std::to_string(line_), ""};
    }
    ++rows_;
    ++line_;
    column_ = 0;
    return {};
  }

  const InputFile& file_;
  std::string where_;
  std::vector<char> piece_;
  std::uint64_t at_ = 0;
  std::size_t used_ = 0;
  std::size_t filled_ = 0;
  std::string field_;
  bool begun_ = false;
  bool blank_ = false;
  std::int64_t line_ = 1;
  std::int64_t column_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
};

class CsvStream final : public ByteStream {
 public:
  CsvStream(const InputFile& file, FileRun run) : reader_(file, run.where), where_(std::move(run.where)) {}

  Status read(std::span<char> out) override {
    for (char& byte : out) {
      if (used_ == sizeof(double)) {
        auto number = reader_.next();
        if (!number) return number.error();
        if (!*number)
          return Error{ErrorCode::unreadable, "the file became shorter while it was read", where_, ""};
        std::memcpy(current_.data(), &**number, sizeof(double));
        used_ = 0;
      }
      byte = current_[used_++];
    }
    return {};
  }
  Status finish() override { return {}; }

 private:
  CsvReader reader_;
  std::string where_;
  std::array<char, sizeof(double)> current_{};
  std::size_t used_ = sizeof(double);
};

}  // namespace

std::unique_ptr<ByteStream> csvStream(const InputFile& file, FileRun run) {
  return std::make_unique<CsvStream>(file, std::move(run));
}

Result<TensorListing> listCsv(const InputFile& file) {
  CsvReader reader(file, file.path());
  for (;;) {
    auto number = reader.next();
    if (!number) return number.error();
    if (!*number) break;
  }
  if (reader.rows() == 0) {
    return Error{ErrorCode::invalid, "found no number, " + std::string(kAccepted), file.path(), ""};
  }
  TensorRecord record;
  record.type = ElementType{'f', sizeof(double), std::endian::native == std::endian::big};
  record.info = TensorInfo{stemOf(file.path()), record.type.name(), {reader.rows(), reader.columns()}, 0};
  record.elements = reader.rows() * reader.columns();
  record.coding = Coding::csv;
  record.run =
      FileRun{0, file.size(), static_cast<std::uint64_t>(record.elements) * sizeof(double), {}, file.path()};
  TensorListing listing;
  listing.records.push_back(std::move(record));
  return listing;
}

}  // namespace headlight
