"""Stand polygons (小班) of a county with the fields of the 一张图, which give its rasters of 2020 back pixel by pixel."""

import numpy as np
from osgeo import ogr
from pyproj import Geod, Transformer

from . import config, files

# What the sample's own layers hold goes into the fields as it is: YOU_SHI_SZ has the codes of legend.csv, DI_LEI those of
# landcover_legend.csv.
FIELDS = (("XIAN", ogr.OFTString), ("LIN_BAN", ogr.OFTString), ("XIAO_BAN", ogr.OFTString), ("MIAN_JI", ogr.OFTReal),
          ("DI_LEI", ogr.OFTString), ("YOU_SHI_SZ", ogr.OFTString), ("QI_YUAN", ogr.OFTString), ("PINGJUN_NL", ogr.OFTInteger),
          ("LING_ZU", ogr.OFTString), ("YU_BI_DU", ogr.OFTReal), ("HUO_LMGQXJ", ogr.OFTReal), ("SLXJ", ogr.OFTReal),
          ("MEI_GQ_ZS", ogr.OFTInteger))
PLANTATION, NATURAL = "20", "10"
PLANTED = (config.FIR, config.MASSON)
# Last ages of the groups 1 to 4: ChinaXiv-201704.00197, as in libsink/parameters/age_groups.csv.
GROUP_ENDS = {config.FIR: (10, 20, 25, 35), config.MASSON: (10, 20, 30, 50)}
COMPARTMENT_PX = 30           # side of a 林班
CANOPY = (0.45, 0.9)          # of stands of trees, invented


def write(path, grid, stands, layers, county):
    """The polygons of one county, by its place in COUNTIES."""
    inside = np.flatnonzero(stands.county == county)
    # Water inside a stand is a polygon of its own; what no layer knows is in none.
    key = np.where(stands.number >= 0, 2 * stands.number + layers.water, -1)
    pixels = np.isin(stands.number, inside) & (layers.land != config.NODATA_U16)
    key = np.where(pixels, key, -1)
    shapes = files.stand_polygons(grid, key, np.unique(key[pixels]))
    keys, first = np.unique(key, return_index=True)
    rng = np.random.default_rng((config.SEED, 7, county))
    to_degrees = Transformer.from_crs(config.CRS, config.OUTLINE_CRS, always_xy=True)
    features, numbers = [], {}
    for number, at in zip(keys, first):
        if number < 0:
            continue
        row, col = divmod(int(at), grid.shape[1])
        compartment = f"{row // COMPARTMENT_PX:02d}{col // COMPARTMENT_PX:02d}"
        numbers[compartment] = numbers.get(compartment, 0) + 1
        features.append((shapes[number], fields_of(config.COUNTIES[county].code, compartment, numbers[compartment], layers, (row, col),
                                                   area_ha(shapes[number], to_degrees), rng)))
    files.write_polygons(path, "stands", config.CRS, FIELDS, features)


def fields_of(code, compartment, number, layers, at, area, rng):
    """A value per field; None is null."""
    land, age, volume, culms, cover = (known(values[at]) for values in (layers.land, layers.age_yr, layers.volume_raw, layers.culms_ha,
                                                                        layers.cover.astype(int)))
    volume = None if volume is None else round(volume * config.VOLUME_STEP_M3_HA, 1)
    trees = land in config.TREES
    group = str(1 + int(np.searchsorted(GROUP_ENDS[land], age))) if land in GROUP_ENDS and age is not None else None
    canopy = round(float(rng.uniform(*CANOPY)), 2)
    return (code, compartment, f"{number:04d}", round(area, 4), str(cover), str(land),
            (PLANTATION if land in PLANTED else NATURAL) if trees else None, age, group, canopy if trees else None, volume,
            None if volume is None or not trees else round(volume * area, 1), culms)


def known(value):
    return None if value == config.NODATA_U16 else int(value)


def area_ha(shape, to_degrees):
    """Geodesic area of a multipolygon along pixel edges."""
    geod = Geod(ellps="GRS80")
    total = 0.0
    for polygon in shape:
        for place in range(polygon.GetGeometryCount()):
            ring = polygon.GetGeometryRef(place)
            lon, lat = to_degrees.transform(*zip(*(p[:2] for p in ring.GetPoints())))
            total += (1 if place == 0 else -1) * abs(geod.polygon_area_perimeter(lon, lat)[0])
    return total / 1e4
