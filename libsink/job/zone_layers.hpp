// SPDX-License-Identifier: Apache-2.0
// zones.gpkg: a layer per zone set, and the table `zones_all` with every row of zones.csv.
#pragma once

#include <string>
#include <vector>

#include "core/cell.hpp"
#include "job/run_setup.hpp"

namespace sink {

/// A layer of zones.gpkg; its CRS is that of the polygons as they came. Zones of a class raster are a table, without.
struct ZoneLayer {
  std::string name, crs_wkt, crs_name;
  [[nodiscard]] bool is_table() const { return crs_wkt.empty(); }
};

/// Throws Error::usage where no layer of zones.gpkg can be called as the zone set is, or QGIS would not find it (`|`
/// ends a layer's name there).
void demand_name_of_layer(const std::string& set);

/// A style, and what it is called in QGIS.
struct ZoneStyle {
  std::string name, qml;
};
/// How zones open in QGIS: by the gap to the baseline, else by the sink; with one date, when there is neither, by
/// carbon density.
ZoneStyle zone_style(const RunSetup& setup);

/// Each zone of a set carries the columns of the last date and the last period, one layer per set (and per method
/// where there are several), with a default style and, where there is a baseline, one by status. `zones` is the
/// table of zones.csv. Returns the layers; throws Error::output.
std::vector<ZoneLayer> write_zone_layers(const RunSetup& setup, const Table& zones, const std::string& file);

}  // namespace sink
