# SPDX-License-Identifier: Apache-2.0
"""inventory.qgz: its text, its bytes, and what QGIS makes of it before and after its folder is moved."""
import json
import pathlib
import html
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

import numpy as np
from osgeo import gdal, ogr

from cli import SINKCALC
from qgis_there import qgis_environment, skip_without_qgis
from raster_case import COLUMNS, FIR, NORTH, PIXEL, ROWS, WEST, RasterTest, box, read_csv, write_polygons

gdal.UseExceptions()
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
PROBE = pathlib.Path(__file__).resolve().parent / "qgis_project.py"
GROUPS = ["Patches / 变化图斑", "Zones / 区划", "Sink / 碳汇", "Causes / 碳汇成因", "Change / 土地利用变化", "Projection / 预测", "Stock / 碳储量"]


def project_of(folder):
    with zipfile.ZipFile(folder / "inventory.qgz") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["inventory.qgs"]
        return archive.read("inventory.qgs").decode("utf-8")


def parsed(text):
    return ElementTree.fromstring(text.split("\n", 1)[1])


def ask_qgis(project, output):
    done = subprocess.run([sys.executable, str(PROBE), str(project), str(output)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=300, check=False, env=qgis_environment(output))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def extent_with_values(path):
    """West, south, east and north of what is not nodata, in whole cells of the smallest overview, 2 % wider on each side."""
    data = gdal.Open(str(path))
    band, place = data.GetRasterBand(1), data.GetGeoTransform()
    cell = 2 ** band.GetOverviewCount()
    rows, columns = (np.flatnonzero((~np.isnan(band.ReadAsArray())).any(axis=axis)) for axis in (1, 0))
    west, east = columns[0] // cell * cell, min((columns[-1] // cell + 1) * cell, data.RasterXSize)
    north, south = rows[0] // cell * cell, min((rows[-1] // cell + 1) * cell, data.RasterYSize)
    wider, higher = 0.02 * (east - west), 0.02 * (south - north)
    return (place[0] + (west - wider) * place[1], place[3] + (south + higher) * place[5],
            place[0] + (east + wider) * place[1], place[3] + (north - higher) * place[5])


def state_of(folder):
    """Files of a folder; the bytes of those that QGIS may not touch. It may open GeoPackages in a mode that leaves a log."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm", ".gpkg"))}


class Sample(unittest.TestCase):
    """One run of the sample for all, with a projected year and all the layers of measures."""
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        inputs = cls.folder / "inputs"
        inputs.mkdir()
        for path in SAMPLES.iterdir():
            (inputs / path.name).symlink_to(path)
        text = (SAMPLES / "inventory.toml").read_text(encoding="utf-8")
        (inputs / "inventory.toml").unlink()
        (inputs / "inventory.toml").write_text(text.replace("\nto = 2030\n", "\nto = 2030\nrasters = [2025, 2030]\n"), encoding="utf-8")
        cls.inventory = inputs / "inventory.toml"
        cls.out = cls.folder / "out"
        cls.run_sample(cls.out)
        cls.record = json.loads((cls.out / "run.json").read_text(encoding="utf-8"))
        cls.extent = extent_with_values(cls.out / "sink_2015_2020.tif")

    @classmethod
    def run_sample(cls, out, *options):
        subprocess.run([SINKCALC, "run", str(cls.inventory), "-o", str(out), *options], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_every_layer_once_with_the_style_that_stands_beside_it(self):
        text = project_of(self.out)
        root = parsed(text)
        layers = {layer.find("id").text: layer for layer in root.find("projectlayers")}
        sources = [layer.find("datasource").text for layer in layers.values()]
        rasters = {f"./{path.name}" for path in self.out.glob("*.tif")}
        self.assertEqual({source for source in sources if source.endswith(".tif")}, rasters)
        self.assertEqual({source for source in sources if ".gpkg" in source},
                         {"./patches.gpkg|layername=patches", *(f"./zones.gpkg|layername={name}" for name in ("county", "wuyishan", "zones_all"))})
        self.assertNotIn(str(self.folder), text)
        self.assertTrue(all(len(name) >= 22 for name in layers))
        in_tree = [entry.get("id") for entry in root.find("layer-tree-group").iter("layer-tree-layer")]
        self.assertEqual(sorted(in_tree), sorted(layers))
        self.assertEqual([group.get("name") for group in root.find("layer-tree-group").findall("layer-tree-group")], GROUPS)
        for layer in layers.values():
            source = layer.find("datasource").text
            if source.endswith(".tif"):
                style = parsed((self.out / source[2:]).with_suffix(".qml").read_text(encoding="utf-8"))
                self.assertEqual(ElementTree.tostring(layer.find("pipe")).strip(), ElementTree.tostring(style.find("pipe")).strip())
        outputs = [output["file"] for output in self.record["outputs"]]
        self.assertIn("inventory.qgz", outputs)
        self.assertEqual(outputs[-1], "run.json")

    def test_same_bytes_for_any_threads(self):
        again = self.folder / "again"
        self.run_sample(again, "--threads", "1", "--memory", "128M")
        self.assertEqual((again / "inventory.qgz").read_bytes(), (self.out / "inventory.qgz").read_bytes())

    @skip_without_qgis("the project is not opened in QGIS")
    def test_in_qgis_before_and_after_moving(self):
        before = state_of(self.out)
        pictures = self.folder / "pictures"
        pictures.mkdir()
        found = ask_qgis(self.out / "inventory.qgz", pictures)
        self.assertEqual({name: before[name] == after for name, after in state_of(self.out).items()}, dict.fromkeys(before, True),
                         "QGIS changed or added files")
        self.check_project(found)
        self.check_layout(found["layout"], pictures / "layout.png")
        moved = self.folder / "moved" / "清查 'a b'"
        moved.parent.mkdir()
        shutil.copytree(self.out, moved)
        hidden = self.folder / "hidden"
        self.out.rename(hidden)
        self.addCleanup(hidden.rename, self.out)
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        again = ask_qgis(moved / "inventory.qgz", elsewhere)
        self.check_project(again)
        self.assertEqual(again["coverage"], found["coverage"])
        self.assertEqual((elsewhere / "map.png").read_bytes(), (pictures / "map.png").read_bytes())
        self.assertEqual(again["layout"]["tables"], found["layout"]["tables"])

    def check_project(self, found):
        self.assertTrue(found["read"] and found["crs_valid"])
        self.assertEqual((found["crs"], found["time"], found["step"]), ("EPSG:4548", ["2015-01-01T00:00:00Z", "2030-12-31T23:59:59Z"], 1))
        np.testing.assert_allclose(found["extent"], self.extent, rtol=0, atol=1e-4)
        self.assertGreater(found["coverage"], 0.2)
        for layer in found["layers"]:
            with self.subTest(layer["name"]):
                self.assertTrue(layer["valid"], layer)
                if layer["renderer"] is None:
                    continue
                self.assertGreater(layer["drawn"], 0 if "patches" in layer["name"] else 0.005)
                if not layer["raster"]:
                    continue
                classes = layer["name"].startswith(("change_", "cause_"))
                self.assertEqual(layer["renderer"], "QgsPalettedRasterRenderer" if classes else "QgsSingleBandPseudoColorRenderer")
                years = [int(year) for year in re.findall(r"_(\d{4})", layer["name"])]
                # A period shows from the year after its first map: no year belongs to two periods.
                self.assertEqual(layer["years"], [f"{years[0] + (len(years) > 1)}-01-01T00:00:00Z", f"{years[-1]}-12-31T23:59:59Z"])
                self.assertEqual((layer["drawn_before"], layer["drawn_then"]), (0, layer["drawn"]))
        shown = [layer["name"] for layer in found["layers"] if layer["shown"]]
        self.assertEqual(shown, ["county: boundaries / 边界", "sink_2015_2020 / 碳汇"])

    def check_layout(self, layout, picture):
        self.assertEqual((layout["result"], layout["pages"]), (0, 1))
        drawn = ["county: boundaries / 边界", "sink_2015_2020 / 碳汇"]
        self.assertEqual((layout["maps"], layout["legends"], layout["legend_of"]), ([drawn], [drawn], [True]))
        self.assertEqual(layout["bars"], [{"km": 20, "of_map": True}])
        table, = layout["tables"]
        counties = [row for row in read_csv(self.out / "zones.csv") if row["zone_set"] == "county" and row["year_to"] and row["zone_id"] != "total"]
        body = [row for row in table["rows"] if row[0] != table["headings"][0]]
        self.assertEqual([row[0] for row in body], [row["zone_name"] for row in counties])
        gap = next(at for at, heading in enumerate(table["headings"]) if heading.startswith("gap"))
        self.assertEqual([row[gap].replace(",", "") for row in body], [f"{float(row['gap_tco2_ha_yr']):.2f}" for row in counties])
        image = gdal.Open(str(picture)).ReadAsArray()[:3]
        height, width = image.shape[1:]
        for name, (x0, y0, x1, y1) in {"map": (.04, .1, .53, .9), "legend": (.55, .1, .95, .45), "table": (.55, .55, .95, .9), "title": (.03, .02, .9, .09)}.items():
            part = image[:, int(y0 * height):int(y1 * height), int(x0 * width):int(x1 * width)]
            self.assertGreater((part.min(axis=0) < 200).mean(), 0.01, f"the {name} is blank")


class Small(RasterTest):
    def test_other_runs(self):
        """One date, no zones, a title with XML in it; and no project of `stock`, which has no inventory."""
        self.inventory([(2020, {"forest_type": "type.tif", "volume": "volume.tif"})], tables="")
        text = (self.folder / "i.toml").read_text(encoding="utf-8")
        (self.folder / "i.toml").write_text('title = "A & <B>"\n' + text, encoding="utf-8")
        self.assert_works("run", "i.toml", "-o", "out")
        root = parsed(project_of(self.folder / "out"))
        self.assertEqual(root.find("title").text, "A & <B>")
        # Years of a date are that year.
        self.assertEqual({end.text for end in root.iter("end")}, {"2020-12-31T23:59:59Z"})
        self.assert_works(*self.stock(out="stock"))
        self.assertFalse((self.folder / "stock" / "inventory.qgz").exists())

    def test_names_of_zone_sets(self):
        """What no layer of a GeoPackage can be called is refused before the pass; other signs work."""
        self.raster("zones.tif", np.ones((ROWS, COLUMNS), "uint8"), nodata=255)
        west = WEST + COLUMNS * PIXEL / 2
        write_polygons(self.folder / "zones.gpkg", [(("1", "west"), box(WEST, NORTH - ROWS * PIXEL, west, NORTH))])
        date = [(2020, {"forest_type": "type.tif", "volume": "volume.tif"})]
        for name in ("a|b", "a[x]", "a/b", "a\\\\b", "it's", 'a\\"b', " ", "layer_styles", "GPKG_x", "sqlite_x"):
            for file in ('zones.gpkg"\nid = "code', "zones.tif"):
                with self.subTest(name=name, file=file):
                    self.inventory(date, tables=f'[[zones]]\nname = "{name}"\nfile = "{file}"\n')
                    self.assert_refused(["zone set '", "give it another name", "name"], "run", "i.toml", "-o", "out")
                    self.assertFalse((self.folder / "out").exists())
        shutil.copy(self.folder / "zones.gpkg", self.folder / "a|b.gpkg")
        self.assert_refused(["a|b", "give it another name"], *self.stock("--zones", "a|b.gpkg", "--zone-id", "code"))
        good = "A.b ;<&>(%){1}, #县-$~"
        self.inventory(date, tables=f'[[zones]]\nname = "{good}"\nfile = "zones.gpkg"\nid = "code"\n')
        self.assert_works("run", "i.toml", "-o", "out")
        made = ogr.Open(str(self.folder / "out" / "zones.gpkg"))
        self.assertEqual(made.GetLayerByName(good).GetFeatureCount(), 1)

    @skip_without_qgis("the project is not opened in QGIS")
    def test_many_zones_in_degrees(self):
        """Zones of another CRS with XML in their names, two methods, rasters in degrees; a table that goes on to more pages."""
        degrees = {"crs": 4490, "place": (117.5, .001, 0, 27.2, 0, -.001)}
        self.raster("type.tif", np.full((ROWS, COLUMNS), FIR, "uint8"), nodata=255, **degrees)
        for year, volume in ((2015, 80), (2020, 95)):
            self.raster(f"v{year}.tif", np.full((ROWS, COLUMNS), volume, "float32"), nodata=float("nan"), **degrees)
        boxes = [box(117.5 + c * .001, 27.2 - (r + 3) * .001, 117.5 + (c + 4) * .001, 27.2 - r * .001) for c in range(0, COLUMNS, 4) for r in range(0, ROWS, 3)]
        write_polygons(self.folder / "zones.gpkg", [((f"{n:03}", f'"{n}" <a> & 县'), shape) for n, shape in enumerate(boxes)], crs=4326)
        self.inventory([(year, {"forest_type": "type.tif", "volume": f"v{year}.tif"}) for year in (2015, 2020)],
                       tables='[[zones]]\nname = "部分"\nfile = "zones.gpkg"\nid = "code"\nlabel = "name"\n[stock]\nmethod = ["bef", "regression"]\n')
        self.assert_works("run", "i.toml", "-o", "out")
        pictures = self.folder / "pictures"
        pictures.mkdir()
        found = ask_qgis(self.folder / "out" / "inventory.qgz", pictures)
        self.assertTrue(found["read"] and all(layer["valid"] for layer in found["layers"]))
        self.assertEqual((found["crs"], {layer["crs"] for layer in found["layers"] if layer["name"].startswith("部分_bef")}), ("EPSG:4490", {"EPSG:4326"}))
        self.assertEqual([layer["name"] for layer in found["layers"] if layer["shown"]], ["部分_bef: boundaries / 边界", "sink_bef_2015_2020 / 碳汇"])
        self.assertGreater(found["coverage"], 0.8)
        table, = found["layout"]["tables"]
        self.assertEqual([row[0] for row in table["rows"] if row[0] != table["headings"][0]], [f'"{n}" <a> & 县' for n in range(len(boxes))])
        self.assertGreater(found["layout"]["pages"], 1)

    def test_the_page_shows_what_has_values_not_the_whole_grid(self):
        """A small county on a grid of the province, without zones."""
        types = np.full((700, 1100), 255, "uint8")
        types[101:199, 303:417] = FIR
        self.raster("type.tif", types, nodata=255)
        self.raster("volume.tif", np.where(types == FIR, 80, np.nan).astype("float32"), nodata=float("nan"))
        self.inventory([(2020, {"forest_type": "type.tif", "volume": "volume.tif"})])
        for out, options in (("cog", []), ("gtiff", ["--of", "GTiff"]), ("gdal", ["--io", "gdal"])):
            with self.subTest(out):
                self.assert_works("run", "i.toml", "-o", out, *options)
                extent = parsed(project_of(self.folder / out)).find("mapcanvas/extent")
                found = [float(extent.find(name).text) for name in ("xmin", "ymin", "xmax", "ymax")]
                np.testing.assert_allclose(found, extent_with_values(self.folder / out / "carbon_2020.tif"), rtol=0, atol=1e-4)
                self.assertLess(found[2] - found[0], 130 * PIXEL)

    @skip_without_qgis("the project is not opened in QGIS")
    def test_zones_of_a_raster_and_a_title_with_an_expression(self):
        self.raster("type.tif", np.full((ROWS, COLUMNS), FIR, "uint8"), nodata=255)
        zones = np.ones((ROWS, COLUMNS), "uint8")
        zones[:, COLUMNS // 2:] = 7
        self.raster("zones.tif", zones, nodata=255)
        for year, volume in ((2015, 80), (2020, 95)):
            self.raster(f"v{year}.tif", np.full((ROWS, COLUMNS), volume, "float32"), nodata=float("nan"))
        self.inventory([(year, {"forest_type": "type.tif", "volume": f"v{year}.tif"}) for year in (2015, 2020)],
                       tables='[[zones]]\nname = "halves"\nfile = "zones.tif"\n')
        text = (self.folder / "i.toml").read_text(encoding="utf-8")
        self.write("i.toml", 'title = "T [% 1+1 %]"\n' + "\n".join(line for line in text.split("\n") if not line.startswith("title")))
        self.assert_works("run", "i.toml", "-o", "out")
        with zipfile.ZipFile(self.folder / "out" / "inventory.qgz") as file:
            labels = re.findall(r'labelText="([^"]*)"', file.read(file.namelist()[0]).decode())
        self.assertIn("T [% '[%' %] 1+1 %]", [html.unescape(label) for label in labels][0])
        pictures = self.folder / "pictures"
        pictures.mkdir()
        found = ask_qgis(self.folder / "out" / "inventory.qgz", pictures)
        self.assertTrue(all(layer["valid"] for layer in found["layers"]))
        table, = found["layout"]["tables"]
        self.assertEqual([row[0] for row in table["rows"] if row[0] != table["headings"][0]], ["1", "7"])


if __name__ == "__main__":
    unittest.main()
