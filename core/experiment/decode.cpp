#include "core/experiment/decode.h"

#include <algorithm>
#include <cmath>

#include "core/attention/normalize/normalize.h"
#include "core/base/utf8.h"
#include "core/experiment/fit.h"
#include "core/experiment/json.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/source.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

/// Text from the command line never passed the parser of files.
void checkUtf8(const Value& value, const std::string& path, Report& report) {
  const auto check = [&](const std::string& text) {
    if (const auto bad = firstInvalidUtf8(text)) {
      report.error(
          path, "found bytes that are no UTF-8 from byte " + std::to_string(*bad) + " on, accepted is UTF-8");
    }
  };
  if (value.isString()) check(value.string());
  if (value.isList()) {
    for (std::size_t i = 0; i < value.list().size(); ++i)
      checkUtf8(value.list()[i], itemPath(path, i), report);
  }
  if (value.isObject()) {
    for (const auto& [name, member] : value.object()) {
      check(name);
      checkUtf8(member, memberPath(path, name), report);
    }
  }
}

void decodeHeader(const Value& root, Report& report) {
  const Value* type = root.find("type");
  if (!type || !type->isString() || type->string() != kExperimentType) {
    report.error("type", "found " + (type ? foundText(*type) : std::string("no type")) + ", accepted is \"" +
                             std::string(kExperimentType) + "\"");
  }
  const Value* version = root.find("version");
  if (version && version->isInteger() && version->integer() > kExperimentVersion) {
    report.error("version",
                 "found version " + version->json() +
                     ", this Headlight (" HEADLIGHT_VERSION ") reads version " +
                     std::to_string(kExperimentVersion),
                 "The file needs a newer Headlight that reads version " + version->json());
  } else if (!version || !version->isInteger() || version->integer() != kExperimentVersion) {
    report.error("version", "found " + (version ? foundText(*version) : std::string("no version")) +
                                ", accepted is " + std::to_string(kExperimentVersion));
  }
}

void decodeShape(const Value& value, const Place& place, ShapeSpec& shape, Report& report) {
  if (!value.isObject()) {
    report.error(place.path, "found " + foundText(value) + ", accepted is an object");
    return;
  }
  std::vector<std::string_view> known;
  for (const KeySpec& key : shapeKeys()) {
    known.push_back(key.name);
    const Value* given = value.find(key.name);
    if (!given || given->isNull() || !report.add(checkKey(*given, key, place.member(key.name).path)))
      continue;
    auto& target = key.name == "d_model"    ? shape.dModel
                   : key.name == "heads"    ? shape.heads
                   : key.name == "kv_heads" ? shape.kvHeads
                   : key.name == "d_k"      ? shape.dK
                                            : shape.dV;
    target = given->integer();
  }
  keepUnknown(value, known, place, report);
}

void decodeEdit(const Value& value, const Place& place, Experiment& experiment, Report& report) {
  if (!value.isObject()) {
    report.error(place.path,
                 "found " + foundText(value) + ", accepted is an object with stage, at and value");
    return;
  }
  const KeySpec stage{
      "stage",
      KeyType::word,
      Value(),
      false,
      0,
      0,
      {"input", "memory", "q", "k", "v", "w_q", "w_k", "w_v", "w_o", "b_q", "b_k", "b_v", "b_o"},
      ""};
  const KeySpec at{"at", KeyType::list, Value(), false, 0, 0, {}, ""};
  const KeySpec number{"value", KeyType::number, Value(), false, -3.4e38, 3.4e38, {}, ""};
  const auto read = [&](const KeySpec& key) {
    const Value* given = value.find(key.name);
    static const Value nothing;
    return report.add(checkKey(given ? *given : nothing, key, place.member(key.name).path)) ? given : nullptr;
  };
  const Value* stageValue = read(stage);
  const Value* atValue = read(at);
  const Value* numberValue = read(number);
  keepUnknown(value, {"stage", "at", "value"}, place, report);
  if (!stageValue || !atValue || !numberValue) return;
  CellEdit edit{stageValue->string(), {}, numberValue->number()};
  for (std::size_t i = 0; i < atValue->list().size(); ++i) {
    const Value& index = atValue->list()[i];
    if (!index.isInteger() || index.integer() < 0) {
      report.error(place.member("at").item(i).path,
                   "found " + foundText(index) + ", accepted is an index from 0 on");
      return;
    }
    edit.at.push_back(index.integer());
  }
  experiment.edits.push_back(std::move(edit));
}

