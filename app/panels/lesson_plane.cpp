#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/lesson_parts.h"
#include "app/panels/map_image.h"
#include "app/panels/present.h"
#include "app/panels/states.h"
#include "app/widgets/controls.h"
#include "app/widgets/keys.h"
#include "app/widgets/slider.h"
#include "core/analysis/convex_hull.h"
#include "core/base/number.h"

namespace headlight {
namespace {

using Point = PlanePoint;

constexpr double kGrid = 0.1;
constexpr double kReach = 5.5;
constexpr std::int64_t kMostKeys = 12;

/// Of a float32: as it would be typed.
double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

double snapped(double value) {
  const double steps = std::round(value / kGrid);
  return steps == 0 ? 0 : steps / std::round(1 / kGrid);
}

/// X · W_Q with the identity above zeros: the query's two numbers are the first two of X.
bool queryIsInput(const Run& run) {
  const auto& linear = run.inputs.wQ.value;
  if (!linear || linear->weight.rows() < 2 || linear->weight.cols() != 2) return false;
  for (std::int64_t i = 0; i < linear->weight.rows(); ++i) {
    for (std::int64_t j = 0; j < 2; ++j) {
      if (linear->weight(i, j) != (i == j ? 1.0f : 0.0f)) return false;
    }
  }
  return true;
}

/// A plane of `reach` units about its middle.
struct Plane {
  Box box;
  double reach = kReach;

  float unit() const { return std::min(box.width(), box.height()) / static_cast<float>(2 * reach); }
  ImVec2 at(const Point& point) const {
    return {std::round(box.centreX() + static_cast<float>(point[0]) * unit()),
            std::round(box.centreY() - static_cast<float>(point[1]) * unit())};
  }
  Point from(ImVec2 px) const {
    return {static_cast<double>((px.x - box.centreX()) / unit()),
            static_cast<double>((box.centreY() - px.y) / unit())};
  }
};

class LessonPlane {
 public:
  LessonPlane(Panel& p, const Box& box)
      : p_(p),
        slide_(presenting(p)),
        mayDrag_(slide_ || !asksStill(p.session.lessons())),
        ui_(p.ui),
        box_(box),
        room_(p.state.part<LessonRoom>()),
        run_(p.session.evaluation()->run) {
    const Projected& projected = *run_->projected.value;
    keys_ = pointsOf(projected.k[0]);
    values_ = pointsOf(projected.v[0]);
    query_ = pointsOf(projected.q[0]).front();
    if (room_.dragged) query_ = {room_.dragged->first, room_.dragged->second};
  }

  void draw() {
    const Region region(ui_, "plane", box_, ui_.c.s0, kOrderStage, false);
    const float pad = slide_ ? 0 : ui_.m(24, 32);
    const float foot = ui_.u(60);
    const float gap = ui_.u(28);
    const float each = std::floor((box_.width() - 2 * pad - gap) / 2);
    const Box left{box_.x0 + pad, box_.y0 + ui_.u(56), box_.x0 + pad + each, box_.y1 - foot};
    const Box right = left.moved(each + gap, 0);
    titles(left, "Query and keys",
           slide_     ? "drag the query"
           : mayDrag_ ? "drag the query, or arrow keys"
                      : "");
    titles(right, "Values and output", "output = Σ weight · value");
    read();
    keyPlane({left, reachOf(keys_, kReach)});
    valuePlane({right, reachOf(values_, 2)});
    fields({left.x0, left.y1 + ui_.u(14), left.x1, left.y1 + ui_.u(44)});
    numbers({right.x0, right.y1 + ui_.u(14), right.x1, right.y1 + ui_.u(44)});
    drawBusyBar(p_);
  }

 private:
  static std::vector<Point> pointsOf(const Matrix& matrix) {
    std::vector<Point> points;
    for (std::int64_t i = 0; i < std::min(matrix.rows(), kMostKeys); ++i)
      points.push_back({static_cast<double>(matrix(i, 0)), static_cast<double>(matrix(i, 1))});
    return points;
  }

  static double reachOf(const std::vector<Point>& points, double least) {
    double reach = least;
    for (const Point& point : points)
      reach = std::max({reach, std::abs(point[0]) * 1.2, std::abs(point[1]) * 1.2});
    return reach;
  }

  void titles(const Box& plane, std::string_view title, std::string_view words) {
    const float baseline = box_.y0 + ui_.u(38);
    const float end = text(ui_, Role::strong, plane.x0, baseline, ui_.c.t1, title) + ui_.u(12);
    if (end + textWidth(ui_, Role::micro, words) <= plane.x1)
      text(ui_, Role::micro, end, baseline, ui_.c.t2, words);
  }

