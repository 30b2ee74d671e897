// SPDX-License-Identifier: Apache-2.0
#include "raster/geodesic_area.hpp"

#include <ogr_api.h>
#include <ogr_geometry.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"
#include "raster/geodesic_ring.hpp"
#include "raster/transform.hpp"

namespace sink {
namespace {

// Between its ends an edge that is straight in degrees strays from the geodesic by tan(latitude)/R per m2, one that is
// straight in a projection by a tenth of that or less: pieces this short keep the area to 1e-9.
constexpr double piece_in_degrees_m = 5, piece_in_projection_m = 25;
constexpr double pieces_per_outline = 10000;
// Where an outline only has to lie right, to a millimetre: the square of this over 8 R.
constexpr double piece_of_outline_m = 100;

Error geometry_error(const PolygonLayer& layer) {
  return gdal_error(Error::Kind::input, layer.file,
                    "some polygons cannot be repaired: try ogr2ogr -makevalid repaired.gpkg " + layer.file);
}

void add_polygon(const Polygon& polygon, OGRMultiPolygon& to) {
  auto* part = new OGRPolygon;  // `to` takes it
  for (const std::vector<Point>& ring : polygon.rings) {
    auto* outline = new OGRLinearRing;
    outline->setNumPoints(static_cast<int>(ring.size()), FALSE);
    for (std::size_t i = 0; i < ring.size(); ++i) outline->setPoint(static_cast<int>(i), ring[i].x, ring[i].y);
    outline->closeRings();
    part->addRingDirectly(outline);
  }
  to.addGeometryDirectly(part);
}

/// The union of some features, valid; null where there is nothing.
OGRGeometryUniquePtr union_of(const PolygonLayer& layer, std::span<const std::size_t> features) {
  OGRMultiPolygon all;
  clear_gdal_errors();
  for (const std::size_t feature : features) {
    for (const Polygon& polygon : layer.features.at(feature).polygons) {
      OGRMultiPolygon one;
      add_polygon(polygon, one);
      const OGRGeometryUniquePtr valid(one.MakeValid());
      if (valid == nullptr) throw geometry_error(layer);
      const OGRGeometryUniquePtr parts(OGRGeometryFactory::forceToMultiPolygon(valid->clone()));
      if (wkbFlatten(parts->getGeometryType()) != wkbMultiPolygon) continue;  // no area left
      for (const OGRPolygon* part : *parts->toMultiPolygon()) all.addGeometry(part);
    }
  }
  if (all.IsEmpty()) return nullptr;
  OGRGeometryUniquePtr united(all.UnionCascaded());
  if (united == nullptr) throw geometry_error(layer);
  return united;
}

std::vector<Point> points_of(const OGRLinearRing& ring) {
  std::vector<Point> points;
  for (int i = 0; i < ring.getNumPoints(); ++i) points.push_back({ring.getX(i), ring.getY(i)});
  return points;
}

/// A closed ring with points put in, so that the geodesics between them do not leave the straight edges.
std::vector<Point> densified(const std::vector<Point>& ring, double metres_per_unit, double shortest_piece_m) {
  const auto edge_m = [&](std::size_t i) {
    return std::hypot(ring[i].x - ring[i - 1].x, ring[i].y - ring[i - 1].y) * metres_per_unit;
  };
  double length_m = 0;
  for (std::size_t i = 1; i < ring.size(); ++i) length_m += edge_m(i);
  const double piece_m = std::max(shortest_piece_m, length_m / pieces_per_outline);
  std::vector<Point> points;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const Point &from = ring[i - 1], &to = ring[i];
    const double pieces = std::max(1.0, std::ceil(edge_m(i) / piece_m));
    for (double k = 0; k < pieces; ++k)
      points.push_back({from.x + (to.x - from.x) * k / pieces, from.y + (to.y - from.y) * k / pieces});
  }
  return points;
}

/// The features whose bounding box meets that of `place`.
std::vector<std::size_t> features_near(const PolygonLayer& layer, std::span<const std::size_t> features,
                                       const OGRGeometry& place) {
  OGREnvelope box;
  place.getEnvelope(&box);
  std::vector<std::size_t> near;
  for (const std::size_t feature : features) {
    OGREnvelope own;
    for (const Polygon& polygon : layer.features.at(feature).polygons) {
      for (const Point& point : polygon.rings.front()) own.Merge(point.x, point.y);
    }
    if (own.IsInit() && own.Intersects(box)) near.push_back(feature);
  }
  return near;
}

}  // namespace

