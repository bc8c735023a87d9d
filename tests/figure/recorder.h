#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/figure/drawing.h"

namespace headlight::test {

/// The shapes of a drawing, by the innermost group that they stand in.
class Recorder : public Canvas {
 public:
  struct Group {
    std::vector<FilledCell> cells;
    std::vector<std::pair<std::vector<Point>, Rgb>> polygons;
    std::vector<std::string> texts;
    std::size_t hatchLines = 0;
  };
  std::map<std::string, Group> groups;

  explicit Recorder(const Drawing& drawing) { drawing.replay(*this); }

  void cells(std::span<const FilledCell> all) override {
    auto& into = here().cells;
    into.insert(into.end(), all.begin(), all.end());
  }
  void lines(std::span<const Segment> all, double, Rgb) override {
    if (clipped_) here().hatchLines += all.size();
  }
  void polygon(std::span<const Point> corners, Rgb colour) override {
    here().polygons.push_back({{corners.begin(), corners.end()}, colour});
  }
  void dots(std::span<const Point>, double, Rgb) override {}
  void image(const Rect&, const Picture&) override {}
  void text(Point, const Text& text, Anchor, bool) override { here().texts.push_back(text.plain()); }
  void pushClip(const Rect&) override { clipped_ = true; }
  void popClip() override { clipped_ = false; }
  void beginGroup(std::string_view name) override { names_.emplace_back(name); }
  void endGroup() override { names_.pop_back(); }

 private:
  Group& here() { return groups[names_.empty() ? "" : names_.back()]; }

  std::vector<std::string> names_;
  bool clipped_ = false;
};

/// All texts of a page, a line each.
inline std::string textsOf(const Drawing& drawing) {
  std::string all;
  for (const PlacedText& text : drawing.texts()) all += text.text.plain() + "\n";
  return all;
}

}  // namespace headlight::test
