"""Dead matter, soil and products of one hectare over several periods, year by year: nothing of libsink, another way.

Each year is one step: a change moves shares of the pools, then what decays loses its year's part by e^-k, and soil and the
dead matter of new forest take a twentieth of their way. Method bef, fir on a logistic curve anchored by ratio.
"""
import math

FIR, TEA, MOSO, TOWN, UNSTOCKED, GRASS, UNKNOWN = 1, 2, 3, 4, 5, 6, None
FOREST = (FIR, MOSO, UNSTOCKED)
SOIL_USE = {FIR: "forest", MOSO: "forest", UNSTOCKED: "forest", TEA: "cropland_perennial", TOWN: "settlement", GRASS: "grassland"}
PRODUCTS = ("sawnwood", "panels", "paper")
DEAD = ("dead_wood", "litter")


def curve(age):
    return 91.28 / (1 + 8.95 * math.exp(-0.1183 * age))


def fir_carbon(volume):
    """(above, below) t C/ha."""
    above = volume * 0.307 * 1.634 * 0.52
    return above, above * 0.246


class Hectare:
    """`dates`: (year, class, age, volume) of each; `event`: (its year, fire or thinning) or None; `shares`: of
    balance_world.shares_of."""

    def __init__(self, dates, event, parameters, shares):
        self.dates, self.event, self.p, self.shares = dates, event, parameters, shares
        self.started = False                        # a change was followed: the land stays in the account from then on
        self.was_followed = False                   # in the period before
        self.half_lives = {name: parameters[f"PRODUCTS/{name}", "half_life"] for name in PRODUCTS}
        self.half_lives |= {name: parameters[f"DEAD_MATTER/{name}", "half_life"] for name in DEAD}

    def soil(self, kind):
        where = "2019/warm_temperate_moist"
        factor = self.p.get((f"{where}/{SOIL_USE[kind]}", "f_lu"), self.p.get((f"2019/ANY/{SOIL_USE[kind]}", "f_lu")))
        return self.p[f"{where}/lac", "soc_reference"] * factor

    def waits(self, at):
        """Grass at date `at` where forest stood and, as later dates or an event tell, stands again: forest land."""
        if self.dates[at][1] != GRASS:
            return False
        stood = at
        while stood > 0 and self.dates[stood][1] in (GRASS, UNKNOWN):
            stood -= 1
        if self.dates[stood][1] not in FOREST:
            return False
        cleared = self.dates[stood + 1][0]
        for year, kind, *_ in self.dates[stood + 2:]:
            if kind == UNKNOWN:
                continue
            if kind in FOREST:
                return year - cleared <= 5
            if kind != GRASS or year - cleared >= 5:
                return False
        return self.event_in(self.dates[stood][0], cleared) is not None

    def event_in(self, year_1, year_2):
        return self.event if self.event and year_1 < self.event[0] <= year_2 else None

    def land(self, at):
        """(is forest land, trees stand, equilibrium of the soil)."""
        while at > 0 and self.dates[at][1] == UNKNOWN:
            at -= 1
        kind = self.dates[at][1]
        if kind == UNKNOWN:
            return False, False, None
        if self.waits(at):
            return True, False, self.soil(FIR)
        return kind in FOREST, kind in (FIR, MOSO), self.soil(kind)

    def begin(self, at):
        forest, _, soil = self.land(at)
        dead = {pool: self.p["MEASURED", f"{pool}_carbon"] if forest else 0.0 for pool in DEAD}
        self.base = {**dead, "soil": soil}          # what does not decay
        self.rest = {name: 0.0 for name in self.half_lives}
        self.target, self.to_go = {}, 0

    def pools(self):
        return {**{pool: self.base[pool] + self.rest[pool] for pool in DEAD}, "soil": self.base["soil"],
                "products": sum(self.rest[name] for name in PRODUCTS)}

    def period(self, n):
        """None where the land is not in the account; else (area counts as followed, pools before, pools after)."""
        (year_1, kind_1, age_1, volume_1), (year_2, kind_2, age_2, volume_2) = self.dates[n:n + 2]
        years = year_2 - year_1
        (forest_1, stocked_1, soil_1), (forest_2, stocked_2, soil_2) = self.land(n), self.land(n + 1)
        rated = UNKNOWN not in (kind_1, kind_2) and (kind_1 in FOREST or kind_2 in FOREST)
        event = self.event_in(year_1, year_2) if forest_1 else None
        gone = stocked_1 and forest_2 and not stocked_2
        younger = kind_1 == kind_2 == FIR and (age_2 < age_1 or volume_2 < 0.5 * volume_1)
        befell = ([event[1]] if event else []) + (["harvest"] if gone or (younger and not event) else [])
        cleared = "harvest" in befell or "fire" in befell
        planted = stocked_2 and (cleared or not stocked_1)
        followed = rated and kind_1 != MOSO and not (planted and kind_2 == MOSO) and not (
            stocked_1 and stocked_2 and kind_2 == MOSO)
        changes = bool(befell) or planted or forest_1 != forest_2
        if not followed and not self.started:
            self.was_followed = False
            return None
        if not self.started and not self.was_followed:
            self.begin(n)
        self.was_followed = followed
        before = self.pools()
        if not followed:                            # nothing is known of its trees
            befell, planted = [event[1]] if event else [], False
            changes = event is not None or forest_1 != forest_2 or soil_1 != soil_2
        if event:
            year = event[0] - year_1
        elif planted and age_2 is not None and age_2 < years:
            year = max(1, years - age_2)
        else:
            year = (years + 1) // 2
        # An event in the period marks the land as changed though nothing was there to burn, and so does felled land.
        bare = (forest_1 and not stocked_1) or (forest_2 and not stocked_2)
        if followed and (changes or bare or self.event_in(year_1, year_2)):
            self.started = True
        for now in range(1, years + 1):
            fresh = dict.fromkeys(self.half_lives, 0.0)
            if changes and now == year:
                living = [0.0, 0.0]
                if followed and kind_1 == FIR:
                    grown = curve(age_1 + year - 1) / curve(age_1)
                    living = [part * grown for part in fir_carbon(volume_1)]
                for name in befell + (["conversion"] if forest_1 and not forest_2 else []):
                    living = self.move(self.shares[name], living, fresh)
                if forest_1 != forest_2 or (not followed and soil_1 != soil_2):
                    self.target = {"soil": soil_2 - self.base["soil"]}
                    for pool in DEAD:
                        self.target[pool] = self.p["MEASURED", f"{pool}_carbon"] if forest_2 else 0.0
                    self.to_go = 20
            for name, half_life in self.half_lives.items():
                k = math.log(2) / half_life
                self.rest[name] = self.rest[name] * math.exp(-k) + fresh[name] * (1 - math.exp(-k)) / k
            if self.to_go > 0:
                for pool, step in self.target.items():
                    self.base[pool] += step / 20
                self.to_go -= 1
        return followed, before, self.pools()

    def move(self, shares, living, fresh):
        """Moves the pools; returns what stays alive. What comes into pools that decay is `fresh`."""
        came = {"dead_wood": 0.0, "litter": 0.0, "products": 0.0}
        left = []
        for pool, amount in zip(("above", "below"), living):
            row = shares.get(pool, {pool: 1.0})
            left.append(amount * row.get(pool, 0.0))
            for to in came:
                came[to] += amount * row.get(to, 0.0)
        for pool in DEAD:
            kept = shares.get(pool, {pool: 1.0}).get(pool, 0.0)
            for stock in (self.base, self.rest, fresh):
                stock[pool] *= kept
        for pool in DEAD:
            fresh[pool] += came[pool]
        for name in PRODUCTS:
            fresh[name] += came["products"] * self.p[f"PRODUCTS/{name}", "inflow_share"]
        return left
