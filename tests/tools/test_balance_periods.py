# SPDX-License-Identifier: Apache-2.0
"""The balance over more than two dates: random hectares against a simulation year by year, and cases by hand."""
import json
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "independent"))

import inputs                                                                               # noqa: E402
from balance_periods import FIR, FOREST, GRASS, MOSO, TEA, TOWN, UNSTOCKED, Hectare, curve          # noqa: E402
from balance_world import shares_of                                                         # noqa: E402
from hectares import HectareTest, rows_of                                               # noqa: E402

POOLS = ("dead_wood", "litter", "soil", "products")
NEXT = {FIR: (FIR, FIR, FIR, TEA, TOWN, GRASS, GRASS, UNSTOCKED, MOSO), TEA: (TEA, TEA, FIR, TOWN), TOWN: (TOWN, TOWN, GRASS),
        GRASS: (GRASS, GRASS, FIR, FIR, TOWN, MOSO), UNSTOCKED: (FIR, FIR, UNSTOCKED, TEA), MOSO: (MOSO, FIR, TEA)}
EVENT = '[[disturbance]]\ntype = "event.tif"\nyear = "year.tif"\ncodes = {1 = "fire"}\n'


def random_hectare(dice, years):
    """[(year, class, age, volume)] and the year of a fire or None."""
    dates, kind, age = [], dice.choice((FIR, FIR, FIR, TEA, GRASS, MOSO, UNSTOCKED)), None
    for n, year in enumerate(years):
        before = kind
        if n > 0:
            kind = dice.choice(NEXT[kind])
        if kind == FIR:
            passed = year - years[n - 1] if n else 0
            age = age + passed if n and before == FIR and dice.random() < 0.6 else dice.randint(1, max(1, passed - 1) if n else 40)
            volume = curve(age) * dice.uniform(0.4, 1.6) / (0.307 * 1.634 * 1.246)
            dates.append((year, kind, age, round(volume * 8) / 8 or 0.125))
        else:
            dates.append((year, kind, None, 0 if kind not in FOREST else None))
    return dates, dice.choice((None, None, dice.randint(years[0] + 1, years[-1])))


class PeriodsTest(HectareTest):
    def run_world(self, hectares, years, more=""):
        """hectares: [(dates, fire)]. Rows of pools.csv by (year_from, pool), balance.csv by (year_from, approach)."""
        for n, year in enumerate(years):
            self.maps(year, *([dates[n][column] for dates, _ in hectares] for column in (1, 2, 3)))
        self.raster("event.tif", [1 if fire else 0 for _, fire in hectares])
        self.raster("year.tif", [fire for _, fire in hectares])
        self.inventory(EVENT + "[balance]\n[attribution]\n" + more, years=years)
        done = self.run_sinkcalc("run", "inventory.toml", "-o", "out", "--overwrite", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        pools = {(int(r["year_from"]), r["pool"]): r for r in rows_of(self.folder / "out" / "pools.csv")}
        return pools, {(int(r["year_from"]), r["approach"]): r for r in rows_of(self.folder / "out" / "balance.csv")}

    def compare(self, hectares, years):
        pools, _ = self.run_world(hectares, years)
        table = inputs.default_parameters()
        parameters, shares = inputs.read_parameters([table]), shares_of(table.parent / "disturbances.csv")
        worlds = [Hectare(dates, fire, parameters, shares) for dates, fire in hectares]
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
