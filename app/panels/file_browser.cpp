#include "app/panels/file_browser.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/panels/dialogs.h"
#include "app/session/open_file.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "app/widgets/text_input.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/scenario_code.h"

namespace headlight {
namespace {

bool endsAs(const std::string& name, const FileFilter& filter) {
  const std::string small = lowered(name);
  return std::any_of(filter.patterns.begin(), filter.patterns.end(), [&](const std::string& pattern) {
    return pattern == "*" || (pattern.size() > 1 && small.ends_with(lowered(pattern.substr(1))));
  });
}

std::string joinedPath(const std::string& folder, const std::string& name) {
  return folder == "/" ? folder + name : folder + "/" + name;
}

std::string parentOf(const std::string& folder) {
  const std::string parent = std::filesystem::path(folder).parent_path().string();
  return parent.empty() ? "/" : parent;
}

/// The name with the ending that it is saved with.
std::string savedName(const std::string& name, PathQuestion::Use use) {
  if (use == PathQuestion::Use::save && endingOf(name) != "json") return name + ".headlight.json";
  if (use == PathQuestion::Use::answers && endingOf(name) != "json") return name + ".answers.json";
  const bool paper = use == PathQuestion::Use::handout || use == PathQuestion::Use::notes;
  if (paper && endingOf(name) != "pdf") return name + ".pdf";
  const bool figure = endingOf(name) == "png" || endingOf(name) == "svg" || endingOf(name) == "pdf";
  if (use == PathQuestion::Use::exportFigure && !figure) return name + ".png";
  return name;
}

class Browser {
 public:
  Browser(Panel& p, FileBrowser& b, const PathQuestion& question)
      : p_(p), ui_(p.ui), b_(b), request_(question.request), use_(question.use) {}

  void draw(const Box& box) {
    takeListing();
    const float pad = ui_.u(16);
    const Box inner = box.inset(pad, pad);
    const float top = inner.y0 + ui_.u(64);
    const float foot = inner.y1 - ui_.u(76);
    const float places = ui_.u(150);
    rows_ = browserRows(b_, request_);
    keys();
    // First, so that the keyboard begins there.
    field({inner.x0, foot + ui_.u(8), inner.x1, foot + ui_.u(38)});
    header(inner);
    drawPlaces({inner.x0, top, inner.x0 + places, foot});
    list({inner.x0 + places + ui_.u(12), top, inner.x1, foot});
    buttons({inner.x0, inner.y1 - ui_.u(30), inner.x1, inner.y1});
  }

 private:
  void takeListing() {
    const FolderListing* now = p_.session.folder(b_.folder, std::exchange(b_.again, false));
    if (now == nullptr || (now->path == b_.shown.path && now->entries.size() == b_.shown.entries.size()))
      return;
    b_.shown = *now;
    b_.chosen = request_.save || b_.shown.entries.empty() ? -1 : 0;
    b_.reveal = true;
  }

  void header(const Box& box) {
    text(ui_, Role::title, box.x0, box.y0 + ui_.u(18), ui_.c.t1, request_.title);
    const float up = buttonWidth(ui_, "Up");
    const Box line{box.x0, box.y0 + ui_.u(30), box.x1, box.y0 + ui_.u(56)};
    if (button(ui_, "browse/up", {line.x0, line.y0, line.x0 + up, line.y1}, "Up", "", ButtonKind::plain,
               b_.folder != "/", "this is the top"))
      goTo(parentOf(b_.folder));
    // The end of a path says more than its beginning.
    const Box room{line.x0 + up + ui_.u(12), line.y0, line.x1 - ui_.u(110), line.y1};
    std::string words = b_.folder;
    while (textWidth(ui_, Role::body, words) > room.width()) {
      const std::size_t slash = words.find('/', words.front() == '/' ? 1 : 4);
      if (slash == std::string::npos) break;
      words = "…" + words.substr(slash);
    }
    textIn(ui_, Role::body, room, Align::left, ui_.c.t1, words);
    const Box all{line.x1 - ui_.u(96), line.y0, line.x1, line.y1};
    textIn(ui_, Role::micro, {all.x0, all.y0, all.x1 - ui_.u(34), all.y1}, Align::right, ui_.c.t2,
           "all files");
    if (toggle(ui_, "browse/all", all, b_.allFiles)) b_.allFiles = !b_.allFiles;
  }

