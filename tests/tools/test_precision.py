# SPDX-License-Identifier: Apache-2.0
"""[output] precision: what is stored is rounded and says so; tables are what they were."""
import pathlib
import shutil
import unittest

import numpy as np
from osgeo import gdal

from cli import CliTest

gdal.UseExceptions()
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"


class Precision(CliTest):
    def sample(self, output):
        """The sample's inventory, with its section [output]."""
        folder = self.folder / "inputs"
        if not folder.exists():
            shutil.copytree(SAMPLES, folder)
        text = (SAMPLES / "inventory.toml").read_text(encoding="utf-8")
        (folder / "own.toml").write_text(text + f"\n[output]\n{output}\n", encoding="utf-8")
        return str(folder / "own.toml")

    def run_sample(self, name, output):
        done = self.run_sinkcalc("run", self.sample(output), "-o", name, "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.folder / name

    def test_pixels_are_rounded_and_tables_are_not(self):
        layers = 'layers = ["carbon", "sink", "cause"]\n'
        whole, rounded = self.run_sample("whole", layers), self.run_sample("rounded", layers + "precision = 0.01")
        for name in ("carbon_2015.tif", "sink_2015_2020.tif"):
            files = [gdal.Open(str(folder / name)) for folder in (whole, rounded)]    # kept: bands die with their file
            before, after = (file.GetRasterBand(1) for file in files)
            self.assertEqual(after.GetDescription(), before.GetDescription() + ", rounded to 0.0078125")
            values, stored = before.ReadAsArray(), after.ReadAsArray()
            np.testing.assert_array_equal(stored, (np.rint(values.astype(float) * 128) / 128).astype(np.float32))
            known = stored[~np.isnan(stored)].astype(float)
            self.assertAlmostEqual(float(after.GetMetadataItem("STATISTICS_MEAN")), known.mean(), delta=1e-9)
            self.assertLess((rounded / name).stat().st_size, 0.8 * (whole / name).stat().st_size)
        for name in ("zones.csv", "balance.csv", "cause_2015_2020.tif"):
            self.assertEqual((whole / name).read_bytes(), (rounded / name).read_bytes(), name)

    def test_a_precision_that_is_none_is_refused(self):
        for value in ("0", "-1", "1e-9", "1e9", "nan", '"fine"'):
            self.assert_fails(2, ["own.toml", "precision"], "run", self.sample(f"precision = {value}"), "-o", "out")


if __name__ == "__main__":
    unittest.main()
