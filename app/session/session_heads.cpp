#include <algorithm>
#include <utility>

#include "app/session/state.h"

namespace headlight {
namespace {

/// A part of a product, which it keeps alive.
template <class T>
std::shared_ptr<const T> part(const std::shared_ptr<const HeadProduct>& product,
                              std::shared_ptr<const T> HeadProduct::*which) {
  return product ? product.get()->*which : nullptr;
}

}  // namespace

std::shared_ptr<const std::vector<HeadReading>> Session::headReadings() {
  return part(state_->numbers.ofHeads({Wanted::What::readings, Stage::weights}), &HeadProduct::readings);
}

std::shared_ptr<const std::vector<double>> Session::effectiveKeys() {
  return part(state_->numbers.ofHeads({Wanted::What::effectiveKeys, Stage::weights}),
              &HeadProduct::effectiveKeys);
}

std::shared_ptr<const CellOfHeads> Session::cellOfHeads(Stage stage, Cell cell) {
  return part(state_->numbers.ofHeads({Wanted::What::cellOfHeads, stage, 0, 0, cell.row, cell.col}),
              &HeadProduct::cell);
}

std::shared_ptr<const AlikeHeads> Session::alikeHeads() {
  return part(state_->numbers.ofHeads({Wanted::What::alike, Stage::weights}), &HeadProduct::alike);
}

std::shared_ptr<const ContributionLengths> Session::contributionLengths(std::int64_t query) {
  const Wanted wanted{Wanted::What::lengths, Stage::contribution, 0, 0, query / kLengthRows};
  return part(state_->numbers.ofHeads(wanted), &HeadProduct::lengths);
}

std::shared_ptr<const HeadContributions> Session::headContributions(std::int64_t query) {
  return part(state_->numbers.ofHeads({Wanted::What::contributions, Stage::output, 0, 0, query}),
              &HeadProduct::contributions);
}

std::shared_ptr<const ProjectionSlice> Session::projectionSlice(int head, int level) {
  return part(state_->numbers.ofHeads({Wanted::What::projection, Stage::contribution, head, level}),
              &HeadProduct::projection);
}

bool Session::silenced(int head) const {
  const std::vector<int>& heads = experiment().ablatedHeads;
  return std::find(heads.begin(), heads.end(), head) != heads.end();
}

bool Session::canSilence(int head) const {
  const auto now = evaluation();
  return now && head >= 0 && head < now->run->sizes.heads && now->run->has(Stage::headOutput);
}

void Session::toggleSilence(int head) {
  if (!canSilence(head)) return;
  Experiment next = experiment();
  std::vector<int>& heads = next.ablatedHeads;
  const bool silent = silenced(head);
  if (silent) {
    std::erase(heads, head);
  } else {
    heads.insert(std::lower_bound(heads.begin(), heads.end(), head), head);
  }
  const std::string name = "H" + std::to_string(head);
  if (const Status done = apply(std::move(next), silent ? "hear " + name + " again" : "silence " + name);
      !done) {
    state_->notice = done.error().text();
  }
}

}  // namespace headlight
