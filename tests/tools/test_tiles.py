# SPDX-License-Identifier: Apache-2.0
"""A run in tiles: the merged folder is that of a plain run byte for byte, whatever was killed, run twice or out of order; and
what does not fit together is refused."""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import numpy
from osgeo import gdal

from cli import SINKCALC
from folders import contents
from tile_calls import NO_TASK, TileCalls

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
SIDE = 1300                     # pixels of the sample's middle: no multiple of a block
RASTERS = ["stands_2015.tif", "stands_2020.tif", "culms_2015.tif", "culms_2020.tif", "landcover_2015.tif", "landcover_2020.tif",
           "disturbances.tif"]


class TilesTest(TileCalls):
    @classmethod
    def setUpClass(cls):
        cls.inputs = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.inputs)
        for path in SAMPLES.iterdir():
            if path.name not in RASTERS and path.suffix in (".gpkg", ".csv", ".toml"):
                shutil.copy(path, cls.inputs)
        for name in RASTERS:
            # Strips in some, tiles of another size than the outputs' in others.
            layout = [] if name.startswith("landcover") else ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"]
            gdal.Translate(str(cls.inputs / name), str(SAMPLES / name), srcWin=[400, 400, SIDE, SIDE],
                           creationOptions=["COMPRESS=ZSTD", *layout])
        cls.inventory = cls.inputs / "inventory.toml"
        # Both layouts, two shapes of blocks, and a zone set that is a class raster.
        cls.options = {"cog": (), "gtiff": ("--of", "GTiff", "--co", "BLOCKXSIZE=256", "--co", "BLOCKYSIZE=128", "--csv-bom",
                                            "--layers", "carbon,agb,co2,sink,change,cause",
                                            "--zones", cls.inputs / "landcover_2015.tif")}
        cls.plain = {}
        for name, options in cls.options.items():
            out = cls.inputs / f"plain_{name}"
            cls.succeed("run", cls.inventory, *options, "-o", out)
            cls.plain[name] = contents(out)

    def plan(self, *how, name="plan.jsonl", inventory=None):
        file = self.folder / name
        self.succeed("tiles", inventory or self.inventory, *how, "-o", file, "-q")
        return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def tile_command(self, plan, index, *extra):
        return ["run", self.inventory, "--tile", f"{plan}:{index}", "-o", self.parts, *extra]

    def merge(self, plan, *extra, out="merged", **options):
        self.succeed("merge", plan, "--from", self.parts, "-o", self.folder / out, "-q", *extra, **options)
        return contents(self.folder / out)

    def run_all(self, plan, tiles, *extra):
        for index in tiles:
            self.succeed(*self.tile_command(plan, index, "-q", *extra))


