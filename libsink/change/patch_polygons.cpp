// SPDX-License-Identifier: Apache-2.0
#include "change/patch_polygons.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

namespace sink {
namespace {

/// Walks round a patch with its pixels on the right, from vertical edge to vertical edge. Where two of its pixels meet
/// only at a corner the walk stays with its own pixel.
class RingWalk {
 public:
  explicit RingWalk(const std::vector<PatchRun>& runs) : runs_(runs), done_(runs.size()) {
    first_row_ = runs.front().row;
    row_starts_.assign(static_cast<std::size_t>(runs.back().row - first_row_) + 2, 0);
    for (const PatchRun& run : runs) ++row_starts_[static_cast<std::size_t>(run.row - first_row_) + 1];
    std::partial_sum(row_starts_.begin(), row_starts_.end(), row_starts_.begin());
  }

  /// Corners of the ring through the left edge of a run; empty where that was walked before.
  PixelRing ring(std::size_t start) {
    PixelRing corners;
    Edge edge{start, true};
    while (!done_[edge.run][edge.left]) {
      done_[edge.run][edge.left] = true;
      edge = edge.left ? from_left_edge(edge.run, corners) : from_right_edge(edge.run, corners);
    }
    return corners;
  }

  /// First run of a row that ends beyond `x`; `runs.size()` and beyond the row's end are "none".
  [[nodiscard]] std::size_t first_ending_after(std::int32_t row, std::int32_t x) const {
    return static_cast<std::size_t>(
        std::partition_point(runs_.begin() + static_cast<std::ptrdiff_t>(row_begin(row)),
                             runs_.begin() + static_cast<std::ptrdiff_t>(row_begin(row + 1)),
                             [x](const PatchRun& run) { return run.end <= x; }) -
        runs_.begin());
  }
  [[nodiscard]] std::size_t row_begin(std::int32_t row) const {
    const auto at = static_cast<std::int64_t>(row) - first_row_,
               last = static_cast<std::int64_t>(row_starts_.size()) - 1;
    return row_starts_[static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, last))];
  }

 private:
  struct Edge {
    std::size_t run;
    bool left;
  };
  struct Sides {
    bool left = false, right = false;
    bool& operator[](bool is_left) { return is_left ? left : right; }
  };

  /// Up the left edge of a run, then along the corner at its upper end.
  Edge from_left_edge(std::size_t r, PixelRing& corners) const {
    const PatchRun& run = runs_[r];
    const std::size_t above_end = row_begin(run.row);
    std::size_t above = first_ending_after(run.row - 1, run.begin);
    const bool covered = above < above_end && runs_[above].begin <= run.begin;
    if (!covered) {  // along the run's top, to the right
      corners.push_back({run.begin, run.row});
      if (above < above_end && runs_[above].begin < run.end) {
        corners.push_back({runs_[above].begin, run.row});
        return {above, true};
      }
      corners.push_back({run.end, run.row});
      return {r, false};
    }
    if (runs_[above].begin == run.begin) return {above, true};
    corners.push_back({run.begin, run.row});  // along the bottom of the run above, to the left
    if (r > row_begin(run.row) && runs_[r - 1].end > runs_[above].begin) {
      corners.push_back({runs_[r - 1].end, run.row});
      return {r - 1, false};
    }
    corners.push_back({runs_[above].begin, run.row});
    return {above, true};
  }

  /// Down the right edge of a run, then along the corner at its lower end.
  Edge from_right_edge(std::size_t r, PixelRing& corners) const {
    const PatchRun& run = runs_[r];
    const std::int32_t y = run.row + 1;
    const std::size_t below_begin = row_begin(y), below_end = row_begin(y + 1);
    const std::size_t below = first_ending_after(y, run.end - 1);  // the one that holds the pixel below the last
    const bool covered = below < below_end && runs_[below].begin < run.end;
    if (!covered) {  // along the run's bottom, to the left
      corners.push_back({run.end, y});
      if (below > below_begin && runs_[below - 1].end > run.begin) {
        corners.push_back({runs_[below - 1].end, y});
        return {below - 1, false};
      }
      corners.push_back({run.begin, y});
      return {r, true};
    }
    if (runs_[below].end == run.end) return {below, false};
    corners.push_back({run.end, y});  // along the top of the run below, to the right
    if (r + 1 < below_begin && runs_[r + 1].begin < runs_[below].end) {
      corners.push_back({runs_[r + 1].begin, y});
      return {r + 1, true};
    }
    corners.push_back({runs_[below].end, y});
    return {below, false};
  }

