# SPDX-License-Identifier: Apache-2.0
"""carbon.csv on raster_samples against numpy on the same maps, with and without a table of densities."""
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from cli import SINKCALC
from raster_case import read_csv
from test_carbon import CO2, POOLS_SD, TEA_SD, TEA_TC_HA, CarbonTest
from test_sinkchange import ROOT

sys.path.insert(0, str(ROOT / "tests" / "independent"))
import inputs                                                                                   # noqa: E402
from pixel_areas import pixel_areas_m2                                                          # noqa: E402

SAMPLES = ROOT / "raster_samples"


def setUpModule():
    """The sample's carbon maps, made once by sinkcalc run."""
    Sample.made = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
    unittest.addModuleCleanup(shutil.rmtree, Sample.made)
    subprocess.run([SINKCALC, "run", str(SAMPLES / "inventory.toml"), "-o", str(Sample.made), "--overwrite", "-q"], check=True,
                   stdin=subprocess.DEVNULL, timeout=600)
    Sample.maps = [str(SAMPLES / f"landcover_{year}.tif") for year in (2015, 2020)]
    Sample.stocks = [str(Sample.made / f"carbon_{year}.tif") for year in (2015, 2020)]
    grid = inputs.Grid(Sample.maps[0])
    Sample.area = (pixel_areas_m2(grid.crs_text, grid.geotransform, grid.rows, grid.cols) / 1e4).ravel()
    Sample.covers = [inputs.read_layer(SAMPLES, f"landcover_{year}.tif").ravel() for year in (2015, 2020)]
    Sample.carbon_maps = [inputs.read_layer(Sample.made, f"carbon_{year}.tif").ravel() for year in (2015, 2020)]
    Sample.zones = {zone: pixels for zone, _, pixels in
                    inputs.read_zones(SAMPLES, {"file": "counties.gpkg", "id": "code"}, grid)}
    Sample.zones["total"] = np.unique(np.concatenate(list(Sample.zones.values())))


