#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/cli/export_plan.h"

namespace headlight {

/// The words of the command line that say what the figures of `export` are.
class ExportOptions {
 public:
  void declare(CLI::App& app);
  /// After parsing. Errors (usage): a word or number that cannot be read, with the nearest right one; options
  /// that exclude each other.
  Result<ExportRequest> read(bool json) const;
  bool failFast() const { return failFast_; }

 private:
  Status readLayouts(ExportRequest& request) const;
  Status readLook(FigureSpec& look) const;
  Status readSizes(FigureSpec& look) const;
  Status readLines(ExportRequest& request) const;
  Status readShown(FigureSpec& look) const;
  Status readCarried(FigureSpec& look) const;
  Status readRange(ExportRequest& request) const;
  Status readFormats(ExportRequest& request) const;
  Status readSidecars(ExportRequest& request, bool json) const;
  Status readSelection(ExportRequest& request) const;

  std::optional<std::string> output_;
  std::optional<std::string> folder_;
  std::vector<std::string> formats_;
  std::vector<std::string> layouts_;
  std::vector<std::string> stages_;
  std::vector<std::string> heads_;
  std::vector<std::string> batches_;
  std::optional<std::string> preset_;
  std::optional<std::string> width_;
  std::optional<std::string> dpi_;
  std::optional<std::string> fontSize_;
  std::optional<std::string> leastSize_;
  std::optional<std::string> colormap_;
  std::optional<std::string> range_;
  std::optional<std::string> query_;
  std::optional<std::string> lines_;
  std::optional<std::string> leastWeight_;
  std::vector<std::string> highlights_;
  std::vector<std::string> brackets_;
  std::optional<std::string> crop_;
  std::optional<std::string> title_;
  std::optional<std::string> annotate_;
  std::optional<std::string> theme_;
  std::vector<std::string> sidecars_;
  bool letters_ = false;
  bool noTitle_ = false;
  bool noBar_ = false;
  bool noTokens_ = false;
  bool noNotes_ = false;
  bool outline_ = false;
  bool embedData_ = false;
  bool strip_ = false;
  bool caption_ = false;
  bool failFast_ = false;
};

/// "88mm", "3.5in", "8.8cm", "250pt" → millimetres. Errors (usage).
Result<double> readWidth(std::string_view text);

}  // namespace headlight
