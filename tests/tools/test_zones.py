# SPDX-License-Identifier: Apache-2.0
"""Zones: thousands of polygons, overlap, zones without pixels, class rasters, --where; against numpy and pyproj."""
import json
import time
import unittest

import numpy as np
from osgeo import gdal, ogr, osr
from pyproj import CRS, Geod, Transformer

from raster_case import (FIR, FIR_C_PER_M3, PLACE, PIXEL, WEST, NORTH, RasterTest, areas_ha, box, crs_of, read_csv, write_polygons,
                            write_raster)

SIDE = 1000
ACROSS = 71                     # 71 x 71 squares: 5041 polygons
LONGEST_S = 60
LONGEST_EDGE_DEGREES = 1e-3     # 100 m, 0.2 mm off the straight edge in degrees: no densification matters any more


def squares():
    """Squares in degrees on a jittered grid over the raster; none touches another."""
    random = np.random.default_rng(20260101)
    to_degrees = Transformer.from_crs(4548, 4326, always_xy=True)
    west, south = to_degrees.transform(WEST, NORTH - SIDE * PIXEL)
    east, north = to_degrees.transform(WEST + SIDE * PIXEL, NORTH)
    step_x, step_y = (east - west) / ACROSS, (north - south) / ACROSS
    shapes = []
    for row in range(ACROSS):
        for column in range(ACROSS):
            left, below = random.uniform(0.02, 0.3, 2)
            width, height = random.uniform(0.5, 0.65, 2)
            x, y = west + (column + left) * step_x, south + (row + below) * step_y
            number = row * ACROSS + column + 1
            square = ogr.CreateGeometryFromWkt(box(x, y, x + width * step_x, y + height * step_y))
            square.Segmentize(LONGEST_EDGE_DEGREES)
            shapes.append(((f"{number:05d}", f"square {number}"), square.ExportToWkt()))
    return shapes


def rasterised(shapes, crs=4326, rows=SIDE, columns=SIDE):
    """The number of the polygon that holds each pixel's centre, from 1; 0 in none. By gdal.RasterizeLayer."""
    to_grid = osr.CoordinateTransformation(crs_of(crs), crs_of(4548))
    vector = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = vector.CreateLayer("z", crs_of(4548))
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    for number, (_, wkt) in enumerate(shapes, 1):
        shape = ogr.CreateGeometryFromWkt(wkt)
        if crs == 4326:
            shape.Transform(to_grid)
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("number", number)
        feature.SetGeometry(shape)
        layer.CreateFeature(feature)
    target = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Int32)
    target.SetGeoTransform(PLACE)
    target.SetProjection(crs_of(4548).ExportToWkt())
    gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=number"])
    return target.ReadAsArray()


class Zones(RasterTest):
    """rows of zonal.csv and zones.csv against sums by hand."""

    def zonal(self, *arguments, out="sums"):
        """Rows of zonal.csv by zone id."""
        self.assert_works("zonal", *arguments, "-o", out)
        rows = read_csv(self.folder / out / "zonal.csv")
        self.assertEqual(rows[-1]["zone_id"], "total")
        return {row["zone_id"]: row for row in rows if row["class"] == ""}

    def dates(self, out="out"):
        """Rows of zones.csv of a date by zone id."""
        return {row["zone_id"]: row for row in read_csv(self.folder / out / "zones.csv") if row["year"] != ""}

    def assert_all_close(self, found, expected, tolerance=1e-9):
        found, expected = np.array(found, float), np.array(expected, float)
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-9)


