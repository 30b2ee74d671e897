// SPDX-License-Identifier: Apache-2.0
#include "raster/area_lattice.hpp"

#include <algorithm>
#include <cmath>

namespace sink {
namespace {

constexpr int order = AreaLattice::order;
using Values = std::array<double, order>;

/// The first of the six nodes that serve the cell between nodes `cell` and `cell` + 1.
std::int64_t first_node(std::int64_t cell, std::int64_t nodes) {
  return std::clamp<std::int64_t>(cell - (order / 2 - 1), 0, nodes - order);
}

std::int64_t cell_of(double position, std::int64_t nodes) {
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(position)), 0, nodes - 2);
}

/// Lagrange weights of nodes 0 to 5 at `u`.
Values weights(double u) {
  Values result{};
  for (int i = 0; i < order; ++i) {
    double weight = 1;
    for (int j = 0; j < order; ++j)
      if (j != i) weight *= (u - j) / (i - j);
    result[static_cast<std::size_t>(i)] = weight;
  }
  return result;
}

/// powers[o][i]: coefficients of t^0 .. t^5 of node i's Lagrange polynomial, t counted from node o.
using Basis = std::array<std::array<Values, order>, order>;

Basis make_basis() {
  Basis basis{};
  for (int origin = 0; origin < order; ++origin) {
    for (int i = 0; i < order; ++i) {
      std::array<long double, order + 1> product{1};
      for (int j = 0; j < order; ++j) {
        if (j == i) continue;
        const long double root = j - origin, scale = 1.0L / (i - j);
        for (std::size_t p = order; p > 0; --p) product[p] = (product[p - 1] - root * product[p]) * scale;
        product[0] *= -root * scale;
      }
      Values& coefficients = basis[static_cast<std::size_t>(origin)][static_cast<std::size_t>(i)];
      for (std::size_t p = 0; p < order; ++p) coefficients[p] = static_cast<double>(product[p]);
    }
  }
  return basis;
}

/// The quintic through six values, in powers of t from node `origin`. Built from differences to that node's value, so
/// that a function that hardly varies keeps its last digits.
Values quintic(const Values& values, std::size_t origin) {
  static const Basis basis = make_basis();
  Values result{};
  for (std::size_t i = 0; i < order; ++i) {
    const double difference = values[i] - values[origin];
    for (std::size_t p = 0; p < order; ++p) result[p] += difference * basis[origin][i][p];
  }
  result[0] = values[origin];
  return result;
}

}  // namespace

AreaLattice::AreaLattice(std::int64_t columns, std::int64_t rows, std::int64_t node_columns, std::int64_t node_rows)
    : columns_(columns),
      node_columns_(std::max<std::int64_t>(node_columns, order)),
      node_rows_(std::max<std::int64_t>(node_rows, order)),
      // A grid of a few pixels gets nodes beyond it, one pixel apart.
      column_step_(static_cast<double>(std::max<std::int64_t>(columns - 1, order - 1)) /
                   static_cast<double>(node_columns_ - 1)),
      row_step_(static_cast<double>(std::max<std::int64_t>(rows - 1, order - 1)) / static_cast<double>(node_rows_ - 1)),
      nodes_(static_cast<std::size_t>(node_columns_ * node_rows_)) {}

Values AreaLattice::blend_rows(double row, std::int64_t first_column) const {
  const double u = row / row_step_;
  const std::int64_t first_row = first_node(cell_of(u, node_rows_), node_rows_);
  const Values weight = weights(u - static_cast<double>(first_row));
  Values result{};
  for (std::size_t i = 0; i < order; ++i)
    for (std::size_t j = 0; j < order; ++j)
      result[j] +=
          weight[i] * node(first_row + static_cast<std::int64_t>(i), first_column + static_cast<std::int64_t>(j));
  return result;
}

double AreaLattice::at(double row, double column) const {
  const double u = column / column_step_;
  const std::int64_t cell = cell_of(u, node_columns_), first = first_node(cell, node_columns_);
  const Values value = blend_rows(row, first), weight = weights(u - static_cast<double>(first));
  double sum = 0;
  for (std::size_t i = 0; i < order; ++i) sum += weight[i] * value[i];
  return sum;
}

void AreaLattice::fill_row(std::int64_t row, std::int64_t column, std::span<double> values) const {
  const auto first_pixel = [this](std::int64_t cell) {  // of a cell; the last cell runs to the border
    return cell >= node_columns_ - 1 ? columns_
                                     : static_cast<std::int64_t>(std::ceil(static_cast<double>(cell) * column_step_));
  };
  const double inverse_step = 1 / column_step_;
  std::int64_t cell = cell_of(static_cast<double>(column) / column_step_, node_columns_);
  while (cell > 0 && first_pixel(cell) > column) --cell;  // where division and product round differently
  while (first_pixel(cell + 1) <= column) ++cell;
  const std::int64_t end = column + static_cast<std::int64_t>(values.size());
  double* out = values.data();
  for (std::int64_t begin = column; begin < end; ++cell) {
    const std::int64_t first = first_node(cell, node_columns_);
    const Values c = quintic(blend_rows(static_cast<double>(row), first), static_cast<std::size_t>(cell - first));
    const double begin_column = static_cast<double>(begin), origin = static_cast<double>(cell) * column_step_;
    const int count = static_cast<int>(std::min(end, first_pixel(cell + 1)) - begin);
    for (int i = 0; i < count; ++i) {
      const double t = ((begin_column + i) - origin) * inverse_step;
      out[i] = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * c[5]))));
    }
    out += count;
    begin += count;
  }
}

void AreaLattice::average_over_pixels() {
  const std::vector<double> points = nodes_;
  const auto bend = [&](std::int64_t at, std::int64_t nodes, std::int64_t start, std::int64_t stride) {
    const std::int64_t first = first_node(at, nodes);
    Values values{};
    for (std::size_t i = 0; i < order; ++i)
      values[i] = points[static_cast<std::size_t>(start + (first + static_cast<std::int64_t>(i)) * stride)];
    return 2 * quintic(values, static_cast<std::size_t>(at - first))[2];
  };
  for (std::int64_t row = 0; row < node_rows_; ++row) {
    for (std::int64_t column = 0; column < node_columns_; ++column) {
      const double across = bend(column, node_columns_, row * node_columns_, 1);
      const double down = bend(row, node_rows_, column, node_columns_);
      node(row, column) += (across / (column_step_ * column_step_) + down / (row_step_ * row_step_)) / 24;
    }
  }
}

void AreaLattice::scale(double factor) {
  for (double& value : nodes_) value *= factor;
}

}  // namespace sink
