# SPDX-License-Identifier: Apache-2.0
"""Filters as options of map and matrix, legends that differ by date, colours: against numpy and against `filter`."""
import json
import re
import unittest

import numpy as np
from osgeo import gdal

from raster_case import read_csv, write_raster
from test_sinkchange import SinkchangeTest

HEAD = "code,key,land_use,name_en,name_zh"
LEGEND = HEAD + "\n1,,forest,forest,\n2,,cropland,field,\n3,,grassland,grass,\n"
YEARS = ("2010", "2013", "2016")
CLASSES = 3
GONE = 65535
FILTERS = {
    "mmu": ("--mmu", "4px", "--mmu", "forest:field=2px"),
    "sieve": ("--sieve", "5"),
    "majority": ("--majority",),
    "hmm": ("--hmm", "t.csv", "e.csv"),
    "all": ("--majority", "--sieve", "3", "--mmu", "30000m2", "--impossible", "i.csv"),
}


def square(corner, words, same):
    """A table of probabilities with one value on its diagonal."""
    other = (1 - same) / (len(words) - 1)
    rows = [",".join([a] + [repr(same if a == b else other) for b in words]) for a in words]
    return "\n".join([",".join([corner, *words]), *rows]) + "\n"


class FilterTest(SinkchangeTest):
    """Three dates of patches and noise."""

    def setUp(self):
        super().setUp()
        random = np.random.default_rng(11)
        coarse = random.integers(1, CLASSES + 1, (9, 11))
        self.truth = np.kron(coarse, np.ones((8, 8), int)).astype("uint8")[:70, :85]
        for year in YEARS:
            rows = self.truth.copy()
            noise = random.random(rows.shape)
            rows[noise < 0.12] = random.integers(1, CLASSES + 1, int((noise < 0.12).sum()))
            rows[noise > 0.97] = 255
            write_raster(self.folder / f"{year}.tif", rows, 255, options=("TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"))
        self.write("legend.csv", LEGEND)
        self.write("t.csv", square("from", ["1", "2", "3"], 0.9))
        self.write("e.csv", square("true", ["1", "2", "3"], 0.8))
        self.write("i.csv", "from,to,reason\nfield,forest,not so soon\n")
        self.maps = (*(f"{year}.tif" for year in YEARS), "--years", *YEARS, "--legend", "legend.csv")

    def raster(self, name):
        return gdal.Open(str(self.folder / name)).ReadAsArray()

    def counts(self, out, interval):
        """{(from, to): pixels} of the total in matrix.csv."""
        return {(row["from_code"], row["to_code"]): int(row["pixels"]) for row in read_csv(self.folder / out / "matrix.csv")
                if row["zone_id"] == "total" and row["year_from"] == YEARS[interval]}

    def bytes_of(self, out, patterns):
        return {path.name: path.read_bytes() for pattern in patterns for path in sorted((self.folder / out).glob(pattern))}


