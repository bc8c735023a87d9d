#include "core/experiment/experiment.h"

namespace headlight {
namespace {

bool sameCauses(const Experiment& a, const Experiment& b) {
  return a.tokens == b.tokens && a.memory == b.memory && a.source == b.source && a.shape == b.shape &&
         a.position == b.position && a.scale == b.scale && a.softcap == b.softcap && a.biases == b.biases &&
         a.mask == b.mask && a.edits == b.edits && a.normalizer == b.normalizer &&
         a.temperature == b.temperature && a.emptyRow == b.emptyRow && a.ablatedHeads == b.ablatedHeads &&
         a.mistake == b.mistake && a.tiesKeys == b.tiesKeys;
}

}  // namespace

Experiment::Experiment() : source{"random", {}}, position{"none", {}}, normalizer{"softmax", {}} {
  tokens.text = kOpeningSentence;
  shape.dModel = 64;
  shape.heads = 4;
}

bool sameButView(const Experiment& a, const Experiment& b) {
  return sameCauses(a, b) && a.title == b.title && a.notes == b.notes && a.files == b.files &&
         a.unknown == b.unknown;
}

bool sameNumbers(const Experiment& a, const Experiment& b) {
  return sameCauses(a, b) && a.view.batch == b.view.batch && a.view.layer == b.view.layer;
}

}  // namespace headlight
