#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/box.h"

namespace headlight {

/// Where controls and words were drawn in the last frame, by the stable id of the control: what tests,
/// scripts and a tour point at.
class Registry {
 public:
  struct Control {
    std::string id;
    Box box;              ///< what can be hit
    int layer = 0;        ///< 0 the window, 1 what is open above it
    Box region{};         ///< what of it is in sight lies in here: the clip rectangle
    bool enabled = true;  ///< false: drawn, but it does nothing
  };
  struct Words {
    std::string text;
    Box box;     ///< of the ink: capitals' height
    Box region;  ///< what it may not leave: the clip rectangle
    int layer = 0;
    bool scrolls = false;  ///< inside a region that scrolls up and down
    ImU32 colour = 0;
  };

  void beginFrame() {
    controls_.clear();
    words_.clear();
  }
  void addControl(std::string_view id, const Box& box, int layer, bool enabled = true) {
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    controls_.push_back({std::string(id), box, layer, {low.x, low.y, high.x, high.y}, enabled});
  }
  void addWords(Words words) { words_.push_back(std::move(words)); }

  /// Null when no such control was drawn.
  const Control* find(std::string_view id) const {
    for (const Control& control : controls_) {
      if (control.id == id) return &control;
    }
    return nullptr;
  }
  const std::vector<Control>& controls() const { return controls_; }
  const std::vector<Words>& words() const { return words_; }
  /// True when some drawn text contains this.
  bool shows(std::string_view text) const {
    for (const Words& words : words_) {
      if (words.text.find(text) != std::string::npos) return true;
    }
    return false;
  }

 private:
  std::vector<Control> controls_;
  std::vector<Words> words_;
};

}  // namespace headlight