class Merged(TilesTest):
    def check(self, kind, *how):
        """Tiles out of order, with other threads and memory, each run twice; the plan made elsewhere than it is merged."""
        plan, (header, *tiles) = self.plan(*how, *self.options[kind])
        order = list(range(header["tiles"]))
        random.Random(7).shuffle(order)
        for at, index in enumerate(order):
            effort = [("--threads", "1"), ("--threads", "3", "--memory", "64M"), ()][at % 3]
            first = self.succeed(*self.tile_command(plan, index, *effort))
            self.assertNotIn("was there", first.stderr)
            part = self.parts / tiles[index]["outputs"][0]
            before = part.stat().st_mtime_ns, hashlib.sha256(part.read_bytes()).hexdigest()
            again = self.succeed(*self.tile_command(plan, index))
            self.assertIn("was there already", again.stderr)
            self.assertEqual((part.stat().st_mtime_ns, hashlib.sha256(part.read_bytes()).hexdigest()), before)
        self.assert_same(self.merge(plan), self.plain[kind])
        self.assertEqual(sorted(p.name for p in (self.parts / "parts").iterdir()),
                         sorted(f"{i}.part" for i in order), "files were left beside the parts")
        timings = json.loads((self.folder / "merged" / "run.json").read_text(encoding="utf-8"))["timings"]
        self.assertEqual(timings["tiles"]["tiles"], len(order))
        self.assertEqual(timings["tiles"]["plan"], header["hash"])

    def test_squares_of_a_block(self):
        self.check("cog", "--tile", 512)

    def test_squares_of_blocks(self):
        self.check("cog", "--tile", 1024)

    def test_one_tile(self):
        self.check("cog", "--tile", 4096)

    def test_zones(self):
        self.check("cog", "--by", "county")

    def test_geotiffs_with_blocks_of_another_shape(self):
        self.check("gtiff", "--tile", 512)

    def test_geotiffs_by_the_zones_of_a_raster(self):
        self.check("gtiff", "--by", "landcover_2015")

    def test_a_relative_inventory_merged_elsewhere(self):
        """Paths of a plan are those of where it was made."""
        plan = self.folder / "plan.jsonl"
        self.succeed("tiles", "inventory.toml", "--tile", 1024, "-o", plan, "-q", cwd=self.inputs)
        self.run_all(plan, range(4))
        self.assert_same(self.merge(plan, cwd=self.folder), self.plain["cog"])

    def test_the_index_of_an_array_job(self):
        plan, _ = self.plan("--tile", 1024)
        command = ["run", self.inventory, "--tile", plan, "-o", self.parts]
        for variable, value, index in (("SLURM_ARRAY_TASK_ID", "2", 2), ("PBS_ARRAY_INDEX", "0", 0), ("PBS_ARRAYID", "3", 3),
                                       ("SGE_TASK_ID", "2", 1)):
            done = self.succeed(*command, "--json", "-q", env={variable: value})
            self.assertEqual(json.loads(done.stdout)["tile"], index)
            self.assertTrue((self.parts / "parts" / f"{index}.part").is_file())
        self.refuse(2, ["which tile", "SLURM_ARRAY_TASK_ID"], *command)
        self.refuse(2, "which tile", *command, env={"SGE_TASK_ID": "undefined"})
        self.refuse(2, "no index", *command, env={"SGE_TASK_ID": "0"})
        self.refuse(2, ["has no tile 4", "0 to 3"], *command, env={"SLURM_ARRAY_TASK_ID": "4"})
        self.refuse(2, "has no tile 9", *self.tile_command(plan, 9))
        self.refuse(2, "no index", *self.tile_command(plan, "x"))


