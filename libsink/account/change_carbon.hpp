// SPDX-License-Identifier: Apache-2.0
// The carbon that a transition moves: what its pixels held less what they hold, in the year of the change and once all
// is settled, with the error of the class densities in it.
//
// An error of a density is shared by all pixels of the class, so it does not average out: the carbon is kept as a
// linear form of the densities (hectares by class and pool), and variances are those of that form. What a map says
// carries no error here: none is known.
#pragma once

#include <map>
#include <vector>

#include "account/change_cells.hpp"
#include "account/estimate.hpp"
#include "core/nodata.hpp"

namespace sink {

/// What a hectare of a class holds [t C/ha] and the standard deviation of that; NaN: not known.
struct ClassCarbon {
  struct Pool {
    double tc_ha = no_value, sd = no_value;
  };
  Pool living, dead, soil;
};

/// Changes of stock [t C], negative is a loss; NaN: not known.
struct PoolChange {
  double living = no_value, dead = no_value, soil = no_value;
  PoolChange& operator+=(const PoolChange& other) noexcept;
  /// Emission [t CO2], positive, of all pools that are known; NaN without living biomass.
  [[nodiscard]] double emission_tco2() const noexcept;
};

/// The carbon of one transition, or of several together; all over the pixels that have it at both dates.
struct TransitionCarbon {
  PixelArea all, with_carbon;
  double before_t = no_value, after_t = no_value;  ///< living biomass [t C]
  PoolChange in_year;                              ///< by the end of the year of the change
  PoolChange committed;                            ///< by the end of the twentieth year: what is still to come too
  /// Hectares by which the densities of a class count in the two.
  struct Weights {
    PoolChange in_year{0, 0, 0}, committed{0, 0, 0};
  };
  std::map<ClassIndex, Weights> weights;

  TransitionCarbon& operator+=(const TransitionCarbon& other);
};

/// `classes` by place: their densities are those that the cell's areas stand for, and those of dead matter and soil.
TransitionCarbon transition_carbon(ClassIndex from, ClassIndex to, const ChangeCell& cell,
                                   const std::vector<ClassCarbon>& classes);
/// The cell as if its classes' densities were all that is known of it.
ChangeCell held_by_classes(ClassIndex from, ClassIndex to, const ChangeCell& cell,
                           const std::vector<ClassCarbon>& classes);

/// Emissions [t CO2] with the standard deviation that the densities give them; se is NaN where none has one.
struct Emissions {
  Estimate in_year, committed;
};
Emissions emissions_of(const TransitionCarbon& carbon, const std::vector<ClassCarbon>& classes);

/// An emission on `mapped_ha` brought to an area that is an estimate: value and se by the delta method, area and
/// density being independent. An se that is NaN counts as none.
Estimate emission_on(const Estimate& area_ha, const Estimate& emission, double mapped_ha);

}  // namespace sink