class ThousandsOfPolygons(Zones):
    @classmethod
    def setUpClass(cls):
        cls.shapes = squares()
        cls.ids = rasterised(cls.shapes)
        cls.area = areas_ha(SIDE, SIDE)
        cls.volume = np.random.default_rng(6).uniform(0, 400, (SIDE, SIDE)).astype("float32")
        cls.volume[100:140, 300:700] = np.nan

    def setUp(self):
        super().setUp()
        write_polygons(self.folder / "squares.gpkg", self.shapes, crs=4326)
        self.raster("types.tif", np.full((SIDE, SIDE), FIR, "uint16"), nodata=65535, options=["TILED=YES", "COMPRESS=ZSTD"])
        self.raster("big.tif", self.volume, nodata=float("nan"), options=["TILED=YES"])

    def sums(self, weights, valid=True):
        """Sums by polygon, from 1, with numpy."""
        weights = np.where(valid, weights, 0.0)
        return np.bincount(self.ids.ravel(), weights.ravel(), len(self.shapes) + 1)[1:]

    def test_the_areas_we_compare_with_are_those_of_pyproj(self):
        geod, to_degrees = CRS(4548).get_geod(), Transformer.from_crs(4548, 4490, always_xy=True)
        for row, column in [(0, 0), (500, 300), (999, 999), (10, 990)]:
            x, y = WEST + column * PIXEL, NORTH - row * PIXEL
            edge = np.linspace(0, PIXEL, 50)
            ring_x = np.concatenate([x + edge, np.full(50, x + PIXEL), x + edge[::-1], np.full(50, x)])
            ring_y = np.concatenate([np.full(50, y), y - edge, np.full(50, y - PIXEL), (y - PIXEL) + edge])
            true_m2, _ = geod.polygon_area_perimeter(*to_degrees.transform(ring_x, ring_y))
            self.assert_close(self.area[row, column], abs(true_m2) / 1e4, 1e-8)

    def test_zonal(self):
        start = time.monotonic()
        rows = self.zonal("big.tif", "--zones", "squares.gpkg", "--zone-id", "code", "--zone-name", "name")
        self.assertLess(time.monotonic() - start, LONGEST_S)
        self.assertEqual(list(rows), [fields[0] for fields, _ in self.shapes] + ["total"])
        valid = ~np.isnan(self.volume)
        value = np.nan_to_num(self.volume.astype(float))
        zones = [rows[fields[0]] for fields, _ in self.shapes]
        self.assertEqual([int(row["pixels"]) for row in zones], self.sums(np.ones_like(self.area), valid).astype(int).tolist())
        area, total = self.sums(self.area, valid), self.sums(value * self.area, valid)
        self.assert_all_close([row["area_ha"] for row in zones], area)
        self.assert_all_close([row["sum"] for row in zones], total)
        self.assertEqual(zones[7]["zone_name"], "square 8")
        full = area > 0
        self.assert_all_close([row["mean"] for row, has in zip(zones, full) if has], total[full] / area[full])
        mean = np.append(0, np.divide(total, area, out=np.zeros_like(total), where=full))[self.ids]
        spread = np.sqrt(self.sums((value - mean)**2 * self.area, valid)[full] / area[full])
        self.assert_all_close([row["std"] for row, has in zip(zones, full) if has], spread, 1e-8)
        for number in (1, 700, 5041):
            inside = self.volume[(self.ids == number) & valid]
            if len(inside) > 0:
                self.assertEqual((float(zones[number - 1]["min"]), float(zones[number - 1]["max"])), (inside.min(), inside.max()))
        self.assert_close(float(rows["total"]["sum"]), total.sum())
        self.assert_close(float(rows["total"]["area_ha"]), area.sum())

    def test_run(self):
        self.inventory([(2015, {"forest_type": "types.tif", "volume": "big.tif"}),
                        (2020, {"forest_type": "types.tif", "volume": "big.tif"})],
                       tables='[[zones]]\nname = "squares"\nfile = "squares.gpkg"\nid = "code"\nlabel = "name"\n')
        start = time.monotonic()
        self.assert_works("run", "i.toml", "-o", "out", "--layers", "carbon", "--memory", "300M")
        self.assertLess(time.monotonic() - start, LONGEST_S)
        rows = {row["zone_id"]: row for row in read_csv(self.folder / "out" / "zones.csv") if row["year"] == "2020"}
        zones = [rows[fields[0]] for fields, _ in self.shapes]
        valid = ~np.isnan(self.volume)
        carbon = self.sums(np.nan_to_num(self.volume.astype(float)) * FIR_C_PER_M3 * self.area, valid)
        self.assert_all_close([row["carbon_t"] for row in zones], carbon)
        self.assert_all_close([row["area_ha"] for row in zones], self.sums(self.area))
        self.assert_all_close([row["unmodelled_area_ha"] for row in zones], self.sums(self.area, ~valid))
        self.assert_close(float(rows["total"]["carbon_t"]), carbon.sum())
        self.assert_close(float(rows["total"]["area_ha"]), self.area[self.ids > 0].sum())
        closures = json.loads((self.folder / "out" / "run.json").read_text(encoding="utf-8"))["closures"]
        whole = [c for c in closures if c["closure"].startswith("zones to whole, area")]
        self.assertEqual(len(whole), 1)
        self.assertTrue(all(c["holds"] for c in closures))
        self.assert_close(whole[0]["terms"]["zones"] + whole[0]["terms"]["outside"], self.area.sum())
        source = ogr.Open(str(self.folder / "out" / "zones.gpkg"))
        self.assertEqual(source.GetLayerByName("squares").GetFeatureCount(), len(self.shapes))

    def test_threads_and_memory_do_not_change_a_byte(self):
        tables = set()
        for number, options in enumerate([["--threads", "1"], ["--threads", "8"], ["--threads", "2", "--memory", "64M"]]):
            self.zonal("big.tif", "--zones", "squares.gpkg", "--zone-id", "code", *options, out=f"sums{number}")
            tables.add((self.folder / f"sums{number}" / "zonal.csv").read_bytes())
        self.assertEqual(len(tables), 1)

    def test_a_class_raster_of_the_same_zones_gives_the_same_numbers(self):
        write_raster(self.folder / "ids.tif", self.ids.astype("uint16"), nodata=0)
        by_polygon = self.zonal("big.tif", "--zones", "squares.gpkg", "--zone-id", "code", out="polygons")
        by_raster = self.zonal("big.tif", "--zones", "ids.tif", out="raster")
        columns = ["pixels", "area_ha", "sum", "mean", "std", "min", "max"]
        for number in [*range(1, len(self.shapes) + 1), "total"]:
            polygon = by_polygon[f"{number:05d}" if number != "total" else number]
            raster = by_raster.get(str(number))
            if raster is None:
                self.assertEqual(polygon["pixels"], "0")
                continue
            self.assertEqual([polygon[c] for c in columns], [raster[c] for c in columns], number)


