#include "core/experiment/import_guess.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/base/words.h"
#include "core/experiment/import_names.h"

namespace headlight {
namespace {

constexpr int kNoDoubt = 50;  ///< so many points ahead of the next, a layout is no guess
constexpr std::size_t kMostChoices = 64;

const std::string& nameOf(const ImportFound& found, int at) {
  return found.tensors[static_cast<std::size_t>(at)].info.name;
}

bool isBool(const ImportTensor& tensor) {
  return tensor.info.dtype == "bool";
}

/// How a mask's axes are called where its rank alone would mislead, and whether it can be one of these maps.
struct MaskFit {
  bool fits = false;
  std::string axes;
};
MaskFit maskFit(const std::vector<std::int64_t>& shape, const ImportSizes& sizes, bool padding) {
  const auto is = [](std::int64_t n, std::int64_t wanted) { return n == wanted || n == 1; };
  const std::size_t rank = shape.size();
  if (rank < 1 || rank > 4 || shape.back() != sizes.keys) return {};
  const std::int64_t batches = std::max<std::int64_t>(1, sizes.batches);
  if (rank == 1) return {true, ""};
  if (rank == 2) {
    const bool byBatch = sizes.batches > 0 && shape[0] == sizes.batches;
    const bool byQuery = is(shape[0], sizes.queries);
    if (byBatch && (padding || !byQuery)) return {true, "bk"};
    return {byQuery, ""};
  }
  if (!is(shape[rank - 2], sizes.queries)) return {};
  if (rank == 3) {
    if (is(shape[0], sizes.heads) || shape[0] == batches * sizes.heads) return {true, ""};
    return {sizes.batches > 0 && shape[0] == sizes.batches, "bqk"};
  }
  return {is(shape[1], sizes.heads) && is(shape[0], batches), ""};
}

/// What a mask's numbers mean, and whether anything says so.
std::pair<std::string, bool> maskMeaning(const ImportTensor& mask) {
  const ImportName name = readImportName(mask.info.name);
  const auto& sample = mask.sample;
  if (sample && sample->addsAndDrops) return {"additive", true};
  if (sample && !isBool(mask) && !sample->zerosAndOnes) return {"additive", true};
  if (sample && sample->keepsCausally) return {"keep", true};
  if (sample && sample->dropsCausally) return {"drop", true};
  if (name.paddingMask) {
    // Hugging Face's attention_mask is 1 where there is a token, PyTorch's key_padding_mask where there is
    // none.
    const bool keeps = lowered(mask.info.name).ends_with("attention_mask");
    return {keeps ? "keep" : "drop", true};
  }
  if (!isBool(mask) && !sample && mask.info.dtype.starts_with("float")) return {"additive", false};
  return {"keep", false};
}

/// The first layout of so many axes, where none fits: reading then says what is wrong.
std::string layoutByRank(const ImportFound& found, const ImportPlan& plan) {
  const auto words = importLayoutWords(plan.as);
  const ImportTensor* tensor = tensorOf(found, plan, ImportRole::x);
  if (plan.as == ImportAs::qkv) tensor = tensorOf(found, plan, ImportRole::q);
  if (plan.as == ImportAs::weights || plan.as == ImportAs::scores)
    tensor = tensorOf(found, plan, ImportRole::maps);
  for (const std::string_view word : words) {
    if (tensor && tensor->info.shape.size() == word.size()) return std::string(word);
  }
  return std::string(words.front());
}

void chooseLayout(const ImportFound& found, ImportChoice& choice) {
  const auto layouts = importLayouts(found, choice.plan);
  if (layouts.empty()) {
    choice.plan.layout = layoutByRank(found, choice.plan);
    return;
  }
  const ImportLayout& best = layouts.front();
  choice.plan.layout = best.layout;
  choice.doubts.layout = layouts.size() > 1 && best.points - layouts[1].points < kNoDoubt;
  if (!best.reason.empty()) choice.reasons.push_back(best.reason);
}

/// 64 numbers a head, as most models have; few numbers in all are one head.
void chooseHeads(const ImportFound& found, ImportChoice& choice) {
  choice.plan.heads = 1;
  const auto fitting = importHeads(found, choice.plan);
  if (!importAsksHeads(choice.plan) || fitting.empty()) return;
  const ImportTensor* tensor =
      tensorOf(found, choice.plan, choice.plan.as == ImportAs::layer ? ImportRole::x : ImportRole::q);
  if (tensor == nullptr) return;
  const std::int64_t all = tensor->info.shape.back();
  choice.plan.heads = fitting.front();
  choice.doubts.heads = fitting.size() > 1;
  for (std::size_t t = 0; t < found.tensors.size(); ++t) {
    const TensorInfo& info = found.tensors[t].info;
    if (readImportName(info.name).role != ImportRole::maps || info.shape.size() < 3) continue;
    const std::int64_t heads = info.shape[info.shape.size() - 3];
    if (std::find(fitting.begin(), fitting.end(), heads) == fitting.end() || heads == 1) continue;
    choice.plan.heads = heads;
    choice.doubts.heads = false;
    choice.reasons.push_back(info.name + " has " + countText(heads, "head", "heads"));
    return;
  }
  for (const std::int64_t each : {64, 32, 16}) {
    if (all < 2 * each || all % each != 0) continue;
    if (std::find(fitting.begin(), fitting.end(), all / each) == fitting.end()) continue;
    choice.plan.heads = all / each;
    return;
  }
}

void chooseMask(const ImportFound& found, ImportChoice& choice) {
  const auto roles = importRolesOf(choice.plan.as);
  if (std::find(roles.begin(), roles.end(), ImportRole::mask) == roles.end()) {
    choice.plan.give(ImportRole::mask, -1);
    return;
  }
  const ImportTensor* mask = tensorOf(found, choice.plan, ImportRole::mask);
  if (mask == nullptr) return;
  const auto sizes = importSizes(found, choice.plan);
  if (!sizes) return;
  choice.plan.maskAxes = maskFit(mask->info.shape, *sizes, readImportName(mask->info.name).paddingMask).axes;
  const auto [meaning, known] = maskMeaning(*mask);
  choice.plan.maskMeaning = meaning;
  choice.doubts.mask = !known;
}

void chooseTokens(const ImportFound& found, ImportChoice& choice) {
  const auto sizes = importSizes(found, choice.plan);
  if (!sizes || !choice.plan.tokens.empty()) return;
  for (const ImportTokens& tokens : found.tokens) {
    if (tokens.count != sizes->queries) continue;
    choice.plan.tokens = tokens.file;
    choice.doubts.tokens = true;
    return;
  }
}

void decide(const ImportFound& found, ImportChoice& choice) {
  chooseLayout(found, choice);
  chooseHeads(found, choice);
  chooseMask(found, choice);
  chooseTokens(found, choice);
}

/// The tensors of one group of names, by what they are named for.
struct Group {
  std::array<std::vector<int>, kImportRoles> named;
  int first(ImportRole role) const {
    const auto& list = named[static_cast<std::size_t>(role)];
    return list.empty() ? -1 : list.front();
  }
};

class Guesser {
 public:
  explicit Guesser(const ImportFound& found) : found_(found) {
    for (std::size_t t = 0; t < found.tensors.size(); ++t) {
      const ImportName name = readImportName(found.tensors[t].info.name);
      if (name.role == ImportRole::none) continue;
      const std::string key(name.group);
      if (groups_.count(key) == 0) order_.push_back(key);
      auto& list = groups_[key].named[static_cast<std::size_t>(name.role)];
      list.insert(name.exact ? std::find_if(list.begin(), list.end(),
                                            [&](int other) {
                                              return !readImportName(headlight::nameOf(found_, other)).exact;
                                            })
                             : list.end(),
                  static_cast<int>(t));
    }
  }