  /// Weights and output of the query, from the newest numbers.
  void read() {
    const auto weights = p_.session.tile(Stage::weights, 0, 0, 0, 0);
    const auto output = p_.session.tile(Stage::headOutput, 0, 0, 0, 0);
    if (!weights || !output) ui_.stayAwake(0.05);
    if (weights && !weights->extreme.empty()) {
      const auto count = std::min(keys_.size(), static_cast<std::size_t>(weights->cols));
      for (std::size_t j = 0; j < count; ++j) weights_.push_back(static_cast<double>(weights->extreme[j]));
    }
    if (output && output->extreme.size() >= 2)
      output_ = Point{static_cast<double>(output->extreme[0]), static_cast<double>(output->extreme[1])};
  }

  void ground(const Plane& plane) {
    fill(plane.box, ui_.c.s1);
    frame(plane.box, ui_.c.line, ui_.u(1));
    canvas()->PushClipRect(plane.box.min(), plane.box.max(), true);
    const ImVec2 zero = plane.at({0, 0});
    horizontal(plane.box.x0, plane.box.x1, zero.y, ui_.c.line, ui_.u(1));
    vertical(zero.x, plane.box.y0, plane.box.y1, ui_.c.line, ui_.u(1));
  }

  void arrow(const Plane& plane, const Point& to, ImU32 colour, float thickness) {
    const ImVec2 a = plane.at({0, 0});
    const ImVec2 b = plane.at(to);
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (length >= 1) canvas()->AddLine(a, b, colour, thickness);
    if (length < ui_.u(6)) return;
    const float ux = (b.x - a.x) / length;
    const float uy = (b.y - a.y) / length;
    const float head = ui_.u(9);
    const ImVec2 base{b.x - ux * head, b.y - uy * head};
    const float half = head * 0.5f;
    canvas()->AddTriangleFilled(b, {base.x - uy * half, base.y + ux * half},
                                {base.x + uy * half, base.y - ux * half}, colour);
  }

  /// Above or below a point, clear of its disc.
  void name(const Plane& plane, const Point& of, ImU32 colour, const std::string& words, float radius) {
    const ImVec2 at = plane.at(of);
    const float width = textWidth(ui_, Role::strong, words);
    const float x = std::clamp(at.x - width / 2, plane.box.x0 + ui_.u(4), plane.box.x1 - width - ui_.u(4));
    const float y = std::clamp(of[1] < 0 ? at.y + radius + ui_.u(16) : at.y - radius - ui_.u(8),
                               plane.box.y0 + ui_.u(16), plane.box.y1 - ui_.u(8));
    tag(x, y, colour, words);
  }

  /// On the ground of the plane, so that no axis runs through them.
  void tag(float x, float y, ImU32 colour, const std::string& words) {
    const float width = textWidth(ui_, Role::strong, words);
    x = std::round(x);
    y = std::round(y);
    fill({x - ui_.u(2), y - ui_.u(11), x + width + ui_.u(2), y + ui_.u(3)}, ui_.c.s1);
    text(ui_, Role::strong, x, y, colour, words);
  }

  /// Beyond the end of its arrow, so that names of short arrows stay apart.
  void keyName(const Plane& plane, const Point& key, const std::string& words) {
    const double length = std::hypot(key[0], key[1]);
    const ImVec2 at = plane.at(key);
    const float width = textWidth(ui_, Role::strong, words);
    const float capital = ui_.fonts->face(Role::strong).capital;
    float x = at.x - width - ui_.u(8);
    float y = at.y + ui_.u(20);
    if (length > 1e-9) {
      const auto ux = static_cast<float>(key[0] / length);
      const auto uy = static_cast<float>(-key[1] / length);
      x = at.x + ux * (ui_.u(10) + width / 2) - width / 2;
      y = at.y + uy * ui_.u(16) + capital / 2;
      if (std::abs(uy) < 0.5f) y += ui_.u(12);
    }
    tag(x, y, ui_.c.k, words);
  }

  void queryName(const Plane& plane, const Point& query) {
    const ImVec2 at = plane.at(query);
    const float width = textWidth(ui_, Role::strong, "query");
    const bool right = at.x + ui_.u(16) + width < plane.box.x1;
    const float above =
        std::clamp(at.x - width / 2, plane.box.x0 + ui_.u(4), plane.box.x1 - width - ui_.u(4));
    const float x = right ? at.x + ui_.u(14) : above;
    const float y =
        std::clamp(at.y - ui_.u(right ? 8 : 16), plane.box.y0 + ui_.u(16), plane.box.y1 - ui_.u(8));
    tag(x, y, ui_.c.q, "query");
  }

