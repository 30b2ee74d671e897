# SPDX-License-Identifier: Apache-2.0
"""Writes a small SYNTHETIC inventory for trials of runs in tiles: dates and four zones, any size, the same bytes every time."""
import pathlib

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()

LEGEND = """code,key,land_use,name_en,name_zh
1,CHINESE_FIR,forest,Chinese fir,杉木
2,MASSON_PINE,forest,Masson pine,马尾松
3,ECON_TEA_CAMELLIA,cropland_perennial,tea garden,茶园
4,NON_STOCKED,forest_unstocked,felled,采伐迹地
"""
INVENTORY = """legend = "legend.csv"

[[zones]]
name = "quarter"
file = "quarters.tif"

"""
DATE = """[[date]]
year = {0}
forest_type = "type_{0}.tif"
age = "age_{0}.tif"
volume = "volume_{0}.tif"

"""


def write_raster(path, values, nodata, block, cell):
    rows, columns = values.shape
    kind = gdal.GDT_Byte if values.dtype == numpy.uint8 else gdal.GDT_Float32
    data = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, kind, [
        "COMPRESS=ZSTD", "TILED=YES", f"BLOCKXSIZE={block}", f"BLOCKYSIZE={block}"])
    data.SetGeoTransform((0, cell, 0, 0, 0, -cell))
    system = osr.SpatialReference()
    system.ImportFromEPSG(6933)                         # equal area
    data.SetProjection(system.ExportToWkt())
    data.GetRasterBand(1).SetNoDataValue(nodata)
    data.GetRasterBand(1).WriteArray(values)


def write_inventory(folder, side, block=512, years=(2015, 2020), cell=30, seed=7, name="inventory.toml"):
    """An inventory and what it names, in `folder`: rasters of side x side pixels of `cell` metres, in blocks of `block`."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(seed)
    coarse = -(-side // 8)                              # stands of 8 x 8 pixels

    def stands(values):
        return numpy.kron(values, numpy.ones((8, 8), values.dtype))[:side, :side]

    kinds = random.integers(0, 5, (coarse, coarse)).astype(numpy.uint8)     # 0: nodata
    ages = random.integers(1, 60, (coarse, coarse)).astype(numpy.float32)
    for year in years:
        kind = stands(kinds)
        stocked = (kind == 1) | (kind == 2)
        age = stands(ages)
        volume = numpy.floor(age * 4 + random.integers(0, 40, (side, side))).astype(numpy.float32)
        write_raster(folder / f"type_{year}.tif", kind, 0, block, cell)
        write_raster(folder / f"age_{year}.tif", numpy.where(stocked, age, -1).astype(numpy.float32), -1, block, cell)
        write_raster(folder / f"volume_{year}.tif", numpy.where(stocked, volume, -1).astype(numpy.float32), -1, block, cell)
        felled = random.random((coarse, coarse)) < 0.03
        kinds = numpy.where(felled & (kinds > 0), 4, kinds).astype(numpy.uint8)
        ages = ages + 5
    half = numpy.arange(side) * 2 // side
    write_raster(folder / "quarters.tif", (1 + half[None, :] + 2 * half[:, None]).astype(numpy.uint8), 0, block, cell)
    (folder / "legend.csv").write_text(LEGEND, encoding="utf-8")
    (folder / name).write_text(INVENTORY + "".join(DATE.format(year) for year in years), encoding="utf-8")
    return folder / name
