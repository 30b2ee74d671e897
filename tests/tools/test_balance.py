# SPDX-License-Identifier: Apache-2.0
"""The carbon balance: the sample against an independent computation, small worlds by hand, and what is refused."""
import hashlib
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest


from cli import SINKCALC
from hectares import HectareTest, rows_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "raster_samples"
INDEPENDENT = ROOT / "tests" / "independent" / "balance.py"
CO2 = 44 / 12


class SampleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.runs = []
        for name, extra in (("one", ("--threads", "1", "--memory", "300M")), ("two", ("--threads", "3", "--memory", "64M"))):
            out = cls.folder / name
            subprocess.run([SINKCALC, "run", str(SAMPLES / "inventory.toml"), "-o", str(out), "-q", *extra], check=True,
                           stdin=subprocess.DEVNULL, timeout=600)
            cls.runs.append(out)

    def compare(self, *extra):
        return subprocess.run(["/usr/bin/python3", str(INDEPENDENT), "--inventory", str(SAMPLES / "inventory.toml"),
                               "--parameters", str(SAMPLES / "provincial.csv"), "--results", str(self.runs[0]), *extra],
                              stdout=subprocess.PIPE, encoding="utf-8", check=False, timeout=600)

    def test_agrees_with_a_second_computation(self):
        done = self.compare()
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_comparison_notices_one_share(self):
        self.assertEqual(self.compare("--perturb").returncode, 1)

    def test_threads_and_memory_change_nothing(self):
        for name in ("balance.csv", "pools.csv"):
            self.assertEqual((self.runs[0] / name).read_bytes(), (self.runs[1] / name).read_bytes(), name)

    def test_three_approaches_stand_side_by_side_and_close(self):
        rows = {(r["zone_id"], r["approach"]): r for r in rows_of(self.runs[0] / "balance.csv") if r["zone_set"] == "county"}
        zones = {zone for zone, _ in rows}
        self.assertEqual(len(zones), 11)
        sinks = {(r["zone_id"]): float(r["sink_tco2_yr"]) for r in rows_of(self.runs[0] / "zones.csv")
                 if r["zone_set"] == "county" and r["year_from"]}
        for zone in zones:
            sink = {a: float(rows[zone, a]["sink_tco2_yr"]) for a in
                    ("stock_difference", "stock_difference_where_modelled", "gain_loss", "closure", "provincial")}
            self.assertTrue(math.isclose(sink["stock_difference"], sinks[zone], rel_tol=1e-9))
            self.assertTrue(math.isclose(sink["stock_difference_where_modelled"] - sink["gain_loss"], sink["closure"],
                                         rel_tol=1e-9, abs_tol=1e-6))
        for approach in ("stock_difference", "gain_loss", "closure", "provincial"):
            parts = sum(float(rows[zone, approach]["sink_tco2_yr"]) for zone in zones - {"total"})
            self.assertTrue(math.isclose(parts, float(rows["total", approach]["sink_tco2_yr"]), rel_tol=1e-9), approach)

    def test_pools_balance(self):
        for row in rows_of(self.runs[0] / "pools.csv"):
            opening, gained, received, given, emitted, closing = (
                float(row[f"{name}_tc"]) for name in ("opening", "gained", "received", "given", "emitted", "closing"))
            self.assertTrue(math.isclose(opening + gained + received - given - emitted, closing, rel_tol=1e-9, abs_tol=1e-6))
            if row["pool"] == "all":
                self.assertTrue(math.isclose(received, given, rel_tol=1e-9, abs_tol=1e-6))


