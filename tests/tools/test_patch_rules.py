# SPDX-License-Identifier: Apache-2.0
"""Patches inside `sinkcalc run`, the harvest rule, confidence and score, and the style: the sample against labels found here,
small worlds against numbers worked out by hand."""
import csv
import json
import re
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal, ogr

from raster_case import areas_ha, box, read_csv, write_polygons, write_raster
from test_patches import LEGEND, SAMPLES, YEARS, events
from test_sinkchange import SinkchangeTest, class_map

PLACE = (600000.0, 100.0, 0.0, 2960000.0, 0.0, -100.0)


def band(name, number=1):
    data = gdal.Open(str(name))
    return data.GetRasterBand(number).ReadAsArray()


def labels(chosen):
    """{first cell: sorted cells} of 8-connected pixels of one code, by flooding; `chosen` is {cell: code} and the width."""
    codes, width = chosen
    found, left = {}, set(codes)
    for cell in sorted(codes):
        if cell not in left:
            continue
        left.remove(cell)
        stack, own = [cell], []
        while stack:
            at = stack.pop()
            own.append(at)
            for step in (-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1):
                if abs((at + step) % width - at % width) <= 1 and at + step in left and codes[at + step] == codes[cell]:
                    left.remove(at + step)
                    stack.append(at + step)
        found[cell] = sorted(own)
    return found


def patch_id(start, end, cell, year):
    """FNV-1a over four numbers of eight bytes."""
    value = 0xcbf29ce484222325
    for part in (start, end, cell, year):
        for byte in part.to_bytes(8, "little"):
            value = (value ^ byte) * 0x100000001b3 % 2**64
    return f"{value:016x}"


def shapes(path):
    """{id: polygon}, each valid."""
    source = ogr.Open(str(path))
    return {feature["id"]: feature.GetGeometryRef().Clone() for feature in source.GetLayer("patches")}


