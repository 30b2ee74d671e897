# SPDX-License-Identifier: Apache-2.0
"""A folder of GeoTIFFs in place of a raster: every command gives what it gives on the whole map, byte for byte; files are
opened where they are needed and listed one by one; what is no map is refused."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import numpy
from osgeo import gdal

import mosaic_maps
from cli import SINKCALC
from folders import contents

SINKCHANGE = os.environ["SINKCHANGE"]
ZONES = ["--zones", "counties.gpkg", "--zone-id", "code"]


def without_record(folder):
    """What a folder of results holds, but the record, which lists the inputs."""
    found = contents(folder)
    del found["run.json"]
    return found


class MosaicTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.whole, cls.cut = mosaic_maps.make(cls.base)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        self.addCleanup(shutil.rmtree, self.folder)

    @staticmethod
    def call(*arguments, cwd, program=SINKCALC, prefix=()):
        return subprocess.run([*prefix, program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False, cwd=cwd)

    def succeed(self, *arguments, **options):
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refuse(self, words, *arguments, code=2, **options):
        """One line of error with all of `words`."""
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, r"\Asink(calc|change): error: [^\n]+\n\Z")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, done.stderr)

    def assert_same(self, got, expected):
        self.assertEqual({n for n in got.keys() | expected.keys() if got.get(n) != expected.get(n)}, set())

    def compare(self, *arguments, program=SINKCALC, extra=()):
        """The command on whole maps and on folders (NAME.tif and NAME); both results."""
        a, b = self.folder / "of_whole", self.folder / "of_cut"
        for out in (a, b):
            shutil.rmtree(out, ignore_errors=True)
        self.succeed(*arguments, "-o", a, cwd=self.whole, program=program)
        cut = [re.sub(r"\.tif\b", "", str(argument)) for argument in arguments]
        self.succeed(*cut, *extra, "-o", b, cwd=self.cut, program=program)
        self.assert_same(without_record(b), without_record(a))
        return [json.loads((out / "run.json").read_text(encoding="utf-8")) for out in (a, b)]


class Same(MosaicTest):
    def test_run(self):
        for extra in ((), ("--threads", "3", "--memory", "128M"), ("--io", "gdal")):
            with self.subTest(extra):
                # GDAL writes other bytes than we do, so both must be written by it.
                of_whole, of_cut = self.compare("run", "inventory.toml", *extra)
                self.assertEqual(of_cut["grid"], of_whole["grid"])
                layers = [layer for date in of_cut["dates"] for layer in date["layers"]]
                self.assertEqual({layer["files"] for layer in layers}, {7})
                self.assertEqual({layer["pixels_in_no_file"] for layer in layers}, {383})
                counts = [[(layer["layer"], layer["valid"], layer["nodata"], layer.get("pixels_by_code"), layer.get("max"))
                           for date in record["dates"] for layer in date["layers"]] for record in (of_whole, of_cut)]
                self.assertEqual(*counts)

    def test_the_record_has_every_file(self):
        record = self.compare("run", "inventory.toml")[1]
        hashes = {given["path"]: given["sha256"] for given in record["inputs"]}
        for name in mosaic_maps.RASTERS:
            for piece in mosaic_maps.PIECES:
                path = f"{name}/{piece}.tif"
                self.assertEqual(hashes[path], hashlib.sha256((self.cut / path).read_bytes()).hexdigest())
        self.assertEqual([path for path in hashes if path in mosaic_maps.RASTERS], [])

    def test_other_commands_of_sinkcalc(self):
        self.compare("stock", "--method", "bef", "--forest-type", "stands_2015.tif:1", "--volume", "stands_2015.tif:3",
                     "--culms", "culms_2015.tif", "--year", 2015, "--legend", "legend.csv", *ZONES)
        self.compare("sink", "--from", "stands_2015.tif:3", "--to", "stands_2020.tif:3", "--years", 2015, 2020, *ZONES)
        # Names of rasters are a column of the table: whole maps in folders of one file have the same.
        whole, self.whole = self.whole, self.folder / "ones"
        for name in ("stands_2015", "landcover_2015", "landcover_2020"):
            (self.whole / f"{name}.tif").mkdir(parents=True)
            shutil.copy(whole / f"{name}.tif", self.whole / f"{name}.tif" / "only.TIFF")
        shutil.copy(self.cut / "counties.gpkg", self.whole)
        zonal = ("zonal", "stands_2015.tif:3", "--by", "landcover_2020.tif")
        a, b, c = (self.folder / name for name in "abc")
        self.succeed(*zonal, "--zones", "landcover_2015.tif", "-o", a, cwd=self.whole)
        self.succeed(*zonal, "--zones", "landcover_2015.tif", "-o", b, cwd=whole)
        self.succeed("zonal", "stands_2015:3", "--by", "landcover_2020", "--zones", "landcover_2015:1", "-o", c, cwd=self.cut)
        tables = [(out / "zonal.csv").read_text(encoding="utf-8").replace(".tif", "").replace("landcover_2015:1", "landcover_2015")
                  for out in (a, b, c)]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[2], tables[1])

    def test_sinkchange(self):
        maps = ("landcover_2015.tif", "landcover_2020.tif", "--years", 2015, 2020)
        legend = ("--legend", "landcover_legend.csv")
        for command in (("map", *maps, *legend, *ZONES), ("map", *maps), ("matrix", *maps, *legend, *ZONES), ("intensity", *maps),
                        ("map", *maps, *legend, "--sieve", 4), ("filter", *maps, "--sieve", 4),
                        ("patches", *maps, "--transition", "any:2", "--stock", "stands_2015.tif:3"),
                        ("sample", "landcover_2020.tif", "--n", 500, "--seed", 1)):
            with self.subTest(command):
                self.compare(*command, program=SINKCHANGE)

    def test_explain_says_which_file(self):
        x, width, _, y, _, height = gdal.Open(str(self.whole / "culms_2015.tif")).GetGeoTransform()
        at = lambda column, row: (x + (column + 0.5) * width, y + (row + 0.5) * height)
        answers = {}
        for folder in (self.whole, self.cut):
            answers[folder] = json.loads(self.succeed("explain", "inventory.toml", *at(700, 500), "--json", cwd=folder).stdout)
        files = {given["file"] for given in answers[self.cut]["inputs"]}
        self.assertIn("stands_2015/e.tif", files)
        self.assertEqual({pathlib.Path(file).name for file in files}, {"e.tif"})
        for answer in answers.values():
            for given in answer["inputs"]:
                del given["file"]
        self.assertEqual(answers[self.cut]["inputs"], answers[self.whole]["inputs"])
        self.refuse("every input is nodata there", "explain", "inventory.toml", *at(1000, 300), cwd=self.cut)

    def test_check_says_what_it_found(self):
        text = self.succeed("check", "inventory.toml", cwd=self.cut).stdout
        self.assertRegex(text, r"7 files; 383 pixels \(0\.\d+ %\) lie in no file and count as nodata")
        self.assertIn("nodata by file", text)
        self.assertIn("UInt16/Int32/Float32/Float64", text)
        counts = lambda text: re.findall(r"[\d,]+ valid, [\d,]+ nodata pixels[^\n]*|\d+  [\d,]+ pixels", text)
        self.assertEqual(counts(text), counts(self.succeed("check", "inventory.toml", cwd=self.whole).stdout))

    def test_align(self):
        """On the lattice of a raster that is shifted and larger."""
        like = gdal.Open(str(self.whole / "culms_2015.tif"))
        x, width, _, y, _, height = like.GetGeoTransform()
        gdal.Translate(str(self.folder / "like.tif"), like, projWin=[x - 730, y + 1270, x + 1000 * width - 730, y + 1000 * height + 1270])
        outs = [self.folder / name for name in ("a", "b")]
        for out, name, cwd in zip(outs, ("stands_2015.tif", "stands_2015"), (self.whole, self.cut)):
            self.succeed("stock", "--method", "bef", "--volume", self.folder / "like.tif", "--forest-type", f"{name}:1", "--year",
                         2015, "--legend", "legend.csv", "--align", "-o", out, cwd=cwd)
        self.assert_same(without_record(outs[1]), without_record(outs[0]))


class InTiles(MosaicTest):
    def plan(self, *how):
        file = self.folder / "plan.jsonl"
        self.succeed("tiles", "inventory.toml", *how, "-o", file, "-q", cwd=self.cut)
        return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def test_tiles_and_merge(self):
        plan, (header, *tiles) = self.plan("--tile", 512)
        self.assertIn("culms_2020/g.tif", [given["path"] for given in header["inputs"]])
        self.assertEqual(header["folders"], sorted(mosaic_maps.RASTERS))
        for index in range(len(tiles)):
            self.succeed("run", "inventory.toml", "--tile", f"{plan}:{index}", "-o", self.folder / "t", cwd=self.cut)
        self.succeed("merge", plan, "--from", self.folder / "t", "-o", self.folder / "merged", cwd=self.cut)
        self.succeed("run", "inventory.toml", "-o", self.folder / "plain", cwd=self.whole)
        self.assert_same(without_record(self.folder / "merged"), without_record(self.folder / "plain"))

    def test_files_that_change_come_or_go(self):
        cut = self.folder / "inputs"
        shutil.copytree(self.cut, cut)
        plan = self.folder / "plan.jsonl"
        self.succeed("tiles", "inventory.toml", "--tile", 2048, "-o", plan, "-q", cwd=cut)
        tile = ("run", "inventory.toml", "--tile", f"{plan}:0", "-o", self.folder / "t")
        merge = ("merge", plan, "--from", self.folder / "t", "-o", self.folder / "m")
        self.succeed(*tile, cwd=cut)
        added = cut / "culms_2015" / "h.tif"
        mosaic_maps.write(added, gdal.Open(str(mosaic_maps.SAMPLES / "culms_2015.tif")), (1317, 700), numpy.zeros((1, 1, 10)),
                          gdal.GDT_Byte, 255, [])
        for command in ((*tile, "--overwrite"), merge):
            if command != merge:
                shutil.rmtree(self.folder / "t")
            self.refuse(["culms_2015/h.tif: was not there when the plan was made", "make the plan anew"], *command, cwd=cut)
            added.rename(self.folder / "h.tif")
            self.succeed(*tile, cwd=cut)
            (self.folder / "h.tif").rename(added)
        added.unlink()
        file = cut / "culms_2015" / "a.tif"
        was = file.read_bytes()
        stamp = file.stat()
        file.write_bytes(was + b"0")
        self.refuse(["culms_2015/a.tif: has another size"], *merge, cwd=cut)
        file.unlink()
        self.refuse(["culms_2015/a.tif: cannot be read"], *merge, cwd=cut)
        file.write_bytes(was)
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.succeed(*merge, cwd=cut)

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_a_tile_reads_no_pixels_of_files_beside_it(self):
        plan, _ = self.plan("--tile", 512)
        log = self.folder / "calls"
        self.succeed("run", "inventory.toml", "--tile", f"{plan}:0", "-o", self.folder / "t", "--threads", 1, cwd=self.cut,
                     prefix=("strace", "-f", "-e", "trace=open,openat", "-o", str(log)))
        opened = re.findall(r'"([^"]*/culms_2015/[a-z].tif)"', log.read_text(encoding="utf-8", errors="replace"))
        times = {piece: sum(path.endswith(f"/{piece}.tif") for path in opened) for piece in mosaic_maps.PIECES}
        # The first block is 512 x 512: pixels of a, d and e. Headers are read once.
        header = times["g"]
        self.assertEqual({piece for piece, n in times.items() if n > header}, {"a", "d", "e"}, times)
        self.assertEqual({times[piece] for piece in "bcfg"}, {header})


class Refused(MosaicTest):
    def zonal(self, words, folder):
        self.refuse(words, "zonal", folder, *ZONES, "-o", self.folder / "out", cwd=self.cut)
        self.assertFalse((self.folder / "out").exists())

    def test_what_is_no_map(self):
        maps = self.folder / "maps"
        maps.mkdir()
        self.zonal([f"{maps}: this folder holds no *.tif"], maps)
        shutil.copy(self.cut / "culms_2015" / "a.tif", maps)
        shutil.copy(self.cut / "culms_2015" / "b.tif", maps)
        self.zonal([f"{maps}/a.tif: has no band 2"], f"{maps}:2")
        (maps / "x.tif").write_text("not a raster", encoding="utf-8")
        self.zonal([f"{maps}/x.tif: cannot be read as a GeoTIFF"], maps)
        data = (maps / "b.tif").read_bytes()
        (maps / "x.tif").write_bytes(data[:300])
        self.zonal([f"{maps}/x.tif"], maps)
        (maps / "x.tif").unlink()
        (maps / "b.tif").write_bytes(data[:-3000])
        self.zonal([f"{maps}/b.tif: is truncated"], maps)
        shutil.copy(maps / "a.tif", maps / "b.tif")
        self.zonal([f"{maps}/b.tif: overlaps {maps}/a.tif by 517 x 430 pixels"], maps)
        (maps / "b.tif").unlink()
        (maps / "a.tif.msk").write_bytes(b"")
        self.zonal([f"{maps}/a.tif: has an external mask"], maps)

    def test_results_of_two_layers_are_no_map(self):
        out = self.folder / "results"
        self.succeed("stock", "--method", "bef", "--forest-type", "stands_2015:1", "--volume", "stands_2015:3", "--year", 2015,
                     "--legend", "legend.csv", "-o", out, cwd=self.cut)
        names = sorted(path.name for path in out.glob("*.tif"))
        self.assertGreater(len(names), 1)
        self.zonal([f"{out}/{names[1]}: overlaps {out}/{names[0]}"], out)

    def test_a_folder_of_maps_is_no_place_for_results(self):
        for command in (("zonal", "culms_2015", *ZONES), ("run", "inventory.toml")):
            self.refuse(["culms_2015: is a folder of maps that this run reads", "give another -o"], *command, "--overwrite",
                        "-o", "culms_2015", cwd=self.cut)
        self.refuse("is a folder of maps", "map", "landcover_2015", "landcover_2020", "--years", 2015, 2020, "-o",
                    self.cut / "landcover_2020", cwd=self.cut, program=SINKCHANGE)
        self.assertEqual(sorted(path.name for path in (self.cut / "culms_2015").iterdir()),
                         sorted(f"{piece}.tif" for piece in mosaic_maps.PIECES))
        linked = self.folder / "maps"
        linked.mkdir()
        out = self.folder / "out"
        out.mkdir()
        shutil.copy(self.cut / "landcover_2015" / "a.tif", out / "change_2015_2020.tif")
        (linked / "a.tif").symlink_to(out / "change_2015_2020.tif")
        self.refuse("is an input of this run", "map", linked, linked, "--years", 2015, 2020, "--overwrite", "-o", out,
                    cwd=self.cut, program=SINKCHANGE)

    def test_few_files_may_be_open(self):
        """400 files, of which a process may open 64 at a time; half of them are GDAL's to decode, all of them with --align."""
        maps = self.folder / "maps"
        maps.mkdir()
        like = gdal.Open(str(self.whole / "culms_2015.tif"))
        pixels = like.ReadAsArray(0, 0, 800, 800).astype(float)
        pixels[pixels == 65535] = numpy.nan
        mosaic_maps.write(self.folder / "all.tif", like, (0, 0), pixels[None], gdal.GDT_UInt16, 65535, [])
        for i in range(400):
            column, row = i % 20 * 40, i // 20 * 40
            mosaic_maps.write(maps / f"{i}.tif", like, (column, row), pixels[None, row:row + 40, column:column + 40],
                              gdal.GDT_Float32, -1, ["COMPRESS=LZW"] if i % 2 else ["COMPRESS=ZSTD"])
        tables = []
        few = ("prlimit", "--nofile=64")
        for raster, prefix, extra in ((self.folder / "all.tif", (), ()), (maps, few, ()), (maps, few, ("--align",))):
            out = self.folder / f"out{len(tables)}"
            self.succeed("zonal", raster, *ZONES, *extra, "--threads", 4, "-o", out, cwd=self.cut, prefix=prefix)
            tables.append((out / "zonal.csv").read_text(encoding="utf-8").replace(str(raster), "RASTER"))
        self.assertEqual(tables[1], tables[0])
        self.assertEqual(tables[2], tables[0])


if __name__ == "__main__":
    unittest.main()
