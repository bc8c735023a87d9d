#include "core/experiment/json_path.h"

#include <algorithm>

#include "core/base/number.h"

namespace headlight {
namespace {

bool isWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool isPlain(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), isWordCharacter);
}

/// The text of ["…"] that begins behind the bracket; `at` ends behind its closing bracket.
bool readQuoted(std::string_view path, std::size_t& at, std::string& key) {
  for (++at; at < path.size(); ++at) {
    if (path[at] == '\\' && at + 1 < path.size()) {
      key += path[++at];
    } else if (path[at] == '"') {
      if (at + 1 >= path.size() || path[at + 1] != ']') return false;
      at += 2;
      return true;
    } else {
      key += path[at];
    }
  }
  return false;
}

}  // namespace

std::string memberPath(const std::string& path, std::string_view key) {
  if (isPlain(key)) return path.empty() ? std::string(key) : path + "." + std::string(key);
  std::string quoted = path + "[\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"]";
}

std::string itemPath(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

Result<std::vector<std::string>> parsePath(std::string_view path) {
  const Error unreadable{ErrorCode::usage, "\"" + std::string(path) + "\" is no path", "",
                         "A path is names and indices with dots between: mask.0.align"};
  std::vector<std::string> steps;
  std::size_t at = 0;
  while (at < path.size()) {
    std::string step;
    if (path[at] == '[') {
      ++at;
      if (at < path.size() && path[at] == '"') {
        if (!readQuoted(path, at, step)) return unreadable;
      } else {
        while (at < path.size() && path[at] != ']') step += path[at++];
        if (at == path.size() || step.empty()) return unreadable;
        ++at;
      }
    } else {
      if (path[at] == '.') {
        if (steps.empty()) return unreadable;
        ++at;
      }
      while (at < path.size() && path[at] != '.' && path[at] != '[') step += path[at++];
      if (step.empty()) return unreadable;
    }
    steps.push_back(std::move(step));
  }
  if (steps.empty()) return unreadable;
  return steps;
}

std::ptrdiff_t listIndex(std::string_view step, std::size_t size) {
  const auto index = parseInteger(step);
  if (!index || *index < 0 || *index > static_cast<std::int64_t>(size)) return -1;
  return static_cast<std::ptrdiff_t>(*index);
}

const Value* valueAt(const Value& root, const std::vector<std::string>& steps) {
  const Value* value = &root;
  for (const std::string& step : steps) {
    if (value->isList()) {
      const auto index = listIndex(step, value->list().size());
      if (index < 0 || static_cast<std::size_t>(index) == value->list().size()) return nullptr;
      value = &value->list()[static_cast<std::size_t>(index)];
    } else {
      value = value->find(step);
    }
    if (!value) return nullptr;
  }
  return value;
}

}  // namespace headlight
