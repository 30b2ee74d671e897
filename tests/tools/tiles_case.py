# SPDX-License-Identifier: Apache-2.0
"""The sample's middle as inventory, its plain runs, and what a test of its tiles does over and over."""
import json
import pathlib
import shutil
import tempfile

from osgeo import gdal

from folders import contents
from tile_calls import TileCalls

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "raster_samples"
SIDE = 1300                     # pixels of the sample's middle: no multiple of a block
RASTERS = ["stands_2015.tif", "stands_2020.tif", "culms_2015.tif", "culms_2020.tif", "landcover_2015.tif", "landcover_2020.tif",
           "disturbances.tif"]


class TilesTest(TileCalls):
    @classmethod
    def setUpClass(cls):
        cls.inputs = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.inputs)
        for path in SAMPLES.iterdir():
            if path.name not in RASTERS and path.suffix in (".gpkg", ".csv", ".toml"):
                shutil.copy(path, cls.inputs)
        for name in RASTERS:
            # Strips in some, tiles of another size than the outputs' in others.
            layout = [] if name.startswith("landcover") else ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"]
            gdal.Translate(str(cls.inputs / name), str(SAMPLES / name), srcWin=[400, 400, SIDE, SIDE],
                           creationOptions=["COMPRESS=ZSTD", *layout])
        cls.inventory = cls.inputs / "inventory.toml"
        # Both layouts, two shapes of blocks, and a zone set that is a class raster.
        cls.options = {"cog": (), "gtiff": ("--of", "GTiff", "--co", "BLOCKXSIZE=256", "--co", "BLOCKYSIZE=128", "--csv-bom",
                                            "--layers", "carbon,agb,co2,sink,change,cause",
                                            "--zones", cls.inputs / "landcover_2015.tif")}
        cls.plain = {}
        for name, options in cls.options.items():
            out = cls.inputs / f"plain_{name}"
            cls.succeed("run", cls.inventory, *options, "-o", out)
            cls.plain[name] = contents(out)

    def plan(self, *how, name="plan.jsonl", inventory=None):
        file = self.folder / name
        self.succeed("tiles", inventory or self.inventory, *how, "-o", file, "-q")
        return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def tile_command(self, plan, index, *extra):
        return ["run", self.inventory, "--tile", f"{plan}:{index}", "-o", self.parts, *extra]

    def merge(self, plan, *extra, out="merged", **options):
        self.succeed("merge", plan, "--from", self.parts, "-o", self.folder / out, "-q", *extra, **options)
        return contents(self.folder / out)

    def run_all(self, plan, tiles, *extra):
        for index in tiles:
            self.succeed(*self.tile_command(plan, index, "-q", *extra))
