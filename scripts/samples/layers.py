"""From the states of the stands to pixels, and the raster files."""

import numpy as np

from . import config, files

WATER_COVER = config.STAND_CLASSES[config.WATER].cover


class Layers:
    """The pixels of one date; nodata outside the city and where the state is unknown."""

    def __init__(self, stands, state, water):
        inside = stands.number >= 0
        self._number, self._inside, self._water = stands.number, inside, water
        self.land = self._spread(state.land, config.NODATA_U16, np.uint16, config.WATER)
        self.age_yr = self._spread(state.age_yr, config.NODATA_U16, np.uint16, config.NODATA_U16)
        self.volume_raw = self._spread(state.volume_raw, config.NODATA_U16, np.uint16, 0)
        self.culms_ha = self._spread(state.culms_ha, config.NODATA_U16, np.uint16, config.NODATA_U16)
        self.cover = self._spread(state.cover, config.NODATA_U8, np.uint8, WATER_COVER)

    @property
    def water(self):
        """Pixels of rivers, which lie over the stands."""
        return self._water

    def _spread(self, by_stand, nodata, kind, on_water):
        values = np.full(self._number.shape, nodata, kind)
        values[self._inside] = np.where(by_stand < 0, nodata, by_stand)[self._number[self._inside]]
        values[self._water] = on_water
        return values

    def write(self, folder, grid, year):
        """stands_, culms_ and landcover_ of the year."""
        files.write_raster(folder / f"stands_{year}.tif", grid, [
            (self.land, f"forest type {year}, codes of legend.csv (synthetic)", None, None),
            (self.age_yr, f"stand age {year} (synthetic)", "yr", None),
            (self.volume_raw, f"growing stock {year} (synthetic)", "m3/ha", config.VOLUME_STEP_M3_HA),
        ], config.NODATA_U16)
        files.write_raster(folder / f"culms_{year}.tif", grid,
                           [(self.culms_ha, f"bamboo culms {year} (synthetic)", "1/ha", None)], config.NODATA_U16)
        files.write_raster(folder / f"landcover_{year}.tif", grid,
                           [(self.cover, f"land cover {year}, codes of landcover_legend.csv (synthetic)", None, None)],
                           config.NODATA_U8)
