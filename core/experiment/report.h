#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/kinds.h"
#include "core/base/result.h"
#include "core/base/value.h"
#include "core/base/words.h"
#include "core/experiment/json_path.h"

namespace headlight {

/// A place in a document: as the reader finds it there, and as it is spelled when the document is written
/// whole (a bare kind stands for an object, and for a list of one).
struct Place {
  std::string path;
  std::string canonical;

  Place member(std::string_view key) const { return {memberPath(path, key), memberPath(canonical, key)}; }
  Place item(std::size_t index) const { return {itemPath(path, index), itemPath(canonical, index)}; }
  /// The only item of a list whose brackets were left out.
  Place onlyItem() const { return {path, itemPath(canonical, 0)}; }
};

/// What is wrong in a document, all of it, and what is only worth a word.
struct Report {
  std::vector<Error> errors;
  std::vector<std::string> warnings;
  std::vector<Member> unknown;  ///< by canonical path

  void error(const std::string& path, std::string what, std::string hint = "") {
    errors.push_back(Error{ErrorCode::invalid, std::move(what), path, std::move(hint)});
  }
  /// True when there was none.
  bool add(const Status& status) {
    if (!status) errors.push_back(status.error());
    return status.ok();
  }
};

/// The text, its end replaced by "…" where it is longer than so many bytes.
std::string shortened(std::string_view text, std::size_t longest);

}  // namespace headlight
