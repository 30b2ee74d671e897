# SPDX-License-Identifier: Apache-2.0
"""A call of each command in the small forest of plugin_world.py, as it is typed and as QGIS asks for it.

A name that ends in a file's suffix or in / stands for what is in that folder. `-o`, or stdout for commands that print, is added. A
case of a command that the program does not have is left out."""

ZONES = ["--zones", "区 县.gpkg", "--zone-id", "code", "--zone-name", "name"]
QGIS_ZONES = {"ZONES": "区 县.gpkg", "ZONE_ID": "code", "ZONE_NAME": "name"}
MAPS = ["a.tif", "b.tif", "--years", "2015", "2020", "--legend", "legend.csv"]
QGIS_MAPS = {"MAP": ["a.tif", "b.tif"], "YEARS": "2015 2020", "LEGEND": "legend.csv"}

CASES = {
    "sinkcalc run": (["i.toml", "--layers", "carbon,sink", "--threads", "1"],
                     {"INVENTORY": "i.toml", "LAYERS": "carbon,sink", "THREADS": 1}),
    "sinkcalc stock": (["--method", "bef", "--method", "regression", "--forest-type", "stands.tif:1", "--volume", "stands.tif:2",
                        "--year", "2015", "--legend", "legend.csv", "--parameters", "own.csv", *ZONES],
                       {"METHOD": ["bef", "regression"], "FOREST_TYPE": "stands.tif", "FOREST_TYPE_BAND": 1, "VOLUME": "stands.tif",
                        "VOLUME_BAND": 2, "YEAR": 2015, "LEGEND": "legend.csv", "PARAMETERS": "own.csv", **QGIS_ZONES}),
    "sinkcalc sink": (["--from", "carbon_a.tif", "--to", "carbon_b.tif", "--years", "2015", "2020", "--quantity", "co2", *ZONES],
                      {"FROM": "carbon_a.tif", "TO": "carbon_b.tif", "YEARS": "2015, 2020", "QUANTITY": "co2", **QGIS_ZONES}),
    "sinkcalc zonal": (["carbon_a.tif", "carbon_b.tif", "--by", "b.tif", *ZONES],
                       {"RASTER": ["carbon_a.tif", "carbon_b.tif"], "BY": "b.tif", **QGIS_ZONES}),
    "sinkcalc stands": (["stands.gpkg", "--year", "2020", "--like", "a.tif", "--legend", "legend.csv", "--field", "species=kind",
                         "--field", "volume=m3 ha"],
                        {"FILE": "stands.gpkg", "YEAR": 2020, "LIKE": "a.tif", "LEGEND": "legend.csv",
                         "FIELD": 'species=kind "volume=m3 ha"'}),
    "sinkcalc tiles": (["i.toml", "--tile", "512"], {"INVENTORY": "i.toml", "TILE": 512}),
    "sinkcalc merge": (["plan.jsonl", "--from", "tiles/"], {"PLAN": "plan.jsonl", "FROM": "tiles/"}),
    "sinkcalc check": (["i.toml"], {"INVENTORY": "i.toml"}),
    "sinkcalc explain": (["i.toml", "600050", "2959950"], {"INVENTORY": "i.toml", "X": 600050, "Y": 2959950}),
    "sinkcalc methods": (["bef", "lookup"], {"NAME": "bef lookup"}),
    "sinkcalc parameters": (["--csv", "--legend", "clcd"], {"CSV": "true", "LEGEND": "clcd"}),
    "sinkchange map": ([*MAPS, *ZONES, "--sieve", "4"], {**QGIS_MAPS, **QGIS_ZONES, "SIEVE": 4}),
    "sinkchange matrix": ([*MAPS, "--zones", "stands.tif:1", "--stock", "carbon_a.tif", "--no-trajectories"],
                          {**QGIS_MAPS, "ZONES": "stands.tif", "ZONES_BAND": 1, "STOCK": "carbon_a.tif", "NO_TRAJECTORIES": "true"}),
    "sinkchange intensity": (["--matrix", "matrix.csv", "--unit", "pixels"], {"MATRIX": "matrix.csv", "UNIT": "pixels"}),
    "sinkchange filter": ([*MAPS, "--mmu", "1mu", "--mmu", "any:41=200m2", "--impossible", "impossible.csv"],
                          {**QGIS_MAPS, "MMU": "1mu any:41=200m2", "IMPOSSIBLE": "impossible.csv"}),
    "sinkchange patches": ([*MAPS, "--transition", "11:41", "--overlay", "town=towns.gpkg", *ZONES],
                           {**QGIS_MAPS, "TRANSITION": "11:41", "OVERLAY": '"town=towns.gpkg"', **QGIS_ZONES}),
    "sinkchange sample": (["b.tif", "--n", "60", "--min", "10", "--seed", "7", "--allocation", "equal", "--legend", "legend.csv"],
                          {"MAP": "b.tif", "N": 60, "MIN": 10, "SEED": 7, "ALLOCATION": "equal", "LEGEND": "legend.csv"}),
    "sinkchange accuracy": (["sample.csv", "--strata", "strata.csv", "--level", "0.9"],
                            {"SAMPLE": "sample.csv", "STRATA": "strata.csv", "LEVEL": 0.9}),
}

# What is typed before, for commands that need what others write.
FIRST = {"sinkcalc merge": [["sinkcalc", "tiles", "i.toml", "--tile", "512", "-o", "plan.jsonl"],
                            ["sinkcalc", "run", "i.toml", "--tile", "plan.jsonl:0", "-o", "tiles/"]]}
FILES = (".tif", ".gpkg", ".csv", ".toml", ".jsonl", "/")


def in_folder(word, folder):
    """A word with the names of files as paths: "stands.tif:1", "town=towns.gpkg"."""
    if isinstance(word, list):
        return [in_folder(part, folder) for part in word]
    if not isinstance(word, str):
        return word
    quote = '"' if word.startswith('"') else ""
    front, equals, name = word.strip('"').rpartition("=")
    if name.split(":")[0].endswith(FILES):
        path = f"{front}{equals}{folder}/{name}"
        return '"' + path.replace('"', r'\"') + '"' if quote else path
    return word
