# SPDX-License-Identifier: Apache-2.0
"""The readings of interface.md that a county office would otherwise argue about, each with numbers worked out by hand."""
import json
import resource
import subprocess
import unittest

import numpy as np

from cli import SINKCALC
from raster_case import CO2_PER_C, CROP, FIR, TEA, RasterTest, areas_ha, box, read_csv, write_polygons

MOSO, SHRUB = 21, 31
LEGEND = ("code,key,land_use,name_en,name_zh\n11,CHINESE_FIR,forest,fir,\n21,MOSO,forest,moso,\n31,SHRUB,shrub_counted,shrub,\n"
          "41,ECON_TEA_CAMELLIA,cropland_perennial,tea,\n91,,cropland,crop,\n")


class Readings(RasterTest):
    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND)

    def row(self, values, kind="float32"):
        return np.tile(np.array([values], dtype=kind), (4, 1))

    def dates(self, types, volumes, **layers):
        """Two dates of a raster of four equal rows; each argument is a pair of row values."""
        text = ""
        for i, year in enumerate((2015, 2020)):
            self.raster(f"type{i}.tif", self.row(types[i], "uint8"), nodata=255)
            self.raster(f"volume{i}.tif", self.row(volumes[i]), nodata=-1)
            text += f'\n[[date]]\nyear = {year}\nforest_type = "type{i}.tif"\nvolume = "volume{i}.tif"\n'
            for name, pair in layers.items():
                if pair[i] is None:
                    continue
                self.raster(f"{name}{i}.tif", self.row(pair[i]), nodata=-1)
                text += f'{name} = "{name}{i}.tif"\n'
        return text

    def run_inventory(self, dates, top="", tables="", out="out"):
        self.write("inventory.toml", f'legend = "legend.csv"\nparameters = "own.csv"\n{top}\n{dates}\n{tables}\n')
        done = self.run_sinkcalc("run", "inventory.toml", "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def record(self, out="out"):
        return json.loads((self.folder / out / "run.json").read_text(encoding="utf-8"))

    def test_only_pixels_with_a_volume_class_can_cross_an_edge(self):
        dates = self.dates(([FIR, FIR, MOSO, SHRUB],) * 2, ([99, 50, 0, 0], [101, 55, 0, 0]),
                           culms=([-1, -1, 2000, -1], [-1, -1, 2100, -1]))
        self.run_inventory(dates, tables='[stock]\nmethod = "bcef"\nbcef_zone = "temperate"\n')
        crossed = [c for c in self.record()["changes_to_note"] if c["what"].startswith("crossed")]
        self.assertEqual([c["pixels"] for c in crossed], [4])
        # BCEF of other conifers is 1.0 up to 100 and 0.75 above; R and CF are those of own.csv.
        change_tc_ha = (101 * 0.75 - 99 * 1.0) * 1.25 * 0.5
        area = areas_ha(4, 4)[:, 0].sum()
        self.assert_close(crossed[0]["sink_tco2_yr"], change_tc_ha * CO2_PER_C / 5 * area, 1e-6)

    def test_bamboo_without_culms_is_counted_and_said(self):
        dates = self.dates(([FIR, MOSO, TEA, CROP],) * 2, ([10, 0, 0, 0],) * 2)
        done = self.run_inventory(dates)
        self.assertIn("of bamboo have no culms", done.stderr)
        steps = {s["step"]: s["pixels"] for s in self.record()["methods"][0]["pixels_by_step"]}
        self.assertEqual(steps["bamboo by area density"], 4)

    def test_culms_at_one_date_only_are_refused(self):
        dates = self.dates(([FIR, MOSO],) * 2, ([10, 0],) * 2, culms=([-1, 2000], None))
        self.write("inventory.toml", f'legend = "legend.csv"\n{dates}\n')
        self.assert_refused(["culms", "2020"], "run", "inventory.toml", "-o", "out")

    def by_age(self, *ages, other=None):
        """A fir without wood and a moso pixel; culms of 1, 3 and 5 years at 2015, and of half as many five years later."""
        layers = {f"culms_age_{age}": ([-1, count], [-1, count / 2]) for age, count in ages}
        return self.dates(([FIR, MOSO],) * 2, ([0, 0],) * 2, **layers, **(other or {}))

    def test_bamboo_by_culms_of_each_age(self):
        self.run_inventory(self.by_age((1, 900), (3, 900), (5, 600)), tables="[attribution]\n")
        rows = read_csv(self.folder / "out" / "zones.csv")
        area = areas_ha(4, 2)
        moso_tc = 21.7425384 * area[:, 1].sum()          # golden example G16
        stocks = {r["year"]: float(r["carbon_t"]) for r in rows if r["year"]}
        self.assert_close(stocks["2015"], moso_tc, 1e-6)
        self.assert_close(stocks["2020"], moso_tc / 2, 1e-6)
        steps = {s["step"] for s in self.record()["methods"][0]["pixels_by_step"]}
        self.assertIn("culms_by_age", steps)
        causes = {r["cause"]: float(r["area_ha"]) for r in read_csv(self.folder / "out" / "attribution.csv")}
        self.assert_close(causes["degradation"], area[:, 1].sum(), 1e-9)   # all culms together fall
        self.assertTrue(any("odd number of years" in w for w in self.record()["warnings"]))

    def test_culms_by_age_are_one_kind_and_whole(self):
        ages = ((1, 900), (3, 900), (5, 600))
        for dates, words in ((self.by_age(*ages[:2]), ["culms_age_5", "2015"]),
                             (self.by_age(*ages, other={"culms": ([-1, 2000],) * 2}), ["both", "2015"]),
                             (self.by_age(*ages, other={"culms": (None, [-1, 2000])}), ["both", "2020"])):
            with self.subTest(words=words):
                self.write("inventory.toml", f'legend = "legend.csv"\n{dates}\n')
                self.assert_refused(words, "run", "inventory.toml", "-o", "out")

    def test_bamboo_goes_by_culms_under_agb_too(self):
        self.raster("type.tif", self.row([FIR, MOSO], "uint8"), nodata=255)
        self.raster("agb.tif", self.row([100, 100]), nodata=-1)
        self.raster("culms.tif", self.row([-1, 2000]), nodata=-1)
        self.assert_works("stock", "--method", "agb", "--forest-type", "type.tif", "--agb", "agb.tif", "--culms",
                          "culms.tif", "--legend", "legend.csv", "--parameters", "own.csv", "--year", "2020", "-o", "out")
        area = areas_ha(4, 2)
        culm_tc_ha = 2000 * 19.1 / 1000 * 0.477
        self.assert_close(self.total(), 100 * 1.25 * 0.5 * area[:, 0].sum() + culm_tc_ha * area[:, 1].sum(), 1e-6)

    def test_volume_is_known_by_date(self):
        text = self.dates(([FIR, FIR],) * 2, ([100, 50],) * 2, agb=([80, 60], [90, 70]))
        text = text.replace('volume = "volume1.tif"\n', "")
        self.run_inventory(text, tables='[stock]\nmethod = "agb"\n')
        rows = read_csv(self.folder / "out" / "zones.csv")
        self.assert_close(float(rows[0]["volume_m3"]), (areas_ha(4, 2) * [100, 50]).sum())
        self.assertEqual([rows[1]["volume_m3"], rows[2]["volume_change_m3_yr"]], ["", ""])

    def test_tea_keeps_its_stock_where_land_cover_decides_and_both_maps_agree(self):
        self.raster("type.tif", self.row([FIR, TEA], "uint8"), nodata=255)
        self.raster("volume.tif", self.row([100, 0]), nodata=-1)
        self.raster("cover.tif", self.row([2, 1], "uint8"), nodata=255)
        self.write("cover.csv", "code,key,land_use,name_en,name_zh\n1,,cropland,crop,\n2,,forest,trees,\n")
        self.assert_works("stock", "--forest-type", "type.tif", "--volume", "volume.tif", "--landcover", "cover.tif",
                          "--landcover-legend", "cover.csv", "--land-use-from", "landcover", "--legend", "legend.csv",
                          "--parameters", "own.csv", "--year", "2020", "-o", "out")
        self.assert_close(self.total(), 37.5 * areas_ha(4, 2)[:, 0].sum() + 10 * areas_ha(4, 2)[:, 1].sum(), 1e-6)

    def test_a_layer_of_a_zone_file_may_be_named(self):
        write_polygons(self.folder / "z.gpkg", [(("a", "east"), box(590000, 2950000, 601000, 2970000))])
        self.assert_works(*self.stock("--zones", "z.gpkg:zones", "--zone-id", "code"))
        self.assertEqual(read_csv(self.folder / "out" / "zones.csv")[0]["zone_id"], "a")

    def test_codes_of_six_digits(self):
        codes = self.row([110801, 350702], "float64")
        self.raster("types6.tif", codes, nodata=-1)
        self.raster("volume.tif", self.row([100, 100]), nodata=-1)
        self.write("legend6.csv", "code,key,land_use,name_en,name_zh\n110801,CHINESE_FIR,forest,fir,\n3507xx,,cropland,c,\n")
        self.assert_works("stock", "--forest-type", "types6.tif", "--volume", "volume.tif", "--legend", "legend6.csv",
                          "--parameters", "own.csv", "--zones", "types6.tif", "--year", "2020", "-o", "out")
        rows = read_csv(self.folder / "out" / "zones.csv")
        self.assertEqual([r["zone_id"] for r in rows], ["110801", "350702", "total"])
        self.assertEqual(float(rows[1]["carbon_t"]), 0)

    def test_a_class_without_a_row_of_pools_is_refused(self):
        self.raster("cover.tif", self.row([1, 2], "uint8"), nodata=255)
        self.write("cover.csv", "code,key,land_use,name_en,name_zh\n1,,cropland,crop,\n2,,forest,trees,\n")
        self.write("pools.csv", "lucode,LULC_name,C_above,C_below,C_soil,C_dead\n2,trees,15,10,60,1\n")
        self.assert_refused(["pools.csv", "1 (4 pixels)"], "stock", "--method", "lookup", "--landcover", "cover.tif",
                            "--landcover-legend", "cover.csv", "--densities", "pools.csv", "--year", "2020", "-o", "out")

    def test_zonal_takes_any_value_and_keeps_every_zone(self):
        self.raster("v.tif", self.row([1, -1, 3e38]), nodata=-1)
        self.raster("z.tif", self.row([1, 2, 3], "uint8"), nodata=255)
        self.assert_works("zonal", "v.tif", "--zones", "z.tif", "-o", "out")
        rows = {r["zone_id"]: r for r in read_csv(self.folder / "out" / "zonal.csv")}
        self.assertEqual([rows["2"]["pixels"], rows["2"]["sum"], rows["2"]["mean"]], ["0", "0", ""])
        self.assertGreater(float(rows["3"]["sum"]), 1e38)

    def test_a_reference_alone_has_its_caveat(self):
        dates = self.dates(([FIR, FIR],) * 2, ([100, 50], [110, 60]))
        self.run_inventory(dates, tables='[[reference]]\nname = "Fujian"\nrate_tco2_ha_yr = 2.77\n')
        self.assertFalse(self.record()["comparable"])
        self.assertIn("indicative only", read_csv(self.folder / "out" / "zones.csv")[2]["benchmark_note"])

    def test_names_that_a_geopackage_cannot_tell_apart_are_refused(self):
        dates = self.dates(([FIR, FIR],) * 2, ([100, 50], [110, 60]))
        tables = "".join(f'[[reference]]\nname = "{n}"\nrate_tco2_ha_yr = 2\n' for n in ("F", "f"))
        self.write("inventory.toml", f'legend = "legend.csv"\n{dates}\n{tables}\n')
        self.assert_refused(["'f'", "twice"], "run", "inventory.toml", "-o", "out")

    def test_what_is_in_the_way_of_a_result_stops_the_run_before_anything_is_replaced(self):
        self.assert_works(*self.stock())
        before = (self.folder / "out" / "run.json").read_bytes()
        (self.folder / "out" / "zones.csv").unlink()
        (self.folder / "out" / "zones.csv").mkdir()
        done = self.run_sinkcalc(*self.stock("--overwrite"))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual((self.folder / "out" / "run.json").read_bytes(), before)

    def test_blank_paths_are_no_paths(self):
        self.assert_refused(["-o", "blank"], *self.stock(out=""))
        self.assert_refused(["--zones", "blank"], *self.stock("--zones", ""))

    def test_a_limit_of_file_size_is_an_output_error(self):
        before = sorted(self.folder.rglob("*"))
        done = subprocess.run([SINKCALC, *self.stock()], cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              encoding="utf-8", check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(sorted(self.folder.rglob("*")), before)


if __name__ == "__main__":
    unittest.main()
