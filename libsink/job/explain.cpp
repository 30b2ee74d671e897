// SPDX-License-Identifier: Apache-2.0
#include "job/explain.hpp"

#include <cmath>
#include <map>

#include "core/quantity.hpp"
#include "job/block_worker.hpp"
#include "job/explain_inputs.hpp"
#include "job/input_findings.hpp"
#include "method/methods.hpp"
#include "raster/transform.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

/// WGS 84 in degrees, EPSG:4326.
constexpr const char* wgs84 =
    "GEOGCRS[\"WGS 84\",DATUM[\"World Geodetic System 1984\",ELLIPSOID[\"WGS 84\",6378137,298.257223563]],"
    "CS[ellipsoidal,2],AXIS[\"latitude\",north],AXIS[\"longitude\",east],UNIT[\"degree\",0.0174532925199433],"
    "ID[\"EPSG\",4326]]";

Job without_extras(Job job) {
  job.targets.clear();
  job.patches.reset();
  return job;
}

std::string name_of(Flow flow) {
  switch (flow) {
    case Flow::stable:
      return "stable: forest at both dates";
    case Flow::gain:
      return "gain: forest at the second date only";
    case Flow::loss:
      return "loss: forest at the first date only";
    case Flow::neither:
      return "forest at neither date";
    case Flow::first_only:
      return "stock known at the first date only";
    case Flow::second_only:
      return "stock known at the second date only";
    case Flow::unknown:
      break;
  }
  return "stock known at neither date";
}

}  // namespace

struct Explainer::State {
  explicit State(Job job)
      : setup(without_extras(std::move(job))), groups(shipped_bcef_groups()), worker(setup), inputs(setup) {}

  Explanation explain(std::int64_t column, std::int64_t row);
  [[nodiscard]] PixelInputs pixel_inputs(std::size_t date, const MethodSetup& method) const;
  [[nodiscard]] ExplainedStock stock(std::size_t date, std::size_t method) const;
  [[nodiscard]] ExplainedPeriod period(std::size_t period, std::size_t method) const;

  RunSetup setup;
  BcefGroups groups;
  BlockWorker worker;
  BlockResult result;
  InputExplainer inputs;
};

Explainer::Explainer(Job job) : state_(std::make_unique<State>(std::move(job))) {}
Explainer::~Explainer() = default;

const Grid& Explainer::grid() const noexcept {
  return state_->setup.grid;
}

PixelInputs Explainer::State::pixel_inputs(std::size_t date, const MethodSetup& method) const {
  const PartView::Date& view = worker.view().dates[date];
  PixelInputs pixel;
  if (method.forest_types != nullptr) pixel.forest_type = view.type[0];
  pixel.landcover = view.landcover[0];
  pixel.measures = {{std::string(layer::volume.name), view.volume[0]},
                    {std::string(layer::age.name), view.age[0]},
                    {std::string(layer::culms.name), view.culms[0]},
                    {std::string(layer::agb_map.name), view.agb_map[0]},
                    {std::string(layer::carbon_map.name), view.carbon_map[0]}};
  for (std::size_t i = 0; i < culm_ages; ++i) {
    if (view.culms_by_age[i] != nullptr) pixel.measures[std::string(culm_layers[i]->name)] = view.culms_by_age[i][0];
  }
  return pixel;
}

ExplainedStock Explainer::State::stock(std::size_t date, std::size_t method) const {
  const MethodRun& run = setup.methods[method];
  const std::size_t place = date * setup.methods.size() + method;
  const StockColumns& columns = worker.view().stocks[place];
  ExplainedStock stock{setup.dates[date].year, run.name, {}, {}};
  const MethodSetup from = setup.method_setup(run.name, groups);
  const PixelInputs pixel = pixel_inputs(date, from);
  const std::size_t step = worker.view().steps[place][0];
  for (std::size_t link = 0; link < run.chain.size(); ++link) {
    const MethodInfo& info = method_called(run.chain[link].name);
    stock.links.push_back({run.chain[link].name, std::string(info.summary), std::string(info.source), link == step,
                           info.derive(from, pixel)});
    if (link == step) break;
  }
  const auto add = [&](const LayerInfo& layer, const double* column) {
    if (column != nullptr) stock.values.push_back({std::string(layer.name), std::string(layer.unit), column[0]});
  };
  add(layer::agb, columns.agb);
  add(layer::bgb, columns.bgb);
  add(layer::carbon_above, columns.above);
  add(layer::carbon_below, columns.below);
  add(layer::carbon, columns.carbon);
  stock.values.push_back({"co2", "t CO2/ha", to_co2(CarbonDensity(columns.carbon[0])).value()});
  add(layer::carbon_dead, columns.dead);
  add(layer::carbon_soil, columns.soil);
  return stock;
}