  std::vector<ImportChoice> all() {
    for (const std::string& key : order_) {
      group_ = key;
      named(groups_[key]);
    }
    layers();
    if (choices_.empty()) unnamed();
    std::stable_sort(choices_.begin(), choices_.end(),
                     [](const ImportChoice& a, const ImportChoice& b) { return a.points > b.points; });
    if (choices_.size() > kMostChoices) choices_.resize(kMostChoices);
    return std::move(choices_);
  }

 private:
  /// Of the group, else the first of any.
  int anywhere(const Group& group, ImportRole role) const {
    if (const int own = group.first(role); own >= 0) return own;
    for (const std::string& key : order_) {
      if (const int other = groups_.at(key).first(role); other >= 0) return other;
    }
    return -1;
  }

  /// What is named for it is offered though it does not fit: the page then says what is wrong.
  void add(ImportChoice choice, bool isNamed) {
    decide(found_, choice);
    const bool fits = importSizes(found_, choice.plan).has_value();
    if (!fits && choice.plan.as != ImportAs::layer) choice.points = 1;
    if (fits || isNamed) choices_.push_back(std::move(choice));
  }

  void named(const Group& group) {
    const int q = group.first(ImportRole::q);
    const int k = group.first(ImportRole::k);
    const int v = group.first(ImportRole::v);
    if (q >= 0 || k >= 0) {
      ImportChoice choice;
      std::vector<std::string> names;
      for (const auto& [role, at] : {std::pair{ImportRole::q, q}, {ImportRole::k, k}, {ImportRole::v, v}}) {
        choice.plan.give(role, at);
        if (at >= 0) names.push_back(headlight::nameOf(found_, at));
      }
      choice.plan.give(ImportRole::mask, anywhere(group, ImportRole::mask));
      if (v >= 0) outputOf(group, choice.plan);
      choice.points = q >= 0 && k >= 0 ? 30 : 12;
      choice.title = v >= 0 ? "q, k and v" : "q and k";
      const std::string_view prefix = group_;
      if (!prefix.empty()) choice.title += " of " + std::string(prefix.substr(0, prefix.size() - 1));
      choice.reasons.push_back("named " + listText(names));
      add(std::move(choice), true);
    }
    for (const int maps : group.named[static_cast<std::size_t>(ImportRole::maps)]) map(group, maps, true);
  }

