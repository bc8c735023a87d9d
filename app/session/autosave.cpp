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

std::string writtenOut(const Document& document) {
  std::string text(kFirstLine);
  text += "path = " + escapedLine(document.path) + "\n";
  text += "folder = " + escapedLine(document.folder) + "\n";
  text += "name = " + escapedLine(document.name);
  text += kSeparator;
  return text + toText(document.experiment);
}

std::optional<Document> readIn(const std::string& path) {
  const auto text = readOwnFile(path, kLargestDocument);
  if (!text || text->rfind(kFirstLine, 0) != 0) return std::nullopt;
  const std::size_t separator = text->find(kSeparator);
  if (separator == std::string::npos) return std::nullopt;
  auto decoded = fromText(std::string_view(*text).substr(separator + kSeparator.size()));
  if (!decoded) return std::nullopt;
  Document document;
  document.experiment = std::move(decoded->experiment);
  eachLine(std::string_view(*text).substr(0, separator), [&](std::string_view key, std::string_view value) {
    if (key == "path") document.path = unescapedLine(value);
    if (key == "folder") document.folder = unescapedLine(value);
    if (key == "name") document.name = unescapedLine(value);
  });
  return document;
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

std::optional<Document> Autosave::leftover() {
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
  auto document = readIn(documentOf(newest));
  if (!document) takeOver();  // damaged: it would be found at every start
  return document;
}

void Autosave::takeOver() {
  if (foundDescriptor_ < 0) return;
  removeFile(documentOf(foundMarker_));
  removeFile(foundMarker_);
  ::close(std::exchange(foundDescriptor_, -1));
}

Status Autosave::write(const Document& document) {
  if (marker_.empty()) return {};
  return writeOwnFile(documentPath(), writtenOut(document));
}

void Autosave::clear() {
  if (!marker_.empty()) removeFile(documentPath());
}

}  // namespace headlight