ExplainedPeriod Explainer::State::period(std::size_t p, std::size_t method) const {
  const PartView& view = worker.view();
  const std::size_t methods = setup.methods.size();
  const Flow flow = view.flows[p * methods + method][0];
  ExplainedPeriod period;
  period.year_from = setup.dates[p].year;
  period.year_to = setup.dates[p + 1].year;
  period.method = setup.methods[method].name;
  period.flow = name_of(flow);
  period.felled = view.periods[p].harvest[0] != 0;
  if (view.periods[p].event != nullptr && view.periods[p].event[0] != no_event) {
    const std::uint8_t event = view.periods[p].event[0];
    period.event = event == overlapping_events ? "several that overlap" : setup.events->names()[event];
    if (event != overlapping_events) period.event_year = view.periods[p].event_year[0];
  }
  const Flow last = setup.methods[method].features.all_land ? Flow::neither : Flow::loss;
  if (flow > last) return period;
  const double before = view.stocks[p * methods + method].carbon[0];
  const double after = view.stocks[(p + 1) * methods + method].carbon[0];
  const std::map<std::string, double> names = {{"carbon_2", after}, {"carbon_1", before}, {"years", setup.years(p)}};
  period.equation = "(carbon_2 - carbon_1) * 44 / 12 / years";
  period.numbers = evaluate(period.equation, [&](const std::string& name) -> std::optional<double> {
                     const auto found = names.find(name);
                     return found == names.end() ? std::nullopt : std::optional(found->second);
                   }).numbers;
  period.sink_tco2_ha_yr = to_co2(CarbonDensity(after - before)).value() / setup.years(p);
  return period;
}

Explanation Explainer::State::explain(std::int64_t column, std::int64_t row) {
  const Window window{column, row, 1, 1};
  worker.compute(window, result);
  if (!result.usable) demand_usable(setup, result.census);
  const Point centre = setup.grid.to_crs(static_cast<double>(column) + 0.5, static_cast<double>(row) + 0.5);
  if (worker.blank()) {
    throw usage_error("column " + std::to_string(column) + ", row " + std::to_string(row) + " (" + digits(centre.x) +
                      " " + digits(centre.y) + "): every input is nodata there: take a pixel that the maps cover");
  }
  Explanation e{column, row, centre.x, centre.y, setup.grid.crs_name, worker.view().area_ha[0], {}, {}, {}, {}, {}, {}};
  e.inputs = inputs.read(window);
  e.zones = inputs.zones(window);
  for (std::size_t d = 0; d < setup.dates.size(); ++d) {
    if (setup.classes) e.land_uses.push_back(inputs.land_use(d, worker.view().dates[d]));
    for (std::size_t m = 0; m < setup.methods.size(); ++m) e.stocks.push_back(stock(d, m));
  }
  for (std::size_t p = 0; p < setup.layout->shape().periods(); ++p) {
    for (std::size_t m = 0; m < setup.methods.size(); ++m) e.periods.push_back(period(p, m));
  }
  for (const auto& side : worker.sides()) {
    const auto facts = side->explain(0);
    e.facts.insert(e.facts.end(), facts.begin(), facts.end());
  }
  return e;
}

Explanation Explainer::at_pixel(std::int64_t column, std::int64_t row) {
  const Grid& g = grid();
  if (column < 0 || row < 0 || column >= g.columns || row >= g.rows) {
    throw usage_error("column " + std::to_string(column) + ", row " + std::to_string(row) + " is outside the grid of " +
                      std::to_string(g.columns) + " x " + std::to_string(g.rows) + " pixels");
  }
  return state_->explain(column, row);
}

Explanation Explainer::at(double x, double y) {
  const Grid& g = grid();
  const auto inside = [&](double a, double b) {
    const Point p = g.to_pixel(a, b);
    return p.x >= 0 && p.y >= 0 && p.x < static_cast<double>(g.columns) && p.y < static_cast<double>(g.rows);
  };
  if (!inside(x, y)) {
    const Point low = g.to_crs(0, static_cast<double>(g.rows)), high = g.to_crs(static_cast<double>(g.columns), 0);
    const std::string way_out = inside(y, x) ? "X and Y look swapped: give " + digits(y) + " " + digits(x)
                                : std::abs(x) <= 180 && std::abs(y) <= 90
                                    ? "for degrees give --lonlat " + digits(x) + " " + digits(y)
                                    : "give X and Y within it";
    throw usage_error(digits(x) + " " + digits(y) + " is outside the grid (" + g.crs_name + ", X " + digits(low.x) +
                      " to " + digits(high.x) + ", Y " + digits(low.y) + " to " + digits(high.y) + "): " + way_out);
  }
  const Point p = g.to_pixel(x, y);
  return at_pixel(static_cast<std::int64_t>(p.x), static_cast<std::int64_t>(p.y));
}

Explanation Explainer::at_lonlat(double longitude, double latitude) {
  const std::string typed = "--lonlat " + digits(longitude) + " " + digits(latitude);
  if (!(std::abs(longitude) <= 180 && std::abs(latitude) <= 90)) {
    const bool swapped = std::abs(latitude) <= 180 && std::abs(longitude) <= 90;
    throw usage_error(typed + ": no place on the Earth: " +
                      (swapped ? "longitude first: give --lonlat " + digits(latitude) + " " + digits(longitude)
                               : "longitude goes from -180 to 180, latitude from -90 to 90"));
  }
  const CoordinateTransform to_grid(wgs84, grid().crs_wkt, geographic_area_of(grid()));
  if (to_grid.ballpark() && !to_grid.same_ellipsoid()) {
    throw usage_error(typed + ": no relation of WGS 84 to the datum of " + grid().crs_name +
                      " is known: give X Y in the CRS of the grid");
  }
  std::vector<Point> points = {{longitude, latitude}};
  to_grid.forward(points);
  const Point p = std::isfinite(points[0].x) ? grid().to_pixel(points[0].x, points[0].y) : Point{-1, -1};
  if (!(p.x >= 0 && p.y >= 0 && p.x < static_cast<double>(grid().columns) && p.y < static_cast<double>(grid().rows))) {
    throw usage_error(typed + " is outside the grid: longitude first, then latitude, in degrees of WGS 84");
  }
  return at_pixel(static_cast<std::int64_t>(p.x), static_cast<std::int64_t>(p.y));
}

}  // namespace sink
