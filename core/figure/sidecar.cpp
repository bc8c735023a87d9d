#include "core/figure/sidecar.h"

#include <algorithm>
#include <array>

#include "core/base/number.h"
#include "core/files/csv_writer.h"
#include "core/files/npy_writer.h"

namespace headlight {
namespace {

constexpr std::array<SidecarInfo, 4> kSidecars{{{SidecarKind::csv, "csv"},
                                                {SidecarKind::npy, "npy"},
                                                {SidecarKind::tex, "tex"},
                                                {SidecarKind::json, "json"}}};

/// Cells that are read at once.
constexpr std::int64_t kBlockCells = std::int64_t{1} << 20;
/// Bytes of a number and what parts it from the next, in text.
constexpr double kTextCell = 13;

bool isMasked(std::uint8_t kind) {
  return static_cast<CellClass>(kind) == CellClass::masked;
}

}  // namespace

std::span<const SidecarInfo> sidecars() {
  return kSidecars;
}

std::optional<SidecarKind> sidecarKind(std::string_view word) {
  for (const SidecarInfo& one : kSidecars) {
    if (one.word == word) return one.kind;
  }
  return std::nullopt;
}

double sidecarBytes(const DrawnPanel& panel, SidecarKind kind) {
  const double cells = static_cast<double>(panel.rows()) * static_cast<double>(panel.cols());
  switch (kind) {
    case SidecarKind::npy: {
      const std::array<std::int64_t, 2> shape{panel.rows(), panel.cols()};
      return static_cast<double>(npyHeader(shape, FloatWidth::float32).size()) + 4 * cells;
    }
    case SidecarKind::tex:
      // Cells of larger maps are an image of at most 2,048 pixels a side.
      return texNeedsImage(panel) ? std::min(cells, 2048.0 * 2048.0) : 2 * kTextCell * cells;
    case SidecarKind::csv:
    case SidecarKind::json:
      break;
  }
  return kTextCell * cells;
}

Status readPanelRows(
    const DrawnPanel& panel, const Cancel& cancel,
    const std::function<Status(std::int64_t, std::span<const float>, std::span<const std::uint8_t>)>& take) {
  const std::int64_t cols = panel.cols();
  const std::int64_t step =
      std::clamp<std::int64_t>(kBlockCells / std::max<std::int64_t>(1, cols), 1, panel.rows());
  std::vector<float> values(static_cast<std::size_t>(step * cols));
  std::vector<std::uint8_t> classes(values.size());
  for (std::int64_t row = 0; row < panel.rows(); row += step) {
    if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
    const std::int64_t count = std::min(step, panel.rows() - row);
    const std::int64_t first = panel.part.rowFirst + row;
    panel.block(first, first + count, panel.part.colFirst, panel.part.colEnd, values.data(), classes.data(),
                cols);
    const auto size = static_cast<std::size_t>(count * cols);
    Status status = take(row, {values.data(), size}, {classes.data(), size});
    if (!status) return status;
  }
  return {};
}

const std::vector<Token>* tokensAlong(const Evaluation& evaluation, Axis axis) {
  if (axis == Axis::query) return &evaluation.prepared->queryTokens;
  if (axis == Axis::key) return &evaluation.prepared->keyTokens;
  return nullptr;
}

std::string placeName(const Evaluation& evaluation, Axis axis, std::int64_t at) {
  const std::vector<Token>* tokens = tokensAlong(evaluation, axis);
  if (tokens == nullptr || static_cast<std::size_t>(at) >= tokens->size()) return std::to_string(at);
  return (*tokens)[static_cast<std::size_t>(at)].label;
}

std::string_view axisWord(Axis axis) {
  return axis == Axis::query ? "query" : axis == Axis::key ? "key" : "dimension";
}

Status writeSidecarCsv(ByteSink& sink, const Evaluation& evaluation, const DrawnPanel& panel,
                       const Cancel& cancel) {
  std::string text = csvField(std::string(axisWord(panel.rowAxis)) + " / " +
                              std::string(axisWord(panel.colAxis)) + " (empty: masked)");
  for (std::int64_t c = panel.part.colFirst; c < panel.part.colEnd; ++c) {
    text += ',' + csvField(placeName(evaluation, panel.colAxis, c));
  }
  text += kCsvLineEnd;
  if (Status status = sink.write(text); !status) return status;
  const auto cols = static_cast<std::size_t>(panel.cols());
  return readPanelRows(panel, cancel,
                       [&](std::int64_t first, std::span<const float> values,
                           std::span<const std::uint8_t> classes) -> Status {
                         text.clear();
                         for (std::size_t at = 0; at < values.size(); ++at) {
                           if (at % cols == 0) {
                             const auto row = first + static_cast<std::int64_t>(at / cols);
                             text +=
                                 csvField(placeName(evaluation, panel.rowAxis, panel.part.rowFirst + row));
                           }
                           text += ',';
                           if (!isMasked(classes[at])) text += shortest(values[at]);
                           if (at % cols == cols - 1) text += kCsvLineEnd;
                         }
                         return sink.write(text);
                       });
}

Status writeSidecarNpy(ByteSink& sink, const DrawnPanel& panel, const Cancel& cancel) {
  const std::array<std::int64_t, 2> shape{panel.rows(), panel.cols()};
  if (Status status = sink.write(npyHeader(shape, FloatWidth::float32)); !status) return status;
  return readPanelRows(
      panel, cancel, [&](std::int64_t, std::span<const float> values, std::span<const std::uint8_t>) {
        return sink.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
      });
}

}  // namespace headlight
