#pragma once
#include <string>
#include <utility>
#include <variant>

namespace headlight {

/// What kind of failure; the command line maps each to one exit code (contract §4).
enum class ErrorCode {
  usage,       ///< the request cannot be read: unknown word, option, parameter (exit 2)
  invalid,     ///< an input's content is wrong (exit 3)
  unreadable,  ///< an input is missing or cannot be read (exit 3)
  exists,      ///< an output exists and may not be overwritten (exit 4)
  unwritable,  ///< an output cannot be written (exit 4)
  failed,      ///< failed while working (exit 1)
  different,   ///< a comparison found a difference (exit 5)
  cancelled,   ///< the user interrupted (exit 130)
};

/// Why something was not done. `what` is a sentence without its full stop that names what was found and what
/// is accepted; `where` is a file with a byte offset, or a JSON path; `hint` is the likely cure. All but
/// `what` may be empty.
struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string what;
  std::string where;
  std::string hint;

  /// The same error, its place told as one inside `outer`: "qkv.npz, byte 12".
  Error inside(const std::string& outer) const {
    Error placed = *this;
    placed.where = where.empty() ? outer : outer + ", " + where;
    return placed;
  }

  /// "where: what. hint"
  std::string text() const {
    std::string line = where.empty() ? what : where + ": " + what;
    if (!hint.empty()) line += ". " + hint;
    return line;
  }
  bool operator==(const Error&) const = default;
};

/// A value or the Error that stands in its place. Nothing in core throws across its border.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success, or the Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : failed_(true), error_(std::move(error)) {}
  explicit operator bool() const { return !failed_; }
  bool ok() const { return !failed_; }
  Error& error() { return error_; }
  const Error& error() const { return error_; }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace headlight
