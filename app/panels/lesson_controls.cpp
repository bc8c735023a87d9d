#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/cell_edit_tool.h"
#include "app/panels/edited_tensor.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/matrix_page.h"
#include "app/panels/parameter_control.h"
#include "app/panels/rail.h"
#include "app/panels/rail_pen.h"
#include "app/widgets/controls.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

/// Words of parameters whose own names say little.
Words wordsOf(const std::string& id) {
  if (id == "mistake.mask_as") return {{"", "−∞"}, {"zero_score", "score 0"}, {"zero_weight", "weight 0"}};
  if (id == "mistake.tie") return {{"", "W_K"}, {"w_k=w_q", "W_Q"}};
  if (id == "mistake.softmax_over") return {{"", "the keys"}, {"queries", "the queries"}};
  if (id == "mistake.merge") return {{"", "side by side"}, {"mean", "averaged"}};
  if (id == "normalizer.kind") return kindsOf(normalizerFamily(), {}, "");
  if (id == "position.kind") return kindsOf(positionFamily(), {}, "");
  return {};
}

/// Which tensors the right answers of the tries set by hand: "input", "memory", "w_q", …
std::vector<std::string> tensorsSet(const LessonStep& step) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const std::vector<Member>& changes : step.right) {
    for (const auto& [path, value] : changes) {
      if (path == "edits" && value.isList()) {
        for (const Value& edit : value.list()) {
          const Value* stage = edit.find("stage");
          if (stage != nullptr && stage->isString()) add(stage->string());
        }
      }
      for (const char* name : {"w_q", "w_k", "w_v", "w_o"}) {
        if (path == std::string("source.") + name) add(name);
      }
    }
  }
  return names;
}

/// The links of heads that the right answers of the tries set: "source.heads.4.links".
std::vector<std::string> linksSet(const LessonStep& step) {
  std::vector<std::string> paths;
  for (const std::vector<Member>& changes : step.right) {
    for (const auto& [path, value] : changes) {
      if (!path.starts_with("source.heads.") || !path.ends_with(".links")) continue;
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
    }
  }
  return paths;
}

class LessonControls {
 public:
  LessonControls(Panel& p, LessonDesk& desk, const Box& box, float top)
      : p_(p), ui_(p.ui), desk_(desk), pen_(p, box, top) {}

  float draw() {
    pen_.y += ui_.u(24);
    sectionHead(ui_, pen_.x, pen_.y, "What you may change");
    pen_.y += ui_.u(16);
    for (const std::string& id : ids()) control(id);
    if (!desk_.atEnd()) {
      tensors(tensorsSet(desk_.step()));
      for (const std::string& path : linksSet(desk_.step()))
        pen_.y = drawLessonLinks(p_, path, pen_.x, pen_.y, pen_.width);
    }
    pen_.y = drawEditList(p_, pen_.x, pen_.y + ui_.u(4), pen_.width);
    shown();
    return pen_.y + ui_.u(16);
  }

 private:
  std::vector<std::string> ids() const {
    if (!desk_.lesson().controls.empty()) return desk_.lesson().controls;
    return {"shape.heads", "shape.d_k", "score.scale", "mask", "normalizer.kind", "normalizer.temperature"};
  }

  void control(const std::string& id) {
    // Which head and stage is looked at is chosen at the map.
    const ParameterInfo* info = parameter(id);
    if (info == nullptr || id.rfind("view.", 0) == 0) return;
    if (id == "score.scale") return scale();
    if (id == "score.bias") {
      pen_.y = drawBiases(p_, pen_.x, pen_.y, pen_.width) + ui_.u(8);
      return;
    }
    if (id == "mask") {
      pen_.y = drawMasks(p_, pen_.x, pen_.y, pen_.width) + ui_.u(8);
      return;
    }
    if (id == "normalizer.empty_row") return emptyRows();
    const auto value = get(pen_.now(), id);
    if (id == "normalizer.logits" && pen_.now().normalizer.kind != "sink") return;
    if (!wordsOf(id).empty() || info->key.type == KeyType::word) {
      pen_.labelled(labelOf(id, *info), id, value && value->isString() ? value->string() : "", wordsOf(id));
      return;
    }
    if (info->sliderMaximum > info->sliderMinimum) {
      pen_.number(id, labelOf(id, *info), value && value->isNumber() ? value->number() : effective(id));
      pen_.y += ui_.u(4);
      return;
    }
    if (info->key.type == KeyType::boolean) {
      const Value& given = value && value->isBool() ? *value : info->key.fallback;
      const bool on = given.isBool() && given.boolean();
      if (pen_.flag(id, labelOf(id, *info), on)) p_.session.change(id, !on, Phase::done);
      pen_.y += ui_.u(8);
      return;
    }
    KeySpec key = info->key;
    if (id == "normalizer.logits") key.name = "logits";
    pen_.y = keyControl(p_, id, key, value ? *value : Value(), pen_.x, pen_.y, pen_.width) + ui_.u(8);
  }

  static std::string labelOf(const std::string& id, const ParameterInfo& info) {
    if (id == "mistake.mask_as") return "masked is";
    if (id == "mistake.subtract_max") return "take the maximum off first";
    if (id == "mistake.merge") return "heads are";
    if (id == "mistake.tie") return "keys from";
    if (id == "normalizer.temperature") return "temperature τ";
    return std::string(info.label);
  }

  /// What stands for a null: the number that is computed with.
  double effective(const std::string& id) const {
    const auto evaluation = p_.session.evaluation();
    if (!evaluation) return 0;
    const Sizes& sizes = evaluation->run->sizes;
    if (id == "shape.d_k") return static_cast<double>(sizes.dK);
    if (id == "shape.d_v") return static_cast<double>(sizes.dV);
    if (id == "shape.heads") return sizes.heads;
    if (id == "shape.kv_heads") return sizes.kvHeads;
    if (id == "shape.d_model") return static_cast<double>(sizes.dModel);
    return 0;
  }

