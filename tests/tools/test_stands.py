# SPDX-License-Identifier: Apache-2.0
"""sinkcalc stands: stand polygons of the 一张图 become layers of an inventory.

Pixels are held against gdal.Rasterize, which shares no code with ours; every check of the fields has a file that trips
it and a twin that does not.
"""
import csv
import json
import pathlib
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal, ogr, osr

from cli import CliTest
from qgis_there import skip_without_qgis
from test_bad_input import NORTH, PIXEL, PLACE, WEST, COLUMNS, ROWS, box, contents, crs_of, read_csv, write_raster
from test_class_styles import check_in_qgis
from test_styles import ask_qgis

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


class Rasters(StandsTest):
    def ragged(self):
        """Triangles and polygons of any size over the grid and beyond, overlapping; some with a hole."""
        rng = np.random.default_rng(7)
        shapes, stands = [], []
        for _ in range(120):
            centre = np.array([WEST, NORTH]) + rng.uniform((-200, -3200), (4200, 200))
            angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 9)))
            ring = centre + rng.uniform(30, 500) * np.c_[np.cos(angles), np.sin(angles)]
            outer = ",".join(f"{x} {y}" for x, y in [*ring, ring[0]])
            inner = centre + 0.3 * (ring - centre)
            hole = ",(" + ",".join(f"{x} {y}" for x, y in [*inner, inner[0]]) + ")" if rng.uniform() < 0.3 else ""
            shapes.append(f"POLYGON(({outer}){hole})")
            bamboo = rng.uniform() < 0.3
            stands.append({"YOU_SHI_SZ": "660" if bamboo else "110801", "MIAN_JI": None, "SLXJ": None, "QI_YUAN": None, "LING_ZU": None,
                           "DI_LEI": None, "PINGJUN_NL": None if bamboo else int(rng.integers(1, 40)),
                           "HUO_LMGQXJ": 0.0 if bamboo else round(float(rng.uniform(1, 300)), 1), "MEI_GQ_ZS": int(rng.integers(1000, 4000)),
                           "YU_BI_DU": round(float(rng.uniform(0.2, 1)), 2)})
        return stands, shapes

    def expected(self, file, **place):
        def field(name):
            return lambda f: f[name] if f.IsFieldSetAndNotNull(name) else None
        return {"forest_type": burnt(file, lambda f: int(f["YOU_SHI_SZ"]), **place),
                "age": burnt(file, field("PINGJUN_NL"), **place), "volume": burnt(file, field("HUO_LMGQXJ"), **place),
                "canopy": burnt(file, field("YU_BI_DU"), **place),
                "culms": burnt(file, lambda f: f["MEI_GQ_ZS"] if f["YOU_SHI_SZ"] == "660" else None, **place)}

    def test_pixels_are_those_of_gdal_rasterize_and_the_later_stand_wins(self):
        stands, shapes = self.ragged()
        file = self.stands("stands.gpkg", stands, shapes=shapes)
        record = self.make(file)
        for layer, values in self.expected(self.folder / file).items():
            self.assert_same(f"{layer}_2020.tif", values)
        count = burnt(self.folder / file, lambda f: 1)
        self.assertGreater(record["overlaps"]["pixels"], 50)
        self.assertLess(record["overlaps"]["pixels"], np.nansum(count))
        self.assertIn("overlap", {rule for _, rule in self.findings()})
        self.assertIn("overlap", self.said)

    def test_polygons_in_another_crs(self):
        stands, shapes = self.ragged()
        moved = []
        to_degrees = osr.CoordinateTransformation(crs_of(4548), crs_of(4490))
        for shape in shapes:
            geometry = ogr.CreateGeometryFromWkt(shape)
            geometry.Segmentize(20)                   # a straight edge here is a curve there
            geometry.Transform(to_degrees)
            moved.append(geometry.ExportToWkt())
        file = self.stands("degrees.gpkg", stands, shapes=moved, crs=4490)
        self.make(file)
        for layer, values in self.expected(self.folder / file).items():
            self.assert_same(f"{layer}_2020.tif", values)

    def test_overlaps_are_counted_pixel_by_pixel(self):
        a, b = box(WEST, NORTH - 400, WEST + 400, NORTH), box(WEST + 300, NORTH - 400, WEST + 700, NORTH)
        file = self.stands("stands.gpkg", [{"PINGJUN_NL": 12}, {"PINGJUN_NL": 18}], shapes=[a, b])
        record = self.make(file)
        age = np.full((ROWS, COLUMNS), np.nan)
        age[:4, :4], age[:4, 3:7] = 12, 18
        self.assert_same("age_2020.tif", age)
        self.assertEqual((record["overlaps"]["pixels"], record["overlaps"]["pairs"]), (4, 1))
        self.assertEqual(self.findings(), [("350724-007-0001", "overlap")])
        [row] = read_csv(self.folder / "out" / "stands_findings.csv")
        self.assertEqual((row["value"], row["expected"]), ("4", "0"))
        self.assertIn("350724-007-0002", row["note"])

    def test_what_a_raster_carries(self):
        self.make(self.stands("stands.gpkg", [{}, BAMBOO, {"HUO_LMGQXJ": 50.5, "SLXJ": 808.0}]))
        for layer, unit, kind in (("volume", "m3/ha", gdal.GDT_Float32), ("age", "yr", gdal.GDT_Float32), ("culms", "culms/ha", gdal.GDT_Float32),
                                  ("canopy", "", gdal.GDT_Float32), ("forest_type", "", gdal.GDT_UInt32), ("landcover", "", gdal.GDT_UInt16)):
            data = gdal.Open(str(self.folder / "out" / f"{layer}_2020.tif"))
            band = data.GetRasterBand(1)
            self.assertEqual((band.GetUnitType(), band.DataType), (unit, kind), layer)
            self.assertIn("2020", band.GetDescription())
            self.assertEqual(data.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE"), "COG")
            self.assertEqual(data.GetGeoTransform(), PLACE)
            self.assertTrue((self.folder / "out" / f"{layer}_2020.qml").exists())
            if kind == gdal.GDT_Float32:
                values = pixels(self.folder / "out" / f"{layer}_2020.tif")
                self.assertAlmostEqual(float(band.GetMetadataItem("STATISTICS_MEAN")), np.nanmean(values), delta=1e-9)
        table = ElementTree.parse(self.folder / "out" / "forest_type_2020.tif.aux.xml")
        rows = {int(row.findall("F")[0].text): row.findall("F")[1].text for row in table.iter("Row")}
        self.assertEqual(set(rows), {110801, 660})
        self.assertEqual(rows[110801], "Chinese fir / 杉木")
        style = (self.folder / "out" / "forest_type_2020.qml").read_text(encoding="utf-8")
        self.assertIn('value="110801" label="Chinese fir / 杉木"', style)

    def test_bamboo_keeps_its_zero_and_has_culms_where_trees_have_none(self):
        self.make(self.stands("stands.gpkg", [{}, BAMBOO, {**BAMBOO, "MEI_GQ_ZS": 0}, {**BAMBOO, "MEI_GQ_ZS": None}]))
        values = {name: pixels(self.folder / "out" / f"{name}_2020.tif")[0, 0:16:4] for name in ("volume", "culms", "age")}
        np.testing.assert_array_equal(values["volume"], [100, 0, 0, 0])
        np.testing.assert_array_equal(values["culms"], [np.nan, 3000, np.nan, np.nan])
        np.testing.assert_array_equal(values["age"], [15, np.nan, np.nan, np.nan])
        self.assertEqual(self.findings(), [("350724-007-0003", "culms_missing"), ("350724-007-0004", "culms_missing")])

    def test_species_by_name_and_land_class_where_there_is_no_species(self):
        record = self.make(self.stands("stands.gpkg", [{"YOU_SHI_SZ": "杉木"}, {**BAMBOO, "YOU_SHI_SZ": None}, {**BAMBOO, "YOU_SHI_SZ": "0"},
                                                       {"YOU_SHI_SZ": None, "DI_LEI": "0101", "HUO_LMGQXJ": None, "SLXJ": None, "PINGJUN_NL": None,
                                                        "LING_ZU": None, "YU_BI_DU": None, "MEI_GQ_ZS": None}]))
        np.testing.assert_array_equal(pixels(self.folder / "out" / "forest_type_2020.tif")[0, 0:16:4], [110801, 302, 302, 101])
        np.testing.assert_array_equal(pixels(self.folder / "out" / "landcover_2020.tif")[0, 0:16:4], [301, 302, 302, 101])
        self.assertEqual(self.findings(), [])
        self.assertEqual(record["stands"]["type_from_land_class"], 3)
        self.assertIn("3 stands without a species take their land class", self.said)

    def test_a_land_class_is_the_same_as_text_and_as_a_number(self):
        bare = {"HUO_LMGQXJ": None, "SLXJ": None, "PINGJUN_NL": None, "LING_ZU": None, "YU_BI_DU": None, "MEI_GQ_ZS": None}
        answers = []
        for kind, bamboo, paddy, trees in ((ogr.OFTString, "0302", "0101", "0301"), (ogr.OFTInteger, 302, 101, 301), (ogr.OFTReal, 302.0, 101.0, 301.0),
                                           (ogr.OFTString, "302.00", "101.00", "301.00")):
            name = f"land_{len(answers)}"
            self.make(self.stands(f"{name}.gpkg", [{**BAMBOO, "YOU_SHI_SZ": None, "DI_LEI": bamboo}, {"YOU_SHI_SZ": None, "DI_LEI": paddy, **bare}, {"DI_LEI": trees}],
                                  fields=[(n, kind if n == "DI_LEI" else k, g) for n, k, g in FIELDS]), out=name)
            answers.append({layer: pixels(self.folder / name / f"{layer}_2020.tif") for layer in ("forest_type", "landcover", "culms")})
            self.assertEqual(self.findings(name), [])
        np.testing.assert_array_equal(answers[0]["forest_type"][0, 0:12:4], [302, 101, 110801])
        for answer in answers[1:]:
            for layer, values in answers[0].items():
                np.testing.assert_array_equal(answer[layer], values, layer)

    def test_a_land_class_is_no_species_of_the_same_number(self):
        self.write("both.csv", "code,key,land_use,name_en,name_zh\n301,CHINESE_FIR,forest,a species,一种\n110801,CHINESE_FIR,forest,Chinese fir,杉木\n")
        for kind, code in ((ogr.OFTString, "0301"), (ogr.OFTInteger, 301)):
            self.make(self.stands(f"{code}.gpkg", [{}, {"YOU_SHI_SZ": None, "DI_LEI": code}], fields=[(n, kind if n == "DI_LEI" else k, g) for n, k, g in FIELDS
                                                                                                     ]), legend="both.csv", out=str(code))
            self.assertEqual(self.findings(str(code)), [("350724-007-0002", "species_missing")])

    def test_codes_with_decimals_and_a_legend_with_a_row_for_0(self):
        self.write("zero.csv", "code,key,land_use,name_en,name_zh\n110801,CHINESE_FIR,forest,Chinese fir,杉木\n0,,cropland,none,无\n")
        fields = [(n, ogr.OFTString if n == "YOU_SHI_SZ" else k, g) for n, k, g in FIELDS]
        file = self.stands("decimals.gpkg", [{"YOU_SHI_SZ": "110801.00"}, {"YOU_SHI_SZ": "110801.00000000000"}, {"YOU_SHI_SZ": "0.00"}], fields=fields)
        self.make(file, legend="zero.csv")
        np.testing.assert_array_equal(pixels(self.folder / "out" / "forest_type_2020.tif")[0, 0:12:4], [110801, 110801, 0])
        self.assert_fails(2, ["110801.50 (1 stand)"], *self.arguments(self.stands("half.gpkg", [{"YOU_SHI_SZ": "110801.50"}], fields=fields), out="other"))

    def test_a_resolution_instead_of_a_raster(self):
        stands, shapes = self.ragged()
        file = self.stands("stands.gpkg", stands, shapes=shapes)
        self.make(file, grid=("--resolution", "50"))
        data = gdal.Open(str(self.folder / "out" / "age_2020.tif"))
        place = data.GetGeoTransform()
        self.assertEqual((place[1], place[5], place[0] % 50, place[3] % 50), (50, -50, 0, 0))
        source = ogr.Open(str(self.folder / file))
        west, east, south, north = source.GetLayer(0).GetExtent()
        east_edge, south_edge = place[0] + 50 * data.RasterXSize, place[3] - 50 * data.RasterYSize
        self.assertTrue(place[0] <= west < place[0] + 50 and east_edge - 50 < east <= east_edge)
        self.assertTrue(place[3] - 50 < north <= place[3] and south_edge <= south < south_edge + 50)
        for layer, values in self.expected(self.folder / file, place=place, shape=(data.RasterYSize, data.RasterXSize)).items():
            self.assert_same(f"{layer}_2020.tif", values)
        # Every stand's pixels on the grid of --crs are those of --like on that grid.
        self.make(file, grid=("--resolution", "50", "--crs", "EPSG:4549"), out="moved")
        self.make(file, grid=("--like", "moved/age_2020.tif"), out="like")
        for layer in ("forest_type", "age", "volume", "culms"):
            self.assertEqual((self.folder / "moved" / f"{layer}_2020.tif").read_bytes(), (self.folder / "like" / f"{layer}_2020.tif").read_bytes())

    def test_same_bytes_for_any_threads_memory_and_way_of_writing(self):
        stands, shapes = self.ragged()
        file = self.stands("stands.gpkg", stands, shapes=shapes)
        grid = ("--resolution", "3")
        self.make(file, "--threads", "1", grid=grid, out="one")
        self.make(file, "--threads", "7", "--memory", "32M", grid=grid, out="seven")
        one, seven = contents(self.folder / "one"), contents(self.folder / "seven")
        self.assertNotEqual(one.pop("run.json"), seven.pop("run.json"))
        self.assertEqual(one, seven)
        records = [json.loads((self.folder / name / "run.json").read_text(encoding="utf-8")) for name in ("one", "seven")]
        for record in records:
            del record["timings"]
        self.assertEqual(*records)
        self.make(file, "--io", "gdal", "--of", "GTiff", grid=grid, out="gdal")
        np.testing.assert_array_equal(pixels(self.folder / "gdal" / "volume_2020.tif"), pixels(self.folder / "one" / "volume_2020.tif"))


class Files(StandsTest):
    def some(self):
        return [{}, BAMBOO, {"YOU_SHI_SZ": "马尾松", "HUO_LMGQXJ": 87.3, "SLXJ": 1396.8, "PINGJUN_NL": 24, "LING_ZU": "3"}]

    def assert_reads(self, file, *extra, warns=None):
        record = self.make(file, *extra, out="read")
        for layer, values in (("forest_type", [110801, 660, 110401]), ("age", [15, np.nan, 24]), ("volume", [100, 0, np.float32(87.3)]),
                              ("culms", [np.nan, 3000, np.nan]), ("canopy", [np.float32(0.7)] * 3)):
            np.testing.assert_array_equal(pixels(self.folder / "read" / f"{layer}_2020.tif")[0, 0:12:4], values, layer)
        self.assertEqual(self.findings("read"), [])
        if warns:
            self.assertIn(warns, self.said)
        else:
            self.assertNotIn("warning", self.said)
        for path in sorted((self.folder / "read").iterdir()):
            path.unlink()
        return record

    def test_geopackage_and_shapefile_in_gbk_and_utf8_with_both_sets_of_names(self):
        self.assert_reads(self.stands("stands.gpkg", self.some()))
        self.assert_reads(self.stands("chinese.gpkg", self.some(), rename=CHINESE))
        self.assert_reads(self.stands("lower.gpkg", self.some(), rename={name: name.lower() for name in CHINESE}))
        for encoding in ("GBK", "UTF-8"):
            name = encoding.lower()
            self.assert_reads(self.stands(f"{name}.shp", self.some(), driver="ESRI Shapefile", encoding=encoding))
            record = json.loads(self.run_sinkcalc(*self.arguments(f"{name}.shp", "--json", out=f"{name}_json")).stdout)
            self.assertEqual({pathlib.Path(i["path"]).suffix for i in record["inputs"]}, {".shp", ".dbf", ".shx", ".prj", ".cpg", ".csv", ".tif"})
        self.assert_reads(self.stands("gbk_names.shp", self.some(), driver="ESRI Shapefile", encoding="GBK", rename=CHINESE))

    def test_a_shapefile_that_does_not_say_how_it_is_encoded(self):
        for encoding in ("GBK", "UTF-8"):
            file = self.stands(f"{encoding}.shp", self.some(), driver="ESRI Shapefile", encoding=encoding)
            (self.folder / f"{encoding}.cpg").unlink()
            dbf = bytearray((self.folder / f"{encoding}.dbf").read_bytes())
            for mark in (0, 0x57):
                dbf[29] = mark
                (self.folder / f"{encoding}.dbf").write_bytes(dbf)
                self.assert_reads(file, warns=f"taken as {encoding}")
                self.assert_reads(file, "--encoding", encoding)
        # What is plain ASCII needs no word.
        plain = [{**stand, "YOU_SHI_SZ": "110401" if stand.get("YOU_SHI_SZ") == "马尾松" else stand.get("YOU_SHI_SZ", "110801")} for stand in self.some()]
        file = self.stands("plain.shp", plain, driver="ESRI Shapefile", encoding="UTF-8")
        (self.folder / "plain.cpg").unlink()
        self.assert_reads(file)

    def test_the_wrong_encoding_is_refused(self):
        file = self.stands("gbk.shp", self.some(), driver="ESRI Shapefile", encoding="GBK")
        self.assert_fails(2, ["gbk.shp", "UTF-8", "--encoding"], *self.arguments(file, "--encoding", "UTF-8"))
        self.assert_fails(2, ["gbk.shp", "--encoding"], *self.arguments(file, "--encoding", "KLINGON"))

    def test_a_file_that_says_the_wrong_encoding_is_refused(self):
        """A .cpg of UTF-8 beside text in GBK, as programs leave it that copy or convert the .dbf alone."""
        file = self.stands("gbk.shp", self.some(), driver="ESRI Shapefile", encoding="GBK")
        (self.folder / "gbk.cpg").write_text("UTF-8")
        self.assert_fails(2, ["gbk.shp", "says that its text is UTF-8", "--encoding GBK"], *self.arguments(file))
        self.assert_reads(file, "--encoding", "GBK")

    def test_unknown_codes_name_a_guessed_encoding(self):
        """Bytes that are good UTF-8 and good GBK: only the user knows."""
        file = self.stands("both.shp", [{"YOU_SHI_SZ": "鏉炬灄"}], driver="ESRI Shapefile", encoding="GBK")
        (self.folder / "both.cpg").unlink()
        self.assert_fails(2, ["both.shp is taken as", "--encoding says otherwise"], *self.arguments(file))

    def test_a_character_that_a_field_cuts_is_no_fault(self):
        """In a field that nobody reads."""
        fields = (*FIELDS, ("BEI_ZHU", ogr.OFTString, "松溪县"))
        file = self.stands("cut.shp", self.some(), driver="ESRI Shapefile", encoding="UTF-8", fields=fields)
        dbf, text = self.folder / "cut.dbf", "松溪县".encode()
        dbf.write_bytes(dbf.read_bytes().replace(text, text[:-1] + b" "))
        self.assert_reads(file)

    def test_chinese_and_quoted_paths(self):
        folder = self.folder / "林地 'one' \"map\""
        folder.mkdir()
        name = "松溪县 小班's.shp"
        write_stands(folder / name, self.some(), driver="ESRI Shapefile", encoding="GBK")
        self.make(str(folder / name), out=str(folder / "out 结果"))
        self.assertTrue((folder / "out 结果" / "volume_2020.tif").exists())
        done = self.run_sinkcalc("check", str(folder / "out 结果" / "inventory.toml"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_several_files_and_a_layer_of_one(self):
        self.stands("a.gpkg", self.some()[:1])
        shapes = [square(1), square(2)]
        self.stands("b.gpkg", self.some()[1:], shapes=shapes)
        self.assert_reads(["a.gpkg", "b.gpkg:b"])

    def test_only_some_stands(self):
        record = self.make(self.stands("stands.gpkg", [{}, {"XIAN": "350725"}]), "--where", "XIAN=350725")
        self.assertEqual(record["stands"]["read"], 1)
        self.assertEqual(np.count_nonzero(~np.isnan(pixels(self.folder / "out" / "age_2020.tif"))), 16)

    def test_a_missing_field_names_the_nearest(self):
        file = self.stands("stands.gpkg", self.some(), rename={"YOU_SHI_SZ": "YOU_SHI_SHU"})
        self.assert_fails(2, ["stands.gpkg", "YOU_SHI_SZ", "YOU_SHI_SHU", "--field species=YOU_SHI_SHU"], *self.arguments(file))
        self.assert_reads(file, "--field", "species=YOU_SHI_SHU")
        self.assert_fails(2, ["stands.gpkg", "YOU_SHI_SH", "YOU_SHI_SHU"], *self.arguments(file, "--field", "species=YOU_SHI_SH"))
        self.assert_fails(2, ["--field", "specis", "species"], *self.arguments(file, "--field", "specis=X"))
        self.assert_fails(2, ["--field", "USE=NAME"], *self.arguments(file, "--field", "species"))
        only_total = self.stands("total.gpkg", self.some(), fields=[f for f in FIELDS if f[0] != "HUO_LMGQXJ"])
        self.assert_fails(2, ["HUO_LMGQXJ", "--field volume=SLXJ --volume-unit per_parcel"], *self.arguments(only_total))
        record = self.make(self.stands("less.gpkg", [{}], fields=[f for f in FIELDS if f[0] in ("YOU_SHI_SZ", "HUO_LMGQXJ")]))
        self.assertEqual({f["file"] for f in record["outputs"] if f["file"].endswith(".tif")}, {"forest_type_2020.tif", "volume_2020.tif"})
        self.assertEqual(read_csv(self.folder / "out" / "stands_findings.csv"), [])

    def test_a_field_in_use_is_not_proposed_for_another(self):
        no_volume = [f for f in FIELDS if f[0] not in ("HUO_LMGQXJ", "SLXJ")]
        done = self.run_sinkcalc(*self.arguments(self.stands("stands.gpkg", self.some(), fields=no_volume)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("HUO_LMGQXJ", done.stderr)
        for name, _, _ in no_volume:
            self.assertNotIn(f"volume={name}", done.stderr)

    def test_a_file_without_the_field_of_a_layer_is_said(self):
        one = self.stands("one.gpkg", [{}])
        two = self.stands("two.gpkg", [{}], fields=[f for f in FIELDS if f[0] != "PINGJUN_NL"], shapes=[square(1)])
        done = self.run_sinkcalc(*self.arguments([one, two]))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("two.gpkg: has no field for age (PINGJUN_NL in other files)", done.stderr)
        self.assertNotIn("one.gpkg: has no field", done.stderr)

    def test_layers_are_chosen_and_must_have_their_field(self):
        file = self.stands("stands.gpkg", self.some(), fields=[f for f in FIELDS if f[0] != "PINGJUN_NL"])
        self.make(file, "--layers", "volume,forest_type")
        self.assertEqual(sorted(p.name for p in (self.folder / "out").glob("*.tif")), ["forest_type_2020.tif", "volume_2020.tif"])
        self.assert_fails(2, ["age", "PINGJUN_NL"], *self.arguments(file, "--layers", "age", out="other"))
        self.assert_fails(2, ["'volum'", "volume"], *self.arguments(file, "--layers", "volum", out="other"))

    def test_stands_off_the_grid_are_counted(self):
        off = [box(WEST + 10_000 + 400 * i, NORTH, WEST + 10_400 + 400 * i, NORTH + 400) for i in range(3)]
        sliver = box(WEST - 5000, NORTH - 49, WEST + 9000, NORTH - 48)      # every vertex off the grid, and no centre inside
        file = self.stands("stands.gpkg", [{}, {}, {"PINGJUN_NL": 20}, {}, {**BAMBOO, "MIAN_JI": None}, {"MIAN_JI": None, "SLXJ": None}],
                           shapes=[square(0), square(1), *off, sliver])
        record = self.make(file)
        self.assertEqual((record["stands"]["read"], record["stands"]["with_pixels"], record["stands"]["off_the_grid"]), (6, 2, 3))
        self.assertIn("3 of 6 stands lie off the grid of like.tif", self.said)
        self.assertEqual(self.findings(), [("350724-007-0006", "no_pixel")])
        table = self.run_sinkcalc(*self.arguments(file, out="again")).stdout
        self.assertIn("2 of 6 stands on", table)
        [age] = [line.split() for line in table.splitlines() if line.startswith("age")]
        self.assertEqual(age[-3:], ["2", "15", "15"])                       # not 5, and not up to 20

    def test_broken_files(self):
        self.write("text.gpkg", "no geopackage")
        self.assert_fails(2, "text.gpkg", *self.arguments("text.gpkg"))
        self.assert_fails(2, ["none.shp", "no such file"], *self.arguments("none.shp"))
        file = self.stands("cut.shp", [{} for _ in range(60)], driver="ESRI Shapefile", encoding="GBK")
        data = (self.folder / "cut.shp").read_bytes()
        (self.folder / "cut.shp").write_bytes(data[:len(data) // 2])
        self.assert_fails(2, "cut.shp", *self.arguments(file))
        self.assert_fails(2, ["nocrs.gpkg", "no CRS", "-a_srs"], *self.arguments(self.stands("nocrs.gpkg", [{}], crs=None)))
        self.assert_fails(2, ["points.gpkg", "not a polygon"], *self.arguments(self.stands("points.gpkg", [{}], shapes=["POINT(600000 2950000)"])))
        self.assert_fails(2, ["far.gpkg", "like.tif"], *self.arguments(self.stands("far.gpkg", [{"MIAN_JI": None}], shapes=[box(100, 100, 200, 200)])))
        self.assert_fails(2, ["words.gpkg", "HUO_LMGQXJ", "many", "350724-007-0001"],
                          *self.arguments(self.stands("words.gpkg", [{"HUO_LMGQXJ": "many"}], fields=[(n, ogr.OFTString, g) for n, _, g in FIELDS])))
        self.assert_fails(2, ["minus.gpkg", "HUO_LMGQXJ", "-5", "350724-007-0002"], *self.arguments(self.stands("minus.gpkg", [{}, {"HUO_LMGQXJ": -5.0}])))
        self.assert_fails(2, ["codes.gpkg", "660123 (2 stands)", "660123,KEY"],
                          *self.arguments(self.stands("codes.gpkg", [{"YOU_SHI_SZ": "660123"}, {"YOU_SHI_SZ": "660123"}, {}])))
        self.assert_fails(2, ["codes2.gpkg", "--landcover-legend", "9999 (1 stand)"], *self.arguments(self.stands("codes2.gpkg", [{"DI_LEI": "9999"}])))

    def test_usage(self):
        file = self.stands("stands.gpkg", [{}])
        self.assert_fails(2, ["--like", "--resolution"], *self.arguments(file, grid=()))
        self.assert_fails(2, ["--like", "--resolution"], *self.arguments(file, "--resolution", "100"))
        self.assert_fails(2, ["--crs"], *self.arguments(file, "--crs", "EPSG:4548"))
        self.assert_fails(2, ["--crs", "EPSG:999999"], *self.arguments(file, grid=("--resolution", "100", "--crs", "EPSG:999999")))
        self.assert_fails(2, ["--resolution", "-1"], *self.arguments(file, grid=("--resolution", "-1")))
        self.assert_fails(2, ["--resolution", "pixels"], *self.arguments(file, grid=("--resolution", "0.0001")))
        self.assert_fails(2, ["--area-unit", "'muu'", "mu"], *self.arguments(file, "--area-unit", "muu"))
        self.assert_fails(2, ["--year"], *self.arguments(file, year="20"))
        geographic = self.stands("degrees.gpkg", [{}], crs=4490, shapes=[box(118.1, 27.0, 118.104, 27.004)])
        self.assert_fails(2, ["degrees.gpkg", "--crs EPSG:4548"], *self.arguments(geographic, grid=("--resolution", "100")))

    def test_overwrite_quiet_json_progress_describe_and_help(self):
        file = self.stands("stands.gpkg", self.some())
        self.make(file)
        self.assert_fails(2, ["out", "--overwrite"], *self.arguments(file))
        done = self.run_sinkcalc(*self.arguments(file, "--overwrite", "-q"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assert_fails(2, "is an input of this run", *self.arguments(file, "--overwrite", "--legend", "out/legend.csv", legend="out/legend.csv")[:-2])
        done = self.run_sinkcalc(*self.arguments(file, "--json", "--progress", "json", out="other"))
        self.assertEqual(json.loads(done.stdout)["program"], "sinkcalc stands")
        self.assertTrue(any(line.startswith("{") for line in done.stderr.splitlines()))
        parameters = {p["name"]: p for p in json.loads(self.output_of("stands", "--describe"))["parameters"]}
        self.assertEqual(parameters["--area-unit"]["choices"], ["ha", "mu", "m2"])
        self.assertLessEqual(self.output_of("stands", "--help").count("\n"), 60)


class Checks(StandsTest):
    GOOD = ({}, BAMBOO, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 35, "LING_ZU": "4"})

    def trip(self, rule, bad, twin):
        """A file with one stand that breaks a rule, and its twin that does not."""
        name = f"{rule}_{abs(hash(str(bad)))}"
        self.make(self.stands(f"{name}.gpkg", [*self.GOOD, bad]), out=name)
        self.assertEqual(self.findings(name), [("350724-007-0004", rule)], bad)
        self.assertIn(rule, self.said)
        self.make(self.stands(f"{name}_twin.gpkg", [*self.GOOD, twin]), out=name + "_twin")
        self.assertEqual(self.findings(name + "_twin"), [], twin)
        self.assertNotIn("finding", self.said.split("Written")[0])

    def test_volume_times_area_against_the_total(self):
        self.trip("volume_total", {"SLXJ": 1700.0}, {"SLXJ": 1650.0})                 # 6 % and 3 %
        small = box(WEST + 1200, NORTH - 40, WEST + 1240, NORTH)                      # 0.16 ha: totals are rounded to m3
        self.trip("no_pixel", {"SLXJ": 16.6, "MIAN_JI": 0.16, "shape": small}, {})

    def test_age_against_age_group(self):
        self.trip("age_group", {"PINGJUN_NL": 21}, {"PINGJUN_NL": 20})
        self.trip("age_group", {"PINGJUN_NL": 11, "LING_ZU": "1"}, {"PINGJUN_NL": 10, "LING_ZU": "1"})
        self.trip("age_group", {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 30, "LING_ZU": "4"}, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 30, "LING_ZU": "3"})
        self.trip("age_group", {"PINGJUN_NL": 35, "LING_ZU": "5"}, {"PINGJUN_NL": 36, "LING_ZU": "5"})
        # The bounds are those of plantations: 11 is natural.
        self.trip("age_group", {"PINGJUN_NL": 40}, {"PINGJUN_NL": 40, "QI_YUAN": "11"})

    def test_age_group_in_words(self):
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "过熟林"}, {"PINGJUN_NL": 36, "LING_ZU": "过熟林"})
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "中龄"}, {"PINGJUN_NL": 15, "LING_ZU": "中龄"})
        self.trip("age_group", {"PINGJUN_NL": 5, "LING_ZU": "Mature"}, {"PINGJUN_NL": 30, "LING_ZU": "mature"})
        self.trip("age_group_unread", {"LING_ZU": "壮年"}, {"LING_ZU": "2.00"})
        self.trip("age_group_unread", {"LING_ZU": "7"}, {"LING_ZU": None})

    def test_canopy(self):
        self.trip("canopy_low", {"YU_BI_DU": 0.19}, {"YU_BI_DU": 0.2})
        self.trip("canopy_range", {"YU_BI_DU": 1.2}, {"YU_BI_DU": 1.0})
        self.make(self.stands("bamboo.gpkg", [*self.GOOD, {**BAMBOO, "YU_BI_DU": 0.1}]), out="bamboo")
        self.assertEqual(self.findings("bamboo"), [])

    def test_area_against_the_outline(self):
        self.trip("area_outline", {"MIAN_JI": 18.0, "SLXJ": 1800.0}, {"MIAN_JI": 17.0, "SLXJ": 1700.0})
        self.make(self.stands("one_mu.gpkg", [*self.GOOD, {"MIAN_JI": 240.0}]), out="one_mu")
        self.assertEqual(self.findings("one_mu"), [("350724-007-0004", "area_outline"), ("350724-007-0004", "volume_total")])
        [note] = [row["note"] for row in read_csv(self.folder / "one_mu" / "stands_findings.csv") if row["rule"] == "area_outline"]
        self.assertIn("mu", note)

    def test_volumes_that_cannot_be(self):
        many = [*self.GOOD] + [{}] * 10
        for volume, findings in ((401.0, [("350724-007-0014", "volume_high")]), (400.0, [])):
            file = self.stands(f"v{volume}.gpkg", [*many, {"HUO_LMGQXJ": volume, "SLXJ": 16 * volume}])
            self.make(file, out=f"v{volume}")
            self.assertEqual(self.findings(f"v{volume}"), findings)
        self.trip("volume_missing", {"HUO_LMGQXJ": None, "SLXJ": None}, {**BAMBOO, "HUO_LMGQXJ": None, "SLXJ": None})
        self.trip("volume_zero", {"HUO_LMGQXJ": 0.0, "SLXJ": 0.0}, {"HUO_LMGQXJ": 0.0, "SLXJ": 0.0, "PINGJUN_NL": 3, "LING_ZU": "1"})
        self.trip("age_missing", {"PINGJUN_NL": None}, {})
        self.trip("age_missing", {"PINGJUN_NL": 0}, {"PINGJUN_NL": 0, "LING_ZU": "1", "HUO_LMGQXJ": 0.0, "SLXJ": 0.0})
        self.trip("culms_missing", {**BAMBOO, "MEI_GQ_ZS": 0}, BAMBOO)
        self.trip("species_missing", {"YOU_SHI_SZ": None}, {})
        self.trip("no_geometry", {"shape": None}, {})

    def test_area_in_mu_is_refused_with_the_option(self):
        mu = [{**stand, "MIAN_JI": 240.0} for stand in self.GOOD]
        file = self.stands("mu.gpkg", mu)
        self.assert_fails(2, ["mu.gpkg", "MIAN_JI", "15", "--area-unit mu"], *self.arguments(file))
        self.make(file, "--area-unit", "mu")
        self.assertEqual(self.findings(), [])
        good = self.stands("ha.gpkg", self.GOOD)
        self.assert_fails(2, ["ha.gpkg", "--area-unit ha"], *self.arguments(good, "--area-unit", "mu", out="other"))
        square_metres = self.stands("m2.gpkg", [{**stand, "MIAN_JI": 160000.0} for stand in self.GOOD])
        self.assert_fails(2, ["m2.gpkg", "--area-unit m2"], *self.arguments(square_metres, out="other"))
        odd = self.stands("odd.gpkg", [{**stand, "MIAN_JI": 64.0} for stand in self.GOOD])
        self.make(odd, out="odd")
        self.assertIn("4.0 times", self.said)
        self.make(self.stands("odd2.gpkg", [{**stand, "MIAN_JI": 64.0} for stand in self.GOOD]), "--field", "area=", out="odd2")
        self.assertEqual(self.findings("odd2"), [])

    def test_volume_of_the_parcel_is_refused_with_the_option(self):
        stands = [{"HUO_LMGQXJ": 1600.0}, {**BAMBOO}, {"YOU_SHI_SZ": "110401", "PINGJUN_NL": 35, "LING_ZU": "4", "HUO_LMGQXJ": 1600.0}]
        file = self.stands("parcel.gpkg", stands)
        self.assert_fails(2, ["parcel.gpkg", "HUO_LMGQXJ", "SLXJ", "--volume-unit per_parcel"], *self.arguments(file))
        self.make(file, "--volume-unit", "per_parcel")
        np.testing.assert_array_equal(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:12:4], [100, 0, 100])
        self.assertEqual(self.findings(), [])
        # Small parcels stay below 400: the total tells.
        small = [{"HUO_LMGQXJ": 320.0, "SLXJ": 320.0}] * 4
        self.assert_fails(2, ["small.gpkg", "--volume-unit per_parcel"], *self.arguments(self.stands("small.gpkg", small), out="other"))
        # Without totals the number of stands above 400 tells; who knows better says so.
        high = [{"HUO_LMGQXJ": 450.0}, {}, {}]
        file = self.stands("high.gpkg", high, fields=[f for f in FIELDS if f[0] != "SLXJ"])
        self.assert_fails(2, ["high.gpkg", "400 m3/ha", "1 of 3", "--volume-unit per_parcel", "--volume-unit per_ha"], *self.arguments(file, out="other"))
        self.make(file, "--volume-unit", "per_ha", out="other")
        self.assertEqual(self.findings("other"), [("350724-007-0001", "volume_high")])
        no_area = self.stands("no_area.gpkg", [{"HUO_LMGQXJ": 1600.0, "SLXJ": None}], fields=[f for f in FIELDS if f[0] != "MIAN_JI"])
        self.make(no_area, "--volume-unit", "per_parcel", out="outline")
        self.assertAlmostEqual(pixels(self.folder / "outline" / "volume_2020.tif")[0, 0], 100, delta=0.1)    # by the outline's area

    def test_volume_per_mu_and_canopy_in_tenths_and_percent(self):
        mu = [{"HUO_LMGQXJ": 100 / 15}, {"HUO_LMGQXJ": 100 / 15, "PINGJUN_NL": 12}]
        file = self.stands("per_mu.gpkg", mu)
        self.assert_fails(2, ["per_mu.gpkg", "--volume-unit per_mu"], *self.arguments(file))
        self.make(file, "--volume-unit", "per_mu")
        np.testing.assert_allclose(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:8:4], 100, rtol=1e-6)
        for factor, unit in ((10, "tenths"), (100, "percent")):
            file = self.stands(f"{unit}.gpkg", [{**stand, "YU_BI_DU": 0.7 * factor} for stand in self.GOOD])
            self.assert_fails(2, [f"{unit}.gpkg", "YU_BI_DU", f"--canopy-unit {unit}"], *self.arguments(file, out="other"))
            self.make(file, "--canopy-unit", unit, out=unit)
            np.testing.assert_allclose(pixels(self.folder / unit / "canopy_2020.tif")[0, 0:12:4], 0.7, rtol=1e-6)

    def test_units_are_judged_file_by_file(self):
        self.stands("mu.gpkg", [{"MIAN_JI": 240.0}] * 3)
        self.stands("ha.gpkg", [{}] * 4, shapes=[square(9 + i) for i in range(4)])
        self.assert_fails(2, ["mu.gpkg: field MIAN_JI", "--area-unit mu"], *self.arguments(["ha.gpkg", "mu.gpkg"]))
        self.stands("percent.gpkg", [{"YU_BI_DU": 65.0}] * 3)
        self.assert_fails(2, ["percent.gpkg: field YU_BI_DU", "--canopy-unit percent"], *self.arguments(["ha.gpkg", "percent.gpkg"]))
        self.stands("parcel.gpkg", [{"HUO_LMGQXJ": 1600.0}] * 3)
        self.assert_fails(2, ["parcel.gpkg: field HUO_LMGQXJ", "--volume-unit per_parcel"], *self.arguments(["ha.gpkg", "parcel.gpkg"]))

    def test_a_file_of_two_units_gives_no_wrong_value(self):
        mixed = [{"MIAN_JI": 240.0 if i < 2 else 16.0, "HUO_LMGQXJ": 1600.0} for i in range(5)]
        file = self.stands("mixed.gpkg", mixed)
        self.make(file, "--volume-unit", "per_parcel")
        np.testing.assert_array_equal(pixels(self.folder / "out" / "volume_2020.tif")[0, 0:20:4], [np.nan, np.nan, 100, 100, 100])
        self.assertIn("nodata in volume for 2 stands", self.said)
        self.assertIn("2 stands of 5: the area is about 15 times the outline", self.said)
        self.assertEqual([rule for _, rule in self.findings()].count("area_outline"), 2)
        self.make(file, "--volume-unit", "per_parcel", "--field", "area=", out="outline")
        np.testing.assert_allclose(pixels(self.folder / "outline" / "volume_2020.tif")[0, 0:20:4], 100, rtol=1e-3)
        canopies = self.stands("canopy.gpkg", [{"YU_BI_DU": 65.0 if i < 2 else 0.6} for i in range(5)])
        self.make(canopies, out="canopy")
        np.testing.assert_array_equal(pixels(self.folder / "canopy" / "canopy_2020.tif")[0, 0:20:4], [np.nan, np.nan, *[np.float32(0.6)] * 3])
        self.assertIn("nodata in canopy for 2 stands", self.said)

    def test_percent_of_sparse_stands_is_not_taken_for_tenths(self):
        file = self.stands("sparse.gpkg", [{"YU_BI_DU": 10.0}] * 6 + [{"YU_BI_DU": 70.0}] * 4)
        for extra in ((), ("--canopy-unit", "tenths")):
            self.assert_fails(2, ["sparse.gpkg", "--canopy-unit percent"], *self.arguments(file, *extra))

    def test_no_age_is_beyond_all_forests(self):
        file = self.stands("old.gpkg", [{}, {"PINGJUN_NL": 6000}])
        self.assert_fails(2, ["old.gpkg", "PINGJUN_NL", "350724-007-0002", "leave the cell blank"], *self.arguments(file))

    def test_two_zones_of_three_degrees(self):
        """Stands on both sides of 118.5 E, each half in its own zone."""
        def half(west, crs):
            shapes = []
            to_zone = osr.CoordinateTransformation(crs_of(4490), crs_of(crs))
            for place in range(4):
                geometry = ogr.CreateGeometryFromWkt(box(west + 0.004 * place, 27.0, west + 0.004 * (place + 1), 27.004))
                geometry.Transform(to_zone)
                shapes.append(geometry.ExportToWkt())
            return shapes
        bare = {"MIAN_JI": None, "SLXJ": None}
        self.stands("west.gpkg", [bare] * 4, shapes=half(118.484, 4548))
        self.stands("east.gpkg", [bare] * 4, shapes=half(118.5, 4549), crs=4549)
        both = ["west.gpkg", "east.gpkg"]
        self.assert_fails(2, ["east.gpkg", "EPSG:4549", "ogr2ogr -t_srs EPSG:4548", "--crs EPSG:4548"], *self.arguments(both, grid=("--resolution", "20")))
        self.make(both, grid=("--resolution", "20", "--crs", "EPSG:4548"))
        age = pixels(self.folder / "out" / "age_2020.tif")
        gdal.VectorTranslate(str(self.folder / "aligned.gpkg"), str(self.folder / "east.gpkg"), dstSRS="EPSG:4548")
        self.make(["west.gpkg", "aligned.gpkg"], grid=("--resolution", "20"), out="aligned")
        np.testing.assert_array_equal(age, pixels(self.folder / "aligned" / "age_2020.tif"))
        self.assertTrue(np.isfinite(age[age.shape[0] // 2, 1:-1]).all(), "no gap between the zones")
        self.assertIn("3-degree zone", self.said)              # aligned.gpkg lies beyond 118.5 E
        self.assertIn("EPSG:4549", self.said)
        self.assertIn("gdalwarp", self.said)
        self.make("west.gpkg", grid=("--resolution", "20"), out="west")
        self.assertNotIn("3-degree", self.said)

    def test_coordinates_with_a_zone_number_that_the_crs_lacks(self):
        far = [box(39e6 + WEST, NORTH - 400, 39e6 + WEST + 400, NORTH)]
        self.assert_fails(2, ["zone.gpkg", "zone number 39", "ogr2ogr -a_srs EPSG:4527"],
                          *self.arguments(self.stands("zone.gpkg", [{}], shapes=far), grid=("--resolution", "100")))


class Inventory(StandsTest):
    def test_check_takes_the_inventory_and_run_computes_it(self):
        self.make(self.stands("stands.gpkg", [{}, BAMBOO, {"YOU_SHI_SZ": None, "DI_LEI": "0101", "HUO_LMGQXJ": None, "SLXJ": None,
                                                           "PINGJUN_NL": None, "LING_ZU": None, "YU_BI_DU": None, "MEI_GQ_ZS": None}]))
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Ready to run", done.stdout)
        done = self.run_sinkcalc("run", "out/inventory.toml", "-o", "carbon", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        [total] = [row for row in read_csv(self.folder / "carbon" / "zones.csv") if row["zone_id"] == "total"]
        self.assertAlmostEqual(float(total["volume_m3"]), 1600, delta=2)
        self.assertAlmostEqual(float(total["forest_area_ha"]), 32, delta=0.05)

    def test_a_raster_without_a_value_is_left_out_so_that_check_takes_the_rest(self):
        trees = self.stands("trees.gpkg", [{}, {}])
        self.make(trees)                                                     # stems of trees are no culms
        inventory = (self.folder / "out" / "inventory.toml").read_text(encoding="utf-8")
        self.assertNotIn("\nculms =", inventory)
        self.assertIn("# culms_2020.tif is left out: no stand in it has a value", inventory)
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Ready to run", done.stdout)
        self.assertNotIn("inventory.toml: has no", self.said)
        # Without forest types there is nothing to compute, and it is said at once.
        self.make(trees, "--field", "species=", "--layers", "volume", out="volume")
        self.assertIn("warning: inventory.toml: has no forest_type, which sinkcalc check and run need", self.said)
        off = self.stands("off.gpkg", [{"YOU_SHI_SZ": None, "DI_LEI": None}, {"shape": box(WEST + 9000, NORTH, WEST + 9400, NORTH + 400)}])
        self.make(off, out="off")
        self.assertIn("warning: inventory.toml: has no forest_type", self.said)

    def test_the_shipped_legends_are_enough_for_what_they_have(self):
        self.make(self.stands("stands.gpkg", [{}, {**BAMBOO, "YOU_SHI_SZ": None}]), legend="yizhangtu")
        done = self.run_sinkcalc("check", "out/inventory.toml")
        self.assertEqual(done.returncode, 0, done.stdout)
        with open(self.folder / "out" / "legend.csv", encoding="utf-8") as file:
            self.assertIn("CHINESE_FIR", {row["key"] for row in csv.DictReader(file)})


class Sample(StandsTest):
    def make_county(self):
        self.make(str(SAMPLES / "stands_songxi.gpkg"), "--landcover-legend", str(SAMPLES / "landcover_legend.csv"),
                  legend=str(SAMPLES / "legend.csv"), grid=("--like", str(SAMPLES / "stands_2020.tif")))

    def test_the_sample_county_gives_its_rasters_back(self):
        self.make_county()
        self.assertNotIn("finding", self.said.split("Written")[0])
        county = burnt(SAMPLES / "counties.gpkg", lambda f: f["code"] == "350724" or None, place=self.place(), shape=self.shape())
        inside = county == 1
        self.assertGreater(np.count_nonzero(inside), 100_000)
        for layer, (file, band) in {"forest_type": ("stands", 1), "age": ("stands", 2), "volume": ("stands", 3), "culms": ("culms", 1),
                                    "landcover": ("landcover", 1)}.items():
            data = gdal.Open(str(SAMPLES / f"{file}_2020.tif"))
            source = data.GetRasterBand(band)
            raw = source.ReadAsArray().astype(float)
            values = np.where(raw == source.GetNoDataValue(), np.nan, np.float32(raw * (source.GetScale() or 1)))
            self.assert_same(f"{layer}_2020.tif", np.where(inside, values, np.nan))
        data = gdal.Open(str(self.folder / "out" / "landcover_2020.tif"))
        colours = data.GetRasterBand(1).GetColorTable()
        self.assertGreater(len({colours.GetColorEntry(code)[:3] for code in (1, 3, 4, 5, 7, 8, 20)}), 6)

    @skip_without_qgis("the rasters of stands are not opened in QGIS")
    def test_the_sample_county_in_qgis(self):
        self.make_county()
        out = self.folder / "out"
        check_in_qgis(self, out, ["forest_type_2020.tif", "landcover_2020.tif"])
        names = [f"{layer}_2020.tif" for layer in ("age", "volume", "canopy", "culms")]
        for name, answer in zip(names, ask_qgis(out, [{"layer": name, "values": []} for name in names])):
            self.assertTrue(answer["valid"] and answer["nodata"], name)
            self.assertEqual((answer["renderer"], answer["bands"]), ("QgsSingleBandPseudoColorRenderer", 1), name)

    def place(self):
        return gdal.Open(str(SAMPLES / "stands_2020.tif")).GetGeoTransform()

    def shape(self):
        data = gdal.Open(str(SAMPLES / "stands_2020.tif"))
        return data.RasterYSize, data.RasterXSize

    def test_the_samples_stay_small(self):
        self.assertLess(sum(path.stat().st_size for path in SAMPLES.iterdir()), 8 << 20)


if __name__ == "__main__":
    unittest.main()
