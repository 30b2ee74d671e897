"""What a data set of the bench is and where its files lie. No third-party module: the driver imports this."""

import json
from dataclasses import dataclass
from pathlib import Path

VERSION = 3                       # of the maker: a change makes every data set anew
SEED = 20260101
YEARS = (2015, 2020)
PIXEL_M = 10.0
EPSG = 4548                       # CGCS2000 / 3-degree Gauss-Krueger CM 117E
ORIGIN_M = (500000.0, 3137400.0)
NO_CLASS = 255
NO_VOLUME = -9999.0
CODECS = ("zstd", "deflate", "lzw-strips")
LAYERS = ("forest_type", "age", "volume", "landcover")
MAPS = {"": ("forest_type", "volume"), "change": ("forest_type", "volume", "landcover"), "all": LAYERS,
        "age": ("forest_type", "age", "volume"), "growth": ("forest_type", "age", "volume")}
GROWTH_YEARS = 30
ZONE_COUNTS = {"ten": (5, 2), "ten_thousand": (100, 100)}     # columns x rows of zones

# Forest type code: key, land use, bef, wood density t/m3, root:shoot, carbon fraction.
TYPES = {1: ("CHINESE_FIR", "forest", 1.634, 0.307, 0.246, 0.520),
         2: ("MASSON_PINE", "forest", 1.472, 0.380, 0.187, 0.460),
         3: ("MIX_BROADLEAF", "forest", 1.514, 0.482, 0.262, 0.490),
         4: ("SCHIMA", "forest", 1.894, 0.598, 0.258, 0.497),
         5: ("", "cropland", 0, 0, 0, 0),
         6: ("", "settlement", 0, 0, 0, 0),
         7: ("", "wetland", 0, 0, 0, 0)}
FOREST_CODES_UP_TO = 4
COVERS = 9                        # classes of the built-in legend clcd, codes 1 to 9
UNITS = (("bef", "1"), ("wood_density", "t/m3"), ("root_shoot", "1"), ("carbon_fraction", "1"))


def co2_per_volume():
    """t CO2 per m3 of volume, by forest type code; index 0 is unused."""
    return [0.0] + [bef * density * (1 + roots) * carbon * 44 / 12
                    for _, _, bef, density, roots, carbon in TYPES.values()]


@dataclass(frozen=True)
class DataSet:
    """The maps of one raster size in one codec, with zones and inventories."""

    root: Path
    size: int
    codec: str

    @property
    def folder(self):
        return self.root / f"{self.size}" / self.codec

    @property
    def shared(self):
        """What does not depend on the codec: zones, legend, parameters."""
        return self.root / f"{self.size}" / "shared"

    @property
    def pixels(self):
        return self.size * self.size

    def raster(self, layer, year):
        return self.folder / f"{layer}_{year}.tif"

    def zones(self, count):
        return self.shared / f"zones_{count}.gpkg"

    def zone_raster(self, count):
        return self.shared / f"zones_{count}.tif"

    def inventory(self, zones="ten", maps="change"):
        """`maps`: of MAPS."""
        return self.folder / f"inventory_{zones}{'_' if maps else ''}{maps}.toml"

    @property
    def parameters(self):
        return self.shared / "parameters.csv"

    def stamp(self):
        return {"version": VERSION, "seed": SEED, "size": self.size, "codec": self.codec, "pixel_m": PIXEL_M}

    def is_made(self):
        stamp = self.folder / "made.json"
        return stamp.exists() and json.loads(stamp.read_text()) == self.stamp()

    def inputs(self, layers=LAYERS):
        return [self.raster(layer, year) for layer in layers for year in YEARS]

    def write_texts(self):
        """Legend, parameters and inventories."""
        legend = ["code,key,land_use,name_en,name_zh"]
        parameters = ["key,parameter,value,unit,sd,status,source"]
        for code, (key, land_use, *values) in TYPES.items():
            legend.append(f"{code},{key},{land_use},{key.lower() or land_use},")
            if key:
                parameters += [f"{key},{name},{value},{unit},{value * 0.15:.6g},verified,bench"
                               for (name, unit), value in zip(UNITS, values)]
        (self.shared / "legend.csv").write_text("\n".join(legend) + "\n")
        self.parameters.write_text("\n".join(parameters) + "\n")
        for zones in (*ZONE_COUNTS, "none", "raster"):
            for maps in MAPS:
                self.inventory(zones, maps).write_text(self._inventory_text(zones, maps))

    def _inventory_text(self, zones, maps):
        layers = MAPS[maps]
        lines = ['title = "bench (synthetic)"', 'legend = "../shared/legend.csv"']
        if "landcover" in layers:
            lines.append('landcover_legend = "clcd"')
        if zones == "raster":
            lines += ["[[zones]]", 'name = "zones"', 'file = "../shared/zones_ten.tif"']
        elif zones != "none":
            lines += ["[[zones]]", 'name = "zones"', f'file = "../shared/zones_{zones}.gpkg"', 'id = "code"']
        for year in YEARS:
            lines += ["[[date]]", f"year = {year}"] + [f'{layer} = "{layer}_{year}.tif"' for layer in layers]
        lines += ["[stock]", 'method = "bef"']
        if maps == "growth":
            lines += ["[growth]", 'set = "XU2010"', 'anchor = "ratio"', 'like = {MIX_BROADLEAF = "OAK", SCHIMA = "OAK"}',
                      "[projection]", f"to = {YEARS[-1] + GROWTH_YEARS}"]
        return "\n".join(lines) + "\n"
