#!/usr/bin/python3
"""Computes the table of zones of an inventory a second way, from its inputs, and compares zones.csv with it.

Python, numpy, pyproj and GDAL's rasteriser; nothing of libsink and none of its rasters. Method bef and polygon zones.
Exit 0: every column agrees. Exit 1: a line per mismatch. Without --zones-csv the table goes to stdout.
"""

import argparse
import csv
import math
import sys
import tomllib
from pathlib import Path

sys.dont_write_bytecode = True

import numpy as np                                                                          # noqa: E402

import inputs                                                                               # noqa: E402
from pixel_areas import pixel_areas_m2                                                      # noqa: E402

CO2_PER_C = 44.0 / 12.0
COMPLETE_FROM = 0.95
KEY_COLUMNS = ("zone_set", "zone_id", "method", "year", "year_from", "year_to")
POOLS = ("agb_t", "bgb_t", "biomass_t", "carbon_t", "co2_t")


class Date:
    """One date over the pixels of any zone: land use, volume and stock per hectare. NaN is unknown."""

    def __init__(self, folder, date, legends, parameters, pixels):
        def layer(name):
            if name not in date:
                return np.full(len(pixels), np.nan)
            return inputs.read_layer(folder, date[name]).ravel()[pixels]

        self.year = date["year"]
        self.kind, cover = layer("forest_type"), layer("landcover")
        self.volume_m3_ha, self.culms_ha = layer("volume"), layer("culms")
        type_legend, cover_legend = legends
        forest = np.where(np.isnan(self.kind), _is_forest(cover, cover_legend), _is_forest(self.kind, type_legend))
        self.land_known, self.forest = ~np.isnan(forest), forest == 1.0
        self._legend, self._parameters = type_legend, parameters

    def stock_by_bef(self):
        """Sets agb, bgb, biomass, carbon, co2, in t/ha; `modelled` is where they are known."""
        agb, bgb, carbon = (np.full(len(self.kind), np.nan) for _ in range(3))
        for code, (key, is_forest) in self._legend.items():
            here = np.flatnonzero(self.kind == code)
            above, below = self._biomass_t_ha(here, key, is_forest)
            agb[here], bgb[here] = above, below
            fraction = self._parameters.get((key, "carbon_fraction"), math.nan)
            biomass = above + below
            carbon[here] = np.where(biomass == 0.0, 0.0, biomass * fraction)
        self.stock_t_ha = dict(zip(POOLS, (agb, bgb, agb + bgb, carbon, carbon * CO2_PER_C)))
        self.modelled = ~np.isnan(carbon)

    def _biomass_t_ha(self, here, key, is_forest):
        def value(parameter):
            return self._parameters.get((key, parameter))

        density_t_ha = np.full(len(here), math.nan if value("biomass_density") is None else value("biomass_density"))
        if not is_forest:
            return _split(np.where(np.isnan(density_t_ha), 0.0, density_t_ha), value("root_shoot"))
        if value("culm_kg") is not None:
            whole = self.culms_ha[here] * value("culm_kg") / 1000.0
            return _split(np.where(np.isnan(whole), density_t_ha, whole), value("root_shoot"))
        if value("bef") is not None and value("wood_density") is not None:
            above = self.volume_m3_ha[here] * value("wood_density") * value("bef")
            return above, above * value("root_shoot")
        return _split(density_t_ha, value("root_shoot"))


def _is_forest(codes, legend):
    """1, 0, or NaN where there is no code."""
    table = np.full(65537, np.nan)
    for code, (_, is_forest) in legend.items():
        table[code] = float(is_forest)
    return table[np.where(np.isnan(codes), 65536, codes).astype(np.int64)]


def _split(whole_t_ha, root_shoot):
    above = whole_t_ha / (1.0 + (root_shoot or 0.0))
    return above, whole_t_ha - above


