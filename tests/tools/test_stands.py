# SPDX-License-Identifier: Apache-2.0
"""sinkcalc stands: stand polygons of the 一张图 become layers of an inventory.

Pixels are held against gdal.Rasterize, which shares no code with ours.
"""
import json
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal, ogr, osr

from qgis_there import skip_without_qgis
from raster_case import COLUMNS, ROWS, WEST, NORTH, PLACE, crs_of, box, read_csv, contents
from stands_case import SAMPLES, FIELDS, BAMBOO, pixels, burnt, StandsTest
from test_class_styles import check_in_qgis
from test_styles import ask_qgis


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
