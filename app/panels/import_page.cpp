#include "app/panels/import_page.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// The page of which import stands there.
struct ImportPage {
  const ImportDesk* desk = nullptr;
  std::size_t files = 0;
};

constexpr std::string_view kKindWords[] = {"q, k, v", "weights", "scores", "layer"};
constexpr std::string_view kKindIds[] = {"qkv", "weights", "scores", "layer"};

/// Which kinds the found tensors could be at all.
std::vector<ImportAs> possibleKinds(const ImportDesk& desk) {
  std::vector<ImportAs> kinds;
  const auto chosen = [&](ImportAs as) {
    return desk.plan().as == as || std::any_of(desk.choices().begin(), desk.choices().end(),
                                               [&](const ImportChoice& one) { return one.plan.as == as; });
  };
  const bool layer = chosen(ImportAs::layer);
  if (chosen(ImportAs::qkv) || (!layer && desk.found().tensors.size() > 1)) kinds.push_back(ImportAs::qkv);
  if (!layer || chosen(ImportAs::weights)) kinds.push_back(ImportAs::weights);
  if (!layer || chosen(ImportAs::scores)) kinds.push_back(ImportAs::scores);
  if (layer) kinds.push_back(ImportAs::layer);
  return kinds;
}

class Page {
 public:
  Page(Panel& p, ImportDesk& desk) : p_(p), ui_(p.ui), desk_(desk) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const float footer = ui_.u(54);
    const Box above{stage.x0, stage.y0, stage.x1, stage.y1 - footer};
    fill(stage, ui_.c.s0);
    {
      const Region region(ui_, "import", above, ui_.c.s0, kOrderStage, true);
      region.contentEnds(content(above, region.top()) + ui_.u(16));
    }
    const Region region(ui_, "import/foot", {stage.x0, above.y1, stage.x1, stage.y1}, ui_.c.s0, kOrderStage,
                        false);
    foot({stage.x0, above.y1, stage.x1, stage.y1});
  }

 private:
  float content(const Box& box, float top) {
    const float margin = ui_.m(20, 28);
    const float x = box.x0 + margin;
    const float width = box.width() - 2 * margin;
    float y = top + ui_.u(34);
    text(ui_, ui_.large ? Role::titleLarge : Role::title, x, y, ui_.c.t1,
         shortened(ui_, ui_.large ? Role::titleLarge : Role::title, title(), width));
    y += ui_.u(14);
    // The picture stands beside the fields where both have room.
    const float side = std::min(ui_.m(216, 380), width);
    const float gap = ui_.m(24, 40);
    const bool beside = width - side - gap >= ui_.u(380);
    const float left = beside ? width - side - gap : width;
    float fields = y;
    fields = reading(x, fields, left);
    fields = drawImportTensors(p_, desk_, x, fields + ui_.u(6), left);
    fields = drawImportFields(p_, desk_, x, fields + ui_.u(10), left);
    float picture = beside ? y : fields + ui_.u(14);
    const float pictureX = beside ? x + left + gap : x;
    picture = drawImportPicture(p_, desk_, pictureX, picture, side);
    picture = reasons(pictureX, picture + ui_.u(10), beside ? side : width);
    return std::max(fields, picture);
  }

  std::string title() const {
    const auto& files = desk_.found().files;
    std::string words = "Import ";
    words += files.front();
    if (files.size() == 2) words += " and " + files[1];
    if (files.size() > 2) words += " and " + std::to_string(files.size() - 1) + " more files";
    return words;
  }

  float reading(float x, float y, float width) {
    const std::vector<ImportAs> kinds = possibleKinds(desk_);
    const Box row = Box::at(x, y + ui_.u(4), width, ui_.u(28));
    float right = row.x1;
    textIn(ui_, Role::body, {row.x0, row.y0, row.x0 + ui_.u(64), row.y1}, Align::left, ui_.c.t2, "taken as");
    float from = row.x0 + ui_.u(72);
    if (desk_.doubts().as) right -= tagWidth() + ui_.u(8);
    std::vector<std::string_view> words;
    std::vector<std::string_view> ids;
    int chosen = -1;
    for (const ImportAs kind : kinds) {
      if (kind == desk_.plan().as) chosen = static_cast<int>(words.size());
      words.push_back(kKindWords[static_cast<std::size_t>(kind)]);
      ids.push_back(kKindIds[static_cast<std::size_t>(kind)]);
    }
    const float each = ui_.u(78);
    const float wide = std::min(right - from, each * static_cast<float>(words.size()));
    const int pressed =
        segmented(ui_, "import.as", Box::at(from, row.y0, wide, ui_.u(28)), words, chosen, ids);
    if (pressed >= 0) desk_.takeAs(kinds[static_cast<std::size_t>(pressed)]);
    if (desk_.doubts().as) guessTag(ui_, from + wide + ui_.u(8), row.centreY());
    float bottom = row.y1;
    // Several layers or blocks in one file: which of them.
    std::vector<ImportOption> options;
    std::vector<std::size_t> places;
    int at = -1;
    for (std::size_t i = 0; i < desk_.choices().size(); ++i) {
      const ImportChoice& choice = desk_.choices()[i];
      if (choice.plan.as != desk_.plan().as) continue;
      if (i == desk_.choiceAt()) at = static_cast<int>(options.size());
      places.push_back(i);
      options.push_back({std::to_string(i), choice.title, ""});
    }
    if (options.size() > 1) {
      const Box field = Box::at(from, bottom + ui_.u(6), row.x1 - from, ui_.u(26));
      textIn(ui_, Role::body, {row.x0, field.y0, from - ui_.u(6), field.y1}, Align::left, ui_.c.t2, "which");
      const std::string shown = at >= 0 ? options[static_cast<std::size_t>(at)].words : "chosen by hand";
      const int picked = importList(p_, "import.reading", field, shown, options, at);
      if (picked >= 0) desk_.choose(places[static_cast<std::size_t>(picked)]);
      bottom = field.y1;
    }
    return bottom;
  }

  float tagWidth() const { return textWidth(ui_, Role::micro, "guess") + ui_.u(12); }

  float reasons(float x, float y, float width) {
    std::vector<std::string> lines = desk_.reasons();
    for (const std::string& note : desk_.found().notes) lines.push_back(note);
    if (lines.size() > 6) lines.resize(6);
    if (lines.empty()) return y;
    text(ui_, Role::labelStrong, x, y + ui_.u(12), ui_.c.t1, "Why so");
    y += ui_.u(30);
    for (const std::string& line : lines)
      y = paragraph(ui_, Role::micro, x, y, width, ui_.u(16), ui_.c.t2, line);
    return y;
  }

  void foot(const Box& box) {
    horizontal(box.x0, box.x1, box.y0, ui_.c.line, ui_.u(1));
    const float margin = ui_.m(20, 28);
    const float height = ui_.u(30);
    const float top = std::round(box.centreY() - height / 2);
    const float openWidth = ui_.u(150);
    const float cancelWidth = ui_.u(100);
    const Box open = Box::at(box.x1 - margin - openWidth, top, openWidth, height);
    const Box cancel = Box::at(open.x0 - ui_.u(10) - cancelWidth, top, cancelWidth, height);
    const Error* error = desk_.error();
    const std::string why = error ? error->what : "";
    const float more = buttonWidth(ui_, "Add a file…");
    if (button(ui_, "import/more", Box::at(box.x0 + margin, top, more, height), "Add a file…"))
      p_.session.askImportMore();
    const Box words{box.x0 + margin + more + ui_.u(14), box.y0, cancel.x0 - ui_.u(12), box.y1};
    const std::string left = error ? "It cannot be opened like this"
                                   : "The files stay where they are, the experiment points at them";
    if (words.width() > ui_.u(90))
      textIn(ui_, Role::micro, words, Align::left, error ? ui_.c.err : ui_.c.t2, left);
    const bool enabled = error == nullptr && desk_.experiment() != nullptr;
    const bool cancelled = button(ui_, "import/cancel", cancel, "Cancel", "Esc");
    const bool accepted =
        button(ui_, "import/open", open, "Open", "Enter", ButtonKind::primary, enabled, why);
    const bool free = ui_.open.empty() && !compat::typing();
    const std::string& focus = ui_.focus.id();
    const bool ours = focus.empty() || focus.rfind("import", 0) == 0;
    if (cancelled || (free && ui_.take(kKeyEscape))) return p_.session.cancelImport();
    if (accepted || (free && ours && enabled && (ui_.take(kKeyEnter) || ui_.take(kKeyKeypadEnter))))
      p_.session.acceptImport();
  }

  Panel& p_;
  Ui& ui_;
  ImportDesk& desk_;
};

}  // namespace