class Filters(FilterTest):
    def test_map_writes_what_filter_writes(self):
        patterns = ("*.tif", "change_*.aux.xml", "*.qml", "filter.csv")
        for name, words in FILTERS.items():
            with self.subTest(name):
                self.works("filter", *self.maps, *words, "-o", f"{name}_filter")
                self.works("map", *self.maps, *words, "-o", f"{name}_map")
                self.works("matrix", *self.maps, *words, "-o", f"{name}_matrix")
                filtered = self.bytes_of(f"{name}_filter", patterns)
                self.assertEqual(self.bytes_of(f"{name}_map", patterns), filtered)
                self.assertEqual("class_2013.tif" in filtered, name != "mmu")
                self.assertEqual("confidence_2013.tif" in filtered, name == "hmm")
                tables = ("*.csv", "matrix.json", "*.svg")
                self.assertEqual(self.bytes_of(f"{name}_map", tables), self.bytes_of(f"{name}_matrix", tables))
                self.assertEqual(list((self.folder / f"{name}_matrix").glob("*.tif")), [])
                record = json.loads((self.folder / f"{name}_map" / "run.json").read_text(encoding="utf-8"))
                self.assertEqual(sorted(output["file"] for output in record["outputs"]),
                                 sorted(path.name for path in (self.folder / f"{name}_map").iterdir()))
                self.assertIn("filter", record)

    def test_the_matrix_counts_the_filtered_rasters(self):
        for name, words in FILTERS.items():
            self.works("map", *self.maps, *words, "-o", name)
            for interval in (0, 1):
                with self.subTest(name, interval=interval):
                    codes = self.raster(f"{name}/change_{YEARS[interval]}_{YEARS[interval + 1]}.tif")
                    found = self.counts(name, interval)
                    for i in range(CLASSES):
                        for j in range(CLASSES):
                            expected = int((codes == i * CLASSES + j + 1).sum())
                            self.assertEqual(found[str(i + 1), str(j + 1)], expected)
                    unknown = sum(pixels for pair, pixels in found.items() if "" in pair)
                    self.assertEqual(unknown, int((codes == GONE).sum()))
                    self.assertEqual(sum(found.values()), codes.size)

    def test_maps_and_matrix_reconcile_where_only_the_maps_are_filtered(self):
        for name in ("sieve", "majority", "hmm"):
            self.works("map", *self.maps, *FILTERS[name], "-o", name)
            maps = [self.raster(f"{name}/class_{year}.tif") for year in YEARS]
            for interval in (0, 1):
                found = self.counts(name, interval)
                for k in ("1", "2", "3"):
                    start = sum(pixels for pair, pixels in found.items() if pair[0] == k)
                    end = sum(pixels for pair, pixels in found.items() if pair[1] == k)
                    self.assertEqual((start, end), tuple(int((rows == int(k)).sum()) for rows in maps[interval:interval + 2]))
            paths = {row["codes"]: int(row["pixels"]) for row in read_csv(self.folder / name / "trajectories.csv")}
            text = np.where(maps[0] == GONE, "", maps[0].astype(str))
            for rows in maps[1:]:
                text = np.char.add(np.char.add(text, ">"), np.where(rows == GONE, "", rows.astype(str)))
            values, pixels = np.unique(text, return_counts=True)
            self.assertEqual(paths, dict(zip(values.tolist(), pixels.tolist())))

    def test_trajectories_are_of_the_maps_whatever_mmu_does(self):
        self.works("matrix", *self.maps, "-o", "plain")
        self.works("matrix", *self.maps, "--mmu", "4px", "-o", "mmu")
        self.assertEqual(*(self.bytes_of(out, ["trajectories.csv"]) for out in ("plain", "mmu")))
        self.assertNotEqual(self.counts("plain", 0), self.counts("mmu", 0))
        starts = [{k: sum(n for pair, n in self.counts(out, 0).items() if pair[0] == k) for k in "123"} for out in ("plain", "mmu")]
        self.assertEqual(*starts)  # what is taken out stays what it was

    def test_a_filter_that_finds_nothing_leaves_the_numbers_alone(self):
        self.works("matrix", *self.maps, "-o", "plain")
        self.works("matrix", *self.maps, "--mmu", "1px", "-o", "mmu")
        tables = ("matrix.csv", "matrix.json", "classes.csv", "trajectories.csv", "*.svg")
        self.assertEqual(self.bytes_of("plain", tables), self.bytes_of("mmu", tables))

    def test_zones_are_counted(self):
        zones = np.zeros(self.truth.shape, "uint8")
        zones[:, 40:] = 7
        zones[:20, :] = 9
        write_raster(self.folder / "zones.tif", zones, 0)
        self.works("map", *self.maps, "--majority", "--mmu", "3px", "--zones", "zones.tif", "-o", "out")
        codes = self.raster("out/change_2010_2013.tif")
        rows = [row for row in read_csv(self.folder / "out" / "matrix.csv") if row["year_from"] == "2010" and row["from_code"]
                and row["to_code"]]
        for zone, where in (("7", zones == 7), ("9", zones == 9), ("total", zones > 0)):
            found = {(int(row["from_code"]) - 1) * CLASSES + int(row["to_code"]): int(row["pixels"]) for row in rows
                     if row["zone_id"] == zone}
            for code in range(1, CLASSES * CLASSES + 1):
                self.assertEqual(found.get(code, 0), int((codes[where] == code).sum()), (zone, code))

    def test_bytes_do_not_depend_on_threads_or_memory(self):
        for name in ("all", "hmm"):
            first = None
            for n, way in enumerate((("--threads", "1"), ("--threads", "2", "--memory", "16M"), ("--threads", "8"))):
                out = f"{name}{n}"
                self.works("map", *self.maps, *FILTERS[name], *way, "-o", out)
                found = self.bytes_of(out, ("*.tif", "*.csv", "matrix.json", "*.svg", "*.qml", "*.xml"))
                first = first or found
                self.assertEqual(found, first, way)

    def test_bad_input(self):
        for words, arguments in [
                (["--mmu 3", "10px"], ("--mmu", "3")),
                (["choose one"], ("--hmm", "t.csv", "e.csv", "--majority")),
                (["--connectivity", "--sieve or --mmu"], ("--majority", "--connectivity", "8")),
                (["no.csv"], ("--impossible", "no.csv")),
                (["wood", "no class"], ("--mmu", "wood:1=3px")),
                (["--sieve"], ("--sieve", "-1"))]:
            for command in ("map", "matrix", "filter"):
                with self.subTest(arguments, command=command):
                    self.refused(words, command, *self.maps, *arguments, "-o", "bad")
        self.refused(["--majority", "three"], "map", "2010.tif", "2013.tif", "--years", "2010", "2013", "--majority", "-o", "bad")


