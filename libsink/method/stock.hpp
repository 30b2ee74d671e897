// SPDX-License-Identifier: Apache-2.0
// What the stock methods share: their results, and how they find the parameters of a class.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/layer.hpp"
#include "core/nodata.hpp"
#include "method/derivation.hpp"
#include "method/method.hpp"
#include "method/setup.hpp"

namespace sink {

/// Carbon above and below ground [t C/ha], biomass above and below ground [t d.m./ha]. One order for all methods:
/// the first tells whether a pixel is still without a stock (Write::gaps).
using LivingStock = std::array<double, 4>;
inline constexpr std::array<Layer<double>, 4> living_stock_layers = {layer::carbon_above, layer::carbon_below,
                                                                     layer::agb, layer::bgb};

inline LivingStock living_stock(double agb_t_ha, double bgb_t_ha, double carbon_fraction) noexcept {
  return {agb_t_ha * carbon_fraction, bgb_t_ha * carbon_fraction, agb_t_ha, bgb_t_ha};
}

/// A whole plant's biomass split by its root:shoot ratio.
inline LivingStock split_stock(double biomass_t_ha, double root_shoot, double carbon_fraction) noexcept {
  const double agb_t_ha = biomass_t_ha / (1 + root_shoot);
  return living_stock(agb_t_ha, biomass_t_ha - agb_t_ha, carbon_fraction);
}

/// A measure that cannot be negative; NaN where it is, so that the pixel counts as unmodelled.
inline double possible(double x) noexcept {
  return x >= 0 ? x : no_value;
}

/// A key's parameters, all of them or none: a key that lacks one does not put the others in use.
template <class... Names>
std::optional<std::array<double, sizeof...(Names)>> all_of(const ParameterTable& parameters, std::string_view key,
                                                           const Names&... names) {
  if (!(parameters.has(key, names) && ...)) return std::nullopt;
  return std::array{*parameters.find(key, names)...};
}

/// Bamboo goes by culms, whatever volume its map shows.
inline bool goes_by_culms(const ParameterTable& parameters, const LegendRow& row) {
  return parameters.has(row.key, "culm_kg");
}
/// Whether the volume methods are for this class: forest, and no bamboo.
inline bool goes_by_volume(const ParameterTable& parameters, const LegendRow& row) {
  return is_forest(row.land_use) && !goes_by_culms(parameters, row);
}

/// The legend of the forest types. Throws Error::usage where there is none.
inline const Legend& needed_forest_types(const MethodSetup& setup, std::string_view method) {
  if (setup.forest_types == nullptr)
    throw usage_error("method " + std::string(method) + " needs forest types: give --forest-type and --legend");
  return *setup.forest_types;
}

/// The row of a class, or null with the reason in `d`.
inline const LegendRow* class_at(Derivation& d, const Legend& legend, ClassIndex place) {
  if (place != no_class) return &legend[place];
  d.nothing("the class is not known");
  return nullptr;
}
/// The row of the class that `class_method` goes by, or null with the reason in `d`.
inline const LegendRow* class_of(Derivation& d, const MethodSetup& setup, const PixelInputs& pixel) {
  const bool by_type = setup.forest_types != nullptr && (pixel.forest_type != no_class || setup.landcover == nullptr);
  const LegendRow* row =
      by_type ? class_at(d, *setup.forest_types, pixel.forest_type) : class_at(d, *setup.landcover, pixel.landcover);
  if (row == nullptr || by_type || setup.forest_types == nullptr || !is_forest(row->land_use)) return row;
  d.nothing("a hole in the map of forest types where land cover says forest");
  return nullptr;
}
/// The row of a forest that goes by volume, or null with the reason in `d`.
inline const LegendRow* forest_by_volume(Derivation& d, const MethodSetup& setup, const PixelInputs& pixel) {
  const LegendRow* row = class_at(d, needed_forest_types(setup, "by volume"), pixel.forest_type);
  if (row == nullptr || goes_by_volume(setup.parameters, *row)) return row;
  d.nothing(is_forest(row->land_use) ? "bamboo goes by culms" : "not forest");
  return nullptr;
}

/// One kernel for the class of a pixel, which is its forest type where that is known and else its land cover.
/// A kernel takes a class and is NaN where it has no value for it.
template <class Kernel>
struct ForestTypeOrLandcover {
  Kernel forest_type, landcover;
  LivingStock operator()(ClassIndex type, ClassIndex cover) const noexcept {
    return type != no_class ? forest_type(type) : landcover(cover);
  }
};

/// Which classes of a legend a kernel is made for.
enum class Classes { all, not_forest };

/// A method on the class of a pixel alone, from `kernel_for(legend, classes)`. Where there are both maps, land cover
/// speaks only for land that is not forest: a hole in the map of forest types stays unmodelled.
template <class KernelFor>
Method class_method(const MethodSetup& setup, std::string_view name, const KernelFor& kernel_for) {
  const Legend* const types = setup.forest_types;
  const Legend* const cover = setup.landcover;
  if (types != nullptr && cover != nullptr) {
    using Kernel = decltype(kernel_for(*types, Classes::all));
    return pixel_method(
        ForestTypeOrLandcover<Kernel>{kernel_for(*types, Classes::all), kernel_for(*cover, Classes::not_forest)},
        in(layer::forest_type, layer::landcover), living_stock_layers);
  }
  if (types != nullptr)
    return pixel_method(kernel_for(*types, Classes::all), in(layer::forest_type), living_stock_layers);
  if (cover != nullptr)
    return pixel_method(kernel_for(*cover, Classes::all), in(layer::landcover), living_stock_layers);
  throw usage_error("method " + std::string(name) + " needs classes: give --forest-type or --landcover");
}

}  // namespace sink
