# SPDX-License-Identifier: Apache-2.0
"""A small forest in a folder with a name that breaks careless programs, for the tests of the QGIS plugin."""
import pathlib
import sys

import numpy as np
from osgeo import gdal

TOOLS = pathlib.Path(__file__).resolve().parents[1] / "tools"
sys.path.insert(0, str(TOOLS))
from raster_case import (COLUMNS, CROP, CRS, FIR, NORTH, OWN_PARAMETERS, PIXEL, PLACE, ROWS, TEA, WEST, box, crs_of,  # noqa: E402
                            write_polygons, write_raster)

FOLDER = "林 业 \"it's\" $HOME; `ls`"
LEGEND = ("code,key,land_use,name_en,name_zh\n11,CHINESE_FIR,forest,fir,杉木\n"
          "41,ECON_TEA_CAMELLIA,cropland_perennial,tea,茶园\n91,,cropland,cropland,耕地\n")
INVENTORY = """title = "小 县"
legend = "legend.csv"
parameters = ["own.csv"]
[[zones]]
name = "county"
file = "区 县.gpkg"
id = "code"
label = "name"
[[date]]
year = 2015
forest_type = "stands.tif:1"
volume = "stands.tif:2"
[[date]]
year = 2020
forest_type = "b.tif"
volume = "volume_2020.tif"
"""
MATRIX = ("zone_set,zone_id,year_from,year_to,from_code,from_name,to_code,to_name,pixels\n"
          "all,total,2015,2018,1,forest,1,forest,90\nall,total,2015,2018,1,forest,2,crop,10\n"
          "all,total,2018,2020,1,forest,1,forest,80\nall,total,2018,2020,1,forest,2,crop,20\n")
IMPOSSIBLE = "from,to,reason\n41,11,tea does not become fir in five years\n"


def write_two_bands(path, first, second):
    data = gdal.GetDriverByName("GTiff").Create(str(path), COLUMNS, ROWS, 2, gdal.GDT_Float32)
    data.SetGeoTransform(PLACE)
    data.SetProjection(crs_of(CRS).ExportToWkt())
    for band, values in ((1, first), (2, second)):
        data.GetRasterBand(band).SetNoDataValue(-1)
        data.GetRasterBand(band).WriteArray(values)
    data.FlushCache()


def make_world(parent):
    """The folder, filled."""
    folder = pathlib.Path(parent) / FOLDER
    folder.mkdir()
    noise = np.random.default_rng(5)
    before = np.full((ROWS, COLUMNS), FIR, "uint8")
    before[:, 25:] = CROP
    after = before.copy()
    after[5:15, 5:15] = TEA
    volume = noise.uniform(50, 200, (ROWS, COLUMNS)).astype("float32")
    volume[before == CROP] = 0
    write_raster(folder / "a.tif", before, 255)
    write_raster(folder / "b.tif", after, 255)
    write_two_bands(folder / "stands.tif", before, volume)
    write_raster(folder / "volume_2020.tif", np.where(after == FIR, volume * 1.2, 0).astype("float32"), -1)
    write_raster(folder / "carbon_a.tif", volume * 0.4, -1)
    write_raster(folder / "carbon_b.tif", volume * 0.45, -1)
    middle, south, east = WEST + COLUMNS * PIXEL / 2, NORTH - ROWS * PIXEL, WEST + COLUMNS * PIXEL
    write_polygons(folder / "区 县.gpkg", [(("1", "东区"), box(WEST, south, middle, NORTH)), (("2", "西区"), box(middle, south, east, NORTH))])
    write_polygons(folder / "towns.gpkg", [(("t", "镇"), box(WEST, south, middle, NORTH))], fields=("town", "name"))
    write_polygons(folder / "stands.gpkg", [(("11", "100"), box(WEST, south, middle, NORTH)), (("41", "0"), box(middle, south, east, NORTH))],
                   fields=("kind", "m3 ha"))
    for name, text in (("legend.csv", LEGEND), ("own.csv", OWN_PARAMETERS), ("i.toml", INVENTORY), ("matrix.csv", MATRIX),
                       ("impossible.csv", IMPOSSIBLE)):
        (folder / name).write_text(text, encoding="utf-8")
    units = "".join(f"{i},{c},{r}\n" for i, (c, r) in enumerate([(11, 11)] * 40 + [(11, 41)] * 3 + [(41, 41)] * 20 + [(91, 91)] * 30 + [(91, 11)] * 2))
    (folder / "sample.csv").write_text("id,map_class,reference\n" + units, encoding="utf-8")
    (folder / "strata.csv").write_text("stratum,pixels,area_ha\n11,650,650\n41,100,100\n91,450,450\n", encoding="utf-8")
    return folder
