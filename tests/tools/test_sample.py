# SPDX-License-Identifier: Apache-2.0
"""The sample inventory from beginning to end: every file that a run writes, against its inputs and the contract."""
import csv
import hashlib
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from osgeo import gdal, ogr
from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate
from pyproj import Geod, Transformer

from cli import SINKCALC

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

TESTS = pathlib.Path(__file__).resolve().parents[1]
SAMPLES = TESTS.parent / "raster_samples"
INVENTORY = SAMPLES / "inventory.toml"
COLUMNS, ROWS = 2419, 2329

# interface.md, Outputs.
ZONE_COLUMNS = """zone_set,zone_id,zone_name,method,year,year_from,year_to,area_ha,forest_area_ha,unmodelled_area_ha,rate_area_ha,
volume_m3,agb_t,bgb_t,biomass_t,carbon_t,co2_t,sink_tco2_yr,sink_tco2_ha_yr,rate_coverage,stable_area_ha,gain_area_ha,
loss_area_ha,sink_stable_tco2_yr,sink_gain_tco2_yr,sink_loss_tco2_yr,volume_change_m3_yr,forest_area_change_ha_yr,
baseline_tco2_ha_yr,gap_tco2_ha_yr,gap_tco2_yr,status,share_of_emissions,gap_Fujian_tco2_ha_yr,
gap_China_tco2_ha_yr""".replace("\n", "").split(",")
TARGET_COLUMNS = """target,kind,zone_set,zone_id,zone_name,year_from,year_to,area_promised_ha,area_done_ha,area_missing_ha,
sink_inside_tco2_ha_yr,sink_outside_tco2_ha_yr,sink_inside_tco2_yr""".replace("\n", "").split(",")
RASTERS = {"agb_2015.tif": "t d.m./ha", "agb_2020.tif": "t d.m./ha", "carbon_2015.tif": "t C/ha", "carbon_2020.tif": "t C/ha",
           "co2_2015.tif": "t CO2/ha", "co2_2020.tif": "t CO2/ha", "sink_2015_2020.tif": "t CO2/ha/yr"}
FILES = {*RASTERS, *(name.replace(".tif", ".qml") for name in RASTERS), "zones.csv", "targets.csv", "zones.gpkg", "run.json", "matrix.csv", "patches.gpkg", "patches.csv", "change_2015_2020.tif",
         "change_2015_2020.tif.aux.xml", "change_2015_2020.qml", "attribution.csv", "balance.csv", "pools.csv", "projection.csv", "cause_2015_2020.tif",
         "cause_2015_2020.tif.aux.xml", "cause_2015_2020.qml", "inventory.qgz"}
# Sign of the sink at an event; None: no rate, nodata. Where forest turns to tea or tea to forest, which of the two
# stocks is larger decides: a test of its own.
SINK_OF_EVENT = {"clearcut_replanted": -1, "clearcut_unstocked": -1, "forest_to_settlement": -1, "fire": -1,
                 "degradation": -1, "young_plantation": 1, "improvement": 1, "volume_missing": None, "map_hole": None}
TEA_CO2_HA = 23.7 * 0.47 * 44 / 12
# What a run may be told and must not change a byte.
OTHER_RUNS = [("--threads", "1", "--memory", "300M"), ("--threads", "8", "--memory", "64M")]


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pathlib.Path(folder).iterdir()}


def setUpModule():
    """One run for all tests."""
    Sample.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
    unittest.addModuleCleanup(shutil.rmtree, Sample.folder)
    Sample.inputs = hashes(SAMPLES)
    Sample.out = Sample.folder / "out"
    Sample.done = Sample.run_sample(Sample.out)
    assert Sample.done.returncode == 0, Sample.done.stderr
    Sample.zones = read_csv(Sample.out / "zones.csv")
    Sample.record = json.loads((Sample.out / "run.json").read_text(encoding="utf-8"))


