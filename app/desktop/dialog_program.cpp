#include "app/desktop/dialog_program.h"

#include <filesystem>

namespace headlight {
namespace {

std::string startPath(const DialogRequest& request) {
  std::string path = request.folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return request.save ? path + request.name : path;
}

std::string joined(const std::vector<std::string>& patterns) {
  std::string all;
  for (const std::string& pattern : patterns) all += (all.empty() ? "" : " ") + pattern;
  return all;
}

std::vector<std::string> zenity(const std::string& program, const DialogRequest& request) {
  std::vector<std::string> line{program, "--file-selection", "--title=" + request.title};
  if (request.save) line.insert(line.end(), {"--save", "--confirm-overwrite"});
  if (const std::string start = startPath(request); !start.empty()) line.push_back("--filename=" + start);
  for (const FileFilter& filter : request.filters) {
    line.push_back("--file-filter=" + filter.label + " | " + joined(filter.patterns));
  }
  return line;
}

std::vector<std::string> kdialog(const std::string& program, const DialogRequest& request) {
  const std::string start = startPath(request);
  std::vector<std::string> line{program, "--title", request.title,
                                request.save ? "--getsavefilename" : "--getopenfilename",
                                start.empty() ? "." : start};
  if (!request.filters.empty()) {
    line.push_back(request.filters.front().label + " (" + joined(request.filters.front().patterns) + ")");
  }
  return line;
}

}  // namespace

std::vector<std::string> dialogArguments(const std::string& program, const DialogRequest& request) {
  const bool isKdialog = std::filesystem::path(program).filename() == "kdialog";
  return isKdialog ? kdialog(program, request) : zenity(program, request);
}

std::optional<std::string> askProgram(const std::string& program, const DialogRequest& request,
                                      GCancellable* cancel) {
  const std::vector<std::string> line = dialogArguments(program, request);
  std::vector<const gchar*> arguments;
  arguments.reserve(line.size() + 1);
  for (const std::string& word : line) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  GError* error = nullptr;
  const auto flags =
      static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  const GlibPtr<GSubprocess> process(g_subprocess_newv(arguments.data(), flags, &error));
  const GlibPtr<GError> notStarted(error);
  if (!process) return std::nullopt;

  GBytes* output = nullptr;
  error = nullptr;
  const bool talked =
      g_subprocess_communicate(process.get(), nullptr, cancel, &output, nullptr, &error) != FALSE;
  const GlibPtr<GError> notRead(error);
  const GlibPtr<GBytes> owned(output);
  if (!talked) {
    g_subprocess_force_exit(process.get());
    return std::nullopt;
  }
  if (!g_subprocess_get_if_exited(process.get()) || g_subprocess_get_exit_status(process.get()) != 0) {
    return std::nullopt;
  }
  gsize size = 0;
  const auto* bytes = static_cast<const char*>(g_bytes_get_data(output, &size));
  std::string path(bytes == nullptr ? "" : bytes, size);
  if (!path.empty() && path.back() == '\n') path.pop_back();
  if (path.empty() || path.front() != '/') return std::nullopt;
  return path;
}

}  // namespace headlight
