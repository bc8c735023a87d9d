#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/import_page.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/slider.h"
#include "core/base/number.h"
#include "core/base/shape.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// How many tensors are listed at once; a state dict of a model has hundreds.
constexpr std::size_t kMostListedTensors = 24;

std::string_view roleWords(ImportRole role) {
  switch (role) {
    case ImportRole::q:
      return "q";
    case ImportRole::k:
      return "k";
    case ImportRole::v:
      return "v";
    case ImportRole::wO:
      return "W_O";
    case ImportRole::bO:
      return "b_O";
    case ImportRole::maps:
      return "maps";
    case ImportRole::mask:
      return "mask";
    case ImportRole::x:
      return "input X";
    case ImportRole::memory:
      return "memory";
    case ImportRole::none:
      break;
  }
  return "not used";
}

std::string roleWords(ImportRole role, ImportAs as) {
  if (role == ImportRole::maps) return as == ImportAs::scores ? "scores" : "weights";
  return std::string(roleWords(role));
}

ImU32 roleColour(const Ui& ui, ImportRole role) {
  if (role == ImportRole::q) return ui.c.q;
  if (role == ImportRole::k) return ui.c.k;
  if (role == ImportRole::v) return ui.c.v;
  return ui.c.t1;
}

bool isOfLayer(const ImportDesk& desk, const ImportTensor& tensor) {
  const ImportPlan& plan = desk.plan();
  return plan.as == ImportAs::layer && tensor.info.name.rfind(plan.prefix, 0) == 0 &&
         tensor.address.rfind(plan.layerFile, 0) == 0 &&
         desk.roleOf(static_cast<int>(&tensor - desk.found().tensors.data())) == ImportRole::none &&
         (tensor.info.name.find("proj") != std::string::npos ||
          tensor.info.name.find("bias_") != std::string::npos);
}

/// The tensors in the order of interest: those that are used first, where not all can be listed.
std::vector<int> listed(const ImportDesk& desk) {
  const auto count = static_cast<int>(desk.found().tensors.size());
  std::vector<int> order;
  order.reserve(static_cast<std::size_t>(count));
  for (int t = 0; t < count; ++t) order.push_back(t);
  if (order.size() > kMostListedTensors) {
    std::stable_partition(order.begin(), order.end(), [&](int t) {
      return desk.roleOf(t) != ImportRole::none ||
             isOfLayer(desk, desk.found().tensors[static_cast<std::size_t>(t)]);
    });
    order.resize(kMostListedTensors);
  }
  return order;
}

class Fields {
 public:
  Fields(Panel& p, ImportDesk& desk, float x, float y, float width)
      : p_(p), ui_(p.ui), desk_(desk), x_(x), y_(y), width_(width) {}

  float draw() {
    layout();
    if (importAsksHeads(desk_.plan())) heads();
    const auto sizes = desk_.sizes();
    if (sizes && sizes->layers > 0) layer(sizes->layers);
    if (sizes && sizes->batches > 0) batch(sizes->batches);
    if (tensorOf(desk_.found(), desk_.plan(), ImportRole::mask)) mask();
    tokens();
    return y_;
  }

 private:
  static constexpr float kNames = 72;

  Box row(std::string_view name, float height) {
    const Box box = Box::at(x_, y_, width_, ui_.u(height));
    textIn(ui_, Role::body, {box.x0, box.y0, box.x0 + ui_.u(kNames) - ui_.u(6), box.y1}, Align::left,
           ui_.c.t2, name);
    y_ = box.y1 + ui_.u(6);
    return {box.x0 + ui_.u(kNames), box.y0, box.x1, box.y1};
  }
  void error(ImportPlace place) {
    y_ = importError(p_, desk_, place, x_ + ui_.u(kNames), y_ - ui_.u(6), width_ - ui_.u(kNames)) + ui_.u(6);
  }

