// SPDX-License-Identifier: Apache-2.0
#include "job/patch_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/nodata.hpp"
#include "job/change_tables.hpp"
#include "job/class_carbon.hpp"
#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "raster/ground_measure.hpp"
#include "report/table.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

/// What a patch lost [t C]; NaN where no stock is known.
struct CarbonLost {
  double t = no_value, low_t = no_value, high_t = no_value;
};

CarbonLost carbon_lost(const PatchFacts& facts, const ClassCarbon::Pool& after) {
  if (facts.stock_pixels == 0) return {};
  const double stock = facts.stock_t.value(), area = facts.stock_area_ha.value();
  // Forest starts again from nothing.
  const double density = std::isnan(after.tc_ha) ? 0 : after.tc_ha, sd = std::isnan(after.sd) ? 0 : after.sd;
  // In the year of the change nothing has grown yet (IPCC 2006 eq. 2.16): the most that can be lost.
  return {stock - density * area, stock - (density + 1.96 * sd) * area, stock};
}

/// Lengths on the ground of what the patch's runs and rings say in pixels.
struct Ground {
  double perimeter_m = 0, area_m2 = 0;
};

Ground ground_of(const GroundMeasure& measure, const std::vector<PatchRun>& runs,
                 const std::vector<PixelPolygon>& polygons) {
  Ground ground;
  for (const PatchRun& run : runs) {
    const double width = (measure.along_row_m(run.row) + measure.along_row_m(run.row + 1)) / 2;
    ground.area_m2 += (run.end - run.begin) * width * measure.along_column_m(run.row);
    ground.perimeter_m += 2 * measure.along_column_m(run.row);
  }
  for (const PixelPolygon& polygon : polygons) {
    for (const PixelRing& ring : polygon) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const PixelCorner a = ring[i], b = ring[(i + 1) % ring.size()];
        if (a.y == b.y) ground.perimeter_m += std::abs(b.x - a.x) * measure.along_row_m(a.y);
      }
    }
  }
  return ground;
}

PolygonFeature feature_of(const Grid& grid, const std::vector<PixelPolygon>& polygons) {
  PolygonFeature feature;
  for (const PixelPolygon& polygon : polygons) {
    Polygon& part = feature.polygons.emplace_back();
    for (const PixelRing& ring : polygon) {
      auto& points = part.rings.emplace_back();
      for (const PixelCorner corner : ring) points.push_back(grid.to_crs(corner.x, corner.y));
    }
  }
  return feature;
}

std::string hexadecimal(std::uint64_t number) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

std::int64_t code_number(const Legend& legend, ClassIndex index) {
  std::int64_t number = 0;
  for (const char c : legend[index].code) number = number * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
  return number;
}

std::vector<std::string> zone_columns(const ChangeSetup& setup, std::size_t set) {
  const std::string name = set == 0 ? "zone" : setup.zones[set].source().set;
  return {name + "_id", name + "_name"};
}

