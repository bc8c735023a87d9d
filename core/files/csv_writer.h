#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/files/atomic_save.h"

namespace headlight {

/// A field of RFC 4180: in quotes, inner quotes doubled, where it has a comma, a quote or a line break.
std::string csvField(std::string_view text);
/// The fields of one row and its CR LF.
std::string csvRow(std::span<const std::string> fields);
/// One row of shortest numbers ("inf", "-inf", "nan" among them) and its CR LF.
std::string csvRow(std::span<const float> values);
std::string csvRow(std::span<const double> values);

/// A tensor as rows of its last axis, the other axes one below the other; no header line.
Status writeCsv(ByteSink& sink, const Tensor& tensor);

}  // namespace headlight