  void drawPlaces(const Box& box) {
    const Settings& settings = p_.session.settings();
    std::vector<std::pair<std::string, std::string>> places;  // words and path
    const auto add = [&](std::string words, const std::string& path) {
      const auto known = [&](const auto& place) { return place.second == path; };
      if (!path.empty() && std::none_of(places.begin(), places.end(), known))
        places.emplace_back(std::move(words), path);
    };
    add("Home", p_.session.seams().folders.home);
    if (!p_.session.path().empty()) add("This document", folderOf(p_.session.path()));
    for (const std::string& path : settings.recentFiles) {
      if (places.size() >= 8) break;
      add(fileNameOf(folderOf(path)), folderOf(path));
    }
    add("Computer", "/");
    const Region region(ui_, "places", box, ui_.c.s1, kOrderStage, false);
    float y = region.top();
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& [words, path] = places[i];
      const Box row = Box::at(box.x0, y, box.width(), ui_.u(26));
      if (row.y1 > box.y1) break;
      const std::string id = "browse/place." + std::to_string(i);
      const Press press = pressable(ui_, id, row);
      const bool here = path == b_.folder;
      if (here || press.hovered) fill(row, here ? ui_.c.s2 : ui_.c.s3, ui_.u(3));
      if (here) fill({row.x0, row.y0 + ui_.u(5), row.x0 + ui_.u(2), row.y1 - ui_.u(5)}, ui_.c.acc);
      textIn(ui_, here ? Role::strong : Role::body, row.inset(ui_.u(10), 0), Align::left,
             here ? ui_.c.t1 : ui_.c.t2, words);
      focusRing(ui_, id, row, ui_.u(3));
      if (press.pressed) goTo(path);
      y = row.y1;
    }
  }

  void keys() {
    const auto count = static_cast<int>(rows_.size());
    int by = 0;
    if (ui_.take(kKeyDown)) by = 1;
    if (ui_.take(kKeyUp)) by = -1;
    if (ui_.take(kKeyPageDown)) by = 10;
    if (ui_.take(kKeyPageUp)) by = -10;
    if (by != 0 && count > 0) {
      b_.chosen = std::clamp(b_.chosen + by, 0, count - 1);
      b_.reveal = true;
      const FolderEntry& entry = *rows_[static_cast<std::size_t>(b_.chosen)];
      if (request_.save && !entry.isFolder) {
        b_.typed = entry.name;
        compat::letGo();  // the field takes up its new words
        ui_.entered.clear();
      }
    }
    b_.chosen = std::min(b_.chosen, count - 1);
    const bool inField = ui_.focus.is("path/field");
    if (inField && b_.typed.empty() && ui_.take(kKeyBackspace) && b_.folder != "/") goTo(parentOf(b_.folder));
    if (!inField || b_.typed.empty() || b_.chosen < 0) return;
    // Tab types the rest of the name, where there is any.
    if (const std::string rest = missing(); !rest.empty() && ui_.take(kKeyTab))
      ImGui::GetIO().AddInputCharactersUTF8(toEdited(rest).c_str());
  }

  /// What is missing of the chosen name behind what was typed of it; empty where it begins otherwise.
  std::string missing() const {
    const TypedPath typed = readTyped(b_.typed, b_.folder, p_.session.seams().folders.home);
    const FolderEntry& entry = *rows_[static_cast<std::size_t>(b_.chosen)];
    if (b_.shown.path != typed.folder || !entry.name.starts_with(typed.name)) return "";
    std::string rest = entry.name.substr(typed.name.size());
    if (entry.isFolder) rest += "/";
    return rest;
  }