void decodeNormalizer(const Value& value, const Place& place, Experiment& experiment, Report& report) {
  const auto entry = decodeKind(value, normalizerFamily(), place, report);
  if (!entry) return;
  experiment.normalizer = *entry;
  if (const Value* tau = value.find("temperature");
      tau && report.add(checkKey(*tau, temperatureKey(), place.member("temperature").path))) {
    experiment.temperature = tau->number();
  }
  if (const Value* row = value.find("empty_row");
      row && report.add(checkKey(*row, emptyRowKey(), place.member("empty_row").path))) {
    experiment.emptyRow = row->string() == "zeros" ? EmptyRow::zeros
                          : row->string() == "nan" ? EmptyRow::nan
                                                   : EmptyRow::uniform;
  }
}

void decodeAblate(const Value& value, const Place& place, Experiment& experiment, Report& report) {
  if (!value.isObject()) {
    report.error(place.path, "found " + foundText(value) + ", accepted is an object");
    return;
  }
  keepUnknown(value, {"heads"}, place, report);
  const Value* heads = value.find("heads");
  if (!heads) return;
  const Place at = place.member("heads");
  if (!heads->isList()) {
    report.error(at.path, "found " + foundText(*heads) + ", accepted is a list of heads from 0 on");
    return;
  }
  for (std::size_t i = 0; i < heads->list().size(); ++i) {
    const Value& head = heads->list()[i];
    if (head.isInteger() && head.integer() >= 0 && head.integer() < kMostHeads) {
      experiment.ablatedHeads.push_back(static_cast<int>(head.integer()));
    } else {
      report.error(at.item(i).path, "found " + foundText(head) + ", accepted is a head from 0 on");
    }
  }
}

void decodeText(const Value& root, std::string_view key, std::string& text, Report& report) {
  const Value* given = root.find(key);
  if (!given) return;
  if (given->isString()) {
    text = given->string();
  } else {
    report.error(std::string(key), "found " + foundText(*given) + ", accepted is text");
  }
}

}  // namespace

TokenSpec defaultTokens(const Kinded& source) {
  TokenSpec spec;
  const SourceKind* kind = sourceKind(source.kind);
  if (kind && kind->decidesTokens && kind->decidesTokens(source)) {
    spec.kind = TokenSpec::Kind::indices;
  } else {
    spec.text = kOpeningSentence;
  }
  return spec;
}

