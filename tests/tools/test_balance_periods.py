# SPDX-License-Identifier: Apache-2.0
"""The balance over more than two dates: random hectares against a simulation year by year, and cases by hand."""
import json
import math
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "independent"))

import inputs                                                                               # noqa: E402
from balance_periods import FIR, FOREST, GRASS, MOSO, TEA, TOWN, UNKNOWN, UNSTOCKED, Hectare, curve # noqa: E402
from balance_world import shares_of                                                         # noqa: E402
from hectares import HectareTest, rows_of                                               # noqa: E402

POOLS = ("dead_wood", "litter", "soil", "products")
NEXT = {FIR: (FIR, FIR, FIR, TEA, TOWN, GRASS, GRASS, UNSTOCKED, MOSO), TEA: (TEA, TEA, FIR, TOWN), TOWN: (TOWN, TOWN, GRASS),
        GRASS: (GRASS, GRASS, FIR, FIR, TOWN, MOSO), UNSTOCKED: (FIR, FIR, UNSTOCKED, TEA), MOSO: (MOSO, FIR, TEA, GRASS)}
EVENT = '[[disturbance]]\ntype = "event.tif"\nyear = "year.tif"\ncodes = {1 = "fire", 2 = "thinning"}\n'
CODES = {"fire": 1, "thinning": 2}


def random_hectare(dice, years):
    """[(year, class, age, volume)] and (year, name) of an event, or None."""
    dates, kind, age = [], dice.choice((FIR, FIR, FIR, TEA, GRASS, MOSO, UNSTOCKED)), None
    for n, year in enumerate(years):
        before = kind
        if n > 0:
            kind = dice.choice(NEXT[kind])
        if dice.random() < 0.05:
            dates.append((year, UNKNOWN, None, None))
            age = None
        elif kind == FIR:
            passed = year - years[n - 1] if n else 0
            age = age + passed if age and n and before == FIR and dice.random() < 0.6 else dice.randint(1, max(1, passed - 1) if n else 40)
            volume = curve(age) * dice.uniform(0.4, 1.6) / (0.307 * 1.634 * 1.246)
            dates.append((year, kind, age, round(volume * 8) / 8 or 0.125))
        else:
            dates.append((year, kind, None, 0 if kind not in FOREST else None))
    return dates, dice.choice((None, None, (dice.randint(years[0] + 1, years[-1]), dice.choice(("fire", "thinning")))))


