#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "core/experiment/experiment.h"

namespace headlight {

/// What a step changed of a document, all but how it is looked at: only the parts that differ, of lists and
/// texts only the stretch that differs. Turned on the document of one side it gives the other and then holds
/// the way back.
class HistoryChange {
 public:
  HistoryChange() = default;
  /// The way from `now` to `other`.
  HistoryChange(const Experiment& now, const Experiment& other);

  void turn(Experiment& now);
  /// About what it takes in memory.
  std::size_t bytes() const;

  /// A part of the document and what it is on the other side.
  struct Part {
    Part() = default;
    virtual ~Part() = default;
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    virtual void turn(Experiment& now) = 0;
    virtual std::size_t bytes() const = 0;
  };

 private:
  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace headlight