class Sample(unittest.TestCase):
    @staticmethod
    def run_sample(out, *extra):
        return subprocess.run([SINKCALC, "run", str(INVENTORY), "-o", str(out), *extra], stdin=subprocess.DEVNULL, timeout=600,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)

    def raster(self, name):
        return gdal.Open(str(self.out / name))

    def row(self, zone_set, zone_id, **when):
        """The row of a zone of a date (year=) or of the period."""
        wanted = {"zone_set": zone_set, "zone_id": zone_id, "year": "", **{key: str(value) for key, value in when.items()}}
        return next(row for row in self.zones if all(row[key] == value for key, value in wanted.items()))

    def assert_close(self, found, expected, tolerance):
        self.assertLessEqual(abs(float(found) - expected), tolerance * abs(expected), (found, expected))


class Run(Sample):
    def test_files(self):
        self.assertEqual(set(hashes(self.out)), FILES)
        self.assertEqual({output["file"] for output in self.record["outputs"]}, FILES)

    def test_the_county_table_is_printed_and_messages_go_to_stderr(self):
        for name in ("武夷山市", "建瓯市", "total", "1.97"):
            self.assertIn(name, self.done.stdout)
        self.assertNotIn("warning", self.done.stdout)
        self.assertNotIn("error", self.done.stderr)
        for name in FILES:
            self.assertIn(name, self.done.stderr)

    def test_nothing_is_written_beside_the_inputs(self):
        self.assertEqual(hashes(SAMPLES), self.inputs)

    def test_any_threads_and_memory_give_the_same_bytes(self):
        def record(out):
            whole = json.loads((out / "run.json").read_text(encoding="utf-8"))
            return {key: value for key, value in whole.items() if key != "timings"}

        expected = {name: value for name, value in hashes(self.out).items() if name != "run.json"}
        for number, options in enumerate(OTHER_RUNS):
            with self.subTest(" ".join(options)):
                out = self.folder / f"other{number}"
                done = self.run_sample(out, *options)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual({name: value for name, value in hashes(out).items() if name != "run.json"}, expected)
                self.assertEqual(record(out), record(self.out))
                self.assertEqual(list(record(out)), list(record(self.out)))

    def test_a_table_worked_out_independently_agrees_and_notices_one_pixel(self):
        command = [sys.executable, str(TESTS / "independent" / "county_table.py"), "--inventory", str(INVENTORY),
                   "--zones-csv", str(self.out / "zones.csv"), "--tolerance", "1e-9"]
        for extra, code in [([], 0), (["--perturb"], 1)]:
            with self.subTest(extra):
                done = subprocess.run([*command, *extra], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
                self.assertEqual(done.returncode, code, done.stdout[-2000:] + done.stderr[-2000:])


class Rasters(Sample):
    def test_cloud_optimised_without_a_warning(self):
        for name in RASTERS:
            with self.subTest(name):
                warnings, errors, _ = validate(str(self.out / name), full_check=True)
                self.assertEqual((warnings, errors), ([], []))

    def test_what_gdalinfo_shows(self):
        for name, unit in RASTERS.items():
            with self.subTest(name):
                info = json.loads(subprocess.run(["gdalinfo", "-json", str(self.out / name)], stdout=subprocess.PIPE, check=True).stdout)
                band = info["bands"][0]
                self.assertEqual((info["size"], len(info["bands"]), band["type"]), ([COLUMNS, ROWS], 1, "Float32"))
                self.assertEqual(band["unit"], unit)
                for part in name.removesuffix(".tif").split("_")[1:]:
                    self.assertIn(part, band["description"])
                self.assertTrue(math.isnan(float(band["noDataValue"])))
                self.assertEqual(band["block"], [512, 512])
                self.assertGreaterEqual(len(band["overviews"]), 2)
                self.assertIn('ID["EPSG",4548]', info["coordinateSystem"]["wkt"])
                self.assertEqual(info["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"], "ZSTD")
                self.assertEqual(info["geoTransform"], list(gdal.Open(str(SAMPLES / "stands_2015.tif")).GetGeoTransform()))

    def test_statistics_are_those_of_the_stored_values(self):
        for name in RASTERS:
            with self.subTest(name):
                data = self.raster(name)
                band = data.GetRasterBand(1)
                values = band.ReadAsArray()
                valid = values[~np.isnan(values)].astype(float)
                shown = {key.removeprefix("STATISTICS_"): float(value) for key, value in band.GetMetadata().items()
                         if key.startswith("STATISTICS_")}
                self.assertEqual(set(shown), {"MINIMUM", "MAXIMUM", "MEAN", "STDDEV", "VALID_PERCENT"})
                self.assertEqual((shown["MINIMUM"], shown["MAXIMUM"]), (valid.min(), valid.max()))
                mean = math.fsum(valid) / len(valid)
                self.assert_close(shown["MEAN"], mean, 1e-12)
                self.assert_close(shown["STDDEV"], math.sqrt(math.fsum((valid - mean)**2) / len(valid)), 1e-12)
                self.assert_close(shown["VALID_PERCENT"], 100 * len(valid) / values.size, 1e-3)

    def test_layers_of_a_pixel_belong_together(self):
        carbon, co2 = (self.raster(f"{layer}_2020.tif").ReadAsArray() for layer in ("carbon", "co2"))
        before = self.raster("co2_2015.tif").ReadAsArray()
        sink = self.raster("sink_2015_2020.tif").ReadAsArray()
        np.testing.assert_allclose(co2, carbon * np.float64(44 / 12), rtol=1e-6)
        rated = ~np.isnan(sink)
        self.assertFalse(np.isnan(co2[rated] + before[rated]).any())
        np.testing.assert_allclose(sink[rated], (co2[rated].astype(float) - before[rated]) / 5, rtol=1e-4, atol=1e-4)

    def test_the_sink_has_the_sign_of_each_event(self):
        sink = self.raster("sink_2015_2020.tif")
        west, size, _, north, _, _ = sink.GetGeoTransform()
        values = sink.ReadAsArray()
        events = read_csv(SAMPLES / "events.csv")
        self.assertEqual({event["kind"] for event in events}, {*SINK_OF_EVENT, "forest_to_tea", "tea_restored"})
        stocks = [self.raster(f"co2_{year}.tif").ReadAsArray() for year in (2015, 2020)]
        cleared = []
        for event in events:
            value = values[int((north - float(event["y"])) / size), int((float(event["x"]) - west) / size)]
            if event["kind"] not in SINK_OF_EVENT:
                column, row = int((float(event["x"]) - west) / size), int((north - float(event["y"])) / size)
                tea = stocks[1] if event["kind"] == "forest_to_tea" else stocks[0]
                self.assertAlmostEqual(tea[row, column], TEA_CO2_HA, 3)
                self.assertEqual(value > 0, stocks[1][row, column] > stocks[0][row, column])
                if event["kind"] == "forest_to_tea":
                    cleared.append(value)
                continue
            expected = SINK_OF_EVENT[event["kind"]]
            with self.subTest(event=event["event_id"], kind=event["kind"]):
                if expected is None:
                    self.assertTrue(np.isnan(value), value)
                else:
                    self.assertGreater(expected * value, 0)
        # Two of the stands were so young that tea holds more.
        self.assertGreaterEqual(sum(value < 0 for value in cleared), 0.9 * len(cleared))


class Tables(Sample):
    def test_columns_in_their_order(self):
        columns = list(self.zones[0])
        self.assertEqual(columns[:len(ZONE_COLUMNS)], ZONE_COLUMNS)
        self.assertEqual(list(read_csv(self.out / "targets.csv")[0])[:len(TARGET_COLUMNS)], TARGET_COLUMNS)

    def test_rows_in_their_order(self):
        expected = []
        for zone_set, file in [("county", "counties.gpkg"), ("wuyishan", "national_park.gpkg")]:
            source = ogr.Open(str(SAMPLES / file))
            for zone_id in [*sorted(str(feature["code"]) for feature in source.GetLayer(0)), "total"]:
                expected += [(zone_set, zone_id, *time) for time in [("2015", "", ""), ("2020", "", ""), ("", "2015", "2020")]]
        self.assertEqual([(r["zone_set"], r["zone_id"], r["year"], r["year_from"], r["year_to"]) for r in self.zones], expected)

    def test_numbers_print_the_shortest_digits(self):
        for row in self.zones:
            for column in ("area_ha", "carbon_t", "sink_tco2_yr", "gap_tco2_ha_yr"):
                if row[column] not in ("", "0"):
                    text = repr(float(row[column])).removesuffix(".0")
                    self.assertEqual(float(row[column]), float(text))
                    self.assertLessEqual(len(row[column]), len(text), row[column])

    def test_total_is_the_sum_of_counties_but_not_of_zones_that_overlap(self):
        for zone_set, compare in [("county", "equal"), ("wuyishan", "less")]:
            for column, when in [("area_ha", {"year": 2020}), ("carbon_t", {"year": 2020}), ("sink_tco2_yr", {"year_from": 2015})]:
                zones = {r["zone_id"]: float(r[column]) for r in self.zones if r["zone_set"] == zone_set
                         and all(r[key] == str(value) for key, value in when.items())}
                total = zones.pop("total")
                with self.subTest(zone_set=zone_set, column=column):
                    if compare == "equal":
                        self.assert_close(total, math.fsum(zones.values()), 1e-12)
                    else:
                        self.assertLess(total, math.fsum(zones.values()))

    def test_rows_are_consistent(self):
        for row in self.zones:
            value = {key: float(text) for key, text in row.items() if key.endswith(("_t", "_ha", "_yr", "_m3", "emissions")) and text}
            with self.subTest(zone=row["zone_id"], year=row["year"]):
                if row["year"]:
                    self.assert_close(value["biomass_t"], value["agb_t"] + value["bgb_t"], 1e-12)
                    self.assert_close(value["co2_t"], value["carbon_t"] * 44 / 12, 1e-12)
                    self.assertEqual((row["sink_tco2_yr"], row["status"], row["rate_coverage"]), ("", "", ""))
                else:
                    parts = [value[f"sink_{part}_tco2_yr"] for part in ("stable", "gain", "loss")]
                    self.assert_close(value["sink_tco2_yr"], math.fsum(parts), 1e-9)
                    self.assert_close(value["rate_area_ha"], math.fsum(value[f"{p}_area_ha"] for p in ("stable", "gain", "loss")), 1e-12)
                    self.assert_close(value["sink_tco2_ha_yr"], value["sink_tco2_yr"] / value["rate_area_ha"], 1e-12)
                    for gap, benchmark in [("gap_tco2_ha_yr", 1.97), ("gap_Fujian_tco2_ha_yr", 2.77), ("gap_China_tco2_ha_yr", 3.86)]:
                        self.assertAlmostEqual(value[gap], benchmark - value["sink_tco2_ha_yr"], 12)
                    self.assertEqual(row["status"], "above" if value["sink_tco2_ha_yr"] >= 1.97 else "below")
                    self.assert_close(value["share_of_emissions"], value["sink_tco2_yr"] / 10750000, 1e-12)
                    self.assertEqual((row["carbon_t"], row["volume_m3"]), ("", ""))

    def test_geopackage(self):
        source = ogr.Open(str(self.out / "zones.gpkg"))
        names = {source.GetLayer(i).GetName() for i in range(source.GetLayerCount())}
        self.assertLessEqual({"county", "wuyishan", "zones_all"}, names)
        for zone_set in ("county", "wuyishan"):
            layer = source.GetLayerByName(zone_set)
            self.assertEqual(layer.GetSpatialRef().GetAuthorityCode(None), "4490")
            ids = []
            for feature in layer:
                ids.append(feature["zone_id"])
                self.assertTrue(feature.GetGeometryRef().IsValid())
                date, period = self.row(zone_set, feature["zone_id"], year=2020), self.row(zone_set, feature["zone_id"], year_from=2015)
                for column in date:
                    with self.subTest(zone=feature["zone_id"], column=column):
                        text = date[column] or period[column]
                        self.assertEqual("" if feature[column] is None else feature[column],
                                         type(feature[column])(text) if feature[column] is not None else text)
            self.assertEqual(ids, sorted({row["zone_id"] for row in self.zones if row["zone_set"] == zone_set} - {"total"}))

    def test_geopackage_holds_every_row(self):
        source = ogr.Open(str(self.out / "zones.gpkg"))
        layer = source.GetLayerByName("zones_all")
        self.assertEqual(layer.GetFeatureCount(), len(self.zones))
        for feature, row in zip(layer, self.zones):
            for column, text in row.items():
                value = feature[column]
                self.assertEqual("" if value is None else value, type(value)(text) if value is not None else text, column)

    def test_geopackage_has_the_shapes_it_was_given(self):
        counties, written = ogr.Open(str(SAMPLES / "counties.gpkg")), ogr.Open(str(self.out / "zones.gpkg"))
        given = {str(f["code"]): f.GetGeometryRef().Clone() for f in counties.GetLayer(0)}
        for feature in written.GetLayerByName("county"):
            self.assertTrue(feature.GetGeometryRef().Equals(given[feature["zone_id"]]))


class Targets(Sample):
    TARGETS = {"improvement": (30000, "improvement.gpkg"), "buyout": (16700, "buyout.gpkg"), "landscape": (20000 / 15, "landscape.gpkg")}

    def rows(self, kind, zone_set="county"):
        return [row for row in read_csv(self.out / "targets.csv") if (row["kind"], row["zone_set"]) == (kind, zone_set)]

    def done_ha(self, file):
        """Geodesic area of the parcels done by 2020 within the counties, each place once."""
        source, counties = ogr.Open(str(SAMPLES / file)), ogr.Open(str(SAMPLES / "counties.gpkg"))
        layer = source.GetLayer(0)
        self.assertEqual(layer.GetSpatialRef().GetAuthorityCode(None), "4548")
        parcels, city = ogr.Geometry(ogr.wkbMultiPolygon), ogr.Geometry(ogr.wkbMultiPolygon)
        for feature in layer:
            if feature["year_done"] is not None and 2014 <= feature["year_done"] <= 2020:
                for part in ogr.ForceToMultiPolygon(feature.GetGeometryRef().Clone()):
                    parcels.AddGeometry(part)
        to_grid = Transformer.from_crs(4490, 4548, always_xy=True)
        for feature in counties.GetLayer(0):
            shape = feature.GetGeometryRef().Clone()
            shape.Segmentize(1e-3)
            for part in ogr.ForceToMultiPolygon(shape):
                moved = ogr.Geometry(ogr.wkbPolygon)
                for number in range(part.GetGeometryCount()):
                    ring = ogr.Geometry(ogr.wkbLinearRing)
                    for x, y in np.array(to_grid.transform(*np.array(part.GetGeometryRef(number).GetPoints()).T[:2])).T:
                        ring.AddPoint_2D(x, y)
                    moved.AddGeometry(ring)
                city.AddGeometry(moved)
        inside = parcels.UnionCascaded().Intersection(city.UnionCascaded())
        inside.Segmentize(20.0)
        to_degrees, geod, area_m2 = Transformer.from_crs(4548, 4490, always_xy=True), Geod(ellps="GRS80"), 0.0
        for polygon in ogr.ForceToMultiPolygon(inside):
            for number in range(polygon.GetGeometryCount()):
                ring = np.array(polygon.GetGeometryRef(number).GetPoints())
                area, _ = geod.polygon_area_perimeter(*to_degrees.transform(ring[:, 0], ring[:, 1]))
                area_m2 += (1 if number == 0 else -1) * abs(area)
        return area_m2 / 1e4

    def test_a_row_for_each_measure_and_zone(self):
        for kind in self.TARGETS:
            for zone_set in ("county", "wuyishan"):
                ids = [row["zone_id"] for row in self.zones if row["zone_set"] == zone_set and row["year"] == "2020"]
                rows = self.rows(kind, zone_set)
                self.assertEqual([row["zone_id"] for row in rows], ids)
                self.assertEqual({(row["year_from"], row["year_to"]) for row in rows}, {("2015", "2020")})

    def test_promised_done_and_missing(self):
        for kind, (promised, file) in self.TARGETS.items():
            *zones, total = self.rows(kind)
            with self.subTest(kind):
                self.assert_close(total["area_promised_ha"], promised, 1e-12)
                done = float(total["area_done_ha"])
                self.assert_close(float(total["area_missing_ha"]), promised - done, 1e-12)
                self.assert_close(done, math.fsum(float(row["area_done_ha"]) for row in zones), 1e-9)
                self.assert_close(done, self.done_ha(file), 1e-6)
                self.assertEqual({(row["area_promised_ha"], row["area_missing_ha"]) for row in zones}, {("", "")})

    def test_improvement_grows_faster_than_the_rest(self):
        total = self.rows("improvement")[-1]
        self.assertGreater(float(total["sink_inside_tco2_ha_yr"]), float(total["sink_outside_tco2_ha_yr"]))
        self.assertIn("before treatment", total["note"])

    def test_inside_and_outside_are_the_whole(self):
        whole = self.row("county", "total", year_from=2015)
        for kind in self.TARGETS:
            total = self.rows(kind)[-1]
            inside = float(total["sink_inside_tco2_yr"])
            outside_ha = float(whole["rate_area_ha"]) - inside / float(total["sink_inside_tco2_ha_yr"])
            self.assert_close(whole["sink_tco2_yr"], inside + float(total["sink_outside_tco2_ha_yr"]) * outside_ha, 1e-9)

    def test_a_buyout_has_a_stock_and_no_counted_sink(self):
        for row in self.rows("buyout"):
            self.assertEqual(row["sink_counted_tco2_yr"], "")
            self.assertNotEqual(row["stock_inside_tco2"], "")
        self.assertGreater(float(self.rows("buyout")[-1]["harvest_inside_ha"]), 0)


class Record(Sample):
    def test_inputs_by_their_hashes(self):
        hashed = {entry["path"]: entry["sha256"] for entry in self.record["inputs"]}
        for name, value in hashed.items():
            self.assertEqual(value, self.inputs[name], name)
        used = {name for name in self.inputs if pathlib.Path(name).suffix in (".tif", ".gpkg", ".toml")} | {"legend.csv", "landcover_legend.csv", "provincial.csv"}
        used.remove("stands_songxi.gpkg")            # for sinkcalc stands
        self.assertEqual(set(hashed), used)
        self.assertEqual([entry["path"] for entry in self.record["inputs"]], sorted(hashed))

    def test_every_pixel_is_counted(self):
        for date in self.record["dates"]:
            for layer in date["layers"]:
                with self.subTest(year=date["year"], layer=layer["layer"]):
                    self.assertEqual(layer["valid"] + layer["nodata"], COLUMNS * ROWS)
                    file, _, number = layer["path"].partition(":")
                    data = gdal.Open(str(SAMPLES / file))
                    band = data.GetRasterBand(int(number or 1))
                    self.assertEqual(layer["valid"], int((band.ReadAsArray() != band.GetNoDataValue()).sum()))
        steps = [step for method in self.record["methods"] for step in method["pixels_by_step"]]
        self.assertEqual([s["pixels"] for s in steps if s["step"] == "unmodelled"], [34])

    def test_closures_hold(self):
        closures = self.record["closures"]
        self.assertTrue(closures)
        for closure in closures:
            self.assertIs(closure["holds"], True, closure)
            scale = max(abs(value) for value in closure["terms"].values())
            self.assertLessEqual(abs(closure["difference"]), 1e-9 * scale, closure)
        kinds = " ".join(closure["closure"] for closure in closures)
        for word in ("zones to whole, area", "zones to whole, carbon", "pools", "opening"):
            self.assertIn(word, kinds)

    def test_the_period_closure_has_every_term(self):
        periods = [c for c in self.record["closures"] if "opening" in c["closure"] and "total" in c["where"] and "county" in c["where"]]
        self.assertEqual(len(periods), 1)
        terms = list(periods[0]["terms"].values())
        self.assertEqual(len(terms), 5, periods[0])
        *parts, closing = terms
        self.assert_close(closing, math.fsum(parts), 1e-9)
        totals = {year: float(self.row("county", "total", year=year)["carbon_t"]) for year in (2015, 2020)}
        self.assertTrue(any(abs(terms[0] - totals[2015] * factor) < 1e-6 * terms[0] for factor in (1, 44 / 12)), terms)

    def test_unverified_parameters_are_warned_of(self):
        unverified = [p for p in self.record["parameters"] if p["status"] != "verified"]
        self.assertTrue(unverified)
        warnings = "\n".join(self.record["warnings"])
        for parameter in unverified:
            self.assertIn(f"{parameter['key']} {parameter['parameter']}", warnings)
        for warning in self.record["warnings"]:
            self.assertIn(warning, self.done.stderr)
        for parameter in self.record["parameters"]:
            self.assertTrue(parameter["source"] and parameter["unit"] and parameter["sd"] is not None, parameter)

    def test_the_benchmark_is_not_comparable(self):
        self.assertIs(self.record["comparable"], False)
        reasons = "\n".join(self.record["not_comparable_because"])
        for word in ("Nanping plan", "method", "boundary", "year", "Fujian", "China"):
            self.assertIn(word, reasons)
        self.assertIn("基准口径未公布，仅供参考", self.done.stderr + self.done.stdout)

    def test_methods_have_a_citation(self):
        for method in self.record["methods"]:
            for step in method["steps"]:
                self.assertTrue(step["source"], step)

    def test_timings_hold_what_is_not_compared(self):
        for key in ("threads", "memory_bytes", "host", "command_line", "output"):
            self.assertIn(key, self.record["timings"])
        rest = json.dumps({key: value for key, value in self.record.items() if key != "timings"})
        self.assertNotIn(str(self.folder), rest)
        self.assertNotIn(os.uname().nodename, [value for value in self.record.values() if isinstance(value, str)])


class Change(Sample):
    """Land-use change as a part of the run, against numpy on the inputs."""

    def setUp(self):
        self.covers = [gdal.Open(str(SAMPLES / f"landcover_{year}.tif")).ReadAsArray() for year in (2015, 2020)]
        self.rows = [row for row in read_csv(Sample.out / "matrix.csv")
                     if (row["zone_set"], row["zone_id"]) == ("county", "total")]

    def test_the_matrix_counts_every_pair_of_classes(self):
        pairs, pixels = np.unique(np.stack([c.ravel() for c in self.covers]), axis=1, return_counts=True)
        expected = {(int(a), int(b)): int(n) for (a, b), n in zip(pairs.T, pixels) if (a, b) != (255, 255)}
        code = lambda text: 255 if text == "" else int(text)                                    # noqa: E731
        found = {(code(r["from_code"]), code(r["to_code"])): int(r["pixels"]) for r in self.rows}
        found.pop((255, 255), None)
        self.assertEqual(found, expected)

    def test_the_raster_holds_the_codes_of_the_contract(self):
        classes = sorted(set(np.unique(self.covers)) - {255})
        place = np.full(256, -1)
        place[classes] = range(len(classes))
        before, after = (place[c] for c in self.covers)
        expected = np.where((before < 0) | (after < 0), 65535, before * len(classes) + after + 1)
        found = gdal.Open(str(Sample.out / "change_2015_2020.tif"))
        self.assertTrue((found.ReadAsArray() == expected).all())
        self.assertEqual(found.GetRasterBand(1).GetNoDataValue(), 65535)

    def test_the_carbon_of_all_transitions_is_the_change_of_the_account(self):
        record = json.loads((Sample.out / "run.json").read_text(encoding="utf-8"))
        terms = next(c["terms"] for c in record["closures"] if c["closure"] == "opening to closing"
                     and c["where"].startswith("county total"))
        change = terms["sink_x_years_t"] + terms["change_off_forest_t"]
        found = sum(float(row["carbon_change_t"]) for row in self.rows if row["carbon_change_t"])
        self.assertLess(abs(found - change), 1e-9 * abs(change))


if __name__ == "__main__":
    unittest.main()
