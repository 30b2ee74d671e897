"""Are the answers the same? A fast wrong answer is a failure.

usage: python3 -m benchmark.compare ROOT SIZE WORD...

Words; the first file is always ours, a band is FILE or FILE:BAND:
    zones=COUNT,ZONES_CSV,SINK         our zones.csv against sums of our sink raster over true pixel areas
    zonal=COUNT,ZONAL_CSV,SINK         our zonal.csv against the same
    sums=COUNT,CSV,SINK                a peer's `zone,sum` against sums of our sink raster over planar areas
    band=OURS,THEIRS[,SCALE...]        measures within RELATIVE of |ours|, or of the sum of the scales' magnitudes
    codes=OURS,THEIRS                  codes, pixel by pixel
    matrix=OURS_CSV,THEIRS_CSV         pixels of every transition (`from_code,to_code,pixels`)
    same=OURS_FOLDER,THEIRS_FOLDER     rasters of one name hold the same bytes of pixels
Prints one line and exits with 1 where they differ.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal

from . import data_set as d
RELATIVE = 1e-6                   # float32 rounding, a few operations of it
SEMI_MAJOR_M, FLATTENING = 6378137.0, 1 / 298.257222101


class Differs(Exception):
    pass


def band_of(spec):
    path, _, band = str(spec).rpartition(":")
    opened = gdal.Open(path if path and band.isdigit() else str(spec))
    return opened, opened.GetRasterBand(int(band) if path and band.isdigit() else 1)


def read(band, row, rows):
    values = band.ReadAsArray(0, row, band.XSize, rows).astype(np.float64)
    nodata = band.GetNoDataValue()
    if nodata is not None:
        values[values == nodata] = np.nan
    return values


def true_hectares(size, row, rows):
    """Pixel areas on the ellipsoid: planar area over the squared scale of the transverse Mercator series."""
    e2 = FLATTENING * (2 - FLATTENING)
    northing = d.ORIGIN_M[1] - d.PIXEL_M * (np.arange(row, row + rows) + 0.5)
    latitude = northing / 6367449.0
    for _ in range(6):             # footpoint latitude: meridian arc solved by iteration
        n = FLATTENING / (2 - FLATTENING)
        arc = SEMI_MAJOR_M / (1 + n) * ((1 + n**2 / 4 + n**4 / 64) * latitude
                                        - 1.5 * (n - n**3 / 8) * np.sin(2 * latitude)
                                        + 15 / 16 * (n**2 - n**4 / 4) * np.sin(4 * latitude)
                                        - 35 / 48 * n**3 * np.sin(6 * latitude))
        latitude += (northing - arc) / 6367449.0
    w2 = 1 - e2 * np.sin(latitude)**2
    radius2 = SEMI_MAJOR_M**2 * (1 - e2) / w2**2               # meridian x prime vertical
    easting = d.ORIGIN_M[0] - 500000 + d.PIXEL_M * (np.arange(size) + 0.5)
    t = (easting[None, :]**2) / radius2[:, None]
    return d.PIXEL_M**2 / 1e4 / (1 + t / 2 + t * t / 24)**2


def strips(size):
    rows = max(64, (1 << 22) // size // 64 * 64)
    return ((row, min(rows, size - row)) for row in range(0, size, rows))


def zone_sums(data, sink_path, count, areas):
    """Sum and sum of magnitudes of the sink by zone number."""
    (_zone_file, numbered), (_sink_file, sink) = band_of(data.zone_raster(count)), band_of(sink_path)
    sums = np.zeros((2, 65536))
    for row, rows in strips(data.size):
        values = np.nan_to_num(read(sink, row, rows)) * areas(data.size, row, rows)
        numbers = numbered.ReadAsArray(0, row, data.size, rows).ravel()
        for total, weights in zip(sums, (values, np.abs(values))):
            total += np.bincount(numbers, weights.ravel(), minlength=65536)
    return sums


def hold_against(found, sums, what):
    """`found`: zone number -> sum; `sums`: sum and sum of magnitudes by zone number."""
    worst = 0.0
    for zone in np.flatnonzero(sums[1]):
        if zone == 0:
            continue
        if zone not in found:
            raise Differs(f"{Path(what).name}: zone {zone} is missing")
        worst = max(worst, abs(found[zone] - sums[0][zone]) / sums[1][zone])
    if worst > RELATIVE:
        raise Differs(f"{Path(what).name}: a zone's sum is off by {worst:.2e} of its sink")
    return f"zone sums within {worst:.0e}"


def planar(size, _row, _rows):
    return d.PIXEL_M**2 / 1e4


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        yield from csv.DictReader(file)


def zones(data, count, table, sink):
    found = {int(row["zone_id"]): float(row["sink_tco2_yr"]) for row in rows_of(table)
             if row["year_from"] and row["zone_id"].isdigit()}
    return hold_against(found, zone_sums(data, sink, count, true_hectares), table)


def zonal(data, count, table, sink):
    found = {int(row["zone_id"]): float(row["sum"]) for row in rows_of(table) if row["zone_id"].isdigit()}
    return hold_against(found, zone_sums(data, sink, count, true_hectares), table)


def sums(data, count, table, sink):
    found = {int(float(row["zone"])): float(row["sum"]) for row in rows_of(table)}
    return hold_against(found, zone_sums(data, sink, count, planar), table)


def band(data, ours, theirs, *scales):
    opened = [band_of(path) for path in (ours, theirs, *scales)]
    worst = 0.0
    for row, rows in strips(data.size):
        value, other, *magnitudes = (read(each, row, rows) for _, each in opened)
        unlike = np.isnan(value) != np.isnan(other)
        if unlike.any():
            at = np.argwhere(unlike)[0]
            raise Differs(f"{theirs}: nodata differs at {unlike.sum()} pixels, the first column {at[1]}, "
                          f"row {at[0] + row}: ours {value[tuple(at)]}, theirs {other[tuple(at)]}")
        scale = sum(np.abs(each) for each in magnitudes or [value]) + 1e-30
        worst = max(worst, float(np.nanmax(np.abs(value - other) / scale, initial=0)))
    if worst > RELATIVE:
        raise Differs(f"{theirs}: a pixel is off by {worst:.2e} of its stock")
    return f"pixels within {worst:.0e}"


def codes(data, ours, theirs):
    (_ours, mine), (_theirs, other) = band_of(ours), band_of(theirs)
    for row, rows in strips(data.size):
        unlike = mine.ReadAsArray(0, row, data.size, rows) != other.ReadAsArray(0, row, data.size, rows)
        if unlike.any():
            raise Differs(f"{theirs}: {unlike.sum()} codes differ from row {row} on")
    return "codes equal"


def matrix(_data, ours, theirs):
    mine, other = ({(int(float(row["from_code"])), int(float(row["to_code"]))): int(float(row["pixels"]))
                    for row in rows_of(path) if row["from_code"] and row["to_code"] and int(float(row["pixels"]))
                    and row.get("zone_id", "total") == "total"} for path in (ours, theirs))
    if mine != other:
        raise Differs(f"{theirs}: transitions differ: {sorted(set(mine.items()) ^ set(other.items()))[:4]}")
    return "matrix equal"


def same(_data, ours, theirs):
    for path in sorted(Path(ours).glob("*.tif")):
        opened = [band_of(file) for file in (path, Path(theirs) / path.name)]
        if opened[0][1].Checksum() != opened[1][1].Checksum():
            raise Differs(f"{path.name}: pixels differ")
    return "pixels equal"


CHECKS = {check.__name__: check for check in (zones, zonal, sums, band, codes, matrix, same)}


def main(root, size, *words):
    gdal.UseExceptions()
    np.seterr(all="ignore")
    data, said = d.DataSet(Path(root), int(size), "zstd"), []
    try:
        for word in words:
            check, _, arguments = word.partition("=")
            said.append(CHECKS[check](data, *arguments.split(",")))
    except Differs as error:
        print(error)
        return 1
    print(", ".join(dict.fromkeys(said)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
