"""sinkcalc, and the programs a user would pick instead, on the same work. A new peer is one entry of PEERS.

A contender gets a Work and gives the commands to measure. `result` names its bands (stock, stock, sink) and `zone_sums`
the CSV `zone,sum` of its planar zone sums, for the comparison with ours; both may be missing.
"""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import data_set as d

STORED = ("COMPRESS=ZSTD", "PREDICTOR=3", "ZSTD_LEVEL=1", "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512",
          "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS")
STORED_COG = ("COMPRESS=ZSTD", "PREDICTOR=YES", "LEVEL=1", "BLOCKSIZE=512", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS",
              "OVERVIEW_RESAMPLING=AVERAGE")


@dataclass(frozen=True)
class Work:
    data: d.DataSet
    sinkcalc: Path
    out: Path                     # the contender's own folder, empty
    ours: Path                    # outputs of sinkcalc in the contender's format
    threads: int


@dataclass(frozen=True)
class Contender:
    key: str                      # for --only
    program: str
    job: str
    format: str                   # GTiff or COG: which run of sinkcalc it is set against
    missing: Callable[[], str]    # why it cannot run here; empty if it can
    commands: Callable[[Work], list] = lambda work: []
    result: Callable[[Work], list] | None = None
    zone_sums: Callable[[Work], Path] | None = None
    our_zones: str = ""           # of sinkcalc: the zones whose sums in zones.csv are checked


def our_bands(folder):
    first, second = d.YEARS
    return [folder / f"co2_{first}.tif", folder / f"co2_{second}.tif", folder / f"sink_{first}_{second}.tif"]


def options(flag, values):
    return [word for value in values for word in (flag, value)]


def needs(*programs):
    return lambda: ", ".join(f"{program} is not installed" for program in programs if not shutil.which(program))


def planned(program):
    """Named so that the bench says that it was left out."""
    return lambda: f"{program} is {'installed, but has no entry yet' if shutil.which(program) else 'not installed'}"


def needs_modules(*modules):
    return lambda: ", ".join(f"python3 {m} is not installed" for m in modules if importlib.util.find_spec(m) is None)


def sinkcalc(key, job, form, zones, whole=False, threads=0):
    def commands(work):
        return [[work.sinkcalc, "run", work.data.inventory(zones, whole), "--parameters", work.data.parameters,
                 "--layers", "co2,sink", "--of", form, "--threads", threads or work.threads, "--quiet",
                 "--progress", "none", "-o", work.out]]
    checked = zones if zones in d.ZONE_COUNTS else ""
    return Contender(key, "sinkcalc", job, form, lambda: "", commands, our_zones=checked)


def gdal_calc(work):
    """All bands in one call (quicker than three): stocks by a table of factors, sink where forest at either date."""
    factors = "numpy.array([%s])" % ",".join(f"{factor:.17g}" for factor in d.co2_per_volume())
    stocks = [f"numpy.take({factors},{types},mode='clip')*{volume}" for types, volume in ("AB", "CD")]
    forest = f"(A<={d.FOREST_CODES_UP_TO})|(C<={d.FOREST_CODES_UP_TO})"
    sink = f"numpy.where({forest},({stocks[1]}-{stocks[0]})/{d.YEARS[1] - d.YEARS[0]},-9999)"
    inputs = [word for letter, (layer, year) in zip("ABCD", [(layer, year) for year in d.YEARS
                                                             for layer in ("forest_type", "volume")])
              for word in (f"-{letter}", work.data.raster(layer, year))]
    return [["gdal_calc.py", "--quiet", *inputs, *(f"--calc={calc}" for calc in (*stocks, sink)),
             f"--outfile={work.out / 'all.tif'}", "--NoDataValue=-9999", "--type=Float32",
             *(f"--co={option}" for option in (*STORED, "INTERLEAVE=BAND"))]]


def numpy_windows(work):
    return [[sys.executable, Path(__file__).with_name("numpy_peer.py"), work.data.root, work.data.size,
             work.data.codec, work.out, work.threads]]


def copy(driver, creation_options):
    return lambda work: [["gdal_translate", "-q", "-of", driver, *options("-co", creation_options), band,
                          work.out / band.name] for band in our_bands(work.ours)]


OURS = [
    sinkcalc("gtiff", "stocks, sink, 10 zones", "GTiff", "ten"),
    sinkcalc("cog", "stocks, sink, 10 zones", "COG", "ten"),
    sinkcalc("one-thread", "stocks, sink, 10 zones, one thread", "GTiff", "ten", threads=1),
    sinkcalc("many-zones", "stocks, sink, 10,000 zones", "GTiff", "ten_thousand"),
    sinkcalc("raster-zones", "stocks, sink, 10 zones of a raster", "GTiff", "raster"),
    sinkcalc("no-zones", "stocks, sink", "GTiff", "none"),
    sinkcalc("more-layers", "stocks, sink, 10 zones, age and land cover read too", "GTiff", "ten", whole=True),
]
REFERENCES = {"GTiff": "gtiff", "COG": "cog"}     # always run: the others are set against them

PEERS = [
    Contender("gdal_calc", "gdal_calc.py", "stocks, sink", "GTiff", needs("gdal_calc.py"), gdal_calc,
              lambda work: [f"{work.out / 'all.tif'}:{band}" for band in (1, 2, 3)]),
    Contender("numpy", "numpy, GDAL windows", "stocks, sink, 10 zones of a raster", "GTiff",
              needs_modules("numpy", "osgeo"), numpy_windows, lambda work: our_bands(work.out),
              lambda work: work.out / "zones.csv"),
    Contender("copy", "gdal_translate", "copy of our bands", "GTiff", needs("gdal_translate"), copy("GTiff", STORED)),
    Contender("copy-cog", "gdal_translate -of COG", "copy of our bands", "COG", needs("gdal_translate"),
              copy("COG", STORED_COG)),
    Contender("otb", "OTB BandMath", "stocks, sink", "GTiff", planned("otbcli_BandMath")),
    Contender("grass", "GRASS r.mapcalc", "stocks, sink", "GTiff", planned("grass")),
    Contender("terra", "R terra", "stocks, sink", "GTiff", planned("Rscript")),
    Contender("exactextract", "exactextract", "zone sums", "GTiff", planned("exactextract")),
]