  /// W_O is taken only where it can stand behind these heads.
  void outputOf(const Group& group, ImportPlan& plan) const {
    const int wO = group.first(ImportRole::wO);
    if (wO < 0) return;
    const auto layouts = importLayouts(found_, plan);
    const auto& shape = found_.tensors[static_cast<std::size_t>(wO)].info.shape;
    if (layouts.empty() || shape.size() != 2) return;
    const ImportSizes& sizes = layouts.front().sizes;
    if (shape[0] != sizes.heads * sizes.dV) return;
    plan.give(ImportRole::wO, wO);
    const int bO = group.first(ImportRole::bO);
    if (bO >= 0 &&
        found_.tensors[static_cast<std::size_t>(bO)].info.shape == std::vector<std::int64_t>{shape[1]}) {
      plan.give(ImportRole::bO, bO);
    }
  }

  void map(const Group& group, int maps, bool isNamed) {
    const ImportTensor& tensor = found_.tensors[static_cast<std::size_t>(maps)];
    ImportChoice choice;
    const auto& sample = tensor.sample;
    bool scores = isNamed && readImportName(tensor.info.name).scores;
    if (isNamed) choice.reasons.push_back("named " + tensor.info.name);
    if (sample && sample->sumsToOne) {
      scores = false;
      choice.reasons.emplace_back("its rows sum to 1");
    } else if (sample && sample->hasNegatives) {
      scores = true;
      choice.reasons.emplace_back("it has numbers below 0");
    } else if (sample && !isNamed) {
      scores = true;
      choice.reasons.emplace_back("its rows do not sum to 1");
    }
    choice.doubts.as = !isNamed && !(sample && (sample->sumsToOne || sample->hasNegatives));
    choice.plan.as = scores ? ImportAs::scores : ImportAs::weights;
    choice.plan.give(ImportRole::maps, maps);
    if (scores) choice.plan.give(ImportRole::mask, anywhere(group, ImportRole::mask));
    choice.title = std::string(scores ? "scores in " : "weights in ") + tensor.info.name;
    const auto& shape = tensor.info.shape;
    const bool square = shape.size() >= 2 && shape.back() == shape[shape.size() - 2];
    choice.points = (isNamed ? 20 : 5) + (square ? 3 : 0) + (sample && sample->sumsToOne ? 3 : 0);
    add(std::move(choice), isNamed);
  }

