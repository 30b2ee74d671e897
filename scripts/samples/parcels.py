"""Parcels of the three measures of the plan. A parcel is a stand; its outline follows the pixel edges."""

from typing import NamedTuple

import numpy as np
from osgeo import ogr

from . import config, files

FIELDS = (("id", ogr.OFTString), ("county", ogr.OFTString), ("year_planned", ogr.OFTInteger),
          ("year_done", ogr.OFTInteger), ("status", ogr.OFTString), ("note", ogr.OFTString))
START, BY = 2014, 2023
SHOWS_FASTER_GROWTH_UNTIL = 2018


class Measure(NamedTuple):
    name: str
    prefix: str
    promised_ha: float
    least_pixels: int


IMPROVEMENT = Measure("improvement", "I", 30000.0, 26)
BUYOUT = Measure("buyout", "B", 16700.0, 26)
LANDSCAPE = Measure("landscape", "L", 20000.0 / 15.0, 15)      # 20 000 mu


class Parcel(NamedTuple):
    stand: int
    id: str
    year_planned: int
    year_done: int | None
    status: str


def plan(rng, measure, suited, pixels):
    """Takes suited stands in random order until the promised area is reached; about half is done by 2020."""
    suited = suited[pixels[suited] >= measure.least_pixels]
    order = rng.permutation(suited)
    chosen = sorted(order[:np.searchsorted(np.cumsum(pixels[order]), measure.promised_ha)])
    parcels = []
    for number, stand in enumerate(chosen, start=1):
        planned = int(rng.integers(START, BY + 1))
        done = planned + int(rng.integers(0, 3) == 2)
        known = done <= config.LAST_YEAR and rng.uniform() < 0.9
        status = "done" if known else "delayed" if planned <= config.LAST_YEAR else "planned"
        parcels.append(Parcel(int(stand), f"{measure.prefix}{number:04d}", planned, done if known else None, status))
    return parcels


def treated(parcels):
    """Stand -> (year done, id) of the parcels whose faster growth shows in the map of 2020."""
    return {p.stand: (p.year_done, p.id) for p in parcels
            if p.year_done is not None and p.year_done <= SHOWS_FASTER_GROWTH_UNTIL}


def with_second_treatment(parcels):
    """Two done parcels come again under a new id, two years on: the same place must count once."""
    done = [p for p in parcels if p.year_done is not None and p.year_done <= config.LAST_YEAR - 2][:2]
    again = [p._replace(id=p.id + "b", year_planned=p.year_planned + 2, year_done=p.year_done + 2) for p in done]
    return parcels + again


def write(path, grid, stands, measure, parcels):
    shapes = files.stand_polygons(grid, stands.number, [p.stand for p in parcels])
    features = [(shapes[p.stand], (p.id, config.COUNTIES[stands.county[p.stand]].code, p.year_planned, p.year_done,
                                   p.status, "synthetic")) for p in parcels]
    files.write_polygons(path, measure.name, config.CRS, FIELDS, features)
