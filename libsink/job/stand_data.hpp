// SPDX-License-Identifier: Apache-2.0
// Stands as read from polygons, and what the steps of `run_stands` pass on to each other.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/class_table.hpp"
#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "job/stands.hpp"
#include "raster/polygon_layer.hpp"
#include "raster/vector_fields.hpp"
#include "table/stands.hpp"

namespace sink {

inline const double no_number = std::nan("");

/// One stand; NaN and blank text where its field is. Numbers are in the units named once `to_standard_units` is
/// through.
struct Stand {
  std::size_t file = 0;  ///< place in `StandSet::files`
  std::int64_t fid = -1;
  std::string id;  ///< county-…-part, or the FID where no such field is
  std::string species, land_class, origin, age_group;
  double area_ha = no_number, age_yr = no_number, canopy = no_number, diameter_cm = no_number, height_m = no_number,
         volume_m3_ha = no_number, volume_total_m3 = no_number, stems_ha = no_number;
  double outline_ha = no_number;                 ///< geodesic area of the outline, where it was needed
  bool drawn = false;                            ///< has a geometry
  ClassIndex type = no_class, cover = no_class;  ///< of the legends of forest types and of land cover
  std::int64_t type_code = -1, cover_code = -1;
  bool type_by_land_class = false;
};

/// One file of polygons and the names of its fields by use.
struct StandFile {
  std::string path;  ///< as the user wrote it
  VectorFields fields;
  std::map<std::string, std::string> names;  ///< use -> field; only those there are
  [[nodiscard]] bool has(const std::string& use) const { return names.count(use) != 0; }
  /// The field of a use; blank where there is none.
  [[nodiscard]] std::string name(const std::string& use) const { return has(use) ? names.at(use) : ""; }
};

struct StandSet {
  std::vector<StandFile> files;
  std::vector<PolygonLayer> layers;  ///< of each file
  std::vector<Stand> stands;         ///< file by file, in the order of the features
  std::vector<std::size_t> first;    ///< place of each file's first stand
  [[nodiscard]] bool any_has(const std::string& use) const {
    for (const StandFile& file : files)
      if (file.has(use)) return true;
    return false;
  }
  /// The name of a field in the first file that has it.
  [[nodiscard]] std::string name(const std::string& use) const {
    for (const StandFile& file : files)
      if (file.has(use)) return file.names.at(use);
    return "";
  }
  /// The files as a person named them, for messages about all of them.
  [[nodiscard]] std::string named() const {
    return files.front().path + (files.size() > 1 ? " (and " + std::to_string(files.size() - 1) + " more)" : "");
  }
};

/// What the codes of the fields mean.
struct StandLegends {
  ParameterTable parameters;
  Legend types, covers;
  /// Trees whose volume gives their biomass, and bamboo that goes by culms.
  [[nodiscard]] bool is_tree(const Stand& stand) const;
  [[nodiscard]] bool is_bamboo(const Stand& stand) const;
};

/// A stand that breaks a rule.
struct StandFinding {
  std::size_t stand = 0;
  std::size_t rule = 0;  ///< place in `stand_checks()`
  std::string field;     ///< the fields concerned
  double value = no_number, expected = no_number;
  std::string note = {};
};

// stand_fields.cpp
/// Opens the files, finds the fields and reads the stands, numbers in the files' own units. Throws Error::input and
/// Error::usage.
StandSet read_stands(const StandsJob& job);
// stand_units.cpp
/// Areas of outlines where they are needed, then every number in the units of `Stand`. Throws Error::input where a
/// field is in another unit than the job says. Adds warnings.
void to_standard_units(const StandsJob& job, StandSet& set, std::vector<std::string>& warnings);
// stand_classes.cpp
StandLegends load_stand_legends(const StandsJob& job);
/// Classes of the stands. Throws Error::input for codes that a legend lacks.
void classify(const StandLegends& legends, StandSet& set, std::vector<std::string>& warnings);
// stand_checks.cpp
/// Every stand that breaks a rule about its fields, in order of stand and rule.
std::vector<StandFinding> check_fields(const StandSet& set, const StandLegends& legends,
                                       const std::vector<StandCheck>& checks);
/// Takes from the rasters what a finding says is wrong: a canopy density above 1, and a volume that was divided by an
/// area that is not the outline's. Adds warnings.
void blank_wrong_values(const StandsJob& job, const std::vector<StandCheck>& checks,
                        const std::vector<StandFinding>& findings, StandSet& set, std::vector<std::string>& warnings);
/// Place of a rule. Throws Error::internal.
std::size_t rule_place(const std::vector<StandCheck>& checks, const std::string& rule);
// stand_grid.cpp
/// The grid of the job. Adds warnings about zones of projection.
Grid stand_grid(const StandsJob& job, const StandSet& set, std::vector<std::string>& warnings);
/// Refuses coordinates that carry a zone number which their CRS has not.
void check_zone_numbers(const StandSet& set);

}  // namespace sink