Experiment decodeStructure(const Value& root, Report& report) {
  Experiment experiment;
  experiment.shape = {};
  if (!root.isObject()) {
    report.error("", "found " + foundText(root) + ", accepted is an object with \"type\": \"" +
                         std::string(kExperimentType) + "\"");
    return experiment;
  }
  checkUtf8(root, "", report);
  if (!report.errors.empty()) return experiment;
  decodeHeader(root, report);
  if (!report.errors.empty()) return experiment;
  const auto section = [&](std::string_view name) {
    const Value* value = root.find(name);
    return value && value->isNull() ? nullptr : value;
  };
  const auto place = [](std::string_view name) { return Place{std::string(name), std::string(name)}; };

  decodeText(root, "title", experiment.title, report);
  if (const Value* value = section("source")) {
    if (auto source = decodeKind(*value, sourceFamily(), place("source"), report)) {
      experiment.source = std::move(*source);
      const SourceKind* kind = sourceKind(experiment.source.kind);
      if (kind->check) kind->check(experiment.source, place("source"), report);
    }
  }
  experiment.tokens = defaultTokens(experiment.source);
  if (const Value* value = section("tokens")) {
    if (auto spec = decodeTokens(*value, place("tokens"), report)) experiment.tokens = std::move(*spec);
  }
  if (const Value* value = section("memory"))
    experiment.memory = decodeTokens(*value, place("memory"), report);
  if (const Value* value = section("shape")) decodeShape(*value, place("shape"), experiment.shape, report);
  if (!sourceKind(experiment.source.kind)->decidesShape) {
    const ShapeSpec generated = Experiment().shape;
    if (!experiment.shape.dModel) experiment.shape.dModel = generated.dModel;
    if (!experiment.shape.heads) experiment.shape.heads = generated.heads;
  }
  if (const Value* value = section("position")) {
    if (auto kind = decodeKind(*value, positionFamily(), place("position"), report))
      experiment.position = *kind;
  }
  if (const Value* value = section("score")) decodeScore(*value, place("score"), experiment, report);
  if (const Value* value = section("mask"))
    experiment.mask = decodeKinds(*value, maskFamily(), place("mask"), report);
  if (const Value* value = section("edits")) {
    if (value->isList()) {
      for (std::size_t i = 0; i < value->list().size(); ++i) {
        decodeEdit(value->list()[i], place("edits").item(i), experiment, report);
      }
    } else {
      report.error("edits", "found " + foundText(*value) + ", accepted is a list");
    }
  }
  if (const Value* value = section("normalizer"))
    decodeNormalizer(*value, place("normalizer"), experiment, report);
  if (const Value* value = section("ablate")) decodeAblate(*value, place("ablate"), experiment, report);
  if (const Value* value = section("mistake")) decodeMistake(*value, place("mistake"), experiment, report);
  if (const Value* value = section("notes")) {
    if (value->isString()) {
      experiment.notes = value->string();
    } else {
      report.error("notes", "found " + foundText(*value) + ", accepted is text");
    }
  }
  if (const Value* value = section("view")) decodeView(*value, place("view"), experiment.view, report);
  if (const Value* value = section("files")) {
    checkFileRecords(*value, place("files"), report);
    if (report.errors.empty()) experiment.files = savedFiles(*value);
  }
  keepUnknown(root, *memberNames(root, {}), Place{}, report);
  experiment.unknown = report.unknown;
  return experiment;
}

std::vector<Error> problems(const Value& root) {
  Report report;
  Experiment experiment = decodeStructure(root, report);
  const auto broken = [&](std::string_view section) {
    return std::any_of(report.errors.begin(), report.errors.end(), [&](const Error& error) {
      return error.where.starts_with(section) &&
             (error.where.size() == section.size() || error.where[section.size()] == '.' ||
              error.where[section.size()] == '[');
    });
  };
  // What is asked of the sizes needs all that they follow from; sections that are wrong already are left out.
  for (const std::string_view section : {"", "type", "version", "tokens", "memory", "source", "shape"}) {
    if (broken(section)) return std::move(report.errors);
  }
  if (broken("score")) experiment.biases.clear();
  if (broken("position")) experiment.position = Experiment().position;
  if (broken("normalizer")) experiment.normalizer = Experiment().normalizer;
  if (broken("mistake")) {
    experiment.mistake = {};
    experiment.tiesKeys = false;
  }
  if (broken("mask")) experiment.mask.clear();
  if (broken("edits")) experiment.edits.clear();
  if (broken("ablate")) experiment.ablatedHeads.clear();
  if (broken("view")) experiment.view = {};
  Report fit;
  checkFit(experiment, fit);
  for (Error& error : fit.errors) report.errors.push_back(std::move(error));
  return std::move(report.errors);
}

Result<Decoded> decode(const Value& root) {
  Report report;
  Experiment experiment = decodeStructure(root, report);
  if (report.errors.empty()) checkFit(experiment, report);
  if (!report.errors.empty()) return report.errors.front();
  return Decoded{std::move(experiment), std::move(report.warnings)};
}

}  // namespace headlight
