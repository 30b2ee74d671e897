# SPDX-License-Identifier: Apache-2.0
"""Output rasters as GDAL and others see them: structure, every overview (numpy), statistics, metadata; by our own
encoder and by GDAL's."""
import subprocess
import unittest

import numpy as np
from osgeo import gdal
from osgeo_utils.samples import validate_cloud_optimized_geotiff as cog

from raster_case import write_raster
from test_sinkchange import SinkchangeTest

UNKNOWN = 65535
BY_GDAL = ("--io", "gdal")
SHAPE = (1301, 2051)


def cells(values, fill):
    """The four values of each 2 x 2 cell along the last axis; `fill` beyond the edges."""
    rows, columns = values.shape
    padded = np.pad(values, ((0, rows % 2), (0, columns % 2)), constant_values=fill)
    return np.stack([padded[0::2, 0::2], padded[0::2, 1::2], padded[1::2, 0::2], padded[1::2, 1::2]], axis=-1)


def mean_of(values):
    four = cells(values.astype("float64"), np.nan)
    count = (~np.isnan(four)).sum(axis=-1)
    total = np.zeros(count.shape)
    for i in range(4):
        total += np.where(np.isnan(four[..., i]), 0, four[..., i])
    with np.errstate(invalid="ignore"):
        return (total / count).astype("float32")


def most_frequent(values):
    four = np.sort(cells(values, UNKNOWN), axis=-1).astype("int64")
    count = (four[..., :, None] == four[..., None, :]).sum(axis=-1)
    score = np.where(four == UNKNOWN, -1, count * 100000 - four)
    return np.take_along_axis(four, score.argmax(axis=-1)[..., None], axis=-1)[..., 0].astype("uint16")


class Rasters(SinkchangeTest):
    def carbon(self):
        """Two stocks with noise, holes, and a corner of whole tiles without data."""
        random = np.random.default_rng(5)
        for name in ("a.tif", "b.tif"):
            values = random.uniform(0, 90, SHAPE).astype("float32")
            values[random.random(SHAPE) < 0.1] = -1
            values[:600, 512:] = -1
            write_raster(self.folder / name, values, -1)
        return "sink", "--from", "a.tif", "--to", "b.tif", "--years", "2015", "2020"

    def classes(self):
        random = np.random.default_rng(6)
        maps = []
        for _ in range(2):
            values = random.integers(1, 4, SHAPE).astype("uint8")
            values[random.random(SHAPE) < 0.3] = 255
            values[:600, 512:] = 255
            maps.append(values)
        return "map", *self.maps(*maps)

    def opened(self, file):
        warnings, errors, _ = cog.validate(str(self.folder / file), full_check=True)
        self.assertEqual((warnings, errors), ([], []))
        return gdal.Open(str(self.folder / file))

    def check_overviews(self, file, rule):
        raster = self.opened(file)
        band = raster.GetRasterBand(1)
        self.assertEqual(band.GetOverviewCount(), 2)
        below = band.ReadAsArray()
        for level in range(band.GetOverviewCount()):
            stored = band.GetOverview(level).ReadAsArray()
            np.testing.assert_array_equal(stored, rule(below))
            below = stored
        return raster

    def info(self, file):
        """gdalinfo's words, less the file's name."""
        words = subprocess.run(["gdalinfo", "-checksum", file], cwd=self.folder, check=True, capture_output=True,
                               encoding="utf-8").stdout
        return words.replace(file, "")

    def sink(self, out, *options):
        done = self.run_sinkcalc(*self.carbon(), "-o", out, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return f"{out}/sink_2015_2020.tif"

    def test_measures(self):
        own, by_gdal = self.sink("own"), self.sink("gdal", *BY_GDAL)
        for file in (own, by_gdal):
            raster = self.check_overviews(file, mean_of)
            band = raster.GetRasterBand(1)
            values = band.ReadAsArray().astype("float64")
            said = band.GetMetadata()
            self.assertEqual(float(said["STATISTICS_MINIMUM"]), np.nanmin(values))
            self.assertAlmostEqual(float(said["STATISTICS_MEAN"]), np.nanmean(values), 12)
            self.assertAlmostEqual(float(said["STATISTICS_STDDEV"]), np.nanstd(values), 9)
            self.assertTrue(band.GetUnitType())
        self.assertEqual(self.info(own), self.info(by_gdal))

    def test_codes(self):
        self.works(*self.classes(), "-o", "own")
        self.works(*self.classes(), "-o", "gdal", *BY_GDAL)
        own, by_gdal = (f"{out}/change_2015_2020.tif" for out in ("own", "gdal"))
        for file in (own, by_gdal):
            self.check_overviews(file, most_frequent)
        self.assertEqual(self.info(own), self.info(by_gdal))

    def test_holes_and_big_files(self):
        whole = self.opened(self.sink("whole"))
        size = (self.folder / "whole" / "sink_2015_2020.tif").stat().st_size
        for out, options in (("sparse", ["SPARSE_OK=TRUE"]), ("big", ["BIGTIFF=YES", "COMPRESS=DEFLATE"])):
            file = self.sink(out, *(word for option in options for word in ("--co", option)))
            raster = self.opened(file)
            np.testing.assert_array_equal(raster.ReadAsArray(), whole.ReadAsArray())
            blank = raster.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_1_0", "TIFF")
            self.assertEqual(blank is None, out == "sparse")
            if out == "sparse":
                self.assertLess((self.folder / file).stat().st_size, size)
            else:
                self.assertEqual((self.folder / file).read_bytes()[:4], b"II\x2b\x00")

    def test_a_plain_file_has_no_overviews(self):
        raster = gdal.Open(str(self.folder / self.sink("plain", "--of", "GTiff")))
        self.assertEqual(raster.GetRasterBand(1).GetOverviewCount(), 0)
        self.assertEqual(raster.GetRasterBand(1).GetBlockSize(), [512, 512])
        self.assertNotIn("LAYOUT", raster.GetMetadata("IMAGE_STRUCTURE"))


if __name__ == "__main__":
    unittest.main()
