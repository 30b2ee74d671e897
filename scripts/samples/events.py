"""What happens between the two dates. Every event is a row of events.csv and changes the state of 2020."""

from typing import NamedTuple

import numpy as np
from pyproj import Proj

from . import config
from .growth import raw_volume

LEAST_PIXELS = 10
HEADER = ("event_id", "kind", "year", "county", "x", "y", "pixels", "area_ha", "from_code", "to_code", "note")


class Plan(NamedTuple):
    """How many events of a kind, the classes they may hit, and how many more in the counties named."""
    kind: str
    per_county: int
    victims: tuple
    more: dict
    note: str


PLANS = (
    Plan("clearcut_replanted", 6, config.TREES, {}, "felled and replanted with fir in the year of the event"),
    Plan("clearcut_unstocked", 3, config.TREES, {}, "felled, not yet replanted; still forest land"),
    Plan("forest_to_tea", 0, config.TREES + (config.MOSO,),
         {"350782": 24, "350703": 4, "350783": 4, "350725": 5, "350724": 3, "350723": 1}, "cleared for tea"),
    Plan("forest_to_settlement", 2, config.TREES + (config.MOSO,), {"350702": 3, "350703": 2}, "built over"),
    Plan("degradation", 4, config.TREES, {}, "40 % of the volume lost, forest stays"),
    Plan("young_plantation", 3, (config.UNSTOCKED, config.GRASSLAND), {}, "young fir on felled or grassland"),
    Plan("tea_restored", 0, (config.TEA,), {"350782": 6}, "tea removed, planted with broadleaves"),
    Plan("volume_missing", 0, config.TREES, {"350721": 1, "350723": 1}, "forest in 2020, but its volume is nodata"),
    Plan("map_hole", 0, config.TREES + (config.MOSO,), {"350703": 2, "350783": 1}, "all layers nodata in 2020"),
)
FIRES = (("350721", 1500.0, 2018), ("350722", 900.0, 2017))     # county, radius in m, year


class Happening(NamedTuple):
    kind: str
    year: int
    stands: tuple
    note: str


def happen(grid, stands, before, after, treated, dry_pixels):
    """Carries the events out on `after`. treated: stand -> (year done, parcel id); dry_pixels: size without water."""
    rng = np.random.default_rng((config.SEED, 5))
    free = dry_pixels >= LEAST_PIXELS
    free[list(treated)] = False
    events = _fires(grid, stands, before, free)
    for event in events:
        free[list(event.stands)] = False
    events += _singles(rng, stands, before, free)
    events += [Happening("improvement", year, (stand,), f"parcel {parcel}: thinned, grows faster since")
               for stand, (year, parcel) in sorted(treated.items())]
    for event in events:
        CONSEQUENCE[event.kind](before, after, np.array(event.stands), event.year)
    return events


def _singles(rng, stands, before, free):
    events = []
    for plan in PLANS:
        for number, county in enumerate(config.COUNTIES):
            suited = np.flatnonzero(free & (stands.county == number) & np.isin(before.land, plan.victims))
            count = min(plan.per_county + plan.more.get(county.code, 0), len(suited))
            for stand in sorted(rng.choice(suited, count, replace=False)):
                free[stand] = False
                year = int(rng.integers(config.FIRST_YEAR + 1, config.LAST_YEAR))
                events.append(Happening(plan.kind, year, (int(stand),), plan.note))
    return events


def _fires(grid, stands, before, free):
    """All tree stands within the radius of the burnable stand that lies in the middle of the county."""
    row, col = np.mgrid[0:grid.shape[0], 0:grid.shape[1]]
    x, y = grid.centre_of(stands.mean(row), stands.mean(col))
    events = []
    for code, radius_m, year in FIRES:
        number = [c.code for c in config.COUNTIES].index(code)
        burnable = np.flatnonzero(free & (stands.county == number) & np.isin(before.land, config.TREES))
        middle = np.hypot(x[burnable] - x[burnable].mean(), y[burnable] - y[burnable].mean()).argmin()
        distance_m = np.hypot(x[burnable] - x[burnable[middle]], y[burnable] - y[burnable[middle]])
        burnt = burnable[distance_m <= radius_m]
        events.append(Happening("fire", year, tuple(int(s) for s in burnt), "70 % of the volume lost, forest stays"))
    return events


