# SPDX-License-Identifier: Apache-2.0
"""sinkchange sample and accuracy: draw, label with a known error, estimate; against the formulas of the papers in plain
Python, and against the reference programs where ../shared is there."""
import csv
import json
import math
import os
import pathlib
import subprocess
import unittest

import numpy as np
from osgeo import ogr

from cli import CliTest
from raster_case import NORTH, PIXEL, WEST, areas_ha, box, contents, read_csv, write_polygons, write_raster

SINKCHANGE = os.environ["SINKCHANGE"]
ROWS, COLUMNS, HOLE = 150, 200, 255
CLASSES = [1, 2, 3]
# Rows: class on the map; columns: what it is in truth.
CONFUSION = {1: [0.95, 0.04, 0.01], 2: [0.10, 0.88, 0.02], 3: [0.15, 0.05, 0.80]}
LEGEND = ("code,key,land_use,name_en,name_zh\n1,,forest,forest,林地\n"
          "2,,cropland,crop,耕地\n3,,settlement,built,建设用地\n9,,other,bare,裸地\n")
Z95 = 1.959963984540054
SHARED = pathlib.Path(os.environ.get("SINK_SHARED", pathlib.Path(__file__).resolve().parents[3] / "shared"))
REFERENCE = SHARED / "reference" / "change" / "03_area_accuracy"


def close(found, expected, tolerance=1e-9):
    return abs(float(found) - expected) <= tolerance * max(abs(expected), 1e-12)


