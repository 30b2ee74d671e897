// SPDX-License-Identifier: Apache-2.0
#include "core/fixed_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"
#include "core/wide.hpp"

namespace sink {
namespace {

constexpr std::size_t flush = 2048;  // 2^50 units a pixel x 2^11 pixels stays below 2^63

/// Sums of up to `flush` numbers, in units of 2^-20 and of 2^-60.
struct Parts {
  std::int64_t high = 0, low = 0, too_large = 0;
  void add(double x) noexcept {
    too_large += std::abs(x) > FixedSum::pixel_limit ? 1 : 0;
    const FixedParts parts = fixed_parts(x);
    high += parts.high;
    low += parts.low;
  }
};

SINK_WIDE Parts sum_products(const double* density, const double* area, std::size_t n) {
  Parts parts;
  for (std::size_t i = 0; i < n; ++i) {  // vectorises
    const double product = density[i] * area[i];
    parts.add(product == product ? product : 0.0);
  }
  return parts;
}

SINK_WIDE Parts sum(const double* area, std::size_t n) {
  Parts parts;
  for (std::size_t i = 0; i < n; ++i) parts.add(area[i]);  // vectorises
  return parts;
}

Int128 units_of(const Parts& parts) {
  if (parts.too_large == 0) return (static_cast<Int128>(parts.high) << 40) + parts.low;
  throw Error(Error::Kind::input,
              "a pixel would hold more than 2^30 t or ha: look for an undeclared nodata value, a wrong unit or a "
              "grid of too few pixels");
}

}  // namespace

void FixedSum::add_products(const double* density, const double* area, std::size_t n) {
  for (std::size_t from = 0; from < n; from += flush) {
    units_ += units_of(sum_products(density + from, area + from, std::min(flush, n - from)));
  }
}

void FixedSum::add(const double* area, std::size_t n) {
  for (std::size_t from = 0; from < n; from += flush) {
    units_ += units_of(sum(area + from, std::min(flush, n - from)));
  }
}

}  // namespace sink