def _plant(land_class, cover):
    def consequence(before, after, stand, year):
        age_yr = config.LAST_YEAR - year
        after.land[stand], after.cover[stand], after.age_yr[stand] = land_class, cover, age_yr
        after.volume_raw[stand], after.culms_ha[stand] = raw_volume(1.5 * age_yr), -1
    return consequence


def _clear(land_class, cover, age_yr):
    def consequence(before, after, stand, year):
        after.land[stand], after.cover[stand], after.age_yr[stand] = land_class, cover, age_yr
        after.volume_raw[stand], after.culms_ha[stand] = 0, -1
    return consequence


def _keep_volume(share):
    def consequence(before, after, stand, year):
        after.volume_raw[stand] = np.round(share * before.volume_raw[stand]).astype(np.int64)
    return consequence


def _grow_faster(before, after, stand, year):
    years = config.LAST_YEAR - max(year, config.FIRST_YEAR)
    gain_raw = np.maximum(after.volume_raw[stand] - before.volume_raw[stand], raw_volume(3.0))
    after.volume_raw[stand] = before.volume_raw[stand] + gain_raw + raw_volume(2.5 * years)


def _lose_volume(before, after, stand, year):
    after.volume_raw[stand] = -1


def _lose_everything(before, after, stand, year):
    for layer in (after.land, after.age_yr, after.volume_raw, after.culms_ha, after.cover):
        layer[stand] = -1


CONSEQUENCE = {
    "clearcut_replanted": _plant(config.FIR, 2),
    "young_plantation": _plant(config.FIR, 2),
    "tea_restored": _plant(config.BROADLEAF, 2),
    "clearcut_unstocked": _clear(config.UNSTOCKED, config.COVER_BARE, 0),
    "forest_to_tea": _clear(config.TEA, 20, -1),
    "forest_to_settlement": _clear(config.SETTLEMENT, 8, -1),
    "degradation": _keep_volume(0.6),
    "fire": _keep_volume(0.3),
    "improvement": _grow_faster,
    "volume_missing": _lose_volume,
    "map_hole": _lose_everything,
}


# What a map of disturbances would show, by kind of event; the codes stand in the inventory too.
DISTURBANCE_CODE = {"fire": 1, "clearcut_replanted": 2, "clearcut_unstocked": 2}


def disturbances(stands, water, happened):
    """Code and year of the disturbance of each pixel; 0 where there was none, nodata outside the city."""
    code, year = np.zeros(stands.count, np.uint16), np.zeros(stands.count, np.uint16)
    for event in happened:
        if event.kind in DISTURBANCE_CODE:
            code[list(event.stands)], year[list(event.stands)] = DISTURBANCE_CODE[event.kind], event.year
    bands = []
    for by_stand in (code, year):
        band = np.where(stands.number >= 0, by_stand[stands.number], config.NODATA_U16).astype(np.uint16)
        band[water] = 0
        bands.append(band)
    return bands


def rows(grid, stands, before, after, water, events):
    """The rows of events.csv. The place is the pixel of the event that is nearest to its middle."""
    dry = np.where(water, -1, stands.number).ravel()
    pixel = np.argsort(dry, kind="stable")
    start = np.searchsorted(dry[pixel], np.arange(stands.count + 1))
    projection = Proj(config.CRS)
    table = []
    for number, event in enumerate(events, start=1):
        cells = np.concatenate([pixel[start[s]:start[s + 1]] for s in event.stands])
        row, col = np.divmod(cells, grid.shape[1])
        nearest = np.hypot(row - row.mean(), col - col.mean()).argmin()
        x, y = grid.centre_of(row[nearest], col[nearest])
        scale = projection.get_factors(*projection(x, y, inverse=True)).areal_scale
        area_ha = len(cells) * config.PIXEL_M**2 / 1e4 / scale
        table.append((number, event.kind, event.year, config.COUNTIES[stands.county[event.stands[0]]].code,
                      f"{x:.1f}", f"{y:.1f}", len(cells), f"{area_ha:.2f}",
                      _codes(before.land, event), _codes(after.land, event), event.note))
    return table


def _codes(land, event):
    return " ".join(str(code) for code in np.unique(land[list(event.stands)]) if code >= 0)
