#include "core/files/csv_writer.h"

#include <algorithm>

#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

template <class T>
std::string numberRow(std::span<const T> values) {
  std::string row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) row += ',';
    row += shortest(values[i]);
  }
  return row += kLineEnd;
}

template <class T>
Status writeRows(ByteSink& sink, std::span<const T> values, std::size_t columns) {
  while (!values.empty()) {
    const std::size_t n = std::min(values.size(), columns);
    if (Status status = sink.write(numberRow(values.first(n))); !status) return status;
    values = values.subspan(n);
  }
  return {};
}

}  // namespace

std::string csvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field += '"';
}

std::string csvRow(std::span<const std::string> fields) {
  std::string row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += ',';
    row += csvField(fields[i]);
  }
  return row += kLineEnd;
}

std::string csvRow(std::span<const float> values) {
  return numberRow(values);
}
std::string csvRow(std::span<const double> values) {
  return numberRow(values);
}

Status writeCsv(ByteSink& sink, const Tensor& tensor) {
  const std::size_t columns = tensor.shape.empty() ? 1 : static_cast<std::size_t>(tensor.shape.back());
  if (tensor.isDouble()) return writeRows(sink, std::span<const double>(tensor.doubles), columns);
  return writeRows(sink, std::span<const float>(tensor.floats), columns);
}

}  // namespace headlight
