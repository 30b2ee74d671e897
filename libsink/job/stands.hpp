// SPDX-License-Identifier: Apache-2.0
// StandsJob: stand polygons (小班) to layers of an inventory, as plain data. Filled from the command line; computed by
// `run_stands`.
#pragma once

#include <string>
#include <vector>

#include "job/job.hpp"

namespace sink {

/// Units that a field may be in; the first is what the dictionary of the 一张图 says.
std::vector<std::string> area_units();    ///< ha, mu, m2
std::vector<std::string> volume_units();  ///< per_ha, per_mu, per_parcel
std::vector<std::string> canopy_units();  ///< fraction, tenths, percent
/// Rasters that stand polygons can give.
std::vector<std::string> stand_layer_names();

struct StandsJob {
  std::vector<std::string>
      files;  ///< polygons FILE[:LAYER]; relative paths start at the working directory, as all here
  int year = 0;
  std::string like;                                 ///< raster whose grid is taken; blank: `resolution`
  double resolution = 0;                            ///< pixel size in units of the CRS
  std::string crs;                                  ///< "EPSG:4548"; blank: that of the polygons
  std::string where;                                ///< "field=value": only these stands
  std::string encoding;                             ///< of the text of Shapefiles; blank: as they say
  std::vector<std::string> fields;                  ///< "USE=NAME"; a blank name: there is none
  std::string area_unit, volume_unit, canopy_unit;  ///< blank: the first, unless values say otherwise
  std::string legend = "yizhangtu", landcover_legend = "sandiao";
  std::vector<std::string> parameter_files;
  OutputOptions output;
  RunOptions run;
  std::string command_line;
};

/// Checks the fields, writes the rasters, their legends, inventory.toml, stands_findings.csv and run.json into
/// `job.output.directory`; nothing stays behind where it fails. A pixel belongs to the stand that holds its centre, and
/// where stands overlap to the later one of the file, as gdal_rasterize burns. Throws Error of every kind; a field in
/// another unit is Error::input with the option that says how to read it.
JobResult run_stands(const StandsJob& job, const ProgressCallback& progress);

}  // namespace sink
