# SPDX-License-Identifier: Apache-2.0
"""sinkcalc stands: files, encodings, grids and options."""
import json
import pathlib
import unittest

import numpy as np
from osgeo import ogr

from raster_case import WEST, NORTH, box, read_csv
from stands_case import FIELDS, CHINESE, BAMBOO, square, write_stands, pixels, StandsTest


class Files(StandsTest):
    def some(self):
        return [{}, BAMBOO, {"YOU_SHI_SZ": "马尾松", "HUO_LMGQXJ": 87.3, "SLXJ": 1396.8, "PINGJUN_NL": 24, "LING_ZU": "3"}]

    def assert_reads(self, file, *extra, warns=None):
        record = self.make(file, *extra, out="read")
        for layer, values in (("forest_type", [110801, 660, 110401]), ("age", [15, np.nan, 24]), ("volume", [100, 0, np.float32(87.3)]),
                              ("culms", [np.nan, 3000, np.nan]), ("canopy", [np.float32(0.7)] * 3)):
            np.testing.assert_array_equal(pixels(self.folder / "read" / f"{layer}_2020.tif")[0, 0:12:4], values, layer)
        self.assertEqual(self.findings("read"), [])
        if warns:
            self.assertIn(warns, self.said)
        else:
            self.assertNotIn("warning", self.said)
        for path in sorted((self.folder / "read").iterdir()):
            path.unlink()
        return record

    def test_geopackage_and_shapefile_in_gbk_and_utf8_with_both_sets_of_names(self):
        self.assert_reads(self.stands("stands.gpkg", self.some()))
        self.assert_reads(self.stands("chinese.gpkg", self.some(), rename=CHINESE))
        self.assert_reads(self.stands("lower.gpkg", self.some(), rename={name: name.lower() for name in CHINESE}))
        for encoding in ("GBK", "UTF-8"):
            name = encoding.lower()
            self.assert_reads(self.stands(f"{name}.shp", self.some(), driver="ESRI Shapefile", encoding=encoding))
            record = json.loads(self.run_sinkcalc(*self.arguments(f"{name}.shp", "--json", out=f"{name}_json")).stdout)
            self.assertEqual({pathlib.Path(i["path"]).suffix for i in record["inputs"]}, {".shp", ".dbf", ".shx", ".prj", ".cpg", ".csv", ".tif"})
        self.assert_reads(self.stands("gbk_names.shp", self.some(), driver="ESRI Shapefile", encoding="GBK", rename=CHINESE))

    def test_a_shapefile_that_does_not_say_how_it_is_encoded(self):
        for encoding in ("GBK", "UTF-8"):
            file = self.stands(f"{encoding}.shp", self.some(), driver="ESRI Shapefile", encoding=encoding)
            (self.folder / f"{encoding}.cpg").unlink()
            dbf = bytearray((self.folder / f"{encoding}.dbf").read_bytes())
            for mark in (0, 0x57):
                dbf[29] = mark
                (self.folder / f"{encoding}.dbf").write_bytes(dbf)
                self.assert_reads(file, warns=f"taken as {encoding}")
                self.assert_reads(file, "--encoding", encoding)
        # What is plain ASCII needs no word.
        plain = [{**stand, "YOU_SHI_SZ": "110401" if stand.get("YOU_SHI_SZ") == "马尾松" else stand.get("YOU_SHI_SZ", "110801")} for stand in self.some()]
        file = self.stands("plain.shp", plain, driver="ESRI Shapefile", encoding="UTF-8")
        (self.folder / "plain.cpg").unlink()
        self.assert_reads(file)

    def test_the_wrong_encoding_is_refused(self):
        file = self.stands("gbk.shp", self.some(), driver="ESRI Shapefile", encoding="GBK")
        self.assert_fails(2, ["gbk.shp", "UTF-8", "--encoding"], *self.arguments(file, "--encoding", "UTF-8"))
        self.assert_fails(2, ["gbk.shp", "--encoding"], *self.arguments(file, "--encoding", "KLINGON"))

    def test_a_file_that_says_the_wrong_encoding_is_refused(self):
        """A .cpg of UTF-8 beside text in GBK, as programs leave it that copy or convert the .dbf alone."""
        file = self.stands("gbk.shp", self.some(), driver="ESRI Shapefile", encoding="GBK")
        (self.folder / "gbk.cpg").write_text("UTF-8")
        self.assert_fails(2, ["gbk.shp", "says that its text is UTF-8", "--encoding GBK"], *self.arguments(file))
        self.assert_reads(file, "--encoding", "GBK")

    def test_unknown_codes_name_a_guessed_encoding(self):
        """Bytes that are good UTF-8 and good GBK: only the user knows."""
        file = self.stands("both.shp", [{"YOU_SHI_SZ": "鏉炬灄"}], driver="ESRI Shapefile", encoding="GBK")
        (self.folder / "both.cpg").unlink()
        self.assert_fails(2, ["both.shp is taken as", "--encoding says otherwise"], *self.arguments(file))

    def test_a_character_that_a_field_cuts_is_no_fault(self):
        """In a field that nobody reads."""
        fields = (*FIELDS, ("BEI_ZHU", ogr.OFTString, "松溪县"))
        file = self.stands("cut.shp", self.some(), driver="ESRI Shapefile", encoding="UTF-8", fields=fields)
        dbf, text = self.folder / "cut.dbf", "松溪县".encode()
        dbf.write_bytes(dbf.read_bytes().replace(text, text[:-1] + b" "))
        self.assert_reads(file)

    def test_chinese_and_quoted_paths(self):
        folder = self.folder / "林地 'one' \"map\""
        folder.mkdir()
        name = "松溪县 小班's.shp"
        write_stands(folder / name, self.some(), driver="ESRI Shapefile", encoding="GBK")
        self.make(str(folder / name), out=str(folder / "out 结果"))
        self.assertTrue((folder / "out 结果" / "volume_2020.tif").exists())
        done = self.run_sinkcalc("check", str(folder / "out 结果" / "inventory.toml"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_several_files_and_a_layer_of_one(self):
        self.stands("a.gpkg", self.some()[:1])
        shapes = [square(1), square(2)]
        self.stands("b.gpkg", self.some()[1:], shapes=shapes)
        self.assert_reads(["a.gpkg", "b.gpkg:b"])

    def test_only_some_stands(self):
        record = self.make(self.stands("stands.gpkg", [{}, {"XIAN": "350725"}]), "--where", "XIAN=350725")
        self.assertEqual(record["stands"]["read"], 1)
        self.assertEqual(np.count_nonzero(~np.isnan(pixels(self.folder / "out" / "age_2020.tif"))), 16)

    def test_a_missing_field_names_the_nearest(self):
        file = self.stands("stands.gpkg", self.some(), rename={"YOU_SHI_SZ": "YOU_SHI_SHU"})
        self.assert_fails(2, ["stands.gpkg", "YOU_SHI_SZ", "YOU_SHI_SHU", "--field species=YOU_SHI_SHU"], *self.arguments(file))
        self.assert_reads(file, "--field", "species=YOU_SHI_SHU")
        self.assert_fails(2, ["stands.gpkg", "YOU_SHI_SH", "YOU_SHI_SHU"], *self.arguments(file, "--field", "species=YOU_SHI_SH"))
        self.assert_fails(2, ["--field", "specis", "species"], *self.arguments(file, "--field", "specis=X"))
        self.assert_fails(2, ["--field", "USE=NAME"], *self.arguments(file, "--field", "species"))
        only_total = self.stands("total.gpkg", self.some(), fields=[f for f in FIELDS if f[0] != "HUO_LMGQXJ"])
        self.assert_fails(2, ["HUO_LMGQXJ", "--field volume=SLXJ --volume-unit per_parcel"], *self.arguments(only_total))
        record = self.make(self.stands("less.gpkg", [{}], fields=[f for f in FIELDS if f[0] in ("YOU_SHI_SZ", "HUO_LMGQXJ")]))
        self.assertEqual({f["file"] for f in record["outputs"] if f["file"].endswith(".tif")}, {"forest_type_2020.tif", "volume_2020.tif"})
        self.assertEqual(read_csv(self.folder / "out" / "stands_findings.csv"), [])

    def test_a_field_in_use_is_not_proposed_for_another(self):
        no_volume = [f for f in FIELDS if f[0] not in ("HUO_LMGQXJ", "SLXJ")]
        done = self.run_sinkcalc(*self.arguments(self.stands("stands.gpkg", self.some(), fields=no_volume)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("HUO_LMGQXJ", done.stderr)
        for name, _, _ in no_volume:
            self.assertNotIn(f"volume={name}", done.stderr)

    def test_a_file_without_the_field_of_a_layer_is_said(self):
        one = self.stands("one.gpkg", [{}])
        two = self.stands("two.gpkg", [{}], fields=[f for f in FIELDS if f[0] != "PINGJUN_NL"], shapes=[square(1)])
        done = self.run_sinkcalc(*self.arguments([one, two]))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("two.gpkg: has no field for age (PINGJUN_NL in other files)", done.stderr)
        self.assertNotIn("one.gpkg: has no field", done.stderr)

    def test_layers_are_chosen_and_must_have_their_field(self):
        file = self.stands("stands.gpkg", self.some(), fields=[f for f in FIELDS if f[0] != "PINGJUN_NL"])
        self.make(file, "--layers", "volume,forest_type")
        self.assertEqual(sorted(p.name for p in (self.folder / "out").glob("*.tif")), ["forest_type_2020.tif", "volume_2020.tif"])
        self.assert_fails(2, ["age", "PINGJUN_NL"], *self.arguments(file, "--layers", "age", out="other"))
        self.assert_fails(2, ["'volum'", "volume"], *self.arguments(file, "--layers", "volum", out="other"))

    def test_stands_off_the_grid_are_counted(self):
        off = [box(WEST + 10_000 + 400 * i, NORTH, WEST + 10_400 + 400 * i, NORTH + 400) for i in range(3)]
        sliver = box(WEST - 5000, NORTH - 49, WEST + 9000, NORTH - 48)      # every vertex off the grid, and no centre inside
        file = self.stands("stands.gpkg", [{}, {}, {"PINGJUN_NL": 20}, {}, {**BAMBOO, "MIAN_JI": None}, {"MIAN_JI": None, "SLXJ": None}],
                           shapes=[square(0), square(1), *off, sliver])
        record = self.make(file)
        self.assertEqual((record["stands"]["read"], record["stands"]["with_pixels"], record["stands"]["off_the_grid"]), (6, 2, 3))
        self.assertIn("3 of 6 stands lie off the grid of like.tif", self.said)
        self.assertEqual(self.findings(), [("350724-007-0006", "no_pixel")])
        table = self.run_sinkcalc(*self.arguments(file, out="again")).stdout
        self.assertIn("2 of 6 stands on", table)
        [age] = [line.split() for line in table.splitlines() if line.startswith("age")]
        self.assertEqual(age[-3:], ["2", "15", "15"])                       # not 5, and not up to 20

    def test_broken_files(self):
        self.write("text.gpkg", "no geopackage")
        self.assert_fails(2, "text.gpkg", *self.arguments("text.gpkg"))
        self.assert_fails(2, ["none.shp", "no such file"], *self.arguments("none.shp"))
        file = self.stands("cut.shp", [{} for _ in range(60)], driver="ESRI Shapefile", encoding="GBK")
        data = (self.folder / "cut.shp").read_bytes()
        (self.folder / "cut.shp").write_bytes(data[:len(data) // 2])
        self.assert_fails(2, "cut.shp", *self.arguments(file))
        self.assert_fails(2, ["nocrs.gpkg", "no CRS", "-a_srs"], *self.arguments(self.stands("nocrs.gpkg", [{}], crs=None)))
        self.assert_fails(2, ["points.gpkg", "not a polygon"], *self.arguments(self.stands("points.gpkg", [{}], shapes=["POINT(600000 2950000)"])))
        self.assert_fails(2, ["far.gpkg", "like.tif"], *self.arguments(self.stands("far.gpkg", [{"MIAN_JI": None}], shapes=[box(100, 100, 200, 200)])))
        self.assert_fails(2, ["words.gpkg", "HUO_LMGQXJ", "many", "350724-007-0001"],
                          *self.arguments(self.stands("words.gpkg", [{"HUO_LMGQXJ": "many"}], fields=[(n, ogr.OFTString, g) for n, _, g in FIELDS])))
        self.assert_fails(2, ["minus.gpkg", "HUO_LMGQXJ", "-5", "350724-007-0002"], *self.arguments(self.stands("minus.gpkg", [{}, {"HUO_LMGQXJ": -5.0}])))
        self.assert_fails(2, ["codes.gpkg", "660123 (2 stands)", "660123,KEY"],
                          *self.arguments(self.stands("codes.gpkg", [{"YOU_SHI_SZ": "660123"}, {"YOU_SHI_SZ": "660123"}, {}])))
        self.assert_fails(2, ["codes2.gpkg", "--landcover-legend", "9999 (1 stand)"], *self.arguments(self.stands("codes2.gpkg", [{"DI_LEI": "9999"}])))

    def test_usage(self):
        file = self.stands("stands.gpkg", [{}])
        self.assert_fails(2, ["--like", "--resolution"], *self.arguments(file, grid=()))
        self.assert_fails(2, ["--like", "--resolution"], *self.arguments(file, "--resolution", "100"))
        self.assert_fails(2, ["--crs"], *self.arguments(file, "--crs", "EPSG:4548"))
        self.assert_fails(2, ["--crs", "EPSG:999999"], *self.arguments(file, grid=("--resolution", "100", "--crs", "EPSG:999999")))
        self.assert_fails(2, ["--resolution", "-1"], *self.arguments(file, grid=("--resolution", "-1")))
        self.assert_fails(2, ["--resolution", "pixels"], *self.arguments(file, grid=("--resolution", "0.0001")))
        self.assert_fails(2, ["--area-unit", "'muu'", "mu"], *self.arguments(file, "--area-unit", "muu"))
        self.assert_fails(2, ["--year"], *self.arguments(file, year="20"))
        geographic = self.stands("degrees.gpkg", [{}], crs=4490, shapes=[box(118.1, 27.0, 118.104, 27.004)])
        self.assert_fails(2, ["degrees.gpkg", "--crs EPSG:4548"], *self.arguments(geographic, grid=("--resolution", "100")))

    def test_overwrite_quiet_json_progress_describe_and_help(self):
        file = self.stands("stands.gpkg", self.some())
        self.make(file)
        self.assert_fails(2, ["out", "--overwrite"], *self.arguments(file))
        done = self.run_sinkcalc(*self.arguments(file, "--overwrite", "-q"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assert_fails(2, "is an input of this run", *self.arguments(file, "--overwrite", "--legend", "out/legend.csv", legend="out/legend.csv")[:-2])
        done = self.run_sinkcalc(*self.arguments(file, "--json", "--progress", "json", out="other"))
        self.assertEqual(json.loads(done.stdout)["program"], "sinkcalc stands")
        self.assertTrue(any(line.startswith("{") for line in done.stderr.splitlines()))
        parameters = {p["name"]: p for p in json.loads(self.output_of("stands", "--describe"))["parameters"]}
        self.assertEqual(parameters["--area-unit"]["choices"], ["ha", "mu", "m2"])
        self.assertLessEqual(self.output_of("stands", "--help").count("\n"), 60)


if __name__ == "__main__":
    unittest.main()
