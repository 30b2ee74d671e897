# SPDX-License-Identifier: Apache-2.0
"""carbon.csv of sinkchange: the ledger of reference 16 through the program, small worlds by hand, Olofsson's published areas,
and bad input."""
import json
import math
import os
import pathlib
import unittest

import numpy as np
from osgeo import gdal, osr

from raster_case import areas_ha, read_csv, write_raster
from test_sinkchange import ROOT, SinkchangeTest, class_map

CO2 = 44 / 12
Z95 = 1.959963984540054
SHARED = pathlib.Path(os.environ.get("SINK_SHARED", ROOT.parent / "shared"))
LEDGER = SHARED / "reference" / "change" / "16_carbon_consequence" / "ledger_expected.json"
POOLS = "lucode,LULC_name,C_above,C_below,C_soil,C_dead\n"
POOLS_SD = "lucode,LULC_name,C_above,C_below,C_soil,C_dead,C_above_sd,C_below_sd,C_soil_sd,C_dead_sd\n"
LEGEND = ("code,key,land_use,name_en,name_zh\n1,,forest,forest,\n2,,cropland,field,\n3,ECON_TEA_CAMELLIA,cropland_perennial,tea,\n"
          "4,NON_STOCKED,forest_unstocked,felled,\n")
TEA_TC_HA = 23.7 * 0.47
TEA_SD = 3.555 * 0.47


class CarbonTest(SinkchangeTest):
    def carbon(self, *arguments, command="matrix", out="out"):
        """{(zone, from, to): row} of carbon.csv."""
        self.done = self.works(command, *arguments, "-o", out, "--overwrite")
        return {(row["zone_id"], row["from_code"], row["to_code"]): row
                for row in read_csv(self.folder / out / "carbon.csv")}

    def close(self, text, expected, tolerance=1e-9):
        self.assertNotEqual(text, "")
        self.assertLessEqual(abs(float(text) - expected), tolerance * max(abs(expected), 1e-9), (text, expected))

    def record(self, out="out"):
        return json.loads((self.folder / out / "run.json").read_text(encoding="utf-8"))


class Ledger(CarbonTest):
    def test_reference_16_through_the_program(self):
        """Each row of the ledger is a pixel: class 2n before, 2n + 1 after, by the densities alone and with a mapped stock."""
        if not LEDGER.is_file():
            print(f"skipped: {LEDGER} is not there")
            self.skipTest("../shared is absent")
        rows = json.loads(LEDGER.read_text(encoding="utf-8"))["rows"]
        pools, stock = POOLS, []
        for n, row in enumerate(rows):
            above = row["agb_before_tdm_ha"] * row["cf"]
            stock.append(above * (1 + row["root_shoot"]))
            pools += f"{2 * n},a,{above},{above * row['root_shoot']},{row['soc_before_tC_ha']},{row['dom_tC_ha']}\n"
            pools += f"{2 * n + 1},b,{row['biomass_after_tdm_ha'] * row['cf']},0,{row['soc_after_equilibrium_tC_ha']},0\n"
        self.write("pools.csv", pools)
        before = np.arange(0, 2 * len(rows), 2, dtype="uint8")[None, :]
        write_raster(self.folder / "a.tif", before, 255)
        write_raster(self.folder / "b.tif", before + 1, 255)
        write_raster(self.folder / "c.tif", np.array([stock]), -1)
        self.write("legend.csv", "code,key,land_use,name_en,name_zh\n" + "".join(f"{c},,other,c,\n" for c in range(2 * len(rows))))
        for extra in ([], ["--stock", "c.tif"]):
            found = self.carbon("a.tif", "b.tif", "--years", 2020, 2021, "--legend", "legend.csv", "--densities", "pools.csv", *extra)
            for n, row in enumerate(rows):
                ours = found[("total", str(2 * n), str(2 * n + 1))]
                share = float(ours["area_ha"]) / row["area_ha"]
                soil = row["dC_soc_tC"] / row["years_of_soc_transition_counted"]
                living_dead = row["dC_biomass_tC"] + row["dC_dom_tC"]
                self.close(ours["carbon_change_t"], row["dC_biomass_tC"] * share)
                self.close(ours["dead_in_year_t"], row["dC_dom_tC"] * share)
                self.close(ours["soil_in_year_t"], soil * share)
                self.close(ours["soil_committed_t"], 20 * soil * share)
                self.close(ours["in_year_tco2"], -(living_dead + soil) * CO2 * share)
                self.close(ours["committed_tco2"], -(living_dead + 20 * soil) * CO2 * share)


