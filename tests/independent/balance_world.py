"""What the independent balance reads: the maps, curves and shares of an inventory, as columns of pixels."""

import csv
import tomllib

import numpy as np

import inputs
from county_table import Date
from pixel_areas import pixel_areas_m2


class World:
    """The pixels of all counties, as columns; every array has one value per pixel."""

    def __init__(self, path, parameters):
        inventory = tomllib.loads(path.read_text(encoding="utf-8"))
        folder = path.parent
        grid = inputs.Grid(folder / inventory["date"][0]["forest_type"].partition(":")[0])
        self.zones = inputs.read_zones(folder, inventory["zones"][0], grid)
        self.pixels = np.unique(np.concatenate([inside for _, _, inside in self.zones]))
        self.area_ha = pixel_areas_m2(grid.crs_text, grid.geotransform, grid.rows, grid.cols).ravel()[self.pixels] / 1e4
        legends = [inputs.read_legend(folder / inventory[name]) for name in ("legend", "landcover_legend")]
        self.parameters, self.legend = parameters, legends[0]
        self.use = {int(r["code"]): r["land_use"] for r in
                    csv.DictReader(open(folder / inventory["legend"], encoding="utf-8"))}
        dates = [Date(folder, date, legends, parameters, self.pixels) for date in inventory["date"]]
        for date, source in zip(dates, inventory["date"]):
            date.stock_by_bef()
            date.age = inputs.read_layer(folder, source["age"]).ravel()[self.pixels]
        self.first, self.last = dates
        self.years = self.last.year - self.first.year
        self.set = inventory["growth"]["set"]
        event = inventory["disturbance"][0]
        layer = lambda name: inputs.read_layer(folder, event[name]).ravel()[self.pixels]       # noqa: E731
        self.event_code, self.event_year = layer("type"), layer("year")
        self.event_names = {int(code): name for code, name in event["codes"].items()}

    def by_class(self, codes, value):
        """value(code) for every pixel; NaN where there is no code."""
        result = np.full(len(codes), np.nan)
        for code in self.legend:
            result[codes == code] = value(code)
        return result

    def parameter(self, codes, name):
        return self.by_class(codes, lambda code: self.parameters.get((self.legend[code][0], name), np.nan))

    def curve(self, codes, age):
        """t d.m./ha, logistic; NaN without a curve or for an age that is none."""
        w, k, a = (self.by_class(codes, lambda code, n=n: self.parameters.get(
            (f"{self.set}/{self.legend[code][0]}", f"growth_{n}"), np.nan)) for n in "wka")
        with np.errstate(invalid="ignore"):
            return np.where(age >= 0, w / (1 + k * np.exp(-a * age)), np.nan)

    def uses(self, codes):
        return np.array([self.use.get(int(c), "") if c == c else "" for c in codes])


def shares_of(path):
    """disturbance -> from -> to -> share."""
    table = {}
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            table.setdefault(row["disturbance"], {}).setdefault(row["from_pool"], {})[row["to_pool"]] = float(row["share"])
    return table
