// SPDX-License-Identifier: Apache-2.0
// Sums along growth curves: against pixel by pixel and year by year, and the same in any split.
#include <algorithm>
#include <cmath>
#include <random>

#include "method/growth_sums.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "table/shipped.hpp"

using namespace sink;

namespace {

constexpr int years = 30;

/// Random stands, some of which cannot grow.
struct Stands {
  std::vector<ClassIndex> type;
  std::vector<std::uint8_t> forest;
  std::vector<double> age, agb, bgb, carbon, area;
  explicit Stands(std::size_t n) {
    std::mt19937_64 random(7);
    const auto up_to = [&](double high) { return std::uniform_real_distribution<double>(0, high)(random); };
    for (std::size_t p = 0; p < n; ++p) {
      type.push_back(p % 97 == 0 ? no_class : static_cast<ClassIndex>(up_to(3)));
      forest.push_back(p % 11 != 0);
      age.push_back(p % 13 == 0 ? no_value : p % 2 == 0 ? std::floor(up_to(90)) : up_to(90));
      agb.push_back(p % 17 == 0 ? no_value : up_to(60));
      bgb.push_back(0.2 * agb[p]);
      carbon.push_back(0.5 * (agb[p] + bgb[p]));
      area.push_back(0.009 + up_to(0.002));
    }
  }
  [[nodiscard]] GrowthInputs inputs() const {
    return {type.data(), forest.data(), age.data(), agb.data(), bgb.data(), carbon.data()};
  }
};

GrowthCurves curves_of(Anchor anchor) {
  static const ParameterTable parameters = load_parameters({});
  const Legend types("legend.csv", {{"1", "CHINESE_FIR", LandUse::forest, "", ""},
                                    {"2", "MASSON_PINE", LandUse::forest, "", ""},
                                    {"3", "MIX_BROADLEAF", LandUse::forest, "", ""}});
  const GrowthPoints points = {"MIX_BROADLEAF", "curves.csv", {{0, 0}, {20, 50}, {110, 70}}};
  return {types, anchor, {parameters, "XU2010", {points}, {}}};
}

}  // namespace

TEST_CASE("sums along curves are those of every pixel and year") {
  const Stands stands(5000);
  for (const Anchor anchor : {Anchor::ratio, Anchor::equivalent_age}) {
    const GrowthCurves curves = curves_of(anchor);
    GrowthColumns columns;
    columns.compute(curves, years, stands.inputs(), stands.type.size());
    GrowthSums sums(curves, years);
    std::vector<FixedSum> found(years + 1);
    sums.add(columns, stands.area.data(), 0, stands.type.size(), found);
    std::size_t growing = 0;
    for (int year = 0; year <= years; ++year) {
      long double expected = 0;
      for (std::size_t p = 0; p < stands.type.size(); ++p) {
        if (columns.states()[p] != 0) continue;
        ++growing;
        const Growth growth =
            curves.start(stands.type[p], stands.age[p], stands.agb[p] + stands.bgb[p], stands.carbon[p]);
        const double carbon = growth.scale * curves.biomass_t_ha(stands.type[p], growth.age_yr + year);
        expected += static_cast<long double>(carbon) * stands.area[p];
        if (year == 0) CHECK(carbon == Approx(stands.carbon[p]).epsilon(1e-13));
        if (p % 50 == 1) CHECK(columns.carbon_t_ha(curves, p, year) == Approx(carbon).epsilon(1e-12));
      }
      CHECK(GrowthSums::carbon_t(found[static_cast<std::size_t>(year)]) ==
            Approx(static_cast<double>(expected)).epsilon(1e-12));
    }
    CHECK(growing > 31 * 1000);
  }
}

TEST_CASE("sums along curves are the same bits in any split") {
  const Stands stands(5000);
  const GrowthCurves curves = curves_of(Anchor::equivalent_age);
  GrowthColumns columns;
  columns.compute(curves, years, stands.inputs(), stands.type.size());
  GrowthSums sums(curves, years);
  std::vector<FixedSum> whole(years + 1), split(years + 1);
  sums.add(columns, stands.area.data(), 0, stands.type.size(), whole);
  const std::vector<std::size_t> edges = {0, 1, 700, 701, 3333, 4999, 5000};
  for (std::size_t i = edges.size() - 1; i > 0; --i)
    sums.add(columns, stands.area.data(), edges[i - 1], edges[i] - edges[i - 1], split);
  CHECK(whole == split);
}

TEST_CASE("every forest pixel grows or has one reason why not") {
  const Stands stands(5000);
  for (const Anchor anchor : {Anchor::ratio, Anchor::equivalent_age}) {
    const GrowthCurves curves = curves_of(anchor);
    GrowthColumns columns;
    columns.compute(curves, years, stands.inputs(), stands.type.size());
    std::vector<std::size_t> count(growth_gaps + 1);
    for (std::size_t p = 0; p < stands.type.size(); ++p) {
      ++count[columns.states()[p]];
      CHECK((columns.states()[p] == GrowthColumns::not_forest) == (stands.forest[p] == 0));
      CHECK((columns.states()[p] == 0) == !std::isnan(columns.carbon_t_ha(curves, p, years)));
    }
    CHECK(count[static_cast<std::size_t>(GrowthGap::no_curve)] > 0);
    CHECK(count[static_cast<std::size_t>(GrowthGap::no_stock)] > 0);
    CHECK(count[static_cast<std::size_t>(GrowthGap::beyond_curve)] > 0);
    CHECK((count[static_cast<std::size_t>(GrowthGap::no_age)] > 0) == (anchor == Anchor::ratio));
  }
}

TEST_CASE("a stock that no curve can be laid through is beyond it, at either end of the loop") {
  const GrowthCurves curves = curves_of(Anchor::ratio);
  const double on_curve = curves.biomass_t_ha(0, 20);
  for (const auto& [factor, gap] : {std::pair(2.49, GrowthGap::none), std::pair(2.51, GrowthGap::beyond_curve),
                                    std::pair(1e20, GrowthGap::beyond_curve)}) {
    Stands stands(1);
    stands.type[0] = 0;
    stands.forest[0] = 1;
    stands.age[0] = 20;
    stands.carbon[0] = factor * on_curve;
    GrowthColumns columns;
    columns.compute(curves, years, stands.inputs(), 1);
    CHECK(columns.states()[0] == static_cast<std::uint8_t>(gap));
    CHECK(curves.start(0, 20, no_value, factor * on_curve).gap == gap);
  }
}
