// SPDX-License-Identifier: Apache-2.0
#include "core/grid.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sink {
namespace {

constexpr double tolerance_px = 1e-4;

/// Shortest digits that read back to the same double; without an exponent where a person would write none.
std::string number(double value) {
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e15);
  std::array<char, 64> text{};
  const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value,
                                            plain ? std::chars_format::fixed : std::chars_format::general);
  return failure == std::errc() ? std::string(text.data(), end) : "?";
}

std::string rounded(double value) {
  std::array<char, 32> text{};
  const auto [end, failure] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
  return failure == std::errc() ? std::string(text.data(), end) : "?";
}

std::string size_of(const Grid& grid) {
  return std::to_string(grid.columns) + " x " + std::to_string(grid.rows);
}

std::string pixel_of(const Grid& grid) {
  return number(grid.pixel_width) + " x " + number(grid.pixel_height);
}

/// Negated comparison, so that a grid with NaN in it agrees with none.
bool beyond(double shift_px) {
  return !(std::abs(shift_px) <= tolerance_px);
}

}  // namespace

std::string grid_difference(const Grid& a, const Grid& b) {
  const double right = (b.pixel_width / a.pixel_width - 1) * static_cast<double>(std::max(a.columns, b.columns));
  const double down = (b.pixel_height / a.pixel_height - 1) * static_cast<double>(std::max(a.rows, b.rows));
  const double x_shift = (b.x_min - a.x_min) / a.pixel_width, y_shift = (a.y_max - b.y_max) / a.pixel_height;

  std::string words;
  const auto add = [&words](const std::string& what) { words += (words.empty() ? "" : "; ") + what; };
  if (a.columns != b.columns || a.rows != b.rows) add("size " + size_of(a) + " against " + size_of(b) + " pixels");
  if (beyond(right) || beyond(down)) add("pixel size " + pixel_of(a) + " against " + pixel_of(b));
  if (beyond(x_shift) || beyond(y_shift))
    add("origin shifted by " + rounded(x_shift) + " columns and " + rounded(y_shift) + " rows");
  // Both small by themselves, but adding up at the far side.
  if (words.empty() && (beyond(x_shift + right) || beyond(y_shift + down)))
    add("far corner shifted by " + rounded(x_shift + right) + " columns and " + rounded(y_shift + down) + " rows");
  return words;
}

std::string describe(const Grid& grid) {
  return size_of(grid) + " pixels of " + pixel_of(grid) + " from (" + number(grid.x_min) + ", " + number(grid.y_max) +
         ")";
}

}  // namespace sink
