# SPDX-License-Identifier: Apache-2.0
"""--io own and --io gdal: the same results for every command that reads rasters: files to the byte, but rasters, which
are laid out by different writers, in every pixel, overview and word that GDAL tells of them."""
import hashlib
import json
import os
import pathlib
import subprocess
import unittest

import numpy as np
from osgeo import gdal, osr

from cli import SINKCALC, CliTest

gdal.UseExceptions()
SINKCHANGE = os.environ["SINKCHANGE"]
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"


def raster_content(path):
    """All that a reader sees: words, statistics, pixels of every level."""
    raster = gdal.Open(str(path))
    band = raster.GetRasterBand(1)
    levels = [band, *(band.GetOverview(i) for i in range(band.GetOverviewCount()))]
    return (raster.GetGeoTransform(), raster.GetProjection(), raster.GetMetadata(), band.GetMetadata(), band.GetDescription(),
            band.GetUnitType(), str(band.GetNoDataValue()), band.DataType, raster.GetMetadata("IMAGE_STRUCTURE"),
            [hashlib.sha256(level.ReadAsArray().tobytes()).hexdigest() for level in levels])


def results(folder):
    """Content of every file, and the run record without its timings."""
    found = {path.name: raster_content(path) if path.suffix == ".tif" else hashlib.sha256(path.read_bytes()).hexdigest()
             for path in folder.iterdir() if path.name != "run.json"}
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found, record.pop("timings")["io"], record


class Io(CliTest):
    def compare(self, program, *arguments):
        """Runs with both, compares, and returns the folder of the own one."""
        outcomes = []
        for io in ("own", "gdal"):
            out = self.folder / f"{arguments[0]}-{io}"
            done = subprocess.run([program, *arguments, "--io", io, "--threads", "3", "-o", str(out)], cwd=self.folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=300, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            files, path, record = results(out)
            self.assertEqual(path, io)
            outcomes.append((files, record))
        self.assertEqual(*outcomes)
        return self.folder / f"{arguments[0]}-own"

    def make(self, name, pixels, type_, nodata, **options):
        raster = gdal.GetDriverByName("GTiff").Create(str(self.folder / name), pixels.shape[1], pixels.shape[0], 1, type_,
                                                      [f"{key}={value}" for key, value in options.items()])
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(4548)
        raster.SetSpatialRef(crs)
        raster.SetGeoTransform([500000, 30, 0, 3000000, 0, -30])
        raster.GetRasterBand(1).SetNoDataValue(nodata)
        raster.GetRasterBand(1).WriteArray(pixels)

    def make_maps(self):
        random = np.random.default_rng(5)
        shape = (700, 1100)
        classes = np.kron(random.integers(1, 5, (70, 110)), np.ones((10, 10))).astype(np.uint8)
        later = np.where(random.random(shape) < 0.1, 3, classes).astype(np.uint8)
        classes[:, 900:] = 255
        values = np.where(classes == 255, -9999, random.random(shape) * 100).astype(np.float32)
        self.make("a.tif", classes, gdal.GDT_Byte, 255, COMPRESS="DEFLATE", PREDICTOR=2)
        self.make("b.tif", later, gdal.GDT_Byte, 255, COMPRESS="ZSTD", TILED="YES", BLOCKXSIZE=128, BLOCKYSIZE=128)
        self.make("v.tif", values, gdal.GDT_Float32, -9999, COMPRESS="ZSTD", PREDICTOR=3, TILED="YES")
        self.values, self.classes = values, classes

    def test_the_sample(self):
        self.compare(SINKCALC, "run", str(SAMPLES / "inventory.toml"))

    def test_zonal_agrees_with_numpy(self):
        self.make_maps()
        out = self.compare(SINKCALC, "zonal", "v.tif", "--zones", "a.tif", "--by", "b.tif")
        lines = (out / "zonal.csv").read_text(encoding="utf-8").splitlines()
        head = lines[0].split(",")
        total = dict(zip(head, next(line for line in lines[1:] if line.split(",")[1] == "total").split(",")))
        inside = self.values[self.classes != 255]
        self.assertEqual(int(total["pixels"]), inside.size)
        self.assertEqual((float(total["min"]), float(total["max"])), (inside.min(), inside.max()))

    def test_change_maps_filters_and_patches(self):
        self.make_maps()
        years = ["--years", "2015", "2020"]
        self.compare(SINKCHANGE, "map", "a.tif", "b.tif", *years)
        self.compare(SINKCHANGE, "filter", "a.tif", "b.tif", *years, "--sieve", "4")
        self.compare(SINKCHANGE, "patches", "a.tif", "b.tif", *years, "--transition", "any:3", "--stock", "v.tif")
        self.compare(SINKCHANGE, "sample", "b.tif", "--n", "200", "--seed", "1")

    def test_a_damaged_block_is_exit_2_either_way(self):
        self.make_maps()
        raster = gdal.Open(str(self.folder / "v.tif"))
        place = int(raster.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_1_1", "TIFF"))
        del raster
        with open(self.folder / "v.tif", "r+b") as file:
            file.seek(place)
            file.write(b"\xff" * 16)
        for io in ("own", "gdal"):
            self.assert_fails(2, ["v.tif", "cannot be read at column 256, row 256", "make it again"], "zonal", "v.tif", "--zones",
                              "a.tif", "-o", "out", "--io", io)

    def test_a_misspelt_path_is_refused(self):
        self.assert_fails(2, ["--io", "'owm'", "'own'"], "zonal", "v.tif", "--io", "owm", "-o", "out")


if __name__ == "__main__":
    unittest.main()