  void layout() {
    const std::vector<ImportLayout> fitting = desk_.layouts();  // a choice makes them anew
    const ImportPlan plan = desk_.plan();
    const float height = ui_.u(26);
    textIn(ui_, Role::body, Box::at(x_, y_, ui_.u(kNames) - ui_.u(6), height), Align::left, ui_.c.t2, "axes");
    const float from = x_ + ui_.u(kNames);
    if (desk_.doubts().layout) guessTag(ui_, x_, y_ + 1.5F * height);
    if (fitting.empty()) {
      textIn(ui_, Role::body, {from, y_, x_ + width_, y_ + height}, Align::left, ui_.c.t1,
             plan.as == ImportAs::layer ? "no input yet" : "these tensors do not fit each other");
      y_ += height;
    }
    for (const ImportLayout& one : fitting) {
      const Box box{from - ui_.u(6), y_, x_ + width_, y_ + height};
      const bool chosen = one.layout == plan.layout;
      const std::string id = "import.layout=" + one.layout;
      // One that is the only one is no choice.
      const bool choice = fitting.size() > 1;
      const Press press = choice ? pressable(ui_, id, box) : Press();
      if (choice) {
        if (chosen) fill(box, ui_.c.s2, ui_.u(4));
        if (press.hovered && !chosen) fill(box, ui_.c.s3, ui_.u(4));
        const ImVec2 ring{box.x0 + ui_.u(13), std::round(box.centreY())};
        canvas()->AddCircle(ring, ui_.u(6), chosen ? ui_.c.acc : ui_.c.edge, 24,
                            std::max(1.0F, 1.5F * ui_.scale));
        if (chosen) canvas()->AddCircleFilled(ring, ui_.u(3), ui_.c.acc, 24);
      }
      const float baseline = centredBaseline(ui_, Role::body, box.y0, box.y1);
      const float axesX = box.x0 + ui_.u(choice ? 28 : 6);
      const float right = box.x1 - ui_.u(8);
      // What it makes of them says more than the letters: those give way.
      const float sizesWidth = textWidth(ui_, Role::micro, one.sizesText);
      const float axesWidth = textWidth(ui_, Role::body, one.axes);
      const bool both = axesX + axesWidth + ui_.u(12) + sizesWidth <= right;
      const std::string sizesText = chosen && desk_.sizes() ? importSizesText(*desk_.sizes()) : one.sizesText;
      if (both) {
        text(ui_, Role::body, axesX, baseline, chosen ? ui_.c.t1 : ui_.c.t2, one.axes);
        textIn(ui_, Role::micro, {axesX + axesWidth + ui_.u(12), box.y0, right, box.y1}, Align::right,
               chosen ? ui_.c.t1 : ui_.c.t2, sizesText);
      } else {
        textIn(ui_, Role::body, {axesX, box.y0, right, box.y1}, Align::left, chosen ? ui_.c.t1 : ui_.c.t2,
               sizesText);
      }
      if (choice) focusRing(ui_, id, box, ui_.u(4));
      if (press.pressed && !chosen) desk_.setLayout(one.layout);
      y_ += height;
    }
    y_ += ui_.u(6);
    error(ImportPlace::layout);
  }

  void heads() {
    const Box box = row("heads", 26);
    const auto fitting = importHeads(desk_.found(), desk_.plan());
    std::vector<ImportOption> options;
    int chosen = -1;
    const auto sizes = desk_.sizes();
    const std::int64_t width = sizes ? sizes->heads * sizes->dK : 0;
    for (const std::int64_t count : fitting) {
      if (count == desk_.plan().heads) chosen = static_cast<int>(options.size());
      options.push_back({std::to_string(count), countText(count, "head", "heads"),
                         width > 0 ? "of " + grouped(width / count) : ""});
    }
    const Box field = Box::at(box.x0, box.y0, ui_.u(140), box.height());
    const int picked = importList(p_, "import.heads", field, countText(desk_.plan().heads, "head", "heads"),
                                  options, chosen);
    if (picked >= 0) desk_.setHeads(fitting[static_cast<std::size_t>(picked)]);
    if (desk_.doubts().heads) guessTag(ui_, field.x1 + ui_.u(8), box.centreY());
    error(ImportPlace::heads);
  }