class PeriodsTest(HectareTest):
    BALANCE = "[balance]\n"

    def run_world(self, hectares, years, more=""):
        """hectares: [(dates, event)]. Rows of pools.csv by (year_from, pool), balance.csv by (year_from, approach)."""
        for n, year in enumerate(years):
            self.maps(year, *([dates[n][column] for dates, _ in hectares] for column in (1, 2, 3)))
        self.raster("event.tif", [CODES[event[1]] if event else 0 for _, event in hectares])
        self.raster("year.tif", [event[0] if event else None for _, event in hectares])
        self.inventory(EVENT + self.BALANCE + "[attribution]\n" + more, years=years)
        done = self.run_sinkcalc("run", "inventory.toml", "-o", "out", "--overwrite", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        pools = {(int(r["year_from"]), r["pool"]): r for r in rows_of(self.folder / "out" / "pools.csv")}
        return pools, {(int(r["year_from"]), r["approach"]): r for r in rows_of(self.folder / "out" / "balance.csv")}

    def compare(self, hectares, years):
        pools, _ = self.run_world(hectares, years)
        table = inputs.default_parameters()
        parameters, shares = inputs.read_parameters([table]), shares_of(table.parent / "disturbances.csv")
        worlds = [Hectare(dates, event, parameters, shares) for dates, event in hectares]
        for n, year in enumerate(years[:-1]):
            periods = [found for found in (world.period(n) for world in worlds) if found]
            for pool in POOLS:
                row = pools[year, pool]
                self.assertEqual(self.number(row, "area_ha"), sum(followed for followed, *_ in periods), year)
                self.assertEqual(self.number(row, "carried_area_ha"), sum(not followed for followed, *_ in periods), year)
                for column, place in (("opening_tc", 1), ("closing_tc", 2)):
                    self.assertAlmostEqual(self.number(row, column), sum(p[place][pool] for p in periods), delta=1e-5,
                                           msg=f"{year} {pool} {column}")

    def test_random_hectares_agree_year_by_year(self):
        dice = random.Random(20261128)
        years = (2008, 2012, 2018, 2021, 2026)
        self.compare([random_hectare(dice, years) for _ in range(3000)], years)
        for seed in range(12):                       # few hectares: errors cannot hide behind each other
            with self.subTest(seed=seed):
                dice = random.Random(seed)
                self.compare([random_hectare(dice, years) for _ in range(2)], years)

    def test_tea_stays_in_the_account_without_its_area(self):
        tea = [(2010, FIR, 20, 100), (2015, TEA, None, 0), (2020, TEA, None, 0), (2025, TEA, None, 0)]
        pools, balance = self.run_world([(tea, None)], (2010, 2015, 2020, 2025))
        soil = [(self.number(pools[year, "soil"], "opening_tc"), self.number(pools[year, "soil"], "closing_tc"))
                for year in (2010, 2015, 2020)]
        step = 55 * (0.72 - 1) / 20                  # converted in year 3 of 5
        for (opening, closing), passed in zip(soil, ((0, 3), (3, 8), (8, 13))):
            self.assertAlmostEqual(opening, 55 + passed[0] * step, delta=1e-9)
            self.assertAlmostEqual(closing, 55 + passed[1] * step, delta=1e-9)
        self.assertEqual([self.number(pools[2015, "soil"], c) for c in ("area_ha", "carried_area_ha")], [0, 1])
        self.assertEqual(self.number(balance[2015, "closure"], "area_ha"), 0)
        self.assertEqual(self.number(balance[2015, "gain_loss"], "sink_tco2_yr"), 0)
        done = self.run_sinkcalc("explain", "inventory.toml", "50", "-50", "--json")
        facts = [f for f in json.loads(done.stdout)["facts"] if f.get("year_from") == 2015]
        names = {f["name"]: f for f in facts}
        self.assertEqual(names["carried"]["text"], "yes")
        self.assertAlmostEqual(names["change of soil"]["value"], 5 * step, delta=1e-9)
        for row in ("2019/warm_temperate_moist/lac,soc_reference", "PRODUCTS/paper,half_life"):
            self.assertIn(row, names)

    def one(self, dates, event=None, more=""):
        pools, balance = self.run_world([(dates, event)], tuple(year for year, *_ in dates), more)
        return (lambda year, pool, column: self.number(pools[year, pool], column)), balance

    def test_what_a_thinning_left_is_felled_where_no_trees_are_left(self):
        for cleared in (GRASS, UNSTOCKED):
            pool, balance = self.one([(2000, FIR, 20, 100), (2005, cleared, None, 0 if cleared == GRASS else None)], (2002, "thinning"))
            self.assertAlmostEqual(pool(2000, "above", "closing_tc"), 0, delta=1e-9)
            carbon = 100 * 0.307 * 1.634 * 0.52 * curve(21) / curve(20)         # above ground, the year before
            self.assertAlmostEqual(pool(2000, "products", "received_tc"), carbon * (0.15 + 0.75 * 0.55), delta=1e-9)
            self.assertAlmostEqual(self.number(balance[2000, "closure"], "sink_tco2_yr"), 0, delta=1)

    def test_a_fire_on_a_clearing_emits_what_lies_there(self):
        pool, balance = self.one([(2000, FIR, 20, 100), (2005, UNSTOCKED, None, None), (2010, FIR, 2, 3)], (2008, "fire"))
        k = [math.log(2) / half_life for half_life in (10, 2)]
        # Felled in year 3 of 2000-2005, burnt in year 3 of 2005-2010: two years pass in the first period, two in the second.
        carbon = [100 * 0.307 * 1.634 * 0.52 * curve(22) / curve(20) * part for part in (0.3 + 0.246, 0.15)]
        lies = [base + came * (1 - math.exp(-rate)) / rate * math.exp(-4 * rate) for base, came, rate in zip((1.38, 2.28), carbon, k)]
        ch4_t = (lies[0] / 0.47 + lies[1] / 0.37) * 0.45 * 4.7e-3
        self.assertAlmostEqual(self.number(balance[2005, "gain_loss"], "fire_ch4_t_yr"), ch4_t / 5, delta=1e-9)

    def test_shares_of_the_user(self):
        head = "disturbance,from_pool,to_pool,share,status,source\n"
        self.write("own.csv", head + "".join(f"conversion,{line},unverified,t\n" for line in
                                             ("above,atmosphere,1", "below,atmosphere,1")))
        own = '[balance]\nproportions = "own.csv"\n'
        dates = [(2000, FIR, 20, 100), (2005, TEA, None, 0), (2010, FIR, 2, 3), (2040, FIR, 32, 100)]
        self.BALANCE = own
        pool, _ = self.one(dates)                        # dead wood stayed under the tea: it is not there twice
        self.assertAlmostEqual(pool(2010, "dead_wood", "closing_tc"), 1.38, delta=1e-9)
        self.write("own.csv", head + "harvest,above,products,1,unverified,t\n")     # coppice: roots live on
        pool, _ = self.one([(2000, FIR, 20, 100), (2005, FIR, 2, 3)])
        grown = curve(2) * 0.52 - curve(0) * 0.52
        self.assertAlmostEqual(pool(2000, "above", "closing_tc"), grown / 1.246, delta=1e-9)
        self.write("own.csv", head + "fire,soil,atmosphere,0.2,unverified,t\nfire,soil,soil,0.8,unverified,t\n")
        self.assert_fails(2, ["own.csv:2", "soil", "conversion"], "run", "inventory.toml", "-o", "out2")

    def test_shrub_on_a_clearing_comes_and_goes(self):
        self.LEGEND = self.LEGEND + "7,SHRUB,grassland,shrub,\n"
        pool, balance = self.one([(2000, FIR, 20, 100), (2004, 7, None, None), (2008, FIR, 2, 3)])
        shrub_tc = 19.76 * 0.47
        self.assertAlmostEqual(self.number(balance[2000, "gain_loss"], "gain_cover_tco2_yr"), shrub_tc * 0.3 * 44 / 12 / 4, delta=1e-6)
        self.assertAlmostEqual(self.number(balance[2004, "gain_loss"], "loss_other_tco2_yr"), shrub_tc * 44 / 12 / 4, delta=1e-6)
        self.assertAlmostEqual(pool(2004, "above", "closing_tc") + pool(2004, "below", "closing_tc"),
                               0.52 * (curve(2) - curve(0)), delta=1e-9)

    def test_forest_that_returns_is_a_harvest_in_every_table(self):
        back = [(2010, FIR, 20, 100), (2014, GRASS, None, 0), (2018, FIR, 2, 4), (2022, FIR, 6, 10)]
        gone = [(2010, FIR, 20, 100), (2014, GRASS, None, 0), (2018, GRASS, None, 0), (2022, FIR, 2, 4)]
        pools, balance = self.run_world([(back, None)], (2010, 2014, 2018, 2022))
        causes = {int(r["year_from"]): r["cause"] for r in rows_of(self.folder / "out" / "attribution.csv") if float(r["area_ha"])}
        self.assertEqual(causes, {2010: "harvest", 2014: "growth", 2018: "growth"})
        self.assertGreater(self.number(balance[2010, "gain_loss"], "loss_harvest_tco2_yr"), 0)
        self.assertEqual(self.number(balance[2010, "gain_loss"], "loss_conversion_tco2_yr"), 0)
        for year in (2010, 2014, 2018):
            self.assertEqual(self.number(pools[year, "soil"], "closing_tc"), 55)
        _, balance = self.run_world([(gone, None)], (2010, 2014, 2018, 2022))
        causes = {int(r["year_from"]): r["cause"] for r in rows_of(self.folder / "out" / "attribution.csv") if float(r["area_ha"])}
        self.assertEqual(causes, {2010: "deforestation", 2018: "afforestation"})
        self.assertGreater(self.number(balance[2010, "gain_loss"], "loss_conversion_tco2_yr"), 0)


if __name__ == "__main__":
    unittest.main()
