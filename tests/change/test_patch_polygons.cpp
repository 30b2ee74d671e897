// SPDX-License-Identifier: Apache-2.0
// Rings on pixel edges: pictures with holes and touching corners, and on noise the laws that make a polygon valid.
#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "change/patch_polygons.hpp"
#include "support/catch.hpp"

using namespace sink;

namespace {

std::vector<PatchRun> runs_of(const std::vector<std::string>& lines) {
  std::vector<PatchRun> runs;
  for (std::size_t y = 0; y < lines.size(); ++y) {
    for (std::size_t x = 0; x < lines[y].size();) {
      std::size_t end = x + 1;
      while (end < lines[y].size() && lines[y][end] == lines[y][x]) ++end;
      if (lines[y][x] == 'a')
        runs.push_back({static_cast<std::int32_t>(y), static_cast<std::int32_t>(x), static_cast<std::int32_t>(end)});
      x = end;
    }
  }
  return runs;
}

std::int64_t doubled_area(const PixelRing& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sum += std::int64_t{b.x} * a.y - std::int64_t{a.x} * b.y;
  }
  return sum;  // anticlockwise on a north-up map is positive
}

bool turns_at_every_corner(const PixelRing& ring) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto &a = ring[i], &b = ring[(i + 1) % ring.size()], &c = ring[(i + 2) % ring.size()];
    if ((a.x == b.x) == (a.y == b.y) || (a.x == b.x) == (b.x == c.x)) return false;
  }
  return true;
}

bool visits_no_corner_twice(const PixelRing& ring) {
  std::set<std::pair<int, int>> seen;
  return std::all_of(ring.begin(), ring.end(), [&](PixelCorner c) { return seen.emplace(c.x, c.y).second; });
}

}  // namespace

TEST_CASE("a block is one ring, anticlockwise from its upper left corner") {
  const auto polygons = polygons_of(runs_of({"....", ".aa.", ".aa."}));
  REQUIRE(polygons.size() == 1);
  REQUIRE(polygons[0].size() == 1);
  CHECK(polygons[0][0] == PixelRing{{1, 1}, {1, 3}, {3, 3}, {3, 1}});
}

TEST_CASE("a hole is a ring of its own, an island in it a polygon of its own") {
  const auto polygons = polygons_of(runs_of({"aaaaa", "a...a", "a.a.a", "a...a", "aaaaa"}));
  REQUIRE(polygons.size() == 2);
  REQUIRE(polygons[0].size() == 2);
  CHECK(doubled_area(polygons[0][0]) == 50);
  CHECK(doubled_area(polygons[0][1]) == -18);
  CHECK(polygons[1].size() == 1);
}

TEST_CASE("parts that meet at a corner are polygons of their own") {
  const auto polygons = polygons_of(runs_of({"aa..", "aa..", "..aa"}));
  REQUIRE(polygons.size() == 2);
  CHECK(polygons[0][0].size() == 4);
  CHECK(polygons[1][0].size() == 4);
}

TEST_CASE("a hole that touches the outside at a corner is cut off the outer ring") {
  const auto polygons = polygons_of(runs_of({"aaa.", "a.aa", "aaaa", "...."}));
  REQUIRE(polygons.size() == 1);
  CHECK(polygons[0].size() == 2);
  const auto touching = polygons_of(runs_of({"aaa", "a.a", "aa."}));
  REQUIRE(touching.size() == 1);
  REQUIRE(touching[0].size() == 2);
  CHECK(doubled_area(touching[0][0]) == 16);
  CHECK(doubled_area(touching[0][1]) == -2);
}

TEST_CASE("two holes that touch at a corner are two rings") {
  const auto polygons = polygons_of(runs_of({"aaaa", "a.aa", "aa.a", "aaaa"}));
  REQUIRE(polygons.size() == 1);
  CHECK(polygons[0].size() == 3);
}

TEST_CASE("rings of noise turn at every corner, touch themselves nowhere and hold the pixels' area") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> lines(2 + random() % 17, std::string(1 + random() % 19, '.'));
    std::int64_t pixels = 0;
    const auto density = 1 + random() % 9;
    for (auto& line : lines) {
      for (char& c : line) {
        if (random() % 10 < density) c = 'a';
        pixels += c == 'a' ? 1 : 0;
      }
    }
    std::int64_t doubled = 0;
    bool good = true;
    for (const PixelPolygon& polygon : polygons_of(runs_of(lines))) {
      for (std::size_t r = 0; r < polygon.size(); ++r) {
        const std::int64_t area = doubled_area(polygon[r]);
        good =
            good && (area > 0) == (r == 0) && turns_at_every_corner(polygon[r]) && visits_no_corner_twice(polygon[r]);
        doubled += area;
      }
    }
    CHECK(good);
    CHECK(doubled == 2 * pixels);
  }
}

TEST_CASE("shape is 1 for a square, whatever its size") {
  CHECK(std::abs(shape_of(400, 80).shape - 1) < 1e-15);
  CHECK(std::abs(shape_of(400, 80).fractal_dimension - 1) < 1e-15);
  CHECK(std::abs(shape_of(1, 4).fractal_dimension - 1) < 1e-15);
}
