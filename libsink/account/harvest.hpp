// SPDX-License-Identifier: Apache-2.0
// What tells a harvest from other forest that stays forest (change.md, section e).
#pragma once

namespace sink {

/// Whether land that is forest at both dates, unstocked included, was felled between them: age2 < age1 or
/// V2 < 0.5 V1. NaN where not known: says nothing.
constexpr bool felled(double age_1, double age_2, double volume_1, double volume_2) noexcept {
  // No short cut: loops over pixels become vectors.
  return (age_2 < age_1) | (volume_2 < 0.5 * volume_1);
}

}  // namespace sink