class Legends(SinkchangeTest):
    """One landscape in two codings; the second also knows tundra, the first also rock."""

    FIRST = HEAD + "\n10,,forest,forest,\n20,,cropland,field,\n30,,other,rock,\n"
    SECOND = HEAD + "\n1,,cropland,field,\n2,,grassland,tundra,\n7,,forest,forest,\n"
    NAMES = np.array([["forest", "forest", "field"], ["field", "field", "forest"], ["rock", "forest", "forest"]])

    def setUp(self):
        super().setUp()
        self.write("first.csv", self.FIRST)
        self.write("second.csv", self.SECOND)

    def coded(self, name, names, codes):
        write_raster(self.folder / name, np.vectorize(codes.get)(names).astype("uint8"), 255)

    def pair(self, second=None):
        """MAP MAP --years … --legend … of the landscape and of `second`, in the second coding."""
        self.coded("a.tif", self.NAMES, {"forest": 10, "field": 20, "rock": 30})
        self.coded("b.tif", self.NAMES if second is None else second, {"field": 1, "tundra": 2, "forest": 7})
        return "a.tif", "b.tif", "--years", "2010", "2020", "--legend", "first.csv", "--legend", "second.csv"

    def test_the_same_landscape_has_not_changed(self):
        names = np.where(self.NAMES == "rock", "field", self.NAMES)
        self.NAMES = names
        self.works("map", *self.pair(), "-o", "out")
        found = {(row["from_code"], row["to_code"]): int(row["pixels"]) for row in read_csv(self.folder / "out/matrix.csv")}
        self.assertEqual({pair: n for pair, n in found.items() if n > 0},
                         {("10", "7"): int((names == "forest").sum()), ("20", "1"): int((names == "field").sum())})
        classes = {row["name"]: row for row in read_csv(self.folder / "out/classes.csv")}
        self.assertEqual((classes["overall"]["gain_pixels"], classes["forest"]["code"]), ("0", "10"))

    def test_codes_of_their_dates_against_numpy(self):
        after = self.NAMES.copy()
        after[0, 0] = after[2, 0] = "tundra"
        after[1, 1] = "forest"
        self.works("map", *self.pair(after), "-o", "out")
        united = ["forest", "field", "rock", "tundra"]  # 10 20 30 of the first, then 2 of the second
        codes = gdal.Open(str(self.folder / "out/change_2010_2020.tif")).ReadAsArray()
        expected = np.array([[united.index(a) * 4 + united.index(b) + 1 for a, b in zip(*pair)] for pair in zip(self.NAMES, after)])
        self.assertEqual(codes.tolist(), expected.tolist())
        earlier, later = {"forest": "10", "field": "20", "rock": "30", "tundra": "2"}, {"forest": "7", "field": "1", "rock": "30", "tundra": "2"}
        for row in read_csv(self.folder / "out/matrix.csv"):
            if not (row["from_code"] and row["to_code"]):
                continue
            self.assertEqual((row["from_code"], row["to_code"]), (earlier[row["from_name"]], later[row["to_name"]]))
            self.assertEqual(int(row["pixels"]), int(((self.NAMES == row["from_name"]) & (after == row["to_name"])).sum()))
        record = json.loads((self.folder / "out/run.json").read_text(encoding="utf-8"))
        self.assertEqual(record["classes"][0]["codes"], ["10", "7"])
        self.assertEqual(record["legend"], ["first.csv", "second.csv"])
        self.assertEqual([entry["path"] for entry in record["inputs"] if entry["path"].endswith("csv")], ["first.csv", "second.csv"])

    def test_one_legend_twice_is_one_legend(self):
        self.coded("a.tif", self.NAMES, {"forest": 10, "field": 20, "rock": 30})
        maps = ("a.tif", "a.tif", "--years", "2010", "2020")
        self.works("map", *maps, "--legend", "first.csv", "-o", "one")
        self.works("map", *maps, "--legend", "first.csv", "--legend", "first.csv", "-o", "two")
        for path in (self.folder / "one").iterdir():
            if path.name != "run.json":
                self.assertEqual(path.read_bytes(), (self.folder / "two" / path.name).read_bytes(), path.name)

    def test_filtered_maps_have_the_codes_of_their_dates(self):
        self.coded("a.tif", np.array([["forest", "field"]]), {"forest": 10, "field": 20})
        self.coded("b.tif", np.array([["tundra", "field"]]), {"tundra": 2, "field": 1})
        self.coded("c.tif", np.array([["forest", "field"]]), {"forest": 10, "field": 20})
        maps = ("a.tif", "b.tif", "c.tif", "--years", "2010", "2015", "2020",
                "--legend", "first.csv", "--legend", "second.csv", "--legend", "first.csv")
        self.works("map", *maps, "--majority", "-o", "out")
        found = [gdal.Open(str(self.folder / f"out/class_{year}.tif")).ReadAsArray().tolist() for year in (2010, 2015, 2020)]
        self.assertEqual(found, [[[10, 20]], [[7, 1]], [[10, 20]]])
        self.assertIn('value="7" label="forest"', (self.folder / "out/class_2015.qml").read_text(encoding="utf-8"))
        paths = {row["codes"] for row in read_csv(self.folder / "out/trajectories.csv")}
        self.assertEqual(paths, {"10>7>10", "20>1>20"})
        words = ["10", "20", "30", "2"]
        self.write("t.csv", square("from", words, 0.9))
        self.write("e.csv", square("true", words, 0.7))
        self.works("map", *maps, "--hmm", "t.csv", "e.csv", "-o", "hmm")
        self.assertEqual(gdal.Open(str(self.folder / "hmm/class_2015.tif")).ReadAsArray().tolist(), [[7, 1]])

    def test_patches_and_filter_have_the_codes_of_their_dates(self):
        after = self.NAMES.copy()
        after[after == "rock"] = "tundra"
        maps = self.pair(after)
        self.works("patches", *maps, "--transition", "rock:tundra", "-o", "patches")
        self.works("filter", *maps, "--mmu", "30:2=1px", "-o", "filter")
        for name in ("patches/patches.csv", "filter/filter.csv"):
            rows = [row for row in read_csv(self.folder / name) if row["from_name"] == "rock"]
            self.assertEqual([(row["from_code"], row["to_code"], row["to_name"]) for row in rows], [("30", "2", "tundra")])

    def test_a_code_that_is_taken(self):
        self.write("second.csv", self.SECOND.replace("2,,grassland", "30,,grassland"))
        self.coded("a.tif", self.NAMES, {"forest": 10, "field": 20, "rock": 30})
        self.coded("b.tif", np.where(self.NAMES == "rock", "tundra", self.NAMES), {"field": 1, "tundra": 30, "forest": 7})
        maps = ("a.tif", "b.tif", "a.tif", "--years", "2010", "2015", "2020",
                "--legend", "first.csv", "--legend", "second.csv", "--legend", "first.csv")
        self.works("map", *maps, "-o", "plain")
        rows = [row for row in read_csv(self.folder / "plain/matrix.csv") if row["from_name"] == "rock" and row["to_name"] == "tundra"]
        self.assertEqual([(row["from_code"], row["to_code"], row["pixels"]) for row in rows], [("30", "30", "1"), ("30", "30", "0")])
        self.refused(["30", "rock", "tundra", "code of its own"], "map", *maps, "--majority", "-o", "bad")
        names = ["10", "20", "30", "tundra"]
        self.write("t.csv", square("from", names, 0.9))
        self.write("e.csv", square("true", names, 0.7))
        self.works("matrix", *maps, "--hmm", "t.csv", "e.csv", "-o", "hmm")

    def test_bad_legends(self):
        maps = self.pair(np.where(self.NAMES == "rock", "tundra", self.NAMES))
        two = maps[:5]
        for words, first, second in [
                (["second.csv", "first.csv", "'forest'", "grassland"], self.FIRST, self.SECOND.replace("7,,forest", "7,,grassland")),
                (["second.csv", "first.csv", "'forest'", "UNKNOWN_TREE"], self.FIRST, self.SECOND.replace("7,,", "7,UNKNOWN_TREE,")),
                (["second.csv", "first.csv", "shares no class name", "name_en"], self.FIRST,
                 self.SECOND.replace(",forest,\n", ",wood,\n").replace(",field,", ",arable,")),
                (["second.csv", "'field'", "two classes"], self.FIRST, self.SECOND.replace("tundra", "field"))]:
            with self.subTest(words):
                self.write("first.csv", first)
                self.write("second.csv", second)
                self.refused(words, "map", *maps, "-o", "bad")
        self.write("second.csv", self.SECOND)
        self.refused(["3 legends for 2 maps"], "map", *two, *("--legend", "first.csv") * 3, "-o", "bad")
        self.write("second.csv", self.SECOND.replace("2,,grassland,tundra,\n", ""))
        self.refused(["b.tif", "legend second.csv", "code 2 in 1 pixel"], "map", *maps, "-o", "bad")


