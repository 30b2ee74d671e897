// SPDX-License-Identifier: Apache-2.0
#include "raster/ring_transform.hpp"

#include <ogr_geometry.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "raster/dataset.hpp"

namespace sink {
namespace {

// Below the promised tenth, because the curve is looked at in three places only.
constexpr double tolerance_px = 0.08;
constexpr int max_halvings = 24;

bool finite(const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

Point middle(const Point& a, const Point& b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

bool before(const Point& a, const Point& b) {
  return a.x != b.x ? a.x < b.x : a.y < b.y;
}

}  // namespace

/// A point in both CRSs; `settled` says that the edge to the next one needs no more points.
struct RingTransform::Node {
  Point source, target;
  bool settled = false;
};

RingTransform::RingTransform(const PolygonLayer& layer, const Grid& grid) : grid_(grid) {
  if (same_crs(layer.crs_wkt, grid.crs_wkt)) return;
  transform_.emplace(layer.crs_wkt, grid.crs_wkt, geographic_area_of(grid));
  near_ = surroundings();
}

std::optional<RingTransform::Box> RingTransform::surroundings() const {
  constexpr int cuts = 32;
  std::vector<Point> places;
  for (int r = 0; r <= cuts; ++r)
    for (int c = 0; c <= cuts; ++c)
      places.push_back(
          grid_.to_crs(static_cast<double>(grid_.columns) * c / cuts, static_cast<double>(grid_.rows) * r / cuts));
  transform_->inverse(places);
  Box box{INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (const Point& place : places) {
    if (!finite(place)) return std::nullopt;
    box = {std::min(box.x_min, place.x), std::min(box.y_min, place.y), std::max(box.x_max, place.x),
           std::max(box.y_max, place.y)};
  }
  // What bulges between the places, a pole in the middle included, is within a few of their distances.
  const double x_margin = (box.x_max - box.x_min) / 8, y_margin = (box.y_max - box.y_min) / 8;
  return Box{box.x_min - x_margin, box.y_min - y_margin, box.x_max + x_margin, box.y_max + y_margin};
}

bool RingTransform::far_away(const Polygon& polygon) const {
  if (!near_) return false;
  Box box{INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (const Point& point : polygon.rings.front())
    box = {std::min(box.x_min, point.x), std::min(box.y_min, point.y), std::max(box.x_max, point.x),
           std::max(box.y_max, point.y)};
  return box.x_max < near_->x_min || box.x_min > near_->x_max || box.y_max < near_->y_min || box.y_min > near_->y_max;
}

bool RingTransform::bends(const Node& from, const Node& to, const Point* between) const {
  // In one direction whichever way the ring runs, so that neighbours decide alike to the last bit.
  const bool forward = before(from.source, to.source);
  const Point& a = forward ? from.target : to.target;
  const Point& b = forward ? to.target : from.target;
  const double dx = (b.x - a.x) / grid_.pixel_width, dy = (b.y - a.y) / grid_.pixel_height;
  const double length = std::hypot(dx, dy);
  return std::any_of(between, between + 3, [&](const Point& point) {
    const double px = (point.x - a.x) / grid_.pixel_width, py = (point.y - a.y) / grid_.pixel_height;
    const double distance = length > 0 ? std::abs(dx * py - dy * px) / length : std::hypot(px, py);
    return !(distance <= tolerance_px);
  });
}

/// Halves the edges that bend; false where nothing was left to halve.
bool RingTransform::refine(std::vector<Node>& nodes) const {
  std::vector<Point> sources;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (nodes[i].settled) continue;
    const Point half = middle(nodes[i].source, nodes[i + 1].source);
    sources.insert(sources.end(), {middle(nodes[i].source, half), half, middle(half, nodes[i + 1].source)});
  }
  if (sources.empty()) return false;
  std::vector<Point> targets = sources;
  transform_->forward(targets);
  std::vector<Node> refined;
  refined.reserve(nodes.size() + sources.size() / 3);
  std::size_t next = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    refined.push_back(nodes[i]);
    if (nodes[i].settled || i + 1 == nodes.size()) continue;
    if (bends(nodes[i], nodes[i + 1], &targets[next]))
      refined.push_back({sources[next + 1], targets[next + 1], false});
    else
      refined.back().settled = true;
    next += 3;
  }
  nodes = std::move(refined);
  return true;
}

std::optional<std::vector<Point>> RingTransform::to_pixels(const std::vector<Point>& ring) const {
  std::vector<Point> points = ring;
  if (points.front().x != points.back().x || points.front().y != points.back().y) points.push_back(points.front());
  if (transform_) {
    const std::vector<Point> sources = points;
    transform_->forward(points);
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < points.size(); ++i) nodes.push_back({sources[i], points[i], false});
    for (int i = 0; i < max_halvings && refine(nodes); ++i) continue;
    points.clear();
    for (const Node& node : nodes) points.push_back(node.target);
  }
  OGRLinearRing outline;
  outline.setNumPoints(static_cast<int>(points.size()), FALSE);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!finite(points[i])) return std::nullopt;
    outline.setPoint(static_cast<int>(i), points[i].x, points[i].y);
  }
  // OGR's own idea of clockwise, and the arithmetic of GDAL's inverse affine: both decide about centres on an edge.
  if (!outline.isClockwise()) std::reverse(points.begin(), points.end());
  const double x_scale = 1.0 / grid_.pixel_width, y_scale = 1.0 / -grid_.pixel_height;
  const double x_offset = -grid_.x_min / grid_.pixel_width, y_offset = -grid_.y_max / -grid_.pixel_height;
  for (Point& point : points) point = {x_offset + point.x * x_scale, y_offset + point.y * y_scale};
  return points;
}

}  // namespace sink
