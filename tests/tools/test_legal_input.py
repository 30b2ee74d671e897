# SPDX-License-Identifier: Apache-2.0
"""Inputs that look bad and are legal, and small runs whose numbers can be worked out by hand."""
import json
import os
import shutil
import unittest

import numpy as np
from osgeo import gdal

from raster_case import (COLUMNS, ROWS, LONGEST_LISTING, CO2_PER_C, FIR, TEA, CROP, LEGEND, FIR_C_PER_M3, TEA_C_HA, POOLS,
                         areas_ha, read_csv, RasterTest)


class LegalRasters(RasterTest):
    """Inputs that look wrong and are not."""

    def carbon_of(self, volume, valid=True):
        return float(np.where(valid, volume * FIR_C_PER_M3 * areas_ha(), 0).sum())

    def pattern(self):
        return np.arange(ROWS * COLUMNS, dtype="float32").reshape(ROWS, COLUMNS) / 10

    def test_nodata_nan(self):
        values = self.pattern()
        values[5:9, 5:9] = np.nan
        self.raster("nan.tif", values, nodata=float("nan"))
        self.assert_works(*self.stock(volume="nan.tif"))
        self.assert_close(self.total(), self.carbon_of(np.nan_to_num(values), ~np.isnan(values)))
        self.assert_close(self.total("unmodelled_area_ha"), areas_ha()[5:9, 5:9].sum())

    def test_nodata_nan_and_a_mask_inside(self):
        values, mask = self.pattern(), np.full((ROWS, COLUMNS), 255, "uint8")
        values[5:9, 5:9] = np.nan
        mask[8:12, 8:12] = 0
        self.raster("both.tif", values, nodata=float("nan"), mask=mask)
        self.assert_works(*self.stock(volume="both.tif"))
        self.assert_close(self.total(), self.carbon_of(np.nan_to_num(values), ~np.isnan(values) & (mask > 0)))

    def test_a_mask_inside_alone(self):
        values, mask = self.pattern(), np.full((ROWS, COLUMNS), 255, "uint8")
        mask[:, 20:] = 0
        self.raster("mask.tif", values, mask=mask)
        self.assert_works(*self.stock(volume="mask.tif"))
        self.assert_close(self.total(), self.carbon_of(values, mask > 0))

    def test_nodata_outside_the_range_of_the_type(self):
        values = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) % 200
        self.raster("byte.tif", values.astype("uint8"), nodata=-9999)
        self.assert_works(*self.stock(volume="byte.tif"))
        self.assert_close(self.total(), self.carbon_of(values))
        self.assertEqual(self.total("unmodelled_area_ha"), 0)

    def test_scale_and_offset(self):
        raw = np.arange(ROWS * COLUMNS, dtype="uint16").reshape(ROWS, COLUMNS)
        raw[0, 0] = 65535
        self.raster("scaled.tif", raw, nodata=65535, scale=0.1, offset=3.5)
        self.assert_works(*self.stock(volume="scaled.tif"))
        self.assert_close(self.total(), self.carbon_of(raw * 0.1 + 3.5, raw != 65535))
        self.assert_close(self.total("volume_m3"), np.where(raw != 65535, (raw * 0.1 + 3.5) * areas_ha(), 0).sum())

    def test_zero_is_a_class_like_any_other(self):
        self.write("legend.csv", LEGEND + "0,,wetland,water,水\n")
        codes = np.full((ROWS, COLUMNS), FIR, "uint16")
        codes[:10] = 0
        self.raster("zero.tif", codes, nodata=65535)
        self.assert_works(*self.stock(forest_type="zero.tif"))
        self.assert_close(self.total("forest_area_ha"), areas_ha()[10:].sum())
        self.assert_close(self.total(), self.carbon_of(100, codes == FIR))

    def test_class_codes_in_a_float_raster(self):
        self.raster("float.tif", np.full((ROWS, COLUMNS), FIR, "float32"), nodata=-1)
        self.assert_works(*self.stock(forest_type="float.tif"))
        self.assert_close(self.total(), self.carbon_of(np.full((ROWS, COLUMNS), 100.0)))

    def test_paths_with_anything_in_them(self):
        for name in ("南平 2020年.tif", "it's \"quoted\".tif", "a;b&c $HOME.tif", "colon:name.tif"):
            shutil.copy(self.folder / "volume.tif", self.folder / name)
            with self.subTest(name):
                out = f"结果 {name}"
                self.assert_works(*self.stock(volume=name, out=out))
                self.assert_close(self.total(out=out), self.carbon_of(np.full((ROWS, COLUMNS), 100.0)))

    def test_the_folder_of_an_inventory_may_be_called_anything(self):
        folder = self.folder / "武夷山 \"x\" 'y'"
        folder.mkdir()
        for name in ("type.tif", "volume.tif", "legend.csv", "own.csv"):
            shutil.copy(self.folder / name, folder / name)
        self.inventory([(2020, {"forest_type": "type.tif", "volume": "volume.tif"})])
        shutil.move(self.folder / "i.toml", folder / "清查.toml")
        self.assert_works("run", str(folder / "清查.toml"), "-o", "out")

    def test_strips_tiles_and_compressions_give_the_same(self):
        values = np.random.default_rng(3).uniform(0, 300, (ROWS, COLUMNS)).astype("float32")
        sums = set()
        for number, options in enumerate([[], ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"], ["COMPRESS=LZW", "PREDICTOR=3"],
                                          ["COMPRESS=ZSTD", "BLOCKYSIZE=1"], ["ENDIANNESS=BIG"], ["BIGTIFF=YES"]]):
            self.raster("v.tif", values, options=options)
            self.assert_works(*self.stock(volume="v.tif", out=f"out{number}"))
            sums.add((self.folder / f"out{number}" / "zones.csv").read_bytes())
            os.remove(self.folder / "v.tif")
        self.assertEqual(len(sums), 1)


