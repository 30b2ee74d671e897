# SPDX-License-Identifier: Apache-2.0
"""The styles beside rasters and in zones.gpkg: their text, their colours, and what QGIS makes of them where it is there."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal, ogr

from qgis_there import qgis_environment, skip_without_qgis
from raster_case import COLUMNS, FIR, POOLS, ROWS, RasterTest, box, read_csv, write_polygons, NORTH, PIXEL, WEST

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
PROBE = pathlib.Path(__file__).resolve().parent / "qgis_styles.py"

# The legend that people see: [low, high) between these, below the first and from the last on.
CARBON = [1, 10, 20, 40, 60, 80, 120]
ZERO = [-10, -5, -2, -0.1, 0.1, 2, 5, 10]
BREAKS = {"agb": [2, 20, 40, 80, 120, 160, 240], "bgb": [0.5, 5, 10, 20, 30, 40, 60], "carbon": CARBON, "carbon_above": CARBON,
          "carbon_below": [0.25, 2.5, 5, 10, 15, 20, 30], "co2": [4, 40, 80, 150, 220, 300, 440], "dead": [0.5, 1, 2, 4, 6, 8, 12],
          "soil": [20, 40, 60, 80, 100, 150, 200], "projected_carbon": CARBON, "sink_above": ZERO, "sink_below": ZERO}
BASELINE = 1.97
AROUND_BASELINE = [factor * BASELINE for factor in (-1, 0, 0.5, 1, 1.5, 2, 3)]
GAPS = [-2, -1, -0.5, 0, 0.5, 1, 2]         # (low, high]: a gap of 0 is `above`
ZONE_SINKS = [-4, -2, -1, -0.1, 0.1, 1, 2, 4]
UNIT_ZH = {"t d.m./ha": "吨干物质/公顷", "t C/ha": "吨碳/公顷", "t CO2/ha": "吨CO2/公顷", "t CO2/ha/yr": "吨CO2/公顷/年"}

# Linear RGB as seen with dichromacy, Machado, Oliveira and Fernandes 2009, severity 1.
SEEN = {"normal": np.eye(3),
        "protan": [[.152286, 1.052583, -.204868], [.114503, .786281, .099216], [-.003882, -.048116, 1.051998]],
        "deutan": [[.367322, .860646, -.227968], [.280085, .672501, .047413], [-.011820, .042940, .968881]],
        "tritan": [[1.255528, -.076749, -.178779], [-.078411, .930809, .147602], [.004733, .691367, .303900]]}
TO_XYZ = np.array([[.4124564, .3575761, .1804375], [.2126729, .7151522, .0721750], [.0193339, .1191920, .9503041]])


def lab(colour, seen=SEEN["normal"]):
    """CIELAB (D65) of "#rrggbb" as seen."""
    rgb = np.array([int(colour[at:at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(seen) @ linear, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def class_of(value, breaks):
    """Of a stored value: breaks are stored as Float32 like the pixels."""
    return sum(value >= float(np.float32(at)) for at in breaks)


def just_below(at):
    """The last normal Float32 below a break."""
    return np.nextafter(np.float32(at), np.float32(-np.inf)) if at else -np.finfo("float32").tiny


def layer_of(name):
    return next(layer for layer in sorted([*BREAKS, "sink", "increment"], key=len, reverse=True) if name.startswith(layer + "_"))


def items_of(path):
    root = ElementTree.fromstring(path.read_text(encoding="utf-8").split("\n", 1)[1])
    shader = root.find("./pipe/rasterrenderer[@type='singlebandpseudocolor']/rastershader/colorrampshader[@colorRampType='DISCRETE']")
    return [item.attrib for item in shader.findall("item")]


def styles_of(path):
    """Of layer_styles: {layer: (renderer's attributes, [(range, colour)])}."""
    source = ogr.Open(str(path))
    rows = source.ExecuteSQL("SELECT * FROM layer_styles")
    found = {}
    for row in rows:
        assert row["f_geometry_column"] == "geom"
        if row["useAsDefault"] != 1:
            continue
        renderer = ElementTree.fromstring(row["styleQML"].split("\n", 1)[1]).find("renderer-v2")
        colours = {s.get("name"): s.find("layer/prop[@k='color']").get("v") for s in renderer.find("symbols")}
        ranges = [(r.attrib, "#%02x%02x%02x" % tuple(int(c) for c in colours[r.get("symbol")].split(",")[:3])) for r in renderer.find("ranges")]
        found[row["f_table_name"]] = (renderer.attrib, ranges, row["styleName"])
    source.ReleaseResultSet(rows)
    return found


def range_of(value, ranges):
    """As QGIS finds it: the first that holds the value."""
    return next(i for i, (r, _) in enumerate(ranges) if float(r["lower"]) <= value <= float(r["upper"]))


def ask_qgis(folder, questions):
    with tempfile.TemporaryDirectory(prefix="sinkcalc_qgis_") as home:
        done = subprocess.run([sys.executable, str(PROBE), str(folder)], input=json.dumps(questions), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=300, check=False,
                              env=qgis_environment(home))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Styles(RasterTest):
    def check_styles(self, out, baseline=None):
        """Every Float32 raster of a folder has the style of its layer; returns {file: (breaks, items)}."""
        found = {}
        for path in sorted((self.folder / out).glob("*.tif")):
            data = gdal.Open(str(path))
            band = data.GetRasterBand(1)
            if band.DataType != gdal.GDT_Float32:
                continue
            layer = layer_of(path.name)
            breaks = BREAKS.get(layer, ZERO if baseline is None else [f * baseline for f in (-1, 0, 0.5, 1, 1.5, 2, 3)])
            items = items_of(path.with_suffix(".qml"))
            with self.subTest(path.name):
                self.assertEqual(len(items), len(breaks) + 1)
                bounds = [float(item["value"]) for item in items]
                self.assertEqual(bounds[-1], float("inf"))
                self.assertEqual(bounds, sorted(set(bounds)))
                for at, bound in zip(breaks, bounds):
                    self.assertEqual(np.float32(bound), just_below(at))
                    self.assertEqual(float(np.float32(bound)), bound)
                unit = band.GetUnitType()
                for i, item in enumerate(items):
                    self.assertIn(f" {unit} · {UNIT_ZH[unit]}", item["label"])
                    for at in breaks[max(i - 1, 0):i + 1]:
                        self.assertIn(f"{at:.6g}", item["label"])
                self.check_colours([item["color"] for item in items], layer)
            found[path.name] = (breaks, items)
        return found

    def check_colours(self, colours, layer):
        lightness = [lab(colour)[0] for colour in colours]
        if layer.startswith(("sink", "increment")):
            half = len(colours) // 2
            self.assertEqual(lightness[:half], sorted(lightness[:half]))
            self.assertEqual(lightness[-half:], sorted(lightness[-half:], reverse=True))
        else:
            self.assertEqual(lightness, sorted(lightness, reverse=True))
        for name, seen in SEEN.items():
            places = [lab(colour, seen) for colour in colours]
            nearest = min(np.linalg.norm(places[i] - places[j]) for i in range(len(places)) for j in range(i))
            self.assertGreater(nearest, 11, f"two colours look alike ({name})")
        self.assertGreater(min(np.linalg.norm(lab(colour) - [100, 0, 0]) for colour in colours), 20, "vanishes on white")

    def two_dates(self, *layers, tables=""):
        self.raster("later.tif", np.linspace(0, 300, ROWS * COLUMNS, dtype="float32").reshape(ROWS, COLUMNS), nodata=float("nan"))
        middle = WEST + COLUMNS * PIXEL / 2
        south, east = NORTH - ROWS * PIXEL, WEST + COLUMNS * PIXEL
        write_polygons(self.folder / "zones.gpkg", [(("1", "west"), box(WEST, south, middle, NORTH)), (("2", "east"), box(middle, south, east, NORTH))])
        self.inventory([(2015, {"forest_type": "type.tif", "volume": "volume.tif"}), (2020, {"forest_type": "type.tif", "volume": "later.tif"})],
                       tables='[[zones]]\nname = "county"\nfile = "zones.gpkg"\nid = "code"\nlabel = "name"\n' + tables)
        self.assert_works("run", "i.toml", "-o", "out", *(["--layers", ",".join(layers)] if layers else []))

    def test_layers_of_biomass_around_zero(self):
        layers = ["agb", "bgb", "carbon", "co2", "carbon_above", "carbon_below", "sink", "sink_above", "sink_below"]
        self.two_dates(*layers)
        found = self.check_styles("out")
        self.assertEqual({layer_of(name) for name in found}, set(layers))
        labels = [item["label"] for item in found["sink_2015_2020.tif"][1]]
        self.assertTrue(labels[0].endswith("net loss / 净排放"), labels)
        self.assertTrue(labels[4].endswith("near zero / 接近零"), labels)
        self.assertTrue(labels[8].endswith("uptake / 净吸收"), labels)
        record = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))
        self.assertLessEqual({name.replace(".tif", ".qml") for name in found}, {output["file"] for output in record["outputs"]})

    def test_sink_around_the_baseline_and_its_parts_around_zero(self):
        for rate in (1.97, 2.77, 0.3):
            with self.subTest(rate):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                (self.folder / "zones.gpkg").unlink(missing_ok=True)
                self.two_dates("sink", "sink_above", tables=f"[baseline]\nname = \"plan\"\nrate_tco2_ha_yr = {rate}\n")
                labels = [item["label"] for item in self.check_styles("out", rate)["sink_2015_2020.tif"][1]]
                self.assertEqual([label.rsplit(", ", 1)[1] for label in labels], ["net loss / 净排放"] * 2 + ["below baseline / 低于基准"] * 2
                                 + ["above baseline / 高于基准"] * 4)

    def test_a_baseline_that_is_not_positive_is_no_middle(self):
        self.two_dates("sink", tables="[baseline]\nname = \"plan\"\nrate_tco2_ha_yr = 0\n")
        self.check_styles("out")

    def test_pools_of_a_lookup(self):
        self.write("pools.csv", POOLS)
        self.raster("cover.tif", np.ones((ROWS, COLUMNS), "uint8"), nodata=255)
        self.assert_works("stock", "--method", "lookup", "--landcover", "cover.tif", "--densities", "pools.csv", "--year", "2020",
                          "--pools", "agb,bgb,dead,soil", "--layers", "carbon,dead,soil", "-o", "out")
        self.assertEqual(set(self.check_styles("out")), {"carbon_2020.tif", "dead_2020.tif", "soil_2020.tif"})

    def test_zones_by_gap_sink_or_density(self):
        self.two_dates(tables=f"[baseline]\nname = \"plan\"\nrate_tco2_ha_yr = {BASELINE}\n")
        (attributes, ranges, name), = styles_of(self.folder / "out" / "zones.gpkg").values()
        self.assertEqual((attributes["type"], attributes["attr"]), ("graduatedSymbol", 'coalesce("gap_tco2_ha_yr", 9999999)'))
        self.assertIn("indicative only / 仅供参考", name)
        self.assertEqual(ranges[-1], ({"lower": "9999999", "upper": "9999999", "label": "no value / 无数据", "symbol": "8", "render": "true"}, "#8c8c8c"))
        self.check_colours([colour for _, colour in ranges[:-1]], "sink")
        for at, gap in enumerate(GAPS):
            self.assertEqual((range_of(gap, ranges), range_of(gap + 1e-9, ranges)), (at, at + 1))
        for row in (row for row in read_csv(self.folder / "out" / "zones.csv") if row["gap_tco2_ha_yr"]):
            label = ranges[range_of(float(row["gap_tco2_ha_yr"]), ranges)][0]["label"]
            self.assertIn({"above": "高于基准", "below": "低于基准"}[row["status"]], label)
        for tables, attribute, breaks in [("", '"sink_tco2_ha_yr"', ZONE_SINKS), (None, '"carbon_t" / "area_ha"', CARBON)]:
            shutil.rmtree(self.folder / "out")
            if tables is None:
                self.assert_works(*self.stock("--zones", "zones.gpkg", "--zone-id", "code"))
            else:
                (self.folder / "zones.gpkg").unlink()
                self.two_dates(tables=tables)
            (attributes, ranges, _), = styles_of(self.folder / "out" / "zones.gpkg").values()
            self.assertEqual(attributes["attr"], f"coalesce({attribute}, 9999999)")
            self.assertEqual(ranges[-1][0]["label"], "no value / 无数据")
            for i, at in enumerate(breaks):
                self.assertEqual((range_of(np.nextafter(at, -np.inf), ranges), range_of(at, ranges)), (i, i + 1))

    @skip_without_qgis("styles are not opened in QGIS")
    def test_in_qgis(self):
        # Sinks that stand on the breaks, one Float32 below and above them, and nodata.
        on = [v for at in ZERO for v in (just_below(at), at, np.nextafter(np.float32(at), np.float32(99)))]
        sink = np.resize(np.array([*on, 0, np.nan], "float32"), (ROWS, COLUMNS))
        for name, values in [("before.tif", np.maximum(-sink, 0)), ("after.tif", np.maximum(sink, 0))]:
            self.raster(name, values.astype("float32"), nodata=float("nan"))
        self.assert_works("sink", "--from", "before.tif", "--to", "after.tif", "--years", "2019", "2020", "--quantity", "co2", "-o", "given")
        self.two_dates("agb", "carbon", "co2", "sink", "sink_above", tables=f"[baseline]\nname = \"plan\"\nrate_tco2_ha_yr = {BASELINE}\n")
        for out, baseline in [("given", None), ("out", BASELINE)]:
            styles = self.check_styles(out, baseline)
            values = {name: [float(v) for at in breaks for v in
                             (just_below(at), np.float32(at), np.nextafter(np.float32(at), np.float32(9e9)))]
                      for name, (breaks, _) in styles.items()}
            answers = ask_qgis(self.folder / out, [{"layer": name, "values": values[name]} for name in styles])
            for (name, (breaks, items)), answer in zip(styles.items(), answers):
                with self.subTest(f"{out}/{name}"):
                    colours = [item["color"] for item in items]
                    self.assertTrue(answer["valid"] and answer["nodata"] and answer["discrete"], answer)
                    self.assertEqual(answer["labels"], [item["label"] for item in items])
                    self.assertEqual(answer["colours"], [colours[class_of(value, breaks)] for value in values[name]])
                    pixels = gdal.Open(str(self.folder / out / name)).ReadAsArray()
                    expected = [["#ff00ff" if np.isnan(v) else colours[class_of(float(v), breaks)] for v in row] for row in pixels]
                    self.assertEqual(answer["picture"], expected)
            self.assertEqual([*(self.folder / out).glob("*.aux.xml")], [], "QGIS had to write statistics")
        ranges = styles_of(self.folder / "out" / "zones.gpkg")["county"][1]
        gaps = [-1000, *[v for gap in GAPS for v in (gap, gap + 1e-9)], 1000]
        answer, = ask_qgis(self.folder / "out", [{"layer": "zones.gpkg|layername=county", "values": gaps}])
        self.assertTrue(answer["valid"], answer)
        self.assertEqual(answer["attribute"], 'coalesce("gap_tco2_ha_yr", 9999999)')
        self.assertEqual(answer["labels"], [r["label"] for r, _ in ranges])
        self.assertEqual(answer["colours"], [ranges[range_of(gap, ranges)][1] for gap in gaps])
        rows = [row for row in read_csv(self.folder / "out" / "zones.csv") if row["gap_tco2_ha_yr"] and row["zone_id"] != "total"]
        drawn = {answer["picture"][30][10], answer["picture"][30][50]}
        self.assertEqual(drawn, {ranges[range_of(float(row["gap_tco2_ha_yr"]), ranges)][1] for row in rows})

    @skip_without_qgis("zones without forest are not opened in QGIS")
    def test_zones_without_forest(self):
        """Their class has a symbol in every style, and only theirs is grey."""
        types = np.full((ROWS, COLUMNS), FIR, "uint8")
        types[:, :COLUMNS // 2] = 255
        self.raster("type.tif", types, nodata=255)
        for tables in ("", f"[baseline]\nname = \"plan\"\nrate_tco2_ha_yr = {BASELINE}\n"):
            (self.folder / "zones.gpkg").unlink(missing_ok=True)
            shutil.rmtree(self.folder / "out", ignore_errors=True)
            self.two_dates(tables=tables)
            west = [row for row in read_csv(self.folder / "out" / "zones.csv") if row["zone_id"] == "1" and row["year_to"]]
            self.assertEqual([(row["sink_tco2_ha_yr"], row.get("gap_tco2_ha_yr", ""), row.get("status", "")) for row in west], [("", "", "")])
            answer, = ask_qgis(self.folder / "out", [{"layer": "zones.gpkg|layername=county", "values": []}])
            self.assertEqual(len(answer["by_style"]), 2 if tables else 1)
            for name, picture in answer["by_style"].items():
                with self.subTest(name):
                    self.assertEqual(picture[30][10], "#8c8c8c")
                    self.assertNotIn(picture[30][50], ("#8c8c8c", "#ff00ff"))

    def test_projected_carbon_and_increment_of_the_sample(self):
        inputs = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        self.addCleanup(shutil.rmtree, inputs)
        for path in SAMPLES.iterdir():
            (inputs / path.name).symlink_to(path)
        text = (SAMPLES / "inventory.toml").read_text(encoding="utf-8")
        (inputs / "inventory.toml").unlink()
        (inputs / "inventory.toml").write_text(text.replace("\nto = 2030\n", "\nto = 2030\nrasters = [2025]\n"), encoding="utf-8")
        self.assert_works("run", str(inputs / "inventory.toml"), "-o", "out", "--layers", "projected_carbon,increment,carbon")
        self.assertEqual({layer_of(name) for name in self.check_styles("out", BASELINE)}, {"projected_carbon", "increment", "carbon"})


if __name__ == "__main__":
    unittest.main()
