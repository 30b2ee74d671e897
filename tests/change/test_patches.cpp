// SPDX-License-Identifier: Apache-2.0
// Patches and sieve on pictures small enough to see through, and on noise against slow code written another way.
#include <map>
#include <random>

#include "change/patches.hpp"
#include "change/sieve.hpp"
#include "support/catch.hpp"

using namespace sink;

namespace {

using Picture = std::vector<std::vector<PatchCode>>;

Picture picture(const std::vector<std::string>& lines) {
  Picture rows;
  for (const std::string& line : lines) {
    rows.emplace_back();
    for (const char c : line) rows.back().push_back(c == '.' ? no_patch : static_cast<PatchCode>(c));
  }
  return rows;
}

PatchSet patches_of(const Picture& rows, Connectivity connectivity) {
  PatchCollector collector(static_cast<std::int64_t>(rows[0].size()), connectivity);
  std::vector<double> areas(rows[0].size());
  for (std::size_t y = 0; y < rows.size(); ++y) {
    for (std::size_t x = 0; x < areas.size(); ++x) areas[x] = 1 + 0.001 * static_cast<double>(y);
    collector.add_row(rows[y], areas);
  }
  return collector.finish();
}

Picture sieved(Picture rows, std::int64_t smallest, Connectivity connectivity) {
  Sieve sieve(smallest, connectivity);
  for (const auto& row : rows) sieve.count_row(row);
  sieve.counted();
  for (const auto& row : rows) sieve.compare_row(row);
  sieve.compared();
  for (auto& row : rows) sieve.sieve_row(row);
  return rows;
}

/// Patch number of every pixel by flooding, numbers in order of first pixels.
std::vector<std::vector<int>> flooded(const Picture& rows, Connectivity connectivity) {
  const int height = static_cast<int>(rows.size()), width = static_cast<int>(rows[0].size());
  std::vector<std::vector<int>> number(rows.size(), std::vector<int>(rows[0].size(), -1));
  const auto at = [](auto& grid, int y, int x) -> auto& {
    return grid[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
  };
  int next = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (at(rows, y, x) == no_patch || at(number, y, x) >= 0) continue;
      std::vector<std::pair<int, int>> stack = {{y, x}};
      at(number, y, x) = next;
      while (!stack.empty()) {
        const auto [v, u] = stack.back();
        stack.pop_back();
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) {
            const int q = v + dy, p = u + dx;
            if (q < 0 || p < 0 || q >= height || p >= width) continue;
            if (connectivity == Connectivity::edges && dx != 0 && dy != 0) continue;
            if (at(number, q, p) >= 0 || at(rows, q, p) != at(rows, y, x)) continue;
            at(number, q, p) = next;
            stack.emplace_back(q, p);
          }
        }
      }
      ++next;
    }
  }
  return number;
}

Picture noise(unsigned seed, std::size_t height, std::size_t width, unsigned codes) {
  std::mt19937 random(seed);
  Picture rows(height, std::vector<PatchCode>(width));
  for (auto& row : rows) {
    for (auto& code : row) code = random() % (codes + 1) == 0 ? no_patch : static_cast<PatchCode>(1 + random() % codes);
  }
  return rows;
}

}  // namespace

TEST_CASE("a patch has its pixels, box, edges, core, centroid and exact area") {
  const Picture rows = picture({"......", ".aaab.", ".aaa.a", ".aaa..", "...a.."});
  const PatchSet set = patches_of(rows, Connectivity::corners);
  REQUIRE(set.patches().size() == 3);
  const Patch& big = set.patches()[0];
  CHECK(big.code == 'a');
  CHECK(big.first_cell == 7);
  CHECK(big.pixels == 10);
  CHECK(big.core_pixels == 1);
  CHECK(big.horizontal_edges == 6);
  CHECK(big.vertical_edges == 8);
  CHECK((big.first_row == 1 && big.last_row == 4 && big.first_column == 1 && big.last_column == 3));
  CHECK(big.column_sum == 3 * 6 + 3);
  CHECK(big.row_sum == 3 * (1 + 2 + 3) + 4);
  CHECK(std::abs(big.area_ha.value() - (10 + 0.001 * 22)) < 1e-12);
  CHECK(set.patches()[1].code == 'b');
  CHECK(set.patches()[2].pixels == 1);
}

