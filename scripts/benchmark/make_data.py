"""Makes one data set, window by window: `python3 -m benchmark.make_data ROOT SIZE CODEC`.

SYNTHETIC: warped stands of about 34 pixels, 8 % pixel texture on volume in steps of 0.1 m3/ha, 40 % nodata outside a
fractal boundary. Every window depends on its place only.
"""

import json
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

from . import data_set as d
from .fields import fractal, hashed, octave
from .outlines import zone_rings

WINDOW = (512, 2048)
STAND_PX = 34
KINDS = 1 << 16                   # different stands
OUTSIDE = 0.40
TEXTURE = 0.08
CREATION = {"zstd": ("TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=ZSTD", "ZSTD_LEVEL=1"),
            "deflate": ("TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "ZLEVEL=6"),
            "lzw-strips": ("COMPRESS=LZW",)}


def creation_options(codec, is_float):
    predictor = ("PREDICTOR=3" if is_float else "PREDICTOR=2",) if codec != "lzw-strips" else ()
    return [*CREATION[codec], *predictor, "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]


def stand_tables():
    """Per layer and year, the value of each kind of stand."""
    rng = np.random.default_rng(d.SEED)
    share = (0.30, 0.20, 0.18, 0.10, 0.12, 0.03, 0.07)
    first = rng.choice(np.arange(1, 8), KINDS, p=share).astype(np.uint8)
    event = rng.uniform(size=KINDS)
    forest = first <= d.FOREST_CODES_UP_TO
    second = np.where(forest & (event < 0.01), 5, first).astype(np.uint8)            # cleared for fields
    second[(first == 5) & (event < 0.05)] = 1                                         # planted
    age = rng.integers(5, 80, KINDS)
    site = rng.uniform(0.5, 1.5, KINDS)
    tables = {}
    for year, types, ages in zip(d.YEARS, (first, second), (age, age + 5)):
        is_forest = types <= d.FOREST_CODES_UP_TO
        ages = np.where(is_forest & ~forest, 3, ages)
        volume = np.where(is_forest, 220 * site * (1 - np.exp(-ages / 35)), 0)
        cover = np.choose(types, (0, 2, 2, 2, 2, 1, 8, 5))
        tables[year] = {"forest_type": types, "volume": volume.astype(np.float32),
                        "age": np.where(is_forest, ages, d.NO_CLASS).astype(np.uint8),
                        "landcover": cover.astype(np.uint8)}
    return tables


def boundary_field(rows, columns, size):
    """High inside: rough noise on a dome, the same shape at every size."""
    dome = -0.8 * (((rows / size - 0.5)**2)[:, None] + ((columns / size - 0.5)**2)[None, :]) * 4
    return fractal(rows, columns, size / 3, 24, d.SEED + 50) + dome.astype(np.float32)


def boundary_level(size):
    places = np.arange(512) * (size / 512)
    return np.quantile(boundary_field(places, places, size), OUTSIDE)


def stand_kinds(rows, columns):
    """Which kind of stand each pixel belongs to: a square mesh bent by two wavelengths of noise."""
    def bent(seed):
        return 20 * octave(rows, columns, 150, seed) + 8 * octave(rows, columns, 40, seed + 1)
    i = np.floor((rows[:, None] + bent(d.SEED + 1)) / STAND_PX).astype(np.int32)
    j = np.floor((columns[None, :] + bent(d.SEED + 3)) / STAND_PX).astype(np.int32)
    return hashed(i, j, d.SEED) & np.uint32(KINDS - 1)


def window_layers(row, column, shape, size, level, tables):
    """(layer, year) -> array of one window."""
    rows, columns = np.arange(row, row + shape[0], dtype=float), np.arange(column, column + shape[1], dtype=float)
    outside = boundary_field(rows, columns, size) < level
    kinds = stand_kinds(rows, columns)
    rng = np.random.Generator(np.random.Philox(key=[d.SEED, row << 32 | column]))
    for year, table in tables.items():
        for layer in d.LAYERS:
            values = table[layer][kinds]
            if layer == "volume":
                values *= 1 + np.float32(TEXTURE) * np.clip(rng.standard_normal(shape, np.float32), -3, 3)
                values = np.rint(values * 10) / np.float32(10)
            values[outside] = d.NO_VOLUME if layer == "volume" else d.NO_CLASS
            yield (layer, year), values


def srs():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(d.EPSG)
    return reference


def create_raster(path, size, kind, nodata, options):
    made = gdal.GetDriverByName("GTiff").Create(str(path), size, size, 1, kind, options)
    made.SetGeoTransform((d.ORIGIN_M[0], d.PIXEL_M, 0, d.ORIGIN_M[1], 0, -d.PIXEL_M))
    made.SetProjection(srs().ExportToWkt())
    made.GetRasterBand(1).SetNoDataValue(nodata)
    return made


def write_rasters(data):
    size = data.size
    level, tables = boundary_level(size), stand_tables()
    outputs = {}
    for year in d.YEARS:
        for layer in d.LAYERS:
            is_float = layer == "volume"
            outputs[layer, year] = create_raster(
                data.raster(layer, year), size, gdal.GDT_Float32 if is_float else gdal.GDT_Byte,
                d.NO_VOLUME if is_float else d.NO_CLASS, creation_options("zstd", is_float))
    for row in range(0, size, WINDOW[0]):
        for column in range(0, size, WINDOW[1]):
            shape = min(WINDOW[0], size - row), min(WINDOW[1], size - column)
            for key, values in window_layers(row, column, shape, size, level, tables):
                outputs[key].GetRasterBand(1).WriteArray(values, column, row)


def write_zones(data):
    for count, (columns, rows) in d.ZONE_COUNTS.items():
        data.zones(count).unlink(missing_ok=True)
        made = ogr.GetDriverByName("GPKG").CreateDataSource(str(data.zones(count)))
        layer = made.CreateLayer("zones", srs(), ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("code", ogr.OFTString))
        layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
        layer.StartTransaction()
        for number, ring in zone_rings(data.size, columns, rows):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["code"], feature["number"] = str(number), number
            text = ",".join(f"{x:.3f} {y:.3f}" for x, y in ring)
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({text}))"))
            layer.CreateFeature(feature)
        layer.CommitTransaction()
        layer = made = None
        raster = create_raster(data.zone_raster(count), data.size, gdal.GDT_UInt16, 0, creation_options("zstd", False))
        source = gdal.OpenEx(str(data.zones(count)))
        gdal.RasterizeLayer(raster, [1], source.GetLayer(0), options=["ATTRIBUTE=number"])
        raster = None


def main(root, size, codec):
    gdal.UseExceptions()
    ogr.UseExceptions()
    gdal.SetCacheMax(256 << 20)
    data = d.DataSet(Path(root), int(size), codec)
    data.folder.mkdir(parents=True, exist_ok=True)
    data.shared.mkdir(exist_ok=True)
    data.write_texts()
    if codec == "zstd":
        write_rasters(data)
        write_zones(data)
    else:
        source = d.DataSet(data.root, data.size, "zstd")
        for year in d.YEARS:
            for layer in d.LAYERS:
                gdal.Translate(str(data.raster(layer, year)), str(source.raster(layer, year)),
                               creationOptions=creation_options(codec, layer == "volume"))
    (data.folder / "made.json").write_text(json.dumps(data.stamp()) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
