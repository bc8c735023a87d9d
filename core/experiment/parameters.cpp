#include "core/experiment/parameters.h"

#include "core/experiment/change.h"
#include "core/experiment/decode.h"
#include "core/experiment/json.h"
#include "core/experiment/json_path.h"

namespace headlight {

std::optional<Value> get(const Experiment& experiment, std::string_view path) {
  const auto steps = parsePath(path);
  if (!steps) return std::nullopt;
  const Value tree = encodeTree(experiment, true);
  const Value* value = valueAt(tree, *steps);
  return value ? std::optional(*value) : std::nullopt;
}

Result<Experiment> set(const Experiment& experiment, std::span<const Member> changes) {
  Value tree = encodeTree(experiment, true);
  for (const auto& [path, value] : changes) {
    if (const Status changed = changeTree(tree, path, value); !changed) return changed.error();
  }
  Result<Decoded> decoded = decode(tree);
  if (!decoded) return decoded.error();
  return std::move(decoded->experiment);
}

Result<Experiment> set(const Experiment& experiment, std::string_view path, const Value& value) {
  const Member change{std::string(path), value};
  return set(experiment, std::span(&change, 1));
}

Value readSetValue(std::string_view text) {
  Result<Value> value = parseJson(text);
  return value ? std::move(*value) : Value(text);
}

Value readFlagValue(const ParameterInfo& parameter, std::string_view text) {
  if (parameter.key.type == KeyType::text || parameter.key.type == KeyType::word) return Value(text);
  Value value = readSetValue(text);
  if (parameter.key.type != KeyType::list || !value.isString()) return value;
  List list;
  for (std::string_view rest = text; !rest.empty() && text != "none";) {
    const std::size_t comma = rest.find(',');
    list.push_back(readSetValue(rest.substr(0, comma)));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  return list;
}

}  // namespace headlight
