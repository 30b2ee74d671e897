# SPDX-License-Identifier: Apache-2.0
"""SIGINT and SIGTERM at five moments of a run: it ends soon, with the right code, and the folder is as it was."""
import hashlib
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from osgeo import gdal

from cli import SINKCALC

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
SIDE = 1536                     # pixels of the sample's middle: a run of about two seconds
# Words of the progress lines that the signal follows; the first comes before any.
MOMENTS = ("", '"computing"', "writing rasters")
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
LONGEST_STOP_S = 10
RASTERS = ["stands_2015.tif", "stands_2020.tif", "culms_2015.tif", "culms_2020.tif", "landcover_2015.tif", "landcover_2020.tif",
           "disturbances.tif"]


def contents(folder):
    """Every path below a folder, with the hash of the files."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in folder.rglob("*")}


class Signals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.inputs = cls.folder / "inputs"
        cls.inputs.mkdir()
        for path in SAMPLES.iterdir():
            if path.name not in RASTERS and path.suffix in (".gpkg", ".csv", ".toml"):
                shutil.copy(path, cls.inputs)
        for name in RASTERS:
            gdal.Translate(str(cls.inputs / name), str(SAMPLES / name), srcWin=[400, 400, SIDE, SIDE],
                           creationOptions=["TILED=YES", "COMPRESS=ZSTD"])
        # Without targets: they have a test of their own.
        text = (cls.inputs / "inventory.toml").read_text(encoding="utf-8")
        (cls.inputs / "plain.toml").write_text(text[:text.index("[[target]]")], encoding="utf-8")
        cls.before = contents(cls.inputs)
        done = cls.run_to_the_end(cls.folder / "whole")
        assert done.returncode == 0, done.stderr
        cls.whole = {name: hash for name, hash in contents(cls.folder / "whole").items() if name != "run.json"}

    @classmethod
    def command(cls, out, *extra):
        return [SINKCALC, "run", str(cls.inputs / "plain.toml"), "-o", str(out), *extra]

    @classmethod
    def run_to_the_end(cls, out, *extra):
        return subprocess.run(cls.command(out, *extra), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", check=False)

    def interrupt(self, sent, moment, out, *extra):
        """The exit code of a run that gets a signal once its progress says these words."""
        with subprocess.Popen(self.command(out, *extra, "--progress", "json"), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8") as process:
            if moment:
                for line in process.stderr:
                    if moment in line:
                        break
            else:
                time.sleep(0.05)
            process.send_signal(sent)
            start = time.monotonic()
            try:
                _, messages = process.communicate(timeout=LONGEST_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                for left in out.glob(".sinkcalc-*"):      # our kill's doing, not the program's
                    shutil.rmtree(left)
                if not any(out.iterdir()):
                    out.rmdir()
                self.fail(f"still runs {LONGEST_STOP_S} s after {sent.name}")
        self.assertLess(time.monotonic() - start, LONGEST_STOP_S)
        # Before its first line a program may still be loading its libraries: the signal then ends it by itself, which a
        # shell reports with the same code.
        by_itself = (-sent,) if not moment else ()
        self.assertIn(process.returncode, (EXIT_CODES[sent], 0, *by_itself), messages)
        self.assertEqual(contents(self.inputs), self.before, "the inputs changed")
        self.assertEqual(list(self.folder.rglob(".sinkcalc-*")), [])
        return process.returncode

    def test_a_folder_that_was_not_there_is_not_there_afterwards(self):
        out, stopped = self.folder / "fresh", 0
        for sent in EXIT_CODES:
            for moment in MOMENTS:
                with self.subTest(signal=sent.name, moment=moment):
                    code = self.interrupt(sent, moment, out)
                    stopped += code != 0
                    if code == 0:
                        self.assertEqual({n: h for n, h in contents(out).items() if n != "run.json"}, self.whole)
                        shutil.rmtree(out)
                    self.assertFalse(out.exists(), "the folder was left behind")
        self.assertGreaterEqual(stopped, len(MOMENTS), "hardly any run was stopped: the test tells nothing")

    def test_earlier_results_stay_as_they_were(self):
        out, earlier = self.folder / "held", self.folder / "earlier"
        # The earlier run is one of other layers, so that a file of the new one would show.
        self.assertEqual(self.run_to_the_end(earlier, "--layers", "bgb,co2").returncode, 0)
        shutil.copytree(earlier, out)
        before, stopped = contents(out), 0
        for sent in EXIT_CODES:
            for moment in MOMENTS:
                with self.subTest(signal=sent.name, moment=moment):
                    code = self.interrupt(sent, moment, out, "--overwrite")
                    stopped += code != 0
                    if code == 0:
                        self.assertEqual({n: h for n, h in contents(out).items() if n != "run.json"}, self.whole)
                        shutil.rmtree(out)
                        shutil.copytree(earlier, out)
                    else:
                        self.assertEqual(contents(out), before, "earlier results changed")
        self.assertGreaterEqual(stopped, len(MOMENTS), "hardly any run was stopped: the test tells nothing")

    def test_a_rerun_after_an_interruption_gives_the_same(self):
        out = self.folder / "again"
        self.interrupt(signal.SIGTERM, MOMENTS[2], out)
        self.assertEqual(self.run_to_the_end(out, "--overwrite").returncode, 0)
        self.assertEqual({n: h for n, h in contents(out).items() if n != "run.json"}, self.whole)

    def test_a_run_with_targets_stops_as_soon(self):
        """The whole sample: after its last raster come the targets."""
        out = self.folder / "targets"
        command = [SINKCALC, "run", str(SAMPLES / "inventory.toml"), "-o", str(out), "--progress", "json"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              encoding="utf-8") as process:
            for line in process.stderr:
                if "writing rasters" in line:
                    break
            time.sleep(1)
            process.send_signal(signal.SIGTERM)
            start = time.monotonic()
            process.stderr.read()
            process.wait()
        self.assertLess(time.monotonic() - start, LONGEST_STOP_S)
        self.assertIn(process.returncode, (143, 0))
        self.assertEqual(out.exists(), process.returncode == 0)


if __name__ == "__main__":
    unittest.main()
