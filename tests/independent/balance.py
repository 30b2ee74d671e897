#!/usr/bin/python3
"""Computes balance.csv and pools.csv of the sample a second way, from its inputs, and compares.

Python, numpy, pyproj and GDAL's rasteriser; nothing of libsink. Method bef, two dates, polygon zones, logistic curves
anchored by ratio, dead matter MEASURED, soil of 2019 / warm_temperate_moist / lac. Exit 0: everything agrees.
"""

import argparse
import csv
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import numpy as np                                                                          # noqa: E402

import inputs                                                                               # noqa: E402
from balance_world import World, shares_of                                                  # noqa: E402
from county_table import CO2_PER_C                                                          # noqa: E402

LIVING, DEAD = ("above", "below"), ("dead_wood", "litter")
POOLS = (*LIVING, *DEAD, "soil", "products")
FLOWS = ("opening", "gained", "received", "given", "emitted", "closing")
SOIL_USE = {"forest": "forest", "forest_unstocked": "forest", "shrub_counted": "forest", "grassland": "grassland",
            "cropland": "cropland", "cropland_perennial": "cropland_perennial", "settlement": "settlement"}
DENSITY_USES = ("cropland_perennial", "shrub_counted")


class Balance:
    def __init__(self, world, shares):
        self.w, w = world, world
        first, last = w.first, w.last
        n = len(w.pixels)
        self.flows = {pool: {flow: np.zeros(n) for flow in FLOWS} for pool in POOLS}
        self.moves = {name: np.zeros(n) for name in ("growth", "regrowth", "cover", "harvest", "fire", "other", "conversion")}
        rated = (first.forest | last.forest) & first.modelled & last.modelled
        self.rated, self.change = rated, (last.stock_t_ha["carbon_t"] - first.stock_t_ha["carbon_t"])
        use_1, use_2 = w.uses(first.kind), w.uses(last.kind)
        bare_1, bare_2 = use_1 == "forest_unstocked", use_2 == "forest_unstocked"
        stand = first.forest & ~bare_1
        with np.errstate(invalid="ignore"):
            felled = first.forest & last.forest & ((last.age < first.age) | (last.volume_m3_ha < 0.5 * first.volume_m3_ha))
            in_period = (w.event_year > first.year) & (w.event_year <= last.year)
        event = np.array([w.event_names.get(int(c), "") if c == c and ok else "" for c, ok in zip(w.event_code, in_period)])
        cut = felled | (first.forest & bare_2 & ~bare_1)
        disturbance = np.where((event != "") & first.forest, event, np.where(cut, "harvest", ""))
        converted = first.forest != last.forest
        planted = last.forest & ~bare_2
        replaced = np.array([d != "" and shares[d]["above"].get("above", 0.0) == 0.0 for d in disturbance])
        new_stand = planted & (replaced | ~first.forest | bare_1)
        year = np.full(n, (w.years + 1) // 2)
        by_age = new_stand & (last.age >= 0) & (last.age < w.years)
        year[by_age] = np.maximum(1, w.years - last.age[by_age].astype(int))
        year[event != ""] = (w.event_year - first.year)[event != ""].astype(int)
        changed = (disturbance != "") | converted | new_stand
        # Where growth cannot be told.
        carbon_1 = first.stock_t_ha["carbon_t"]
        with np.errstate(invalid="ignore", divide="ignore"):
            curve_1 = w.curve(first.kind, first.age)
            scale = carbon_1 / curve_1
        fine = ~stand | (np.isfinite(scale) & (scale > 0) & (scale <= 2.5) & (first.age > 0))
        curved = np.isfinite(w.curve(last.kind, np.zeros(n)))
        fine &= ~(stand & last.forest & (first.kind != last.kind) & ~bare_2) | curved
        fine &= ~new_stand | np.isfinite(w.curve(last.kind, np.zeros(n)))
        self.followed = rated & fine
        self._open(carbon_1, use_1)
        self._grow(stand, scale, np.where(changed, year - 1, w.years), first)
        living = self.flows["above"]["closing"] + self.flows["below"]["closing"]
        for name in sorted(set(disturbance) - {""}):
            kind = {"fire": "fire", "harvest": "harvest", "thinning": "harvest"}.get(name, "other")
            lost = self._disturb(disturbance == name, shares[name])
            self.moves[kind] += np.where(converted, 0.0, lost)
            self.moves["conversion"] += np.where(converted, lost, 0.0)
        left = np.divide(self.flows["above"]["closing"] + self.flows["below"]["closing"], living, out=np.zeros(n), where=living > 0)
        self.moves["conversion"] += self._disturb(converted & first.forest, shares["conversion"])
        gone = {"above": {"atmosphere": 1.0}, "below": {"atmosphere": 1.0}}
        self.moves["conversion"] += self._disturb(converted & ~first.forest, gone)
        self._grow_again(new_stand, replaced, changed, converted, stand, scale, left, year)
        self._convert(converted, year, use_1, use_2)
        self._decay(year)

    def _gain(self, pool, tonnes):
        self.flows[pool]["gained"] += np.maximum(tonnes, 0)
        self.flows[pool]["emitted"] += np.maximum(-tonnes, 0)
        self.flows[pool]["closing"] += tonnes

    def _open(self, carbon, use):
        first, p = self.w.first, self.w.parameters
        biomass = first.stock_t_ha["biomass_t"]
        above = np.divide(first.stock_t_ha["agb_t"], biomass, out=np.ones(len(carbon)), where=biomass > 0)
        soil = self._soil(use)
        values = {"above": carbon * above, "below": carbon * (1 - above),
                  "dead_wood": np.where(first.forest, p["MEASURED", "dead_wood_carbon"], 0.0),
                  "litter": np.where(first.forest, p["MEASURED", "litter_carbon"], 0.0), "soil": np.nan_to_num(soil)}
        for pool, value in values.items():
            self.flows[pool]["opening"] += np.nan_to_num(value)
            self.flows[pool]["closing"] += np.nan_to_num(value)

    def _soil(self, uses):
        p = self.w.parameters
        where = "2019/warm_temperate_moist"
        result = np.full(len(uses), np.nan)
        for use, row in SOIL_USE.items():
            factor = p.get((f"{where}/{row}", "f_lu"), p.get((f"2019/ANY/{row}", "f_lu"), np.nan))
            result[uses == use] = p[f"{where}/lac", "soc_reference"] * factor
        return result

    def _living_share(self, otherwise):
        above, below = self.flows["above"]["closing"], self.flows["below"]["closing"]
        stands = above + below > 1e-9                 # less is what rounding left of a stand that is gone
        return np.divide(above, above + below, out=otherwise.copy(), where=stands)

    def _grow(self, stand, scale, years, first):
        grown = scale * (self.w.curve(first.kind, first.age + years) - self.w.curve(first.kind, first.age))
        grown = np.where(stand, np.nan_to_num(grown), 0.0)
        self.moves["growth"] += grown
        share = self._living_share(np.ones(len(grown)))
        self._gain("above", grown * share)
        self._gain("below", grown * (1 - share))

    def _disturb(self, where, shares):
        before = {pool: self.flows[pool]["closing"].copy() for pool in POOLS}
        lost = np.zeros(len(where))
        for source, targets in shares.items():
            for target, share in targets.items():
                moved = np.where(where, before[source] * share, 0.0)
                if target == source:
                    continue
                self.flows[source]["emitted" if target == "atmosphere" else "given"] += moved
                self.flows[source]["closing"] -= moved
                lost += moved * (source in LIVING)
                if target != "atmosphere":
                    self.flows[target]["received"] += moved
                    self.flows[target]["closing"] += moved
                    lost -= moved * (target in LIVING)
        return lost

    def _grow_again(self, new_stand, replaced, changed, converted, stand, scale, left, year):
        w = self.w
        after = (w.years - year).astype(float)
        fraction = w.parameter(w.last.kind, "carbon_fraction")
        young = fraction * (w.curve(w.last.kind, after) - w.curve(w.last.kind, np.zeros(len(after))))
        old = left * scale * (w.curve(w.first.kind, w.first.age + w.years - 1) - w.curve(w.first.kind, w.first.age + year - 1.0))
        grows_on = changed & ~new_stand & ~replaced & ~converted & stand
        regrown = np.where(new_stand, np.nan_to_num(young), np.where(grows_on, np.nan_to_num(old), 0.0))
        living_2 = w.last.stock_t_ha["carbon_t"]
        cover = np.where(converted & w.first.forest, living_2 * np.minimum((after + 1) / 10, 1), 0.0)
        self.moves["regrowth"] += regrown
        self.moves["cover"] += np.nan_to_num(cover)
        biomass_2 = w.last.stock_t_ha["biomass_t"]
        second = np.divide(w.last.stock_t_ha["agb_t"], biomass_2, out=np.ones(len(after)), where=biomass_2 > 0)
        share = self._living_share(second)
        new = regrown + np.nan_to_num(cover)
        self._gain("above", new * share)
        self._gain("below", new * (1 - share))

    def _convert(self, converted, year, use_1, use_2):
        p = self.w.parameters
        part = np.where(converted, np.minimum(self.w.years - year + 1, 20) / 20, 0.0)
        for pool in DEAD:
            self._gain(pool, np.where(converted & self.w.last.forest, p["MEASURED", f"{pool}_carbon"] * part, 0.0))
        self._gain("soil", np.nan_to_num((self._soil(use_2) - self._soil(use_1)) * part))

    def _decay(self, year):
        p = self.w.parameters
        years = np.arange(self.w.years + 1)
        left = np.zeros(len(years))
        for product in ("sawnwood", "panels", "paper"):
            k = np.log(2) / p[f"PRODUCTS/{product}", "half_life"]
            left += p[f"PRODUCTS/{product}", "inflow_share"] * (1 - np.exp(-k)) / k * np.exp(-k * years)
        dead = {pool: np.log(2) / p[f"DEAD_MATTER/{pool}", "half_life"] for pool in DEAD}
        shares = {"products": left, **{pool: (1 - np.exp(-k)) / k * np.exp(-k * years) for pool, k in dead.items()}}
        for pool, share in shares.items():
            flows = self.flows[pool]
            gone = np.minimum(flows["received"], flows["closing"]) * (1 - share[(self.w.years - year).astype(int)])
            flows["emitted"] += gone
            flows["closing"] -= gone


def provincial(world):
    """t CO2/ha/yr of growth and of cover; NaN where there is none."""
    p, w = world.parameters, world
    rate = ((p["PROVINCE", "growth_rate"] - p["PROVINCE", "consumption_rate"]) * p["PROVINCE", "wood_density_svd"]
            * p["PROVINCE", "bef_total"] * p["PROVINCE", "carbon_fraction"])
    by_volume = np.nan_to_num(w.by_class(w.first.kind, lambda code: float((w.legend[code][0], "bef") in p))) > 0
    growth = np.where(by_volume & w.first.forest, w.first.volume_m3_ha * rate, np.nan)

    def density(kind):
        def of(code):
            key = w.legend[code][0]
            counted = (key, "culm_kg") in p or w.use[code] in DENSITY_USES
            return p.get((key, "biomass_density"), np.nan) * p["PROVINCE", "carbon_fraction"] if counted else np.nan
        return w.by_class(kind, of)
    one, two = density(w.first.kind), density(w.last.kind)
    known = ~np.isnan(w.first.kind) & ~np.isnan(w.last.kind) & ~(np.isnan(one) & np.isnan(two))
    cover = np.where(known, (np.nan_to_num(two) - np.nan_to_num(one)) / w.years, np.nan)
    return growth * CO2_PER_C, cover * CO2_PER_C


def tables(world, shares):
    """{(zone, approach): {column: value}}, {(zone, pool): {column: value}}."""
    balance = Balance(world, shares)
    growth, cover = provincial(world)
    approaches, pools = {}, {}
    whole = np.unique(np.concatenate([inside for _, _, inside in world.zones]))
    for zone, _, inside in [*world.zones, ("total", None, whole)]:
        place = np.searchsorted(world.pixels, inside)
        area, followed, rated = world.area_ha[place], balance.followed[place], balance.rated[place]
        per_year = CO2_PER_C / world.years
        total = lambda values, where: float(np.nansum((values[place] * area)[where]))         # noqa: E731
        moves = {name: total(values, followed) * per_year for name, values in balance.moves.items()}
        gains = moves["growth"] + moves["regrowth"] + moves["cover"]
        gain_loss = gains - moves["harvest"] - moves["fire"] - moves["other"] - moves["conversion"]
        change = total(balance.change, followed) * per_year
        approaches[zone, "stock_difference"] = {"area_ha": area[rated].sum(), "sink_tco2_yr": total(balance.change, rated) * per_year}
        approaches[zone, "stock_difference_where_modelled"] = {"area_ha": area[followed].sum(), "sink_tco2_yr": change}
        approaches[zone, "closure"] = {"area_ha": area[followed].sum(), "sink_tco2_yr": change - gain_loss}
        approaches[zone, "gain_loss"] = {
            "area_ha": area[followed].sum(), "sink_tco2_yr": gain_loss, "gain_growth_tco2_yr": moves["growth"],
            "gain_regrowth_tco2_yr": moves["regrowth"], "gain_cover_tco2_yr": moves["cover"],
            "loss_harvest_tco2_yr": moves["harvest"], "loss_fire_tco2_yr": moves["fire"],
            "loss_conversion_tco2_yr": moves["conversion"], "unmodelled_area_ha": area[rated & ~followed].sum()}
        everywhere = np.ones(len(place), bool)
        approaches[zone, "provincial"] = {
            "sink_tco2_yr": total(growth, everywhere) + total(cover, everywhere),
            "area_ha": area[~(np.isnan(growth[place]) & np.isnan(cover[place]))].sum()}
        for pool in POOLS:
            pools[zone, pool] = {f"{flow}_tc": total(values, followed) for flow, values in balance.flows[pool].items()}
    return approaches, pools


def mismatches(ours, path, column, tolerance):
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = [r for r in csv.DictReader(file) if r["zone_set"] == "county"]
    theirs = {(r["zone_id"], r[column]): r for r in rows}
    found = [f"{path.name} {key}: no such row" for key in ours if key not in theirs]
    for key in ours.keys() & theirs.keys():
        scale = max(abs(v) for name, v in ours[key].items() if not name.startswith(("area", "unmodelled")))
        if key[1] == "closure":
            scale = abs(ours[key[0], "gain_loss"]["gain_growth_tco2_yr"])
        for name, value in ours[key].items():
            other = float(theirs[key][name] or "nan")
            if not abs(other - value) <= tolerance * max(abs(value), scale if "area" not in name else 0):
                found.append(f"{path.name} {key} {name}: {other!r}, independently {value!r}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--parameters", type=Path, action="append", default=[])
    parser.add_argument("--results", type=Path, required=True, help="the folder of a run")
    parser.add_argument("--tolerance", type=float, default=1e-7, help="relative; the curves are tabulated")
    parser.add_argument("--perturb", action="store_true", help="change one share, so that it must fail")
    options = parser.parse_args()
    parameters = inputs.read_parameters([inputs.default_parameters(), *options.parameters])
    shares = shares_of(inputs.default_parameters().parent / "disturbances.csv")
    if options.perturb:
        shares["harvest"]["above"].update(products=0.54, dead_wood=0.31)
    approaches, pools = tables(World(options.inventory, parameters), shares)
    found = mismatches(approaches, options.results / "balance.csv", "approach", options.tolerance)
    found += mismatches(pools, options.results / "pools.csv", "pool", options.tolerance)
    print("\n".join(found[:40]) if found else f"{len(approaches) + len(pools)} rows agree to {options.tolerance:g}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
