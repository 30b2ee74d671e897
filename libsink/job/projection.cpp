// SPDX-License-Identifier: Apache-2.0
#include "job/projection.hpp"

#include <algorithm>
#include <cmath>

#include "core/quantity.hpp"
#include "job/growth_setup.hpp"
#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "job/zone_table.hpp"

namespace sink {
namespace {

constexpr std::array<std::string_view, growth_gaps> gap_words = {
    "", "of types without a growth curve", "without an age", "without a stock", "beyond the end of their curve"};

double co2_t(double carbon_t) {
  return to_co2(CarbonMass(carbon_t)).value();
}

}  // namespace

/// What one thread has of a projection.
class ProjectionWorker : public SideWorker {
 public:
  explicit ProjectionWorker(const Projection& projection)
      : projection_(projection),
        columns_(projection.setup_.methods.size()),
        sums_(projection.curves_, projection.years_) {}

  void compute(const PartView& part) override {
    part_ = &part;
    const PartView::Date& date = part.dates[projection_.date_];
    for (std::size_t m = 0; m < columns_.size(); ++m) {
      const StockColumns& stock = part.stocks[projection_.date_ * columns_.size() + m];
      columns_[m].compute(projection_.curves_, projection_.years_,
                          {date.type, date.forest, date.age, stock.agb, stock.bgb, stock.carbon}, part.pixels);
    }
  }

  void add(std::size_t from, std::size_t n, std::span<FixedSum> sums) override {
    const auto years = static_cast<std::size_t>(projection_.years_) + 1;
    for (std::size_t m = 0; m < columns_.size(); ++m) {
      sums_.add(columns_[m], part_->area_ha, from, n, sums.subspan(m * projection_.sums_per_method(), years));
      add_areas(columns_[m].states(), from, n, sums.subspan(projection_.areas_at(m), growth_gaps));
    }
  }

  void fill(std::size_t item, std::span<float> pixels) const override {
    const Projection::Item& what = projection_.items_[item];
    const GrowthColumns& columns = columns_[what.method];
    for (std::size_t p = 0; p < pixels.size(); ++p) {
      const double carbon = columns.carbon_t_ha(projection_.curves_, p, what.year);
      const double before = what.increment ? columns.carbon_t_ha(projection_.curves_, p, what.year - 1) : 0;
      pixels[p] = static_cast<float>(what.increment ? to_co2(CarbonDensity(carbon - before)).value() : carbon);
    }
  }

  [[nodiscard]] std::vector<SideFact> explain(std::size_t pixel) const override {
    std::vector<SideFact> facts;
    for (std::size_t m = 0; m < columns_.size(); ++m) {
      const std::uint8_t state = columns_[m].states()[pixel];
      SideFact fact;
      fact.name = "projected carbon";
      fact.method = projection_.setup_.methods[m].name;
      fact.year_to = projection_.from_ + projection_.years_;
      if (state == 0) {
        fact.value = columns_[m].carbon_t_ha(projection_.curves_, pixel, projection_.years_);
        fact.unit = "t C/ha";
        fact.because = "scale x curve, if nothing is cut or converted";
      } else {
        fact.text = "none";
        fact.because = state == GrowthColumns::not_forest ? "not forest at the date it starts from"
                                                          : "forest " + std::string(gap_words[state]);
      }
      facts.push_back(std::move(fact));
    }
    return facts;
  }

 private:
  void add_areas(const std::vector<std::uint8_t>& states, std::size_t from, std::size_t n,
                 std::span<FixedSum> areas) const {
    for (std::size_t begin = from, end = from; begin < from + n; begin = end) {
      while (end < from + n && states[end] == states[begin]) ++end;
      if (states[begin] != GrowthColumns::not_forest) areas[states[begin]].add(part_->area_ha + begin, end - begin);
    }
  }

  const Projection& projection_;
  std::vector<GrowthColumns> columns_;  ///< by method
  GrowthSums sums_;
  const PartView* part_ = nullptr;
};

Projection::Projection(const RunSetup& setup) : setup_(setup), curves_(setup.growth.value()) {
  const ProjectionOptions& options = *setup.job.projection;
  from_ = options.from == 0 ? setup.dates.back().year : options.from;
  years_ = options.to - from_;
  check_years();
  date_ = static_cast<std::size_t>(
      std::find_if(setup.dates.begin(), setup.dates.end(), [&](const auto& d) { return d.year == from_; }) -
      setup.dates.begin());
  check_inputs();
  list_rasters();
}

void Projection::check_years() const {
  const ProjectionOptions& options = *setup_.job.projection;
  std::string dates;
  for (const auto& date : setup_.dates) dates += (dates.empty() ? "" : ", ") + std::to_string(date.year);
  const bool known =
      std::any_of(setup_.dates.begin(), setup_.dates.end(), [&](const auto& d) { return d.year == from_; });
  if (!known)
    throw usage_error("[projection] from = " + std::to_string(from_) + ": no maps are of that year: use one of " +
                      dates);
  if (years_ < 1)
    throw usage_error("[projection] to = " + std::to_string(options.to) + " is not after " + std::to_string(from_) +
                      ", the year it starts from: give a later year");
  for (const int year : options.rasters) {
    if (year > from_ && year <= options.to) continue;
    throw usage_error("[projection] rasters: " + std::to_string(year) + " is not in " + std::to_string(from_ + 1) +
                      " to " + std::to_string(options.to) + ": take it out, or change `to`");
  }
}

void Projection::check_inputs() const {
  const bool by_age = curves_.anchor() == Anchor::ratio;
  if (by_age && setup_.dates[date_].find(layer::age.name) == nullptr)
    throw usage_error("[growth] anchor = \"ratio\" needs the layer age, which " + std::to_string(from_) +
                      " does not have: add it, or use anchor = \"equivalent_age\"");
  for (const auto& method : setup_.methods) {
    if (by_age || method.features.biomass) continue;
    throw usage_error("[growth] anchor = \"equivalent_age\" needs biomass, which method " + method.name +
                      " does not give: use anchor = \"ratio\"");
  }
}

void Projection::list_rasters() {
  const ProjectionOptions& options = *setup_.job.projection;
  for (const bool increment : {false, true}) {
    for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
      for (int year = 1; year <= years_; ++year) {
        const bool asked = std::binary_search(options.rasters.begin(), options.rasters.end(), from_ + year);
        if (options.every_year || asked) items_.push_back({m, year, increment});
      }
    }
  }
}

