// SPDX-License-Identifier: Apache-2.0
// Rows of file pixels turned into the two kinds of column: measures as doubles, class codes as integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "raster/tiff_layout.hpp"

namespace sink {

/// Nodata in a code column.
inline constexpr std::int32_t no_class_code = -1;

/// What pixels held.
struct PixelsFound {
  bool valid = false;  ///< any that is neither nodata nor NaN
  bool stray = false;  ///< any that is no class code; never set for measures
};

/// `n` pixels as doubles, NaN for nodata. Adds to `found`.
void to_values(SampleType type, const std::byte* pixels, std::size_t n, std::optional<double> nodata, double* values,
               PixelsFound& found);
/// `n` pixels as class codes, `no_class_code` for nodata and NaN; what is no whole number from 0 to Legend::max_code is
/// stray, and its code undefined. Adds to `found`.
void to_values(SampleType type, const std::byte* pixels, std::size_t n, std::optional<double> nodata,
               std::int32_t* codes, PixelsFound& found);

}  // namespace sink
