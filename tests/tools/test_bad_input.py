# SPDX-License-Identifier: Apache-2.0
"""Bad input: every case is refused with one line that names the file and the way out, and nothing is written."""
import shutil
import subprocess
import unittest

import numpy as np
from osgeo import gdal

from raster_case import (COLUMNS, ROWS, WEST, NORTH, PIXEL, PLACE, LONGEST_LISTING, FIR, LEGEND, FIR_C_PER_M3, write_polygons,
                         box, areas_ha, RasterTest)


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


if __name__ == "__main__":
    unittest.main()
