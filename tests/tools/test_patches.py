# SPDX-License-Identifier: Apache-2.0
"""sinkchange patches and filter as a person calls them: the sample's planted changes, polygons, filters, bad input."""
import csv
import unittest

import numpy as np
from osgeo import gdal, ogr
from pyproj import CRS, Geod, Transformer

from raster_case import read_csv, write_raster
from test_sinkchange import ROOT, SinkchangeTest, class_map

SAMPLES = ROOT / "raster_samples"
YEARS = ("--years", "2015", "2020")
PAIR = (str(SAMPLES / "landcover_2015.tif"), str(SAMPLES / "landcover_2020.tif"), *YEARS, "--legend", "sample")
LEGEND = ("code,key,land_use,name_en,name_zh\n1,,forest,forest,\n2,,cropland,field,\n3,ECON_TEA_CAMELLIA,cropland_perennial,tea,\n"
          "4,,grassland,grass,\n5,,settlement,town,\n")


def events(kind):
    with open(SAMPLES / "events.csv", encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == kind]


class Sample(SinkchangeTest):
    """The planted changes of raster_samples/events.csv."""

    def patches(self, *arguments, out="out"):
        self.works("patches", *PAIR, *arguments, "-o", out)
        return read_csv(self.folder / out / "patches.csv")

    def shapes(self, out="out"):
        """{id: polygon}, each valid."""
        source = ogr.Open(str(self.folder / out / "patches.gpkg"))
        found = {}
        for feature in source.GetLayer("patches"):
            shape = feature.GetGeometryRef().Clone()
            self.assertTrue(shape.IsValid(), feature["id"])
            found[feature["id"]] = shape
        return found

    def assert_found(self, kind, rows):
        """Every event lies in a patch, and patches hold as many pixels as the events."""
        shapes, planted = self.shapes(), events(kind)
        for event in planted:
            point = ogr.CreateGeometryFromWkt(f"POINT({event['x']} {event['y']})")
            self.assertEqual(sum(shape.Intersects(point) for shape in shapes.values()), 1, event)
        self.assertEqual(sum(int(row["pixels"]) for row in rows), sum(int(event["pixels"]) for event in planted))
        self.assertLessEqual(len(rows), len(planted))

    def test_tea(self):
        rows = self.patches("--preset", "tea", "--zones", str(SAMPLES / "counties.gpkg"), "--zone-id", "code",
                            "--zone-name", "name", "--overlay", f"park={SAMPLES / 'national_park.gpkg'}")
        self.assert_found("forest_to_tea", rows)
        self.assertEqual({row["kind"] for row in rows}, {"deforestation"})
        self.assertEqual({row["zone_id"] for row in rows}, {event["county"] for event in events("forest_to_tea")})
        self.assertEqual({row["park"] for row in rows}, {"0", "1"})
        self.assertEqual([row["rank"] for row in rows], [str(n + 1) for n in range(len(rows))])
        areas = [float(row["area_ha"]) for row in rows]
        self.assertEqual(areas, sorted(areas, reverse=True))

    def test_buildings(self):
        self.assert_found("forest_to_settlement", self.patches("--preset", "building", "--mmu", "1mu"))

    def test_clearings_seen_twice_are_unresolved_and_felled_stands_are_harvest(self):
        rows = self.patches("--transition", "forest:7", "--transition", "forest:4")
        self.assertEqual({row["kind"] for row in rows}, {"unresolved"})
        self.works("patches", str(SAMPLES / "stands_2015.tif") + ":1", str(SAMPLES / "stands_2020.tif") + ":1", *YEARS,
                   "--legend", str(SAMPLES / "legend.csv"), "--transition", "forest:51", "-o", "felled")
        felled = read_csv(self.folder / "felled" / "patches.csv")
        self.assertEqual({row["kind"] for row in felled}, {"harvest"})
        self.assertEqual(sum(int(row["pixels"]) for row in felled),
                         sum(int(event["pixels"]) for event in events("clearcut_unstocked")))

    def test_areas_are_geodesic_and_bytes_do_not_change(self):
        rows = self.patches("--transition", "any:any", "--threads", "1")
        self.patches("--transition", "any:any", "--threads", "4", "--memory", "32M", out="again")
        for name in ("patches.gpkg", "patches.csv"):
            self.assertEqual((self.folder / "out" / name).read_bytes(), (self.folder / "again" / name).read_bytes(), name)
        geod, to_degrees = Geod(ellps="GRS80"), Transformer.from_crs(4548, CRS.from_epsg(4548).geodetic_crs, always_xy=True)
        shapes = self.shapes()
        self.assertEqual(len(shapes), len(rows))
        for row in rows:
            shape, area = shapes[row["id"]], 0.0
            self.assertAlmostEqual(shape.Area(), 1e4 * int(row["pixels"]), 3)
            for polygon in shape:
                for n, ring in enumerate(polygon):
                    x, y = zip(*((p[0], p[1]) for p in ring.GetPoints()))
                    ring_area, _ = geod.polygon_area_perimeter(*to_degrees.transform(x, y))
                    self.assertEqual(ring_area > 0, n == 0)
                    area += ring_area
            self.assertLess(abs(float(row["area_m2"]) / area - 1), 1e-6)
            self.assertLess(abs(float(row["area_mu"]) / (area * 0.0015) - 1), 1e-6)
            centre = to_degrees.transform(shape.Centroid().GetX(), shape.Centroid().GetY())
            np.testing.assert_allclose((float(row["lon"]), float(row["lat"])), centre, atol=1e-9)

    def test_the_layer_has_an_index(self):
        self.patches("--preset", "tea")
        source = ogr.Open(str(self.folder / "out" / "patches.gpkg"))
        tables = source.ExecuteSQL("SELECT name FROM sqlite_master WHERE name = 'rtree_patches_geom'")
        self.assertEqual(tables.GetFeatureCount(), 1)


