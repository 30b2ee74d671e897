# SPDX-License-Identifier: Apache-2.0
"""A run in tiles: the merged folder is that of a plain run byte for byte; every block is in one tile."""
import hashlib
import json
import random
import unittest

import numpy
from osgeo import gdal

from tiles_case import RASTERS, SIDE, TilesTest


class Merged(TilesTest):
    def check(self, kind, *how):
        """Tiles out of order, with other threads and memory, each run twice; the plan made elsewhere than it is merged."""
        plan, (header, *tiles) = self.plan(*how, *self.options[kind])
        order = list(range(header["tiles"]))
        random.Random(7).shuffle(order)
        for at, index in enumerate(order):
            effort = [("--threads", "1"), ("--threads", "3", "--memory", "64M"), ()][at % 3]
            first = self.succeed(*self.tile_command(plan, index, *effort))
            self.assertNotIn("was there", first.stderr)
            part = self.parts / tiles[index]["outputs"][0]
            before = part.stat().st_mtime_ns, hashlib.sha256(part.read_bytes()).hexdigest()
            again = self.succeed(*self.tile_command(plan, index))
            self.assertIn("was there already", again.stderr)
            self.assertEqual((part.stat().st_mtime_ns, hashlib.sha256(part.read_bytes()).hexdigest()), before)
        self.assert_same(self.merge(plan), self.plain[kind])
        self.assertEqual(sorted(p.name for p in (self.parts / "parts").iterdir()),
                         sorted(f"{i}.part" for i in order), "files were left beside the parts")
        timings = json.loads((self.folder / "merged" / "run.json").read_text(encoding="utf-8"))["timings"]
        self.assertEqual(timings["tiles"]["tiles"], len(order))
        self.assertEqual(timings["tiles"]["plan"], header["hash"])

    def test_squares_of_a_block(self):
        self.check("cog", "--tile", 512)

    def test_squares_of_blocks(self):
        self.check("cog", "--tile", 1024)

    def test_one_tile(self):
        self.check("cog", "--tile", 4096)

    def test_zones(self):
        self.check("cog", "--by", "county")

    def test_geotiffs_with_blocks_of_another_shape(self):
        self.check("gtiff", "--tile", 512)

    def test_geotiffs_by_the_zones_of_a_raster(self):
        self.check("gtiff", "--by", "landcover_2015")

    def test_a_relative_inventory_merged_elsewhere(self):
        """Paths of a plan are those of where it was made."""
        plan = self.folder / "plan.jsonl"
        self.succeed("tiles", "inventory.toml", "--tile", 1024, "-o", plan, "-q", cwd=self.inputs)
        self.run_all(plan, range(4))
        self.assert_same(self.merge(plan, cwd=self.folder), self.plain["cog"])

    def test_the_index_of_an_array_job(self):
        plan, _ = self.plan("--tile", 1024)
        command = ["run", self.inventory, "--tile", plan, "-o", self.parts]
        for variable, value, index in (("SLURM_ARRAY_TASK_ID", "2", 2), ("PBS_ARRAY_INDEX", "0", 0), ("PBS_ARRAYID", "3", 3),
                                       ("SGE_TASK_ID", "2", 1)):
            done = self.succeed(*command, "--json", "-q", env={variable: value})
            self.assertEqual(json.loads(done.stdout)["tile"], index)
            self.assertTrue((self.parts / "parts" / f"{index}.part").is_file())
        self.refuse(2, ["which tile", "SLURM_ARRAY_TASK_ID"], *command)
        self.refuse(2, "which tile", *command, env={"SGE_TASK_ID": "undefined"})
        self.refuse(2, "no index", *command, env={"SGE_TASK_ID": "0"})
        self.refuse(2, ["has no tile 4", "0 to 3"], *command, env={"SLURM_ARRAY_TASK_ID": "4"})
        self.refuse(2, "has no tile 9", *self.tile_command(plan, 9))
        self.refuse(2, "no index", *self.tile_command(plan, "x"))


