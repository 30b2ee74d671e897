# SPDX-License-Identifier: Apache-2.0
"""Rasters of classes: labels in both languages, colours that mean something to everybody, and what QGIS makes of them."""
import itertools
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal

from cli import SINKCALC
from qgis_there import skip_without_qgis
from raster_case import write_raster
from test_sinkchange import SinkchangeTest
from test_styles import SEEN, ask_qgis, lab

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
# One class of each land use.
LEGEND = """code,key,land_use,name_en,name_zh
1,,forest,forest,林地
2,,forest_unstocked,felled,采伐迹地
3,,shrub_counted,shrub,灌木林
4,,cropland,cropland,耕地
5,,cropland_perennial,tea,茶园
6,,grassland,grass,草地
7,,wetland,water,水域
8,,settlement,town,建设用地
9,,other,rock,裸地
"""
FOREST = (1, 2, 3)


def entries(path):
    """[(code, label, colour, alpha)] of a style."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8").split("\n", 1)[1])
    renderer = root.find("./pipe/rasterrenderer[@type='paletted']")
    return [(int(e.get("value")), e.get("label"), e.get("color"), e.get("alpha")) for e in renderer.find("colorPalette")]


def category_names(path):
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")   # they stand in .aux.xml
    try:
        data = gdal.Open(str(path))
        data.GetMetadata()                              # only then does GDAL look there
        return data.GetRasterBand(1).GetCategoryNames()
    finally:
        gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")


def nearest(colours):
    """The least distance of two colours in CIELAB, for any colour vision."""
    return min(np.linalg.norm(lab(a, seen) - lab(b, seen)) for seen in SEEN.values() for a, b in itertools.combinations(sorted(colours), 2))


def assert_seen_on_white(test, colours):
    test.assertGreater(min(np.linalg.norm(lab(colour) - [100, 0, 0]) for colour in colours), 20, "vanishes on white")


def hue(colour):
    _, a, b = lab(colour)
    return np.degrees(np.arctan2(b, a)) % 360


class ClassStyles(SinkchangeTest):
    def every_transition(self, legend=LEGEND):
        """Maps in which every class became every other, 10 x 10 with one pixel of nodata."""
        pairs = [*itertools.product(range(1, 10), repeat=2), *[(1, 1)] * 18, (255, 1)]
        for name, values in zip(("a.tif", "b.tif"), zip(*pairs)):
            write_raster(self.folder / name, np.array(values, "uint8").reshape(10, 10), 255)
        self.write("legend.csv", legend)
        return "a.tif", "b.tif", "--years", "2015", "2020", "--legend", "legend.csv"

    def test_change_by_kind(self):
        self.works("map", *self.every_transition(), "-o", "out")
        found = {divmod(code - 1, 9): (label, colour) for code, label, colour, _ in entries(self.folder / "out/change_2015_2020.qml")}
        self.assertEqual(len(found), 81)
        names = [line.split(",")[3:] for line in LEGEND.splitlines()[1:]]
        for (i, j), (label, colour) in found.items():
            with self.subTest(label):
                self.assertEqual(label, f"{names[i][0]} → {names[j][0]} / {names[i][1]} → {names[j][1]}")
                was, is_ = i + 1 in FOREST, j + 1 in FOREST
                if i == j:
                    self.assertEqual(colour, "#e4e4e4")
                elif was and not is_:
                    self.assertTrue(hue(colour) < 100 or hue(colour) > 355, "a loss is not warm")
                elif is_ and not was:
                    self.assertTrue(110 < hue(colour) < 150, "a gain is not green")
                else:
                    self.assertTrue(180 < hue(colour) < 330, "neither gain nor loss is not cold")
                # By where it goes: what a forest became has one colour, whatever forest it was.
                self.assertEqual(colour, found[(0 if was else 8 if j != 8 else 3, j)][1] if i != j and (i, j) != (1, 0) and not (was and is_) else colour)
        colours = {colour for _, colour in found.values()}
        self.assertGreater(nearest(colours), 12)
        assert_seen_on_white(self, colours - {"#e4e4e4"})

    def test_one_language_where_the_legend_has_one(self):
        self.works("map", *self.every_transition(LEGEND.replace("茶园", "").replace("grass,草地", ",草地")), "-o", "out")
        labels = [label for _, label, _, _ in entries(self.folder / "out/change_2015_2020.qml")]
        self.assertIn("forest → tea", labels)
        self.assertIn("forest → 草地", labels)
        self.assertIn("forest → town / 林地 → 建设用地", labels)

    def test_only_what_is_there(self):
        write_raster(self.folder / "a.tif", np.array([[1, 4]], "uint8"), 255)
        write_raster(self.folder / "b.tif", np.array([[8, 4]], "uint8"), 255)
        self.write("legend.csv", LEGEND)
        self.works("map", "a.tif", "b.tif", "--years", "2015", "2020", "--legend", "legend.csv", "-o", "out")
        self.assertEqual([code for code, *_ in entries(self.folder / "out/change_2015_2020.qml")], [8, 31])

    def filtered(self):
        maps = self.every_transition()
        squares = np.kron(np.arange(1, 10, dtype="uint8").reshape(3, 3), np.ones((3, 3), "uint8"))
        for name in maps[:2]:
            write_raster(self.folder / name, squares, 255)
        self.works("filter", *maps, "--sieve", "2", "-o", "out")
        return self.folder / "out"

    def test_filtered_classes(self):
        out = self.filtered()
        for year in (2015, 2020):
            found = entries(out / f"class_{year}.qml")
            self.assertEqual([(code, label) for code, label, *_ in found][:2], [(1, "forest / 林地"), (2, "felled / 采伐迹地")])
            self.assertEqual(len({colour for *_, colour, _ in found}), 9)
            self.assertEqual(category_names(out / f"class_{year}.tif"), ["", "forest", "felled", "shrub", "cropland", "tea", "grass", "water", "town", "rock"])

    @skip_without_qgis("class rasters are not opened in QGIS")
    def test_in_qgis(self):
        out = self.filtered()
        self.works("map", *self.every_transition(), "-o", "out2")
        for folder, names in [(out, ["class_2015.tif", "class_2020.tif"]), (self.folder / "out2", ["change_2015_2020.tif"])]:
            check_in_qgis(self, folder, names)


def check_in_qgis(test, folder, names):
    """Classes, labels and colours are those of the style; nodata and what is in no class is not drawn; no file changes."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".gpkg")}
    for name, answer in zip(names, ask_qgis(folder, [{"layer": name, "values": []} for name in names])):
        with test.subTest(name):
            style = entries((folder / name).with_suffix(".qml"))
            test.assertTrue(answer["valid"] and answer["nodata"], answer)
            test.assertEqual((answer["renderer"], answer["bands"]), ("QgsPalettedRasterRenderer", 1))
            test.assertEqual(answer["classes"], [[code, label, colour, int(alpha)] for code, label, colour, alpha in style])
            if answer["picture"]:
                colour_of = {code: colour for code, _, colour, _ in style}
                pixels = gdal.Open(str(folder / name)).ReadAsArray()
                test.assertEqual(answer["picture"], [[colour_of.get(int(v), "#ff00ff") for v in row] for row in pixels])
    after = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith((".gpkg", "-wal", "-shm"))}
    test.assertEqual(before, after, "QGIS changed or added files")


