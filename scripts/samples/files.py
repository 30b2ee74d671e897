"""Writing the files, the same bytes each time."""

import csv
from collections import defaultdict

import numpy as np
from osgeo import gdal, ogr, osr

from . import config

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("OGR_CURRENT_DATE", config.FIXED_TIME)
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")


def crs(name):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(name)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def write_raster(path, grid, bands, nodata):
    """bands: (array, description, unit, scale) each; a unit or a scale of None is left out.

    No predictor: patches of one value are half the size without it.
    """
    first = bands[0][0]
    kind = gdal.GDT_Byte if first.dtype == np.uint8 else gdal.GDT_UInt16
    options = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=ZSTD", "ZSTD_LEVEL=22", "INTERLEAVE=PIXEL"]
    rows, cols = grid.shape
    data = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, len(bands), kind, options)
    data.SetProjection(crs(config.CRS).ExportToWkt())
    data.SetGeoTransform(grid.geotransform)
    data.SetMetadataItem("TIFFTAG_IMAGEDESCRIPTION", config.SYNTHETIC)
    for number, (values, description, unit, scale) in enumerate(bands, start=1):
        band = data.GetRasterBand(number)
        band.SetNoDataValue(nodata)
        band.SetDescription(description)
        if unit:
            band.SetUnitType(unit)
        if scale:
            band.SetScale(scale)
            band.SetOffset(0.0)
    data.WriteArray(np.stack([b[0] for b in bands]) if len(bands) > 1 else first)


def polygon(rings):
    """An OGR multipolygon of one polygon, from rings of points."""
    shape = ogr.Geometry(ogr.wkbPolygon)
    for ring in rings:
        line = ogr.Geometry(ogr.wkbLinearRing)
        for x, y in ring:
            line.AddPoint_2D(x, y)
        shape.AddGeometry(line)
    return ogr.ForceToMultiPolygon(shape)


def write_polygons(path, layer_name, crs_name, fields, features):
    """features: (geometry, values in the order of fields); a value of None stays null."""
    if path.exists():
        path.unlink()
    data = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = data.CreateLayer(layer_name, crs(crs_name), ogr.wkbMultiPolygon, [f"DESCRIPTION={config.SYNTHETIC}"])
    for name, kind in fields:
        layer.CreateField(ogr.FieldDefn(name, kind))
    layer.StartTransaction()
    for geometry, values in features:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(geometry)
        for (name, _), value in zip(fields, values):
            if value is not None:
                feature.SetField(name, value)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def write_table(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def rasterise(grid, geometries, crs_name):
    """Number of the geometry that holds each pixel centre, from 1; 0 is none."""
    rows, cols = grid.shape
    target = gdal.GetDriverByName("MEM").Create("", cols, rows, 1, gdal.GDT_Byte)
    target.SetGeoTransform(grid.geotransform)
    target.SetProjection(crs(config.CRS).ExportToWkt())
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = memory.CreateLayer("shapes", crs(config.CRS), ogr.wkbMultiPolygon)
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    to_grid = osr.CoordinateTransformation(crs(crs_name), crs(config.CRS))
    for number, geometry in enumerate(geometries, start=1):
        feature = ogr.Feature(layer.GetLayerDefn())
        moved = geometry.Clone()
        moved.Transform(to_grid)
        feature.SetGeometry(moved)
        feature.SetField("number", number)
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=number"])
    return target.ReadAsArray()


def stand_polygons(grid, stand, wanted):
    """Multipolygon along the pixel edges of every wanted stand."""
    mask = np.isin(stand, wanted)
    rows, cols = grid.shape
    source = gdal.GetDriverByName("MEM").Create("", cols, rows, 2, gdal.GDT_Int32)
    source.SetGeoTransform(grid.geotransform)
    source.GetRasterBand(1).WriteArray(stand)
    source.GetRasterBand(2).WriteArray(mask.astype(np.int32))
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = memory.CreateLayer("stands", crs(config.CRS), ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("stand", ogr.OFTInteger))
    gdal.Polygonize(source.GetRasterBand(1), source.GetRasterBand(2), layer, 0)
    shapes = defaultdict(lambda: ogr.Geometry(ogr.wkbMultiPolygon))
    for feature in layer:
        shapes[feature.GetField("stand")].AddGeometry(feature.GetGeometryRef())
    return shapes
