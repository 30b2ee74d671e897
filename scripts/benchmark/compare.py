"""Are the answers the same? A fast wrong answer is a failure.

usage: python3 -m benchmark.compare ours ROOT SIZE OURS ZONES
       python3 -m benchmark.compare peer ROOT SIZE OURS STOCK_1 STOCK_2 SINK [ZONE_SUMS]     bands as FILE or FILE:BAND

`ours` takes the sums of our sink raster over true pixel areas and holds zones.csv against them; `peer` compares
pixel by pixel, and zone sums over planar areas. Prints one line and exits with 1 where they differ.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal

from . import data_set as d
from .contenders import our_bands

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
    (_zone_file, zones), (_sink_file, sink) = band_of(data.zone_raster(count)), band_of(sink_path)
    sums = np.zeros((2, 65536))
    for row, rows in strips(data.size):
        values = np.nan_to_num(read(sink, row, rows)) * areas(data.size, row, rows)
        numbers = zones.ReadAsArray(0, row, data.size, rows).ravel()
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
            raise Differs(f"{what}: zone {zone} is missing")
        worst = max(worst, abs(found[zone] - sums[0][zone]) / sums[1][zone])
    if worst > RELATIVE:
        raise Differs(f"{what}: a zone's sum is off by {worst:.2e} of its sink")
    return f"zone sums within {worst:.0e}"


def planar(size, _row, _rows):
    return d.PIXEL_M**2 / 1e4


def check_ours(data, ours, count):
    with open(ours / "zones.csv", encoding="utf-8") as file:
        found = {int(row["zone_id"]): float(row["sink_tco2_yr"]) for row in csv.DictReader(file)
                 if row["year_from"] and row["zone_id"].isdigit()}
    return hold_against(found, zone_sums(data, our_bands(ours)[2], count, true_hectares), "zones.csv")


def check_peer(data, ours, bands, sums_file):
    mine, theirs = [band_of(path) for path in our_bands(ours)], [band_of(spec) for spec in bands]
    worst = 0.0
    for row, rows in strips(data.size):
        values = [read(band, row, rows) for _, band in mine]
        scale = np.abs(values[0]) + np.abs(values[1]) + 1e-30
        for name, value, (_, band) in zip(("stock 1", "stock 2", "sink"), values, theirs):
            other = read(band, row, rows)
            unlike = np.isnan(value) != np.isnan(other)
            if unlike.any():
                at = np.argwhere(unlike)[0]
                raise Differs(f"{name}: nodata differs at {unlike.sum()} pixels, the first column {at[1]}, "
                              f"row {at[0] + row}: ours {value[tuple(at)]}, theirs {other[tuple(at)]}")
            worst = max(worst, float(np.nanmax(np.abs(value - other) / scale, initial=0)))
    if worst > RELATIVE:
        raise Differs(f"a pixel is off by {worst:.2e} of its stock")
    text = f"pixels within {worst:.0e}"
    if sums_file:
        with open(sums_file, encoding="utf-8") as file:
            found = {int(row["zone"]): float(row["sum"]) for row in csv.DictReader(file)}
        text += ", " + hold_against(found, zone_sums(data, our_bands(ours)[2], "ten", planar), "zone sums")
    return text


def main(what, root, size, ours, *rest):
    gdal.UseExceptions()
    np.seterr(all="ignore")
    data = d.DataSet(Path(root), int(size), "zstd")
    try:
        if what == "ours":
            print(check_ours(data, Path(ours), rest[0]))
        else:
            print(check_peer(data, Path(ours), rest[:3], rest[3] if len(rest) > 3 else None))
    except Differs as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
