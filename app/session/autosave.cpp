#include "app/session/autosave.h"

#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/desktop/folders.h"
#include "app/desktop/lines.h"
#include "core/base/number.h"
#include "core/experiment/json.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarkerEnd = ".running";
constexpr std::string_view kDocumentEnd = ".autosave";
constexpr std::string_view kFirstLine = "# Headlight autosave 1\n";
constexpr std::string_view kSeparator = "\n\n";
constexpr std::size_t kLargestDocument = std::size_t{256} << 20;

std::string documentOf(const std::string& marker) {
  return marker.substr(0, marker.size() - kMarkerEnd.size()) + std::string(kDocumentEnd);
}

void removeFile(const std::string& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

std::string writtenOut(const Document& document, const std::string& more) {
  std::string text(kFirstLine);
  text += "path = " + escapedLine(document.path) + "\n";
  text += "folder = " + escapedLine(document.folder) + "\n";
  text += "name = " + escapedLine(document.name);
  text += more;
  text += kSeparator;
  text += toText(document.experiment);
  return text;
}

std::string writtenOut(const SafeCopy& copy) {
  std::string more = copy.unsaved ? "" : "\nunsaved = false";
  for (const std::string& path : copy.deck) more += "\ndeck = " + escapedLine(path);
  if (copy.deckAt >= 0) more += "\nat = " + std::to_string(copy.deckAt);
  std::string text = writtenOut(copy.document, more);
  for (const auto& [at, other] : copy.others) text += writtenOut(other, "\nat = " + std::to_string(at));
  return text;
}

/// Reads one document and what stands above it into `copy`, which has no others.
bool readOne(std::string_view text, SafeCopy& copy) {
  const std::size_t separator = text.find(kSeparator);
  if (separator == std::string_view::npos) return false;
  auto decoded = fromText(text.substr(separator + kSeparator.size()));
  if (!decoded) return false;
  copy.document.experiment = std::move(decoded->experiment);
  eachLine(text.substr(0, separator), [&](std::string_view key, std::string_view value) {
    if (key == "path") copy.document.path = unescapedLine(value);
    if (key == "folder") copy.document.folder = unescapedLine(value);
    if (key == "name") copy.document.name = unescapedLine(value);
    if (key == "unsaved") copy.unsaved = value != "false";
    if (key == "deck") copy.deck.push_back(unescapedLine(value));
    if (key == "at") copy.deckAt = static_cast<int>(parseInteger(value).value_or(-1));
  });
  return true;
}

std::optional<SafeCopy> readIn(const std::string& path) {
  const auto bytes = readOwnFile(path, kLargestDocument);
  if (!bytes || bytes->rfind(kFirstLine, 0) != 0) return std::nullopt;
  SafeCopy copy;
  bool first = true;
  std::string_view rest = *bytes;
  while (!rest.empty()) {
    // No line of JSON begins as the first line does.
    const std::size_t next = rest.find(kFirstLine, kFirstLine.size());
    const std::string_view text = rest.substr(0, next);
    rest = next == std::string_view::npos ? std::string_view() : rest.substr(next);
    SafeCopy one;
    if (!readOne(text, one)) {
      if (first) return std::nullopt;
      continue;
    }
    if (first) {
      copy = std::move(one);
    } else if (one.deckAt >= 0) {
      copy.others.emplace_back(one.deckAt, std::move(one.document));
    }
    first = false;
  }
  if (copy.deckAt >= static_cast<int>(copy.deck.size())) copy.deckAt = -1;
  return copy;
}

/// A descriptor that holds the marker's lock, or −1 when another run does.
int hold(const std::string& marker) {
  const int descriptor = ::open(marker.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

Autosave::~Autosave() {
  if (foundDescriptor_ >= 0) ::close(foundDescriptor_);
  if (marker_.empty()) return;
  clear();
  removeFile(marker_);
  ::close(descriptor_);
}

Status Autosave::begin() {
  static std::atomic<int> runs{0};
  if (Status made = makeFolder(folder_); !made) return made;
  const std::string path =
      folder_ + "/run-" + std::to_string(::getpid()) + "-" + std::to_string(++runs) + std::string(kMarkerEnd);
  // Locked before it has its name: another run that starts now must not take it for a dead one.
  const std::string temporary = path + ".new";
  descriptor_ = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    return Error{ErrorCode::unwritable, "unsaved changes cannot be kept safe there", folder_, ""};
  }
  marker_ = path;
  return {};
}

std::string Autosave::documentPath() const {
  return documentOf(marker_);
}

std::optional<SafeCopy> Autosave::leftover() {
  std::string newest;
  fs::file_time_type newestTime = fs::file_time_type::min();
  std::error_code failure;
  for (fs::directory_iterator entry(folder_, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string path = entry->path().string();
    if (path == marker_ || entry->path().extension() != kMarkerEnd) continue;
    const int descriptor = hold(path);
    if (descriptor < 0) continue;
    std::error_code missing;
    const auto time = fs::last_write_time(documentOf(path), missing);
    if (missing) {
      removeFile(path);  // it had nothing unsaved
    } else if (time > newestTime) {
      newestTime = time;
      newest = path;
    }
    ::close(descriptor);
  }
  if (newest.empty()) return std::nullopt;
  foundDescriptor_ = hold(newest);
  if (foundDescriptor_ < 0) return std::nullopt;
  foundMarker_ = newest;
  auto copy = readIn(documentOf(newest));
  if (!copy) takeOver();  // damaged: it would be found at every start
  return copy;
}

void Autosave::takeOver() {
  if (foundDescriptor_ < 0) return;
  removeFile(documentOf(foundMarker_));
  removeFile(foundMarker_);
  ::close(std::exchange(foundDescriptor_, -1));
}

Status Autosave::write(const SafeCopy& copy) {
  if (marker_.empty()) return {};
  return writeOwnFile(documentPath(), writtenOut(copy));
}

Status Autosave::writeSession(const SafeCopy& copy) const {
  return writeOwnFile(sessionPath(), writtenOut(copy));
}

std::optional<SafeCopy> Autosave::session() const {
  return readIn(sessionPath());
}

void Autosave::clear() {
  if (!marker_.empty()) removeFile(documentPath());
}

}  // namespace headlight