class Plan(TilesTest):
    def test_every_block_is_in_one_tile(self):
        for how in (["--tile", "512"], ["--tile", "1024"], ["--by", "county"], ["--by", "wuyishan"]):
            _, (header, *tiles) = self.plan(*how, name="-".join(how))
            times = numpy.zeros((SIDE, SIDE), int)
            for index, tile in enumerate(tiles):
                self.assertEqual(tile["index"], index)
                self.assertGreater(tile["estimated"]["memory_bytes"], 0)
                self.assertGreater(tile["estimated"]["core_seconds"], 0)
                self.assertEqual(tile["pixels"], sum(w * h for _, _, w, h in tile["windows"]))
                for column, row, columns, rows in tile["windows"]:
                    times[row:row + rows, column:column + columns] += 1
                    self.assertEqual((column % 512, row % 512), (0, 0))
                    self.assertTrue(columns % 512 == 0 or column + columns == SIDE)
                    self.assertTrue(rows % 512 == 0 or row + rows == SIDE)
            self.assertTrue((times == 1).all(), how)
            self.assertEqual(header["tiles"], len(tiles))

    def test_a_block_goes_to_the_zone_with_most_of_its_pixels(self):
        """Against zones that GDAL makes into a raster."""
        options = ("--of", "GTiff", "--co", "BLOCKXSIZE=128", "--co", "BLOCKYSIZE=128")
        _, (_, *tiles) = self.plan("--by", "county", *options)
        raster = gdal.Open(str(self.inputs / RASTERS[0]))
        like = raster.GetGeoTransform()
        # Held in a name each: a layer does not hold its dataset.
        counties = gdal.VectorTranslate("", str(self.inputs / "counties.gpkg"), format="Memory", dstSRS=raster.GetProjection())
        layer = counties.GetLayer()
        wanted = {int(feature["code"]): feature["code"] for feature in layer}
        bounds = [like[0], like[3] + SIDE * like[5], like[0] + SIDE * like[1], like[3]]
        burned = gdal.Rasterize("", counties, format="MEM", attribute="code", initValues=[0], outputType=gdal.GDT_Int32,
                                width=SIDE, height=SIDE, outputBounds=bounds).ReadAsArray()
        of_block = {}
        for tile in tiles:
            for column, row, columns, rows in tile["windows"]:
                for y in range(row, row + rows, 128):
                    for x in range(column, column + columns, 128):
                        of_block[x, y] = tile["zone"]
        for (x, y), zone in of_block.items():
            found, pixels = numpy.unique(burned[y:y + 128, x:x + 128], return_counts=True)
            count = {wanted[code]: n for code, n in zip(found, pixels) if code != 0}
            if not count:
                self.assertEqual(zone, "")
            else:
                # Pixel centres on a border may differ by one between the two.
                self.assertGreaterEqual(count.get(zone, 0) + 2, max(count.values()), (x, y))
        self.assertEqual(len(of_block), (-(-SIDE // 128)) ** 2)
        self.assertEqual([tile["zone"] for tile in tiles if tile["zone"] == ""], [""] if "" in of_block.values() else [])

    def test_the_same_inputs_and_options_give_the_same_hash(self):
        hashes = {how: self.plan(*how, name=f"{i}.jsonl")[1][0]["hash"] for i, how in enumerate(
            [("--tile", "512"), ("--tile", "1024"), ("--tile", "512", "--layers", "carbon"), ("--by", "county")])}
        self.assertEqual(len(set(hashes.values())), len(hashes))
        again = self.plan("--tile", "512", name="again.jsonl")[1][0]
        self.assertEqual(again["hash"], hashes["--tile", "512"])
        for given in again["inputs"]:
            file = self.inputs / given["path"]
            self.assertEqual(given["sha256"], hashlib.sha256(file.read_bytes()).hexdigest())
            self.assertEqual(given["bytes"], file.stat().st_size)
        self.assertIn("stands_2015.tif", [given["path"] for given in again["inputs"]])
        self.assertIn("provincial.csv", [given["path"] for given in again["inputs"]])

    def test_without_o_it_is_printed(self):
        done = self.succeed("tiles", self.inventory, "--tile", "1024")
        self.assertEqual(json.loads(done.stdout.splitlines()[0])["tiles"], 4)
        self.assertEqual(done.stderr, "")

    def test_what_cannot_be_a_plan(self):
        tiles = ("tiles", self.inventory)
        self.refuse(2, ["--tile", "--by"], *tiles)
        self.refuse(2, ["--tile", "--by"], *tiles, "--tile", "512", "--by", "county")
        self.refuse(2, ["multiple", "1024"], *tiles, "--tile", "1000")
        self.refuse(2, ["no such zone set", "county, wuyishan"], *tiles, "--by", "township")
        self.refuse(2, "written by GDAL", *tiles, "--tile", "512", "--io", "gdal")
        self.refuse(2, "written by GDAL", *tiles, "--tile", "512", "--co", "COMPRESS=LZW")
        self.refuse(3, "cannot be written", *tiles, "--tile", "512", "-o", "/proc/plan.jsonl")
        self.refuse(3, ["none/plan.jsonl: cannot be written", "folder"], *tiles, "--tile", "512", "-o", self.folder / "none/plan.jsonl")
        plan, _ = self.plan("--tile", 1024)
        self.refuse(2, "--overwrite", *tiles, "--tile", "512", "-o", plan)
        self.refuse(2, "no plan of tiles", *tiles, "--tile", "512", "-o", self.inventory, "--overwrite")
        self.succeed(*tiles, "--tile", "512", "-o", plan, "--overwrite", "-q")


if __name__ == "__main__":
    unittest.main()
