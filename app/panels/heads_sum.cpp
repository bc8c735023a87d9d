#include <algorithm>
#include <cmath>

#include "app/panels/heads_tab.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kOutputsOf = std::uint64_t{2} << 20;
constexpr std::uint64_t kProjections = std::uint64_t{3} << 20;
constexpr std::uint64_t kContributions = std::uint64_t{4} << 20;
constexpr std::uint64_t kOutput = std::uint64_t{5} << 20;

double largestOf(std::span<const float> values) {
  double largest = 0;
  for (const float value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
  }
  return largest;
}

std::string percent(double share) {
  return (share >= 0 ? "+" : "") + fixed(100 * share, 1) + " %";
}

/// "1e−7": what is too small for decimals; "0".
std::string tiny(double value) {
  if (!std::isfinite(value)) return fixed(value, 0);
  if (value == 0) return "0";
  const auto power = static_cast<int>(std::floor(std::log10(std::abs(value))));
  if (power >= -3) return fixed(value, 3);
  const auto digit = static_cast<int>(std::lround(value / std::pow(10.0, power)));
  const bool carried = digit == 10;
  return std::to_string(carried ? 1 : digit) + "e" + wholeNumber(carried ? power + 1 : power);
}

class HeadSum {
 public:
  HeadSum(Panel& p, const HeadsScene& scene, std::shared_ptr<const HeadContributions> made)
      : p_(p), ui_(p.ui), scene_(scene), made_(std::move(made)) {}

  float draw(float y) {
    y = heading(y);
    y = outputs(y);
    y = projections(y);
    y = contributions(y);
    y = shares(y);
    y = whole(y);
    return parts(y);
  }

 private:
  float heading(float y) {
    const float baseline = y + ui_.u(12);
    const auto heads = static_cast<int>(made_->heads.size());
    const std::string word = shortened(ui_, Role::labelStrong, queryLabel(p_, scene_.row), ui_.u(120));
    const std::string title = "Glue, project, add: the row “" + word + "”";
    sectionHead(ui_, scene_.left, baseline, title);
    // Each row of strips has a scale of its own; the bar says which end is which.
    const float barWidth = ui_.u(70);
    const float barLeft = scene_.right - barWidth - ui_.u(12);
    text(ui_, Role::numMicro, barLeft - ui_.u(12), baseline, ui_.c.t2, "−");
    text(ui_, Role::numMicro, scene_.right - ui_.u(8), baseline, ui_.c.t2, "+");
    const Colormap& map = shownColormap(p_, Stage::headOutput);
    for (int n = 0; n < static_cast<int>(barWidth); ++n) {
      const auto index = static_cast<std::size_t>(n * 256 / static_cast<int>(barWidth));
      const float x = barLeft + static_cast<float>(n);
      fill({x, baseline - ui_.u(8), x + 1, baseline}, toColour(map.colours[index]));
    }
    float right = barLeft - ui_.u(24);
    const std::string_view scales = "each row of strips has its own ± scale";
    const float scalesWidth = textWidth(ui_, Role::micro, scales);
    const float x = scene_.left + textWidth(ui_, Role::labelStrong, title) + ui_.u(14);
    if (right - scalesWidth > x) {
      text(ui_, Role::micro, right - scalesWidth, baseline, ui_.c.t2, scales);
      right -= scalesWidth + ui_.u(14);
    }
    std::string formula = "z_0 W_O^0";
    if (heads > 1) {
      const std::string last = std::to_string(heads - 1);
      formula = "concat(z_0 … z_{" + last + "}) · W_O = z_0 W_O^0 + … + z_{" + last + "} W_O^{" + last + "}";
    }
    if (!made_->bias.empty()) formula += " + b_O";
    if (x + mathWidth(ui_, Role::micro, formula) <= right)
      math(ui_, Role::micro, x, baseline, ui_.c.t2, formula);
    return baseline + ui_.m(10, 14);
  }

  void label(const Box& row, std::string_view markup, bool strong = false) {
    const Role role = strong ? Role::strong : Role::body;
    math(ui_, role, scene_.left, centredBaseline(ui_, role, row.y0, row.y1), strong ? ui_.c.t1 : ui_.c.t2,
         markup);
  }

  Box rowAt(float y, float height) const {
    return {scene_.columnsLeft, y, scene_.columnsRight(), y + height};
  }
  Box columnAt(int column, const Box& row) const {
    return {scene_.x(column), row.y0, scene_.x(column) + scene_.columnWidth, row.y1};
  }
  const HeadPart& part(int column) const {
    return made_->heads[static_cast<std::size_t>(scene_.head(column))];
  }

