# SPDX-License-Identifier: Apache-2.0
"""Stand polygons with the fields of the 一张图, made for tests, and a folder with a legend and a raster."""
import json
import pathlib

import numpy as np
from osgeo import gdal, ogr, osr

from cli import CliTest
from raster_case import COLUMNS, ROWS, WEST, NORTH, PLACE, crs_of, write_raster, box, read_csv

gdal.UseExceptions()
ogr.UseExceptions()

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
LEGEND = ("code,key,land_use,name_en,name_zh\n110801,CHINESE_FIR,forest,Chinese fir,杉木\n110401,MASSON_PINE,forest,Masson pine,马尾松\n"
          "660,MOSO,forest,Moso bamboo,毛竹\n0302,MOSO,forest,bamboo land,竹林地\n0101,,cropland,paddy,水田\n")
# Name in the file, its type, what a good stand of 16 ha has.
FIELDS = (("XIAN", ogr.OFTString, "350724"), ("LIN_BAN", ogr.OFTString, "007"), ("XIAO_BAN", ogr.OFTString, "0001"),
          ("MIAN_JI", ogr.OFTReal, 16.0), ("DI_LEI", ogr.OFTString, "0301"), ("YOU_SHI_SZ", ogr.OFTString, "110801"),
          ("QI_YUAN", ogr.OFTString, "20"), ("PINGJUN_NL", ogr.OFTInteger, 15), ("LING_ZU", ogr.OFTString, "2"),
          ("YU_BI_DU", ogr.OFTReal, 0.7), ("HUO_LMGQXJ", ogr.OFTReal, 100.0), ("SLXJ", ogr.OFTReal, 1600.0),
          ("MEI_GQ_ZS", ogr.OFTInteger, 1800))
CHINESE = {"XIAN": "县", "LIN_BAN": "林班", "XIAO_BAN": "小班", "MIAN_JI": "面积", "DI_LEI": "地类", "YOU_SHI_SZ": "优势树种",
           "QI_YUAN": "起源", "PINGJUN_NL": "平均年龄", "LING_ZU": "龄组", "YU_BI_DU": "郁闭度", "HUO_LMGQXJ": "每公顷蓄积",
           "SLXJ": "小班蓄积", "MEI_GQ_ZS": "每公顷株数"}
BAMBOO = {"YOU_SHI_SZ": "660", "DI_LEI": "0302", "HUO_LMGQXJ": 0.0, "SLXJ": 0.0, "PINGJUN_NL": None, "LING_ZU": None, "MEI_GQ_ZS": 3000}
SIDE = 400.0                 # of a square stand: 16 pixels, 16 ha


def square(place, size=SIDE):
    """The outline of stand number `place`, in rows of nine that touch."""
    west, north = WEST + SIDE * (place % 9), NORTH - SIDE * (place // 9)
    return box(west, north - size, west + size, north)


def write_stands(path, stands, driver="GPKG", crs=4548, encoding=None, rename=None, fields=FIELDS, shapes=None):
    """Stands as {field: value} over the good ones; None is null."""
    path = pathlib.Path(path)
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    options = [f"ENCODING={encoding}"] if encoding else []
    layer = source.CreateLayer(path.stem, None if crs is None else crs_of(crs), ogr.wkbPolygon, options)
    for name, kind, _ in fields:
        field = ogr.FieldDefn((rename or {}).get(name, name), kind)
        if kind == ogr.OFTReal and driver != "GPKG":
            field.SetWidth(14)
            field.SetPrecision(4)
        layer.CreateField(field)
    for place, changes in enumerate(stands):
        feature = ogr.Feature(layer.GetLayerDefn())
        for at, (name, _, good) in enumerate(fields):
            value = changes.get(name, f"{place + 1:04d}" if name == "XIAO_BAN" else good)
            if value is not None:
                feature.SetField(at, value)
        shape = shapes[place] if shapes else changes.get("shape", square(place))
        if shape is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        layer.CreateFeature(feature)
    layer = source = None


def pixels(path):
    """Values of a raster, nodata as NaN."""
    data = gdal.Open(str(path))
    band = data.GetRasterBand(1)
    values = band.ReadAsArray().astype(float)
    nodata = band.GetNoDataValue()
    return values if np.isnan(nodata) else np.where(values == nodata, np.nan, values)


def burnt(path, number, layer_name=None, place=PLACE, shape=(ROWS, COLUMNS), crs=4548):
    """What gdal.Rasterize makes of `number(feature)`, a later stand over an earlier one; NaN where there is none."""
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayerByName(layer_name) if layer_name else source.GetLayer(0)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    shapes = memory.CreateLayer("shapes", crs_of(crs), ogr.wkbUnknown)
    shapes.CreateField(ogr.FieldDefn("value", ogr.OFTReal))
    to_grid = osr.CoordinateTransformation(layer.GetSpatialRef(), crs_of(crs))
    for feature in layer:
        value = number(feature)
        if feature.GetGeometryRef() is None:
            continue
        copy = ogr.Feature(shapes.GetLayerDefn())
        moved = feature.GetGeometryRef().Clone()
        moved.Transform(to_grid)
        copy.SetGeometry(moved)
        copy.SetField(0, -1.0 if value is None else float(value))
        shapes.CreateFeature(copy)
    target = gdal.GetDriverByName("MEM").Create("", shape[1], shape[0], 1, gdal.GDT_Float64)
    target.SetGeoTransform(place)
    target.SetProjection(crs_of(crs).ExportToWkt())
    target.GetRasterBand(1).Fill(-1)
    gdal.RasterizeLayer(target, [1], shapes, options=["ATTRIBUTE=value"])
    values = target.ReadAsArray()
    return np.where(values == -1, np.nan, values)


class StandsTest(CliTest):
    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND)
        write_raster(self.folder / "like.tif", np.zeros((ROWS, COLUMNS), "uint8"), nodata=255)

    def arguments(self, file, *extra, out="out", legend="legend.csv", grid=("--like", "like.tif"), year="2020"):
        files = [file] if isinstance(file, str) else list(file)
        return ["stands", *files, *grid, "--year", year, "--legend", legend, "-o", out, *extra]

    def make(self, file, *extra, **options):
        """A run that must work; its record."""
        done = self.run_sinkcalc(*self.arguments(file, *extra, **options))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.said = done.stderr
        return json.loads((self.folder / options.get("out", "out") / "run.json").read_text(encoding="utf-8"))

    def stands(self, name, stands, **options):
        write_stands(self.folder / name, stands, **options)
        return name

    def findings(self, out="out"):
        return [(row["stand"], row["rule"]) for row in read_csv(self.folder / out / "stands_findings.csv")]

    def assert_same(self, name, expected, out="out"):
        np.testing.assert_array_equal(pixels(self.folder / out / name), np.asarray(expected, np.float32).astype(float), name)
