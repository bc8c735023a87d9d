#include "core/describe/caption.h"

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/formula.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"
#include "core/describe/selection_words.h"
#include "core/describe/words.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

using Kind = CaptionSubject::Kind;

std::string sentence(std::string text) {
  while (text.ends_with(' ') || text.ends_with('.')) text.pop_back();
  return text.empty() ? text : text + ".";
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

std::string stageWords(Stage stage) {
  // QKᵀ and the like begin with letters that stay as they are.
  std::string words(info(stage).title);
  const bool isWord = words.size() > 1 && words[1] >= 'a' && words[1] <= 'z';
  if (isWord) words.front() = lowered(words.substr(0, 1)).front();
  return words;
}

std::string headsText(const Evaluation& evaluation, const CaptionSubject& subject) {
  if (!info(subject.stage).perHead) return {};
  const auto all = static_cast<std::size_t>(evaluation.run->sizes.heads);
  if (subject.kind == Kind::heads && (subject.heads.empty() || subject.heads.size() == all)) {
    return " of all " + countText(evaluation.run->sizes.heads, "head", "heads");
  }
  std::vector<std::string> names;
  for (const int head : subject.heads) names.push_back(headText(evaluation, head));
  return names.empty() ? std::string() : " of " + listText(names);
}

std::string tokensText(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  if (!isCross(evaluation)) return countText(sizes.queries, "token", "tokens");
  return countText(sizes.queries, "query", "queries") + " and " + countText(sizes.keys, "key", "keys");
}

std::string differenceText(const Evaluation& evaluation, const CaptionSubject& subject) {
  std::string of;
  if (subject.heads.size() == 2) {
    return stageWords(subject.stage) + " of " + headText(evaluation, subject.heads[0]) + " minus those of " +
           headText(evaluation, subject.heads[1]);
  }
  if (info(subject.stage).perHead && !subject.heads.empty())
    of = " of " + headText(evaluation, subject.heads.front());
  if (subject.minusStage) return stageWords(subject.stage) + " minus " + stageWords(*subject.minusStage) + of;
  return stageWords(subject.stage) + of + " minus those of " + quoted(subject.minusName);
}

std::string shown(const Evaluation& evaluation, const CaptionSubject& subject) {
  switch (subject.kind) {
    case Kind::pipeline:
      return "from scores to output" + headsText(evaluation, subject);
    case Kind::difference:
      return differenceText(evaluation, subject);
    case Kind::row: {
      const TokenNames names = TokenNames::of(evaluation);
      const auto query = static_cast<std::size_t>(subject.query.value_or(0));
      const std::string name = query < names.queries.size() ? names.queries[query] : std::to_string(query);
      return stageWords(subject.stage) + headsText(evaluation, subject) + " in the row of " + quoted(name) +
             " (query " + std::to_string(query) + ")";
    }
    case Kind::lines:
      return stageWords(subject.stage) + headsText(evaluation, subject) + " as lines from queries to keys";
    case Kind::map:
    case Kind::heads:
      break;
  }
  return stageWords(subject.stage) + headsText(evaluation, subject);
}

std::string madeText(const Evaluation& evaluation, const CaptionSubject& subject) {
  const std::string formula = subject.kind == Kind::pipeline     ? pipelineFormula(evaluation)
                              : subject.kind == Kind::difference ? std::string()
                                                                 : stageFormula(evaluation, subject.stage);
  return formula.empty() ? std::string() : ", " + mathPlain(formula);
}

}  // namespace

std::string caption(const Evaluation& evaluation, const CaptionSubject& subject) {
  const Experiment& experiment = evaluation.experiment;
  const std::string title = subject.title.empty() ? experiment.title : subject.title;
  std::string text = title.empty() ? std::string() : sentence(capital(title)) + " ";
  std::string what =
      shown(evaluation, subject) + " for " + tokensText(evaluation) + madeText(evaluation, subject);
  if (isMap(subject.stage) || subject.kind == Kind::pipeline) {
    what += experiment.mask.empty()
                ? ", without a mask"
                : (experiment.mask.size() == 1 ? ", with a " : ", with ") + maskNames(experiment.mask);
  }
  text += sentence(capital(std::move(what)));
  const bool coloured = subject.kind != Kind::pipeline && subject.kind != Kind::row;
  if (subject.range && coloured) text += " " + rangeSentence(*subject.range);
  if (const std::string& origin = evaluation.prepared->origin.chip; !origin.empty())
    text += " Numbers: " + sentence(origin);
  const std::string wrong = mistakeText(experiment);
  return wrong.empty() ? text : text + " " + wrong;
}

}  // namespace headlight
