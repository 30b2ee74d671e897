"""The programs a user would pick instead, on the same work. A new peer is one entry of PEERS."""

import shutil
import sys
from pathlib import Path

from . import data_set as d
from .contenders import (STORED, STORED_COG, STORED_CODES, Contender, change_band, needs, needs_modules, our_bands,
                         sink_band, stock_bands)

HERE = Path(__file__).parent
NODATA, NO_CODE = -9999, 65535
YEARS = d.YEARS[1] - d.YEARS[0]
CODES = f"{d.COVERS}*{{0}}+{{1}}-{d.COVERS}"       # i K + j + 1 with classes 1 to K


def options(flag, values):
    return [word for value in values for word in (flag, value)]


def stock_check(bands, key):
    return lambda work: [f"band={ours},{work.out / theirs}" for ours, theirs in zip(stock_bands(work.of(key)), bands)]


def sink_check(bands, key):
    def check(work):
        stocks = stock_bands(work.of(key))
        return [*stock_check(bands[:2], key)(work),
                f"band={sink_band(work.of(key))},{work.out / bands[2]},{stocks[0]},{stocks[1]}"]
    return check


def change_check(name, key="j4"):
    return lambda work: [f"codes={change_band(work.of(key))},{work.out / name}"]


def matrix_check(key):
    return lambda work: [*change_check("change.tif", key)(work),
                         f"matrix={work.of(key) / 'matrix.csv'},{work.out / 'matrix.csv'}"]


# gdal_calc.py: all bands of J2 in one call (quicker than three); a table of factors, sink where forest at either date.
def gdal_calc(work, letters, calcs, name, kind, nodata, stored):
    inputs = [word for letter, path in letters.items() for word in (f"-{letter}", path)]
    return [["gdal_calc.py", "--quiet", *inputs, *(f"--calc={calc}" for calc in calcs), f"--outfile={work.out / name}",
             f"--NoDataValue={nodata}", f"--type={kind}", *(f"--co={option}" for option in (*stored, "INTERLEAVE=BAND"))]]


def factors():
    return "numpy.array([%s])" % ",".join(f"{factor:.17g}" for factor in d.co2_per_volume())


def gdal_calc_stocks(count):
    def commands(work):
        keys = [(layer, year) for year in d.YEARS[:count] for layer in ("forest_type", "volume")]
        stocks = [f"numpy.take({factors()},{types},mode='clip')*{volume}" for types, volume in ("AB", "CD")[:count]]
        forest = f"(A<={d.FOREST_CODES_UP_TO})|(C<={d.FOREST_CODES_UP_TO})"
        sink = [f"numpy.where({forest},({stocks[1]}-{stocks[0]})/{YEARS},{NODATA})"] if count == 2 else []
        letters = {letter: work.data.raster(*key) for letter, key in zip("ABCD", keys)}
        return gdal_calc(work, letters, [*stocks, *sink], "all.tif", "Float32", NODATA, STORED)
    return commands


def gdal_calc_change(work):
    letters = dict(zip("AB", work.data.inputs(["landcover"])))
    calc = CODES.format("A.astype(numpy.uint16)", "B")
    return gdal_calc(work, letters, [calc], "change.tif", "UInt16", NO_CODE, STORED_CODES)


def numpy_windows(job):
    return lambda work: [[sys.executable, HERE / "numpy_peer.py", job, work.data.root, work.data.size, work.data.codec,
                          work.of("j5"), work.out, work.threads]]


def translate(driver, key):
    """Each of our bands, one after the other, with the compression that it has."""
    def commands(work):
        stored = {"GTiff": (STORED, STORED_CODES), "COG": (STORED_COG, STORED_COG)}[driver]
        return [["gdal_translate", "-q", "-of", driver,
                 *options("-co", stored[1] if band == change_band(work.of(key)) else stored[0]), band,
                 work.out / band.name] for band in our_bands(work.of(key))]
    return commands


def codec_copy(work):
    return [[work.sinkcalc.parents[1] / "tests" / "codec_copy", work.threads, work.out, *our_bands(work.of("j5"))]]


def otb_output(path, kind, nodata, stored):
    extended = "&".join(f"gdal:co:{option}" for option in stored if not option.startswith("NUM_THREADS"))
    return ["-out", f"{path}?&nodata={nodata}&{extended}", kind]


def otb_math(out, inputs, expression, kind="float", nodata=NODATA, stored=STORED):
    return ["otbcli_BandMath", "-il", *inputs, *otb_output(out, kind, nodata, stored), "-exp", expression, "-ram", 1024]


def otb_stock(work, year, out):
    table = "0"
    for code, factor in enumerate(d.co2_per_volume()):
        table = f"(im1b1=={code}?{factor:.17g}:{table})" if factor else table
    return otb_math(out, [work.data.raster("forest_type", year), work.data.raster("volume", year)],
                    f"im1b1=={d.NO_CLASS}?{NODATA}:{table}*im2b1")


def otb_stocks(count):
    def commands(work):
        outs = [work.out / f"stock_{year}.tif" for year in d.YEARS[:count]]
        stocks = [otb_stock(work, year, out) for year, out in zip(d.YEARS, outs)]
        if count == 1:
            return stocks
        types = [work.data.raster("forest_type", year) for year in d.YEARS]
        forest = f"(im3b1<={d.FOREST_CODES_UP_TO}||im4b1<={d.FOREST_CODES_UP_TO})"
        known = f"im1b1!={NODATA}&&im2b1!={NODATA}"
        return [*stocks, otb_math(work.out / "sink.tif", [*outs, *types],
                                  f"{forest}&&{known}?(im2b1-im1b1)/{YEARS}:{NODATA}")]
    return commands