def date_columns(date, area_ha, inside):
    """The columns of a zone at one date. inside: positions of its pixels."""
    area, forest = area_ha[inside], date.forest[inside]
    stock = {name: values[inside] for name, values in date.stock_t_ha.items()}
    row = {"area_ha": area.sum(), "forest_area_ha": area[forest].sum(),
           "unmodelled_area_ha": area[forest & ~date.modelled[inside]].sum(), "rate_area_ha": None,
           "volume_m3": np.nansum((date.volume_m3_ha[inside] * area)[forest])}
    row.update({name: np.nansum(values * area) for name, values in stock.items()})
    return row


def period_columns(first, last, area_ha, inside, rates):
    """The columns of a zone over a period. rates: baseline, {name: reference}, emissions in t CO2."""
    years = last.year - first.year
    area = area_ha[inside]
    was, is_now = first.forest[inside], last.forest[inside]
    either = was | is_now
    rated = either & first.modelled[inside] & last.modelled[inside]
    sink = (last.stock_t_ha["co2_t"] - first.stock_t_ha["co2_t"])[inside] * area / years
    parts = {"stable": rated & was & is_now, "gain": rated & ~was, "loss": rated & ~is_now}
    land_known = first.land_known[inside] & last.land_known[inside]
    row = {"area_ha": area.sum(), "forest_area_ha": (area[was].sum() + area[is_now].sum()) / 2.0,
           "unmodelled_area_ha": area[either & ~rated].sum(), "rate_area_ha": area[rated].sum(),
           "sink_tco2_yr": sink[rated].sum(),
           "volume_change_m3_yr": np.nansum((last.volume_m3_ha - first.volume_m3_ha)[inside] * area) / years,
           "forest_area_change_ha_yr": (area[land_known & is_now].sum() - area[land_known & was].sum()) / years}
    row.update({f"{name}_area_ha": area[part].sum() for name, part in parts.items()})
    row.update({f"sink_{name}_tco2_yr": sink[part].sum() for name, part in parts.items()})
    row.update(dict.fromkeys(("volume_m3", *POOLS)))
    row.update(_benchmark_columns(row, area[either].sum(), rates))
    return row


def _benchmark_columns(row, either_area_ha, rates):
    baseline, references, emissions_t = rates
    rate_area_ha, sink = row["rate_area_ha"], row["sink_tco2_yr"]
    rate = sink / rate_area_ha if rate_area_ha else None
    coverage = rate_area_ha / either_area_ha if either_area_ha else None
    columns = {"sink_tco2_ha_yr": rate, "rate_coverage": coverage}
    if baseline is not None:
        gap = None if rate is None else baseline - rate
        status = "" if rate is None else "above" if rate >= baseline else "below"
        columns.update(baseline_tco2_ha_yr=baseline, gap_tco2_ha_yr=gap,
                       gap_tco2_yr=None if gap is None else gap * rate_area_ha,
                       status="incomplete" if status and coverage < COMPLETE_FROM else status)
    for name, reference in references.items():
        columns[f"gap_{name}_tco2_ha_yr"] = None if rate is None else reference - rate
    if emissions_t is not None:
        columns["share_of_emissions"] = sink / emissions_t
    return columns


