// SPDX-License-Identifier: Apache-2.0
// Cells with carbon counted by hand, and the arithmetic of what a transition moves.
#include "account/change_carbon.hpp"

#include "account/land_conversion.hpp"
#include "support/catch.hpp"

namespace sink {
namespace {

constexpr double hole = no_value;

struct Columns {
  std::vector<ClassIndex> from, to;
  std::vector<double> before, after, area_ha;
  std::vector<std::uint8_t> before_of_class, after_of_class;
  [[nodiscard]] ChangeCells count(bool with_after) const {
    ChangeColumns c{from.data(), to.data(), area_ha.data()};
    c.carbon_before = before.data();
    c.carbon_after = with_after ? after.data() : nullptr;
    c.before_of_class = &before_of_class;
    c.after_of_class = &after_of_class;
    ChangeCells cells;
    cells.add(0, 0, c, 0, from.size());
    return cells;
  }
};

/// Class 0 is forest, whose density stands for no map; 1 is tea, whose density does.
Columns columns() {
  return {{0, 0, 0, 0, 1, 1},
          {1, 1, 1, 0, 0, 1},
          {80, 60, hole, 50, hole, hole},
          {20, hole, 5, hole, 40, 7},
          {2, 2, 2, 2, 2, 2},
          {0, 1},
          {0, 1}};
}

TEST_CASE("where a map is silent, the class's density stands for it off forest only") {
  const ChangeCells cells = columns().count(true);
  const ChangeCell& cleared = cells.cells().at({0, 0, 0, 1});
  CHECK(cleared.all.pixels == 3);
  CHECK(cleared.with_carbon.pixels == 2);  // the third had no mapped carbon before
  CHECK(cleared.carbon_before_t.value() == 280);
  CHECK(cleared.carbon_after_t.value() == 40);
  CHECK(cleared.after_of_class_ha.value() == 2);
  CHECK(cells.cells().at({0, 0, 0, 0}).with_carbon.pixels == 0);  // forest in a hole of the later map
  CHECK(cells.cells().at({0, 0, 1, 0}).before_of_class_ha.value() == 2);
  CHECK(cells.cells().at({0, 0, 1, 1}).carbon_after_t.value() == 14);
}

TEST_CASE("without a later map what stayed holds what it held, and what changed what its class holds") {
  const ChangeCells cells = columns().count(false);
  const ChangeCell& cleared = cells.cells().at({0, 0, 0, 1});
  CHECK(cleared.with_carbon.pixels == 2);
  CHECK(cleared.carbon_after_t.value() == 0);
  CHECK(cleared.after_of_class_ha.value() == 4);
  const ChangeCell& stays = cells.cells().at({0, 0, 0, 0});
  CHECK(stays.carbon_after_t == stays.carbon_before_t);
  CHECK(cells.cells().at({0, 0, 1, 0}).with_carbon.pixels == 0);  // new forest: not a standard value
  const ChangeCell& tea = cells.cells().at({0, 0, 1, 1});
  CHECK(tea.before_of_class_ha == tea.after_of_class_ha);
}

TEST_CASE("a transition: mapped carbon less the new class, dead matter and soil by the densities") {
  const std::vector<ClassCarbon> classes = {{{90, 9}, {5, 1}, {60, 6}}, {{10, 2}, {1, hole}, {80, 8}}};
  const TransitionCarbon carbon = transition_carbon(0, 1, columns().count(false).cells().at({0, 0, 0, 1}), classes);
  CHECK(carbon.before_t == 280);
  CHECK(carbon.after_t == 40);
  CHECK(carbon.in_year.living == -240);
  CHECK(carbon.in_year.dead == Approx(-16));
  CHECK(carbon.committed.dead == Approx(-16));
  CHECK(carbon.in_year.soil == Approx(4));  // soil can rise
  CHECK(carbon.committed.soil == Approx(80));
  const Emissions emissions = emissions_of(carbon, classes);
  CHECK(emissions.in_year.value == Approx((240 + 16 - 4) * 44 / 12.0));
  CHECK(emissions.committed.value == Approx((240 + 16 - 80) * 44 / 12.0));
  // 4 ha x sd: tea's living biomass, forest's dead matter, both soils; what is mapped has none.
  CHECK(emissions.committed.se == Approx(4 * std::sqrt(4 + 1 + 36 + 64) * 44 / 12.0));
  CHECK(emissions.in_year.se == Approx(4 * std::sqrt(4 + 1 + (36 + 64) / 400.0) * 44 / 12.0));
}

TEST_CASE("nothing known of soil and dead matter is no loss of them") {
  const std::vector<ClassCarbon> classes = {{}, {{10, hole}, {}, {}}};
  const TransitionCarbon carbon = transition_carbon(0, 1, columns().count(false).cells().at({0, 0, 0, 1}), classes);
  CHECK(std::isnan(carbon.committed.soil));
  CHECK(std::isnan(carbon.committed.dead));
  const Emissions emissions = emissions_of(carbon, classes);
  CHECK(emissions.committed.value == Approx(240 * 44 / 12.0));
  CHECK(std::isnan(emissions.committed.se));
}

TEST_CASE("errors of a density add up over transitions and cancel where the class is on both sides") {
  const std::vector<ClassCarbon> classes = {{{90, 9}, {}, {}}, {{10, 2}, {}, {}}};
  ChangeCell hectare;
  const double one = 1;
  hectare.all.pixels = 1;
  hectare.all.area_ha.add(&one, 1);
  const auto of = [&](ClassIndex from, ClassIndex to) {
    return transition_carbon(from, to, held_by_classes(from, to, hectare, classes), classes);
  };
  TransitionCarbon twice = of(0, 1);
  twice += of(0, 1);
  CHECK(emissions_of(twice, classes).committed.se == Approx(2 * emissions_of(of(0, 1), classes).committed.se));
  TransitionCarbon back = of(0, 1);
  back += of(1, 0);
  CHECK(std::isnan(emissions_of(back, classes).committed.se));
  CHECK(emissions_of(back, classes).committed.value == 0);
  CHECK(std::isnan(of(0, no_class).before_t));
}

TEST_CASE("dead matter is lost at once and builds up over twenty years") {
  Conversion land{1, 0, 0, 1, 0, 0, 5};
  CHECK(conversion_change(land, 1).dead_tc == Approx(0.2));
  CHECK(conversion_change(land, 20).dead_tc == Approx(4));
  land.dead_after_tc_ha = 0.5;
  CHECK(conversion_change(land, 1).dead_tc == -0.5);
}

TEST_CASE("an emission on an estimated area: the delta method") {
  // (A e) with e = 440 / 4 per ha: sd^2 = e^2 sA^2 + A^2 (44/4)^2.
  const Estimate found = emission_on({10, 3}, {440, 44}, 4);
  CHECK(found.value == 1100);
  CHECK(found.se == Approx(std::sqrt(110.0 * 110 * 9 + 100 * 11 * 11)));
  CHECK(emission_on({10, 3}, {440, no_value}, 4).se == Approx(330));
}

}  // namespace
}  // namespace sink
