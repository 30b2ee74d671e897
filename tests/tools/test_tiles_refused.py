# SPDX-License-Identifier: Apache-2.0
"""Tiles that are killed, run twice or at once merge to the bytes of a plain run; what does not fit together is refused."""
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest

import numpy
from osgeo import gdal

from cli import SINKCALC
from folders import contents
from tile_calls import NO_TASK
from tiles_case import TilesTest


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
