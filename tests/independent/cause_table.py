#!/usr/bin/python3
"""Labels every pixel of an inventory with what caused its sink, a second way, and sums the causes by zone.

numpy on the rasters and the stocks of county_table.py; nothing of libsink. Two dates, method bef.
"""

import sys
import tomllib

sys.dont_write_bytecode = True

import numpy as np                                                                          # noqa: E402

import county_table                                                                         # noqa: E402
import inputs                                                                               # noqa: E402
from pixel_areas import pixel_areas_m2                                                      # noqa: E402

CAUSES = ("growth", "afforestation", "harvest", "fire", "other_disturbance", "degradation", "deforestation cropland",
          "deforestation cropland_perennial", "deforestation grassland", "deforestation wetland",
          "deforestation settlement", "deforestation other", "unresolved", "unexplained")
CODE = {cause: place + 1 for place, cause in enumerate(CAUSES)}
NO_CAUSE = 255
HARVESTS = ("harvest", "thinning")


def land_uses(path):
    """code -> land use."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return {int(row["code"]): row["land_use"] or inputs.KEY_LAND_USE.get(row["key"], "forest")
                for row in inputs.csv.DictReader(file)}


def events_in(inventory, folder, pixels, first_year, last_year):
    """Name of the one event of each pixel in (first_year, last_year], "" for none, "overlapping" for two."""
    found = np.full(len(pixels), "", object)
    for source in inventory.get("disturbance", []):
        code = inputs.read_layer(folder, source["type"]).ravel()[pixels]
        year = inputs.read_layer(folder, source["year"]).ravel()[pixels]
        within = (year > first_year) & (year <= last_year)
        for text, name in source["codes"].items():
            here = within & (code == int(text))
            found[here] = np.where(found[here] == "", name, "overlapping")
    return found


def labels(inventory, folder, dates, pixels):
    """Code of the cause of each pixel, by the rules in words: first what land use did, then events, then volume."""
    first, last = dates
    uses = [land_uses(folder / inventory[name]) for name in ("legend", "landcover_legend")]
    to_use = np.full(len(pixels), "", object)
    for values, table in ((inputs.read_layer(folder, inventory["date"][1]["landcover"]).ravel()[pixels], uses[1]),
                          (last.kind, uses[0])):
        for code, use in table.items():
            to_use[values == code] = use
    age = [inputs.read_layer(folder, date["age"]).ravel()[pixels] for date in inventory["date"]]
    event = events_in(inventory, folder, pixels, first.year, last.year)
    bamboo_codes = [code for code, (key, _) in first._legend.items() if (key, "culm_kg") in first._parameters]
    bamboo = [np.isin(date.kind, bamboo_codes) for date in dates]
    stock = [np.where(bamboo[0] & bamboo[1], date.culms_ha, date.volume_m3_ha) for date in dates]

    result = np.full(len(pixels), NO_CAUSE)
    rated = first.modelled & last.modelled & (first.forest | last.forest)
    stays, lost = rated & first.forest & last.forest, rated & first.forest & ~last.forest
    result[rated & ~first.forest] = CODE["afforestation"]
    for use in np.unique(to_use[lost].astype(str)):
        name = "unresolved" if use in ("grassland", "other") else f"deforestation {use}"
        result[lost & (to_use == use)] = CODE[name]
    with np.errstate(invalid="ignore"):
        falls, holds = stock[1] < stock[0], stock[1] >= stock[0]
        felled = (age[1] < age[0]) | (last.volume_m3_ha < 0.5 * first.volume_m3_ha)
    mixed = bamboo[0] != bamboo[1]
    left = stays.copy()
    for here, cause in ((event == "overlapping", "unexplained"), (event == "fire", "fire"),
                        (np.isin(event, HARVESTS), "harvest"), (event != "", "other_disturbance"),
                        (felled, "harvest"), (mixed, "unexplained"), (falls, "degradation"), (holds, "growth"),
                        (stays, "unexplained")):
        result[left & here] = CODE[cause]
        left &= ~here
    open_ground = lost & (result == CODE["unresolved"])
    result[open_ground & (event == "fire")] = CODE["fire"]
    result[open_ground & np.isin(event, HARVESTS)] = CODE["harvest"]
    return result


def compute(path):
    """{(zone set, zone, cause): (pixels, ha, t CO2/yr)}, and the codes over the whole grid."""
    inventory = tomllib.loads(path.read_text(encoding="utf-8"))
    folder = path.parent
    grid = inputs.Grid(folder / inventory["date"][0]["forest_type"].partition(":")[0])
    zone_sets = {zones["name"]: inputs.read_zones(folder, zones, grid) for zones in inventory["zones"]}
    pixels = np.arange(grid.rows * grid.cols)
    area_ha = pixel_areas_m2(grid.crs_text, grid.geotransform, grid.rows, grid.cols).ravel() / 1e4
    legends = [inputs.read_legend(folder / inventory[name]) for name in ("legend", "landcover_legend")]
    parameters = inputs.read_parameters([inputs.default_parameters()])
    dates = [county_table.Date(folder, date, legends, parameters, pixels) for date in inventory["date"]]
    for date in dates:
        date.stock_by_bef()
    code = labels(inventory, folder, dates, pixels)
    years = dates[1].year - dates[0].year
    sink = (dates[1].stock_t_ha["co2_t"] - dates[0].stock_t_ha["co2_t"]) * area_ha / years
    table = {}
    for set_name, zones in zone_sets.items():
        whole = np.unique(np.concatenate([inside for _, _, inside in zones]))
        for zone_id, _, inside in [*zones, ("total", None, whole)]:
            for cause in CAUSES:
                here = inside[code[inside] == CODE[cause]]
                if len(here):
                    table[set_name, zone_id, cause] = (len(here), area_ha[here].sum(), sink[here].sum())
    return table, code.reshape(grid.rows, grid.cols)
