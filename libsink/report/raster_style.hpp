// SPDX-License-Identifier: Apache-2.0
// How maps of measures are classed and coloured: the only place that holds breaks and ramps. Rasters get them as a .qml
// file that QGIS loads by itself, zones as ranges of a graduated style.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/vector_style.hpp"

namespace sink {

/// One class of a measure: `low` <= value < `high`; the first begins at -infinity, the last ends at +infinity.
struct MeasureClass {
  double low = 0, high = 0;
  std::string label;   ///< English and Chinese, with the unit
  std::string colour;  ///< "#rrggbb"
};

/// The classes of an output layer, ascending: densities on a sequential ramp; rates of living biomass on a diverging
/// one around the baseline (t CO2/ha/yr) where there is a positive one, else around 0. Rates of a part of the biomass
/// always go around 0: a baseline is for all of it. Throws Error::internal for a layer that has no row.
std::vector<MeasureClass> measure_classes(const std::string& layer, std::optional<double> baseline_tco2_ha_yr);

/// The style of a Float32 raster for QGIS 3.22 and later: discrete classes, nodata transparent. A pixel that equals a
/// break is in the class above it, as in `measure_classes`.
std::string measure_qml(const std::vector<MeasureClass>& classes);

/// Ranges for zones. `gap`: benchmark less sink, where a gap of 0 is `above` as in zones.csv, so that they are (low,
/// high].
std::vector<StyleRange> gap_ranges();
/// Sink per hectare of a zone, t CO2/ha/yr, around 0.
std::vector<StyleRange> zone_sink_ranges();
/// Density of carbon of a zone, t C/ha.
std::vector<StyleRange> zone_carbon_ranges();
/// Places in a list of patches, the first the strongest.
std::vector<StyleRange> rank_ranges();

/// What an output layer of measures is called in Chinese. Throws as `measure_classes`.
std::string chinese_name(const std::string& layer);

}  // namespace sink
