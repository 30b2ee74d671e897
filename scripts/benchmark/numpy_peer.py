"""The jobs as a good user writes them: numpy by windows, a pool of threads, zones from a raster made beforehand.

usage: numpy_peer.py JOB ROOT SIZE CODEC OURS OUT THREADS        (JOB: j1 to j5; j3 reads the sink raster in OURS)

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

from benchmark import data_set as d                                                        # noqa: E402
from benchmark.contenders import STORED, STORED_CODES, sink_band, stock_bands              # noqa: E402

WINDOW_PX = 1 << 20
HECTARES = d.PIXEL_M**2 / 1e4
NO_CODE = 65535
NAN = np.float32(np.nan)


def windows(size, striped):
    columns = size if striped else min(size, 1024)
    rows = max(1, WINDOW_PX // columns)
    return [(column, row, min(columns, size - column), min(rows, size - row))
            for row in range(0, size, rows) for column in range(0, size, columns)]


class Peer:
    """Reads named maps of a window, keeps sums, writes bands; a job is a method."""

    def __init__(self, data, job, ours, out):
        self.data, self.out, self.local, self.writing = data, out, threading.local(), threading.Lock()
        self.factors = np.zeros(256, np.float32)
        self.factors[:len(d.co2_per_volume())] = d.co2_per_volume()
        self.zone_sums, self.matrix = np.zeros(65536), np.zeros((d.COVERS, d.COVERS), np.int64)
        self.paths = {(layer, year): data.raster(layer, year) for layer in d.LAYERS for year in d.YEARS}
        self.paths |= {"zones": data.zone_raster("ten"), "sink": sink_band(ours)}
        bands = {"j1": stock_bands(out)[:1], "j2": [*stock_bands(out), sink_band(out)], "j3": [],
                 "j4": [out / "change.tif"], "j5": [*stock_bands(out), sink_band(out), out / "change.tif"]}[job]
        self.outputs = [self.create(path) for path in bands]
        self.job = getattr(self, job)

    def create(self, path):
        codes = path.name == "change.tif"
        template = gdal.Open(str(self.paths["volume", d.YEARS[0]]))
        made = gdal.GetDriverByName("GTiff").Create(str(path), self.data.size, self.data.size, 1,
                                                    gdal.GDT_UInt16 if codes else gdal.GDT_Float32,
                                                    list(STORED_CODES if codes else STORED))
        made.SetGeoTransform(template.GetGeoTransform())
        made.SetProjection(template.GetProjection())
        made.GetRasterBand(1).SetNoDataValue(NO_CODE if codes else np.nan)
        return made

    def read(self, window, *keys):
        opened = self.local.__dict__
        for key in keys:
            if key not in opened:
                opened[key] = gdal.Open(str(self.paths[key]))
        return [opened[key].ReadAsArray(*window) for key in keys]

    def stock(self, window, year):
        types, volume = self.read(window, ("forest_type", year), ("volume", year))
        return types, np.where(types != d.NO_CLASS, self.factors[types] * volume, NAN)

    def j1(self, window):
        return [self.stock(window, d.YEARS[0])[1]]

    def j2(self, window):
        (type_1, stock_1), (type_2, stock_2) = (self.stock(window, year) for year in d.YEARS)
        forest = (type_1 != d.NO_CLASS) & (type_2 != d.NO_CLASS)
        forest &= (type_1 <= d.FOREST_CODES_UP_TO) | (type_2 <= d.FOREST_CODES_UP_TO)
        return [stock_1, stock_2, np.where(forest, (stock_2 - stock_1) / np.float32(d.YEARS[1] - d.YEARS[0]), NAN)]

    def j3(self, window, sink=None):
        if sink is None:
            sink, = self.read(window, "sink")
        zones, = self.read(window, "zones")
        known = ~np.isnan(sink)
        sums = np.bincount(zones[known], sink[known], minlength=len(self.zone_sums))
        with self.writing:
            self.zone_sums += sums
        return []

    def j4(self, window):
        first, second = self.read(window, ("landcover", d.YEARS[0]), ("landcover", d.YEARS[1]))
        known = (first != d.NO_CLASS) & (second != d.NO_CLASS)
        codes = np.where(known, first.astype(np.uint16) * d.COVERS + second - d.COVERS, np.uint16(NO_CODE))
        counts = np.bincount(codes[known], minlength=d.COVERS**2 + 1)
        with self.writing:
            self.matrix += counts[1:].reshape(self.matrix.shape)
        return [codes]

    def j5(self, window):
        bands = self.j2(window)
        self.j3(window, bands[2])
        return [*bands, *self.j4(window)]

    def one(self, window):
        bands = self.job(window)
        with self.writing:
            for output, values in zip(self.outputs, bands):
                output.GetRasterBand(1).WriteArray(values, window[0], window[1])

    def run(self, threads):
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(self.one, windows(self.data.size, self.data.codec == "lzw-strips")))
        self.outputs.clear()
        self.write("zones.csv", "zone,sum", ((zone, self.zone_sums[zone] * HECTARES)
                                             for zone in np.flatnonzero(self.zone_sums) if zone > 0))
        self.write("matrix.csv", "from_code,to_code,pixels", ((i + 1, j + 1, self.matrix[i, j])
                                                              for i, j in np.argwhere(self.matrix)))

    def write(self, name, head, rows):
        text = [head, *(",".join(f"{float(x):.17g}" for x in row) for row in rows)]
        if len(text) > 1:
            (self.out / name).write_text("\n".join(text) + "\n")


def main(job, root, size, codec, ours, out, threads):
    gdal.UseExceptions()
    Peer(d.DataSet(Path(root), int(size), codec), job, Path(ours), Path(out)).run(int(threads))


if __name__ == "__main__":
    main(*sys.argv[1:])
