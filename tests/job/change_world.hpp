// SPDX-License-Identifier: Apache-2.0
// A world of class maps in a folder of its own, and what a run on them wrote.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "job/change_map.hpp"
#include "raster/temp_files.hpp"
#include "support/temp_raster.hpp"
#include "table/csv.hpp"

namespace sink::tests {

/// Nodata of the maps.
inline constexpr double gone = 255;

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Class maps of several dates in a folder, and what a run on them wrote.
class ChangeWorld {
 public:
  ChangeWorld() {
    job.maps.run.threads = 2;
    job.output.directory = folder.file("out");
    job.output.overwrite = true;
  }
  void add(int year, const Rows& codes, RasterOptions options = {}) {
    if (options.type == GDT_Float32) options.type = GDT_Byte;
    options.nodata = options.type == GDT_Byte ? gone : 65535;
    const std::string file = folder.file("map_" + std::to_string(year) + ".tif");
    write_raster(file, codes, options);
    job.maps.maps.push_back(file);
    job.maps.years.push_back(year);
  }
  void add_legend(const std::string& rows) {
    job.maps.legends = {folder.file("legend.csv")};
    std::ofstream(job.maps.legends[0]) << "code,key,land_use,name_en,name_zh\n" << rows;
  }
  JobResult run() { return run_change_map(job, {}); }
  [[nodiscard]] CsvTable table(const std::string& name) const { return read_csv(folder.file("out/" + name)); }
  /// Pixels of a row of matrix.csv; -1 where there is none.
  [[nodiscard]] double pixels(const std::string& zone, int year, const std::string& from, const std::string& to,
                              const char* column = "pixels") const {
    const CsvTable matrix = table("matrix.csv");
    for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
      const auto text = [&](const char* name) { return matrix.rows[r][static_cast<std::size_t>(matrix.column(name))]; };
      if (text("zone_id") == zone && text("year_from") == std::to_string(year) && text("from_code") == from &&
          text("to_code") == to) {
        return matrix.number(r, matrix.column(column));
      }
    }
    return -1;
  }
  [[nodiscard]] std::vector<double> raster(const std::string& name) const {
    return read_raster(folder.file("out/" + name));
  }
  TempFolder folder;
  ChangeMapJob job;
};

/// Polygons on the grid of `write_raster`, fields `code` and others.
inline void write_zones(const std::string& path, const std::vector<TestFeature>& features) {
  OGRSpatialReference crs;
  crs.importFromEPSG(RasterOptions().epsg);
  char* wkt = nullptr;
  crs.exportToWkt(&wkt);
  write_polygons(path, wkt, features);
  CPLFree(wkt);
}

}  // namespace sink::tests
