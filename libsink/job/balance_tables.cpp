// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "core/quantity.hpp"
#include "job/balance_account.hpp"
#include "job/growth_setup.hpp"
#include "job/row_builder.hpp"
#include "job/zone_table.hpp"

namespace sink {
namespace {

using Layout = BalanceLayout;

/// The reasons of GrowthGap in order, and two disturbances at one place.
std::string gap_column(std::size_t gap) {
  return gap + 1 < growth_gaps ? std::string(gap_area_columns[gap + 1]) : "overlapping_area_ha";
}

void add_zone_columns(Table& table) {
  for (const auto* name : {"zone_set", "zone_id", "zone_name", "method"}) table.add_column(name, Column::Type::text);
  for (const auto* name : {"year_from", "year_to"}) table.add_column(name, Column::Type::integer);
}

/// A zone's sums in one period and method.
class ZonePeriod {
 public:
  ZonePeriod(const BalanceContext& context, const ZoneEntry& zone, std::size_t set, std::size_t period,
             std::size_t method)
      : context_(context), zone_(zone), set_(set), period_(period), method_(method) {}

  [[nodiscard]] RowBuilder row(const Table& table, const std::string& method) const {
    RowBuilder row(table);
    row.set("zone_set", context_.setup.zone_sets[set_].source().set).set("zone_id", zone_.id);
    row.set("zone_name", zone_.name).set("method", method);
    row.set("year_from", std::int64_t{context_.setup.dates[period_].year});
    row.set("year_to", std::int64_t{context_.setup.dates[period_ + 1].year});
    return row;
  }
  [[nodiscard]] double sum(std::size_t sum) const {
    return zone_.sums[context_.layout.at(period_, method_, sum)].value();
  }
  [[nodiscard]] double provincial(Layout::ProvincialSum sum) const {
    return zone_.sums[context_.layout.provincial(period_, sum)].value();
  }
  [[nodiscard]] double years() const { return context_.setup.years(period_); }
  /// Carbon of a whole period as t CO2 a year.
  [[nodiscard]] double tco2_yr(double carbon_t) const { return to_co2(CarbonMass(carbon_t)).value() / years(); }
  [[nodiscard]] double flow(std::size_t index) const { return tco2_yr(sum(index)); }
  [[nodiscard]] std::string method() const { return context_.setup.methods[method_].name; }
  [[nodiscard]] std::string where() const {
    return context_.setup.zone_sets[set_].source().set + " " + zone_.id + ", " + method() + ", " +
           std::to_string(context_.setup.dates[period_].year) + "-" +
           std::to_string(context_.setup.dates[period_ + 1].year);
  }