class FewZones(Zones):
    """On the small raster of 40 x 30 pixels of RasterTest."""

    def setUp(self):
        super().setUp()
        values = np.random.default_rng(7).uniform(0, 400, (30, 40)).astype("float32")
        self.raster("volume.tif", values, nodata=float("nan"))
        self.values, self.area = values.astype(float), areas_ha()

    def square(self, column, row, columns, rows):
        """A polygon over whole pixels."""
        return box(WEST + column * PIXEL, NORTH - (row + rows) * PIXEL, WEST + (column + columns) * PIXEL, NORTH - row * PIXEL)

    def test_overlap_gives_each_zone_the_pixel_and_the_total_once(self):
        write_polygons(self.folder / "z.gpkg", [(("a", "A"), self.square(2, 2, 10, 10)), (("b", "B"), self.square(7, 7, 10, 10)),
                                                (("c", "C"), self.square(0, 0, 40, 12))])
        masks = {name: np.zeros((30, 40), bool) for name in "abc"}
        masks["a"][2:12, 2:12], masks["b"][7:17, 7:17], masks["c"][0:12, :] = True, True, True
        masks["total"] = masks["a"] | masks["b"] | masks["c"]
        rows = self.zonal("volume.tif", "--zones", "z.gpkg", "--zone-id", "code")
        self.assert_works(*self.stock("--zones", "z.gpkg", "--zone-id", "code"))
        stocks = self.dates()
        self.assertEqual(list(rows), ["a", "b", "c", "total"])
        for zone, mask in masks.items():
            with self.subTest(zone):
                self.assertEqual(int(rows[zone]["pixels"]), mask.sum())
                self.assert_close(float(rows[zone]["area_ha"]), self.area[mask].sum())
                self.assert_close(float(rows[zone]["sum"]), (self.values * self.area)[mask].sum())
                self.assert_close(float(stocks[zone]["area_ha"]), self.area[mask].sum())
                self.assert_close(float(stocks[zone]["carbon_t"]), (self.values * self.area)[mask].sum() * FIR_C_PER_M3)

    def test_a_zone_without_pixels_keeps_its_row(self):
        tiny = box(WEST + 110, NORTH - 140, WEST + 130, NORTH - 120)          # between four centres
        far = box(WEST + 1e6, NORTH, WEST + 1e6 + 500, NORTH + 500)           # beside the raster
        write_polygons(self.folder / "z.gpkg", [(("a", "A"), self.square(2, 2, 10, 10)), (("far", "F"), far), (("tiny", "T"), tiny)])
        rows = self.zonal("volume.tif", "--zones", "z.gpkg", "--zone-id", "code")
        for zone in ("far", "tiny"):
            self.assertEqual([rows[zone][c] for c in ("pixels", "area_ha", "sum", "mean", "std", "min", "max")],
                             ["0", "0", "0", "", "", "", ""])
        layers = {"forest_type": "type.tif", "volume": "volume.tif"}
        self.inventory([(2015, layers), (2020, layers)],
                       tables='[[zones]]\nname = "z"\nfile = "z.gpkg"\nid = "code"\n[baseline]\nname = "b"\nrate_tco2_ha_yr = 1.97\n')
        self.assert_works("run", "i.toml", "-o", "out")
        table = read_csv(self.folder / "out" / "zones.csv")
        self.assertEqual([row["zone_id"] for row in table], [z for z in ("a", "far", "tiny", "total") for _ in range(3)])
        for row in table:
            if row["zone_id"] not in ("far", "tiny"):
                continue
            sums = ["area_ha", "forest_area_ha"]
            sums += ["carbon_t", "co2_t"] if row["year"] else ["sink_tco2_yr", "rate_area_ha", "loss_area_ha"]
            self.assertEqual([float(row[name]) for name in sums], [0] * len(sums))
            blank = ["sink_tco2_ha_yr", "rate_coverage", "gap_tco2_ha_yr", "gap_tco2_yr", "status"]
            self.assertEqual([row[name] for name in blank], [""] * len(blank))

    def test_where(self):
        write_polygons(self.folder / "z.gpkg", [(("a", "north"), self.square(0, 0, 10, 10)), (("b", "south"), self.square(0, 15, 10, 10)),
                                                (("c", "it's"), self.square(20, 15, 10, 10))])
        for text, expected in [("name=north", ["a"]), ("name = 'south'", ["b"]), ("code=c", ["c"]), ("name=it's", ["c"])]:
            with self.subTest(text):
                rows = self.zonal("volume.tif", "--zones", "z.gpkg", "--zone-id", "code", "--where", text, "--overwrite")
                self.assertEqual(list(rows), [*expected, "total"])
                self.assertEqual(rows["total"]["sum"], rows[expected[0]]["sum"])
        self.assert_refused(["z.gpkg", "nam"], "zonal", "volume.tif", "--zones", "z.gpkg", "--zone-id", "code", "--where", "nam=x", "-o", "o")
        self.assert_refused(["z.gpkg", "north"], "zonal", "volume.tif", "--zones", "z.gpkg", "--zone-id", "code", "--where",
                            "name=north' OR '1'='1", "-o", "o")

    def test_zones_of_every_format_and_crs_give_the_same(self):
        to_degrees = osr.CoordinateTransformation(crs_of(4548), crs_of(4326))
        shape = ogr.CreateGeometryFromWkt(box(WEST + 330, NORTH - 1870, WEST + 2810, NORTH - 420))
        write_polygons(self.folder / "z.gpkg", [(("a", "A"), shape.ExportToWkt())])
        shape.Segmentize(10.0)
        shape.Transform(to_degrees)
        for name, driver in [("d.gpkg", "GPKG"), ("d.geojson", "GeoJSON"), ("d.shp", "ESRI Shapefile")]:
            write_polygons(self.folder / name, [(("a", "A"), shape.ExportToWkt())], crs=4326, driver=driver)
        sums = {name: self.zonal("volume.tif", "--zones", name, "--zone-id", "code", "--overwrite")["a"]["sum"]
                for name in ("z.gpkg", "d.gpkg", "d.geojson", "d.shp")}
        self.assertEqual(len(set(sums.values())), 1, sums)

    def test_two_sets_in_one_pass(self):
        write_polygons(self.folder / "z.gpkg", [(("a", "A"), self.square(2, 2, 10, 10))])
        halves = np.repeat([[1, 2]], 30, axis=0).repeat(20, axis=1).astype("uint8")
        self.raster("halves.tif", halves, nodata=0)
        self.inventory([(2020, {"forest_type": "type.tif", "volume": "volume.tif"})],
                       tables='[[zones]]\nfile = "z.gpkg"\nid = "code"\n[[zones]]\nname = "halves"\nfile = "halves.tif"\n')
        self.assert_works("run", "i.toml", "-o", "out")
        table = read_csv(self.folder / "out" / "zones.csv")
        self.assertEqual([(row["zone_set"], row["zone_id"]) for row in table],
                         [("z", "a"), ("z", "total"), ("halves", "1"), ("halves", "2"), ("halves", "total")])
        carbon = self.values * self.area * FIR_C_PER_M3
        self.assert_close(float(table[2]["carbon_t"]), carbon[:, :20].sum())
        self.assert_close(float(table[4]["carbon_t"]), carbon.sum())

    def test_by_class(self):
        write_polygons(self.folder / "z.gpkg", [(("a", "A"), self.square(2, 2, 20, 10))])
        classes = np.where(np.arange(40) < 9, 3, 5).astype("uint8")[None, :].repeat(30, axis=0)
        classes[5, 5] = 255
        self.raster("classes.tif", classes, nodata=255)
        self.assert_works("zonal", "volume.tif", "--zones", "z.gpkg", "--zone-id", "code", "--by", "classes.tif", "-o", "sums")
        rows = {(row["zone_id"], row["class"]): row for row in read_csv(self.folder / "sums" / "zonal.csv")}
        inside = np.zeros((30, 40), bool)
        inside[2:12, 2:22] = True
        for zone in ("a", "total"):
            self.assertEqual([key for key in rows if key[0] == zone], [(zone, ""), (zone, "3"), (zone, "5")])
            for code in (3, 5):
                here = inside & (classes == code)
                self.assertEqual(int(rows[zone, str(code)]["pixels"]), here.sum())
                self.assert_close(float(rows[zone, str(code)]["sum"]), (self.values * self.area)[here].sum())
            self.assertEqual(int(rows[zone, ""]["pixels"]), inside.sum())

    def test_geographic_grids_have_true_areas(self):
        place = (117.5, 0.01, 0, 28.0, 0, -0.01)
        self.raster("degrees.tif", np.full((30, 40), 100, "float32"), crs=4326, place=place)
        self.raster("one.tif", np.ones((30, 40), "uint8"), crs=4326, place=place)
        rows = self.zonal("degrees.tif", "--zones", "one.tif")
        geod = Geod(ellps="WGS84")
        edge = np.linspace(117.5, 117.9, 4001)
        true_m2, _ = geod.polygon_area_perimeter(np.append(edge, edge[::-1]), np.append(np.full(4001, 28.0), np.full(4001, 27.7)))
        self.assert_close(float(rows["1"]["area_ha"]), abs(true_m2) / 1e4)
        self.assert_close(float(rows["1"]["sum"]), abs(true_m2) / 1e2)


if __name__ == "__main__":
    unittest.main()
