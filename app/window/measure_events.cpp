#include "app/window/measure_events.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include <epoxy/gl.h>
#include <sys/resource.h>

#include "app/window/main_window.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr int kEvents = 300;
constexpr double kPatience = 60;
/// A result that comes home ends a wait by itself, as in the window.
constexpr double kPoll = 0.005;

class Events {
 public:
  Events(MainWindow& window, int width, int height) : window_(window), target_(width, height) {
    window_.session().settings().reducedMotion = true;  // a cross-fade is no waiting
    window_.drawUntilSettled(&target_, kPatience);
  }

  Session& session() { return window_.session(); }
  const Registry& registry() { return window_.frame().registry(); }
  void point(float x, float y, bool down = false) { window_.setPointer(x, y, down); }
  bool settle() { return window_.drawUntilSettled(&target_, kPatience); }

  /// Draws one frame to its end.
  void draw() {
    window_.draw(&target_);
    glFinish();
  }

  /// Milliseconds from `event` until a frame was drawn while `there`; negative when it never was. `known`:
  /// what may be there without anything coming home, as what is still kept from before.
  double until(const std::function<void()>& event, const std::function<bool()>& there,
               const std::function<bool()>& known = {}) {
    const double begin = window_.now();
    event();
    bool due = true;
    while (window_.now() - begin < kPatience) {
      if (due) {
        const bool last = there();
        draw();
        if (last || (window_.answered() && there())) return (window_.now() - begin) * 1e3;
      }
      // What came home while the frame was drawn needs no event to wait for.
      due = window_.collectNow() || (known && known());
      if (!due) window_.wait(kPoll);
    }
    return -1;
  }

  /// Milliseconds from `event` until a frame was drawn to which nothing is missing.
  double untilShown(
      const std::function<void()>& event, const std::function<bool()>& also = [] { return true; }) {
    const double begin = window_.now();
    event();
    bool due = true;
    while (window_.now() - begin < kPatience) {
      if (due) {
        draw();
        if (shown() && also()) return (window_.now() - begin) * 1e3;
      }
      due = window_.collectNow() || window_.frame().animating();
      if (!due) window_.wait(kPoll);
    }
    return -1;
  }

  /// Milliseconds of the longest frame from `event`, which belongs to the first, until all came to rest.
  double longestFrame(const std::function<void()>& event) {
    const double begin = window_.now();
    double most = 0;
    event();
    for (double from = begin; from - begin < kPatience; from = window_.now()) {
      draw();
      most = std::max(most, (window_.now() - from) * 1e3);
      if (window_.settled()) return most;
      window_.collectNow();
      window_.wait(0.002);
    }
    return -1;
  }

  bool run(const std::string& command) { return window_.frame().run(command); }

  /// All of the newest request is home.
  bool current() {
    const auto evaluation = session().evaluation();
    return !session().busy() && evaluation && sameNumbers(evaluation->experiment, session().experiment());
  }
  /// The last frame shows the numbers of the document in all its maps.
  bool shown() { return current() && window_.mapsShown(); }

 private:
  MainWindow& window_;
  Offscreen target_;
};

double percentile(const std::vector<double>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(last * share))];
}

double megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

Status tell(std::vector<double> times, const std::string& more = "") {
  std::erase_if(times, [](double ms) { return ms < 0; });
  if (times.empty()) return Error{ErrorCode::failed, "nothing was measured", {}, {}};
  std::sort(times.begin(), times.end());
  std::fprintf(stderr, "measure: p50=%.2f p99=%.2f most=%.2f events=%zu mb=%.0f%s\n", percentile(times, 0.5),
               percentile(times, 0.99), times.back(), times.size(), megabytes(), more.c_str());
  return {};
}

Status drag(Events& events, const std::string& id) {
  const ParameterInfo* row = parameter(id);
  const auto before = get(events.session().experiment(), id);
  if (row == nullptr) return Error{ErrorCode::usage, "no parameter is called " + id, {}, {}};
  const auto evaluation = events.session().evaluation();
  if (!evaluation) return Error{ErrorCode::failed, "there are no numbers", {}, {}};
  std::vector<Value> stops;
  if (id == "shape.heads") {
    stops = {Value(std::int64_t{4}), Value(std::int64_t{8})};
  } else if (row->key.type == KeyType::integer) {
    const std::int64_t now = id == "shape.d_k" ? evaluation->run->sizes.dK : std::int64_t{8};
    stops = {Value(now - 1), Value(now)};
  } else {
    stops = {Value(0.9), Value(1.0)};
  }
  std::vector<double> times;
  for (int i = 0; i < kEvents; ++i) {
    const Value& next = stops[static_cast<std::size_t>(i) % stops.size()];
    times.push_back(events.untilShown([&] { events.session().change(id, next, Phase::live); }));
  }
  events.session().commit();
  return tell(std::move(times));
}

Status hover(Events& events) {
  const Registry::Control* map = events.registry().find("stage");
  if (map == nullptr) return Error{ErrorCode::failed, "there is no map", {}, {}};
  const Box box = map->box;
  events.session().pin(std::nullopt);
  std::vector<double> times;
  for (int i = 0; i < kEvents; ++i) {
    // Places that share no row or column with the one before.
    const float x = box.x0 + box.width() * std::fmod(0.05f + 0.618034f * static_cast<float>(i), 0.98f);
    const float y = box.y0 + box.height() * std::fmod(0.11f + 0.7548777f * static_cast<float>(i), 0.98f);
    const auto before = events.session().hovered();
    const auto there = [&] {
      const auto cell = events.session().hovered();
      if (!cell || cell == before) return false;
      return events.session().explanation(events.session().explainedStage(), events.session().view().head,
                                          *cell) != nullptr;
    };
    times.push_back(events.until([&] { events.point(x, y); }, there, there));
  }
  return tell(std::move(times));
}

