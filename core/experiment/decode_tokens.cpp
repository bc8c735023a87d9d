#include <algorithm>

#include "core/experiment/decode.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

std::vector<KeySpec> tokenForms() {
  return {
      {"text", KeyType::text, Value(), false, 0, 0, {}, ""},
      {"list", KeyType::list, Value(), false, 0, 0, {}, ""},
      {"count", KeyType::integer, Value(), false, 1, static_cast<double>(kMostTokens), {}, ""},
      {"file", KeyType::text, Value(), false, 0, 0, {}, ""},
      {"grid", KeyType::list, Value(), false, 0, 0, {}, ""},
      {"batch", KeyType::list, Value(), false, 0, 0, {}, ""},
  };
}

void decodeList(const Value& list, const Place& place, TokenSpec& spec, Report& report) {
  spec.kind = TokenSpec::Kind::list;
  for (std::size_t i = 0; i < list.list().size(); ++i) {
    const Value& item = list.list()[i];
    if (item.isString()) {
      spec.list.push_back(item.string());
    } else {
      report.error(place.item(i).path, "found " + foundText(item) + ", accepted is text");
    }
  }
}

void decodeGrid(const Value& value, const Place& place, TokenSpec& spec, Report& report) {
  spec.kind = TokenSpec::Kind::grid;
  const Place here = place.member("grid");
  const List& grid = value.find("grid")->list();
  const auto isSize = [](const Value& size) {
    return size.isInteger() && size.integer() >= 1 && size.integer() <= kMostTokens;
  };
  if (grid.size() != 2 || !isSize(grid[0]) || !isSize(grid[1])) {
    report.error(here.path, "found " + (grid.size() <= 4 ? Value(grid).json() : foundText(Value(grid))) +
                                ", accepted is [rows, columns], both at least 1");
    return;
  }
  spec.grid = {grid[0].integer(), grid[1].integer()};
  if (const Value* image = value.find("image"); image && !image->isNull()) {
    if (image->isString() && !image->string().empty()) {
      spec.image = image->string();
    } else {
      report.error(place.member("image").path, "found " + foundText(*image) + ", accepted is a .png file");
    }
  }
  if (const Value* token = value.find("class_token")) {
    if (token->isBool()) {
      spec.classToken = token->boolean();
    } else {
      report.error(place.member("class_token").path,
                   "found " + foundText(*token) + ", accepted is true or false");
    }
  }
  const std::int64_t count = spec.grid[0] * spec.grid[1] + (spec.classToken ? 1 : 0);
  if (count > kMostTokens) {
    report.error(here.path, "found " + std::to_string(count) + " patches, accepted are at most " +
                                std::to_string(kMostTokens) + " tokens");
  }
}

void decodeBatch(const Value& batch, const Place& place, TokenSpec& spec, Report& report) {
  spec.kind = TokenSpec::Kind::batch;
  if (batch.list().empty())
    report.error(place.path, "found an empty list, accepted is a list of at least one sequence of tokens");
  for (std::size_t i = 0; i < batch.list().size(); ++i) {
    const Value& element = batch.list()[i];
    const Place here = place.item(i);
    if (element.find("batch")) {
      report.error(here.member("batch").path,
                   "found a batch in a batch, accepted is one of text, list, count, file and grid");
      continue;
    }
    if (auto one = decodeTokens(element, here, report)) spec.batch.push_back(std::move(*one));
  }
}

/// Keys that belong to another form.
void checkCompanions(const Value& value, const TokenSpec& spec, const Place& place, Report& report,
                     std::vector<std::string_view>& known) {
  if (spec.kind == TokenSpec::Kind::text) known.push_back("split");
  if (spec.kind == TokenSpec::Kind::grid) {
    known.push_back("image");
    known.push_back("class_token");
    return;
  }
  for (const char* key : {"image", "class_token"}) {
    if (value.find(key)) report.error(place.member(key).path, "found " + std::string(key) + " without grid");
  }
  if (const Value* split = value.find("split"); split && spec.kind == TokenSpec::Kind::file) {
    known.push_back("split");
    const Place here = place.member("split");
    report.warnings.push_back(here.path +
                              ": kept and not used, in a file of tokens every line or entry is a token");
    report.unknown.emplace_back(here.canonical, *split);
  }
}

}  // namespace

std::optional<TokenSpec> decodeTokens(const Value& value, const Place& place, Report& report) {
  if (!value.isObject()) {
    report.error(place.path,
                 "found " + foundText(value) +
                     ", accepted is an object with one of text, list, count, file, grid or batch");
    return std::nullopt;
  }
  const std::vector<KeySpec> forms = tokenForms();
  const auto given = std::count_if(forms.begin(), forms.end(),
                                   [&](const KeySpec& form) { return value.find(form.name) != nullptr; });
  if (given != 1) {
    report.error(place.path, "found " + std::to_string(given) +
                                 " of text, list, count, file, grid and batch, accepted is one");
    return std::nullopt;
  }
  TokenSpec spec;
  std::vector<std::string_view> known;
  for (const KeySpec& form : forms) {
    known.push_back(form.name);
    const Value* here = value.find(form.name);
    if (!here) continue;
    const Place at = place.member(form.name);
    if (!report.add(checkKey(*here, form, at.path))) return std::nullopt;
    if (form.name == "text") {
      spec.text = here->string();
    } else if (form.name == "list") {
      decodeList(*here, at, spec, report);
    } else if (form.name == "count") {
      spec.kind = TokenSpec::Kind::count;
      spec.count = here->integer();
    } else if (form.name == "file") {
      spec.kind = TokenSpec::Kind::file;
      spec.file = here->string();
    } else if (form.name == "grid") {
      decodeGrid(value, place, spec, report);
    } else {
      decodeBatch(*here, at, spec, report);
    }
  }
  const Value* split = value.find("split");
  if (spec.kind == TokenSpec::Kind::text && split &&
      report.add(checkKey(*split, splitKey(), place.member("split").path))) {
    spec.split = split->string();
  }
  checkCompanions(value, spec, place, report, known);
  keepUnknown(value, known, place, report);
  return spec;
}

Value encodeTokens(const TokenSpec& spec) {
  switch (spec.kind) {
    case TokenSpec::Kind::text:
      return Object{{"text", spec.text}, {"split", spec.split}};
    case TokenSpec::Kind::list:
      return Object{{"list", List(spec.list.begin(), spec.list.end())}};
    case TokenSpec::Kind::count:
      return Object{{"count", spec.count}};
    case TokenSpec::Kind::file:
      return Object{{"file", spec.file}};
    case TokenSpec::Kind::batch: {
      List sequences;
      for (const TokenSpec& one : spec.batch) sequences.push_back(encodeTokens(one));
      return Object{{"batch", std::move(sequences)}};
    }
    case TokenSpec::Kind::grid: {
      Object grid{{"grid", List(spec.grid.begin(), spec.grid.end())}};
      if (!spec.image.empty()) grid.emplace_back("image", spec.image);
      if (spec.classToken) grid.emplace_back("class_token", true);
      return grid;
    }
    case TokenSpec::Kind::indices:
      return Value();
  }
  return Value();
}

}  // namespace headlight
