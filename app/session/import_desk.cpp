#include <algorithm>
#include <utility>

#include "app/session/session_import.h"

namespace headlight {

ImportDesk::ImportDesk(std::vector<std::string> paths, ImportFound found, Numbers& numbers)
    : paths_(std::move(paths)),
      found_(std::move(found)),
      choices_(importChoices(found_)),
      numbers_(&numbers) {
  if (!choices_.empty()) current_ = choices_.front();
  changed();
}

void ImportDesk::changed() {
  layouts_ = importLayouts(found_, current_.plan);
  experiment_.reset();
  error_.reset();
  auto made = importedExperiment(found_, current_.plan);
  if (!made) {
    error_ = made.error();
    numbers_->cancel();
    return;
  }
  experiment_ = std::move(*made);
  tooLarge_ = importBytes(found_, current_.plan) > kMostPreviewBytes;
  if (tooLarge_) {
    numbers_->cancel();
  } else {
    numbers_->request(*experiment_, found_.folder, true, 0);
  }
}

const Error* ImportDesk::error() const {
  if (error_) return &*error_;
  const auto& failed = numbers_->error();
  const bool mine = failed && !tooLarge_ && !numbers_->busy() && failed->code != ErrorCode::cancelled;
  return mine ? &*failed : nullptr;
}

void ImportDesk::choose(std::size_t choice) {
  if (choice >= choices_.size()) return;
  choiceAt_ = choice;
  current_ = choices_[choice];
  changed();
}

void ImportDesk::takeAs(ImportAs as) {
  if (current_.plan.as == as) return;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (choices_[i].plan.as == as) return choose(i);
  }
  ImportPlan plan = current_.plan;
  plan.as = as;
  // Maps are one tensor: the one that stood first.
  if (as != ImportAs::qkv && as != ImportAs::layer && plan.of(ImportRole::maps) < 0) {
    plan.roles.fill(-1);
    plan.give(ImportRole::maps, 0);
  }
  current_ = importWithRoles(found_, plan);
  changed();
}

ImportRole ImportDesk::roleOf(int tensor) const {
  for (const ImportRole role : importRolesOf(current_.plan.as)) {
    if (current_.plan.of(role) == tensor) return role;
  }
  return ImportRole::none;
}

void ImportDesk::giveRole(int tensor, ImportRole role) {
  ImportPlan plan = current_.plan;
  const ImportRole before = roleOf(tensor);
  if (before == role) return;
  if (before != ImportRole::none) plan.give(before, role == ImportRole::none ? -1 : plan.of(role));
  if (role != ImportRole::none) plan.give(role, tensor);
  const std::string tokens = plan.tokens;
  current_ = importWithRoles(found_, plan);
  current_.plan.tokens = tokens;
  changed();
}

void ImportDesk::setLayout(const std::string& layout) {
  ImportPlan& plan = current_.plan;
  plan.layout = layout;
  plan.layer = 0;
  plan.batch = 0;
  current_.doubts.layout = false;
  // What follows from the layout follows this one.
  if (importAsksHeads(plan) && !importSizes(found_, plan)) {
    const auto heads = importHeads(found_, plan);
    if (!heads.empty()) plan.heads = heads.front();
    current_.doubts.heads = heads.size() > 1;
  }
  const auto sizes = importSizes(found_, plan);
  const auto fits = [&](const ImportTokens& tokens) { return sizes && tokens.count == sizes->queries; };
  const auto chosen = std::find_if(found_.tokens.begin(), found_.tokens.end(),
                                   [&](const ImportTokens& one) { return one.file == plan.tokens; });
  if (current_.doubts.tokens && chosen != found_.tokens.end() && !fits(*chosen)) plan.tokens.clear();
  changed();
}

void ImportDesk::setHeads(std::int64_t heads) {
  current_.plan.heads = heads;
  current_.doubts.heads = false;
  changed();
}

void ImportDesk::setLayer(std::int64_t layer) {
  current_.plan.layer = layer;
  changed();
}

void ImportDesk::setBatch(int batch) {
  current_.plan.batch = batch;
  changed();
}

void ImportDesk::setMaskMeaning(const std::string& meaning) {
  current_.plan.maskMeaning = meaning;
  current_.doubts.mask = false;
  changed();
}

void ImportDesk::setTokens(const std::string& file) {
  current_.plan.tokens = file;
  current_.doubts.tokens = false;
  changed();
}

void ImportDesk::addTokens(ImportTokens tokens) {
  const std::string file = tokens.file;
  const auto known = std::find_if(found_.tokens.begin(), found_.tokens.end(),
                                  [&](const ImportTokens& one) { return one.file == file; });
  if (known == found_.tokens.end()) {
    found_.tokens.push_back(std::move(tokens));
  } else {
    *known = std::move(tokens);
  }
  setTokens(file);
}

}  // namespace headlight
