#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/experiment/evaluate.h"
#include "core/figure/figure_spec.h"

namespace headlight {

/// Words as they are typed. While they cannot be read, what could be read last stays on the page.
struct MarkField {
  std::string typed;
  std::string kept;
  std::optional<Error> error;  ///< of what is typed
};

/// Crop, brackets and highlighted cells as typed (typed_marks.h), and what they mean in the experiment as it
/// stands.
struct FigureMarks {
  MarkField crop;
  MarkField brackets;    ///< ";" between them
  MarkField highlights;  ///< ";" or "," between them

  struct Brackets {
    std::vector<FigureBracket> queries;
    std::vector<FigureBracket> keys;
  };
  struct Placed {
    std::optional<FigureCrop> crop;
    Brackets brackets;
    std::vector<std::array<std::int64_t, 2>> highlights;
  };
  /// In `evaluation`; `stage`: what the crop is of, nothing: the maps. The names of tokens are looked up when
  /// words, numbers or stage changed, and only then.
  const Placed& placed(const std::shared_ptr<const Evaluation>& evaluation, std::optional<Stage> stage);

 private:
  Placed placed_;
  std::weak_ptr<const Evaluation> of_;
  std::optional<Stage> stage_;
  std::array<std::string, 3> words_;
};

}  // namespace headlight