def compute_table(path, parameters, perturb):
    """Rows of zones.csv as dicts: the key columns, zone_name, and the columns that apply (None: must be blank)."""
    inventory = tomllib.loads(path.read_text(encoding="utf-8"))
    folder = path.parent
    grid = inputs.Grid(folder / inventory["date"][0]["forest_type"].partition(":")[0])
    zone_sets = {zones["name"]: inputs.read_zones(folder, zones, grid) for zones in inventory["zones"]}
    pixels = np.unique(np.concatenate([inside for zones in zone_sets.values() for _, _, inside in zones]))
    area_ha = pixel_areas_m2(grid.crs_text, grid.geotransform, grid.rows, grid.cols).ravel()[pixels] / 1e4
    legends = [inputs.read_legend(folder / inventory[name]) for name in ("legend", "landcover_legend")]
    dates = [Date(folder, date, legends, parameters, pixels) for date in inventory["date"]]
    if perturb:
        _change_one_volume(dates[-1])
    for date in dates:
        date.stock_by_bef()
    rates = (inventory.get("baseline", {}).get("rate_tco2_ha_yr"),
             {r["name"]: r["rate_tco2_ha_yr"] for r in inventory.get("reference", [])},
             inventory.get("emissions", {}).get("co2_t"))

    rows = []
    for set_name, zones in zone_sets.items():
        whole = np.unique(np.concatenate([inside for _, _, inside in zones]))
        for zone_id, zone_name, inside in [*zones, ("total", None, whole)]:
            place = np.searchsorted(pixels, inside)
            head = {"zone_set": set_name, "zone_id": zone_id, "zone_name": zone_name, "method": "bef"}
            for date in dates:
                rows.append({**head, "year": str(date.year), "year_from": "", "year_to": "",
                             **date_columns(date, area_ha, place)})
            for first, last in zip(dates, dates[1:]):
                rows.append({**head, "year": "", "year_from": str(first.year), "year_to": str(last.year),
                             **period_columns(first, last, area_ha, place, rates)})
    return rows


def _change_one_volume(date):
    """One per cent more on the first forest pixel that has a volume: what the comparison must notice."""
    pixel = np.flatnonzero(date.forest & (date.volume_m3_ha > 50.0))[0]
    date.volume_m3_ha[pixel] *= 1.01


def mismatches(ours, path, tolerance):
    """Lines that say where the file and our rows differ."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        theirs = {tuple(row[c] for c in KEY_COLUMNS): row for row in csv.DictReader(file)}
    found = []
    for row in ours:
        key = tuple(row[c] for c in KEY_COLUMNS)
        other = theirs.pop(key, None)
        if other is None:
            found.append(f"{'/'.join(key)}: no such row in {path}")
            continue
        for column, value in row.items():
            if column == "zone_name" and value is None:
                continue
            if column not in other:
                found.append(f"{'/'.join(key)}: {column}: no such column")
            elif not _agree(value, other[column], tolerance, _scale(column, row)):
                found.append(f"{'/'.join(key)}: {column}: {other[column]!r}, independently {value!r}")
    found += [f"{'/'.join(key)}: row not expected" for key in theirs]
    return found


def _scale(column, row):
    """What a difference of two numbers is measured by when it is itself near zero: the gaps, by the rate."""
    if not column.startswith("gap_") or row["sink_tco2_ha_yr"] is None:
        return 0.0
    return abs(row["sink_tco2_yr"] if column == "gap_tco2_yr" else row["sink_tco2_ha_yr"])


def _agree(value, text, tolerance, scale):
    if value is None or isinstance(value, str):
        return text == (value or "")
    try:
        return abs(float(text) - value) <= tolerance * max(abs(value), scale)
    except ValueError:
        return False


def write_table(rows, file):
    columns = dict.fromkeys(column for row in rows for column in row)
    table = csv.DictWriter(file, list(columns), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--parameters", type=Path, action="append", default=[],
                        help="a table that overrides the defaults row by row")
    parser.add_argument("--zones-csv", type=Path, help="the table to compare")
    parser.add_argument("--tolerance", type=float, default=1e-9, help="relative")
    parser.add_argument("--perturb", action="store_true", help="change one pixel's volume, so that it must fail")
    options = parser.parse_args()

    parameters = inputs.read_parameters([inputs.default_parameters(), *options.parameters])
    rows = compute_table(options.inventory, parameters, options.perturb)
    if options.zones_csv is None:
        write_table(rows, sys.stdout)
        return 0
    found = mismatches(rows, options.zones_csv, options.tolerance)
    print("\n".join(found) if found else f"{len(rows)} rows agree to {options.tolerance:g}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