Status pick(Events& events, bool heads) {
  const auto evaluation = events.session().evaluation();
  if (!evaluation) return Error{ErrorCode::failed, "there are no numbers", {}, {}};
  const std::vector<Stage> stages = events.session().stagesShown();
  const int count = heads ? evaluation->run->sizes.heads : static_cast<int>(stages.size());
  std::vector<double> times;
  for (int i = 0; i < kEvents; ++i) {
    const int next = (i + 1) % count;
    const auto event = [&] {
      if (heads) {
        events.session().selectHead(next);
      } else {
        events.session().selectStage(stages[static_cast<std::size_t>(next)]);
      }
    };
    times.push_back(events.untilShown(event));
  }
  return tell(std::move(times));
}

Status zoom(Events& events) {
  std::vector<double> first;
  std::vector<double> sharp;
  bool inwards = true;
  for (int i = 0; i < kEvents; ++i) {
    if (i % 12 == 0 && i > 0) inwards = !inwards;
    const ViewRequest request = inwards ? ViewRequest::zoomIn : ViewRequest::zoomOut;
    first.push_back(events.until([&] { events.session().requestView(request); }, [] { return true; }));
    const double rest = events.shown() ? 0 : events.untilShown([] {});
    if (rest >= 0) sharp.push_back(first.back() + rest);
  }
  std::sort(sharp.begin(), sharp.end());
  std::string more;
  if (!sharp.empty()) {
    char text[64];
    std::snprintf(text, sizeof text, " sharp50=%.2f sharp99=%.2f", percentile(sharp, 0.5),
                  percentile(sharp, 0.99));
    more = text;
  }
  return tell(std::move(first), more);
}

Status pan(Events& events) {
  const Registry::Control* map = events.registry().find("stage");
  if (map == nullptr) return Error{ErrorCode::failed, "there is no map", {}, {}};
  const Box box = map->box;
  for (int step = 0; step < 3; ++step) events.session().requestView(ViewRequest::zoomIn), events.settle();
  std::vector<double> times;
  float x = box.centreX();
  float y = box.centreY();
  events.point(x, y);
  events.settle();
  events.point(x, y, true);
  events.draw();
  for (int i = 0; i < kEvents; ++i) {
    const float direction = i / 40 % 2 == 0 ? -1.0f : 1.0f;
    x += 3 * direction;
    y += 2 * direction;
    times.push_back(events.until([&] { events.point(x, y, true); }, [] { return true; }));
  }
  events.point(x, y, false);
  events.draw();
  return tell(std::move(times));
}

/// From the file's name to a window that shows all of it, every thumbnail included.
Status open(Events& events, const std::string& path) {
  constexpr int kTimes = 9;
  std::vector<double> times;
  for (int i = 0; i < kTimes; ++i) {
    events.session().newDocument();
    events.settle();
    times.push_back(events.untilShown([&] { events.session().openFile(path); },
                                      [&] { return events.session().path() == path; }));
  }
  return tell(std::move(times));
}

/// The longest frame while the interface goes to another scale and back, or presentation mode is entered.
Status reface(Events& events, bool present) {
  constexpr int kTimes = 9;
  const double before = events.session().settings().uiScale;
  std::vector<double> times;
  for (int i = 0; i < kTimes; ++i) {
    // Sizes that were not there yet: what was drawn before is kept.
    const double fresh = 0.01 * i;
    events.session().settings().uiScale = 1 + fresh;
    if (!events.settle()) break;
    if (!present) {
      times.push_back(events.longestFrame([&] { events.session().settings().uiScale = 1.5 + fresh; }));
      continue;
    }
    times.push_back(events.longestFrame([&] { events.run("view.present"); }));
    events.run("view.present");
  }
  events.session().settings().uiScale = before;
  events.settle();
  return tell(std::move(times));
}

}  // namespace

Status measureEvents(MainWindow& window, const std::string& kind) {
  const bool refaces = kind == "present" || kind == "scale";
  Events events(window, refaces ? 1920 : 1280, refaces ? 1080 : 720);
  if (kind == "frame") {
    std::vector<double> times(kEvents);
    for (double& ms : times) ms = events.until([] {}, [] { return true; });
    return tell(std::move(times));
  }
  if (kind.rfind("drag=", 0) == 0) return drag(events, kind.substr(5));
  if (kind == "hover") return hover(events);
  if (kind == "head" || kind == "stage") return pick(events, kind == "head");
  if (kind == "zoom") return zoom(events);
  if (kind == "pan") return pan(events);
  if (kind.rfind("open=", 0) == 0) return open(events, kind.substr(5));
  if (refaces) return reface(events, kind == "present");
  return Error{
      ErrorCode::usage,
      "\"measure." + kind +
          "\" is not measured: frame, drag=PARAMETER, hover, head, stage, zoom, pan, present, scale, "
          "open=FILE are",
      {},
      {}};
}

}  // namespace headlight