class ByHand(RasterTest):
    """Numbers worked out from the parameters of own.csv."""

    QUARTER = COLUMNS // 4

    def two_dates(self):
        """Four strips: fir grows, fir becomes cropland, fir becomes nodata, fir becomes tea."""
        later_type = np.full((ROWS, COLUMNS), FIR, "uint16")
        later_volume = np.full((ROWS, COLUMNS), 150, "float32")
        for strip, code, volume in [(1, CROP, 0), (2, 65535, np.nan), (3, TEA, 0)]:
            at = slice(strip * self.QUARTER, (strip + 1) * self.QUARTER)
            later_type[:, at], later_volume[:, at] = code, volume
        self.raster("later_type.tif", later_type, nodata=65535)
        self.raster("later_volume.tif", later_volume, nodata=float("nan"))
        return [(2015, {"forest_type": "type.tif", "volume": "volume.tif"}),
                (2020, {"forest_type": "later_type.tif", "volume": "later_volume.tif"})]

    def strip_ha(self):
        return areas_ha().reshape(ROWS, 4, self.QUARTER).sum(axis=(0, 2))

    def test_cleared_forest_is_a_loss_a_hole_is_unmodelled_and_tea_keeps_its_stock(self):
        self.inventory(self.two_dates())
        self.assert_works("run", "i.toml", "-o", "out")
        grown, cleared, hole, tea = self.strip_ha()
        before, after = 100 * FIR_C_PER_M3, 150 * FIR_C_PER_M3
        period = {"year_from": 2015, "year_to": 2020}
        expected = {"sink_stable_tco2_yr": (after - before) * CO2_PER_C / 5 * grown,
                    "sink_loss_tco2_yr": -before * CO2_PER_C / 5 * cleared + (TEA_C_HA - before) * CO2_PER_C / 5 * tea,
                    "loss_area_ha": cleared + tea, "stable_area_ha": grown, "unmodelled_area_ha": hole,
                    "rate_area_ha": grown + cleared + tea, "forest_area_ha": (2 * grown + cleared + hole + tea) / 2}
        expected["sink_tco2_yr"] = expected["sink_stable_tco2_yr"] + expected["sink_loss_tco2_yr"]
        expected["sink_tco2_ha_yr"] = expected["sink_tco2_yr"] / expected["rate_area_ha"]
        expected["rate_coverage"] = 3 / 4
        for column, value in expected.items():
            with self.subTest(column):
                self.assert_close(self.total(column, **period), value, 1e-9 if column != "rate_coverage" else 1e-3)
        self.assertEqual(self.total("gain_area_ha", **period), 0)
        self.assert_close(self.total("carbon_t", year=2015), before * areas_ha().sum())
        self.assert_close(self.total("carbon_t", year=2020), after * grown + TEA_C_HA * tea)
        sink = gdal.Open(str(self.folder / "out" / "sink_2015_2020.tif")).ReadAsArray()
        middle = [float(sink[5, strip * self.QUARTER + 3]) for strip in range(4)]
        self.assertTrue(np.isnan(middle[2]))
        for at, carbon in [(0, after - before), (1, -before), (3, TEA_C_HA - before)]:
            self.assert_close(middle[at], carbon * CO2_PER_C / 5, 1e-6)
        warnings = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))["warnings"]
        self.assertTrue(any("nodata at the second date" in warning for warning in warnings), warnings)

    def test_new_forest_is_a_gain(self):
        dates = self.two_dates()
        self.inventory([(2015, dates[1][1]), (2020, dates[0][1])])
        self.assert_works("run", "i.toml", "-o", "out")
        _, cropland, hole, tea = self.strip_ha()
        before = 100 * FIR_C_PER_M3
        self.assert_close(self.total("gain_area_ha", year_from=2015), cropland + tea)
        self.assert_close(self.total("sink_gain_tco2_yr", year_from=2015),
                          (before * cropland + (before - TEA_C_HA) * tea) * CO2_PER_C / 5)
        self.assert_close(self.total("unmodelled_area_ha", year_from=2015), hole)

    def test_three_dates_make_two_periods(self):
        first, last = self.two_dates()
        self.inventory([first, (2020, first[1]), (2027, last[1])])
        self.assert_works("run", "i.toml", "-o", "out")
        rows = [(row["year"], row["year_from"], row["year_to"]) for row in read_csv(self.folder / "out" / "zones.csv")]
        self.assertEqual(rows, [("2015", "", ""), ("2020", "", ""), ("2027", "", ""), ("", "2015", "2020"), ("", "2020", "2027")])
        self.assertEqual(self.total("sink_tco2_yr", year_from=2015), 0)
        grown = self.strip_ha()[0]
        self.assert_close(self.total("sink_stable_tco2_yr", year_from=2020), 50 * FIR_C_PER_M3 * CO2_PER_C / 7 * grown)
        names = {path.name for path in (self.folder / "out").iterdir()}
        self.assertLessEqual({"sink_2015_2020.tif", "sink_2020_2027.tif", "carbon_2027.tif"}, names)

    def test_methods_side_by_side(self):
        self.inventory(self.two_dates(), tables='[stock]\nmethod = ["bef", "regression", "bcef"]\nbcef_zone = "subtropical"\n')
        self.assert_works("run", "i.toml", "-o", "out")
        rows = read_csv(self.folder / "out" / "zones.csv")
        methods = ["bef", "regression", "bcef"]
        self.assertEqual([row["method"] for row in rows], [m for m in methods for _ in range(3)])
        names = {path.name for path in (self.folder / "out").iterdir()}
        expected = {f"{layer}_{method}_{time}.tif" for method in methods
                    for layer, time in [("carbon", "2015"), ("carbon", "2020"), ("sink", "2015_2020")]}
        self.assertLessEqual(expected, names)
        self.assertNotIn("carbon_2015.tif", names)
        self.assert_close(self.total(method="bef", year=2015), 100 * FIR_C_PER_M3 * areas_ha().sum())
        carbon = {method: self.total(method=method, year=2015) for method in methods}
        self.assertEqual(len(set(carbon.values())), 3)
        for value in carbon.values():
            self.assertTrue(0.3 < value / carbon["bef"] < 3, carbon)

    def test_lookup_with_invest_pools(self):
        self.write("pools.csv", POOLS)
        cover = np.ones((ROWS, COLUMNS), "uint8")
        cover[:, 10:25], cover[:, 25:] = 2, 3
        self.raster("cover.tif", cover, nodata=255)
        self.assert_works("stock", "--method", "lookup", "--landcover", "cover.tif", "--densities", "pools.csv", "--year", "2020",
                          "--pools", "agb,bgb,dead,soil", "--layers", "carbon,dead,soil", "-o", "out")
        areas = [areas_ha()[cover == code].sum() for code in (1, 2, 3)]
        living, dead, soil = [25, 8, 3], [1, 0, 0], [60, 20, 5]
        for column, density in [("carbon_t", living), ("dead_carbon_t", dead), ("soil_carbon_t", soil)]:
            with self.subTest(column):
                self.assert_close(self.total(column), sum(d * a for d, a in zip(density, areas)))
        row = read_csv(self.folder / "out" / "zones.csv")[-1]
        self.assertEqual((row["forest_area_ha"], row["rate_area_ha"]), ("", ""))
        self.assert_works("zonal", "out/carbon_2020.tif", "out/dead_2020.tif", "--zones", "cover.tif", "-o", "sums")
        sums = {(r["raster"], r["zone_id"]): float(r["sum"]) for r in read_csv(self.folder / "sums" / "zonal.csv")}
        for raster, density in [("out/carbon_2020.tif", living), ("out/dead_2020.tif", dead)]:
            for code, (value, area) in enumerate(zip(density, areas), 1):
                self.assert_close(sums[raster, str(code)], value * area)

    def test_lookup_change_of_all_pools(self):
        """G19: class 1 to 2 is -58 t C/ha, 1 to 3 is -78, over all four pools."""
        self.write("pools.csv", POOLS)
        later = np.full((ROWS, COLUMNS), 2, "uint8")
        later[:, 20:] = 3
        self.raster("cover1.tif", np.ones((ROWS, COLUMNS), "uint8"), nodata=255)
        self.raster("cover2.tif", later, nodata=255)
        all_pools = 0.0
        for year, file in [(2015, "cover1.tif"), (2020, "cover2.tif")]:
            self.assert_works("stock", "--method", "lookup", "--landcover", file, "--densities", "pools.csv", "--year", str(year),
                              "--pools", "agb,bgb,dead,soil", "-o", f"out{year}")
            sign = 1 if year == 2020 else -1
            all_pools += sign * sum(self.total(column, out=f"out{year}") for column in ("carbon_t", "dead_carbon_t", "soil_carbon_t"))
            self.assert_close(self.total("all_pools_carbon_t", out=f"out{year}"),
                              sum(self.total(column, out=f"out{year}") for column in ("carbon_t", "dead_carbon_t", "soil_carbon_t")))
        areas = areas_ha()
        self.assert_close(all_pools, -58 * areas[:, :20].sum() - 78 * areas[:, 20:].sum())

    def test_a_pools_table_that_misses_a_class(self):
        self.write("pools.csv", POOLS)
        self.raster("cover.tif", np.full((ROWS, COLUMNS), 4, "uint8"), nodata=255)
        self.assert_refused(["cover.tif", "pools.csv", "4 (1,200 pixels)"], "stock", "--method", "lookup", "--landcover", "cover.tif",
                            "--densities", "pools.csv", "--year", "2020", "-o", "out", limit=LONGEST_LISTING)

    def test_sink_between_two_ready_maps(self):
        first = np.random.default_rng(5).uniform(10, 80, (ROWS, COLUMNS)).astype("float32")
        second = (first + np.linspace(-5, 12, COLUMNS)).astype("float32")
        second[:3] = np.nan
        self.raster("first.tif", first, nodata=float("nan"))
        self.raster("second.tif", second, nodata=float("nan"))
        change = second.astype(float) - first.astype(float)
        expected = float(np.nansum(change * areas_ha())) / 5
        for quantity, factor in [("carbon", CO2_PER_C), ("co2", 1.0)]:
            with self.subTest(quantity):
                self.assert_works("sink", "--from", "first.tif", "--to", "second.tif", "--years", "2015", "2020",
                                  "--quantity", quantity, "-o", quantity)
                self.assert_close(self.total("sink_tco2_yr", out=quantity, year_from=2015), expected * factor)
                self.assert_close(self.total("co2_t", out=quantity, year=2015), float((first.astype(float) * areas_ha()).sum()) * factor)
                written = gdal.Open(str(self.folder / quantity / "sink_2015_2020.tif")).ReadAsArray()
                np.testing.assert_allclose(written, change * factor / 5, rtol=1e-6, atol=1e-6)
        self.assert_works("sink", "--from", "first.tif", "--to", "second.tif", "--years", "2015", "2020", "-o", "plain")
        self.assertEqual((self.folder / "plain" / "zones.csv").read_bytes(), (self.folder / "carbon" / "zones.csv").read_bytes())


if __name__ == "__main__":
    unittest.main()