  float outputs(float y) {
    double largest = 0;
    for (const HeadPart& one : made_->heads) largest = std::max(largest, largestOf(one.headOutput));
    const auto look = signedLook(p_, kOutputsOf, largest);
    const Box row = rowAt(y, ui_.m(12, 16));
    label(row, "z_h");
    for (int column = 0; column < scene_.columns; ++column) {
      drawNumberStrip(p_, kOutputsOf + static_cast<std::uint64_t>(scene_.head(column)), made_,
                      part(column).headOutput, look, columnAt(column, row));
    }
    return row.y1 + ui_.m(6, 10);
  }

  /// The rows of W_O that z_h meets: pooled where there are more columns than px.
  float projections(float y) {
    const Sizes& sizes = scene_.evaluation->run->sizes;
    const Box row = rowAt(y, ui_.m(28, 40));
    label(row, "· W_O slice");
    int level = 0;
    const auto texels = [&](std::int64_t n) { return static_cast<float>((n + (1 << level) - 1) >> level); };
    while (level < 20 && (texels(sizes.dModel) > scene_.columnWidth || texels(sizes.dV) > row.height()))
      ++level;
    const int sx = std::max(1, static_cast<int>(scene_.columnWidth / texels(sizes.dModel)));
    const int sy = std::max(1, static_cast<int>(row.height() / texels(sizes.dV)));
    for (int column = 0; column < scene_.columns; ++column) {
      const auto head = static_cast<std::uint64_t>(scene_.head(column));
      const auto slice = p_.session.projectionSlice(scene_.head(column), level);
      const Box box = columnAt(column, row);
      if (!slice || !slice->tile) {
        frame(box, ui_.c.line);
        continue;
      }
      constexpr double kSpreads = 2.5;  // as far as the colours reach, like the strip's 96 %
      drawTile(p_, kProjections + head, slice->tile, signedLook(p_, kProjections, kSpreads * slice->spread),
               box.min(), 1, sx, sy);
    }
    return row.y1 + ui_.m(6, 10);
  }

  float contributions(float y) {
    double largest = 0;
    for (const HeadPart& one : made_->heads) largest = std::max(largest, largestOf(one.contribution));
    const auto look = signedLook(p_, kContributions, largest);
    const Box row = rowAt(y, ui_.m(12, 16));
    label(row, "z_h W_O^h");
    for (int column = 0; column < scene_.columns; ++column) {
      const Box box = columnAt(column, row);
      drawNumberStrip(p_, kContributions + static_cast<std::uint64_t>(scene_.head(column)), made_,
                      part(column).contribution, look, box);
      if (scene_.first + column + 1 < static_cast<int>(scene_.order.size())) {
        const float width = textWidth(ui_, Role::micro, "+");
        text(ui_, Role::micro, box.x1 + (scene_.gap - width) / 2,
             centredBaseline(ui_, Role::micro, row.y0, row.y1), ui_.c.t2, "+");
      }
    }
    return row.y1;
  }

  float shares(float y) {
    const Box row = rowAt(y, ui_.m(20, 24));
    label(row, "share of y");
    for (int column = 0; column < scene_.columns; ++column) {
      const auto share = part(column).share;
      const bool chosen = scene_.head(column) == scene_.selected;
      const Role role = chosen ? Role::numStrong : Role::num;
      numText(ui_, scene_.x(column) + scene_.columnWidth, centredBaseline(ui_, role, row.y0, row.y1),
              ui_.c.t1, share ? percent(*share) : "–", role);
    }
    return row.y1 + ui_.m(4, 8);
  }

  float whole(float y) {
    const Box row = rowAt(y, ui_.m(14, 20));
    const std::string word = shortened(ui_, Role::strong, queryLabel(p_, scene_.row), ui_.m(28, 52));
    const float baseline = centredBaseline(ui_, Role::strong, row.y0, row.y1);
    text(ui_, Role::strong, scene_.left, baseline, ui_.c.t1, "= y(" + word + ")");
    drawNumberStrip(p_, kOutput, made_, made_->output, signedLook(p_, kOutput, largestOf(made_->output)),
                    row);
    return row.y1 + ui_.m(6, 10);
  }

