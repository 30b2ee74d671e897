// SPDX-License-Identifier: Apache-2.0
#include "job/patch_collection.hpp"

#include <algorithm>
#include <tuple>

#include "core/error.hpp"

namespace sink {
namespace {

/// A run, again when it is labelled and when its patch keeps it, and four corners of a ring, as pixels and on the map.
constexpr std::size_t run_bytes = sizeof(PieceRun) + 2 * sizeof(LabelRun) + sizeof(PatchRun) + 4 * (8 + 16);

/// The rows of the pieces' runs from top to bottom, runs that windows cut put together again.
class JoinedRows {
 public:
  JoinedRows(PatchPieces& pieces, std::int64_t rows) : pieces_(pieces), rows_(rows) {
    std::sort(pieces.runs.begin(), pieces.runs.end(),
              [](const PieceRun& a, const PieceRun& b) { return std::tie(a.row, a.begin) < std::tie(b.row, b.begin); });
  }

  /// Calls `use(row, joined, first, last)` for every row of the grid, the empty ones too: [first, last) are its runs.
  void for_each(const auto& use) {
    std::size_t first = 0;
    for (std::int32_t row = 0; row < rows_; ++row) {
      std::size_t last = first;
      joined_.clear();
      for (; last < pieces_.runs.size() && pieces_.runs[last].row == row; ++last) {
        const PieceRun& run = pieces_.runs[last];
        const PatchCode code = pieces_.pieces[run.piece].code;
        if (!joined_.empty() && joined_.back().end == run.begin && joined_.back().code == code) {
          joined_.back().end = run.end;
        } else {
          joined_.push_back({run.begin, run.end, code, no_patch});
        }
      }
      use(row, joined_, first, last);
      first = last;
    }
  }

 private:
  PatchPieces& pieces_;
  std::int64_t rows_;
  std::vector<LabelRun> joined_;
};

}  // namespace

PatchCollection::PatchCollection(const PatchSearch& search) : search_(search), pieces_(search.intervals()) {}

void PatchCollection::add(const std::vector<PatchPieces>& found, std::int64_t budget_bytes) {
  for (std::size_t t = 0; t < found.size(); ++t) {
    PatchPieces& all = pieces_[t];
    const auto before = static_cast<std::uint32_t>(all.pieces.size());
    if (all.pieces.size() + found[t].pieces.size() >= no_patch) {
      throw Error(Error::Kind::memory, "more than 2^32 patches: filter the maps first");
    }
    for (PieceRun run : found[t].runs) {
      run.piece += before;
      all.runs.push_back(run);
    }
    for (const Piece& piece : found[t].pieces) {
      bytes_ += 2 * piece.sums.bytes();
      all.pieces.push_back(piece);
    }
    bytes_ += run_bytes * found[t].runs.size();
  }
  if (bytes_ <= static_cast<std::size_t>(budget_bytes) / 2) return;
  std::size_t pieces = 0;
  for (const auto& interval : pieces_) pieces += interval.pieces.size();
  throw Error(Error::Kind::memory,
              "the patches (" + std::to_string(pieces) +
                  " pieces so far) take more than half of --memory: give more, choose fewer transitions, or leave "
                  "small patches out (--mmu 1mu, in an inventory mmu = \"1mu\")");
}

std::vector<PatchFacts> PatchCollection::patches_of(std::size_t interval) {
  PatchPieces all = std::move(pieces_[interval]);
  const Grid& grid = search_.world.grid;
  JoinedRows rows(all, grid.rows);
  PatchCollector collector(grid.columns, search_.options.connectivity);
  rows.for_each(
      [&](std::int32_t, const std::vector<LabelRun>& joined, std::size_t, std::size_t) { collector.add_runs(joined); });
  const PatchSet set = collector.finish();

  std::vector<PatchFacts> facts(set.patches().size());
  std::vector<bool> counted(all.pieces.size());
  PatchRuns labelled(set);
  rows.for_each([&](std::int32_t row, const std::vector<LabelRun>& joined, std::size_t first, std::size_t last) {
    std::size_t piece_run = first;
    for (const LabelRun& run : labelled.next_runs(joined)) {
      PatchFacts& own = facts[run.label];
      own.runs.push_back({row, run.begin, run.end});
      for (; piece_run < last && all.runs[piece_run].end <= run.end; ++piece_run) {
        const std::uint32_t piece = all.runs[piece_run].piece;
        if (counted[piece]) continue;
        counted[piece] = true;
        own.sums += all.pieces[piece].sums;
      }
    }
  });
  for (std::size_t i = 0; i < facts.size(); ++i) {
    PatchFacts& own = facts[i];
    own.patch = set.patches()[i];
    own.patch.area_ha = own.sums.area_ha;
    own.interval = interval;
    own.from = static_cast<ClassIndex>(own.patch.code / search_.classes());
    own.to = static_cast<ClassIndex>(own.patch.code % search_.classes());
  }
  std::erase_if(facts, [&](const PatchFacts& own) { return !search_.units[own.patch.code].met_by(own.patch); });
  return facts;
}

std::vector<PatchFacts> PatchCollection::finish() {
  std::vector<PatchFacts> facts;
  for (std::size_t t = 0; t < pieces_.size(); ++t) {
    auto own = patches_of(t);
    facts.insert(facts.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  bytes_ = 0;
  return facts;
}

}  // namespace sink
