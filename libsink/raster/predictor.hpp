// SPDX-License-Identifier: Apache-2.0
// TIFF predictors undone, a row at a time (TIFF 6.0 section 14; Technical Note 3 for floating point).
#pragma once

#include <cstddef>

namespace sink {

/// Predictor 2 in place: each sample was stored as its difference from the one before, as unsigned integers of
/// `sample_bytes` (1, 2, 4, 8), floats too. `row` is aligned to the sample.
void undo_differences(std::byte* row, std::size_t columns, std::size_t sample_bytes);

/// Predictor 3, little-endian floats of `sample_bytes` (4, 8): the row's bytes were sorted by significance, highest
/// first, and stored as differences. Uses up `row`; the floats are in `floats`.
void undo_float_predictor(std::byte* row, std::size_t columns, std::size_t sample_bytes, std::byte* floats);

}  // namespace sink
