# SPDX-License-Identifier: Apache-2.0
"""What caused the sink of the sample: against labels worked out in Python, the planted events and zones.csv."""
import csv
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from osgeo import gdal

from cli import SINKCALC

TESTS = pathlib.Path(__file__).resolve().parents[1]
SAMPLES = TESTS.parent / "raster_samples"
INVENTORY = SAMPLES / "inventory.toml"
sys.path.insert(0, str(TESTS / "independent"))
import cause_table                                                                          # noqa: E402

gdal.UseExceptions()
TOLERANCE = 1e-9


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def call(*arguments):
    return subprocess.run([SINKCALC, *arguments], stdin=subprocess.DEVNULL, timeout=600, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", check=False)


def setUpModule():
    Attribution.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
    unittest.addModuleCleanup(shutil.rmtree, Attribution.folder)
    Attribution.out = Attribution.folder / "out"
    done = call("run", str(INVENTORY), "-o", str(Attribution.out))
    assert done.returncode == 0, done.stderr
    Attribution.said = done.stderr
    Attribution.rows = read_csv(Attribution.out / "attribution.csv")
    Attribution.zones = read_csv(Attribution.out / "zones.csv")
    Attribution.expected, Attribution.codes = cause_table.compute(INVENTORY)


class Attribution(unittest.TestCase):
    def test_every_zone_and_cause_as_worked_out_independently(self):
        found = {(row["zone_set"], row["zone_id"], f"{row['cause']} {row['to_land_use']}".strip()): row for row in self.rows}
        self.assertEqual(set(found), set(self.expected))
        scale = {(row["zone_set"], row["zone_id"]): abs(float(row["sink_tco2_yr"])) for row in self.zones if row["year_from"]}
        for key, (pixels, area_ha, sink) in self.expected.items():
            with self.subTest(key):
                row = found[key]
                self.assertEqual(int(row["pixels"]), pixels)
                self.assertLessEqual(abs(float(row["area_ha"]) - area_ha), TOLERANCE * area_ha)
                # A cause may be the small difference of large stocks: held against the zone's sink.
                self.assertLessEqual(abs(float(row["sink_tco2_yr"]) - sink), TOLERANCE * max(abs(sink), scale[key[:2]]))

    def test_the_map_has_the_same_cause_at_every_pixel(self):
        data = gdal.Open(str(self.out / "cause_2015_2020.tif"))
        band = data.GetRasterBand(1)
        self.assertEqual((band.DataType, band.GetNoDataValue()), (gdal.GDT_Byte, 255))
        np.testing.assert_array_equal(band.ReadAsArray(), self.codes)
        names = band.GetCategoryNames()
        present = set(np.unique(self.codes)) - {255}
        for cause, code in cause_table.CODE.items():
            if code in present:
                self.assertEqual(names[code].replace(" → ", " "), cause)
        style = (self.out / "cause_2015_2020.qml").read_text(encoding="utf-8")
        self.assertEqual(style.count("<paletteEntry"), len(present))

    def test_causes_add_up_to_the_sink_and_area_of_every_zone(self):
        for zone in (row for row in self.zones if row["year_from"]):
            with self.subTest(zone["zone_id"]):
                own = [row for row in self.rows if (row["zone_set"], row["zone_id"]) == (zone["zone_set"], zone["zone_id"])]
                for column, of_zone in (("sink_tco2_yr", "sink_tco2_yr"), ("area_ha", "rate_area_ha")):
                    total, size = sum(float(row[column]) for row in own), sum(abs(float(row[column])) for row in own)
                    self.assertLessEqual(abs(total - float(zone[of_zone])), 1e-12 * size)
                self.assertAlmostEqual(sum(float(row["share"]) for row in own), 1, 9)
        closures = [c for c in json.loads((self.out / "run.json").read_text())["closures"] if c["closure"] == "causes to sink"]
        self.assertEqual(len(closures), len([row for row in self.zones if row["year_from"]]))
        for closure in closures:
            self.assertEqual(closure["difference"], 0)

    def test_the_planted_events_are_found(self):
        events = read_csv(SAMPLES / "events.csv")

        def planted(*kinds):
            return sum(int(event["pixels"]) for event in events if event["kind"] in kinds)

        def pixels(cause, use=""):
            return sum(int(row["pixels"]) for row in self.rows if (row["zone_set"], row["zone_id"], row["cause"],
                       row["to_land_use"]) == ("county", "total", cause, use))
        self.assertEqual(pixels("fire"), planted("fire"))
        self.assertEqual(pixels("deforestation", "cropland_perennial"), planted("forest_to_tea"))
        self.assertEqual(pixels("deforestation", "settlement"), planted("forest_to_settlement"))
        self.assertEqual(pixels("harvest"), planted("clearcut_replanted", "clearcut_unstocked"))
        # Bamboo whose culms fall is degraded too: luck, not an event.
        kind = gdal.Open(str(SAMPLES / "stands_2015.tif")).ReadAsArray()[0]
        degraded = gdal.Open(str(self.out / "cause_2015_2020.tif")).ReadAsArray() == cause_table.CODE["degradation"]
        self.assertEqual((degraded & (kind != 21)).sum(), planted("degradation"))

    def test_unresolved_and_unexplained_land_is_warned_of(self):
        for cause in ("unresolved", "unexplained"):
            self.assertEqual(any(row["cause"] == cause for row in self.rows), f"have the cause {cause}" in self.said)


class OtherRuns(unittest.TestCase):
    def test_threads_memory_and_io_change_nothing(self):
        for options in (("--threads", "1"), ("--threads", "8", "--memory", "64M"), ("--io", "gdal", "--of", "GTiff")):
            with self.subTest(options):
                out = Attribution.folder / "other"
                done = call("run", str(INVENTORY), "-o", str(out), "--layers", "cause", *options)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual((out / "attribution.csv").read_bytes(), (Attribution.out / "attribution.csv").read_bytes())
                if "gdal" in options:
                    found = gdal.Open(str(out / "cause_2015_2020.tif")).ReadAsArray()
                    np.testing.assert_array_equal(found, Attribution.codes)
                else:
                    digests = [hashlib.sha256((folder / "cause_2015_2020.tif").read_bytes()).digest()
                               for folder in (out, Attribution.out)]
                    self.assertEqual(*digests)
                shutil.rmtree(out)

    def test_land_cover_that_decides_leaves_clearings_unresolved_but_where_an_event_tells(self):
        text = INVENTORY.read_text(encoding="utf-8")
        for name in SAMPLES.iterdir():
            text = text.replace(f'"{name.name}', f'"{SAMPLES}/{name.name}')
        text = 'land_use_from = "landcover"\n' + text[:text.index("[patches]")]
        inventory = Attribution.folder / "cover.toml"
        found = {}
        for what, used in (("with", text), ("without", text[:text.index("[[disturbance]]")] + text[text.index("[stock]"):])):
            inventory.write_text(used, encoding="utf-8")
            out = Attribution.folder / what
            done = call("run", str(inventory), "-o", str(out), "--layers", "sink")
            self.assertEqual(done.returncode, 0, done.stderr)
            found[what] = {row["cause"]: int(row["pixels"]) for row in read_csv(out / "attribution.csv")
                           if (row["zone_set"], row["zone_id"]) == ("county", "total") and row["cause"] in ("unresolved", "harvest")}
            self.assertFalse((out / "cause_2015_2020.tif").exists())
        unstocked = sum(int(event["pixels"]) for event in read_csv(SAMPLES / "events.csv")
                        if event["kind"] == "clearcut_unstocked")
        self.assertEqual(found["without"]["unresolved"] - found["with"].get("unresolved", 0), unstocked)


class Explain(unittest.TestCase):
    """A few pixels through the command line; test_explain has a thousand."""

    def test_the_numbers_are_those_of_the_maps(self):
        rasters = {name: gdal.Open(str(Attribution.out / f"{name}.tif")).ReadAsArray()
                   for name in ("carbon_2020", "co2_2015", "sink_2015_2020", "cause_2015_2020")}
        known = np.argwhere(~np.isnan(rasters["carbon_2020"]))
        geotransform = gdal.Open(str(Attribution.out / "carbon_2020.tif")).GetGeoTransform()
        for row, column in random.Random(3).choices(known.tolist(), k=3):
            x, y = geotransform[0] + (column + 0.5) * 100, geotransform[3] - (row + 0.5) * 100
            done = call("explain", str(INVENTORY), f"{x}", f"{y}", "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            told = json.loads(done.stdout)
            self.assertEqual((told["column"], told["row"]), (column, row))
            values = {stock["year"]: stock["values"] for stock in told["stocks"]}
            for name, value in (("carbon_2020", values[2020]["carbon"]["value"]), ("co2_2015", values[2015]["co2"]["value"]),
                                ("sink_2015_2020", told["periods"][0]["sink"]), ("cause_2015_2020", told["facts"][0]["value"])):
                expected = rasters[name][row, column]
                nothing = expected == 255 if name.startswith("cause") else np.isnan(expected)
                self.assertEqual(value is None, bool(nothing), name)
                if value is not None:
                    self.assertEqual(np.float32(value), np.float32(expected), name)

    def test_text_and_degrees(self):
        done = call("explain", str(INVENTORY), "580850", "2973650")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for words in ("county 350721", "agb", "V * D * BEF", "unverified", "fire 2018", "2015-2020, bef", "cause", "t CO2/ha/yr"):
            self.assertIn(words, done.stdout)
        from pyproj import Transformer
        lon, lat = Transformer.from_crs("EPSG:4548", "EPSG:4326", always_xy=True).transform(580850, 2973650)
        again = call("explain", str(INVENTORY), "--lonlat", str(lon), str(lat))
        self.assertEqual((again.returncode, again.stdout), (0, done.stdout), again.stderr)

    def test_what_cannot_be_explained(self):
        for arguments, words in ((("2973650", "580850"), "look swapped: give 580850 2973650"),
                                 (("117.3", "26.9"), "--lonlat 117.3 26.9"),
                                 (("1", "2"), "outside the grid"),
                                 (("--lonlat", "26.9", "117.3"), "give --lonlat 117.3 26.9"),
                                 (("--lonlat", "10", "50"), "outside the grid"),
                                 (("--lonlat", "900", "500"), "no place on the Earth"),
                                 (("500150", "2904550"), "every input is nodata")):
            with self.subTest(arguments):
                done = call("explain", str(INVENTORY), *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
