#include <algorithm>
#include <cmath>

#include "core/attention/field.h"
#include "core/experiment/decode.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

std::vector<std::string> quotedRangeModes() {
  std::vector<std::string> words;
  for (const std::string_view mode : rangeModes()) words.push_back(quoted(mode));
  words.push_back("[low, high]");
  return words;
}

std::vector<std::string> quotedWords(const KeySpec& key) {
  std::vector<std::string> words;
  for (const std::string_view word : key.words) words.push_back(quoted(word));
  if (key.nullable) words.emplace_back("null");
  return words;
}

bool isIndex(const Value& value) {
  return value.isInteger() && value.integer() >= 0;
}

void decodeHead(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  if (value.isString() && value.string() == "mean") {
    view.head = kMeanHead;
  } else if (isIndex(value) && value.integer() < kMostHeads) {
    view.head = static_cast<int>(value.integer());
  } else {
    report.error(place.path, "found " + foundText(value) + ", accepted is a head from 0 on, or \"mean\"");
  }
}

void decodeRange(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  if (value.isString()) {
    for (const std::string_view mode : rangeModes()) {
      if (value.string() == mode) {
        view.range = mode;
        return;
      }
    }
  } else if (value.isList() && value.list().size() == 2 && value.list()[0].isNumber() &&
             value.list()[1].isNumber()) {
    const double low = value.list()[0].number();
    const double high = value.list()[1].number();
    if (std::isfinite(low) && std::isfinite(high) && low < high) {
      view.range = "custom";
      view.customRange = {low, high};
      return;
    }
    report.error(place.path, "found [" + value.list()[0].json() + ", " + value.list()[1].json() +
                                 "], accepted is [low, high] with low < high");
    return;
  }
  report.error(place.path, "found " + foundText(value) + ", accepted is " + orList(quotedRangeModes()));
}

void decodePin(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  if (value.isList() && value.list().size() == 2 && isIndex(value.list()[0]) && isIndex(value.list()[1])) {
    view.pin = std::array<std::int64_t, 2>{value.list()[0].integer(), value.list()[1].integer()};
  } else {
    report.error(place.path, "found " + (value.isList() ? value.json() : foundText(value)) +
                                 ", accepted is [query, key], both from 0, or null");
  }
}

void decodeLeaveOut(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  for (std::size_t i = 0; i < value.list().size(); ++i) {
    const Value& key = value.list()[i];
    if (isIndex(key)) {
      view.leaveOut.push_back(key.integer());
    } else {
      report.error(place.item(i).path, "found " + foundText(key) + ", accepted is a key from 0 on");
    }
  }
}

/// {"head": 3}, {"stage": "scaled"} or {"file": "other.headlight.json"}.
void decodeCompare(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  constexpr const char* kAccepted =
      "accepted is an object with one of \"head\", \"stage\" and \"file\", or null";
  if (!value.isObject()) {
    report.error(place.path, "found " + foundText(value) + ", " + kAccepted);
    return;
  }
  Object known;
  if (const Value* head = value.find("head")) {
    ViewSpec read;
    decodeHead(*head, place.member("head"), read, report);
    known.emplace_back("head", *head);
  }
  if (const Value* stage = value.find("stage")) {
    const auto& keys = viewKeys();
    const auto key =
        std::find_if(keys.begin(), keys.end(), [](const KeySpec& one) { return one.name == "stage"; });
    if (report.add(checkKey(*stage, *key, place.member("stage").path))) known.emplace_back("stage", *stage);
  }
  if (const Value* file = value.find("file")) {
    if (file->isString() && !file->string().empty()) {
      known.emplace_back("file", *file);
    } else {
      report.error(place.member("file").path,
                   "found " + foundText(*file) + ", accepted is the path of an experiment");
    }
  }
  if (known.size() > 1) report.error(place.path, "found " + value.json() + ", " + kAccepted);
  keepUnknown(value, {"head", "stage", "file"}, place, report);
  view.compare = std::move(known);
}

}  // namespace

void decodeView(const Value& value, const Place& place, ViewSpec& view, Report& report) {
  if (!value.isObject()) {
    report.error(place.path, "found " + foundText(value) + ", accepted is an object");
    return;
  }
  std::vector<std::string_view> known;
  for (const KeySpec& key : viewKeys()) {
    known.push_back(key.name);
    const Value* given = value.find(key.name);
    const Place here = place.member(key.name);
    if (!given || (given->isNull() && key.nullable) || !report.add(checkKey(*given, key, here.path)))
      continue;
    if (key.name == "batch") {
      view.batch = static_cast<int>(given->integer());
    } else if (key.name == "layer") {
      view.layer = static_cast<int>(given->integer());
    } else if (key.name == "stage") {
      view.stage = *stageById(given->string());
    } else if (key.name == "head") {
      decodeHead(*given, here, view, report);
    } else if (key.name == "orientation") {
      view.queryColumns = given->string() == "query_columns";
    } else if (key.name == "colormap") {
      if (std::find(key.words.begin(), key.words.end(), given->string()) != key.words.end()) {
        view.colormap = given->string();
      } else {
        report.error(here.path, "found " + foundText(*given) + ", accepted is " + orList(quotedWords(key)));
      }
    } else if (key.name == "range") {
      decodeRange(*given, here, view, report);
    } else if (key.name == "range_scope") {
      view.sharedRange = given->string() == "shared";
    } else if (key.name == "leave_out") {
      decodeLeaveOut(*given, here, view, report);
    } else if (key.name == "pin") {
      decodePin(*given, here, view, report);
    } else if (key.name == "compare") {
      decodeCompare(*given, here, view, report);
    }
  }
  keepUnknown(value, known, place, report);
}

Value encodeView(const ViewSpec& view, bool complete) {
  static const ViewSpec plain;
  Object object{{"stage", info(view.stage).id}};
  if (view.head == kMeanHead) {
    object.emplace_back("head", "mean");
  } else {
    object.emplace_back("head", view.head);
  }
  const auto add = [&](std::string_view name, Value value, bool given) {
    if (given || complete) object.emplace_back(std::string(name), std::move(value));
  };
  add("batch", view.batch, view.batch != plain.batch);
  add("layer", view.layer ? Value(*view.layer) : Value(), view.layer.has_value());
  add("orientation", view.queryColumns ? "query_columns" : "query_rows", view.queryColumns);
  add("colormap", view.colormap.empty() ? Value() : Value(view.colormap), !view.colormap.empty());
  Value range;
  if (view.range == "custom") {
    range = List{view.customRange[0], view.customRange[1]};
  } else if (!view.range.empty()) {
    range = view.range;
  }
  add("range", range, !view.range.empty());
  add("range_scope", view.sharedRange ? "shared" : "head", !view.sharedRange);
  add("leave_out", List(view.leaveOut.begin(), view.leaveOut.end()), !view.leaveOut.empty());
  add("pin", view.pin ? Value(List{(*view.pin)[0], (*view.pin)[1]}) : Value(), view.pin.has_value());
  add("compare", view.compare, !view.compare.isNull());
  return object;
}

}  // namespace headlight
