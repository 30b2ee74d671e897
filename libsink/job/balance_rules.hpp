// SPDX-License-Identifier: Apache-2.0
// What the balance of a run goes by: curves, disturbances, dead matter, soil, products and fire, made ready by class
// and year. Const and shared by all threads.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/class_table.hpp"
#include "core/disturbance.hpp"
#include "job/run_setup.hpp"
#include "method/dead_matter.hpp"
#include "method/fire.hpp"
#include "method/growth.hpp"
#include "method/provincial.hpp"

namespace sink {

/// What a loss of living biomass is booked as.
enum class LossCause : std::uint8_t { harvest, fire, other, conversion };

/// Pools beside living biomass that a run models.
struct ModelledPools {
  bool dead_wood = false, litter = false, soil = false, products = false;
};

struct BalanceRules {
  /// Throws Error::usage and Error::input: no land use, no ages, an unknown disturbance, a missing row.
  explicit BalanceRules(const RunSetup& setup);

  bool gain_loss = false, provincial = false;
  ModelledPools pools;
  const GrowthCurves* curves = nullptr;

  std::vector<DisturbanceMatrix> events;  ///< by place in EventScheme::names
  std::vector<LossCause> event_causes;
  std::vector<DisturbanceMatrix> events_then_felled;  ///< the same, and what they leave standing is harvested
  DisturbanceMatrix harvest, conversion, cover_cleared;
  std::vector<std::string> unverified_shares;  ///< disturbances in use with shares that no source was read for

  ClassTable carbon_fraction;   ///< by class
  std::vector<bool> unstocked;  ///< by class and `no_class`: felled, to be replanted
  ClassTable soil_tc_ha;        ///< by class; NaN: not modelled
  std::optional<DeadMatterOfBiomass> dead_of_biomass;
  std::optional<DeadMatterByClass> dead_by_class;
  double dead_wood_carbon_fraction = 0, litter_carbon_fraction = 0;
  std::optional<FireFactors> fire;
  std::optional<WarmingPotentials> potentials;
  /// Shares still there, by years since a harvest or disturbance brought them in.
  std::vector<double> products_left, dead_wood_left, litter_left;
  double cover_years = 10;  ///< over which tea and other plant cover grows to its density

  std::optional<ProvincialGrowth> provincial_growth;
  ClassTable provincial_density_tc_ha;

  /// Dead wood and litter of forest [t C/ha]; 0 for a pool that is not modelled or has no value.
  [[nodiscard]] DeadMatter dead_matter(ClassIndex type, double agb_t_ha) const noexcept;
};

}  // namespace sink
