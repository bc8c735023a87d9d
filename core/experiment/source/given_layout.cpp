#include "core/experiment/source/given_layout.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

std::string_view axisWord(char axis) {
  switch (axis) {
    case 'l':
      return "layers";
    case 'b':
      return "batch";
    case 'h':
      return "heads";
    case 't':
      return "tokens";
    case 'q':
      return "queries";
    case 'k':
      return "keys";
    default:
      return "width";
  }
}

std::int64_t mostOf(char axis) {
  switch (axis) {
    case 'h':
      return kMostHeads;
    case 'd':
      return kWidest;
    default:
      return kMostTokens;
  }
}

}  // namespace

std::string layoutText(std::string_view layout) {
  std::string text = "[";
  for (const char axis : layout) text += (text.size() > 1 ? ", " : "") + std::string(axisWord(axis));
  return text + "]";
}

std::int64_t axisLength(std::string_view layout, std::span<const std::int64_t> shape, char axis,
                        std::int64_t otherwise) {
  const std::size_t at = layout.find(axis);
  return at == std::string_view::npos ? otherwise : shape[at];
}

Status checkLayout(const FilePart& part, std::string_view layout, std::span<const std::string_view> layouts) {
  const std::vector<std::int64_t>& shape = part.info.shape;
  if (shape.size() != layout.size()) {
    std::vector<std::string> fitting;
    for (const std::string_view other : layouts) {
      if (other.size() == shape.size()) fitting.push_back(quoted(other));
    }
    const std::string axes = std::to_string(shape.size()) + (shape.size() == 1 ? " axis" : " axes");
    return part.wrong(
        layoutText(layout) + " (layout " + std::string(layout) + ")",
        fitting.empty() ? "No layout has " + axes : "For " + axes + " the layout is " + orList(fitting));
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] >= 1 && shape[i] <= mostOf(layout[i])) continue;
    return part.wrong("1 to " + std::to_string(mostOf(layout[i])) + " for " +
                          std::string(axisWord(layout[i])) + " of " + layoutText(layout),
                      "Is the layout " + std::string(layout) + " right?");
  }
  return {};
}

Chosen Chosen::of(const SourceRequest& request) {
  Chosen chosen{0, "source.layer", request.batch};
  const Experiment& experiment = request.experiment;
  if (const Value* layer = experiment.source.find("layer")) chosen.layer = layer->integer();
  if (experiment.view.layer) {
    chosen.layer = *experiment.view.layer;
    chosen.layerPath = "view.layer";
  }
  return chosen;
}

Result<std::int64_t> firstElement(const FilePart& part, std::string_view layout, const Chosen& chosen) {
  const std::vector<std::int64_t>& shape = part.info.shape;
  const auto outside = [&](std::int64_t found, std::int64_t length, std::string_view what,
                           const std::string& path) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(found) + ", " + part.text() + " has " + std::to_string(length) +
                     " " + std::string(what) + ": accepted is 0" +
                     (length > 1 ? " to " + std::to_string(length - 1) : ""),
                 path, ""};
  };
  std::int64_t index = 0;
  std::size_t axes = 0;
  if (layout.find('l') != std::string_view::npos) {
    const std::int64_t layers = shape[axes++];
    if (chosen.layer >= layers) return outside(chosen.layer, layers, "layers", chosen.layerPath);
    index = chosen.layer;
  }
  if (layout.find('b') != std::string_view::npos) {
    const std::int64_t batches = shape[axes++];
    if (chosen.batch >= batches) return outside(chosen.batch, batches, "batch elements", "view.batch");
    index = index * batches + chosen.batch;
  }
  for (; axes < shape.size(); ++axes) index *= shape[axes];
  return index;
}

Status sameLeadingAxes(const FilePart& a, std::string_view aLayout, const FilePart& b,
                       std::string_view bLayout, const std::string& path) {
  for (const char axis : {'l', 'b'}) {
    if (axisLength(aLayout, a.info.shape, axis) == axisLength(bLayout, b.info.shape, axis)) continue;
    return Error{ErrorCode::invalid,
                 "found " + a.text() + " and " + b.text() + ", accepted are as many " +
                     (axis == 'l' ? "layers" : "batch elements") + " in both",
                 path, ""};
  }
  return {};
}

}  // namespace headlight