  /// The shares of all heads as pieces of one bar; what works against y lies left of the line.
  float parts(float y) {
    const Box row = rowAt(y, ui_.m(18, 20));
    label(row, "parts of y");
    struct Piece {
      std::string name;
      double share = 0;
      bool chosen = false;
    };
    std::vector<Piece> pieces;
    double against = 0;
    double with = 0;
    const auto add = [&](std::string name, std::optional<double> share, bool chosen) {
      if (!share || !std::isfinite(*share)) return;
      pieces.push_back({std::move(name), *share, chosen});
      (*share < 0 ? against : with) += std::abs(*share);
    };
    for (const int head : scene_.order) {
      add(std::to_string(head), made_->heads[static_cast<std::size_t>(head)].share, head == scene_.selected);
    }
    add("b", made_->biasShare, false);
    if (pieces.empty() || !(with + against > 0)) {
      textIn(ui_, Role::micro, row, Align::left, ui_.c.t2, "y is 0 or no number: it has no parts");
      return row.y1 + ui_.u(8);
    }
    const double unit = static_cast<double>(row.width()) / (with + against);
    const double zero = static_cast<double>(row.x0) + against * unit;
    double left = zero;
    double right = zero;
    for (const Piece& piece : pieces) {
      const double width = std::abs(piece.share) * unit;
      double& edge = piece.share < 0 ? left : right;
      const double from = piece.share < 0 ? edge - width : edge;
      edge += piece.share < 0 ? -width : width;
      const Box box{std::round(static_cast<float>(from)), row.y0,
                    std::round(static_cast<float>(from + width)), row.y1};
      if (box.width() < 1) continue;
      const float gap = box.width() > ui_.u(4) ? std::max(1.0f, ui_.u(1)) : 0;
      fill({box.x0, box.y0, box.x1 - gap, box.y1}, piece.chosen ? mixed(ui_.c.s3, ui_.c.v, 0.5f) : ui_.c.s3);
      if (textWidth(ui_, Role::labelStrong, piece.name) + ui_.u(8) <= box.width())
        textIn(ui_, Role::labelStrong, box, Align::centre, ui_.c.t1, piece.name);
    }
    if (against > 0) {
      const float x = std::round(static_cast<float>(zero));
      fill({x - ui_.u(1), row.y0 - ui_.u(3), x + ui_.u(1), row.y1 + ui_.u(3)}, ui_.c.t1);
    }
    return words(row.y1 + ui_.u(16));
  }

  float words(float baseline) {
    std::string sum = "the shares add up to " + fixed(100 * made_->shareSum, 1) + " %";
    if (made_->biasShare) sum += ", of them b_O " + percent(*made_->biasShare);
    const float end = math(ui_, Role::micro, scene_.columnsLeft, baseline, ui_.c.t2, sum);
    const std::string same = "glued or added, same y: largest difference " + tiny(made_->largestDifference);
    const float width = textWidth(ui_, Role::micro, same);
    const float right = scene_.columnsRight();
    if (end + ui_.u(16) + width <= right) {
      text(ui_, Role::micro, right - width, baseline, ui_.c.t2, same);
      return baseline + ui_.u(4);
    }
    textIn(ui_, Role::micro, {scene_.columnsLeft, baseline + ui_.u(6), right, baseline + ui_.u(22)},
           Align::left, ui_.c.t2, same);
    return baseline + ui_.u(20);
  }

  Panel& p_;
  Ui& ui_;
  const HeadsScene& scene_;
  std::shared_ptr<const HeadContributions> made_;
};

}  // namespace

float drawHeadSum(Panel& p, const HeadsScene& scene, float y) {
  Ui& ui = p.ui;
  const Run& run = *scene.evaluation->run;
  if (!run.has(Stage::output)) {
    sectionHead(ui, scene.left, y + ui.u(12), "Glue, project, add");
    return paragraph(ui, Role::body, scene.left, y + ui.u(34), scene.right - scene.left, ui.u(18), ui.c.t2,
                     "Nothing to be added up here: " + absence(run, Stage::output) + ".");
  }
  auto made = p.session.headContributions(scene.row);
  if (!made || made->heads.size() != scene.order.size()) {
    sectionHead(ui, scene.left, y + ui.u(12), "Glue, project, add");
    text(ui, Role::micro, scene.columnsLeft, y + ui.u(34), ui.c.t2, "computing");
    return y + ui.m(170, 220);
  }
  return HeadSum(p, scene, std::move(made)).draw(y);
}

}  // namespace headlight
