# SPDX-License-Identifier: Apache-2.0
"""sinkchange map, matrix and intensity as a person calls them; against reference 01 where ../shared is there."""
import csv
import json
import os
import pathlib
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal

from cli import CliTest
from raster_case import read_csv, write_raster

SINKCHANGE = os.environ["SINKCHANGE"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference" / "change" / "01_transition_matrix"
UNKNOWN = 65535


def class_map(*rows):
    return np.array(rows, "uint8")


class SinkchangeTest(CliTest):
    """Runs sinkchange in a folder of its own."""

    def run_sinkchange(self, *arguments):
        return subprocess.run([SINKCHANGE, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="utf-8", timeout=120, check=False)

    def works(self, *arguments):
        done = self.run_sinkchange(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refused(self, words, *arguments):
        """Exit 2, one line of error with all `words`, nothing written."""
        before = sorted(self.folder.rglob("*"))
        done = self.run_sinkchange(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertRegex(done.stderr, r"\Asinkchange: error: [^\n]+\n\Z")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, done.stderr)
        self.assertEqual(sorted(self.folder.rglob("*")), before, "the call left something behind")

    def maps(self, first, second, nodata=255, **options):
        write_raster(self.folder / "a.tif", first, nodata)
        write_raster(self.folder / "b.tif", second, nodata, **options)
        return "a.tif", "b.tif", "--years", "2015", "2020"

    def matrix(self, out="out"):
        """{(zone, from, to): pixels} of matrix.csv."""
        return {(row["zone_id"], row["from_code"], row["to_code"]): int(row["pixels"])
                for row in read_csv(self.folder / out / "matrix.csv")}


class Results(SinkchangeTest):
    def test_map_writes_what_it_says(self):
        self.write("legend.csv", "code,key,land_use,name_en,name_zh\n1,,forest,forest,林地\n3,,cropland_perennial,,茶园\n")
        done = self.works("map", *self.maps(class_map([1, 1, 3], [1, 255, 3]), class_map([1, 3, 3], [3, 1, 3])),
                          "--legend", "legend.csv", "-o", "out")
        self.assertIn("changed", done.stdout)
        self.assertEqual(self.matrix()[("total", "1", "3")], 2)
        self.assertEqual(self.matrix()[("total", "", "1")], 1)
        record = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))
        listed = sorted(output["file"] for output in record["outputs"])
        self.assertEqual(listed, sorted(path.name for path in (self.folder / "out").iterdir()))
        info = gdal.Info(str(self.folder / "out" / "change_2015_2020.tif"), format="json")
        self.assertEqual(info["bands"][0]["noDataValue"], UNKNOWN)
        self.assertEqual(info["bands"][0]["type"], "UInt16")
        self.assertEqual(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG")
        for name in ("sankey_2015_2020.svg", "matrix_2015_2020.svg", "change_2015_2020.tif.aux.xml", "change_2015_2020.qml"):
            ElementTree.parse(self.folder / "out" / name)
        self.assertIn("茶园", (self.folder / "out" / "sankey_2015_2020.svg").read_text(encoding="utf-8"))

    def test_gdal_reads_the_names(self):
        self.works("map", *self.maps(class_map([1, 2]), class_map([2, 2])), "-o", "out")
        gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
        try:
            data = gdal.Open(str(self.folder / "out" / "change_2015_2020.tif"))
            band = data.GetRasterBand(1)
            data.GetMetadata()  # only then does GDAL look beside the file, as gdalinfo does
            self.assertEqual(band.GetCategoryNames()[2], "class 1 → class 2")
            table = band.GetDefaultRAT()
            self.assertEqual([table.GetValueAsInt(row, 0) for row in range(table.GetRowCount())], [2, 4])
            self.assertEqual(table.GetValueAsString(0, 3), "2")
        finally:
            band = data = None
            gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

    def test_overviews_hold_the_most_frequent_code(self):
        first = np.ones((1200, 1200), "uint8")
        second = first.copy()
        second[:, ::4] = 3
        self.works("map", *self.maps(first, second), "-o", "out")
        data = gdal.Open(str(self.folder / "out" / "change_2015_2020.tif"))
        band = data.GetRasterBand(1)
        self.assertGreater(band.GetOverviewCount(), 0)
        self.assertLessEqual(set(np.unique(band.GetOverview(0).ReadAsArray())), {1, 2})

    def test_matrix_writes_no_raster(self):
        maps = self.maps(class_map([1, 2]), class_map([2, 2]))
        self.works("map", *maps, "-o", "map")
        self.works("matrix", *maps, "-o", "matrix")
        self.assertEqual(list((self.folder / "matrix").glob("*.tif*")), [])
        for name in ("matrix.csv", "matrix.json", "classes.csv"):
            self.assertEqual((self.folder / "map" / name).read_bytes(), (self.folder / "matrix" / name).read_bytes())

    def test_intensity_from_maps_and_from_the_table(self):
        maps = self.maps(class_map([1, 1, 2, 2]), class_map([1, 2, 2, 2]))
        self.works("map", *maps, "-o", "map")
        self.works("intensity", *maps, "-o", "one")
        self.works("intensity", "--matrix", "map/matrix.csv", "-o", "two")
        self.assertEqual((self.folder / "one/intensity.csv").read_bytes(), (self.folder / "two/intensity.csv").read_bytes())
        self.refused("one of both", "intensity", "-o", "three")

    def test_json_is_one_object(self):
        done = self.works("matrix", *self.maps(class_map([1, 2]), class_map([2, 2])), "-o", "out", "--json", "-q")
        self.assertEqual(json.loads(done.stdout)["program"], "sinkchange matrix")

    def test_help(self):
        for command in ("map", "matrix", "intensity"):
            self.assertIn("sinkchange " + command, self.works(command, "--help").stdout)
        self.assertIn("intensity", self.works("--help").stdout)


class Reference(SinkchangeTest):
    def setUp(self):
        super().setUp()
        if not REFERENCE.is_dir():
            print(f"skipped: {REFERENCE} is not there")
            self.skipTest("../shared is absent")

    def test_pie_1985_1991_to_the_last_pixel(self):
        for threads in (1, 8):
            self.works("matrix", REFERENCE / "pie_1985.tif", REFERENCE / "pie_1991.tif", "--years", 1985, 1991,
                       "--threads", threads, "-o", "out", "--overwrite")
            found = self.matrix()
            with open(REFERENCE / "pie_1985_1991_matrix.csv", encoding="utf-8") as file:
                rows = list(csv.reader(file))
            for row in rows[1:]:
                for to, pixels in zip(rows[0][1:], row[1:]):
                    self.assertEqual(found[("total", row[0], to)], int(pixels), (row[0], to))
            self.assertEqual(sum(found.values()), 497 * 434)
            classes = {row["code"] or row["name"]: row for row in read_csv(self.folder / "out" / "classes.csv")}
            with open(REFERENCE / "pie_1985_1991_category_change.csv", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    ours = classes[row["Category"].lower()]
                    for part in ("Gain", "Persistence", "Loss", "Quantity", "Exchange", "Shift"):
                        self.assertEqual(int(ours[part.lower() + "_pixels"]), int(row[part]), (row["Category"], part))


class BadInput(SinkchangeTest):
    def test_other_grids(self):
        write_raster(self.folder / "a.tif", class_map([1, 2]), 255)
        write_raster(self.folder / "b.tif", class_map([1, 2, 3]), 255)
        self.refused(["b.tif", "another grid"], "map", "a.tif", "b.tif", "--years", 2015, 2020, "-o", "out")
        write_raster(self.folder / "c.tif", class_map([1, 2]), 255, crs=32650)
        self.refused(["c.tif", "CRS"], "map", "a.tif", "c.tif", "--years", 2015, 2020, "-o", "out")

    def test_one_class_maps_have_a_matrix_without_change(self):
        done = self.works("matrix", *self.maps(class_map([4, 4]), class_map([4, 4])), "-o", "out")
        self.assertIn("one class only", done.stderr)
        self.assertEqual(self.matrix()[("total", "4", "4")], 2)
        self.works("intensity", "a.tif", "b.tif", "--years", 2015, 2020, "-o", "intensity")

    def test_no_class_in_common(self):
        self.refused(["b.tif", "shares no class", "1, 2 against 11, 12"], "matrix",
                     *self.maps(class_map([1, 2]), class_map([11, 12])), "-o", "out")

    def test_stray_codes(self):
        self.write("legend.csv", "code,key,land_use,name_en,name_zh\n1,,forest,forest,\n2,,cropland,field,\n")
        self.refused(["b.tif", "code 7 in 2 pixels", "column 1, row 0", "legend.csv"], "map",
                     *self.maps(class_map([1, 2], [1, 2]), class_map([1, 7], [7, 2])), "--legend", "legend.csv", "-o",
                     "out")
        self.works("map", "a.tif", "b.tif", "--years", 2015, 2020, "--legend", "legend.csv", "--unknown-code", 7, "-o",
                   "out")
        self.assertEqual(self.matrix()[("total", "2", "")], 1)

    def test_values_that_are_no_codes(self):
        write_raster(self.folder / "f.tif", np.array([[1.5, 2]], "float32"), -1)
        write_raster(self.folder / "a.tif", class_map([1, 2]), 255)
        self.refused(["f.tif", "1.5"], "map", "a.tif", "f.tif", "--years", 2015, 2020, "-o", "out")

    def test_years(self):
        maps = self.maps(class_map([1, 2]), class_map([1, 2]))[:2]
        self.refused("ascending", "map", *maps, "--years", 2020, 2015, "-o", "out")
        self.refused("one year for each map", "map", *maps, "--years", 2010, 2015, 2020, "-o", "out")

    def test_all_unknown(self):
        self.refused("every pixel is unknown", "map", *self.maps(class_map([255, 255]), class_map([255, 255])), "-o", "out")


if __name__ == "__main__":
    unittest.main()