  void layer(std::int64_t count) {
    const Box box = row("layer", 26);
    const Box field = Box::at(box.x0, box.y0, ui_.u(110), box.height());
    const NumberEvent event = stepper(ui_, "import.layer", field, desk_.plan().layer, 0, count - 1);
    if (event.kind == NumberEvent::Kind::set) desk_.setLayer(static_cast<std::int64_t>(event.value));
    if (event.kind == NumberEvent::Kind::reset) desk_.setLayer(0);
    textIn(ui_, Role::micro, {field.x1 + ui_.u(10), box.y0, box.x1, box.y1}, Align::left, ui_.c.t2,
           "of " + grouped(count) + ", from 0");
    error(ImportPlace::layer);
  }

  void batch(std::int64_t count) {
    const Box box = row("sequence", 26);
    const Box field = Box::at(box.x0, box.y0, ui_.u(110), box.height());
    const NumberEvent event = stepper(ui_, "import.batch", field, desk_.plan().batch, 0, count - 1);
    if (event.kind == NumberEvent::Kind::set) desk_.setBatch(static_cast<int>(event.value));
    if (event.kind == NumberEvent::Kind::reset) desk_.setBatch(0);
    textIn(ui_, Role::micro, {field.x1 + ui_.u(10), box.y0, box.x1, box.y1}, Align::left, ui_.c.t2,
           "of " + grouped(count) + " in the batch, from 0");
    error(ImportPlace::batch);
  }

  void mask() {
    constexpr std::string_view kWords[] = {"1 keeps", "1 drops", "is added"};
    constexpr std::array<std::string_view, 3> kIds{"keep", "drop", "additive"};
    const Box box = row("mask", 28);
    const auto at = std::find(kIds.begin(), kIds.end(), desk_.plan().maskMeaning) - kIds.begin();
    const Box field = Box::at(box.x0, box.y0, std::min(ui_.u(220), box.width()), box.height());
    const int pressed = segmented(ui_, "import.mask", field, kWords, static_cast<int>(at), kIds);
    if (pressed >= 0) desk_.setMaskMeaning(std::string(kIds[static_cast<std::size_t>(pressed)]));
    if (desk_.doubts().mask) guessTag(ui_, field.x1 + ui_.u(8), box.centreY());
    error(ImportPlace::mask);
  }

  void tokens() {
    const Box box = row("tokens", 26);
    const float choose = buttonWidth(ui_, "Choose…");
    std::vector<ImportOption> options{{"", "their indices", ""}};
    int chosen = desk_.plan().tokens.empty() ? 0 : -1;
    for (const ImportTokens& tokens : desk_.found().tokens) {
      if (tokens.file == desk_.plan().tokens) chosen = static_cast<int>(options.size());
      options.push_back({tokens.file, tokens.file, countText(tokens.count, "token", "tokens")});
    }
    const bool guessed = desk_.doubts().tokens && !desk_.plan().tokens.empty();
    const float tag = guessed ? textWidth(ui_, Role::micro, "guess") + ui_.u(28) : 0;
    const Box field{box.x0, box.y0, box.x1 - choose - ui_.u(8) - tag, box.y1};
    const std::string shown = desk_.plan().tokens.empty() ? "their indices" : desk_.plan().tokens;
    const int picked = importList(p_, "import.tokens", field, shown, options, chosen);
    if (picked >= 0) desk_.setTokens(options[static_cast<std::size_t>(picked)].id);
    if (guessed) guessTag(ui_, field.x1 + ui_.u(8), box.centreY());
    if (button(ui_, "import/tokens", {box.x1 - choose, box.y0, box.x1, box.y1}, "Choose…"))
      p_.session.askImportTokens();
    error(ImportPlace::tokens);
  }

  Panel& p_;
  Ui& ui_;
  ImportDesk& desk_;
  float x_;
  float y_;
  float width_;
};

}  // namespace