  void field(const Box& box) {
    const std::string before = b_.typed;
    const std::string_view hint = request_.save ? "name of the file" : "type to filter, or a path";
    const FieldEvent event = lineField(ui_, "path/field", box, b_.typed, hint);
    if (b_.typed != before) {
      b_.replacing.clear();
      const TypedPath typed = readTyped(b_.typed, b_.folder, p_.session.seams().folders.home);
      if (typed.isPath) b_.folder = typed.folder;
      if (!request_.save || typed.isPath) b_.chosen = b_.typed.empty() ? -1 : 0;
    }
    if (event.entered) {
      ui_.entered.clear();
      take();
    }
  }

  void goTo(const std::string& folder) {
    b_.folder = folder;
    b_.again = true;
    b_.replacing.clear();
    if (!request_.save || readTyped(b_.typed, folder, p_.session.seams().folders.home).isPath)
      b_.typed.clear();
    ui_.focus.set("path/field", false);
    ui_.entered.clear();
    ui_.stayAwake(0.1);
  }

  /// What Enter and the button do: into the chosen folder, or done with what is typed or chosen.
  void take() {
    const std::string& home = p_.session.seams().folders.home;
    const TypedPath typed = readTyped(b_.typed, b_.folder, home);
    const FolderEntry* row = b_.chosen >= 0 && b_.chosen < static_cast<int>(rows_.size())
                                 ? rows_[static_cast<std::size_t>(b_.chosen)]
                                 : nullptr;
    const FolderEntry* named = b_.shown.path == typed.folder ? b_.shown.find(typed.name) : nullptr;
    if (typed.isPath && typed.name.empty()) return goTo(typed.folder);
    if (named && named->isFolder) return goTo(joinedPath(typed.folder, named->name));
    if (request_.save) {
      if (b_.typed.empty()) {
        if (row && row->isFolder) goTo(joinedPath(b_.shown.path, row->name));
        return;
      }
      return save(joinedPath(typed.folder, savedName(typed.name, use_)));
    }
    if (isScenarioCode(b_.typed)) return done(b_.typed, false);
    if (typed.isPath) return done(joinedPath(typed.folder, typed.name), false);
    if (named) return done(joinedPath(typed.folder, named->name), false);
    if (row == nullptr) return;
    if (row->isFolder) return goTo(joinedPath(b_.shown.path, row->name));
    done(joinedPath(b_.shown.path, row->name), false);
  }

  void save(const std::string& path) {
    const bool there = b_.shown.path == folderOf(path) && b_.shown.find(fileNameOf(path)) != nullptr;
    if (there && b_.replacing != path) {
      b_.replacing = path;
      return;
    }
    done(path, there);
  }

  void done(const std::string& path, bool mayReplace) {
    p_.session.answerPath(path, mayReplace);
    b_.asked = false;
    ui_.closePopup();
  }

  void list(const Box& box) {
    const float rowHeight = ui_.u(24);
    fill(box, ui_.c.s0, ui_.u(3));
    const Region region(ui_, "files", box, ui_.c.s0, kOrderStage, true);
    if (b_.shown.error || rows_.empty()) {
      std::string words = "Nothing here that can be opened";
      if (b_.shown.error) words = b_.shown.error->what;
      if (b_.shown.path.empty()) words = "Reading the folder";
      if (!b_.shown.error && !b_.typed.empty() && !b_.shown.entries.empty())
        words = "Nothing here has these letters";
      textIn(ui_, Role::body,
             Box::at(box.x0 + ui_.u(12), region.top() + ui_.u(6), box.width() - ui_.u(24), rowHeight),
             Align::left, ui_.c.t2, words);
      return;
    }
    const auto count = static_cast<float>(rows_.size());
    if (b_.reveal && b_.chosen >= 0) {
      b_.reveal = false;
      const float at = rowHeight * static_cast<float>(b_.chosen);
      const float scroll = ImGui::GetScrollY();
      if (at < scroll) ImGui::SetScrollY(at);
      if (at + rowHeight > scroll + box.height()) ImGui::SetScrollY(at + rowHeight - box.height());
    }
    const float hidden = std::max(0.0F, box.y0 - region.top());
    const auto first = static_cast<std::size_t>(hidden / rowHeight);
    const std::size_t end =
        std::min(rows_.size(), first + static_cast<std::size_t>(box.height() / rowHeight) + 2);
    const float bar = count * rowHeight > box.height() ? ui_.u(12) : 0;
    for (std::size_t i = first; i < end; ++i) {
      const float y = region.top() + rowHeight * static_cast<float>(i);
      row({box.x0, y, box.x1 - bar, y + rowHeight}, static_cast<int>(i));
    }
    if (b_.shown.cut) {
      const float y = region.top() + rowHeight * count;
      textIn(ui_, Role::micro, Box::at(box.x0 + ui_.u(12), y, box.width(), rowHeight), Align::left, ui_.c.t2,
             "only the first " + grouped(static_cast<std::int64_t>(kMostListed)) + " are listed");
    }
    region.contentEnds(region.top() + rowHeight * (count + (b_.shown.cut ? 1.0F : 0.0F)) - 1);
  }

