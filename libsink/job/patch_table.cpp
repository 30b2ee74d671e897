// SPDX-License-Identifier: Apache-2.0
#include "job/patch_table.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/nodata.hpp"
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
  if (facts.sums.stock_pixels == 0) return {};
  const double stock = facts.sums.stock_t.value(), area = facts.sums.stock_area_ha.value();
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

std::vector<std::string> zone_columns(const PatchSearch& search, std::size_t set) {
  const std::string name = set == 0 ? "zone" : search.zones()[set].source().set;
  return {name + "_id", name + "_name"};
}

Table empty_table(const PatchSearch& search) {
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
  for (std::size_t set = 0; set < search.zones().size(); ++set) {
    for (const auto& name : zone_columns(search, set)) table.add_column(name, text);
  }
  for (const auto& [name, file] : search.options.overlays) table.add_column(name, integer);
  for (const char* name : {"carbon_t", "carbon_lo_t", "carbon_hi_t"}) table.add_column(name);
  table.add_column("unmodelled_px", integer);
  for (const char* name : {"confidence", "score"}) table.add_column(name);
  table.add_column("impossible", text);
  return table;
}

/// What decides the rank. Without a confidence a change is taken as sure.
struct Rated {
  CarbonLost lost;
  double confidence = no_value, score = no_value;
};

Rated rate(const PatchSearch& search, const PatchFacts& facts, const ClassCarbon::Pool& after) {
  Rated rated{carbon_lost(facts, after), patch_confidence(facts), no_value};
  const double size = search.world.carbon ? rated.lost.t : facts.patch.area_ha.value();
  rated.score = (std::isnan(rated.confidence) ? 1 : rated.confidence) * size * legal_weight(search, facts);
  return rated;
}

void set_change(const PatchSearch& search, const PatchFacts& facts, RowBuilder& row) {
  const Legend& legend = search.world.legend;
  const ClassLabel &from = search.world.labels[facts.interval][facts.from],
                   &to = search.world.labels[facts.interval + 1][facts.to];
  row.set("id", hexadecimal(patch_hash(code_number(legend, facts.from), code_number(legend, facts.to),
                                       facts.patch.first_cell, search.world.years[facts.interval + 1])));
  row.set("from_code", from.code).set("from_name", from.name).set("to_code", to.code).set("to_name", to.name);
  row.set("year_before", std::int64_t{search.world.years[facts.interval]});
  row.set("year_first_seen", std::int64_t{search.world.years[facts.interval + 1]});
  row.set("kind", patch_kind(search, facts));
  row.set("impossible", search.reasons[facts.interval][facts.from * legend.size() + facts.to]);
}

void set_measures(const PatchFacts& facts, const GroundMeasure& measure, const std::vector<PixelPolygon>& polygons,
                  RowBuilder& row) {
  const Patch& patch = facts.patch;
  const double pixels = static_cast<double>(patch.pixels), area_ha = patch.area_ha.value();
  const Ground ground = ground_of(measure, facts.runs, polygons);
  const PatchShape shape = shape_of(ground.area_m2, ground.perimeter_m);
  Point place[] = {
      {static_cast<double>(patch.column_sum) / pixels + 0.5, static_cast<double>(patch.row_sum) / pixels + 0.5}};
  measure.to_degrees(place);
  row.set("pixels", patch.pixels).set("core_px", patch.core_pixels);
  row.set("area_ha", area_ha).set("area_m2", area_ha * 10000).set("area_mu", area_ha * 15);
  row.set("perimeter_m", ground.perimeter_m).set("shape", shape.shape).set("frac", shape.fractal_dimension);
  row.set("lon", place[0].x).set("lat", place[0].y);
}

void set_places(const PatchSearch& search, const PatchFacts& facts, RowBuilder& row) {
  for (std::size_t set = 0; set < search.zones().size(); ++set) {
    const std::int32_t main = main_zone(facts, set);
    if (main < 0) continue;
    const Zone zone = search.zones()[set].zone(main);
    const auto names = zone_columns(search, set);
    row.set(names[0], zone.id).set(names[1], zone.name);
  }
  for (std::size_t o = 0; o < search.overlays.size(); ++o) {
    row.set(search.options.overlays[o].first, std::int64_t{reaches(search, facts, o) ? 1 : 0});
  }
}

void set_rating(const PatchSearch& search, const PatchFacts& facts, const Rated& rated, RowBuilder& row) {
  row.set("confidence", rated.confidence).set("score", rated.score);
  if (!search.world.carbon) return;
  row.set("carbon_t", rated.lost.t).set("carbon_lo_t", rated.lost.low_t).set("carbon_hi_t", rated.lost.high_t);
  row.set("unmodelled_px", facts.patch.pixels - facts.sums.stock_pixels);
}

}  // namespace

void demand_distinct_columns(const PatchSearch& search) {
  std::set<std::string> names = {"fid", "geom"};
  for (const Column& column : empty_table(search).columns) {
    // A GeoPackage tells columns apart by more than capitals.
    std::string lower = column.name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (names.insert(lower).second) continue;
    throw usage_error("overlay or zone set '" + column.name + "': the layer has a column of this name: choose another");
  }
}

PatchLayer patch_layer(const PatchSearch& search, std::vector<PatchFacts> facts) {
  const auto after = carbon_by_key(search.world.legend, load_parameters(search.world.parameter_files));
  std::vector<Rated> rated;
  for (const auto& f : facts) rated.push_back(rate(search, f, after[f.to].living));
  std::vector<std::size_t> order(facts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto weight = [&](std::size_t i) { return std::isnan(rated[i].score) ? 0 : rated[i].score; };
  // Facts come by interval and first cell, which decides between equals.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });

  const GroundMeasure measure(search.world.grid);
  PatchLayer layer{empty_table(search), {}};
  for (const std::size_t i : order) {
    const auto polygons = polygons_of(facts[i].runs);
    RowBuilder row(layer.table);
    row.set("rank", static_cast<std::int64_t>(layer.features.size() + 1));
    set_change(search, facts[i], row);
    set_measures(facts[i], measure, polygons, row);
    set_places(search, facts[i], row);
    set_rating(search, facts[i], rated[i], row);
    layer.table.rows.push_back(row.take());
    layer.features.push_back(feature_of(search.world.grid, polygons));
    facts[i] = {};
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
