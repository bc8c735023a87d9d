#include "core/files/csv_writer.h"

#include <algorithm>

#include "core/base/number.h"

namespace headlight {
namespace {

template <class T>
std::string numberRow(std::span<const T> values) {
  std::string row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) row += ',';
    row += shortest(values[i]);
  }
  return row += kCsvLineEnd;
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