  void row(const Box& box, int index) {
    const FolderEntry& entry = *rows_[static_cast<std::size_t>(index)];
    const std::string id = "browse=" + entry.name;
    const Press press = pressable(ui_, id, box, true, false);
    const bool chosen = index == b_.chosen;
    if (chosen) {
      fill(box, ui_.c.s3, ui_.u(3));
      fill({box.x0, box.y0 + ui_.u(4), box.x0 + ui_.u(2), box.y1 - ui_.u(4)}, ui_.c.acc);
    } else if (press.hovered) {
      fill(box, ui_.c.s2, ui_.u(3));
    }
    const float dateWidth = ui_.u(112);
    const float sizeWidth = ui_.u(76);
    const Box name{box.x0 + ui_.u(12), box.y0, box.x1 - dateWidth - sizeWidth - ui_.u(16), box.y1};
    textIn(ui_, entry.isFolder ? Role::strong : Role::body, name, Align::left, ui_.c.t1,
           entry.isFolder ? entry.name + "/" : entry.name);
    const float baseline = centredBaseline(ui_, Role::numMicro, box.y0, box.y1);
    if (!entry.isFolder)
      numText(ui_, box.x1 - dateWidth - ui_.u(16), baseline, ui_.c.t2,
              bytesText(static_cast<double>(entry.bytes)), Role::numMicro);
    numText(ui_, box.x1 - ui_.u(8), baseline, ui_.c.t2, timeText(entry.changed), Role::numMicro);
    if (!press.pressed) return;
    b_.chosen = index;
    if (entry.isFolder) return goTo(joinedPath(b_.shown.path, entry.name));
    if (request_.save) {
      b_.typed = entry.name;
      b_.replacing.clear();
      ui_.entered.clear();
    } else if (chosen && b_.pressed == entry.name) {
      // A second press of the same file opens it, however slowly it comes.
      return done(joinedPath(b_.shown.path, entry.name), false);
    }
    b_.pressed = entry.name;
  }

  void buttons(const Box& box) {
    const std::string verb = request_.save ? (b_.replacing.empty() ? "Save" : "Replace") : "Open";
    const Box yes{box.x1 - ui_.u(110), box.y0, box.x1, box.y1};
    const Box no{yes.x0 - ui_.u(104), box.y0, yes.x0 - ui_.u(10), box.y1};
    const Box words{box.x0, box.y0, no.x0 - ui_.u(12), box.y1};
    if (!b_.replacing.empty()) {
      icon(ui_, Icon::warning, words.x0 + ui_.u(8), words.centreY(), ui_.c.warn);
      textIn(ui_, Role::body, {words.x0 + ui_.u(24), words.y0, words.x1, words.y1}, Align::left, ui_.c.t1,
             fileNameOf(b_.replacing) + " is there already. Replace it?");
    } else {
      const std::string filter =
          b_.allFiles || request_.filters.empty() ? "every file" : request_.filters.front().label;
      textIn(ui_, Role::micro, words, Align::left, ui_.c.t2,
             filter + " · ↑ ↓ choose · Enter " + (request_.save ? "saves" : "opens · Backspace goes up"));
    }
    const bool can = request_.save ? !b_.typed.empty() : b_.chosen >= 0 || !b_.typed.empty();
    if (button(ui_, "path/done", yes, verb, "", ButtonKind::primary, can,
               request_.save ? "it needs a name" : "nothing is chosen"))
      take();
    if (button(ui_, "path/cancel", no, "Cancel", "Esc")) ui_.closePopup();
  }