def otb_change(work):
    unknown = f"im1b1=={d.NO_CLASS}||im2b1=={d.NO_CLASS}"
    return [otb_math(work.out / "change.tif", work.data.inputs(["landcover"]),
                     f"{unknown}?{NO_CODE}:{CODES.format('im1b1', 'im2b1')}", "uint16", NO_CODE, STORED_CODES)]


def grass(job):
    by_type = d.co2_per_volume()[1:]
    factors = ",".join([*map(str, range(1, len(by_type) + 1)), *(f"{factor:.17g}" for factor in by_type)])
    return lambda work: [["grass", "--tmp-location", f"EPSG:{d.EPSG}", "--exec", HERE / "grass_peer.sh", job, work.out,
                          work.data.folder, work.data.zone_raster("ten"), sink_band(work.of("j5")), factors, *d.YEARS]]


def no_grass():
    return "" if shutil.which("grass") else "grass is not installed"


NUMPY = needs_modules("numpy", "osgeo")
ALL = ["all.tif:1", "all.tif:2", "all.tif:3"]
OTB = ["stock_%d.tif" % d.YEARS[0], "stock_%d.tif" % d.YEARS[1], "sink.tif"]
NUMPY_BANDS = ["co2_%d.tif" % d.YEARS[0], "co2_%d.tif" % d.YEARS[1], "sink_%d_%d.tif" % d.YEARS]


def zone_sums(work):
    return [f"sums=ten,{work.out / 'zones.csv'},{sink_band(work.of('j5'))}"]


PEERS = [
    Contender("numpy-j1", "numpy, GDAL windows", "J1", "GTiff", "j1", numpy_windows("j1"),
              stock_check(NUMPY_BANDS[:1], "j5"), NUMPY),
    Contender("numpy-j2", "numpy, GDAL windows", "J2", "GTiff", "j2", numpy_windows("j2"), sink_check(NUMPY_BANDS, "j5"),
              NUMPY),
    Contender("numpy-j3", "numpy, GDAL windows", "J3", "-", "j3", numpy_windows("j3"), zone_sums, NUMPY),
    Contender("numpy-j4", "numpy, GDAL windows", "J4", "GTiff", "j4", numpy_windows("j4"), matrix_check("j4"), NUMPY),
    Contender("numpy-j5", "numpy, GDAL windows", "J5", "GTiff", "j5", numpy_windows("j5"),
              lambda work: [*sink_check(NUMPY_BANDS, "j5")(work), *change_check("change.tif", "j5")(work),
                            *zone_sums(work)], NUMPY),
    Contender("gdal_calc-j1", "gdal_calc.py", "J1", "GTiff", "j1", gdal_calc_stocks(1), stock_check(["all.tif"], "j5"),
              needs("gdal_calc.py")),
    Contender("gdal_calc-j2", "gdal_calc.py", "J2", "GTiff", "j2", gdal_calc_stocks(2), sink_check(ALL, "j5"),
              needs("gdal_calc.py")),
    Contender("gdal_calc-j4", "gdal_calc.py", "J4", "GTiff", "j4", gdal_calc_change, change_check("change.tif"),
              needs("gdal_calc.py"), note="no matrix"),
    Contender("translate", "gdal_translate", "J5", "GTiff", "j5", translate("GTiff", "j5"), None,
              needs("gdal_translate"), note="copies our bands"),
    Contender("translate-cog", "gdal_translate -of COG", "J5", "COG", "j5-cog", translate("COG", "j5"), None,
              needs("gdal_translate"), note="copies our bands"),
    Contender("codec-copy", "codec copy", "J5", "GTiff", "j5", codec_copy,
              lambda work: [f"same={work.of('j5')},{work.out}"], note="decodes and encodes our bands in parallel"),
    Contender("otb-j1", "OTB BandMath", "J1", "GTiff", "j1", otb_stocks(1), stock_check(OTB[:1], "j5"),
              needs("otbcli_BandMath")),
    Contender("otb-j2", "OTB BandMath", "J2", "GTiff", "j2", otb_stocks(2), sink_check(OTB, "j5"),
              needs("otbcli_BandMath"), note="three runs"),
    Contender("otb-j4", "OTB BandMath", "J4", "GTiff", "j4", otb_change, change_check("change.tif"),
              needs("otbcli_BandMath"), note="no matrix"),
    Contender("grass-j1", "GRASS r.mapcalc", "J1", "GTiff", "j1", grass("j1"), stock_check(OTB[:1], "j5"), no_grass),
    Contender("grass-j2", "GRASS r.mapcalc", "J2", "GTiff", "j2", grass("j2"), sink_check(OTB, "j5"), no_grass),
    Contender("grass-j3", "GRASS r.univar", "J3", "-", "j3", grass("j3"), zone_sums, no_grass),
    Contender("grass-j4", "GRASS r.mapcalc, r.coin", "J4", "GTiff", "j4", grass("j4"), change_check("change.tif"),
              no_grass),
]