  void scale() {
    const Value value = pen_.now().scale;  // a press below changes the document
    const bool number = value.isNumber();
    const int chosen = number ? 2 : value.isString() && value.string() == "none" ? 0 : 1;
    math(ui_, Role::body, pen_.x, pen_.y + ui_.u(14), ui_.c.t2, "scores are multiplied by");
    constexpr std::string_view kWords[] = {"1", "1 ÷ √d", "a factor"};
    constexpr std::string_view kIds[] = {"none", "inverse_sqrt_d_k", "factor"};
    const Box row = Box::at(pen_.x, pen_.y + ui_.u(22), pen_.width, ui_.u(28));
    const int pressed = segmented(ui_, "score.scale", row, kWords, chosen, kIds);
    if (pressed == 2 && !number) p_.session.change("score.scale", Value(1.0), Phase::done);
    if (pressed == 0 || pressed == 1)
      p_.session.change("score.scale", Value(kIds[static_cast<std::size_t>(pressed)]), Phase::done);
    pen_.y = row.y1 + ui_.u(6);
    if (number) {
      SliderSpec spec;
      spec.id = "score.scale/factor";
      spec.label = "factor";
      spec.value = value.number();
      spec.minimum = 0;
      spec.maximum = 20;
      spec.step = 0.25;
      spec.decimals = 4;
      applyNumber(p_, "score.scale", slider(ui_, Box::at(pen_.x, pen_.y, pen_.width, ui_.u(44)), spec), false,
                  Value(1.0));
      pen_.y += ui_.u(44);
    }
    pen_.y = fieldErrorBelow(p_, "score.scale", pen_.x, pen_.y, pen_.width) + ui_.u(10);
  }

  void emptyRows() {
    text(ui_, Role::body, pen_.x, pen_.y + ui_.u(14), ui_.c.t2, "rows without keys");
    drawEmptyRowSwitch(p_, Box::at(pen_.x, pen_.y + ui_.u(22), pen_.width, ui_.u(28)),
                       "normalizer.empty_row");
    pen_.y += ui_.u(60);
  }

  void tensors(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const bool weight = name.size() == 3 && name[0] == 'w';
      if (name == "input" && hasLessonPlane(p_)) continue;
      const std::string words = weight
                                    ? "Numbers of W_" + std::string(1, static_cast<char>(name[2] - 'a' + 'A'))
                                : name == "input" ? "Cells of X"
                                                  : "Cells of " + name;
      const Box box = Box::at(pen_.x, pen_.y, pen_.width, ui_.u(30));
      if (button(ui_, "lesson.tensor." + name, box, words, {}, ButtonKind::plain,
                 !(weight && matrixWanted(p_)), "it stands beside the card")) {
        if (weight) {
          openMatrix(p_, name);
        } else if (const auto stage = stageById(name)) {
          p_.session.selectStage(*stage);
          p_.state.mapTool = "edit";
          // From here the arrows and Enter are enough.
          p_.session.pin(Cell{0, 0});
          ui_.focus.set("stage", true);
        }
      }
      pen_.y = box.y1 + ui_.u(8);
    }
  }

  /// Which stage is seen in the map.
  void shown() {
    if (hasLessonPlane(p_)) return;
    pen_.y += ui_.u(12);
    sectionHead(ui_, pen_.x, pen_.y, "What you see");
    pen_.y += ui_.u(12);
    const std::vector<Stage> stages = p_.session.stagesShown();
    const Stage now = p_.session.view().stage;
    const Box field = Box::at(pen_.x, pen_.y, pen_.width, ui_.u(28));
    dropDown(ui_, "lesson.stage", field, info(now).title);
    const float rowHeight = ui_.u(24);
    const Box list = Box::at(field.x0, field.y1 + ui_.u(2), field.width(),
                             rowHeight * static_cast<float>(stages.size()) + ui_.u(8));
    if (const Popup popup(ui_, "lesson.stage", list); popup) {
      float y = ImGui::GetWindowPos().y + ui_.u(4);
      const float left = ImGui::GetWindowPos().x + ui_.u(4);
      for (const Stage stage : stages) {
        const Box row = Box::at(left, y, field.width() - ui_.u(8), rowHeight);
        if (listRow(ui_, "lesson.stage=" + std::string(info(stage).id), row, info(stage).title, "",
                    stage == now)) {
          p_.session.selectStage(stage);
          ui_.closePopup();
        }
        y += rowHeight;
      }
    }
    pen_.y = field.y1 + ui_.u(8);
  }

  Panel& p_;
  Ui& ui_;
  LessonDesk& desk_;
  RailPen pen_;
};

}  // namespace

bool hasLessonControls(const LessonDesk& desk) {
  return !desk.atEnd();
}

bool lessonControlsInCard(const Panel& p) {
  return p.layout.stage.width() < p.ui.u(700);
}

float drawLessonControlsInCard(Panel& p, LessonDesk& desk, const Box& column, float top) {
  return LessonControls(p, desk, column, top).draw();
}

void drawLessonControls(Panel& p, LessonDesk& desk, const Box& box) {
  const Region region(p.ui, "lesson controls", box, p.ui.c.s1, kOrderRail, true);
  const float end = LessonControls(p, desk, box, region.top()).draw();
  region.contentEnds(end);
  vertical(box.x0, box.y0, box.y1, p.ui.c.line, p.ui.u(1));
}

}  // namespace headlight
