"""What a contender of the bench is, and sinkcalc's own. The programs a user would pick instead are in peers.py.

A contender gets a Work and gives the commands to measure; `check` gives what compare.py holds its answer against (its
words are explained there). `against` is the key of the run of ours that does the same job in the same format.
"""

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import data_set as d

STORED = ("COMPRESS=ZSTD", "PREDICTOR=3", "ZSTD_LEVEL=1", "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512",
          "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS")
STORED_CODES = tuple(option.replace("PREDICTOR=3", "PREDICTOR=2") for option in STORED)
STORED_COG = ("COMPRESS=ZSTD", "PREDICTOR=YES", "LEVEL=1", "BLOCKSIZE=512", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS")

JOBS = {"J1": "one stock from types and volume",
        "J2": "two stocks and the sink",
        "J3": "zone sums of the sink, 10 zones of a raster",
        "J3p": "zone sums of the sink, 10 polygons",
        "J4": "change codes and matrix",
        "J4c": "change codes, matrix and its carbon",
        "J5a": "two stocks, sink, 10 zones; ages read and not used",
        "J5g": "the same, and 30 years of growth",
        "J5": "two stocks, sink, change, matrix, 10 zones"}


@dataclass(frozen=True)
class Work:
    data: d.DataSet
    sinkcalc: Path
    folder: Path                  # holds a folder for each contender
    key: str
    threads: int

    @property
    def out(self):
        """The contender's own folder, empty."""
        return self.folder / self.key

    def of(self, key):
        """The folder of another contender, one of ours."""
        return self.folder / key

    @property
    def sinkchange(self):
        return self.sinkcalc.with_name("sinkchange")


@dataclass(frozen=True)
class Contender:
    key: str                      # for --only
    program: str
    job: str                      # of JOBS
    format: str                   # GTiff, COG, or - for tables
    against: str                  # key of ours
    commands: Callable[[Work], list] = lambda work: []
    check: Callable[[Work], list] | None = None
    missing: Callable[[], str] = lambda: ""      # why it cannot run here; empty if it can
    note: str = ""


def needs(*programs):
    return lambda: ", ".join(f"{program} is not installed" for program in programs if not shutil.which(program))


def needs_modules(*modules):
    return lambda: ", ".join(f"python3 {m} is not installed" for m in modules if importlib.util.find_spec(m) is None)


def stock_bands(folder):
    return [folder / f"co2_{year}.tif" for year in d.YEARS]


def sink_band(folder):
    return folder / f"sink_{d.YEARS[0]}_{d.YEARS[1]}.tif"


def change_band(folder):
    return folder / f"change_{d.YEARS[0]}_{d.YEARS[1]}.tif"


def our_bands(folder):
    return [*stock_bands(folder), sink_band(folder), change_band(folder)]


def quiet(work, threads=0):
    return ["--threads", threads or work.threads, "--quiet", "--progress", "none", "-o", work.out]


def run(key, form, zones="ten", maps="change", layers="co2,sink,change", threads=0, job="J5", note="", more=(), against=""):
    def commands(work):
        return [[work.sinkcalc, "run", work.data.inventory(zones, maps), "--parameters", work.data.parameters,
                 "--layers", layers, "--of", form, *more, *quiet(work, threads)]]

    def check(work):
        return [f"zones={zones},{work.out / 'zones.csv'},{sink_band(work.out)}"]
    return Contender(key, "sinkcalc run", job, form, against or key, commands, check if zones in d.ZONE_COUNTS else None, note=note)


def stock(work):
    year = d.YEARS[0]
    return [[work.sinkcalc, "stock", "--method", "bef", "--forest-type", work.data.raster("forest_type", year),
             "--volume", work.data.raster("volume", year), "--legend", work.data.shared / "legend.csv", "--parameters",
             work.data.parameters, "--year", year, "--layers", "co2", "--of", "GTiff", *quiet(work)]]


def zonal(zones):
    def commands(work):
        names = [] if zones.endswith(".tif") else ["--zone-id", "code"]
        return [[work.sinkcalc, "zonal", sink_band(work.of("j5")), "--zones", work.data.shared / zones, *names,
                 *quiet(work)]]
    return commands


def zonal_check(work):
    return [f"zonal=ten,{work.out / 'zonal.csv'},{sink_band(work.of('j5'))}"]


def change(command, *more):
    def commands(work):
        stocks = [word for band in stock_bands(work.of("j5")) for word in ("--stock", band)] if "carbon" in more else []
        form = ["--of", "GTiff"] if command == "map" else []
        return [[work.sinkchange, command, *work.data.inputs(["landcover"]), "--years", *d.YEARS, "--legend", "clcd",
                 *stocks, *form, *quiet(work)]]
    return commands


OURS = [
    run("j5", "GTiff"),
    run("j5-cog", "COG"),
    run("j5-one", "GTiff", threads=1, note="one thread"),
    run("j5-gdal", "GTiff", note="--io gdal", more=("--io", "gdal")),
    run("j5-many", "GTiff", zones="ten_thousand", note="10,000 zones"),
    run("j2", "GTiff", zones="none", maps="", layers="co2,sink", job="J2"),
    run("j5a", "GTiff", maps="age", layers="co2,sink", job="J5a"),
    run("growth", "GTiff", maps="growth", layers="co2,sink", job="J5g", against="j5a"),
    Contender("j1", "sinkcalc stock", "J1", "GTiff", "j1", stock),
    Contender("j3", "sinkcalc zonal", "J3", "-", "j3", zonal("zones_ten.tif"), zonal_check),
    Contender("j3p", "sinkcalc zonal", "J3p", "-", "j3p", zonal("zones_ten.gpkg"), zonal_check),
    Contender("j4", "sinkchange map", "J4", "GTiff", "j4", change("map")),
    Contender("j4-matrix", "sinkchange matrix", "J4", "-", "j4", change("matrix"), note="no rasters"),
    Contender("j4c", "sinkchange map --stock", "J4c", "GTiff", "j4c", change("map", "carbon"),
              note="two carbon maps read too"),
]
