"""The pixel grid: whole hundreds of metres round the extent."""

import numpy as np
from pyproj import Transformer

from . import config


class Grid:
    """Position of the pixels in metres; row 0 is the northern one."""

    def __init__(self):
        to_grid = Transformer.from_crs(config.OUTLINE_CRS, config.CRS, always_xy=True)
        lon, lat = np.linspace(config.WEST, config.EAST, 200), np.linspace(config.SOUTH, config.NORTH, 200)
        x, y = to_grid.transform(np.concatenate((lon, lon, 0 * lat + config.WEST, 0 * lat + config.EAST)),
                                 np.concatenate((0 * lon + config.SOUTH, 0 * lon + config.NORTH, lat, lat)))
        step = config.PIXEL_M
        self.west, self.south = step * np.floor(min(x) / step), step * np.floor(min(y) / step)
        self.east, self.north = step * np.ceil(max(x) / step), step * np.ceil(max(y) / step)
        self.shape = (round((self.north - self.south) / step), round((self.east - self.west) / step))
        self.bounds_m = (self.west, self.south, self.east, self.north)
        self.geotransform = (self.west, step, 0.0, self.north, 0.0, -step)

    def pixel_of(self, x, y):
        """Row and column of points, the nearest pixel for those outside."""
        row = ((self.north - np.asarray(y)) / config.PIXEL_M).astype(np.int64)
        col = ((np.asarray(x) - self.west) / config.PIXEL_M).astype(np.int64)
        return row.clip(0, self.shape[0] - 1), col.clip(0, self.shape[1] - 1)

    def centre_of(self, row, col):
        return self.west + (col + 0.5) * config.PIXEL_M, self.north - (row + 0.5) * config.PIXEL_M
