"""Invented outlines: ten counties of given areas in their real relative places, and a park with a belt round it."""

import numpy as np
from pyproj import Geod, Transformer

from . import config
from .mesh import HexMesh
from .noise import fractal

CELL_M = 1800.0
MARGIN_M = 200.0      # what the roughness of an edge may add beyond its corners
WARP_M, WARP_WAVELENGTH_PX = 8000.0, 320.0
OUTSIDE = -1
GEOD = Geod(ellps="GRS80")


class Outlines:
    """The mesh with a county number per cell; outlines come in longitude and latitude."""

    def __init__(self, grid):
        self.to_degrees = Transformer.from_crs(config.CRS, config.OUTLINE_CRS, always_xy=True)
        self.mesh = HexMesh(grid.bounds_m, CELL_M, config.SEED)
        self.area_km2 = self._cell_areas_km2()
        self.shifted_x, self.shifted_y = self._warped_centres(grid)
        self.county = self._counties()

    def county_rings(self, number):
        return self._rings_deg(np.flatnonzero(self.county == number))

    def round_centre(self, lon_lat, area_km2):
        """A ragged disk of about this area inside the city, for the park and its belt."""
        x, y = _to_grid().transform(*lon_lat)
        distance = np.hypot(self.shifted_x - x, self.shifted_y - y)
        distance[self.county == OUTSIDE] = np.inf
        order = np.argsort(distance, kind="stable")
        count = np.searchsorted(np.cumsum(self.area_km2[order]), area_km2)
        chosen = np.zeros(len(distance), bool)
        chosen[order[:count]] = True
        chosen = self._largest_part(chosen)
        return self._rings_deg(np.flatnonzero(chosen))[:1]

    def _cell_areas_km2(self):
        area = np.zeros(len(self.mesh.x))
        for cell in self.mesh.inner:
            lon, lat = self.to_degrees.transform(*zip(*(self.mesh.place(v) for v in self.mesh.vertices(cell))))
            if min(lon) > config.WEST + MARGIN_M / 1e5 and max(lon) < config.EAST - MARGIN_M / 1e5 \
                    and min(lat) > config.SOUTH + MARGIN_M / 1.1e5 and max(lat) < config.NORTH - MARGIN_M / 1.1e5:
                area[cell] = abs(GEOD.polygon_area_perimeter(lon, lat)[0]) / 1e6
        return area

    def _warped_centres(self, grid):
        """Cell centres, shifted smoothly by some kilometres: what makes round territories irregular."""
        rng = np.random.default_rng((config.SEED, 1))
        row, col = grid.pixel_of(self.mesh.x, self.mesh.y)
        shift = [WARP_M * fractal(rng, grid.shape, WARP_WAVELENGTH_PX, 6)[row, col] for _ in range(2)]
        return self.mesh.x + shift[0], self.mesh.y + shift[1]

    def _counties(self):
        """A power diagram inside the city, whose weights are moved until every county has its area."""
        seeds = np.array([_to_grid().transform(c.lon, c.lat) for c in config.COUNTIES])
        target_m2 = 1e6 * np.array([c.area_km2 for c in config.COUNTIES])
        squared_m2 = (self.shifted_x[:, None] - seeds[:, 0])**2 + (self.shifted_y[:, None] - seeds[:, 1])**2
        city = self._city(squared_m2, target_m2)
        weight_m2 = target_m2 / np.pi
        for _ in range(120):
            county = self._connected(np.where(city, (squared_m2 - weight_m2).argmin(axis=1), OUTSIDE))
            area_m2 = 1e6 * np.bincount(county + 1, self.area_km2, len(seeds) + 1)[1:]
            weight_m2 = weight_m2 + 0.3 * (target_m2 - area_m2) / np.pi
        return county

    def _city(self, squared_m2, target_m2):
        """The cells nearest to the seeds, each seed reaching as far as its county is large; gaps are bridged."""
        nearness = np.exp(-0.8 * np.pi * squared_m2 / target_m2).sum(axis=1)
        nearness[self.area_km2 == 0.0] = 0.0
        order = np.argsort(-nearness, kind="stable")
        reached_km2 = np.cumsum(self.area_km2[order])
        total_km2 = goal_km2 = target_m2.sum() / 1e6
        for _ in range(12):
            outside = np.ones(len(nearness), bool)
            outside[order[:np.searchsorted(reached_km2, goal_km2)]] = False
            city = self._largest_part(~self._largest_part(outside))
            goal_km2 += 0.5 * (total_km2 - self.area_km2[city].sum())
        return city

    def _connected(self, county):
        """Give every part of a county but its largest, and every hole in the city, to what lies round it."""
        settled = self._largest_part(county == OUTSIDE)
        for number in range(len(config.COUNTIES)):
            settled |= self._largest_part(county == number)
        county = county.copy()
        loose = [c for c in np.flatnonzero(~settled) if self.area_km2[c] > 0.0]
        while loose:
            still_loose = []
            for cell in loose:
                around = [county[n] for n in self.mesh.neighbours(cell) if settled[n] and county[n] != county[cell]]
                if around:
                    county[cell] = max(sorted(set(around)), key=around.count)
                    settled[cell] = True
                else:
                    still_loose.append(cell)
            if len(still_loose) == len(loose):
                break
            loose = still_loose
        return county

    def _largest_part(self, member):
        inner = np.zeros(len(member), bool)
        inner[self.mesh.inner] = True
        waiting = member & inner
        largest = []
        while waiting.any():
            part = [int(np.argmax(waiting))]
            waiting[part[0]] = False
            for cell in part:
                for n in self.mesh.neighbours(cell):
                    if waiting[n]:
                        waiting[n] = False
                        part.append(n)
            largest = max(largest, part, key=len)
        result = np.zeros(len(member), bool)
        result[largest] = True
        return result

    def _rings_deg(self, cells):
        return [list(zip(*self.to_degrees.transform(*zip(*ring)))) for ring in self.mesh.outline(cells)]


def _to_grid():
    return Transformer.from_crs(config.OUTLINE_CRS, config.CRS, always_xy=True)
