// SPDX-License-Identifier: Apache-2.0
// Organic carbon of mineral soils, 0-30 cm: SOC = SOC_REF x F_LU x F_MG x F_I.
// Source: IPCC 2006/2019 V4 equation 2.25. The change between two uses is linear over 20 years: soil_share() of
// account/land_conversion.hpp.
// Parameters: soc_reference of "<edition>/<climate>/<soil>"; f_lu, f_mg, f_i of "<edition>/<climate>/<name>" or, where
// that row is missing, of "<edition>/ANY/<name>".
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "core/legend.hpp"
#include "core/parameters.hpp"

namespace sink {

/// Reference stocks and factors change together: forest to tea is a loss under 2019 and none under 2006.
enum class IpccEdition { year_2006, year_2019 };
/// "2006" or "2019". Throws Error::usage for other text.
IpccEdition ipcc_edition_called(std::string_view name);

/// What is done with a piece of land, by the names of the rows; a blank management or input is the nominal one,
/// factor 1.
struct SoilUse {
  std::string use;         ///< forest, grassland, cropland, cropland_perennial, paddy, set_aside, settlement
  std::string management;  ///< reduced_till, no_till, grassland_improved, …
  std::string input;       ///< low_input, high_input, high_input_manure, …
};

/// The tables of one edition for one climate; there is no way to take a factor from another.
class SoilTables {
 public:
  /// Throws Error::usage for a climate that the edition has no row of.
  SoilTables(const ParameterTable& parameters, IpccEdition edition, std::string_view climate);
  /// Reference stock [t C/ha] of hac, lac, sandy, spodic, volcanic or wetland_soil. Throws Error::usage with the
  /// nearest soil there is, and the row to add where there is none.
  [[nodiscard]] double reference_tc_ha(std::string_view soil) const;
  /// F_LU x F_MG x F_I. Throws Error::input with the row to add.
  [[nodiscard]] double factor(const SoilUse& use) const;
  /// Stock in equilibrium [t C/ha].
  [[nodiscard]] double stock_tc_ha(std::string_view soil, const SoilUse& use) const {
    return reference_tc_ha(soil) * factor(use);
  }

 private:
  [[nodiscard]] double factor(const std::string& name, std::string_view parameter) const;
  const ParameterTable& parameters_;
  std::string edition_, climate_;
};

/// How the soil of a run is described.
struct SoilChoice {
  IpccEdition edition = IpccEdition::year_2019;
  std::string climate = "warm_temperate_moist";
  std::string soil = "lac";                 ///< red and yellow soils (Ultisols) are low-activity clay
  SoilUse cropland = {"cropland", "", ""};  ///< long-term cultivated; "paddy" for rice
  SoilUse grassland = {"grassland", "", ""};
};

/// Stock in equilibrium [t C/ha] by land use; NaN for wetland and other land, whose soil is not modelled, and for the
/// uses that nobody asked for. Trivially copyable.
struct SoilStocks {
  std::array<double, 9> by_use;
  [[nodiscard]] double operator[](LandUse use) const noexcept { return by_use[static_cast<std::size_t>(use)]; }
};
/// The stocks of the land uses that a run has; no row is asked for the others. Throws as SoilTables.
SoilStocks soil_stocks(const ParameterTable& parameters, const SoilChoice& choice, std::span<const LandUse> uses);

}  // namespace sink
