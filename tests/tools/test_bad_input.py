# SPDX-License-Identifier: Apache-2.0
"""Bad input: every case is refused with one line that names the file and the way out, and nothing is written.

With it the inputs that look bad and are legal, and the small runs whose numbers can be worked out by hand.
"""
import csv
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

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


class Rasters(RasterTest):
    def test_missing_file(self):
        self.assert_refused(["nowhere.tif", "no such file"], *self.stock(volume="nowhere.tif"))
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "nowhere.tif"})])
        self.assert_refused(["nowhere.tif", "no such file"], "run", "i.toml", "-o", "out")

    def test_another_grid_is_refused_with_the_line_that_mends_it_and_align_mends_it_too(self):
        values = np.full((ROWS, COLUMNS), 100, "float32")
        shifted = (WEST + PIXEL / 2, PIXEL, 0, NORTH, 0, -PIXEL)
        coarse = (WEST, 2 * PIXEL, 0, NORTH, 0, -2 * PIXEL)
        for name, array, place in [("shifted.tif", values, shifted),
                                   ("coarse.tif", np.ascontiguousarray(values[::2, ::2]), coarse),
                                   ("smaller.tif", np.ascontiguousarray(values[:-1]), PLACE)]:
            self.raster(name, array, nodata=float("nan"), place=place)
            with self.subTest(name):
                self.assert_refused([name, "grid", "gdalwarp", "--align"], *self.stock(volume=name))
                self.assert_works(*self.stock("--align", "--overwrite", volume=name))

    def test_the_gdalwarp_line_makes_what_runs(self):
        self.raster("coarse.tif", np.full((ROWS // 2, COLUMNS // 2), 100, "float32"), nodata=float("nan"),
                    place=(WEST, 2 * PIXEL, 0, NORTH, 0, -2 * PIXEL))
        done = self.run_sinkcalc(*self.stock(volume="coarse.tif"))
        line = done.stderr[done.stderr.index("gdalwarp"):].split()
        end = line.index("aligned.tif") + 1
        subprocess.run(["gdalwarp", "-q", *line[1:end]], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        self.assert_works(*self.stock(volume="aligned.tif"))
        self.assert_close(self.total(), 100 * FIR_C_PER_M3 * areas_ha().sum())

    def test_a_shift_below_the_tolerance_is_accepted(self):
        self.raster("near.tif", np.full((ROWS, COLUMNS), 100, "float32"), nodata=float("nan"),
                    place=(WEST + PIXEL * 5e-5, PIXEL, 0, NORTH, 0, -PIXEL))
        self.assert_works(*self.stock(volume="near.tif"))

    def test_another_crs(self):
        self.raster("zone119.tif", np.full((ROWS, COLUMNS), 100, "float32"), crs=4549)
        self.assert_refused(["zone119.tif", "CRS", "4549", "gdalwarp"], *self.stock(volume="zone119.tif"))

    def test_no_crs(self):
        self.raster("bare.tif", np.full((ROWS, COLUMNS), 100, "float32"), crs=None)
        self.assert_refused(["bare.tif", "no CRS", "gdal_edit.py -a_srs"], *self.stock(volume="bare.tif"))

    def test_unknown_class_codes_are_counted(self):
        codes = np.full((ROWS, COLUMNS), FIR, "uint16")
        codes[0, :5], codes[1, :3] = 77, 78
        self.raster("codes.tif", codes, nodata=65535)
        self.assert_refused(["codes.tif", "legend.csv", "77 (5 pixels)", "78 (3 pixels)", '"77,KEY,forest'],
                            *self.stock(forest_type="codes.tif"), limit=LONGEST_LISTING)
        many = np.full((ROWS, COLUMNS), FIR, "uint16")
        many[2, :30] = np.arange(1000, 1030)
        self.raster("many.tif", many, nodata=65535)
        self.assert_refused(["many.tif", "22 more"], *self.stock(forest_type="many.tif"), limit=LONGEST_LISTING)

    def test_a_value_that_is_no_class_code(self):
        codes = np.full((ROWS, COLUMNS), FIR, "float32")
        codes[3, 4] = 11.5
        self.raster("half.tif", codes)
        self.assert_refused(["half.tif", "11.5", "column 4, row 3"], *self.stock(forest_type="half.tif"))

    def test_negative_and_impossible_volumes(self):
        for name, value, words in [("negative.tif", -9999, ["-9999", "gdal_edit.py -a_nodata"]),
                                   ("huge.tif", 50000, ["50000", "m3/ha"])]:
            values = np.full((ROWS, COLUMNS), 100, "float32")
            values[7, 9] = value
            self.raster(name, values)
            with self.subTest(name):
                self.assert_refused([name, "column 9, row 7", *words], *self.stock(volume=name))

    def test_truncated_file(self):
        values = np.random.default_rng(1).uniform(1, 200, (256, 256)).astype("float32")
        self.raster("whole.tif", values, options=["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"])
        self.raster("types.tif", np.full((256, 256), FIR, "uint16"))
        data = (self.folder / "whole.tif").read_bytes()
        for share in (0.3, 0.6, 0.95):
            (self.folder / "cut.tif").write_bytes(data[:int(len(data) * share)])
            with self.subTest(share):
                self.assert_refused(["cut.tif"], *self.stock(forest_type="types.tif", volume="cut.tif"))

    def test_damaged_block(self):
        # Whole numbers compress: damage breaks the stream. Noise is stored as it is, where no reader can see damage.
        values = np.random.default_rng(2).integers(1, 200, (256, 256)).astype("float32")
        self.raster("good.tif", values, options=["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"])
        self.raster("types.tif", np.full((256, 256), FIR, "uint16"))
        data = gdal.Open(str(self.folder / "good.tif"))
        start = int(data.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_2_1", "TIFF"))
        data = None
        damaged = bytearray((self.folder / "good.tif").read_bytes())
        damaged[start + 200:start + 264] = b"\xff" * 64
        (self.folder / "damaged.tif").write_bytes(damaged)
        damaged_stock = self.stock(forest_type="types.tif", volume="damaged.tif")
        self.assert_refused(["damaged.tif", "make it again"], *damaged_stock)
        self.assertRegex(self.run_sinkcalc(*damaged_stock).stderr, "column 128, row 64|block 2, 1")
        self.assert_refused(["damaged.tif"], "sink", "--from", "good.tif", "--to", "damaged.tif", "--years", "2015", "2020", "-o", "out")
        self.raster("zones.tif", np.ones((256, 256), "uint8"))
        self.assert_refused(["damaged.tif"], "zonal", "damaged.tif", "--zones", "zones.tif", "-o", "out")

    def test_not_a_tiff(self):
        self.write("text.tif", "this is no raster\n" * 100)
        (self.folder / "empty.tif").write_bytes(b"")
        (self.folder / "folder.tif").mkdir()
        for name in ("text.tif", "empty.tif", "folder.tif"):
            with self.subTest(name):
                self.assert_refused([name], *self.stock(volume=name))
        self.assert_refused(["text.tif", "gdal_translate"], *self.stock(volume="text.tif"))

    def test_no_such_band(self):
        self.assert_refused(["volume.tif", "no band 2"], *self.stock(volume="volume.tif:2"))

    def test_external_mask(self):
        shutil.copy(self.folder / "volume.tif", self.folder / "masked.tif")
        shutil.copy(self.folder / "volume.tif", self.folder / "masked.tif.msk")
        self.assert_refused(["masked.tif", ".msk", "gdal_translate --config GDAL_TIFF_INTERNAL_MASK YES"],
                            *self.stock(volume="masked.tif"))

    def test_vrt_only_where_allowed(self):
        gdal.Translate(str(self.folder / "volume.vrt"), str(self.folder / "volume.tif"), format="VRT")
        self.assert_refused(["volume.vrt", "--allow-driver"], *self.stock(volume="volume.vrt"))
        shutil.copy(self.folder / "volume.vrt", self.folder / "disguised.tif")
        self.assert_refused(["disguised.tif"], *self.stock(volume="disguised.tif"))
        self.assert_works(*self.stock("--allow-driver", "VRT", volume="volume.vrt"))
        self.assert_close(self.total(), 100 * FIR_C_PER_M3 * areas_ha().sum())

    def test_virtual_paths(self):
        for name in ("/vsimem/x.tif", "/vsicurl/http://127.0.0.1/x.tif", "<VRTDataset/>"):
            with self.subTest(name):
                self.assert_refused([name], *self.stock(volume=name))

    def test_south_up_and_rotated(self):
        values = np.full((ROWS, COLUMNS), 100, "float32")
        for name, place in [("south_up.tif", (WEST, PIXEL, 0, NORTH, 0, PIXEL)),
                            ("rotated.tif", (WEST, PIXEL, 5, NORTH, 5, -PIXEL))]:
            self.raster(name, values, place=place)
            with self.subTest(name):
                self.assert_refused([name, "gdalwarp"], *self.stock(volume=name))

    def test_a_stale_sidecar_is_not_read(self):
        (self.folder / "volume.tif.aux.xml").write_text(
            "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform><PAMRasterBand band=\"1\"><NoDataValue>100"
            "</NoDataValue></PAMRasterBand></PAMDataset>", encoding="utf-8")
        self.assert_works(*self.stock())
        self.assert_close(self.total(), 100 * FIR_C_PER_M3 * areas_ha().sum())


class LegalRasters(RasterTest):
    """Inputs that look wrong and are not."""

    def carbon_of(self, volume, valid=True):
        return float(np.where(valid, volume * FIR_C_PER_M3 * areas_ha(), 0).sum())

    def pattern(self):
        return np.arange(ROWS * COLUMNS, dtype="float32").reshape(ROWS, COLUMNS) / 10

    def test_nodata_nan(self):
        values = self.pattern()
        values[5:9, 5:9] = np.nan
        self.raster("nan.tif", values, nodata=float("nan"))
        self.assert_works(*self.stock(volume="nan.tif"))
        self.assert_close(self.total(), self.carbon_of(np.nan_to_num(values), ~np.isnan(values)))
        self.assert_close(self.total("unmodelled_area_ha"), areas_ha()[5:9, 5:9].sum())

    def test_nodata_nan_and_a_mask_inside(self):
        values, mask = self.pattern(), np.full((ROWS, COLUMNS), 255, "uint8")
        values[5:9, 5:9] = np.nan
        mask[8:12, 8:12] = 0
        self.raster("both.tif", values, nodata=float("nan"), mask=mask)
        self.assert_works(*self.stock(volume="both.tif"))
        self.assert_close(self.total(), self.carbon_of(np.nan_to_num(values), ~np.isnan(values) & (mask > 0)))

    def test_a_mask_inside_alone(self):
        values, mask = self.pattern(), np.full((ROWS, COLUMNS), 255, "uint8")
        mask[:, 20:] = 0
        self.raster("mask.tif", values, mask=mask)
        self.assert_works(*self.stock(volume="mask.tif"))
        self.assert_close(self.total(), self.carbon_of(values, mask > 0))

    def test_nodata_outside_the_range_of_the_type(self):
        values = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) % 200
        self.raster("byte.tif", values.astype("uint8"), nodata=-9999)
        self.assert_works(*self.stock(volume="byte.tif"))
        self.assert_close(self.total(), self.carbon_of(values))
        self.assertEqual(self.total("unmodelled_area_ha"), 0)

    def test_scale_and_offset(self):
        raw = np.arange(ROWS * COLUMNS, dtype="uint16").reshape(ROWS, COLUMNS)
        raw[0, 0] = 65535
        self.raster("scaled.tif", raw, nodata=65535, scale=0.1, offset=3.5)
        self.assert_works(*self.stock(volume="scaled.tif"))
        self.assert_close(self.total(), self.carbon_of(raw * 0.1 + 3.5, raw != 65535))
        self.assert_close(self.total("volume_m3"), np.where(raw != 65535, (raw * 0.1 + 3.5) * areas_ha(), 0).sum())

    def test_zero_is_a_class_like_any_other(self):
        self.write("legend.csv", LEGEND + "0,,wetland,water,水\n")
        codes = np.full((ROWS, COLUMNS), FIR, "uint16")
        codes[:10] = 0
        self.raster("zero.tif", codes, nodata=65535)
        self.assert_works(*self.stock(forest_type="zero.tif"))
        self.assert_close(self.total("forest_area_ha"), areas_ha()[10:].sum())
        self.assert_close(self.total(), self.carbon_of(100, codes == FIR))

    def test_class_codes_in_a_float_raster(self):
        self.raster("float.tif", np.full((ROWS, COLUMNS), FIR, "float32"), nodata=-1)
        self.assert_works(*self.stock(forest_type="float.tif"))
        self.assert_close(self.total(), self.carbon_of(np.full((ROWS, COLUMNS), 100.0)))

    def test_paths_with_anything_in_them(self):
        for name in ("南平 2020年.tif", "it's \"quoted\".tif", "a;b&c $HOME.tif", "colon:name.tif"):
            shutil.copy(self.folder / "volume.tif", self.folder / name)
            with self.subTest(name):
                out = f"结果 {name}"
                self.assert_works(*self.stock(volume=name, out=out))
                self.assert_close(self.total(out=out), self.carbon_of(np.full((ROWS, COLUMNS), 100.0)))

    def test_the_folder_of_an_inventory_may_be_called_anything(self):
        folder = self.folder / "武夷山 \"x\" 'y'"
        folder.mkdir()
        for name in ("type.tif", "volume.tif", "legend.csv", "own.csv"):
            shutil.copy(self.folder / name, folder / name)
        self.inventory([(2020, {"forest_type": "type.tif", "volume": "volume.tif"})])
        shutil.move(self.folder / "i.toml", folder / "清查.toml")
        self.assert_works("run", str(folder / "清查.toml"), "-o", "out")

    def test_strips_tiles_and_compressions_give_the_same(self):
        values = np.random.default_rng(3).uniform(0, 300, (ROWS, COLUMNS)).astype("float32")
        sums = set()
        for number, options in enumerate([[], ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"], ["COMPRESS=LZW", "PREDICTOR=3"],
                                          ["COMPRESS=ZSTD", "BLOCKYSIZE=1"], ["ENDIANNESS=BIG"], ["BIGTIFF=YES"]]):
            self.raster("v.tif", values, options=options)
            self.assert_works(*self.stock(volume="v.tif", out=f"out{number}"))
            sums.add((self.folder / f"out{number}" / "zones.csv").read_bytes())
            os.remove(self.folder / "v.tif")
        self.assertEqual(len(sums), 1)


class Tables(RasterTest):
    def test_unknown_key_in_the_inventory(self):
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"})], tables='[stock]\nmetod = "bef"\n')
        self.assert_refused(["i.toml", "'metod'", "'method'"], "run", "i.toml", "-o", "out")

    def test_a_wrong_type_in_the_inventory(self):
        self.write("i.toml", 'legend = 5\n[[date]]\nyear = "x"\n')
        self.assert_refused(["i.toml"], "run", "i.toml", "-o", "out")
        self.write("i.toml", "[[date]\nyear = 2015\n")
        self.assert_refused(["i.toml"], "run", "i.toml", "-o", "out")

    def test_reversed_and_equal_dates(self):
        layers = {"forest_type": "type.tif", "volume": "volume.tif"}
        for years in [(2020, 2015), (2015, 2015)]:
            self.inventory([(year, layers) for year in years])
            with self.subTest(years):
                self.assert_refused(["i.toml", str(years[1])], "run", "i.toml", "-o", "out")
                self.assert_refused(["i.toml", str(years[1])], "check", "i.toml")

    def test_parameter_rows(self):
        head = "key,parameter,value,unit,sd,status,source\n"
        good = "CHINESE_FIR,bef,1.5,1,0.1,unverified,x\n"
        for rows, words in [("CHINESE_FIR,wood_density,307,kg/m3,1,unverified,x\n", ["CHINESE_FIR wood_density", "kg/m3", "t/m3"]),
                            ("CHINESE_FIR,carbon_fraction,50,%,1,unverified,x\n", ["carbon_fraction", "%"]),
                            ("CHINESE_FIR,carbon_fraction,50,1,1,unverified,x\n", ["carbon_fraction", "50"]),
                            ("CHINESE_FIR,wood_densty,0.3,t/m3,1,unverified,x\n", ["wood_densty", "wood_density"]),
                            ("CHINESE_FUR,bef,1.5,1,0.1,unverified,x\n", ["CHINESE_FUR", "CHINESE_FIR"]),
                            (good + good, ["CHINESE_FIR bef", "twice"]),
                            ("CHINESE_FIR,bef,many,1,0.1,unverified,x\n", ["'many'", "number"]),
                            ("CHINESE_FIR,bef,nan,1,0.1,unverified,x\n", ["nan"]),
                            ("CHINESE_FIR,bef,,1,0.1,unverified,x\n", ["value"]),
                            ("CHINESE_FIR,bef,1.5,1,-0.1,unverified,x\n", ["deviation"]),
                            ("CHINESE_FIR,bef,1.5,1,0.1,sure,x\n", ["sure", "verified"]),
                            ("CHINESE_FIR,bef\n", ["bad.csv"])]:
            self.write("bad.csv", head + rows)
            with self.subTest(rows):
                self.assert_refused(["bad.csv", *words], *self.stock("--parameters", "bad.csv"))

    def test_a_row_that_is_not_shipped_is_taken_and_a_misspelt_one_refused(self):
        head = "key,parameter,value,unit,sd,status,source\n"
        self.write("good.csv", head + "2006/tropical_moist/cropland,f_lu,0.5,1,0.1,unverified,x\n"
                                      "PROVINCE,growth_rate,0.08,1/yr,0.01,unverified,x\n"
                                      "PRODUCTS/plywood,half_life,20,yr,1,unverified,x\n"
                                      "MOSO/age_7,culm_kg,24,kg,1,unverified,x\n"
                                      "MINE/CHINESE_FIR,regression_a,0.4,t/m3,0.1,unverified,x\n")
        self.assert_works(*self.stock("--parameters", "good.csv"))
        for key, parameter, meant in [("2006/tropical_moist/croplan", "f_lu", "cropland"), ("PROVINC", "f_lu", "PROVINCE"),
                                      ("MOSS/age_3", "culm_kg", "MOSO/age_3"), ("TOOL13", "f_lu", "TOOL12")]:
            self.write("bad.csv", head + f"{key},{parameter},1,{'kg' if parameter == 'culm_kg' else 1},0.1,unverified,x\n")
            with self.subTest(key):
                self.assert_refused(["bad.csv", key, meant], *self.stock("--parameters", "bad.csv"))

    def test_a_table_without_its_columns_or_in_another_encoding(self):
        self.write("bad.csv", "a,b\n1,2\n")
        self.assert_refused(["bad.csv", "key"], *self.stock("--parameters", "bad.csv"))
        (self.folder / "gbk.csv").write_bytes(LEGEND.encode("gbk"))
        self.assert_refused(["gbk.csv", "UTF-8"], *self.stock(legend="gbk.csv"))
        (self.folder / "bom.csv").write_bytes(LEGEND.encode("utf-8-sig"))
        self.assert_works(*self.stock(legend="bom.csv"))

    def test_legend_rows(self):
        head = "code,key,land_use,name_en,name_zh\n"
        for rows, words in [("11,CHINESE_FIR,forrest,,\n", ["forrest", "forest"]),
                            ("11,CHINESE_FIR,forest,,\n11,MOSO,forest,,\n", ["11"]),
                            ("x,CHINESE_FIR,forest,,\n", ["x"])]:
            self.write("bad.csv", head + rows)
            with self.subTest(rows):
                self.assert_refused(["bad.csv", *words], *self.stock(legend="bad.csv"))


class Output(RasterTest):
    def test_a_place_that_cannot_be_written(self):
        self.write("file", "not a folder\n")
        for place in ("file", "file/below", "file/deep/below", "/proc/sinkcalc_out", "/dev/null"):
            with self.subTest(place):
                self.assert_refused([place], *self.stock(out=place), code=3)

    def test_a_refused_run_leaves_no_folder_behind(self):
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        for out in ("new", "new/and/deep"):
            with self.subTest(out):
                self.assert_refused(["bad.tif"], *self.stock(volume="bad.tif", out=out))

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], check=False,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("skipped: cannot mount a small tmpfs here")
            self.skipTest("cannot mount a small tmpfs here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        shape = (400, 400)
        self.raster("types.tif", np.full(shape, FIR, "uint16"))
        self.raster("noise.tif", np.random.default_rng(4).uniform(1, 500, shape).astype("float32"))
        before = contents(self.folder)
        done = self.run_sinkcalc(*self.stock(forest_type="types.tif", volume="noise.tif", out=str(disk / "out")))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
        self.assertIn(str(disk), done.stderr)
        self.assertRegex(done.stderr, "(?i)full|space")
        self.assertLessEqual(len(done.stderr), LONGEST_MESSAGE)
        self.assertEqual(contents(self.folder), before, "something was left on the full disk")

    def test_results_are_replaced_only_when_asked_and_then_wholly(self):
        self.assert_works(*self.stock("--layers", "agb,bgb,carbon"))
        self.write("out/own notes.txt", "mine\n")
        self.assert_refused(["out", "--overwrite"], *self.stock())
        self.assert_works(*self.stock("--layers", "co2", "--overwrite"))
        names = {path.name for path in (self.folder / "out").iterdir()}
        self.assertEqual(names, {"co2_2020.tif", "co2_2020.qml", "zones.csv", "zones.gpkg", "run.json", "own notes.txt"})
        self.assertEqual((self.folder / "out" / "own notes.txt").read_text(encoding="utf-8"), "mine\n")

    def test_a_failed_overwrite_keeps_the_earlier_results(self):
        self.assert_works(*self.stock())
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        self.assert_refused(["bad.tif"], *self.stock("--overwrite", volume="bad.tif"))

    def test_a_folder_of_foreign_files_is_used_and_they_stay(self):
        (self.folder / "out").mkdir()
        self.write("out/theirs.csv", "x\n")
        self.assert_works(*self.stock())
        self.assertEqual((self.folder / "out" / "theirs.csv").read_text(encoding="utf-8"), "x\n")

    def test_a_foreign_file_of_the_same_name_is_not_replaced_unasked(self):
        (self.folder / "out").mkdir()
        self.write("out/zones.csv", "theirs\n")
        self.assert_refused(["zones.csv", "--overwrite"], *self.stock())

    def test_an_output_never_replaces_an_input(self):
        (self.folder / "out").mkdir()
        shutil.move(self.folder / "volume.tif", self.folder / "out" / "carbon_2020.tif")
        (self.folder / "link").symlink_to("out")
        for file, out in [("out/carbon_2020.tif", "out"), ("link/carbon_2020.tif", "./out"), ("out/carbon_2020.tif", "link")]:
            with self.subTest(file=file, out=out):
                self.assert_refused(["carbon_2020.tif"], *self.stock("--overwrite", volume=file, out=out))


class Options(RasterTest):
    def test_stock(self):
        for extra, words in [(["--layers", "carbn"], ["carbn", "carbon"]),
                             (["--layers", "sink"], ["sink", "two dates"]),
                             (["--layers", "soil"], ["soil"]),
                             (["--pools", "agb,bgb,soil"], ["soil", "none of the chosen methods"]),
                             (["--pools", "agb,leaves"], ["leaves"]),
                             (["--method", "bcef"], ["bcef", "zone"]),
                             (["--method", "agb"], ["agb"]),
                             (["--method", "lookup"], ["lookup"]),
                             (["--method", "bef,bef"], ["bef", "twice"]),
                             (["--co", "COMPRES=LZW"], ["COMPRES"]),
                             (["--of", "GTiff", "--co", "BLOCKSIZE=256"], ["BLOCKSIZE"]),
                             (["--co", "COMPRESS=JPEG"], ["JPEG", "every pixel", "ZSTD"]),
                             (["--of", "GTiff", "--co", "COMPRESS=WEBP"], ["WEBP", "every pixel"]),
                             (["--co", "COMPRESS=FOO"], ["FOO"]),
                             (["--co", "COMPRESS=LERC", "--co", "MAX_Z_ERROR=5"], ["MAX_Z_ERROR", "every pixel"]),
                             (["--co", "BLOCKSIZE=abc"], ["BLOCKSIZE=abc", "16"]),
                             (["--co", "BLOCKSIZE=-5"], ["BLOCKSIZE=-5", "16"]),
                             (["--co", "BLOCKSIZE=100"], ["BLOCKSIZE=100", "16"]),
                             (["--of", "GTiff", "--co", "BLOCKXSIZE=17"], ["BLOCKXSIZE=17", "16"]),
                             (["--of", "GTiff", "--co", "PREDICTOR=7"], ["PREDICTOR"]),
                             (["--of", "GTiff", "--co", "NBITS=12"], ["NBITS", "gdal_translate"]),
                             (["--co", "TARGET_SRS=EPSG:4326"], ["TARGET_SRS", "gdalwarp"]),
                             (["--co", "OVERVIEW_RESAMPLING=AVERAGE"], ["OVERVIEW_RESAMPLING"]),
                             (["--co", "LEVEL=99"], ["LEVEL=99", "22"]),
                             (["--co", "BIGTIFF=MAYBE"], ["BIGTIFF", "IF_SAFER"]),
                             (["--of", "GTiff", "--co", "SPARSE_OK=perhaps"], ["SPARSE_OK", "YES"]),
                             (["--memory", "lots"], ["--memory", "lots"]),
                             (["--bcef-zone", "boreal"], ["boreal"])]:
            with self.subTest(" ".join(extra)):
                self.assert_refused(words, *self.stock(*extra))

    def test_a_method_without_its_layer(self):
        self.assert_refused(["bef", "volume"], *self.stock(volume=None))
        self.assert_refused(["legend"], "stock", "--forest-type", "type.tif", "--volume", "volume.tif", "--year", "2020", "-o", "out")

    def test_a_layer_name_that_is_legal_but_unwritten(self):
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"})], tables='[output]\nlayers = ["sink"]\n')
        self.assert_refused(["sink", "two dates"], "run", "i.toml", "-o", "out")

    def test_strict_refuses_forest_without_a_stock(self):
        volume = np.full((ROWS, COLUMNS), 100, "float32")
        volume[0, :7] = np.nan
        self.raster("gaps.tif", volume, nodata=float("nan"))
        self.assert_refused(["--strict", "2020"], *self.stock("--strict", volume="gaps.tif"), code=5)
        self.assert_works(*self.stock("--strict"))

    def test_strict_refuses_forest_that_becomes_nodata(self):
        later = np.full((ROWS, COLUMNS), FIR, "uint16")
        later[0, :7] = 65535
        self.raster("hole.tif", later, nodata=65535)
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"}),
                        (2020, {"forest_type": "hole.tif", "volume": "volume.tif"})])
        self.assert_refused(["--strict"], "run", "i.toml", "-o", "out", "--strict", code=5)

    def test_check_finds_what_run_refuses(self):
        codes = np.full((ROWS, COLUMNS), FIR, "uint16")
        codes[0, :5] = 77
        self.raster("codes.tif", codes)
        self.raster("bad.tif", np.full((ROWS, COLUMNS), -5, "float32"))
        self.inventory([(2015, {"forest_type": "codes.tif", "volume": "bad.tif"})])
        before = contents(self.folder)
        done = self.run_sinkcalc("check", "i.toml")
        self.assertEqual(done.returncode, 5, done.stderr)
        for word in ("codes.tif", "77", "5 pixels", "bad.tif", "negative"):
            self.assertIn(word, done.stdout)
        self.assertEqual(contents(self.folder), before)
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"})])
        self.assert_works("check", "i.toml")


class BadZones(RasterTest):
    INSIDE = box(WEST + 500, NORTH - 2000, WEST + 2500, NORTH - 500)

    def test_polygons(self):
        here = [(("a", "A"), self.INSIDE)]
        write_polygons(self.folder / "good.gpkg", here)
        write_polygons(self.folder / "no_crs.gpkg", here, crs=None)
        write_polygons(self.folder / "far.gpkg", [(("a", "A"), box(10, 10, 20, 20))])
        write_polygons(self.folder / "twice.gpkg", here * 2)
        write_polygons(self.folder / "no_id.gpkg", [((None, "A"), self.INSIDE)])
        write_polygons(self.folder / "empty.gpkg", [])
        for file, field, words in [("good.gpkg", "cod", ["'cod'", "code"]), ("no_crs.gpkg", "code", ["CRS", "-a_srs"]),
                                   ("far.gpkg", "code", ["touches"]), ("twice.gpkg", "code", ["'a'", "ogr2ogr"]),
                                   ("no_id.gpkg", "code", ["id"]), ("empty.gpkg", "code", ["no feature"]),
                                   ("gone.gpkg", "code", ["no such file"]), ("own.csv", "code", ["own.csv"])]:
            with self.subTest(file):
                self.assert_refused([file, *words], *self.stock("--zones", file, "--zone-id", field), limit=LONGEST_LISTING)
                self.assert_refused([file, *words], "zonal", "volume.tif", "--zones", file, "--zone-id", field, "-o", "out",
                                    limit=LONGEST_LISTING)
        self.assert_refused(["good.gpkg", "--zone-id"], *self.stock("--zones", "good.gpkg"))
        self.assert_refused(["good.gpkg", "nobody"],
                            *self.stock("--zones", "good.gpkg", "--zone-id", "code", "--where", "name=nobody"))
        self.assert_works(*self.stock("--zones", "good.gpkg", "--zone-id", "code"))

    def test_class_rasters_on_another_grid(self):
        zones = np.ones((ROWS, COLUMNS), "uint8")
        self.raster("shifted.tif", zones, place=(WEST + 50, PIXEL, 0, NORTH, 0, -PIXEL))
        self.raster("other_crs.tif", zones, crs=4549)
        self.raster("no_crs.tif", zones, crs=None)
        for file in ("shifted.tif", "other_crs.tif", "no_crs.tif"):
            with self.subTest(file):
                self.assert_refused([file], *self.stock("--zones", file))
                self.assert_refused([file], "zonal", "volume.tif", "--zones", file, "-o", "sums")
        self.assert_refused(["shifted.tif", "--align"], *self.stock("--zones", "shifted.tif", out="fresh"))
        self.assert_works(*self.stock("--zones", "shifted.tif", "--align", out="aligned"))

    def test_a_class_raster_without_a_zone(self):
        self.raster("nothing.tif", np.full((ROWS, COLUMNS), 255, "uint8"), nodata=255)
        self.assert_refused(["nothing.tif"], *self.stock("--zones", "nothing.tif"))
        self.assert_refused(["nothing.tif"], "zonal", "volume.tif", "--zones", "nothing.tif", "-o", "out")

    def test_zonal_on_two_grids(self):
        self.raster("shifted.tif", np.ones((ROWS, COLUMNS), "float32"), place=(WEST + 50, PIXEL, 0, NORTH, 0, -PIXEL))
        self.raster("zones.tif", np.ones((ROWS, COLUMNS), "uint8"))
        self.assert_refused(["shifted.tif", "--align"], "zonal", "volume.tif", "shifted.tif", "--zones", "zones.tif", "-o", "out")
        self.assert_refused(["shifted.tif", "--align"], "zonal", "volume.tif", "--by", "shifted.tif", "--zones", "zones.tif",
                            "-o", "out")


class ByHand(RasterTest):
    """Numbers worked out from the parameters of own.csv."""

    QUARTER = COLUMNS // 4

    def two_dates(self):
        """Four strips: fir grows, fir becomes cropland, fir becomes nodata, fir becomes tea."""
        later_type = np.full((ROWS, COLUMNS), FIR, "uint16")
        later_volume = np.full((ROWS, COLUMNS), 150, "float32")
        for strip, code, volume in [(1, CROP, 0), (2, 65535, np.nan), (3, TEA, 0)]:
            at = slice(strip * self.QUARTER, (strip + 1) * self.QUARTER)
            later_type[:, at], later_volume[:, at] = code, volume
        self.raster("later_type.tif", later_type, nodata=65535)
        self.raster("later_volume.tif", later_volume, nodata=float("nan"))
        return [(2015, {"forest_type": "type.tif", "volume": "volume.tif"}),
                (2020, {"forest_type": "later_type.tif", "volume": "later_volume.tif"})]

    def strip_ha(self):
        return areas_ha().reshape(ROWS, 4, self.QUARTER).sum(axis=(0, 2))

    def test_cleared_forest_is_a_loss_a_hole_is_unmodelled_and_tea_keeps_its_stock(self):
        self.inventory(self.two_dates())
        self.assert_works("run", "i.toml", "-o", "out")
        grown, cleared, hole, tea = self.strip_ha()
        before, after = 100 * FIR_C_PER_M3, 150 * FIR_C_PER_M3
        period = {"year_from": 2015, "year_to": 2020}
        expected = {"sink_stable_tco2_yr": (after - before) * CO2_PER_C / 5 * grown,
                    "sink_loss_tco2_yr": -before * CO2_PER_C / 5 * cleared + (TEA_C_HA - before) * CO2_PER_C / 5 * tea,
                    "loss_area_ha": cleared + tea, "stable_area_ha": grown, "unmodelled_area_ha": hole,
                    "rate_area_ha": grown + cleared + tea, "forest_area_ha": (2 * grown + cleared + hole + tea) / 2}
        expected["sink_tco2_yr"] = expected["sink_stable_tco2_yr"] + expected["sink_loss_tco2_yr"]
        expected["sink_tco2_ha_yr"] = expected["sink_tco2_yr"] / expected["rate_area_ha"]
        expected["rate_coverage"] = 3 / 4
        for column, value in expected.items():
            with self.subTest(column):
                self.assert_close(self.total(column, **period), value, 1e-9 if column != "rate_coverage" else 1e-3)
        self.assertEqual(self.total("gain_area_ha", **period), 0)
        self.assert_close(self.total("carbon_t", year=2015), before * areas_ha().sum())
        self.assert_close(self.total("carbon_t", year=2020), after * grown + TEA_C_HA * tea)
        sink = gdal.Open(str(self.folder / "out" / "sink_2015_2020.tif")).ReadAsArray()
        middle = [float(sink[5, strip * self.QUARTER + 3]) for strip in range(4)]
        self.assertTrue(np.isnan(middle[2]))
        for at, carbon in [(0, after - before), (1, -before), (3, TEA_C_HA - before)]:
            self.assert_close(middle[at], carbon * CO2_PER_C / 5, 1e-6)
        warnings = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))["warnings"]
        self.assertTrue(any("nodata at the second date" in warning for warning in warnings), warnings)

    def test_new_forest_is_a_gain(self):
        dates = self.two_dates()
        self.inventory([(2015, dates[1][1]), (2020, dates[0][1])])
        self.assert_works("run", "i.toml", "-o", "out")
        _, cropland, hole, tea = self.strip_ha()
        before = 100 * FIR_C_PER_M3
        self.assert_close(self.total("gain_area_ha", year_from=2015), cropland + tea)
        self.assert_close(self.total("sink_gain_tco2_yr", year_from=2015),
                          (before * cropland + (before - TEA_C_HA) * tea) * CO2_PER_C / 5)
        self.assert_close(self.total("unmodelled_area_ha", year_from=2015), hole)

    def test_three_dates_make_two_periods(self):
        first, last = self.two_dates()
        self.inventory([first, (2020, first[1]), (2027, last[1])])
        self.assert_works("run", "i.toml", "-o", "out")
        rows = [(row["year"], row["year_from"], row["year_to"]) for row in read_csv(self.folder / "out" / "zones.csv")]
        self.assertEqual(rows, [("2015", "", ""), ("2020", "", ""), ("2027", "", ""), ("", "2015", "2020"), ("", "2020", "2027")])
        self.assertEqual(self.total("sink_tco2_yr", year_from=2015), 0)
        grown = self.strip_ha()[0]
        self.assert_close(self.total("sink_stable_tco2_yr", year_from=2020), 50 * FIR_C_PER_M3 * CO2_PER_C / 7 * grown)
        names = {path.name for path in (self.folder / "out").iterdir()}
        self.assertLessEqual({"sink_2015_2020.tif", "sink_2020_2027.tif", "carbon_2027.tif"}, names)

    def test_methods_side_by_side(self):
        self.inventory(self.two_dates(), tables='[stock]\nmethod = ["bef", "regression", "bcef"]\nbcef_zone = "subtropical"\n')
        self.assert_works("run", "i.toml", "-o", "out")
        rows = read_csv(self.folder / "out" / "zones.csv")
        methods = ["bef", "regression", "bcef"]
        self.assertEqual([row["method"] for row in rows], [m for m in methods for _ in range(3)])
        names = {path.name for path in (self.folder / "out").iterdir()}
        expected = {f"{layer}_{method}_{time}.tif" for method in methods
                    for layer, time in [("carbon", "2015"), ("carbon", "2020"), ("sink", "2015_2020")]}
        self.assertLessEqual(expected, names)
        self.assertNotIn("carbon_2015.tif", names)
        self.assert_close(self.total(method="bef", year=2015), 100 * FIR_C_PER_M3 * areas_ha().sum())
        carbon = {method: self.total(method=method, year=2015) for method in methods}
        self.assertEqual(len(set(carbon.values())), 3)
        for value in carbon.values():
            self.assertTrue(0.3 < value / carbon["bef"] < 3, carbon)

    def test_lookup_with_invest_pools(self):
        self.write("pools.csv", POOLS)
        cover = np.ones((ROWS, COLUMNS), "uint8")
        cover[:, 10:25], cover[:, 25:] = 2, 3
        self.raster("cover.tif", cover, nodata=255)
        self.assert_works("stock", "--method", "lookup", "--landcover", "cover.tif", "--densities", "pools.csv", "--year", "2020",
                          "--pools", "agb,bgb,dead,soil", "--layers", "carbon,dead,soil", "-o", "out")
        areas = [areas_ha()[cover == code].sum() for code in (1, 2, 3)]
        living, dead, soil = [25, 8, 3], [1, 0, 0], [60, 20, 5]
        for column, density in [("carbon_t", living), ("dead_carbon_t", dead), ("soil_carbon_t", soil)]:
            with self.subTest(column):
                self.assert_close(self.total(column), sum(d * a for d, a in zip(density, areas)))
        row = read_csv(self.folder / "out" / "zones.csv")[-1]
        self.assertEqual((row["forest_area_ha"], row["rate_area_ha"]), ("", ""))
        self.assert_works("zonal", "out/carbon_2020.tif", "out/dead_2020.tif", "--zones", "cover.tif", "-o", "sums")
        sums = {(r["raster"], r["zone_id"]): float(r["sum"]) for r in read_csv(self.folder / "sums" / "zonal.csv")}
        for raster, density in [("out/carbon_2020.tif", living), ("out/dead_2020.tif", dead)]:
            for code, (value, area) in enumerate(zip(density, areas), 1):
                self.assert_close(sums[raster, str(code)], value * area)

    def test_lookup_change_of_all_pools(self):
        """G19: class 1 to 2 is -58 t C/ha, 1 to 3 is -78, over all four pools."""
        self.write("pools.csv", POOLS)
        later = np.full((ROWS, COLUMNS), 2, "uint8")
        later[:, 20:] = 3
        self.raster("cover1.tif", np.ones((ROWS, COLUMNS), "uint8"), nodata=255)
        self.raster("cover2.tif", later, nodata=255)
        all_pools = 0.0
        for year, file in [(2015, "cover1.tif"), (2020, "cover2.tif")]:
            self.assert_works("stock", "--method", "lookup", "--landcover", file, "--densities", "pools.csv", "--year", str(year),
                              "--pools", "agb,bgb,dead,soil", "-o", f"out{year}")
            sign = 1 if year == 2020 else -1
            all_pools += sign * sum(self.total(column, out=f"out{year}") for column in ("carbon_t", "dead_carbon_t", "soil_carbon_t"))
            self.assert_close(self.total("all_pools_carbon_t", out=f"out{year}"),
                              sum(self.total(column, out=f"out{year}") for column in ("carbon_t", "dead_carbon_t", "soil_carbon_t")))
        areas = areas_ha()
        self.assert_close(all_pools, -58 * areas[:, :20].sum() - 78 * areas[:, 20:].sum())

    def test_a_pools_table_that_misses_a_class(self):
        self.write("pools.csv", POOLS)
        self.raster("cover.tif", np.full((ROWS, COLUMNS), 4, "uint8"), nodata=255)
        self.assert_refused(["cover.tif", "pools.csv", "4 (1,200 pixels)"], "stock", "--method", "lookup", "--landcover", "cover.tif",
                            "--densities", "pools.csv", "--year", "2020", "-o", "out", limit=LONGEST_LISTING)

    def test_sink_between_two_ready_maps(self):
        first = np.random.default_rng(5).uniform(10, 80, (ROWS, COLUMNS)).astype("float32")
        second = (first + np.linspace(-5, 12, COLUMNS)).astype("float32")
        second[:3] = np.nan
        self.raster("first.tif", first, nodata=float("nan"))
        self.raster("second.tif", second, nodata=float("nan"))
        change = second.astype(float) - first.astype(float)
        expected = float(np.nansum(change * areas_ha())) / 5
        for quantity, factor in [("carbon", CO2_PER_C), ("co2", 1.0)]:
            with self.subTest(quantity):
                self.assert_works("sink", "--from", "first.tif", "--to", "second.tif", "--years", "2015", "2020",
                                  "--quantity", quantity, "-o", quantity)
                self.assert_close(self.total("sink_tco2_yr", out=quantity, year_from=2015), expected * factor)
                self.assert_close(self.total("co2_t", out=quantity, year=2015), float((first.astype(float) * areas_ha()).sum()) * factor)
                written = gdal.Open(str(self.folder / quantity / "sink_2015_2020.tif")).ReadAsArray()
                np.testing.assert_allclose(written, change * factor / 5, rtol=1e-6, atol=1e-6)
        self.assert_works("sink", "--from", "first.tif", "--to", "second.tif", "--years", "2015", "2020", "-o", "plain")
        self.assertEqual((self.folder / "plain" / "zones.csv").read_bytes(), (self.folder / "carbon" / "zones.csv").read_bytes())


if __name__ == "__main__":
    unittest.main()
