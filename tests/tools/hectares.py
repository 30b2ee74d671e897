# SPDX-License-Identifier: Apache-2.0
"""A row of pixels of one hectare each with two or more dates, for tests of accounts."""
import csv

import numpy as np
from osgeo import gdal, osr

from cli import CliTest

gdal.UseExceptions()


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class HectareTest(CliTest):
    """Rows of 2 x 1 pixels of 100 m at the central meridian's equal-area projection: one hectare a pixel."""

    LEGEND = "code,key,land_use,name_en,name_zh\n1,CHINESE_FIR,forest,fir,\n2,ECON_TEA_CAMELLIA,cropland_perennial,tea,\n" \
             "3,MOSO,forest,bamboo,\n4,,settlement,town,\n5,NON_STOCKED,forest_unstocked,felled,\n6,,grassland,grass,\n"

    def maps(self, year, types, ages, volumes):
        for name, values in (("type", types), ("age", ages), ("volume", volumes)):
            self.raster(f"{name}_{year}.tif", values)

    def raster(self, name, values):
        data = gdal.GetDriverByName("GTiff").Create(str(self.folder / name), len(values), 1, 1, gdal.GDT_Float32)
        data.SetGeoTransform((0, 100, 0, 0, 0, -100))
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(6933)                        # equal area
        data.SetProjection(crs.ExportToWkt())
        band = data.GetRasterBand(1)
        band.SetNoDataValue(-1)
        band.WriteArray(np.array([[-1 if v is None else v for v in values]], np.float32))

    def inventory(self, more, growth='[growth]\nset = "GROA"\nanchor = "ratio"\n', years=(2015, 2020)):
        self.write("legend.csv", self.LEGEND)
        dates = "".join(f'[[date]]\nyear = {y}\nforest_type = "type_{y}.tif"\nage = "age_{y}.tif"\nvolume = "volume_{y}.tif"\n'
                        for y in years)
        self.write("inventory.toml", f'legend = "legend.csv"\n{dates}{growth}{more}')

    def number(self, row, column):
        return float(row[column])
