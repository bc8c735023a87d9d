#include "app/cli/export_sidecars.h"

#include <filesystem>

#include "core/base/number.h"
#include "core/figure/figure_caption.h"
#include "core/figure/sidecar.h"

namespace headlight {
namespace {

constexpr double kMostBytes = 4.0 * 1024 * 1024 * 1024;

/// A file beside the figure: of one panel, or of all (JSON).
struct Planned {
  SidecarKind kind;
  const DrawnPanel* panel;
  std::string path;
  std::string image;  ///< of a TeX file whose cells are an image
};

std::vector<Planned> planned(const SidecarJob& job) {
  const std::vector<DrawnPanel>& panels = job.drawn.panels;
  const std::vector<std::string> names = panelNames(panels);
  std::vector<Planned> files;
  for (const SidecarKind kind : job.request.sidecars) {
    if (kind == SidecarKind::json) {
      files.push_back({kind, nullptr, sidecarPath(job.figure, kind, ""), ""});
      continue;
    }
    for (std::size_t n = 0; n < panels.size(); ++n) {
      Planned file{kind, &panels[n], sidecarPath(job.figure, kind, panels.size() > 1 ? names[n] : ""), ""};
      if (kind == SidecarKind::tex && texNeedsImage(panels[n])) {
        file.image = file.path.substr(0, file.path.size() - 4) + "-cells.png";
      }
      files.push_back(std::move(file));
    }
  }
  return files;
}

Status checkSize(double bytes, const std::string& path) {
  if (bytes <= kMostBytes) return {};
  return Error{ErrorCode::unwritable, "would be about " + bytesText(bytes) + ", more than 4 GiB", path,
               "Choose a part with --crop, or add -f"};
}

Status check(const SidecarJob& job, const Planned& file) {
  double bytes = 0;
  for (const DrawnPanel& panel : job.drawn.panels) {
    if (file.panel == nullptr || file.panel == &panel) bytes += sidecarBytes(panel, file.kind);
  }
  if (!job.common.force) {
    if (Status status = checkSize(bytes, file.path); !status) return status;
  }
  if (Status status = checkOutput(file.path, job.common.force); !status) return status;
  return file.image.empty() ? Status() : checkOutput(file.image, job.common.force);
}

Status writeTo(ByteSink& sink, const SidecarJob& job, const Planned& file) {
  const FigureSpec& spec = job.figure.spec;
  switch (file.kind) {
    case SidecarKind::csv:
      return writeSidecarCsv(sink, job.evaluation, *file.panel, job.cancel);
    case SidecarKind::npy:
      return writeSidecarNpy(sink, *file.panel, job.cancel);
    case SidecarKind::tex: {
      TexOptions options;
      options.pageMm = spec.widthMm;
      options.dark = spec.dark();
      options.imageName = std::filesystem::path(file.image).filename().string();
      if (spec.showTitle) options.title = job.drawn.panels.size() > 1 ? file.panel->title : job.drawn.title;
      return writeSidecarTex(sink, job.evaluation, *file.panel, options, job.cancel);
    }
    case SidecarKind::json:
      break;
  }
  SidecarText text;
  text.layout = spec.layout;
  if (!spec.strip) {
    text.title = job.drawn.title;
    text.origin = job.evaluation.prepared->origin.chip;
  }
  return writeSidecarJson(sink, job.evaluation, text, job.drawn.panels, job.cancel);
}

Status save(const SidecarJob& job, const Planned& file, std::vector<OutputRecord>& outputs) {
  const Overwrite overwrite = job.common.force ? Overwrite::replace : Overwrite::refuse;
  if (!file.image.empty()) {
    const Result<std::string> image = sidecarTexImage(*file.panel, job.figure.spec.dark(), job.cancel);
    if (!image) return image.error();
    if (Status status = saveAtomically(file.image, *image, overwrite); !status) return status;
    outputs.push_back({file.image, image->size(), sha256(*image)});
  }
  Result<AtomicFile> out = AtomicFile::create(file.path, overwrite);
  if (!out) return out.error();
  HashingSink sink(*out);
  if (Status status = writeTo(sink, job, file); !status) return status;
  if (Status status = out->commit(); !status) return status;
  outputs.push_back(sink.record(file.path));
  return {};
}

}  // namespace

Status checkSidecarSize(const ExportRequest& request, const CommonOptions& common,
                        const PlannedFigure& figure, const Sizes& sizes) {
  if (common.force || (figure.spec.stage && !isMap(*figure.spec.stage))) return {};
  // A row has but one.
  if (figureLayout(figure.spec.layout).oneRow) return {};
  DrawnPanel panel;
  panel.part = figure.spec.crop.value_or(FigureCrop{0, sizes.queries, 0, sizes.keys});
  for (const SidecarKind kind : request.sidecars) {
    if (Status status = checkSize(sidecarBytes(panel, kind), sidecarPath(figure, kind, "")); !status)
      return status;
  }
  return {};
}

Status checkSidecars(const SidecarJob& job) {
  if (job.request.sidecars.empty()) return {};
  if (job.drawn.panels.empty()) {
    return Error{
        ErrorCode::usage, "layout " + job.figure.spec.layout + " has no cells to write", "--sidecar", {}};
  }
  for (const Planned& file : planned(job)) {
    if (Status status = check(job, file); !status) return status;
  }
  return {};
}

Status saveSidecars(const SidecarJob& job, std::vector<OutputRecord>& outputs) {
  const std::vector<Planned> files = planned(job);
  for (const Planned& file : files) {
    if (job.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", {}, {}};
    if (Status status = save(job, file, outputs); !status) return status;
  }
  return {};
}

std::string captionOf(const Evaluation& evaluation, const FigureSpec& spec, const DrawnFigure& drawn) {
  return figureCaption(evaluation, spec, drawn);
}

}  // namespace headlight
