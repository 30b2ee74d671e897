// SPDX-License-Identifier: Apache-2.0
// Patches of one window: what a worker makes of its pixels. Only runs of chosen pixels leave it, and the exact sums of
// the pieces that they are parts of; pieces of different windows are joined at the end (patch_collection.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include "job/patch_facts.hpp"

namespace sink {

/// The columns of a window; null pointers where a thing is not known.
struct PatchColumns {
  std::vector<const ClassIndex*> classes;  ///< by date
  const double* area_ha = nullptr;
  std::vector<const double*> stock;         ///< by interval: carbon before [t C/ha]
  std::vector<const std::uint8_t*> felled;  ///< by interval: 1 where felled
  std::vector<const double*> confidence;    ///< of the classes by date, or of the change by interval; or none
};

/// Pixels [begin, end) of a row of the grid that belong to a piece.
struct PieceRun {
  std::int32_t row = 0, begin = 0, end = 0;
  std::uint32_t piece = 0;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(row, begin, end, piece);
  }
};

struct Piece {
  PatchCode code = no_patch;
  PatchSums sums;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(code, sums);
  }
};

/// One interval of one window.
struct PatchPieces {
  std::vector<PieceRun> runs;  ///< row-major
  std::vector<Piece> pieces;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(runs, pieces);
  }
};

class PatchFinder {
 public:
  explicit PatchFinder(const PatchSearch& search);

  /// Starts a window. Its pixels come as parts of whole rows from the top.
  void begin(const Window& window);
  /// Where the zones of a set lie in the next part; not needed for a set that is the whole grid.
  void take_spans(std::size_t set, const std::vector<Span>& spans) { spans_[set] = spans; }
  void add(const Window& part, const PatchColumns& columns);
  /// By interval. Pieces that are too small and end within the window are left out: they are no part of anything.
  void finish(std::vector<PatchPieces>& found);
  /// A window in one part.
  void find(const Window& window, const PatchColumns& columns, std::vector<PatchPieces>& found) {
    begin(window);
    add(window, columns);
    finish(found);
  }

 private:
  struct Raw {
    Piece piece;
    bool at_seam = false;
  };
  /// One interval of the window, as far as it has come.
  struct Interval {
    explicit Interval(Connectivity connectivity) : labels(connectivity) {}
    RunLabels labels;
    LabelForest forest;
    std::vector<Raw> raw;  ///< by label
    std::vector<PieceRun> runs;
  };
  void add_rows(std::size_t t, Interval& interval);
  void code_row(std::size_t interval, std::size_t first);
  void add_run(std::size_t interval, const PieceRun& run, Raw& raw) const;
  void add_stock(const double* stock, std::size_t first, std::size_t last, PatchSums& sums) const;
  void add_confidence(std::size_t interval, std::size_t first, std::size_t last, PatchSums& sums) const;
  void add_return(std::size_t interval, std::size_t first, std::size_t last, PatchSums& sums) const;
  void add_places(std::size_t first_run, Interval& interval);
  void read_overlays();
  void settle(Interval& interval, PatchPieces& found) const;

  const PatchSearch& search_;
  std::vector<std::vector<Span>> spans_;  ///< by zone set, then by overlay
  std::vector<PatchCode> row_;
  std::vector<Interval> intervals_;
  Window window_, part_;
  const PatchColumns* columns_ = nullptr;
  bool overlays_read_ = false;
};

}  // namespace sink
