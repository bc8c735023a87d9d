#include "core/attention/mask/keys.h"

#include "core/attention/mask/align.h"

namespace headlight {
namespace {

class Everything : public Mask {
 public:
  explicit Everything(std::int64_t keys) : keys_(keys) {}
  void keptRuns(int, std::int64_t, std::vector<KeyRun>& runs) const override { runs.push_back({0, keys_}); }
  std::string reason(int, std::int64_t, std::int64_t) const override { return ""; }

 private:
  std::int64_t keys_;
};

}  // namespace

KeySpec wholeKey(std::string_view name, double minimum, std::string_view help) {
  return {.name = name,
          .type = KeyType::integer,
          .fallback = nullptr,
          .minimum = minimum,
          .maximum = kLargestOffset,
          .words = {},
          .help = help};
}

Error absentKey(const KindSpec& spec, std::string_view name, const std::string& path) {
  constexpr std::string_view kFound = "found null";
  const KeySpec* key = spec.key(name);
  Error error = checkKey(Value(), *key, path + "." + std::string(name)).error();
  error.what.replace(0, kFound.size(), "found no " + std::string(name));
  return error;
}

Result<std::int64_t> neededWhole(const Kinded& entry, const KindSpec& spec, std::string_view name,
                                 const std::string& path) {
  const Value& value = valueOf(entry, spec, name);
  if (!value.isInteger()) return absentKey(spec, name, path);
  return value.integer();
}

Result<std::string> neededText(const Kinded& entry, const KindSpec& spec, std::string_view name,
                               const std::string& path) {
  const Value& value = valueOf(entry, spec, name);
  if (!value.isString()) return absentKey(spec, name, path);
  return value.string();
}

std::int64_t wholeOf(const Kinded& entry, std::string_view name, std::int64_t otherwise) {
  const Value* value = entry.find(name);
  return value != nullptr && value->isInteger() ? value->integer() : otherwise;
}

Result<std::int64_t> indexBelow(const Value& value, std::int64_t length, std::string_view what,
                                const std::string& path) {
  if (value.isInteger() && value.integer() >= 0 && value.integer() < length) return value.integer();
  return Error{ErrorCode::invalid,
               "found " + foundText(value) + ", accepted is a " + std::string(what) + " from 0 to " +
                   std::to_string(length - 1),
               path, ""};
}

Result<bool> bitOf(const Value& value, const std::string& path) {
  if (value.isBool()) return value.boolean();
  if (value.isInteger() && (value.integer() == 0 || value.integer() == 1)) return value.integer() == 1;
  return Error{ErrorCode::invalid, "found " + foundText(value) + ", accepted is 0, 1, false or true", path,
               ""};
}

std::vector<KeyRun> runsOf(const std::vector<bool>& keep, std::int64_t size, std::int64_t keys) {
  std::vector<KeyRun> runs;
  for (std::size_t n = 0; n < keep.size(); ++n) {
    const std::int64_t begin = static_cast<std::int64_t>(n) * size;
    const std::int64_t end = std::min(begin + size, keys);
    if (!keep[n] || begin >= end) continue;
    if (!runs.empty() && runs.back().end == begin) {
      runs.back().end = end;
    } else {
      runs.push_back({begin, end});
    }
  }
  return runs;
}

std::unique_ptr<Mask> everything(std::int64_t keys) {
  return std::make_unique<Everything>(keys);
}

std::string laterKey(std::int64_t query, std::int64_t key, std::int64_t shift) {
  return "key " + std::to_string(key) + " > query " + std::to_string(query) + signedTerm(shift);
}

}  // namespace headlight