class Plan(TilesTest):
    def test_every_block_is_in_one_tile(self):
        for how in (["--tile", "512"], ["--tile", "1024"], ["--by", "county"], ["--by", "wuyishan"]):
            _, (header, *tiles) = self.plan(*how, name="-".join(how))
            times = numpy.zeros((SIDE, SIDE), int)
            for index, tile in enumerate(tiles):
                self.assertEqual(tile["index"], index)
                self.assertGreater(tile["estimated"]["memory_bytes"], 0)
                self.assertGreater(tile["estimated"]["core_seconds"], 0)
                self.assertEqual(tile["pixels"], sum(w * h for _, _, w, h in tile["windows"]))
                for column, row, columns, rows in tile["windows"]:
                    times[row:row + rows, column:column + columns] += 1
                    self.assertEqual((column % 512, row % 512), (0, 0))
                    self.assertTrue(columns % 512 == 0 or column + columns == SIDE)
                    self.assertTrue(rows % 512 == 0 or row + rows == SIDE)
            self.assertTrue((times == 1).all(), how)
            self.assertEqual(header["tiles"], len(tiles))

    def test_a_block_goes_to_the_zone_with_most_of_its_pixels(self):
        """Against zones that GDAL makes into a raster."""
        options = ("--of", "GTiff", "--co", "BLOCKXSIZE=128", "--co", "BLOCKYSIZE=128")
        _, (_, *tiles) = self.plan("--by", "county", *options)
        raster = gdal.Open(str(self.inputs / RASTERS[0]))
        like = raster.GetGeoTransform()
        # Held in a name each: a layer does not hold its dataset.
        counties = gdal.VectorTranslate("", str(self.inputs / "counties.gpkg"), format="Memory", dstSRS=raster.GetProjection())
        layer = counties.GetLayer()
        wanted = {int(feature["code"]): feature["code"] for feature in layer}
        bounds = [like[0], like[3] + SIDE * like[5], like[0] + SIDE * like[1], like[3]]
        burned = gdal.Rasterize("", counties, format="MEM", attribute="code", initValues=[0], outputType=gdal.GDT_Int32,
                                width=SIDE, height=SIDE, outputBounds=bounds).ReadAsArray()
        of_block = {}
        for tile in tiles:
            for column, row, columns, rows in tile["windows"]:
                for y in range(row, row + rows, 128):
                    for x in range(column, column + columns, 128):
                        of_block[x, y] = tile["zone"]
        for (x, y), zone in of_block.items():
            found, pixels = numpy.unique(burned[y:y + 128, x:x + 128], return_counts=True)
            count = {wanted[code]: n for code, n in zip(found, pixels) if code != 0}
            if not count:
                self.assertEqual(zone, "")
            else:
                # Pixel centres on a border may differ by one between the two.
                self.assertGreaterEqual(count.get(zone, 0) + 2, max(count.values()), (x, y))
        self.assertEqual(len(of_block), (-(-SIDE // 128)) ** 2)
        self.assertEqual([tile["zone"] for tile in tiles if tile["zone"] == ""], [""] if "" in of_block.values() else [])

    def test_the_same_inputs_and_options_give_the_same_hash(self):
        hashes = {how: self.plan(*how, name=f"{i}.jsonl")[1][0]["hash"] for i, how in enumerate(
            [("--tile", "512"), ("--tile", "1024"), ("--tile", "512", "--layers", "carbon"), ("--by", "county")])}
        self.assertEqual(len(set(hashes.values())), len(hashes))
        again = self.plan("--tile", "512", name="again.jsonl")[1][0]
        self.assertEqual(again["hash"], hashes["--tile", "512"])
        for given in again["inputs"]:
            file = self.inputs / given["path"]
            self.assertEqual(given["sha256"], hashlib.sha256(file.read_bytes()).hexdigest())
            self.assertEqual(given["bytes"], file.stat().st_size)
        self.assertIn("stands_2015.tif", [given["path"] for given in again["inputs"]])
        self.assertIn("provincial.csv", [given["path"] for given in again["inputs"]])

    def test_without_o_it_is_printed(self):
        done = self.succeed("tiles", self.inventory, "--tile", "1024")
        self.assertEqual(json.loads(done.stdout.splitlines()[0])["tiles"], 4)
        self.assertEqual(done.stderr, "")

    def test_what_cannot_be_a_plan(self):
        tiles = ("tiles", self.inventory)
        self.refuse(2, ["--tile", "--by"], *tiles)
        self.refuse(2, ["--tile", "--by"], *tiles, "--tile", "512", "--by", "county")
        self.refuse(2, ["multiple", "1024"], *tiles, "--tile", "1000")
        self.refuse(2, ["no such zone set", "county, wuyishan"], *tiles, "--by", "township")
        self.refuse(2, "written by GDAL", *tiles, "--tile", "512", "--io", "gdal")
        self.refuse(2, "written by GDAL", *tiles, "--tile", "512", "--co", "COMPRESS=LZW")
        self.refuse(3, "cannot be written", *tiles, "--tile", "512", "-o", "/proc/plan.jsonl")
        self.refuse(3, ["none/plan.jsonl: cannot be written", "folder"], *tiles, "--tile", "512", "-o", self.folder / "none/plan.jsonl")
        plan, _ = self.plan("--tile", 1024)
        self.refuse(2, "--overwrite", *tiles, "--tile", "512", "-o", plan)
        self.refuse(2, "no plan of tiles", *tiles, "--tile", "512", "-o", self.inventory, "--overwrite")
        self.succeed(*tiles, "--tile", "512", "-o", plan, "--overwrite", "-q")


class Killed(TilesTest):
    def start_tile(self, plan, index):
        return self.start(*self.tile_command(plan, index))

    def test_killed_at_random_moments_and_run_again(self):
        plan, (header, *_) = self.plan("--tile", 512)
        chance, killed, tiles = random.Random(11), 0, range(header["tiles"])
        begun = time.monotonic()
        self.succeed(*self.tile_command(plan, 0, "-q"))
        lasts = time.monotonic() - begun
        for _ in range(200):
            todo = [index for index in tiles if not (self.parts / "parts" / f"{index}.part").exists()]
            if killed >= 20 or not todo:
                break
            # Two processes may be at one tile.
            processes = [self.start_tile(plan, chance.choice(todo)) for _ in range(2)]
            time.sleep(chance.uniform(0, 1.5 * lasts))
            for process in processes:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += process.returncode == -signal.SIGKILL
        self.assertGreater(killed, 3, "hardly any tile was killed: the test tells nothing")
        for part in (self.parts / "parts").glob("[0-9]*.part"):
            # What is there under its name is whole.
            again = self.succeed(*self.tile_command(plan, part.stem))
            self.assertIn("was there already", again.stderr)
        self.run_all(plan, tiles)
        self.assert_same(self.merge(plan), self.plain["cog"])
        self.assertEqual(list(self.parts.rglob(".*")), [])

    def test_terminated(self):
        plan, _ = self.plan("--tile", 4096)
        for lines in (1, 2):        # of progress: at the first window, and later
            with self.start_tile(plan, 0) as process:
                for _ in range(lines):
                    self.assertIn(b'"computing"', process.stderr.readline())
                process.send_signal(signal.SIGTERM)
                begun = time.monotonic()
                process.communicate(timeout=10)
            self.assertLess(time.monotonic() - begun, 10)
            self.assertEqual(process.returncode, 143)
            self.assertEqual([p for p in self.parts.rglob("*") if p.is_file()], [], "something half-written is left")
        self.run_all(plan, [0])
        self.assert_same(self.merge(plan), self.plain["cog"])

    def test_all_at_once(self):
        """Tiles side by side in one folder, each twice at a time."""
        plan, (header, *_) = self.plan("--tile", 512)
        for half in (range(0, header["tiles"], 2), range(1, header["tiles"], 2)):
            for process in [self.start_tile(plan, index) for index in half for _ in range(2)]:
                _, messages = process.communicate()
                self.assertEqual(process.returncode, 0, messages)
        self.assert_same(self.merge(plan), self.plain["cog"])


class Refused(TilesTest):
    def test_missing_and_damaged_tiles(self):
        plan, (header, *_) = self.plan("--tile", 512)
        self.assertEqual(header["tiles"], 9)
        merge = ("merge", plan, "--from", self.parts, "-o", self.folder / "merged")
        self.refuse(2, [f"{self.parts}: no such folder"], *merge)       # and no index
        self.parts.mkdir()
        self.refuse(2, ["9 of 9 tiles", "is not there"], *merge, stdout="0-8\n")
        self.run_all(plan, [0, 4, 5, 8])
        self.refuse(2, ["5 of 9 tiles", "tile 1 is not there"], *merge, stdout="1-3,6-7\n")
        self.run_all(plan, [1, 2, 3, 6, 7])
        part = self.parts / "parts" / "5.part"
        whole = part.read_bytes()
        for damaged in (whole[:len(whole) // 2], whole[:-1], b"", whole[:3000] + bytes([whole[3000] ^ 1]) + whole[3001:],
                        whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:], whole + b"x", b"x" * 500):
            part.write_bytes(damaged)
            self.refuse(2, ["1 of 9 tiles", "tile 5 is damaged"], *merge, stdout="5\n")
        # All of them are named, whether it shows at once or only when they are read.
        other = self.parts / "parts" / "2.part"
        of_other = other.read_bytes()
        other.write_bytes(of_other[:-100] + bytes([of_other[-100] ^ 1]) + of_other[-99:])
        self.refuse(2, ["2 of 9 tiles", "tile 2 is damaged"], *merge, stdout="2,5\n")
        part.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
        self.refuse(2, ["2 of 9 tiles", "tile 2 is damaged"], *merge, stdout="2,5\n")
        other.write_bytes(of_other)
        self.assertFalse((self.folder / "merged").exists())
        self.run_all(plan, [5])     # a damaged one is made again, unasked
        # A tile under another's name.
        shutil.copy(self.parts / "parts" / "4.part", part)
        self.refuse(2, "tile 5 is of another plan or tile", *merge, stdout="5\n")
        self.refuse(2, ["of another plan", "--overwrite"], *self.tile_command(plan, 5))
        self.run_all(plan, [5], "--overwrite")
        self.assert_same(self.merge(plan), self.plain["cog"])

    def test_tiles_of_another_plan(self):
        plan, _ = self.plan("--tile", 1024)
        other, _ = self.plan("--tile", 1024, "--layers", "carbon", name="other.jsonl")
        self.run_all(plan, [0, 1, 3])
        self.run_all(other, [2])
        self.refuse(2, ["of another plan", "with --overwrite"], "merge", plan, "--from", self.parts, "-o", self.folder / "merged", stdout="2\n")
        self.refuse(2, "of another plan", "merge", other, "--from", self.parts, "-o", self.folder / "merged", stdout="0-1,3\n")
        before = contents(self.parts)
        self.refuse(2, ["of another plan", "--overwrite"], *self.tile_command(plan, 2))
        self.assertEqual(contents(self.parts), before)
        self.run_all(plan, [2], "--overwrite")
        self.assert_same(self.merge(plan), self.plain["cog"])

    def test_an_input_that_changed(self):
        inputs = self.folder / "inputs"
        shutil.copytree(self.inputs, inputs, ignore=shutil.ignore_patterns("plain*"))
        inventory, legend = inputs / "inventory.toml", inputs / "landcover_legend.csv"
        plan, _ = self.plan("--tile", 1024, inventory=inventory)
        run = ["run", inventory, "--tile", f"{plan}:0", "-o", self.parts]
        text, stat = legend.read_bytes(), legend.stat()

        def restore():
            legend.write_bytes(text)
            os.utime(legend, ns=(stat.st_atime_ns, stat.st_mtime_ns))

        legend.write_bytes(text + b"\n")
        self.refuse(2, ["landcover_legend.csv", "another size", "make the plan anew"], *run)
        restore()
        os.utime(legend, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
        self.refuse(2, ["landcover_legend.csv", "another time stamp"], *run)
        legend.unlink()
        self.refuse(2, "landcover_legend.csv", *run)
        restore()
        self.assertFalse(self.parts.exists(), "a refused tile left something")
        for index in range(4):
            self.succeed("run", inventory, "--tile", f"{plan}:{index}", "-o", self.parts, "-q")
        # As if nothing had been: size and stamp are the same, and only the content tells.
        stands = inputs / "stands_2015.tif"
        data, stamp = bytearray(stands.read_bytes()), stands.stat()
        data[-20] ^= 1
        stands.write_bytes(data)
        os.utime(stands, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.refuse(2, ["stands_2015.tif", "was changed since the plan was made"],
                    "merge", plan, "--from", self.parts, "-o", self.folder / "merged")
        self.assertFalse((self.folder / "merged").exists())
        data[-20] ^= 1
        stands.write_bytes(data)
        os.utime(stands, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.assert_same(self.merge(plan), self.plain["cog"])
        # Only a stamp is new: tiles cannot know, a merge does; a new plan has the hash of the old, and its tiles are good.
        os.utime(legend)
        self.assert_same(self.merge(plan, out="again"), self.plain["cog"])
        self.succeed("tiles", inventory, "--tile", 1024, "-o", plan, "--overwrite", "-q")
        self.assertIn("was there already", self.succeed(*run).stderr)

    def test_a_plan_is_of_one_inventory_and_named(self):
        plan, _ = self.plan("--tile", 1024)
        other = self.folder / "other.toml"
        shutil.copy(self.inventory, other)
        self.refuse(2, ["inventory.toml", "other.toml"], "run", other, "--tile", f"{plan}:0", "-o", self.parts)
        self.refuse(2, ["--tile", "blank"], "run", self.inventory, "--tile", "", "-o", self.parts)
        self.refuse(2, ["--allow-driver"], "tiles", self.inventory, "--tile", 1024, "--allow-driver", "VRT", "-o", self.folder / "vrt.jsonl")
        self.assertFalse(self.parts.exists())

    def test_a_plan_that_was_changed(self):
        plan, _ = self.plan("--tile", 512)
        text = plan.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        for changed, words in ((text.replace("[512,0,512,512]", "[0,0,512,512]"), "was changed"), ("".join(lines[:-1]), "was changed"),
                               (text[:-40], "cut off"), ("", "no plan of tiles"), ("[1]\n", "no plan of tiles"),
                               (lines[0] + lines[2] + lines[1] + "".join(lines[3:]), "make it anew"),
                               (text.replace("sinkcalc tiles 1", "sinkcalc tiles 9"), "another version"),
                               (re.sub(r'"program":"[^"]*"', '"program":"sinkcalc 0.0.9"', text), "was changed")):
            plan.write_text(changed, encoding="utf-8")
            self.refuse(2, [words, "plan.jsonl"], *self.tile_command(plan, 0))
            self.refuse(2, [words, "plan.jsonl"], "merge", plan, "--from", self.parts, "-o", self.folder / "merged")
        self.refuse(2, "cannot be read", *self.tile_command(self.folder / "none.jsonl", 0))

    def test_options_that_the_plan_fixes(self):
        plan, _ = self.plan("--tile", 1024)
        for options in (["--layers", "carbon"], ["--of", "GTiff"], ["--strict"], ["--parameters", "x.csv"], ["--align"],
                        ["--zones", "x.gpkg"]):
            self.refuse(2, [options[0], "fixed in the plan"], *self.tile_command(plan, 0, *options))
        for options in (["--io", "own"], ["--io", "gdal"], ["--allow-driver", "VRT"]):      # sinkcalc tiles would not take them
            self.refuse(2, [options[0], "leave it out"], *self.tile_command(plan, 0, *options))

    def test_folders_that_cannot_be_written(self):
        plan, _ = self.plan("--tile", 4096)
        in_the_way = self.folder / "file"
        in_the_way.write_text("mine")
        command = self.tile_command(plan, 0)
        self.refuse(3, "cannot be written", *command[:-1], in_the_way)
        self.refuse(3, "cannot be written", *command[:-1], "/proc/tiles")
        self.assertEqual(in_the_way.read_text(), "mine")
        self.run_all(plan, [0])
        self.refuse(3, "not a directory", "merge", plan, "--from", self.parts, "-o", in_the_way)
        self.refuse(3, "cannot be written", "merge", plan, "--from", self.parts, "-o", "/proc/merged")
        self.merge(plan)
        self.refuse(2, "--overwrite", "merge", plan, "--from", self.parts, "-o", self.folder / "merged")
        self.assert_same(self.merge(plan, "--overwrite"), self.plain["cog"])

    def test_a_full_disk(self):
        """A limit of file size stands for it: exit 3, and nothing half-written."""
        plan, _ = self.plan("--tile", 4096)
        done = subprocess.run(["bash", "-c", 'ulimit -f 300; exec "$@"', "-", SINKCALC, *map(str, self.tile_command(plan, 0))],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False,
                              env=NO_TASK)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual([p for p in self.parts.rglob("*") if p.is_file()], [])

    def test_inputs_that_stop_a_run_stop_their_tile(self):
        inputs = self.folder / "inputs"
        shutil.copytree(self.inputs, inputs, ignore=shutil.ignore_patterns("plain*"))
        file = gdal.Open(str(inputs / "landcover_2020.tif"), gdal.GA_Update)
        file.GetRasterBand(1).WriteArray(numpy.full((3, 3), 77, numpy.uint8), 1200, 1200)
        file = None
        plan, _ = self.plan("--tile", 1024, inventory=inputs / "inventory.toml")
        run = lambda index: ["run", inputs / "inventory.toml", "--tile", f"{plan}:{index}", "-o", self.parts]
        self.succeed(*run(0))
        self.refuse(2, ["landcover_2020.tif", "77"], *run(3))
        self.refuse(2, "3 of 4 tiles", "merge", plan, "--from", self.parts, "-o", self.folder / "merged", stdout="1-3\n")


if __name__ == "__main__":
    unittest.main()
