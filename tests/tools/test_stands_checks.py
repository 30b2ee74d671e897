# SPDX-License-Identifier: Apache-2.0
"""sinkcalc stands: every check of the fields has a file that trips it and a twin that does not; the inventory file made."""
import csv
import unittest

import numpy as np
from osgeo import gdal, ogr, osr

from raster_case import WEST, NORTH, crs_of, box, read_csv
from stands_case import FIELDS, BAMBOO, square, pixels, StandsTest


class Checks(StandsTest):
    GOOD = ({}, BAMBOO, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 35, "LING_ZU": "4"})

    def trip(self, rule, bad, twin):
        """A file with one stand that breaks a rule, and its twin that does not."""
        name = f"{rule}_{abs(hash(str(bad)))}"
        self.make(self.stands(f"{name}.gpkg", [*self.GOOD, bad]), out=name)
        self.assertEqual(self.findings(name), [("350724-007-0004", rule)], bad)
        self.assertIn(rule, self.said)
        self.make(self.stands(f"{name}_twin.gpkg", [*self.GOOD, twin]), out=name + "_twin")
        self.assertEqual(self.findings(name + "_twin"), [], twin)
        self.assertNotIn("finding", self.said.split("Written")[0])

    def test_volume_times_area_against_the_total(self):
        self.trip("volume_total", {"SLXJ": 1700.0}, {"SLXJ": 1650.0})                 # 6 % and 3 %
        small = box(WEST + 1200, NORTH - 40, WEST + 1240, NORTH)                      # 0.16 ha: totals are rounded to m3
        self.trip("no_pixel", {"SLXJ": 16.6, "MIAN_JI": 0.16, "shape": small}, {})

    def test_age_against_age_group(self):
        self.trip("age_group", {"PINGJUN_NL": 21}, {"PINGJUN_NL": 20})
        self.trip("age_group", {"PINGJUN_NL": 11, "LING_ZU": "1"}, {"PINGJUN_NL": 10, "LING_ZU": "1"})
        self.trip("age_group", {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 30, "LING_ZU": "4"}, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 30, "LING_ZU": "3"})
        self.trip("age_group", {"PINGJUN_NL": 35, "LING_ZU": "5"}, {"PINGJUN_NL": 36, "LING_ZU": "5"})
        # The bounds are those of plantations: 11 is natural.
        self.trip("age_group", {"PINGJUN_NL": 40}, {"PINGJUN_NL": 40, "QI_YUAN": "11"})

    def test_age_group_in_words(self):
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "过熟林"}, {"PINGJUN_NL": 36, "LING_ZU": "过熟林"})
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "中龄"}, {"PINGJUN_NL": 15, "LING_ZU": "中龄"})
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "Mature"}, {"PINGJUN_NL": 30, "LING_ZU": "mature"})
        self.trip("age_group_unread", {"LING_ZU": "壮年"}, {"LING_ZU": "2.00"})
        self.trip("age_group_unread", {"LING_ZU": "7"}, {"LING_ZU": None})

    def test_canopy(self):
        self.trip("canopy_low", {"YU_BI_DU": 0.19}, {"YU_BI_DU": 0.2})
        self.trip("canopy_range", {"YU_BI_DU": 1.2}, {"YU_BI_DU": 1.0})
        self.make(self.stands("bamboo.gpkg", [*self.GOOD, {**BAMBOO, "YU_BI_DU": 0.1}]), out="bamboo")
        self.assertEqual(self.findings("bamboo"), [])

    def test_area_against_the_outline(self):
        self.trip("area_outline", {"MIAN_JI": 18.0, "SLXJ": 1800.0}, {"MIAN_JI": 17.0, "SLXJ": 1700.0})
        self.make(self.stands("one_mu.gpkg", [*self.GOOD, {"MIAN_JI": 240.0}]), out="one_mu")
        self.assertEqual(self.findings("one_mu"), [("350724-007-0004", "area_outline"), ("350724-007-0004", "volume_total")])
        [note] = [row["note"] for row in read_csv(self.folder / "one_mu" / "stands_findings.csv") if row["rule"] == "area_outline"]
        self.assertIn("mu", note)

    def test_volumes_that_cannot_be(self):
        many = [*self.GOOD] + [{}] * 10
        for volume, findings in ((401.0, [("350724-007-0014", "volume_high")]), (400.0, [])):
            file = self.stands(f"v{volume}.gpkg", [*many, {"HUO_LMGQXJ": volume, "SLXJ": 16 * volume}])
            self.make(file, out=f"v{volume}")
            self.assertEqual(self.findings(f"v{volume}"), findings)
        self.trip("volume_missing", {"HUO_LMGQXJ": None, "SLXJ": None}, {**BAMBOO, "HUO_LMGQXJ": None, "SLXJ": None})
        self.trip("volume_zero", {"HUO_LMGQXJ": 0.0, "SLXJ": 0.0}, {"HUO_LMGQXJ": 0.0, "SLXJ": 0.0, "PINGJUN_NL": 3, "LING_ZU": "1"})
        self.trip("age_missing", {"PINGJUN_NL": None}, {})
        self.trip("age_missing", {"PINGJUN_NL": 0}, {"PINGJUN_NL": 0, "LING_ZU": "1", "HUO_LMGQXJ": 0.0, "SLXJ": 0.0})
        self.trip("culms_missing", {**BAMBOO, "MEI_GQ_ZS": 0}, BAMBOO)
        self.trip("species_missing", {"YOU_SHI_SZ": None}, {})
        self.trip("no_geometry", {"shape": None}, {})

    def test_area_in_mu_is_refused_with_the_option(self):
        mu = [{**stand, "MIAN_JI": 240.0} for stand in self.GOOD]
        file = self.stands("mu.gpkg", mu)
        self.assert_fails(2, ["mu.gpkg", "MIAN_JI", "15", "--area-unit mu"], *self.arguments(file))
        self.make(file, "--area-unit", "mu")
        self.assertEqual(self.findings(), [])
        good = self.stands("ha.gpkg", self.GOOD)
        self.assert_fails(2, ["ha.gpkg", "--area-unit ha"], *self.arguments(good, "--area-unit", "mu", out="other"))
        square_metres = self.stands("m2.gpkg", [{**stand, "MIAN_JI": 160000.0} for stand in self.GOOD])
        self.assert_fails(2, ["m2.gpkg", "--area-unit m2"], *self.arguments(square_metres, out="other"))
        odd = self.stands("odd.gpkg", [{**stand, "MIAN_JI": 64.0} for stand in self.GOOD])
        self.make(odd, out="odd")
        self.assertIn("4.0 times", self.said)
        self.make(self.stands("odd2.gpkg", [{**stand, "MIAN_JI": 64.0} for stand in self.GOOD]), "--field", "area=", out="odd2")
        self.assertEqual(self.findings("odd2"), [])

    def test_volume_of_the_parcel_is_refused_with_the_option(self):
        stands = [{"HUO_LMGQXJ": 1600.0}, {**BAMBOO}, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 35, "LING_ZU": "4", "HUO_LMGQXJ": 1600.0}]
        file = self.stands("parcel.gpkg", stands)
        self.assert_fails(2, ["parcel.gpkg", "HUO_LMGQXJ", "SLXJ", "--volume-unit per_parcel"], *self.arguments(file))
        self.make(file, "--volume-unit", "per_parcel")
        np.testing.assert_array_equal(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:12:4], [100, 0, 100])
        self.assertEqual(self.findings(), [])
        # Small parcels stay below 400: the total tells.
        small = [{"HUO_LMGQXJ": 320.0, "SLXJ": 320.0}] * 4
        self.assert_fails(2, ["small.gpkg", "--volume-unit per_parcel"], *self.arguments(self.stands("small.gpkg", small), out="other"))
        # Without totals the number of stands above 400 tells; who knows better says so.
        high = [{"HUO_LMGQXJ": 450.0}, {}, {}]
        file = self.stands("high.gpkg", high, fields=[f for f in FIELDS if f[0] != "SLXJ"])
        self.assert_fails(2, ["high.gpkg", "400 m3/ha", "1 of 3", "--volume-unit per_parcel", "--volume-unit per_ha"], *self.arguments(file, out="other"))
        self.make(file, "--volume-unit", "per_ha", out="other")
        self.assertEqual(self.findings("other"), [("350724-007-0001", "volume_high")])
        no_area = self.stands("no_area.gpkg", [{"HUO_LMGQXJ": 1600.0, "SLXJ": None}], fields=[f for f in FIELDS if f[0] != "MIAN_JI"])
        self.make(no_area, "--volume-unit", "per_parcel", out="outline")
        self.assertAlmostEqual(pixels(self.folder / "outline" / "volume_2020.tif")[0, 0], 100, delta=0.1)    # by the outline's area

    def test_volume_per_mu_and_canopy_in_tenths_and_percent(self):
        mu = [{"HUO_LMGQXJ": 100 / 15}, {"HUO_LMGQXJ": 100 / 15, "PINGJUN_NL": 12}]
        file = self.stands("per_mu.gpkg", mu)
        self.assert_fails(2, ["per_mu.gpkg", "--volume-unit per_mu"], *self.arguments(file))
        self.make(file, "--volume-unit", "per_mu")
        np.testing.assert_allclose(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:8:4], 100, rtol=1e-6)
        for factor, unit in ((10, "tenths"), (100, "percent")):
            file = self.stands(f"{unit}.gpkg", [{**stand, "YU_BI_DU": 0.7 * factor} for stand in self.GOOD])
            self.assert_fails(2, [f"{unit}.gpkg", "YU_BI_DU", f"--canopy-unit {unit}"], *self.arguments(file, out="other"))
            self.make(file, "--canopy-unit", unit, out=unit)
            np.testing.assert_allclose(pixels(self.folder / unit / "canopy_2020.tif")[0, 0:12:4], 0.7, rtol=1e-6)

    def test_units_are_judged_file_by_file(self):
        self.stands("mu.gpkg", [{"MIAN_JI": 240.0}] * 3)
        self.stands("ha.gpkg", [{}] * 4, shapes=[square(9 + i) for i in range(4)])
        self.assert_fails(2, ["mu.gpkg: field MIAN_JI", "--area-unit mu"], *self.arguments(["ha.gpkg", "mu.gpkg"]))
        self.stands("percent.gpkg", [{"YU_BI_DU": 65.0}] * 3)
        self.assert_fails(2, ["percent.gpkg: field YU_BI_DU", "--canopy-unit percent"], *self.arguments(["ha.gpkg", "percent.gpkg"]))
        self.stands("parcel.gpkg", [{"HUO_LMGQXJ": 1600.0}] * 3)
        self.assert_fails(2, ["parcel.gpkg: field HUO_LMGQXJ", "--volume-unit per_parcel"], *self.arguments(["ha.gpkg", "parcel.gpkg"]))

    def test_a_file_of_two_units_gives_no_wrong_value(self):
        mixed = [{"MIAN_JI": 240.0 if i < 2 else 16.0, "HUO_LMGQXJ": 1600.0} for i in range(5)]
        file = self.stands("mixed.gpkg", mixed)
        self.make(file, "--volume-unit", "per_parcel")
        np.testing.assert_array_equal(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:20:4], [np.nan, np.nan, 100, 100, 100])
        self.assertIn("nodata in volume for 2 stands", self.said)
        self.assertIn("2 stands of 5: the area is about 15 times the outline", self.said)
        self.assertEqual([rule for _, rule in self.findings()].count("area_outline"), 2)
        self.make(file, "--volume-unit", "per_parcel", "--field", "area=", out="outline")
        np.testing.assert_allclose(pixels(self.folder / "outline" / "volume_2020.tif")[0, 0:20:4], 100, rtol=1e-3)
        canopies = self.stands("canopy.gpkg", [{"YU_BI_DU": 65.0 if i < 2 else 0.6} for i in range(5)])
        self.make(canopies, out="canopy")
        np.testing.assert_array_equal(pixels(self.folder / "canopy" / "canopy_2020.tif")[0, 0:20:4], [np.nan, np.nan, *[np.float32(0.6)] * 3])
        self.assertIn("nodata in canopy for 2 stands", self.said)

    def test_percent_of_sparse_stands_is_not_taken_for_tenths(self):
        file = self.stands("sparse.gpkg", [{"YU_BI_DU": 10.0}] * 6 + [{"YU_BI_DU": 70.0}] * 4)
        for extra in ((), ("--canopy-unit", "tenths")):
            self.assert_fails(2, ["sparse.gpkg", "--canopy-unit percent"], *self.arguments(file, *extra))

    def test_no_age_is_beyond_all_forests(self):
        file = self.stands("old.gpkg", [{}, {"PINGJUN_NL": 6000}])
        self.assert_fails(2, ["old.gpkg", "PINGJUN_NL", "350724-007-0002", "leave the cell blank"], *self.arguments(file))

    def test_two_zones_of_three_degrees(self):
        """Stands on both sides of 118.5 E, each half in its own zone."""
        def half(west, crs):
            shapes = []
            to_zone = osr.CoordinateTransformation(crs_of(4490), crs_of(crs))
            for place in range(4):
                geometry = ogr.CreateGeometryFromWkt(box(west + 0.004 * place, 27.0, west + 0.004 * (place + 1), 27.004))
                geometry.Transform(to_zone)
                shapes.append(geometry.ExportToWkt())
            return shapes
        bare = {"MIAN_JI": None, "SLXJ": None}
        self.stands("west.gpkg", [bare] * 4, shapes=half(118.484, 4548))
        self.stands("east.gpkg", [bare] * 4, shapes=half(118.5, 4549), crs=4549)
        both = ["west.gpkg", "east.gpkg"]
        self.assert_fails(2, ["east.gpkg", "EPSG:4549", "ogr2ogr -t_srs EPSG:4548", "--crs EPSG:4548"], *self.arguments(both, grid=("--resolution", "20")))
        self.make(both, grid=("--resolution", "20", "--crs", "EPSG:4548"))
        age = pixels(self.folder / "out" / "age_2020.tif")
        gdal.VectorTranslate(str(self.folder / "aligned.gpkg"), str(self.folder / "east.gpkg"), dstSRS="EPSG:4548")
        self.make(["west.gpkg", "aligned.gpkg"], grid=("--resolution", "20"), out="aligned")
        np.testing.assert_array_equal(age, pixels(self.folder / "aligned" / "age_2020.tif"))
        self.assertTrue(np.isfinite(age[age.shape[0] // 2, 1:-1]).all(), "no gap between the zones")
        self.assertIn("3-degree zone", self.said)              # aligned.gpkg lies beyond 118.5 E
        self.assertIn("EPSG:4549", self.said)
        self.assertIn("gdalwarp", self.said)
        self.make("west.gpkg", grid=("--resolution", "20"), out="west")
        self.assertNotIn("3-degree", self.said)

    def test_coordinates_with_a_zone_number_that_the_crs_lacks(self):
        far = [box(39e6 + WEST, NORTH - 400, 39e6 + WEST + 400, NORTH)]
        self.assert_fails(2, ["zone.gpkg", "zone number 39", "ogr2ogr -a_srs EPSG:4527"],
                          *self.arguments(self.stands("zone.gpkg", [{}], shapes=far), grid=("--resolution", "100")))


class Inventory(StandsTest):
    def test_check_takes_the_inventory_and_run_computes_it(self):
        self.make(self.stands("stands.gpkg", [{}, BAMBOO, {"YOU_SHI_SZ": None, "DI_LEI": "0101", "HUO_LMGQXJ": None, "SLXJ": None,
                                                           "PINGJUN_NL": None, "LING_ZU": None, "YU_BI_DU": None, "MEI_GQ_ZS": None}]))
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Ready to run", done.stdout)
        done = self.run_sinkcalc("run", "out/inventory.toml", "-o", "carbon", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        [total] = [row for row in read_csv(self.folder / "carbon" / "zones.csv") if row["zone_id"] == "total"]
        self.assertAlmostEqual(float(total["volume_m3"]), 1600, delta=2)
        self.assertAlmostEqual(float(total["forest_area_ha"]), 32, delta=0.05)

    def test_a_raster_without_a_value_is_left_out_so_that_check_takes_the_rest(self):
        trees = self.stands("trees.gpkg", [{}, {}])
        self.make(trees)                                                     # stems of trees are no culms
        inventory = (self.folder / "out" / "inventory.toml").read_text(encoding="utf-8")
        self.assertNotIn("\nculms =", inventory)
        self.assertIn("# culms_2020.tif is left out: no stand in it has a value", inventory)
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Ready to run", done.stdout)
        self.assertNotIn("inventory.toml: has no", self.said)
        # Without forest types there is nothing to compute, and it is said at once.
        self.make(trees, "--field", "species=", "--layers", "volume", out="volume")
        self.assertIn("warning: inventory.toml: has no forest_type, which sinkcalc check and run need", self.said)
        off = self.stands("off.gpkg", [{"YOU_SHI_SZ": None, "DI_LEI": None}, {"shape": box(WEST + 9000, NORTH, WEST + 9400, NORTH + 400)}])
        self.make(off, out="off")
        self.assertIn("warning: inventory.toml: has no forest_type", self.said)

    def test_the_shipped_legends_are_enough_for_what_they_have(self):
        self.make(self.stands("stands.gpkg", [{}, {**BAMBOO, "YOU_SHI_SZ": None}]), legend="yizhangtu")
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        with open(self.folder / "out" / "legend.csv", encoding="utf-8") as file:
            self.assertIn("CHINESE_FIR", {row["key"] for row in csv.DictReader(file)})


if __name__ == "__main__":
    unittest.main()