class Small(CarbonTest):
    """Pixels of about 1 ha, worked out by hand."""

    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND)
        self.area = areas_ha(1, 5)[0]

    def pair(self, before, after, legend=True):
        write_raster(self.folder / "a.tif", class_map(before), 255)
        write_raster(self.folder / "b.tif", class_map(after), 255)
        return ["a.tif", "b.tif", "--years", 2015, 2020, *(["--legend", "legend.csv"] if legend else [])]

    def stock(self, name, *values):
        write_raster(self.folder / name, np.array([values], "float64"), -1)
        return ["--stock", name]

    def test_forest_to_tea_without_a_table_loses_no_soil_and_no_standard_value(self):
        maps = self.pair([1, 1, 1, 2, 1], [3, 3, 1, 3, 255])
        found = self.carbon(*maps, *self.stock("s.tif", 100, 40, 90, -1, 70))
        tea = found[("total", "1", "3")]
        area = self.area[:2].sum()
        before = 100 * self.area[0] + 40 * self.area[1]
        for column in ("dead_in_year_t", "dead_committed_t", "soil_in_year_t", "soil_committed_t"):
            self.assertEqual({row[column] for row in found.values()}, {""})
        self.close(tea["carbon_before_t"], before)
        self.close(tea["carbon_after_t"], TEA_TC_HA * area)
        self.close(tea["committed_tco2"], (before - TEA_TC_HA * area) * CO2)
        self.assertEqual(tea["committed_tco2"], tea["in_year_tco2"])
        self.close(tea["committed_sd_tco2"], TEA_SD * area * CO2)
        self.close(tea["committed_ci_high_tco2"], float(tea["committed_tco2"]) + Z95 * TEA_SD * area * CO2)
        # Field to tea: the map is silent on the field, which holds nothing; the tea grows.
        self.close(found[("total", "2", "3")]["committed_tco2"], -TEA_TC_HA * self.area[3] * CO2)
        # Forest that nobody sees any more is no loss.
        self.assertEqual((found[("total", "1", "")]["committed_tco2"], found[("total", "1", "")]["pixels"]), ("", "1"))
        self.assertEqual(found[("total", "1", "1")]["committed_tco2"], "0")
        both = found[("total", "all", "all")]
        self.close(both["committed_tco2"], float(tea["committed_tco2"]) + float(found[("total", "2", "3")]["committed_tco2"]))
        self.close(both["committed_sd_tco2"], TEA_SD * (area + self.area[3]) * CO2)
        self.assertIn("unverified", self.done.stderr)
        self.assertIn("dead matter and soil are not known", self.done.stdout)
        record = self.record()["carbon"]
        self.assertEqual(record["stock_is_of"], "the start of each interval")
        self.assertEqual({row["parameter"] for row in record["parameters"]}, {"biomass_density", "carbon_fraction"})
        self.assertIn("never a loss", " ".join(record["assumed"]))

    def test_a_map_for_each_date(self):
        maps = self.pair([1, 1, 1, 3, 1], [3, 3, 1, 1, 4])
        found = self.carbon(*maps, *self.stock("s.tif", 100, 40, 90, 9, 70), *self.stock("t.tif", 8, -1, 95, -1, -1))
        tea = found[("total", "1", "3")]
        self.close(tea["carbon_after_t"], 8 * self.area[0] + TEA_TC_HA * self.area[1])
        self.close(tea["committed_sd_tco2"], TEA_SD * self.area[1] * CO2)
        self.close(found[("total", "1", "1")]["in_year_tco2"], -5 * self.area[2] * CO2)
        grown = found[("total", "3", "1")]  # forest without mapped carbon is not a standard value
        self.assertEqual((grown["pixels"], grown["pixels_with_carbon"], grown["committed_tco2"]), ("1", "0", ""))
        # Felled land is forest: a hole of the later map is a hole.
        self.assertEqual(found[("total", "1", "4")]["carbon_after_t"], "")
        self.assertIn("ha of change have no carbon", self.done.stderr)

    def test_felled_land_holds_nothing_after_a_map_of_the_start(self):
        found = self.carbon(*self.pair([1, 1, 2, 2, 2], [4, 1, 1, 2, 2]), *self.stock("s.tif", 80, 50, 1, 2, 3))
        self.close(found[("total", "1", "4")]["committed_tco2"], 80 * self.area[0] * CO2)
        self.assertEqual(found[("total", "2", "1")]["committed_tco2"], "")

    def test_a_table_gives_every_pool_with_its_error(self):
        self.write("pools.csv", POOLS_SD + "1,forest,80,20,60,5,8,2,6,\n2,field,2,1,30,0,,,3,\n3,tea,10,4,70,1,1,1,7,1\n")
        found = self.carbon(*self.pair([1, 1, 1, 2, 2], [3, 2, 1, 3, 2], legend=False), "--densities", "pools.csv")
        tea, a = found[("total", "1", "3")], self.area[0]
        self.close(tea["carbon_change_t"], -86 * a)
        self.close(tea["dead_committed_t"], -4 * a)
        self.close(tea["soil_in_year_t"], 0.5 * a)
        self.close(tea["soil_committed_t"], 10 * a)
        self.close(tea["in_year_tco2"], (86 + 4 - 0.5) * a * CO2)
        self.close(tea["committed_tco2"], (86 + 4 - 10) * a * CO2)
        self.close(tea["committed_sd_tco2"], math.sqrt(64 + 4 + 1 + 1 + 36 + 49 + 1) * a * CO2)
        self.close(tea["in_year_sd_tco2"], math.sqrt(64 + 4 + 1 + 1 + (36 + 49) / 400 + 1) * a * CO2)
        # Dead matter builds up over twenty years.
        self.close(found[("total", "2", "3")]["dead_in_year_t"], 0.05 * self.area[3])
        self.close(found[("total", "2", "3")]["dead_committed_t"], self.area[3])
        self.assertEqual((found[("total", "1", "1")]["committed_tco2"], found[("total", "1", "1")]["committed_sd_tco2"]), ("0", ""))

    def test_bad_input(self):
        maps = self.pair([1, 1, 1, 2, 1], [3, 2, 1, 3, 1])
        stock = self.stock("s.tif", 1, 2, 3, 4, 5)
        out = ["-o", "out"]
        self.refused(["--stock: 3 carbon maps for 2 class maps"], "map", *maps, *stock, *stock, *stock, *out)
        self.refused(["--stock: 1 carbon maps for 3 class maps", "2 intervals"], "map", "a.tif", "b.tif", "a.tif", "--years", 2010,
                     2015, 2020, *stock, *out)
        self.refused(["--legend", "--densities"], "map", *maps[:-2], *stock, *out)
        self.write("pools.csv", POOLS + "1,f,1,1,1,1\n2,c,1,1,1,1\n30,x,1,1,1,1\n")
        self.refused(["pools.csv", "no row for class 3 (tea)", "add lucode 3"], "map", *maps, "--densities", "pools.csv", *out)
        self.write("pools.csv", POOLS + "1,f,1,1,1,1\n2,c,1,1,1,1\n3,x,-1,1,1,1\n")
        self.refused(["pools.csv:4", "C_above is -1"], "map", *maps, "--densities", "pools.csv", *out)
        self.write("pools.csv", POOLS_SD + "1,f,1,1,1,1,-2,,,\n2,c,1,1,1,1,,,,\n3,x,1,1,1,1,,,,\n")
        self.refused(["pools.csv:2", "C_above_sd is -2"], "map", *maps, "--densities", "pools.csv", *out)
        write_raster(self.folder / "n.tif", np.array([[1, -9999, 2, 3, -9999]], "float32"))
        self.refused(["n.tif", "negative carbon in 2 pixels", "nodata"], "map", *maps, "--stock", "n.tif", *out)
        write_raster(self.folder / "g.tif", np.ones((1, 4), "float32"))
        self.refused(["g.tif", "another grid"], "map", *maps, "--stock", "g.tif", *out)
        self.refused(["nowhere.tif", "no such file"], "map", *maps, "--stock", "nowhere.tif", *out)
        self.refused(["--accuracy", "--stock or --densities"], "map", *maps, "--accuracy", "a.csv", *out)
        self.refused(["--accuracy: 2 tables for 1 intervals"], "map", *maps, *stock, "--accuracy", "a.csv", "--accuracy", "a.csv", *out)


