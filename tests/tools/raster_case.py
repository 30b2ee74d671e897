# SPDX-License-Identifier: Apache-2.0
"""Small rasters and zones of one place, made for tests, and a folder with one good date."""
import csv
import hashlib
import pathlib
import sys

import numpy as np
from osgeo import gdal, ogr, osr

from cli import CliTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "independent"))
from pixel_areas import pixel_areas_m2                                                          # noqa: E402

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")

COLUMNS, ROWS = 40, 30
WEST, NORTH, PIXEL = 600000.0, 2960000.0, 100.0
PLACE = (WEST, PIXEL, 0.0, NORTH, 0.0, -PIXEL)
CRS = 4548
LONGEST_MESSAGE, LONGEST_LISTING = 300, 500
CO2_PER_C = 44 / 12

FIR, TEA, CROP = 11, 41, 91
LEGEND = "code,key,land_use,name_en,name_zh\n11,CHINESE_FIR,forest,fir,杉木\n41,ECON_TEA_CAMELLIA,cropland_perennial,tea,茶园\n91,,cropland,cropland,耕地\n"
# A fir of 100 m3/ha: 100 x 0.4 x 1.5 x 1.25 = 75 t, half of it carbon. Tea: 20 t/ha, 10 of it carbon.
OWN_PARAMETERS = """key,parameter,value,unit,sd,status,source
CHINESE_FIR,bef,1.5,1,0.1,unverified,by hand
CHINESE_FIR,wood_density,0.4,t/m3,0.1,unverified,by hand
CHINESE_FIR,root_shoot,0.25,1,0.1,unverified,by hand
CHINESE_FIR,carbon_fraction,0.5,1,0.1,unverified,by hand
ECON_TEA_CAMELLIA,biomass_density,20,t/ha,1,unverified,by hand
ECON_TEA_CAMELLIA,carbon_fraction,0.5,1,0.1,unverified,by hand
"""
FIR_C_PER_M3 = 0.4 * 1.5 * 1.25 * 0.5
TEA_C_HA = 20 * 0.5
# InVEST's carbon pools table and the numbers of its own test (G19).
POOLS = "lucode,LULC_name,C_above,C_below,C_soil,C_dead\n1,forest,15,10,60,1\n2,coffee,5,3,20,0\n3,grass,2,1,5,0\n"
TYPES = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16, "float32": gdal.GDT_Float32,
         "float64": gdal.GDT_Float64}


def crs_of(code):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(code)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def write_raster(path, values, nodata=None, crs=CRS, place=PLACE, options=(), scale=None, offset=None, mask=None):
    """A GeoTIFF of an array; `mask` is written inside the file."""
    rows, columns = values.shape
    kind = TYPES[values.dtype.name]
    data = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, kind, list(options))
    data.SetGeoTransform(place)
    if crs is not None:
        data.SetProjection(crs_of(crs).ExportToWkt())
    band = data.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if scale is not None:
        band.SetScale(scale)
        band.SetOffset(offset)
    band.WriteArray(values)
    if mask is not None:
        data.CreateMaskBand(gdal.GMF_PER_DATASET)
        band.GetMaskBand().WriteArray(mask)
    data.FlushCache()
    band = data = None


def write_polygons(path, shapes, crs=CRS, driver="GPKG", fields=("code", "name")):
    """Polygons as (field values, WKT)."""
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    layer = source.CreateLayer("zones", None if crs is None else crs_of(crs), ogr.wkbMultiPolygon)
    for field in fields:
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for values, wkt in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in zip(fields, values):
            feature.SetField(field, value)
        feature.SetGeometry(ogr.ForceToMultiPolygon(ogr.CreateGeometryFromWkt(wkt)))
        layer.CreateFeature(feature)
    layer = source = None


def box(west, south, east, north):
    return f"POLYGON(({west} {south},{west} {north},{east} {north},{east} {south},{west} {south}))"


def areas_ha(rows=ROWS, columns=COLUMNS, place=PLACE, crs=CRS):
    return pixel_areas_m2(crs_of(crs).ExportToWkt(), place, rows, columns) / 1e4


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder):
    """Every path below a folder, with the hash of the files."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in pathlib.Path(folder).rglob("*")}


class RasterTest(CliTest):
    """A folder with one good date: type.tif, volume.tif, legend.csv, own.csv."""

    def setUp(self):
        super().setUp()
        self.write("legend.csv", LEGEND)
        self.write("own.csv", OWN_PARAMETERS)
        self.raster("type.tif", np.full((ROWS, COLUMNS), FIR, "uint16"), nodata=65535)
        self.raster("volume.tif", np.full((ROWS, COLUMNS), 100, "float32"), nodata=float("nan"))

    def raster(self, name, values, **options):
        write_raster(self.folder / name, values, **options)

    def stock(self, *extra, out="out", legend="legend.csv", **layers):
        """Arguments of a `stock` with the good inputs, layers replaced by `layers`; None leaves one out."""
        given = {"forest-type": "type.tif", "volume": "volume.tif"}
        given.update({name.replace("_", "-"): path for name, path in layers.items()})
        arguments = ["stock", "--year", "2020", "--legend", legend, "--parameters", "own.csv", "-o", out]
        for name, path in given.items():
            if path is not None:
                arguments += [f"--{name}", path]
        return [*arguments, *extra]

    def inventory(self, dates, top="", tables=""):
        """i.toml over dates given as {year: {layer: path}}."""
        text = f'legend = "legend.csv"\nparameters = ["own.csv"]\n{top}\n'
        for year, layers in dates:
            text += f"[[date]]\nyear = {year}\n" + "".join(f'{name} = "{path}"\n' for name, path in layers.items())
        self.write("i.toml", text + tables)

    def assert_refused(self, words, *arguments, code=2, limit=LONGEST_MESSAGE):
        """As assert_fails; the line is short, and no byte in the folder has changed."""
        before = contents(self.folder)
        done = self.run_sinkcalc(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertLessEqual(len(done.stderr), limit, done.stderr)
        self.assertEqual(contents(self.folder), before, "the call changed the folder")

    def assert_works(self, *arguments):
        done = self.run_sinkcalc(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("error", done.stderr)
        return done

    def total(self, column="carbon_t", out="out", **where):
        """A number of the `total` row of zones.csv."""
        rows = [row for row in read_csv(self.folder / out / "zones.csv") if row["zone_id"] == "total"
                and all(row[name] == str(value) for name, value in where.items())]
        self.assertEqual(len(rows), 1, where)
        return float(rows[0][column])

    def assert_close(self, found, expected, tolerance=1e-9):
        self.assertLessEqual(abs(found - expected), tolerance * max(abs(expected), 1e-300), (found, expected))
