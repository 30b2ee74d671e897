# SPDX-License-Identifier: Apache-2.0
"""scripts/examples, run where their engines are installed: the results are those of plain runs."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "slurm"))
from cli import SINKCALC                        # noqa: E402
from folders import contents                    # noqa: E402
from small_inventory import write_inventory     # noqa: E402
from tile_calls import NO_TASK, TileCalls       # noqa: E402

EXAMPLES = ROOT / "scripts" / "examples"


class Examples(TileCalls):
    def setUp(self):
        super().setUp()
        write_inventory(self.folder / "a b", 700)
        write_inventory(self.folder / "west", 600, years=(2010, 2018), name="west.toml")
        self.inventories = ["a b/inventory.toml", "west/west.toml"]

    def example(self, *command, cwd=None):
        path = f"{pathlib.Path(SINKCALC).parent}:{os.environ['PATH']}"
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", check=False, cwd=cwd or self.folder, timeout=300, env={**NO_TASK, "PATH": path})
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def need(self, program):
        if shutil.which(program) is None:
            reason = f"{program} is not installed here"
            print("skipped:", reason)
            self.skipTest(reason)

    def assert_plain(self, out, name, inventory):
        plain = self.folder / "plain" / name
        self.succeed("run", self.folder / inventory, "-o", plain, "--overwrite", "-q")
        got = contents(out)
        got.pop(".snakemake_timestamp", None)       # Snakemake's own
        self.assert_same(got, contents(plain))

    def test_parallel(self):
        self.need("parallel")
        command = [EXAMPLES / "tiles_with_parallel", "both years", *self.inventories, "--tile", 512]
        self.example(*command)
        for name, inventory in zip(("a b", "west"), self.inventories):
            self.assert_plain(self.folder / "both years" / name, name, inventory)
        # Run again after a loss: only that tile is computed.
        parts = {path: path.stat().st_mtime_ns for path in (self.folder / "both years.tiles" / "parts").iterdir()}
        lost = self.folder / "both years.tiles" / "parts" / "5.part"
        lost.unlink()
        shutil.rmtree(self.folder / "both years")
        self.example(*command)
        self.assertEqual({path for path, stamp in parts.items() if path.stat().st_mtime_ns != stamp}, {lost})
        self.assert_plain(self.folder / "both years" / "west", "west", "west/west.toml")

    def test_snakemake(self):
        self.need("snakemake")
        self.example("snakemake", "--snakefile", EXAMPLES / "Snakefile", "--cores", 2, "--config", "inventories=west/west.toml", "tile=512",
                     "out=results")
        self.assert_plain(self.folder / "results", "west", "west/west.toml")
        self.assertIn("Nothing to be done", self.example("snakemake", "--snakefile", EXAMPLES / "Snakefile", "--cores", 1, "--config",
                                                         "inventories=west/west.toml", "tile=512", "out=results"))


if __name__ == "__main__":
    unittest.main()
