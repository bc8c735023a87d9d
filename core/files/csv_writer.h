#pragma once
#include <span>
#include <string>

#include "core/base/csv_text.h"
#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/files/atomic_save.h"

namespace headlight {

/// One row of shortest numbers ("inf", "-inf", "nan" among them) and its CR LF.
std::string csvRow(std::span<const float> values);
std::string csvRow(std::span<const double> values);

/// A tensor as rows of its last axis, the other axes one below the other; no header line.
Status writeCsv(ByteSink& sink, const Tensor& tensor);

}  // namespace headlight
