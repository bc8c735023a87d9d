#include "app/cli/export_places.h"

#include "core/figure/typed_marks.h"

namespace headlight {

Status placeMarks(const ExportRequest& request, const Evaluation& evaluation, FigureSpec& spec) {
  if (request.query) {
    const auto query = placeToken("--query", *request.query, evaluation.prepared->queryTokens, "query");
    if (!query) return query.error();
    spec.query = *query;
  }
  for (const std::string& text : request.highlights) {
    const auto cell = placeHighlight("--highlight", text, evaluation);
    if (!cell) return cell.error();
    spec.highlights.push_back(*cell);
  }
  for (const std::string& text : request.brackets) {
    auto bracket = placeBracket("--bracket", text, evaluation);
    if (!bracket) return bracket.error();
    if (bracket->queries) spec.queryBrackets.push_back(std::move(*bracket->queries));
    if (bracket->keys) spec.keyBrackets.push_back(std::move(*bracket->keys));
  }
  if (!request.crop) return {};
  const auto crop = placeCrop("--crop", *request.crop, evaluation, spec.stage);
  if (!crop) return crop.error();
  spec.crop = *crop;
  return {};
}

Status checkMarks(const ExportRequest& request) {
  for (const std::string& text : request.highlights) {
    if (Status status = checkHighlight("--highlight", text); !status) return status;
  }
  for (const std::string& text : request.brackets) {
    if (Status status = checkBracket("--bracket", text); !status) return status;
  }
  return {};
}

}  // namespace headlight
