// SPDX-License-Identifier: Apache-2.0
// A smooth function of the pixel position, known on a coarse lattice over the whole grid and interpolated by quintics.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace sink {

/// Nodes lie evenly from the centre of the first pixel to that of the last, along columns and rows, whatever window is
/// asked for; a position is in pixels from the first centre. Six nodes serve a position; near a border they lie
/// one-sided, so that nothing outside the grid is ever needed.
class AreaLattice {
 public:
  static constexpr int order = 6;

  AreaLattice(std::int64_t columns, std::int64_t rows, std::int64_t node_columns, std::int64_t node_rows);

  [[nodiscard]] std::int64_t node_columns() const noexcept { return node_columns_; }
  [[nodiscard]] std::int64_t node_rows() const noexcept { return node_rows_; }
  [[nodiscard]] double column_step() const noexcept { return column_step_; }
  [[nodiscard]] double row_step() const noexcept { return row_step_; }
  [[nodiscard]] double& node(std::int64_t row, std::int64_t column) noexcept {
    return nodes_[static_cast<std::size_t>(row * node_columns_ + column)];
  }
  [[nodiscard]] double node(std::int64_t row, std::int64_t column) const noexcept {
    return nodes_[static_cast<std::size_t>(row * node_columns_ + column)];
  }

  /// Value at any position.
  [[nodiscard]] double at(double row, double column) const;
  /// Values at the pixels of `row` from `column` on; to the bit the same for every window.
  void fill_row(std::int64_t row, std::int64_t column, std::span<double> values) const;
  /// Turns values at points into means over a pixel: f + (f_xx + f_yy) / 24 with pixels as unit.
  void average_over_pixels();
  void scale(double factor);

 private:
  using Values = std::array<double, order>;
  [[nodiscard]] Values blend_rows(double row, std::int64_t first_column) const;

  std::int64_t columns_, node_columns_, node_rows_;
  double column_step_, row_step_;
  std::vector<double> nodes_;
};

}  // namespace sink
