// SPDX-License-Identifier: Apache-2.0
#include "change/sieve.hpp"

#include <algorithm>

namespace sink {
namespace {

constexpr std::uint32_t none = no_patch;

}  // namespace

Sieve::Sieve(std::int64_t smallest_pixels, Connectivity connectivity)
    : smallest_(smallest_pixels), connectivity_(connectivity), labels_(connectivity) {}

void Sieve::count_row(std::span<const PatchCode> codes) {
  labels_.next_row(codes);
  forest_.grow(labels_.labels());
  pixels_.resize(labels_.labels());
  code_.resize(labels_.labels());
  for (const LabelRun& run : labels_.row()) {
    pixels_[run.label] += run.end - run.begin;
    code_[run.label] = run.code;
  }
  for (const auto& [a, b] : labels_.joins()) {
    const std::uint32_t root_a = forest_.root(a), root_b = forest_.root(b);
    if (root_a != root_b) forest_.unite(root_a, root_b);
  }
}

void Sieve::counted() {
  const std::uint32_t labels = forest_.size();
  patch_of_.resize(labels);
  std::uint32_t patches = 0;
  // A root is the lowest label of its patch, so its place is known before its other labels come.
  for (std::uint32_t label = 0; label < labels; ++label) {
    const std::uint32_t root = forest_.root(label);
    const std::uint32_t patch = root == label ? patches++ : patch_of_[root];
    patch_of_[label] = patch;
    const std::int64_t pixels = pixels_[label];
    if (root == label) pixels_[patch] = 0;
    pixels_[patch] += pixels;
    code_[patch] = code_[label];
  }
  pixels_.resize(patches);
  code_.resize(patches);
  neighbour_.assign(patches, none);
  forest_ = {};
  labels_ = RunLabels(connectivity_);
  summary_.patches = patches;
  row_.clear();
}

void Sieve::fill_row(std::vector<std::uint32_t>& places) const {
  for (const LabelRun& run : labels_.row()) {
    std::fill(places.begin() + run.begin, places.begin() + run.end, patch_of_[run.label]);
  }
}

void Sieve::compare(std::uint32_t a, std::uint32_t b) {
  if (a == b || a == none || b == none) return;
  const auto consider = [&](std::uint32_t patch, std::uint32_t other) {
    std::uint32_t& best = neighbour_[patch];
    if (best == none || pixels_[best] < pixels_[other]) best = other;
  };
  consider(a, b);
  consider(b, a);
}

void Sieve::compare_row(std::span<const PatchCode> codes) {
  std::swap(row_, above_);
  above_.resize(codes.size(), none);
  row_.assign(codes.size(), none);
  labels_.next_row(codes);
  fill_row(row_);
  const bool corners = connectivity_ == Connectivity::corners;
  // The order in which GDAL meets neighbours decides between equally large ones: up, up left, up right, left.
  for (std::size_t x = 0; x < row_.size(); ++x) {
    compare(row_[x], above_[x]);
    if (corners && x > 0) compare(row_[x], above_[x - 1]);
    if (corners && x + 1 < row_.size()) compare(row_[x], above_[x + 1]);
    if (x > 0) compare(row_[x], row_[x - 1]);
  }
}

void Sieve::compared() {
  follow_chains();
  labels_ = RunLabels(connectivity_);
}

void Sieve::follow_chains() {
  std::vector<std::uint32_t> target(neighbour_.size(), none);
  std::vector<std::uint32_t> visited(neighbour_.size(), none);  // by which patch's walk
  for (std::uint32_t patch = 0; patch < neighbour_.size(); ++patch) {
    if (pixels_[patch] >= smallest_) continue;
    ++summary_.small;
    std::uint32_t at = patch;
    while (at != none && pixels_[at] < smallest_ && visited[at] != patch) {
      visited[at] = patch;
      at = target[at] != none ? target[at] : neighbour_[at];
    }
    if (at == none || pixels_[at] < smallest_) continue;
    ++summary_.merged;
    target[patch] = at;
  }
  neighbour_ = std::move(target);
}

void Sieve::sieve_row(std::span<PatchCode> codes) {
  labels_.next_row(codes);
  for (const LabelRun& run : labels_.row()) {
    const std::uint32_t target = neighbour_[patch_of_[run.label]];
    if (target == none) continue;
    std::fill(codes.begin() + run.begin, codes.begin() + run.end, code_[target]);
  }
}

}  // namespace sink
