"""Age, volume and bamboo culms of every stand at both dates, before anything happens to it."""

import numpy as np

from . import config

YEARS = config.LAST_YEAR - config.FIRST_YEAR


class StandState:
    """What the map says of every stand at one date; -1 is nodata. Volume in counts of 0.1 m3/ha."""

    def __init__(self, land, age_yr, volume_raw, culms_ha, cover):
        self.land, self.age_yr, self.volume_raw = land, age_yr, volume_raw
        self.culms_ha, self.cover = culms_ha, cover

    def copy(self):
        return StandState(*(a.copy() for a in (self.land, self.age_yr, self.volume_raw, self.culms_ha, self.cover)))


def curve_m3_ha(land_class, age_yr):
    g = config.GROWTH[land_class]
    return g.ceiling_m3_ha * (1.0 - np.exp(-g.rate_per_yr * np.asarray(age_yr, float)))**g.shape


def raw_volume(volume_m3_ha):
    return np.round(np.asarray(volume_m3_ha) / config.VOLUME_STEP_M3_HA).astype(np.int64)


def cover_of(land):
    """Land-cover code of every class; a felled area shows as bare or as grass, each in half of the cases."""
    cover = np.zeros_like(land)
    for code, row in config.STAND_CLASSES.items():
        cover[land == code] = row.cover
    felled = np.flatnonzero(land == config.UNSTOCKED)
    cover[felled] = np.where(felled % 2, config.COVER_BARE, config.COVER_GRASS)
    return cover


def both_dates(stands):
    """The states of 2015 and of an undisturbed 2020."""
    rng = np.random.default_rng((config.SEED, 4))
    first, last = _without_trees(stands), _without_trees(stands)
    site = config.VOLUME_SCALE * np.exp(rng.normal(0.0, 0.28, stands.count).clip(-0.56, 0.56))
    luck = np.exp(rng.normal(0.0, 0.45, stands.count).clip(-0.9, 0.9))
    vigour = np.array([c.growth for c in config.COUNTIES])[stands.county]
    for land_class, growth in config.GROWTH.items():
        here = np.flatnonzero(stands.land == land_class)
        age_yr = np.clip(np.round(growth.mean_age_yr * rng.gamma(4.0, 0.25, len(here))), 2, growth.max_age_yr)
        before_m3_ha = site[here] * curve_m3_ha(land_class, age_yr)
        gain_m3_ha = site[here] * curve_m3_ha(land_class, age_yr + YEARS) - before_m3_ha
        first.age_yr[here], last.age_yr[here] = age_yr, age_yr + YEARS
        first.volume_raw[here] = raw_volume(before_m3_ha)
        last.volume_raw[here] = raw_volume(before_m3_ha + config.NET_GROWTH * (vigour * luck)[here] * gain_m3_ha)
    bamboo = np.flatnonzero(stands.land == config.MOSO)
    culms_ha = rng.integers(config.CULMS_PER_HA[0] // 20, config.CULMS_PER_HA[1] // 20, len(bamboo)) * 20
    gained_ha = rng.integers(config.CULMS_GAINED[0] // 10, config.CULMS_GAINED[1] // 10, len(bamboo)) * 10
    first.culms_ha[bamboo] = culms_ha
    last.culms_ha[bamboo] = culms_ha + (gained_ha * vigour[bamboo]).astype(np.int64)
    return first, last


def _without_trees(stands):
    """No age and no culms, a volume of 0 everywhere: what is known of land without trees."""
    nodata = np.full(stands.count, -1, np.int64)
    age_yr = nodata.copy()
    age_yr[stands.land == config.UNSTOCKED] = 0
    return StandState(stands.land.copy(), age_yr, np.zeros(stands.count, np.int64), nodata.copy(),
                      cover_of(stands.land))