class Colours(SinkchangeTest):
    def colours(self, name):
        """{value: colour} of a QGIS style."""
        text = (self.folder / name).read_text(encoding="utf-8")
        return dict(re.findall(r'value="(\d+)" label="[^"]*" color="([^"]+)"', text))

    def maps(self, table=None):
        rows = np.array([[1, 2, 3], [1, 2, 3]], "uint8")
        write_raster(self.folder / "a.tif", rows, 255)
        write_raster(self.folder / "b.tif", np.roll(rows, 1, axis=1), 255)
        if table:
            data = gdal.Open(str(self.folder / "b.tif"), gdal.GA_Update)
            colours = gdal.ColorTable()
            for value, colour in table.items():
                colours.SetColorEntry(value, colour)
            data.GetRasterBand(1).SetColorTable(colours)
            data = None
        return "a.tif", "b.tif", "--years", "2010", "2020"

    def test_palette_unless_there_is_better(self):
        self.works("map", *self.maps(), "-o", "out")
        self.assertEqual(self.colours("out/change_2010_2020.qml"), {"3": "#56b4e9", "4": "#009e73", "8": "#e69f00"})

    def test_of_the_band(self):
        self.works("map", *self.maps({1: (18, 52, 86, 255), 3: (200, 0, 10, 255)}), "-o", "out")
        self.assertEqual(self.colours("out/change_2010_2020.qml"), {"3": "#c8000a", "4": "#123456", "8": "#e69f00"})

    def test_of_the_legend_before_the_band(self):
        self.write("legend.csv", HEAD + ",colour\n1,,forest,forest,,#AABBCC\n2,,cropland,field,,\n3,,grassland,grass,,#010203\n")
        maps = self.maps({1: (18, 52, 86, 255), 2: (9, 9, 9, 255)})
        self.works("map", *maps, "--sieve", "2", "--legend", "legend.csv", "-o", "out")
        self.assertEqual(self.colours("out/change_2010_2020.qml"), {"3": "#010203", "4": "#aabbcc", "8": "#090909"})
        self.assertEqual(self.colours("out/class_2010.qml"), {"1": "#aabbcc", "2": "#e69f00", "3": "#010203"})
        self.assertEqual(self.colours("out/class_2020.qml"), {"1": "#aabbcc", "2": "#090909", "3": "#010203"})
        self.assertIn('fill="#aabbcc"', (self.folder / "out/sankey_2010_2020.svg").read_text(encoding="utf-8"))
        self.works("matrix", *maps, "--legend", "legend.csv", "-o", "matrix")

    def test_what_stays_is_grey(self):
        write_raster(self.folder / "a.tif", np.array([[10, 50]], "uint8"), 255)
        write_raster(self.folder / "b.tif", np.array([[50, 50]], "uint8"), 255)
        self.works("map", "a.tif", "b.tif", "--years", "2020", "2021", "--legend", "esa_worldcover", "-o", "out")
        self.assertEqual(self.colours("out/change_2020_2021.qml"), {"5": "#fa0000", "49": "#e4e4e4"})

    def test_no_colour(self):
        for colour in ("#12345", "red", "#12345g"):
            self.write("legend.csv", HEAD + f",colour\n1,,forest,forest,,{colour}\n2,,cropland,field,,\n3,,other,rock,,\n")
            self.refused(["legend.csv:2", colour, "#rrggbb"], "map", *self.maps(), "--legend", "legend.csv", "-o", "bad")


if __name__ == "__main__":
    unittest.main()
