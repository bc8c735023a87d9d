#include "app/panels/frame.h"

#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/panels/find_token.h"
#include "app/panels/go_to.h"
#include "app/panels/home.h"
#include "app/panels/import_page.h"
#include "app/panels/lesson_tab.h"
#include "app/panels/map_image.h"
#include "app/panels/pages.h"
#include "app/panels/present.h"
#include "app/panels/quiet_regions.h"
#include "app/panels/settings_panel.h"
#include "app/panels/states.h"
#include "app/panels/status_line.h"
#include "app/panels/strip.h"
#include "app/panels/tabs.h"
#include "app/panels/text_panel.h"
#include "app/panels/top_bar.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr std::size_t kMostExtra = 1024;

void addCharacters(const std::vector<Token>& tokens, std::vector<char32_t>& extra) {
  for (const Token& token : tokens) {
    if (extra.size() > 8 * kMostExtra) return;
    for (std::size_t at = 0; at < token.label.size();) {
      const auto point = decodeUtf8(token.label, at);
      if (!point) break;
      at += point->length;
      if (point->value >= 0x180 && drawnByAtlas(point->value)) extra.push_back(point->value);
    }
  }
}

}  // namespace

struct Frame::State {
  State(Session& theSession, MapRenderer& theRenderer, std::function<void()> wake)
      : session(theSession), renderer(theRenderer), ui(std::move(wake)) {}

  Session& session;
  MapRenderer& renderer;
  Ui ui;
  std::shared_ptr<Fonts> fonts;
  PanelState panels;
  std::vector<Chord> keys;
  Layout layout;
  bool drawn = false;
  bool labelsReady = true;
  Theme styledTheme = Theme::dark;
  float styledScale = 0;

  // Characters of the newest tokens, for the atlas.
  mutable std::weak_ptr<const Evaluation> extraOf;
  mutable std::vector<char32_t> extra;

  Panel panel() { return {session, ui, renderer, panels, layout}; }

  void style(float scale) {
    const Theme theme = presentTheme(panels, session.theme());
    ui.theme = theme;
    ui.scale = scale;
    ui.c = tokens(theme);
    ui.fonts = fonts.get();
    ui.reducedMotion = session.reducedMotion();
    ui.seconds = session.seams().seconds ? session.seams().seconds() : 0;
    if (styledTheme != theme || styledScale != scale) {
      styledTheme = theme;
      styledScale = scale;
      applyTheme(ImGui::GetStyle(), theme, scale);
    }
  }

  /// Keys that no control took: Tab, then the window's commands and the session's actions.
  void dispatch() {
    Panel p = panel();
    if (presenting(p)) {
      for (const Chord chord : ui.untakenKeys()) presentKey(p, chord);
      return;
    }
    const bool typing = compat::typing();
    const bool list = !ui.open.empty() && !typing;  // the arrows go through what is open
    if (ui.take(kKeyTab) || (list && ui.take(kKeyDown))) {
      if (typing) compat::letGo();
      ui.focus.walk(1);
      ui.stayAwake(0.05);
    }
    if (ui.take(kKeyTab, kShift) || (list && ui.take(kKeyUp))) {
      if (typing) compat::letGo();
      ui.focus.walk(-1);
      ui.stayAwake(0.05);
    }
    if (!ui.open.empty() || ui.fieldOpens()) return;
    for (const Chord chord : ui.untakenKeys()) {
      const bool ctrl = (chord.modifiers & kCtrl) != 0;
      const bool edits = chord.key == kKeyA || chord.key == kKeyC || chord.key == kKeyV ||
                         chord.key == kKeyX || chord.key == kKeyZ || chord.key == kKeyA + 24 ||
                         chord.key >= kKeyEscape;
      if (typing && (!ctrl || edits)) continue;
      if (chord.key == kKeyEscape && layout.railOver) {
        panels.folds.railOpen = false;
        continue;
      }
      runKey(p, chord);
      if (ui.fieldOpens()) return;  // what comes behind it is meant for the field
    }
    if (typing) return;
    for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) runCharacter(p, c);
  }

  void drawRegions() {
    Panel p = panel();
    drawTopBar(p);
    if (homeWanted(p)) return drawHome(p);
    const Tab& tab = openTab(p);
    if (importWanted(p) && !problemWanted(p)) {
      drawQuietStrip(p, "The stages stand here once the tensors are opened. Until then " +
                            p.session.documentName() + " stays as it is.");
      drawQuietRail(p);
      drawStagePage(p, true);
      drawQuietInspector(p);
      return;
    }
    // Numbers that are still there are those of what was shown before.
    const bool lacks = lacksFile(p);
    if (lacks && !layout.strip.empty()) {
      drawQuietStrip(p, "The stages stand here once the file is found.");
    } else if (!layout.strip.empty()) {
      drawStrip(p);
    }
    if (!layout.railOver) tab.rail(p);
    if (tab.id == tabs().front().id || !drawStagePage(p, true)) tab.stage(p);
    if (lacks) {
      drawQuietInspector(p);
    } else if (!drawTextPanel(p)) {
      tab.inspector(p);
    }
    if (layout.railOver) {
      ui.covers = true;
      tab.rail(p);
      ui.covers = false;
    }
  }
};

