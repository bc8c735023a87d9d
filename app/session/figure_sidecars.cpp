#include <algorithm>
#include <filesystem>

#include "app/session/figure_desk.h"
#include "app/session/ordered_figure.h"
#include "core/files/atomic_save.h"

namespace headlight {
namespace {

struct Beside {
  SidecarKind kind;
  const DrawnPanel* panel;  ///< null: all of them
  std::string path;
};

std::vector<Beside> besides(const OrderedFigure& figure, const std::string& path,
                            const std::vector<SidecarKind>& kinds) {
  const auto& panels = figure.drawn.panels;
  const std::filesystem::path figureFile(path);
  const std::string base = (figureFile.parent_path() / figureFile.stem()).string();
  const std::vector<std::string> names = panelNames(panels);
  std::vector<Beside> all;
  for (const SidecarInfo& row : sidecars()) {
    if (std::find(kinds.begin(), kinds.end(), row.kind) == kinds.end()) continue;
    const std::string ending = "." + std::string(row.word);
    if (row.kind == SidecarKind::json) {
      all.push_back({row.kind, nullptr, base + ending});
      continue;
    }
    for (std::size_t n = 0; n < panels.size(); ++n) {
      std::string file = base;
      if (panels.size() > 1) file.append("-").append(names[n]);
      all.push_back({row.kind, &panels[n], file.append(ending)});
    }
  }
  return all;
}

Status writeTo(ByteSink& sink, const OrderedFigure& figure, const Beside& file, const std::string& image,
               const Cancel& cancel) {
  const FigureSpec& spec = figure.spec;
  if (file.kind == SidecarKind::csv) return writeSidecarCsv(sink, figure.evaluation, *file.panel, cancel);
  if (file.kind == SidecarKind::npy) return writeSidecarNpy(sink, *file.panel, cancel);
  if (file.kind == SidecarKind::tex) {
    TexOptions options;
    options.pageMm = spec.widthMm;
    options.dark = spec.dark();
    options.imageName = std::filesystem::path(image).filename().string();
    if (spec.showTitle)
      options.title = figure.drawn.panels.size() > 1 ? file.panel->title : figure.drawn.title;
    return writeSidecarTex(sink, figure.evaluation, *file.panel, options, cancel);
  }
  SidecarText text;
  text.layout = spec.layout;
  if (!spec.strip) {
    text.title = figure.drawn.title;
    text.origin = figure.evaluation.prepared->origin.chip;
  }
  return writeSidecarJson(sink, figure.evaluation, text, figure.drawn.panels, cancel);
}

}  // namespace

Status saveSidecars(const OrderedFigure& figure, const std::string& path,
                    const std::vector<SidecarKind>& kinds, Overwrite overwrite, const Cancel& cancel) {
  if (kinds.empty()) return {};
  if (figure.drawn.panels.empty())
    return Error{ErrorCode::usage, "layout " + figure.spec.layout + " has no cells to write beside it", "",
                 ""};
  for (const Beside& file : besides(figure, path, kinds)) {
    std::string image;
    if (file.kind == SidecarKind::tex && texNeedsImage(*file.panel)) {
      image = file.path.substr(0, file.path.size() - 4) + "-cells.png";
      const Result<std::string> cells = sidecarTexImage(*file.panel, figure.spec.dark(), cancel);
      if (!cells) return cells.error();
      if (Status saved = saveAtomically(image, *cells, overwrite); !saved) return saved;
    }
    Result<AtomicFile> out = AtomicFile::create(file.path, overwrite);
    if (!out) return out.error();
    if (Status written = writeTo(*out, figure, file, image, cancel); !written) return written;
    if (Status done = out->commit(); !done) return done;
  }
  return {};
}

}  // namespace headlight