float drawImportTensors(Panel& p, ImportDesk& desk, float x, float y, float width) {
  Ui& ui = p.ui;
  const float rowHeight = ui.u(28);
  const float roleWidth = ui.u(108);
  const float right = x + width;
  const float dtypeX = right - roleWidth - ui.u(12) - ui.u(58);
  const auto& tensors = desk.found().tensors;
  y += ui.u(20);
  text(ui, Role::labelStrong, x, y, ui.c.t1, "Found");
  const std::string count = countText(static_cast<std::int64_t>(tensors.size()), "tensor", "tensors");
  text(ui, Role::micro, x + textWidth(ui, Role::labelStrong, "Found") + ui.u(8), y, ui.c.t2, count);
  y += ui.u(8);
  horizontal(x, right, y, ui.c.line, ui.u(1));
  y += ui.u(2);
  std::vector<ImportOption> options{{"none", "not used", ""}};
  const auto roles = importRolesOf(desk.plan().as);
  constexpr std::string_view kRoleIds[] = {"none", "q",    "k",    "v", "w_o",
                                           "b_o",  "maps", "mask", "x", "memory"};
  for (const ImportRole role : roles) {
    options.push_back(
        {std::string(kRoleIds[static_cast<std::size_t>(role)]), roleWords(role, desk.plan().as), ""});
  }
  for (const int t : listed(desk)) {
    const ImportTensor& tensor = tensors[static_cast<std::size_t>(t)];
    const Box row = Box::at(x, y, width, rowHeight);
    const ImportRole role = desk.roleOf(t);
    const ImU32 colour = role == ImportRole::none && !isOfLayer(desk, tensor) ? ui.c.t2 : ui.c.t1;
    if (role == ImportRole::q || role == ImportRole::k || role == ImportRole::v)
      fill({row.x0, row.y0 + ui.u(6), row.x0 + ui.u(3), row.y1 - ui.u(6)}, roleColour(ui, role));
    const std::string shape = shapeText(tensor.info.shape);
    const float shapeWidth = textWidth(ui, Role::num, shape);
    const float shapeX = dtypeX - ui.u(12) - shapeWidth;
    textIn(ui, Role::body, {row.x0 + ui.u(9), row.y0, std::max(row.x0 + ui.u(40), shapeX - ui.u(8)), row.y1},
           Align::left, colour, tensor.info.name);
    textIn(ui, Role::num, {std::max(shapeX, row.x0 + ui.u(44)), row.y0, dtypeX - ui.u(12) + 1, row.y1},
           Align::left, colour, shape);
    textIn(ui, Role::micro, {dtypeX, row.y0, right - roleWidth - ui.u(8), row.y1}, Align::left, ui.c.t2,
           tensor.info.dtype);
    const Box field{right - roleWidth, row.y0 + ui.u(2), right, row.y1 - ui.u(2)};
    if (isOfLayer(desk, tensor)) {
      textIn(ui, Role::body, field.inset(ui.u(9), 0), Align::left, ui.c.t2, "of the layer");
    } else {
      int chosen = 0;
      for (std::size_t r = 0; r < roles.size(); ++r) {
        if (roles[r] == role) chosen = static_cast<int>(r) + 1;
      }
      const std::string id = "import.role." + std::to_string(t);
      const int picked = importList(p, id, field, roleWords(role, desk.plan().as), options, chosen);
      if (picked >= 0)
        desk.giveRole(t, picked == 0 ? ImportRole::none : roles[static_cast<std::size_t>(picked) - 1]);
    }
    y += rowHeight;
  }
  if (tensors.size() > kMostListedTensors) {
    const auto more = static_cast<std::int64_t>(tensors.size() - kMostListedTensors);
    textIn(ui, Role::micro, Box::at(x + ui.u(9), y, width - ui.u(9), ui.u(20)), Align::left, ui.c.t2,
           "… and " + grouped(more) + " more that are not used");
    y += ui.u(20);
  }
  return importError(p, desk, ImportPlace::roles, x, y, width);
}

float drawImportFields(Panel& p, ImportDesk& desk, float x, float y, float width) {
  return Fields(p, desk, x, y, width).draw();
}

}  // namespace headlight