class Small(SinkchangeTest):
    """Small worlds worked out by hand; pixels of 1 ha."""

    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND)

    def series(self, *maps):
        """MAP … --years … --legend of maps two years apart."""
        names = []
        for n, rows in enumerate(maps):
            names.append(f"m{n}.tif")
            write_raster(self.folder / names[-1], class_map(*rows), 255)
        return (*names, "--years", *(str(2010 + 2 * n) for n in range(len(maps))), "--legend", "legend.csv")

    def rows(self, name="patches.csv", out="out"):
        return read_csv(self.folder / out / name)

    def raster(self, name, out="out"):
        return gdal.Open(str(self.folder / out / name)).ReadAsArray()

    def test_grass_that_is_forest_again_was_a_harvest(self):
        forest, cut = [1, 1, 1, 1], [4, 4, 1, 3]
        self.works("patches", *self.series([forest], [cut], [forest]), "--transition", "forest:any", "-o", "out")
        self.assertEqual({row["to_name"]: row["kind"] for row in self.rows()}, {"grass": "harvest", "tea": "deforestation"})
        self.works("patches", *self.series([forest], [cut]), "--transition", "forest:4", "-o", "out", "--overwrite")
        self.assertEqual([row["kind"] for row in self.rows()], ["unresolved"])
        self.works("patches", *self.series([forest], [cut], [cut], [cut], [cut]), "--transition", "forest:4", "-o", "out", "--overwrite")
        self.assertEqual([(row["kind"], row["year_first_seen"]) for row in self.rows()], [("deforestation", "2012")])

    def test_carbon_is_what_was_mapped_less_what_the_tea_holds(self):
        maps = self.series([[1, 1, 1, 1]], [[3, 3, 1, 5]])
        write_raster(self.folder / "c.tif", np.array([[100, 60, 90, -1]], "float32"), -1)
        self.works("patches", *maps, "--transition", "forest:any", "--stock", "c.tif", "-o", "out")
        tea, town = self.rows()
        area = float(tea["area_ha"])
        self.assertEqual((tea["to_name"], tea["unmodelled_px"], town["unmodelled_px"]), ("tea", "0", "1"))
        self.assertAlmostEqual(float(tea["carbon_t"]), (80 - 23.7 * 0.47) * area, 2)
        self.assertAlmostEqual(float(tea["carbon_hi_t"]), 80 * area, 2)
        self.assertLess(float(tea["carbon_lo_t"]), float(tea["carbon_t"]))
        self.assertEqual(town["carbon_t"], "")

    def test_corners_and_holes_make_valid_polygons(self):
        random = np.random.default_rng(3)
        noise = random.choice([1, 5], (40, 50)).astype("uint8")
        for digit in ("4", "8"):
            self.works("patches", *self.series(np.ones((40, 50), "uint8"), noise), "--transition", "1:5", "--connectivity", digit,
                       "-o", digit)
            source = ogr.Open(str(self.folder / digit / "patches.gpkg"))
            shapes = [feature.GetGeometryRef().Clone() for feature in source.GetLayer(0)]
            self.assertTrue(all(shape.IsValid() for shape in shapes))
            self.assertEqual(round(sum(shape.Area() for shape in shapes)), int((noise == 5).sum()) * 10000)

    def test_small_patches_of_change_become_no_change(self):
        before = [[1] * 6, [1] * 6, [2] * 6]
        after = [[1, 5, 1, 3, 3, 1], [1, 1, 1, 1, 3, 1], [5, 2, 2, 2, 2, 2]]
        maps = self.series(before, after)
        self.works("filter", *maps, "--mmu", "3px", "--mmu", "cropland:5=1px", "-o", "out")
        codes = self.raster("change_2010_2012.tif")
        self.assertEqual(codes.tolist(), [[1, 1, 1, 3, 3, 1], [1, 1, 1, 1, 3, 1], [10, 7, 7, 7, 7, 7]])
        table = {(row["from_code"], row["to_code"]): row for row in self.rows("filter.csv")}
        self.assertEqual((table["1", "5"]["pixels_before"], table["1", "5"]["pixels_after"]), ("1", "0"))
        self.assertEqual(table["1", "5"]["patches_removed"], "1")
        self.assertEqual(sum(int(row["pixels_after"]) for row in table.values()), 18)

    def test_a_place_cleared_twice_is_two_patches(self):
        forest, grass = [[1, 1], [1, 1]], [[1, 3], [1, 1]]
        self.works("patches", *self.series(forest, grass, forest, grass), "--transition", "1:3", "-o", "out")
        rows = self.rows()
        self.assertEqual(len(rows), 2)
        self.assertEqual(len({row["id"] for row in rows}), 2)

    def test_more_patches_than_memory(self):
        random = np.random.default_rng(11)
        maps = self.series(*(random.choice([1, 2, 3, 5], (700, 700)).astype("uint8") for _ in range(2)))
        for words in (["--mmu", "3px"], ["--sieve", "3"]):
            done = self.run_sinkchange("filter", *maps, *words, "--memory", "16M", "-o", "out")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("--memory", done.stderr)
            self.assertFalse((self.folder / "out" / "filter.csv").exists())

    def test_sieve_is_gdals(self):
        random = np.random.default_rng(5)
        maps = [random.choice([1, 2, 3, 255], (60, 70), p=[.4, .3, .2, .1]).astype("uint8") for _ in range(2)]
        for digit in (4, 8):
            self.works("filter", *self.series(*maps), "--sieve", "6", "--connectivity", str(digit), "-o", str(digit))
            for name, rows in zip(("2010", "2012"), maps):
                source = gdal.Open(str(self.folder / ("m0.tif" if name == "2010" else "m1.tif")))
                target = gdal.GetDriverByName("MEM").Create("", 70, 60)
                gdal.SieveFilter(source.GetRasterBand(1), source.GetRasterBand(1).GetMaskBand(), target.GetRasterBand(1), 6, digit)
                ours = self.raster(f"class_{name}.tif", str(digit))
                known = rows != 255
                self.assertTrue((ours[~known] == 65535).all())
                self.assertTrue((ours[known] == target.ReadAsArray()[known]).all())

    def test_labels_over_the_years(self):
        maps = self.series([[1, 1, 255]], [[5, 3, 255]], [[1, 3, 255]])
        self.works("filter", *maps, "--majority", "-o", "out")
        self.assertEqual([self.raster(f"class_{year}.tif").tolist() for year in (2010, 2012, 2014)],
                         [[[1, 1, 65535]], [[1, 3, 65535]], [[1, 3, 65535]]])
        codes = "1,2,3,4,5"
        stay = "\n".join(",".join([str(a)] + ["0.96" if a == b else "0.01" for b in range(1, 6)]) for a in range(1, 6))
        see = "\n".join(",".join([str(a)] + ["0.8" if a == b else "0.05" for b in range(1, 6)]) for a in range(1, 6))
        self.write("t.csv", f"from,{codes}\n{stay}\n")
        self.write("e.csv", f"true,{codes}\n{see}\n")
        self.works("filter", *maps, "--hmm", "t.csv", "e.csv", "-o", "out", "--overwrite")
        self.assertEqual(self.raster("class_2012.tif").tolist(), [[1, 3, 65535]])
        confidence = self.raster("confidence_2012.tif")
        self.assertTrue(0.5 < confidence[0, 0] < 1 and np.isnan(confidence[0, 2]))
        self.write("e.csv", f"true,{codes}\n{see.replace('0.8', '0.7', 1)}\n")
        self.refused(["e.csv:2", "must make 1"], "filter", *maps, "--hmm", "t.csv", "e.csv", "-o", "bad")

    def test_impossible_changes_are_flagged_with_their_reason(self):
        maps = self.series([[5, 5, 1]], [[1, 5, 3]])
        self.write("i.csv", "from,to,reason,within_years\nsettlement,forest,a town is no forest so soon,5\nforest,3,tea needs longer,1\n")
        done = self.works("filter", *maps, "--impossible", "i.csv", "-o", "out")
        self.assertIn("a town is no forest so soon", done.stderr)
        reasons = {(row["from_code"], row["to_code"]): row["impossible"] for row in self.rows("filter.csv")}
        self.assertEqual(reasons, {("1", "3"): "", ("5", "1"): "a town is no forest so soon", ("5", "5"): ""})
        self.assertEqual(self.raster("change_2010_2012.tif").tolist(), [[21, 25, 3]])

    def test_bad_input(self):
        maps = self.series([[1, 1]], [[5, 1]])
        for words, arguments in [
                (["--transition FROM:TO", "--preset"], ("patches", *maps)),
                (["wood", "no class"], ("patches", *maps, "--transition", "wood:5")),
                (["--mmu 3", "10px"], ("patches", *maps, "--transition", "1:5", "--mmu", "3")),
                (["--overlay park", "NAME=FILE"], ("patches", *maps, "--transition", "1:5", "--overlay", "park")),
                (["legend"], ("patches", *maps[:-2], "--preset", "tea")),
                (["nothing to filter"], ("filter", *maps)),
                (["--majority", "three"], ("filter", *maps, "--majority")),
                (["no.csv"], ("filter", *maps, "--impossible", "no.csv"))]:
            with self.subTest(arguments[2:]):
                self.refused(words, *arguments, "-o", "bad")


if __name__ == "__main__":
    unittest.main()
