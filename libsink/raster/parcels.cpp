// SPDX-License-Identifier: Apache-2.0
#include "raster/parcels.hpp"

#include <charconv>
#include <unordered_map>

#include "core/error.hpp"
#include "raster/geodesic_area.hpp"

namespace sink {
namespace {

std::optional<int> year_of(const std::string& file, const std::string& id, const std::string& field,
                           const std::string& text) {
  if (text.empty() || text == "0") return std::nullopt;
  double year = 0;  // a year in a field of real numbers reads 2021 or 2021.0
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool whole = failure == std::errc() && end == text.data() + text.size() && year >= 1900 && year <= 2200 &&
                     year == static_cast<int>(year);
  if (!whole)
    throw input_error(file, "parcel '" + id + "' has " + field + " '" + text + "': write a year, or leave it blank");
  return static_cast<int>(year);
}

}  // namespace

Parcels::Parcels(const std::string& file, const ParcelFields& fields)
    : layer_(std::make_unique<PolygonLayer>(
          read_polygons(file, {fields.id, fields.year_done, fields.year_planned, fields.status}, "", 2))),
      areas_(std::make_unique<GeodesicAreas>(*layer_)) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < layer_->features.size(); ++i) {
    const std::vector<std::string>& row = layer_->features[i].fields;
    const Parcel parcel{row[0], year_of(layer_->file, row[0], fields.year_planned, row[2]),
                        year_of(layer_->file, row[0], fields.year_done, row[1]), row[3]};
    const auto [place, is_new] = places.emplace(parcel.id, parcels_.size());
    if (is_new) {
      parcels_.push_back(parcel);
      features_.emplace_back();
    }
    const Parcel& first = parcels_[place->second];
    if (first.year_planned != parcel.year_planned || first.year_done != parcel.year_done ||
        first.status != parcel.status)
      throw input_error(layer_->file,
                        "features of parcel '" + parcel.id + "' differ in year or status: give each an id of its own");
    features_[place->second].push_back(i);
  }
}

std::vector<std::size_t> Parcels::done(int first_year, int last_year) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < parcels_.size(); ++i)
    if (parcels_[i].year_done && *parcels_[i].year_done >= first_year && *parcels_[i].year_done <= last_year)
      result.push_back(i);
  return result;
}

std::vector<std::size_t> Parcels::features_of(std::span<const std::size_t> parcels) const {
  std::vector<std::size_t> result;
  for (const std::size_t parcel : parcels)
    result.insert(result.end(), features_.at(parcel).begin(), features_.at(parcel).end());
  return result;
}

double Parcels::area_ha(std::span<const std::size_t> parcels) const {
  return areas_->union_ha(features_of(parcels));
}

double Parcels::area_within_ha(std::span<const std::size_t> parcels, const PolygonLayer& zones,
                               std::span<const std::size_t> features) const {
  return areas_->shared_ha(features_of(parcels), zones, features);
}

PolygonZones Parcels::on_grid(const std::vector<std::vector<std::size_t>>& sets, const Grid& grid) const {
  std::vector<ZoneFeatures> zones;
  for (const std::vector<std::size_t>& set : sets)
    zones.push_back({{std::to_string(zones.size()), ""}, features_of(set)});
  return PolygonZones(*layer_, zones, grid);
}

}  // namespace sink