bool importWanted(const Panel& p) {
  return static_cast<const Session&>(p.session).importing() != nullptr;
}

void drawImportPage(Panel& p) {
  ImportDesk* desk = p.session.importing();
  if (desk == nullptr) return;
  ImportPage& page = p.state.part<ImportPage>();
  if (page.desk != desk || page.files != desk->paths().size()) {
    page = {desk, desk->paths().size()};
    p.ui.focus.set("import/open", false);
  }
  Page(p, *desk).draw();
}

float guessTag(Ui& ui, float x, float centreY) {
  const float width = textWidth(ui, Role::micro, "guess") + ui.u(12);
  const Box box = Box::at(x, std::round(centreY - ui.u(9)), width, ui.u(18));
  fill(box, ui.c.s2, ui.u(9));
  frame(box, ui.c.edge, ui.u(1), ui.u(9));
  textIn(ui, Role::micro, box, Align::centre, ui.c.t1, "guess");
  return box.x1;
}

int importList(Panel& p, std::string_view id, const Box& field, std::string_view shown,
               const std::vector<ImportOption>& options, int chosen) {
  Ui& ui = p.ui;
  dropDown(ui, id, field, shown);
  constexpr std::size_t kMostShown = 10;
  const float rowHeight = ui.u(24);
  const auto rows = static_cast<float>(std::min(options.size(), kMostShown));
  const float height = rowHeight * rows + ui.u(8);
  float width = field.width();
  for (const ImportOption& option : options) {
    const float right = option.right.empty() ? 0 : textWidth(ui, Role::micro, option.right) + ui.u(16);
    width = std::max(width, textWidth(ui, Role::strong, option.words) + right + ui.u(46));
  }
  width = std::min(width, p.layout.window.width() - ui.u(32));
  Box list =
      Box::at(std::min(field.x0, p.layout.window.x1 - width - ui.u(8)), field.y1 + ui.u(2), width, height);
  if (list.y1 > p.layout.window.y1 - ui.u(4)) list = list.moved(0, field.y0 - ui.u(2) - list.y1);
  const Popup popup(ui, id, list);
  if (!popup) return -1;
  int picked = -1;
  const ImVec2 at = ImGui::GetWindowPos();
  const Box inner = Box::at(at.x + ui.u(4), at.y + ui.u(4), width - ui.u(8), rowHeight * rows);
  const Region region(ui, "list", inner, ui.c.s1, ui.region, options.size() > kMostShown);
  float y = region.top();
  const float bar = options.size() > kMostShown ? ui.u(12) : 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Box row = Box::at(inner.x0, y, inner.width() - bar, rowHeight);
    const std::string name = std::string(id) + "=" + options[i].id;
    if (listRow(ui, name, row, options[i].words, options[i].right, static_cast<int>(i) == chosen)) {
      picked = static_cast<int>(i);
      ui.closePopup();
    }
    y += rowHeight;
  }
  region.contentEnds(y - 1);
  return picked;
}