  void keyPlane(const Plane& plane) {
    drag(plane);
    ground(plane);
    for (std::size_t j = 0; j < keys_.size(); ++j) {
      arrow(plane, keys_[j], ui_.c.k, std::max(1.0f, ui_.scale * 2));
      keyName(plane, keys_[j], "key " + keyLabel(p_, static_cast<std::int64_t>(j), 8));
    }
    const Point shown{std::clamp(query_[0], -plane.reach, plane.reach),
                      std::clamp(query_[1], -plane.reach, plane.reach)};
    arrow(plane, shown, ui_.c.q, std::max(1.0f, ui_.scale * 3));
    const ImVec2 at = plane.at(shown);
    canvas()->AddCircleFilled(at, ui_.u(8), ui_.c.q, 28);
    canvas()->AddCircle(at, ui_.u(8), ui_.c.s1, 28, std::max(1.0f, ui_.scale * 2));
    queryName(plane, shown);
    canvas()->PopClipRect();
    focusRing(ui_, "lesson.plane", plane.box, 0);
  }

  void valuePlane(const Plane& plane) {
    ground(plane);
    std::vector<ImVec2> corners;
    for (const Point& point : convexHull(values_)) corners.push_back(plane.at(point));
    if (corners.size() >= 3) {
      canvas()->AddConvexPolyFilled(corners.data(), static_cast<int>(corners.size()),
                                    withAlpha(ui_.c.v, 0.14f));
      canvas()->AddPolyline(corners.data(), static_cast<int>(corners.size()), ui_.c.v, ImDrawFlags_Closed,
                            std::max(1.0f, ui_.scale));
    }
    for (std::size_t j = 0; j < values_.size(); ++j) {
      const ImVec2 at = plane.at(values_[j]);
      const double weight = j < weights_.size() ? std::clamp(weights_[j], 0.0, 1.0) : 0;
      const float radius = ui_.u(4) + static_cast<float>(std::sqrt(weight)) * ui_.u(10);
      canvas()->AddCircleFilled(at, radius, ui_.c.v, 32);
      name(plane, values_[j], ui_.c.v, "value " + keyLabel(p_, static_cast<std::int64_t>(j), 8), radius);
    }
    if (output_) {
      const ImVec2 at = plane.at(*output_);
      canvas()->AddCircleFilled(at, ui_.u(8), ui_.c.s1, 28);
      canvas()->AddCircleFilled(at, ui_.u(6), ui_.c.t1, 28);
      const float width = textWidth(ui_, Role::strong, "output");
      const float x = at.x + ui_.u(12) + width < plane.box.x1 ? at.x + ui_.u(12) : at.x - ui_.u(12) - width;
      const float baseline = std::round(at.y - ui_.u(10));
      text(ui_, Role::strong, std::round(x), baseline, ui_.c.t1, "output");
    }
    canvas()->PopClipRect();
  }

  /// The query follows the pointer; arrows nudge it.
  void drag(const Plane& plane) {
    if (!mayDrag_) return;
    const Press press = pressable(ui_, "lesson.plane", plane.box);
    if (press.held && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
      const Point to = plane.from(ImGui::GetIO().MousePos);
      const std::pair next{snapped(std::clamp(to[0], -plane.reach, plane.reach)),
                           snapped(std::clamp(to[1], -plane.reach, plane.reach))};
      if (!room_.dragged || *room_.dragged != next) {
        room_.dragged = next;
        set({next.first, next.second}, Phase::live);
      }
      query_ = {next.first, next.second};
    } else if (room_.dragged) {
      room_.dragged.reset();
      p_.session.commit();
    }
    if (slide_ || !press.focused || !ui_.focus.is("lesson.plane")) return;
    for (const auto& [key, x, y] :
         {std::tuple{kKeyLeft, -1, 0}, {kKeyRight, 1, 0}, {kKeyUp, 0, 1}, {kKeyDown, 0, -1}}) {
      double step = 0;
      if (ui_.take(key)) step = kGrid;
      if (ui_.take(key, kShift)) step = 10 * kGrid;
      if (step > 0) set({snapped(query_[0] + x * step), snapped(query_[1] + y * step)}, Phase::done);
    }
  }

