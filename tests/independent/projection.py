#!/usr/bin/python3
"""Projects the stocks of an inventory a second way, from its inputs, and compares projection.csv with it.

numpy and the formula of the logistic curve for every pixel and year; nothing of libsink. Method bef, polygon zones, sets
of logistic curves. Exit 0: every column agrees. Exit 1: a line per mismatch.
"""

import argparse
import csv
import sys
import tomllib
from pathlib import Path

sys.dont_write_bytecode = True

import numpy as np                                                                          # noqa: E402

import inputs                                                                               # noqa: E402
from county_table import CO2_PER_C, Date                                                    # noqa: E402
from pixel_areas import pixel_areas_m2                                                      # noqa: E402

LAST_AGE_YR = 500
GAPS = ("no_curve", "no_age", "no_stock", "beyond_curve")


def logistic(curve, age_yr):
    w, k, a = curve
    return w / (1 + k * np.exp(-a * age_yr))


class Projection:
    """Carbon by pixel and year, and why a forest pixel has none."""

    def __init__(self, date, age_yr, legend, parameters, growth, years):
        self.years, self.forest = years, date.forest
        pixels = len(date.kind)
        biomass, carbon = date.stock_t_ha["biomass_t"], date.stock_t_ha["carbon_t"]
        self.carbon = np.full((years + 1, pixels), np.nan)
        self.gap = np.full(pixels, "no_curve", dtype="U12")
        for code, (key, is_forest) in legend.items():
            curve = self.curve_of(key, parameters, growth)
            if curve is None or not is_forest:
                continue
            here = date.kind == code
            with np.errstate(invalid="ignore", divide="ignore"):
                if growth["anchor"] == "ratio":
                    start = age_yr
                    stock, has_age = here & (carbon > 0), age_yr > 0
                else:
                    w, k, a = curve
                    start = np.log(k * biomass / (w - biomass)) / a
                    stock, has_age = here & (biomass > 0), np.full(pixels, True)
                ends = (start >= 0) & (start + years <= LAST_AGE_YR)
            self.gap[here] = "no_stock"
            self.gap[stock & ~has_age] = "no_age"
            self.gap[stock & has_age & ~ends] = "beyond_curve"
            grows = stock & has_age & ends
            self.gap[grows] = ""
            scale = carbon[grows] / logistic(curve, start[grows])
            for year in range(years + 1):
                self.carbon[year, grows] = scale * logistic(curve, start[grows] + year)

    @staticmethod
    def curve_of(key, parameters, growth):
        row = f"{growth['set']}/{growth.get('like', {}).get(key, key)}"
        parts = [parameters.get((row, f"growth_{part}")) for part in "wka"]
        return None if None in parts else parts

    def rows(self, inside, area_ha):
        """Columns of a zone by year. inside: positions of its pixels."""
        area, forest, gap, carbon = area_ha[inside], self.forest[inside], self.gap[inside], self.carbon[:, inside]
        gaps = {f"{name}_area_ha": area[forest & (gap == name)].sum() for name in GAPS}
        grows = forest & (gap == "")
        totals = [(carbon[year, grows] * area[grows]).sum() for year in range(self.years + 1)]
        for year, total in enumerate(totals):
            increment = (total - totals[year - 1]) * CO2_PER_C if year else None
            projected = area[grows].sum()
            yield {"area_ha": projected, "carbon_t": total, "co2_t": total * CO2_PER_C, "increment_tco2_yr": increment,
                   "increment_tco2_ha_yr": increment / projected if year and projected else None,
                   "unmodelled_area_ha": sum(gaps.values()), **gaps}


def compute(path, parameters):
    """(zone set, zone id, year) -> columns."""
    inventory = tomllib.loads(path.read_text(encoding="utf-8"))
    folder, growth = path.parent, inventory["growth"]
    to = inventory["projection"]["to"]
    entry = next(d for d in inventory["date"] if d["year"] == inventory["projection"].get("from", inventory["date"][-1]["year"]))
    legends = [inputs.read_legend(folder / inventory[name]) for name in ("legend", "landcover_legend")]
    grid = inputs.Grid(folder / entry["forest_type"].rpartition(":")[0])
    all_areas = (pixel_areas_m2(grid.crs_text, grid.geotransform, grid.rows, grid.cols) / 1e4).ravel()
    sets = {zones["name"]: inputs.read_zones(folder, zones, grid) for zones in inventory["zones"]}
    pixels = np.unique(np.concatenate([inside for zones in sets.values() for _, _, inside in zones]))
    date = Date(folder, entry, legends, parameters, pixels)
    date.stock_by_bef()
    age = inputs.read_layer(folder, entry["age"]).ravel()[pixels]
    projection = Projection(date, age, legends[0], parameters, growth, to - entry["year"])
    area = all_areas[pixels]
    found = {}
    for name, zones in sets.items():
        total = np.unique(np.concatenate([inside for _, _, inside in zones]))
        for zone_id, _, inside in [*zones, ("total", "", total)]:
            for year, row in enumerate(projection.rows(np.searchsorted(pixels, inside), area)):
                found[name, zone_id, entry["year"] + year] = row
    return found


def mismatches(expected, path, tolerance):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = {(r["zone_set"], r["zone_id"], int(r["year"])) for r in rows}
    found = [f"row {key}: only on one side" for key in sorted(keys ^ set(expected), key=str)]
    for row in rows:
        key = row["zone_set"], row["zone_id"], int(row["year"])
        for column, value in expected.get(key, {}).items():
            text = row[column]
            if (text == "") != (value is None):
                found.append(f"{key} {column}: {text!r}, expected {value}")
            elif value is not None and abs(float(text) - value) > tolerance * max(abs(value), 1e-3):
                found.append(f"{key} {column}: {text}, expected {value!r}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--projection-csv", type=Path, required=True)
    parser.add_argument("--tolerance", type=float, default=1e-9, help="relative")
    options = parser.parse_args()
    expected = compute(options.inventory, inputs.read_parameters([inputs.default_parameters()]))
    found = mismatches(expected, options.projection_csv, options.tolerance)
    print("\n".join(found) if found else f"{len(expected)} rows agree to {options.tolerance:g}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
