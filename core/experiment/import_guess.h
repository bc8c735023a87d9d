#pragma once
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/experiment/import_plan.h"

namespace headlight {

/// A layout that the shapes allow, and what it makes of them.
struct ImportLayout {
  std::string layout;  ///< "htd"
  std::string axes;    ///< "[heads, tokens, width]"
  ImportSizes sizes;
  std::string sizesText;
  int points = 0;      ///< what speaks for it
  std::string reason;  ///< the strongest of that, empty when nothing does
};
/// All that fit the plan's tensors, best first; empty when none does.
std::vector<ImportLayout> importLayouts(const ImportFound& found, const ImportPlan& plan);

/// What of a plan was guessed, for want of anything in the files that says it.
struct ImportDoubts {
  bool as = false;  ///< weights or scores, or what the tensors are at all
  bool layout = false;
  bool heads = false;
  bool mask = false;
  bool tokens = false;
  bool any() const { return as || layout || heads || mask || tokens; }
};

/// One way to read what was found: everything decided, what was guessed marked.
struct ImportChoice {
  ImportPlan plan;
  ImportDoubts doubts;
  int points = 0;
  std::vector<std::string> reasons;  ///< "named q, k and v", "its rows sum to 1"
  std::string title;                 ///< "q, k and v", "weights of maps.npy"
};
/// Best first. Empty when nothing can be made of the tensors.
std::vector<ImportChoice> importChoices(const ImportFound& found);
/// The best plan for tensors whose roles are chosen: layout, heads, mask and tokens are found anew.
ImportChoice importWithRoles(const ImportFound& found, const ImportPlan& plan);

/// The experiment of a plan, its files named relative to the found folder. Errors: as decoding it; (invalid)
/// a role without a tensor.
Result<Experiment> importedExperiment(const ImportFound& found, const ImportPlan& plan);

}  // namespace headlight