class Run(SinkchangeTest):
    """The sample inventory."""

    def run_sample(self, *arguments, out="out"):
        done = self.run_sinkcalc("run", str(SAMPLES / "inventory.toml"), "-q", *arguments, "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return read_csv(self.folder / out / "patches.csv")

    def expected(self):
        """{id: (kind, cells)} of the presets tea, building and harvest, from the rasters alone."""
        with open(SAMPLES / "legend.csv", encoding="utf-8") as file:
            uses = {int(row["code"]): row["land_use"] for row in csv.DictReader(file)}
        stands = [band(SAMPLES / f"stands_{year}.tif") for year in (2015, 2020)]
        forest = [np.isin(types, [code for code, use in uses.items() if use in ("forest", "forest_unstocked", "shrub_counted")])
                  for types in stands]
        # Values x 10 in the file; the nodata value is 65535 in every band.
        age, volume = [[band(SAMPLES / f"stands_{year}.tif", n).astype(float) for year in (2015, 2020)] for n in (2, 3)]
        known = [[values != 65535 for values in pair] for pair in (age, volume)]
        felled = (known[0][0] & known[0][1] & (age[1] < age[0])) | (known[1][0] & known[1][1] & (2 * volume[1] < volume[0]))
        felled &= forest[0] & forest[1]
        first, last = [band(SAMPLES / f"landcover_{year}.tif").astype(int) for year in (2015, 2020)]
        wooded = np.isin(first, (2, 3))
        planned = (wooded & (last == 20)) | ((wooded | np.isin(first, (1, 20))) & (last == 8))
        chosen = (planned | felled) & (first != 255) & (last != 255)
        width = first.shape[1]
        codes = {int(cell): (int(first.flat[cell]), int(last.flat[cell])) for cell in np.flatnonzero(chosen)}
        found = {}
        for cell, cells in labels((codes, width)).items():
            start, end = codes[cell]
            cut = 2 * int(felled.flat[cells].sum()) > len(cells)
            kind = ("harvest" if cut else "conversion" if start not in (2, 3) else "deforestation" if end in (8, 20) else "")
            found[patch_id(start, end, cell, 2020)] = kind, cells
        return found

    def test_planted_changes_are_found_and_told_apart(self):
        rows = self.run_sample()
        expected = self.expected()
        self.assertEqual({row["id"]: (row["kind"], int(row["pixels"])) for row in rows},
                         {name: (kind, len(cells)) for name, (kind, cells) in expected.items()})
        data = gdal.Open(str(SAMPLES / "landcover_2015.tif"))
        ha = areas_ha(data.RasterYSize, data.RasterXSize, data.GetGeoTransform())
        carbon = band(self.folder / "out" / "carbon_2015.tif").astype(float)
        for row in rows:
            cells = expected[row["id"]][1]
            self.assertLess(abs(float(row["area_ha"]) / ha.flat[cells].sum() - 1), 1e-9)
            held = 23.7 * 0.47 if row["to_code"] == "20" else 0
            stock = carbon.flat[cells]
            lost = np.nansum((stock - held) * ha.flat[cells])
            self.assertLess(abs(float(row["carbon_t"]) - lost), 1e-6 * max(1, abs(lost)) + 1e-3)
            self.assertEqual(int(row["unmodelled_px"]), int(np.isnan(stock).sum()))
            self.assertLess(abs(float(row["score"]) / float(row["carbon_t"]) - (2 if row["belt"] == "1" else 1)), 1e-9)
        scores = [float(row["score"]) for row in rows]
        self.assertEqual(scores, sorted(scores, reverse=True))

        kinds = {row["id"]: (row["kind"], row["to_code"]) for row in rows}
        polygons = shapes(self.folder / "out" / "patches.gpkg")
        self.assertTrue(all(shape.IsValid() for shape in polygons.values()))
        for event, kind in (("forest_to_tea", ("deforestation", "20")), ("forest_to_settlement", ("deforestation", "8")),
                            ("clearcut_replanted", ("harvest", "2")), ("clearcut_unstocked", ("harvest", "7"))):
            pixels = 0
            for planted in events(event):
                point = ogr.CreateGeometryFromWkt(f"POINT({planted['x']} {planted['y']})")
                hit = [kinds[name] for name, shape in polygons.items() if shape.Intersects(point)]
                self.assertEqual(len(hit), 1, planted)
                self.assertEqual(hit[0][0], kind[0], planted)
                pixels += int(planted["pixels"])
            if event != "clearcut_replanted":  # fires are forest that lost its volume, too
                found = sum(int(row["pixels"]) for row in rows if (row["kind"], row["to_code"]) == kind)
                self.assertEqual(found, pixels, event)
        record = json.loads((self.folder / "out" / "run.json").read_text())
        self.assertEqual(record["patches"]["found"], len(rows))
        self.assertIn("patches.gpkg", [output["file"] if isinstance(output, dict) else output for output in record["outputs"]])

    def test_bytes_and_the_other_program(self):
        rows = self.run_sample("--threads", "1")
        for n, words in enumerate((("--threads", "2", "--memory", "64M"), ("--threads", "8", "--memory", "4G"))):
            self.run_sample(*words, out=f"again{n}")
            for name in ("patches.gpkg", "patches.csv"):
                self.assertEqual((self.folder / "out" / name).read_bytes(), (self.folder / f"again{n}" / name).read_bytes(), name)
        self.works("patches", *(SAMPLES / f"landcover_{year}.tif" for year in (2015, 2020)), *YEARS, "--legend",
                   SAMPLES / "landcover_legend.csv", "--preset", "tea", "--preset", "building", "--preset", "harvest",
                   *(f"--{name}={SAMPLES / f'stands_{year}.tif'}:{n}" for name, n in (("age", 2), ("volume", 3)) for year in (2015, 2020)),
                   "--overlay", f"belt={SAMPLES / 'national_park.gpkg'}", "--weight", "belt=2", "--zones", SAMPLES / "counties.gpkg",
                   "--zone-id", "code", "--zone-name", "name", "-o", "other")
        # The stand map knows felled land that is bare in the land cover; all else is one result.
        ours = {row["id"]: row for row in rows if row["to_code"] != "7"}
        theirs = {row["id"]: row for row in read_csv(self.folder / "other" / "patches.csv")}
        self.assertEqual(set(ours), set(theirs))
        self.assertGreater(len(ours), 100)
        for column in ("from_code", "to_code", "kind", "pixels", "area_ha", "perimeter_m", "core_px", "lon", "zone_id", "belt"):
            self.assertEqual([ours[name][column] for name in sorted(ours)], [theirs[name][column] for name in sorted(ours)], column)
        first, second = shapes(self.folder / "out" / "patches.gpkg"), shapes(self.folder / "other" / "patches.gpkg")
        self.assertTrue(all(first[name].ExportToWkb() == second[name].ExportToWkb() for name in ours))

    def test_bad_tables(self):
        text = re.sub(r'"([a-z_0-9]+\.(tif|gpkg|csv))', rf'"{SAMPLES}/\1', (SAMPLES / "inventory.toml").read_text(encoding="utf-8"))
        for old, new, words in [
                ('"harvest"]', '"harvests"]', ["harvests", "harvest"]),
                ('presets = ["tea", "building", "harvest"]', "", ["[patches]", "looks for nothing"]),
                ("weights = {belt = 2}", "weights = {park = 2}", ["'park'", "overlays"]),
                ("weights = {belt = 2}", "weights = {belt = -2}", ["weight", "0"]),
                ("weights = {belt = 2}", "connectivity = 6", ["connectivity", "4"]),
                ('mmu = ["1mu"]', 'mmu = ["1"]', ["--mmu 1", "1mu"]),
                ("weights = {belt = 2}", "weigths = {belt = 2}", ["weights"]),
                ("overlays = {belt =", "overlays = {score =", ["belt"])]:
            with self.subTest(new):
                self.assertIn(old, text)
                self.write("i.toml", text.replace(old, new))
                self.assert_fails(2, words, "run", "i.toml", "-o", "bad")


class ByHand(SinkchangeTest):
    """Small worlds; pixels of 1 ha."""

    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND + "6,,forest_unstocked,felled,\n")

    def series(self, *maps):
        for n, rows in enumerate(maps):
            write_raster(self.folder / f"m{n}.tif", class_map(*rows), 255)
        return (*(f"m{n}.tif" for n in range(len(maps))), "--years", *(str(2010 + 2 * n) for n in range(len(maps))),
                "--legend", "legend.csv")

    def measure(self, name, *rows):
        write_raster(self.folder / f"{name}.tif", np.array(rows, "float32"), -1)
        return f"{name}.tif"

    def find(self, *arguments, out="out"):
        done = self.works("patches", *arguments, "-o", out, "--overwrite")
        return read_csv(self.folder / out / "patches.csv"), done

    def test_felled_is_younger_or_less_than_half(self):
        #            kept  younger  half  below half  field  no age  to felled land, twice
        maps = self.series([[1, 1, 1, 1, 2, 1, 1, 1]], [[1, 1, 1, 1, 2, 1, 6, 6]])
        ages = [self.measure(name, row) for name, row in (("a0", [30, 30, 30, 30, 30, -1, 30, 30]), ("a1", [32, 2, 32, 32, 2, 2, 32, 0]))]
        volumes = [self.measure(name, row) for name, row in (("v0", [100, 100, 100, 100, 100, -1, 100, 100]), ("v1", [110, 90, 50, 49, 1, 10, 110, 0]))]
        by_age, by_volume = ("--age", ages[0], "--age", ages[1]), ("--volume", volumes[0], "--volume", volumes[1])

        def found(*words):
            rows, _ = self.find(*maps, *words, "--connectivity", "4")
            return sorted((row["from_code"], row["to_code"], row["kind"], int(row["pixels"])) for row in rows)

        felled_land = ("1", "6", "harvest", 2)
        self.assertEqual(found("--preset", "harvest", *by_age, *by_volume), [("1", "1", "harvest", 1), ("1", "1", "harvest", 1), felled_land])
        self.assertEqual(found("--preset", "harvest", *by_age), [("1", "1", "harvest", 1), felled_land])
        self.assertEqual(found("--transition", "1:1", *by_volume), [("1", "1", "harvest", 1)])
        self.assertEqual(found("--transition", "forest:forest", *by_volume), [("1", "1", "harvest", 1), felled_land])
        self.assertEqual(found("--transition", "any:any", *by_volume), [felled_land])
        rows, done = self.find(*maps, "--preset", "harvest")
        self.assertEqual([(row["kind"], row["pixels"]) for row in rows], [("harvest", "2")])
        self.assertIn("only felled land that the classes show", done.stderr)

    def test_forest_to_forest_is_harvest_where_most_of_it_was_felled(self):
        self.write("legend.csv", LEGEND + "7,,forest,other forest,\n")
        maps = self.series([[1, 1, 1, 2, 1, 1]], [[7, 7, 7, 2, 7, 7]])
        volumes = [self.measure("v0", [100] * 6), self.measure("v1", [9, 9, 99, 9, 9, 99])]
        rows, _ = self.find(*maps, "--transition", "1:7", "--volume", volumes[0], "--volume", volumes[1])
        self.assertEqual([(row["pixels"], row["kind"]) for row in rows], [("3", "harvest"), ("2", "")])

    def test_score_is_confidence_times_loss_times_weight(self):
        maps = self.series([[1, 1, 2, 1, 2, 1, 2, 1]], [[5, 5, 2, 5, 2, 5, 2, 3]])
        p0, p1 = self.measure("p0", [.8, .5, 1, -1, 1, 1, 1, 1]), self.measure("p1", [.5, 1, 1, 1, 1, .25, 1, 1])
        carbon = self.measure("c", [100, 60, 0, 90, 0, 50, 0, 4])
        west, north = PLACE[0], PLACE[3]
        write_polygons(self.folder / "park.gpkg", [(("p", ""), box(west + 510, north - 90, west + 590, north - 10))])
        write_polygons(self.folder / "line.gpkg", [(("l", ""), box(west + 510, north - 90, west + 690, north - 10))])
        ha = areas_ha(1, 8, PLACE)[0]
        rows, _ = self.find(*maps, "--transition", "1:any", "--confidence", p0, "--confidence", p1, "--stock", carbon,
                            "--overlay", "park=park.gpkg", "--overlay", "line=line.gpkg", "--weight", "park=8", "--weight", "line=0.5")
        # A pair of confidence (0.4 + 0.5) / 2, one unknown, one of 0.25 in the park, tea that holds more than the forest did.
        confidence = [.25, np.nan, .45, 1]
        loss = [50 * ha[5], 90 * ha[3], 100 * ha[0] + 60 * ha[1], (4 - 23.7 * .47) * ha[7]]
        score = [.25 * 8 * loss[0], loss[1], .45 * loss[2], loss[3]]
        self.assertEqual([row["pixels"] for row in rows], ["1", "1", "2", "1"])
        np.testing.assert_allclose([float(row["confidence"] or "nan") for row in rows], confidence, rtol=1e-7)
        np.testing.assert_allclose([float(row["carbon_t"]) for row in rows], loss, rtol=1e-9)
        np.testing.assert_allclose([float(row["score"]) for row in rows], score, rtol=1e-7)
        self.assertEqual([(row["park"], row["line"]) for row in rows], [("1", "1"), ("0", "0"), ("0", "0"), ("0", "0")])
        self.assertEqual([row["rank"] for row in rows], ["1", "2", "3", "4"])
        self.assertLess(score[-1], 0)
        # One for the interval is the change's own; without carbon the area counts.
        rows, _ = self.find(*maps, "--transition", "1:5", "--confidence", p0)
        np.testing.assert_allclose([float(row["score"]) for row in rows], [.65 * (ha[0] + ha[1]), ha[3], ha[5]], rtol=1e-7)

    def test_style_and_validity_stand_in_the_file(self):
        self.find(*self.series([[1, 1, 2]], [[5, 1, 5]]), "--preset", "building")
        source = ogr.Open(str(self.folder / "out" / "patches.gpkg"))
        styles = source.ExecuteSQL("SELECT * FROM layer_styles")
        self.assertEqual(styles.GetFeatureCount(), 2)
        style = styles.GetNextFeature()
        self.assertEqual((style["f_table_name"], style["f_geometry_column"], style["useAsDefault"]), ("patches", "geom", 1))
        renderer = ElementTree.fromstring(style["styleQML"].split("\n", 1)[1]).find("renderer-v2")
        self.assertEqual((renderer.get("type"), renderer.get("attr")), ("graduatedSymbol", "rank"))
        self.assertEqual([(r.get("lower"), r.get("upper")) for r in renderer.iter("range")],
                         [("1", "10"), ("11", "50"), ("51", "100"), ("101", "500"), ("501", "1000000")])
        style = styles.GetNextFeature()
        self.assertEqual(style["useAsDefault"], 0)
        self.assertEqual(style["update_time"], "2000/01/01 00:00:00+00")
        root = ElementTree.fromstring(style["styleQML"].split("\n", 1)[1])
        renderer = root.find("renderer-v2")
        values = [category.get("value") for category in renderer.iter("category")]
        self.assertEqual((renderer.get("attr"), values), ("kind", ["deforestation", "unresolved", "harvest", "conversion", ""]))
        self.assertEqual({symbol.get("name") for symbol in renderer.iter("symbol")}, {str(n) for n in range(5)})
        valid = source.ExecuteSQL("SELECT ST_IsValid(geom) AS ok FROM patches", dialect="SQLITE")
        self.assertEqual([feature["ok"] for feature in valid], [1, 1])

    def test_too_many_patches_for_the_memory(self):
        noise = np.random.default_rng(1).choice([1, 5], (700, 700)).astype("uint8")
        maps = self.series(np.ones_like(noise), noise)
        done = self.run_sinkchange("patches", *maps, "--transition", "1:5", "--memory", "16M", "-o", "out")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("--mmu", done.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.works("patches", *maps, "--transition", "1:5", "--memory", "16M", "--connectivity", "4", "--mmu", "2000px", "-o", "out")

    def test_bad_input(self):
        maps = self.series([[1, 1]], [[5, 1]])
        a, negative, p = self.measure("a", [1, 2]), "n.tif", self.measure("p", [.5, 2])
        write_raster(self.folder / negative, np.array([[-9999, 3]], "float32"))
        write_raster(self.folder / "wide.tif", np.array([[1, 2, 3]], "float32"), -1)
        write_polygons(self.folder / "park.gpkg", [(("p", ""), box(599990, 2959990, 600100, 2960000))])
        park = ("--overlay", "park=park.gpkg")
        for words, arguments in [
                (["--age", "each date"], ("--age", a)),
                (["--confidence", "3 rasters"], ("--confidence", p) * 3),
                (["n.tif", "-9999", "nodata"], ("--age", a, "--age", negative)),
                (["p.tif", "2", "unit"], ("--confidence", p)),
                (["wide.tif", "another grid"], ("--volume", a, "--volume", "wide.tif")),
                (["--weight park", "no overlay"], ("--weight", "park=2")),
                (["--weight park=x", "no number"], (*park, "--weight", "park=x")),
                (["--weight park", "0 to"], (*park, "--weight", "park=-1")),
                (["--weight park", "twice"], (*park, "--weight", "park=1", "--weight", "park=2")),
                (["'score'", "choose another"], ("--overlay", "Score=park.gpkg")),
                (["preset", "harvest"], ("--preset", "harvests"))]:
            with self.subTest(arguments):
                self.refused(words, "patches", *maps, "--transition", "1:5", *arguments, "-o", "bad")
        self.refused(["--age", "--legend"], "patches", *maps[:-2], "--transition", "1:5", "--age", a, "--age", a, "-o", "bad")


if __name__ == "__main__":
    unittest.main()