  void layers() {
    for (std::size_t t = 0; t < found_.tensors.size(); ++t) {
      const ImportTensor& tensor = found_.tensors[t];
      const std::string& name = tensor.info.name;
      if (!name.ends_with("out_proj.weight") || tensor.info.shape.size() != 2) continue;
      const std::string prefix = name.substr(0, name.size() - std::string_view("out_proj.weight").size());
      const auto is = [&](const ImportTensor& other) {
        return other.info.name == prefix + "in_proj_weight" || other.info.name == prefix + "q_proj_weight";
      };
      if (std::none_of(found_.tensors.begin(), found_.tensors.end(), is)) continue;
      layer(tensor, prefix);
    }
  }

  void layer(const ImportTensor& out, const std::string& prefix) {
    ImportChoice choice;
    choice.plan.as = ImportAs::layer;
    choice.plan.prefix = prefix;
    choice.plan.layerFile = parseTensorAddress(out.address).file;
    const std::int64_t width = out.info.shape[0];
    const auto input = [&](ImportRole role) {
      for (std::size_t t = 0; t < found_.tensors.size(); ++t) {
        const TensorInfo& info = found_.tensors[t].info;
        const bool wide = (info.shape.size() == 2 || info.shape.size() == 3) && info.shape.back() == width;
        if (wide && readImportName(info.name).role == role) return static_cast<int>(t);
      }
      return -1;
    };
    choice.plan.give(ImportRole::x, input(ImportRole::x));
    choice.plan.give(ImportRole::memory, input(ImportRole::memory));
    choice.plan.give(ImportRole::mask, anywhere(Group(), ImportRole::mask));
    choice.points = choice.plan.of(ImportRole::x) >= 0 ? 28 : 15;
    choice.title =
        "nn.MultiheadAttention" + (prefix.empty() ? "" : " at " + prefix.substr(0, prefix.size() - 1));
    choice.reasons.emplace_back("it has the tensors of a layer's state dict");
    add(std::move(choice), true);
  }

  /// Nothing is named for what it is: shapes alone speak.
  void unnamed() {
    const std::size_t count = found_.tensors.size();
    if (count == 2 || count == 3) {
      ImportChoice choice;
      choice.plan.give(ImportRole::q, 0);
      choice.plan.give(ImportRole::k, 1);
      if (count == 3) choice.plan.give(ImportRole::v, 2);
      choice.doubts.as = true;
      choice.points = 9;
      choice.title = count == 3 ? "q, k and v in this order" : "q and k in this order";
      choice.reasons.push_back(countText(static_cast<std::int64_t>(count), "tensor", "tensors") +
                               " of shapes that fit each other");
      add(std::move(choice), false);
    }
    for (std::size_t t = 0; t < count; ++t) map(Group(), static_cast<int>(t), false);
  }

  const ImportFound& found_;
  std::map<std::string, Group> groups_;
  std::vector<std::string> order_;
  std::string group_;  ///< the one that is read now
  std::vector<ImportChoice> choices_;
};

}  // namespace

std::vector<ImportChoice> importChoices(const ImportFound& found) {
  return Guesser(found).all();
}

ImportChoice importWithRoles(const ImportFound& found, const ImportPlan& plan) {
  ImportChoice choice;
  choice.plan = plan;
  choice.plan.layer = 0;
  choice.plan.batch = 0;
  decide(found, choice);
  return choice;
}

}  // namespace headlight