/// Sums geodesic areas of polygons in one CRS.
class GeodesicAreas::Surveyor {
 public:
  explicit Surveyor(const std::string& wkt) {
    const ProjContext context = make_proj_context();
    const ProjObject crs = horizontal_crs(context.get(), wkt), base = geographic_base(context.get(), crs.get());
    const Ellipsoid ellipsoid = ellipsoid_of(context.get(), base.get());
    geod_init(&geodesic_, ellipsoid.a, 1 - std::sqrt(1 - ellipsoid.e2));
    degrees_per_unit_ = unit_of(context.get(), base.get()) * 180 / std::numbers::pi;
    metres_per_unit_ = unit_of(context.get(), crs.get()) * (is_geographic(crs.get()) ? ellipsoid.a : 1);
    if (!is_geographic(crs.get()))
      to_geographic_.emplace(wkt, proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr));
  }

  [[nodiscard]] std::vector<Point> cut(const std::vector<Point>& ring, double piece_m) const {
    return densified(ring, metres_per_unit_, piece_m);
  }

  [[nodiscard]] double ring_m2(const OGRLinearRing& ring) const {
    std::vector<Point> points = cut(points_of(ring), to_geographic_ ? piece_in_projection_m : piece_in_degrees_m);
    if (to_geographic_) to_geographic_->forward(points);
    return geodesic_ring_m2(geodesic_, points, degrees_per_unit_);
  }

  [[nodiscard]] double area_ha(const OGRGeometry* geometry) const {
    if (geometry == nullptr || geometry->IsEmpty()) return 0;
    const OGRwkbGeometryType type = wkbFlatten(geometry->getGeometryType());
    double sum = 0;
    if (type == wkbPolygon) {
      const OGRPolygon& polygon = *geometry->toPolygon();
      sum = ring_m2(*polygon.getExteriorRing()) / 1e4;
      for (int i = 0; i < polygon.getNumInteriorRings(); ++i) sum -= ring_m2(*polygon.getInteriorRing(i)) / 1e4;
    } else if (type == wkbMultiPolygon || type == wkbGeometryCollection) {
      for (const OGRGeometry* part : *geometry->toGeometryCollection()) sum += area_ha(part);
    }
    return sum;
  }

 private:
  geod_geodesic geodesic_{};
  double degrees_per_unit_ = 1, metres_per_unit_ = 1;
  std::optional<CoordinateTransform> to_geographic_;
};

/// Features of a layer in another CRS, cut finely: a straight edge there is a curve here.
PolygonLayer GeodesicAreas::reprojected(const PolygonLayer& layer, std::span<const std::size_t> features,
                                        const std::string& wkt) {
  const CoordinateTransform transform(layer.crs_wkt, wkt);
  const Surveyor surveyor(layer.crs_wkt);
  PolygonLayer result{layer.file, layer.layer, layer.geometry_column, wkt, "", {}};
  for (const std::size_t feature : features) {
    PolygonFeature copy;
    for (Polygon polygon : layer.features.at(feature).polygons) {
      for (std::vector<Point>& ring : polygon.rings) {
        ring = surveyor.cut(ring, piece_of_outline_m);
        transform.forward(ring);
        if (!std::all_of(ring.begin(), ring.end(), [](const Point& point) { return std::isfinite(point.x); }))
          throw input_error(layer.file,
                            "reaches where the CRS of the parcels is not defined: cut it with ogr2ogr -clipsrc");
      }
      copy.polygons.push_back(std::move(polygon));
    }
    result.features.push_back(std::move(copy));
  }
  return result;
}

GeodesicAreas::GeodesicAreas(const PolygonLayer& layer)
    : layer_(&layer), surveyor_(std::make_unique<Surveyor>(layer.crs_wkt)) {}
GeodesicAreas::~GeodesicAreas() = default;
GeodesicAreas::GeodesicAreas(GeodesicAreas&&) noexcept = default;

double GeodesicAreas::union_ha(std::span<const std::size_t> features) const {
  return surveyor_->area_ha(union_of(*layer_, features).get());
}

double GeodesicAreas::shared_ha(std::span<const std::size_t> features, const PolygonLayer& other,
                                std::span<const std::size_t> other_features) const {
  OGRGeometryUniquePtr theirs;
  if (same_crs(layer_->crs_wkt, other.crs_wkt)) {
    theirs = union_of(other, other_features);
  } else {
    const PolygonLayer moved = reprojected(other, other_features, layer_->crs_wkt);
    std::vector<std::size_t> all(moved.features.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    theirs = union_of(moved, all);
  }
  if (theirs == nullptr) return 0;
  const std::vector<std::size_t> near = features_near(*layer_, features, *theirs);
  const OGRGeometryUniquePtr mine = union_of(*layer_, near);
  if (mine == nullptr) return 0;
  // The parts of a union share no place, and most lie wholly inside or outside: only the others are cut.
  const OGRPreparedGeometryUniquePtr prepared(OGRCreatePreparedGeometry(OGRGeometry::ToHandle(theirs.get())));
  const Surveyor& surveyor = *surveyor_;
  const OGRGeometryUniquePtr parts(OGRGeometryFactory::forceToMultiPolygon(mine->clone()));
  double sum_ha = 0;
  for (const OGRGeometry* part : *parts->toGeometryCollection()) {
    OGRGeometryH handle = OGRGeometry::ToHandle(const_cast<OGRGeometry*>(part));
    if (prepared != nullptr && OGRPreparedGeometryContains(prepared.get(), handle) != 0) {
      sum_ha += surveyor.area_ha(part);
    } else if (prepared == nullptr || OGRPreparedGeometryIntersects(prepared.get(), handle) != 0) {
      const OGRGeometryUniquePtr common(part->Intersection(theirs.get()));
      if (common == nullptr) throw geometry_error(*layer_);
      sum_ha += surveyor.area_ha(common.get());
    }
  }
  return sum_ha;
}

}  // namespace sink
