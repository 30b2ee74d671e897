# SPDX-License-Identifier: Apache-2.0
"""Projection of the sample: against an independent computation, its rasters, any threads, and what is refused."""
import csv
import hashlib
import math
import pathlib
import shutil
import subprocess
import sys
import unittest

import numpy as np
from osgeo import gdal

from cli import SINKCALC, CliTest

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

TESTS = pathlib.Path(__file__).resolve().parents[1]
SAMPLES = TESTS.parent / "raster_samples"
LIKE = 'like = {MIX_BROADLEAF = "OAK"}\n'
GROWTH = '[growth]\nset = "XU2010"\nanchor = "ratio"\n' + LIKE
PROJECTION = "[projection]\nto = 2030\n"
GAPS = ("no_curve", "no_age", "no_stock", "beyond_curve")


class Projection(CliTest):
    def inventory(self, more, name="inventory.toml"):
        """The sample with other tables of growth and projection, beside links to its files."""
        for path in SAMPLES.iterdir():
            if not (self.folder / path.name).exists() and path.name != "inventory.toml":
                (self.folder / path.name).symlink_to(path)
        text = (SAMPLES / "inventory.toml").read_text(encoding="utf-8")
        lines, skip = [], False
        for line in text.splitlines():
            if line.startswith("["):
                skip = line.split("]")[0] in ("[growth", "[projection", "[patches", "[[target")
            if not skip:
                lines.append(line)
        self.write(name, "\n".join(lines) + "\n" + more)
        return name

    def run_sample(self, more, *options, out="out"):
        done = subprocess.run([SINKCALC, "run", self.inventory(more), "-o", out, "--layers", "carbon,projected_carbon,increment"
                               if "rasters" in more else "carbon", *options],
                              cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", timeout=600, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def rows(self, out="out"):
        with open(self.folder / out / "projection.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def check_independently(self, tolerance):
        done = subprocess.run([sys.executable, str(TESTS / "independent" / "projection.py"), "--inventory",
                               str(self.folder / "inventory.toml"), "--projection-csv", str(self.folder / "out" / "projection.csv"),
                               "--tolerance", tolerance],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])

    def test_ratio_agrees_with_an_independent_computation_and_its_own_maps(self):
        done = self.run_sample(GROWTH + PROJECTION + "rasters = [2021, 2030]\n")
        self.check_independently("1e-9")
        rows = self.rows()
        self.check_sums(rows)
        self.check_first_year(rows)
        self.check_rasters(rows)
        self.assertRegex(done.stderr, r"projection from 2020, bef: [\d,.]+ of [\d,.]+ ha of forest are not projected .*without a growth curve")

    def test_equivalent_age_agrees_with_an_independent_computation(self):
        self.run_sample(GROWTH.replace("ratio", "equivalent_age") + PROJECTION)
        self.check_independently("1e-6")
        self.check_sums(self.rows())

    def check_sums(self, rows):
        """The total is the sum of the counties, which share no pixel; reasons add up."""
        for year in range(2020, 2031):
            here = [r for r in rows if r["zone_set"] == "county" and r["year"] == str(year)]
            for column in ("area_ha", "carbon_t", "unmodelled_area_ha"):
                zones = math.fsum(float(r[column]) for r in here if r["zone_id"] != "total")
                self.assertAlmostEqual(float(here[-1][column]) / zones, 1, 12)
        for row in rows:
            self.assertAlmostEqual(math.fsum(float(row[f"{gap}_area_ha"]) for gap in GAPS), float(row["unmodelled_area_ha"]), 6)

    def check_first_year(self, rows):
        """Forest is projected or not; what is holds in the first year what the maps show."""
        with open(self.folder / "out" / "zones.csv", newline="", encoding="utf-8") as file:
            zones = {(r["zone_set"], r["zone_id"]): r for r in csv.DictReader(file) if r["year"] == "2020"}
        for row in rows:
            if row["year"] == "2020":
                zone = zones[row["zone_set"], row["zone_id"]]
                forest = float(row["area_ha"]) + float(row["unmodelled_area_ha"])
                self.assertAlmostEqual(forest, float(zone["forest_area_ha"]), 5)
                self.assertLess(float(row["carbon_t"]), float(zone["carbon_t"]))
                self.assertEqual(row["increment_tco2_yr"], "")

    def check_rasters(self, rows):
        """The sums over pixels are those of the table within float32; what is not projected is nodata."""
        sys.path.insert(0, str(TESTS / "independent"))
        from pixel_areas import pixel_areas_m2
        data = gdal.Open(str(self.folder / "out" / "carbon_2020.tif"))
        area_ha = pixel_areas_m2(data.GetProjection(), data.GetGeoTransform(), data.RasterYSize, data.RasterXSize) / 1e4
        today = data.ReadAsArray()
        for year in (2021, 2030):
            row = next(r for r in rows if r["zone_set"] == "county" and r["zone_id"] == "total" and r["year"] == str(year))
            for layer, column, unit in (("projected_carbon", "carbon_t", "t C/ha"), ("increment", "increment_tco2_yr", "t CO2/ha/yr")):
                source = gdal.Open(str(self.folder / "out" / f"{layer}_{year}.tif"))
                values = source.ReadAsArray().astype(float)
                self.assertEqual(source.GetRasterBand(1).GetUnitType(), unit)
                self.assertAlmostEqual(np.nansum(values * area_ha) / float(row[column]), 1, 7)
                self.assertAlmostEqual(area_ha[~np.isnan(values)].sum() / float(row["area_ha"]), 1, 12)
                if layer == "projected_carbon":
                    self.assertTrue((values >= today)[~np.isnan(values)].all())
                else:
                    self.assertTrue((values >= 0)[~np.isnan(values)].all())

    def test_any_threads_and_memory_give_the_same_bytes(self):
        more = GROWTH.replace("ratio", "equivalent_age") + PROJECTION + "rasters = [2030]\n"
        for out, options in (("out", ()), ("other", ("--threads", "1", "--memory", "64M"))):
            self.run_sample(more, *options, out=out)
        for name in ("projection.csv", "projected_carbon_2030.tif", "increment_2030.tif"):
            a, b = (hashlib.sha256((self.folder / out / name).read_bytes()).hexdigest() for out in ("out", "other"))
            self.assertEqual(a, b, name)

    def test_what_cannot_be_is_refused(self):
        curve = '[growth]\ncurves = "curves.csv"\nanchor = "ratio"\n'
        for more, rows, words in [
                (GROWTH + "[projection]\nto = 2019\n", "", ["to = 2019", "not after 2020"]),
                (GROWTH + "[projection]\nfrom = 2017\nto = 2030\n", "", ["from = 2017", "2015, 2020"]),
                (GROWTH + PROJECTION + "rasters = [2031]\n", "", ["2031", "2021 to 2030"]),
                (GROWTH.replace("OAK", "MOSO") + PROJECTION, "", ["MOSO has no curve"]),
                (GROWTH.replace("MIX_BROADLEAF", "MIX_BRODLEAF") + PROJECTION, "", ["MIX_BROADLEAF"]),
                (GROWTH.replace("XU2010", "XU2011") + PROJECTION, "", ["XU2011", "XU2010"]),
                (PROJECTION, "", ["[growth]"]),
                (curve + PROJECTION, "CHINESE_FIR,10,50\nCHINESE_FIR,20,40\n", ["curves.csv:3", "negative increments"]),
                (curve + PROJECTION, "FUR,10,50\nFUR,20,60\n", ["curves.csv:2", "'FUR'"])]:
            with self.subTest(words=words):
                self.write("curves.csv", "key,age,biomass\n" + rows)
                name = self.inventory(more)
                self.assert_fails(2, words, "run", name, "-o", "refused")

    def test_ratio_needs_a_map_of_ages(self):
        name = self.inventory(GROWTH + PROJECTION)
        path = self.folder / name
        path.write_text("\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("age")),
                        encoding="utf-8")
        self.assert_fails(2, ["layer age", "equivalent_age"], "run", name, "-o", "refused")

    def test_a_curve_of_the_users_own_ends_where_it_ends(self):
        self.write("curves.csv", "key,age,biomass\nCHINESE_FIR,20,100\nCHINESE_FIR,40,200\n")
        self.run_sample('[growth]\ncurves = "curves.csv"\nanchor = "ratio"\n' + PROJECTION)
        rows = [r for r in self.rows() if r["zone_set"] == "county" and r["zone_id"] == "total"]
        self.assertGreater(float(rows[0]["beyond_curve_area_ha"]), 0)
        self.assertGreater(float(rows[0]["area_ha"]), 0)
        # Straight lines from (0, 0) on: every stand grows by the same every year.
        increments = [float(r["increment_tco2_yr"]) for r in rows[1:]]
        for increment in increments:
            self.assertAlmostEqual(increment / increments[0], 1, 6)


if __name__ == "__main__":
    unittest.main()
