#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headlight {

/// Columns that a terminal uses for the text: 2 for wide East Asian letters and emoji, 0 for combining marks.
std::size_t displayWidth(std::string_view utf8);

/// Rows of words in aligned columns.
class TextTable {
 public:
  enum class Align { left, right };

  explicit TextTable(std::vector<std::string> header, std::vector<Align> align = {});
  void add(std::vector<std::string> row);
  /// Columns two spaces apart, no space at the ends of lines.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<Align> align_;
};

}  // namespace headlight
