#include <utility>

#include "app/session/state.h"
#include "core/base/words.h"

namespace headlight {

namespace {

/// One picture at a time is looked at.
constexpr std::size_t kImportTileBytes = std::size_t{16} << 20;

}  // namespace

void Session::State::openTensors(std::vector<std::string> paths, int deckPlace) {
  const std::string shown =
      paths.size() == 1 ? fileNameOf(paths.front()) : std::to_string(paths.size()) + " files";
  const auto look = [this, paths, shown, deckPlace](ThreadPool&, const Cancel& cancel) -> Worker::Home {
    return [this, found = lookInto(paths, cancel), paths, shown, deckPlace]() mutable {
      --opening;
      if (!found) return openFailed(shown, found.error());
      // Behind the page stands a document, whatever becomes of the import.
      if (documentNumber == 0 && opening == 0) openStart(start ? std::move(*start) : Start{});
      if (!importNumbers)
        importNumbers = std::make_unique<Numbers>(seams.threads, seams.seconds, home, kImportTileBytes);
      problem.reset();
      desk = std::make_unique<ImportDesk>(std::move(paths), std::move(*found), *importNumbers);
      deskDeck = deckPlace;
      deskMayReplace = leftRevision;
      const auto count = static_cast<std::int64_t>(desk->found().tensors.size());
      notice = "Found " + countText(count, "tensor", "tensors") + " in " + shown;
      if (!desk->choices().empty()) return;
      const std::string what = desk->found().tensors.front().info.name;
      closeDesk();
      openFailed(shown, Error{ErrorCode::invalid,
                              "found " + what + " and no tensors that could be q and k, maps or a layer", "",
                              "Name them q, k and v, weights, or scores"});
    };
  };
  openLater(look, shown);
}

ImportDesk* Session::importing() {
  return state_->desk.get();
}
const ImportDesk* Session::importing() const {
  return state_->desk.get();
}

void Session::cancelImport() {
  state_->closeDesk();
}

void Session::State::closeDesk() {
  if (!desk) return;
  importNumbers->cancel();
  importNumbers->clear();
  desk.reset();
}

void Session::acceptImport() {
  State& s = *state_;
  if (!s.desk || s.desk->error() || s.desk->experiment() == nullptr) return;
  // In its own place of a deck nothing is left behind.
  const bool inDeck = s.deskDeck >= 0 && s.deskDeck < static_cast<int>(s.deck.size());
  if (!inDeck && s.deskMayReplace != s.revision && !mayLeave("import.accept")) return;
  Document next;
  next.experiment = *s.desk->experiment();
  next.folder = s.desk->found().folder;
  next.name = s.desk->found().title;
  const std::vector<std::string> paths = s.desk->paths();
  cancelImport();
  if (inDeck) {
    s.keepDeckDocument();
    s.deckAt = s.deckShows = s.deskDeck;
    History steps(next.experiment);
    Experiment same = next.experiment;
    s.show(std::move(next), std::move(steps), std::move(same), false);
  } else {
    s.adopt(std::move(next), false);
  }
  s.notice = "Imported " + s.document.name + ": save it to keep what was chosen";
  for (const std::string& path : paths) s.remember(path);
  s.autosaveDue = s.seams.seconds() + kAutosaveDelay;
  s.files.wakeIn(kAutosaveDelay + 0.02);
}

void Session::askImportTokens() {
  DialogRequest request;
  request.title = "Tokens";
  request.filters = {{"Lists of text", {"*.json", "*.txt"}}, {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::importTokens, std::move(request));
}

void Session::askImportMore() {
  DialogRequest request;
  request.title = "Add tensors";
  request.filters = {{"Tensors", {"*.npy", "*.npz", "*.safetensors", "*.csv"}}, {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::importMore, std::move(request));
}

void Session::State::addImportTokens(const std::string& path) {
  if (!desk) return;
  ++opening;
  const auto failed = [this, path](const Error& error) {
    --opening;
    notice = fileNameOf(path) + " holds no tokens: " + error.text();
  };
  files.append(
      [this, path, failed, found = desk->found()](ThreadPool&, const Cancel&) -> Worker::Home {
        auto tokens = lookIntoTokens(found, path);
        if (!tokens) return [failed, error = tokens.error()] { failed(error); };
        return [this, tokens = std::move(*tokens)] {
          --opening;
          if (desk) desk->addTokens(tokens);
        };
      },
      [failed] {
        failed(Error{ErrorCode::failed, "there is not enough memory for it", "", ""});
      });
}

/// All is read anew, with one file more.
void Session::State::addImportFile(const std::string& path) {
  if (!desk) return;
  std::vector<std::string> paths = desk->paths();
  paths.push_back(path);
  openTensors(std::move(paths), deskDeck);
}

}  // namespace headlight