class Sample(CarbonTest):
    """raster_samples, against numpy on the same maps."""

    # living, its sd, dead, soil; off-forest classes of the sample's legend by their keys.
    BY_KEY = {code: (0, 0, math.nan, math.nan) for code in (1, 4, 5, 7, 8)} | {20: (TEA_TC_HA, TEA_SD, math.nan, math.nan)}
    FOREST = (2, 3)
    TABLE = {1: (3, 1, 50, 0), 2: (70, 9, 80, 6), 3: (12, 2, 70, 2), 4: (4, 1, 60, 1), 5: (0, 0, 90, 0), 7: (0, 0, 30, 0),
             8: (1, 1, 40, 0), 20: (14, 3, 75, 1)}

    def call(self, *extra):
        return (*self.maps, "--years", 2015, 2020, "--legend", "sample", "--zones", SAMPLES / "counties.gpkg", "--zone-id", "code", *extra)

    def expected(self, held, stocks, fill):
        """{(zone, from, to): (ha, before, after, dead, soil, sd of living)}; `fill`: classes whose density fills a hole."""
        (first, second), area = self.covers, self.area
        lookup = {code: np.array(values, float) for code, values in held.items()}

        def by_class(cover, codes, part=0):
            values = np.full(cover.shape, math.nan)
            for code in codes:
                if code in lookup:
                    values[cover == code] = lookup[code][part]
            return values

        nan = np.isnan
        before = stocks[0] if stocks else by_class(first, held)
        before_of_class = nan(before) & ~nan(by_class(first, fill)) if stocks else np.ones(first.shape, bool)
        before = np.where(nan(before), by_class(first, fill), before)
        if not stocks:
            after, after_of_class = by_class(second, held), np.ones(first.shape, bool)
        elif len(stocks) == 2:
            after_of_class = nan(stocks[1]) & ~nan(by_class(second, fill))
            after = np.where(nan(stocks[1]), by_class(second, fill), stocks[1])
        else:
            stays = first == second
            after = np.where(stays, before, by_class(second, held))
            after_of_class = np.where(stays, before_of_class, True)
        known = ~nan(before) & ~nan(after)
        found = {}
        for zone, pixels in self.zones.items():
            a, b = first[pixels], second[pixels]
            for one in np.unique(a[~nan(a)]):
                for other in np.unique(b[~nan(b)]):
                    here = pixels[(a == one) & (b == other)]
                    if len(here) == 0:
                        continue
                    ok = here[known[here]]
                    ha = area[ok].sum()
                    change = [lookup.get(other, [math.nan] * 4)[n] - lookup.get(one, [math.nan] * 4)[n] for n in (3, 2)]
                    weight = {one: -area[ok][before_of_class[ok]].sum()}
                    weight[other] = weight.get(other, 0) + area[ok][after_of_class[ok]].sum()
                    sd = math.sqrt(sum((w * lookup[c][1]) ** 2 for c, w in weight.items() if c in lookup))
                    found[(zone, str(int(one)), str(int(other)))] = (
                        len(here), len(ok), area[here].sum(), ha, (before * area)[ok].sum(), (after * area)[ok].sum(),
                        change[0] * ha, change[1] * ha, sd)
        return found

    def compare(self, found, expected):
        self.assertEqual({key for key in found if key[1] not in ("", "all") and key[2] != ""}, set(expected))
        for key, (pixels, with_carbon, area, ha, before, after, dead, soil, sd) in expected.items():
            row = found[key]
            self.assertEqual((int(row["pixels"]), int(row["pixels_with_carbon"])), (pixels, with_carbon), key)
            self.close(row["area_ha"], area)
            if with_carbon == 0:
                self.assertEqual(row["committed_tco2"], "", key)
                continue
            size = max(abs(before), abs(after), 1)
            self.close(row["area_with_carbon_ha"], ha)
            self.close(row["carbon_before_t"], before)
            self.close(row["carbon_after_t"], after)
            if math.isnan(dead):
                self.assertEqual((row["dead_committed_t"], row["soil_committed_t"]), ("", ""))
                dead = soil = 0
            else:
                self.close(row["dead_committed_t"], dead)
                self.close(row["soil_committed_t"], soil)
            committed = -(after - before + dead + soil) * CO2
            in_year = -(after - before + (dead if dead < 0 else dead / 20) + soil / 20) * CO2
            self.assertLess(abs(float(row["committed_tco2"]) - committed), 1e-9 * size, key)
            self.assertLess(abs(float(row["in_year_tco2"]) - in_year), 1e-9 * size, key)
            if sd > 0:
                self.close(row["committed_sd_tco2"], sd * CO2)
            else:
                self.assertIn(row["committed_sd_tco2"], ("", "0"))

    def write_table(self):
        self.write("pools.csv", POOLS_SD + "".join(f"{code},x,{living},0,{soil},{dead},{sd},,,\n"
                                                   for code, (living, sd, soil, dead) in self.TABLE.items()))
        return {code: (living, sd, soil, dead) for code, (living, sd, soil, dead) in self.TABLE.items()}

    def test_maps_of_both_dates_without_a_table(self):
        found = self.carbon(*self.call("--stock", self.stocks[0], "--stock", self.stocks[1]))
        self.compare(found, self.expected(self.BY_KEY, self.carbon_maps, self.BY_KEY))
        # The same maps and transitions by sinkcalc run, from what it had before rounding to float32.
        for row in read_csv(self.made / "matrix.csv"):
            if row["zone_set"] != "county" or row["from_code"] == "" or row["to_code"] == "":
                continue
            ours = found[(row["zone_id"], row["from_code"], row["to_code"])]
            self.assertEqual(row["pixels"], ours["pixels"])
            if row["carbon_before_t"] and row["pixels_with_carbon"] == ours["pixels_with_carbon"]:
                held = float(row["carbon_before_t"]) + float(row["carbon_after_t"]) + 1
                self.assertLess(abs(float(ours["carbon_before_t"]) - float(row["carbon_before_t"])), 1e-6 * held)
                self.assertLess(abs(float(ours["in_year_tco2"]) - float(row["in_year_tco2"])), 1e-6 * CO2 * held)

    def test_maps_of_both_dates_with_a_table(self):
        table = self.write_table()
        found = self.carbon(*self.call("--stock", self.stocks[0], "--stock", self.stocks[1], "--densities", "pools.csv"))
        self.compare(found, self.expected(table, self.carbon_maps, [code for code in table if code not in self.FOREST]))

    def test_a_map_of_the_start_with_and_without_a_table(self):
        found = self.carbon(*self.call("--stock", self.stocks[0]))
        self.compare(found, self.expected(self.BY_KEY, self.carbon_maps[:1], self.BY_KEY))
        table = self.write_table()
        found = self.carbon(*self.call("--stock", self.stocks[0], "--densities", "pools.csv"))
        self.compare(found, self.expected(table, self.carbon_maps[:1], [code for code in table if code not in self.FOREST]))

    def test_the_table_alone(self):
        table = self.write_table()
        self.compare(self.carbon(*self.call("--densities", "pools.csv")), self.expected(table, [], []))

    def test_any_threads_and_memory_give_the_same_bytes(self):
        self.write_table()
        call = self.call("--stock", self.stocks[0], "--stock", self.stocks[1], "--densities", "pools.csv")
        texts = set()
        for threads, memory in [(1, "512M"), (2, "32M"), (8, "512M"), (8, "20M")]:
            self.carbon(*call, "--threads", threads, "--memory", memory)
            texts.add((self.folder / "out" / "carbon.csv").read_bytes())
        self.assertEqual(len(texts), 1)


if __name__ == "__main__":
    unittest.main()