Table empty_table(const ChangePatchesJob& job, const ChangeSetup& setup) {
  using enum Column::Type;
  Table table;
  table.add_column("rank", integer);
  for (const char* name : {"id", "from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  for (const char* name : {"year_before", "year_first_seen"}) table.add_column(name, integer);
  table.add_column("kind", text);
  table.add_column("pixels", integer);
  for (const char* name : {"area_ha", "area_m2", "area_mu", "perimeter_m", "shape", "frac"}) table.add_column(name);
  table.add_column("core_px", integer);
  for (const char* name : {"lon", "lat"}) table.add_column(name);
  for (std::size_t set = 0; set < setup.zones.size(); ++set) {
    for (const auto& name : zone_columns(setup, set)) table.add_column(name, text);
  }
  for (const auto& [name, file] : job.overlays) table.add_column(name, integer);
  for (const char* name : {"carbon_t", "carbon_lo_t", "carbon_hi_t"}) table.add_column(name);
  table.add_column("unmodelled_px", integer);
  table.add_column("impossible", text);
  return table;
}

/// The zone that holds most of a patch's pixels; of equals the first.
std::int32_t main_zone(const std::map<std::int32_t, std::int64_t>& pixels) {
  return std::max_element(pixels.begin(), pixels.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void set_measures(const Patch& patch, const Ground& ground, const Point& place, RowBuilder& row) {
  const double area_ha = patch.area_ha.value();
  const PatchShape shape = shape_of(ground.area_m2, ground.perimeter_m);
  row.set("pixels", patch.pixels).set("core_px", patch.core_pixels);
  row.set("area_ha", area_ha).set("area_m2", area_ha * 10000).set("area_mu", area_ha * 15);
  row.set("perimeter_m", ground.perimeter_m).set("shape", shape.shape).set("frac", shape.fractal_dimension);
  row.set("lon", place.x).set("lat", place.y);
}

}  // namespace

std::string patch_kind(const ChangeSetup& setup, const PatchFacts& facts) {
  if (!setup.maps.legend_given()) return "";
  const LandUse from = setup.maps.legend()[facts.from].land_use, to = setup.maps.legend()[facts.to].land_use;
  if (!is_forest(from)) return "conversion";
  if (to == LandUse::forest_unstocked) return "harvest";
  if (is_forest(to)) return "";
  if (to != LandUse::grassland && to != LandUse::other) return "deforestation";
  if (2 * facts.forest_again_pixels >= facts.patch.pixels) return "harvest";
  const auto& years = setup.maps.years();
  return years.back() - years[facts.interval + 1] >= years_to_return ? "deforestation" : "unresolved";
}

PatchLayer patch_layer(const ChangePatchesJob& job, const ChangeSetup& setup, std::vector<PatchFacts> facts) {
  const Legend& legend = setup.maps.legend();
  const Grid& grid = setup.maps.grid();
  const auto after = carbon_by_key(legend, load_parameters(job.maps.parameter_files));
  const auto weight = [&](const PatchFacts& f) {
    return job.stocks.empty() ? f.patch.area_ha.value() : carbon_lost(f, after[f.to].living).t;
  };
  std::vector<double> weights;
  for (const auto& f : facts) weights.push_back(std::isnan(weight(f)) ? 0 : weight(f));
  std::vector<std::size_t> order(facts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Facts come by interval and first cell, which decides between equals.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });

  std::vector<std::vector<std::string>> reasons;
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    reasons.push_back(
        impossible_transitions(legend, job.impossible, setup.maps.years()[t + 1] - setup.maps.years()[t]));
  }
  const GroundMeasure measure(grid);
  PatchLayer layer{empty_table(job, setup), {}};
  for (const std::size_t i : order) {
    PatchFacts& f = facts[i];
    const auto polygons = polygons_of(f.runs);
    const double pixels = static_cast<double>(f.patch.pixels);
    Point place[] = {
        {static_cast<double>(f.patch.column_sum) / pixels + 0.5, static_cast<double>(f.patch.row_sum) / pixels + 0.5}};
    measure.to_degrees(place);
    const ClassLabel from = label_of(legend, f.from), to = label_of(legend, f.to);
    RowBuilder row(layer.table);
    row.set("rank", static_cast<std::int64_t>(layer.features.size() + 1));
    row.set("id", hexadecimal(patch_hash(code_number(legend, f.from), code_number(legend, f.to), f.patch.first_cell)));
    row.set("from_code", from.code).set("from_name", from.name).set("to_code", to.code).set("to_name", to.name);
    row.set("year_before", std::int64_t{setup.maps.years()[f.interval]});
    row.set("year_first_seen", std::int64_t{setup.maps.years()[f.interval + 1]}).set("kind", patch_kind(setup, f));
    set_measures(f.patch, ground_of(measure, f.runs, polygons), place[0], row);
    for (std::size_t set = 0; set < f.zones.size(); ++set) {
      if (f.zones[set].empty()) continue;
      const Zone zone = setup.zones[set].zone(main_zone(f.zones[set]));
      const auto names = zone_columns(setup, set);
      row.set(names[0], zone.id).set(names[1], zone.name);
    }
    for (std::size_t o = 0; o < f.overlays.size(); ++o) {
      row.set(job.overlays[o].first, std::int64_t{f.overlays[o] > 0 ? 1 : 0});
    }
    if (!job.stocks.empty()) {
      const CarbonLost lost = carbon_lost(f, after[f.to].living);
      row.set("carbon_t", lost.t).set("carbon_lo_t", lost.low_t).set("carbon_hi_t", lost.high_t);
      row.set("unmodelled_px", f.patch.pixels - f.stock_pixels);
    }
    row.set("impossible", reasons[f.interval][f.from * legend.size() + f.to]);
    layer.table.rows.push_back(row.take());
    layer.features.push_back(feature_of(grid, polygons));
    f.runs = {};
  }
  return layer;
}

std::string patch_text(const PatchLayer& layer) {
  const auto at = [&](const std::vector<Cell>& row, const char* name) -> const Cell& {
    const auto& columns = layer.table.columns;
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
    return row[static_cast<std::size_t>(column - columns.begin())];
  };
  std::map<std::vector<std::string>, std::pair<std::int64_t, double>> groups;
  for (const auto& row : layer.table.rows) {
    auto& [patches, area] = groups[{text_of(at(row, "from_name")), text_of(at(row, "to_name")),
                                    text_of(at(row, "year_first_seen")), text_of(at(row, "kind"))}];
    ++patches;
    area += std::get<double>(at(row, "area_ha"));
  }
  std::vector<std::vector<std::string>> rows = {{"from", "to", "first seen", "kind", "patches", "ha", "mu"}};
  for (const auto& [names, sum] : groups) {
    rows.push_back(names);
    rows.back().push_back(with_commas(static_cast<double>(sum.first), 0));
    rows.back().push_back(with_commas(sum.second, 2));
    rows.back().push_back(with_commas(sum.second * 15, 1));
  }
  return layer.table.rows.empty() ? "no patch of these transitions is large enough\n" : to_terminal(rows, 4);
}

}  // namespace sink