TEST_CASE("arms that meet late are one patch, named by its first pixel") {
  const Picture rows = picture({"..a.a", "a.a.a", "aaaaa"});
  for (const auto connectivity : {Connectivity::edges, Connectivity::corners}) {
    const PatchSet set = patches_of(rows, connectivity);
    REQUIRE(set.patches().size() == 1);
    CHECK(set.patches()[0].first_cell == 2);
    CHECK(set.patches()[0].pixels == 10);
    CHECK(set.patches()[0].core_pixels == 0);
  }
}

TEST_CASE("corners join patches only where asked to") {
  const Picture rows = picture({"a..", ".a.", "..a"});
  const PatchSet by_edges = patches_of(rows, Connectivity::edges), by_corners = patches_of(rows, Connectivity::corners);
  CHECK(by_edges.patches().size() == 3);
  CHECK(by_corners.patches().size() == 1);
}

TEST_CASE("patches of noise are those of a flood, and a second pass tells the same") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Picture rows = noise(seed, 23, 31, 1 + seed % 3);
    for (const auto connectivity : {Connectivity::edges, Connectivity::corners}) {
      const auto number = flooded(rows, connectivity);
      const PatchSet set = patches_of(rows, connectivity);
      PatchRuns again(set);
      std::map<int, std::int64_t> pixels, core, edges;
      bool same = true;
      for (std::size_t y = 0; y < rows.size(); ++y) {
        std::vector<int> row(rows[y].size(), -1);
        for (const LabelRun& run : again.next_row(rows[y])) {
          for (auto x = run.begin; x < run.end; ++x) row[static_cast<std::size_t>(x)] = static_cast<int>(run.label);
        }
        same = same && row == number[y];
        for (std::size_t x = 0; x < row.size(); ++x) {
          if (row[x] < 0) continue;
          const auto is = [&](std::size_t v, std::size_t u) {
            return v < rows.size() && u < row.size() && number[v][u] == row[x];
          };
          const int sides = is(y - 1, x) + is(y + 1, x) + is(y, x - 1) + is(y, x + 1);
          ++pixels[row[x]];
          edges[row[x]] += 4 - sides;
          core[row[x]] += sides == 4 ? 1 : 0;
        }
      }
      CHECK(same);
      REQUIRE(set.patches().size() == pixels.size());
      for (const auto& [n, count] : pixels) {
        const Patch& patch = set.patches()[static_cast<std::size_t>(n)];
        CHECK(patch.pixels == count);
        CHECK(patch.core_pixels == core[n]);
        CHECK(patch.horizontal_edges + patch.vertical_edges == edges[n]);
      }
    }
  }
}

TEST_CASE("a small patch goes to its largest neighbour, through small ones, and stays where there is none") {
  CHECK(sieved(picture({"aaabbb", "aacbbb", "aaabbb"}), 2, Connectivity::edges) ==
        picture({"aaabbb", "aabbbb", "aaabbb"}));
  CHECK(sieved(picture({"a.bbbb", "..bbbb"}), 4, Connectivity::edges) == picture({"a.bbbb", "..bbbb"}));
  CHECK(sieved(picture({"abcccc"}), 3, Connectivity::edges) == picture({"cccccc"}));
  CHECK(sieved(picture({"ab", "cd"}), 3, Connectivity::edges) == picture({"ab", "cd"}));
}

TEST_CASE("a patch's name does not change") {
  CHECK(patch_hash(2, 20, 1234, 2020) == 0x466ffcc79cb7bec4ULL);  // by an FNV-1a in Python
  CHECK(patch_hash(20, 2, 1234, 2020) != patch_hash(2, 20, 1234, 2020));
  CHECK(patch_hash(2, 20, 1234, 2015) != patch_hash(2, 20, 1234, 2020));
}