class Adjusted(CarbonTest):
    """Olofsson et al. 2014, table 8: 200,000, 150,000, 3,200,000 and 6,450,000 pixels of 30 m; here 9 ha to a pixel."""

    PUBLISHED = {"2": (21158, 6158), "3": (11686, 3756), "1": (285770, 15510), "4": (581386, 16282)}
    COUNTS = {2: (66, 0, 5, 4), 3: (0, 55, 8, 12), 1: (1, 0, 153, 11), 4: (2, 1, 9, 313)}  # units by reference 2, 3, 1, 4

    def setUp(self):
        super().setUp()
        codes = np.repeat([2, 3, 1, 4], [2000, 1500, 32000, 64500]).astype("uint8").reshape(250, 400)
        crs = osr.SpatialReference()
        crs.SetFromUserInput("+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=GRS80 +units=m")
        for name, classes in [("a.tif", (codes + 1) // 2), ("b.tif", (codes + 1) % 2 + 1)]:
            data = gdal.GetDriverByName("GTiff").Create(str(self.folder / name), 400, 250, 1, gdal.GDT_Byte)
            data.SetGeoTransform((1200000, 300, 0, 3000000, 0, -300))
            data.SetProjection(crs.ExportToWkt())
            data.GetRasterBand(1).SetNoDataValue(255)
            data.GetRasterBand(1).WriteArray(classes.astype("uint8"))
            data = None
        self.maps = ("a.tif", "b.tif", "--years", 2000, 2010)
        self.write("pools.csv", POOLS_SD + "1,forest,100,0,0,0,10,,,\n2,none,0,0,0,0,,,,\n")
        self.write("strata.csv", "stratum,map_class,pixels,area_ha\n2,2,2000,18000\n3,3,1500,13500\n1,1,32000,288000\n4,4,64500,580500\n")
        self.label(self.COUNTS)

    def label(self, counts, *options):
        lines = ["map_class,reference"]
        for mapped, units in counts.items():
            for reference, n in zip((2, 3, 1, 4), units):
                lines += [f"{mapped},{reference}"] * n
        self.write("labelled.csv", "\n".join(lines) + "\n")
        self.works("accuracy", "labelled.csv", "--strata", "strata.csv", "-o", "accuracy", "--overwrite", *options)

    def adjusted(self, *extra, **options):
        return self.carbon(*self.maps, "--densities", "pools.csv", "--accuracy", "accuracy/accuracy.csv", *extra, **options)

    def test_the_published_areas_and_the_carbon_on_them(self):
        found = self.adjusted()
        for code, (area, half) in self.PUBLISHED.items():
            row = found[("total", str((int(code) + 1) // 2), str((int(code) + 1) % 2 + 1))]
            self.assertLess(abs(float(row["adjusted_area_ha"]) - area), 0.7)
            self.assertLess(abs(float(row["adjusted_ci_high_ha"]) - area - half), 1.2)
            self.assertLess(abs(float(row["adjusted_ci_low_ha"]) - area + half), 1.2)
        loss = found[("total", "1", "2")]
        self.close(loss["adjusted_committed_tco2"], float(loss["adjusted_area_ha"]) * 100 * CO2)
        self.assertLess(abs(float(loss["adjusted_committed_tco2"]) / (100 * CO2) - 21158), 0.7)
        # Delta method: sd of the area and of the density, 10 of 100 t C/ha.
        area = float(loss["adjusted_area_ha"])
        se = (float(loss["adjusted_ci_high_ha"]) - area) / Z95
        half = Z95 * math.hypot(100 * se, 10 * area) * CO2
        self.close(loss["adjusted_committed_ci_high_tco2"], float(loss["adjusted_committed_tco2"]) + half)
        self.close(loss["adjusted_committed_ci_low_tco2"], float(loss["adjusted_committed_tco2"]) - half)
        both = found[("total", "all", "all")]
        gain = found[("total", "2", "1")]
        self.close(both["adjusted_area_ha"], area + float(gain["adjusted_area_ha"]))
        self.assertEqual(both["adjusted_ci_low_ha"], "")
        self.assertIn("adjusted t CO2", self.done.stdout)

    def test_a_density_without_an_error_leaves_the_error_of_the_area(self):
        self.write("pools.csv", POOLS + "1,forest,100,0,0,0\n2,none,0,0,0,0\n")
        loss = self.adjusted()[("total", "1", "2")]
        for end in ("low", "high"):
            self.close(loss[f"adjusted_committed_ci_{end}_tco2"], 100 * CO2 * float(loss[f"adjusted_ci_{end}_ha"]))
        self.assertLess(abs(float(loss["adjusted_committed_ci_high_tco2"]) / (100 * CO2) - 21158 - 6158), 1.2)

    def test_the_level_of_the_file_is_kept(self):
        self.label(self.COUNTS, "--level", "0.9")
        loss = self.adjusted()[("total", "1", "2")]
        rows = {row["class"]: row for row in read_csv(self.folder / "accuracy" / "accuracy.csv")}
        self.close(loss["adjusted_ci_low_ha"], float(rows["2"]["ci_low_ha"]))
        self.close(self.record()["carbon"]["accuracy"][0]["z"], 1.6448536269514722)

    def test_zones_take_the_ratio_and_no_interval(self):
        zones = np.repeat([1, 2], [100, 150]).astype("uint8")[:, None].repeat(400, axis=1)
        data = gdal.Open(str(self.folder / "a.tif"))
        copy = gdal.GetDriverByName("GTiff").CreateCopy(str(self.folder / "z.tif"), data)
        copy.GetRasterBand(1).WriteArray(zones)
        copy = data = None
        found = self.adjusted("--zones", "z.tif")
        total, zone = found[("total", "1", "2")], found[("1", "1", "2")]
        self.close(zone["adjusted_area_ha"], float(zone["area_ha"]) * float(total["adjusted_area_ha"]) / float(total["area_ha"]))
        self.close(zone["adjusted_committed_tco2"], float(zone["adjusted_area_ha"]) * 100 * CO2)
        self.assertEqual((zone["adjusted_ci_low_ha"], zone["adjusted_committed_ci_high_tco2"]), ("", ""))
        self.assertNotEqual(total["adjusted_ci_low_ha"], "")
        # A set that leaves out part of the map: its total has no sample of its own either.
        zones[200:] = 255
        copy = gdal.Open(str(self.folder / "z.tif"), gdal.GA_Update)
        copy.GetRasterBand(1).WriteArray(zones)
        copy = None
        found = self.adjusted("--zones", "z.tif")
        self.assertEqual(found[("total", "1", "1")]["adjusted_ci_low_ha"], "")
        self.assertIn("without an interval", " ".join(self.record()["carbon"]["assumed"]))

    def test_a_change_that_only_the_reference_has(self):
        for name, value in [("a.tif", 1), ("b.tif", 1)]:  # nobody mapped a gain: its 13,500 ha are stable forest
            data = gdal.Open(str(self.folder / name), gdal.GA_Update)
            classes = data.ReadAsArray().ravel()
            classes[2000:3500] = value
            data.GetRasterBand(1).WriteArray(classes.reshape(250, 400))
            data = None
        self.write("strata.csv", "stratum,map_class,pixels,area_ha\n2,2,2000,18000\n1,1,33500,301500\n4,4,64500,580500\n")
        self.label({2: (66, 0, 5, 4), 1: (1, 8, 153, 11), 4: (2, 1, 9, 313)})
        gain = self.adjusted()[("total", "2", "1")]
        self.assertEqual((gain["pixels"], gain["area_ha"], gain["committed_tco2"]), ("0", "0", ""))
        self.close(gain["adjusted_committed_tco2"], -100 * CO2 * float(gain["adjusted_area_ha"]))
        stock = gdal.GetDriverByName("GTiff").CreateCopy(str(self.folder / "s.tif"), gdal.Open(str(self.folder / "a.tif")))
        stock = None
        self.write("legend.csv", "code,key,land_use,name_en,name_zh\n1,,forest,forest,\n2,,other,none,\n")
        gain = self.carbon(*self.maps, "--legend", "legend.csv", "--stock", "s.tif", "--accuracy", "accuracy/accuracy.csv")[("total", "2", "1")]
        self.assertNotEqual(gain["adjusted_area_ha"], "")
        self.assertEqual(gain["adjusted_committed_tco2"], "")

    def test_a_table_of_another_map_is_refused(self):
        call = ("matrix", *self.maps, "--densities", "pools.csv", "--accuracy", "accuracy/accuracy.csv", "-o", "out")
        path = self.folder / "accuracy" / "accuracy.csv"
        good = path.read_text(encoding="utf-8")
        lines = good.splitlines(keepends=True)
        for text, words in [(good.replace("18000", "18000.1"), ["class 2", "18000.1 ha", "another map"]),
                            (good.replace("\n4,", "\n5,"), ["class '5'", "1 to 4"]),
                            ("".join(line for line in lines if not line.startswith("3,")), ["no class 3", "another map"]),
                            (good.replace("18000", ""), ["mapped area", "--map"]),
                            (good.replace("mapped_area_ha", "x"), ["mapped_area_ha"])]:
            path.write_text(text, encoding="utf-8")
            self.refused(["accuracy.csv", *words], *call)


if __name__ == "__main__":
    unittest.main()
