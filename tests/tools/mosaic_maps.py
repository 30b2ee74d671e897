# SPDX-License-Identifier: Apache-2.0
"""The sample's rasters twice: whole, and cut into folders of files that have little in common but the grid."""
import pathlib
import shutil

import numpy
from osgeo import gdal

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
RASTERS = ["stands_2015", "stands_2020", "culms_2015", "culms_2020", "landcover_2015", "landcover_2020", "disturbances"]
CORNER, SIDE = (400, 400), 1300        # pixels of the sample's middle
# Column, row, columns, rows: irregular, touching, with a hole between.
PIECES = {"a": (0, 0, 517, 430), "b": (517, 0, 783, 300), "c": (517, 300, 400, 130), "d": (0, 430, 300, 870),
          "e": (300, 430, 617, 450), "f": (300, 880, 1000, 420), "g": (917, 301, 383, 579)}
HOLE = (917, 300, 383, 1)              # a row between b and g that no file has
UINT, INT, FLOAT, DOUBLE = gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_Float32, gdal.GDT_Float64
STORED = {"a": (UINT, 64000, ["COMPRESS=ZSTD", "TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=BAND"]),
          "b": (INT, -1, ["COMPRESS=LZW"]),
          "c": (FLOAT, float("nan"), ["COMPRESS=ZSTD", "PREDICTOR=3", "TILED=YES", "INTERLEAVE=BAND"]),
          "d": (DOUBLE, -9999, ["COMPRESS=DEFLATE", "INTERLEAVE=BAND", "BLOCKYSIZE=1"]),
          "e": (UINT, 65535, ["COMPRESS=ZSTD", "PREDICTOR=2", "TILED=YES", "INTERLEAVE=PIXEL"]),
          "f": (FLOAT, -3.5, ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "INTERLEAVE=BAND"]),
          "g": (INT, 2147483647, ["COMPRESS=DEFLATE", "PREDICTOR=2", "INTERLEAVE=BAND"])}


def write(path, like, place, pixels, kind, nodata, options):
    """Bands of `pixels` (NaN: nodata) at `place` of the raster `like`, with its words, scales and units."""
    bands, rows, columns = pixels.shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind, options)
    x, width, _, y, _, height = like.GetGeoTransform()
    made.SetGeoTransform([x + place[0] * width, width, 0, y + place[1] * height, 0, height])
    made.SetSpatialRef(like.GetSpatialRef())
    for number in range(1, bands + 1):
        band, words = made.GetRasterBand(number), like.GetRasterBand(number)
        band.SetNoDataValue(nodata)
        band.SetDescription(words.GetDescription())
        if words.GetUnitType():
            band.SetUnitType(words.GetUnitType())
        if words.GetScale() is not None:
            band.SetScale(words.GetScale())
        array = pixels[number - 1]
        band.WriteArray(numpy.where(numpy.isnan(array), nodata, array))
    made.FlushCache()


def make(folder):
    """Makes folder/whole and folder/cut, each with inventory.toml and what it reads; returns them."""
    whole, cut = folder / "whole", folder / "cut"
    for place in (whole, cut):
        place.mkdir()
        for path in SAMPLES.iterdir():
            if path.suffix in (".gpkg", ".csv", ".toml"):
                shutil.copy(path, place)
    for name in RASTERS:
        source = gdal.Open(str(SAMPLES / f"{name}.tif"))
        pixels = source.ReadAsArray(*CORNER, SIDE, SIDE).astype(float).reshape(source.RasterCount, SIDE, SIDE)
        for number in range(source.RasterCount):
            nodata = source.GetRasterBand(number + 1).GetNoDataValue()
            pixels[number][pixels[number] == nodata] = numpy.nan
        column, row, columns, rows = HOLE
        pixels[:, row:row + rows, column:column + columns] = numpy.nan
        write(whole / f"{name}.tif", source, CORNER, pixels, UINT, 65535, ["COMPRESS=ZSTD", "TILED=YES"])
        (cut / name).mkdir()
        for piece, (column, row, columns, rows) in PIECES.items():
            write(cut / name / f"{piece}.tif", source, (CORNER[0] + column, CORNER[1] + row),
                  pixels[:, row:row + rows, column:column + columns], *STORED[piece])
    inventory = (cut / "inventory.toml").read_text(encoding="utf-8").replace(".tif", "")
    (cut / "inventory.toml").write_text(inventory, encoding="utf-8")
    return whole, cut
