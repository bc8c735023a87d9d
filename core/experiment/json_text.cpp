#include <algorithm>

#include "core/experiment/json.h"
#include "core/files/embedded.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

constexpr std::size_t kWidest = 100;
constexpr std::uint64_t kLargestFile = std::uint64_t{256} << 20;

bool isScalar(const Value& value) {
  return !value.isList() && !value.isObject();
}

bool isRow(const Value& value) {
  return value.isList() && !value.list().empty() &&
         std::all_of(value.list().begin(), value.list().end(), isMatrixCell);
}

/// Two rows of numbers or more: written below each other, so that a change of a row is a change of a line.
bool isMatrix(const Value& value) {
  return value.isList() && value.list().size() > 1 &&
         std::all_of(value.list().begin(), value.list().end(), isRow);
}

void write(std::string& out, const Value& value, std::size_t indent, std::size_t column, bool root) {
  if (isScalar(value) || isRow(value)) {
    out += value.json();
    return;
  }
  if (!root && !isMatrix(value)) {
    const std::string line = value.json();
    // A matrix deeper inside still gets its rows below each other.
    const bool flat = value.isList() || std::none_of(value.object().begin(), value.object().end(),
                                                     [](const Member& m) { return isMatrix(m.second); });
    if (flat && column + line.size() <= kWidest) {
      out += line;
      return;
    }
  }
  const std::string margin(indent + 2, ' ');
  const std::string end = "\n" + std::string(indent, ' ');
  if (value.isList()) {
    if (value.list().empty()) {
      out += "[]";
      return;
    }
    const char* before = "[\n";
    for (const Value& item : value.list()) {
      out += before + margin;
      write(out, item, indent + 2, indent + 2, false);
      before = ",\n";
    }
    out += end + "]";
    return;
  }
  if (value.object().empty()) {
    out += "{}";
    return;
  }
  const char* before = "{\n";
  for (const auto& [name, member] : value.object()) {
    const std::string head = Value(name).json() + ": ";
    out.append(before).append(margin).append(head);
    write(out, member, indent + 2, indent + 2 + head.size(), false);
    before = ",\n";
  }
  out += end + "}";
}

}  // namespace

std::string toText(const Experiment& experiment) {
  std::string out;
  write(out, encode(experiment), 0, 0, true);
  return out + "\n";
}

Result<Decoded> fromText(std::string_view text) {
  Result<Value> root = parseJson(text);
  if (!root) return root.error();
  return decode(*root);
}

Result<Decoded> readExperiment(const std::string& path) {
  Result<std::string> bytes = readFile(path, kLargestFile);
  if (!bytes) return bytes.error();
  std::string data;
  if (figureKind(*bytes) != FigureKind::none) {
    Result<Carried> carried = readCarried(*bytes);
    if (!carried) return carried.error().inside(path);
    bytes = std::move(carried->experiment);
    data = std::move(carried->data);
  }
  Result<Decoded> decoded = fromText(*bytes);
  if (!decoded) return decoded.error().inside(path);
  decoded->data = std::move(data);
  return decoded;
}

}  // namespace headlight