Frame::Frame(Session& session, MapRenderer& renderer, std::function<void()> wake)
    : state_(std::make_unique<State>(session, renderer, std::move(wake))) {
  State& s = *state_;
  s.ui.c = tokens(session.theme());
  s.ui.labelTexture = [&s](const LabelPicture& label) {
    return s.renderer.picture(label.key, [picture = label.picture] { return picture; });
  };
}

Frame::~Frame() = default;

FontRequest Frame::fontsFor(float scale) const {
  const State& s = *state_;
  FontRequest request;
  request.scale = scale;
  request.presenting = presenting(state_->panel());
  const auto evaluation = s.session.evaluation();
  if (evaluation && s.extraOf.lock() != evaluation) {
    s.extraOf = evaluation;
    std::vector<char32_t> extra;
    addCharacters(evaluation->prepared->queryTokens, extra);
    addCharacters(evaluation->prepared->keyTokens, extra);
    std::sort(extra.begin(), extra.end());
    extra.erase(std::unique(extra.begin(), extra.end()), extra.end());
    if (extra.size() > kMostExtra) extra.resize(kMostExtra);
    // What was needed before stays: an atlas is dear, a glyph is not.
    std::vector<char32_t> both;
    std::set_union(s.extra.begin(), s.extra.end(), extra.begin(), extra.end(), std::back_inserter(both));
    s.extra = both.size() > kMostExtra ? extra : both;
  }
  request.extra = s.extra;
  return request;
}

void Frame::useFonts(std::shared_ptr<Fonts> fonts) {
  state_->fonts = std::move(fonts);
}

bool Frame::opensField() const {
  return state_->ui.fieldOpens();
}

void Frame::key(Chord chord) {
  state_->keys.push_back(chord);
}

void Frame::draw(float width, float height, float scale, float wantedScale) {
  State& s = *state_;
  if (!s.fonts) return;
  s.style(scale);
  Panel before = s.panel();
  const bool isPresenting = presenting(before);
  s.layout = isPresenting ? layoutOf(presentLayout(width, height))
                          : computeLayout(width, height, scale, s.panels.folds);
  followLesson(before);
  if (const auto fit = openTab(before).fit; fit != nullptr && !isPresenting) fit(before, s.layout);
  s.ui.large = s.layout.large;
  s.panels.mouseInMap = false;
  const ImGuiIO& io = ImGui::GetIO();
  const bool mouse = io.MouseClicked[0] || io.MouseClicked[1];
  if (mouse) s.ui.focus.hideRing();
  s.ui.beginFrame();
  for (const Chord chord : s.keys) s.ui.press(chord);
  s.keys.clear();

  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushFont(s.fonts->face(Role::body).font);
  constexpr ImGuiWindowFlags kHost = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                     ImGuiWindowFlags_NoSavedSettings |
                                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
                                     ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground;
  ImGui::Begin("host", nullptr, kHost);
  Panel p = s.panel();
  if (isPresenting) {
    drawPresent(p);
  } else {
    s.drawRegions();
    drawStatusLine(p, wantedScale);
    drawMenu(p);
    drawPalette(p);
    drawKeysHelp(p);
    drawSettings(p);
    drawGoTo(p);
    drawFindToken(p);
    drawPathDialog(p);
    drawExportDialog(p);
    drawEditDialogs(p);
  }
  s.dispatch();
  ImGui::End();
  ImGui::PopFont();
  s.ui.endFrame();

  // A click beside the rail that lies over the stage closes it.
  if (s.layout.railOver && s.ui.open.empty() && io.MouseClicked[0] && !s.layout.rail.contains(io.MousePos)) {
    s.panels.folds.railOpen = false;
  }
  s.labelsReady = s.ui.labels.idle();
  s.drawn = true;
}

ImU32 Frame::ground() const {
  return state_->ui.c.s1;
}

bool Frame::animating() const {
  const State& s = *state_;
  const double now = s.session.seams().seconds ? s.session.seams().seconds() : s.ui.seconds;
  return s.ui.awakeAt(now);
}

bool Frame::settled() const {
  return state_->drawn && !animating() && state_->labelsReady && state_->ui.labels.idle();
}

bool Frame::wantsCrosshair() const {
  return state_->panels.mouseInMap;
}

float Frame::scaleFor(float height, float scale) const {
  return presenting(state_->panel()) ? presentScale(height) : scale;
}

bool Frame::wantsFullScreen() const {
  Panel p = state_->panel();
  const auto& presentation = p.state.part<Presentation>();
  return presentation.on || presentation.fullScreen;
}

bool Frame::run(std::string_view id) {
  Panel p = state_->panel();
  return runCommand(p, id);
}

const std::string& Frame::focused() const {
  return state_->ui.focus.id();
}

const Registry& Frame::registry() const {
  return state_->ui.registry;
}

}  // namespace headlight
