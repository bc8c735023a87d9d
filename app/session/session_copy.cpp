#include "app/session/state.h"
#include "core/attention/explain.h"

namespace headlight {
namespace {

std::vector<std::string> labelsOf(const std::vector<Token>& tokens) {
  std::vector<std::string> labels;
  labels.reserve(tokens.size());
  for (const Token& token : tokens) labels.push_back(token.label);
  return labels;
}

}  // namespace

void Session::copyExplanation(CopyFormat format) {
  const auto cell = focusCell();
  const auto now = evaluation();
  if (!cell || !now) return;
  const auto made = explanation(explainedStage(), view().head, *cell);
  if (!made) return;
  const auto queries = labelsOf(now->prepared->queryTokens);
  const auto keys = labelsOf(now->prepared->keyTokens);
  if (format == CopyFormat::text) return copyText(toText(*made, queries, keys));
  if (format == CopyFormat::latex) return copyText(toLatex(*made, queries, keys));
  // Without a row behind it (of matrices, of a mean) the table is the explanation's own.
  const bool hasRow = made->stage == Stage::weights && made->head >= 0;
  state_->files.append([this, made, now, queries, keys, hasRow](ThreadPool&, const Cancel&) -> Worker::Home {
    std::vector<ExplainKey> row = made->keys;
    if (hasRow) {
      if (auto whole = explainRow(now->run, made->head, made->row)) row = std::move(*whole);
    }
    return [this, text = toCsv(*made, row, queries, keys)] { copyText(text); };
  });
}

}  // namespace headlight