 private:
  const BalanceContext& context_;
  const ZoneEntry& zone_;
  std::size_t set_, period_, method_;
};

/// Calls `use` for every zone, method and period, in the order of zones.csv.
void for_zones(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones, const auto& use) {
  for (std::size_t set = 0; set < zones.size(); ++set) {
    for (const ZoneEntry& zone : zones[set]) {
      for (std::size_t method = 0; method < context.layout.methods(); ++method) {
        for (std::size_t period = 0; period < context.layout.periods(); ++period) {
          use(ZonePeriod(context, zone, set, period, method), method + 1 == context.layout.methods());
        }
      }
    }
  }
}

void add_approach(Table& table, RowBuilder row, const std::string& approach, double area_ha, double tco2_yr) {
  row.set("approach", approach).set("area_ha", area_ha).set("sink_tco2_yr", tco2_yr);
  row.set("sink_tco2_ha_yr", area_ha > 0 ? tco2_yr / area_ha : no_value);
  table.rows.push_back(row.take());
}

double living_change(const ZonePeriod& z) {
  return z.sum(Layout::growth) + z.sum(Layout::regrowth) + z.sum(Layout::cover) - z.sum(Layout::lost_harvest) -
         z.sum(Layout::lost_fire) - z.sum(Layout::lost_other) - z.sum(Layout::lost_conversion);
}

void set_gain_loss(RowBuilder& row, const BalanceRules& rules, const ZonePeriod& z) {
  row.set("gain_growth_tco2_yr", z.flow(Layout::growth)).set("gain_regrowth_tco2_yr", z.flow(Layout::regrowth));
  row.set("gain_cover_tco2_yr", z.flow(Layout::cover)).set("loss_harvest_tco2_yr", z.flow(Layout::lost_harvest));
  row.set("loss_fire_tco2_yr", z.flow(Layout::lost_fire)).set("loss_other_tco2_yr", z.flow(Layout::lost_other));
  row.set("loss_conversion_tco2_yr", z.flow(Layout::lost_conversion));
  row.set("unmodelled_area_ha", z.sum(Layout::rate_area) - z.sum(Layout::modelled_area));
  for (std::size_t gap = 0; gap < balance_gaps; ++gap) {
    row.set(gap_column(gap), z.sum(Layout::gap_area + gap));
  }
  if (!rules.fire) return;
  const FireGases gases = (*rules.fire)(z.sum(Layout::fuel));
  row.set("fire_co2_t_yr", gases.co2_t / z.years()).set("fire_ch4_t_yr", gases.ch4_t / z.years());
  row.set("fire_n2o_t_yr", gases.n2o_t / z.years());
  row.set("fire_not_co2_tco2e_yr", rules.potentials->not_co2_tco2e(gases) / z.years());
}

struct PoolSums {
  double opening = 0, gained = 0, received = 0, given = 0, emitted = 0, closing = 0;
  PoolSums() = default;
  PoolSums(const ZonePeriod& z, std::size_t pool)
      : opening(z.sum(Layout::pool(pool, Layout::opening))),
        gained(z.sum(Layout::pool(pool, Layout::gained))),
        received(z.sum(Layout::pool(pool, Layout::received))),
        given(z.sum(Layout::pool(pool, Layout::given))),
        emitted(z.sum(Layout::pool(pool, Layout::emitted))),
        closing(z.sum(Layout::pool(pool, Layout::closing))) {}
  PoolSums& operator+=(const PoolSums& o) {
    opening += o.opening, gained += o.gained, received += o.received;
    given += o.given, emitted += o.emitted, closing += o.closing;
    return *this;
  }
};

void add_pool(Table& table, const ZonePeriod& z, std::string_view pool, const PoolSums& s) {
  RowBuilder row = z.row(table, z.method());
  row.set("pool", std::string(pool)).set("area_ha", z.sum(Layout::modelled_area));
  row.set("carried_area_ha", z.sum(Layout::carried_area));
  row.set("opening_tc", s.opening).set("gained_tc", s.gained).set("received_tc", s.received);
  row.set("given_tc", s.given).set("emitted_tc", s.emitted).set("closing_tc", s.closing);
  row.set("sink_tco2_yr", z.tco2_yr(s.closing - s.opening));
  table.rows.push_back(row.take());
}

}  // namespace

Table balance_table(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones) {
  Table table;
  add_zone_columns(table);
  table.add_column("approach", Column::Type::text);
  for (const auto* name : {"area_ha", "sink_tco2_yr", "sink_tco2_ha_yr", "gain_growth_tco2_yr", "gain_regrowth_tco2_yr",
                           "gain_cover_tco2_yr", "loss_harvest_tco2_yr", "loss_fire_tco2_yr", "loss_other_tco2_yr",
                           "loss_conversion_tco2_yr", "unmodelled_area_ha"}) {
    table.add_column(name);
  }
  for (std::size_t gap = 0; gap < balance_gaps; ++gap) table.add_column(gap_column(gap));
  for (const auto* name : {"fire_co2_t_yr", "fire_ch4_t_yr", "fire_n2o_t_yr", "fire_not_co2_tco2e_yr"}) {
    table.add_column(name);
  }
  for_zones(context, zones, [&](const ZonePeriod& z, bool last_method) {
    const auto add = [&](const char* approach, std::size_t area, double carbon_t) {
      add_approach(table, z.row(table, z.method()), approach, z.sum(area), z.tco2_yr(carbon_t));
    };
    add("stock_difference", Layout::rate_area, z.sum(Layout::rate_change));
    if (context.rules.gain_loss) {
      const double change = z.sum(Layout::modelled_change), gain_loss = living_change(z);
      add("stock_difference_where_modelled", Layout::modelled_area, change);
      RowBuilder row = z.row(table, z.method());
      set_gain_loss(row, context.rules, z);
      add_approach(table, std::move(row), "gain_loss", z.sum(Layout::modelled_area), z.tco2_yr(gain_loss));
      add("closure", Layout::modelled_area, change - gain_loss);
    }
    if (context.rules.provincial && last_method) {
      // Carbon is a year's already.
      const double tc_yr = z.provincial(Layout::provincial_growth) + z.provincial(Layout::provincial_cover);
      RowBuilder row = z.row(table, "provincial");
      row.set("gain_growth_tco2_yr", to_co2(CarbonMass(z.provincial(Layout::provincial_growth))).value());
      row.set("gain_cover_tco2_yr", to_co2(CarbonMass(z.provincial(Layout::provincial_cover))).value());
      row.set("unmodelled_area_ha", z.provincial(Layout::provincial_unmodelled));
      add_approach(table, std::move(row), "provincial", z.provincial(Layout::provincial_area),
                   to_co2(CarbonMass(tc_yr)).value());
    }
  });
  return table;
}

Table pool_table(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones) {
  Table table;
  add_zone_columns(table);
  table.add_column("pool", Column::Type::text);
  for (const auto* name : {"area_ha", "carried_area_ha", "opening_tc", "gained_tc", "received_tc", "given_tc",
                           "emitted_tc", "closing_tc", "sink_tco2_yr"}) {
    table.add_column(name);
  }
  for_zones(context, zones, [&](const ZonePeriod& z, bool) {
    PoolSums all;
    for (std::size_t pool = 0; pool < balance_pools; ++pool) {
      const PoolSums sums(z, pool);
      all += sums;
      add_pool(table, z, pool_names[pool], sums);
    }
    add_pool(table, z, "all", all);
  });
  return table;
}

std::vector<Closure> balance_closures(const BalanceContext& context, const std::vector<std::vector<ZoneEntry>>& zones) {
  std::vector<Closure> closures;
  if (!context.rules.gain_loss) return closures;
  for_zones(context, zones, [&](const ZonePeriod& z, bool) {
    PoolSums all;
    const auto add = [&](const std::string& name, const PoolSums& s) {
      closures.push_back({name,
                          z.where(),
                          {{"opening_t", s.opening},
                           {"gained_t", s.gained},
                           {"received_t", s.received},
                           {"given_t", s.given},
                           {"emitted_t", s.emitted},
                           {"closing_t", s.closing}},
                          s.opening + s.gained + s.received - s.given - s.emitted,
                          s.closing,
                          s.opening + s.gained + s.received});
    };
    for (std::size_t pool = 0; pool < balance_pools; ++pool) {
      const PoolSums sums(z, pool);
      all += sums;
      add("pool " + std::string(pool_names[pool]), sums);
    }
    add("all pools", all);
  });
  return closures;
}

}  // namespace sink
