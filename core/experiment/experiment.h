#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/mistake.h"
#include "core/attention/normalize/normalize.h"
#include "core/attention/stage.h"
#include "core/base/kinds.h"
#include "core/base/value.h"

namespace headlight {

/// Where a sequence's tokens come from; which member counts is said by `kind`.
struct TokenSpec {
  enum class Kind : std::uint8_t { text, list, count, file, batch, grid, indices };
  Kind kind = Kind::text;  ///< indices: nothing given, labels are the indices of the source's matrix
  std::string text;
  std::string split = "words";  ///< words | characters | bytes
  std::vector<std::string> list;
  std::int64_t count = 0;
  std::string file;
  std::vector<TokenSpec> batch;            ///< sequences, padded right with [PAD] to the longest
  std::array<std::int64_t, 2> grid{0, 0};  ///< rows and columns of image patches, row-major
  std::string image;                       ///< PNG whose patches they are; empty for none
  bool classToken = false;                 ///< [CLS] stands before the patches
  bool operator==(const TokenSpec&) const = default;
};

/// What was given of the shape; null stands for the default or for what the source's file says.
struct ShapeSpec {
  std::optional<std::int64_t> dModel;   ///< 64
  std::optional<std::int64_t> heads;    ///< 4
  std::optional<std::int64_t> kvHeads;  ///< heads
  std::optional<std::int64_t> dK;       ///< d_model ÷ heads
  std::optional<std::int64_t> dV;       ///< d_k
  bool operator==(const ShapeSpec&) const = default;
};

/// A cell of a tensor that was set by hand; `at` are indices along that stage's own axes.
struct CellEdit {
  std::string stage;  ///< input, memory, q, k, v, w_q … b_o
  std::vector<std::int64_t> at;
  double value = 0;
  bool operator==(const CellEdit&) const = default;
};

/// A file as it was when the experiment was saved, so that another copy can be told from the one that was
/// meant.
struct SavedFile {
  std::string path;  ///< as the experiment spells it
  std::int64_t bytes = 0;
  std::string sha256;
  bool operator==(const SavedFile&) const = default;
};

/// How the maps are looked at. A difference of `view` never changes a number; `batch` and `layer` say which
/// element of a batch and which layer of a file are computed.
struct ViewSpec {
  Stage stage = Stage::weights;
  int head = 0;  ///< kMeanHead for "mean"
  int batch = 0;
  std::optional<int> layer;   ///< empty: the one that the source names
  bool queryColumns = false;  ///< orientation "query_columns"
  std::string colormap;       ///< empty: viridis, or the signed map of the theme
  std::string range;          ///< empty: the stage's default; a mode's word; "custom"
  std::array<double, 2> customRange{0, 1};
  bool sharedRange = true;             ///< range_scope
  std::vector<std::int64_t> leaveOut;  ///< keys left out of the range
  std::optional<std::array<std::int64_t, 2>> pin;
  Value compare;
  bool operator==(const ViewSpec&) const = default;
};

/// The document: causes only, never results. A plain value; every default stands here and in the tables of
/// kinds.
struct Experiment {
  std::string title;
  TokenSpec tokens;
  std::optional<TokenSpec> memory;
  Kinded source;
  ShapeSpec shape;
  Kinded position;
  Value scale = "inverse_sqrt_d_k";  ///< that, "none" or a number
  std::optional<double> softcap;
  std::vector<Kinded> biases;
  std::vector<Kinded> mask;
  std::vector<CellEdit> edits;
  Kinded normalizer;  ///< without temperature and empty_row
  double temperature = 1;
  EmptyRow emptyRow = EmptyRow::zeros;
  std::vector<int> ablatedHeads;
  Mistake mistake;
  bool tiesKeys = false;  ///< mistake "w_k=w_q"
  std::optional<std::string> notes;
  ViewSpec view;
  /// Those that masks, biases and images are read from; a source records its own.
  std::vector<SavedFile> files;
  /// Keys of the file that this version does not know, by JSON path, kept when it is saved again.
  std::vector<Member> unknown;

  /// The default experiment: the sentence, random numbers of seed 1, four heads.
  Experiment();
  bool operator==(const Experiment&) const = default;
};

/// True when they are equal but for how they are looked at.
bool sameButView(const Experiment& a, const Experiment& b);
/// True when evaluating the two gives the same numbers: equal in all but `view` (its `batch` and
/// `layer` count), `title`, `notes`, the records of files and unknown keys.
bool sameNumbers(const Experiment& a, const Experiment& b);

/// The sentence that Headlight opens with.
inline constexpr std::string_view kOpeningSentence =
    "The animal didn't cross the street because it was too tired";

}  // namespace headlight
