# SPDX-License-Identifier: Apache-2.0
"""Wrong options and outputs that cannot be: refused with one line that says the way out, and nothing is written."""
import shutil
import subprocess
import unittest

import numpy as np

from raster_case import COLUMNS, ROWS, LONGEST_MESSAGE, FIR, contents, RasterTest


class Output(RasterTest):
    def test_a_place_that_cannot_be_written(self):
        self.write("file", "not a folder\n")
        for place in ("file", "file/below", "file/deep/below", "/proc/sinkcalc_out", "/dev/null"):
            with self.subTest(place):
                self.assert_refused([place], *self.stock(out=place), code=3)

    def test_a_refused_run_leaves_no_folder_behind(self):
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        for out in ("new", "new/and/deep"):
            with self.subTest(out):
                self.assert_refused(["bad.tif"], *self.stock(volume="bad.tif", out=out))

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], check=False,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("skipped: cannot mount a small tmpfs here")
            self.skipTest("cannot mount a small tmpfs here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        shape = (400, 400)
        self.raster("types.tif", np.full(shape, FIR, "uint16"))
        self.raster("noise.tif", np.random.default_rng(4).uniform(1, 500, shape).astype("float32"))
        before = contents(self.folder)
        done = self.run_sinkcalc(*self.stock(forest_type="types.tif", volume="noise.tif", out=str(disk / "out")))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
        self.assertIn(str(disk), done.stderr)
        self.assertRegex(done.stderr, "(?i)full|space")
        self.assertLessEqual(len(done.stderr), LONGEST_MESSAGE)
        self.assertEqual(contents(self.folder), before, "something was left on the full disk")

    def test_results_are_replaced_only_when_asked_and_then_wholly(self):
        self.assert_works(*self.stock("--layers", "agb,bgb,carbon"))
        self.write("out/own notes.txt", "mine\n")
        self.assert_refused(["out", "--overwrite"], *self.stock())
        self.assert_works(*self.stock("--layers", "co2", "--overwrite"))
        names = {path.name for path in (self.folder / "out").iterdir()}
        self.assertEqual(names, {"co2_2020.tif", "co2_2020.qml", "zones.csv", "zones.gpkg", "run.json", "own notes.txt"})
        self.assertEqual((self.folder / "out" / "own notes.txt").read_text(encoding="utf-8"), "mine\n")

    def test_a_failed_overwrite_keeps_the_earlier_results(self):
        self.assert_works(*self.stock())
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        self.assert_refused(["bad.tif"], *self.stock("--overwrite", volume="bad.tif"))

    def test_a_folder_of_foreign_files_is_used_and_they_stay(self):
        (self.folder / "out").mkdir()
        self.write("out/theirs.csv", "x\n")
        self.assert_works(*self.stock())
        self.assertEqual((self.folder / "out" / "theirs.csv").read_text(encoding="utf-8"), "x\n")

    def test_a_foreign_file_of_the_same_name_is_not_replaced_unasked(self):
        (self.folder / "out").mkdir()
        self.write("out/zones.csv", "theirs\n")
        self.assert_refused(["zones.csv", "--overwrite"], *self.stock())

    def test_an_output_never_replaces_an_input(self):
        (self.folder / "out").mkdir()
        shutil.move(self.folder / "volume.tif", self.folder / "out" / "carbon_2020.tif")
        (self.folder / "link").symlink_to("out")
        for file, out in [("out/carbon_2020.tif", "out"), ("link/carbon_2020.tif", "./out"), ("out/carbon_2020.tif", "link")]:
            with self.subTest(file=file, out=out):
                self.assert_refused(["carbon_2020.tif"], *self.stock("--overwrite", volume=file, out=out))


class Options(RasterTest):
    def test_stock(self):
        for extra, words in [(["--layers", "carbn"], ["carbn", "carbon"]),
                             (["--layers", "sink"], ["sink", "two dates"]),
                             (["--layers", "soil"], ["soil"]),
                             (["--pools", "agb,bgb,soil"], ["soil", "none of the chosen methods"]),
                             (["--pools", "agb,leaves"], ["leaves"]),
                             (["--method", "bcef"], ["bcef", "zone"]),
                             (["--method", "agb"], ["agb"]),
                             (["--method", "lookup"], ["lookup"]),
                             (["--method", "bef,bef"], ["bef", "twice"]),
                             (["--co", "COMPRES=LZW"], ["COMPRES"]),
                             (["--of", "GTiff", "--co", "BLOCKSIZE=256"], ["BLOCKSIZE"]),
                             (["--co", "COMPRESS=JPEG"], ["JPEG", "every pixel", "ZSTD"]),
                             (["--of", "GTiff", "--co", "COMPRESS=WEBP"], ["WEBP", "every pixel"]),
                             (["--co", "COMPRESS=FOO"], ["FOO"]),
                             (["--co", "COMPRESS=LERC", "--co", "MAX_Z_ERROR=5"], ["MAX_Z_ERROR", "every pixel"]),
                             (["--co", "BLOCKSIZE=abc"], ["BLOCKSIZE=abc", "16"]),
                             (["--co", "BLOCKSIZE=-5"], ["BLOCKSIZE=-5", "16"]),
                             (["--co", "BLOCKSIZE=100"], ["BLOCKSIZE=100", "16"]),
                             (["--of", "GTiff", "--co", "BLOCKXSIZE=17"], ["BLOCKXSIZE=17", "16"]),
                             (["--of", "GTiff", "--co", "PREDICTOR=7"], ["PREDICTOR"]),
                             (["--of", "GTiff", "--co", "NBITS=12"], ["NBITS", "gdal_translate"]),
                             (["--co", "TARGET_SRS=EPSG:4326"], ["TARGET_SRS", "gdalwarp"]),
                             (["--co", "OVERVIEW_RESAMPLING=AVERAGE"], ["OVERVIEW_RESAMPLING"]),
                             (["--co", "LEVEL=99"], ["LEVEL=99", "22"]),
                             (["--co", "BIGTIFF=MAYBE"], ["BIGTIFF", "IF_SAFER"]),
                             (["--of", "GTiff", "--co", "SPARSE_OK=perhaps"], ["SPARSE_OK", "YES"]),
                             (["--memory", "lots"], ["--memory", "lots"]),
                             (["--bcef-zone", "boreal"], ["boreal"])]:
            with self.subTest(" ".join(extra)):
                self.assert_refused(words, *self.stock(*extra))

    def test_a_method_without_its_layer(self):
        self.assert_refused(["bef", "volume"], *self.stock(volume=None))
        self.assert_refused(["legend"], "stock", "--forest-type", "type.tif", "--volume", "volume.tif", "--year", "2020", "-o", "out")

    def test_a_layer_name_that_is_legal_but_unwritten(self):
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"})], tables='[output]\nlayers = ["sink"]\n')
        self.assert_refused(["sink", "two dates"], "run", "i.toml", "-o", "out")

    def test_strict_refuses_forest_without_a_stock(self):
        volume = np.full((ROWS, COLUMNS), 100, "float32")
        volume[0, :7] = np.nan
        self.raster("gaps.tif", volume, nodata=float("nan"))
        self.assert_refused(["--strict", "2020"], *self.stock("--strict", volume="gaps.tif"), code=5)
        self.assert_works(*self.stock("--strict"))

    def test_strict_refuses_forest_that_becomes_nodata(self):
        later = np.full((ROWS, COLUMNS), FIR, "uint16")
        later[0, :7] = 65535
        self.raster("hole.tif", later, nodata=65535)
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"}),
                        (2020, {"forest_type": "hole.tif", "volume": "volume.tif"})])
        self.assert_refused(["--strict"], "run", "i.toml", "-o", "out", "--strict", code=5)

    def test_check_finds_what_run_refuses(self):
        codes = np.full((ROWS, COLUMNS), FIR, "uint16")
        codes[0, :5] = 77
        self.raster("codes.tif", codes)
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        self.inventory([(2015, {"forest_type": "codes.tif", "volume": "bad.tif"})])
        before = contents(self.folder)
        done = self.run_sinkcalc("check", "i.toml")
        self.assertEqual(done.returncode, 5, done.stderr)
        for word in ("codes.tif", "77", "5 pixels", "bad.tif", "negative"):
            self.assertIn(word, done.stdout)
        self.assertEqual(contents(self.folder), before)
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"})])
        self.assert_works("check", "i.toml")


if __name__ == "__main__":
    unittest.main()
