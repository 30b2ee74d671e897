"""The job as a good user writes it: numpy by windows, a pool of threads, zones from a raster made beforehand.

usage: numpy_peer.py ROOT SIZE CODEC OUT THREADS

Reads through osgeo.gdal, whose reads and writes are the ones of rasterio and leave the interpreter's lock.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from osgeo import gdal

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmark import data_set as d                                # noqa: E402
from benchmark.contenders import STORED, our_bands                      # noqa: E402

WINDOW_PX = 1 << 20
READ = [(layer, year) for year in d.YEARS for layer in ("forest_type", "volume")]
HECTARES = d.PIXEL_M**2 / 1e4


def windows(size, striped):
    columns = size if striped else min(size, 1024)
    rows = max(1, WINDOW_PX // columns)
    return [(column, row, min(columns, size - column), min(rows, size - row))
            for row in range(0, size, rows) for column in range(0, size, columns)]


def main(root, size, codec, out, threads):
    gdal.UseExceptions()
    data, out = d.DataSet(Path(root), int(size), codec), Path(out)
    factors = np.zeros(256, np.float32)
    factors[:len(d.co2_per_volume())] = d.co2_per_volume()
    local, writing, sums = threading.local(), threading.Lock(), np.zeros(65536)
    template = gdal.Open(str(data.raster("volume", d.YEARS[0])))
    outputs = []
    for path in our_bands(out):
        made = gdal.GetDriverByName("GTiff").Create(str(path), data.size, data.size, 1, gdal.GDT_Float32, list(STORED))
        made.SetGeoTransform(template.GetGeoTransform())
        made.SetProjection(template.GetProjection())
        made.GetRasterBand(1).SetNoDataValue(np.nan)
        outputs.append(made)

    def one(window):
        if not hasattr(local, "inputs"):
            paths = [data.raster(*key) for key in READ] + [data.zone_raster("ten")]
            local.inputs = [gdal.Open(str(path)) for path in paths]
        type_1, volume_1, type_2, volume_2, zones = (source.ReadAsArray(*window) for source in local.inputs)
        known = (type_1 != d.NO_CLASS) & (type_2 != d.NO_CLASS)
        stocks = [np.where(types != d.NO_CLASS, factors[types] * volume, np.float32(np.nan))
                  for types, volume in ((type_1, volume_1), (type_2, volume_2))]
        forest = known & ((type_1 <= d.FOREST_CODES_UP_TO) | (type_2 <= d.FOREST_CODES_UP_TO))
        sink = np.where(forest, (stocks[1] - stocks[0]) / np.float32(d.YEARS[1] - d.YEARS[0]), np.float32(np.nan))
        of_zone = np.bincount(zones[forest], sink[forest], minlength=len(sums))
        with writing:
            sums[:] += of_zone
            for output, values in zip(outputs, (*stocks, sink)):
                output.GetRasterBand(1).WriteArray(values, window[0], window[1])

    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(one, windows(data.size, codec == "lzw-strips")))
    outputs.clear()
    rows = (f"{zone},{sums[zone] * HECTARES:.17g}" for zone in np.flatnonzero(sums) if zone > 0)
    (out / "zones.csv").write_text("\n".join(["zone,sum", *rows]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
