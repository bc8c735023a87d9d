#include "app/panels/commands.h"
#include "app/session/open_file.h"
#include "app/session/session_import.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

/// The menu has room for so many; the palette has all.
constexpr std::size_t kRecentInMenu = 4;

void addRecent(const Panel& p, std::vector<Command>& list) {
  const Session& session = p.session;
  const std::vector<std::string> recent = p.session.settings().recentFiles;
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const std::string& path = recent[i];
    const bool missing = session.recentMissing(path);
    Command command;
    command.id = "recent." + std::to_string(i);
    command.label = "Open recent: " + fileNameOf(path);
    command.group = i < kRecentInMenu ? "File" : "Recent";
    if (missing) command.chordText = "missing";
    command.enabled = !missing;
    command.reason = "it is not at " + path + " any more";
    command.run = [path, id = command.id](Panel& q) {
      // Tensors are looked at first: only what is made of them takes the document's place.
      if (holdsTensors(path) || q.session.mayLeave(id)) q.session.openFile(path);
    };
    list.push_back(std::move(command));
  }
}

void addDeck(const Panel& p, std::vector<Command>& list) {
  const int count = static_cast<int>(p.session.deck().size());
  if (count == 0) return;
  const int at = p.session.deckAt();
  const auto add = [&](const char* id, const char* label, const char* text, int key, int by) {
    Command command;
    command.id = id;
    command.label = label;
    command.group = "Go";
    command.chordText = text;
    command.enabled = at + by >= 0 && at + by < count;
    command.reason = by > 0 ? "it is the last of the deck" : "it is the first of the deck";
    command.chord = {key, kAlt};
    command.run = [by](Panel& q) { q.session.stepDeck(by); };
    list.push_back(std::move(command));
  };
  add("deck.next", "Next document", "Alt →", kKeyRight, 1);
  add("deck.previous", "Previous document", "Alt ←", kKeyLeft, -1);
}

void addImport(const Panel& p, std::vector<Command>& list) {
  const ImportDesk* desk = static_cast<const Session&>(p.session).importing();
  if (desk == nullptr) return;
  const bool whole = desk->error() == nullptr && desk->experiment() != nullptr;
  const auto add = [&](const char* id, const char* label, bool enabled, void (*run)(Panel&)) {
    Command command;
    command.id = id;
    command.label = label;
    command.group = "Import";
    command.enabled = enabled;
    command.reason = "the tensors cannot be opened like this";
    command.run = run;
    list.push_back(std::move(command));
  };
  add("import.accept", "Open what is imported", whole, [](Panel& q) { q.session.acceptImport(); });
  add("import.cancel", "Leave the import", true, [](Panel& q) { q.session.cancelImport(); });
  add("import.tokens", "Choose a file of tokens…", true, [](Panel& q) { q.session.askImportTokens(); });
  add("import.more", "Add a file of tensors…", true, [](Panel& q) { q.session.askImportMore(); });
}

}  // namespace

void addFileCommands(const Panel& p, std::vector<Command>& list) {
  addRecent(p, list);
  addDeck(p, list);
  addImport(p, list);
}

}  // namespace headlight
