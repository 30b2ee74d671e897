// SPDX-License-Identifier: Apache-2.0
// Sieve and patches against GDAL, scipy and landscapemetrics on real maps, which stay where they are for their licence:
// ../shared/reference/change/04 and 15, or where the environment's SINK_SHARED says.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "change/patch_polygons.hpp"
#include "change/sieve.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/geodesy.hpp"
#include "raster/ground_measure.hpp"
#include "raster/raster_source.hpp"
#include "support/catch.hpp"
#include "table/csv.hpp"

using namespace sink;

namespace {

/// A folder of the reference; blank, with a word why, where there is none.
std::string reference(const std::string& folder) {
  const char* shared = std::getenv("SINK_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? shared : std::filesystem::path(SINK_TESTS_DIR) / ".." / ".." / "shared";
  const auto path = root / "reference" / "change" / folder;
  if (std::filesystem::is_directory(path)) return path.string() + "/";
  std::printf("skipped: no %s (set SINK_SHARED)\n", path.c_str());
  return "";
}

struct CodeRaster {
  Grid grid;
  std::vector<PatchCode> codes;
  [[nodiscard]] std::span<PatchCode> row(std::int64_t y) {
    return std::span(codes).subspan(static_cast<std::size_t>(y * grid.columns), static_cast<std::size_t>(grid.columns));
  }
};

CodeRaster read(const std::string& file) {
  set_up_gdal();
  OpenFiles files;
  RasterSource source(files, "", file, {});
  CodeRaster raster{source.info().grid, {}};
  std::vector<std::int32_t> codes(static_cast<std::size_t>(raster.grid.pixels()));
  source.read_codes(raster.grid.whole(), codes);
  for (const std::int32_t code : codes) raster.codes.push_back(code < 0 ? no_patch : static_cast<PatchCode>(code));
  return raster;
}

PatchSet patches_of(CodeRaster& raster, Connectivity connectivity) {
  const PixelAreas areas(raster.grid);
  std::vector<double> row_ha(static_cast<std::size_t>(raster.grid.columns));
  PatchCollector collector(raster.grid.columns, connectivity);
  for (std::int64_t y = 0; y < raster.grid.rows; ++y) {
    areas.row_ha(y, 0, row_ha);
    collector.add_row(raster.row(y), row_ha);
  }
  return collector.finish();
}

Connectivity of(const std::string& digit) {
  return digit == "4" ? Connectivity::edges : Connectivity::corners;
}

bool close(double value, double expected, double relative) {
  return std::abs(value - expected) <= relative * std::abs(expected);
}

struct Measures {
  PatchCode code;
  double area_ha, perimeter_m, shape, frac, core_ha;
  [[nodiscard]] auto key() const {
    return std::tuple(code, std::llround(area_ha * 1e4), std::llround(perimeter_m * 100), std::llround(core_ha * 1e4));
  }
};

void sort(std::vector<Measures>& all) {
  std::sort(all.begin(), all.end(), [](const Measures& a, const Measures& b) { return a.key() < b.key(); });
}

double column(const CsvTable& table, std::size_t row, const char* name) {
  return table.number(row, table.column(name));
}

}  // namespace

TEST_CASE("the sieve is GDALSieveFilter's to the pixel") {
  const std::string folder = reference("04_sieve_mmu");
  if (folder.empty()) return;
  for (const std::string smallest : {"4", "12", "45"}) {
    for (const std::string digit : {"4", "8"}) {
      CodeRaster raster = read(folder + "pie_1991_input.tif");
      Sieve sieve(std::stoi(smallest), of(digit));
      for (std::int64_t y = 0; y < raster.grid.rows; ++y) sieve.count_row(raster.row(y));
      sieve.counted();
      for (std::int64_t y = 0; y < raster.grid.rows; ++y) sieve.compare_row(raster.row(y));
      sieve.compared();
      for (std::int64_t y = 0; y < raster.grid.rows; ++y) sieve.sieve_row(raster.row(y));
      const CodeRaster expected = read(folder + "pie_1991_gdalsieve_t" + smallest + "_c" + digit + ".tif");
      std::int64_t different = 0;
      for (std::size_t p = 0; p < raster.codes.size(); ++p) different += raster.codes[p] != expected.codes[p] ? 1 : 0;
      INFO("t" << smallest << " c" << digit);
      CHECK(different == 0);
    }
  }
}

TEST_CASE("patches are scipy's") {
  const std::string folder = reference("04_sieve_mmu");
  if (folder.empty()) return;
  const CsvTable expected = read_csv(folder + "pie_1991_clumps_expected.csv");
  CodeRaster raster = read(folder + "pie_1991_input.tif");
  for (std::size_t row = 0; row < expected.rows.size(); ++row) {
    const PatchSet set = patches_of(raster, of(expected.rows[row][0]));
    std::int64_t patches = 0, pixels = 0, largest = 0, below_4 = 0, pixels_4 = 0, below_12 = 0, pixels_12 = 0;
    for (const Patch& patch : set.patches()) {
      if (std::to_string(patch.code) != expected.rows[row][1]) continue;
      ++patches;
      pixels += patch.pixels;
      largest = std::max(largest, patch.pixels);
      below_4 += patch.pixels < 4 ? 1 : 0;
      pixels_4 += patch.pixels < 4 ? patch.pixels : 0;
      below_12 += patch.pixels < 12 ? 1 : 0;
      pixels_12 += patch.pixels < 12 ? patch.pixels : 0;
    }
    std::string found = expected.rows[row][0] + "," + expected.rows[row][1];
    for (const auto number : {patches, pixels, largest, below_4, pixels_4, below_12, pixels_12})
      found += "," + std::to_string(number);
    std::string line;
    for (const auto& cell : expected.rows[row]) line += (line.empty() ? "" : ",") + cell;
    CHECK(found == line);
  }
}

TEST_CASE("measures of patches are landscapemetrics'") {
  const std::string folder = reference("15_change_polygons");
  if (folder.empty()) return;
  for (const std::string digit : {"4", "8"}) {
    const CsvTable table = read_csv(folder + "pie_1985_1991_patches_dir" + digit + ".csv");
    CodeRaster raster = read(folder + "pie_1985_1991_change_code.tif");
    const double width = raster.grid.pixel_width, height = raster.grid.pixel_height;
    std::vector<Measures> expected, found;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      expected.push_back({static_cast<PatchCode>(column(table, row, "class")), column(table, row, "area"),
                          column(table, row, "perim"), column(table, row, "shape"), column(table, row, "frac"),
                          column(table, row, "core")});
    }
    std::map<PatchCode, bool> classes;
    for (const Measures& patch : expected) classes[patch.code] = true;
    const PatchSet set = patches_of(raster, of(digit));
    for (const Patch& patch : set.patches()) {
      if (classes.count(patch.code) == 0) continue;
      const double area_ha = static_cast<double>(patch.pixels) * width * height / 1e4;
      // landscapemetrics takes the width for vertical edges and the height for horizontal ones; on these pixels, which
      // are not quite square, that is 3e-5 of a perimeter, and the polygons below have it the right way round.
      const double perimeter_m =
          static_cast<double>(patch.horizontal_edges) * height + static_cast<double>(patch.vertical_edges) * width;
      const PatchShape shape = shape_of(area_ha * 1e4, perimeter_m);
      found.push_back({patch.code, area_ha, perimeter_m, shape.shape, shape.fractal_dimension,
                       static_cast<double>(patch.core_pixels) * width * height / 1e4});
    }
    REQUIRE(found.size() == expected.size());
    sort(found);
    sort(expected);
    std::size_t good = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      good += found[i].code == expected[i].code && close(found[i].area_ha, expected[i].area_ha, 1e-12) &&
                      close(found[i].perimeter_m, expected[i].perimeter_m, 1e-6) &&
                      close(found[i].shape, expected[i].shape, 1e-6) && close(found[i].frac, expected[i].frac, 1e-6) &&
                      std::abs(found[i].core_ha - expected[i].core_ha) < 1e-9
                  ? 1U
                  : 0U;
    }
    CHECK(good == found.size());
  }
}

