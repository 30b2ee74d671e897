"""What the independent table reads: rasters, zones, legends and parameters, with GDAL and nothing of libsink."""

import csv
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()

FOREST_LAND = ("forest", "forest_unstocked", "shrub_counted")
KEY_LAND_USE = {"SHRUB": "grassland", "ECON_TEA_CAMELLIA": "cropland_perennial", "NON_STOCKED": "forest_unstocked"}
LONGEST_EDGE = {True: 1e-4, False: 10.0}      # of a polygon before it is moved to the grid: degrees, metres


class Grid:
    def __init__(self, path):
        data = gdal.Open(str(path))
        self.geotransform, self.crs_text = data.GetGeoTransform(), data.GetProjection()
        self.rows, self.cols = data.RasterYSize, data.RasterXSize


def read_layer(folder, reference):
    """FILE or FILE:BAND as doubles, raw x scale + offset; NaN where nodata."""
    name, _, band_number = reference.partition(":")
    data = gdal.Open(str(folder / name))
    band = data.GetRasterBand(int(band_number or 1))
    raw = band.ReadAsArray()
    values = raw.astype(float)
    if band.GetScale() is not None:
        values = values * band.GetScale() + (band.GetOffset() or 0.0)
    if band.GetNoDataValue() is not None:
        values[raw == band.GetNoDataValue()] = np.nan
    return values


def read_legend(path):
    """code -> (key, is forest)."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {int(r["code"]): (r["key"], (r["land_use"] or KEY_LAND_USE.get(r["key"], "forest")) in FOREST_LAND)
            for r in rows}


def read_parameters(paths):
    """(key, parameter) -> value; a later table overrides row by row."""
    values = {}
    for path in paths:
        with open(path, newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                values[row["key"], row["parameter"]] = float(row["value"])
    return values


def read_zones(folder, zones, grid):
    """(id, name, flat indices of the pixels whose centre lies inside) of every polygon, in id order."""
    file_name, _, layer_name = zones["file"].partition(":")
    source = ogr.Open(str(folder / file_name))
    layer = source.GetLayerByName(layer_name) if layer_name else source.GetLayer(0)
    target_crs = osr.SpatialReference(wkt=grid.crs_text)
    target_crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source_crs = layer.GetSpatialRef().Clone()
    source_crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to_grid = osr.CoordinateTransformation(source_crs, target_crs)
    result = []
    for feature in layer:
        shape = feature.GetGeometryRef().Clone()
        shape.Segmentize(LONGEST_EDGE[bool(source_crs.IsGeographic())])
        shape.Transform(to_grid)
        label = feature.GetField(zones["label"]) if "label" in zones else ""
        result.append((str(feature.GetField(zones["id"])), label, _pixels_inside(shape, target_crs, grid)))
    return sorted(result)


def _pixels_inside(shape, crs, grid):
    target = gdal.GetDriverByName("MEM").Create("", grid.cols, grid.rows, 1, gdal.GDT_Byte)
    target.SetGeoTransform(grid.geotransform)
    target.SetProjection(grid.crs_text)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = memory.CreateLayer("zone", crs)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(shape)
    layer.CreateFeature(feature)
    gdal.RasterizeLayer(target, [1], layer, burn_values=[1])
    return np.flatnonzero(target.ReadAsArray())


def default_parameters():
    return Path(__file__).resolve().parents[2] / "libsink" / "parameters" / "defaults.csv"
