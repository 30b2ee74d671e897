// SPDX-License-Identifier: Apache-2.0
// Outlines to test zones with, and GDAL's own rasteriser to hold them against.
#pragma once

#include <gdal_alg.h>

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "raster/geographic_grids.hpp"
#include "raster/temp_files.hpp"
#include "raster/zones.hpp"

namespace sink::tests {

inline Grid small_grid(std::int64_t columns = 60, std::int64_t rows = 50) {
  return {columns, rows, 500000, 3000000, 10, 10, wkt_of("EPSG:4548"), "EPSG:4548"};
}

inline ZoneSource source(const std::string& file) {
  return {"county", file, "code", "name", ""};
}

inline std::vector<Span> all_spans(const PolygonZones& zones, const Grid& grid) {
  std::vector<Span> spans;
  zones.spans(grid.whole(), spans);
  return spans;
}

/// Burned pixels of a zone, row by row.
inline std::vector<std::uint8_t> burned(const std::vector<Span>& spans, std::int32_t zone, const Grid& grid) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(grid.pixels()));
  for (const Span& span : spans)
    if (span.zone == zone)
      for (std::int32_t c = span.begin; c < span.end; ++c)
        pixels[static_cast<std::size_t>(span.row * grid.columns + c)] = 1;
  return pixels;
}

/// What gdal_rasterize burns.
class Rasteriser {
 public:
  explicit Rasteriser(const Grid& grid) : grid_(grid) {
    file_.reset(GetGDALDriverManager()->GetDriverByName("MEM")->Create(
        "", static_cast<int>(grid.columns), static_cast<int>(grid.rows), 1, GDT_Byte, nullptr));
    auto affine = grid.geotransform();
    file_->SetGeoTransform(affine.data());
  }
  std::vector<std::uint8_t> burn(const std::string& wkt) {
    OGRGeometry* geometry = nullptr;
    OGRGeometryFactory::createFromWkt(wkt.c_str(), nullptr, &geometry);
    const OGRGeometryUniquePtr owned(geometry);
    file_->GetRasterBand(1)->Fill(0);
    int band = 1;
    double one = 1;
    OGRGeometryH handle = OGRGeometry::ToHandle(geometry);
    const CPLErr burning = GDALRasterizeGeometries(GDALDataset::ToHandle(file_.get()), 1, &band, 1, &handle, nullptr,
                                                   nullptr, &one, nullptr, nullptr, nullptr);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(grid_.pixels()));
    const int columns = static_cast<int>(grid_.columns), rows = static_cast<int>(grid_.rows);
    const CPLErr reading = file_->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, columns, rows, pixels.data(), columns, rows,
                                                             GDT_Byte, 0, 0, nullptr);
    if (burning != CE_None || reading != CE_None) throw std::runtime_error("GDAL did not rasterise");
    return pixels;
  }

 private:
  Grid grid_;
  GDALDatasetUniquePtr file_;
};

/// Random outlines, many with vertices on the centres, corners and edges of pixels, and partly outside the grid.
class Outlines {
 public:
  Outlines(const Grid& grid, unsigned seed) : grid_(grid), random_(seed) {}

  Point place() {
    const double column = uniform(-6, static_cast<double>(grid_.columns) + 6),
                 row = uniform(-6, static_cast<double>(grid_.rows) + 6);
    switch (std::uniform_int_distribution<int>(0, 3)(random_)) {
      case 0:
        return grid_.to_crs(std::floor(column) + 0.5, std::floor(row) + 0.5);
      case 1:
        return grid_.to_crs(std::floor(column), std::floor(row));
      case 2:
        return grid_.to_crs(column, std::floor(row) + 0.5);
      default:
        return grid_.to_crs(column, row);
    }
  }
  /// Any vertices in any order: rings cross and touch themselves.
  std::vector<Point> tangle() {
    std::vector<Point> ring(std::uniform_int_distribution<std::size_t>(3, 9)(random_));
    for (Point& point : ring) point = place();
    return ring;
  }
  /// Steps along rows and columns of centres: all edges are horizontal or vertical, through centres.
  std::vector<Point> staircase() {
    std::vector<Point> ring = {place()};
    for (int i = 0; i < 4; ++i) {
      const Point next = place();
      ring.push_back({next.x, ring.back().y});
      ring.push_back(next);
    }
    ring.push_back({ring.front().x, ring.back().y});
    return ring;
  }
  std::string polygon() {
    std::vector<std::vector<Point>> rings = {pick() ? tangle() : staircase()};
    while (pick() && rings.size() < 4) rings.push_back(pick() ? tangle() : staircase());
    return polygon_wkt(rings);
  }
  std::string geometry() {
    if (pick()) return "POLYGON" + polygon();
    std::string text = "MULTIPOLYGON(" + polygon();
    while (pick()) text += "," + polygon();
    return text + ")";
  }

 private:
  bool pick() { return std::uniform_int_distribution<int>(0, 1)(random_) == 1; }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  Grid grid_;
  std::mt19937 random_;
};

inline std::vector<TestFeature> random_features(const Grid& grid, int count, unsigned seed) {
  Outlines outlines(grid, seed);
  std::vector<TestFeature> features;
  for (int i = 0; i < count; ++i) features.push_back({std::to_string(i), "", outlines.geometry()});
  return features;
}

/// Irregular tiles that cover the belt without gaps: `across` x `down` of them, in the CRS of the layer.
inline std::vector<TestFeature> patchwork(const GeographicArea& area, int across, int down, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> shift(-0.3, 0.3);
  std::vector<Point> corners;
  for (int r = 0; r <= down; ++r)
    for (int c = 0; c <= across; ++c)
      corners.push_back(
          {area.west + (area.east - area.west) * (c + (c > 0 && c < across ? shift(random) : 0)) / across,
           area.south + (area.north - area.south) * (r + (r > 0 && r < down ? shift(random) : 0)) / down});
  std::vector<TestFeature> features;
  for (int r = 0; r < down; ++r) {
    for (int c = 0; c < across; ++c) {
      const auto at = [&](int i, int j) { return corners[static_cast<std::size_t>(i * (across + 1) + j)]; };
      features.push_back({std::to_string(r * across + c), "",
                          "POLYGON" + polygon_wkt({{at(r, c), at(r, c + 1), at(r + 1, c + 1), at(r + 1, c)}})});
    }
  }
  return features;
}

}  // namespace sink::tests