TEST_CASE("polygons are GDAL's: area, perimeter, holes, true area and centroid") {
  const std::string folder = reference("15_change_polygons");
  if (folder.empty()) return;
  for (const std::string name : {"pie_1985_1991", "taizhou"}) {
    CodeRaster raster = read(folder + (name == "taizhou" ? "taizhou_change_mask.tif" : name + "_change_code.tif"));
    const CsvTable table = read_csv(folder + name + "_polygons_8c_expected.csv");
    const PatchSet set = patches_of(raster, Connectivity::corners);
    PatchRuns again(set);
    std::vector<std::vector<PatchRun>> runs(set.patches().size());
    for (std::int32_t y = 0; y < raster.grid.rows; ++y) {
      for (const LabelRun& run : again.next_row(raster.row(y))) runs[run.label].push_back({y, run.begin, run.end});
    }
    // By code, pixels and centroid, which no two patches share.
    const GroundMeasure measure(raster.grid);
    std::vector<bool> taken(set.patches().size());
    std::size_t good = 0, holes_alike = 0, between_parts = 0;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      for (std::size_t i = 0; i < set.patches().size(); ++i) {
        const Patch& patch = set.patches()[i];
        if (taken[i] || patch.pixels != std::llround(column(table, row, "n_pixels")) ||
            patch.code != static_cast<PatchCode>(column(table, row, "code")))
          continue;
        const double pixels = static_cast<double>(patch.pixels);
        Point centroid[] = {
            {static_cast<double>(patch.column_sum) / pixels + 0.5, static_cast<double>(patch.row_sum) / pixels + 0.5}};
        measure.to_degrees(centroid);
        if (std::abs(centroid[0].x - column(table, row, "centroid_lon")) > 1e-7 ||
            std::abs(centroid[0].y - column(table, row, "centroid_lat")) > 1e-7)
          continue;
        taken[i] = true;
        const double perimeter_m = static_cast<double>(patch.horizontal_edges) * raster.grid.pixel_width +
                                   static_cast<double>(patch.vertical_edges) * raster.grid.pixel_height;
        double area = 0, length = 0;
        std::size_t rings = 0, polygons = 0;
        for (const PixelPolygon& polygon : polygons_of(runs[i])) {
          ++polygons;
          for (const PixelRing& ring : polygon) {
            ++rings;
            for (std::size_t c = 0; c < ring.size(); ++c) {
              const PixelCorner a = ring[c], b = ring[(c + 1) % ring.size()];
              area += (static_cast<double>(b.x) * a.y - static_cast<double>(a.x) * b.y) / 2;
              length += std::abs(b.x - a.x) * raster.grid.pixel_width + std::abs(b.y - a.y) * raster.grid.pixel_height;
            }
          }
        }
        good += close(perimeter_m, column(table, row, "planar_perimeter_m"), 1e-6) &&
                        close(length, perimeter_m, 1e-12) && std::llround(area) == patch.pixels &&
                        close(patch.area_ha.value() * 1e4, column(table, row, "geodesic_area_m2_wgs84"), 1e-6)
                    ? 1U
                    : 0U;
        // A gap that parts enclose which only corners join is GDAL's hole, in a polygon that touches itself; here it
        // lies between the polygons of the parts.
        const auto holes = static_cast<double>(rings - polygons), expected_holes = column(table, row, "n_holes");
        holes_alike += holes == expected_holes || (polygons > 1 && holes < expected_holes) ? 1U : 0U;
        between_parts += holes == expected_holes ? 0U : 1U;
        break;
      }
    }
    CHECK(good == table.rows.size());
    CHECK(holes_alike == table.rows.size());
    CHECK(between_parts == 3);
  }
}