  const std::vector<PatchRun>& runs_;
  std::vector<Sides> done_;
  std::int32_t first_row_;
  std::vector<std::size_t> row_starts_;
};

/// Cuts a ring where it comes back to a corner, so that none of the pieces touches itself.
void split(const PixelRing& ring, std::vector<PixelRing>& pieces) {
  const auto key = [](PixelCorner c) {
    return static_cast<std::uint64_t>(c.y) << 32 | static_cast<std::uint32_t>(c.x);
  };
  std::unordered_map<std::uint64_t, std::size_t> place;
  PixelRing open;
  for (const PixelCorner corner : ring) {
    const auto [at, is_new] = place.try_emplace(key(corner), open.size());
    if (!is_new) {
      const auto from = open.begin() + static_cast<std::ptrdiff_t>(at->second);
      pieces.emplace_back(from, open.end());
      for (const PixelCorner gone : pieces.back()) place.erase(key(gone));
      open.erase(from, open.end());
      place[key(corner)] = open.size();
    }
    open.push_back(corner);
  }
  pieces.push_back(std::move(open));
}

/// Twice the area; positive for a ring that runs clockwise on a north-up map, as outer rings are walked.
std::int64_t doubled_area(const PixelRing& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const PixelCorner a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
  }
  return sum;
}

bool before(PixelCorner a, PixelCorner b) {
  return a.y != b.y ? a.y < b.y : a.x < b.x;
}

/// Starts at the first corner and runs the other way: OGC's outer rings are anticlockwise.
void normalise(PixelRing& ring) {
  std::reverse(ring.begin(), ring.end());
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end(), before), ring.end());
}

/// For each run the part of the patch that it is in, where corners do not join.
std::vector<std::uint32_t> parts_of(const std::vector<PatchRun>& runs, const RingWalk& walk) {
  LabelForest forest;
  forest.grow(static_cast<std::uint32_t>(runs.size()));
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const std::size_t above_end = walk.row_begin(runs[r].row);
    for (std::size_t a = walk.first_ending_after(runs[r].row - 1, runs[r].begin);
         a < above_end && runs[a].begin < runs[r].end; ++a) {
      const std::uint32_t root = forest.root(static_cast<std::uint32_t>(r)),
                          other = forest.root(static_cast<std::uint32_t>(a));
      if (root != other) forest.unite(root, other);
    }
  }
  std::vector<std::uint32_t> parts(runs.size());
  for (std::size_t r = 0; r < runs.size(); ++r) parts[r] = forest.root(static_cast<std::uint32_t>(r));
  return parts;
}

}  // namespace

std::vector<PixelPolygon> polygons_of(const std::vector<PatchRun>& runs) {
  if (runs.empty()) return {};
  RingWalk walk(runs);
  std::vector<PixelRing> rings;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const PixelRing ring = walk.ring(r);
    if (!ring.empty()) split(ring, rings);
  }
  const std::vector<std::uint32_t> parts = parts_of(runs, walk);
  std::map<std::uint32_t, PixelPolygon> by_part;
  std::vector<std::pair<std::uint32_t, PixelRing>> holes;
  for (PixelRing& ring : rings) {
    const bool outer = doubled_area(ring) > 0;
    normalise(ring);
    // The run beside the first corner: it begins there inside an outer ring, and ends there before a hole.
    const std::size_t beside = walk.first_ending_after(ring[0].y, outer ? ring[0].x : ring[0].x - 1);
    if (outer) {
      by_part[parts[beside]].push_back(std::move(ring));
    } else {
      holes.emplace_back(parts[beside], std::move(ring));
    }
  }
  std::sort(holes.begin(), holes.end(), [](const auto& a, const auto& b) { return before(a.second[0], b.second[0]); });
  for (auto& [part, ring] : holes) by_part[part].push_back(std::move(ring));
  std::vector<PixelPolygon> polygons;
  for (auto& [part, polygon] : by_part) polygons.push_back(std::move(polygon));
  std::sort(polygons.begin(), polygons.end(), [](const auto& a, const auto& b) { return before(a[0][0], b[0][0]); });
  return polygons;
}

PatchShape shape_of(double area_m2, double perimeter_m) {
  const double logarithm = std::log(area_m2);
  return {0.25 * perimeter_m / std::sqrt(area_m2), logarithm == 0 ? 1.0 : 2 * std::log(0.25 * perimeter_m) / logarithm};
}

}  // namespace sink
