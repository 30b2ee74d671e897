// SPDX-License-Identifier: Apache-2.0
// Job: everything one run needs to know, as plain data. Filled from an inventory file (job/inventory.cpp) or from the
// command line (tools); computed by `run_job`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "job/attribution_options.hpp"
#include "job/balance_options.hpp"
#include "job/growth_options.hpp"
#include "job/patch_options.hpp"
#include "raster/shared_bands.hpp"
#include "raster/zones.hpp"

namespace sink {

/// Inputs of one date. Paths as written by the user, "FILE" or "FILE:BAND"; blank where not given.
struct DateInputs {
  int year = 0;
  std::map<std::string, std::string> layers;  ///< layer name (core/layer.hpp) -> path
};

/// Disturbances between dates, from a raster of types and one of years.
struct DisturbanceInput {
  std::string type, year;                     ///< paths of bands
  std::map<std::int32_t, std::string> codes;  ///< code of the type raster -> name of a disturbance
};

/// A published rate to hold the sink against. Text fields may be "unknown".
struct Benchmark {
  std::string name;
  double rate_tco2_ha_yr = 0;
  std::string year = "unknown", method = "unknown", boundary = "unknown";
};

struct Target {
  enum class Kind { improvement, buyout, landscape, restructure };
  std::string name;
  Kind kind = Kind::improvement;
  double area_ha = 0;
  int start = 0, by = 0;
  std::string parcels;  ///< polygons, FILE[:LAYER]
  std::string id_field = "id", year_planned_field = "year_planned", year_done_field = "year_done",
              status_field = "status";
};
std::string name_of(Target::Kind kind);

enum class OutputFormat { cog, gtiff };

struct OutputOptions {
  std::string directory;
  bool overwrite = false;
  OutputFormat format = OutputFormat::cog;
  std::vector<std::string> creation_options;  ///< KEY=VALUE of the GDAL driver
  std::vector<std::string> layers;            ///< blank: the default set
  double precision = 0;  ///< measures are stored as multiples of the largest power of two up to this; 0: as they are
  bool csv_bom = false;
};

struct RunOptions {
  int threads = 0;  ///< 0: all
  std::int64_t memory_bytes = 512LL << 20;
  std::int64_t block_rows = 0;  ///< 0: chosen from memory; tests set it
  bool strict = false;          ///< unmodelled area is an error
  bool align = false;
  std::vector<std::string> allowed_drivers;  ///< beside GTiff
  RasterIo io = RasterIo::own;
  std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>();  ///< what the sources of a run share

  /// How rasters are read, for RasterSource. A quarter of the memory is for blocks that several windows need.
  [[nodiscard]] RasterAccess access() const {
    return {allowed_drivers, io, bands, static_cast<std::size_t>(memory_bytes / 4)};
  }
};

/// What the stock of a pixel comes from.
struct StockOptions {
  std::vector<std::string> methods = {"bef"};  ///< names of methods.def; "given" for two ready carbon maps
  std::vector<std::string> pools = {"agb", "bgb"};
  std::string bcef_zone;  ///< temperate, subtropical, humid_tropical; needed by bcef
  bool bcef_interpolate = false;
  std::string regression_set = "LY2016";
  std::string densities;  ///< InVEST pools table, for lookup
};

struct Job {
  std::string title, source_file;  ///< source_file: the inventory, or blank
  std::string base_directory;      ///< relative input paths start here
  std::string legend, landcover_legend;
  std::string land_use_from = "forest_type";  ///< or "landcover", where both are given
  std::vector<std::string> parameter_files;
  std::vector<ZoneSource> zones;
  std::vector<DateInputs> dates;  ///< in ascending year
  std::vector<DisturbanceInput> disturbances;
  StockOptions stock;
  std::string given_quantity = "carbon";  ///< of `given`: carbon (t C/ha) or co2 (t CO2/ha)
  std::optional<Benchmark> baseline;
  std::vector<Benchmark> references;
  std::optional<double> emissions_co2_t;
  std::vector<Target> targets;
  std::optional<PatchOptions> patches;
  std::optional<AttributionOptions> attribution;
  std::optional<BalanceOptions> balance;
  std::optional<GrowthOptions> growth;
  std::optional<ProjectionOptions> projection;
  OutputOptions output;
  RunOptions run;
  std::string command_line;  ///< for the run record, not compared
};

/// Reads an inventory file (interface.md, "The inventory file"); paths stay as written. Throws Error::input for an
/// unknown key (naming the nearest known one), a wrong type, reversed or equal dates, a missing piece.
Job read_inventory(const std::string& file);
/// What a zone set is called where nothing says so: the base name of its file. `file` may be FILE:LAYER or FILE:BAND.
std::string zone_set_name(const std::string& file);

/// Progress of a run, told now and then from the committing thread; returning false stops the run
/// (Error::interrupted).
struct Progress {
  std::int64_t pixels_done = 0, pixels_total = 0;
  std::string stage;
};
using ProgressCallback = std::function<bool(const Progress&)>;

struct ResultFile {
  std::string name;  ///< within the output directory
  std::string meaning;
};

struct JobResult {
  std::vector<ResultFile> files;
  std::vector<std::string> warnings;
  std::string county_table;  ///< the first zone set as text for a terminal; the caller prints it
  std::string summary_json;  ///< the object that --json prints
};

/// Checks everything, computes, writes into `job.output.directory`; nothing stays behind where it fails.
/// Throws Error of every kind.
JobResult run_job(const Job& job, const ProgressCallback& progress);

/// One problem or note that `check` found.
struct Finding {
  enum class Level { note, warning, error };
  Level level = Level::note;
  std::string file, what, fix;
};
struct CheckReport {
  std::vector<Finding> findings;
  std::string text;  ///< per input: grid, CRS, nodata, codes with pixel counts
  std::string json;
};
/// The preflight: opens and reads everything `run_job` would, computes no carbon.
CheckReport check_job(const Job& job, const ProgressCallback& progress);

}  // namespace sink