class AccuracyTest(CliTest):
    @classmethod
    def setUpClass(cls):
        noise = np.random.default_rng(11)
        cls.map = np.ones((ROWS, COLUMNS), "uint8")
        cls.map[noise.random((ROWS, COLUMNS)) < 0.3] = 2
        cls.map[60:75, 40:100] = 3
        cls.map[:10, :30] = HOLE
        draw = noise.random((ROWS, COLUMNS))
        cls.truth = np.full((ROWS, COLUMNS), 0)
        for code, shares in CONFUSION.items():
            of_class = np.searchsorted(np.cumsum(shares), draw, side="right")
            cls.truth[cls.map == code] = of_class[cls.map == code] + 1
        cls.area = areas_ha(ROWS, COLUMNS)

    def setUp(self):
        super().setUp()
        write_raster(self.folder / "map.tif", self.map, nodata=HOLE)
        self.write("legend.csv", LEGEND)

    def change(self, *arguments):
        return subprocess.run([SINKCHANGE, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)

    def works(self, *arguments):
        done = self.change(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refused(self, words, *arguments):
        """Exit 2, one line, nothing written."""
        before = contents(self.folder)
        done = self.change(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Asinkchange: error: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(contents(self.folder), before, "the call changed the folder")

    def sample(self, *arguments, out="s"):
        self.works("sample", "map.tif", *arguments, "-o", out)
        return read_csv(self.folder / out / "sample.csv")

    def true_class(self, row):
        return self.truth[int((NORTH - float(row["y"])) / PIXEL), int((float(row["x"]) - WEST) / PIXEL)]

    def labelled(self, rows, name="labelled.csv", **changes):
        """Writes the rows with their true class; returns them."""
        for row in rows:
            row["reference"] = str(self.true_class(row))
            row.update(changes)
        self.write_rows(name, rows)
        return rows

    def write_rows(self, name, rows):
        with open(self.folder / name, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def accuracy(self, *arguments, out="a"):
        """Rows of accuracy.csv by class."""
        self.works("accuracy", *arguments, "-o", out)
        return {row["class"]: row for row in read_csv(self.folder / out / "accuracy.csv")}


class EndToEnd(AccuracyTest):
    def expected(self, rows):
        """Olofsson et al. 2014, eqs. 4 to 11, as printed."""
        area = {h: self.area[self.map == h].sum() for h in CLASSES}
        total = sum(area.values())
        weight = {h: area[h] / total for h in CLASSES}
        n = {h: {j: sum(r["map_class"] == str(h) and r["reference"] == str(j) for r in rows) for j in CLASSES} for h in CLASSES}
        row_sum = {h: sum(n[h].values()) for h in CLASSES}
        part = {h: {j: n[h][j] / row_sum[h] for j in CLASSES} for h in CLASSES}
        found = {"oa": sum(weight[h] * part[h][h] for h in CLASSES)}
        found["oa_se"] = math.sqrt(sum(weight[h]**2 * part[h][h] * (1 - part[h][h]) / (row_sum[h] - 1) for h in CLASSES))
        for j in CLASSES:
            share = sum(weight[h] * part[h][j] for h in CLASSES)
            share_se = math.sqrt(sum(weight[h]**2 * part[h][j] * (1 - part[h][j]) / (row_sum[h] - 1) for h in CLASSES))
            ua, pa = part[j][j], weight[j] * part[j][j] / share
            others = sum(area[h]**2 * part[h][j] * (1 - part[h][j]) / (row_sum[h] - 1) for h in CLASSES if h != j)
            own = area[j]**2 * (1 - pa)**2 * ua * (1 - ua) / (row_sum[j] - 1)
            found[j] = {"ua": ua, "ua_se": math.sqrt(ua * (1 - ua) / (row_sum[j] - 1)), "pa": pa,
                        "pa_se": math.sqrt(own + pa**2 * others) / (share * total), "mapped_area_ha": area[j],
                        "adjusted_area_ha": share * total, "adjusted_area_se_ha": share_se * total,
                        "ci_low_ha": (share - Z95 * share_se) * total, "ci_high_ha": (share + Z95 * share_se) * total,
                        "adjusted_to_mapped": share / weight[j]}
        return found

    def test_sample_label_accuracy(self):
        rows = self.labelled(self.sample("--n", "600", "--min", "80"))
        self.assertEqual(len(rows), 600)
        found = self.accuracy("labelled.csv", "--map", "map.tif")
        expected = self.expected(rows)
        self.assertTrue(close(found["total"]["oa"], expected["oa"]))
        self.assertTrue(close(found["total"]["oa_se"], expected["oa_se"]))
        for code in CLASSES:
            for column, value in expected[code].items():
                self.assertTrue(close(found[str(code)][column], value), (code, column, found[str(code)][column], value))
            true_ha = self.area[self.truth == code].sum()
            se = float(found[str(code)]["adjusted_area_se_ha"])
            self.assertLess(abs(float(found[str(code)]["adjusted_area_ha"]) - true_ha), 3.3 * se)
        matrix = {(r["map_class"], r["reference_class"]): r for r in read_csv(self.folder / "a" / "error_matrix.csv")}
        self.assertEqual(len(matrix), 16)
        self.assertEqual(matrix["total", "total"]["n"], "600")
        self.assertTrue(close(matrix["total", "2"]["area_ha"], expected[2]["adjusted_area_ha"]))
        record = json.loads((self.folder / "a" / "accuracy.json").read_text(encoding="utf-8"))
        self.assertTrue(close(record["overall_accuracy"]["value"], expected["oa"]))
        self.assertIn("Olofsson", record["estimator"])

    def test_all_ways_in_give_the_same_numbers(self):
        rows = self.labelled(self.sample("--n-per-stratum", "100"))
        first = self.accuracy("labelled.csv", "--map", "map.tif")
        self.assertEqual(self.accuracy("labelled.csv", "--strata", "s/strata.csv", out="b"), first)
        for row in rows:
            del row["map_class"], row["stratum"]
        self.write_rows("points.csv", rows)
        self.assertEqual(self.accuracy("points.csv", "--map", "map.tif", out="c"), first)
        labels = {row["id"]: row["reference"] for row in rows}
        data = ogr.Open(str(self.folder / "s" / "sample.gpkg"), 1)
        layer = data.GetLayer(0)
        for feature in layer:
            self.assertIsNone(feature["reference"])
            feature["reference"] = labels[str(feature["id"])]
            layer.SetFeature(feature)
        layer = data = None
        self.assertEqual(self.accuracy("s/sample.gpkg", "--map", "map.tif", out="d"), first)
        named = [dict(row, reference=["forest", "耕地", "built"][int(row["reference"]) - 1]) for row in rows]
        self.write_rows("named.csv", named)
        found = self.accuracy("named.csv", "--map", "map.tif", "--legend", "legend.csv", out="e")
        self.assertEqual(found["1"]["class_name"], "forest")
        self.assertEqual(found["3"]["adjusted_area_ha"], first["3"]["adjusted_area_ha"])
        done = self.works("accuracy", "labelled.csv", "--map", "map.tif", "-o", "f", "--json", "--level", "0.99")
        self.assertTrue(close(json.loads(done.stdout)["z"], 2.5758293035489))

    def test_strata_that_are_not_the_classes(self):
        middle = WEST + COLUMNS * PIXEL / 2
        south = NORTH - ROWS * PIXEL
        write_polygons(self.folder / "zones.gpkg", [(("350702", "a"), box(WEST, south, middle, NORTH)),
                                                    (("350703", "b"), box(middle, south, WEST + COLUMNS * PIXEL, NORTH))])
        rows = self.labelled(self.sample("--n-per-stratum", "40", "--zones", "zones.gpkg", "--zone-id", "code"))
        self.assertEqual(len(rows), 5 * 40)  # built land lies in the west only
        self.refused(["--strata", "stratum '3507"], "accuracy", "labelled.csv", "--map", "map.tif", "-o", "a")
        found = self.accuracy("labelled.csv", "--strata", "s/strata.csv", "--map", "map.tif")
        total = self.area[self.map != HOLE].sum()
        strata = {r["stratum"]: r for r in read_csv(self.folder / "s" / "strata.csv")}
        share = {j: sum(float(strata[r["stratum"]]["weight"]) / 40 for r in rows if r["reference"] == str(j)) for j in CLASSES}
        for code in CLASSES:
            self.assertTrue(close(found[str(code)]["adjusted_area_ha"], share[code] * total))
            self.assertTrue(close(found[str(code)]["mapped_area_ha"], self.area[self.map == code].sum()))

    def test_systematic_and_post_stratified(self):
        rows = self.labelled(self.sample("--design", "systematic", "--n", "900"))
        found = self.accuracy("labelled.csv", "--map", "map.tif", "--design", "poststratified")
        total = self.area[self.map != HOLE].sum()
        n, population = len(rows), int((self.map != HOLE).sum())
        for j in CLASSES:
            share = variance = 0
            for h in CLASSES:
                group = [r for r in rows if r["map_class"] == str(h)]
                weight, part = self.area[self.map == h].sum() / total, sum(r["reference"] == str(j) for r in group) / len(group)
                share += weight * part
                variance += (weight / len(group))**2 * len(group) * part * (1 - part)
            variance *= (1 - n / population) * n / (n - 1)
            self.assertTrue(close(found[str(j)]["adjusted_share"], share))
            self.assertTrue(close(found[str(j)]["adjusted_share_se"], math.sqrt(variance)))

    def test_the_interval_covers_the_truth_about_as_often_as_it_says(self):
        true_ha, covered, draws = self.area[self.truth == 3].sum(), 0, 25
        for seed in range(draws):
            self.labelled(self.sample("--n-per-stratum", "150", "--seed", str(seed), "--overwrite"))
            row = self.accuracy("labelled.csv", "--map", "map.tif", "--overwrite")["3"]
            covered += float(row["ci_low_ha"]) <= true_ha <= float(row["ci_high_ha"])
        self.assertGreaterEqual(covered, 20)  # 0.1 % of binomial(25, 0.95) lies below


@unittest.skipUnless(REFERENCE.is_dir(), f"no reference cases in {REFERENCE} (SINK_SHARED names another place)")
class ReferencePrograms(AccuracyTest):
    def test_clusters_of_r_survey(self):
        expected = {row["estimator"]: row for row in read_csv(REFERENCE / "twostage_expected.csv")}
        self.write("strata.csv", "stratum,pixels\nA,300000\nB,750000\nC,200000\n")
        given = [str(REFERENCE / "twostage_sample.csv"), "--strata", "strata.csv", "--map-field", "map", "--reference-field",
                 "ref", "--stratum-field", "stratum", "--psu-field", "psu", "--unlabelled", "none"]
        rows = read_csv(REFERENCE / "twostage_sample.csv")
        self.assertEqual({row["ref"] for row in rows}, {"0", "1"})
        two_stage = self.accuracy(*given, "--psu-count-field", "N_psu", "--ssu-count-field", "M_ssu")["1"]
        self.assertTrue(close(two_stage["adjusted_share"], float(expected["twostage_fpc_mean_ref"]["estimate"])))
        self.assertTrue(close(two_stage["adjusted_share_se"], float(expected["twostage_fpc_mean_ref"]["SE"])))
        replaced = self.accuracy(*given, out="b")["1"]
        self.assertTrue(close(replaced["adjusted_share"], float(expected["with_replacement_psu_mean_ref"]["estimate"])))
        self.assertTrue(close(replaced["adjusted_share_se"], float(expected["with_replacement_psu_mean_ref"]["SE"])))

    def test_stehman_and_post_stratification(self):
        strata = read_csv(REFERENCE / "stehman2014_table2_strata.csv")
        self.write("strata.csv", "stratum,pixels\n" + "".join(f"{r['stratum']},{r['N']}\n" for r in strata))
        found = self.accuracy(str(REFERENCE / "stehman2014_table2_sample.csv"), "--strata", "strata.csv", "--map-field", "map")
        for row in read_csv(REFERENCE / "stehman2014_table2_expected.csv"):
            ours = found[row["class"]]
            for column, name in [("adjusted_share", "area_prop"), ("adjusted_share_se", "SE_area"), ("ua", "UA"),
                                 ("ua_se", "SE_UA"), ("pa", "PA"), ("pa_se", "SE_PA")]:
                self.assertTrue(close(ours[column], float(row[name])), (row["class"], column))
        strata = read_csv(REFERENCE / "srs_poststratified_population.csv")
        self.write("map.csv", "stratum,pixels\n" + "".join(f"{r['map']},{float(r['Freq']):.0f}\n" for r in strata))
        found = self.accuracy(str(REFERENCE / "srs_poststratified_sample.csv"), "--strata", "map.csv", "--map-field", "map",
                              "--reference-field", "ref", "--design", "poststratified", out="b")
        for row in read_csv(REFERENCE / "srs_poststratified_expected.csv"):
            self.assertTrue(close(found[row["class"]]["adjusted_share"], float(row["poststratified"])))
            self.assertTrue(close(found[row["class"]]["adjusted_share_se"], float(row["SE_post"])))


if __name__ == "__main__":
    unittest.main()
