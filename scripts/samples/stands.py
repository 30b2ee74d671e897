"""Stands: patches of 5 to 60 ha, cut at county lines, each of one land class."""

import numpy as np
from pyproj import Transformer

from . import config
from .noise import fractal, octave

BUCKET_PX = 7
MOST_SEEDS = 4           # per bucket of 49 ha: stands of 12 to 49 ha before their edges wander
WANDER_PX = 2.5
MOUNTAINS_M = 14000.0


class Stands:
    """Stand number per pixel (-1 outside the city), and per stand its county, size, centre and first class."""

    def __init__(self, grid, county):
        rng = np.random.default_rng((config.SEED, 2))
        inside = county > 0
        seed = _nearest_seed(rng, grid.shape, inside)
        keys, index = np.unique(seed * 16 + county[inside], return_inverse=True)
        self.number = np.full(grid.shape, -1, np.int32)
        self.number[inside] = index
        self.count = len(keys)
        self.county = (keys % 16).astype(np.int64) - 1
        self.land = _land_classes(rng, grid, self)

    def mean(self, field):
        """Mean of a field over each stand."""
        inside = self.number >= 0
        index = self.number[inside]
        return np.bincount(index, field[inside], self.count) / np.bincount(index, minlength=self.count)

    def pixels(self):
        return np.bincount(self.number[self.number >= 0], minlength=self.count)


def _nearest_seed(rng, shape, inside):
    """The number of the seed nearest to each pixel inside, after a small wander of the pixels."""
    rows, cols = shape[0] // BUCKET_PX + 4, shape[1] // BUCKET_PX + 4
    density = octave(rng, (rows, cols), 9.0)
    wanted = np.clip(np.round(2.5 + 2.0 * density + rng.uniform(-0.8, 0.8, (rows, cols))), 1, MOST_SEEDS)
    place = rng.uniform(0.0, BUCKET_PX, (MOST_SEEDS, 2, rows, cols)).astype(np.float32)
    place[:, 0] += (np.arange(rows, dtype=np.float32) * BUCKET_PX)[:, None]
    place[:, 1] += np.arange(cols, dtype=np.float32) * BUCKET_PX
    row, col = np.nonzero(inside)
    y = row + 2 * BUCKET_PX + WANDER_PX * fractal(rng, shape, 11.0, 2)[inside]
    x = col + 2 * BUCKET_PX + WANDER_PX * fractal(rng, shape, 11.0, 2)[inside]
    y, x = y.astype(np.float32), x.astype(np.float32)
    bucket_row, bucket_col = (y // BUCKET_PX).astype(np.int64), (x // BUCKET_PX).astype(np.int64)
    nearest_px2 = np.full(len(y), np.inf, np.float32)
    nearest = np.zeros(len(y), np.int64)
    for step in np.ndindex(3, 3):
        r, c = bucket_row + step[0] - 1, bucket_col + step[1] - 1
        for k in range(MOST_SEEDS):
            distance_px2 = (place[k, 0, r, c] - y)**2 + (place[k, 1, r, c] - x)**2
            closer = (distance_px2 < nearest_px2) & (k < wanted[r, c])
            nearest_px2[closer] = distance_px2[closer]
            nearest[closer] = ((r * cols + c) * MOST_SEEDS + k)[closer]
    return nearest


def valleys(grid):
    """Height above the nearest valley floor, from 0, without unit; the park's mountains stand higher."""
    rng = np.random.default_rng((config.SEED, 3))
    main = np.abs(fractal(rng, grid.shape, 230.0, 4))
    side = np.abs(fractal(rng, grid.shape, 60.0, 3))
    x, y = Transformer.from_crs(config.OUTLINE_CRS, config.CRS, always_xy=True).transform(*config.PARK_CENTRE)
    row, col = np.ogrid[0:grid.shape[0], 0:grid.shape[1]]
    park_x, park_y = grid.centre_of(row, col)
    mountains = np.exp(-0.5 * ((park_x - x)**2 + (park_y - y)**2) / MOUNTAINS_M**2)
    return main + 0.35 * side + 0.6 * mountains


def rivers(grid, inside):
    """The deepest pixels of the valleys."""
    height = valleys(grid)
    depth = np.quantile(height[inside], config.SHARE[config.WATER])
    return inside & (height < depth)


def _land_classes(rng, grid, stands):
    """Each class takes the stands that suit it best, in turn, until its share of the city is reached."""
    pixels = stands.pixels()
    free = np.ones(stands.count, bool)
    land = np.full(stands.count, config.MIXED)
    height = stands.mean(valleys(grid))
    by_county = {name: np.array([getattr(c, name) for c in config.COUNTIES])[stands.county]
                 for name in ("tea", "bamboo", "lat")}

    def patchy(wavelength_px):
        return stands.mean(fractal(rng, grid.shape, wavelength_px, 3))

    def scatter(half_width):
        return rng.uniform(-half_width, half_width, stands.count)

    def take(land_class, reluctance):
        order = np.argsort(np.where(free, reluctance, np.inf), kind="stable")
        most = config.SHARE[land_class] * pixels.sum()
        chosen = order[:np.searchsorted(np.cumsum(pixels[order]), most)]
        land[chosen] = land_class
        free[chosen] = False

    take(config.SETTLEMENT, height + 0.35 * patchy(90.0) + scatter(0.05))
    take(config.CROPLAND, height + scatter(0.12))
    take(config.TEA, 0.8 * height + 0.4 * patchy(40.0) - 0.9 * by_county["tea"] + scatter(0.4))
    take(config.GRASSLAND, patchy(60.0) + scatter(1.0))
    take(config.BARE, scatter(1.0))
    take(config.UNSTOCKED, scatter(1.0))
    take(config.SHRUB, 0.3 * patchy(50.0) - 0.4 * height + scatter(0.4))
    take(config.MOSO, patchy(150.0) - 1.2 * by_county["bamboo"] + scatter(0.7))
    take(config.BROADLEAF, 0.8 * patchy(200.0) - 0.9 * height + scatter(0.7))
    take(config.MASSON, 0.8 * patchy(180.0) + 0.5 * (by_county["lat"] - 27.3) + scatter(0.8))
    take(config.FIR, 0.7 * patchy(120.0) + scatter(0.8))
    return land