std::unique_ptr<SideWorker> Projection::worker() const {
  return std::make_unique<ProjectionWorker>(*this);
}

std::vector<SideRaster> Projection::rasters() const {
  std::vector<SideRaster> rasters;
  for (const Item& item : items_) {
    const std::string year = std::to_string(from_ + item.year), name = setup_.methods[item.method].name;
    const std::string layer = item.increment ? "increment" : "projected_carbon";
    const std::string file = layer + (setup_.methods.size() > 1 ? "_" + name : "") + "_" + year + ".tif";
    const std::string meaning = item.increment ? "Increment of living biomass in the year that ends with "
                                               : "Carbon of living biomass, projected to the end of ";
    rasters.push_back({layer,
                       file,
                       meaning + year + " from " + std::to_string(from_) + ", method " + name,
                       item.increment ? "t CO2/ha/yr" : "t C/ha",
                       RasterPixels::float32,
                       true,
                       {},
                       from_ + item.year,
                       from_ + item.year});
  }
  return rasters;
}

Projection::Areas Projection::areas(const ZoneEntry& zone, std::size_t method) const {
  Areas areas;
  FixedSum unmodelled;
  const std::size_t first = areas_at(method);
  areas.projected = zone.sums[first].value();
  for (std::size_t gap = 1; gap < growth_gaps; ++gap) {
    areas.by_gap[gap] = zone.sums[first + gap].value();
    unmodelled += zone.sums[first + gap];
  }
  areas.unmodelled = unmodelled.value();
  return areas;
}

void Projection::add_rows(const std::string& zone_set, const ZoneEntry& zone, std::size_t method, Table& table) const {
  const Areas area = areas(zone, method);
  const std::size_t first = method * sums_per_method();
  for (int year = 0; year <= years_; ++year) {
    const std::size_t at = first + static_cast<std::size_t>(year);
    RowBuilder row(table);
    row.set("zone_set", zone_set).set("zone_id", zone.id).set("zone_name", zone.name);
    row.set("method", setup_.methods[method].name).set("year", std::int64_t{from_ + year});
    const double carbon_t = GrowthSums::carbon_t(zone.sums[at]);
    row.set("area_ha", area.projected).set("carbon_t", carbon_t).set("co2_t", co2_t(carbon_t));
    if (year > 0) {
      FixedSum grown = zone.sums[at];
      grown -= zone.sums[at - 1];
      const double increment = co2_t(GrowthSums::carbon_t(grown));
      row.set("increment_tco2_yr", increment);
      if (area.projected > 0) row.set("increment_tco2_ha_yr", increment / area.projected);
    }
    row.set("unmodelled_area_ha", area.unmodelled);
    for (std::size_t gap = 1; gap < growth_gaps; ++gap) row.set(gap_area_columns[gap], area.by_gap[gap]);
    table.rows.push_back(row.take());
  }
}

std::vector<SideTable> Projection::tables(const std::vector<std::vector<ZoneEntry>>& zones) const {
  Table table;
  for (const auto* name : {"zone_set", "zone_id", "zone_name", "method"}) table.add_column(name, Column::Type::text);
  table.add_column("year", Column::Type::integer);
  for (const auto* name : {"area_ha", "carbon_t", "co2_t", "increment_tco2_yr", "increment_tco2_ha_yr"}) {
    table.add_column(name);
  }
  table.add_column("unmodelled_area_ha");
  for (std::size_t gap = 1; gap < growth_gaps; ++gap) table.add_column(std::string(gap_area_columns[gap]));
  for (std::size_t set = 0; set < zones.size(); ++set) {
    for (const ZoneEntry& zone : zones[set]) {
      for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
        add_rows(setup_.zone_sets[set].source().set, zone, m, table);
      }
    }
  }
  return {{"projection.csv", "living carbon of forest year by year, if it grows along its curves undisturbed", table}};
}

std::vector<std::string> Projection::warnings(const ZoneEntry& total) const {
  std::vector<std::string> warnings;
  for (std::size_t m = 0; m < setup_.methods.size(); ++m) {
    const Areas area = areas(total, m);
    if (!(area.unmodelled > 0)) continue;
    std::string reasons;
    for (std::size_t gap = 1; gap < growth_gaps; ++gap) {
      if (!(area.by_gap[gap] > 0)) continue;
      reasons +=
          (reasons.empty() ? "" : ", ") + with_commas(area.by_gap[gap], 1) + " ha " + std::string(gap_words[gap]);
    }
    warnings.push_back("projection from " + std::to_string(from_) + ", " + setup_.methods[m].name + ": " +
                       with_commas(area.unmodelled, 1) + " of " + with_commas(area.unmodelled + area.projected, 1) +
                       " ha of forest are not projected and in no carbon of projection.csv: " + reasons);
  }
  return warnings;
}

}  // namespace sink
