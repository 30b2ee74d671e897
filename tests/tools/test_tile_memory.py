# SPDX-License-Identifier: Apache-2.0
"""What tiles and their merge take of memory: within --memory, whatever overview tiles they leave to others, and within the plan's
estimates, which are no more than about twice that."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy

from cli import SINKCALC
from folders import contents

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "slurm"))
from small_inventory import write_inventory, write_raster       # noqa: E402

SIDE = 4096
# 14 rasters: the overview tiles of one level, 16 of 1 MiB in each, are 170 MiB.
LAYERS = "agb,bgb,carbon,co2,carbon_above,sink,sink_above,sink_below,change"
NO_TASK = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "PBS_", "SGE_"))}
# By a process between that is small: what a process held when it was forked counts for the program that it becomes.
PEAK = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print("peak", used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
MIB = 1 << 20


class TileMemory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.inventory = write_inventory(cls.folder / "inputs", SIDE)
        # Zones that have every other column of blocks: no overview tile is whole in either tile.
        column = numpy.arange(SIDE) // 512 % 2 + 1
        write_raster(cls.folder / "inputs" / "columns.tif", numpy.tile(column.astype(numpy.uint8), (SIDE, 1)), 0, 512, 30)
        cls.options = ["--zones", cls.folder / "inputs" / "columns.tif", "--layers", LAYERS, "--memory", "64M"]
        cls.plain_peak = cls.peak("run", cls.inventory, *cls.options, "--threads", 1, "-o", cls.folder / "plain")
        cls.plain = contents(cls.folder / "plain")

    @classmethod
    def peak(cls, *arguments):
        """Bytes of memory that a successful call took at most."""
        done = subprocess.run([sys.executable, "-c", PEAK, SINKCALC, *map(str, arguments), "-q"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False, env=NO_TASK)
        assert done.returncode == 0, (arguments, done.stderr)
        return int(done.stdout.rsplit("peak ", 1)[1]) * 1024

    def plan(self, name, *how):
        file = self.folder / f"{name}.jsonl"
        self.peak("tiles", self.inventory, *self.options, *how, "-o", file)
        return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def check(self, name, how, indices, threads=1):
        """Peaks of some tiles, then of the merge of all."""
        plan, (header, *tiles) = self.plan(name, *how, "--threads", threads)
        parts = self.folder / f"{name}.parts"
        effort = ("--memory", "64M", "--threads", threads)
        peaks = {}
        for index in range(len(tiles)):
            peaks[index] = self.peak("run", self.inventory, "--tile", f"{plan}:{index}", "-o", parts, *effort)
        merged = self.peak("merge", plan, "--from", parts, "-o", self.folder / name, *effort)
        got = contents(self.folder / name)
        self.assertEqual({n for n in got.keys() | self.plain.keys() if got.get(n) != self.plain.get(n)}, set())
        estimated = [(f"tile {index}", peaks[index], tiles[index]["estimated"]["memory_bytes"]) for index in indices]
        estimated.append(("merge", merged, header["estimated"]["merge_memory_bytes"]))
        for what, peak, estimate in estimated:
            with self.subTest(f"{name}, {what}: {peak / MIB:.0f} MiB, estimated {estimate / MIB:.0f}, plain run {self.plain_peak / MIB:.0f}"):
                self.assertLess(peak, self.plain_peak + threads * 48 * MIB)
                self.assertLess(peak, estimate)
                self.assertLess(estimate, 2.5 * peak)

    def test_tiles_that_share_all_overview_tiles(self):
        self.check("columns", ["--by", "columns"], [0, 1])

    def test_zones(self):
        self.check("quarters", ["--by", "quarter"], [0, 3])

    def test_small_tiles(self):
        self.check("small", ["--tile", 1024], [0, 7, 15])

    def test_large_tiles_on_threads(self):
        self.check("large", ["--tile", 4096], [0], threads=3)


if __name__ == "__main__":
    unittest.main()