class Causes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        subprocess.run([SINKCALC, "run", str(SAMPLES / "inventory.toml"), "-o", str(cls.folder / "out")], check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        cls.out = cls.folder / "out"

    def table(self):
        """{code: colour} of the colour table in the raster, which has all causes."""
        data = gdal.Open(str(self.out / "cause_2015_2020.tif"))
        table = data.GetRasterBand(1).GetColorTable()
        colours = {code: table.GetColorEntry(code) for code in range(table.GetCount())}
        return {code: "#%02x%02x%02x" % c[:3] for code, c in colours.items() if c[:3] != (0, 0, 0)}

    def test_colours(self):
        colours = self.table()
        self.assertEqual(sorted(colours), [*range(1, 15)])
        self.assertGreater(nearest(colours.values()), 12)
        assert_seen_on_white(self, colours.values())
        style = entries(self.out / "cause_2015_2020.qml")
        self.assertEqual({code: colour for code, _, colour, _ in style}, {code: colours[code] for code, *_ in style})
        present = np.unique(gdal.Open(str(self.out / "cause_2015_2020.tif")).ReadAsArray())
        self.assertEqual([code for code, *_ in style], [int(code) for code in present if code != 255])
        for code, label, colour, _ in style:
            self.assertRegex(label, r"^[a-z_]+( → [a-z_]+)? / [\u4e00-\u9fff]+( → [\u4e00-\u9fff]+)?$")
            if label.startswith("deforestation"):
                self.assertTrue(hue(colour) < 100 or hue(colour) > 355)

    def test_every_raster_says_what_it_is(self):
        for path in sorted(self.out.glob("*.tif")):
            with self.subTest(path.name):
                data = gdal.Open(str(path))
                band = data.GetRasterBand(1)
                self.assertEqual((data.RasterCount, data.GetSpatialRef().GetAuthorityCode(None)), (1, "4548"))
                self.assertTrue(band.GetDescription() and band.GetNoDataValue() is not None)
                self.assertTrue(path.with_suffix(".qml").is_file())
                if band.DataType != gdal.GDT_Float32:
                    self.assertTrue(category_names(path))
                    continue
                self.assertTrue(band.GetUnitType())
                pixels = band.ReadAsArray().astype(float)
                valid = pixels[~np.isnan(pixels)]
                said = {key: float(value) for key, value in band.GetMetadata().items() if key.startswith("STATISTICS_")}
                expected = {"MINIMUM": valid.min(), "MAXIMUM": valid.max(), "MEAN": valid.mean(), "STDDEV": valid.std(),
                            "VALID_PERCENT": 100 * valid.size / pixels.size}
                self.assertEqual(set(said), {f"STATISTICS_{key}" for key in expected})
                for key, value in expected.items():
                    self.assertTrue(np.isclose(said[f"STATISTICS_{key}"], value, rtol=6e-4 if key == "VALID_PERCENT" else 1e-9, atol=0), key)

    @skip_without_qgis("the sample's outputs are not opened in QGIS")
    def test_in_qgis(self):
        rasters = sorted(path.name for path in self.out.glob("*.tif"))
        check_in_qgis(self, self.out, ["cause_2015_2020.tif", "change_2015_2020.tif"])
        for name, answer in zip(rasters, ask_qgis(self.out, [{"layer": name, "values": []} for name in rasters])):
            self.assertTrue(answer["valid"] and answer["nodata"], name)
            self.assertEqual((answer["crs"], answer["bands"]), ("EPSG:4548", 1), name)
            classes = re.match("change|cause", name)
            self.assertEqual(answer["renderer"], "QgsPalettedRasterRenderer" if classes else "QgsSingleBandPseudoColorRenderer", name)
        answer, = ask_qgis(self.out, [{"layer": "patches.gpkg|layername=patches", "values": [1, 10, 11, 100, 9999]}])
        self.assertEqual((answer["renderer"], answer["attribute"]), ("QgsGraduatedSymbolRenderer", "rank"))
        self.assertEqual(answer["labels"][0], "rank 1 to 10 / 第1–10位")
        self.assertEqual(answer["colours"], ["#67001f", "#67001f", "#bd0026", "#f03b20", "#fecc5c"])
        for layer in ("county", "wuyishan"):
            answer, = ask_qgis(self.out, [{"layer": f"zones.gpkg|layername={layer}", "values": []}])
            self.assertEqual((answer["renderer"], answer["attribute"]), ("QgsGraduatedSymbolRenderer", 'coalesce("gap_tco2_ha_yr", 9999999)'))


if __name__ == "__main__":
    unittest.main()
