# SPDX-License-Identifier: Apache-2.0
"""Every way to hand sinkchange sample and accuracy something bad: one line, exit 2, nothing written, or the number that
the README promises."""
import unittest

import numpy as np

from test_accuracy import COLUMNS, HOLE, ROWS, AccuracyTest
from raster_case import NORTH, PIXEL, WEST, box, read_csv, write_polygons, write_raster


class BadInput(AccuracyTest):
    def setUp(self):
        super().setUp()
        self.rows = self.labelled(self.sample("--n-per-stratum", "20"))

    def refused_with(self, words, rows, *extra):
        self.write_rows("bad.csv", rows)
        self.refused(words, "accuracy", "bad.csv", "--map", "map.tif", "-o", "never", *extra)

    def changed(self, count, **cells):
        return [dict(row, **cells) if i < count else row for i, row in enumerate(self.rows)]

    def test_points_off_the_map(self):
        self.refused_with(["2 of 60 units lie outside the map", "bad.csv:2"], self.changed(2, x="0"))
        self.refused_with(["1 of 60 units lie where the map has no class"], self.changed(1, x=str(WEST + 50), y=str(NORTH - 50)))
        self.refused_with(["bad.csv:2", "is no number"], self.changed(1, x=""))

    def test_another_map(self):
        write_raster(self.folder / "other.tif", np.where(self.map == HOLE, HOLE, 4 - self.map.astype(int)).astype("uint8"), nodata=HOLE)
        self.refused(["another class on the map", "labelled.csv:"], "accuracy", "labelled.csv", "--map", "other.tif", "-o", "a")

    def test_units_without_a_label_are_left_out_and_said(self):
        rows = [dict(row, reference={0: "", 1: "0", 2: "unsure"}.get(i, row["reference"])) for i, row in enumerate(self.rows)]
        self.write_rows("some.csv", rows)
        done = self.works("accuracy", "some.csv", "--map", "map.tif", "--unlabelled", "unsure", "-o", "a")
        self.assertIn("3 of 60 units have no label in 'reference' and are left out (first: some.csv:2)", done.stderr)
        found = {row["class"]: row for row in read_csv(self.folder / "a" / "accuracy.csv")}
        self.assertEqual(list(found), ["1", "2", "3", "total"])
        self.assertEqual(found["total"]["n"], "57")
        self.refused_with(["no unit has a label"], self.changed(60, reference=""))

    def test_thin_and_empty_strata(self):
        built = [row for row in self.rows if row["stratum"] == "3"]
        others = [row for row in self.rows if row["stratum"] != "3"]
        self.refused_with(["stratum '3' has no labelled unit"], others)
        self.refused_with(["stratum '3' has one labelled unit"], others + built[:1])
        self.write("strata.csv", "stratum,pixels,area_ha\n1,5,5\n2,5,0\n3,5,5\n")
        self.refused(["stratum '2' has labelled units and no area"], "accuracy", "labelled.csv", "--strata", "strata.csv", "-o", "a")
        self.write("strata.csv", "stratum,area_ha\n1,5\n2,5\n")
        self.refused(["stratum '3' has no size"], "accuracy", "labelled.csv", "--strata", "strata.csv", "-o", "a")
        self.write("strata.csv", "stratum,area_ha\n1,5\n1,5\n")
        self.refused(["strata.csv:3", "stands twice"], "accuracy", "labelled.csv", "--strata", "strata.csv", "-o", "a")

    def test_classes_that_the_map_lacks(self):
        self.write_rows("bare.csv", self.changed(4, reference="9"))
        done = self.works("accuracy", "bare.csv", "--map", "map.tif", "-o", "a")
        self.assertIn("class 9 of the reference is not on the map (4 units)", done.stderr)
        bare = {row["class"]: row for row in read_csv(self.folder / "a" / "accuracy.csv")}["9"]
        self.assertEqual((bare["ua"], bare["pa"], bare["mapped_area_ha"], bare["adjusted_to_mapped"]), ("", "0", "0", ""))
        self.assertGreater(float(bare["adjusted_area_ha"]), 0)
        self.refused_with(["no class of the legend", "bad.csv:2", "'forst'", "'forest'"], self.changed(1, reference="forst"), "--legend", "legend.csv")
        self.refused_with(["no class of the legend", "'8'"], self.changed(1, reference="8"), "--legend", "legend.csv")

    def test_a_pixel_twice_is_said(self):
        self.write_rows("twice.csv", self.rows + self.rows[:3])
        self.assertIn("3 units lie in the pixel of another", self.works("accuracy", "twice.csv", "--map", "map.tif", "-o", "a").stderr)

    def test_zones_that_overlap(self):
        south, east = NORTH - ROWS * PIXEL, WEST + COLUMNS * PIXEL
        write_polygons(self.folder / "z.gpkg", [(("1", "a"), box(WEST, south, east - 5000, NORTH)), (("2", "b"), box(east - 5200, south, east, NORTH))])
        self.refused(["z.gpkg", "zones overlap at x 614850, y"], "sample", "map.tif", "--n-per-stratum", "5", "--zones", "z.gpkg", "--zone-id",
                     "code", "-o", "b")

    def test_fields_and_options(self):
        self.refused(["'truth'", "id,x,y"], "accuracy", "labelled.csv", "--map", "map.tif", "--reference-field", "truth", "-o", "a")
        self.refused(["--map", "--strata"], "accuracy", "labelled.csv", "-o", "a")
        self.refused(["--stratum-field", "--strata"], "accuracy", "labelled.csv", "--map", "map.tif", "--stratum-field", "note", "-o", "a")
        self.refused(["--level", "0.95"], "accuracy", "labelled.csv", "--map", "map.tif", "--level", "95", "-o", "a")
        self.refused(["nowhere.csv", "no such file"], "accuracy", "nowhere.csv", "--map", "map.tif", "-o", "a")
        self.refused(["--n-per-stratum", "'7'"], "sample", "map.tif", "--n-per-stratum", "7=10,20", "-o", "b")
        self.refused(["give one of --n"], "sample", "map.tif", "-o", "b")
        self.refused(["--allocation", "'neymann'", "'neyman'"], "sample", "map.tif", "--n", "90", "--allocation", "neymann", "-o", "b")
        self.refused(["holds the results"], "sample", "map.tif", "--n-per-stratum", "20", "-o", "s")
        write_raster(self.folder / "empty.tif", np.full((5, 5), HOLE, "uint8"), nodata=HOLE)
        self.refused(["empty.tif", "holds no class"], "sample", "empty.tif", "--n", "90", "-o", "b")


if __name__ == "__main__":
    unittest.main()