class SmallTest(HectareTest):
    """What befalls one or two hectares."""

    def run_balance(self, more="[balance]\n", **options):
        self.inventory(more, **options)
        done = self.run_sinkcalc("run", "inventory.toml", "-o", "out", "--overwrite", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        balance = {r["approach"]: r for r in rows_of(self.folder / "out" / "balance.csv")}
        pools = {r["pool"]: r for r in rows_of(self.folder / "out" / "pools.csv")}
        return balance, pools, done.stderr

    def test_growth_of_one_hectare_by_the_curve(self):
        self.maps(2015, [1], [10], [100])
        self.maps(2020, [1], [15], [140])
        balance, pools, _ = self.run_balance()
        carbon = 100 * 0.307 * 1.634 * 1.246 * 0.52          # bef, defaults of the table
        curve = lambda t: 91.28 / (1 + 8.95 * math.exp(-0.1183 * t))                           # noqa: E731
        grown = carbon * (curve(15) / curve(10) - 1)
        self.assertAlmostEqual(self.number(balance["gain_loss"], "sink_tco2_yr"), grown * CO2 / 5, delta=1e-5)
        self.assertAlmostEqual(self.number(balance["closure"], "sink_tco2_yr"), (carbon * 0.4 - grown) * CO2 / 5, delta=1e-5)
        self.assertAlmostEqual(self.number(pools["above"], "gained_tc") * 0.246, self.number(pools["below"], "gained_tc"), delta=1e-6)
        self.assertEqual(self.number(pools["soil"], "opening_tc"), self.number(pools["soil"], "closing_tc"))

    def test_forest_to_tea_is_lost_in_its_year_and_soil_over_twenty(self):
        self.maps(2015, [1], [20], [120])
        self.maps(2020, [2], [None], [0])
        balance, pools, _ = self.run_balance()
        # In the middle of the period, year 3: two years of growth, three twentieths of the soil, three tenths of the tea.
        carbon = 120 * 0.307 * 1.634 * 1.246 * 0.52
        curve = lambda t: 91.28 / (1 + 8.95 * math.exp(-0.1183 * t))                           # noqa: E731
        stood = carbon * curve(22) / curve(20)
        row = balance["gain_loss"]
        self.assertAlmostEqual(self.number(row, "loss_conversion_tco2_yr"), stood * CO2 / 5, delta=1e-5)
        self.assertAlmostEqual(self.number(row, "gain_cover_tco2_yr"), 23.7 * 0.47 * 0.3 * CO2 / 5, delta=1e-5)
        soil = self.number(pools["soil"], "closing_tc") - self.number(pools["soil"], "opening_tc")
        self.assertAlmostEqual(soil, 55 * (0.72 - 1) * 3 / 20, delta=1e-9)
        self.assertEqual(self.number(pools["dead_wood"], "closing_tc"), 0)

    def test_the_edition_switches_stock_and_factor_together(self):
        self.maps(2015, [1], [20], [120])
        self.maps(2020, [2], [None], [0])
        _, pools, _ = self.run_balance('[balance]\nedition = "2006"\n')
        self.assertEqual((self.number(pools["soil"], "opening_tc"), self.number(pools["soil"], "closing_tc")), (63, 63))

    def test_what_cannot_be_followed_is_counted_with_its_reason(self):
        # Fir without an age, bamboo without a curve; both have a stock at both dates.
        self.maps(2015, [1, 3, 1], [None, None, 20], [120, 0, 100])
        self.maps(2020, [1, 3, 1], [None, None, 25], [130, 0, 110])
        balance, _, _ = self.run_balance()
        row = balance["gain_loss"]
        self.assertEqual([self.number(row, c) for c in ("area_ha", "unmodelled_area_ha", "no_age_area_ha", "no_curve_area_ha")],
                         [1, 2, 1, 1])
        self.assertEqual(self.number(balance["stock_difference"], "area_ha"), 3)

    def test_a_fire_in_its_year_by_the_table_of_the_user(self):
        self.maps(2015, [1, 1], [20, 20], [100, 100])
        self.maps(2020, [1, 1], [25, 25], [60, 110])
        self.raster("event.tif", [1, 0])
        self.raster("year.tif", [2017, None])
        shares = "disturbance,from_pool,to_pool,share,status,source\n" + "".join(
            f"fire,{line},unverified,test\n" for line in ("above,above,0.5", "above,atmosphere,0.5", "below,below,0.5", "below,dead_wood,0.5"))
        self.write("shares.csv", shares)
        event = '[[disturbance]]\ntype = "event.tif"\nyear = "year.tif"\ncodes = {1 = "fire"}\n'
        balance, pools, _ = self.run_balance(event + '[balance]\nproportions = "shares.csv"\n')
        record = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))
        hashed = {entry["path"]: entry["sha256"] for entry in record["inputs"]}
        self.assertEqual(hashed["shares.csv"], hashlib.sha256(shares.encode()).hexdigest())
        carbon = 100 * 0.307 * 1.634 * 1.246 * 0.52
        curve = lambda t: 91.28 / (1 + 8.95 * math.exp(-0.1183 * t))                           # noqa: E731
        at_fire = carbon * curve(21) / curve(20)
        row = balance["gain_loss"]
        self.assertAlmostEqual(self.number(row, "loss_fire_tco2_yr"), at_fire / 2 * CO2 / 5, delta=1e-5)
        self.assertAlmostEqual(self.number(row, "gain_regrowth_tco2_yr"), carbon * (curve(24) - curve(21)) / curve(20) / 2 * CO2 / 5, delta=1e-5)
        fuel = at_fire / 1.246 / 0.52 + 1.38 / 0.47 + 2.28 / 0.37
        self.assertAlmostEqual(self.number(row, "fire_ch4_t_yr"), fuel * 0.45 * 4.7e-3 / 5, delta=1e-7)
        self.assertAlmostEqual(self.number(pools["dead_wood"], "received_tc"), at_fire * 0.246 / 1.246 / 2, delta=1e-6)

    def test_a_little_carbon_at_age_1_does_not_become_a_giant(self):
        # Richards' fir holds 0.08 t/ha at age 1: laid through 16 t C/ha it would be 200 times itself.
        self.maps(2015, [1, 1], [1, 20], [50, 100])
        self.maps(2020, [1, 1], [6, 25], [80, 110])
        balance, _, _ = self.run_balance(growth='[growth]\nset = "GROA_RICHARDS"\nanchor = "ratio"\n')
        self.assertEqual(self.number(balance["gain_loss"], "beyond_curve_area_ha"), 1)
        self.assertEqual(self.number(balance["gain_loss"], "area_ha"), 1)

    def test_pools_that_are_off_send_everything_to_the_air(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [1], [2], [1])                   # felled and replanted
        _, on, _ = self.run_balance()
        _, off, _ = self.run_balance('[balance]\npools = "none"\n')
        for pool in ("dead_wood", "litter", "soil", "products"):
            self.assertEqual([self.number(off[pool], c) for c in ("opening_tc", "received_tc", "closing_tc")], [0, 0, 0])
        self.assertLess(self.number(off["all"], "sink_tco2_yr"), self.number(on["all"], "sink_tco2_yr"))
        living = sum(self.number(off[p], "closing_tc") - self.number(off[p], "opening_tc") for p in ("above", "below"))
        self.assertAlmostEqual(self.number(off["all"], "sink_tco2_yr"), living * CO2 / 5, delta=1e-9)

    def test_what_a_harvest_leaves_behind_decays(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [1], [2], [1])                   # planted in 2018: felled in year 3, two years of decay
        _, pools, _ = self.run_balance()
        for pool, half_life in (("dead_wood", 10), ("litter", 2)):
            k = math.log(2) / half_life
            left = (1 - math.exp(-k)) / k * math.exp(-2 * k)
            emitted = self.number(pools[pool], "received_tc") * (1 - left)
            self.assertAlmostEqual(self.number(pools[pool], "emitted_tc"), emitted, delta=1e-9)

    def test_felled_land_without_a_volume_is_a_harvest_everywhere(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [5], [None], [None])
        balance, _, _ = self.run_balance('[attribution]\n[balance]\n')
        self.assertGreater(self.number(balance["gain_loss"], "loss_harvest_tco2_yr"), 0)
        causes = rows_of(self.folder / "out" / "attribution.csv")
        self.assertEqual([row["cause"] for row in causes], ["harvest"])
        zones = next(r for r in rows_of(self.folder / "out" / "zones.csv") if r["year_from"])
        self.assertEqual(float(zones["harvest_area_ha"]), 1)

    def test_a_type_that_gives_way_to_bamboo_did_not_grow_on(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [3], [None], [None])
        balance, _, _ = self.run_balance()
        self.assertEqual(self.number(balance["gain_loss"], "no_curve_area_ha"), 1)

    def test_explain_says_what_the_table_holds(self):
        self.maps(2015, [1], [20], [120])
        self.maps(2020, [2], [None], [0])
        balance, pools, _ = self.run_balance()
        done = self.run_sinkcalc("explain", "inventory.toml", "50", "-50", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        facts = {f["name"]: f["value"] for f in json.loads(done.stdout)["facts"]}
        living = (facts["gain: growth"] + facts["gain: regrowth"] + facts["gain: cover"] - facts["loss: disturbance"]
                  - facts["loss: conversion"])
        self.assertAlmostEqual(living * CO2 / 5, self.number(balance["gain_loss"], "sink_tco2_yr"), delta=1e-9)
        for pool in ("dead_wood", "litter", "soil", "products"):
            change = self.number(pools[pool], "closing_tc") - self.number(pools[pool], "opening_tc")
            self.assertAlmostEqual(facts[f"change of {pool}"], change, delta=1e-9)
        self.assertEqual((facts["change: year"], facts["conversion: above to products"]), (3, 0.5))
        self.assertAlmostEqual(facts["curve: scale"] * facts["curve: at that age"], 120 * 0.307 * 1.634 * 1.246 * 0.52, delta=1e-9)

    def test_events_outside_the_periods_are_counted(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [1], [25], [110])
        self.raster("event.tif", [1])
        self.raster("year.tif", [1990])
        self.run_balance('[[disturbance]]\ntype = "event.tif"\nyear = "year.tif"\ncodes = {1 = "fire"}\n[balance]\n')
        self.assertIn("1 pixels were disturbed in a year of no period", (self.folder / "out" / "run.json").read_text())

    def test_provincial_by_the_rows_of_the_user(self):
        # G07b's illustrative factors on 100 m3, and one hectare of town that became bamboo.
        self.maps(2015, [1, 4], [20, None], [100, 0])
        self.maps(2020, [1, 3], [25, None], [110, 0])
        self.write("own.csv", "key,parameter,value,unit,sd,status,source\n" + "".join(
            f"PROVINCE,{line},0,unverified,illustrative\n" for line in
            ("growth_rate,0.075,1/yr", "consumption_rate,0.045,1/yr", "wood_density_svd,0.45,t/m3", "bef_total,1.75,1")))
        self.inventory('[balance]\napproaches = "provincial"\n', growth='parameters = "own.csv"\n')
        text = (self.folder / "inventory.toml").read_text()
        text = 'parameters = "own.csv"\n' + text.replace('parameters = "own.csv"\n', "")
        self.write("inventory.toml", text)
        done = self.run_sinkcalc("run", "inventory.toml", "-o", "out", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        row = next(r for r in rows_of(self.folder / "out" / "balance.csv") if r["approach"] == "provincial")
        growth = 100 * 0.03 * 0.45 * 1.75 * 0.5 * CO2
        self.assertAlmostEqual(self.number(row, "gain_growth_tco2_yr"), growth, delta=1e-9)
        self.assertAlmostEqual(self.number(row, "gain_cover_tco2_yr"), 68.48 * 0.5 / 5 * CO2, delta=1e-9)
        self.assertEqual(self.number(row, "area_ha"), 2)

    def test_refusals_say_the_way_out(self):
        self.maps(2015, [1], [20], [100])
        self.maps(2020, [1], [25], [110])
        shares = "disturbance,from_pool,to_pool,share,status,source\nharvest,above,products,0.6,unverified,t\n"
        self.write("shares.csv", shares)
        self.raster("event.tif", [1])
        self.raster("year.tif", [None])
        event = '[[disturbance]]\ntype = "event.tif"\nyear = "year.tif"\ncodes = {1 = "fire"}\n'
        for more, growth, words in (
                ("[balance]\n", "", ["[growth]"]),
                ('[balance]\npools = ["none", "soil"]\n', None, ["pools", "none"]),
                ('[balance]\napproaches = "provincial"\n', "", ["growth_rate", "PROVINCE"]),
                ('[balance]\nproportions = "shares.csv"\n', None, ["shares.csv", "harvest", "above", "0.6"]),
                ('[balance]\nclimat = "x"\n', None, ["climat", "climate"]),
                ('[balance]\nclimate = "lunar"\n', None, ["lunar"]),
                ('[balance]\ndead_matter = "TOOL12/lunar"\n', None, ["lunar"]),
                ('[balance]\nsoil = "laq"\n', None, ["laq", "lac", "soc_reference"]),
                ('[balance]\n[output]\nlayers = ["projected_carbon"]\n', None, ["projected_carbon", "[projection] rasters"]),
                ('[balance]\n[output]\nlayers = ["cause"]\n', None, ["cause", "[attribution]"]),
                (event + "[balance]\n", None, ["year.tif", "1 pixel"]),
                (event.replace('"fire"', '"fir"') + "[balance]\n", None, ["fir", "fire"])):
            with self.subTest(words=words):
                self.inventory(more, **({} if growth is None else {"growth": growth}))
                self.assert_fails(2, words, "run", "inventory.toml", "-o", "out")

    def test_two_disturbances_at_one_place_are_counted_and_left_out(self):
        self.maps(2015, [1, 1], [20, 20], [100, 100])
        self.maps(2020, [1, 1], [25, 25], [60, 110])
        for name, values in (("a", [1, 0]), ("b", [1, 0]), ("ya", [2017, None]), ("yb", [2018, None])):
            self.raster(f"{name}.tif", values)
        event = "".join(f'[[disturbance]]\ntype = "{t}.tif"\nyear = "{y}.tif"\ncodes = {{1 = "{n}"}}\n'
                        for t, y, n in (("a", "ya", "fire"), ("b", "yb", "harvest")))
        balance, _, _ = self.run_balance(event + "[balance]\n")
        self.assertEqual(self.number(balance["gain_loss"], "overlapping_area_ha"), 1)
        record = (self.folder / "out" / "run.json").read_text()
        self.assertTrue(re.search("two disturbances share 1.0 ha", record), record[:300])


if __name__ == "__main__":
    unittest.main()
