#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "core/figure/figure.h"

namespace headlight {

/// One range over the figures of all files, stage by stage.
class SharedRange {
 public:
  /// Takes in what a figure would span alone: the heads that it shows, all of them where the view shares one
  /// range.
  void add(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool, const Cancel& cancel);
  /// Takes in what another one has.
  void add(SharedRange other);
  /// The range for a figure; nothing when no number was taken in for its stage.
  std::optional<Range> range(const FigureSpec& spec, const ViewSpec& view) const;

 private:
  struct Taken {
    std::vector<FieldStatistics> fields;
    std::set<std::uint64_t> known;  ///< what was counted: Field::key
    std::int64_t keys = 0;
  };
  std::map<Stage, Taken> stages_;
};

}  // namespace headlight