  void set(const Point& to, Phase phase) {
    const bool input = queryIsInput(*run_);
    List edits;
    for (const CellEdit& edit : p_.session.experiment().edits) {
      const bool ours =
          input ? edit.stage == "input" && edit.at.size() == 2 && edit.at[0] == 0 && edit.at[1] < 2
                : edit.stage == "q" && edit.at.size() == 3 && edit.at[0] == 0 && edit.at[1] == 0;
      if (!ours) edits.push_back(made(edit.stage, edit.at, edit.value));
    }
    for (std::int64_t axis = 0; axis < 2; ++axis) {
      const std::vector<std::int64_t> at =
          input ? std::vector<std::int64_t>{0, axis} : std::vector<std::int64_t>{0, 0, axis};
      edits.push_back(made(input ? "input" : "q", at, rounded(to[static_cast<std::size_t>(axis)])));
    }
    p_.session.change("edits", Value(std::move(edits)), phase);
  }

  static Value made(const std::string& stage, const std::vector<std::int64_t>& at, double value) {
    Object edit;
    edit.emplace_back("stage", Value(stage));
    edit.emplace_back("at", Value(List(at.begin(), at.end())));
    edit.emplace_back("value", Value(value));
    return Value(std::move(edit));
  }

  /// The query's two numbers, to be typed.
  void fields(const Box& box) {
    float x =
        text(ui_, Role::body, box.x0, centredBaseline(ui_, Role::body, box.y0, box.y1), ui_.c.t2, "query") +
        ui_.u(10);
    if (slide_) {
      text(ui_, Role::numStrong, x, centredBaseline(ui_, Role::numStrong, box.y0, box.y1), ui_.c.t1,
           fixed(query_[0], 2) + "  " + fixed(query_[1], 2));
      return;
    }
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const Box field = Box::at(x, box.centreY() - ui_.u(12), ui_.u(70), ui_.u(24));
      const NumberEvent event =
          numberField(ui_, "lesson.query." + std::to_string(axis), field, query_[axis], 2, mayDrag_);
      if (event.kind == NumberEvent::Kind::set) {
        Point to = query_;
        to[axis] = event.value;
        set(to, Phase::done);
      }
      x = field.x1 + ui_.u(8);
    }
  }

  /// "a 0.867   b 0.117   c 0.016".
  void numbers(const Box& box) {
    // Their name gives way to them.
    const float named = textWidth(ui_, Role::body, "weights") + ui_.u(12);
    float needed = named - ui_.u(16);
    for (std::size_t j = 0; j < weights_.size(); ++j) {
      needed += textWidth(ui_, Role::body, keyLabel(p_, static_cast<std::int64_t>(j), 8)) +
                textWidth(ui_, Role::numStrong, fixed(weights_[j], 3)) + ui_.u(22);
    }
    float x = box.x0;
    if (needed <= box.width()) {
      text(ui_, Role::body, x, centredBaseline(ui_, Role::body, box.y0, box.y1), ui_.c.t2, "weights");
      x += named;
    }
    for (std::size_t j = 0; j < weights_.size(); ++j) {
      const std::string key = keyLabel(p_, static_cast<std::int64_t>(j), 8);
      const std::string number = fixed(weights_[j], 3);
      const float width =
          textWidth(ui_, Role::body, key) + textWidth(ui_, Role::numStrong, number) + ui_.u(6);
      if (x + width > box.x1) return;
      x = text(ui_, Role::body, x, centredBaseline(ui_, Role::body, box.y0, box.y1), ui_.c.k, key) + ui_.u(6);
      x = text(ui_, Role::numStrong, x, centredBaseline(ui_, Role::numStrong, box.y0, box.y1), ui_.c.t1,
               number) +
          ui_.u(16);
    }
  }

  Panel& p_;
  bool slide_;    ///< of a presentation, whose keys walk its steps
  bool mayDrag_;  ///< not while a question about it is open
  Ui& ui_;
  Box box_;
  LessonRoom& room_;
  std::shared_ptr<const Run> run_;
  std::vector<Point> keys_;
  std::vector<Point> values_;
  Point query_{};
  std::vector<double> weights_;
  std::optional<Point> output_;
};

}  // namespace

bool hasLessonPlane(const Panel& p) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return false;
  const Sizes& sizes = evaluation->run->sizes;
  const Projected* projected = evaluation->run->projected.value.get();
  return sizes.dK == 2 && sizes.dV == 2 && sizes.heads == 1 && sizes.queries == 1 &&
         sizes.keys <= kMostKeys && projected != nullptr && projected->q.size() == 1 &&
         projected->k.size() == 1 && projected->v.size() == 1;
}

void drawLessonPlane(Panel& p, const Box& box) {
  LessonPlane(p, box).draw();
}

}  // namespace headlight
