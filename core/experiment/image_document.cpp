#include "core/experiment/image_document.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/number.h"
#include "core/experiment/sequence.h"
#include "core/files/embedded.h"
#include "core/files/png_pixels.h"

namespace headlight {
namespace {

std::string lengthText(std::int64_t pixels, std::int64_t parts) {
  return pixels % parts == 0 ? std::to_string(pixels / parts)
                             : fixed(static_cast<double>(pixels) / static_cast<double>(parts), 1);
}

}  // namespace

PatchGrid patchGrid(std::int64_t width, std::int64_t height) {
  const std::int64_t longer = std::max(width, height);
  const std::int64_t shorter = std::min(width, height);
  const auto turned = [&](std::int64_t along, std::int64_t across) {
    return width >= height ? PatchGrid{across, along} : PatchGrid{along, across};
  };
  for (std::int64_t along = std::min(kMostPatches, longer); along >= kFewPatches; --along) {
    if (longer % along != 0) continue;
    const std::int64_t side = longer / along;
    if (shorter % side == 0) return turned(along, shorter / side);
  }
  const std::int64_t along = std::min(kMostPatches, longer);
  const double across =
      static_cast<double>(along) * static_cast<double>(shorter) / static_cast<double>(longer);
  return turned(along, std::clamp<std::int64_t>(std::llround(across), 1, shorter));
}

std::string patchSizeText(std::int64_t width, std::int64_t height, const PatchGrid& grid) {
  return lengthText(width, grid.columns) + " × " + lengthText(height, grid.rows) + " pixels";
}

bool isPlainImage(std::string_view bytes) {
  return figureKind(bytes) == FigureKind::png && !pngCarriesExperiment(bytes);
}

Result<ImageDocument> imageDocument(const std::string& file, const std::string& folder) {
  const Result<Pixels> pixels = readPngPixels(inFolder(folder, file));
  if (!pixels) return pixels.error();
  const PatchGrid grid = patchGrid(pixels->width, pixels->height);
  ImageDocument made;
  Experiment& experiment = made.experiment;
  experiment.title = "patches of " + std::filesystem::path(file).stem().string();
  experiment.tokens = TokenSpec{};
  experiment.tokens.kind = TokenSpec::Kind::grid;
  experiment.tokens.grid = {grid.rows, grid.columns};
  experiment.tokens.image = file;
  const std::int64_t middle = grid.rows / 2 * grid.columns + grid.columns / 2;
  experiment.view.pin = {middle, middle};
  made.words = std::to_string(grid.columns) + " × " + std::to_string(grid.rows) + " patches of " +
               patchSizeText(pixels->width, pixels->height, grid);
  return made;
}

}  // namespace headlight