ImportPlace importPlace(const Error& error) {
  const std::string& where = error.where;
  const auto begins = [&](std::string_view with) { return where.rfind(with, 0) == 0; };
  if (begins("shape.heads") || begins("shape.kv_heads")) return ImportPlace::heads;
  if (begins("source.layer")) return ImportPlace::layer;
  if (begins("view.batch")) return ImportPlace::batch;
  if (begins("mask")) return ImportPlace::mask;
  if (begins("tokens") || begins("memory")) return ImportPlace::tokens;
  for (const std::string_view role : {"source.q", "source.k", "source.x", "source.memory", "source.w_o"}) {
    if (begins(role)) return ImportPlace::roles;
  }
  return ImportPlace::layout;
}

float importError(Panel& p, const ImportDesk& desk, ImportPlace place, float x, float y, float width) {
  const Error* error = desk.error();
  if (error == nullptr || importPlace(*error) != place) return y;
  Ui& ui = p.ui;
  std::string words = error->what;
  if (!error->hint.empty()) words += ". " + error->hint;
  icon(ui, Icon::warning, x + ui.u(7), y + ui.u(11), ui.c.err);
  return paragraph(ui, Role::micro, x + ui.u(20), y + ui.u(15), width - ui.u(20), ui.u(16), ui.c.err, words) -
         ui.u(8);
}

}  // namespace headlight