  Panel& p_;
  Ui& ui_;
  FileBrowser& b_;
  const DialogRequest& request_;
  PathQuestion::Use use_;
  std::vector<const FolderEntry*> rows_;
};

Box placed(const Panel& p) {
  const Box& window = p.layout.window;
  const float width = std::min(p.ui.u(760), window.width() - p.ui.u(40));
  const float height = std::min(p.ui.u(470), window.height() - p.ui.u(60));
  return Box::at(std::round((window.width() - width) / 2), std::round((window.height() - height) * 0.4f),
                 width, height);
}

}  // namespace

std::vector<const FolderEntry*> browserRows(const FileBrowser& browser, const DialogRequest& request) {
  const std::string& typed = browser.typed;
  const std::size_t slash = typed.rfind('/');
  const std::string letters = request.save && slash == std::string::npos
                                  ? ""
                                  : lowered(slash == std::string::npos ? typed : typed.substr(slash + 1));
  std::vector<const FolderEntry*> rows;
  for (const FolderEntry& entry : browser.shown.entries) {
    const bool accepted = entry.isFolder || browser.allFiles || request.filters.empty() ||
                          endsAs(entry.name, request.filters.front());
    if (accepted && lowered(entry.name).find(letters) != std::string::npos) rows.push_back(&entry);
  }
  return rows;
}

TypedPath readTyped(const std::string& typed, const std::string& folder, const std::string& home) {
  TypedPath read;
  std::string path = typed;
  if (path == "~" || path.rfind("~/", 0) == 0) path.replace(0, 1, home);
  read.isPath = path.find('/') != std::string::npos || path == "..";
  if (path == "..") path = "../";
  const std::string whole =
      (std::filesystem::path(path.rfind('/', 0) == 0 ? "" : folder) / path).lexically_normal().string();
  const std::size_t slash = whole.rfind('/');
  if (slash == std::string::npos) {
    read.folder = folder;
    read.name = whole;
    return read;
  }
  read.folder = slash == 0 ? "/" : whole.substr(0, slash);
  read.name = whole.substr(slash + 1);
  if (typed.empty()) {
    read.folder = folder;
    read.name.clear();
  }
  return read;
}

void drawPathDialog(Panel& p) {
  Ui& ui = p.ui;
  FileBrowser& browser = p.state.part<FileBrowser>();
  const bool wanted = p.session.pathQuestion().has_value();
  if (wanted && !browser.asked) {
    const DialogRequest& request = p.session.pathQuestion()->request;
    const bool allFiles = browser.allFiles;
    browser = FileBrowser();
    browser.allFiles = allFiles;
    browser.asked = true;
    browser.folder = request.folder.empty() ? p.session.seams().folders.home : request.folder;
    browser.typed = request.name;
    browser.again = true;
    ui.openPopup("path");
  } else if (!wanted && browser.asked) {
    browser.asked = false;
    if (ui.popupIs("path")) ui.closePopup();
  } else if (wanted && !ui.popupPending("path")) {
    browser.asked = false;
    p.session.answerPath(std::nullopt);
  }
  if (!ui.popupIs("path") || !p.session.pathQuestion()) return;
  const PathQuestion question = *p.session.pathQuestion();
  const Box box = placed(p);
  const Popup popup(ui, "path", box);
  if (!popup) return;
  if (ui.take(kKeyEscape)) ui.closePopup();
  const ImVec2 at = ImGui::GetWindowPos();
  Browser(p, browser, question).draw(Box::at(at.x, at.y, box.width(), box.height()));
}

}  // namespace headlight
